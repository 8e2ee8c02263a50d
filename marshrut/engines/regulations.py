"""The installed packs, and every version that a case has ever begun with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from workflow.calendars import Override, work_calendar
from workflow.domain.installation import CalendarOverride
from workflow.domain.regulations import Regulation
from workflow.domain.working_days import WorkCalendar
from workflow.packs import PackError, Source, from_sources, names, read_pack
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class InstalledPack:
    """A pack of the library with the texts it was read from."""

    regulation: Regulation
    sources: tuple[Source, ...]


@cache
def installed_pack(name: str) -> InstalledPack:
    """Read a pack of the library, once in a process (reading takes most of a second).

    A worker's parent reads them before it forks. Raises KeyError for an unknown name, PackError
    with all problems for a broken pack.
    """
    if name not in names():
        raise KeyError(name)
    reading = read_pack(name)
    if reading.regulation is None:
        raise PackError(reading.problems)
    return InstalledPack(reading.regulation, reading.sources)


class PackShelf:
    """Packs of the library; versions in use are kept in the database with their sources."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._kept: dict[tuple[str, str], Regulation] = {}

    def names(self) -> tuple[str, ...]:
        """See `workflow.ports.Packs`."""
        return names()

    def newest(self, name: str) -> Regulation:
        """See `workflow.ports.Packs`; raises PackError for a broken pack."""
        return installed_pack(name).regulation

    def get(self, name: str, version: str) -> Regulation:
        """See `workflow.ports.Packs`."""
        if name in names() and self.newest(name).version == version:
            return self.newest(name)
        key = (name, version)
        if key not in self._kept:
            self._kept[key] = self._from_database(name, version)
        return self._kept[key]

    def sources(self, name: str) -> Mapping[str, str]:
        """See `workflow.ports.Packs`."""
        return {
            f"{place:02d}/{source.name}/{source.file}": source.content.decode()
            for place, source in enumerate(installed_pack(name).sources)
        }

    def _from_database(self, name: str, version: str) -> Regulation:
        with self._uow.reading() as tx:
            kept = tx.pack_versions.find(name, version)
        if kept is None:
            raise KeyError(f"{name} {version}")
        sources = []
        for place in sorted(kept.sources):
            _, pack, file = place.split("/", 2)
            sources.append(Source(pack, file, kept.sources[place].encode()))
        regulation = from_sources(sources).regulation
        if regulation is None or regulation.version != version:
            raise KeyError(f"{name} {version}: the stored sources no longer make this version")
        return regulation


class ProductionCalendars:
    """Official transfers and days of regions, under what the operator has entered."""

    def calendar(
        self,
        region: str,
        week: int,
        overrides: tuple[CalendarOverride, ...] = (),
        region_years: frozenset[int] = frozenset(),
    ) -> WorkCalendar:
        """See `workflow.ports.Calendars`."""
        entered = tuple(Override(one.day, one.working, one.source) for one in overrides)
        return work_calendar(region, week, entered, region_years)
