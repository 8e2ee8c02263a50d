"""What a pack may say: the words of the YAML, their kinds and which are required.

The schema is applied to the whole pack, parents merged in. What refers to what is the business of
check.py.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workflow.domain.deadlines import CountFrom, DayOff, Whose
from workflow.domain.regulations import (
    FieldKind,
    GateOf,
    GateUnless,
    Origin,
    PairEffect,
    PdfProfile,
    Role,
    SignatureFormat,
    SignatureKind,
    Verb,
)

E = TypeVar("E", bound=Enum)
# Strict models take an enum's member only; the YAML writes its value.
Written = Annotated[E, Field(strict=False)]


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _role_or_section(value: object) -> object:
    return {"role": value} if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_one_or_many)]
Key = Annotated[str, Field(pattern=r"^[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё0-9_]*$")]
# Grades are answers too: «8» out of ten.
ChoiceKey = Annotated[str, Field(pattern=r"^[A-Za-zА-Яа-яЁё0-9][A-Za-zА-Яа-яЁё0-9_]*$")]
TypeCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,15}$")]


class Section(BaseModel):
    """Unknown words are mistakes; nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FieldModel(Section):
    """One fact of a document. `law` here and below: a child pack may tighten, never loosen."""

    label: str
    kind: Written[FieldKind]
    required: bool = False
    hint: str = ""
    choices: dict[ChoiceKey, str] = {}
    columns: dict[Key, FieldModel] = {}
    source: str = ""
    default: object = None  # check.py holds it against the kind
    article: str = ""
    law: bool = False


class WhoModel(Section):
    role: Written[Role] | None = None
    field: str = ""
    at: Written[Whose] = Whose.OWN


class SignatureModel(Section):
    kind: Written[SignatureKind]
    format: Written[SignatureFormat]
    exactly: bool = False
    article: str = ""
    law: bool = False


class StepModel(Section):
    who: Annotated[WhoModel, BeforeValidator(_role_or_section)]
    verb: Written[Verb] | None = None
    after: Names = []
    survives_rework: bool = False
    signature: SignatureModel | None = None
    article: str = ""
    law: bool = False


class DeadlineModel(Section):
    due: str
    article: str
    count_from: Written[CountFrom] = CountFrom.NEXT_DAY
    inclusive: bool = True
    day_off: Written[DayOff] = DayOff.NEXT
    calendar: Written[Whose] = Whose.OWN
    debtor: Written[Role] | None = None
    met_by: str = ""
    law: bool = False


class DutyModel(DeadlineModel):
    title: str
    type: str = ""


class GivesModel(Section):
    """The role that a document gives once it is in force."""

    role: Written[Role]
    to: str
    since: str
    until: str = ""


class GateModel(Section):
    """A paper without which a line of the document is refused."""

    type: str
    of: Written[GateOf]
    unless: Written[GateUnless] | None = None
    article: str
    law: bool = False


class MentoringModel(Section):
    """The kinds and forms of mentoring that the regulation knows, by their keys."""

    kinds: dict[Key, str] = {}
    forms: dict[Key, str] = {}


class TypeModel(Section):
    title: str
    genitive: str
    origin: Written[Origin]
    case_kind: str
    template: str = ""
    fields: dict[Key, FieldModel] = {}
    route: dict[Key, StepModel]
    depends_on: Names = []
    approves: Names = []
    signature: SignatureModel | None = None
    pdf: Written[PdfProfile] = PdfProfile.A2B
    register_key: Annotated[str, Field(alias="register")] = ""
    one_sided: bool = True
    labour: bool = False
    addressee: str = ""
    retention: str = ""
    nomenclature: str = ""
    deadlines: dict[Key, DeadlineModel] = {}
    gives: GivesModel | None = None
    gates: dict[Key, GateModel] = {}
    turn: Written[PairEffect] | None = None
    article: str = ""
    law: bool = False


class StageModel(Section):
    title: str
    when_in_force: Names = []
    when_accepted: Names = []
    after_event: str = ""
    article: str = ""


class CaseKindModel(Section):
    title: str
    documents: Names
    stages: dict[Key, StageModel] = {}


class RegisterModel(Section):
    title: str
    mask: str
    nomenclature: str = ""
    yearly: bool = True
    retention: str = ""


class RuleModel(Section):
    """`rule` names the code when several rules use the same; else the key of the rule does."""

    article: str
    rule: str = ""
    value: int | None = None
    type: str = ""
    field: str = ""
    role: Written[Role] | None = None
    mentoring: str = ""
    experience: str = ""
    law: bool = False
    soft: bool = False


class PublicationModel(Section):
    section: str
    article: str = ""


class PackModel(Section):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
    title: str
    inherits: str = ""
    calendar_region: Annotated[str, Field(pattern=r"^(RU-[A-Z]{2,3})?$")] = ""
    case_kinds: dict[Key, CaseKindModel]
    registers: dict[Key, RegisterModel]
    types: dict[TypeCode, TypeModel]
    rules: dict[Key, RuleModel] = {}
    duties: dict[Key, DutyModel] = {}
    publication: PublicationModel | None = None
    mentoring: MentoringModel = MentoringModel()
    settings: dict[Key, str | int | bool] = {}


FieldModel.model_rebuild()
