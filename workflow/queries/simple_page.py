"""The page on which a person signs or acknowledges with a simple signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Attempt
from workflow.domain.simple_signatures import SimpleAct
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.simple_session import (
    VERBS,
    digest_of_text,
    ground_of,
    may,
    shown_text,
    taken_up,
)


@dataclass(frozen=True)
class SimplePage:
    """`text` is the sentence that will be sealed ("" when nothing can be signed any more).

    `has_code`: the account asks for a one-time code as well. `is_answered`: it has been used.
    """

    heading: Heading
    files: tuple[FileCard, ...]
    attempt_id: UUID
    text: str
    expires_at: datetime
    has_code: bool
    refusal: Refusal | None
    is_answered: bool

    @property
    def text_digest(self) -> str:
        return digest_of_text(self.text)


def simple_page(
    services: Services,
    actor: Actor,
    document_id: UUID,
    attempt_id: UUID,
    account_id: UUID,
    act: SimpleAct,
) -> SimplePage:
    """Return the actor's own session of this kind; NotFoundError for any other."""
    with services.uow.reading() as tx:
        attempt = _own(tx, actor, document_id, attempt_id)
        desk = desks.lay(tx, services, actor, document_id)
        steps = {spec.key for spec in desk.kind.route if spec.verb is VERBS[act]}
        if attempt.step.partition(":")[0] not in steps:
            raise NotFoundError(f"signing {attempt_id} is another act")
        taken = taken_up(tx, services, actor, attempt_id, act)
        text = ""
        if not isinstance(taken, Refusal):
            text = shown_text(tx, services, taken[0], taken[2], act, attempt)
        account = tx.accounts.load(account_id)
        return SimplePage(
            heading=heading_of(desk),
            files=file_cards(desk.document.manifest),
            attempt_id=attempt.id,
            text=text,
            expires_at=attempt.expires_at,
            has_code=account.totp_secret is not None,
            refusal=taken if isinstance(taken, Refusal) else None,
            is_answered=bool(attempt.answer),
        )


def _own(tx: Repositories, actor: Actor, document_id: UUID, attempt_id: UUID) -> Attempt:
    try:
        attempt = tx.attempts.load(attempt_id)
    except MissingRowError as error:
        raise NotFoundError(f"signing {attempt_id}") from error
    if attempt.person_id != actor.person_id or attempt.document_id != document_id:
        raise NotFoundError(f"signing {attempt_id} is not of {actor.person_id}")
    return attempt


def simple_way(tx: Repositories, desk: desks.Desk, act: SimpleAct) -> tuple[bool, Refusal | None]:
    """Whether a simple signature is enough for what waits here, and why it cannot be made."""
    refusal = may(desk, act)
    if refusal:
        return False, refusal
    ground = ground_of(tx, desk, act)
    if not isinstance(ground, Refusal):
        return True, None
    return ground.code != "simple.not_enough", ground
