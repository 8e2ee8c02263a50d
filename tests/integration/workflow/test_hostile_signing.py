"""Attacks on signing by hash and on lists: from within, with valid sessions and real keys."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from asn1crypto import cms, core

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.cades import complete_cms, prepare_cms
from signing.keys import open_pkcs12
from signing.verdicts import SignatureKind as SigningKind
from tests.integration.web.bulk_site import (
    HEAD,
    digest_of,
    looked_at,
    signatures_of,
    unlocked,
    visit,
)
from tests.integration.web.test_pages_signing import QualifiedPacks
from tests.integration.workflow import acts
from tests.integration.workflow.bulk_town import sign
from tests.integration.workflow.pdf_office import Office, by_plugin, key_of
from tests.world import Clock, World, holder
from workflow.domain.bulk_signing import Bulk, BulkItem, BulkWay
from workflow.domain.documents import Document
from workflow.domain.regulations import (
    Regulation,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
    Verb,
)
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature
from workflow.usecases.bulk_signing import begin_bulk, confirm_in_browser
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix
from workflow.usecases.keys import add_key
from workflow.usecases.sign import sign_with_stored_key
from workflow.usecases.sign_by_hash import BegunByHash, begin_signing_by_hash
from workflow.usecases.sign_in_bulk import hand_in_to_bulk

CLICKS = 20

# What comes back is not what was asked for


def changed(made: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    whole = cms.ContentInfo.load(made)
    change(whole["content"])
    return bytes(whole.dump(force=True))


def of_another_kind_of_content(office: Office, begun: BegunByHash) -> list[bytes]:
    """A CMS that says throughout that what it signs is a timestamp's content."""
    kind, key = "1.2.840.113549.1.9.16.1.4", office.first.key
    value = bytes.fromhex(begun.digests.values[0])
    prepared = prepare_cms(value, key.certificate, key.scheme, signing_time=office.world.clock())
    (attributes,) = [cms.CMSAttributes.load(prepared.to_sign)]
    for attribute in attributes:
        if attribute["type"].native == "content_type":
            attribute["values"] = [kind]
    to_sign = attributes.dump(force=True)
    made = complete_cms(prepared, key.sign(to_sign), key.chain)

    def say_so(signed: cms.SignedData) -> None:
        signed["encap_content_info"] = {"content_type": kind}
        signed["signer_infos"][0]["signed_attrs"] = cms.CMSAttributes.load(to_sign)

    return [changed(made, say_so)]


def with_the_certificate_of_the_other(office: Office, begun: BegunByHash) -> list[bytes]:
    """Signed by the first deputy, and only the certificate of the second lies beside it."""
    (made,) = office.first.sign(begun)
    other = office.second.key.certificate.der

    def exchange(signed: cms.SignedData) -> None:
        signed["certificates"] = [cms.CertificateChoices.load(other)]

    return [changed(made, exchange)]


def naming_the_other_as_signer(office: Office, begun: BegunByHash) -> list[bytes]:
    """Signed by the second deputy's key, with the first deputy's certificate and name in it."""
    (own,), (others,) = office.first.sign(begun), office.first.sign(begun, office.second.key)
    lent = cms.ContentInfo.load(own)["content"]

    def exchange(signed: cms.SignedData) -> None:
        signed["certificates"] = lent["certificates"]
        signed["signer_infos"][0]["sid"] = lent["signer_infos"][0]["sid"]

    return [changed(others, exchange)]


def with_the_value_of_another_document(office: Office, begun: BegunByHash) -> list[bytes]:
    """Signed attributes of this document over a signature value made for other bytes."""
    (made,) = office.first.sign(begun)
    foreign = by_plugin(office.world, office.first.key, "11" * 32)
    value = cms.ContentInfo.load(foreign)["content"]["signer_infos"][0]["signature"].native

    def exchange(signed: cms.SignedData) -> None:
        signed["signer_infos"][0]["signature"] = value

    return [changed(made, exchange)]


def with_the_digest_outside_of_the_signed_attributes(
    office: Office, begun: BegunByHash
) -> list[bytes]:
    """Made for other bytes; the right digest stands in an attribute that nobody signed."""
    foreign = by_plugin(office.world, office.first.key, "11" * 32)
    right = core.OctetString(bytes.fromhex(begun.digests.values[0]))

    def add(signed: cms.SignedData) -> None:
        attribute = cms.CMSAttribute({"type": "message_digest", "values": [right]})
        signed["signer_infos"][0]["unsigned_attrs"] = [attribute]

    return [changed(foreign, add)]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (of_another_kind_of_content, "signing.cms_unreadable"),
        (with_the_certificate_of_the_other, "signing.another_certificate"),
        (naming_the_other_as_signer, "signature.signature_value.bound_to_other"),
        (with_the_value_of_another_document, "signature.signature_value.signature_wrong"),
        (
            with_the_digest_outside_of_the_signed_attributes,
            "signature.integrity.content_changed",
        ),
    ],
)
def test_what_is_put_together_of_right_parts_is_refused(
    office: Office, make: Callable[[Office, BegunByHash], list[bytes]], reason: str
) -> None:
    begun = office.first.begun()
    answer = office.first.hand_in(begun, make(office, begun))
    assert acts.refused(answer) == reason
    assert office.state is DocumentState.TO_SIGN
    assert acts.signatures(office.world, office.order) == []


def test_somebody_of_the_same_name_does_not_sign_for_the_other(office: Office) -> None:
    world = office.world
    facts = holder(world.person("safina"), world.place("school-1"))
    namesake = replace(facts, snils="11223344595", inn="160000000001")
    assert facts.snils != namesake.snils
    made = world.authorities.key_file(namesake, KEY_PASSWORD, world.clock())
    deputy = replace(office.first, key=open_pkcs12(made, KEY_PASSWORD))
    begun = deputy.begun()
    answer = deputy.hand_in(begun, deputy.sign(begun))
    assert acts.refused(answer).startswith("signature.owner.")
    assert office.state is DocumentState.TO_SIGN


# Many at the same moment


def at_once(ask: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(CLICKS) as hands:
        return list(hands.map(ask, range(CLICKS)))


def test_twenty_requests_for_one_document_sign_it_once(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    answers = at_once(lambda _: sign(town, opened, orders[0]))
    (signature,) = signatures_of(town, orders)
    given = {one.signature_id for one in answers if isinstance(one, BulkItem)}
    assert given == {signature.id}
    assert len([one for one in answers if isinstance(one, BulkItem)]) == CLICKS


def test_twenty_requests_for_all_documents_sign_each_once(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    answers = at_once(lambda n: sign(town, opened, orders[n % len(orders)]))
    assert all(isinstance(one, BulkItem) and one.signature_id for one in answers)
    assert len(signatures_of(town, orders)) == len(orders)


def test_of_twenty_tabs_that_prepare_the_pdf_the_last_one_signs(on_each_database: Office) -> None:
    office = on_each_database
    begun = [one for one in at_once(lambda _: office.first.begin()) if isinstance(one, BegunByHash)]
    assert len(begun) == CLICKS
    answers = [office.first.hand_in(one, office.first.sign(one)) for one in begun]
    assert len([one for one in answers if isinstance(one, Signature)]) == 1
    assert len(acts.signatures(office.world, office.order)) == 1


# What was confirmed is not what is handed in


def test_a_list_takes_no_signature_of_files_that_were_not_shown_in_it(
    town: World, orders: list[Document]
) -> None:
    """Dated anew after the confirmation, and signed by its owner from another page as it is now."""
    clock, order = town.clock, orders[0]
    assert isinstance(clock, Clock)
    clock.advance(hours=14, minutes=25)  # five minutes to midnight
    head, browser, key = town.actor(HEAD), visit(town), key_of(town, HEAD)
    bulk = looked_at(town, orders, BulkWay.BROWSER)
    done(confirm_in_browser(town.services, head, bulk.id, browser))
    clock.advance(minutes=6)
    done(fix(town.services, head, order.id))
    town.work()
    shown = digest_of(town, order.id)
    certificate = key.certificate.der
    begun = done(begin_signing_by_hash(town.services, head, order.id, shown, certificate))
    made = [by_plugin(town, key, one) for one in begun.digests.values]
    with pytest.raises(NotFoundError):
        hand_in_to_bulk(
            town.services, head, bulk.id, order.id, begun.begun.attempt.id, made, browser
        )
    assert signatures_of(town, orders) == []


# A qualified step by the way of another one


class WithQualifiedStep(QualifiedPacks):
    """The installed packs, and every document is signed by the head once more, by a qualified one.

    Whoever signs in several steps signs once: one signature serves all of them.
    """

    def newest(self, name: str) -> Regulation:
        return _with_second_step(self.packs.newest(name))

    def get(self, name: str, version: str) -> Regulation:
        return _with_second_step(self.packs.get(name, version))


def _with_second_step(regulation: Regulation) -> Regulation:
    demand = SignatureDemand(SignatureKind.QUALIFIED, SignatureFormat.CADES)
    types = {}
    for code, kind in regulation.document_types.items():
        first = next((step for step in kind.route if step.verb is Verb.SIGN), None)
        more = (replace(first, key="sign_again", signature=demand),) if first else ()
        types[code] = replace(kind, route=(*kind.route, *more))
    return replace(regulation, document_types=types)


def test_a_key_kept_here_serves_no_qualified_step_together_with_another(
    town: World, orders: list[Document]
) -> None:
    head, order, browser = town.actor(HEAD), orders[0], visit(town)
    facts = holder(town.person(HEAD), town.place("school-1"))
    qualified = town.authorities.key_file(facts, KEY_PASSWORD, town.clock(), SigningKind.QUALIFIED)
    done(add_key(town.services, head, qualified, KEY_PASSWORD))
    packs = WithQualifiedStep(town.services.packs)
    work = replace(town.services, packs=packs)
    answer = sign_with_stored_key(work, head, order.id, digest_of(town, order.id), KEY_PASSWORD)
    assert acts.refused(answer) == "sign.key_on_server"
    assert acts.refused(begin_bulk(work, head, [order.id], BulkWay.KEY_HERE, browser)) == (
        "bulk.unfit"
    )
    assert signatures_of(town, orders) == []
