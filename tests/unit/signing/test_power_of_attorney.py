"""Reading a power of attorney: what it says, and every file that says something in two ways."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.errors import SigningError, TooLargeError
from signing.power.attorney import (
    MAX_ELEMENTS,
    MAX_FILE,
    MachinePower,
    PowerFormError,
    PowerOrganisation,
    PowerPerson,
    PowerUnreadableError,
    Principal,
    read_power,
)
from tests.unit.signing.power_samples import (
    CODE,
    DEPUTY,
    HEAD,
    MACHINE,
    NUMBER,
    ORGANISATION,
    Sample,
    document,
    encoded,
)

GOOD = Sample()
DEPUTY_NAMES = '<ФИО Фамилия="Соснов" Имя="Пётр" Отчество="Андреевич"/>'
OTHER_HEAD = replace(HEAD, surname="Подменная").xml("СвФЛ")


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "windows-1251", "WINDOWS-1251"])
def test_everything_that_counts_is_read(encoding: str) -> None:
    content = GOOD.xml(encoding)
    power = read_power(content)
    assert (power.number, power.own_number, power.redelegated) == (NUMBER, "12/2026", False)
    assert (power.issued, power.until) == (date(2026, 9, 1), date(2027, 8, 31))
    head = PowerPerson("Берёзкина", "Мария Ильинична", "11223344595", "160000000001", "Директор")
    school = PowerOrganisation("МБОУ «Лесная школа»", "1600000001", "160001001", "1021600000001")
    assert power.principals == (Principal(school, (head,), jointly=False),)
    deputy = PowerPerson("Соснов", "Пётр Андреевич", "55566677788", "160000000002", "")
    assert power.representatives == (deputy,)
    assert power.powers.machine_readable
    assert not power.powers.joint
    assert power.powers.codes == (MachinePower(CODE, "Подписание кадровых документов", False),)
    assert power.sha256 == hashlib.sha256(content).hexdigest()


def test_a_byte_order_mark_and_comments_do_not_matter() -> None:
    content = GOOD.xml().replace(b"<" + "СвПолн".encode(), b"<!-- 1 --><" + "СвПолн".encode())
    assert read_power(b"\xef\xbb\xbf" + content).number == NUMBER


def test_powers_in_words_are_read() -> None:
    power = read_power(
        replace(GOOD, kind="0", powers="<ТекстПолн>Подписывать\n приказы</ТекстПолн>").xml()
    )
    assert not power.powers.machine_readable
    assert (power.powers.text, power.powers.codes) == ("Подписывать приказы", ())


def test_limits_of_a_power_are_seen() -> None:
    limit = (
        '<ОгрСвПолн ИдОгр="1" КодОгр="1" НаимОгр="Сумма"><ТексЗначОгр>1</ТексЗначОгр></ОгрСвПолн>'
    )
    power = read_power(replace(GOOD, powers=MACHINE.replace("/>", f">{limit}</МашПолн>")).xml())
    assert power.powers.codes[0].limited


def test_joint_powers_and_several_representatives_are_read() -> None:
    both = (DEPUTY.xml("СведФизЛ"), HEAD.xml("СведФизЛ"))
    power = read_power(replace(GOOD, representatives=both, joint="2").xml())
    assert power.powers.joint
    assert len(power.representatives) == 2


def test_a_representative_that_is_no_person_is_nobody() -> None:
    company = f'<СведОрг НаимОрг="ООО «Опора»" ИННЮЛ="{ORGANISATION["ИННЮЛ"]}" КПП="160001001"/>'
    assert read_power(replace(GOOD, representatives=(company,)).xml()).representatives == (None,)


def test_a_redelegated_power_is_read_as_such() -> None:
    power = read_power(encoded(document(GOOD.redelegation())))
    assert (power.redelegated, power.number, power.principals) == (True, NUMBER, ())
    assert power.representatives[0] is not None


def test_heads_who_act_together_are_seen() -> None:
    leaders = "".join(
        f'<ЛицоБезДов ПолнЮЛ="2">{who.xml("СвФЛ")}</ЛицоБезДов>' for who in (HEAD, DEPUTY)
    )
    (principal,) = read_power(replace(GOOD, leaders=leaders).xml()).principals
    assert principal.jointly
    assert len(principal.heads) == 2


def test_an_organisation_led_by_a_company_has_no_head_here() -> None:
    company = '<СвЮЛЕИО НаимОрг="ООО «Опора»" ИННЮЛ="1600000009" КПП="160001001"/>'
    leaders = f'<ЛицоБезДов ПолнЮЛ="1"><СВЮЛ>{company}{HEAD.xml("СвФЛ")}</СВЮЛ></ЛицоБезДов>'
    (principal,) = read_power(replace(GOOD, leaders=leaders).xml()).principals
    assert principal.heads == ()


def test_a_principal_of_another_sort_has_no_organisation() -> None:
    entrepreneur = HEAD.xml("ИПДовер")
    given = f'<СвДоверит ТипДоверит="3"><Доверит>{entrepreneur}</Доверит></СвДоверит>'
    text = GOOD.text().replace(GOOD.principal(), given)
    assert read_power(encoded(text)).principals == (Principal(None, (), jointly=False),)


@pytest.mark.parametrize("form", ["EMCHD_2", "5.03", ""])
def test_another_form_is_refused_by_its_name(form: str) -> None:
    with pytest.raises(PowerFormError) as refused:
        read_power(encoded(document(GOOD.body(), form=form)))
    assert refused.value.params == {"form": form}


@pytest.mark.parametrize("namespace", ["urn://x-artefacts/EMCHD_2", "", "http://example.org"])
def test_another_namespace_is_refused(namespace: str) -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(encoded(document(GOOD.body(), namespace=namespace)))


def test_an_element_of_a_foreign_namespace_is_refused() -> None:
    for name in ("<СвПолн ", "<СвФЛ ", "<СведСист>", "<МашПолн "):
        assert name in GOOD.text()
        foreign = name[:-1] + ' xmlns="urn:other"' + name[-1]
        with pytest.raises(PowerUnreadableError):
            read_power(encoded(GOOD.text().replace(name, foreign)))


@pytest.mark.parametrize(
    "part",
    [
        GOOD.body(),
        GOOD.facts(),
        GOOD.rights(),
        f"<СвРосОрг{''.join(f' {k}={chr(34)}{v}{chr(34)}' for k, v in ORGANISATION.items())}/>",
        HEAD.xml("СвФЛ"),
        DEPUTY.xml("СведФизЛ"),
        f'<СведФЛ ДатаРожд="1980-01-01">{DEPUTY_NAMES}</СведФЛ>',
        DEPUTY_NAMES,
        '<ФИО Фамилия="Берёзкина" Имя="Мария" Отчество="Ильинична"/>',
    ],
)
def test_what_must_stand_once_is_refused_when_it_stands_twice_or_not_at_all(part: str) -> None:
    text = GOOD.text()
    assert part in text
    for changed in (text.replace(part, part + part), text.replace(part, "")):
        with pytest.raises(PowerUnreadableError):
            read_power(encoded(changed))


def test_a_second_text_is_refused() -> None:
    twice = "<ТекстПолн>Приказы</ТекстПолн><ТекстПолн>Всё</ТекстПолн>"
    with pytest.raises(PowerUnreadableError):
        read_power(replace(GOOD, powers=twice).xml())


def test_a_comment_cannot_hide_a_part_of_the_text() -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(replace(GOOD, powers="<ТекстПолн>Не<!-- 1 --> всё</ТекстПолн>").xml())


@pytest.mark.parametrize(
    ("inside", "of"),
    [
        (GOOD.text(), "<Документ>"),
        (GOOD.text(), "<Довер>"),
        (GOOD.redelegation(), "<Документ>"),
        (f"<Обёртка>{GOOD.body()}</Обёртка>", "<Документ>"),
        (OTHER_HEAD, '<РосОргДовер ЕИОУК="0" ЕИОФЛ="1" ЕИОИП="0">'),
        (OTHER_HEAD, '<ЛицоБезДов ПолнЮЛ="1">'),
        (HEAD.xml("СведФизЛ"), "<Пред>"),
        ("<Доверит/>", '<СвДоверит ТипДоверит="1">'),
        ("<Пред/>", '<СвУпПред ТипПред="3">'),
        ("<Подпись/>", '<СвПолн ТипПолн="1" ПрСовмПолн="1">'),
    ],
)
def test_a_document_wrapped_into_another_is_refused(inside: str, of: str) -> None:
    text = GOOD.text()
    assert of in text
    with pytest.raises(PowerUnreadableError):
        read_power(encoded(text.replace(of, of + inside)))


def test_a_power_that_only_stands_inside_something_else_is_refused() -> None:
    for text in (f"<Пакет>{GOOD.text()}</Пакет>", GOOD.body(), "<Доверенность/>", ""):
        with pytest.raises(PowerUnreadableError):
            read_power(encoded(text))


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE Доверенность [<!ENTITY e "1">]>',
        '<!DOCTYPE Доверенность SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Доверенность [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>',
        '<!DOCTYPE Доверенность [<!ATTLIST СвПолн ПрСовмПолн CDATA "1">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;">]>',
    ],
)
def test_definitions_of_its_own_are_refused(prologue: str) -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(encoded(prologue + GOOD.text()))
    with pytest.raises(PowerUnreadableError):
        read_power(encoded(prologue + GOOD.text().replace("12/2026", "&e;")))


def test_an_entity_that_nobody_defined_is_refused() -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(encoded(GOOD.text().replace("12/2026", "&e;")))


def test_processing_instructions_are_refused() -> None:
    show = '<?xml-stylesheet type="text/xsl" href="http://example.org/other.xsl"?>'
    inside = GOOD.text().replace("<Довер>", f"<Довер>{show}")
    for text in (show + GOOD.text(), GOOD.text() + show, inside):
        with pytest.raises(PowerUnreadableError):
            read_power(encoded(text))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "mac-cyrillic"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(GOOD.xml(encoding))


def test_an_encoding_that_is_not_the_declared_one_is_refused() -> None:
    wrong = GOOD.xml("windows-1251").replace(b"windows-1251", b"utf-8")
    with pytest.raises(PowerUnreadableError):
        read_power(wrong)


@pytest.mark.parametrize("depth", [25, 300, 20_000])
def test_great_depth_is_refused(depth: int) -> None:
    nested = "<СведСист>" * depth + "</СведСист>" * depth
    text = GOOD.text().replace("<СведСист>Испытание</СведСист>", nested)
    with pytest.raises(PowerUnreadableError):
        read_power(encoded(text))


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(replace(GOOD, powers=MACHINE + "<МашПолн/>" * MAX_ELEMENTS).xml())


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        read_power(GOOD.xml() + b" " * MAX_FILE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "417"),
        ("number", NUMBER + "0"),
        ("number", ""),
        ("issued", "01.09.2026"),
        ("issued", "2026-13-01"),
        ("issued", "20260901"),
        ("issued", "٢٠٢٦-09-01"),
        ("until", ""),
        ("until", "2026-08-31"),
        ("kind", ""),
        ("joint", ""),
        ("representatives", ()),
    ],
)
def test_a_number_or_date_that_is_none_is_refused(name: str, value: object) -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(replace(GOOD, **{name: value}).xml())  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    "organisation",
    [
        ORGANISATION | {"ИННЮЛ": "160000000"},
        ORGANISATION | {"ОГРН": "102160000000X"},
        ORGANISATION | {"ИННЮЛ": "", "ОГРН": ""},
        ORGANISATION | {"НаимОрг": ""},
    ],
)
def test_an_organisation_without_good_numbers_is_refused(organisation: dict[str, str]) -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(replace(GOOD, organisation=organisation).xml())


def test_a_number_in_capitals_is_the_same_number() -> None:
    assert read_power(replace(GOOD, number=NUMBER.upper()).xml()).number == NUMBER


def test_characters_that_steer_a_screen_do_not_come_through() -> None:
    hidden = replace(DEPUTY, surname="Сос\u202eнов")
    power = read_power(replace(GOOD, representatives=(hidden.xml("СведФизЛ"),)).xml())
    assert power.representatives[0] is not None
    assert "\u202e" not in power.representatives[0].name


def test_damaged_files_are_read_as_they_are_or_refused() -> None:
    whole = GOOD.xml("windows-1251")
    dice = Random(20261121)
    refused = 0
    for _ in range(1500):
        damaged = bytearray(whole)
        position = dice.randrange(len(whole))
        match dice.randrange(3):
            case 0:
                damaged[position] ^= 1 << dice.randrange(8)
            case 1:
                del damaged[position : position + dice.randrange(1, 60)]
            case _:
                damaged[position:position] = damaged[position : position + dice.randrange(1, 60)]
        try:
            power = read_power(bytes(damaged))
        except SigningError:
            refused += 1
        else:
            assert power.sha256 == hashlib.sha256(damaged).hexdigest()
    assert refused > 700


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(PowerUnreadableError):
        read_power(content)
