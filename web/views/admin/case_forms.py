"""Case forms: proposed by morphology, looked at and confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping

from web.current import _
from web.views.admin.layout import Values, text
from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.ports import Forms

#: Suffix of the templates -> the input's name and its label.
CASES: Mapping[str, tuple[str, str]] = {
    "род": ("genitive", N_("Genitive: there is no …")),
    "дат": ("dative", N_("Dative: handed to …")),
    "вин": ("accusative", N_("Accusative: to appoint …")),
    "тв": ("instrumental", N_("Instrumental: agreed with …")),
    "предл": ("prepositional", N_("Prepositional: an order about …")),
}


def form_fields() -> tuple[FieldSpec, ...]:
    """Return one field for each oblique case."""
    return tuple(
        FieldSpec(name, _(label), FieldKind.TEXT, required=True) for name, label in CASES.values()
    )


def as_entered(forms: tuple[tuple[str, str], ...], proposed: Forms) -> dict[str, object]:
    """Return what stands in the fields: what is stored, what is proposed where nothing is."""
    known = {**dict(proposed.forms), **dict(forms)}
    return {name: known.get(suffix, "") for suffix, (name, _label) in CASES.items()}


def as_stored(values: Values) -> tuple[tuple[str, str], ...]:
    """Return the confirmed forms as they are kept."""
    return tuple((suffix, text(values, name)) for suffix, (name, _label) in CASES.items())


def lead(proposed: Forms) -> str:
    """Say how closely the proposal must be looked at."""
    if proposed.doubtful:
        return _(
            "The program is not sure of these forms: the word is rare. Compare each with a "
            "document and correct it."
        )
    return _("Documents print these forms. Look at each, correct it where needed, and confirm.")
