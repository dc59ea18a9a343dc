// Writing for a report: phrases go in at the cursor, and nothing typed is left behind without asking.
(function () {
  "use strict";
  const form = document.getElementById("remark");
  if (!form) { return; }
  const box = form.elements.text;
  let isOpen = false;

  // Who types has something to say: keeping the framework's steps alone is not it.
  box.addEventListener("input", () => {
    isOpen = true;
    const keep = form.querySelector("[name=choice][value=keep]"), added = form.querySelector("[name=choice][value=added]");
    if (keep && keep.checked && box.value.trim()) { added.checked = true; }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("[data-use]") : null;
    if (!button || box.matches(":disabled")) { return; }
    event.preventDefault();
    const text = button.parentElement.querySelector("template").content.textContent;
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    fetch(button.dataset.use, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
  });

  form.addEventListener("submit", () => { isOpen = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isOpen) { event.preventDefault(); event.returnValue = ""; }
  });
})();
