"""The training authority: what it issues, what it lists as revoked, how it is kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
)

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.keys import open_pkcs12
from signing.policy import Family, Scheme
from signing.revocation.known import load_crl
from signing.sign import sign_detached
from signing.training.authority import (
    AlreadyRevokedError,
    Issued,
    KindStoodForError,
    NotItsCertificateError,
    TrainingCA,
)
from signing.training.certificates import KeyAlgorithm
from signing.training.examples import TrainingExamples, make_examples
from signing.training.subjects import (
    INN_LE,
    OGRN,
    SNILS,
    OrganisationFacts,
    SubjectFacts,
    SubjectFactsError,
)
from signing.training.vault import TrainingVaultError
from signing.trust import Chain, TrustAnchor, TrustStore
from signing.validate import validate_detached
from signing.verdicts import SignatureKind, Verdict

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
KINDERGARTEN = OrganisationFacts(
    name="Муниципальное бюджетное дошкольное образовательное учреждение «Ласточка»",
    short_name="МБДОУ «Ласточка»",
    ogrn="1021600000124",
    inn_le="1600000036",
)
HEAD = SubjectFacts(
    surname="Белова",
    given_name="Яна Николаевна",
    snils="11223344595",
    inn="160000000036",
    title="Заведующий",
    organisation=KINDERGARTEN,
)
MENTOR = SubjectFacts("Константинопольская", "Александра Владиславовна", "11223344595", "1" * 12)


@pytest.fixture(scope="module")
def examples_with_ca() -> tuple[TrainingCA, TrainingExamples]:
    ca = TrainingCA.create(NOW, 4, SignatureKind.QUALIFIED)
    return ca, make_examples(ca, HEAD, NOW)


def validate(ca: TrainingCA, issued: Issued, at: datetime = NOW) -> None:
    """Let pyhanko-certvalidator judge `issued`, demanding revocation lists of both authorities."""
    validator = CertificateValidator(
        end_entity_cert=Certificate.load(issued.certificate_der),
        intermediate_certs=[Certificate.load(ca.issuing.certificate_der)],
        validation_context=ValidationContext(
            trust_roots=[Certificate.load(ca.root.certificate_der)],
            crls=[ca.crl(at, at + 7 * DAY), ca.root_crl(at, at + 7 * DAY)],
            revocation_mode="require",
            moment=at,
        ),
    )
    asyncio.run(validator.async_validate_usage({"digital_signature", "non_repudiation"}))


def test_good_example_is_trusted_with_both_lists(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
) -> None:
    ca, examples = examples_with_ca
    validate(ca, examples.good)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("expired", ExpiredError),
        ("not_yet_valid", NotYetValidError),
        ("revoked", RevokedError),
        ("foreign", PathBuildingError),
    ],
)
def test_each_bad_example_is_refused_for_its_own_reason(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
    name: str,
    reason: type[Exception],
) -> None:
    ca, examples = examples_with_ca
    with pytest.raises(reason):
        validate(ca, getattr(examples, name))


def test_foreign_example_is_good_for_those_who_trust_its_root(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
) -> None:
    _, examples = examples_with_ca
    validate(examples.foreign_ca, examples.foreign)


def test_expired_example_was_good_while_it_lasted(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
) -> None:
    ca, examples = examples_with_ca
    validate(ca, examples.expired, at=NOW - 20 * DAY)


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_everything_issued_says_that_it_is_for_training(algorithm: KeyAlgorithm) -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.ADVANCED, algorithm=algorithm)
    issued = ca.issue(MENTOR, NOW, NOW + DAY, algorithm)
    word = "УЧЕБНЫЙ".encode()
    for made in (issued, ca.issuing, ca.root):
        assert word in made.certificate_der
    assert word in issued.certificate.issuer.public_bytes()
    assert word in issued.certificate.subject.public_bytes()
    policies = issued.certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    assert word in policies.value.public_bytes()
    assert word in ca.crl(NOW, NOW + DAY)


@pytest.mark.parametrize(
    ("kind", "words"),
    [(SignatureKind.ADVANCED, "неквалифицированной"), (SignatureKind.QUALIFIED, "квалифицир")],
)
def test_anchor_names_the_kind_it_stands_in_for(kind: SignatureKind, words: str) -> None:
    ca = TrainingCA.create(NOW, 1, kind)
    assert ca.kind_stood_for is kind
    assert f"вместо усиленной {words}".encode() in ca.root.certificate_der


def test_training_authority_cannot_stand_in_for_itself() -> None:
    with pytest.raises(KindStoodForError):
        TrainingCA.create(NOW, 1, SignatureKind.TRAINING)


def test_certificate_of_a_head_names_person_and_legal_entity(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
) -> None:
    subject = examples_with_ca[1].good.certificate.subject
    values = {attribute.oid: attribute.value for attribute in subject}
    assert values[NameOID.COMMON_NAME] == "МБДОУ «Ласточка»"
    assert values[NameOID.SURNAME] == "Белова"
    assert values[NameOID.GIVEN_NAME] == "Яна Николаевна"
    assert values[NameOID.TITLE] == "Заведующий"
    assert values[NameOID.ORGANIZATION_NAME] == KINDERGARTEN.name
    assert (values[OGRN], values[INN_LE]) == ("1021600000124", "1600000036")


def test_certificate_of_a_person_names_no_legal_entity() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.ADVANCED)
    subject = ca.issue(MENTOR, NOW, NOW + DAY).certificate.subject
    oids = {attribute.oid for attribute in subject}
    assert SNILS in oids
    assert not oids & {OGRN, INN_LE, NameOID.ORGANIZATION_NAME, NameOID.TITLE}


def test_numbers_are_numeric_strings_as_in_real_certificates(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
) -> None:
    encoded = examples_with_ca[1].good.certificate.subject.public_bytes()
    numeric_string = 0x12
    for number in (HEAD.snils, HEAD.inn, KINDERGARTEN.ogrn, KINDERGARTEN.inn_le):
        assert bytes([numeric_string, len(number)]) + number.encode() in encoded


def test_long_name_of_an_organisation_keeps_the_common_name_within_64_characters() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.QUALIFIED)
    organisation = OrganisationFacts("Полное имя", "Школа " * 30, "1" * 13, "2" * 10)
    facts = SubjectFacts("Белова", "Яна", "3" * 11, "4" * 12, "Директор", organisation)
    subject = ca.issue(facts, NOW, NOW + DAY).certificate.subject
    name = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert len(name) == 64
    assert str(name).endswith("…")


@pytest.mark.parametrize("snils", ["1122334459", "112233445955", "112-233-445", "١١٢٢٣٣٤٤٥٩٥"])
def test_snils_that_is_not_eleven_digits_is_refused(snils: str) -> None:
    with pytest.raises(SubjectFactsError) as caught:
        SubjectFacts("Белова", "Яна", snils, "1" * 12)
    assert caught.value.params == {"number": "СНИЛС", "length": 11}


def test_key_may_end_before_its_certificate() -> None:
    ca = TrainingCA.create(NOW, 4, SignatureKind.QUALIFIED)
    issued = ca.issue(HEAD, NOW, NOW + 400 * DAY, key_used_until=NOW + 300 * DAY)
    usage = issued.certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod)
    assert usage.value.not_after == (NOW + 300 * DAY).replace(tzinfo=None)


def test_authority_spans_the_years_it_is_told() -> None:
    ca = TrainingCA.create(
        NOW, 2, SignatureKind.ADVANCED, valid_from=datetime(2022, 1, 1, tzinfo=UTC)
    )
    for authority in (ca.root, ca.issuing):
        assert authority.certificate.not_valid_before_utc == datetime(2022, 1, 1, tzinfo=UTC)
        assert authority.certificate.not_valid_after_utc == NOW + 730 * DAY


def test_local_time_is_refused() -> None:
    with pytest.raises(ValueError, match="UTC"):
        TrainingCA.create(datetime(2026, 11, 20), 1, SignatureKind.ADVANCED)  # noqa: DTZ001


def numbers_on(crl: bytes) -> tuple[int, set[int]]:
    loaded = x509.load_der_x509_crl(crl)
    number = loaded.extensions.get_extension_for_oid(ExtensionOID.CRL_NUMBER).value
    assert isinstance(number, x509.CRLNumber)
    return number.crl_number, {entry.serial_number for entry in loaded}


def test_each_list_has_a_greater_number_than_the_one_before() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.ADVANCED)
    first, _ = numbers_on(ca.crl(NOW, NOW + DAY))
    again, _ = numbers_on(ca.crl(NOW, NOW + DAY))
    assert again > first


def test_list_of_an_earlier_moment_does_not_know_of_a_later_revocation() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.ADVANCED)
    serial = ca.issue(MENTOR, NOW, NOW + 30 * DAY).certificate.serial_number
    ca.revoke(serial, NOW + 2 * DAY, x509.ReasonFlags.cessation_of_operation)
    assert numbers_on(ca.crl(NOW + DAY, NOW + 9 * DAY))[1] == set()
    assert numbers_on(ca.crl(NOW + 2 * DAY, NOW + 9 * DAY))[1] == {serial}


def test_revocation_is_not_changed_afterwards() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.ADVANCED)
    serial = ca.issue(MENTOR, NOW, NOW + 30 * DAY).certificate.serial_number
    ca.revoke(serial, NOW, x509.ReasonFlags.unspecified)
    with pytest.raises(AlreadyRevokedError):
        ca.revoke(serial, NOW + DAY, x509.ReasonFlags.unspecified)


def test_authority_revokes_only_what_it_issued(
    examples_with_ca: tuple[TrainingCA, TrainingExamples],
) -> None:
    ca, examples = examples_with_ca
    with pytest.raises(NotItsCertificateError):
        ca.revoke(examples.foreign.certificate.serial_number, NOW, x509.ReasonFlags.unspecified)


def test_stored_authority_comes_back_whole() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.QUALIFIED)
    examples = make_examples(ca, HEAD, NOW)
    number, listed = numbers_on(ca.crl(NOW, NOW + DAY))
    back = TrainingCA.from_bytes(ca.to_bytes("секрет"), "секрет")
    assert back.kind_stood_for is SignatureKind.QUALIFIED
    assert back.root.certificate == ca.root.certificate
    assert numbers_on(back.crl(NOW, NOW + DAY)) == (number + 1, listed)
    validate(back, examples.good)
    validate(back, back.issue(MENTOR, NOW, NOW + DAY))


def test_stored_authority_shows_nothing_without_its_password() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.QUALIFIED)
    locked = ca.to_bytes("секрет")
    assert "УЧЕБНЫЙ".encode() not in locked
    with pytest.raises(TrainingVaultError):
        TrainingCA.from_bytes(locked, "другой")


@pytest.mark.parametrize("position", [0, 30, 60, -1])
def test_changed_byte_in_a_stored_authority_is_noticed(position: int) -> None:
    locked = bytearray(TrainingCA.create(NOW, 1, SignatureKind.ADVANCED).to_bytes("секрет"))
    locked[position] ^= 1
    with pytest.raises(TrainingVaultError):
        TrainingCA.from_bytes(bytes(locked), "секрет")


@pytest.mark.parametrize("junk", [b"", b"junk", b"marshrut-training-ca/1\nshort"])
def test_bytes_that_are_no_stored_authority_are_refused(junk: bytes) -> None:
    with pytest.raises(TrainingVaultError):
        TrainingCA.from_bytes(junk, "секрет")


def test_a_gost_key_is_at_hand_and_in_a_container() -> None:
    ca = TrainingCA.create(NOW, 1, SignatureKind.QUALIFIED, algorithm=KeyAlgorithm.GOST_2012_256)
    issued = ca.issue(MENTOR, NOW, NOW + DAY, KeyAlgorithm.GOST_2012_256)
    key = issued.signing_key()
    assert key.certificate.der == issued.certificate_der
    assert key.scheme == Scheme(Family.GOST_2012_256, "streebog256")
    assert key.certificate.key_description == "gost2012_256 CryptoPro-A"
    opened = open_pkcs12(issued.pkcs12("пароль"), "пароль")
    assert (opened.private_key, opened.certificate, opened.chain) == (
        key.private_key,
        key.certificate,
        key.chain,
    )


@pytest.mark.parametrize("below", [KeyAlgorithm.ECDSA_P256, KeyAlgorithm.RSA_2048])
def test_keys_of_both_worlds_may_certify_each_other(below: KeyAlgorithm) -> None:
    gost = KeyAlgorithm.GOST_2012_256
    for authority, person in ((gost, below), (below, gost)):
        ca = TrainingCA.create(NOW, 1, SignatureKind.ADVANCED, algorithm=authority)
        key = ca.issue(MENTOR, NOW, NOW + DAY, person).signing_key()
        anchor = TrustAnchor(
            load_certificate(ca.root.certificate_der),
            SignatureKind.TRAINING,
            SignatureKind.ADVANCED,
        )
        found = TrustStore([anchor]).find_chain(key.certificate, key.chain, NOW)
        assert isinstance(found, Chain)


def test_a_stored_gost_authority_goes_on_issuing() -> None:
    gost = KeyAlgorithm.GOST_2012_512
    ca = TrainingCA.create(NOW, 1, SignatureKind.QUALIFIED, algorithm=gost)
    back = TrainingCA.from_bytes(ca.to_bytes("секрет"), "секрет")
    assert back.root == ca.root
    key = back.issue(MENTOR, NOW, NOW + DAY, gost).signing_key()
    lists = tuple(load_crl(made(NOW, NOW + DAY)) for made in (back.crl, back.root_crl))
    root = load_certificate(ca.root.certificate_der)
    anchor = TrustAnchor(root, SignatureKind.TRAINING, SignatureKind.QUALIFIED)
    grounds = Grounds(TrustStore([anchor]), lists, NOW)
    signature = sign_detached(b"text", key, NOW)
    assert validate_detached(b"text", signature, grounds).report.verdict is Verdict.VALID
