"""What the shim relies on in pyHanko is there; an upgrade that moves it fails here first."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest
from asn1crypto import algos, keys, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from pyhanko_certvalidator.errors import AlgorithmNotSupported
from pyhanko_certvalidator.sig_validate import SignatureValidationContext
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from signing.certificates import load_certificate
from signing.gost import asn1
from signing.gost.backend import backend, digest
from signing.gost.curves import CRYPTOPRO_A, TC26_512_A
from signing.gost.digests import DigestAlgorithm
from signing.gost.encoding import write_public_key
from signing.gost.keys import KeyAlgorithm, PrivateKey
from signing.gost_pyhanko import (
    LEFT_ALONE,
    TAUGHT,
    GostSignatureValidator,
    PyHankoMovedError,
    install,
)
from tests.unit.signing.gost.rfc9215 import EXAMPLES, Example

CONTENT = b"what was signed"
KEY = PrivateKey(KeyAlgorithm.GOST_2012_256, CRYPTOPRO_A, 0xB0B)
LONG_KEY = PrivateKey(KeyAlgorithm.GOST_2012_512, TC26_512_A, 0xB0B)


@pytest.fixture(scope="module", autouse=True)
def _taught() -> None:
    install()


def algorithm(oid: str) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": oid})


def key_info(key: PrivateKey = KEY) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo.load(write_public_key(key.public_key()))


def value(key: PrivateKey = KEY) -> bytes:
    return backend().sign(key, digest(key.algorithm.digest, CONTENT))


def test_every_module_of_pyhanko_that_digests_is_accounted_for() -> None:
    """Left-alone modules have a reason; a new one must be taught or get one."""
    assert {name for name in _modules() if name not in TAUGHT} == set(LEFT_ALONE)
    assert set(TAUGHT) <= set(_modules())


def test_no_module_takes_a_digest_from_elsewhere() -> None:
    """`from …hashes import Hash`, or the module under another name, would go past the shim."""
    for package in ("pyhanko", "pyhanko_certvalidator"):
        for path in _sources(package):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module:
                    assert not node.module.endswith("primitives.hashes"), path
                    assert all(
                        name.asname is None for name in node.names if name.name == "hashes"
                    ), path


@pytest.mark.parametrize("module", TAUGHT)
def test_a_taught_module_knows_streebog_and_all_it_knew_before(module: str) -> None:
    taught = import_module(module).hashes
    assert taught is not hashes
    assert taught.SHA256 is hashes.SHA256
    assert taught.HashAlgorithm is hashes.HashAlgorithm
    hasher = taught.Hash(hashes.SHA256())
    hasher.update(CONTENT)
    assert hasher.finalize() == sha256(CONTENT).digest()
    with pytest.raises(AttributeError):
        _ = taught.STREEBOG384


@pytest.mark.parametrize("kind", DigestAlgorithm)
def test_pyhanko_finds_and_computes_the_digest_by_its_name(kind: DigestAlgorithm) -> None:
    found = get_pyca_cryptography_hash(asn1.DIGEST_NAMES[kind])
    assert isinstance(found, hashes.HashAlgorithm)
    assert (found.name, found.digest_size) == (asn1.DIGEST_NAMES[kind], kind.size)
    assert found.block_size in (32, 64)
    hasher = import_module("pyhanko.sign.general").hashes.Hash(found)
    assert hasher.algorithm is found
    hasher.update(CONTENT[:5])
    twin = hasher.copy()
    hasher.update(memoryview(CONTENT[5:]))
    assert hasher.finalize() == digest(kind, CONTENT)
    assert twin.finalize() == digest(kind, CONTENT[:5])


def test_a_module_that_has_moved_is_named() -> None:
    with pytest.raises(PyHankoMovedError, match=r"pyhanko\.sign\.fields"):
        install(("pyhanko.sign.fields",))


def test_cryptography_itself_stays_as_it_is() -> None:
    assert not hasattr(hashes, "STREEBOG256")


@pytest.mark.parametrize("kind", KeyAlgorithm)
def test_asn1crypto_knows_both_forms_of_the_algorithm(kind: KeyAlgorithm) -> None:
    for oid in (kind.value, asn1.WITH_DIGEST[kind]):
        known = algorithm(oid)
        assert asn1.key_algorithm_of(oid) is kind
        assert known.signature_algo == asn1.KEY_NAMES[kind]
        assert known.hash_algo == asn1.DIGEST_NAMES[kind.digest]
        again = algos.SignedDigestAlgorithm({"algorithm": known["algorithm"].native})
        assert again["algorithm"].dotted == oid
    name = asn1.DIGEST_NAMES[kind.digest]
    assert algos.DigestAlgorithm({"algorithm": name})["algorithm"].dotted == kind.digest.value


def test_other_algorithms_are_named_as_before() -> None:
    assert algorithm("sha256_rsa").signature_algo == "rsassa_pkcs1v15"
    assert algorithm("sha256_rsa").hash_algo == "sha256"
    assert asn1.key_algorithm_of("1.2.840.113549.1.1.11") is None
    with pytest.raises(ValueError, match="not known"):
        _ = algorithm("1.2.3.4").hash_algo


def test_a_public_key_is_read_whole() -> None:
    native = key_info().native
    assert native["algorithm"]["algorithm"] == "gost2012_256"
    assert native["algorithm"]["parameters"]["public_key_param_set"] == CRYPTOPRO_A.oids[0]
    assert len(native["public_key"]) == 64


@pytest.mark.parametrize("entrance", ["signing.keys", "signing.validate", "signing.asn1"])
def test_a_public_key_is_read_whole_whatever_was_imported_first(entrance: str) -> None:
    """pyhanko-certvalidator puts a reader of its own there when it is imported."""
    ask = (
        f"import {entrance}\n"
        "import pyhanko_certvalidator.asn1_types\n"
        "from asn1crypto import keys\n"
        f"info = keys.PublicKeyInfo.load(bytes.fromhex({key_info().dump().hex()!r}))\n"
        "print(len(info.native['public_key']))\n"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"64\n"


def test_what_a_certificate_says_of_its_owner_has_names() -> None:
    for oid, name in asn1.SUBJECT_NAMES.items():
        assert x509.NameType(oid).native == name


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_certificates_of_rfc_9215_verify_through_the_hook(example: Example) -> None:
    certificate = load_certificate(example.certificate).parsed
    GostSignatureValidator().validate_signature(
        certificate["signature_value"].native,
        certificate["tbs_certificate"].dump(),
        certificate.public_key,
        certificate["signature_algorithm"],
    )


@pytest.mark.parametrize("oid", [KEY.algorithm.value, asn1.WITH_DIGEST[KEY.algorithm]])
@pytest.mark.parametrize("named", [None, "streebog256", "1.2.643.7.1.1.2.2"])
def test_a_value_verifies_over_content_and_over_its_digest(oid: str, named: str | None) -> None:
    validator = GostSignatureValidator()
    for signed, prehashed in [
        (CONTENT, False),
        (digest(DigestAlgorithm.STREEBOG_256, CONTENT), True),
    ]:
        context = SignatureValidationContext(named, prehashed)
        validator.validate_signature(value(), signed, key_info(), algorithm(oid), context)
        with pytest.raises(InvalidSignature):
            validator.validate_signature(value(), signed[::-1], key_info(), algorithm(oid), context)


@pytest.mark.parametrize("named", ["streebog512", "sha256", "gost94"])
def test_a_digest_that_the_key_does_not_sign_is_refused(named: str) -> None:
    with pytest.raises(InvalidSignature, match=named):
        GostSignatureValidator().validate_signature(
            value(),
            CONTENT,
            key_info(),
            algorithm(KEY.algorithm.value),
            SignatureValidationContext(named),
        )


def test_a_key_of_another_kind_is_refused() -> None:
    for key, other in [(KEY, LONG_KEY), (LONG_KEY, KEY)]:
        with pytest.raises(InvalidSignature):
            GostSignatureValidator().validate_signature(
                value(key), CONTENT, key_info(key), algorithm(other.algorithm.value)
            )


def test_old_signatures_are_not_taken_for_new_ones() -> None:
    """The keys of 2001 and 2012-256 are alike but for their identifiers."""
    with pytest.raises(InvalidSignature):
        GostSignatureValidator().validate_signature(
            value(), CONTENT, key_info(), algorithm(KeyAlgorithm.GOST_2001.value)
        )


def test_unknown_parameters_are_said_to_be_unsupported() -> None:
    unknown = key_info()
    unknown["algorithm"]["parameters"] = {"public_key_param_set": "1.2.643.2.2.35.9"}
    with pytest.raises(AlgorithmNotSupported, match=r"1\.2\.643\.2\.2\.35\.9"):
        GostSignatureValidator().validate_signature(
            value(), CONTENT, unknown, algorithm(KEY.algorithm.value)
        )


def test_a_key_that_is_no_point_is_refused() -> None:
    der = bytearray(write_public_key(KEY.public_key()))
    der[-1] ^= 1
    with pytest.raises(InvalidSignature, match="no point"):
        GostSignatureValidator().validate_signature(
            value(),
            CONTENT,
            keys.PublicKeyInfo.load(bytes(der)),
            algorithm(KEY.algorithm.value),
        )


def _modules() -> Iterator[str]:
    """The modules of pyHanko that use the name `hashes` as cryptography's module."""
    for package in ("pyhanko", "pyhanko_certvalidator"):
        for path in _sources(package):
            tree = ast.parse(path.read_text())
            imports = any(
                isinstance(node, ast.ImportFrom)
                and node.module == "cryptography.hazmat.primitives"
                and any(name.name == "hashes" for name in node.names)
                for node in ast.walk(tree)
            )
            if imports:
                root = _folder(package).parent
                yield ".".join(path.relative_to(root).with_suffix("").parts)


def _sources(package: str) -> Iterator[Path]:
    yield from _folder(package).rglob("*.py")


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None
    (folder,) = found.submodule_search_locations or ()
    return Path(folder)
