"""Judge a sealed statement over a file: what is whole, whose it is, whom one may believe.

There is never a bare "valid": a whole seal of an installation that nobody named is undecided, for
anybody can seal anything with a key of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from signing.copies.marks import TRAINING_FOOTER, Text
from signing.errors import SigningError
from signing.expectation import ExpectedPerson, folded_name
from signing.local_time import local_moment
from signing.simple.statement import SimpleSeal, Statement, open_seal
from signing.verdicts import Verdict
from signing.words import N_

TITLE = N_("Check of a simple electronic signature")
NOT_OF_THIS_FILE = N_("The statement does not name this file: it is about others.")
ANOTHER_PERSON = N_("The statement is of another person.")
NUMBERS_UNKNOWN = N_("The statement names no СНИЛС, so it could not be compared.")
ONLY_READ = N_("The seal is whole, but the person has only read the document, not signed it.")
ONLY_SIGNED = N_("The seal is whole, but the person has signed the document, not acknowledged it.")
UNKNOWN = N_(
    "The seal is whole, the installation is unknown. Ask the organisation for the fingerprint of"
    " its certificate and compare."
)
RELIABLE = {
    "sign": N_("The simple signature holds: the installation that sealed it is the one you named."),
    "acknowledge": N_(
        "The acknowledgement holds: the installation that sealed it is the one you named."
    ),
}
ACTS = {"sign": N_("signed the document"), "acknowledge": N_("has read the document")}


@dataclass(frozen=True)
class SimpleCheck:
    """The answer: a verdict with its reason (a msgid with params).

    `seal` is None when it is broken; `file_name` is how the statement calls the file.
    """

    verdict: Verdict
    msgid: str
    sha256: str
    seal: SimpleSeal | None = None
    file_name: str = ""


def check_statement(
    content: bytes,
    sealed: bytes,
    known: Collection[str],
    *,
    act: str = "sign",
    person: ExpectedPerson | None = None,
) -> SimpleCheck:
    """Judge `sealed` over the file `content`.

    `known` are the fingerprints (SHA-256, lower-case hex) of installations that the reader
    believes. Raises nothing for bad input: it is INVALID with the reason.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        seal = open_seal(sealed)
    except SigningError as error:
        return SimpleCheck(Verdict.INVALID, error.msgid, sha256)
    name = seal.statement.covers(content)
    verdict, msgid = _judge(seal, name, known, act, person)
    return SimpleCheck(verdict, msgid, sha256, seal, name or "")


def _judge(
    seal: SimpleSeal,
    name: str | None,
    known: Collection[str],
    act: str,
    person: ExpectedPerson | None,
) -> tuple[Verdict, str]:
    if name is None:
        return Verdict.INVALID, NOT_OF_THIS_FILE
    if person is not None and not _is_of(person, seal.statement):
        return Verdict.INVALID, ANOTHER_PERSON
    if seal.fingerprint not in known:
        return Verdict.UNDECIDED, UNKNOWN
    if seal.statement.act != act:
        return Verdict.UNDECIDED, ONLY_READ if act == "sign" else ONLY_SIGNED
    if person is not None and (person.snils or person.inn):
        return Verdict.UNDECIDED, NUMBERS_UNKNOWN
    return Verdict.VALID, RELIABLE[act]


def _is_of(person: ExpectedPerson, statement: Statement) -> bool:
    """Whether the name is the expected one; a number alone says nothing against it."""
    if not person.surname:
        return True
    expected = folded_name(f"{person.surname} {person.given_name}")
    return expected == folded_name(statement.person)


def check_lines(check: SimpleCheck, text: Text, zone: tzinfo) -> list[str]:
    """The answer as lines of plain text, its times in `zone`."""
    lines = [
        text(TITLE),
        f"{text(N_('SHA-256 of the file'))}: {check.sha256}",
        f"{text(N_('Result'))}: {text(check.msgid)}",
    ]
    if check.seal is None:
        return lines
    if check.seal.statement.training:
        lines.append(text(TRAINING_FOOTER))
    facts = statement_facts(check.seal.statement, text, zone)
    lines += [f"{name}: {value}" for name, value in facts]
    lines += [f"{name}: {value}" for name, value in seal_facts(check.seal, text)]
    return lines


def statement_facts(statement: Statement, text: Text, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """What the statement says, as names and values."""
    yield text(N_("Who")), ", ".join(filter(None, (statement.person, statement.post)))
    yield text(N_("What was done")), text(ACTS[statement.act])
    yield text(N_("Document")), statement.document
    for name, sha256 in statement.files:
        yield text(N_("File")), f"{name}, SHA-256 {sha256}"
    numbers = text(N_("INN {inn}, OGRN {ogrn}"), inn=statement.inn, ogrn=statement.ogrn)
    known = numbers if statement.inn and statement.ogrn else statement.inn or statement.ogrn
    yield text(N_("Organisation")), ", ".join(filter(None, (statement.organisation, known)))
    yield (
        text(N_("Agreement")),
        text(
            N_("No. {number} of {dated}"),
            number=statement.agreement,
            dated=f"{statement.agreed_on:%d.%m.%Y}",
        ),
    )
    yield text(N_("Text that was shown")), statement.text
    yield text(N_("How the person was recognised")), _recognised(statement, text)
    yield text(N_("Time of signing")), local_moment(statement.signed_at, zone)


def _recognised(statement: Statement, text: Text) -> str:
    if statement.second_factor:
        return text(N_("password and one-time code"))
    return text(N_("password"))


def seal_facts(seal: SimpleSeal, text: Text) -> Iterator[tuple[str, str]]:
    """Who sealed it: what the certificate says of itself, and its fingerprint."""
    yield text(N_("Sealed by")), seal.installation
    yield text(N_("Fingerprint of the installation's certificate (SHA-256)")), seal.fingerprint
