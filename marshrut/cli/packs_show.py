"""A regulation for reading: the life of its documents as text and as a Mermaid diagram."""

from __future__ import annotations

from collections.abc import Iterator

from web.words import Words
from workflow.domain.deadlines import DeadlineRule, Every, Unit
from workflow.domain.refusals import N_
from workflow.domain.regulations import (
    CaseKind,
    DocumentType,
    Origin,
    Regulation,
    Role,
    SignatureFormat,
    SignatureKind,
    Stage,
    StepSpec,
    Verb,
)
from workflow.domain.rules import LIMITS, Rule

VERBS = {
    Verb.PREPARE: N_("step: prepare"),
    Verb.AGREE: N_("step: agree"),
    Verb.DECIDE: N_("step: decide"),
    Verb.RESOLVE: N_("step: resolve"),
    Verb.FIX: N_("step: fix"),
    Verb.SIGN: N_("step: sign"),
    Verb.REGISTER: N_("step: register"),
    Verb.ACKNOWLEDGE: N_("step: acknowledge"),
    Verb.DELIVER: N_("step: deliver"),
    Verb.ACCEPT: N_("step: accept"),
}
ROLES = {
    Role.HEAD: N_("who: head"),
    Role.ACTING_HEAD: N_("who: acting head"),
    Role.DEPUTY: N_("who: deputy"),
    Role.CURATOR: N_("who: curator"),
    Role.CLERK: N_("who: clerk"),
    Role.COUNCIL: N_("who: council"),
    Role.UNION: N_("who: union"),
    Role.OFFICER: N_("who: officer"),
    Role.EMPLOYEE: N_("who: employee"),
}
ELSEWHERE = {
    "addressee": N_("{who} of the addressee"),
    "founder": N_("{who} of the founder"),
}
ORIGINS = {
    Origin.MADE: N_("assembled here, has its own number"),
    Origin.APPROVED: N_("put in force by the order that approves it"),
    Origin.EXISTING: N_("made elsewhere, registered with its scan"),
}
KINDS = {
    SignatureKind.SIMPLE: N_("simple signature or stronger"),
    SignatureKind.ADVANCED: N_("advanced signature or stronger"),
    SignatureKind.QUALIFIED: N_("qualified signature"),
}
FORMATS = {
    SignatureFormat.PADES: N_("inside the PDF (PAdES)"),
    SignatureFormat.CADES: N_("in a file of its own (CAdES)"),
}
UNITS = {
    Unit.WORKING_DAYS: (N_("{n} working day"), N_("{n} working days")),
    Unit.CALENDAR_DAYS: (N_("{n} calendar day"), N_("{n} calendar days")),
    Unit.WEEKS: (N_("{n} week"), N_("{n} weeks")),
    Unit.MONTHS: (N_("{n} month"), N_("{n} months")),
}
EVERY = {
    Every.MONTH: N_("every month"),
    Every.QUARTER: N_("every quarter"),
    Every.HALF_YEAR: N_("every half-year"),
    Every.YEAR: N_("every year"),
}
CASE_EVENTS = {
    "starts": N_("event: the term begins"),
    "ends": N_("event: the term ends"),
    "opened": N_("event: the case is opened"),
    "closed": N_("event: the case is closed"),
}
DOCUMENT_EVENTS = {
    "agreed": N_("event: agreed"),
    "fixed": N_("event: fixed"),
    "signed": N_("event: signed"),
    "registered": N_("event: registered"),
    "acknowledged": N_("event: acknowledged"),
    "delivered": N_("event: delivered"),
    "accepted": N_("event: accepted"),
    "returned": N_("event: returned"),
}
LIMIT_WORDS = {
    "mentees_at_most": N_("Mentees of one mentor: at most {limit}"),
    "programme_months_at_least": N_("Term of a programme: at least {limit} months"),
    "programme_months_at_most": N_("Term of a programme: at most {limit} months"),
    "notice_working_days_at_least": N_("Notice of an early end: at least {limit} working days"),
}


def life(regulation: Regulation, words: Words) -> Iterator[str]:
    """Yield the lines of the text."""
    yield regulation.title
    line = " ← ".join((regulation.name, *reversed(regulation.parents)))
    yield words.text(N_("{packs}, edition {version}"), packs=line, version=regulation.version[:12])
    if regulation.calendar_region:
        yield words.text(N_("Region of the calendar: {region}"), region=regulation.calendar_region)
    for case_kind in regulation.case_kinds.values():
        yield ""
        yield case_kind.title.upper()
        yield from _stages(case_kind, words)
        for code in case_kind.documents:
            yield ""
            yield from _document(regulation.document_types[code], words)
    yield from _rules(regulation, words)


def _stages(kind: CaseKind, words: Words) -> Iterator[str]:
    for number, stage in enumerate(kind.stages, 1):
        yield f"  {number}. {stage.title}{_when(stage, words)}{_article(stage.article)}"


def _when(stage: Stage, words: Words) -> str:
    parts = []
    if stage.when_in_force:
        codes = ", ".join(stage.when_in_force)
        parts.append(words.text(N_("when in force: {codes}"), codes=codes))
    if stage.when_accepted:
        codes = ", ".join(stage.when_accepted)
        parts.append(words.text(N_("when accepted: {codes}"), codes=codes))
    if stage.after_event:
        event = event_words(stage.after_event, words)
        parts.append(words.text(N_("after {event}"), event=event))
    return f" — {'; '.join(parts)}" if parts else ""


def _article(article: str) -> str:
    return f" ({article})" if article else ""


def _document(kind: DocumentType, words: Words) -> Iterator[str]:
    yield f"{kind.code} {kind.title}{_article(kind.article)}"
    yield f"    {words.text(ORIGINS[kind.origin])}"
    for msgid, codes in (
        (N_("after: {codes}"), kind.depends_on),
        (N_("approves: {codes}"), kind.approves),
    ):
        if codes:
            yield f"    {words.text(msgid, codes=', '.join(codes))}"
    for number, step in enumerate(kind.route, 1):
        yield f"    {number}. {step_words(kind, step, words)}{_article(step.article)}"
    if kind.signature is not None:
        signature = f"{words.text(KINDS[kind.signature.kind])}, "
        signature += words.text(FORMATS[kind.signature.format])
        yield f"    {signature}{_article(kind.signature.article)}"
    for deadline in kind.deadlines:
        yield f"    {_deadline(deadline, words)}{_article(deadline.article)}"


def step_words(kind: DocumentType, step: StepSpec, words: Words) -> str:
    """Return «подписать — руководитель»."""
    return f"{words.text(VERBS[step.verb])} — {_who(kind, step, words)}"


def _who(kind: DocumentType, step: StepSpec, words: Words) -> str:
    if step.who.role is None:
        field = kind.field(step.who.field_key)
        assert field is not None, "check.py has refused unknown fields"
        return words.text(N_("those named in “{field}”"), field=field.label)
    who = words.text(ROLES[step.who.role])
    elsewhere = ELSEWHERE.get(step.who.at)
    return words.text(elsewhere, who=who) if elsewhere else who


def _deadline(rule: DeadlineRule, words: Words) -> str:
    term = words.plural(*UNITS[rule.unit], rule.amount)
    event = event_words(rule.after, words)
    return words.text(N_("deadline: {term} after {event}"), term=term, event=event)


def event_words(event: str, words: Words) -> str:
    """Return «подписания D02» for `D02.signed`."""
    whose, _, what = event.partition(".")
    if whose == "case":
        return words.text(CASE_EVENTS[what])
    happened = words.text(DOCUMENT_EVENTS[what])
    return happened if whose == "order" else f"{happened} {whose}"


def _rules(regulation: Regulation, words: Words) -> Iterator[str]:
    if regulation.rules:
        yield ""
        yield words.text(N_("RULES"))
    by_law = words.text(N_("fixed by law"))
    for rule in regulation.rules:
        law = f", {by_law}" if rule.law else ""
        yield f"  {_rule(regulation, rule, words)} ({rule.article}{law})"
    if regulation.duties:
        yield ""
        yield words.text(N_("DUTIES"))
    for duty in regulation.duties:
        every = words.text(EVERY[duty.rule.every])
        yield f"  {duty.title}: {every}{_article(duty.rule.article)}"


def _rule(regulation: Regulation, rule: Rule, words: Words) -> str:
    if rule.name in LIMITS:
        return words.text(LIMIT_WORDS[rule.name], limit=rule.limit())
    kind = regulation.document_types[str(rule.params["type"])]
    field = kind.field(str(rule.params["field"]))
    assert field is not None, "check.py has refused unknown fields"
    role = words.text(ROLES[Role(str(rule.params["role"]))])
    msgid = (
        N_("{code}, “{field}”: somebody with the role “{role}”; otherwise the reason is given")
        if rule.soft
        else N_("{code}, “{field}”: somebody with the role “{role}”")
    )
    return words.text(msgid, code=kind.code, field=field.label, role=role)


def diagram(regulation: Regulation, words: Words) -> Iterator[str]:
    """Yield the lines of a Mermaid flow chart: a box for each type, an arrow for each "after"."""
    yield "flowchart LR"
    for kind in regulation.document_types.values():
        yield f'  subgraph {kind.code}["{_quoted(f"{kind.code} {kind.title}")}"]'
        for step in kind.route:
            label = _quoted(step_words(kind, step, words))
            yield f'    {kind.code}_{step.key}["{label}"]'
        for step in kind.route:
            for earlier in step.after:
                yield f"    {kind.code}_{earlier} --> {kind.code}_{step.key}"
        yield "  end"
    approves, after = words.text(N_("is approved")), words.text(N_("goes before"))
    for kind in regulation.document_types.values():
        for code in kind.approves:
            yield f"  {code} -. {approves} .-> {kind.code}"
        for code in kind.depends_on:
            yield f"  {code} -- {after} --> {kind.code}"


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")
