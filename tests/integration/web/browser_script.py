"""What the script of the page for signing in the browser does, step by step, without a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshrut.demonstration.town import KEY_PASSWORD
from signing.keys import SigningKey, open_pkcs12
from tests.hash_signer import HashSigner
from tests.integration.web.signing_site import (
    Browser,
    seen_in,
)
from tests.world import World, holder
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature

SHA_256 = 4


def own_key(world: World, key: str = "belova", place: str = "school-1") -> SigningKey:
    made = world.authorities.key_file(
        holder(world.person(key), world.place(place)), KEY_PASSWORD, world.clock()
    )
    return open_pkcs12(made, KEY_PASSWORD)


@dataclass
class Script:
    """What the page's script does, step by step."""

    world: World
    browser: Browser
    document: Document
    signer: HashSigner

    def __post_init__(self) -> None:
        self.page = self.browser.read(self.address)

    @property
    def address(self) -> str:
        return f"/documents/{self.document.id}/sign/browser"

    def offer(self) -> str:
        """The list to choose from."""
        sent = self.signer.certificates()
        answer = self.browser.send(f"{self.address}/certificates", self.page, certificate=sent)
        assert answer.status_code == 200
        return str(answer.text)

    def begin(self, place: int = 0, seen: str = "") -> Any:
        certificate = self.signer.certificates()[place]
        seen = seen or seen_in(self.page)
        return self.browser.send(self.address, self.page, seen=seen, certificate=certificate)

    def sign(self, begun: Any, place: int = 0) -> list[str]:
        now = self.world.clock()
        return [self.signer.sign(place, SHA_256, one, now) for one in begun.json["digests"]]

    def hand_in(self, begun: Any, signatures: list[str]) -> Any:
        return self.browser.send(begun.json["hand_in"], self.page, signature=signatures)


def signatures_of(world: World, document: Document) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document.id)
