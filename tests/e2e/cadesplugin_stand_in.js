// Stands in for the maker's script of КриптоПро ЭЦП Browser plug-in, in tests alone.
//
// It offers no more of the asynchronous API than signing by hash needs, in the order in which the
// plug-in wants it, and refuses everything else. The key lies outside the browser: the test exposes
// `standInCertificates` and `standInSign` to the page, as the real extension speaks with a program
// beside the browser. Where they are not exposed, the plug-in is not installed.
"use strict";

(() => {
  const CONSTANTS = {
    CADESCOM_CADES_BES: 1,
    CADESCOM_PKCS7_TYPE: 0xffff,
    CADESCOM_ENCODE_BASE64: 0,
    CADESCOM_HASH_ALGORITHM_SHA_256: 4,
    CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_256: 101,
    CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_512: 102,
    CAPICOM_CURRENT_USER_STORE: 2,
    CAPICOM_MY_STORE: "My",
    CAPICOM_STORE_OPEN_MAXIMUM_ALLOWED: 2,
  };
  const INVALID = "(0x80070057)";
  const BROKEN = ""; // a certificate of which the plug-in cannot say anything

  function demand(isSo, what) {
    if (!isSo) throw new Error(`${what}. ${INVALID}`);
  }

  // An object of the plug-in: everything is asynchronous, what it does not know is an error.
  function pluginObject(name, members, hidden) {
    const known = new Proxy(members, {
      get(all, member) {
        if (member === "then") return undefined; // an object that is awaited is no promise
        if (member === "hidden") return hidden;
        demand(member in all, `${name} has no ${String(member)}`);
        return all[member];
      },
    });
    return known;
  }

  function certificate(place, encoded) {
    return pluginObject(
      "Certificate",
      {
        HasPrivateKey: async () => {
          demand(encoded !== BROKEN, "the provider of the key was removed");
          return true;
        },
        Export: async (encoding) => {
          demand(encoding === CONSTANTS.CADESCOM_ENCODE_BASE64, "Export takes Base64");
          return encoded;
        },
      },
      { place },
    );
  }

  function store() {
    let opened = false;
    return pluginObject("Store", {
      Open: async (location, name, mode) => {
        demand(location === 2 && name === "My" && mode === 2, "the personal store is opened");
        opened = true;
      },
      Close: async () => {
        opened = false;
      },
      get Certificates() {
        return (async () => {
          demand(opened, "the store is not open");
          const all = (await window.standInCertificates()).map((one, place) => certificate(place, one));
          return pluginObject("Certificates", {
            Count: Promise.resolve(all.length),
            Item: async (number) => {
              demand(number >= 1 && number <= all.length, "items are counted from 1");
              return all[number - 1];
            },
          });
        })();
      },
    });
  }

  function hashedData() {
    const held = { algorithm: null, value: null };
    return pluginObject(
      "HashedData",
      {
        propset_Algorithm: async (algorithm) => {
          demand(Number.isInteger(algorithm), "the algorithm is a number");
          demand(held.value === null, "the algorithm is set before the value");
          held.algorithm = algorithm;
        },
        SetHashValue: async (value) => {
          demand(held.algorithm !== null, "the algorithm is set before the value");
          demand(/^([0-9A-F]{2})+$/i.test(value), "the value is hexadecimal");
          held.value = value;
        },
      },
      held,
    );
  }

  function signerObject() {
    const held = { place: null };
    return pluginObject(
      "CPSigner",
      {
        propset_Certificate: async (chosen) => {
          held.place = chosen.hidden.place;
        },
      },
      held,
    );
  }

  function signedData() {
    return pluginObject("CadesSignedData", {
      SignHash: async (hashed, signer, type) => {
        demand(type === CONSTANTS.CADESCOM_CADES_BES, "a hash is signed as CAdES-BES only");
        demand(hashed.hidden.value !== null, "the hash has no value");
        demand(signer.hidden.place !== null, "the signer has no certificate");
        return window.standInSign(signer.hidden.place, hashed.hidden.algorithm, hashed.hidden.value);
      },
    });
  }

  const OBJECTS = {
    "CAdESCOM.Store": store,
    "CAdESCOM.HashedData": hashedData,
    "CAdESCOM.CPSigner": signerObject,
    "CAdESCOM.CadesSignedData": signedData,
  };

  // As the real one: a promise that is kept once the plug-in answers, with the API upon it.
  const plugin = window.standInSign
    ? new Promise((resolve) => setTimeout(resolve, 50))
    : Promise.reject(new Error("Плагин недоступен"));
  plugin.catch(() => {});
  window.cadesplugin = Object.assign(plugin, CONSTANTS, {
    CreateObjectAsync: async (name) => {
      demand(name in OBJECTS, `there is no object ${name}`);
      return OBJECTS[name]();
    },
    getLastError: (error) => error.message || String(error),
  });
})();
