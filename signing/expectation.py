"""Whose signature is expected: a person, an organisation, their authority, a kind.

The caller (a step of a route, or `marshrut verify --for`) says what it expects as plain values;
checks 7–9 compare them with what the certificate says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from signing.verdicts import (
    CHECK_KEYS,
    CertificateFacts,
    Check,
    Outcome,
    Param,
    SignatureKind,
    not_asked,
)
from signing.words import N_


@dataclass(frozen=True)
class ExpectedPerson:
    """The person whose signature is expected; "" where the caller does not know.

    At least a surname, a СНИЛС or an ИНН must be given (ValueError).
    """

    surname: str = ""
    given_name: str = ""
    snils: str = ""
    inn: str = ""

    def __post_init__(self) -> None:
        if not (folded_name(self.surname) or digits_of(self.snils) or digits_of(self.inn)):
            raise ValueError("an expected person has a name or an identifier")


@dataclass(frozen=True)
class ExpectedOrganisation:
    """The organisation that a legal entity's certificate must name; at least one identifier."""

    ogrn: str = ""
    inn_le: str = ""

    def __post_init__(self) -> None:
        if not (digits_of(self.ogrn) or digits_of(self.inn_le)):
            raise ValueError("an expected organisation has an identifier")


@dataclass(frozen=True)
class Authority:
    """What the caller found out about the person's authority on that date.

    `holds` is None when it could not be found out; `msgid` with `params` says why it is so. Times
    in `params` are aware (ValueError otherwise).
    """

    holds: bool | None
    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(isinstance(v, datetime) and v.tzinfo is None for v in self.params.values()):
            raise ValueError("times are aware")


AuthorityOf = Callable[[CertificateFacts], Authority]
"""Says of the owner of a certificate whether their authority holds: by a power of attorney."""


@dataclass(frozen=True)
class Expectation:
    """Everything that checks 7–9 need; None where nobody asks.

    `authority` depends on the certificate where a power of attorney names its representative.
    `identified`: the person's name alone is not enough, a СНИЛС or ИНН must be compared.
    `represents`: the person signs for an organisation, so that a certificate which names one must
    name the right one. `exactly`: a better kind than the one required does not do.
    """

    person: ExpectedPerson | None = None
    organisation: ExpectedOrganisation | None = None
    authority: Authority | AuthorityOf | None = None
    kind: SignatureKind | None = None
    identified: bool = False
    represents: bool = False
    exactly: bool = False

    def __post_init__(self) -> None:
        if self.kind is SignatureKind.TRAINING:
            raise ValueError("a step requires a real kind; training anchors stand for one")


NOBODY = Expectation()

OWNER_MATCHES = N_("The owner of the certificate is the person expected: {owner}.")
OWNER_BY_NAME = N_("The owner has the expected name: {owner}. No identifier was compared.")
ONLY_NAME = N_(
    "The owner has the expected name: {owner}. No СНИЛС or ИНН of the person is known here, so it "
    "may be a namesake."
)
OTHER_NAME = N_("The certificate belongs to another person: {owner}; {expected} is expected.")
OTHER_SNILS = N_("The certificate of {owner} has another СНИЛС than the person expected.")
OTHER_INN = N_("The certificate of {owner} has another ИНН than the person expected.")
NO_IDENTIFIER = N_("The certificate of {owner} has no СНИЛС or ИНН by which to know its owner.")
OTHER_ORGANISATION = N_("The certificate was issued to another organisation: {organisation}.")
ORGANISATION_UNKNOWN = N_(
    "The certificate was issued to an organisation, and it is not known which one is expected."
)
NO_CERTIFICATE = N_("The certificate did not come with the signature.")
KIND_FITS = N_("The kind of signature is the one required.")
KIND_TRAINING = N_("This is a training signature; for practice it counts as the kind required.")
KIND_TOO_LOW = N_("The step requires another kind of signature.")
KIND_UNKNOWN = N_("The kind is not known: the certificate leads to no trusted authority.")


def check_owner(facts: CertificateFacts | None, expected: Expectation) -> Check:
    """Check 7: the certificate's owner is the person, its organisation the one expected."""
    if expected.person is None and expected.organisation is None:
        return not_asked(7)
    if facts is None:
        return _check(7, Outcome.NOT_MADE, "no_certificate", NO_CERTIFICATE, {})
    if expected.person is not None:
        check = _check_person(facts, expected.person, expected.identified)
        if check.outcome is not Outcome.PASSED:
            return check
    else:
        check = _check(7, Outcome.PASSED, "owner", OWNER_MATCHES, {"owner": facts.owner})
    return _check_organisation(facts, expected) or check


def _check_person(facts: CertificateFacts, person: ExpectedPerson, identified: bool) -> Check:
    words: dict[str, Param] = {
        "owner": facts.owner,
        "expected": f"{person.surname} {person.given_name}".strip(),
    }
    if folded_name(person.surname) and not _same_name(facts, person):
        return _check(7, Outcome.FAILED, "other_name", OTHER_NAME, words)
    compared = False
    for expected, found, code, msgid in (
        (person.snils, facts.snils, "other_snils", OTHER_SNILS),
        (person.inn, facts.inn, "other_inn", OTHER_INN),
    ):
        if not digits_of(expected) or not found:
            continue
        if digits_of(expected) != digits_of(found):
            return _check(7, Outcome.FAILED, code, msgid, words)
        compared = True
    if compared:
        return _check(7, Outcome.PASSED, "owner", OWNER_MATCHES, words)
    if digits_of(person.snils) or digits_of(person.inn):
        return _check(7, Outcome.FAILED, "no_identifier", NO_IDENTIFIER, words)
    if identified:
        return _check(7, Outcome.NOT_MADE, "only_name", ONLY_NAME, words)
    return _check(7, Outcome.PASSED, "owner_by_name", OWNER_BY_NAME, words)


def _same_name(facts: CertificateFacts, person: ExpectedPerson) -> bool:
    """Compare surname and given names; a certificate without them has them in its common name."""
    expected = folded_name(f"{person.surname} {person.given_name}")
    return expected == folded_name(facts.owner)


def _check_organisation(facts: CertificateFacts, expectation: Expectation) -> Check | None:
    """Return a check that did not pass, None when the organisation is right or none is named."""
    expected = expectation.organisation
    found = ((facts.ogrn, "ogrn"), (facts.inn_le, "inn_le"))
    asked = expected is not None or expectation.represents
    if not any(value for value, _ in found) or not asked:
        return None
    pairs = [
        (digits_of(getattr(expected, name)), digits_of(value))
        for value, name in found
        if value and expected is not None and digits_of(getattr(expected, name))
    ]
    if not pairs:
        return _check(7, Outcome.NOT_MADE, "organisation_unknown", ORGANISATION_UNKNOWN, {})
    if all(wanted == value for wanted, value in pairs):
        return None
    words = {"organisation": facts.organisation or facts.common_name}
    return _check(7, Outcome.FAILED, "other_organisation", OTHER_ORGANISATION, words)


def check_authority(
    asked: Authority | AuthorityOf | None, facts: CertificateFacts | None = None
) -> Check:
    """Check 8: what the caller found out about the person's authority.

    `facts` are those of the signer's certificate, None where it did not come with the signature.
    """
    if asked is None:
        return not_asked(8)
    if not isinstance(asked, Authority):
        if facts is None:
            return _check(8, Outcome.NOT_MADE, "no_certificate", NO_CERTIFICATE, {})
        asked = asked(facts)
    authority = asked
    outcome, code = {
        True: (Outcome.PASSED, "authority"),
        False: (Outcome.FAILED, "no_authority"),
        None: (Outcome.NOT_MADE, "authority_unknown"),
    }[authority.holds]
    params = {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in authority.params.items()
    }
    return _check(8, outcome, code, authority.msgid, params)


def check_kind(
    kind: SignatureKind | None,
    stands_for: SignatureKind | None,
    required: SignatureKind | None,
    exactly: bool = False,
) -> Check:
    """Check 9: the kind from the anchor is the one required, or better (advanced < qualified).

    With `exactly` a better one does not do.
    """
    if required is None:
        return not_asked(9)
    training = kind is SignatureKind.TRAINING
    fulfils = stands_for if training else kind
    if fulfils is None:
        return _check(9, Outcome.NOT_MADE, "kind_unknown", KIND_UNKNOWN, {})
    enough = {required} if exactly else {required, SignatureKind.QUALIFIED}
    if fulfils not in enough:
        return _check(9, Outcome.FAILED, "kind_too_low", KIND_TOO_LOW, {})
    if training:
        return _check(9, Outcome.PASSED, "kind_training", KIND_TRAINING, {})
    return _check(9, Outcome.PASSED, "kind", KIND_FITS, {})


def _check(
    number: int, outcome: Outcome, code: str, msgid: str, params: Mapping[str, Param]
) -> Check:
    return Check(number, CHECK_KEYS[number - 1], outcome, code, msgid, params)


def folded_name(name: str) -> str:
    """Return a name as it is compared: one case, ё as е, single spaces, one kind of hyphen."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return " ".join(re.sub(r"\s*[‐‑–—-]\s*", "-", text).split())


def digits_of(identifier: str) -> str:
    """Return the digits of an identifier, without spaces and hyphens."""
    return "".join(re.findall(r"[0-9]", identifier))
