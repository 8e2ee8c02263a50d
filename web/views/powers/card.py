"""One power of attorney: who, what, until when, what the registry said, what is missing."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Button
from web.components import Cell, Fact, Mark, Notice, Table, Tag
from web.current import _, services
from web.dates import long_date, moment, short_date
from web.views.admin.layout import Card, Section, show
from web.views.on_document import stored_file
from web.views.powers.blueprint import (
    ANSWERS,
    STATES,
    leads,
    list_crumbs,
    pages,
)
from workflow.domain.powers import PowerAnswer
from workflow.domain.refusals import N_
from workflow.powers import ExaminedGift
from workflow.queries.powers import (
    PowerPage,
    PowerState,
    power_page,
)
from workflow.usecases.errors import NotFoundError

OCTETS = "application/octet-stream"


@pages.get("/<uuid:power_id>")
@signed_in
def page(power_id: UUID) -> str:
    """Show one power: who, what, until when, what the registry said, what is missing."""
    shown = power_page(services().work, current_actor(), power_id)
    power = shown.power
    label, mark = STATES[shown.state]
    return show(
        Card(
            title=_("Power of attorney of {day}", day=long_date(power.issued)),
            above=shown.principal,
            tag=Tag(_(label), mark),
            crumbs=list_crumbs(shown.organisation_id, shown.principal),
            notices=_notices(shown),
            facts=_facts(shown),
            buttons=_buttons(shown),
            sections=(
                Section(_answers(shown)),
                Section(_found(shown)),
                *((Section(_readings(shown)),) if shown.readings else ()),
            ),
        )
    )


def _notices(shown: PowerPage) -> tuple[Notice, ...]:
    """What is missing, the gravest first; each says what to do."""
    zone = ZoneInfo(shown.time_zone)
    match shown.state:
        case PowerState.REVOKED:
            return (
                Notice(
                    _(
                        "Nobody signs by it any more. Signatures given on that day or later are "
                        "looked at again, and those concerned are told."
                    ),
                    _("The power of attorney has been revoked"),
                    Mark.PROBLEM,
                ),
            )
        case PowerState.ENDED:
            return (Notice(_("Ask the head for a new one."), _("The term is over"), Mark.WAITING),)
        case PowerState.TO_SAY:
            return (
                Notice(
                    _(
                        "Say what its codes let one sign, or let the head read and confirm the "
                        "words."
                    ),
                    _("It lets sign nothing yet"),
                    Mark.WAITING,
                ),
            )
        case PowerState.TO_ASK:
            answer = shown.counting
            title = _("The registry has not been asked")
            if answer is not None:
                title = _("The registry’s answer is old: {at}", at=moment(answer.as_of, zone))
        case _:
            return ()
    text = _(
        "Look the number up in the registry of powers of attorney and enter the answer. A "
        "signature given before is received, but does not count. An answer stands for {days} days.",
        days=shown.days,
    )
    return (Notice(text, title, Mark.WAITING),)


def _facts(shown: PowerPage) -> tuple[Fact, ...]:
    power, zone = shown.power, ZoneInfo(shown.time_zone)
    limited = _("with limits")
    coded = "; ".join(
        f"{code.name or '—'} ({code.code})" + (f" — {limited}" if code.limited else "")
        for code in power.codes
    )
    facts = [
        Fact(_("To whom it was given"), shown.holder),
        Fact(_("By whom it was given"), power.signed_by or "—"),
        Fact(_("Number in the registry"), power.number),
        Fact(_("Number of the organisation"), power.own_number or "—"),
        Fact(
            _("Term of the power"),
            f"{short_date(power.issued)} — {short_date(power.until)}",
        ),
        Fact(_("What it lets sign here"), "; ".join(shown.signs) or _("nothing yet")),
        Fact(_("Powers by code"), coded or "—"),
    ]
    if power.text:
        facts.append(Fact(_("Powers in words"), power.text))
    facts += [
        Fact(
            _("Kept here"),
            _("{at}, by {name}", at=moment(power.kept_at, zone), name=shown.kept_by),
        ),
        Fact(_("Signatures given by it"), str(shown.signed)),
    ]
    return tuple(facts)


def _buttons(shown: PowerPage) -> tuple[Button, ...]:
    def url(name: str) -> str:
        return url_for(f"powers.{name}", power_id=shown.power.id)

    codes = url_for("powers.codes", organisation_id=shown.organisation_id)
    asks = shown.state in (PowerState.TO_ASK, PowerState.GOOD)
    found = [
        leads(N_("Enter the registry’s answer"), url("answer"), shown.answer_refusal, main=asks),
        leads(N_("Codes of powers"), codes, None, main=shown.state is PowerState.TO_SAY),
    ]
    if shown.to_read and _has_words(shown):
        found.append(leads(N_("Confirm powers in words"), url("words"), shown.read_refusal))
    if shown.state is not PowerState.REVOKED:
        found.append(leads(N_("Record a revocation"), url("revoke"), shown.revoke_refusal))
    return (
        *found,
        leads(N_("Download the XML"), url("file"), None),
        leads(N_("Download the signature"), url("signature"), None),
    )


def _has_words(shown: PowerPage) -> bool:
    """Whether something of the power counts only when somebody has read it."""
    power = shown.power
    return bool(power.text) or not power.coded or not power.alone or _is_limited(shown)


def _is_limited(shown: PowerPage) -> bool:
    return any(code.limited for code in shown.power.codes)


def _answers(shown: PowerPage) -> Table:
    zone = ZoneInfo(shown.time_zone)
    return Table(
        _("What the registry said"),
        (_("As it stood at"), _("Answer"), _("Source"), _("Who entered it")),
        tuple(
            (
                Cell(
                    moment(line.answer.as_of, zone),
                    note=_("counts") if line.answer == shown.counting else "",
                ),
                Cell(_answer_words(line.answer)),
                Cell(line.answer.words or "—", _answer_file(line.answer)),
                Cell(line.by),
            )
            for line in shown.answers
        ),
        empty=_("Nobody has asked yet."),
    )


def _answer_words(answer: PowerAnswer) -> str:
    words = _(ANSWERS[answer.status])
    return f"{words}, {short_date(answer.revoked_on)}" if answer.revoked_on else words


def _answer_file(answer: PowerAnswer) -> str:
    if not answer.file:
        return ""
    return url_for("powers.answer_file", power_id=answer.power_id, answer_id=answer.id)


def _found(shown: PowerPage) -> Table:
    """What is found now of who gave the power."""
    gift = shown.gift
    marks = {True: Mark.DONE, False: Mark.PROBLEM, None: Mark.WAITING}
    labels = {True: _("Found: yes"), False: _("Found: no"), None: _("Found: not checked")}
    rows = (
        tuple(
            (
                Cell(_(one.msgid, **one.params)),
                Cell(tag=Tag(labels[one.passed], marks[one.passed])),
            )
            for one in gift.findings
        )
        if isinstance(gift, ExaminedGift)
        else ((Cell(_(gift.msgid, **gift.params)), Cell(tag=Tag(labels[None], marks[None]))),)
    )
    return Table(_("Who gave it: checked now"), (_("Question"), _("Answer")), rows)


def _readings(shown: PowerPage) -> Table:
    zone = ZoneInfo(shown.time_zone)
    return Table(
        _("Powers confirmed by reading"),
        (_("Documents"), _("Words of the power"), _("Who confirmed")),
        tuple(
            (
                Cell(line.title),
                Cell(f"«{line.reading.words}»"),
                Cell(line.by, note=moment(line.reading.read_at, zone)),
            )
            for line in shown.readings
        ),
    )


@pages.get("/<uuid:power_id>/file")
@signed_in
def file(power_id: UUID) -> AnyResponse:
    """The XML as it was loaded."""
    power = power_page(services().work, current_actor(), power_id).power
    return stored_file(power.file, f"{power.number}.xml", OCTETS, download=True)


@pages.get("/<uuid:power_id>/signature")
@signed_in
def signature(power_id: UUID) -> AnyResponse:
    """The signature as it was loaded."""
    power = power_page(services().work, current_actor(), power_id).power
    return stored_file(power.signature, f"{power.number}.xml.sig", OCTETS, download=True)


@pages.get("/<uuid:power_id>/answers/<uuid:answer_id>")
@signed_in
def answer_file(power_id: UUID, answer_id: UUID) -> AnyResponse:
    """What the registry gave, as it was loaded."""
    shown = power_page(services().work, current_actor(), power_id)
    found = [a.answer for a in shown.answers if a.answer.id == answer_id and a.answer.file]
    if not found:
        raise NotFoundError(f"answer {answer_id} of {power_id}")
    return stored_file(found[0].file, f"{shown.power.number}-registry", OCTETS, download=True)
