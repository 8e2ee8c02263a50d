"""Whose signature was withdrawn, the head, the clerk and whom the document concerns learn it by
mail, once, by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from marshrut.demonstration.town import done
from marshrut.wiring import make_due
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.mail_server import MailServer, mail_server, with_mail
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus
from workflow.store.audit import read_events

DAY = timedelta(days=1)
HEAD, CLERK = "belova", "zaytseva"
#: The order names the curator and the system administrator.
NAMED = ("ershov", "safina")
TOLD = len((HEAD, CLERK, *NAMED))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def world(story: Story, server: MailServer) -> World:
    return with_mail(story.world, server)


def ask_again(world: World) -> None:
    """The schedule asks for second looks and for nothing else."""
    for name in ("undecided_signatures", "accepted_signatures"):
        with world.services.uow() as tx:
            make_due(world.services)[name](tx)
            tx.commit()
    world.work()


def signed_then_revoked(world: World, story: Story) -> Document:
    """The head's signature is accepted; the next list says: revoked before."""
    own = OwnAuthority.trusted(world, "late")
    order = acts.fixed(world, acts.appointment(world, story.case).id)
    own.new_list()
    world.clock.now += timedelta(minutes=1)
    key = own.key(HEAD)
    signature = done(handed_in(world, order, key))
    assert signature.status is SignatureStatus.ACCEPTED
    world.work()
    world.clock.now += DAY
    own.new_list({key.certificate.serial: signature.received_at - timedelta(hours=2)})
    return order


def told(world: World) -> list[str]:
    """The events of the school that say whom the news reached."""
    school = world.place("school-1").id
    with world.services.uow.reading() as tx:
        events = [e.kind for e in read_events(tx.connection, school)]
    return [kind for kind in events if kind.startswith("signature.withdrawal")]


def test_signatory_clerk_and_those_named_learn_whose_signature_under_what_and_why(
    world: World, story: Story, server: MailServer
) -> None:
    order = signed_then_revoked(world, story)
    ask_again(world)
    letters = {letter.recipients[0]: letter for letter in server.letters}
    assert set(letters) == {f"{key}@lesnogorsk.example" for key in (HEAD, CLERK, *NAMED)}
    own = letters[f"{HEAD}@lesnogorsk.example"]
    assert str(own.message["Subject"]).startswith("Подпись отозвана: ")
    assert order.number in own.message["Subject"]
    assert own.text.split("\n\n")[1].startswith("Ваша подпись под документом «")
    assert "Причина: " in own.text
    assert f"http://127.0.0.1:8000/documents/{order.id}" in own.text
    assert "Подпись (Белова\xa0Я.\xa0Н.)" in letters[f"{CLERK}@lesnogorsk.example"].text
    concerned = letters[f"{NAMED[0]}@lesnogorsk.example"].text
    assert "Документ касается вас" in concerned
    assert f"/documents/{order.id}" not in concerned
    assert told(world) == ["signature.withdrawal_told"] * TOLD


def test_the_news_is_sent_once(world: World, story: Story, server: MailServer) -> None:
    signed_then_revoked(world, story)
    for _ in range(3):
        ask_again(world)
        world.clock.now += timedelta(hours=1)
    assert len(server.letters) == TOLD


def test_the_news_waits_for_the_morning(world: World, story: Story, server: MailServer) -> None:
    signed_then_revoked(world, story)
    world.clock.now += timedelta(hours=12)
    ask_again(world)
    assert server.letters == []
    world.clock.now += timedelta(hours=12)
    world.work()
    assert len(server.letters) == TOLD


def test_an_address_that_is_refused_stands_in_the_audit_trail(
    world: World, story: Story, server: MailServer
) -> None:
    server.answers["RCPT"] = "550 5.1.1 nobody here"
    signed_then_revoked(world, story)
    ask_again(world)
    assert server.letters == []
    assert told(world) == ["signature.withdrawal_not_told"] * TOLD


def test_a_received_signature_that_is_refused_by_the_list_of_tomorrow_is_told_too(
    world: World, story: Story, server: MailServer
) -> None:
    """Received on the last day, revoked before: it never counted, and those who waited learn it."""
    own = OwnAuthority.trusted(world, "late")
    order = acts.fixed(world, acts.appointment(world, story.case).id)
    key = own.key(HEAD)
    signature = done(handed_in(world, order, key))
    assert signature.status is SignatureStatus.RECEIVED
    world.work()
    world.clock.now += DAY
    own.new_list({key.certificate.serial: signature.received_at - timedelta(hours=2)})
    ask_again(world)
    (found,) = acts.signatures(world, order.id)
    assert found.status is SignatureStatus.REFUSED
    letters = {letter.recipients[0]: letter for letter in server.letters}
    assert set(letters) == {f"{key}@lesnogorsk.example" for key in (HEAD, CLERK)}
    own_letter = letters[f"{HEAD}@lesnogorsk.example"]
    assert str(own_letter.message["Subject"]).startswith("Подпись не принята: ")
    assert "не принята." in own_letter.text
    assert "Причина: " in own_letter.text
    assert told(world) == ["signature.withdrawal_told"] * 2


def test_without_mail_the_withdrawal_itself_goes_on(story: Story) -> None:
    order = signed_then_revoked(story.world, story)
    ask_again(story.world)
    (signature,) = acts.signatures(story.world, order.id)
    assert signature.status is SignatureStatus.WITHDRAWN
    assert told(story.world) == []
