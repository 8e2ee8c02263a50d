"""Lives of documents, played act by act as the use cases write them.

At each moment `possible` lists every act that somebody may do (the permissions say so) or that
happens by itself (a file is rendered, a signature turns out not to hold).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from tests import factories as make
from tests.factories import Town, Worker
from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.permissions import (
    Circumstances,
    is_called,
    may_acknowledge,
    may_agree,
    may_deliver,
    may_edit,
    may_fix,
    may_resolve,
    may_return,
    may_sign,
    may_submit,
    steps_for,
)
from workflow.domain.regulations import DocumentType, Origin, Verb
from workflow.domain.routes import (
    CLOSING,
    ORDER_FIX,
    ORDER_SIGN,
    Act,
    DocumentState,
    Step,
    last_mark,
    open_steps,
    state_of,
    steps_of,
)

Happens = Callable[[], Document]
S = DocumentState
Change = tuple[S, Act, S]


@dataclass(frozen=True)
class Life:
    """A document at a moment of its life, with those who act on it."""

    town: Town
    document: Document
    around: Circumstances

    @property
    def kind(self) -> DocumentType:
        return self.around.kind

    @property
    def state(self) -> DocumentState:
        return state_of(self.document, self.kind, self.around.visa_roles)

    @property
    def situation(self) -> object:
        """What the future depends on: the marks that count, not how often one went astray."""
        steps = steps_of(self.document, self.kind, self.around.visa_roles)
        counting = {s.key: m.verdict for s in steps if (m := last_mark(self.document, s))}
        signatures = frozenset((m.step, m.verdict) for m in self._signatures())
        return self.state, frozenset(counting.items()), signatures

    @property
    def people(self) -> tuple[Worker, ...]:
        town = self.town
        return (town.clerk, town.curator, town.deputy, town.head, town.mentor)

    def possible(self) -> list[tuple[Act, Happens]]:
        """Every act that can happen now, with the document that it would make."""
        by_hand = [found for who in self.people for found in self._acts_of(who)]
        events = self._with_order() if self.kind.origin is Origin.APPROVED else self._by_itself()
        return [*by_hand, *events, *self._closing()]

    def _acts_of(self, who: Worker) -> Iterator[tuple[Act, Happens]]:
        asked = (self.document, who.actor, self.around)
        if may_edit(*asked) is None:
            yield Act.EDIT, self._edited
        if may_submit(*asked) is None:
            yield Act.SUBMIT, lambda: self._submitted(who)
        if may_agree(*asked) is None:
            yield Act.AGREE, lambda: self._marked(Verb.AGREE, Verdict.AGREED, who)
        if may_return(*asked) is None:
            yield Act.RETURN, lambda: self._returned(who)
        if may_fix(*asked) is None:
            yield Act.FIX, self._fixed
        if may_sign(*asked) is None:
            yield Act.SIGN, lambda: self._marked(Verb.SIGN, Verdict.SIGNED, who)
            yield (
                Act.RECEIVE_SIGNATURE,
                lambda: self._marked(Verb.SIGN, Verdict.RECEIVED, who),
            )
        if may_acknowledge(*asked) is None:
            yield (
                Act.ACKNOWLEDGE,
                lambda: self._marked(Verb.ACKNOWLEDGE, Verdict.ACKNOWLEDGED, who),
            )
        if may_deliver(*asked) is None:
            yield Act.DELIVER, lambda: self._marked(Verb.DELIVER, Verdict.DONE, who)
        if may_resolve(*asked) is None:
            yield Act.RESOLVE, lambda: self._marked(Verb.RESOLVE, Verdict.GRANTED, who)

    def _by_itself(self) -> Iterator[tuple[Act, Happens]]:
        fixing = self.document.fixing
        if fixing is not None and fixing.manifest is None:
            files = make.manifest(self.document.id, f"fixed {fixing.sequence}")
            rendered = self.document.with_fixing(replace(fixing, manifest=files))
            yield Act.RENDERED, lambda: rendered
        if self.state in (S.TO_SIGN, S.SIGNATURE_RECEIVED, S.IN_FORCE):
            for mark in self._signatures():
                yield Act.WITHDRAW_SIGNATURE, partial(self._again, mark, Verdict.WITHDRAWN)
                if mark.verdict is Verdict.RECEIVED and self.state is S.SIGNATURE_RECEIVED:
                    yield Act.SIGN, partial(self._again, mark, Verdict.SIGNED)

    def _signatures(self) -> list[Mark]:
        """The newest mark of each signature that has not been found wanting."""
        fixing = self.document.fixing.sequence if self.document.fixing else 0
        signing = {s.key for s in self._steps(Verb.SIGN)}
        marks = [m for m in self.document.marks if m.fixing == fixing and m.step in signing]
        newest = {m.evidence: m for m in marks if m.verdict is not Verdict.RETURNED}
        return [m for m in newest.values() if m.verdict is not Verdict.WITHDRAWN]

    def _with_order(self) -> Iterator[tuple[Act, Happens]]:
        """What the order's own life does to a document that it approves."""
        if self.state in (S.AGREED, S.TO_SIGN):
            yield Act.FIX, lambda: self._by_order(ORDER_FIX, Verdict.DONE)
        if self.state is S.TO_SIGN:
            yield Act.RELEASE, lambda: self._by_order(ORDER_FIX, Verdict.WITHDRAWN)
            yield Act.SIGN, lambda: self._by_order(ORDER_SIGN, Verdict.SIGNED)
        if self.state is S.IN_FORCE:
            yield Act.WITHDRAW_SIGNATURE, lambda: self._by_order(ORDER_SIGN, Verdict.WITHDRAWN)

    def _closing(self) -> Iterator[tuple[Act, Happens]]:
        if self.state in (S.IN_FORCE, S.AMENDED):
            for end in (S.AMENDED, S.CANCELLED, S.REPEALED):
                mark = make.mark(
                    self.document, CLOSING, Verdict.REPEALED, self.town.head, remark=end.value
                )
                yield Act.REPEAL, partial(self.document.marked, mark)

    # --- What an act writes ------------------------------------------------------------------

    def _edited(self) -> Document:
        return self.document.with_revision(replace(self.document.revision))

    def _submitted(self, who: Worker) -> Document:
        document = self.document
        for step in self._steps(Verb.PREPARE):
            document = document.marked(make.mark(document, step.key, Verdict.DONE, who))
        for step in open_steps(document, self.kind, self.around.visa_roles):
            if step.verb is Verb.AGREE and is_called(step.spec.who, step, who.actor, self.around):
                document = document.marked(make.mark(document, step.key, Verdict.COLLAPSED, who))
        return document

    def _marked(self, verb: Verb, verdict: Verdict, who: Worker) -> Document:
        step = steps_for(self.document, verb, who.actor, self.around)[0]
        evidence = str(make.new_id())
        return self.document.marked(
            make.mark(self.document, step.key, verdict, who, evidence=evidence)
        )

    def _returned(self, who: Worker) -> Document:
        deciding = self._steps(Verb.AGREE) + self._steps(Verb.SIGN)
        mine = [s for s in deciding if is_called(s.spec.who, s, who.actor, self.around)]
        place = mine[0].key if mine else "clerk"
        back = self.document.marked(make.mark(self.document, place, Verdict.RETURNED, who))
        return back.with_revision(replace(back.revision, number=back.revision.number + 1))

    def _fixed(self) -> Document:
        return self.document.with_fixing(make.fixing(self.document))

    def _again(self, mark: Mark, verdict: Verdict) -> Document:
        return self.document.marked(replace(mark, id=make.new_id(), verdict=verdict))

    def _by_order(self, step: str, verdict: Verdict) -> Document:
        return self.document.marked(make.mark(self.document, step, verdict, self.town.head))

    def _steps(self, verb: Verb) -> list[Step]:
        steps = steps_of(self.document, self.kind, self.around.visa_roles)
        return [s for s in steps if s.verb is verb]


def begun(kind: DocumentType, visa_roles: tuple[str, ...] = ()) -> Life:
    """The first draft of a document of the type; the mentor is named in its field `named`."""
    town = make.town()
    town = replace(town, school=replace(town.school, visa_roles=visa_roles))
    named: list[UUID] = [town.mentor.employment.id]
    document = make.draft(town, {"named": [str(one) for one in named]}, kind)
    around = Circumstances(kind, town.school, make.MORNING, addressee_id=town.office.id)
    return Life(town, document, around)


def changes(life: Life) -> set[Change]:
    """Everything that can happen in the life: each situation of it is played on once."""
    known: set[object] = set()
    found: set[Change] = set()
    waiting = [life]
    while waiting:
        life = waiting.pop()
        for act, happens in life.possible():
            following = replace(life, document=happens())
            found.add((life.state, act, following.state))
            if following.situation not in known:
                known.add(following.situation)
                waiting.append(following)
    return found


def walk(life: Life, choices: Iterable[int]) -> Iterator[Change]:
    """Play the life: each choice picks an act, and then who does it. Yields what it changed."""
    for choice in choices:
        possible = life.possible()
        if not possible:
            return
        acts = sorted({act for act, _ in possible})
        act = acts[choice % len(acts)]
        ways = [happens for other, happens in possible if other is act]
        happens = ways[choice // len(acts) % len(ways)]
        before = life.state
        life = replace(life, document=happens())
        yield before, act, life.state
