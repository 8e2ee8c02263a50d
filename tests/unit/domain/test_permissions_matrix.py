"""Who may do what to a document in which state: every actor, every state, every action.

Read a cell as: this actor, the document in this state. `may` is a permission, `.` means that the
state does not allow it to anybody, another word is a refusal explained in the heading of the block.
Whoever is not listed in a block is in its line `others`; what the table does not allow is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from tests import factories as make
from tests.factories import Town
from workflow.domain import permissions
from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import Circumstances
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role, StepSpec, Verb, Who
from workflow.domain.routes import DocumentState

TABLE = """
[prepare]  not = document.prepare.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       may   may    may   may    may    may     may      may      may     may       may
author      may   may    may   may    may    may     may      may      may     may       may
curator     may   may    may   may    may    may     may      may      may     may       may
others      not   not    not   not    not    not     not      not      not     not       not

[edit]  not = document.prepare.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       may   may    .     .      .      .       .        .        .       .         .
author      may   may    .     .      .      .       .        .        .       .         .
curator     may   may    .     .      .      .       .        .        .       .         .
others      not   not    .     .      .      .       .        .        .       .         .

[submit]  . = document.edit.wrong_state, not = document.prepare.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       may   may    .     .      .      .       .        .        .       .         .
author      may   may    .     .      .      .       .        .        .       .         .
curator     may   may    .     .      .      .       .        .        .       .         .
others      not   not    .     .      .      .       .        .        .       .         .

[agree]  not = step.not_yours, own = visa.own_document
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
curator     .     .      may   .      .      .       .        .        .       .         .
author      .     .      own   .      .      .       .        .        .       .         .
others      .     .      not   .      .      .       .        .        .       .         .

[return]  not = document.return.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       .     .      may   may    may    may     .        .        .       .         .
author      .     .      may   may    may    may     .        .        .       .         .
curator     .     .      may   may    may    may     .        .        .       .         .
head        .     .      may   may    may    may     .        .        .       .         .
acting_head .     .      may   may    may    may     .        .        .       .         .
others      .     .      not   not    not    not     .        .        .       .         .

[fix]  not = step.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       .     .      .     may    may    may     .        .        .       .         .
others      .     .      .     not    not    not     .        .        .       .         .

[sign]  not = step.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
head        .     .      .     .      .      may     may      .        .       .         .
acting_head .     .      .     .      .      may     may      .        .       .         .
others      .     .      .     .      .      not     not      .        .       .         .

[acknowledge]  not = step.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
named       .     .      .     .      .      .       .        may      may     .         .
others      .     .      .     .      .      .       .        not      not     .         .

[deliver]  not = step.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       .     .      .     .      .      .       .        may      may     .         .
others      .     .      .     .      .      .       .        not      not     .         .

[resolve]  not = step.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
head        .     .      .     .      .      .       .        may      .       .         .
acting_head .     .      .     .      .      .       .        may      .       .         .
others      .     .      .     .      .      .       .        not      .       .         .

[enter_paper]  not = paper.not_yours
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       may   may    may   may    may    may     may      may      may     may       may
others      not   not    not   not    not    not     not      not      not     not       not

[see]  no = not_found
            draft rework visas agreed fixing to_sign received in_force amended cancelled repealed
clerk       may   may    may   may    may    may     may      may      may     may       may
author      may   may    may   may    may    may     may      may      may     may       may
curator     may   may    may   may    may    may     may      may      may     may       may
deputy      may   may    may   may    may    may     may      may      may     may       may
head        may   may    may   may    may    may     may      may      may     may       may
acting_head may   may    may   may    may    may     may      may      may     may       may
named       no    no     no    no     no     no      no       may      may     may       may
others      no    no     no    no     no     no      no       no       no      no        no
"""

COLUMNS = {
    "draft": DocumentState.DRAFT,
    "rework": DocumentState.REWORK,
    "visas": DocumentState.ON_APPROVAL,
    "agreed": DocumentState.AGREED,
    "fixing": DocumentState.FIXING,
    "to_sign": DocumentState.TO_SIGN,
    "received": DocumentState.SIGNATURE_RECEIVED,
    "in_force": DocumentState.IN_FORCE,
    "amended": DocumentState.AMENDED,
    "cancelled": DocumentState.CANCELLED,
    "repealed": DocumentState.REPEALED,
}

Answer = Callable[[Document, Actor, Circumstances], Refusal | None]
NOT_FOUND = Refusal("not_found", "There is no such document.")

ACTIONS: Mapping[str, Answer] = {
    "prepare": lambda document, actor, around: permissions.may_prepare(actor, around),
    "edit": permissions.may_edit,
    "submit": permissions.may_submit,
    "agree": permissions.may_agree,
    "return": permissions.may_return,
    "fix": permissions.may_fix,
    "sign": permissions.may_sign,
    "acknowledge": permissions.may_acknowledge,
    "deliver": permissions.may_deliver,
    "resolve": permissions.may_resolve,
    "enter_paper": lambda document, actor, around: permissions.may_enter_paper(actor, around),
    "see": lambda *asked: None if permissions.may_see(*asked) else NOT_FOUND,
}

#: Asked of a document alone, whoever (or whatever job) acts; see test_permissions.py.
WITHOUT_ACTOR = {"may_be_fixed"}


@dataclass(frozen=True)
class Cast:
    """The town with everybody the table speaks of, and the order that they all look at.

    Prepared by `author`, one of two curators; agreed by the other one; signed by the head; `named`
    has to acknowledge it; the clerk sends it to the office.
    """

    town: Town
    actors: Mapping[str, Actor]
    around: Circumstances

    def document(self, state: DocumentState) -> Document:
        facts = {"named": [str(self.town.mentor.employment.id)]}
        made = make.document_in(state, self.town, facts=facts)
        author = self.actors["author"].person_id
        marks = tuple(
            replace(m, person_id=author) if m.step == "prepare" else m for m in made.marks
        )
        assembled = replace(made.revision, draft=make.manifest(made.id, "draft"))
        return replace(made, marks=marks).with_revision(assembled)


def _cast() -> Cast:
    town = make.town()
    elsewhere = make.organisation("МБОУ «СОШ № 2»", founder_id=town.office.id)
    former = make.worker(town.school, Role.HEAD, "Зимина")
    ended = replace(former.mandate, until=make.TODAY.replace(day=12))
    operator = make.person("Ильина")
    order = make.order_type()
    route = (
        StepSpec("prepare", Verb.PREPARE, Who(Role.CURATOR)),
        *order.route[1:],
        StepSpec("resolve", Verb.RESOLVE, Who(Role.HEAD), ("sign",)),
        StepSpec("deliver", Verb.DELIVER, Who(Role.CLERK), ("sign",)),
        StepSpec("accept", Verb.ACCEPT, Who(Role.OFFICER, at="addressee"), ("deliver",)),
    )
    actors = {
        "clerk": town.clerk.actor,
        "author": make.worker(town.school, Role.CURATOR, "Калинина").actor,
        "curator": town.curator.actor,
        "deputy": town.deputy.actor,
        "head": town.head.actor,
        "acting_head": make.worker(town.school, Role.ACTING_HEAD, "Лапина").actor,
        "other_head": make.worker(elsewhere, Role.HEAD, "Морозова").actor,
        "named": town.mentor.actor,
        "unnamed": make.worker(town.school, Role.EMPLOYEE, "Носова").actor,
        "officer": town.officer.actor,
        "operator": Actor(operator.id, operator.short_name, operator=True),
        "former_head": replace(former.actor, mandates=(ended,)),
    }
    around = Circumstances(
        replace(order, route=route), town.school, make.MORNING, addressee_id=town.office.id
    )
    return Cast(town, actors, around)


CAST = _cast()


def _blocks() -> Iterator[tuple[str, dict[str, str], dict[str, list[str]]]]:
    """Each action with the codes of its words and the cells of its actors."""
    for block in TABLE.strip().split("\n\n"):
        heading, columns, *rows = block.splitlines()
        assert columns.split() == list(COLUMNS)
        action = heading[1 : heading.index("]")]
        words = {".": f"document.{action}.wrong_state"}
        for explained in heading[heading.index("]") + 1 :].split(","):
            word, code = explained.split("=")
            words[word.strip()] = code.strip()
        yield action, words, {who: cells for who, *cells in map(str.split, rows)}


def _expected() -> Iterator[tuple[str, str, dict[str, str]]]:
    """For each action and actor: what is said in each state."""
    for action, words, rows in _blocks():
        assert rows.keys() - {"others"} <= CAST.actors.keys()
        for who in CAST.actors:
            cells = rows.get(who, rows["others"])
            said = ("may" if cell == "may" else words[cell] for cell in cells)
            yield action, who, dict(zip(COLUMNS, said, strict=True))


@pytest.mark.parametrize(("action", "who", "row"), list(_expected()))
def test_the_table_says_who_may_do_what_in_which_state(
    action: str, who: str, row: dict[str, str]
) -> None:
    said = {}
    for column, state in COLUMNS.items():
        refusal = ACTIONS[action](CAST.document(state), CAST.actors[who], CAST.around)
        said[column] = refusal.code if refusal else "may"
    assert said == row


def test_the_table_covers_every_state_and_every_permission() -> None:
    assert set(COLUMNS.values()) == set(DocumentState)
    assert [action for action, _, _ in _blocks()] == list(ACTIONS)
    asked = {name for name, _ in inspect.getmembers(permissions, inspect.isfunction)}
    named = {f"may_{action}" for action in ACTIONS} | WITHOUT_ACTOR
    assert {name for name in asked if name.startswith("may_")} == named


def test_the_addressee_sees_a_letter_once_it_is_sent() -> None:
    letter = CAST.document(DocumentState.IN_FORCE)
    officer = CAST.actors["officer"]
    assert not permissions.may_see(letter, officer, CAST.around)
    sent = letter.marked(make.mark(letter, "deliver", Verdict.DONE, CAST.town.clerk))
    assert permissions.may_see(sent, officer, CAST.around)
