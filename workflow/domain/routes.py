"""The route of a document: its steps, which of them are open, and the state that follows.

State is never stored as a fact of its own: it is derived from the marks, so that a history can
always be replayed. `TRANSITIONS` and `TRANSITIONS_WITH_ORDER` are the tables from which the
diagrams in docs/architecture.md are drawn; a test holds them against `state_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from workflow.domain.cancelled_lines import called_off
from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.regulations import DocumentType, Origin, Role, StepSpec, Verb, Who

#: Steps of a document that is approved by an order are closed by the order's own life.
ORDER_FIX = "order.fix"
ORDER_SIGN = "order.sign"
CLOSING = "closing"

_COMPLETING: dict[Verb, frozenset[Verdict]] = {
    Verb.PREPARE: frozenset({Verdict.DONE}),
    Verb.AGREE: frozenset(
        {Verdict.AGREED, Verdict.AGREED_WITH_REMARKS, Verdict.COLLAPSED, Verdict.VACANT}
    ),
    Verb.DECIDE: frozenset({Verdict.DONE}),
    Verb.RESOLVE: frozenset({Verdict.GRANTED, Verdict.DENIED, Verdict.MEDIATION}),
    Verb.SIGN: frozenset({Verdict.SIGNED, Verdict.SIGNED_ON_PAPER}),
    Verb.ACKNOWLEDGE: frozenset(
        {
            Verdict.ACKNOWLEDGED,
            Verdict.ACKNOWLEDGED_ON_PAPER,
            Verdict.ABSENT,
            Verdict.REFUSED,
            Verdict.COLLAPSED,
        }
    ),
    Verb.DELIVER: frozenset({Verdict.DONE}),
    Verb.ACCEPT: frozenset({Verdict.ACCEPTED}),
}

#: Marks of these verbs bind the signed files, not merely the revision.
_BINDS_FIXING = frozenset({Verb.SIGN, Verb.ACKNOWLEDGE, Verb.DELIVER, Verb.ACCEPT})


#: What waits for somebody here though the document was made elsewhere: a petition on paper is
#: resolved like any other.
_AFTER_IN_FORCE = frozenset({Verb.RESOLVE, Verb.ACKNOWLEDGE, Verb.DELIVER, Verb.ACCEPT})


class DocumentState(StrEnum):
    """Where a document is in its life."""

    DRAFT = "draft"
    REWORK = "rework"
    ON_APPROVAL = "on_approval"
    AGREED = "agreed"
    FIXING = "fixing"
    TO_SIGN = "to_sign"
    SIGNATURE_RECEIVED = "signature_received"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    REPEALED = "repealed"


class Act(StrEnum):
    """What can happen to a document as a whole."""

    EDIT = "edit"
    SUBMIT = "submit"
    AGREE = "agree"
    RETURN = "return"
    FIX = "fix"
    RENDERED = "rendered"
    SIGN = "sign"
    RECEIVE_SIGNATURE = "receive_signature"
    WITHDRAW_SIGNATURE = "withdraw_signature"
    ACKNOWLEDGE = "acknowledge"
    DELIVER = "deliver"
    RESOLVE = "resolve"
    REPEAL = "repeal"
    RELEASE = "release"  # the order that approves the document was returned


_S = DocumentState

#: Which states an act may lead to; an absent pair is not possible.
TRANSITIONS: dict[tuple[DocumentState, Act], frozenset[DocumentState]] = {
    (_S.DRAFT, Act.EDIT): frozenset({_S.DRAFT}),
    (_S.REWORK, Act.EDIT): frozenset({_S.REWORK}),
    (_S.DRAFT, Act.SUBMIT): frozenset({_S.ON_APPROVAL, _S.AGREED}),
    (_S.REWORK, Act.SUBMIT): frozenset({_S.ON_APPROVAL, _S.AGREED}),
    (_S.ON_APPROVAL, Act.AGREE): frozenset({_S.ON_APPROVAL, _S.AGREED}),
    (_S.ON_APPROVAL, Act.RETURN): frozenset({_S.REWORK}),
    (_S.AGREED, Act.RETURN): frozenset({_S.REWORK}),
    (_S.AGREED, Act.FIX): frozenset({_S.FIXING}),
    (_S.FIXING, Act.RENDERED): frozenset({_S.TO_SIGN}),
    (_S.FIXING, Act.FIX): frozenset({_S.FIXING}),
    (_S.FIXING, Act.RETURN): frozenset({_S.REWORK}),
    (_S.TO_SIGN, Act.FIX): frozenset({_S.FIXING}),
    (_S.TO_SIGN, Act.RETURN): frozenset({_S.REWORK}),
    (_S.TO_SIGN, Act.SIGN): frozenset({_S.TO_SIGN, _S.IN_FORCE}),
    (_S.TO_SIGN, Act.RECEIVE_SIGNATURE): frozenset({_S.SIGNATURE_RECEIVED}),
    # One of several signatures may be withdrawn while others are still missing or being checked.
    (_S.TO_SIGN, Act.WITHDRAW_SIGNATURE): frozenset({_S.TO_SIGN, _S.SIGNATURE_RECEIVED}),
    (_S.SIGNATURE_RECEIVED, Act.SIGN): frozenset({_S.TO_SIGN, _S.SIGNATURE_RECEIVED, _S.IN_FORCE}),
    (_S.SIGNATURE_RECEIVED, Act.RECEIVE_SIGNATURE): frozenset({_S.SIGNATURE_RECEIVED}),
    (_S.SIGNATURE_RECEIVED, Act.WITHDRAW_SIGNATURE): frozenset({_S.TO_SIGN, _S.SIGNATURE_RECEIVED}),
    # … or a better one of the same person may stand beside it.
    (_S.IN_FORCE, Act.WITHDRAW_SIGNATURE): frozenset(
        {_S.IN_FORCE, _S.TO_SIGN, _S.SIGNATURE_RECEIVED}
    ),
    (_S.IN_FORCE, Act.ACKNOWLEDGE): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, Act.DELIVER): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, Act.RESOLVE): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, Act.REPEAL): frozenset({_S.AMENDED, _S.CANCELLED, _S.REPEALED}),
    (_S.AMENDED, Act.ACKNOWLEDGE): frozenset({_S.AMENDED}),
    (_S.AMENDED, Act.DELIVER): frozenset({_S.AMENDED}),
    (_S.AMENDED, Act.REPEAL): frozenset({_S.AMENDED, _S.CANCELLED, _S.REPEALED}),
}

_OWN_LIFE = (_S.DRAFT, _S.REWORK, _S.ON_APPROVAL)
_AFTER_SIGNING = (Act.ACKNOWLEDGE, Act.DELIVER, Act.REPEAL)

#: The same for a document that an order approves. It is written and agreed like any other; number,
#: date and signature are the order's, so that it cannot be returned alone once it is fixed.
TRANSITIONS_WITH_ORDER: dict[tuple[DocumentState, Act], frozenset[DocumentState]] = {
    **{
        (state, act): after
        for (state, act), after in TRANSITIONS.items()
        if state in _OWN_LIFE or act in _AFTER_SIGNING
    },
    (_S.AGREED, Act.RETURN): frozenset({_S.REWORK}),
    (_S.AGREED, Act.FIX): frozenset({_S.TO_SIGN}),
    (_S.TO_SIGN, Act.FIX): frozenset({_S.TO_SIGN}),
    (_S.TO_SIGN, Act.RELEASE): frozenset({_S.AGREED}),
    (_S.TO_SIGN, Act.SIGN): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, Act.WITHDRAW_SIGNATURE): frozenset({_S.TO_SIGN}),
}


def transitions_of(
    kind: DocumentType,
) -> Mapping[tuple[DocumentState, Act], frozenset[DocumentState]]:
    """The table by which documents of the type live."""
    return TRANSITIONS_WITH_ORDER if kind.origin is Origin.APPROVED else TRANSITIONS


@dataclass(frozen=True)
class Step:
    """One concrete step: a spec, or one person's share of it (`key` is then unique)."""

    key: str
    spec: StepSpec
    employment_id: UUID | None = None

    @property
    def verb(self) -> Verb:
        return self.spec.verb


def steps_of(
    document: Document, kind: DocumentType, visa_roles: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """The document's steps in the order of the route.

    A step for "the people named in a field" becomes one step for each of them. Where the
    organisation has its own list of visas (`visa_roles`), it stands in for the pack's.
    """
    steps: list[Step] = []
    visas_placed = False
    for spec in kind.route:
        if spec.verb is Verb.AGREE and visa_roles:
            if not visas_placed:
                steps.extend(_own_visas(spec, visa_roles))
                visas_placed = True
        elif spec.who.field_key:
            steps.extend(_personal_steps(document, spec))
        else:
            steps.append(Step(spec.key, _by_founder(spec) if document.by_founder else spec))
    return tuple(steps)


def _personal_steps(document: Document, spec: StepSpec) -> list[Step]:
    """A step for each person named in the field.

    A paper is prepared once, whoever of them does it; a signature that nobody is named for yet is
    still missing.
    """
    named = _employments(document, spec.who.field_key)
    if spec.verb is Verb.PREPARE:
        return [Step(spec.key, spec, named[0] if named else None)]
    if spec.verb is Verb.SIGN and not named:
        return [Step(spec.key, spec)]
    return [Step(f"{spec.key}:{e}", spec, e) for e in named]


def _by_founder(spec: StepSpec) -> StepSpec:
    """The founder acts where the head would represent the employer towards oneself."""
    if spec.who.role is not Role.HEAD or spec.who.at != "own":
        return spec
    return replace(spec, who=replace(spec.who, at="founder"))


def _own_visas(spec: StepSpec, visa_roles: tuple[str, ...]) -> list[Step]:
    return [
        Step(
            f"{spec.key}:{role}",
            StepSpec(spec.key, Verb.AGREE, Who(Role(role)), spec.after, article=spec.article),
        )
        for role in visa_roles
    ]


def _employments(document: Document, field_key: str) -> tuple[UUID, ...]:
    if not document.revisions:
        return ()
    named = document.facts.get(field_key)
    if not named:
        return ()
    values = named if isinstance(named, list | tuple) else (named,)
    return tuple(dict.fromkeys(UUID(str(value)) for value in values))


def last_mark(document: Document, step: Step) -> Mark | None:
    """The newest mark at the step that still counts for the current revision and fixing.

    Of several signatures at one step an accepted one counts, whatever becomes of the others.
    """
    counted = [m for m in document.marks if m.step == step.key and _counts(document, step, m)]
    if step.verb is Verb.SIGN:
        return _signature_that_counts(counted)
    return counted[-1] if counted else None


def _counts(document: Document, step: Step, mark: Mark) -> bool:
    if document.existing:
        return True
    if mark.revision != document.revision.number and not step.spec.survives_rework:
        return False
    fixing = document.fixing.sequence if document.fixing else 0
    return step.verb not in _BINDS_FIXING or mark.fixing == fixing


def _signature_that_counts(marks: Sequence[Mark]) -> Mark | None:
    """An accepted signature goes before one that is being checked, that before a withdrawn one."""
    newest = {mark.evidence: mark for mark in marks}

    def weight(mark: Mark) -> int:
        if mark.verdict in _COMPLETING[Verb.SIGN]:
            return 2
        return 1 if mark.verdict is Verdict.RECEIVED else 0

    return max(reversed(newest.values()), key=weight, default=None)


def is_done(document: Document, step: Step) -> bool:
    """Whether the step needs nobody any more; an existing document was made elsewhere."""
    if document.existing and step.verb not in _AFTER_IN_FORCE:
        return True
    if step.verb is Verb.FIX:
        return document.fixing is not None and document.fixing.manifest is not None
    if step.verb is Verb.REGISTER:
        return False
    mark = last_mark(document, step)
    if mark is not None and mark.verdict in _COMPLETING[step.verb]:
        return True
    return is_called_off(document, step)


def is_called_off(document: Document, step: Step) -> bool:
    """Whether somebody need not acknowledge an order any more: their lines are cancelled."""
    return step.verb is Verb.ACKNOWLEDGE and step.employment_id in called_off(document)


def open_steps(
    document: Document, kind: DocumentType, visa_roles: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """The steps that wait for somebody now."""
    steps = steps_of(document, kind, visa_roles)
    state = state_of(document, kind, visa_roles)
    return tuple(
        step
        for step in steps
        if _state_opens(state, step.verb, signed_first(step, steps))
        and not is_done(document, step)
        and all(
            is_done(document, other) or other.verb is Verb.REGISTER
            for other in steps
            if other.spec.key in step.spec.after
        )
    )


def signed_first(step: Step, steps: Sequence[Step]) -> bool:
    """Whether the step comes after a signature: a petition is signed, and then resolved."""
    specs = {s.spec.key: s.spec for s in steps}
    waiting, seen = list(step.spec.after), set[str]()
    while waiting:
        key = waiting.pop()
        spec = specs.get(key)
        if spec is None or key in seen:
            continue
        if spec.verb is Verb.SIGN:
            return True
        seen.add(key)
        waiting.extend(spec.after)
    return False


def _state_opens(state: DocumentState, verb: Verb, signed: bool) -> bool:
    if verb is Verb.RESOLVE and signed:
        return state in (DocumentState.IN_FORCE, DocumentState.AMENDED)
    opens: dict[Verb, frozenset[DocumentState]] = {
        Verb.PREPARE: frozenset({_S.DRAFT, _S.REWORK}),
        Verb.AGREE: frozenset({_S.ON_APPROVAL}),
        Verb.DECIDE: frozenset({_S.ON_APPROVAL}),
        Verb.RESOLVE: frozenset({_S.ON_APPROVAL}),
        Verb.FIX: frozenset({_S.AGREED}),
        Verb.SIGN: frozenset({_S.TO_SIGN, _S.SIGNATURE_RECEIVED}),
        Verb.ACKNOWLEDGE: frozenset({_S.IN_FORCE, _S.AMENDED}),
        Verb.DELIVER: frozenset({_S.IN_FORCE, _S.AMENDED}),
        Verb.ACCEPT: frozenset({_S.IN_FORCE, _S.AMENDED}),
    }
    return state in opens.get(verb, frozenset())


def state_of(
    document: Document, kind: DocumentType, visa_roles: tuple[str, ...] = ()
) -> DocumentState:
    """Derive the state from the marks."""
    closed = _closed_state(document)
    if closed is not None:
        return closed
    if document.existing:
        return DocumentState.IN_FORCE
    steps = steps_of(document, kind, visa_roles)
    if not all(is_done(document, s) for s in steps if s.verb is Verb.PREPARE):
        return DocumentState.REWORK if document.revision.number > 1 else DocumentState.DRAFT
    visas = [
        s
        for s in steps
        if s.verb in (Verb.AGREE, Verb.DECIDE, Verb.RESOLVE) and not signed_first(s, steps)
    ]
    if not all(is_done(document, s) for s in visas):
        return DocumentState.ON_APPROVAL
    if kind.origin is Origin.APPROVED:
        return _state_with_order(document)
    return _state_after_visas(document, [s for s in steps if s.verb is Verb.SIGN])


#: What a later document may have done to this one, the weakest first.
_CLOSED = (DocumentState.AMENDED, DocumentState.CANCELLED, DocumentState.REPEALED)


def _closed_state(document: Document) -> DocumentState | None:
    """What later documents made of it; one whose signature did not hold counts no more."""
    newest = {m.evidence: m for m in document.marks if m.step == CLOSING}
    closed = [DocumentState(m.remark) for m in newest.values() if m.verdict is Verdict.REPEALED]
    return max(closed, key=_CLOSED.index, default=None)


def _state_with_order(document: Document) -> DocumentState:
    """An approved document is fixed, signed and put in force together with its order."""
    revision = document.revision.number
    verdicts = [
        (m.step, m.verdict)
        for m in document.marks
        if m.step in (ORDER_FIX, ORDER_SIGN) and m.revision == revision
    ]
    if not verdicts:
        return DocumentState.AGREED
    match verdicts[-1]:
        case (step, Verdict.SIGNED) if step == ORDER_SIGN:
            return DocumentState.IN_FORCE
        case (step, Verdict.WITHDRAWN) if step == ORDER_FIX:
            return DocumentState.AGREED
        case _:
            return DocumentState.TO_SIGN


def _state_after_visas(document: Document, signing: list[Step]) -> DocumentState:
    if document.fixing is None:
        return DocumentState.AGREED
    if document.fixing.manifest is None:
        return DocumentState.FIXING
    if signing and all(is_done(document, s) for s in signing):
        return DocumentState.IN_FORCE
    pending = [last_mark(document, s) for s in signing]
    if any(m is not None and m.verdict is Verdict.RECEIVED for m in pending):
        return DocumentState.SIGNATURE_RECEIVED
    return DocumentState.TO_SIGN
