"""Who had to sign what a package holds, and by which of its signatures they did.

The receiver asks its own register of heads; of what the sender's installation knows only which
signature was given at which step is used, and each is then judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from workflow.domain.calling import is_for_the_head
from workflow.domain.documents import Document
from workflow.domain.mandates import Mandate, holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import (
    DocumentType,
    Role,
    SignatureDemand,
    SignatureKind,
    Verb,
)
from workflow.domain.routes import Step, steps_of
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.domain.submissions import PackageItem
from workflow.ports import ExpectedSigner
from workflow.powers import OpenedPower
from workflow.store.unit_of_work import Repositories
from workflow.usecases.examine import expected_signer
from workflow.usecases.powers.known import by_power, known_powers
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Share:
    """One act of signing at one step, and what it has to prove.

    `signatures` are the SHA-256 of its signatures (empty: all of the item). A sealed statement
    must be of `person_id`; `act` is the row that this installation wrote when it was made.
    """

    expected: ExpectedSigner
    demand: SignatureDemand
    person_id: UUID | None = None
    act: Signature | None = None

    @property
    def signatures(self) -> frozenset[str]:
        return frozenset(f.signature for f in self.act.files) if self.act else frozenset()

    @property
    def may_be_simple(self) -> bool:
        """Whether a sealed statement is enough here, and holds as far as this place knows."""
        return (
            self.demand.kind is SignatureKind.SIMPLE
            and self.act is not None
            and self.act.status is SignatureStatus.ACCEPTED
            and self.act.person_id == self.person_id
            and self.expected.authority is None
        )


def shares_of(
    tx: Repositories,
    services: Services,
    sender: Organisation,
    item: PackageItem,
    receiver_id: UUID,
) -> tuple[Share, ...] | Refusal:
    """What each signature of an item has to prove; refused where a step has none.

    An approved document is signed as its order is. What counts of powers of attorney is what the
    receiver knows of them.
    """
    carrier = tx.documents.load(item.document_id)
    if carrier.approved_by is not None:
        carrier = tx.documents.load(carrier.approved_by)
    kind = services.packs.get(carrier.pack, carrier.pack_version).document_types[carrier.type_code]
    acts = _acts_in(tx, carrier, item)
    shares: list[Share] = []
    for step in steps_of(carrier, kind, sender.visa_roles):
        demand = kind.demand(step.spec)
        if step.verb is not Verb.SIGN or demand is None:
            continue
        given = [a for a in acts if _was_given_at(carrier, step, a)]
        if not given:
            return _unsigned(item)
        for act in given:
            if act.power_id is not None and is_for_the_head(step):
                given_by = _GivenByPower(kind, item, receiver_id)
                shares.append(_by_power(tx, services, sender, step, demand, act, given_by))
            else:
                shares.append(_share(tx, sender, step, demand, act))
    covered = {signature for share in shares for signature in share.signatures}
    if not shares or any(s.signature not in covered for s in item.signatures):
        return _unsigned(item)
    return tuple(shares)


def _acts_in(tx: Repositories, carrier: Document, item: PackageItem) -> Sequence[Signature]:
    handed_over = {s.signature for s in item.signatures}
    return [
        act
        for act in tx.signatures.of_document(carrier.id)
        if any(file.signature in handed_over for file in act.files)
    ]


def _was_given_at(carrier: Document, step: Step, act: Signature) -> bool:
    """Whether the act was one for the step: begun there, or serving it as well."""
    return act.step == step.key or any(
        m.step == step.key and m.evidence == str(act.id) for m in carrier.marks
    )


def _unsigned(item: PackageItem) -> Refusal:
    return Refusal(
        "package.step_unsigned",
        N_("“{title}” lacks the signature of one of those who have to sign it."),
        N_("Return the package."),
        {"title": item.title},
    )


def _share(
    tx: Repositories, sender: Organisation, step: Step, demand: SignatureDemand, act: Signature
) -> Share:
    if step.employment_id is not None:
        person_id = tx.employments.load(step.employment_id).person_id
        expected = expected_signer(tx, person_id, sender, demand, None, None, act.received_at)
        return Share(expected, demand, person_id, act)
    who = step.spec.who
    if who.role is Role.HEAD and who.at == "own":
        mandate = head_mandate(tx, sender, act.received_at)
        expected = known_head(tx, sender, act.received_at, demand)
        return Share(expected, demand, mandate.person_id if mandate else None, act)
    return _by_role(tx, sender, step, demand, act)


@dataclass(frozen=True)
class _GivenByPower:
    """Where a power of attorney was used: for which documents, in which item, who judges it."""

    kind: DocumentType
    item: PackageItem
    receiver_id: UUID


def _by_power(
    tx: Repositories,
    services: Services,
    sender: Organisation,
    step: Step,
    demand: SignatureDemand,
    act: Signature,
    given: _GivenByPower,
) -> Share:
    """Somebody signed for the head: the power lies beside the signature and is judged anew.

    Heads, codes, words and the registry's answer are those that the receiver knows.
    """
    assert act.power_id is not None
    power = tx.powers.load(act.power_id)
    place_id = sender.founder_id if step.spec.who.at == "founder" else sender.id
    handed_over = {f.signature for f in act.files}
    kept = [s.power for s in given.item.signatures if s.signature in handed_over and s.power]
    opened = services.signatures.open_power(services.blobs.get(kept[0])) if kept else None
    place = tx.organisations.load(power.organisation_id)
    if not isinstance(opened, OpenedPower) or place_id != place.id:
        return Share(_nobody(place, demand, _NO_POWER), demand, None, act)
    if sha256(opened.file).hexdigest() != power.file:
        return Share(_nobody(place, demand, _NO_POWER), demand, None, act)
    (known,) = known_powers(tx, services, [power], given.kind.code, given.receiver_id)
    now = services.clock()
    by = by_power(tx, known, given.kind, now, act.received_at, confirmed_only=True)
    files = replace(by.given, file=opened.file, signature=opened.signature)
    holder, role = power.representative_id, step.spec.who.role
    expected = expected_signer(
        tx, holder, place, demand, None, role, act.received_at, replace(by, given=files)
    )
    return Share(expected, demand, holder, act)


def _by_role(
    tx: Repositories, sender: Organisation, step: Step, demand: SignatureDemand, act: Signature
) -> Share:
    """Another role than the head's: the founder who signs, a curator."""
    who, place = step.spec.who, sender
    if who.at == "founder" and sender.founder_id is not None:
        place = tx.organisations.load(sender.founder_id)
    on = place.local_day(act.received_at)
    held = tx.mandates.of_organisation(place.id)
    mandate = holder_of(held, who.role, place.id, on) if who.role else None
    if mandate is None:
        return Share(_nobody(place, demand, _NOBODY_HELD_IT), demand, None, act)
    expected = expected_signer(
        tx, mandate.person_id, place, demand, mandate, who.role, act.received_at
    )
    return Share(expected, demand, mandate.person_id, act)


def head_mandate(tx: Repositories, sender: Organisation, signed_at: datetime) -> Mandate | None:
    """The head of the sender at a moment, as the receiver knows it: confirmed mandates count.

    An acting head may rest on an order that lives here; nobody becomes head by the own order.
    """
    confirmed = [
        m
        for m in tx.mandates.of_organisation(sender.id)
        if m.confirmed_by or (m.ground_document_id and m.role is Role.ACTING_HEAD)
    ]
    return holder_of(confirmed, Role.HEAD, sender.id, sender.local_day(signed_at))


def known_head(
    tx: Repositories, sender: Organisation, signed_at: datetime, demand: SignatureDemand
) -> ExpectedSigner:
    """For whom a head's signature is examined (see `head_mandate`)."""
    head = head_mandate(tx, sender, signed_at)
    if head is None:
        return _nobody(sender, demand, _HEAD_UNKNOWN)
    return expected_signer(tx, head.person_id, sender, demand, head, Role.HEAD, signed_at)


_HEAD_UNKNOWN = Refusal(
    "authority.head_unknown",
    N_("The head of the sending organisation has not been confirmed by the office."),
    N_("Confirm the head's appointment in the register of heads."),
)
_NO_POWER = Refusal(
    "authority.no_power",
    N_("The power of attorney by which it was signed does not lie beside the signature."),
    N_("Return the package."),
)
_NOBODY_HELD_IT = Refusal(
    "authority.nobody",
    N_("Nobody held the authority to sign on that day."),
    N_("Enter the order that gives the authority first."),
)


def _nobody(place: Organisation, demand: SignatureDemand, why: Refusal) -> ExpectedSigner:
    return ExpectedSigner(
        last="", given="", snils="", inn="",
        organisation_inn=place.requisites.inn,
        ogrn=place.requisites.ogrn,
        kind=demand.kind,
        exactly=demand.exactly,
        authority=why,
    )  # fmt: skip
