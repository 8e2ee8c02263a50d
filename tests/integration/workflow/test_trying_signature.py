"""A signature tried on the sample is answered as a real one would be, and leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.keys import SigningKey, open_pkcs12
from signing.pdf.pades import embed_cms, prepare_pdf
from signing.pdf.page_text import page_texts
from signing.pdf.signatures import open_pdf
from signing.sign import sign_detached, sign_pdf
from signing.verdicts import CHECK_KEYS, Report
from tests.integration.workflow import acts
from tests.world import World, holder, one_page_pdf
from workflow.domain.regulations import SignatureKind
from workflow.ports import CheckStatus
from workflow.store.audit import INSTALLATION, read_events
from workflow.usecases.try_signature import (
    LARGEST_SIGNATURE,
    SAMPLE,
    SAMPLE_PDF,
    Tried,
    capacities_of,
    try_signature_file,
    try_stored_key,
)

VALID, INVALID, UNDECIDED = CheckStatus


def key_of(world: World, key: str, place: str = "school-1") -> SigningKey:
    """A certificate of the person's own, in a program of their own."""
    made = world.authorities.key_file(
        holder(world.person(key), world.place(place)), KEY_PASSWORD, world.clock()
    )
    return open_pkcs12(made, KEY_PASSWORD)


def tried_by(world: World, key: str, signature: bytes) -> Tried:
    (tried,) = done(try_signature_file(world.services, world.actor(key), signature))
    return tried


def last_event(world: World) -> tuple[str, dict[str, object]]:
    with world.services.uow.reading() as tx:
        newest = list(read_events(tx.connection, INSTALLATION))[-1]
    return newest.kind, dict(newest.body)


def files(folder: Path) -> set[Path]:
    return {path for path in (folder / "world" / "files").rglob("*") if path.is_file()}


def test_the_heads_stored_key_will_do_and_all_nine_checks_are_answered(
    world: World, tmp_path: Path
) -> None:
    world.services.blobs.put(b"kept before")
    before = files(tmp_path)
    assert before
    (tried,) = done(try_stored_key(world.services, world.actor("belova"), KEY_PASSWORD))
    assert (tried.status, tried.reason) == (VALID, None)
    assert tried.capacity.mandate is not None
    (signature,) = Report.from_json(tried.report.decode()).signatures
    assert [check.key for check in signature.checks] == list(CHECK_KEYS)
    assert all(check.required for check in signature.checks)
    assert files(tmp_path) == before


def test_the_audit_trail_remembers_the_try_by_ids_alone(world: World) -> None:
    done(try_stored_key(world.services, world.actor("belova"), KEY_PASSWORD))
    kind, body = last_event(world)
    assert kind == "signature.tried"
    person = str(world.person("belova").person_id)
    assert body == {"person": person, "way": "stored_key", "status": "valid"}


def test_a_wrong_password_is_refused(world: World) -> None:
    outcome = try_stored_key(world.services, world.actor("belova"), "не тот")
    assert acts.refused(outcome) == "signing.wrong_password"


def test_without_a_stored_key_there_is_nothing_to_try(world: World) -> None:
    assert acts.refused(try_stored_key(world.services, world.actor("zaytseva"), "x")) == (
        "sign.no_key"
    )


def test_the_sample_signed_inside_the_pdf_will_do(world: World) -> None:
    key = key_of(world, "belova")
    tried = tried_by(world, "belova", sign_pdf(SAMPLE_PDF, key, world.clock()))
    assert tried.status is VALID
    place = prepare_pdf(SAMPLE_PDF, key.scheme.digest, world.clock(), baseline=False)
    assert tried_by(world, "safina", embed_cms(place, b"0\0")).status is not VALID


def test_another_pdf_or_an_unsigned_one_will_not_do(world: World) -> None:
    other = sign_pdf(one_page_pdf("another"), key_of(world, "belova"), world.clock())
    for pdf in (other, SAMPLE_PDF, b"%PDF-1.7 nothing"):
        assert tried_by(world, "belova", pdf).status is INVALID


def test_another_persons_signed_sample_will_not_do(world: World) -> None:
    signed = sign_pdf(SAMPLE_PDF, key_of(world, "petrov", "school-2"), world.clock())
    assert tried_by(world, "belova", signed).status is INVALID


def test_the_pdf_says_what_the_text_says() -> None:
    shown = " ".join(" ".join(page_texts(open_pdf(SAMPLE_PDF))).split())
    for line in SAMPLE.decode().splitlines():
        assert line.rstrip(".") in shown


def test_a_signature_file_made_elsewhere_will_do(world: World) -> None:
    signature = sign_detached(SAMPLE, key_of(world, "belova"), world.clock())
    assert tried_by(world, "belova", signature).status is VALID


def test_the_heads_certificate_of_another_school_will_not_do(world: World) -> None:
    key = key_of(world, "belova", "school-2")
    tried = tried_by(world, "belova", sign_detached(SAMPLE, key, world.clock()))
    assert tried.status is INVALID
    assert tried.reason is not None
    assert tried.reason.code == "signature.owner.other_organisation"
    assert "issued for your organisation" in tried.reason.todo


def test_a_colleagues_certificate_will_not_do(world: World) -> None:
    signature = sign_detached(SAMPLE, key_of(world, "zaytseva"), world.clock())
    tried = tried_by(world, "belova", signature)
    assert (tried.status, tried.reason and tried.reason.code) == (
        INVALID,
        "signature.owner.other_name",
    )
    assert last_event(world)[1]["code"] == "signature.owner.other_name"


def test_a_signature_over_something_else_will_not_do(world: World) -> None:
    signature = sign_detached(SAMPLE + b" ", key_of(world, "belova"), world.clock())
    tried = tried_by(world, "belova", signature)
    assert tried.status is INVALID
    assert tried.reason is not None
    assert tried.reason.code.startswith("signature.integrity.")
    assert "Download the sample anew" in tried.reason.todo


def test_without_a_newer_list_it_cannot_be_checked_now(world: World) -> None:
    world.clock.now += timedelta(days=61)
    (tried,) = done(try_stored_key(world.services, world.actor("belova"), KEY_PASSWORD))
    assert tried.status is UNDECIDED
    assert tried.reason is not None
    assert tried.reason.code.startswith("signature.revocation.")
    assert "revocation list" in tried.reason.todo
    acts.renew_lists(world)
    (tried,) = done(try_stored_key(world.services, world.actor("belova"), KEY_PASSWORD))
    assert tried.status is VALID


def test_bytes_that_are_no_signature_are_answered_too(world: World) -> None:
    tried = tried_by(world, "belova", b"not a signature")
    assert tried.status is INVALID
    assert tried.reason is not None


def test_a_file_too_large_is_refused_before_it_is_read(world: World) -> None:
    actor = world.actor("belova")
    outcome = try_signature_file(world.services, actor, b"0" * (LARGEST_SIGNATURE + 1))
    assert acts.refused(outcome) == "signing.too_large"


def test_a_clerk_signs_in_her_own_name(world: World) -> None:
    (capacity,) = capacities_of(world.services, world.actor("zaytseva"))
    assert capacity.mandate is None
    signature = sign_detached(SAMPLE, key_of(world, "zaytseva"), world.clock())
    assert tried_by(world, "zaytseva", signature).status is VALID


def test_where_a_qualified_signature_is_demanded_a_stored_key_will_not_do(
    kedrovsk: World,
) -> None:
    head = next(
        p.key
        for place in kedrovsk.town.places.values()
        for p in place.people.values()
        if "head" in p.roles and place.key.startswith("school")
    )
    tried = done(try_stored_key(kedrovsk.services, kedrovsk.actor(head), KEY_PASSWORD))
    by_kind = {one.capacity.demand.kind: one for one in tried}
    assert by_kind[SignatureKind.ADVANCED].status is VALID
    closed = by_kind[SignatureKind.QUALIFIED]
    assert (closed.status, closed.report) == (INVALID, b"")
    assert closed.reason is not None
    assert closed.reason.code == "sign.key_on_server"
    assert "Download the sample" in closed.reason.todo
