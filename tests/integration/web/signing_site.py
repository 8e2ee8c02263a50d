"""The real pages over a World: signed-in browsers, and documents brought to where tests begin."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import KEY_PASSWORD, done
from marshrut.engines.accounts import StoredAccounts
from tests.applications import pages_over
from tests.world import Clock, World, one_page_pdf
from web.settings import WebSettings
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature
from workflow.usecases.agree import agree
from workflow.usecases.fix import fix
from workflow.usecases.open_case import open_case
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.register_existing import Scanned, register_existing
from workflow.usecases.sign import sign_with_stored_key

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
SAID = re.compile(r'name="said" value="([^"]+)"')
SCAN = one_page_pdf("scan")
SEEN = re.compile(r'name="seen" value="([^"]+)"')


@dataclass
class Browser:
    """Somebody's browser: follows forms as a person would, with their tokens."""

    client: FlaskClient

    def read(self, address: str) -> str:
        """Open a page that must be there."""
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code, response.location)
        return response.text

    def status(self, address: str) -> int:
        return self.client.get(address).status_code

    def send(self, address: str, page: str, **entered: object):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse is not exported
        """Post a form with the CSRF token of `page` (its text)."""
        found = CSRF.search(page)
        assert found, "the page has no form"
        return self.client.post(
            address,
            data={"csrf_token": found[1], **entered},
            content_type="multipart/form-data",
        )


def site(world: World, cades_plugin: Path | None = None) -> Flask:
    """The application over the world's services."""
    settings = WebSettings(
        secret_key=b"k" * 32, secure_cookies=False, training=True, cades_plugin=cades_plugin
    )
    return pages_over(world, settings)


def browser_of(app: Flask, world: World, key: str) -> Browser:
    """A browser in which the person has signed in."""
    accounts = StoredAccounts(world.services)
    account = accounts.find(key)
    assert account is not None
    client = app.test_client()
    now = world.clock()
    with client.session_transaction() as session:
        session["opened_at"] = session["seen_at"] = now.timestamp()
        session_id = accounts.open_session(account, now)
        session["_user_id"] = f"{account.version}:{session_id}:{account.id}"
        session["_fresh"] = True
    return Browser(client)


def stranger(app: Flask) -> Browser:
    return Browser(app.test_client())


def forward(world: World, **by: float) -> None:
    """Let time pass."""
    assert isinstance(world.clock, Clock)
    world.clock.advance(**by)


def seen_in(page: str) -> str:
    found = SEEN.search(page)
    assert found
    return found[1]


def upload(content: bytes = SCAN, name: str = "скан.pdf") -> FileStorage:
    """A file as somebody chooses it in a form."""
    return FileStorage(io.BytesIO(content), name)


# --- Documents -----------------------------------------------------------------------------


def load(world: World, document_id: UUID) -> Document:
    with world.services.uow.reading() as tx:
        return tx.documents.load(document_id)


def order_the_town(world: World, due: date) -> None:
    """The municipal order that every school acts on is registered by the office."""
    services, officer = world.services, world.actor("gareev")
    office = world.place("office").id
    case = done(open_case(services, world.actor("lapina"), office, "municipal", "2026/2027"))
    kind = services.packs.newest("tetyushi").document_types["D01"]
    facts: dict[str, Any] = {f.key: f.default for f in kind.fields if f.default is not None}
    facts["signer"] = "начальник отдела Н.В. Орлова"
    facts["tasks"] = tuple({**row, "due": due} for row in facts["tasks"])
    scanned = Scanned(
        number="118-о/д",
        dated=world.clock().date(),
        title="Об организации работы",
        signed_by="Орлова Н.В.",
        signed_by_post="начальник отдела",
        file_name="scan.pdf",
        content=b"%PDF-1.4 scan",
    )
    done(register_existing(services, officer, case.id, "D01", scanned, facts))


def programme(world: World) -> UUID:
    """The case of school 1; the municipal order is there."""
    order_the_town(world, world.clock().date() + timedelta(days=30))
    clerk = world.actor("zaytseva")
    place = world.place("school-1").id
    return done(open_case(world.services, clerk, place, "programme", "2026/2027")).id


def agreed_appointment(world: World, case_id: UUID) -> Document:
    """D06, one file, CAdES: agreed, without number and date yet."""
    facts = {"curator": world.employment("safina"), "sysadmin": world.employment("ershov")}
    return prepared(world, case_id, "D06", facts)


def prepared(world: World, case_id: UUID, code: str, facts: Mapping[str, object]) -> Document:
    clerk = world.actor("zaytseva")
    document = done(start_document(world.services, clerk, case_id, code))
    saved = done(save_facts(world.services, clerk, document.id, {**document.facts, **facts}))
    assert saved.problems == (), saved.problems
    world.work()
    return done(submit(world.services, clerk, document.id))


def fixed(world: World, document: Document) -> Document:
    done(fix(world.services, world.actor("zaytseva"), document.id))
    world.work()
    return load(world, document.id)


def fixed_appointment(world: World, case_id: UUID) -> Document:
    return fixed(world, agreed_appointment(world, case_id))


def signed(world: World, document: Document) -> Signature:
    manifest = load(world, document.id).manifest
    assert manifest is not None
    signature = done(
        sign_with_stored_key(
            world.services, world.actor("belova"), document.id, manifest.digest, KEY_PASSWORD
        )
    )
    world.work()
    return signature


def visa(world: World, document: Document) -> None:
    manifest = load(world, document.id).manifest
    assert manifest is not None
    done(agree(world.services, world.actor("safina"), document.id, manifest.digest))


def fixed_approval(world: World, case_id: UUID) -> Document:
    """D02 with its roadmap: two files, PAdES, ready to be signed; the curator is appointed."""
    signed(world, fixed_appointment(world, case_id))
    roadmap = prepared(world, case_id, "D04", {"period": "2026 год"})
    visa(world, roadmap)
    order = prepared(world, case_id, "D02", {"approves": (str(roadmap.id),)})
    visa(world, order)
    return fixed(world, order)


def signed_letter(world: World, case_id: UUID) -> Document:
    """D33 with the order and its roadmap in it, signed and not sent yet."""
    order = fixed_approval(world, case_id)
    signed(world, order)
    with world.services.uow.reading() as tx:
        annexes = tx.documents.approved_by(order.id)
    package = tuple(str(d.id) for d in (*annexes, order))
    letter = fixed(world, prepared(world, case_id, "D33", {"package": package}))
    signed(world, letter)
    return load(world, letter.id)


def proof_for(world: World, key: str, page: str) -> dict[str, str]:
    """What somebody types on the page that asks for a simple signature."""
    said = SAID.search(page)
    assert said, "the page shows no sentence to sign"
    proof = world.proof(key)
    return {"said": said[1], "password": proof.password, "code": proof.code}
