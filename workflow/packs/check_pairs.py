"""Do the words about pairs fit together: gates that can be passed, orders that have lines."""

from __future__ import annotations

from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, GateOf, GateUnless
from workflow.packs.findings import Findings
from workflow.packs.schema import PackModel, TypeModel

#: The field of a paper that names its person, for each kind of gate.
NAMED_IN = {GateOf.MENTOR: "mentor", GateOf.MENTEES: "mentee"}


def check_pairs(findings: Findings, pack: PackModel, code: str, kind: TypeModel) -> None:
    """Check what a type says about the pairs that it serves."""
    if (kind.gates or kind.turn) and kind.case_kind != ASSIGNMENT:
        findings.add(
            ("types", code),
            "pack.gates_without_pairs",
            N_("{code} asks for papers of a pair, but belongs to another kind of case."),
            N_("Write “case_kind: {kind}”."),
            code=code,
            kind=ASSIGNMENT,
        )
    for key, gate in kind.gates.items():
        at = ("types", code, "gates", key)
        paper = pack.types.get(gate.type)
        if paper is None:
            findings.add_unknown((*at, "type"), gate.type, pack.types)
            continue
        field = NAMED_IN[gate.of]
        if field not in paper.fields or paper.fields[field].kind is not FieldKind.PERSON:
            findings.add(
                (*at, "of"),
                "pack.gate_names_nobody",
                N_("{code} has no field “{field}” that names one person."),
                N_("Add it: a paper has to say whose it is."),
                code=gate.type,
                field=field,
            )
        if gate.unless is GateUnless.CONTRACT_CLAUSE and gate.of is not GateOf.MENTOR:
            findings.add(
                (*at, "unless"),
                "pack.gate_clause",
                N_("Only the mentor's contract can stand in for the paper."),
                N_("Remove the line."),
            )
