"""Judging a power of attorney: each question has an answer that lets sign and ones that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from signing.expectation import (
    Expectation,
    ExpectedOrganisation,
    ExpectedPerson,
    check_authority,
)
from signing.power.attorney import read_power
from signing.power.judgement import judge_power
from signing.power.questions import (
    PowerConfirmation,
    RegistryAnswer,
    RegistryStatus,
    RequiredPower,
)
from signing.sign import sign_detached
from signing.validate import validate_detached
from signing.verdicts import NotUnderstood, Outcome, SignatureKind
from tests.pki import DAY, HEAD, NOON, YEAR, Office
from tests.unit.signing.conftest import grounds_of, key_of, trust_in
from tests.unit.signing.power_judge import (
    GOOD,
    IN_FORCE,
    IN_WORDS,
    QUALIFIED,
    STAFF_ORDERS,
    TODAY,
    WEEK,
    Judge,
    open_,
    refused,
    said,
)
from tests.unit.signing.power_samples import (
    CODE,
    DEPUTY,
    MACHINE,
    NUMBER,
    ORGANISATION,
    Sample,
    document,
    encoded,
)
from tests.unit.signing.power_samples import HEAD as HEAD_IN_FILE


@pytest.fixture(scope="module")
def judge(office: Office) -> Judge:
    return Judge(office)


def test_a_good_power_holds_and_check_8_passes(judge: Judge) -> None:
    judgement = judge()
    assert judgement.outcome is Outcome.PASSED
    assert judgement.decisive is None
    assert [each.key for each in judgement.findings] == [
        "origin",
        "signature",
        "head",
        "principal",
        "dates",
        "representative",
        "power",
        "registry",
    ]
    check = check_authority(judgement.authority())
    assert (check.outcome, check.params["number"]) == (Outcome.PASSED, NUMBER)
    assert check.params["issued"] == "01.09.2026"


def test_a_power_that_fails_fails_check_8_and_an_open_one_leaves_it_open(judge: Judge) -> None:
    expired = judge(replace(GOOD, until="2026-11-19"))
    assert check_authority(expired.authority()).outcome is Outcome.FAILED
    silent = judge(registry=None)
    assert check_authority(silent.authority()).outcome is Outcome.NOT_MADE
    assert Expectation(authority=silent.authority()).authority == silent.authority()


def test_a_failure_goes_before_what_is_not_known(judge: Judge) -> None:
    judgement = judge(replace(GOOD, until="2026-11-19"), registry=None)
    assert judgement.outcome is Outcome.FAILED
    assert judgement.decisive is not None
    assert judgement.decisive.code == "expired"


def test_a_redelegated_power_is_never_accepted(judge: Judge) -> None:
    content = encoded(document(GOOD.redelegation()))
    judgement = judge_power(
        read_power(content), judge.report(content), judge.signing(), IN_FORCE, WEEK
    )
    assert judgement.outcome is Outcome.FAILED
    assert judgement.decisive is not None
    assert judgement.decisive.code == "redelegated"


# Who signed the power, and what.


def test_a_signature_over_other_bytes_is_refused(judge: Judge) -> None:
    """The very bytes count: one more space in the file, and the signature is not its own."""
    report = judge.report(GOOD.xml() + b"\n")
    assert said(judge(report=report)) == refused("other_bytes")


def test_a_file_changed_after_the_signing_is_refused(judge: Judge) -> None:
    original, content = GOOD.xml(), replace(GOOD, until="2028-08-31").xml()
    signature = sign_detached(original, key_of(judge.head()), NOON)
    grounds = grounds_of(trust_in(judge.office.root, kind=QUALIFIED), judge.office.crls)
    report = validate_detached(content, signature, grounds).report
    judgement = judge(replace(GOOD, until="2028-08-31"), report=report)
    assert said(judgement) == refused("signature_invalid")


def test_a_head_whose_certificate_is_revoked_gave_nothing(judge: Judge) -> None:
    signer = judge.head()
    revoked = judge.office.issuing.crl({signer.certificate.serial_number: NOON - 2 * DAY})
    lists = (judge.office.root_crl, revoked)
    report = judge.report(GOOD.xml(), signer, crls=lists)
    assert said(judge(report=report)) == refused("signature_invalid")


def test_a_signature_that_cannot_be_checked_now_leaves_the_power_open(judge: Judge) -> None:
    report = judge.report(GOOD.xml(), crls=())
    assert said(judge(report=report)) == open_("signature_undecided")


def test_an_advanced_signature_is_not_enough(judge: Judge) -> None:
    report = judge.report(GOOD.xml(), kind=SignatureKind.ADVANCED)
    assert said(judge(report=report)) == refused("not_qualified")


def test_a_signature_of_an_unknown_authority_is_refused(judge: Judge) -> None:
    signer = Office.open("чужой").issuing.person(HEAD)
    report = judge.report(GOOD.xml(), signer)
    assert said(judge(report=report)) == refused("signature_invalid")


def test_a_supposed_moment_proves_nothing(judge: Judge) -> None:
    report = judge.report(GOOD.xml(), at=NOON - timedelta(hours=1))
    assert said(judge(report=report)) == open_("signature_unclear")


def test_a_report_with_something_strange_in_it_leaves_the_power_open(judge: Judge) -> None:
    report = judge.report(GOOD.xml())
    strange = replace(report, not_understood=(NotUnderstood("strange", "Strange."),))
    for changed_report in (strange, replace(report, signatures=report.signatures * 2)):
        found = [each.code for each in judge(report=changed_report).findings]
        assert found[1:3] == ["signature_unclear", "signer_unknown"]
    assert judge(report=replace(report, signatures=())).outcome is Outcome.NOT_MADE


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "Подменная"},
        {"snils": "99988877766"},
        {"inn": "169999999999"},
        {"ogrn": "1021600000009"},
        {"inn_le": "1600000009"},
    ],
)
def test_a_forged_head_is_refused(judge: Judge, changes: dict[str, str]) -> None:
    """A good qualified signature, but not that of the head whom the file names."""
    assert said(judge(signer=judge.head(**changes))) == refused("other_head")


def test_a_head_invented_in_the_file_is_refused(judge: Judge) -> None:
    """Somebody writes a power for the school, names himself as its head and signs it."""
    forger = replace(DEPUTY, surname="Подменный", snils="999-888-777 66", inn="169999999999")
    leaders = f'<ЛицоБезДов ПолнЮЛ="1">{forger.xml("СвФЛ")}</ЛицоБезДов>'
    sample = replace(GOOD, leaders=leaders)
    numbers = {"snils": "99988877766", "inn": "169999999999"}
    own = judge.head(surname="Подменный", given="Пётр Андреевич", ogrn="", inn_le="", **numbers)
    assert said(judge(sample, signer=own)) == refused("head_not_for_organisation")
    foreign = {"ogrn": "1021600000009", "inn_le": "1600000009"}
    other = judge.head(surname="Подменный", given="Пётр Андреевич", **foreign, **numbers)
    assert said(judge(sample, signer=other)) == refused("other_head")


def test_a_head_must_be_the_one_in_our_register_where_it_knows_one(judge: Judge) -> None:
    """Another official with a certificate of the organisation cannot make himself its head."""
    own = ExpectedPerson("Березкина", "Мария Ильинична", snils="112-233-445 95")
    other = ExpectedPerson("Ольхова", "Анна Петровна", snils="111-222-333 44")
    assert judge(heads=(other, own)).outcome is Outcome.PASSED
    assert said(judge(heads=(other,))) == refused("head_not_registered")
    assert said(judge(heads=())) == refused("head_not_registered")
    namesake = ExpectedPerson("Берёзкина", "Мария Ильинична")
    assert said(judge(heads=(namesake,))) == open_("head_not_registered")


def test_a_head_known_by_her_name_alone_leaves_the_power_open(judge: Judge) -> None:
    nameless = replace(HEAD_IN_FILE, inn="", snils="")
    leaders = f'<ЛицоБезДов ПолнЮЛ="1">{nameless.xml("СвФЛ")}</ЛицоБезДов>'
    assert said(judge(replace(GOOD, leaders=leaders))) == open_("head_only_named")


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "БЕРЕЗКИНА", "given": "мария  ильинична"},
        {"snils": ""},
        {"inn": ""},
    ],
)
def test_the_head_is_known_in_every_way_of_writing(judge: Judge, changes: dict[str, str]) -> None:
    assert judge(signer=judge.head(**changes)).outcome is Outcome.PASSED


def test_one_of_several_heads_who_act_alone_signs(judge: Judge) -> None:
    other = replace(HEAD_IN_FILE, surname="Ольхова", snils="111-222-333 44", inn="160000000007")
    leaders = "".join(
        f'<ЛицоБезДов ПолнЮЛ="1">{who.xml("СвФЛ")}</ЛицоБезДов>' for who in (other, HEAD_IN_FILE)
    )
    assert judge(replace(GOOD, leaders=leaders)).outcome is Outcome.PASSED
    together = leaders.replace('ПолнЮЛ="1"', 'ПолнЮЛ="2"')
    assert said(judge(replace(GOOD, leaders=together))) == refused("heads_joint")


def test_an_organisation_without_a_head_of_its_own_is_not_supported(judge: Judge) -> None:
    company = '<СвЮЛЕИО НаимОрг="ООО «Опора»" ИННЮЛ="1600000009" КПП="160001001"/>'
    inside = f"<СВЮЛ>{company}{HEAD_IN_FILE.xml('СвФЛ')}</СВЮЛ>"
    leaders = f'<ЛицоБезДов ПолнЮЛ="1">{inside}</ЛицоБезДов>'
    assert said(judge(replace(GOOD, leaders=leaders))) == refused("head_unknown")


# For whom, and when.


def test_a_power_of_another_organisation_is_refused(judge: Judge) -> None:
    other = ExpectedOrganisation(ogrn="1021600000009")
    assert said(judge(principal=other)) == refused("other_principal")
    half = ExpectedOrganisation(ogrn="1021600000001", inn_le="1600000009")
    assert said(judge(principal=half)) == refused("other_principal")


def test_an_organisation_that_cannot_be_compared_leaves_the_power_open(judge: Judge) -> None:
    sample = replace(GOOD, organisation=ORGANISATION | {"ОГРН": ""})
    by_ogrn = ExpectedOrganisation(ogrn="1021600000001")
    assert said(judge(sample, principal=by_ogrn)) == open_("principal_not_compared")
    assert judge(sample).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 8, 31), "not_yet"),
        (date(2026, 9, 1), ""),
        (date(2027, 8, 31), ""),
        (date(2027, 9, 1), "expired"),
    ],
)
def test_both_days_of_the_term_belong_to_it(judge: Judge, on: date, code: str) -> None:
    judgement = judge(on=on)
    if code:
        assert said(judgement) == refused(code)
    else:
        assert judgement.outcome is Outcome.PASSED


# Who uses it, and for what.


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "СОСНОВ", "given": "Петр   Андреевич"},
        {"snils": ""},
        {"inn": ""},
    ],
)
def test_the_representative_is_known_in_every_way_of_writing(
    judge: Judge, changes: dict[str, str]
) -> None:
    assert judge(representative=judge.deputy(**changes)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "changes",
    [{"surname": "Сосновский"}, {"snils": "99988877766"}, {"inn": "169999999999"}],
)
def test_somebody_else_cannot_use_the_power(judge: Judge, changes: dict[str, str]) -> None:
    other = judge.deputy(**changes)
    assert said(judge(representative=other)) == refused("other_representative")


def test_a_certificate_without_numbers_does_not_show_the_representative(judge: Judge) -> None:
    namesake = judge.deputy(snils="", inn="")
    assert said(judge(representative=namesake)) == refused("other_representative")


def test_a_representative_known_by_name_alone_leaves_the_power_open(judge: Judge) -> None:
    nameless = replace(DEPUTY, inn="", snils="").xml("СведФизЛ")
    sample = replace(GOOD, representatives=(nameless,))
    assert said(judge(sample)) == open_("representative_only_named")


def test_an_organisation_as_representative_is_refused(judge: Judge) -> None:
    company = '<СведОрг НаимОрг="ООО «Опора»" ИННЮЛ="1600000009" КПП="160001001"/>'
    assert said(judge(replace(GOOD, representatives=(company,)))) == refused("other_representative")


def test_another_code_does_not_contain_the_power(judge: Judge) -> None:
    sample = replace(GOOD, powers=MACHINE.replace(CODE, "TRANSPORT_01"))
    assert said(judge(sample)) == refused("not_covered")
    only_other = RequiredPower("сдача отчётности", frozenset({"TAX_01"}))
    assert said(judge(power=only_other)) == refused("not_covered")


def confirmation(sample: Sample, **changes: object) -> PowerConfirmation:
    usual: dict[str, object] = {
        "confirmed_by": "Кленова А. В.",
        "at": NOON - DAY,
        "sha256": read_power(sample.xml()).sha256,
        "power": STAFF_ORDERS.name,
    }
    return PowerConfirmation(**(usual | changes))  # type: ignore[arg-type]  # by name


def test_a_power_in_words_waits_for_a_named_person(judge: Judge) -> None:
    assert said(judge(IN_WORDS)) == open_("to_confirm")
    judgement = judge(IN_WORDS, confirmation=confirmation(IN_WORDS))
    assert judgement.outcome is Outcome.PASSED
    assert judgement.findings[6].params["person"] == "Кленова А. В."


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "0" * 64}, {"power": "сдача отчётности"}, {"at": NOON + DAY}],
)
def test_a_confirmation_of_something_else_does_not_count(
    judge: Judge, changes: dict[str, object]
) -> None:
    given = confirmation(IN_WORDS, **changes)
    assert said(judge(IN_WORDS, confirmation=given)) == open_("to_confirm")


def test_a_confirmation_cannot_add_a_power_that_is_not_there(judge: Judge) -> None:
    sample = replace(GOOD, powers=MACHINE.replace(CODE, "TRANSPORT_01"))
    assert said(judge(sample, confirmation=confirmation(sample))) == refused("not_covered")


def test_nobody_confirms_without_a_name() -> None:
    with pytest.raises(ValueError, match="named person"):
        confirmation(IN_WORDS, confirmed_by="  ")


@pytest.mark.parametrize(
    "sample",
    [
        replace(GOOD, kind="0"),
        replace(GOOD, powers=MACHINE.replace("/>", "><ОгрСвПолн/></МашПолн>")),
        replace(GOOD, representatives=(*GOOD.representatives, HEAD_IN_FILE.xml("СведФизЛ"))),
    ],
    ids=["codes in a power in words", "limited", "several representatives"],
)
def test_a_code_that_does_not_stand_alone_waits_too(judge: Judge, sample: Sample) -> None:
    assert said(judge(sample)) == open_("to_confirm")
    assert judge(sample, confirmation=confirmation(sample)).outcome is Outcome.PASSED


def test_joint_powers_are_refused_even_when_confirmed(judge: Judge) -> None:
    both = (*GOOD.representatives, HEAD_IN_FILE.xml("СведФизЛ"))
    sample = replace(GOOD, representatives=both, joint="2")
    assert said(judge(sample, confirmation=confirmation(sample))) == refused("joint")


def test_joint_powers_of_a_single_representative_are_his_own(judge: Judge) -> None:
    assert judge(replace(GOOD, joint="2")).outcome is Outcome.PASSED


# Whether it was revoked.


def test_without_the_registry_nothing_is_accepted(judge: Judge) -> None:
    assert said(judge(registry=None)) == open_("registry_silent")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": NUMBER.replace("4", "5")}, "registry_silent"),
        ({"as_of": NOON - WEEK - timedelta(seconds=1)}, "registry_old"),
        ({"as_of": NOON + timedelta(seconds=1)}, "registry_future"),
        ({"status": RegistryStatus.UNKNOWN}, "registry_unknown"),
    ],
)
def test_an_answer_that_says_nothing_of_today_leaves_the_power_open(
    judge: Judge, changes: dict[str, object], code: str
) -> None:
    answer = replace(IN_FORCE, **changes)  # type: ignore[arg-type]  # by name
    assert said(judge(registry=answer)) == open_(code)


def test_an_answer_of_just_the_permitted_age_counts(judge: Judge) -> None:
    answer = replace(IN_FORCE, as_of=NOON - WEEK, number=NUMBER.upper())
    assert judge(registry=answer).outcome is Outcome.PASSED


@pytest.mark.parametrize("day", [None, date(2026, 11, 1), TODAY])
def test_a_revoked_power_is_refused(judge: Judge, day: date | None) -> None:
    answer = replace(IN_FORCE, status=RegistryStatus.REVOKED, revoked_on=day)
    assert said(judge(registry=answer)) == refused("revoked")


def test_a_revocation_stands_however_old_the_answer_is(judge: Judge) -> None:
    answer = RegistryAnswer(NUMBER, RegistryStatus.REVOKED, NOON - YEAR)
    assert said(judge(registry=answer)) == refused("revoked")


def test_a_power_revoked_after_the_signing_held_then(judge: Judge) -> None:
    answer = RegistryAnswer(NUMBER, RegistryStatus.REVOKED, NOON, TODAY + DAY)
    assert judge(registry=answer).outcome is Outcome.PASSED


def test_times_are_in_utc() -> None:
    with pytest.raises(ValueError, match="UTC"):
        RegistryAnswer(NUMBER, RegistryStatus.IN_FORCE, datetime(2026, 11, 20))  # noqa: DTZ001


def test_a_required_power_has_a_name() -> None:
    with pytest.raises(ValueError, match="name"):
        RequiredPower("", frozenset({CODE}))


def test_a_power_that_no_code_contains_here_is_found_by_reading_only(judge: Judge) -> None:
    asked = replace(STAFF_ORDERS, codes=frozenset())
    assert said(judge(power=asked)) == open_("codes_unknown")
    assert said(judge(IN_WORDS, power=asked)) == open_("to_confirm")


def test_what_nobody_was_asked_for_stays_open(judge: Judge) -> None:
    assert said(judge(power=None)) == open_("power_not_asked")
    assert said(judge(principal=None)) == open_("principal_not_asked")


def test_the_age_of_an_answer_is_counted_when_the_signature_came_in(judge: Judge) -> None:
    """What was fresh then stays fresh; what came later says that nothing was revoked before."""
    fresh = replace(IN_FORCE, as_of=NOON - 30 * DAY)
    assert said(judge(registry=fresh)) == open_("registry_old")
    assert judge(registry=fresh, received_at=NOON - 28 * DAY).outcome is Outcome.PASSED
    late = replace(IN_FORCE, as_of=NOON - DAY)
    assert judge(registry=late, received_at=NOON - 28 * DAY).outcome is Outcome.PASSED
    assert said(judge(registry=fresh, received_at=NOON - 20 * DAY)) == open_("registry_old")
