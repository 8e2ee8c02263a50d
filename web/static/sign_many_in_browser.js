// Signing a confirmed list with the key in the signer's browser: the certificate is chosen once, then
// each document goes the way that a single one goes (see sign_in_browser.js): the server begins it for
// the certificate and says what its key has to sign, the plug-in signs, the signatures go back.
"use strict";

(() => {
  const root = document.getElementById("sign-many");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = part("choice");
  const button = form.querySelector("button");
  const plugin = window.browserPlugin(root);
  const post = (address, fields) => window.signManyPost(root, address, fields);
  let found = []; // certificates of the plug-in, in the order in which the server was told of them

  const stopped = (error) => new window.SigningStopped(plugin.troubleOf(error));

  async function signOne(item, { certificate, encoded }) {
    const begun = await post(item.dataset.ask, [["certificate", encoded]]);
    if (begun.mark) return begun; // it has its answer already
    let signatures;
    try {
      signatures = await plugin.signDigests(certificate, begun);
    } catch (error) {
      throw stopped(error);
    }
    return post(begun.hand_in, signatures.map((one) => ["signature", one]));
  }

  async function offer(own) {
    found = own;
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    for (const one of found) body.append("certificate", one.encoded);
    const sent = { method: "POST", body, credentials: "same-origin" };
    const response = await fetch(root.dataset.certificates, sent);
    const kind = response.headers.get("Content-Type") || "";
    if (response.redirected) throw window.signManySaid(root, "stale");
    if (!response.ok && kind.startsWith("application/json")) {
      throw new window.SigningStopped(await response.json());
    }
    if (!response.ok) throw window.signManySaid(root, "not-sent");
    part("certificates").innerHTML = await response.text();
    button.disabled = !form.querySelector("input[name=place]:enabled");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    const chosen = form.querySelector("input[name=place]:checked");
    button.disabled = await window.signMany(root, (item) => {
      if (!chosen) throw window.signManySaid(root, "not-chosen");
      return signOne(item, found[Number(chosen.value)]);
    });
  });

  plugin.offerCertificates(offer).catch((error) => {
    button.disabled = true;
    window.signManyTell(root, error instanceof window.SigningStopped ? error : stopped(error));
  });
})();
