"""Case forms of a post: as they were confirmed for the same words before, else a proposal."""

from __future__ import annotations

from uuid import UUID

from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services

#: Posts of one organisation, those that were left included.
MOST_POSTS = 20_000


def post_forms(
    tx: Repositories, services: Services, organisation_id: UUID, post: str
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return the forms of `post` and whether somebody has confirmed them.

    What was confirmed once in an organisation counts for everybody there who holds a post of the
    same words.
    """
    confirmed = confirmed_posts(tx, organisation_id).get(post)
    if confirmed is not None:
        return confirmed, True
    return services.assembler.propose_phrase(post).forms, False


def confirmed_posts(
    tx: Repositories, organisation_id: UUID
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the posts of an organisation whose forms somebody has confirmed, with the forms."""
    held = tx.employments.of_organisation(organisation_id, limit=MOST_POSTS)
    return {one.post: one.forms for one in reversed(held) if one.forms_confirmed}
