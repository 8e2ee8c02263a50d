"""From the checked words of a pack to the values of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from workflow.domain.deadline_phrases import Recurrence, Term, read_phrase
from workflow.domain.deadlines import DeadlineRule, PeriodicRule
from workflow.domain.regulations import (
    CaseKind,
    Choice,
    DocumentType,
    FieldKind,
    FieldSpec,
    Gate,
    GivenMandate,
    PeriodicDuty,
    PublicationRule,
    RegisterSpec,
    Regulation,
    SignatureDemand,
    Stage,
    StepSpec,
    Verb,
    Who,
)
from workflow.domain.rules import Rule
from workflow.packs.schema import (
    CaseKindModel,
    DeadlineModel,
    DutyModel,
    FieldModel,
    GivesModel,
    PackModel,
    RuleModel,
    SignatureModel,
    StepModel,
    TypeModel,
)


def verb_of(key: str, step: StepModel) -> Verb | None:
    """Return the step's verb, or the one its key begins with (`acknowledge_curator`)."""
    if step.verb is not None:
        return step.verb
    word = key.partition("_")[0]
    return next((verb for verb in Verb if verb.value == word), None)


def regulation(pack: PackModel, parents: tuple[str, ...], version: str) -> Regulation:
    """Build the regulation of a pack that check.py has found nothing wrong with."""
    return Regulation(
        name=pack.name,
        title=pack.title,
        version=version,
        parents=parents,
        document_types=MappingProxyType(
            {code: _document_type(code, kind) for code, kind in pack.types.items()}
        ),
        case_kinds=MappingProxyType(
            {key: _case_kind(key, kind) for key, kind in pack.case_kinds.items()}
        ),
        registers=MappingProxyType(
            {
                key: RegisterSpec(key, **register.model_dump())
                for key, register in pack.registers.items()
            }
        ),
        rules=tuple(rule_of(key, rule) for key, rule in pack.rules.items()),
        calendar_region=pack.calendar_region,
        publication=(
            PublicationRule(pack.publication.section, pack.publication.article)
            if pack.publication
            else None
        ),
        settings=MappingProxyType(dict(pack.settings)),
        mentoring_kinds=_choices(pack.mentoring.kinds),
        mentoring_forms=_choices(pack.mentoring.forms),
        duties=tuple(_duty(key, duty) for key, duty in pack.duties.items()),
    )


def _document_type(code: str, kind: TypeModel) -> DocumentType:
    return DocumentType(
        code=code,
        title=kind.title,
        genitive=kind.genitive,
        origin=kind.origin,
        case_kind=kind.case_kind,
        template=kind.template,
        fields=tuple(field_of(key, field) for key, field in kind.fields.items()),
        route=tuple(_step(key, step) for key, step in kind.route.items()),
        depends_on=tuple(kind.depends_on),
        approves=tuple(kind.approves),
        signature=_signature(kind.signature) if kind.signature else None,
        pdf=kind.pdf,
        register=kind.register_key,
        one_sided=kind.one_sided,
        labour=kind.labour,
        addressee=kind.addressee,
        retention=kind.retention,
        nomenclature=kind.nomenclature,
        deadlines=tuple(_deadline(key, one) for key, one in kind.deadlines.items()),
        gives=_given(kind.gives) if kind.gives else None,
        gates=tuple(
            Gate(key, gate.type, gate.of, gate.unless, gate.article)
            for key, gate in kind.gates.items()
        ),
        turn=kind.turn,
        article=kind.article,
    )


def _choices(labels: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, label) for key, label in labels.items())


def _given(gives: GivesModel) -> GivenMandate:
    return GivenMandate(gives.role, gives.to, gives.since, gives.until)


def field_of(key: str, field: FieldModel) -> FieldSpec:
    """Build one field with its columns and choices."""
    return FieldSpec(
        key=key,
        label=field.label,
        kind=field.kind,
        required=field.required,
        hint=field.hint,
        choices=tuple(Choice(answer, label) for answer, label in field.choices.items()),
        columns=tuple(field_of(column, spec) for column, spec in field.columns.items()),
        source=field.source,
        default=_default(field, field.default),
        article=field.article,
        law=field.law,
    )


def _default(field: FieldModel, written: object) -> object:
    """Return the default as a fact of the field's kind: dates as dates, rows as a tuple."""
    if field.kind is FieldKind.DATE and isinstance(written, str):
        return date.fromisoformat(written)
    if isinstance(written, list):
        return tuple(
            {key: _default(field.columns[key], value) for key, value in row.items()}
            for row in written
        )
    return written


def _step(key: str, step: StepModel) -> StepSpec:
    verb = verb_of(key, step)
    assert verb is not None, "check.py has refused steps without a verb"
    return StepSpec(
        key=key,
        verb=verb,
        who=Who(role=step.who.role, field_key=step.who.field, at=step.who.at.value),
        after=tuple(step.after),
        survives_rework=step.survives_rework,
        article=step.article,
        signature=_signature(step.signature) if step.signature else None,
    )


def _signature(signature: SignatureModel) -> SignatureDemand:
    return SignatureDemand(signature.kind, signature.format, signature.exactly, signature.article)


def _deadline(key: str, rule: DeadlineModel) -> DeadlineRule:
    term = read_phrase(rule.due)
    assert isinstance(term, Term), "check.py has refused other phrases"
    return DeadlineRule(
        key=key,
        after=term.after,
        amount=term.amount,
        unit=term.unit,
        article=rule.article,
        count_from=rule.count_from,
        inclusive=rule.inclusive,
        day_off=rule.day_off,
        calendar_of=rule.calendar,
        debtor=rule.debtor or "",
        met_by=rule.met_by,
    )


def _duty(key: str, duty: DutyModel) -> PeriodicDuty:
    phrase = read_phrase(duty.due)
    assert isinstance(phrase, Recurrence), "check.py has refused other phrases"
    rule = PeriodicRule(
        key=key,
        every=phrase.every,
        article=duty.article,
        day_off=duty.day_off,
        calendar_of=duty.calendar,
        debtor=duty.debtor or "",
    )
    return PeriodicDuty(key=key, title=duty.title, rule=rule, type_code=duty.type)


def _case_kind(key: str, kind: CaseKindModel) -> CaseKind:
    return CaseKind(
        key=key,
        title=kind.title,
        documents=tuple(kind.documents),
        stages=tuple(
            Stage(
                key=stage_key,
                title=stage.title,
                when_in_force=tuple(stage.when_in_force),
                when_accepted=tuple(stage.when_accepted),
                article=stage.article,
                after_event=stage.after_event,
            )
            for stage_key, stage in kind.stages.items()
        ),
    )


def rule_of(key: str, rule: RuleModel) -> Rule:
    """Build a rule; only the parameters that are written become its params."""
    written: Mapping[str, object] = {
        "value": rule.value,
        "type": rule.type or None,
        "field": rule.field or None,
        "role": rule.role.value if rule.role else None,
        "mentoring": rule.mentoring or None,
        "experience": rule.experience or None,
    }
    return Rule(
        name=rule.rule or key,
        params=MappingProxyType({k: v for k, v in written.items() if v is not None}),
        article=rule.article,
        law=rule.law,
        soft=rule.soft,
    )
