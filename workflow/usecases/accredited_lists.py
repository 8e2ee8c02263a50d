"""Taking the ministry's list of accredited authorities into use; the operator's act."""

from __future__ import annotations

from workflow.accredited_lists import AccreditedFacts
from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.trust import AccreditedList
from workflow.store.audit import INSTALLATION
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import second_look
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

LARGEST_LIST = 50 * 1024 * 1024


def import_accredited_list(
    services: Services, actor: Actor, content: bytes
) -> AccreditedList | Refusal:
    """Verify a list (signed XML) against the trusted state roots and judge by it from now on.

    Lists of before are kept. Signatures that wait are tried again. Verifying takes seconds and is
    done outside the transaction; the version is compared once more inside it.
    """
    if len(content) > LARGEST_LIST:
        return Refusal("accredited.too_large", N_("The list is larger than 50 MB."))
    with services.uow.reading() as tx:
        refusal = may_administer(desks.actor_of(tx, actor.person_id))
        if refusal:
            return refusal
        view = trust_view(tx, services)
        before = _version_in_use(tx)
    facts = services.signatures.read_accredited_list(
        content, view.anchors, view.crls, before, services.clock()
    )
    if isinstance(facts, Refusal):
        return facts
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known) or _overtaken(tx, facts)
        if refusal:
            return refusal
        made = AccreditedList(
            id=services.new_id(),
            list_version=facts.list_version,
            issued_at=facts.issued_at,
            file=services.blobs.put(content),
            compact=services.blobs.put(facts.compact),
            authorities=facts.authorities,
            stored_at=services.clock(),
            stored_by=known.person_id,
        )
        _keep(tx, made)
        tx.commit()
        return made


def _version_in_use(tx: Repositories) -> int:
    newest = tx.accredited_lists.newest()
    return 0 if newest is None else newest.list_version


def _overtaken(tx: Transaction, facts: AccreditedFacts) -> Refusal | None:
    """Refuse a list when a newer one was taken into use while this one was read."""
    if facts.list_version >= _version_in_use(tx):
        return None
    return Refusal("accredited.overtaken", N_("A newer list has just been taken into use."))


def _keep(tx: Transaction, made: AccreditedList) -> None:
    if not tx.accredited_lists.add(made):
        return
    tx.audit.add(
        INSTALLATION,
        "accredited_list.imported",
        {"version": made.list_version, "file": made.file},
    )
    for signature in tx.signatures.received():
        second_look.ask(tx, signature, made.file)
