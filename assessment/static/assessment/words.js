// Writing for a report: phrases go in at the cursor.
(function () {
  "use strict";
  const form = document.getElementById("remark");
  if (!form) { return; }
  const box = form.elements.text;

  // Who types has something to say: keeping the framework's steps alone is not it.
  box.addEventListener("input", () => {
    const keep = form.querySelector("[name=choice][value=keep]"), added = form.querySelector("[name=choice][value=added]");
    if (keep && keep.checked && box.value.trim()) { added.checked = true; }
  });

  // Within a line as it is; anywhere else as a paragraph of its own.
  function insert(text) {
    const head = box.value.slice(0, box.selectionStart), tail = box.value.slice(box.selectionEnd);
    if (/[^\n]$/.test(head) && /^[^\n]/.test(tail)) {
      box.setRangeText(text, head.length, box.selectionEnd, "end");
      return;
    }
    const before = head.trimEnd(), after = tail.trimStart();
    const words = (before && before + "\n\n") + text;
    box.value = words + (after && "\n\n" + after);
    box.setSelectionRange(words.length, words.length);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("[data-use]") : null;
    if (!button || box.matches(":disabled")) { return; }
    event.preventDefault();
    const text = button.parentElement.querySelector("template").content.textContent;
    insert(text);
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    fetch(button.dataset.use, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
  });
})();
