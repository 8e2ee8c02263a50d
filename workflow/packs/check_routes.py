"""Can a document go its route: steps that exist, an order that ends, signatures that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, Origin, SignatureFormat, Verb
from workflow.packs.build import verb_of
from workflow.packs.check_fields import NAMES_SOMEBODY
from workflow.packs.findings import Findings
from workflow.packs.schema import StepModel, TypeModel

# What an order does for the documents that it approves.
DONE_BY_THE_ORDER = frozenset({Verb.FIX, Verb.SIGN, Verb.REGISTER})


def check_route(findings: Findings, code: str, kind: TypeModel) -> None:
    """Check the route of one type."""
    at = ("types", code, "route")
    verbs: dict[str, Verb] = {}
    for key, step in kind.route.items():
        verb = verb_of(key, step)
        if verb is None:
            findings.add(
                (*at, key),
                "pack.step_without_verb",
                N_("It is not clear what the step “{key}” does."),
                N_("Begin its name with a verb, or add “verb:”. Verbs: {verbs}."),
                key=key,
                verbs=", ".join(Verb),
            )
        else:
            verbs[key] = verb
        _check_who(findings, (*at, key, "who"), key, step, kind)
        _check_after(findings, (*at, key, "after"), key, step, kind)
    before = {key: step.after for key, step in kind.route.items()}
    for key in cycle_in(before):
        findings.add(
            (*at, key, "after"),
            "pack.route_in_a_circle",
            N_("The step “{key}” waits for itself, by way of other steps."),
            N_("Break the circle: one of them has to come first."),
            key=key,
        )
    _check_order(findings, code, kind, verbs, before)
    _check_signature(findings, code, kind, verbs)


def _check_who(
    findings: Findings, at: tuple[str, ...], key: str, step: StepModel, kind: TypeModel
) -> None:
    who = step.who
    if bool(who.role) == bool(who.field):
        findings.add(
            at,
            "pack.who_unclear",
            N_("The step “{key}” has to wait for a role or for the people of a field."),
            N_("Write “who: clerk” or “who: {{field: curator}}”, one of the two."),
            key=key,
        )
    if who.field and (
        who.field not in kind.fields or kind.fields[who.field].kind not in NAMES_SOMEBODY
    ):
        people = [name for name, field in kind.fields.items() if field.kind in NAMES_SOMEBODY]
        findings.add(
            at,
            "pack.who_field",
            N_("“{field}” is no field of this type that names people."),
            N_("Such fields here: {known}."),
            field=who.field,
            known=", ".join(people) or "—",
        )


def _check_after(
    findings: Findings, at: tuple[str, ...], key: str, step: StepModel, kind: TypeModel
) -> None:
    for earlier in step.after:
        if earlier not in kind.route:
            findings.add(
                at,
                "pack.step_unknown",
                N_("The step “{key}” comes after “{earlier}”, which is no step of this route."),
                N_("Steps: {known}."),
                key=key,
                earlier=earlier,
                known=", ".join(kind.route),
            )


def _check_order(
    findings: Findings,
    code: str,
    kind: TypeModel,
    verbs: Mapping[str, Verb],
    before: Mapping[str, Iterable[str]],
) -> None:
    at = ("types", code, "route")
    if kind.origin is Origin.APPROVED:
        for key, verb in verbs.items():
            if verb in DONE_BY_THE_ORDER:
                findings.add(
                    (*at, key),
                    "pack.approved_has_step",
                    N_("{code} is fixed, signed and registered with the order that approves it."),
                    N_("Remove the step “{key}”."),
                    code=code,
                    key=key,
                )
        return
    if kind.origin is Origin.EXISTING:
        return
    fixing = {key for key, verb in verbs.items() if verb is Verb.FIX}
    for key, verb in verbs.items():
        # Without a step “fix” a paper that nobody numbers is made ready when it is agreed.
        if (
            verb is Verb.SIGN
            and (fixing or kind.register_key)
            and not fixing & _all_before(key, before)
        ):
            findings.add(
                (*at, key),
                "pack.sign_before_fix",
                N_("The step “{key}” signs what has no number and date yet."),
                N_("Add a step “fix” and let “{key}” come after it."),
                key=key,
            )


def _all_before(key: str, before: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(before.get(key, ()))
    while waiting:
        earlier = waiting.pop()
        if earlier not in found:
            found.add(earlier)
            waiting.extend(before.get(earlier, ()))
    return found


def _check_signature(
    findings: Findings, code: str, kind: TypeModel, verbs: Mapping[str, Verb]
) -> None:
    at = ("types", code)
    signing = [key for key, verb in verbs.items() if verb is Verb.SIGN]
    if signing and kind.signature is None and kind.origin is Origin.MADE:
        findings.add(
            (*at, "route", signing[0]),
            "pack.signature_missing",
            N_("{code} is signed, but the pack does not say with what signature."),
            N_("Add the section “signature:” with “kind:” and “format:”."),
            code=code,
        )
    if kind.signature is not None and not signing:
        findings.add(
            (*at, "signature"),
            "pack.signature_unused",
            N_("{code} has no step that signs it."),
            N_("Add a step “sign”, or remove the section “signature”."),
            code=code,
        )
    if (
        kind.signature is not None
        and kind.signature.format is SignatureFormat.PADES
        and _several_sign(kind, signing)
    ):
        findings.add(
            (*at, "signature", "format"),
            "pack.pades_with_several",
            N_("{code} has several signers; each would change the file the others signed."),
            N_("Write “format: cades”."),
            code=code,
        )


def _several_sign(kind: TypeModel, signing: list[str]) -> bool:
    if len(signing) > 1:
        return True
    fields = [kind.fields.get(kind.route[key].who.field) for key in signing]
    return any(field is not None and field.kind is FieldKind.PEOPLE for field in fields)


def cycle_in(before: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the names that come before themselves; `before` maps a name to its predecessors."""
    for key in before:
        if key in _all_before(key, before):
            yield key
