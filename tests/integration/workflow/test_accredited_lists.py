"""The operator takes the list of accredited authorities into use; signatures are judged by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marshrut.demonstration.town import done
from tests.accredited_world import State
from tests.trusted_lists import Ministry
from tests.world import World
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureKind
from workflow.ports import CheckStatus
from workflow.usecases.trust import add_anchor, trust_view


@pytest.fixture
def state(world: World) -> State:
    return State.founded(world)


def code(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_signature_of_a_listed_authority_is_qualified(state: State) -> None:
    state.confirm_root()
    before = state.examined()
    assert before.status is not CheckStatus.VALID  # the root alone vouches for nobody
    assert before.reason is not None

    taken = done(state.take(state.list()))
    assert (taken.list_version, taken.authorities) == (100, 1)  # type: ignore[attr-defined]  # an AccreditedList
    found = state.examined()
    assert (found.status, found.kind) == (CheckStatus.VALID, SignatureKind.QUALIFIED)


def test_an_authority_that_lost_its_accreditation_makes_no_qualified_signature(
    state: State,
) -> None:
    state.confirm_root()
    done(state.take(state.list(status=("Прекращена", "2020-03-10"))))
    found = state.examined()
    assert found.status is CheckStatus.INVALID
    assert found.reason is not None
    assert found.reason.code == "signature.chain.not_accredited"


def test_an_unverified_list_changes_nothing(state: State) -> None:
    assert code(state.take(state.list())) == "trusted_list.no_roots"
    state.confirm_root()
    impostor = replace(state, ministry=Ministry.open("Самозванец"))
    forged = impostor.list()
    assert code(state.take(forged)) == "trusted_list.signer_not_trusted"
    changed = state.list().replace("<Версия>100".encode(), "<Версия>900".encode())
    assert code(state.take(changed)) == "xmldsig.changed"
    assert code(state.take(b"<a/>")) == "xmldsig.signature_count"
    assert state.examined().status is not CheckStatus.VALID
    with state.world.services.uow.reading() as tx:
        assert tx.accredited_lists.newest() is None


def test_a_newer_list_counts_and_an_older_one_is_refused(state: State) -> None:
    state.confirm_root()
    done(state.take(state.list(101)))
    assert code(state.take(state.list(100))) == "trusted_list.rollback"
    done(state.take(state.list(102, status=("Приостановлена", "2020-01-01"))))
    assert state.examined().status is CheckStatus.INVALID


def test_both_the_signed_file_and_the_compact_form_are_kept(state: State) -> None:
    state.confirm_root()
    content = state.list()
    done(state.take(content))
    done(state.take(content))  # once more changes nothing
    with state.world.services.uow.reading() as tx:
        kept = tx.accredited_lists.newest()
        assert kept is not None
        assert state.world.services.blobs.get(kept.file) == content
        assert trust_view(tx, state.world.services).accredited


def test_only_the_operator_takes_a_list(state: State) -> None:
    state.confirm_root()
    refused = state.take(state.list(), who="belova")
    assert isinstance(refused, Refusal)
    with state.world.services.uow.reading() as tx:
        assert tx.accredited_lists.newest() is None


def test_an_anchor_that_is_no_state_root_counts_as_before(state: State) -> None:
    """The operator's own choice of an authority needs no list, and no list takes it away."""
    world = state.world
    done(add_anchor(world.services, world.town.operator, state.centre.der, SignatureKind.QUALIFIED))
    found = state.examined()
    assert (found.status, found.kind) == (CheckStatus.VALID, SignatureKind.QUALIFIED)
