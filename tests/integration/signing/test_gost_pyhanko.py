"""CMS, certificates and lists of OpenSSL's gost engine, judged by pyHanko with the shim."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import cms, crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    async_validate_cms_signature,
    async_validate_detached_cms,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator.context import ValidationContext

from signing.gost_pyhanko import GostSignatureValidator, install
from signing.pdf.pades import embed_cms, prepare_pdf
from tests.integration.signing.gost_engine import (
    SEVEN,
    EngineAuthority,
    ParameterSet,
    make_authority,
)
from tests.unit.signing.conftest import plain_pdf

CONTENT = "Приказ № 12 о закреплении наставника".encode()
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
WITH_DIGEST = {
    "gost2012_256": "1.2.643.7.1.1.3.2",
    "gost2012_512": "1.2.643.7.1.1.3.3",
}
FORMS = pytest.mark.parametrize("form", ["bare", "combined"])
ATTRIBUTES = pytest.mark.parametrize("attributes", ["-cades", "-noattr"])


@pytest.fixture(scope="module", autouse=True)
def _taught() -> None:
    install()


@pytest.fixture(scope="module", params=SEVEN, ids=str)
def authority(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> EngineAuthority:
    parameters: ParameterSet = request.param
    return make_authority(tmp_path_factory.mktemp("authority"), parameters)


def context(authority: EngineAuthority, revocation: bytes | None = None) -> ValidationContext:
    """Trust in the authority, an hour after it began; with a list, every link needs one."""
    root = x509.Certificate.load(authority.certificate)
    return ValidationContext(
        trust_roots=[root],
        crls=[] if revocation is None else [revocation],
        revocation_mode="soft-fail" if revocation is None else "require",
        moment=root.not_valid_before + timedelta(hours=1),
        signature_validator=GostSignatureValidator(),
        allow_fetching=False,
    )


def judged(
    authority: EngineAuthority,
    signed: cms.SignedData,
    content: bytes | None,
    revocation: bytes | None = None,
) -> SignatureStatus:
    """Return pyHanko's status; `content` is None when the CMS carries it."""
    trust = context(authority, revocation)
    if content is None:
        return asyncio.run(async_validate_cms_signature(signed, validation_context=trust))
    return asyncio.run(
        async_validate_detached_cms(BytesIO(content), signed, signer_validation_context=trust)
    )


def judged_pdf(authority: EngineAuthority, pdf: bytes) -> SignatureStatus:
    """Return pyHanko's status of the one signature in a PDF."""
    (embedded,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return asyncio.run(
        async_validate_pdf_signature(embedded, signer_validation_context=context(authority))
    )


def signed_data(der: bytes, form: str = "bare") -> cms.SignedData:
    """Read a CMS; for "combined" name key and digest together, which no signature covers."""
    content: cms.SignedData = cms.ContentInfo.load(der)["content"]
    algorithm = content["signer_infos"][0]["signature_algorithm"]["algorithm"]
    assert algorithm.native in WITH_DIGEST
    if form == "combined":
        combined = WITH_DIGEST[algorithm.native]
        content["signer_infos"][0]["signature_algorithm"] = {"algorithm": combined}
    return content


@FORMS
@ATTRIBUTES
@pytest.mark.parametrize("place", ["detached", "attached"])
def test_a_cms_of_the_engine_is_valid_and_trusted(
    authority: EngineAuthority, place: str, attributes: str, form: str
) -> None:
    attached = ["-nodetach"] if place == "attached" else []
    signed = signed_data(authority.sign_cms(CONTENT, attributes, *attached), form)
    assert (signed["signer_infos"][0]["signed_attrs"].native is None) is (attributes == "-noattr")
    content = None if place == "attached" else CONTENT
    status = judged(authority, signed, content)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.signing_cert.dump() == authority.signer


def test_a_pdf_with_a_cms_of_the_engine_inside_is_valid_and_trusted(
    authority: EngineAuthority,
) -> None:
    digest = "streebog" + authority.parameters.algorithm[-3:]
    prepared = prepare_pdf(plain_pdf(), digest, NOON)
    covered = prepared.pdf[: prepared.start] + prepared.pdf[prepared.end :]
    signed = embed_cms(prepared, authority.sign_cms(covered, "-cades"))
    status = judged_pdf(authority, signed)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.md_algorithm == digest
    assert not judged_pdf(authority, signed.replace(b"Order 12", b"Order 13")).intact


@FORMS
@ATTRIBUTES
def test_another_content_is_not_intact(
    authority: EngineAuthority, attributes: str, form: str
) -> None:
    signed = signed_data(authority.sign_cms(CONTENT, attributes), form)
    assert not judged(authority, signed, CONTENT + b".").intact


@ATTRIBUTES
def test_a_changed_signature_value_is_not_valid(
    authority: EngineAuthority, attributes: str
) -> None:
    signed = signed_data(authority.sign_cms(CONTENT, attributes))
    value = signed["signer_infos"][0]["signature"].native
    signed["signer_infos"][0]["signature"] = value[:-1] + bytes([value[-1] ^ 1])
    status = judged(authority, signed, CONTENT)
    assert not status.valid
    assert not status.trusted


def test_changed_signed_attributes_are_not_valid(authority: EngineAuthority) -> None:
    der = authority.sign_cms(CONTENT, "-cades")
    attributes = cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signed_attrs"]
    (claimed,) = (each for each in attributes if each["type"].native == "signing_time")
    stamp = claimed["values"][0].chosen.contents
    # The certificate may begin in the same second, so the last of these is meant.
    before, _, after = der.rpartition(stamp)
    changed = before + stamp[:-2] + (b"1Z" if stamp[-2:] != b"1Z" else b"2Z") + after
    assert changed != der
    assert not judged(authority, signed_data(changed), CONTENT).valid


def test_a_certificate_of_another_authority_is_not_trusted(
    authority: EngineAuthority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = make_authority(tmp_path_factory.mktemp("other"), authority.parameters)
    status = judged(other, signed_data(authority.sign_cms(CONTENT, "-cades")), CONTENT)
    assert (status.intact, status.valid, status.trusted) == (True, True, False)


def test_lists_of_the_engine_say_whether_a_certificate_is_revoked(
    authority: EngineAuthority,
) -> None:
    signed = signed_data(authority.sign_cms(CONTENT, "-cades"))
    good = judged(authority, signed, CONTENT, authority.crl(revoked=False))
    assert (good.trusted, good.revoked) == (True, False)
    bad = judged(authority, signed, CONTENT, authority.crl(revoked=True))
    assert (bad.trusted, bad.revoked) == (False, True)


def test_a_list_with_a_wrong_signature_leaves_revocation_open(
    authority: EngineAuthority,
) -> None:
    parsed = crl.CertificateList.load(authority.crl(revoked=False))
    value = parsed["signature"].native
    parsed["signature"] = bytes([value[0] ^ 1]) + value[1:]
    signed = signed_data(authority.sign_cms(CONTENT, "-cades"))
    status = judged(authority, signed, CONTENT, parsed.dump(force=True))
    assert (status.valid, status.trusted) == (True, False)
