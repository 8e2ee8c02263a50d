"""Documents that exist already: who enters them, and what has to be said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.mandates import Actor
from workflow.domain.people import Employment
from workflow.domain.permissions import Circumstances, may_enter_paper, may_prepare
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, FieldKind, FieldSpec, Origin, Verb

_COPIED = (
    FieldKind.PERSON,
    FieldKind.PEOPLE,
    FieldKind.DATE,
    FieldKind.CHOICE,
    FieldKind.NUMBER,
)


@dataclass(frozen=True)
class Announced:
    """What is said of an existing document besides its facts."""

    number: str
    dated: date
    signed_by: str
    has_file: bool
    acknowledged_on: date | None = None


def may_be_entered(kind: DocumentType) -> bool:
    """Whether existing documents of the type can be entered; a letter is sent, not remembered."""
    return all(step.verb is not Verb.DELIVER for step in kind.route)


def may_register_existing(actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor may enter one: whoever prepares the type, or the clerk for what is made."""
    if around.kind.origin is Origin.EXISTING:
        return may_prepare(actor, around)
    return may_enter_paper(actor, around)


def check_announced(announced: Announced, around: Circumstances) -> Refusal | None:
    """Whether enough is said of the document; its number is needed where the type has numbers."""
    if not announced.has_file:
        return Refusal(
            "existing.file_missing",
            N_("The file is missing: the scan, or the document as it was received."),
            N_("Attach the file."),
        )
    if not announced.signed_by or (_has_number(around.kind) and not announced.number):
        return Refusal(
            "existing.incomplete",
            N_("Number and signatory are missing."),
            N_("Copy them from the document."),
        )
    if announced.dated > around.today:
        return Refusal("existing.in_future", N_("The date lies in the future."))
    return _check_sheet(announced, around)


def _has_number(kind: DocumentType) -> bool:
    return kind.origin is Origin.EXISTING or bool(kind.register)


def _check_sheet(announced: Announced, around: Circumstances) -> Refusal | None:
    signed = announced.acknowledged_on
    if signed is None:
        return None
    if signed > around.today:
        return Refusal("existing.sheet_in_future", N_("The date lies in the future."))
    if signed < announced.dated:
        return Refusal(
            "existing.sheet_before_document",
            N_("The date is earlier than the document itself ({date})."),
            N_("Look at the date on the paper."),
            {"date": announced.dated},
        )
    return None


def author_of(kind: DocumentType) -> FieldSpec | None:
    """The field that names the one person who signs: of a consent, a statement (заявление).

    None where several people sign, or somebody by a role.
    """
    signing = [step.who.field_key for step in kind.route if step.verb is Verb.SIGN]
    spec = kind.field(signing[0]) if len(signing) == 1 else None
    return spec if spec and spec.kind is FieldKind.PERSON else None


def copied_fields(kind: DocumentType) -> tuple[FieldSpec, ...]:
    """What others rely on and a clerk can copy from a paper; the text itself stays in the scan."""
    return tuple(f for f in kind.fields if f.kind in _COPIED and f.asked)


def check_author(employment: Employment, written_on: date) -> Refusal | None:
    """Whether the author held the post on the day of the statement."""
    if employment.held_on(written_on):
        return None
    return Refusal(
        "statement.not_employed",
        N_("On that day the author did not hold the post that is named."),
        N_("Look at the date of the statement and at the post of its author."),
    )
