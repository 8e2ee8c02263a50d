"""Teach asn1crypto the names of GOST algorithms, and which digest a signature algorithm means.

A SignerInfo names the algorithm of its signature in one of two ways: by the key alone, as CryptoPro
and OpenSSL write, or by key and digest together (RFC 9215, section 2). Both mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any  # asn1crypto publishes no types

from asn1crypto import algos, core, keys, x509

from signing.gost.digests import DigestAlgorithm
from signing.gost.encoding import KeyParameters
from signing.gost.keys import KeyAlgorithm

DIGEST_NAMES = {
    DigestAlgorithm.STREEBOG_256: "streebog256",
    DigestAlgorithm.STREEBOG_512: "streebog512",
    DigestAlgorithm.GOST_94: "gost94",
}
KEY_NAMES = {
    KeyAlgorithm.GOST_2012_256: "gost2012_256",
    KeyAlgorithm.GOST_2012_512: "gost2012_512",
    KeyAlgorithm.GOST_2001: "gost2001",
}
WITH_DIGEST = {
    KeyAlgorithm.GOST_2012_256: "1.2.643.7.1.1.3.2",
    KeyAlgorithm.GOST_2012_512: "1.2.643.7.1.1.3.3",
    KeyAlgorithm.GOST_2001: "1.2.643.2.2.3",
}
"""The object identifiers that name key and digest together."""

SUBJECT_NAMES = {
    "1.2.643.100.1": "ogrn",
    "1.2.643.100.3": "snils",
    "1.2.643.100.4": "inn_le",
    "1.2.643.100.5": "ogrnip",
    "1.2.643.3.131.1.1": "inn",
}
"""What Russian certificates say of their owner besides the usual."""

_BY_OID = {
    **{algorithm.value: algorithm for algorithm in KeyAlgorithm},
    **{oid: algorithm for algorithm, oid in WITH_DIGEST.items()},
}


def key_algorithm_of(signature_algorithm: str) -> KeyAlgorithm | None:
    """Return the keys that a signature algorithm is for, by its identifier in either form.

    None stands for an algorithm that is not GOST.
    """
    return _BY_OID.get(signature_algorithm)


@cache
def register() -> None:
    """Let asn1crypto give these names, for the whole process; once is enough.

    Object identifiers that had no name get one; nothing that had a name changes.
    """
    key_names = {kind.value: name for kind, name in KEY_NAMES.items()}
    together = {oid: _together(kind) for kind, oid in WITH_DIGEST.items()}
    _add_names(algos.DigestAlgorithmId, {k.value: name for k, name in DIGEST_NAMES.items()})
    _add_names(algos.SignedDigestAlgorithmId, {**key_names, **together})
    _add_names(keys.PublicKeyAlgorithmId, key_names)
    _add_names(x509.NameType, SUBJECT_NAMES)
    forms = [(name, kind) for kind in KeyAlgorithm for name in (KEY_NAMES[kind], _together(kind))]
    _answer("signature_algo", {name: KEY_NAMES[kind] for name, kind in forms})
    _answer("hash_algo", {name: DIGEST_NAMES[kind.digest] for name, kind in forms})
    _read_keys(KEY_NAMES.values())


def _together(kind: KeyAlgorithm) -> str:
    return f"{DIGEST_NAMES[kind.digest]}_{KEY_NAMES[kind]}"


def _add_names(identifiers: type[core.ObjectIdentifier], names: Mapping[str, str]) -> None:
    identifiers._map.update(names)
    if identifiers._reverse_map is not None:  # else made out of _map when it is needed
        identifiers._reverse_map.update({name: oid for oid, name in names.items()})


def _answer(question: str, answers: Mapping[str, str]) -> None:
    """Let the property `question` of a signature algorithm know these answers too."""
    before = getattr(algos.SignedDigestAlgorithm, question).fget

    def answer(algorithm: Any) -> Any:
        known = answers.get(algorithm["algorithm"].native)
        return before(algorithm) if known is None else known

    setattr(algos.SignedDigestAlgorithm, question, property(answer, doc=before.__doc__))


def _read_keys(names: Iterable[str]) -> None:
    """Let a SubjectPublicKeyInfo be read whole: its parameters, and the point as bytes."""
    known = frozenset(names)
    before = keys.PublicKeyInfo._spec_callbacks["public_key"]

    def public_key_spec(info: Any) -> Any:
        return core.OctetString if info["algorithm"]["algorithm"].native in known else before(info)

    keys.PublicKeyInfo._spec_callbacks["public_key"] = public_key_spec
    keys.PublicKeyAlgorithm._oid_specs.update(dict.fromkeys(known, KeyParameters))
