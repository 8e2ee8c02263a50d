"""A kindergarten that works on paper: its running pair enters the system in mid-life."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from marshrut.demonstration.deeds import UnfinishedError
from marshrut.demonstration.pair_deeds import PairDeeds
from marshrut.demonstration.pairs_calendar import PairsCalendar
from marshrut.demonstration.papers import scan
from marshrut.demonstration.town import done
from workflow.usecases.enter_experience import enter_experience
from workflow.usecases.paperwork import keep_on_paper
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing

MENTOR, MENTEE = "sharova", "gavrilova"
NEED = "организация режимных моментов, работа с родителями"
YEARS = {MENTOR: 21, MENTEE: 1}


def enter_running_pair(garden: PairDeeds, days: PairsCalendar) -> UUID:
    """The clerk enters who mentors whom, the order by its scan, and the plan; return the pair."""
    services, clerk = garden.deeds.services, garden.deeds.actor(garden.clerk)
    for area in ("labour", "other"):
        done(keep_on_paper(services, clerk, garden.place.id, area))
    for key, full in YEARS.items():
        years = {"total": full, "pedagogical": full, "in_field": full}
        done(enter_experience(services, clerk, garden.person(key).employment_id, years))
    since, until = days.running_since, days.running_until
    case_id = garden.request(MENTEE, NEED, since, until)
    garden.propose(garden.head, case_id, MENTOR, since, until)
    enter_existing(garden, case_id, "D14", since, "4-л/с", "О назначении наставника")
    enter_existing(garden, case_id, "D16", since, "", "Индивидуальный план наставничества")
    return case_id


def enter_existing(
    garden: PairDeeds, case_id: UUID, code: str, dated: date, number: str, title: str
) -> None:
    """Enter a paper made before: its own number and date, who signed, the scan."""
    head = garden.head
    named = f"{title} от {dated:%d.%m.%Y}" + (f" № {number}" if number else "")
    scanned = Scanned(
        number=number,
        dated=dated,
        title=title,
        signed_by=head.name,
        signed_by_post=head.post,
        file_name=f"{code}.pdf",
        content=scan(named, ["Подписано собственноручно.", f"Заведующий {head.name}"]),
        in_journal=bool(number),
        acknowledged_on=dated,
    )
    clerk = garden.deeds.actor(garden.clerk)
    entered = done(register_existing(garden.deeds.services, clerk, case_id, code, scanned, {}))
    if isinstance(entered, Incomplete):
        raise UnfinishedError(", ".join(p.path for p in entered.problems))
