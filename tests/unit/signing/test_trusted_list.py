"""The ministry's list of accredited authorities: read, judged, kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from signing.accredited.accreditation import Period
from signing.accredited.list_check import (
    ListInFutureError,
    NoRootsError,
    NotTheMinistryError,
    RevocationUnknownError,
    RollbackError,
    SignerNotTrustedError,
    SignerRevokedError,
    SignerUnfitError,
    verify_list,
)
from signing.accredited.list_xml import ListFormError
from signing.accredited.qualified_trust import MINISTRY_OGRN, build_store, qualified_store
from signing.accredited.trusted_list import (
    Answer,
    StoredListUnreadableError,
    TrustedList,
    TrustedListError,
    accredited,
)
from signing.accredited.xmldsig import SignatureCountError, XmlChangedError, XmlSignatureError
from signing.certificates import Certificate
from signing.gost.keys import KeyAlgorithm
from signing.revocation.crls import load_crl
from signing.trust import Chain, ChainProblem, TrustAnchor
from signing.verdicts import SignatureKind
from tests import gost_pki
from tests.gost_pki import GostHolder, new_key
from tests.pki import DAY, HEAD, NOON, YEAR
from tests.trusted_lists import IN_FORCE, MINISTRY, Entry, Ministry, Status, list_xml
from tests.xml_signer import XmlSigner, enclosed

DAY_OF_ISSUE = (NOON - 30 * DAY).date()


@pytest.fixture(scope="module")
def ministry() -> Ministry:
    return Ministry.open()


@pytest.fixture(scope="module")
def centre(ministry: Ministry) -> GostHolder:
    """An authority that the state root has certified."""
    return ministry.root.authority("Испытательный центр")


def verified(ministry: Ministry, content: bytes, **changes: object) -> TrustedList:
    arguments = {"roots": ministry.roots, "now": NOON, "crls": ministry.crls} | changes
    return verify_list(content, **arguments)  # type: ignore[arg-type]  # by name


# Who signed.


def test_a_list_of_the_ministry_is_read(ministry: Ministry, centre: GostHolder) -> None:
    content = ministry.list(Entry((centre.der,)), version="16326")
    found = verified(ministry, content)
    assert found.version == 16326
    assert found.issued_at == datetime(2026, 11, 19, 7, tzinfo=UTC)
    (authority,) = found.authorities
    assert authority.name == "Испытательный центр"
    assert (authority.ogrn, authority.inn) == ("1021600000001", "1600000001")
    assert authority.periods == (Period(date(2012, 8, 31)),)  # 00:00 in Moscow's old summer zone
    assert authority.certificates == (centre.der,)
    assert found.left_out == ()


def test_the_ministry_is_known_by_its_number() -> None:
    """The number of the state's head authority, as its root certificates have it."""
    assert MINISTRY_OGRN == "1047702026701"


def test_another_organisation_below_the_same_root_is_not_the_ministry(
    ministry: Ministry, centre: GostHolder
) -> None:
    other = replace(ministry, signer=ministry.authority.person(HEAD))
    with pytest.raises(NotTheMinistryError):
        verified(ministry, other.list(Entry((centre.der,))))


def test_an_accredited_centre_does_not_make_itself_the_ministry(
    ministry: Ministry, centre: GostHolder
) -> None:
    """Any authority below the root can write the ministry's number into a certificate."""
    false = replace(ministry, authority=centre, signer=centre.person(MINISTRY))
    with pytest.raises(NotTheMinistryError):
        verified(ministry, false.list(Entry((centre.der,))), crls=false.crls)


def test_a_ministry_below_another_root_is_not_trusted(ministry: Ministry) -> None:
    """Everything of its making fits together; only the root is not the confirmed one."""
    impostor = Ministry.open()
    with pytest.raises(SignerNotTrustedError):
        verified(ministry, impostor.list(), crls=impostor.crls)


def test_an_impostors_root_in_the_signature_or_list_confirms_nothing(ministry: Ministry) -> None:
    impostor = Ministry.open("Самозванец")
    document = list_xml([Entry((impostor.root.der, impostor.authority.der))])
    content = XmlSigner(impostor.signer).signed(document, impostor.root.der, impostor.authority.der)
    with pytest.raises(SignerNotTrustedError):
        verified(ministry, content, crls=impostor.crls)


def test_without_a_confirmed_root_there_is_no_list(ministry: Ministry) -> None:
    with pytest.raises(NoRootsError):
        verified(ministry, ministry.list(), roots=())


def test_the_authority_above_the_signer_may_stand_in_the_list_itself(ministry: Ministry) -> None:
    document = list_xml([Entry((ministry.authority.der,))])
    content = XmlSigner(ministry.signer).signed(document)
    assert verified(ministry, content).version == 100
    with pytest.raises(SignerNotTrustedError):
        verified(ministry, XmlSigner(ministry.signer).signed(list_xml([])))


@pytest.mark.parametrize(
    "changes",
    [
        {"not_after": NOON - DAY},
        {"not_before": NOON + DAY},
        {"usage": ("key_agreement",)},
        {"usage": None},
        {"ca": True, "usage": ("digital_signature", "key_cert_sign")},
    ],
)
def test_a_certificate_that_may_not_sign_now_does_not_sign_lists(
    ministry: Ministry, changes: dict[str, object]
) -> None:
    unfit = replace(ministry, signer=ministry.authority.person(MINISTRY, **changes))
    with pytest.raises(SignerUnfitError):
        verified(ministry, unfit.list())


def test_an_authority_that_has_expired_vouches_for_nobody(ministry: Ministry) -> None:
    old = ministry.root.authority("Старый центр", MINISTRY_OGRN, not_after=NOON - DAY)
    other = replace(ministry, authority=old, signer=old.person(MINISTRY))
    with pytest.raises(SignerNotTrustedError):
        verified(ministry, other.list(), crls=other.crls)


def test_a_person_is_no_authority(ministry: Ministry) -> None:
    clerk = ministry.authority.person(HEAD)
    below = replace(ministry, signer=clerk.person(MINISTRY))
    content = XmlSigner(below.signer).signed(list_xml([]), clerk.der, ministry.authority.der)
    with pytest.raises(SignerNotTrustedError):
        verified(ministry, content)


def test_a_revoked_signer_or_authority_signs_no_list(ministry: Ministry) -> None:
    root, authority = ministry.crls
    for crls in (
        (root, load_crl(ministry.authority.crl(ministry.signer))),
        (load_crl(ministry.root.crl(ministry.authority)), authority),
    ):
        with pytest.raises(SignerRevokedError):
            verified(ministry, ministry.list(), crls=crls)


def test_a_list_waits_until_it_is_known_that_nobody_is_revoked(ministry: Ministry) -> None:
    root, authority = ministry.crls
    stale = load_crl(ministry.authority.crl(this_update=NOON - 9 * DAY, next_update=NOON - 2 * DAY))
    for crls in ((), (root,), (authority,), (root, stale)):
        with pytest.raises(RevocationUnknownError) as refused:
            verified(ministry, ministry.list(), crls=crls)
        assert "Центр министерства" in str(refused.value)


def test_a_signer_with_a_key_of_512_bits_is_as_good(ministry: Ministry) -> None:
    key = new_key(KeyAlgorithm.GOST_2012_512)
    signer = ministry.authority.person(MINISTRY, key=key)
    urn = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"
    signing = XmlSigner(
        signer,
        method=f"{urn}gostr34102012-gostr34112012-512",
        digest_method=f"{urn}gostr34112012-512",
    )
    assert verified(ministry, signing.signed(list_xml([]), ministry.authority.der)).version == 100


# What was signed.


def test_an_entry_put_in_afterwards_is_seen(ministry: Ministry, centre: GostHolder) -> None:
    content, more = ministry.list(), Entry((centre.der,)).xml.encode()
    with pytest.raises(XmlChangedError):
        verified(ministry, content.replace("</Дата>".encode(), "</Дата>".encode() + more))


def test_the_signed_list_inside_another_one_is_refused(
    ministry: Ministry, centre: GostHolder
) -> None:
    """Wrapping: the attacker's list outside, the ministry's with its signature inside."""
    signed = XmlSigner(ministry.signer).signed(list_xml([]), ministry.authority.der)
    evil = list_xml([Entry((centre.der,))], version="101")
    with pytest.raises(XmlSignatureError):
        verified(ministry, enclosed(evil, signed))
    signature = signed[signed.index(b"<ds:Signature") : signed.rindex(b"</")]
    with pytest.raises(XmlChangedError):
        verified(ministry, enclosed(evil, signature))
    inner = enclosed(evil, b"<ds:Object xmlns:ds='urn:x'>" + list_xml([]) + b"</ds:Object>")
    with pytest.raises(XmlChangedError):
        verified(ministry, enclosed(inner, signature))


def test_a_list_without_signature_grants_nothing(ministry: Ministry) -> None:
    with pytest.raises(SignatureCountError):
        verified(ministry, list_xml([]))


def test_other_signed_xml_of_the_ministry_is_no_list(ministry: Ministry) -> None:
    for document in (
        "<Письмо></Письмо>",
        "<Письмо><Версия>1</Версия><Дата>2026-11-19</Дата></Письмо>",
        '<АккредитованныеУдостоверяющиеЦентры xmlns="urn:x"><Версия>1</Версия>'
        "<Дата>2026-11-19</Дата></АккредитованныеУдостоверяющиеЦентры>",
        f"<Письмо>{list_xml([]).decode()}</Письмо>",
        "<АккредитованныеУдостоверяющиеЦентры></АккредитованныеУдостоверяющиеЦентры>",
    ):
        with pytest.raises(ListFormError):
            verified(ministry, ministry.signed(document.encode()))


@pytest.mark.parametrize("version", ["", "-1", "1.5", "١", "1" * 40, "1<a></a>"])
def test_a_version_is_a_number(ministry: Ministry, version: str) -> None:
    with pytest.raises(ListFormError):
        verified(ministry, ministry.list(version=version))


@pytest.mark.parametrize("when", ["", "вчера", "0001-01-01T00:00:00+14:00", "2026-13-01"])
def test_a_date_is_a_date(ministry: Ministry, when: str) -> None:
    with pytest.raises(ListFormError):
        verified(ministry, ministry.list(date=when))


def test_two_versions_are_none(ministry: Ministry) -> None:
    document = list_xml([]).replace("<Дата>".encode(), "<Версия>7</Версия><Дата>".encode())
    with pytest.raises(ListFormError):
        verified(ministry, ministry.signed(document))


def test_the_version_never_goes_down(ministry: Ministry) -> None:
    content = ministry.list(version="100")
    assert verified(ministry, content, previous_version=99).version == 100
    assert verified(ministry, content, previous_version=100).version == 100
    with pytest.raises(RollbackError):
        verified(ministry, content, previous_version=101)


def test_a_list_of_tomorrow_is_refused(ministry: Ministry) -> None:
    with pytest.raises(ListInFutureError):
        verified(ministry, ministry.list(date="2026-11-21T12:00:00+03:00"))


def test_an_entry_that_is_not_whole_is_left_out_alone(
    ministry: Ministry, centre: GostHolder
) -> None:
    good = Entry((centre.der,))
    broken = [
        replace(good, name="Без ОГРН", ogrn=""),
        replace(good, name="ОГРН не число", ogrn="10216000000ab"),
        replace(good, name="ИНН с примечанием", inn="16000<b></b>00001"),
        replace(good, name="Без даты", status=("Действует", "")),
        replace(good, name="Без статуса", status=("", "2012-09-01T00:00:00")),
        replace(good, name="Пустой сертификат", certificates=(b"",)),
    ]
    found = verified(ministry, ministry.list(*broken, good))
    assert [each.name for each in found.authorities] == ["Испытательный центр"]
    assert found.left_out == tuple(entry.name for entry in broken)


def test_an_authority_in_another_place_or_namespace_is_none(
    ministry: Ministry, centre: GostHolder
) -> None:
    entry = Entry((centre.der,)).xml
    document = list_xml([]).decode()
    foreign = entry.replace("<УдостоверяющийЦентр>", '<УдостоверяющийЦентр xmlns="urn:x">')
    for inside in (f"<Приложение>{entry}</Приложение>", foreign):
        content = document.replace("</Дата>", f"</Дата>{inside}")
        found = verified(ministry, ministry.signed(content.encode()))
        assert (found.authorities, found.left_out) == ((), ())


# When an authority was accredited.

EARLY: Status = ("Действует", "2012-09-01")
ENDED: Status = ("Прекращена", "2020-03-10T00:00:00+03:00")


@pytest.mark.parametrize(
    ("status", "history", "periods"),
    [
        (EARLY, (), ["2012-09-01…"]),
        (ENDED, (EARLY,), ["2012-09-01…2020-03-10"]),
        (
            ("Действует", "2021-05-01"),
            (EARLY, ENDED, ("Действует", "2021-05-01")),
            ["2012-09-01…2020-03-10", "2021-05-01…"],
        ),
        (
            ("Приостановлена", "2015-01-01"),
            (EARLY,),
            ["2012-09-01…2015-01-01"],
        ),
        (("Что-то новое", "2015-01-01"), (EARLY,), ["2012-09-01…2015-01-01"]),
        (ENDED, (), []),
        (("Аннулирована", "2015-01-01"), (("Действует", "2016-01-01"),), []),
        (EARLY, (ENDED,), ["2012-09-01…2020-03-10"]),
        (
            ("Действует", "2020-03-10"),
            (EARLY, ENDED),
            ["2012-09-01…"],
        ),
        (
            ("Действует", "2022-01-01"),
            (("Действует", "2020-03-10"), EARLY, ENDED),
            ["2012-09-01…2020-03-10", "2022-01-01…"],
        ),
        (
            ("Действует", "2021-01-01"),
            (EARLY, ("Действует", "2015-01-01")),
            ["2012-09-01…"],
        ),
        (("Действует", "2012-08-31T22:00:00Z"), (), ["2012-09-01…"]),
    ],
)
def test_periods_of_accreditation(
    ministry: Ministry,
    centre: GostHolder,
    status: Status,
    history: tuple[Status, ...],
    periods: list[str],
) -> None:
    entry = Entry((centre.der,), status=status, history=history)
    (authority,) = verified(ministry, ministry.list(entry)).authorities
    written = [f"{each.since}…{each.until or ''}" for each in authority.periods]
    assert written == periods


def test_accreditation_is_that_of_the_certificate_on_the_day(
    ministry: Ministry, centre: GostHolder
) -> None:
    entry = Entry((centre.der,), status=ENDED, history=(IN_FORCE,))
    found = verified(ministry, ministry.list(entry))
    days = [date(2012, 8, 30), date(2012, 9, 1), date(2020, 3, 9), date(2020, 3, 10)]
    assert [accredited(found, centre.certificate, day) for day in days] == [
        Answer.NOT_THEN,
        Answer.ACCREDITED,
        Answer.ACCREDITED,
        Answer.NOT_THEN,
    ]
    other = ministry.root.authority("Испытательный центр")  # the same name, another key
    assert accredited(found, other.certificate, date(2015, 1, 1)) is Answer.NOT_LISTED


def test_a_certificate_that_passed_to_another_authority_has_the_periods_of_both(
    ministry: Ministry, centre: GostHolder
) -> None:
    before = Entry((centre.der,), status=ENDED, history=(IN_FORCE,))
    after = Entry((centre.der,), status=("Действует", "2021-01-01"), history=())
    found = verified(ministry, ministry.list(before, after))
    days = [date(2015, 1, 1), date(2020, 6, 1), date(2021, 6, 1)]
    answers = [accredited(found, centre.certificate, day) for day in days]
    assert answers == [Answer.ACCREDITED, Answer.NOT_THEN, Answer.ACCREDITED]


# Kept and used.


def test_the_compact_form_says_the_same(ministry: Ministry, centre: GostHolder) -> None:
    broken = Entry((), name="Без ОГРН", ogrn="")
    entry = Entry((centre.der,), status=ENDED, history=(IN_FORCE,))
    found = verified(ministry, ministry.list(broken, entry))
    stored = found.to_bytes()
    assert TrustedList.from_bytes(stored) == found
    assert TrustedList.from_bytes(stored).to_bytes() == stored


@pytest.mark.parametrize(
    "stored", [b"", b"[]", b"{}", b'{"form":"marshrut-trusted-list/2"}', b"<a/>", b"[" * 100_000]
)
def test_what_is_not_the_compact_form_is_refused(stored: bytes) -> None:
    with pytest.raises(StoredListUnreadableError):
        TrustedList.from_bytes(stored)


def chain(trusted: TrustedList, roots: tuple[Certificate, ...], signer: GostHolder) -> str:
    """The code of the problem, or "qualified"."""
    found = build_store(trusted, roots).find_chain(signer.certificate, (), NOON)
    if isinstance(found, ChainProblem):
        return found.code
    assert found.anchor.kind is SignatureKind.QUALIFIED
    return "qualified"


def test_a_signer_of_an_accredited_authority_is_qualified(
    ministry: Ministry, centre: GostHolder
) -> None:
    trusted = verified(ministry, ministry.list(Entry((centre.der,))))
    assert chain(trusted, ministry.roots, centre.person(HEAD)) == "qualified"


def test_accreditation_that_ended_before_the_issue_is_not_enough(
    ministry: Ministry, centre: GostHolder
) -> None:
    def of(status: Status) -> TrustedList:
        return verified(ministry, ministry.list(Entry((centre.der,), status=status)))

    person = centre.person(HEAD)
    on_the_day = ("Прекращена", DAY_OF_ISSUE.isoformat())
    after_it = ("Прекращена", (DAY_OF_ISSUE + timedelta(1)).isoformat())
    assert chain(of(on_the_day), ministry.roots, person) == "not_accredited"
    assert chain(of(after_it), ministry.roots, person) == "qualified"
    early = centre.person(HEAD, not_before=NOON - 2 * YEAR)
    assert chain(of(on_the_day), ministry.roots, early) == "qualified"


def test_an_authority_below_the_root_that_is_not_listed_is_not_trusted(
    ministry: Ministry, centre: GostHolder
) -> None:
    """Not even with its certificate in the signature: that the root certified it is not enough."""
    unlisted = ministry.root.authority("Не в перечне")
    trusted = verified(ministry, ministry.list(Entry((centre.der,))))
    store = build_store(trusted, ministry.roots)
    signer = unlisted.person(HEAD).certificate
    found = store.find_chain(signer, (unlisted.certificate,), NOON)
    assert isinstance(found, ChainProblem)
    assert found.code == "untrusted"


def test_a_listed_certificate_that_no_root_certified_is_not_trusted(ministry: Ministry) -> None:
    """A list alone, without the chain to the confirmed root, makes nobody qualified."""
    own = gost_pki.root("Сам себе корень")
    forged = gost_pki.root("Корень").authority("Подделка")  # below a root of the same name
    trusted = verified(ministry, ministry.list(Entry((own.der, forged.der))))
    assert chain(trusted, ministry.roots, own.person(HEAD)) == "untrusted"
    assert chain(trusted, ministry.roots, forged.person(HEAD)) in ("untrusted", "broken")


def test_certificates_that_cannot_be_read_stand_in_nobodys_way(
    ministry: Ministry, centre: GostHolder
) -> None:
    entry = Entry((b"\x30\x03abc", b"?", centre.der[:-1], centre.der))
    trusted = verified(ministry, ministry.list(entry))
    assert len(trusted.authorities[0].certificates) == 4
    assert chain(trusted, ministry.roots, centre.person(HEAD)) == "qualified"


def test_other_anchors_stay_beside_the_list(ministry: Ministry, centre: GostHolder) -> None:
    own = gost_pki.root("Центр организации")
    anchor = TrustAnchor(own.certificate, SignatureKind.ADVANCED)
    stored = verified(ministry, ministry.list(Entry((centre.der,)))).to_bytes()
    store = qualified_store(stored, ministry.roots, (anchor,))
    for signer, kind in (
        (own.person(HEAD), SignatureKind.ADVANCED),
        (centre.person(HEAD), SignatureKind.QUALIFIED),
    ):
        found = store.find_chain(signer.certificate, (), NOON)
        assert isinstance(found, Chain)
        assert found.anchor.kind is kind


def test_the_store_is_built_once_for_a_list(ministry: Ministry, centre: GostHolder) -> None:
    stored = verified(ministry, ministry.list(Entry((centre.der,)))).to_bytes()
    again = bytes(bytearray(stored))
    assert qualified_store(stored, ministry.roots) is qualified_store(again, ministry.roots)
    newer = verified(ministry, ministry.list(Entry((centre.der,)), version="101")).to_bytes()
    assert qualified_store(newer, ministry.roots) is not qualified_store(stored, ministry.roots)


def test_every_refusal_has_a_code_of_its_own() -> None:
    def below(error: type[TrustedListError]) -> list[type[TrustedListError]]:
        return [error, *(each for one in error.__subclasses__() for each in below(one))]

    codes = [each.code for each in below(TrustedListError)]
    assert len(codes) == len(set(codes))
