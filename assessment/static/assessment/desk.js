// The editor: every field saves itself, what waits stands at its field, nothing typed is left behind; the tree is sorted.
(function () {
  "use strict";
  const form = document.getElementById("element"), bar = document.getElementById("desk-bar"), drafts = window.drafts;
  if (!form) { return; }
  const at = (id) => document.getElementById(id);
  const isNarrow = window.innerWidth < 900;
  if (isNarrow) { [".desk-tree", ".desk-findings"].forEach((each) => { document.querySelector(each).open = false; }); }

  const say = (key) => { at("element-state").textContent = bar.dataset[key]; };

  // Saving. `typed` counts what was typed, `saved` how much of it the server holds.

  let typed = 0, saved = 0, sending = 0, sent = new FormData(form), attempts = 0, timer = null, isGone = false;
  const settled = [];
  const isAllSent = () => typed === saved;
  const isClean = () => isAllSent() && !form.querySelector(".field-told .field-error");
  const save = () => window.htmx.trigger(form, "save");

  form.addEventListener("input", () => {
    typed += 1;
    isWarned = false;
    say("saving");
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (isGone) { event.preventDefault(); return; }
    clearTimeout(timer);
    sending = typed;
    sent = new FormData(form);
    say("saving");
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const isHeard = Boolean(event.detail.successful) && !at("element-state").querySelector("[data-refused]");
    if (isHeard) { hear(); } else if (!event.detail.successful) { fail(event.detail.xhr); }
    if (isHeard && !isAllSent()) { say("saving"); }
    if (isHeard && !isAllSent() && settled.length) { save(); } else { settled.splice(0).forEach((tell) => tell()); }
  });

  function hear() {
    attempts = 0;
    saved = sending;
    takeOver();
    showShares();
    mark();
    document.body.dispatchEvent(new CustomEvent("edited"));
  }

  // The server gone: what is typed stays on the screen and is sent again. The element gone: it stays, and that is all.
  function fail(xhr) {
    if (xhr.status === 401) {
      say("signedOut");
      drafts.signIn().then((isIn) => isIn && save());
    } else if (xhr.status === 404) {
      giveUp(xhr.responseText);
    } else {
      say("unsaved");
      attempts += 1;
      timer = setTimeout(save, Math.min(30000, 1000 * 2 ** attempts));
    }
  }

  function giveUp(answer) {
    const holder = document.createElement("template"), link = document.createElement("a");
    holder.innerHTML = answer;
    const notice = holder.content.querySelector("[data-gone]");
    isGone = true;
    link.href = "#element-gone";
    link.className = "is-refused";
    link.textContent = notice ? notice.querySelector("h2").textContent : bar.dataset.refused;
    at("element-gone").replaceChildren(...(notice ? [notice] : []));
    at("element-state").replaceChildren(link);
    form.querySelectorAll("textarea, input").forEach((field) => { field.readOnly = true; });
  }

  // Resolves when everything typed is saved, or cannot be for now.
  function flush() {
    if (isAllSent() || isGone) { return Promise.resolve(); }
    const end = new Promise((resolve) => { settled.push(resolve); });
    save();
    return end;
  }

  // What somebody else saved stands in the fields that were not touched here. Who has typed there meanwhile is asked.

  const named = (name) => [...form.elements].filter((field) => field.name === name);
  const words = (data, name) => data.getAll(name).join("\n");

  function takeOver() {
    const told = at("element-told"), now = new FormData(form), asked = told.querySelector("[name=asked]");
    told.querySelectorAll("[data-now]").forEach((each) => {
      const name = each.dataset.now, theirs = each.content.textContent;
      if (words(now, name) === words(sent, name)) {
        fill(name, theirs);
      } else if (words(now, name) !== theirs && sent.get(`choose.${name}`) !== "theirs") {
        asked.value += ` ${name === "assigned" ? "cites" : name}`;
      }
    });
  }

  function fill(name, theirs) {
    named(name).forEach((field) => {
      if (field.type === "checkbox") { field.checked = theirs.split("\n").includes(field.value); } else { field.value = theirs; }
      if (field.tagName === "TEXTAREA") { grow(field); }
    });
  }

  // A weight was changed: every share of the whole is another one.
  function showShares() {
    at("element-told").querySelectorAll("[data-share]").forEach((each) => {
      const line = tree.querySelector(`[data-share-of="${CSS.escape(each.dataset.share)}"]`);
      if (line) { line.textContent = each.content.textContent; }
    });
  }

  // What is wrong with a field, or must be chosen, stands below it.
  function mark() {
    const active = document.activeElement, slot = active.closest(".field-told");
    form.querySelectorAll(".field-told").forEach((each) => put(each, null));
    at("element-told").querySelectorAll("[data-told]").forEach((each) => put(at(`id_${each.dataset.told}_error`), each.content));
    if (slot && !active.isConnected) { focus(at(slot.id.replace(/_error$/, ""))); }
  }

  function put(slot, content) {
    const field = at(slot.id.replace(/_error$/, "")), ids = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== slot.id);
    slot.replaceChildren(...(content ? [content] : []));
    if (content) { ids.push(slot.id); }
    if (ids.length) { field.setAttribute("aria-describedby", ids.join(" ")); } else { field.removeAttribute("aria-describedby"); }
    if (content) { field.setAttribute("aria-invalid", "true"); } else { field.removeAttribute("aria-invalid"); }
  }

  // Every text is seen whole, also where the browser does not size boxes by their content.
  function grow(box) {
    if (CSS.supports("field-sizing", "content")) { return; }
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }
  form.querySelectorAll("textarea").forEach(grow);
  form.addEventListener("input", (event) => { if (event.target.tagName === "TEXTAREA") { grow(event.target); } });

  // Leaving: first everything is saved; where that fails the page stays and says so, and goes when it is asked again.

  let isWarned = false, isLeaving = false;

  async function leave(go) {
    await flush();
    if (isClean() || isWarned || isGone) {
      isLeaving = true;
      go();
      setTimeout(() => { isLeaving = false; }, 0);
      return;
    }
    isWarned = true;
    const wrong = form.querySelector("[aria-invalid=true]");
    if (wrong) { show(wrong.id); }
    say("stayed");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isElsewhere = event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || isElsewhere || link.target || link.hasAttribute("download")) { return; }
    const there = new URL(link.href), isHere = [location.pathname, new URL(form.action).pathname].includes(there.pathname);
    if (isHere && there.hash && show(decodeURIComponent(there.hash.slice(1)))) {
      event.preventDefault();
    } else if (!isClean()) {
      event.preventDefault();
      leave(() => location.assign(link.href));
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || isLeaving) { return; }
    if (event.target === form) {
      event.preventDefault();
      save();
    } else if (!isClean()) {
      event.preventDefault();
      leave(() => event.target.requestSubmit(event.submitter));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isClean()) { event.preventDefault(); event.returnValue = ""; }
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") { flush(); } });
  drafts.flush = flush;

  // Going to a field: what hides it opens.

  function show(id) {
    const found = at(id);
    if (!found) { return false; }
    const text = found.closest(".desk-level .desk-group");
    if (text && !found.checkVisibility()) { look([...levels.querySelectorAll("[data-show]")].find((each) => text.classList.contains(`desk-of-${each.dataset.show}`)).dataset.show); }
    for (let fold = found.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; }
    found.scrollIntoView({ block: found.matches("textarea, input, select") ? "center" : "start" });
    focus(found);
    return true;
  }
  const focus = (found) => (found.matches("details") ? found.querySelector("summary") : found).focus({ preventScroll: true });

  // Of each level one text in all languages, or all three; what was chosen last holds for every criterion.

  const levels = form.querySelector(".desk-levels");
  function look(shown) {
    levels.dataset.shown = shown;
    levels.querySelectorAll("[data-show]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.show === shown)));
    try { localStorage.setItem("levels", shown); } catch (error) { /* A browser that keeps nothing shows the first. */ }
  }
  if (levels) {
    let last = null;
    try { last = localStorage.getItem("levels"); } catch (error) { last = null; }
    const choices = [...levels.querySelectorAll("[data-show]")];
    choices.forEach((each) => each.addEventListener("click", () => look(each.dataset.show)));
    levels.querySelector(".desk-looks").hidden = false;
    look((choices.find((each) => each.dataset.show === last) || choices[0]).dataset.show);
  }

  const refused = document.querySelector(".desk-tools .is-invalid, .desk-tools .alert, .desk-tools .errorlist, .desk-language [aria-invalid=true]");
  if (refused) {
    refused.scrollIntoView({ block: "center" });
    refused.focus({ preventScroll: true });
  } else if (location.hash.startsWith("#id_")) {
    show(decodeURIComponent(location.hash.slice(1)));
  }

  // Sorting: drag what can move, or hold Alt and press the arrow keys on its link. Onto another list of its kind by dragging.

  const tree = document.querySelector(".desk-tree");
  let dragged = null;

  // The line of the element at hand is in sight.
  const here = tree.querySelector("[aria-current]");
  if (here && !isNarrow) { tree.scrollTop = here.offsetTop - tree.clientHeight / 2; }

  function move(item, parent, place) {
    const body = new URLSearchParams({ parent, place, csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value });
    return fetch(item.dataset.move, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then((response) => response.ok, () => false);
  }
  const again = () => leave(() => location.assign(form.action));

  async function putAt(item, place) {
    const list = item.parentElement, others = [...list.children].filter((each) => each !== item);
    if (place < 0 || place > others.length) { return; }
    list.insertBefore(item, others[place] || null);
    if (!(await move(item, list.dataset.sortable, place))) { again(); } else if (isClean()) { say("moved"); }
  }

  const list = (item) => item.parentElement.dataset.sortable;
  // Where a drop puts what is dragged: before an item of its kind, or last in what takes its kind.
  function spot(target) {
    for (let over = target.closest("li"); over; over = over.parentElement.closest("li")) {
      if (dragged.contains(over)) { return null; }
      if (over.dataset.kind === dragged.dataset.kind && over.dataset.move) {
        const place = [...over.parentElement.children].indexOf(over);
        return list(over) === list(dragged) || dragged.dataset.kind !== "passage" ? { over, parent: list(over), place } : null;
      }
      if (over.dataset.takes === dragged.dataset.kind && over.dataset.into !== list(dragged)) { return { over, parent: over.dataset.into, place: "" }; }
    }
    return null;
  }
  const unmark = () => tree.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over"));

  tree.querySelectorAll("li[data-move]").forEach((item) => { item.draggable = true; });
  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li[data-move]");
    if (dragged) { event.dataTransfer.effectAllowed = "move"; }
  });
  tree.addEventListener("dragend", () => { dragged = null; unmark(); });
  tree.addEventListener("dragover", (event) => {
    const found = dragged && spot(event.target);
    unmark();
    if (found) {
      event.preventDefault();
      found.over.classList.add("is-over");
    }
  });
  tree.addEventListener("drop", (event) => {
    const found = dragged && spot(event.target);
    if (!found) { return; }
    event.preventDefault();
    if (found.parent === list(dragged)) { putAt(dragged, found.place); } else { move(dragged, found.parent, found.place).then(again); }
  });
  tree.addEventListener("keydown", (event) => {
    const item = event.target.closest("li[data-move]");
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) { return; }
    event.preventDefault();
    putAt(item, [...item.parentElement.children].indexOf(item) + (event.key === "ArrowUp" ? -1 : 1));
    item.querySelector("a").focus();
  });
})();
