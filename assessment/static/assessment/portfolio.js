// All cities at once, and how many are chosen; without this script every box is ticked by hand.
(function () {
  "use strict";
  const form = document.querySelector(".portfolio-form");
  if (!form) { return; }
  const all = form.querySelector("[data-all]"), count = form.querySelector("[data-count]");
  const boxes = Array.from(form.querySelectorAll('input[name="round"]'));
  function tell() {
    const chosen = boxes.filter(function (box) { return box.checked; }).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    count.textContent = count.dataset.count.replace("{n}", chosen);
  }
  all.hidden = count.hidden = false;
  all.addEventListener("change", function () {
    boxes.forEach(function (box) { box.checked = all.checked; });
    tell();
  });
  boxes.forEach(function (box) { box.addEventListener("change", tell); });
  tell();
})();
