"use strict";
// A form that is answered by a file leaves the page as it stands: what was wrong before the last try is said no more.
for (const form of document.querySelectorAll(".gives-file form")) {
  form.addEventListener("submit", () => {
    for (const told of form.querySelectorAll(".errors, .invalid-feedback")) { told.remove(); }
    for (const field of form.querySelectorAll(".is-invalid")) { field.classList.remove("is-invalid"); }
  });
}
