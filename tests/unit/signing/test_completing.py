"""A signature gets the timestamp that it lacks: once, if it holds, and nothing else changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from signing.cades import complete_cms, parse_cms, prepare_cms
from signing.certificates import Certificate, load_certificate
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.pdf.pades import embed_cms, prepare_pdf
from signing.pdf.signatures import read_signatures, signed_pdf_extends
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.timestamps.client import AuthoritySilentError
from signing.timestamps.completing import (
    TimestampNotGoodError,
    complete_detached,
    complete_pdf,
)
from signing.timestamps.tokens import Imprint, Token, parse_token
from signing.training.authority import TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import SignatureKind, TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import authority_at, stamped, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office, grounds: Grounds) -> Grounds:
    return replace(grounds, timestamping=vouching(office.root))


@dataclass
class Counted:
    """An authority that counts how often it is asked."""

    tsa: TrainingTsa
    at: datetime = NOON
    asked: list[Imprint] = field(default_factory=list)

    def stamp(self, imprint: Imprint) -> Token:
        self.asked.append(imprint)
        return authority_at(self.tsa, self.at).stamp(imprint)


class Silent:
    def stamp(self, imprint: Imprint) -> Token:
        raise AuthoritySilentError(host="tsa.example.org")


def test_a_signature_file_gets_its_timestamp_once(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    plain, authority = sign_detached(CONTENT, head_key, NOON), Counted(tsa)
    completed = complete_detached(CONTENT, plain, authority, stamping)
    (report,) = validate_detached(CONTENT, completed, stamping).report.signatures
    assert (report.verdict, report.time_basis) == (Verdict.VALID, TimeBasis.PROVEN)
    assert parse_cms(completed).signature == parse_cms(plain).signature
    assert complete_detached(CONTENT, completed, authority, stamping) is completed
    assert len(authority.asked) == 1


def test_a_signature_that_came_with_a_good_timestamp_stays_as_it_is(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    came = stamped(sign_detached(CONTENT, head_key, NOON), tsa, NOON)
    assert complete_detached(CONTENT, came, Silent(), stamping) is came


def test_a_signature_inside_a_pdf_gets_its_timestamp_inside(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    plain, authority = sign_pdf(pdf, head_key, NOON), Counted(tsa)
    completed = complete_pdf(plain, authority, stamping)
    assert len(completed) == len(plain)
    report = validate_pdf(completed, stamping).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    assert report.timestamps == ()
    assert signed_pdf_extends(pdf, completed)
    assert complete_pdf(completed, authority, stamping) is completed
    assert len(authority.asked) == 1


def signed_without_room(pdf: bytes, key: SigningKey) -> bytes:
    """The signed PDF, with hardly more room in it than the signature takes."""
    needed = len(sign_detached(b"", key, NOON))
    place = prepare_pdf(pdf, key.scheme.digest, NOON, room=needed + 100)
    prepared = prepare_cms(place.content_digest, key.certificate, key.scheme, signing_time=None)
    return embed_cms(place, complete_cms(prepared, key.sign(prepared.to_sign), key.chain))


def test_a_pdf_without_room_gets_a_timestamp_over_all_of_it(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    plain = signed_without_room(pdf, head_key)
    completed = complete_pdf(plain, authority_at(tsa, NOON), stamping)
    assert completed.startswith(plain)
    report = validate_pdf(completed, stamping).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    assert len(report.timestamps) == 1
    assert signed_pdf_extends(pdf, completed)


def test_a_silent_authority_leaves_nothing_half_done(
    head_key: SigningKey, stamping: Grounds, pdf: bytes
) -> None:
    with pytest.raises(AuthoritySilentError):
        complete_detached(CONTENT, sign_detached(CONTENT, head_key, NOON), Silent(), stamping)
    with pytest.raises(AuthoritySilentError):
        complete_pdf(sign_pdf(pdf, head_key, NOON), Silent(), stamping)


def test_a_timestamp_that_does_not_hold_is_put_nowhere(
    office: Office, head_key: SigningKey, stamping: Grounds
) -> None:
    expired = tsa_of(office.issuing, "Прежняя", not_before=NOON - YEAR, not_after=NOON - DAY)
    with pytest.raises(TimestampNotGoodError) as refused:
        complete_detached(
            CONTENT,
            sign_detached(CONTENT, head_key, NOON),
            authority_at(expired, NOON),
            stamping,
        )
    assert refused.value.failed.code == "expired"


def test_an_authority_that_is_not_trusted_yet_is_not_asked_for_a_heap_of_timestamps(
    head_key: SigningKey, tsa: TrainingTsa, grounds: Grounds, stamping: Grounds, pdf: bytes
) -> None:
    """Once somebody vouches for it, the first timestamp counts."""
    once = complete_detached(
        CONTENT, sign_detached(CONTENT, head_key, NOON), authority_at(tsa, NOON), grounds
    )
    assert len(parse_cms(once).tokens) == 1
    later = replace(grounds, now=grounds.now + DAY)
    assert complete_detached(CONTENT, once, authority_at(tsa, NOON + DAY), later) is once
    (report,) = validate_detached(CONTENT, once, stamping).report.signatures
    assert report.time_basis is TimeBasis.PROVEN
    signed = complete_pdf(sign_pdf(pdf, head_key, NOON), authority_at(tsa, NOON), grounds)
    assert complete_pdf(signed, authority_at(tsa, NOON + DAY), later) is signed


def test_another_authority_is_asked_where_the_first_is_not_trusted(
    office: Office, head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    strange = TrainingTsa.create(
        TrainingCA.create(NOON, 2, SignatureKind.ADVANCED), NOON - DAY, NOON + DAY
    )
    once = complete_detached(
        CONTENT, sign_detached(CONTENT, head_key, NOON), authority_at(strange, NOON), stamping
    )
    twice = complete_detached(CONTENT, once, authority_at(tsa, NOON), stamping)
    assert len(parse_cms(twice).tokens) == 2
    (report,) = validate_detached(CONTENT, twice, stamping).report.signatures
    assert report.time_basis is TimeBasis.PROVEN


# GOST, from the key of the authority to the digest


@pytest.fixture(scope="module", params=[KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512])
def gost(request: pytest.FixtureRequest) -> KeyAlgorithm:
    return KeyAlgorithm(request.param)


def gost_world(algorithm: KeyAlgorithm) -> tuple[SigningKey, TrainingTsa, Grounds]:
    """Signer, authority for timestamps and trust, all with GOST keys."""
    ca = TrainingCA.create(NOON, 5, SignatureKind.ADVANCED, algorithm=algorithm)
    facts = SubjectFacts("Белова", "Анна", "11223344595", "500100732259")
    key = ca.issue(facts, NOON - DAY, NOON + YEAR, algorithm).signing_key()
    tsa = TrainingTsa.create(ca, NOON - DAY, NOON + YEAR, algorithm)
    root = key_root(ca)
    store = TrustStore([TrustAnchor(root, SignatureKind.TRAINING, SignatureKind.ADVANCED)])
    lists = tuple(load_crl(make(NOON, NOON + DAY)) for make in (ca.crl, ca.root_crl))
    return key, tsa, Grounds(trust=store, crls=lists, now=NOON, timestamping=store)


def key_root(ca: TrainingCA) -> Certificate:
    return load_certificate(ca.root.certificate_der)


def test_a_gost_signature_gets_a_gost_timestamp(gost: KeyAlgorithm) -> None:
    key, tsa, grounds = gost_world(gost)
    completed = complete_detached(
        CONTENT, sign_detached(CONTENT, key, NOON), authority_at(tsa, NOON), grounds
    )
    token = parse_token(parse_cms(completed).tokens[0])
    assert token.imprint.digest == token.signed.digest == key.scheme.digest
    assert key.scheme.digest.startswith("streebog")
    (report,) = validate_detached(CONTENT, completed, grounds).report.signatures
    assert (report.verdict, report.time_basis) == (Verdict.VALID, TimeBasis.PROVEN)


def test_a_gost_timestamp_stands_over_a_whole_pdf(gost: KeyAlgorithm, pdf: bytes) -> None:
    key, tsa, grounds = gost_world(gost)
    signed = signed_without_room(pdf, key)
    completed = complete_pdf(signed, authority_at(tsa, NOON), grounds)
    (stamp,) = read_signatures(completed).timestamps
    token = parse_token(stamp.cms)
    assert token.imprint.digest == key.scheme.digest
    assert token.imprint.value == stamp.content_digest(key.scheme.digest)
    report = validate_pdf(completed, grounds).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    changed = bytearray(completed)
    changed[changed.index(b"Order 12")] ^= 1
    assert validate_pdf(bytes(changed), grounds).report.verdict is Verdict.INVALID


def test_a_timestamp_by_an_impostor_of_the_same_name_does_not_keep_ours_away(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    impostor = tsa_of(Office.open("an impostor").issuing)
    came = stamped(sign_detached(CONTENT, head_key, NOON), impostor, NOON)
    (before,) = validate_detached(CONTENT, came, stamping).report.signatures
    assert before.time_basis is not TimeBasis.PROVEN
    completed = complete_detached(CONTENT, came, Counted(tsa), stamping)
    (report,) = validate_detached(CONTENT, completed, stamping).report.signatures
    assert len({each.authority for each in report.timestamps}) == 1
    assert (report.verdict, report.time_basis) == (Verdict.VALID, TimeBasis.PROVEN)
    assert complete_detached(CONTENT, completed, Counted(tsa), stamping) is completed
