// Forms that are saved by their button: whoever leaves with unsaved changes is asked first.
"use strict";

for (const form of document.querySelectorAll("form[data-leaving]")) {
  let isOpen = "unsaved" in form.dataset;
  form.addEventListener("input", () => { isOpen = true; });
  form.addEventListener("submit", () => { isOpen = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isOpen) { event.preventDefault(); event.returnValue = ""; }
  });
}
