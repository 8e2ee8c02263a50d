"""A regulation as values: the document types it demands, their routes, fields and rules.

A *pack* (see workflow/packs) is read into a `Regulation`. It is immutable once a case uses it;
a case keeps the version. Every rule carries its article, and pages show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflow.domain.deadlines import DeadlineRule, PeriodicRule
from workflow.domain.rules import Rule


class FieldKind(StrEnum):
    """What a form asks for and which Python value a fact of this kind has."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str, paragraphs
    DATE = "date"  # datetime.date
    NUMBER = "number"  # int
    PERSON = "person"  # employment id, str
    PEOPLE = "people"  # tuple of employment ids
    CHOICE = "choice"  # key of one of the choices
    YES_NO = "yes_no"  # bool
    ROWS = "rows"  # tuple of mappings column key -> value
    LINK = "link"  # str, http(s) address
    DOCUMENTS = "documents"  # tuple of document ids


@dataclass(frozen=True)
class Choice:
    """One answer of a CHOICE field."""

    key: str
    label: str


#: The source of an order's rows: nobody is asked, they are taken from its pairs.
PAIR_LINES = "pair.lines"


@dataclass(frozen=True)
class FieldSpec:
    """One fact that a document type asks for.

    `source` names what fills the field when the system knows it; the person may still change it:
    `mandate.<role>` (its holder), `pair.…` (see `pairs`), `notice.earliest` (the first day that
    keeps the term of notice), `order.instrumental` and `order.genitive` (the municipal order,
    cited in that case), `staff.all`, `person.phone`, `today`, `today.+5` (working days). `system`:
    nobody is asked, the use case fills it. `default` is a value written in the pack (ROWS: a tuple
    of dicts column key -> value) and goes before the source. `columns` are the fields of a row
    (ROWS), `choices` the answers (CHOICE). `law` marks what a child pack may not loosen.
    """

    key: str
    label: str
    kind: FieldKind
    required: bool = False
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[FieldSpec, ...] = ()
    source: str = ""
    default: object = None
    article: str = ""
    law: bool = False

    @property
    def asked(self) -> bool:
        """Whether a person fills it in; system fields and the rows of pairs are worked out."""
        return self.source not in ("system", PAIR_LINES)


class Verb(StrEnum):
    """What a step of a route asks somebody to do."""

    PREPARE = "prepare"
    AGREE = "agree"
    DECIDE = "decide"
    RESOLVE = "resolve"
    FIX = "fix"
    SIGN = "sign"
    REGISTER = "register"
    ACKNOWLEDGE = "acknowledge"
    DELIVER = "deliver"
    ACCEPT = "accept"


class Role(StrEnum):
    """A mandate somebody holds in an organisation."""

    HEAD = "head"
    ACTING_HEAD = "acting_head"
    DEPUTY = "deputy"
    CURATOR = "curator"
    CLERK = "clerk"
    COUNCIL = "council"
    UNION = "union"
    OFFICER = "officer"
    ASSOCIATION = "association"  # руководитель методического объединения
    EMPLOYEE = "employee"


@dataclass(frozen=True)
class Who:
    """Whom a step waits for: the holders of a role, or the people named in a field.

    `role` is looked up in the document's organisation (`at="own"`), its founder (`"founder"`) or
    the addressee (`"addressee"`). With `field_key`, one open step stands for each person named
    there. HEAD is also satisfied by an acting head.
    """

    role: Role | None = None
    field_key: str = ""
    at: str = "own"


@dataclass(frozen=True)
class StepSpec:
    """One step of a route: who does what, after what.

    `after` names the steps that must be done before (an empty one: may begin at once).
    `survives_rework`: the mark stays when a new revision is made. `signature` is what this step
    demands where it differs from the type: the head's qualified one beside the mentor's simple.
    """

    key: str
    verb: Verb
    who: Who
    after: tuple[str, ...] = ()
    survives_rework: bool = False
    article: str = ""
    signature: SignatureDemand | None = None


class SignatureKind(StrEnum):
    """Kinds of electronic signature of Federal Law 63-FZ, art. 5, in rising strength."""

    SIMPLE = "simple"
    ADVANCED = "advanced"
    QUALIFIED = "qualified"


class SignatureFormat(StrEnum):
    """Inside the PDF (PAdES), a detached file beside it (CAdES), or a sealed statement (simple).

    A document demands PAdES or CAdES; where a simple signature is enough it stands beside.
    """

    PADES = "pades"
    CADES = "cades"
    SIMPLE = "simple"


@dataclass(frozen=True)
class SignatureDemand:
    """`kind` or better, unless `exactly`; one format for each revision."""

    kind: SignatureKind
    format: SignatureFormat
    exactly: bool = False
    article: str = ""


class PdfProfile(StrEnum):
    """The archival profile of the PDF (ISO 19005)."""

    A2B = "pdf/a-2b"
    A1A = "pdf/a-1a"


@dataclass(frozen=True)
class GivenMandate:
    """A role that a document gives once it is in force: to whom, from which day to which.

    The fields named hold an employment and days; an empty `until_field` gives it without end.
    """

    role: Role
    field_key: str
    since_field: str
    until_field: str = ""


class GateOf(StrEnum):
    """Whose paper a gate asks for."""

    MENTOR = "mentor"
    MENTEES = "mentees"  # of each of them


class GateUnless(StrEnum):
    """What stands in for the paper."""

    CONTRACT_CLAUSE = "contract_clause"  # the mentor's contract holds the terms already


@dataclass(frozen=True)
class Gate:
    """A paper that must be in force before a line of an order is: the mentor's consent.

    The paper names its person in the field `mentor` or `mentee`.
    """

    key: str
    type_code: str
    of: GateOf
    unless: GateUnless | None = None
    article: str = ""


class PairEffect(StrEnum):
    """What a document does to the pairs of its lines once it is in force (see `pairs`)."""

    BEGIN = "begin"
    EXTEND = "extend"
    STATEMENT = "statement"  # the mentor lays the duties down (D21)
    NOTICE = "notice"  # the head cancels; it counts from the day it was handed over (D24)
    REPLACE_OR_END = "replace_or_end"
    AMEND = "amend"
    CANCEL = "cancel"


class Origin(StrEnum):
    """How documents of a type come into being."""

    MADE = "made"  # assembled here, with a number of its own
    APPROVED = "approved"  # assembled here, has no number, put in force by the order approving it
    EXISTING = "existing"  # made elsewhere, registered here with its scan or file


@dataclass(frozen=True)
class DocumentType:
    """One type of document: what it holds, who does what, how it is signed and kept.

    `template` is a path in the template library (empty for EXISTING). `approves` lists the types
    whose documents become annexes of this one. `register` is the key of the register that numbers
    it (empty: no number). `retention` and `nomenclature` are printed on the card
    (Росархив 20.12.2019 № 236). `gates` are asked for each line (pair) of the document, `turn` is
    what it does to the pairs once it is in force. `labour` marks a document of labour law
    (ТК ст. 22.1).
    """

    code: str
    title: str
    genitive: str
    origin: Origin
    case_kind: str
    template: str = ""
    fields: tuple[FieldSpec, ...] = ()
    route: tuple[StepSpec, ...] = ()
    depends_on: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    signature: SignatureDemand | None = None
    pdf: PdfProfile = PdfProfile.A2B
    register: str = ""
    one_sided: bool = True
    labour: bool = False
    addressee: str = ""
    retention: str = ""
    nomenclature: str = ""
    deadlines: tuple[DeadlineRule, ...] = ()
    gives: GivenMandate | None = None
    gates: tuple[Gate, ...] = ()
    turn: PairEffect | None = None
    article: str = ""

    def field(self, key: str) -> FieldSpec | None:
        return next((f for f in self.fields if f.key == key), None)

    def step(self, key: str) -> StepSpec | None:
        return next((s for s in self.route if s.key == key), None)

    @property
    def author_field(self) -> str:
        """The field that names whoever writes the document (`mentor`); empty: a role does."""
        named = (s.who.field_key for s in self.route if s.verb is Verb.PREPARE)
        return next((key for key in named if key), "")

    def demand(self, step: StepSpec) -> SignatureDemand | None:
        """The signature that the step demands: its own word, or the type's."""
        return step.signature or self.signature


@dataclass(frozen=True)
class CaseKind:
    """Something with a life: a programme of an organisation, a mentor pair."""

    key: str
    title: str
    documents: tuple[str, ...]
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A stage of a case: reached when documents of all these types are in force or accepted.

    `after_event` adds an event that must have come (`case.ends`).
    """

    key: str
    title: str
    when_in_force: tuple[str, ...] = ()
    when_accepted: tuple[str, ...] = ()
    article: str = ""
    after_event: str = ""


@dataclass(frozen=True)
class RegisterSpec:
    """A register («Журнал регистрации») that an organisation of the pack gets.

    `mask` holds `{n}` (and may hold `{year}`, `{index}`), e.g. `{n}-о/д`. `retention` says how
    long the journal itself is kept.
    """

    key: str
    title: str
    mask: str
    nomenclature: str = ""
    yearly: bool = True
    retention: str = ""


@dataclass(frozen=True)
class PeriodicDuty:
    """Something owed again and again while a case lives: a half-yearly analytical note.

    `type_code` is the type that meets it ("": no type of this pack does).
    """

    key: str
    title: str
    rule: PeriodicRule
    type_code: str = ""


@dataclass(frozen=True)
class PublicationRule:
    """What must be published where («раздел сайта»)."""

    section: str
    article: str = ""


@dataclass(frozen=True)
class Regulation:
    """A pack read, inherited and checked.

    `version` is the SHA-256 (hex) of everything it was read from, parents included, so that a
    case can say by which text it lives.
    """

    name: str
    title: str
    version: str
    parents: tuple[str, ...]
    document_types: Mapping[str, DocumentType]
    case_kinds: Mapping[str, CaseKind]
    registers: Mapping[str, RegisterSpec]
    rules: tuple[Rule, ...] = ()
    calendar_region: str = ""
    publication: PublicationRule | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    duties: tuple[PeriodicDuty, ...] = ()
    mentoring_kinds: tuple[Choice, ...] = ()
    mentoring_forms: tuple[Choice, ...] = ()
