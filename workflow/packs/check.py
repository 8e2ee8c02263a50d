"""What the words of a pack refer to: types, registers, rules, templates."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping

from workflow.domain import ending_soon, powers
from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, Origin, PdfProfile, SignatureFormat, Verb
from workflow.domain.reminders import MOST_BEFORE, SETTING, USUALLY_BEFORE
from workflow.domain.rules import CHOSEN_FROM_ROLE, OPTIONAL_PARAMETERS, PARAMETERS
from workflow.packs.build import rule_of, verb_of
from workflow.packs.check_fields import check_fields
from workflow.packs.check_pairs import check_pairs
from workflow.packs.check_routes import check_route, cycle_in
from workflow.packs.check_terms import check_deadlines, check_duties, check_event
from workflow.packs.findings import Findings
from workflow.packs.problems import PackProblem
from workflow.packs.read import MapNode
from workflow.packs.schema import PackModel, TypeModel

TemplateExists = Callable[[str], bool]
MASK_WORDS = frozenset({"n", "year", "index"})


def check(
    pack: PackModel, tree: MapNode, template_exists: TemplateExists | None = None
) -> list[PackProblem]:
    """Return what does not fit together in `pack`, whose words stand in `tree`.

    `template_exists` tells whether a path of the template library is there; None: not checked.
    """
    findings = Findings(tree)
    for code, kind in pack.types.items():
        _check_type(findings, pack, code, kind, template_exists)
    _check_cases(findings, pack)
    _check_registers(findings, pack)
    _check_rules(findings, pack)
    _check_reminders(findings, pack)
    _check_warnings(findings, pack)
    _check_power_answers(findings, pack)
    check_duties(findings, pack)
    needs = {code: kind.depends_on for code, kind in pack.types.items()}
    for code in cycle_in(needs):
        findings.add(
            ("types", code, "depends_on"),
            "pack.depends_in_a_circle",
            N_("{code} depends on itself, by way of other types."),
            N_("Break the circle: one of them has to come first."),
            code=code,
        )
    return findings.problems


def _check_type(
    findings: Findings,
    pack: PackModel,
    code: str,
    kind: TypeModel,
    template_exists: TemplateExists | None,
) -> None:
    at = ("types", code)
    if kind.case_kind not in pack.case_kinds:
        findings.add_unknown((*at, "case_kind"), kind.case_kind, pack.case_kinds)
    for word in ("depends_on", "approves"):
        for other in getattr(kind, word):
            if other not in pack.types:
                findings.add_unknown((*at, word), other, pack.types)
    _check_origin(findings, pack, code, kind)
    _check_template(findings, code, kind, template_exists)
    _check_register(findings, pack, code, kind)
    _check_labour(findings, code, kind)
    _check_gives(findings, code, kind)
    check_pairs(findings, pack, code, kind)
    check_deadlines(findings, pack, code, kind)
    check_fields(findings, (*at, "fields"), kind.fields)
    check_route(findings, code, kind)


def _check_origin(findings: Findings, pack: PackModel, code: str, kind: TypeModel) -> None:
    for other in kind.approves:
        if other in pack.types and pack.types[other].origin is not Origin.APPROVED:
            findings.add(
                ("types", code, "approves"),
                "pack.approves_other_origin",
                N_("{code} approves {other}, which does not come into being by an order."),
                N_("Write “origin: approved” at {other}, or remove it from this list."),
                code=code,
                other=other,
            )
    approved = {other for one in pack.types.values() for other in one.approves}
    if kind.origin is Origin.APPROVED and code not in approved:
        findings.add(
            ("types", code, "origin"),
            "pack.approved_by_nobody",
            N_("No order approves {code}."),
            N_("Name it under “approves” of an order, or write “origin: made”."),
            code=code,
        )


def _check_template(
    findings: Findings, code: str, kind: TypeModel, template_exists: TemplateExists | None
) -> None:
    at = ("types", code, "template")
    if kind.origin is Origin.EXISTING:
        if kind.template:
            findings.add(
                at,
                "pack.template_not_used",
                N_("{code} is made elsewhere and needs no template."),
                N_("Remove the line."),
                code=code,
            )
    elif not kind.template:
        findings.add(
            at,
            "pack.template_missing",
            N_("{code} is assembled here but names no template."),
            N_("Add “template:” with the path of a Word file of the template library."),
            code=code,
        )
    elif template_exists is not None and not template_exists(kind.template):
        findings.add(
            at,
            "pack.template_not_found",
            N_("There is no template “{template}”."),
            N_("Put the file into the template library or correct the path."),
            template=kind.template,
        )


def _check_register(findings: Findings, pack: PackModel, code: str, kind: TypeModel) -> None:
    at = ("types", code, "register")
    if kind.register_key and kind.register_key not in pack.registers:
        findings.add_unknown(at, kind.register_key, pack.registers)
    if kind.origin is Origin.APPROVED and kind.register_key:
        findings.add(
            at,
            "pack.approved_has_number",
            N_("{code} is approved by an order and has no number of its own."),
            N_("Remove the register; the order's number is printed in it."),
            code=code,
        )
    registers = any(verb_of(key, step) is Verb.REGISTER for key, step in kind.route.items())
    if kind.origin is Origin.MADE and registers and not kind.register_key:
        findings.add(
            at,
            "pack.register_missing",
            N_("{code} is registered, but no register numbers it."),
            N_("Add “register:” with one of: {known}."),
            code=code,
            known=", ".join(pack.registers) or "—",
        )


def _check_gives(findings: Findings, code: str, kind: TypeModel) -> None:
    """A mandate is given to a person named in the document, from a day named there."""
    if kind.gives is None:
        return
    wanted = {
        "to": (kind.gives.to, FieldKind.PERSON),
        "since": (kind.gives.since, FieldKind.DATE),
        "until": (kind.gives.until, FieldKind.DATE),
    }
    for word, (name, field_kind) in wanted.items():
        fitting = [key for key, field in kind.fields.items() if field.kind is field_kind]
        if name not in fitting and (name or word != "until"):
            findings.add_unknown(("types", code, "gives", word), name, fitting)


def _check_labour(findings: Findings, code: str, kind: TypeModel) -> None:
    """Labour documents: PDF/A-1a and detached signatures (приказ Минтруда № 578н)."""
    if not kind.labour or kind.origin is Origin.EXISTING:
        return
    if kind.pdf is not PdfProfile.A1A:
        findings.add(
            ("types", code, "pdf"),
            "pack.labour_pdf",
            N_("{code} is a labour document, so its file has to be PDF/A-1a."),
            N_("Write “pdf: pdf/a-1a”."),
            code=code,
        )
    if kind.signature and kind.signature.format is not SignatureFormat.CADES:
        findings.add(
            ("types", code, "signature", "format"),
            "pack.labour_signature",
            N_("{code} is a labour document, so its signature stands in a file beside it."),
            N_("Write “format: cades”."),
            code=code,
        )


def _check_cases(findings: Findings, pack: PackModel) -> None:
    for key, kind in pack.case_kinds.items():
        at = ("case_kinds", key)
        for code in kind.documents:
            if code not in pack.types:
                findings.add_unknown((*at, "documents"), code, pack.types)
        for stage_key, stage in kind.stages.items():
            for word in ("when_in_force", "when_accepted"):
                for code in getattr(stage, word):
                    if code not in kind.documents:
                        findings.add_unknown((*at, "stages", stage_key, word), code, kind.documents)
            if stage.after_event:
                check_event(
                    findings, pack, (*at, "stages", stage_key, "after_event"), stage.after_event
                )
    for code, document in pack.types.items():
        holder = pack.case_kinds.get(document.case_kind)
        if holder is not None and code not in holder.documents:
            findings.add(
                ("types", code, "case_kind"),
                "pack.not_in_case",
                N_("“{kind}” does not list {code} among its documents."),
                N_("Add {code} to “documents” there."),
                kind=document.case_kind,
                code=code,
            )


def _check_registers(findings: Findings, pack: PackModel) -> None:
    for key, register in pack.registers.items():
        path = ("registers", key, "mask")
        words = _words_of_mask(register.mask)
        if words is None or "n" not in words:
            findings.add(
                path,
                "pack.mask_without_number",
                N_("The mask “{mask}” has no place for the number."),
                N_("Write {{n}} where the number goes: “{{n}}-о/д”."),
                mask=register.mask,
            )
        for word in (words or set()) - MASK_WORDS:
            findings.add(
                path,
                "pack.mask_word",
                N_("The mask “{mask}” asks for “{word}”, which no register has."),
                N_("Possible: {{n}}, {{year}}, {{index}}."),
                mask=register.mask,
                word=word,
            )


def _words_of_mask(mask: str) -> set[str] | None:
    """Return the plain placeholders of a mask, None when its braces do not match."""
    try:
        parsed = list(string.Formatter().parse(mask))
    except ValueError:
        return None
    return {
        name + (f":{spec}" if spec else "") + (f"!{conversion}" if conversion else "")
        for _, name, spec, conversion in parsed
        if name is not None
    }


def _check_reminders(findings: Findings, pack: PackModel) -> None:
    chosen = pack.settings.get(SETTING, USUALLY_BEFORE)
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 0 <= chosen <= MOST_BEFORE:
        findings.add(
            ("settings", SETTING),
            "pack.reminder_impossible",
            N_("The first reminder cannot come {chosen} working days before the last day."),
            N_("Write a whole number from 0 (none) to {most}."),
            chosen=chosen,
            most=MOST_BEFORE,
        )


def _check_warnings(findings: Findings, pack: PackModel) -> None:
    most = ending_soon.MOST_BEFORE
    chosen = pack.settings.get(ending_soon.SETTING, ending_soon.USUALLY_BEFORE)
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 0 <= chosen <= most:
        findings.add(
            ("settings", ending_soon.SETTING),
            "pack.warning_impossible",
            N_("What ends cannot be told of {chosen} days ahead."),
            N_("Write a whole number of days from 0 to {most}."),
            chosen=chosen,
            most=most,
        )


def _check_power_answers(findings: Findings, pack: PackModel) -> None:
    chosen = pack.settings.get(powers.SETTING, powers.USUALLY_STANDS)
    if isinstance(chosen, bool) or powers.answer_days({powers.SETTING: chosen}) != chosen:
        findings.add(
            ("settings", powers.SETTING),
            "pack.power_answer_impossible",
            N_("An answer of the registry of powers of attorney cannot stand for {chosen} days."),
            N_("Write a whole number of days from 1 to {most}."),
            chosen=chosen,
            most=powers.LONGEST_STANDS,
        )


def _check_rules(findings: Findings, pack: PackModel) -> None:
    for key, model in pack.rules.items():
        rule = rule_of(key, model)
        expected = PARAMETERS.get(rule.name)
        if expected is None:
            findings.add(
                ("rules", key),
                "pack.rule_unknown",
                N_("There is no rule “{name}”."),
                N_("Possible: {known}."),
                name=rule.name,
                known=", ".join(sorted(PARAMETERS)),
            )
            continue
        _check_parameters(findings, key, rule.params, expected)
        if model.mentoring and model.mentoring not in pack.mentoring.kinds:
            findings.add_unknown(("rules", key, "mentoring"), model.mentoring, pack.mentoring.kinds)
        if rule.name == CHOSEN_FROM_ROLE and model.type and model.field:
            chosen_in = pack.types.get(model.type)
            if chosen_in is None:
                findings.add_unknown(("rules", key, "type"), model.type, pack.types)
            elif model.field not in chosen_in.fields:
                findings.add_unknown(("rules", key, "field"), model.field, chosen_in.fields)


def _check_parameters(
    findings: Findings, key: str, params: Mapping[str, object], expected: Mapping[str, type]
) -> None:
    for word in expected.keys() - params.keys():
        findings.add(
            ("rules", key),
            "pack.rule_parameter_missing",
            N_("The rule “{key}” does not say “{word}”."),
            N_("Add the line “{word}: …”."),
            key=key,
            word=word,
        )
    for word in params.keys() - expected.keys() - OPTIONAL_PARAMETERS:
        findings.add(
            ("rules", key, word),
            "pack.rule_parameter_unused",
            N_("The rule “{key}” takes no “{word}”."),
            N_("Remove the line. It takes: {known}."),
            key=key,
            word=word,
            known=", ".join(expected),
        )
