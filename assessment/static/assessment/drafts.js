// What was typed and is not saved yet, kept in this browser: one draft for each account, round and criterion.
// On every page: sends what is left over, says how much there is and where, asks before signing out.
(function () {
  "use strict";
  const notice = document.getElementById("drafts");
  if (!notice) { return; }
  const account = notice.dataset.account;
  const PATIENCE = 20000, LARGEST_KEPT_ALIVE = 60000;

  // The store. "strict": what is reported as written survives the death of the browser.

  let opening = null;
  const open = () => opening = opening || opened(3);

  // Right after a crash the store may still be in the hands of the browser that died.
  const opened = (tries) => new Promise((resolve, reject) => {
    const request = indexedDB.open("drafts", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    if (!tries) { throw error; }
    return new Promise((resolve) => setTimeout(resolve, 1000)).then(() => opened(tries - 1));
  });

  function within(mode, work) {
    return open().then((database) => new Promise((resolve, reject) => {
      const transaction = database.transaction("drafts", mode, { durability: "strict" });
      const request = work(transaction.objectStore("drafts"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    }));
  }

  const keyOf = (round, code) => `${account}:${round}:${code}`;
  const put = (draft) => within("readwrite", (store) => store.put(draft));

  // Only this account's drafts are ever read.
  async function all() {
    const found = await within("readonly", (store) => store.getAll(IDBKeyRange.bound(`${account}:`, `${account};`, false, true)));
    return found.sort((one, other) => one.at - other.at);
  }

  // Another tab may have typed since: its newer draft stays. `parts`: what of it is still to be saved.
  const drop = (key, stamp, parts = []) => within("readwrite", (store) => {
    const found = store.get(key);
    found.onsuccess = () => {
      if (!found.result || (stamp && found.result.stamp !== stamp)) { return; }
      if (parts.length) { store.put({ ...found.result, parts }); } else { store.delete(key); }
    };
    return found;
  });

  // Sending

  function cookie(name) {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  // The fields of an answer that change at once, as the server merges them.
  const groupOf = (name) => {
    const field = name.slice(name.indexOf("-") + 1);
    if (field === "level" || field === "not_applicable") { return "choice"; }
    if (field === "rows" || field.startsWith("evidence-")) { return "evidence"; }
    return field === "target" || field === "rationale" ? field : "";
  };
  const only = (fields, isWanted) => Object.fromEntries(Object.entries(fields).filter(([name]) => isWanted(groupOf(name))));

  // A draft has a part for each version that its changes are based on: {base, known, typed, changed}. What a part says
  // about the answer, whole: as it was at its base, with what was typed on top.
  const fieldsOf = (part) => ({ ...only(part.known, (group) => group !== "evidence" || !part.changed.includes(group)), ...part.typed });

  // Resolves with {outcome, told}: saved, conflict, invalid, refused, other, gone, signin; or failed, to be tried again.
  async function post(draft, part, address) {
    const body = new URLSearchParams({ ...fieldsOf(part), account: draft.account, page: draft.page, [`${draft.code}-seen`]: part.base });
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      return await send(address || draft.save, body, { signal: giveUp.signal, keepalive: body.toString().length < LARGEST_KEPT_ALIVE });
    } catch (error) {
      return { outcome: "failed" };
    } finally {
      clearTimeout(timer);
    }
  }

  async function send(address, body, options) {
    const headers = { "X-CSRFToken": cookie("csrftoken"), "HX-Request": "true" };
    const response = await fetch(address, { method: "POST", body, headers, credentials: "same-origin", ...options });
    if (response.status === 401) { return { outcome: "signin" }; }
    if (response.status === 404) { return { outcome: "gone" }; }
    if (response.status === 403) { await fetch(notice.dataset.signIn, { credentials: "same-origin" }); }
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    const told = holder.content.querySelector("[data-told]");
    return told ? { outcome: told.dataset.told, told } : { outcome: "failed" };
  }

  // The notice. A page that shows the card itself looks after its draft.

  function isShownHere(draft) {
    const answers = document.getElementById("answers");
    return answers !== null && answers.dataset.round === String(draft.round) && document.getElementById(draft.code) !== null;
  }

  async function show() {
    const left = (await all()).filter((draft) => !isShownHere(draft));
    const links = left.map((draft) => {
      const item = document.createElement("li"), link = item.appendChild(document.createElement("a"));
      link.href = `${draft.where}#${draft.code}`;
      link.textContent = `${draft.title} · ${draft.code}`;
      return item;
    });
    notice.hidden = left.length === 0;
    notice.querySelector("p").textContent = left.length ? notice.dataset.left.replace("{n}", left.length) : "";
    notice.querySelector("ul").replaceChildren(...links);
  }

  let attempts = 0, timer = null;
  async function resend() {
    clearTimeout(timer);
    for (const draft of (await all()).filter((each) => !isShownHere(each))) {
      const left = [];
      let isCut = false;
      for (const part of draft.parts) {
        const { outcome } = isCut ? {} : await post(draft, part);
        isCut = isCut || outcome === "failed" || outcome === "signin";
        if (outcome !== "saved") { left.push(part); }
      }
      await drop(draft.key, draft.stamp, left);
      if (isCut) {
        attempts += 1;
        timer = setTimeout(again, wait(attempts));
        break;
      }
    }
    await show();
  }
  const again = () => resend().catch(() => {});
  const wait = (attempt) => Math.min(30000, 1000 * 2 ** attempt);

  // Signing out asks first; what the form sends bears the newest token, whoever signed in in another tab.

  let isLeaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target, token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (token && cookie("csrftoken")) { token.value = cookie("csrftoken"); }
    if (isLeaving || new URL(form.action).pathname !== notice.dataset.signOut) { return; }
    event.preventDefault();
    event.stopPropagation();
    leave(form);
  }, true);

  async function leave(form) {
    let left = [];
    try {
      const pause = new Promise((resolve) => setTimeout(resolve, 3000));
      await Promise.race([Promise.all([window.drafts.flush(), resend()]), pause]);
      left = await all();
    } catch (error) {
      left = [];
    }
    if (left.length === 0 || window.confirm(notice.dataset.ask.replace("{n}", left.length))) {
      isLeaving = true;
      form.submit();
    }
  }

  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = cookie("csrftoken"); });
  window.addEventListener("online", again);
  window.addEventListener("load", () => setTimeout(again, 1000));
  window.drafts = { account, all, cookie, drop, fieldsOf, flush: () => Promise.resolve(), groupOf, keyOf, only, post, put, send, wait };
})();
