"""How a training installation begins: its municipality, and what is there before anybody acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from marshrut.demonstration import pairs_said as said
from marshrut.demonstration.cast import LESNOGORSK, SCHOOL_1, Cast
from marshrut.demonstration.cast_yurga import KEDROVSK
from marshrut.demonstration.cast_yurga import SCHOOL as SCHOOL_7
from marshrut.demonstration.clock import ZONE, StoryClock, months_away, weekdays_before
from marshrut.demonstration.deeds import Deeds
from marshrut.demonstration.life import Life
from marshrut.demonstration.pair_deeds import PairDeeds
from marshrut.demonstration.stage import LISTS_LIVE, Stage, furnish, holder_of, write_lists
from marshrut.demonstration.town import KEY_PASSWORD
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.training import CRL_LIVES
from workflow.usecases.services import Services

#: The story's tasks are spread over six weeks from today on.
WEEKS_AHEAD = timedelta(weeks=6)
#: Pairs are wished for from a day on by which their papers can be there, for a year.
PAIRS_IN, PAIRS_MONTHS = timedelta(weeks=2), 12
#: The folder beside the database with key files to practise with.
PRACTICE_FILES = "practice-keys"


@dataclass(frozen=True)
class Practice:
    """A municipality to practise in: who lives there, whose head gets key files, how it begins."""

    cast: Cast
    school: str
    begin: Callable[[Stage], None]


def furnish_for_practice(
    services: Services, settings: Settings, keys: SecretKeys, pack: str = "tetyushi"
) -> None:
    """Make authorities, people and what everything begins with, by one of `PRACTICES`."""
    practice = PRACTICES[pack]
    stage = furnish(services, settings, keys, services.clock, CRL_LIVES, practice.cast)
    practice.begin(stage)
    stage.work()
    leave_practice_files(stage, settings.data_dir / PRACTICE_FILES, practice.school)


def _order_the_district(stage: Stage) -> None:
    """The office's order is registered; schools have everything before them."""
    now = stage.services.clock()
    last = weekdays_before((now + WEEKS_AHEAD).astimezone(ZONE).date(), 0)
    Life(stage.services, stage.town, StoryClock(now), stage.work, last).order_the_district()


def _begin_pairs(stage: Stage) -> None:
    """The head has named two who need a mentor; one is proposed, consents come next."""
    clock = StoryClock(stage.services.clock())
    place = stage.town.places[SCHOOL_7.key]
    school = PairDeeds(stage, Deeds(stage.services, clock, stage.work), place)
    school.enter_experience(said.MENTORS, said.BEGINNERS)
    since = school.deeds.today + PAIRS_IN
    until = months_away(since, PAIRS_MONTHS) - timedelta(days=1)
    first, _second = (
        school.request(card.mentee, card.need, since, until) for card in (said.FIRST, said.SECOND)
    )
    school.propose(place.holding("association"), first, said.FIRST.mentor, since, until)
    for card in (said.FIRST, said.SECOND):
        school.give_key(school.person(card.mentor))


#: By the name of the pack.
PRACTICES: Mapping[str, Practice] = {
    "tetyushi": Practice(LESNOGORSK, SCHOOL_1.key, _order_the_district),
    "yurga": Practice(KEDROVSK, SCHOOL_7.key, _begin_pairs),
}


def leave_practice_files(stage: Stage, folder: Path, school: str = SCHOOL_1.key) -> None:
    """Leave key files of a school's head, to practise signing in a program of one's own.

    Some of them must be refused; the lists are made anew, for one of them is revoked. Lists that
    hold longer stay beside the trusted certificates, for `marshrut verify` asks no server.
    """
    place = stage.town.places[school]
    head = place.holding("head")
    now = stage.services.clock()
    folder.mkdir(mode=0o700, exist_ok=True)
    files = stage.authorities.practice_files(holder_of(head, place), KEY_PASSWORD, now)
    for name, content in files.items():
        path = folder / f"{head.key}-{name}.p12"
        path.touch(mode=0o600)
        path.write_bytes(content)
    trust = folder / "trust"
    stage.authorities.save_trust(trust)
    write_lists(trust, stage.authorities.crls(now, LISTS_LIVE))
    stage.renew_lists()
