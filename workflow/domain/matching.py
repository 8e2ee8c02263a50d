"""Does a mentor suit a mentee: the checks of a regulation, shown as they are met.

A check that cannot be made is not met: what a staff card does not say is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflow.domain.pairs import months_of
from workflow.domain.refusals import N_, Refusal
from workflow.domain.rules import Rule, keeps_limit

MENTEES_AT_MOST = "mentees_at_most"
TERM_AT_LEAST = "term_months_at_least"
TERM_AT_MOST = "term_months_at_most"
EXPERIENCE = "experience_years_at_least"
NEWLY_BEGUN = "mentee_years_at_most"

#: The order in which people see the checks.
SHOWN = (EXPERIENCE, MENTEES_AT_MOST, TERM_AT_LEAST, TERM_AT_MOST, NEWLY_BEGUN)


class Outcome(StrEnum):
    """How a check stands."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    PASSED_OVER = "passed_over"  # not met, and the head gave the reason


@dataclass(frozen=True)
class Candidate:
    """What is known of a mentor, the mentees and the term when they are brought together.

    `experience` and each of `mentee_experience` map a kind of experience to full years on the
    first day (a kind that is not there is not known). `mentees_here` is the largest number of this
    person's other mentees at the same time within the term in the pair's own organisation,
    `mentees_known` that in all organisations of the installation; `mentees_elsewhere` what the
    person declares of other organisations, known here or not (None: nothing declared yet).
    """

    mentoring: str
    since: date
    until: date
    mentees: int
    experience: Mapping[str, int] = field(default_factory=dict)
    mentees_here: int = 0
    mentees_known: int = 0
    mentees_elsewhere: int | None = None
    mentee_experience: Sequence[Mapping[str, int]] = ()
    same_person: bool = False


@dataclass(frozen=True)
class Check:
    """One rule of the regulation held against the candidate.

    `refusal` says what is wrong or missing (None when it is met); `soft` ones give way to a
    reason. `msgid` with `params` is the rule itself in words, shown beside whatever came out.
    """

    key: str
    outcome: Outcome
    msgid: str
    params: Mapping[str, object]
    soft: bool = False
    article: str = ""
    refusal: Refusal | None = None
    reason: str = ""

    @property
    def stops(self) -> bool:
        """Whether the pair cannot be ordered as long as the check stands like this.

        A soft check that cannot be made, because nobody entered the years, stops nothing.
        """
        if self.outcome is Outcome.UNKNOWN:
            return not self.soft
        return self.outcome is Outcome.NOT_MET


#: Each rule as the regulation says it; `{limit}` is its number.
RULES_IN_WORDS: Mapping[str, str] = {
    EXPERIENCE: N_("Experience in the field: at least {limit} years"),
    MENTEES_AT_MOST: N_("At most {limit} mentees at the same time in all organisations"),
    TERM_AT_LEAST: N_("The term is at least {limit} months"),
    TERM_AT_MOST: N_("The term is at most {limit} months"),
    NEWLY_BEGUN: N_("The mentee is new to the work: experience of at most {limit} years"),
}
MENTOR_IS_MENTEE = "mentor_is_mentee"
#: «…работы по оказанию другому работнику помощи…»
ANOTHER_WORKER = "ТК РФ, ст. 351.8"


def checks_of(
    rules: Sequence[Rule], candidate: Candidate, reasons: Mapping[str, str] | None = None
) -> tuple[Check, ...]:
    """Hold every rule that concerns this kind of mentoring against the candidate.

    `reasons` maps the key of a soft check to why it is passed over.
    """
    concerned = [r for r in rules if r.name in SHOWN and r.concerns(candidate.mentoring)]
    ordered = sorted(concerned, key=lambda rule: SHOWN.index(rule.name))
    made = [_check(rule, candidate, (reasons or {}).get(rule.name, "")) for rule in ordered]
    return (_other_person(candidate), *made)


def own_mentor() -> Refusal:
    """Say that nobody mentors themselves."""
    return Refusal(
        f"pair.{MENTOR_IS_MENTEE}",
        N_("Nobody is their own mentor."),
        N_("Propose another mentor."),
        article=ANOTHER_WORKER,
    )


def _other_person(candidate: Candidate) -> Check:
    refusal = own_mentor() if candidate.same_person else None
    outcome = Outcome.NOT_MET if refusal else Outcome.MET
    words = N_("The mentor is another person than the mentee")
    return Check(MENTOR_IS_MENTEE, outcome, words, {}, article=ANOTHER_WORKER, refusal=refusal)


def _check(rule: Rule, candidate: Candidate, reason: str) -> Check:
    numbers = _numbers(rule, candidate)
    words, limit = RULES_IN_WORDS[rule.name], {"limit": rule.limit()}
    if None in numbers:
        refusal: Refusal | None = _unknown(rule)
        outcome = Outcome.UNKNOWN
    else:
        found = [keeps_limit(rule, number) for number in numbers if number is not None]
        refusal = next((one for one in found if one), None)
        outcome = Outcome.NOT_MET if refusal else Outcome.MET
    if outcome is Outcome.NOT_MET and rule.soft and reason.strip():
        outcome, refusal = Outcome.PASSED_OVER, None
    return Check(rule.name, outcome, words, limit, rule.soft, rule.article, refusal, reason)


def _numbers(rule: Rule, candidate: Candidate) -> list[int | None]:
    """What the rule is held against; None where it is not known."""
    kind = str(rule.params.get("experience", ""))
    match rule.name:
        case "experience_years_at_least":
            return [candidate.experience.get(kind)]
        case "mentee_years_at_most":
            return [one.get(kind) for one in candidate.mentee_experience]
        case "mentees_at_most":
            if candidate.mentees_elsewhere is None:
                return [None]
            declared = candidate.mentees_here + candidate.mentees_elsewhere
            # Who is declared may be known here as well: nobody counts twice, nobody is left out.
            others = max(declared, candidate.mentees_known)
            return [others + candidate.mentees]
    months, days_over = months_of(candidate.since, candidate.until)
    # Thirty-six months and a day are more than thirty-six months, and not yet thirty-seven.
    return [months + 1 if days_over and rule.name == TERM_AT_MOST else months]


_UNKNOWN_SAID: Mapping[str, tuple[str, str]] = {
    EXPERIENCE: (
        N_("The mentor's experience in the field is not entered."),
        N_("Enter it in the staff card."),
    ),
    NEWLY_BEGUN: (
        N_("The mentee's experience is not entered."),
        N_("Enter it in the staff card."),
    ),
    MENTEES_AT_MOST: (
        N_("The mentor has not declared the mentees in other organisations yet."),
        N_("The number stands in the mentor's consent; the check is made when it is signed."),
    ),
}


def _unknown(rule: Rule) -> Refusal:
    msgid, todo = _UNKNOWN_SAID[rule.name]
    return Refusal(f"rule.{rule.name}.unknown", msgid, todo, article=rule.article)


def may_be_ordered(checks: Sequence[Check]) -> Refusal | None:
    """The first check that stops the pair; None when all are met or passed over."""
    return next((c.refusal for c in checks if c.stops and c.refusal), None)
