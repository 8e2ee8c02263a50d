"""A mentor pair in real browsers: from the head's need to the receipt of the mentoring centre."""

from __future__ import annotations

from datetime import date

from tests.e2e.desks import desk_of
from tests.e2e.office import Office, working
from tests.e2e.pair_pages import (
    ASSOCIATION,
    CLERK,
    HEAD,
    begin_agreement,
    consent_as_mentee,
    consent_as_mentor,
    enter_experience,
    name_the_need,
    propose,
)

MENTOR, MENTEE = "zotova", "golubeva"
SINCE, UNTIL = date(2026, 5, 18), date(2026, 11, 17)


def test_a_pair_goes_from_the_need_to_the_receipt_of_the_centre(town: Office) -> None:
    with working(town.world):
        clerk = desk_of(town, CLERK)
        enter_experience(clerk, MENTOR, in_field=18)
        enter_experience(clerk, MENTEE, pedagogical=1)
        pair = name_the_need(desk_of(town, HEAD), MENTEE, "ведение документации", SINCE, UNTIL)
        propose(desk_of(town, ASSOCIATION), pair, MENTOR)
        consent_as_mentor(desk_of(town, MENTOR))
        consent_as_mentee(desk_of(town, MENTEE))
        begin_agreement(clerk, pair, "14", date(2020, 9, 1))
