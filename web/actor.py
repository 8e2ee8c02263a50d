"""Who acts in the request at hand, as the workflow knows them."""

from __future__ import annotations

from uuid import UUID

from flask import g

from web import current
from web.auth import current_visitor
from workflow.domain.mandates import Actor
from workflow.usecases.desk import actor_of


def current_actor() -> Actor:
    """Return the signed-in person with all posts and mandates, read once in a request.

    Only for views that let nobody in who is not signed in.
    """
    known: Actor | None = g.get("actor")
    if known is None:
        known = g.actor = _read()
    return known


def _read() -> Actor:
    visitor = current_visitor()
    assert visitor is not None  # the guard let nobody else in
    with current.services().work.uow.reading() as tx:
        account = tx.accounts.load(UUID(visitor.account.id))
        return actor_of(tx, account.person_id)
