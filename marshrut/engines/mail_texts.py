"""What letters say: subject and body, as a secretary would write them."""

from __future__ import annotations

from web.dates import long_date, open_deadline
from web.ending_words import what_ends, what_to_do
from web.words import Words
from workflow.domain.deadlines import Left
from workflow.domain.mail import EndingText, ReminderText, TrialText, WithdrawnText
from workflow.domain.refusals import N_
from workflow.domain.reminders import ReminderKind

_AUTOMATIC = N_("This letter was sent automatically; there is no need to answer it.")


def worded(
    words: Words, text: ReminderText | WithdrawnText | EndingText | TrialText, link: str
) -> tuple[str, str]:
    """Return subject and body (plain text, paragraphs apart by an empty line)."""
    match text:
        case ReminderText():
            subject, paragraphs = _reminder(words, text)
            where = words.text(N_("Open in Marshrut: {link}"), link=link)
        case WithdrawnText():
            subject, paragraphs = _withdrawn(words, text)
            where = words.text(N_("Open the document: {link}"), link=link)
        case EndingText():
            subject, paragraphs = _ending(words, text)
            where = words.text(N_("Open in Marshrut: {link}"), link=link)
        case TrialText():
            subject = words.text(N_("Trial letter of Marshrut"))
            paragraphs = [words.text(N_("Mail is set up: letters of Marshrut arrive."))]
            where = link
    said = [words.text(N_("Good day!")), *paragraphs, where, words.text(_AUTOMATIC)]
    return subject, "\n\n".join(said) + "\n"


def _reminder(words: Words, text: ReminderText) -> tuple[str, list[str]]:
    when = open_deadline(words, text.last, text.left, text.today).text
    subject = words.text(_subject(text), title=text.title, date=long_date(text.last, text.today))
    what = words.text(N_("“{title}”: {when}"), title=text.title, when=when)
    facts = [what, words.text(N_("Organisation: {name}"), name=text.organisation)]
    if text.owing:
        facts.append(words.text(N_("Responsible: {name}"), name=text.owing))
    if text.article:
        facts.append(words.text(N_("Ground: {article}"), article=text.article))
    return subject, [words.text(_opening(text)), "\n".join(facts)]


def _subject(text: ReminderText) -> str:
    match text.kind:
        case ReminderKind.OVERDUE if not text.own:
            return N_("Not done in time: {title} (was due on {date})")
        case ReminderKind.OVERDUE:
            return N_("The term has passed: {title} (was due on {date})")
        case ReminderKind.ON_THE_DAY if text.left.state is Left.LAST_DAY:
            return N_("Today is the last day: {title}")
        case _:
            return N_("Reminder: {title}, by {date}")


def _opening(text: ReminderText) -> str:
    overdue = text.kind is ReminderKind.OVERDUE
    if not text.own:
        if overdue:
            return N_("We inform you that the following was not done in time:")
        return N_("We remind you of a term in your organisation:")
    if overdue:
        return N_("The term has passed. Please do as soon as you can what is due:")
    return N_("We remind you of a term:")


#: What is said of a signature: the heading, to its owner, to others.
_WITHDRAWN = (
    N_("The signature was withdrawn: {document}"),
    N_("Your signature under the document “{document}” ({place}) was withdrawn."),
    N_("The signature of {name} under the document “{document}” ({place}) was withdrawn."),
)
_REFUSED = (
    N_("The signature was not accepted: {document}"),
    N_("Your signature under the document “{document}” ({place}) was not accepted."),
    N_("The signature of {name} under the document “{document}” ({place}) was not accepted."),
)


def _withdrawn(words: Words, text: WithdrawnText) -> tuple[str, list[str]]:
    heading, whose_own, whose_else = _REFUSED if text.refused else _WITHDRAWN
    subject = words.text(heading, document=text.document)
    whose = words.text(
        whose_else if text.signer else whose_own,
        name=text.signer,
        document=text.document,
        place=text.organisation,
    )
    reason = words.text(
        N_("Reason: {reason}"), reason=words.text(text.reason.msgid, **text.reason.params)
    )
    if text.concerned:
        next_step = words.text(
            N_(
                "The document concerns you. Until there is a valid signature, it may have no"
                " force: your page shows what is asked of you now."
            )
        )
        return subject, [whose, reason, next_step]
    next_step = words.text(
        N_(
            "The signature does not count. Until there is a valid one, the document may have no"
            " force: open it and see what has to be done."
        )
    )
    return subject, [whose, reason, next_step]


def _ending(words: Words, text: EndingText) -> tuple[str, list[str]]:
    said = what_ends(words, text.ending, text.name, text.today)
    place = words.text(N_("Organisation: {name}"), name=text.organisation)
    facts = "\n".join(part for part in (f"{said.title}.", said.planned, place) if part)
    return said.title, [facts, what_to_do(words, text.ending, text.name)]
