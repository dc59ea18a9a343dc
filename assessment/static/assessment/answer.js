// On the answer page every card saves itself. What is typed is kept in the browser at once (drafts.js), sent a moment
// later, one card at a time and in order, and sent again until the server has it. Without a script the form's buttons do.
(function () {
  "use strict";
  const form = document.getElementById("answers");
  if (!form) { return; }
  const words = form.dataset, bar = document.getElementById("save-state");
  const PAUSE = 700;

  // Rows of evidence

  function addRow(fieldset) {
    const rows = fieldset.closest("article").querySelector("[data-rows]");
    const holder = document.createElement("div");
    holder.innerHTML = fieldset.querySelector("[data-evidence-template]").innerHTML.replace(/__row__/g, rows.value);
    rows.value = Number(rows.value) + 1;
    return fieldset.querySelector("[data-evidence-rows]").appendChild(holder.firstElementChild);
  }

  form.querySelectorAll("[data-card] [data-evidence-add]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => addRow(button.closest("[data-evidence]")).querySelector("input").focus());
  });

  // A page that came back from the plain form is dealt with by the plain form.
  if (!window.drafts || form.querySelector(".card-refused")) { return; }
  const drafts = window.drafts;

  const uid = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
  const groupOf = (name) => {
    const field = name.slice(name.indexOf("-") + 1);
    if (field === "level" || field === "not_applicable") { return "choice"; }
    if (field === "rows" || field.startsWith("evidence-")) { return "evidence"; }
    return field === "target" || field === "rationale" ? field : "";
  };
  const only = (fields, isWanted) => Object.fromEntries(Object.entries(fields).filter(([name]) => isWanted(groupOf(name))));

  class Card {
    constructor(element) {
      this.element = element;
      this.code = element.id;
      this.key = drafts.keyOf(words.round, this.code);
      this.seen = element.querySelector(`[name="${this.code}-seen"]`);
      this.base = this.seen.value;
      this.known = this.shown();
      this.page = uid();
      this.changed = new Set();
      this.held = new Set(); // what the server found unsound waits until it is typed anew
      this.stamp = "";
      this.conflict = null;
      this.writing = null;
      this.state("unchanged");
      element.addEventListener("input", (event) => this.touch(event.target, PAUSE));
      element.addEventListener("change", (event) => this.touch(event.target, 0));
      element.addEventListener("focusout", () => { if (this.isWaiting) { line.add(this, 0); } });
      element.querySelector("[data-told-here]").addEventListener("click", (event) => this.choose(event.target));
    }

    // The fields of the card as a form sends them.
    shown() {
      const found = {};
      this.element.querySelectorAll("[name]").forEach((field) => {
        if (field.form === form && groupOf(field.name) && (field.type !== "radio" || field.checked)) { found[field.name] = field.value; }
      });
      return found;
    }

    typed(groups) { return only(this.shown(), (group) => groups.has(group)); }

    get isWaiting() { return [...this.changed].some((group) => !this.held.has(group)) && !this.conflict; }

    async touch(field, pause) {
      const group = field.name && field.form === form ? groupOf(field.name) : "";
      if (!group) { return; }
      this.changed.add(group);
      this.held.delete(group);
      this.stamp = uid();
      this.at = this.at || Date.now();
      this.state(this.conflict ? "deciding" : line.attempts ? "retrying" : "saving");
      this.keep();
      line.add(this, pause);
    }

    draft(groups) {
      return {
        key: this.key, account: drafts.account, round: words.round, code: this.code, base: this.base, page: this.page,
        known: this.known, typed: this.typed(groups), changed: [...groups], stamp: this.stamp, at: this.at,
        save: this.element.dataset.save, where: location.pathname, title: words.title,
      };
    }

    // Writes the draft; whatever is typed during one writing is written by the next.
    keep() {
      if (this.writing) {
        this.isNewer = true;
        return this.writing;
      }
      this.isNewer = false;
      this.writing = restored.then(() => this.write()).then(() => { this.isKept = true; }, () => {
        this.isKept = false;
        this.note(words.unstored);
      }).then(() => {
        this.writing = null;
        return this.isNewer ? this.keep() : undefined;
      });
      return this.writing;
    }

    write() {
      if (!this.changed.size) { return this.stored ? drafts.drop(this.key, this.stored) : undefined; }
      this.stored = this.stamp;
      return drafts.put(this.draft(this.changed));
    }

    // Sends what is new, but nothing while a decision is awaited: what that is based on would be asked about again.
    // Resolves with false where it has to be sent again.
    async send() {
      if (this.conflict) { return true; }
      const groups = new Set([...this.changed].filter((group) => !this.held.has(group)));
      const address = this.confirming;
      if (!groups.size && !address) { return true; }
      const draft = this.draft(groups);
      this.sending = this.stamp;
      this.state("saving");
      const { outcome, told } = await drafts.post(draft, address);
      this.sending = "";
      if (outcome === "failed") {
        this.state("retrying");
        return false;
      }
      if (outcome === "signin") {
        this.state("signingIn");
        return drafts.signIn().then((isIn) => isIn ? this.send() : line.stop());
      }
      this.confirming = "";
      const sent = { groups, fields: { ...only(this.known, (group) => !groups.has(group)), ...draft.typed } };
      (this[`hear_${outcome}`] || this.hear_refused).call(this, told, sent);
      return true;
    }

    // What the server holds now: what was sent, and over it what it tells of others' changes.
    server(told, sent) {
      const others = Object.fromEntries([...told.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field.value]));
      const rows = told.querySelector("[data-rows-now]");
      if (!rows) { return { fields: { ...sent.fields, ...others }, others }; }
      rows.content.querySelectorAll("input").forEach((field) => { others[field.name] = field.value; });
      others[`${this.code}-rows`] = String(rows.content.children.length);
      return { fields: { ...only(sent.fields, (group) => group !== "evidence"), ...others }, others };
    }

    // Forgets what arrived unless it was typed anew meanwhile; shows others' changes where nothing was typed.
    settle(sent, others, isSettled) {
      const now = this.shown();
      for (const group of sent.groups) {
        const before = only(sent.fields, (other) => other === group), after = only(now, (other) => other === group);
        if (isSettled(group) && JSON.stringify(before) === JSON.stringify(after)) { this.changed.delete(group); }
      }
      this.fill(only(others, (group) => !this.changed.has(group)));
    }

    rebase(version, known) {
      this.base = this.seen.value = version;
      this.known = known;
    }

    hear_saved(told, sent) {
      const { fields, others } = this.server(told, sent);
      this.settle(sent, others, () => true);
      const isDisputed = Object.keys(others).some((name) => this.changed.has(groupOf(name)));
      if (!isDisputed) { this.rebase(told.dataset.version, fields); }
      this.conflict = null;
      if (!this.held.size) { this.note(told.querySelector("[data-note]")); }
      if (told.dataset.unconfirmed === undefined) { this.element.querySelectorAll("[data-unconfirmed]").forEach((mark) => mark.remove()); }
      this.keep();
      if (this.changed.size === 0) {
        this.at = undefined;
        this.state("saved", told.querySelector("[data-words]").textContent);
        this.element.querySelectorAll("[data-last]").forEach((last) => last.remove());
      } else if (this.isWaiting) {
        line.add(this, PAUSE);
      } else {
        this.state("unsaved");
      }
      document.body.dispatchEvent(new CustomEvent("saved"));
    }

    hear_conflict(told, sent) {
      const { fields, others } = this.server(told, sent);
      const asked = [...told.querySelectorAll("[data-conflict]")].map((each) => each.dataset.conflict);
      this.settle(sent, only(others, (group) => !asked.includes(group)), (group) => !asked.includes(group));
      this.conflict = { version: told.dataset.version, fields, asked, chosen: {} };
      this.note(told.querySelector("[data-note]"));
      this.keep();
      this.state("deciding");
    }

    hear_invalid(told, sent) {
      (told.dataset.wrong || [...sent.groups].join(" ")).split(" ").forEach((group) => this.held.add(group));
      this.note(told.querySelector("[data-note]"));
      this.state("unsaved");
      if (this.isWaiting) { line.add(this, 0); }
    }

    hear_refused(told, sent) {
      sent.groups.forEach((group) => this.held.add(group));
      this.note(told.querySelector("[data-note]"));
      this.state("unsaved");
    }

    hear_gone(_told, sent) {
      sent.groups.forEach((group) => this.held.add(group));
      this.note(words.gone, this.discarding());
      this.state("unsaved");
    }

    // A file goes its own way, after what was typed; the rows come back with it.
    async upload(sender) {
      await line.flush();
      const chosen = sender.elements.file;
      if (!chosen.files.length || this.isWaiting) { return; }
      this.state("saving");
      const told = await drafts.send(sender.action, new FormData(sender)).then((heard) => heard.told, () => null);
      if (!told || told.dataset.told !== "saved") {
        this.note(told ? told.querySelector("[data-note]") : words.retrying);
        this.state("unsaved");
      } else if (Number(told.dataset.version) !== Number(this.base) + 1) {
        location.reload(); // somebody else saved in between
      } else {
        chosen.value = "";
        this.hear_saved(told, { groups: new Set(), fields: this.known });
      }
    }

    discarding() {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.textContent = words.discard;
      button.addEventListener("click", () => drafts.drop(this.key).then(() => location.reload()));
      return button;
    }

    // Of two versions one stands, or both: only then is the newer one the base.
    choose(button) {
      const choice = button.dataset.choose, conflict = this.conflict;
      if (!choice || !conflict) { return; }
      const part = button.closest("[data-conflict]");
      part.querySelectorAll("[data-choose]").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
      conflict.chosen[part.dataset.conflict] = choice;
      if (conflict.asked.some((group) => !conflict.chosen[group])) { return; }
      this.conflict = null;
      this.rebase(conflict.version, conflict.fields);
      for (const group of conflict.asked) { this.decide(group, conflict.chosen[group]); }
      this.stamp = uid();
      this.note("");
      this.keep();
      this.state(this.changed.size ? "saving" : "unchanged");
      line.add(this, 0);
    }

    decide(group, choice) {
      const name = `${this.code}-rationale`;
      const theirs = only(this.known, (other) => other === group);
      if (choice === "theirs") {
        this.fill(theirs);
        this.changed.delete(group);
      } else if (choice === "both") {
        this.fill({ [name]: `${theirs[name]}\n${this.shown()[name]}` });
      }
    }

    fill(fields) {
      const rows = fields[`${this.code}-rows`];
      if (rows !== undefined) { this.makeRows(Number(rows)); }
      Object.entries(fields).forEach(([name, value]) => {
        this.element.querySelectorAll(`[name="${name}"]`).forEach((field) => {
          if (field.type === "radio") { field.checked = field.value === value; } else { field.value = value; }
        });
      });
    }

    makeRows(count) {
      const fieldset = this.element.querySelector("[data-evidence]");
      fieldset.querySelector("[data-evidence-rows]").replaceChildren();
      this.element.querySelector("[data-rows]").value = "0";
      for (let row = 0; row < count; row += 1) { addRow(fieldset); }
    }

    // What was left over from another time: shown again, and sent with the base that it was typed on.
    restore(draft) {
      const groups = draft.changed.filter((group) => !this.changed.has(group));
      this.fill(only(draft.typed, (group) => groups.includes(group)));
      groups.forEach((group) => this.changed.add(group));
      Object.assign(this, { base: draft.base, known: draft.known, page: draft.page, at: draft.at, stamp: this.stamp || draft.stamp, stored: draft.stamp });
      this.state("saving");
      line.add(this, 0);
    }

    state(name, text) {
      this.name = name;
      const element = this.element.querySelector("[data-state]");
      element.textContent = text || words[name];
      element.dataset.state = name;
      showAll();
    }

    note(content, ...more) {
      const nodes = content instanceof Node ? [content] : content ? [Object.assign(document.createElement("p"), { className: "card-note", textContent: content })] : [];
      this.element.querySelector("[data-told-here]").replaceChildren(...nodes, ...more);
    }
  }

  // One card at a time, in the order in which they were touched; the server gone: later, and at once when it is back.
  const line = {
    cards: [], timers: new Map(), isBusy: false, attempts: 0, retry: null,

    add(card, pause) {
      clearTimeout(this.timers.get(card));
      this.timers.set(card, setTimeout(() => {
        this.timers.delete(card);
        if (!this.cards.includes(card)) { this.cards.push(card); }
        this.go();
      }, pause));
    },

    async go() {
      if (this.isBusy) { return; }
      clearTimeout(this.retry);
      this.isBusy = true;
      while (this.cards.length) {
        const isDone = await this.cards[0].send();
        if (!isDone) { break; }
        this.attempts = 0;
        this.cards.shift();
      }
      this.isBusy = false;
      if (this.cards.length) {
        this.cards.forEach((card) => card.state("retrying"));
        this.attempts += 1;
        this.retry = setTimeout(() => this.go(), drafts.wait(Math.min(this.attempts, 3)));
      }
      settled.splice(0).forEach((tell) => tell());
    },

    // Whoever does not sign in again goes on typing; the next change asks again.
    stop() {
      this.cards.forEach((card) => card.state("signingIn"));
      this.cards.splice(1);
      return true;
    },

    // Sends everything now; resolves when nothing more can be done.
    flush() {
      cards.filter((card) => card.isWaiting).forEach((card) => {
        clearTimeout(this.timers.get(card));
        this.timers.delete(card);
        if (!this.cards.includes(card)) { this.cards.push(card); }
      });
      if (!this.cards.length && !this.isBusy) { return Promise.resolve(); }
      const end = new Promise((resolve) => { settled.push(resolve); });
      this.go();
      return end;
    },
  };
  const settled = [];

  function showAll() {
    const names = cards.map((card) => card.name);
    const name = ["retrying", "signingIn", "deciding", "unsaved", "saving"].find((each) => names.includes(each));
    const where = cards.filter((card) => card.name === name).map((card) => card.code).join("、");
    bar.textContent = !name ? (names.includes("saved") ? words.allSaved : words.unchanged) : name === "saving" ? words.saving : `${where} ${words[name]}`;
    bar.classList.toggle("is-changed", Boolean(name) && name !== "saving");
  }

  // The browser may have put old values back into the fields; drafts know better what was typed.
  form.reset();
  form.setAttribute("autocomplete", "off");
  const cards = [];
  let restored = Promise.resolve();
  form.querySelectorAll("[data-card]").forEach((element) => cards.push(new Card(element)));

  function holdBack(draft) {
    const card = document.getElementById(draft.code);
    const note = Object.assign(document.createElement("div"), { className: "card-note" });
    const list = Object.entries(draft.typed).filter(([name, value]) => value && !name.endsWith("-rows"));
    note.append(words.held, ...list.map(([, value]) => Object.assign(document.createElement("p"), { className: "text", textContent: value })));
    note.append(Card.prototype.discarding.call({ key: draft.key }));
    card.querySelector("[data-told-here]").replaceChildren(note);
  }

  restored = drafts.all().then((found) => found.filter((draft) => String(draft.round) === words.round).forEach((draft) => {
    const card = cards.find((each) => each.code === draft.code);
    if (card) { card.restore(draft); } else if (document.getElementById(draft.code)) { holdBack(draft); }
  })).catch(() => {});

  // The form's buttons: everything is sent at once, then the page goes on.

  async function submit(button) {
    await line.flush();
    const open = cards.find((card) => card.changed.size);
    if (open) {
      open.element.scrollIntoView();
      open.element.querySelector("[data-told-here] button, textarea").focus({ preventScroll: true });
    } else if (button && button.dataset.onward) {
      location.assign(button.dataset.onward);
    } else if (button && button.dataset.confirmAll !== undefined) {
      form.action = button.formAction;
      form.submit();
    }
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (button && button.dataset.confirm !== undefined) {
      const card = cards.find((each) => each.element.contains(button));
      card.confirming = button.formAction;
      line.add(card, 0);
    } else {
      submit(button);
    }
  });

  document.querySelectorAll("form[data-upload]").forEach((sender) => sender.addEventListener("submit", (event) => {
    event.preventDefault();
    cards.find((card) => card.code === sender.dataset.upload).upload(sender);
  }));

  drafts.flush = () => line.flush();
  window.addEventListener("online", () => line.go());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") { line.flush(); } });
  window.addEventListener("pagehide", () => cards.forEach((card) => {
    if (card.isWaiting && card.sending !== card.stamp) { drafts.post(card.draft(new Set([...card.changed].filter((group) => !card.held.has(group))))); }
  }));
  window.addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });
  // Leaving is safe as long as the browser could keep what was typed.
  window.addEventListener("beforeunload", (event) => {
    if (cards.some((card) => card.changed.size && card.isKept === false)) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  showAll();
})();
