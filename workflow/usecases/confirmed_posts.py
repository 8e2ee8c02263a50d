"""Case forms of a post: as they were confirmed for the same words before, else a proposal."""

from __future__ import annotations

from uuid import UUID

from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services


def post_forms(
    tx: Repositories, services: Services, organisation_id: UUID, post: str
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return the forms of `post` and whether somebody has confirmed them.

    What was confirmed once in an organisation counts for everybody there who holds a post of the
    same words.
    """
    for held in tx.employments.of_organisation(organisation_id):
        if held.post == post and held.forms_confirmed:
            return held.forms, True
    return services.assembler.propose_phrase(post).forms, False
