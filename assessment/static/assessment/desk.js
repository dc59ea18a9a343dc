// The editor: says how saving goes, shows what others changed where nothing was typed, sorts the tree.
(function () {
  "use strict";
  const form = document.getElementById("element");
  if (!form) { return; }
  const state = () => document.getElementById("element-state");
  const say = (key) => { state().textContent = state().dataset[key]; };
  const known = new Map();
  const remember = () => new FormData(form).forEach((value, name) => { known.set(name, value); });
  if (window.innerWidth < 900) { document.querySelector(".desk-tree").open = false; }
  let isOpen = false, timer = null, attempts = 0;
  remember();

  form.addEventListener("input", () => { isOpen = true; say("saving"); });
  form.addEventListener("htmx:beforeRequest", () => { say("saving"); form.sent = new FormData(form); });

  // Every text is seen whole, also where the browser does not size boxes by their content.
  const grow = (box) => { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 2}px`; };
  if (!CSS.supports("field-sizing", "content")) {
    form.querySelectorAll("textarea").forEach(grow);
    form.addEventListener("input", (event) => { if (event.target.tagName === "TEXTAREA") { grow(event.target); } });
  }

  // What somebody else saved stands in the fields that were not touched here, and where theirs was chosen.
  form.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target && event.detail.target.id !== "element-told") { return; }
    document.querySelectorAll("#element-told [data-now]").forEach((told) => {
      const name = told.dataset.now, field = form.elements[name], words = told.content.textContent;
      if (!field || !("value" in field) || field.type === "checkbox") { return; }
      const isChosen = form.sent && form.sent.get(`choose.${name}`) === "theirs";
      if (isChosen || field.value === known.get(name)) { field.value = words; }
    });
    remember();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) { return; }
    attempts = 0;
    isOpen = false;
    document.body.dispatchEvent(new CustomEvent("edited"));
  });

  // The server gone: what is typed stays on the screen and is sent again.
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => form.addEventListener(name, () => {
    say("unsaved");
    clearTimeout(timer);
    attempts += 1;
    timer = setTimeout(() => window.htmx.trigger(form, "change"), Math.min(30000, 1000 * 2 ** attempts));
  }));
  window.addEventListener("beforeunload", (event) => {
    if (isOpen) { event.preventDefault(); event.returnValue = ""; }
  });
  form.addEventListener("submit", () => { isOpen = false; });

  // Sorting: drag a criterion, or hold Alt and press the arrow keys on its link.
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
  function move(item, place) {
    const body = new URLSearchParams({ parent: item.closest("[data-sortable]").dataset.sortable, place, csrfmiddlewaretoken: token() });
    return fetch(item.dataset.move, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then((response) => { if (!response.ok) { throw new Error(response.status); } })
      .catch(() => { say("unsaved"); location.reload(); });
  }
  function put(item, place) {
    const list = item.parentElement, others = [...list.children].filter((each) => each !== item);
    if (place < 0 || place > others.length) { return; }
    list.insertBefore(item, others[place] || null);
    move(item, place);
  }
  let dragged = null;
  document.querySelectorAll("[data-sortable] > li").forEach((item) => {
    const place = () => [...item.parentElement.children].indexOf(item);
    item.draggable = true;
    item.addEventListener("dragstart", (event) => { dragged = item; event.dataTransfer.effectAllowed = "move"; event.stopPropagation(); });
    item.addEventListener("dragend", () => { dragged = null; document.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over")); });
    item.addEventListener("dragover", (event) => {
      if (!dragged || dragged.parentElement !== item.parentElement) { return; }
      event.preventDefault();
      item.classList.add("is-over");
    });
    item.addEventListener("dragleave", () => item.classList.remove("is-over"));
    item.addEventListener("drop", (event) => {
      if (!dragged || dragged.parentElement !== item.parentElement || dragged === item) { return; }
      event.preventDefault();
      put(dragged, place());
    });
    item.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) { return; }
      event.preventDefault();
      put(item, place() + (event.key === "ArrowUp" ? -1 : 1));
      item.querySelector("a").focus();
    });
  });
})();
