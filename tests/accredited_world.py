"""A ministry whose lists a world can import, and signatures by an authority that it accredits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from marshrut.demonstration.town import done
from signing.accredited.qualified_trust import MINISTRY_OGRN
from signing.keys import SigningKey
from signing.policy import Family, Scheme
from signing.sign import sign_detached
from tests import gost_pki
from tests.gost_pki import GostHolder
from tests.integration.security.own_authority import subject_of
from tests.pki import DAY, YEAR
from tests.trusted_lists import MINISTRY, Entry, Ministry
from tests.world import World
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.ports import Examination
from workflow.usecases.accredited_lists import import_accredited_list
from workflow.usecases.trust import add_anchor, import_crl, trust_view

CONTENT = "Приказ № 12. О наставничестве.".encode()


@dataclass
class State:
    """A ministry with its lists, and an authority below its root, around the world's present."""

    world: World
    ministry: Ministry
    centre: GostHolder

    @classmethod
    def founded(cls, world: World) -> State:
        now = world.clock().replace(microsecond=0)
        years = {"not_before": now - 10 * YEAR, "not_after": now + 10 * YEAR}
        root = gost_pki.root("Корень", values=MINISTRY, **years)
        authority = root.authority("Центр министерства", MINISTRY_OGRN, **years)
        signer = authority.person(MINISTRY, not_before=now - DAY, not_after=now + YEAR)
        state = cls(world, Ministry(root, authority, signer), root.authority("Центр", **years))
        for issuer in (root, authority, state.centre):
            made = issuer.crl(this_update=now - DAY, next_update=now + 30 * DAY)
            done(import_crl(world.services, world.town.operator, made))
        return state

    def confirm_root(self) -> None:
        done(
            add_anchor(
                self.world.services,
                self.world.town.operator,
                self.ministry.root.der,
                SignatureKind.QUALIFIED,
            )
        )

    def list(self, version: int = 100, **changes: object) -> bytes:
        date = (self.world.clock() - timedelta(hours=1)).isoformat()
        entry = replace(Entry((self.centre.der,)), **changes)  # type: ignore[arg-type]  # fields, by name
        return self.ministry.list(entry, version=str(version), date=date)

    def take(self, content: bytes, who: str = "") -> object:
        actor = self.world.actor(who) if who else self.world.town.operator
        return import_accredited_list(self.world.services, actor, content)

    def examined(self) -> Examination:
        """A signature by a certificate of the authority, judged by what is trusted now."""
        services, now = self.world.services, self.world.clock()
        person = self.centre.person(
            subject_of(self.world, "belova"), not_before=now - DAY, not_after=now + YEAR
        )
        scheme = Scheme(Family.GOST_2012_256, "streebog256")
        key = SigningKey(person.certificate, (self.centre.certificate,), scheme, person.key)
        signature = sign_detached(CONTENT, key, now)
        with services.uow.reading() as tx:
            trust = trust_view(tx, services)
        return services.signatures.examine(
            CONTENT, signature, SignatureFormat.CADES, trust=trust, now=now, expected=None
        )
