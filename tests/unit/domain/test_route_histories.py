"""Whatever people do and in whatever order: no document ever leaves the table of transitions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.unit.domain.histories import Change, Life, begun, changes, walk
from workflow.domain.regulations import DocumentType, Origin, Role, StepSpec, Verb, Who
from workflow.domain.routes import DocumentState, transitions_of

LONGEST = 40

_PREPARE = StepSpec("prepare", Verb.PREPARE, Who(Role.CLERK))
_FIX = StepSpec("fix", Verb.FIX, Who(Role.CLERK), ("prepare",))
_BY_HEAD = StepSpec("sign", Verb.SIGN, Who(Role.HEAD), ("fix",))
_BY_MENTOR = StepSpec("sign_mentor", Verb.SIGN, Who(field_key="named"), ("fix",))

ORDER = make.order_type()
LETTER = make.order_type(
    route=(
        _PREPARE,
        _FIX,
        _BY_HEAD,
        StepSpec("deliver", Verb.DELIVER, Who(Role.CLERK), ("sign",)),
    )
)
AGREEMENT = make.order_type(
    one_sided=False,
    route=(
        _PREPARE,
        StepSpec("agree", Verb.AGREE, Who(Role.CURATOR), ("prepare",), survives_rework=True),
        _FIX,
        _BY_HEAD,
        _BY_MENTOR,
    ),
)
ROADMAP = make.order_type(
    origin=Origin.APPROVED,
    signature=None,
    register="",
    route=(
        StepSpec("prepare", Verb.PREPARE, Who(Role.CURATOR)),
        StepSpec("agree", Verb.AGREE, Who(Role.CURATOR), ("prepare",)),
        StepSpec("agree_deputy", Verb.AGREE, Who(Role.DEPUTY), ("agree",), survives_rework=True),
        StepSpec("acknowledge", Verb.ACKNOWLEDGE, Who(field_key="named")),
        StepSpec("deliver", Verb.DELIVER, Who(Role.CLERK)),
    ),
)
PROGRAMME = replace(ROADMAP, route=ROADMAP.route[:1])

PETITION = make.order_type(
    route=(
        StepSpec("prepare", Verb.PREPARE, Who(field_key="named")),
        StepSpec("sign", Verb.SIGN, Who(field_key="named"), ("prepare",)),
        StepSpec("resolve", Verb.RESOLVE, Who(Role.HEAD), ("sign",)),
    )
)

LIVES = {
    "an order": begun(ORDER),
    "an order agreed by the organisation's own list": begun(ORDER, ("deputy", "curator")),
    "a letter that nobody agrees": begun(LETTER),
    "an agreement with two signers": begun(AGREEMENT),
    "a petition that the head resolves": begun(PETITION),
    "a document that an order approves": begun(ROADMAP),
    "one that nobody agrees": begun(PROGRAMME),
}


def _outside(life: Life, choices: list[int]) -> list[Change]:
    """The acts of a history that the table does not know."""
    table = transitions_of(life.kind)
    return [
        (before, act, after)
        for before, act, after in walk(life, choices)
        if after not in table.get((before, act), ())
    ]


@pytest.mark.parametrize("name", LIVES)
@given(choices=st.lists(st.integers(0, 1000), max_size=LONGEST))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_history_leaves_the_table(name: str, choices: list[int]) -> None:
    assert not _outside(LIVES[name], choices)


def _listed(kind: DocumentType) -> set[Change]:
    return {
        (before, act, after)
        for (before, act), afters in transitions_of(kind).items()
        for after in afters
    }


@pytest.mark.parametrize("kind", [ORDER, ROADMAP], ids=["alone", "with its order"])
def test_every_transition_of_the_table_happens(kind: DocumentType) -> None:
    happened: set[Change] = set()
    for life in LIVES.values():
        if life.kind.origin is kind.origin:
            happened |= changes(life)
    assert happened == _listed(kind)


def test_a_document_comes_to_an_end() -> None:
    """Cancelled and repealed documents stay what they are: nothing is possible any more."""
    for life in LIVES.values():
        town = life.town
        for end in (DocumentState.CANCELLED, DocumentState.REPEALED):
            closed = make.document_in(end, town, facts=dict(life.document.facts))
            assert replace(life, document=closed).possible() == []
