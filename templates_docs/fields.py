"""The facts a template can print, and how their names read inside a template.

A template sees plain values (text, whole numbers, yes/no, dates, lists, mappings) and the frozen
dataclasses of this module, nothing else. A value that is inflected is a `Declension`: the field
`fio` gives `{{ person.fio }}` (nominative) and `{{ person.fio_вин }}`, one name for each case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from templates_docs.errors import N_, UnprintableValueError

NBSP = "\u00a0"


class Case(StrEnum):
    """The six cases by the suffix that templates use (domain: documents.md, section 2)."""

    NOMINATIVE = "им"
    GENITIVE = "род"
    DATIVE = "дат"
    ACCUSATIVE = "вин"
    INSTRUMENTAL = "тв"
    PREPOSITIONAL = "предл"


class Gender(StrEnum):
    MALE = "м"
    FEMALE = "ж"


@dataclass(frozen=True, slots=True)
class Declension:
    """One name, post or title in the six cases, as a person has confirmed it."""

    nominative: str
    genitive: str
    dative: str
    accusative: str
    instrumental: str
    prepositional: str

    @classmethod
    def unchanging(cls, text: str) -> Declension:
        """Return `text` for every case: abbreviations, indeclinable names."""
        return cls(text, text, text, text, text, text)

    def in_case(self, case: Case) -> str:
        return str(getattr(self, case.name.lower()))


#: The organisation of a post that belongs to the document's own.
NOWHERE = Declension.unchanging("")


@dataclass(frozen=True, slots=True)
class OrgFacts:
    """An organisation as documents print it; requisites are digits, `place` is «г. Тетюши»."""

    full: Declension
    short: Declension
    place: str
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    okpo: str = ""
    ogrn: str = ""
    inn: str = ""
    kpp: str = ""
    founder: str = ""

    @property
    def full_name(self) -> str:
        return self.full.nominative

    @property
    def short_name(self) -> str:
        return self.short.nominative


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person and the post that the document names.

    `fio` is «Фамилия Имя Отчество»; the first words of every case are the surname, as many as
    `last_name` has. `post` begins with a small letter, as it stands inside a sentence.
    `organisation` is that of the post where it is not the document's own (a founder), else empty.
    """

    last_name: str
    first_name: str
    middle_name: str
    gender: Gender
    fio: Declension
    post: Declension
    organisation: Declension = NOWHERE

    @property
    def initials(self) -> str:
        """«И.О. Фамилия», as under a signature."""
        return f"{self._initials()}{NBSP}{self.last_name}"

    @property
    def last_initials(self) -> Declension:
        """«Фамилия И.О.» in every case, as inside a text and in lists."""
        return Declension(
            *(f"{self._surname(case)}{NBSP}{self._initials()}" for case in Case),
        )

    @property
    def male(self) -> bool:
        return self.gender is Gender.MALE

    @property
    def female(self) -> bool:
        return self.gender is Gender.FEMALE

    def _initials(self) -> str:
        given = [self.first_name, *self.middle_name.split()[:1]]
        return "".join(f"{name[0].upper()}." for name in given if name)

    def _surname(self, case: Case) -> str:
        words = self.fio.in_case(case).split()
        return " ".join(words[: len(self.last_name.split())])


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """The number and the printed date; both empty until the document is fixed."""

    number: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """The order that puts the document in force, and which annex of it the document is."""

    number: str = ""
    date: date | None = None
    annex: int | None = None


Facts = OrgFacts | PersonFacts | RegistrationFacts | ApprovalFacts
FACT_TYPES: tuple[type, ...] = (OrgFacts, PersonFacts, RegistrationFacts, ApprovalFacts)
_DERIVED: Mapping[type, tuple[str, ...]] = {
    OrgFacts: ("full_name", "short_name"),
    PersonFacts: ("initials", "last_initials", "male", "female"),
}
_DECLINED: Mapping[type, tuple[str, ...]] = {
    OrgFacts: ("full", "short"),
    PersonFacts: ("fio", "post", "organisation", "last_initials"),
}


def names_of(kind: type) -> tuple[str, ...]:
    """Return every name that a template may write after the dot for a value of `kind`."""
    plain = [field.name for field in fields(kind)] + list(_DERIVED.get(kind, ()))
    cased = [f"{name}_{case}" for name in _DECLINED.get(kind, ()) for case in Case]
    return (*plain, *cased)


class Absent:
    """There is no such field; told apart from a field that is there and empty."""


ABSENT = Absent()


def read_field(value: object, name: str) -> object:
    """Return the field `name` of a mapping or of one of the fact types, else `ABSENT`.

    Nothing but declared fields is ever read: this is the only way from a template to a value.
    """
    if isinstance(value, Mapping):
        return value.get(name, ABSENT)
    kind = type(value)
    if kind not in FACT_TYPES:
        return ABSENT
    stem, _, suffix = name.rpartition("_")
    if stem in _DECLINED.get(kind, ()) and suffix in set(Case):
        declension = getattr(value, stem)
        assert isinstance(declension, Declension)
        return declension.in_case(Case(suffix))
    if name not in names_of(kind):
        return ABSENT
    found = getattr(value, name)
    return found.nominative if isinstance(found, Declension) else found


def refuse_unknown_values(context: Mapping[str, object]) -> None:
    """Raise UnprintableValueError unless `context` holds nothing but what templates may see."""
    for path, value in _leaves("", context, depth=0):
        if type(value) not in (str, int, bool, date, type(None), *FACT_TYPES):
            raise UnprintableValueError(
                N_("The field {field} holds a value of a kind that documents cannot print."),
                field=path,
            )


def _leaves(path: str, value: object, depth: int) -> Iterator[tuple[str, object]]:
    if depth > 8:
        raise UnprintableValueError(N_("The field {field} is nested too deeply."), field=path)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner, depth + 1)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value, start=1):
            yield from _leaves(f"{path}[{index}]", inner, depth + 1)
    else:
        yield path, value


MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def in_words(day: date) -> str:
    """Return «25 января 2023 г.» with non-breaking spaces."""
    _refuse_moment(day)
    return NBSP.join((str(day.day), MONTHS[day.month - 1], str(day.year), "г."))


def in_digits(day: date) -> str:
    """Return «25.01.2023»."""
    _refuse_moment(day)
    return f"{day:%d.%m.%Y}"


def _refuse_moment(day: date) -> None:
    if isinstance(day, datetime):
        raise UnprintableValueError(
            N_("A moment cannot be printed as a date: first find its local day.")
        )
