// Signing with the key in the signer's browser, through the plug-in of КриптоПро (cadesplugin).
//
// The certificate is chosen first: the server opens a signing bound to it and says what its key has
// to sign (digests of exactly the fixed files, or of these with an empty place for the signature
// inside). Files never come here; signatures go back all at once.
// All words for people stand in the page.
"use strict";

(() => {
  const root = document.getElementById("sign-in-browser");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = part("choice");
  const button = form.querySelector("button");
  const plugin = window.browserPlugin(root);
  const TRIES = 3;
  let found = []; // certificates of the plug-in, in the order in which the server was told of them
  let held = ""; // the address that gives a document free which nobody else can sign meanwhile

  class Refused extends Error {
    constructor(what, todo, original = "") {
      super(what);
      Object.assign(this, { what, todo, original });
    }
  }

  const words = (selector) => {
    const said = part("words").querySelector(selector).dataset;
    return [said.what, said.todo];
  };
  const refusal = (name) => new Refused(...words(`[data-name="${name}"]`));

  function show(name) {
    for (const other of ["searching", "missing", "nothing", "choice"]) {
      part(other).hidden = other !== name;
    }
  }

  function ofPlugin(error) {
    const { what, todo, original } = plugin.troubleOf(error);
    return new Refused(what, todo, original);
  }

  // --- The server ----------------------------------------------------------------------------

  async function post(address, fields, tries = 1) {
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of fields) body.append(name, value);
    try {
      return await fetch(address, { method: "POST", body, credentials: "same-origin" });
    } catch {
      if (tries > 1) return post(address, fields, tries - 1);
      throw refusal("not-sent");
    }
  }

  async function answerOf(response) {
    const kind = response.headers.get("Content-Type") || "";
    if (response.redirected || !kind.startsWith("application/json")) throw refusal("stale");
    const answer = await response.json();
    if (!response.ok) throw new Refused(answer.what, answer.todo);
    return answer;
  }

  // Goes its way without an answer, so that it works while the page is being left, too.
  function giveFree() {
    if (!held) return;
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    navigator.sendBeacon(held, body);
    held = "";
  }

  async function offer() {
    const fields = found.map((one) => ["certificate", one.encoded]);
    const response = await post(root.dataset.certificates, fields);
    if (!response.ok) await answerOf(response);
    if (response.redirected) throw refusal("stale");
    part("certificates").innerHTML = await response.text();
    button.disabled = !form.querySelector("input[name=place]:enabled");
  }

  // --- The act -------------------------------------------------------------------------------

  function tell(trouble) {
    part("what").textContent = trouble.what;
    part("todo").textContent = trouble.todo;
    part("original").textContent = trouble.original;
    part("trouble").hidden = false;
    part("trouble").focus();
  }

  async function sign() {
    const chosen = form.querySelector("input[name=place]:checked");
    if (!chosen) throw refusal("not-chosen");
    const { certificate, encoded } = found[Number(chosen.value)];
    const begun = await answerOf(
      await post(root.dataset.begin, [["seen", form.elements.seen.value], ["certificate", encoded]]),
    );
    if (begun.next) return begun.next;
    held = begun.cancel || "";
    const signatures = [];
    try {
      for (const digest of begun.digests) {
        signatures.push(await plugin.signDigest(certificate, begun.algorithm, digest));
      }
    } catch (error) {
      giveFree();
      throw ofPlugin(error);
    }
    held = "";
    // The same signatures again get the first answer, so that a lost answer may be asked for again.
    const fields = signatures.map((one) => ["signature", one]);
    return (await answerOf(await post(begun.hand_in, fields, TRIES))).next;
  }

  window.addEventListener("pagehide", giveFree);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    part("trouble").hidden = true;
    part("busy").hidden = false;
    try {
      window.location.assign(await sign());
    } catch (error) {
      if (!(error instanceof Refused)) console.error(error);
      part("busy").hidden = true;
      button.disabled = false;
      tell(error instanceof Refused ? error : ofPlugin(error));
    }
  });

  async function begin() {
    show("searching");
    try {
      await plugin.find();
    } catch (error) {
      console.info(error);
      show("missing");
      return;
    }
    try {
      found = await plugin.ownCertificates();
      if (found.length === 0) {
        show("nothing");
        return;
      }
      await offer();
      show("choice");
    } catch (error) {
      button.disabled = true;
      show("choice");
      tell(error instanceof Refused ? error : ofPlugin(error));
    }
  }

  begin();
})();
