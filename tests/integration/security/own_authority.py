"""A certification authority that the world trusts, in the hands of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from marshrut.demonstration.town import done
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_detached, sign_pdf
from tests.pki import (
    HEAD,
    INN,
    INN_LE,
    OGRN,
    SNILS,
    Office,
)
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.signatures import Signature
from workflow.domain.trust import StoredCrl, TrustAnchor
from workflow.ports import Examination
from workflow.usecases.record_signature import record_signature
from workflow.usecases.services import Services
from workflow.usecases.sign import Begun, begin_signing
from workflow.usecases.trust import add_anchor, import_crl

DAY = timedelta(days=1)
PASSWORD = "пароль"


@dataclass
class OwnAuthority:
    """Root and issuing authority of a test; the world, or one place, trusts it for `kind`."""

    world: World
    office: Office

    @classmethod
    def trusted(
        cls,
        world: World,
        name: str,
        kind: SignatureKind = SignatureKind.ADVANCED,
        place: str = "",
    ) -> OwnAuthority:
        """Open an authority and have the operator trust it; its root's list is known.

        With a `place` it is trusted as that organisation's own.
        """
        own = cls(world, Office.open(name))
        done(own.trust(kind, place))
        own.root_list()
        return own

    def trust(self, kind: SignatureKind, place: str = "") -> TrustAnchor | Refusal:
        services, operator = self.world.services, self.world.town.operator
        whose = self.world.place(place).id if place else None
        return add_anchor(services, operator, self.office.root.holder.der, kind, whose)

    def root_list(self) -> StoredCrl:
        now = self.world.clock()
        made = self.office.root.crl(this_update=now, next_update=now + 400 * DAY)
        return done(import_crl(self.world.services, self.world.town.operator, made))

    def new_list(
        self, revoked: Mapping[int, datetime] | None = None, lives: timedelta = 7 * DAY
    ) -> StoredCrl:
        """Issue a list now and have it imported."""
        now = self.world.clock()
        made = self.office.issuing.crl(revoked, this_update=now, next_update=now + lives)
        return done(import_crl(self.world.services, self.world.town.operator, made))

    def key(self, who: str, lives: timedelta = 365 * DAY, **changed: str) -> SigningKey:
        """A key with a certificate of the person (and of school 1), valid since yesterday."""
        since = self.world.clock().replace(microsecond=0) - DAY
        values = subject_of(self.world, who, **changed)
        holder = self.office.issuing.person(values, not_before=since, not_after=since + DAY + lives)
        return open_pkcs12(holder.pkcs12(PASSWORD), PASSWORD)


def subject_of(
    world: World, who: str, place: str = "school-1", **changed: str
) -> dict[x509.ObjectIdentifier, str]:
    """What the certificate of a representative says; `changed` by name (`snils`, `inn`, …)."""
    person, organisation = world.person(who), world.place(place)
    said = {
        "surname": person.last,
        "given": person.given,
        "snils": person.snils,
        "inn": person.inn,
        "ogrn": organisation.ogrn,
        "inn_le": organisation.inn,
    } | changed
    oids = {
        "surname": NameOID.SURNAME,
        "given": NameOID.GIVEN_NAME,
        "snils": SNILS,
        "inn": INN,
        "ogrn": OGRN,
        "inn_le": INN_LE,
    }
    own = {oids[name]: text for name, text in said.items()}
    return {oid: text for oid, text in (HEAD | own).items() if text}


def begun(world: World, document: Document, who: str = "belova") -> Begun:
    assert document.manifest is not None
    return done(
        begin_signing(world.services, world.actor(who), document.id, document.manifest.digest)
    )


def outputs(world: World, signing: Begun, *keys: SigningKey) -> list[bytes]:
    """Sign every file of the manifest; with several keys, each file with the next one."""
    act = sign_pdf if signing.format is SignatureFormat.PADES else sign_detached
    return [
        act(world.services.blobs.get(file.pdf), keys[place % len(keys)], world.clock())
        for place, file in enumerate(signing.manifest.files)
    ]


def handed_in(
    world: World, document: Document, *keys: SigningKey, who: str = "belova"
) -> Signature | Refusal:
    """The whole act of signing outside: begin, sign, upload."""
    signing = begun(world, document, who)
    made = outputs(world, signing, *keys)
    return record_signature(world.services, world.actor(who), signing.attempt.id, made)


@dataclass
class InBetween:
    """The signature engine, with something that happens while it examines."""

    real: object
    happens: Callable[[], object]

    def examine(self, *given: object, **named: object) -> Examination:
        answer: Examination = self.real.examine(*given, **named)  # type: ignore[attr-defined]  # the real engine
        self.happens()
        return answer

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


def while_examined(services: Services, happens: Callable[[], object]) -> Services:
    """The services, in which `happens` runs after each examination and before what follows."""
    return replace(services, signatures=InBetween(services.signatures, happens))  # type: ignore[arg-type]  # the same port


def codes(found: Sequence[Refusal | None]) -> list[str]:
    return [one.code if one else "" for one in found]
