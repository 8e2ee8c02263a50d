"""Which signatures get a mark, and how times and blank places are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from signing.copies.marks import (
    MarkRefusedError,
    PowerOnMark,
    SignatureMark,
    SimpleMark,
    lay_out,
    mark_of,
)
from signing.local_time import local_date, local_moment
from signing.paper.ink import PageInk, PageLookError, look_at_pages
from signing.verdicts import (
    CHECK_KEYS,
    CertificateFacts,
    Check,
    Outcome,
    SignatureFormat,
    SignatureKind,
    SignatureReport,
    TimeBasis,
)
from web.words import russian

NOW = datetime(2026, 11, 20, 22, 30, 5, tzinfo=UTC)
FACTS = CertificateFacts(
    serial="0A1B",
    surname="Белова",
    given_name="Яна Николаевна",
    common_name="МБДОУ «Ласточка»",
    title="Заведующий",
    organisation="МБДОУ «Ласточка»",
    snils="1" * 11,
    inn="2" * 12,
    ogrn="3" * 13,
    inn_le="4" * 10,
    issuer="УЦ",
    not_before=NOW - timedelta(days=100),
    not_after=NOW + timedelta(days=100),
    fingerprint="ab" * 32,
    key_algorithm="ECDSA P-256",
    training=False,
)


def report(failed: int = 0, outcome: Outcome = Outcome.FAILED) -> SignatureReport:
    checks = tuple(
        Check(number, key, outcome if number == failed else Outcome.PASSED, "x", "Said.")
        for number, key in enumerate(CHECK_KEYS, start=1)
    )
    return SignatureReport(
        format=SignatureFormat.PADES,
        field_name="Sig1",
        kind=SignatureKind.QUALIFIED,
        stands_for=None,
        certificate=FACTS,
        claimed_time=NOW,
        checked_at=NOW,
        time_basis=TimeBasis.NOW,
        checks=checks,
    )


def test_mark_of_a_valid_signature_says_what_its_certificate_says() -> None:
    mark = mark_of(report(), NOW, post="Заведующий", short_name="Я.Н. Белова")
    assert mark == SignatureMark(
        kind=SignatureKind.QUALIFIED,
        training=False,
        serial="0A1B",
        owner="Белова Яна Николаевна",
        not_before=FACTS.not_before,
        not_after=FACTS.not_after,
        signed_at=NOW,
        post="Заведующий",
        short_name="Я.Н. Белова",
    )


def test_mark_of_who_signs_by_power_of_attorney_names_it() -> None:
    power = PowerOnMark("4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f", date(2026, 9, 1), date(2027, 8, 31))
    drawn = lay_out(mark_of(report(), NOW, power=power), russian().text, UTC)
    said = " ".join(drawn.lines)
    assert "По доверенности № 4f1c2d3e" in said
    assert "от 01.09.2026, действует до 31.08.2027" in said
    assert "доверенности" not in " ".join(
        lay_out(mark_of(report(), NOW), russian().text, UTC).lines
    )


def test_training_signature_has_the_mark_of_what_it_stands_for_and_says_so() -> None:
    practised = replace(report(), kind=SignatureKind.TRAINING, stands_for=SignatureKind.ADVANCED)
    mark = mark_of(practised, NOW)
    assert (mark.kind, mark.training) == (SignatureKind.ADVANCED, True)


def test_training_certificate_under_a_real_anchor_still_says_training() -> None:
    assert mark_of(replace(report(), certificate=replace(FACTS, training=True)), NOW).training


@pytest.mark.parametrize("failed", range(1, 10))
@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.NOT_MADE])
def test_signature_with_a_check_not_passed_gets_no_mark(failed: int, outcome: Outcome) -> None:
    with pytest.raises(MarkRefusedError):
        mark_of(report(failed, outcome), NOW)


def test_signature_of_no_known_kind_gets_no_mark() -> None:
    with pytest.raises(MarkRefusedError):
        mark_of(replace(report(), kind=None), NOW)


def test_mark_refuses_times_that_are_not_in_utc() -> None:
    with pytest.raises(ValueError, match="UTC"):
        SimpleMark("Белова Яна", "Заведующий", NOW.replace(tzinfo=None), "code")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (ZoneInfo("Europe/Moscow"), "21.11.2026 01:30:05 (UTC+3)"),
        (ZoneInfo("Asia/Kolkata"), "21.11.2026 04:00:05 (UTC+5:30)"),
        (timezone(timedelta(hours=-3)), "20.11.2026 19:30:05 (UTC−3)"),
        (UTC, "20.11.2026 22:30:05 (UTC+0)"),
    ],
)
def test_moment_is_shown_with_its_time_zone(zone: ZoneInfo, shown: str) -> None:
    assert local_moment(NOW, zone) == shown
    assert local_date(NOW, zone) == shown[:10]


def test_blank_bottom_is_measured_from_the_lowest_ink() -> None:
    page = bytearray(b"\xff" * 50)
    assert PageInk(5, 10, bytes(page)).blank_bottom() == 1
    page[5 * 6 + 4] = 0
    assert PageInk(5, 10, bytes(page)).blank_bottom() == 0.3


def test_no_picture_of_what_is_no_pdf() -> None:
    with pytest.raises(PageLookError):
        look_at_pages(b"no pdf")
