"""A signing session is used once, by the person who began it, within its ten minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests import factories as make
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import may_use_attempt

TOWN = make.town()
BEGUN = make.attempt(make.document_in(DocumentState.TO_SIGN, TOWN), TOWN.head)
HEAD = TOWN.head.person.id
SECOND = timedelta(seconds=1)


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else "may"


def test_a_signing_lasts_until_it_expires() -> None:
    assert code(may_use_attempt(BEGUN, HEAD, make.MORNING)) == "may"
    assert code(may_use_attempt(BEGUN, HEAD, BEGUN.expires_at - SECOND)) == "may"
    assert code(may_use_attempt(BEGUN, HEAD, BEGUN.expires_at)) == "signing.expired"


def test_a_signing_is_used_once() -> None:
    used = replace(BEGUN, answer=make.digest("signature"))
    assert code(may_use_attempt(used, HEAD, make.MORNING)) == "signing.used"
    assert code(may_use_attempt(used, HEAD, BEGUN.expires_at)) == "signing.used"


def test_a_signing_belongs_to_whoever_began_it() -> None:
    stranger = TOWN.deputy.person.id
    assert code(may_use_attempt(BEGUN, stranger, make.MORNING)) == "signing.not_yours"
    used = replace(BEGUN, answer=make.digest("signature"))
    assert code(may_use_attempt(used, stranger, make.MORNING)) == "signing.not_yours"
