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
  const PLUGIN_ANSWERS_WITHIN = 40000; // milliseconds; the maker's script gives up after 20 s
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

  // --- The plug-in ---------------------------------------------------------------------------

  function load(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error("the script of the plug-in is not there"));
      document.head.append(script);
    });
  }

  async function findPlugin() {
    window.cadesplugin_skip_extension_install = true; // this page says itself what is missing
    await load(root.dataset.plugin);
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error("the plug-in does not answer")), PLUGIN_ANSWERS_WITHIN),
    );
    await Promise.race([window.cadesplugin, late]);
    if (!window.cadesplugin || !window.cadesplugin.CreateObjectAsync) {
      throw new Error("there is no plug-in");
    }
  }

  // A certificate whose key is gone, or whose provider was removed, must not hide the others.
  async function exported(certificate) {
    try {
      if (!(await certificate.HasPrivateKey())) return "";
      return await certificate.Export(window.cadesplugin.CADESCOM_ENCODE_BASE64);
    } catch (error) {
      console.info(error);
      return "";
    }
  }

  async function ownCertificates() {
    const plugin = window.cadesplugin;
    const store = await plugin.CreateObjectAsync("CAdESCOM.Store");
    await store.Open(
      plugin.CAPICOM_CURRENT_USER_STORE,
      plugin.CAPICOM_MY_STORE,
      plugin.CAPICOM_STORE_OPEN_MAXIMUM_ALLOWED,
    );
    const own = [];
    try {
      const certificates = await store.Certificates;
      const count = await certificates.Count;
      for (let place = 1; place <= count; place += 1) {
        const certificate = await certificates.Item(place);
        const encoded = await exported(certificate);
        if (encoded) own.push({ certificate, encoded });
      }
    } finally {
      await store.Close();
    }
    return own;
  }

  async function signDigest(certificate, algorithm, digest) {
    const plugin = window.cadesplugin;
    const hashed = await plugin.CreateObjectAsync("CAdESCOM.HashedData");
    await hashed.propset_Algorithm(plugin[algorithm]);
    await hashed.SetHashValue(digest);
    const signer = await plugin.CreateObjectAsync("CAdESCOM.CPSigner");
    await signer.propset_Certificate(certificate);
    const signed = await plugin.CreateObjectAsync("CAdESCOM.CadesSignedData");
    return signed.SignHash(hashed, signer, plugin.CADESCOM_CADES_BES);
  }

  function ofPlugin(error) {
    const plugin = window.cadesplugin;
    const original = String(plugin.getLastError ? plugin.getLastError(error) : error.message || error);
    const said = original.toUpperCase();
    const all = [...part("words").querySelectorAll("[data-codes]")];
    const known = all.find((one) =>
      one.dataset.codes.split(" ").some((code) => code && said.includes(code.toUpperCase())),
    );
    const { what, todo } = (known || all[all.length - 1]).dataset;
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
        signatures.push(await signDigest(certificate, begun.algorithm, digest));
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
      await findPlugin();
    } catch (error) {
      console.info(error);
      show("missing");
      return;
    }
    try {
      found = await ownCertificates();
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
