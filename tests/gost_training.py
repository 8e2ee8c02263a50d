"""A training authority with GOST keys that a world trusts, and keys of people issued by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from marshrut.demonstration.town import done
from marshrut.training import subject_of
from signing.keys import SigningKey
from signing.training.authority import TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.verdicts import SignatureKind as AnchorKind
from tests.world import World, holder
from workflow.domain.regulations import SignatureKind
from workflow.domain.trust import TrustAnchor
from workflow.usecases.trust import import_crl

DAY = timedelta(days=1)


@dataclass(frozen=True)
class GostAuthority:
    """The authority, and the world that trusts it for advanced signatures."""

    world: World
    authority: TrainingCA

    @classmethod
    def trusted(cls, world: World) -> GostAuthority:
        """Make the authority; its root becomes a training anchor, its lists are known."""
        now = world.clock()
        made = TrainingCA.create(now, 2, AnchorKind.ADVANCED, algorithm=KeyAlgorithm.GOST_2012_256)
        services = world.services
        facts = done(services.signatures.read_anchor(made.root.certificate_der))
        anchor = TrustAnchor(
            id=services.new_id(),
            organisation_id=None,
            pem=made.root.certificate.public_bytes(Encoding.PEM).decode(),
            fingerprint=facts.fingerprint,
            subject=facts.subject,
            kind=SignatureKind.ADVANCED,
            training=True,
            stands_for=SignatureKind.ADVANCED,
            added_at=now,
            added_by=world.town.operator.person_id,
        )
        with services.uow() as tx:
            tx.trust_anchors.save(anchor, None)
            tx.commit()
        for made_list in (made.root_crl(now, now + 30 * DAY), made.crl(now, now + 30 * DAY)):
            done(import_crl(services, world.town.operator, made_list))
        return cls(world, made)

    def key(
        self,
        key: str,
        place: str,
        algorithm: KeyAlgorithm = KeyAlgorithm.GOST_2012_256,
        lives: timedelta = 365 * DAY,
    ) -> SigningKey:
        """A GOST key of somebody of the town, as it lies in a program of their own."""
        facts = subject_of(holder(self.world.person(key), self.world.place(place)))
        since = self.world.clock() - 2 * DAY
        return self.authority.issue(facts, since, since + lives, algorithm).signing_key()
