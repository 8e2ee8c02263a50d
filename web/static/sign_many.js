// Signing a confirmed list: one request for each document, one after another.
//
// Every request may be made again: the server gives the first answer. So a lost answer, a second
// tab, a page that was closed and a server that was restarted cost nothing but a repetition.
// `window.signMany(root, ask)` goes through the documents that have no answer yet; `ask(item)` has
// one signed and returns { mark, label, note }. All words for people stand in the page.
"use strict";

(() => {
  const PAUSES = [500, 1000, 2000, 4000, 8000, 15000]; // milliseconds between tries: half a minute
  const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

  class Stopped extends Error {
    constructor({ what = "", todo = "", original = "", code = "" }) {
      super(what);
      Object.assign(this, { what, todo, original, code });
    }
  }

  const said = (root, name) =>
    new Stopped(part(root, "words").querySelector(`[data-name="${name}"]`).dataset);

  // Sends a form and returns the answer as JSON; what the server is too busy for is sent again.
  async function post(root, address, fields = []) {
    const body = new FormData();
    body.append("csrf_token", root.querySelector("input[name=csrf_token]").value);
    for (const [name, value] of fields) body.append(name, value);
    const sent = { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } };
    for (const pause of [...PAUSES, 0]) {
      try {
        const response = await fetch(address, sent);
        if (response.status < 500) return await answerOf(root, response);
      } catch (error) {
        if (error instanceof Stopped) throw error;
        console.info(error);
      }
      await wait(pause);
    }
    throw said(root, "not-sent");
  }

  async function answerOf(root, response) {
    const kind = response.headers.get("Content-Type") || "";
    if (response.redirected || !kind.startsWith("application/json")) throw said(root, "stale");
    const answer = await response.json();
    if (!response.ok) throw new Stopped(answer);
    return answer;
  }

  function show(root, item, answer) {
    const tag = item.querySelector(".tag");
    tag.textContent = answer.label;
    tag.className = `tag tag-${answer.mark}`;
    const note = part(item, "note");
    note.textContent = answer.note;
    note.hidden = !answer.note;
    delete item.dataset.ask;
    const done = root.querySelectorAll('[data-part="item"]:not([data-ask])').length;
    part(root, "done").textContent = done;
    part(root, "progress").value = done;
  }

  function tell(root, trouble) {
    part(root, "what").textContent = trouble.what;
    part(root, "todo").textContent = trouble.todo;
    part(root, "original").textContent = trouble.original;
    part(root, "trouble").hidden = false;
    part(root, "trouble").focus();
  }

  // Returns whether everything has its answer; otherwise the page says why it stopped.
  async function signMany(root, ask) {
    part(root, "trouble").hidden = true;
    part(root, "busy").hidden = false;
    try {
      for (const item of root.querySelectorAll('[data-part="item"][data-ask]')) {
        show(root, item, await ask(item));
      }
      window.location.assign(root.dataset.result);
      return true;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      part(root, "busy").hidden = true;
      if (error.code === "bulk.key_locked") window.location.assign(root.dataset.page);
      else tell(root, error);
      return false;
    }
  }

  Object.assign(window, {
    signMany,
    signManyPost: post,
    signManySaid: said,
    signManyTell: tell,
    SigningStopped: Stopped,
  });

  const root = document.getElementById("sign-many");
  if (root.dataset.way !== "key_here") return;
  const again = part(root, "again");
  const begin = async () => {
    again.hidden = true;
    again.hidden = await signMany(root, (item) => post(root, item.dataset.ask));
  };
  again.querySelector("button").addEventListener("click", begin);
  part(root, "by-hand").hidden = true;
  begin();
})();
