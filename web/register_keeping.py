"""The form that says how a register is kept, for the operator and for those who keep it."""

from __future__ import annotations

from collections.abc import Mapping

from web.current import _
from web.forms import entered_from
from web.forms.names import Entered
from web.views.admin import choices
from workflow.domain.registers import Numbering, Register
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.usecases.journals import Keeping


def keeping_fields(register: Register) -> tuple[FieldSpec, ...]:
    """What is asked about the register; the example shows its mask of today."""
    example = register.mask
    return (
        FieldSpec(
            "numbering",
            _("Who gives the numbers"),
            FieldKind.CHOICE,
            required=True,
            hint=_("By hand where a paper journal gives the numbers"),
            choices=choices.numberings(),
        ),
        FieldSpec(
            "next_number",
            _("Next number"),
            FieldKind.NUMBER,
            required=True,
            hint=_("A register may go on from any number"),
        ),
        FieldSpec(
            "mask",
            _("Mask of the number"),
            FieldKind.TEXT,
            required=True,
            hint=_(
                "{n} stands for the number, {year} for the year: now {example}",
                n="{n}",
                year="{year}",
                example=example,
            ),
        ),
        FieldSpec(
            "nomenclature",
            _("Index of the file in the nomenclature"),
            FieldKind.TEXT,
            hint=_("as in your own list of files: 01-03"),
        ),
    )


def keeping_entered(register: Register) -> Entered:
    """The form filled with how the register is kept now."""
    stored = {
        "numbering": register.numbering.value,
        "next_number": register.next_number,
        "mask": register.mask,
        "nomenclature": register.nomenclature,
    }
    return entered_from(keeping_fields(register), stored)


def keeping_of(values: Mapping[str, object]) -> Keeping:
    """What the form says, once it has been read without errors."""
    next_number = values["next_number"]
    assert isinstance(next_number, int)
    return Keeping(
        Numbering(str(values["numbering"])),
        next_number,
        str(values["mask"]),
        str(values.get("nomenclature") or ""),
    )
