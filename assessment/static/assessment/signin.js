// The session has expired: signs the same person in again in place, and what was waiting goes on.
(function () {
  "use strict";
  const dialog = document.getElementById("signin");
  if (!dialog || !window.drafts) { return; }
  const form = dialog.querySelector("form"), error = dialog.querySelector("[role=alert]");
  let asked = null;

  // Resolves with true once the person has signed in, with false where the dialog was closed.
  window.drafts.signIn = function () {
    asked = asked || new Promise((resolve) => {
      const close = () => {
        asked = null;
        resolve(dialog.returnValue === "done");
      };
      dialog.addEventListener("close", close, { once: true });
      dialog.returnValue = "";
      error.textContent = "";
      dialog.showModal();
      form.elements.password.focus();
    });
    return asked;
  };

  async function send() {
    if (!window.drafts.cookie("csrftoken")) { await fetch(form.action, { credentials: "same-origin" }); }
    const response = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin",
      headers: { "X-CSRFToken": window.drafts.cookie("csrftoken"), "X-Requested-With": "XMLHttpRequest" },
    });
    const answer = await response.json();
    if (response.ok) { return ""; }
    const fields = Object.values((answer.form || {}).fields || {});
    return [...((answer.form || {}).errors || []), ...fields.flatMap((field) => field.errors)].join(" ") || form.dataset.failed;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = await send().catch(() => form.dataset.failed);
    form.elements.password.value = "";
    error.textContent = wrong;
    if (!wrong) { dialog.close("done"); }
  });
})();
