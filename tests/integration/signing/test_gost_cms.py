"""CMS by OpenSSL's gost engine through the nine checks and `marshrut verify`; ours through it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from click.testing import CliRunner

from marshrut.cli.verify import verify
from signing.certificates import load_certificate
from signing.digests import digest
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.keys import SigningKey, gost_signing_key
from signing.pdf.pades import embed_cms, prepare_pdf
from signing.pdf.signatures import read_signatures
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.trust import TrustAnchor, TrustStore
from signing.trust_folder import save_trust_folder
from signing.validate import validate_attached, validate_detached, validate_pdf
from signing.verdicts import Outcome, Report, SignatureKind, SignatureReport, Verdict
from tests.integration.signing.gost_engine import (
    OLD,
    SEVEN,
    EngineAuthority,
    ParameterSet,
    engine,
    make_authority,
    run,
)
from tests.unit.signing.conftest import plain_pdf

CONTENT = "Приказ № 12 о закреплении наставника".encode()
HOUR = timedelta(hours=1)

CADES, BARE, UNBOUND = ("-cades",), ("-noattr",), ()
"""What the engine signs: bound attributes, none at all, attributes that name no certificate."""
VALUE_WRONG = ("signature_value", "signature_wrong")
CODES = {BARE: "no_signed_attributes", UNBOUND: "not_bound"}
ATTRIBUTES = pytest.mark.parametrize(
    "attributes", [CADES, BARE, UNBOUND], ids=["cades", "bare", "unbound"]
)
ATTACHED = pytest.mark.parametrize("attached", [False, True], ids=["detached", "attached"])


@dataclass(frozen=True)
class Place:
    """An authority of the engine, and what signatures are judged by an hour after its list."""

    authority: EngineAuthority
    grounds: Grounds
    crl: bytes

    def sign(
        self, attributes: tuple[str, ...], *, attached: bool, content: bytes = CONTENT
    ) -> bytes:
        return self.authority.sign_cms(content, *attributes, *(["-nodetach"] if attached else []))

    def judged(self, signature: bytes, content: bytes = CONTENT) -> SignatureReport:
        (report,) = validate_detached(content, signature, self.grounds).report.signatures
        return report

    @property
    def key(self) -> SigningKey:
        """The engine's key of the signer, as Marshrut signs with it."""
        pem = self.authority.folder / "signer.key"
        pkcs8 = engine("pkey", "-in", pem, "-outform", "DER")
        return gost_signing_key(pkcs8, (self.authority.signer,))


def place_of(folder: Path, parameters: ParameterSet) -> Place:
    authority = make_authority(folder, parameters)
    crl = authority.crl(revoked=False)
    anchor = TrustAnchor(load_certificate(authority.certificate), SignatureKind.ADVANCED)
    listed = load_crl(crl)
    grounds = Grounds(TrustStore([anchor]), (listed,), listed.this_update + HOUR)
    return Place(authority, grounds, crl)


@pytest.fixture(scope="module", params=SEVEN, ids=str)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place_of(tmp_path_factory.mktemp("place"), request.param)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with the most common parameters."""
    return place_of(tmp_path_factory.mktemp("one"), SEVEN[1])


def failed(report: SignatureReport) -> dict[str, str]:
    return {c.key: c.code for c in report.checks if c.outcome is Outcome.FAILED}


@ATTRIBUTES
@ATTACHED
def test_what_the_engine_signs_is_judged_right(
    place: Place, attributes: tuple[str, ...], attached: bool
) -> None:
    """Right and bound: valid. Right but not bound, or without attributes: not accepted."""
    signature = place.sign(attributes, attached=attached)
    report = place.judged(signature)
    if attributes == CADES:
        assert report.verdict is Verdict.VALID
        return
    assert failed(report) == {"signature_value": CODES[attributes]}
    assert "verifies, but" in report.check("signature_value").msgid


@ATTRIBUTES
@ATTACHED
def test_another_document_fails(place: Place, attributes: tuple[str, ...], attached: bool) -> None:
    report = place.judged(place.sign(attributes, attached=attached), CONTENT + b".")
    changed, unbound = ("integrity", "content_changed"), ("signature_value", "not_bound")
    wrong = {CADES: {changed}, UNBOUND: {changed, unbound}, BARE: {VALUE_WRONG}}
    assert set(failed(report).items()) == wrong[attributes]


@ATTRIBUTES
@ATTACHED
def test_marshrut_verify_says_the_same(
    place: Place, attributes: tuple[str, ...], attached: bool, tmp_path: Path
) -> None:
    signature = place.sign(attributes, attached=attached)
    wanted = 0 if attributes == CADES else 1
    (tmp_path / "order.pdf").write_bytes(CONTENT)
    (tmp_path / "order.sig").write_bytes(signature)
    (tmp_path / "list.crl").write_bytes(place.crl)
    save_trust_folder(place.grounds.trust, tmp_path / "trust")
    given = ["--trust", tmp_path / "trust", "--crl", tmp_path / "list.crl"]
    beside = [tmp_path / "order.pdf", "--signature", tmp_path / "order.sig", *given]
    answer = CliRunner().invoke(verify, list(map(str, beside)))
    assert answer.exit_code == wanted, answer.output
    assert ("Подпись математически верна, но" in answer.output) == (wanted == 1)
    alone = CliRunner().invoke(verify, list(map(str, [tmp_path / "order.sig", *given])))
    assert alone.exit_code == (wanted if attached else 2), alone.output


def test_an_attached_document_is_the_one_that_was_signed(place: Place) -> None:
    validation = validate_attached(place.sign(CADES, attached=True), place.grounds)
    assert validation.report.verdict is Verdict.VALID


@pytest.mark.parametrize("form", ["PEM", "stream", "combined"])
def test_every_form_of_the_same_signature_is_valid(place: Place, form: str) -> None:
    signature = place.sign(CADES, attached=False)
    if form == "combined":
        signature = combined(signature)
    else:
        options = {
            "PEM": ("-outform", "PEM"),
            "stream": ("-stream", "-nodetach"),
        }
        signature = place.authority.sign_cms(CONTENT, "-cades", *options[form])
    assert place.judged(signature).verdict is Verdict.VALID


def combined(signature: bytes) -> bytes:
    """The same with key and digest in one identifier, which no signature covers."""
    envelope = cms.ContentInfo.load(signature)
    algorithm = envelope["content"]["signer_infos"][0]["signature_algorithm"]
    longer = {"1.2.643.7.1.1.1.1": "1.2.643.7.1.1.3.2", "1.2.643.7.1.1.1.2": "1.2.643.7.1.1.3.3"}
    algorithm["algorithm"] = longer[algorithm["algorithm"].dotted]
    return bytes(envelope.dump(force=True))


def test_a_revoked_signer_fails(place: Place, tmp_path: Path) -> None:
    listed = load_crl(place.authority.crl(revoked=True))
    grounds = Grounds(place.grounds.trust, (listed,), listed.this_update + HOUR)
    signature = place.sign(CADES, attached=False)
    (report,) = validate_detached(CONTENT, signature, grounds).report.signatures
    assert failed(report) == {"revocation": "revoked"}


def covered(signature: bytes, signer: bytes) -> Iterator[tuple[str, int, int]]:
    """Where attributes, value and the signer's certificate lie in the CMS."""
    info = cms.ContentInfo.load(signature)["content"]["signer_infos"][0]
    for name, part in (
        ("attributes", info["signed_attrs"].contents),
        ("value", info["signature"].contents),
        ("certificate", signer),
    ):
        yield name, signature.index(part), len(part)


def test_any_flipped_bit_of_what_is_covered_fails(place: Place) -> None:
    chance = random.Random(str(place.authority.parameters))
    signature = place.sign(CADES, attached=False)
    for name, start, length in covered(signature, place.authority.signer):
        for _ in range(12):
            flipped = bytearray(signature)
            flipped[start + chance.randrange(length)] ^= 1 << chance.randrange(8)
            assert not accepted(lambda flipped=flipped: place.judged(bytes(flipped))), name
    for position in range(0, len(CONTENT), 7):
        changed = bytearray(CONTENT)
        changed[position] ^= 1
        assert failed(place.judged(signature, bytes(changed))) == {"integrity": "content_changed"}


def accepted(judge: Callable[[], SignatureReport]) -> bool:
    try:
        return judge().verdict is Verdict.VALID
    except SigningError:
        return False


def test_the_engine_verifies_what_we_sign(place: Place, tmp_path: Path) -> None:
    signature = sign_detached(CONTENT, place.key, place.grounds.now)
    assert place.judged(signature).verdict is Verdict.VALID
    ours = tmp_path / "ours.sig"
    ours.write_bytes(signature)
    given = (
        *("-binary", "-inform", "DER", "-in", ours, "-cades", "-purpose", "any"),
        *("-CAfile", place.authority.folder / "ca.pem"),
    )
    for content, right in ((CONTENT, True), (CONTENT + b".", False)):
        document = tmp_path / "document"
        document.write_bytes(content)
        answer = run("cms", "-verify", *given, "-content", document, "-out", tmp_path / "out")
        assert (answer.returncode == 0) is right, answer.stderr


def test_a_pdf_that_we_sign_is_verified_by_the_engine(place: Place, tmp_path: Path) -> None:
    pdf = sign_pdf(plain_pdf(), place.key, place.grounds.now)
    assert validate_pdf(pdf, place.grounds).report.verdict is Verdict.VALID
    (found,) = read_signatures(pdf).signatures
    (tmp_path / "ours.sig").write_bytes(found.cms)
    (tmp_path / "covered").write_bytes(b"".join(map(bytes, found.covered)))
    answer = run(
        *("cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "ours.sig"),
        *("-content", tmp_path / "covered", "-cades", "-purpose", "any"),
        *("-CAfile", place.authority.folder / "ca.pem", "-out", tmp_path / "out"),
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("subfilter", [b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"])
def test_a_pdf_signed_by_the_engine_is_valid(place: Place, subfilter: bytes) -> None:
    pdf = engine_pdf(place, subfilter)
    report = validate_pdf(pdf, place.grounds).report
    assert report.verdict is Verdict.VALID
    changed = pdf.replace(b"Order 12", b"Order 13", 1)
    (judged,) = validate_pdf(changed, place.grounds).report.signatures
    assert failed(judged) == {"integrity": "content_changed"}


def engine_pdf(place: Place, subfilter: bytes) -> bytes:
    name = place.key.scheme.digest
    prepared = prepare_pdf(plain_pdf(), name, place.grounds.now)
    room = len(b"/ETSI.CAdES.detached")
    pdf = prepared.pdf.replace(b"/ETSI.CAdES.detached", subfilter.ljust(room), 1)
    signed = pdf[: prepared.start] + pdf[prepared.end :]
    prepared = replace(prepared, pdf=pdf, content_digest=digest(name, signed))
    return embed_cms(prepared, place.sign(CADES, attached=False, content=signed))


def test_two_signers_are_judged_each_on_its_own(one: Place, tmp_path: Path) -> None:
    """The second comes from an authority that nobody trusts."""
    other = make_authority(tmp_path, SEVEN[2])
    (tmp_path / "first.sig").write_bytes(one.sign(CADES, attached=True))
    both = engine(
        *("cms", "-resign", "-binary", "-inform", "DER", "-in", tmp_path / "first.sig"),
        *("-signer", other.folder / "signer.pem", "-inkey", other.folder / "signer.key"),
        *("-cades", "-outform", "DER", "-nodetach"),
    )
    report: Report = validate_detached(CONTENT, both, one.grounds).report
    by_owner = {r.certificate.fingerprint: r for r in report.signatures if r.certificate}
    own = by_owner[load_certificate(one.authority.signer).fingerprint]
    foreign = by_owner[load_certificate(other.signer).fingerprint]
    assert own.verdict is Verdict.VALID
    assert failed(foreign) == {"chain": "untrusted"}
    assert report.verdict is Verdict.INVALID


def test_files_of_2001_verify_and_are_not_accepted(tmp_path: Path) -> None:
    old = place_of(tmp_path, OLD)
    report = old.judged(old.sign(CADES, attached=False))
    assert report.check("signature_value").outcome is Outcome.PASSED
    assert report.check("chain").outcome is Outcome.PASSED
    assert failed(report) == {"usage": "algorithm_refused"}
    assert "gost" in str(report.check("usage").params["algorithm"])
    assert failed(old.judged(old.sign(CADES, attached=False), b"other"))["integrity"]
