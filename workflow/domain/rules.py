"""Rules with code behind them: a name, parameters, an article.

The YAML of a pack has no expression language; it names rules that are written here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from workflow.domain.refusals import N_, DomainError, Refusal


class RuleError(DomainError):
    """A rule is asked for something it does not decide."""

    code = "rule"


@dataclass(frozen=True)
class Rule:
    """`mentees_at_most: 2` (Положение, п. 2.5).

    `law` rules may be tightened by a child pack, never loosened. A `soft` rule may be passed over
    by a person who gives the reason.
    """

    name: str
    params: Mapping[str, object] = field(default_factory=dict)
    article: str = ""
    law: bool = False
    soft: bool = False

    def concerns(self, mentoring: str) -> bool:
        """Whether the rule is meant for this kind of mentoring: one that names none is for all."""
        return self.params.get("mentoring", mentoring) == mentoring

    def limit(self) -> int:
        """Return the number of a rule that sets one; raise RuleError for another."""
        value = self.params.get("value")
        if not isinstance(value, int) or isinstance(value, bool):
            raise RuleError(f"{self.name} sets no number")
        return value


class Tighter(Enum):
    """Which way a limit is tightened."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True)
class Limit:
    """A rule that compares a number with `value`; `msgid` names `{limit}` and `{number}`."""

    tighter: Tighter
    msgid: str


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "mentees_at_most": Limit(
            Tighter.LOWER, N_("A mentor may have at most {limit} mentees; here there are {number}.")
        ),
        "programme_months_at_least": Limit(
            Tighter.HIGHER,
            N_("A programme lasts at least {limit} months; this one lasts {number}."),
        ),
        "programme_months_at_most": Limit(
            Tighter.LOWER, N_("A programme lasts at most {limit} months; this one lasts {number}.")
        ),
        "notice_working_days_at_least": Limit(
            Tighter.HIGHER,
            N_("The other side is warned at least {limit} working days before; here {number}."),
        ),
        "term_months_at_least": Limit(
            Tighter.HIGHER,
            N_("Mentoring lasts at least {limit} months; here {number}."),
        ),
        "term_months_at_most": Limit(
            Tighter.LOWER, N_("Mentoring lasts at most {limit} months; here {number}.")
        ),
        "experience_years_at_least": Limit(
            Tighter.HIGHER,
            N_("A mentor has worked in the field for at least {limit} years; here {number}."),
        ),
        "mentee_years_at_most": Limit(
            Tighter.LOWER,
            N_("The mentee has at most {limit} years of experience; here {number}."),
        ),
    }
)
CHOSEN_FROM_ROLE = "chosen_from_role"
# Parameter -> the type its value has, for each rule that a pack may name.
PARAMETERS: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        **{name: MappingProxyType({"value": int}) for name in LIMITS},
        CHOSEN_FROM_ROLE: MappingProxyType({"type": str, "field": str, "role": str}),
        "experience_years_at_least": MappingProxyType({"value": int, "experience": str}),
        "mentee_years_at_most": MappingProxyType({"value": int, "experience": str}),
    }
)
#: What a rule may say besides: the kind of mentoring that it is meant for.
OPTIONAL_PARAMETERS = frozenset({"mentoring"})


def keeps_limit(rule: Rule, number: int) -> Refusal | None:
    """Compare `number` with the rule's limit; None when it keeps it.

    Raises RuleError for a rule that is no limit.
    """
    limit = LIMITS.get(rule.name)
    if limit is None:
        raise RuleError(f"{rule.name} is no limit")
    bound = rule.limit()
    kept = number <= bound if limit.tighter is Tighter.LOWER else number >= bound
    if kept:
        return None
    return Refusal(
        code=f"rule.{rule.name}",
        msgid=limit.msgid,
        params={"limit": bound, "number": number},
        article=rule.article,
    )


# Role -> what the regulation wants; other roles get the sentence that names none.
MEANT: Mapping[str, str] = MappingProxyType(
    {"deputy": N_("The regulation wants one of the deputy heads here.")}
)
SOMEBODY_ELSE_MEANT = N_("The regulation wants somebody with another role here.")


def chosen_from_role(
    rule: Rule, chosen: str, holders: Collection[str], reason: str = ""
) -> Refusal | None:
    """Check that `chosen` is among the `holders` of the role the rule names (employment ids).

    A soft rule is passed over with a `reason`: a kindergarten may have no deputy at all.
    """
    if rule.name != CHOSEN_FROM_ROLE:
        raise RuleError(f"{rule.name} chooses nobody")
    if chosen in holders or (rule.soft and reason.strip()):
        return None
    return Refusal(
        code="rule.chosen_from_role",
        msgid=MEANT.get(str(rule.params.get("role")), SOMEBODY_ELSE_MEANT),
        todo=(
            N_("Choose another person, or give the reason for choosing this one.")
            if rule.soft
            else N_("Choose another person.")
        ),
        article=rule.article,
    )
