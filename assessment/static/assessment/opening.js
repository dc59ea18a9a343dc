// Opening a round: of the dimensions, only those of the chosen framework are on the screen.
(() => {
  const framework = document.getElementById("id_framework");
  const scope = document.getElementById("div_id_scope");
  if (!framework || !scope) return;

  const belongs = (element) => {
    const box = (element.matches(".form-check") ? element : element.nextElementSibling).querySelector("input");
    return !box || !framework.value || box.value.startsWith(framework.value + ":");
  };
  const show = () => scope.querySelectorAll("fieldset > div > .form-check, fieldset > div > strong").forEach((element) => {
    element.hidden = !belongs(element);
  });
  framework.addEventListener("change", show);
  show();
})();
