"""Try one's signature on a sample, before a document waits for it.

The sample goes through the engine, trust, lists and expectations of a real signing, once for each
capacity in which the person signs. Nothing is kept, neither signature nor report; the audit trail
remembers that it was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.signing_capacities import WITH_A_KEY, Capacity, capacities_in
from workflow.ports import CheckStatus, Examination, ExpectedSigner, TrustView
from workflow.store.audit import INSTALLATION
from workflow.store.unit_of_work import Repositories
from workflow.usecases.examine import GRAVITY, expected_signer
from workflow.usecases.known_actor import actor_of
from workflow.usecases.known_answers import with_answers
from workflow.usecases.services import Services
from workflow.usecases.sign import NO_KEY, not_by_stored_key
from workflow.usecases.trust import trust_view, trusted_anchors

#: What is signed on trial. It never changes: a signature made earlier can be tried again.
SAMPLE = (
    "Образец для проверки подписи.\r\n"
    "Система «Маршрут». Это не документ: подпись под этим текстом ни к чему не обязывает.\r\n"
).encode()
#: The same words as a PDF, for a signature inside it. It never changes either.
SAMPLE_PDF = Path(__file__).with_name("sample.pdf").read_bytes()

#: A detached signature with its chain has some kilobytes, the signed sample some dozens.
LARGEST_SIGNATURE = 1024 * 1024

#: What to do about a check (a key of `signing.verdicts.CHECK_KEYS`) that failed …
_MEND = MappingProxyType(
    {
        "integrity": N_(
            "Download the sample anew and sign it without opening it in an editor; choose the "
            "signature of this very file."
        ),
        "signature_value": N_("Sign the sample once more and upload the new signature."),
        "chain": N_("Use a certificate of an authority that is trusted here; ask the operator."),
        "time": N_("Get a new certificate from your certification authority."),
        "revocation": N_("Get a new certificate: a revoked one cannot be used any more."),
        "usage": N_("Use a certificate that is meant for signing documents."),
        "owner": N_(
            "Use your own certificate, issued for your organisation. If it is yours, have your "
            "card and the organisation's particulars compared with it."
        ),
        "authority": N_("Ask the clerk to have the order entered that gives you the authority."),
        "kind": N_("Get a certificate of the kind of signature that is demanded here."),
    }
)
#: … and about one that could not be made.
_FIND_OUT = MappingProxyType(
    {
        "chain": N_("Ask the operator to enter the certificates of your certification authority."),
        "revocation": N_(
            "Ask the operator to load the newest revocation list, then try again: your certificate "
            "itself may be in order."
        ),
        "owner": N_("Ask the clerk to enter СНИЛС and ИНН in your card and in the organisation's."),
    }
)
_ELSEWHERE = N_("Download the sample, sign it in your own program and upload the signature.")
_LATER = N_("Try again later. If the answer stays the same, show this page to the operator.")


@dataclass(frozen=True)
class Tried:
    """What a real signing in this capacity would answer.

    `report` is the engine's report with the nine checks (canonical JSON), empty where this way of
    signing is closed and nothing was examined. `reason` is None when `status` is VALID; otherwise
    it says what is wrong and what to do.
    """

    capacity: Capacity
    status: CheckStatus
    report: bytes
    reason: Refusal | None = None


@dataclass(frozen=True)
class _Trial:
    """What was read before the examination: who tries, in which capacities, each by which trust."""

    actor: Actor
    capacities: tuple[tuple[Capacity, ExpectedSigner, TrustView], ...]


def capacities_of(services: Services, actor: Actor) -> tuple[Capacity, ...]:
    """Return in which capacities the actor signs today; there is one at least."""
    with services.uow.reading() as tx:
        return _capacities(tx, services, actor_of(tx, actor.person_id))


def try_stored_key(services: Services, actor: Actor, password: str) -> tuple[Tried, ...] | Refusal:
    """Sign the sample with the actor's key kept here and examine the signature.

    A missing key and a wrong password are refused; everything else is an answer. Where a qualified
    signature is demanded, the answer is that of the signing page: not with a key kept here.
    """
    with services.uow.reading() as tx:
        trial = _read(tx, services, actor)
        keys = tx.person_keys.of_person(actor.person_id)
    if not keys:
        return NO_KEY
    form, now = SignatureFormat.CADES, services.clock()
    signed = services.signatures.sign(
        keys[0].sealed, password, actor.person_id, [SAMPLE], form, now
    )
    if isinstance(signed, Refusal):
        return signed
    tried = []
    for one in _examined(services, trial, signed.outputs[0]):
        demand = one.capacity.demand
        if demand.kind is SignatureKind.QUALIFIED:
            closed = replace(not_by_stored_key(demand), todo=_ELSEWHERE)
            one = Tried(one.capacity, CheckStatus.INVALID, b"", closed)
        tried.append(one)
    return _remembered(services, trial.actor, "stored_key", tried)


def try_signature_file(
    services: Services, actor: Actor, signature: bytes
) -> tuple[Tried, ...] | Refusal:
    """Examine what was made in one's own program: a detached signature over the sample, or the
    sample as a PDF with the signature inside."""
    if len(signature) > LARGEST_SIGNATURE:
        return Refusal(
            "signing.too_large",
            N_("A file is larger than {megabytes} MB."),
            N_("Check that you chose the signature and not another file."),
            {"megabytes": LARGEST_SIGNATURE // (1024 * 1024)},
        )
    with services.uow.reading() as tx:
        trial = _read(tx, services, actor)
    return _remembered(services, trial.actor, "file", _examined(services, trial, signature))


def _read(tx: Repositories, services: Services, actor: Actor) -> _Trial:
    known = actor_of(tx, actor.person_id)
    shared = trust_view(tx, services)
    capacities = tuple(
        (one, _expected(tx, known, one), _trusted(tx, shared, one))
        for one in _capacities(tx, services, known)
    )
    return _Trial(known, capacities)


def _trusted(tx: Repositories, shared: TrustView, capacity: Capacity) -> TrustView:
    """The same view with the own authorities of the organisation that the capacity is in."""
    place = capacity.organisation
    return replace(shared, anchors=trusted_anchors(tx, place.id)) if place else shared


def _capacities(tx: Repositories, services: Services, actor: Actor) -> tuple[Capacity, ...]:
    named = [e.organisation_id for e in actor.employments]
    named += [m.organisation_id for m in actor.mandates]
    found: list[Capacity] = []
    for place in tx.organisations.load_many(named).values():
        types = services.packs.newest(place.pack).document_types.values() if place.pack else ()
        found += capacities_in(actor, place, types, place.local_day(services.clock()))
    return tuple(found) or (Capacity(None, None, WITH_A_KEY),)


def _expected(tx: Repositories, actor: Actor, capacity: Capacity) -> ExpectedSigner:
    place, mandate = capacity.organisation, capacity.mandate
    if place is None:
        person = tx.people.load(actor.person_id)
        return ExpectedSigner(
            person.last, person.given, person.snils, person.inn, "", "", capacity.demand.kind
        )
    role = mandate.role if mandate else None
    return expected_signer(tx, actor.person_id, place, capacity.demand, mandate, role)


def _examined(services: Services, trial: _Trial, signature: bytes) -> list[Tried]:
    now = services.clock()
    inside = signature.startswith(b"%PDF-")
    sample, form = (
        (SAMPLE_PDF, SignatureFormat.PADES) if inside else (SAMPLE, SignatureFormat.CADES)
    )
    tried = []
    for capacity, expected, trust in trial.capacities:
        answer = services.signatures.examine(
            sample, signature, form, trust=trust, now=now, expected=expected
        )
        view = with_answers(services, trust, answer.serial)
        if view is not trust:
            answer = services.signatures.examine(
                sample, signature, form, trust=view, now=now, expected=expected
            )
        tried.append(Tried(capacity, answer.status, answer.report, _reason(answer)))
    return tried


def _reason(answer: Examination) -> Refusal | None:
    """The engine's reason with what to do about it here, where no document waits."""
    reason = answer.reason
    if reason is None:
        return None
    subject, _, rest = reason.code.partition(".")
    check, _, finding = rest.partition(".")
    undecided = answer.status is CheckStatus.UNDECIDED
    if subject != "signature" or not finding:
        return replace(reason, todo=_LATER if undecided else _MEND["signature_value"])
    return replace(reason, todo=(_FIND_OUT if undecided else _MEND).get(check, _LATER))


def _remembered(
    services: Services, actor: Actor, way: str, tried: Sequence[Tried]
) -> tuple[Tried, ...]:
    worst = max(tried, key=lambda one: GRAVITY[one.status])
    body = {"person": str(actor.person_id), "way": way, "status": worst.status.value}
    if worst.reason is not None:
        body["code"] = worst.reason.code
    with services.uow() as tx:
        tx.audit.add(INSTALLATION, "signature.tried", body)
        tx.commit()
    return tuple(tried)
