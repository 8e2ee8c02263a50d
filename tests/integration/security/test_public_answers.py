"""What strangers are told of a document whose signature did not hold."""

from __future__ import annotations

import pytest

from tests.unit.web.fakes import MORNING, make_app
from web.components import Mark
from web.views.public_check import _answer, _in_words
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.public_check import CheckedSignature, PublicVerdict


def verdict(state: DocumentState, status: SignatureStatus) -> PublicVerdict:
    return PublicVerdict(
        title="Приказ",
        organisation="Школа",
        number="1",
        dated=MORNING.date(),
        state=state,
        superseded=False,
        on_paper=False,
        signatures=(CheckedSignature("Белова", "AB", MORNING, status, False),),
        hashes=("0" * 64,),
    )


@pytest.mark.parametrize("state", list(DocumentState))
@pytest.mark.parametrize(
    "status", [s for s in SignatureStatus if s is not SignatureStatus.ACCEPTED]
)
def test_no_state_makes_an_unaccepted_signature_valid(
    state: DocumentState, status: SignatureStatus
) -> None:
    with make_app().test_request_context():
        assert _in_words(verdict(state, status)).mark is Mark.PROBLEM


def test_the_same_bytes_without_a_valid_signature_are_not_called_the_original() -> None:
    with make_app().test_request_context():
        assert _answer("приказ.pdf", same=True, counts=False).mark is Mark.PROBLEM
        assert _answer("приказ.pdf", same=True, counts=True).mark is Mark.DONE
        assert _answer("приказ.pdf", same=False, counts=True).mark is Mark.PROBLEM
