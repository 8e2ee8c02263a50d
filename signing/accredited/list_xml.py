"""Reading the ministry's list of accredited authorities (TSLExt.1.0), after it was verified.

    АккредитованныеУдостоверяющиеЦентры
        Версия, Дата
        УдостоверяющийЦентр …
            Название, ИНН, ОГРН
            СтатусАккредитации (Статус, ДействуетС)
            ИсторияСтатусовАккредитации / СтатусАккредитации …
            ПрограммноАппаратныеКомплексы / ПрограммноАппаратныйКомплекс / КлючиУполномоченныхЛиц
                / Ключ / Сертификаты / ДанныеСертификата / Данные

None of the names is in a namespace. What else an authority says of itself is passed over. The
schema has no date of the next list. An entry that is used must be whole: an authority whose entry
is not is left out and named, so that one slip does not take the list from all others.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import zip_longest

from lxml import etree

from signing.accredited.accreditation import MOSCOW, Period
from signing.accredited.trusted_list import ListedAuthority, TrustedList, TrustedListError
from signing.words import N_, harmless

ROOT = "АккредитованныеУдостоверяющиеЦентры"
AUTHORITY = "УдостоверяющийЦентр"
VERSION = "Версия"
DATE = "Дата"
IN_FORCE = "Действует"
STATUS = "СтатусАккредитации"
HISTORY = f"ИсторияСтатусовАккредитации/{STATUS}"
CERTIFICATES = (
    "ПрограммноАппаратныеКомплексы/ПрограммноАппаратныйКомплекс/КлючиУполномоченныхЛиц/Ключ"
    "/Сертификаты/ДанныеСертификата/Данные"
)
MAX_AUTHORITIES = 10_000
MAX_CERTIFICATES = 50_000
MAX_NAME = 1_000


class ListFormError(TrustedListError):
    """The signed XML is not a list of accredited authorities; `what` names the place."""

    code = "trusted_list.form"
    msgid = N_("The file is not the list of accredited authorities ({what}).")


class _EntryError(Exception):
    """The entry of one authority is not whole."""


def read_list(content: bytes, sha256: str) -> TrustedList:
    """Read the signed bytes of a list whose file has this SHA-256; raises ListFormError.

    One pass; an authority's part of the tree is given up as soon as it is read.
    """
    versions: list[str] = []
    dates: list[str] = []
    authorities: list[ListedAuthority] = []
    left_out: list[str] = []
    certificates = 0
    for element in _parts(content):
        if element.tag == VERSION:
            versions.append(_leaf(element))
        elif element.tag == DATE:
            dates.append(_leaf(element))
        else:
            try:
                authorities.append(_authority(element))
                certificates += len(authorities[-1].certificates)
            except _EntryError:
                left_out.append(_name_at_all(element))
        if len(authorities) + len(left_out) > MAX_AUTHORITIES or certificates > MAX_CERTIFICATES:
            raise ListFormError(what=AUTHORITY)
    return TrustedList(
        version=_version(versions),
        issued_at=_date(dates),
        sha256=sha256,
        authorities=tuple(authorities),
        left_out=tuple(left_out),
    )


def _parts(content: bytes) -> Iterator[etree._Element]:
    """Yield the children of the root that are read, each before it is given up."""
    events = etree.iterparse(
        BytesIO(content),
        events=("end",),
        tag=(VERSION, DATE, AUTHORITY),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in events:
            parent = element.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            if parent.tag != ROOT:
                raise ListFormError(what=ROOT)
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise ListFormError(what="XML") from error


def _version(texts: list[str]) -> int:
    if len(texts) != 1 or not (texts[0].isascii() and texts[0].isdigit()) or len(texts[0]) > 18:
        raise ListFormError(what=VERSION)
    return int(texts[0])


def _date(texts: list[str]) -> datetime:
    try:
        (text,) = texts
        return _moment(text)
    except ValueError as error:
        raise ListFormError(what=DATE) from error


def _leaf(element: etree._Element) -> str:
    if len(element):
        raise ListFormError(what=str(element.tag))
    return (element.text or "").strip()


def _authority(entry: etree._Element) -> ListedAuthority:
    certificates = dict.fromkeys(_certificate(each) for each in entry.iterfind(CERTIFICATES))
    return ListedAuthority(
        name=harmless(_text(entry, "Название"))[:MAX_NAME],
        ogrn=_digits(entry, "ОГРН", (13, 15)),
        inn=_digits(entry, "ИНН", (10, 12)),
        periods=_periods(entry),
        certificates=tuple(certificates),
    )


def _name_at_all(entry: etree._Element) -> str:
    return harmless(entry.findtext("Название") or "")[:MAX_NAME]


def _text(parent: etree._Element, name: str) -> str:
    """Return the text of the one child of this name, which has nothing but text."""
    found = parent.findall(name)
    if len(found) != 1 or len(found[0]):
        raise _EntryError(name)
    text = (found[0].text or "").strip()
    if not text:
        raise _EntryError(name)
    return text


def _digits(entry: etree._Element, name: str, lengths: tuple[int, ...]) -> str:
    text = _text(entry, name)
    if not (text.isascii() and text.isdigit() and len(text) in lengths):
        raise _EntryError(name)
    return text


def _certificate(element: etree._Element) -> bytes:
    """Return the bytes of a certificate; whether they are one is seen when it is used."""
    if len(element):
        raise _EntryError("Данные")
    try:
        der = base64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError as error:
        raise _EntryError("Данные") from error
    if not der:
        raise _EntryError("Данные")
    return der


def _periods(entry: etree._Element) -> tuple[Period, ...]:
    """Return when the authority was accredited, by the history and the status now.

    Whatever is not «Действует» (suspended, ended, annulled, unknown words) is no accreditation.
    On its own day the status now is the last word; of two changes in the history on one day the
    one that takes the accreditation away counts. After a status that took it away the history
    gives nothing back.
    """
    statuses = entry.findall(STATUS)
    if len(statuses) != 1:
        raise _EntryError(STATUS)
    day_now, in_force_now = _change(statuses[0])
    in_force: dict[date, bool] = {}
    for day, then in map(_change, entry.iterfind(HISTORY)):
        if in_force_now or day <= day_now or not then:
            in_force[day] = then and in_force.get(day, True)
    in_force[day_now] = in_force_now
    days = sorted(in_force)
    periods: list[Period] = []
    for since, until in zip_longest(days, days[1:]):
        if in_force[since]:
            _extend(periods, since, until)
    return tuple(periods)


def _extend(periods: list[Period], since: date, until: date | None) -> None:
    """Add a period, as a part of the one before if nothing lies between them."""
    if periods and periods[-1].until == since:
        since = periods.pop().since
    periods.append(Period(since, until))


def _change(status: etree._Element) -> tuple[date, bool]:
    """Return the day from which a status holds, and whether it is an accreditation."""
    try:
        day = _moment(_text(status, "ДействуетС")).astimezone(MOSCOW).date()
    except ValueError as error:
        raise _EntryError("ДействуетС") from error
    return day, _text(status, "Статус") == IN_FORCE


def _moment(text: str) -> datetime:
    """Read an xs:dateTime or xs:date, in Moscow where no zone is given; raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=MOSCOW)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
