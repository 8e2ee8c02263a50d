"""PKCS#12 with GOST keys between Marshrut and OpenSSL with the gost engine, both directions."""

from __future__ import annotations

from pathlib import Path

import pytest

from signing.containers.errors import (
    NoChecksumError,
    ProtectionUnknownError,
    WrongPasswordError,
)
from signing.evidence import Grounds
from signing.keys import SigningKey, open_pkcs12
from signing.pdf.signatures import read_signatures
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.training.authority import TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts
from signing.validate import validate_detached
from signing.verdicts import SignatureKind, Verdict
from tests.integration.signing.gost_engine import (
    SEVEN,
    EngineAuthority,
    ParameterSet,
    engine,
    make_authority,
    run,
)
from tests.integration.signing.test_gost_cms import place_of
from tests.pki import NOON, YEAR
from tests.unit.signing.conftest import plain_pdf

CONTENT = "Приказ № 12 о закреплении наставника".encode()
PASSWORD = "Пароль 2026"

READ = {
    "as it is by default": (),
    "checksum by Streebog-512": ("-macalg", "md_gost12_512"),
    "checksum by Streebog-256": ("-macalg", "md_gost12_256"),
    "triple DES, as of old": (
        *("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
    ),
    "triple DES and RC2 of 40 bits, as of older still": ("-legacy",),
    "AES-128, checksum by SHA-512": (
        *("-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha512"),
    ),
    "certificate in the open": ("-certpbe", "NONE"),
    "nothing encrypted": ("-keypbe", "NONE", "-certpbe", "NONE"),
}
REFUSED = {
    "cipher of GOST": (("-keypbe", "gost89", "-certpbe", "gost89"), ProtectionUnknownError),
    "no checksum": (("-nomac",), NoChecksumError),
}


def exported(authority: EngineAuthority, options: tuple[str, ...]) -> bytes:
    """The signer's key and certificate with the authority's, as the engine writes them."""
    folder = authority.folder
    return engine(
        *("pkcs12", "-export", "-inkey", folder / "signer.key", "-in", folder / "signer.pem"),
        *("-certfile", folder / "ca.pem", "-name", "Подпись", "-passout", f"pass:{PASSWORD}"),
        *options,
    )


@pytest.fixture(scope="module", params=SEVEN, ids=str)
def authority(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> EngineAuthority:
    parameters: ParameterSet = request.param
    return make_authority(tmp_path_factory.mktemp("place"), parameters)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> EngineAuthority:
    return make_authority(tmp_path_factory.mktemp("one"), SEVEN[1])


def by_engine(signature: bytes, content: bytes, ca: Path, folder: Path) -> str:
    """What the engine has against a signature; nothing if it verifies."""
    (folder / "ours.sig").write_bytes(signature)
    (folder / "document").write_bytes(content)
    answer = run(
        *("cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "ours.sig", "-cades"),
        *("-purpose", "any", "-CAfile", ca, "-content", folder / "document"),
        *("-out", folder / "out"),
    )
    return answer.stderr.decode() if answer.returncode else ""


def test_a_key_of_each_parameter_set_signs_what_the_engine_verifies(
    authority: EngineAuthority, tmp_path: Path
) -> None:
    key = open_pkcs12(exported(authority, ()), PASSWORD)
    assert key.certificate.der == authority.signer
    now = load_crl(authority.crl(revoked=False)).this_update
    ca = authority.folder / "ca.pem"
    assert by_engine(sign_detached(CONTENT, key, now), CONTENT, ca, tmp_path) == ""
    (found,) = read_signatures(sign_pdf(plain_pdf(), key, now)).signatures
    covered = b"".join(map(bytes, found.covered))
    assert by_engine(found.cms, covered, ca, tmp_path) == ""
    assert by_engine(found.cms, covered + b".", ca, tmp_path) != ""


@pytest.mark.parametrize("options", READ.values(), ids=READ)
def test_what_the_engine_exports_opens_with_its_password_only(
    one: EngineAuthority, options: tuple[str, ...]
) -> None:
    container = exported(one, options)
    key = open_pkcs12(container, PASSWORD)
    assert (key.certificate.der, [each.der for each in key.chain]) == (
        one.signer,
        [one.certificate],
    )
    with pytest.raises(WrongPasswordError):
        open_pkcs12(container, PASSWORD + "!")


@pytest.mark.parametrize(("options", "error"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_is_refused_with_what_to_do(
    one: EngineAuthority, options: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error, match="Export the key anew"):
        open_pkcs12(exported(one, options), PASSWORD)


def test_a_signature_by_a_contained_key_passes_our_checks(tmp_path: Path) -> None:
    place = place_of(tmp_path, SEVEN[4])
    key = open_pkcs12(exported(place.authority, ()), PASSWORD)
    grounds: Grounds = place.grounds
    signature = sign_detached(CONTENT, key, grounds.now)
    assert validate_detached(CONTENT, signature, grounds).report.verdict is Verdict.VALID


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512])
def test_the_engine_signs_with_the_key_out_of_our_container(
    algorithm: KeyAlgorithm, tmp_path: Path
) -> None:
    ca = TrainingCA.create(NOON, 1, SignatureKind.ADVANCED, algorithm=algorithm)
    facts = SubjectFacts("Берёзкина", "Мария Ильинична", "11223344595", "160000000001")
    issued = ca.issue(facts, NOON, NOON + YEAR, algorithm)
    (tmp_path / "our.p12").write_bytes(issued.pkcs12(PASSWORD))
    opened = engine(
        *("pkcs12", "-in", tmp_path / "our.p12", "-passin", f"pass:{PASSWORD}", "-noenc"),
        *("-out", tmp_path / "key.pem"),
    )
    assert opened == b""
    value = engine(
        *("dgst", "-" + {"2": "md_gost12_256", "5": "md_gost12_512"}[algorithm[-3]]),
        *("-sign", tmp_path / "key.pem"),
        content=CONTENT,
    )
    key: SigningKey = issued.signing_key()
    key.scheme.verify(key.certificate.public_key_der, value, CONTENT)
