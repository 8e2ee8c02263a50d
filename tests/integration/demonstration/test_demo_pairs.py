"""The pairs' story as the command tells it, judged by tools that are not ours.

One real run (Word, LibreOffice, signatures) that ends now.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from marshrut.cli import main
from tests.integration.demonstration.judges import (
    Shown,
    bundle,
    openssl_agrees,
    pdfsig_agrees,
    show,
)

#: A whole life of documents with Word and LibreOffice, before the first test begins.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show("yurga", tmp_path_factory.mktemp("pairs") / "out")


def pair_of(shown: Shown, mentee: str) -> dict[str, Any]:
    return next(p for p in shown.report["pairs"] if p["mentees"][0].startswith(mentee))


def owed(shown: Shown, mentee: str, code: str) -> list[dict[str, Any]]:
    """What is owed in the pair of the mentee by papers of the type."""
    pair = pair_of(shown, mentee)["id"]
    found = [o for o in shown.report["obligations"] if o["pair"] == pair]
    return [o for o in found if o["task"].startswith(f"{code}.")]


def turns(shown: Shown, mentee: str) -> list[str]:
    return [turn["kind"] for turn in pair_of(shown, mentee)["turns"]]


def test_the_first_pair_lives_to_its_end(shown: Shown) -> None:
    assert pair_of(shown, "Голубева")["status"] == "term_over"
    for code in ("D16", "D26", "D27"):
        assert all(o["in_time"] for o in owed(shown, "Голубева", code)), code
    (package,) = shown.report["submissions"]
    assert package["receipt"]["accepted"]
    sent = [(item["type"], item["verdict"]) for item in package["items"]]
    assert sent == [("D33", "valid"), ("D26", "valid"), ("D27", "valid")]


def test_the_second_pair_gets_another_mentor(shown: Shown) -> None:
    pair = pair_of(shown, "Никитин")
    assert pair["status"] == "running"
    assert pair["mentor"].startswith("Зотова")
    assert turns(shown, "Никитин") == ["begun", "notice", "notice", "replaced"]
    plans = {o["debtor"].split("\xa0")[0]: o["in_time"] for o in owed(shown, "Никитин", "D16")}
    assert plans == {"Комаров": True, "Зотова": True, "curator": True}


def test_one_order_names_five_pairs_and_loses_one_line(shown: Shown) -> None:
    order = next(d for d in shown.documents("D14") if len(d["pairs"]) == 5)
    assert order["state"] == "amended"
    assert order["cancelled_lines"] == [pair_of(shown, "Руденко")["id"]]
    assert pair_of(shown, "Руденко")["status"] == "cancelled"
    cancelled = owed(shown, "Руденко", "D16")
    assert {o["state"] for o in cancelled} == {"cancelled"}
    assert all("Приказ об отмене приказа" in o["reason"] for o in cancelled)


def test_the_order_is_acknowledged_in_four_ways(shown: Shown) -> None:
    order = next(d for d in shown.documents("D14") if len(d["pairs"]) == 5)
    verdicts = Counter(reader["verdict"] for reader in order["acknowledged"])
    assert verdicts == {
        "acknowledged": 8,
        "acknowledged_on_paper": 1,
        "absent": 1,
        "refused": 1,
    }


def test_whoever_refused_electronics_signs_everything_on_paper(shown: Shown) -> None:
    pair = pair_of(shown, "Тен")
    assert pair["status"] == "suspended"
    own = [d for d in shown.report["documents"] if d["pairs"] == [pair["id"]]]
    on_paper = {d["type"]: d["on_paper"] for d in own}
    assert on_paper == {"D09": True, "D10": False, "D13": True, "D16": True}


def test_a_late_plan_is_told_and_a_longer_term_moves_what_is_owed(shown: Shown) -> None:
    late = [o for o in owed(shown, "Савина", "D16") if o["debtor"].startswith("Фролова")]
    assert [o["in_time"] for o in late] == [False]
    assert turns(shown, "Савина") == ["begun", "extended"]
    (report,) = owed(shown, "Савина", "D26")
    assert report["reason"].startswith("Приказ о продлении")


def test_the_kindergartens_pair_entered_in_mid_life(shown: Shown) -> None:
    pair = pair_of(shown, "Гаврилова")
    assert pair["status"] == "running"
    own = [d for d in shown.report["documents"] if d["pairs"] == [pair["id"]]]
    assert {(d["type"], d["on_paper"]) for d in own} == {("D14", True), ("D16", True)}


def test_every_signature_is_valid_with_ours_and_with_outside_judges(
    shown: Shown, tmp_path: Path
) -> None:
    assert shown.report["valid"] is True
    signatures = [s for d in shown.report["documents"] for s in d["signatures"]]
    assert {s["verdict"] for s in signatures} == {"valid"}
    formats = Counter(s["format"] for s in signatures)
    assert formats["simple"] >= 25
    detached = list(shown.signatures("cades"))
    assert len(detached) >= 10
    authorities = bundle(shown, tmp_path)
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(detached[0][0].read_bytes() + b" ")
    assert not openssl_agrees(changed, detached[0][1], authorities), "it must be able to say no"
    assert [c for c, s in detached if not openssl_agrees(c, s, authorities)] == []
    assert [f for _, f in shown.signatures("pades") if not pdfsig_agrees(f)] == []


def test_heads_signed_the_agreements_with_qualified_certificates(shown: Shown) -> None:
    electronic = [d for d in shown.documents("D13") if not d["on_paper"]]
    assert len(electronic) == 3
    for agreement in electronic:
        assert len(agreement["signatures"]) == 2


def test_marshrut_verify_checks_a_simple_signature_elsewhere(shown: Shown) -> None:
    content, signature = next(iter(shown.signatures("simple")))
    command = ["verify", str(content), "--signature", str(signature)]
    assert CliRunner().invoke(main, command).exit_code == 2, "an installation nobody named"
    known = ["--installation", shown.report["installation"]]
    assert CliRunner().invoke(main, [*command, *known]).exit_code == 0
    other = next(c for c, _ in shown.signatures("simple") if c != content)
    foreign = ["verify", str(other), "--signature", str(signature), *known]
    assert CliRunner().invoke(main, foreign).exit_code == 1


def test_the_command_prints_the_pairs(shown: Shown) -> None:
    lines = [line for line in shown.said.splitlines() if "→" in line]
    assert len(lines) == 6
    assert "Голубева" in lines[0]
    assert lines[0].endswith("Завершена по сроку")
