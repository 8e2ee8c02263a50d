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

  async function offer(own) {
    found = own;
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
    let signatures;
    try {
      signatures = await plugin.signDigests(certificate, begun);
    } catch (error) {
      throw ofPlugin(error);
    }
    // The same signatures again get the first answer, so that a lost answer may be asked for again.
    const fields = signatures.map((one) => ["signature", one]);
    return (await answerOf(await post(begun.hand_in, fields, TRIES))).next;
  }

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

  plugin.offerCertificates(offer).catch((error) => {
    button.disabled = true;
    tell(error instanceof Refused ? error : ofPlugin(error));
  });
})();
