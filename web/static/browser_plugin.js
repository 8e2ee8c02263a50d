// The plug-in of КриптоПро (cadesplugin) in the signer's browser: found, asked for certificates, and
// for a signature over a digest. Used by the page that signs one document and by that which signs many.
//
// `window.browserPlugin(root)`: `root` names the maker's script (data-plugin) and holds, in its part
// "words", what is said about the codes with which the plug-in fails.
"use strict";

(() => {
  const PLUGIN_ANSWERS_WITHIN = 40000; // milliseconds; the maker's script gives up after 20 s

  function load(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error("the script of the plug-in is not there"));
      document.head.append(script);
    });
  }

  async function findPlugin(address) {
    window.cadesplugin_skip_extension_install = true; // this page says itself what is missing
    await load(address);
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

  // What the plug-in said of its failure, in words: { what, todo, original }.
  function troubleOf(root, error) {
    const plugin = window.cadesplugin;
    const original = String(plugin.getLastError ? plugin.getLastError(error) : error.message || error);
    const said = original.toUpperCase();
    const all = [...root.querySelectorAll('[data-part="words"] [data-codes]')];
    const known = all.find((one) =>
      one.dataset.codes.split(" ").some((code) => code && said.includes(code.toUpperCase())),
    );
    const { what, todo } = (known || all[all.length - 1]).dataset;
    return { what, todo, original };
  }

  // Shows the part of the page that fits: what to install, that there is no certificate, or the
  // choice, which `offer` fills with what was found: [{ certificate, encoded }]. A failure is thrown
  // when the choice is shown.
  async function offerCertificates(root, offer) {
    const show = (name) => {
      for (const each of ["searching", "missing", "nothing", "choice"]) {
        root.querySelector(`[data-part="${each}"]`).hidden = each !== name;
      }
    };
    show("searching");
    try {
      await findPlugin(root.dataset.plugin);
    } catch (error) {
      console.info(error);
      show("missing");
      return;
    }
    try {
      const found = await ownCertificates();
      if (found.length > 0) await offer(found);
      show(found.length > 0 ? "choice" : "nothing");
    } catch (error) {
      show("choice");
      throw error;
    }
  }

  // Returns a function that signs every digest which the server has named in answer to a beginning.
  // A document that nobody else can sign meanwhile is given free when the plug-in fails and when the
  // page is left.
  function signerOf(root) {
    let held = ""; // the address that gives it free

    // Goes its way without an answer, so that it works while the page is being left, too.
    function giveFree() {
      if (!held) return;
      const body = new FormData();
      body.append("csrf_token", root.querySelector("input[name=csrf_token]").value);
      navigator.sendBeacon(held, body);
      held = "";
    }

    window.addEventListener("pagehide", giveFree);
    return async (certificate, begun) => {
      held = begun.cancel || "";
      const signatures = [];
      try {
        for (const digest of begun.digests) {
          signatures.push(await signDigest(certificate, begun.algorithm, digest));
        }
      } catch (error) {
        giveFree();
        throw error;
      }
      held = "";
      return signatures;
    };
  }

  window.browserPlugin = (root) => ({
    offerCertificates: (offer) => offerCertificates(root, offer),
    signDigests: signerOf(root),
    troubleOf: (error) => troubleOf(root, error),
  });
})();
