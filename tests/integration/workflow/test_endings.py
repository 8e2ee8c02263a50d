"""What ends before a planned signing: read from keys, signatures, mandates, tasks; told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from marshrut.wiring import make_due
from tests.integration.workflow import acts
from tests.mail_server import MailServer, mail_server, with_mail
from tests.world import World, copy_world
from workflow.domain.ending_soon import Ending, EndingKind
from workflow.domain.mandates import Mandate
from workflow.domain.obligations import Evidence, Obligation
from workflow.domain.regulations import Role
from workflow.queries.endings import EndingLine, endings_for
from workflow.store.audit import read_events

DAY = timedelta(days=1)
TODAY = date(2026, 5, 6)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def world(
    world_template: tuple[World, Path], tmp_path: Path, server: MailServer
) -> Iterator[World]:
    """A town whose letters go to `server`; it is Wednesday 6 May 2026, 9:30 in Moscow."""
    world = with_mail(copy_world(*world_template, tmp_path / "world"), server)
    world.clock.now = datetime(2026, 5, 6, 6, 30, tzinfo=UTC)
    yield world
    world.services.uow.engine.dispose()


def lines(world: World, key: str) -> tuple[EndingLine, ...]:
    return endings_for(world.services, world.actor(key))


def endings(world: World, key: str) -> list[Ending]:
    return [line.ending for line in lines(world, key)]


def key_ends(world: World, key: str, until: date) -> None:
    """Somebody's stored key has a certificate that ends on the day, at noon UTC."""
    moment = datetime(until.year, until.month, until.day, 12, tzinfo=UTC)
    with world.services.uow() as tx:
        (kept,) = tx.person_keys.of_person(world.person(key).person_id)
        tx.person_keys.save(replace(kept, valid_until=moment), kept)
        tx.commit()


def acting_head(world: World, key: str, until: date) -> Mandate:
    made = Mandate(
        id=world.services.new_id(),
        person_id=world.person(key).person_id,
        employment_id=world.person(key).employment_id,
        organisation_id=world.place("school-1").id,
        role=Role.ACTING_HEAD,
        since=TODAY - DAY,
        until=until,
        ground="приказ от 05.05.2026 № 7-к",
        recorded_at=world.clock(),
    )
    with world.services.uow() as tx:
        tx.mandates.save(made)
        tx.commit()
    return made


def roadmap_due(world: World, due: date) -> Obligation:
    """The school owes an order that its head signs."""
    school = world.place("school-1").id
    owed = Obligation(
        id=world.services.new_id(),
        key="order",
        title="Приказ о наставничестве",
        debtor_id=school,
        creditor_id=school,
        evidence=Evidence.IN_FORCE,
        due=due,
        type_code="D02",
    )
    with world.services.uow() as tx:
        tx.obligations.save(owed, None)
        tx.commit()
    return owed


def tick(world: World) -> None:
    """The schedule asks; what comes of it is done as far as its hour has come."""
    with world.services.uow() as tx:
        make_due(world.services)["endings"](tx)
        tx.commit()
    world.work()


def told(world: World, place: str = "school-1") -> list[tuple[str, UUID]]:
    with world.services.uow.reading() as tx:
        events = read_events(tx.connection, world.place(place).id)
        return [(e.kind, UUID(e.body["person"])) for e in events if e.kind.startswith("ending.")]


def test_nothing_ends_in_a_town_with_new_certificates(world: World) -> None:
    assert endings(world, "belova") == endings(world, "zaytseva") == []


def test_head_and_clerk_see_that_the_heads_certificate_ends(world: World) -> None:
    key_ends(world, "belova", TODAY + 30 * DAY)
    (own,) = lines(world, "belova")
    (others,) = lines(world, "zaytseva")
    assert own.ending == others.ending
    assert (own.ending.kind, own.ending.until) == (EndingKind.CERTIFICATE, TODAY + 30 * DAY)
    assert own.name == ""
    assert others.name.startswith("Белова")


def test_nobody_else_sees_it(world: World) -> None:
    key_ends(world, "belova", TODAY + DAY)
    other = world.place("school-2").holding("head").key
    assert endings(world, "ershov") == endings(world, other) == []


def test_an_order_due_later_makes_it_known_at_once(world: World) -> None:
    key_ends(world, "belova", TODAY + 100 * DAY)
    assert endings(world, "belova") == []
    roadmap_due(world, TODAY + 101 * DAY)
    (ending,) = endings(world, "belova")
    assert ending.planned is not None
    assert ending.planned.title == "Приказ о наставничестве"


def test_a_newer_key_ends_the_warning(world: World) -> None:
    key_ends(world, "belova", TODAY + DAY)
    (first,) = endings(world, "belova")
    with world.services.uow() as tx:
        (kept,) = tx.person_keys.of_person(first.person_id)
        newer = replace(
            kept,
            id=world.services.new_id(),
            certificate="ab" * 32,
            valid_until=world.clock() + 400 * DAY,
            version=0,
        )
        tx.person_keys.save(newer, None)
        tx.commit()
    assert endings(world, "belova") == []


def test_an_acting_heads_mandate_is_told_of_to_its_holder_head_and_clerk(world: World) -> None:
    mandate = acting_head(world, "safina", TODAY + 10 * DAY)
    for key in ("safina", "belova", "zaytseva"):
        (ending,) = endings(world, key)
        assert (ending.kind, ending.until, ending.role) == (
            EndingKind.MANDATE,
            mandate.until,
            Role.ACTING_HEAD,
        )


def test_each_is_told_by_mail_once_on_the_day_on_which_it_is_known(
    world: World, server: MailServer
) -> None:
    key_ends(world, "belova", TODAY + 10 * DAY)
    for hour in (0, 1, 24, 48):
        world.clock.now = datetime(2026, 5, 6, 6, 30, tzinfo=UTC) + timedelta(hours=hour)
        tick(world)
    assert {letter.recipients[0] for letter in server.letters} == {
        "belova@lesnogorsk.example",
        "zaytseva@lesnogorsk.example",
    }
    assert len(server.letters) == 2
    people = {world.person(key).person_id for key in ("belova", "zaytseva")}
    assert {person for _, person in told(world)} == people
    assert {kind for kind, _ in told(world)} == {"ending.told"}


def test_the_letter_says_what_ends_when_and_what_to_do(world: World, server: MailServer) -> None:
    key_ends(world, "belova", TODAY + 10 * DAY)
    roadmap_due(world, TODAY + 20 * DAY)
    tick(world)
    letter = next(one for one in server.letters if one.recipients[0].startswith("belova"))
    assert letter.message["Subject"] == "Сертификат вашей подписи заканчивается 16 мая"
    assert "Сертификат вашей подписи заканчивается 16\xa0мая." in letter.text
    assert "Подпись понадобится позже, до 26\xa0мая: Приказ о наставничестве." in letter.text
    assert f"Организация: {world.place('school-1').short}" in letter.text
    assert "Получите новый сертификат" in letter.text


def test_in_the_evening_nobody_is_written_to_before_the_morning(
    world: World, server: MailServer
) -> None:
    key_ends(world, "belova", TODAY + 10 * DAY)
    world.clock.now = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)
    tick(world)
    assert server.letters == []
    world.clock.now = datetime(2026, 5, 7, 5, 1, tzinfo=UTC)
    world.work()
    assert len(server.letters) == 2


def test_what_is_settled_overnight_is_not_written_about(world: World, server: MailServer) -> None:
    key_ends(world, "belova", TODAY + 10 * DAY)
    world.clock.now = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)
    tick(world)
    key_ends(world, "belova", TODAY + 400 * DAY)
    world.clock.now = datetime(2026, 5, 7, 5, 1, tzinfo=UTC)
    world.work()
    assert server.letters == []
    assert told(world) == []


def test_a_missing_address_stands_in_the_audit_trail(world: World, server: MailServer) -> None:
    with world.services.uow() as tx:
        person = tx.people.load(world.person("belova").person_id)
        tx.people.save(replace(person, email=""), person)
        tx.commit()
    key_ends(world, "belova", TODAY + 10 * DAY)
    tick(world)
    assert ("ending.not_told", world.person("belova").person_id) in told(world)
    assert len(server.letters) == 1


def test_the_certificate_of_an_accepted_signature_counts_while_its_owner_signs(
    story_template: acts.Story, tmp_path: Path
) -> None:
    """The head signs in her own program: no key is kept, the signature says until when."""
    story = story_template.copied(tmp_path / "story")
    world = story.world
    order = acts.appointment(world, story.case)
    acts.fixed(world, order.id)
    acts.signed(world, order.id)
    with world.services.uow() as tx:
        (kept,) = tx.person_keys.of_person(world.person("belova").person_id)
        tx.person_keys.save(replace(kept, removed_at=world.clock(), sealed=b""), kept)
        tx.commit()
    assert endings(world, "belova") == []
    world.clock.now = kept.valid_until - 20 * DAY
    (ending,) = endings(world, "belova")
    assert (ending.kind, ending.until) == (EndingKind.CERTIFICATE, kept.valid_until.date())
    world.services.uow.engine.dispose()
