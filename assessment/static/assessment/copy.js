// Buttons that copy a text field: shown only where this script runs; no clipboard permission is needed, http will do.
"use strict";

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.copies);
    field.focus();
    field.select();
    if (document.execCommand("copy")) button.textContent = button.dataset.copied;
  });
}
