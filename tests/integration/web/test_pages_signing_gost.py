"""GOST signatures made elsewhere and handed in, as the programs of signers write them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from uuid import UUID

import pytest
from asn1crypto import cms, parser

from signing.cades import to_pem
from signing.keys import SigningKey
from signing.sign import sign_detached, sign_pdf
from signing.training.certificates import KeyAlgorithm
from signing.verdicts import Report, SignatureKind
from tests.integration.security.own_authority import begun
from tests.integration.web.signing_site import (
    Browser,
    fixed_approval,
)
from tests.integration.web.test_pages_signing_elsewhere import _begin, _files, _hand_in, _signatures
from tests.world import World, holder
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.usecases.record_signature import record_signature

GOST = pytest.mark.parametrize(
    "algorithm", [KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512]
)


def gost_key(
    world: World,
    who: str = "belova",
    algorithm: KeyAlgorithm = KeyAlgorithm.GOST_2012_256,
    kind: SignatureKind = SignatureKind.QUALIFIED,
) -> SigningKey:
    owner = holder(world.person(who), world.place("school-1"))
    return world.authorities.gost_key(owner, world.clock(), kind, algorithm)


def with_open_length(der: bytes) -> bytes:
    """The same in BER, as programs write that sign while they read."""
    return b"\x30\x80" + bytes(parser.parse(der)[4]) + b"\0\0"


def together(first: bytes, second: bytes) -> bytes:
    """One file with both signers and their certificates."""
    whole, other = cms.ContentInfo.load(first), cms.ContentInfo.load(second)["content"]
    whole["content"]["signer_infos"].append(other["signer_infos"][0])
    for certificate in other["certificates"]:
        whole["content"]["certificates"].append(certificate)
    return bytes(whole.dump(force=True))


@GOST
def test_a_gost_signature_puts_the_order_in_force(
    world: World, order: Document, head: Browser, algorithm: KeyAlgorithm
) -> None:
    address = _begin(head, order)
    key = gost_key(world, algorithm=algorithm)
    made = sign_detached(_files(world, order)[0], key, world.clock())
    answer = _hand_in(head, address, ("приказ.sig", made))
    assert (answer.status_code, answer.location) == (303, f"/documents/{order.id}/signed")
    (signature,) = _signatures(world, order)
    assert signature.status is SignatureStatus.ACCEPTED
    assert signature.serial == f"{key.certificate.serial:X}"
    report = Report.from_json(world.services.blobs.get(signature.files[0].report).decode())
    (judged,) = report.signatures
    assert judged.certificate is not None
    assert judged.certificate.key_algorithm.startswith("gost2012_")
    assert world.services.blobs.get(signature.files[0].signature) == made


@pytest.mark.parametrize(
    "form", [to_pem, base64.b64encode, with_open_length], ids=["PEM", "base64", "BER"]
)
def test_every_form_is_taken(
    world: World, order: Document, head: Browser, form: Callable[[bytes], bytes]
) -> None:
    address = _begin(head, order)
    made = form(sign_detached(_files(world, order)[0], gost_key(world), world.clock()))
    assert _hand_in(head, address, ("приказ.sig", made)).status_code == 303
    assert [s.status for s in _signatures(world, order)] == [SignatureStatus.ACCEPTED]


def test_pdf_files_signed_with_a_gost_key_are_taken(
    world: World, case_id: UUID, head: Browser
) -> None:
    order = fixed_approval(world, case_id)
    address = _begin(head, order)
    key = gost_key(world)
    signed = [
        (f"{number}.pdf", sign_pdf(file, key, world.clock()))
        for number, file in enumerate(_files(world, order))
    ]
    assert _hand_in(head, address, *signed).status_code == 303
    assert [s.status for s in _signatures(world, order)] == [SignatureStatus.ACCEPTED]


@pytest.mark.parametrize("own_first", [True, False], ids=["first", "second"])
def test_a_step_takes_its_signer_out_of_a_co_signed_file(
    world: World, order: Document, head: Browser, own_first: bool
) -> None:
    """The other signature is reported and signs nothing here."""
    address = _begin(head, order)
    content, own, other = _files(world, order)[0], gost_key(world), gost_key(world, "safina")
    both = [sign_detached(content, key, world.clock()) for key in (own, other)]
    made = together(*(both if own_first else reversed(both)))
    assert _hand_in(head, address, ("приказ.sig", made)).status_code == 303
    (signature,) = _signatures(world, order)
    assert signature.status is SignatureStatus.ACCEPTED
    assert signature.serial == f"{own.certificate.serial:X}"
    report = Report.from_json(world.services.blobs.get(signature.files[0].report).decode())
    assert len(report.signatures) == 2


def handed_in(world: World, order: Document, made: bytes) -> Signature | Refusal:
    signing = begun(world, order)
    return record_signature(world.services, world.actor("belova"), signing.attempt.id, [made])


def refused(world: World, order: Document, made: bytes) -> str:
    answer = handed_in(world, order, made)
    assert isinstance(answer, Refusal)
    assert _signatures(world, order) == []
    return answer.code


def test_signatures_of_others_alone_are_refused(world: World, order: Document) -> None:
    content = _files(world, order)[0]
    keys = (gost_key(world, "safina"), gost_key(world, "safina"))
    made = [sign_detached(content, key, world.clock()) for key in keys]
    assert refused(world, order, together(*made)).startswith("signature.owner.")


def test_a_bad_signature_beside_the_right_one_spoils_the_file(
    world: World, order: Document
) -> None:
    own = sign_detached(_files(world, order)[0], gost_key(world), world.clock())
    bad = sign_detached(b"another document", gost_key(world, "safina"), world.clock())
    assert refused(world, order, together(own, bad)) == "signature.integrity.content_changed"


def test_an_unreadable_signer_beside_the_right_one_is_not_passed_over(
    world: World, order: Document
) -> None:
    content = _files(world, order)[0]
    own = sign_detached(content, gost_key(world), world.clock())
    other = cms.ContentInfo.load(sign_detached(content, gost_key(world, "safina"), world.clock()))
    attributes = other["content"]["signer_infos"][0]["signed_attrs"]
    attributes.append(attributes[0].copy())
    answer = handed_in(world, order, together(own, other.dump(force=True)))
    assert isinstance(answer, Signature)
    assert answer.status is SignatureStatus.RECEIVED


def test_a_changed_bit_is_refused(world: World, order: Document) -> None:
    made = bytearray(sign_detached(_files(world, order)[0], gost_key(world), world.clock()))
    made[-5] ^= 1  # in the signature value, which comes last
    assert refused(world, order, bytes(made)) == "signature.signature_value.signature_wrong"


def test_the_page_says_what_happened(world: World, order: Document, head: Browser) -> None:
    address = _begin(head, order)
    made = sign_detached(_files(world, order)[0], gost_key(world, "safina"), world.clock())
    answer = _hand_in(head, address, ("приказ.sig", made))
    assert answer.status_code in (409, 422)
    assert _signatures(world, order) == []
