"""Whom a training certificate names: Russian subjects as real certificates write them.

The attributes and their order follow the ФСБ order of 27.12.2011 № 795 (edition of № 31 of
29.01.2021): a certificate with O, ОГРН and ИНН ЮЛ is that of a legal entity and names its head;
without them it is that of a person.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.name import _ASN1Type  # the only way to write a NumericString
from cryptography.x509.oid import NameOID

from signing.errors import SigningError
from signing.words import N_

TRAINING_WORD = "УЧЕБНЫЙ"
TRAINING_UNIT = "УЧЕБНЫЙ сертификат: юридической силы не имеет"

OGRN = x509.ObjectIdentifier("1.2.643.100.1")
SNILS = x509.ObjectIdentifier("1.2.643.100.3")
INN_LE = x509.ObjectIdentifier("1.2.643.100.4")
INN = x509.ObjectIdentifier("1.2.643.3.131.1.1")

MAX_COMMON_NAME = 64
"""Characters, RFC 5280 appendix A.1, ub-common-name."""


class SubjectFactsError(SigningError):
    """A number of the subject has the wrong length or holds something else than digits."""

    code = "training_ca.subject"
    msgid = N_("{number} must have {length} digits.")


@dataclass(frozen=True)
class OrganisationFacts:
    """A legal entity: full and short name, ОГРН (13 digits), ИНН ЮЛ (10 digits)."""

    name: str
    short_name: str
    ogrn: str
    inn_le: str

    def __post_init__(self) -> None:
        _demand_digits("ОГРН", self.ogrn, 13)
        _demand_digits("ИНН ЮЛ", self.inn_le, 10)


@dataclass(frozen=True)
class SubjectFacts:
    """A person: surname, given name with patronymic, СНИЛС (11 digits), ИНН (12 digits).

    With `organisation` the certificate is that of the legal entity, naming its head with `title`.
    """

    surname: str
    given_name: str
    snils: str
    inn: str
    title: str = ""
    organisation: OrganisationFacts | None = None
    region: str = ""
    locality: str = ""

    def __post_init__(self) -> None:
        _demand_digits("СНИЛС", self.snils, 11)
        _demand_digits("ИНН", self.inn, 12)

    @property
    def common_name(self) -> str:
        """Return the organisation's short name, or surname and given name of the person."""
        if self.organisation is not None:
            return self.organisation.short_name
        return f"{self.surname} {self.given_name}".strip()


def authority_name(common_name: str, unit: str) -> x509.Name:
    """Return the name of a training authority; `unit` says what it stands in for."""
    return _name(
        [
            (NameOID.COMMON_NAME, common_name),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            (NameOID.COUNTRY_NAME, "RU"),
        ]
    )


def subject_name(facts: SubjectFacts) -> x509.Name:
    """Return the subject of a certificate for `facts`; its OU says that it is a training one."""
    organisation = facts.organisation
    attributes = [
        (NameOID.COMMON_NAME, facts.common_name),
        (NameOID.SURNAME, facts.surname),
        (NameOID.GIVEN_NAME, facts.given_name),
        (NameOID.TITLE, facts.title),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, TRAINING_UNIT),
        (NameOID.ORGANIZATION_NAME, organisation.name if organisation else ""),
        (NameOID.LOCALITY_NAME, facts.locality),
        (NameOID.STATE_OR_PROVINCE_NAME, facts.region),
        (NameOID.COUNTRY_NAME, "RU"),
        (OGRN, organisation.ogrn if organisation else ""),
        (SNILS, facts.snils),
        (INN_LE, organisation.inn_le if organisation else ""),
        (INN, facts.inn),
    ]
    return _name([(oid, value) for oid, value in attributes if value])


def _name(attributes: list[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([_attribute(oid, value) for oid, value in attributes])


def _attribute(oid: x509.ObjectIdentifier, value: str) -> x509.NameAttribute[str]:
    if oid in (OGRN, SNILS, INN_LE, INN):
        return x509.NameAttribute(oid, value, _ASN1Type.NumericString)
    if oid != NameOID.COMMON_NAME:
        return x509.NameAttribute(oid, value)
    if len(value) > MAX_COMMON_NAME:
        value = value[: MAX_COMMON_NAME - 1] + "…"
    # RFC 5280 limits the characters, `cryptography` the bytes: Cyrillic needs two for each.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return x509.NameAttribute(oid, value, _validate=False)


def _demand_digits(number: str, value: str, length: int) -> None:
    if not re.fullmatch(f"[0-9]{{{length}}}", value):
        raise SubjectFactsError(number=number, length=length)
