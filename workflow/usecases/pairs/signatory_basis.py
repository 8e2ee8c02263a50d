"""On the ground of what the person acts who signs an agreement for the employer.

The head acts by the charter, an acting head by the order that says so, the founder's head by the
regulation of the founder. Who signs follows from the facts, so the words follow them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflow.domain.mandates import holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.regulations import DocumentType, Role
from workflow.store.unit_of_work import Repositories

#: The source of such a field in a pack.
BASIS = "signatory.basis"
CHARTER = "Устава"
#: How a ground of a mandate begins, and the genitive of that word.
_GENITIVE = {"приказ": "приказа", "распоряжение": "распоряжения", "постановление": "постановления"}
_VOWELS = "аэиоуАЭИОУ"


def with_basis(
    tx: Repositories,
    kind: DocumentType,
    organisation: Organisation,
    facts: Mapping[str, object],
    by_founder: bool,
    on: date,
) -> dict[str, object]:
    """Return the facts with the ground of whoever signs where it is empty or is another's.

    What a person has typed stays. Where the ground is not known the field is left to be filled in.
    """
    keys = [spec.key for spec in kind.fields if spec.source == BASIS]
    if not keys:
        return dict(facts)
    own, founders = _own(tx, organisation, on), _founders(tx, organisation, on)
    wanted, other = (founders, own) if by_founder else (own, founders)
    filled = dict(facts)
    for key in keys:
        if filled.get(key) in (None, "", other):
            filled[key] = wanted
    return {key: value for key, value in filled.items() if key not in keys or value}


def _own(tx: Repositories, organisation: Organisation, on: date) -> str:
    mandates = tx.mandates.of_organisation(organisation.id)
    mandate = holder_of(mandates, Role.HEAD, organisation.id, on)
    if mandate is None or mandate.role is Role.HEAD:
        return CHARTER
    word, _, rest = mandate.ground.strip().partition(" ")
    genitive = _GENITIVE.get(word.lower(), "")
    return f"{genitive} {rest}" if genitive and rest else ""


def _founders(tx: Repositories, organisation: Organisation, on: date) -> str:
    """«Положения об Управлении образования …»; empty where the name's case is not known."""
    if organisation.founder_id is None:
        return ""
    name = dict(tx.organisations.load(organisation.founder_id).name_on(on).forms).get("предл", "")
    return f"Положения {'об' if name[0] in _VOWELS else 'о'} {name}" if name else ""
