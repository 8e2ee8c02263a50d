"""What became of each document of a list that is signed at once, in words."""

from __future__ import annotations

from dataclasses import dataclass

from web.components import Mark, Tag
from web.current import _, settings, surroundings
from web.refusals import tell
from workflow.domain.refusals import N_, Refusal
from workflow.domain.signatures import SignatureStatus
from workflow.queries.bulk_signing import BulkLine

SIGNED = N_("signed")
RECEIVED = N_("being checked")
NOT_SIGNED = N_("not signed")
WAITS = N_("waits for the signature")
SEEN = N_("looked at")
UNSEEN = N_("not looked at")

_TAGS = {
    SignatureStatus.ACCEPTED: (SIGNED, Mark.DONE),
    SignatureStatus.RECEIVED: (RECEIVED, Mark.WAITING),
    SignatureStatus.REFUSED: (NOT_SIGNED, Mark.PROBLEM),
    SignatureStatus.WITHDRAWN: (NOT_SIGNED, Mark.PROBLEM),
}


@dataclass(frozen=True)
class Answer:
    """A document's answer: the tag, and why and what to do where something is to be said."""

    line: BulkLine
    tag: Tag
    note: str = ""

    @property
    def is_signed(self) -> bool:
        return self.tag.mark is Mark.DONE

    @property
    def is_refused(self) -> bool:
        return self.tag.mark is Mark.PROBLEM


def answer_of(line: BulkLine) -> Answer:
    """Say what became of a document; that it waits while there is no answer."""
    if line.signature is not None:
        label, mark = _TAGS[line.signature.status]
        why = line.signature.explanation
        return Answer(line, Tag(_(label), mark), _said(why) if why else "")
    if line.item.refusal is not None:
        return Answer(line, Tag(_(NOT_SIGNED), Mark.PROBLEM), _said(line.item.refusal))
    return Answer(line, Tag(_(WAITS), Mark.NEUTRAL))


def seen_tag(line: BulkLine) -> Tag:
    """Say whether the files that lie there now have been looked at."""
    return Tag(_(SEEN), Mark.DONE) if line.is_seen else Tag(_(UNSEEN), Mark.WAITING)


def _said(refusal: Refusal) -> str:
    told = tell(refusal, surroundings().words, settings().zone)
    return " ".join(part for part in (told.what, told.todo) if part)
