"""Does a machine-readable power of attorney (МЧД) let this person sign this document that day?

Each question has its own finding. What could not be found out never counts as found, and a power
fails as soon as one finding does (63-ФЗ, art. 17.2 and 17.5). Whether it was revoked is known to
the registry alone, whose answer comes in as a value with its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from signing.expectation import (
    Expectation,
    ExpectedOrganisation,
    ExpectedPerson,
    check_owner,
    digits_of,
)
from signing.power.attorney import (
    PowerOfAttorney,
    PowerOrganisation,
    PowerPerson,
    Principal,
)
from signing.power.questions import (
    DAY_AS_WRITTEN,
    WORST_FIRST,
    PowerFinding,
    PowerJudgement,
    RegistryAnswer,
    RegistryStatus,
    SigningByPower,
)
from signing.verdicts import (
    CertificateFacts,
    Outcome,
    Param,
    Report,
    SignatureKind,
    SignatureReport,
    TimeBasis,
    Verdict,
)
from signing.words import N_


def judge_power(
    power: PowerOfAttorney,
    signature: Report,
    signing: SigningByPower,
    registry: RegistryAnswer | None,
    max_age: timedelta,
) -> PowerJudgement:
    """Judge whether the power lets `signing.representative` sign.

    `signature` is the report on the detached signature beside the power's file, `registry` the
    registry's newest answer, which may be `max_age` old.
    """
    return PowerJudgement(
        power.number,
        power.issued,
        power.until,
        (
            *judge_gift(power, signature, signing.heads, signing.principal),
            _check_dates(power, signing.on),
            _check_representative(power, signing.representative),
            _check_power(power, signing),
            _check_registry(power, registry, signing, max_age),
        ),
    )


def judge_gift(
    power: PowerOfAttorney,
    signature: Report,
    heads: tuple[ExpectedPerson, ...] | None,
    principal: ExpectedOrganisation | None,
) -> tuple[PowerFinding, ...]:
    """Judge whether the head of the principal gave the power, whatever is to be signed by it.

    `heads` and `principal` as in `SigningByPower`.
    """
    return (
        _check_origin(power),
        _check_signature(power, signature),
        _check_head(power, signature, heads),
        _check_principal(power, principal),
    )


def _check_origin(power: PowerOfAttorney) -> PowerFinding:
    """A power passed on by its holder rests on others, which are not followed here."""
    if power.redelegated:
        return _failed(
            "origin",
            "redelegated",
            N_(
                "The power of attorney passes on the powers of another one. Such powers are not "
                "supported: let the head give one directly."
            ),
        )
    return _passed("origin", "direct", N_("The principal gave the power of attorney directly."))


def _check_signature(power: PowerOfAttorney, report: Report) -> PowerFinding:
    """The one signature beside the file is qualified, good by itself, and over these very bytes."""
    if report.sha256 != power.sha256:
        return _failed(
            "signature",
            "other_bytes",
            N_("The signature belongs to another file than this power of attorney."),
        )
    signature = _only_signature(report)
    if signature is None or signature.time_basis is TimeBasis.HYPOTHETICAL:
        return _not_made(
            "signature",
            "signature_unclear",
            N_("The power of attorney must come with exactly one signature that can be read."),
        )
    if signature.file_verdict is Verdict.INVALID:
        return _failed(
            "signature",
            "signature_invalid",
            N_("The signature of the power of attorney is not valid."),
        )
    if signature.fulfils not in (SignatureKind.QUALIFIED, None):
        return _failed(
            "signature",
            "not_qualified",
            N_("The power of attorney is not signed with a qualified signature."),
        )
    if signature.file_verdict is not Verdict.VALID or signature.fulfils is None:
        return _not_made(
            "signature",
            "signature_undecided",
            N_("The signature of the power of attorney could not be checked to the end."),
        )
    return _passed("signature", "signature", N_("The signature of the power of attorney is valid."))


def _only_signature(report: Report) -> SignatureReport | None:
    if len(report.signatures) != 1 or report.not_understood:
        return None
    return report.signatures[0]


def _check_head(
    power: PowerOfAttorney, report: Report, registered: tuple[ExpectedPerson, ...] | None
) -> PowerFinding:
    """The signer is a head whom the file names, and our register too where it knows one."""
    principal = _only_principal(power)
    if principal is None or principal.organisation is None or not principal.heads:
        return _failed("head", "head_unknown", _HEAD_UNKNOWN)
    if principal.jointly:
        return _failed("head", "heads_joint", _HEADS_JOINT)
    signature = _only_signature(report)
    if signature is None or signature.certificate is None:
        return _not_made("head", "signer_unknown", _SIGNER_UNKNOWN)
    facts = signature.certificate
    found = _check_signer(facts, principal, principal.organisation)
    if found.outcome is not Outcome.PASSED or registered is None:
        return found
    outcome = _best(_owner(facts, head) for head in registered)
    if outcome is Outcome.PASSED:
        return found
    make = _failed if outcome is Outcome.FAILED else _not_made
    return make("head", "head_not_registered", _NOT_REGISTERED, {"owner": facts.owner})


def _check_signer(
    facts: CertificateFacts, principal: Principal, organisation: PowerOrganisation
) -> PowerFinding:
    """Compare the certificate with the heads in the file and with their organisation."""
    expected = ExpectedOrganisation(ogrn=organisation.ogrn, inn_le=organisation.inn)
    outcome = _best(_owner(facts, _expected(head), expected) for head in principal.heads)
    words = {"owner": facts.owner, "heads": ", ".join(head.name for head in principal.heads)}
    if not facts.ogrn and not facts.inn_le:
        return _failed("head", "head_not_for_organisation", _HEAD_PERSONAL, words)
    if outcome is Outcome.FAILED:
        return _failed("head", "other_head", _OTHER_HEAD, words)
    if outcome is Outcome.NOT_MADE:
        return _not_made("head", "head_only_named", _HEAD_ONLY_NAMED, words)
    return _passed("head", "head", N_("The head signed: {owner}."), {"owner": facts.owner})


_HEAD_UNKNOWN = N_(
    "The power of attorney does not name one organisation led by persons. Such powers are not "
    "supported."
)
_HEADS_JOINT = N_(
    "The heads of the organisation act only together. Such powers of attorney are not supported."
)
_SIGNER_UNKNOWN = N_("It is not known who signed the power of attorney.")
_HEAD_PERSONAL = N_(
    "The power of attorney is signed with a personal certificate ({owner}), not with that of the "
    "organisation."
)
_OTHER_HEAD = N_(
    "The power of attorney is signed by {owner}, and not by the head of the organisation that it "
    "names: {heads}."
)
_NOT_REGISTERED = N_(
    "{owner}, who signed the power of attorney, is not known here as the head of the organisation "
    "on the day it was given."
)
_HEAD_ONLY_NAMED = N_(
    "Neither СНИЛС nor ИНН shows that {owner}, who signed the power of attorney, is its head: "
    "{heads}."
)


def _only_principal(power: PowerOfAttorney) -> Principal | None:
    return power.principals[0] if len(power.principals) == 1 else None


def _expected(person: PowerPerson) -> ExpectedPerson:
    return ExpectedPerson(person.surname, person.given_name, person.snils, person.inn)


def _owner(
    facts: CertificateFacts,
    person: ExpectedPerson,
    organisation: ExpectedOrganisation | None = None,
) -> Outcome:
    """Compare as check 7 does: names with ё as е, and СНИЛС or ИНН, at least one of them."""
    asked = Expectation(
        person=person,
        organisation=organisation,
        identified=True,
        represents=organisation is not None,
    )
    return check_owner(facts, asked).outcome


def _check_principal(power: PowerOfAttorney, expected: ExpectedOrganisation | None) -> PowerFinding:
    principal = _only_principal(power)
    organisation = None if principal is None else principal.organisation
    if organisation is None:
        return _failed("principal", "principal_unknown", _HEAD_UNKNOWN)
    if expected is None:
        words = {"organisation": organisation.name}
        return _not_made("principal", "principal_not_asked", _PRINCIPAL_NOT_ASKED, words)
    pairs = [
        (digits_of(wanted), found)
        for wanted, found in (
            (expected.ogrn, organisation.ogrn),
            (expected.inn_le, organisation.inn),
        )
        if digits_of(wanted) and found
    ]
    words = {"organisation": organisation.name}
    if any(wanted != found for wanted, found in pairs):
        return _failed(
            "principal",
            "other_principal",
            N_("The power of attorney was given by another organisation: {organisation}."),
            words,
        )
    if not pairs:
        return _not_made(
            "principal",
            "principal_not_compared",
            N_("Neither ОГРН nor ИНН of {organisation} could be compared."),
            words,
        )
    return _passed("principal", "principal", N_("The principal is {organisation}."), words)


_PRINCIPAL_NOT_ASKED = N_(
    "The power of attorney was given by {organisation}. Whether the document is of this "
    "organisation was not asked."
)


def _check_dates(power: PowerOfAttorney, on: date) -> PowerFinding:
    words = {
        "issued": f"{power.issued:{DAY_AS_WRITTEN}}",
        "until": f"{power.until:{DAY_AS_WRITTEN}}",
    }
    if on < power.issued:
        return _failed(
            "dates",
            "not_yet",
            N_("The power of attorney was given only on {issued}."),
            words,
        )
    if on > power.until:
        return _failed("dates", "expired", N_("The power of attorney ended on {until}."), words)
    return _passed(
        "dates", "in_force", N_("The power of attorney is given from {issued} to {until}."), words
    )


def _check_representative(power: PowerOfAttorney, facts: CertificateFacts) -> PowerFinding:
    people = [person for person in power.representatives if person is not None]
    outcome = _best(_owner(facts, _expected(person)) for person in people)
    words = {"owner": facts.owner, "named": ", ".join(person.name for person in people) or "—"}
    if outcome is Outcome.FAILED:
        return _failed(
            "representative",
            "other_representative",
            N_(
                "The certificate of {owner} is not that of a representative whom the power of "
                "attorney names: {named}."
            ),
            words,
        )
    if outcome is Outcome.NOT_MADE:
        return _not_made(
            "representative",
            "representative_only_named",
            N_("Neither СНИЛС nor ИНН shows that the power of attorney was given to {owner}."),
            words,
        )
    return _passed(
        "representative",
        "representative",
        N_("The power of attorney was given to {owner}."),
        {"owner": facts.owner},
    )


def _check_power(power: PowerOfAttorney, signing: SigningByPower) -> PowerFinding:
    """A code that is not limited counts by itself; all else needs somebody who has read it."""
    if signing.power is None:
        return _not_made("power", "power_not_asked", _POWER_NOT_ASKED)
    several = len(power.representatives) > 1
    words: dict[str, Param] = {"power": signing.power.name}
    if power.powers.joint and several:
        return _failed("power", "joint", _JOINT, words)
    found = [each for each in power.powers.codes if each.code in signing.power.codes]
    plain = power.powers.machine_readable and any(not each.limited for each in found)
    if plain and not several:
        return _passed("power", "power", _COVERED, words)
    if not found and not power.powers.text:
        if not signing.power.codes:
            return _not_made("power", "codes_unknown", _CODES_UNKNOWN, words)
        return _failed("power", "not_covered", _NOT_COVERED, words)
    given = signing.confirmation
    if given is None or not given.stands_for(power.sha256, signing.power.name, signing.now):
        return _not_made("power", "to_confirm", _TO_CONFIRM, words)
    return _passed("power", "confirmed", _CONFIRMED, words | {"person": given.confirmed_by})


_POWER_NOT_ASKED = N_("Which power the document needs was not asked.")
_JOINT = N_(
    "The representatives act only together. Such powers of attorney are not supported: {power}."
)
_COVERED = N_("The power of attorney contains the power: {power}.")
_NOT_COVERED = N_("The power of attorney does not contain the power: {power}.")
_CODES_UNKNOWN = N_(
    "Nobody has said here which codes of powers of attorney contain this power: {power}."
)
_TO_CONFIRM = N_(
    "The power is given in words or with limits: {power}. Read the power of attorney and confirm "
    "that it is there."
)
_CONFIRMED = N_("The power was found in the text and confirmed by {person}: {power}.")


def _check_registry(
    power: PowerOfAttorney,
    answer: RegistryAnswer | None,
    signing: SigningByPower,
    max_age: timedelta,
) -> PowerFinding:
    """A revocation stands for good; an answer that there is none stands for `max_age`.

    One of after the signature came in stands for it for good: revoking does not reach back.
    """
    if answer is None or answer.number.strip().lower() != power.number:
        return _not_made("registry", "registry_silent", _NO_ANSWER)
    if answer.as_of > signing.now:
        return _not_made("registry", "registry_future", _ANSWER_FROM_FUTURE)
    words: dict[str, Param] = {"as_of": answer.as_of}
    if answer.status is RegistryStatus.REVOKED:
        return _revoked(answer, signing.on)
    if answer.status is not RegistryStatus.IN_FORCE:
        return _not_made("registry", "registry_unknown", _UNKNOWN_THERE, words)
    if (signing.received_at or signing.now) - answer.as_of > max_age:
        return _not_made("registry", "registry_old", _ANSWER_OLD, words)
    return _passed("registry", "registry", _NOT_REVOKED, words)


def _revoked(answer: RegistryAnswer, on: date) -> PowerFinding:
    if answer.revoked_on is None:
        return _failed("registry", "revoked", N_("The power of attorney has been revoked."))
    words = {"day": f"{answer.revoked_on:{DAY_AS_WRITTEN}}"}
    if answer.revoked_on <= on:
        return _failed(
            "registry", "revoked", N_("The power of attorney was revoked on {day}."), words
        )
    return _passed(
        "registry",
        "revoked_later",
        N_("The power of attorney was revoked on {day}, after the signing."),
        words,
    )


_NO_ANSWER = N_(
    "It is not known whether the power of attorney has been revoked. Load the answer of the "
    "registry."
)
_ANSWER_FROM_FUTURE = N_("The answer of the registry is dated in the future. Check its date.")
_UNKNOWN_THERE = N_("The registry did not know the power of attorney at {as_of}.")
_ANSWER_OLD = N_("The answer of the registry is of {as_of} and too old. Load a new one.")
_NOT_REVOKED = N_("The registry says that the power of attorney was in force at {as_of}.")


def _best(outcomes: Iterable[Outcome]) -> Outcome:
    return max(outcomes, key=WORST_FIRST.index, default=Outcome.FAILED)


def _passed(
    key: str, code: str, msgid: str, params: Mapping[str, Param] | None = None
) -> PowerFinding:
    return PowerFinding(key, Outcome.PASSED, code, msgid, params or {})


def _failed(
    key: str, code: str, msgid: str, params: Mapping[str, Param] | None = None
) -> PowerFinding:
    return PowerFinding(key, Outcome.FAILED, code, msgid, params or {})


def _not_made(
    key: str, code: str, msgid: str, params: Mapping[str, Param] | None = None
) -> PowerFinding:
    return PowerFinding(key, Outcome.NOT_MADE, code, msgid, params or {})
