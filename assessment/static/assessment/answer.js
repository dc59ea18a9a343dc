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

  const GROUPS = ["choice", "target", "rationale", "evidence"];
  const uid = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
  const { groupOf, only } = drafts;
  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const alike = (group, one, other) => {
    const of = (fields) => JSON.stringify(Object.entries(only(fields, (each) => each === group)).map(([name, value]) => [name, plain(value)]).sort());
    return of(one) === of(other);
  };

  // A card knows the newest stored answer it heard of, and for each group of fields the one that its change is based on:
  // an older one where somebody else changed that group meanwhile. The server, told both, asks whose version stands.
  class Card {
    constructor(element) {
      this.element = element;
      this.code = element.id;
      this.key = drafts.keyOf(words.round, this.code);
      this.seen = element.querySelector(`[name="${this.code}-seen"]`);
      this.newest = { version: this.seen.value, fields: this.shown() };
      this.bases = Object.fromEntries(GROUPS.map((group) => [group, this.newest]));
      this.disputes = new Map(); // group → the answer that the page shows beside mine, until one is chosen
      this.page = uid();
      this.changed = new Set();
      this.held = new Set(); // what the server found unsound waits until it is typed anew
      this.blocked = new Set(); // what it refused for something else's sake waits until anything is typed
      this.stamp = "";
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

    isUndecided(group) {
      const theirs = this.disputes.get(group);
      return theirs !== undefined && alike(group, theirs.fields, this.newest.fields);
    }

    // What is to be sent now: not what the server refused, nor what waits for a decision about what it holds.
    get waiting() { return [...this.changed].filter((group) => !this.held.has(group) && !this.blocked.has(group) && !this.isUndecided(group)); }

    get isWaiting() { return this.waiting.length > 0; }

    touch(field, pause) {
      const group = field.name && field.form === form ? groupOf(field.name) : "";
      if (!group) { return; }
      this.changed.add(group);
      this.held.delete(group);
      this.blocked.clear();
      this.stamp = uid();
      this.at = this.at || Date.now();
      this.state(this.isUndecided(group) ? "deciding" : line.attempts ? "retrying" : "saving");
      this.keep();
      line.add(this, pause);
    }

    // The changes of these groups by the version that they are based on, oldest first: each part is sent by itself.
    parts(groups) {
      const versions = [...new Set(groups.map((group) => this.bases[group].version))].sort((one, other) => one - other);
      return versions.map((version) => {
        const changed = groups.filter((group) => this.bases[group].version === version);
        return { base: version, known: this.bases[changed[0]].fields, typed: only(this.shown(), (group) => changed.includes(group)), changed };
      });
    }

    draft() {
      return {
        key: this.key, account: drafts.account, round: words.round, code: this.code, page: this.page,
        parts: this.parts([...this.changed]), stamp: this.stamp, at: this.at,
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
      return drafts.put(this.draft());
    }

    // Sends what is new, and last of all confirms. Resolves with false where it has to be sent again.
    async send() {
      const [part, ...rest] = this.parts(this.waiting);
      const address = rest.length || this.disputes.size ? "" : this.confirming;
      if (!part && !address) { return true; }
      const sent = part || { base: this.newest.version, known: this.newest.fields, typed: {}, changed: [] };
      this.sending = this.stamp;
      this.state("saving");
      const { outcome, told } = await drafts.post(this.draft(), sent, address);
      this.sending = "";
      if (outcome === "failed") {
        this.state("retrying");
        return false;
      }
      if (outcome === "signin") {
        this.state("signingIn");
        return drafts.signIn().then((isIn) => isIn ? this.send() : line.stop());
      }
      if (address) { this.confirming = ""; }
      (this[`hear_${outcome}`] || this.hear_refused).call(this, told, sent);
      return rest.length ? this.send() : true;
    }

    // What the server told of others' changes: the fields in which it does not hold what was sent.
    others(told) {
      const found = Object.fromEntries([...told.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field.value]));
      const rows = told.querySelector("[data-rows-now]");
      if (rows) {
        rows.content.querySelectorAll("input").forEach((field) => { found[field.name] = field.value; });
        found[`${this.code}-rows`] = String(rows.content.children.length);
      }
      return found;
    }

    // Forgets what arrived unless it was typed anew meanwhile, shows what is stored where nothing was typed, and bases
    // on it all but the changes that somebody else's crossed.
    hear(told, sent, asked = []) {
      const others = this.others(told), crossed = new Set(Object.keys(others).map(groupOf));
      const fields = { ...only(drafts.fieldsOf(sent), (group) => group !== "evidence" || !crossed.has(group)), ...others };
      const now = this.shown();
      for (const group of sent.changed.filter((each) => !asked.includes(each))) {
        this.forgetQuestion(group);
        if (alike(group, sent.typed, now)) { this.changed.delete(group); }
      }
      this.fill(only(fields, (group) => !this.changed.has(group) && !alike(group, fields, now)));
      this.newest = { version: told.dataset.version, fields };
      this.seen.value = told.dataset.version;
      for (const group of GROUPS) {
        const isTaken = sent.changed.includes(group) && !crossed.has(group);
        if (isTaken || !this.changed.has(group) || alike(group, fields, this.bases[group].fields)) { this.bases[group] = this.newest; }
      }
    }

    hear_saved(told, sent) {
      this.hear(told, sent);
      if (!this.held.size) { this.note(told.querySelector("[data-note]")); }
      if (told.dataset.unconfirmed === undefined) { this.element.querySelectorAll("[data-unconfirmed]").forEach((mark) => mark.remove()); }
      this.goOn(told.querySelector("[data-words]").textContent);
    }

    hear_conflict(told, sent) {
      const note = told.querySelector("[data-note]");
      const asked = [...note.querySelectorAll("[data-conflict]")].map((each) => each.dataset.conflict);
      this.hear(told, sent, asked);
      asked.forEach((group) => {
        this.forgetQuestion(group);
        this.disputes.set(group, this.newest);
      });
      if (!this.held.size) { this.note(""); }
      this.element.querySelector("[data-told-here]").prepend(note);
      this.goOn("");
    }

    goOn(saved) {
      this.keep();
      if (this.changed.size === 0) {
        this.at = undefined;
        this.state("saved", saved);
        this.element.querySelectorAll("[data-last]").forEach((last) => last.remove());
      } else if (this.isWaiting) {
        line.add(this, PAUSE);
      } else if (this.disputes.size) {
        this.state("deciding", [saved, words.deciding].filter(Boolean).join(" · "));
      } else {
        this.state("unsaved");
      }
      document.body.dispatchEvent(new CustomEvent("saved"));
    }

    // What is sound is sent once more without the rest, unless it was refused for something that did not come with it.
    hear_invalid(told, sent) {
      const wrong = (told.dataset.wrong || sent.changed.join(" ")).split(" ");
      wrong.forEach((group) => this.held.add(group));
      if (!sent.changed.some((group) => wrong.includes(group))) { sent.changed.forEach((group) => this.blocked.add(group)); }
      this.note(told.querySelector("[data-note]"));
      this.state("unsaved");
      if (this.isWaiting) { line.add(this, PAUSE); }
    }

    hear_refused(told, sent) {
      sent.changed.forEach((group) => this.held.add(group));
      this.note(told.querySelector("[data-note]"));
      this.state("unsaved");
    }

    hear_gone(_told, sent) {
      sent.changed.forEach((group) => this.held.add(group));
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
      } else if (Number(told.dataset.version) !== Number(this.newest.version) + 1) {
        location.reload(); // somebody else saved in between
      } else {
        chosen.value = "";
        this.hear_saved(told, { known: this.newest.fields, typed: {}, changed: [] });
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

    // Of two versions one stands, or both: what was shown is then the base, so that a newer one is asked about again.
    choose(button) {
      const choice = button.dataset.choose;
      if (!choice) { return; }
      const group = button.closest("[data-conflict]").dataset.conflict, shown = this.disputes.get(group);
      this.forgetQuestion(group);
      this.decide(group, choice, shown);
      this.stamp = uid();
      this.keep();
      this.state(this.isWaiting ? "saving" : this.disputes.size ? "deciding" : this.changed.size ? "unsaved" : "unchanged");
      this.fieldOf(group).focus({ preventScroll: true });
      line.add(this, 0);
    }

    fieldOf(group) {
      return [...this.element.querySelectorAll("[name]")].find((field) => groupOf(field.name) === group && (field.type !== "radio" || field.checked));
    }

    decide(group, choice, shown) {
      const name = `${this.code}-rationale`;
      if (choice === "theirs") {
        this.changed.delete(group);
        this.bases[group] = this.newest;
        this.fill(only(this.newest.fields, (other) => other === group));
        return;
      }
      this.bases[group] = alike(group, shown.fields, this.newest.fields) ? this.newest : shown;
      if (choice === "both") { this.fill({ [name]: `${shown.fields[name]}\n${this.shown()[name]}` }); }
    }

    forgetQuestion(group) {
      if (!this.disputes.delete(group)) { return; }
      const question = this.element.querySelector(`[data-told-here] [data-conflict="${group}"]`), all = question.parentElement;
      question.remove();
      if (!all.querySelector("[data-conflict]")) { all.remove(); }
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
      for (const part of draft.parts) {
        const groups = part.changed.filter((group) => !this.changed.has(group));
        this.fill(only(part.typed, (group) => groups.includes(group)));
        groups.forEach((group) => {
          this.changed.add(group);
          this.bases[group] = { version: part.base, fields: part.known };
        });
      }
      Object.assign(this, { page: draft.page, at: draft.at, stamp: this.stamp || draft.stamp, stored: draft.stamp });
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
      const here = this.element.querySelector("[data-told-here]");
      here.querySelectorAll(":scope > :not(.conflict)").forEach((old) => old.remove());
      here.append(...nodes, ...more);
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

  // Somebody may have typed before this script arrived. The browser itself puts nothing back: the form says autocomplete off.
  const isTyped = (field) => field.type === "radio" ? field.checked && !field.defaultChecked
    : field.options ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected)) : field.value !== field.defaultValue;
  const early = [...form.elements].filter((field) => groupOf(field.name) && isTyped(field)).map((field) => ({ field, value: field.value }));
  form.reset();
  const cards = [];
  let restored = Promise.resolve();
  form.querySelectorAll("[data-card]").forEach((element) => cards.push(new Card(element)));

  function holdBack(draft) {
    const card = document.getElementById(draft.code);
    const note = Object.assign(document.createElement("div"), { className: "card-note" });
    const typed = draft.parts.flatMap((part) => Object.entries(part.typed));
    const list = typed.filter(([name, value]) => value && !name.endsWith("-rows"));
    note.append(words.held, ...list.map(([, value]) => Object.assign(document.createElement("p"), { className: "text", textContent: value })));
    note.append(Card.prototype.discarding.call({ key: draft.key }));
    card.querySelector("[data-told-here]").replaceChildren(note);
  }

  restored = drafts.all().then((found) => found.filter((draft) => String(draft.round) === words.round).forEach((draft) => {
    const card = cards.find((each) => each.code === draft.code);
    if (card) { card.restore(draft); } else if (document.getElementById(draft.code)) { holdBack(draft); }
  })).catch(() => {});

  for (const { field, value } of early) {
    if (field.type === "radio") { field.checked = true; } else { field.value = value; }
    cards.find((card) => card.element.contains(field)).touch(field, PAUSE);
  }

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
    if (card.sending !== card.stamp) { card.parts(card.waiting).forEach((part) => drafts.post(card.draft(), part)); }
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
