// On the answer page: says whether something is unsaved, warns before leaving with unsaved text, adds evidence rows.
// Without it the page works all the same.
(function () {
  "use strict";
  var form = document.getElementById("answers");
  var state = document.getElementById("save-state");
  if (!form || !state) { return; }
  var changed = form.querySelector(".card-refused") !== null;
  var sending = false;

  function show() {
    state.textContent = sending ? form.dataset.saving : changed ? form.dataset.changed : form.dataset.unchanged;
    state.classList.toggle("is-changed", changed && !sending);
  }

  form.addEventListener("input", function () { changed = true; show(); });
  form.addEventListener("change", function () { changed = true; show(); });
  form.addEventListener("submit", function () { sending = true; show(); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { sending = false; show(); } });
  window.addEventListener("beforeunload", function (event) {
    if (changed && !sending) { event.preventDefault(); event.returnValue = ""; }
  });

  form.querySelectorAll("[data-evidence]").forEach(function (fieldset) {
    var rows = fieldset.closest("[data-card]").querySelector("[data-rows]");
    var button = fieldset.querySelector("[data-evidence-add]");
    button.hidden = false;
    button.addEventListener("click", function () {
      var holder = document.createElement("div");
      holder.innerHTML = fieldset.querySelector("[data-evidence-template]").innerHTML.replace(/__row__/g, rows.value);
      var row = fieldset.querySelector("[data-evidence-rows]").appendChild(holder.firstElementChild);
      rows.value = Number(rows.value) + 1;
      row.querySelector("input").focus();
    });
  });
  show();
})();
