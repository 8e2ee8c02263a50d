"""An installation for training in one folder: keys, database, authorities, the municipality."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from marshrut.demonstration.cast import LESNOGORSK, Cast
from marshrut.demonstration.town import KEY_PASSWORD, Inhabitant, Place, Town, build
from marshrut.keys import SecretKeys, create_keys
from marshrut.settings import Settings
from marshrut.training import AUTHORITIES, CRL_LIVES, Holder, TrainingAuthorities
from marshrut.wiring import make_due, make_handlers, make_services, make_timestamps
from queues import audit_heads
from queues.perform import Performer, drain
from queues.schedule import tick
from workflow.ports import Clock
from workflow.store.migrations import upgrade
from workflow.usecases.installation import renew_training_crls
from workflow.usecases.services import Services

#: Lists beside files that are looked at later, without the installation, hold so long.
LISTS_LIVE = timedelta(days=120)


@dataclass(frozen=True)
class Stage:
    """What the story is played on."""

    services: Services
    town: Town
    authorities: TrainingAuthorities

    def work(self) -> int:
        """Do in this process what workers would do."""
        return drain(Performer(self.services.uow, make_handlers(self.services)))

    def ask_what_is_due(self) -> None:
        """Ask once what the schedule asks at every tick.

        Heads of the audit trail are left out: they go to a log that outlives the database.
        """
        due = make_due(self.services)
        tick(
            self.services.uow, {name: ask for name, ask in due.items() if name != audit_heads.KIND}
        )

    def renew_lists(self, lives: timedelta = CRL_LIVES) -> list[bytes]:
        """Make new revocation lists, as an installation does daily; return them."""
        lists = self.authorities.crls(self.services.clock(), lives)
        renew_training_crls(self.services, lists)
        return lists


def write_lists(folder: Path, lists: Iterable[bytes]) -> None:
    """Write revocation lists for `marshrut verify --crl`: `1.crl`, `2.crl`, …"""
    for number, crl in enumerate(lists, start=1):
        (folder / f"{number}.crl").write_bytes(crl)


def settle(folder: Path, clock: Clock, lists_live: timedelta, cast: Cast) -> Stage:
    """Make a training installation in an empty folder, with everybody in it."""
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'marshrut.db'}",
        redis_url=None,
        keys_dir=folder / "keys",
        base_url="http://127.0.0.1:8000",
        workers=1,
    )
    keys = create_keys(settings.keys_dir)
    services = make_services(settings, keys, clock)
    upgrade(services.uow.engine)
    return furnish(services, settings, keys, clock, lists_live, cast)


def furnish(
    services: Services,
    settings: Settings,
    keys: SecretKeys,
    clock: Clock,
    lists_live: timedelta,
    cast: Cast = LESNOGORSK,
) -> Stage:
    """Make authorities and the municipality in a migrated, empty database.

    The services of the stage ask the new authority for timestamps.
    """
    authorities = TrainingAuthorities.create(
        settings.keys_dir / AUTHORITIES, keys.at_rest.hex(), clock()
    )
    services = replace(services, timestamps=make_timestamps(settings, keys))
    town = build(
        services,
        clock().date(),
        authorities.roots(),
        authorities.crls(clock(), lists_live),
        key_maker(authorities, clock),
        cast,
    )
    return Stage(services, town, authorities)


def key_maker(
    authorities: TrainingAuthorities, clock: Clock
) -> Callable[[Inhabitant, Place], bytes]:
    """Issue the keys of heads: certificates of their organisations that name them."""

    def key_for(person: Inhabitant, place: Place) -> bytes:
        return authorities.key_file(holder_of(person, place), KEY_PASSWORD, clock())

    return key_for


def holder_of(person: Inhabitant, place: Place) -> Holder:
    return Holder(
        last=person.last,
        given=person.given,
        snils=person.snils,
        inn=person.inn,
        post=person.post,
        organisation=place.full,
        organisation_short=place.short,
        ogrn=place.ogrn,
        organisation_inn=place.inn,
    )
