"""A machine-readable power of attorney (МЧД) of the form EMCHD_1, read and nothing more.

The form is the one of `ON_EMCHD_1_928_00_01_01_01.xsd` («формат 003»). Elements are looked for
where the schema has them and nowhere else; one that stands twice, or that the schema does not
have at a place that counts, makes the file unreadable. `signing.power.judgement` judges.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from signing.accredited.xmldsig import XmlSignatureError, parse_strictly
from signing.errors import MEGABYTE, SigningError, refuse_larger
from signing.words import N_, harmless

NAMESPACE = "urn://x-artefacts/EMCHD_1"
FORM = "EMCHD_1"
MAX_FILE = MEGABYTE
MAX_ELEMENTS = 5_000
MAX_DEPTH = 20
JOINT = "2"
MACHINE_READABLE = "1"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class PowerUnreadableError(SigningError):
    """The bytes are not a power of attorney of this form; `place` names the element."""

    code = "signing.power_unreadable"
    msgid = N_("The file is not a machine-readable power of attorney that can be read ({place}).")


class PowerFormError(SigningError):
    """It is a power of attorney of another form."""

    code = "signing.power_form"
    msgid = N_("The power of attorney has the form {form}; only EMCHD_1 (form 003) is read.")


@dataclass(frozen=True)
class PowerPerson:
    """A person in a power of attorney; numbers are digits only, "" where the file has none.

    `given_name` is the given name with the patronymic, as in a certificate.
    """

    surname: str
    given_name: str
    snils: str
    inn: str
    title: str

    @property
    def name(self) -> str:
        """Return surname, given name and patronymic."""
        return f"{self.surname} {self.given_name}"


@dataclass(frozen=True)
class PowerOrganisation:
    """A Russian organisation; ИНН or ОГРН is there."""

    name: str
    inn: str
    kpp: str
    ogrn: str


@dataclass(frozen=True)
class Principal:
    """Who gives the power: an organisation and the persons who act for it without one.

    `organisation` is None for principals of another sort. `heads` is empty where the organisation
    is led by a company or an entrepreneur; with `jointly` its heads act only together.
    """

    organisation: PowerOrganisation | None
    heads: tuple[PowerPerson, ...]
    jointly: bool


@dataclass(frozen=True)
class MachinePower:
    """One power by its code in the classifier; `limited` when the file limits it further."""

    code: str
    name: str
    limited: bool


@dataclass(frozen=True)
class Powers:
    """What the representatives may do: powers by code, or in free text ("" for none).

    `machine_readable` says that the codes are what counts; `joint` that several representatives
    act only together.
    """

    machine_readable: bool
    joint: bool
    text: str
    codes: tuple[MachinePower, ...]


@dataclass(frozen=True)
class PowerOfAttorney:
    """A power of attorney as its file says; `sha256` is that of the file, lower-case hexadecimal.

    `number` is the GUID under which the registry knows it, in lower case; `until` is the last day
    of force. A `redelegated` one passes on powers of another; its principals are not read.
    Representatives are persons, None for one that is an organisation.
    """

    number: str
    own_number: str
    issued: date
    until: date
    redelegated: bool
    principals: tuple[Principal, ...]
    representatives: tuple[PowerPerson | None, ...]
    powers: Powers
    sha256: str


def read_power(content: bytes) -> PowerOfAttorney:
    """Read a power of attorney from its XML (UTF-8 or windows-1251).

    Raises PowerUnreadableError, PowerFormError, or TooLargeError over 1 MB.
    """
    refuse_larger(content, MAX_FILE)
    try:
        root = parse_strictly(content)
    except XmlSignatureError as error:
        raise PowerUnreadableError(place="XML") from error
    _check_bounds(root)
    if root.tag != _qualified("Доверенность"):
        raise PowerUnreadableError(place="Доверенность")
    form = root.get("ВерсФорм", "")
    if form != FORM:
        raise PowerFormError(form=harmless(form)[:40])
    document = _only(root, "Документ", beside=())
    return _power(document, hashlib.sha256(content).hexdigest())


def _check_bounds(root: etree._Element) -> None:
    """Refuse what no power of attorney has: strange namespaces, instructions, depth, length."""
    count = 0
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        count += 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise PowerUnreadableError(place="XML")
        stack += [(child, depth + 1) for child in _elements(element)]
    for sibling in (*root.itersiblings(), *root.itersiblings(preceding=True)):
        if not _is_comment(sibling):
            raise PowerUnreadableError(place="XML")


def _is_comment(node: etree._Element) -> bool:
    return isinstance(node, etree._Comment)


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Return the child elements; comments are passed over, anything else strange is refused."""
    for child in parent:
        if _is_comment(child):
            continue
        if not isinstance(child.tag, str) or not child.tag.startswith(f"{{{NAMESPACE}}}"):
            raise PowerUnreadableError(place=_local(parent))
        yield child


def _power(document: etree._Element, sha256: str) -> PowerOfAttorney:
    (body,) = _one_of(document, ("Довер", "Передов"))
    redelegated = _local(body) == "Передов"
    facts = _only(body, "СвПереДовер" if redelegated else "СвДов")
    representatives = _several(body, "СвПолучПолн" if redelegated else "СвУпПред")
    principals = () if redelegated else _several(body, "СвДоверит")
    if not redelegated:
        _demand_only(body, ("СвДов", "СвДоверит", "СвУпПред", "СвПолн", "СвНотУд"))
    number = _attribute(facts, "НомДовер").lower()
    if not GUID.fullmatch(number):
        raise PowerUnreadableError(place="НомДовер")
    issued, until = _date(facts, "ДатаВыдДовер"), _date(facts, "СрокДейст")
    if until < issued:
        raise PowerUnreadableError(place="СрокДейст")
    return PowerOfAttorney(
        number=number,
        own_number=_optional(facts, "ВнНомДовер"),
        issued=issued,
        until=until,
        redelegated=redelegated,
        principals=tuple(map(_principal, principals)),
        representatives=tuple(map(_representative, representatives)),
        powers=_powers(_only(body, "СвПолн")),
        sha256=sha256,
    )


def _principal(given: etree._Element) -> Principal:
    inner = _only(given, "Доверит", beside=())
    (who,) = _one_of(inner, ("РосОргДовер", "ИнОргДовер", "ИПДовер", "ФЛДовер"))
    if _local(who) != "РосОргДовер":
        return Principal(None, (), jointly=False)
    _demand_only(who, ("СвРосОрг", "ЛицоБезДов"))
    leaders = _several(who, "ЛицоБезДов")
    led = [_one_of(each, ("СВЮЛ", "СвФЛ", "СвИП"), most=3) for each in leaders]
    plain = all(len(each) == 1 and _local(each[0]) == "СвФЛ" for each in led)
    return Principal(
        _organisation(_only(who, "СвРосОрг")),
        tuple(_person(each[0]) for each in led) if plain else (),
        any(_attribute(each, "ПолнЮЛ") == JOINT for each in leaders),
    )


def _organisation(element: etree._Element) -> PowerOrganisation:
    organisation = PowerOrganisation(
        name=_attribute(element, "НаимОрг"),
        inn=_number(element, "ИННЮЛ", 10),
        kpp=_optional(element, "КПП"),
        ogrn=_number(element, "ОГРН", 13),
    )
    if not organisation.inn and not organisation.ogrn:
        raise PowerUnreadableError(place="СвРосОрг")
    return organisation


def _representative(given: etree._Element) -> PowerPerson | None:
    inner = _only(given, "Пред", beside=())
    (who,) = _one_of(inner, ("СведФизЛ", "СведИП", "СведОрг", "СведФилиал", "СведИО"))
    return _person(who) if _local(who) in ("СведФизЛ", "СведИП") else None


def _person(element: etree._Element) -> PowerPerson:
    names = _only(_only(element, "СведФЛ"), "ФИО")
    given_names = (_attribute(names, "Имя"), _optional(names, "Отчество"))
    return PowerPerson(
        surname=_attribute(names, "Фамилия"),
        given_name=" ".join(filter(None, given_names)),
        snils=_number(element, "СНИЛС", 11),
        inn=_number(element, "ИННФЛ", 12),
        title=_optional(element, "Должность"),
    )


def _powers(element: etree._Element) -> Powers:
    _demand_only(element, ("ТекстПолн", "МашПолн"))
    texts = [each for each in _elements(element) if _local(each) == "ТекстПолн"]
    if len(texts) > 1 or any(len(each) for each in texts):
        raise PowerUnreadableError(place="ТекстПолн")
    coded = [each for each in _elements(element) if _local(each) == "МашПолн"]
    return Powers(
        machine_readable=_attribute(element, "ТипПолн") == MACHINE_READABLE,
        joint=_attribute(element, "ПрСовмПолн") == JOINT,
        text=harmless(texts[0].text or "") if texts else "",
        codes=tuple(map(_machine_power, coded)),
    )


def _machine_power(element: etree._Element) -> MachinePower:
    return MachinePower(
        code=_attribute(element, "КодПолн"),
        name=_optional(element, "НаимПолн"),
        limited=any(True for _ in _elements(element)),
    )


def _only(
    parent: etree._Element, name: str, beside: tuple[str, ...] | None = None
) -> etree._Element:
    """Return the one child with this name; with `beside`, only these may stand next to it."""
    found = [child for child in _elements(parent) if _local(child) == name]
    if len(found) != 1:
        raise PowerUnreadableError(place=name)
    if beside is not None:
        _demand_only(parent, (name, *beside))
    return found[0]


def _several(parent: etree._Element, name: str) -> list[etree._Element]:
    """Return the children with this name, at least one."""
    found = [child for child in _elements(parent) if _local(child) == name]
    if not found:
        raise PowerUnreadableError(place=name)
    return found


def _one_of(parent: etree._Element, names: tuple[str, ...], most: int = 1) -> list[etree._Element]:
    """Return the children, all of them with one of these names; at least one, at most `most`."""
    _demand_only(parent, names)
    found = list(_elements(parent))
    if not 1 <= len(found) <= most or len({each.tag for each in found}) != len(found):
        raise PowerUnreadableError(place=_local(parent))
    return found


def _demand_only(parent: etree._Element, names: tuple[str, ...]) -> None:
    if any(_local(child) not in names for child in _elements(parent)):
        raise PowerUnreadableError(place=_local(parent))


def _attribute(element: etree._Element, name: str) -> str:
    """Return the text of an attribute that must be there."""
    text = _optional(element, name)
    if not text:
        raise PowerUnreadableError(place=name)
    return text


def _optional(element: etree._Element, name: str) -> str:
    return harmless(element.get(name, ""))


def _number(element: etree._Element, name: str, length: int) -> str:
    """Return the digits of a number of this length, "" when it is not there."""
    text = _optional(element, name)
    digits = re.sub(r"[\s-]", "", text)
    if text and not re.fullmatch(rf"[0-9]{{{length}}}", digits):
        raise PowerUnreadableError(place=name)
    return digits


def _date(element: etree._Element, name: str) -> date:
    text = _attribute(element, name)
    try:
        if not DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise PowerUnreadableError(place=name) from error


def _qualified(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
