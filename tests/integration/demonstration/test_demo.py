"""The demonstration, judged by tools that are not ours.

One real run (Word, LibreOffice, signatures) ends now; what it exported is put before `pdfsig`
and `openssl cms`, each of which is first shown to reject a broken file.
"""

from __future__ import annotations

from pathlib import Path

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
    return show("tetyushi", tmp_path_factory.mktemp("demo") / "out")


@pytest.fixture(scope="module")
def authorities(shown: Shown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(shown, tmp_path_factory.mktemp("trust"))


def test_every_electronic_signature_in_force_is_valid(shown: Shown) -> None:
    assert shown.report["valid"] is True
    verdicts = [s["verdict"] for d in shown.report["documents"] for s in d["signatures"]]
    assert len(verdicts) >= 20
    assert set(verdicts) == {"valid"}


def test_pdfsig_agrees_with_every_pades_signature(shown: Shown, tmp_path: Path) -> None:
    files = [signed for _, signed in shown.signatures("pades")]
    assert len(files) >= 15
    broken = tmp_path / "broken.pdf"
    content = bytearray(files[0].read_bytes())
    content[len(content) // 4] ^= 1
    broken.write_bytes(content)
    assert not pdfsig_agrees(broken), "the judge must be able to say no"
    longer = tmp_path / "longer.pdf"
    longer.write_bytes(files[0].read_bytes() + b"\n% more\n")
    assert not pdfsig_agrees(longer), "the judge must see what is not signed"
    assert [f for f in files if not pdfsig_agrees(f)] == []


def test_openssl_agrees_with_every_detached_signature(
    shown: Shown, authorities: Path, tmp_path: Path
) -> None:
    pairs = list(shown.signatures("cades"))
    assert len(pairs) == 3
    content, signature = pairs[0]
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content.read_bytes() + b" ")
    assert not openssl_agrees(changed, signature, authorities), "the judge must be able to say no"
    nobody = tmp_path / "nobody.pem"
    nobody.write_text("")
    assert not openssl_agrees(content, signature, nobody)
    assert [c for c, s in pairs if not openssl_agrees(c, s, authorities)] == []


def test_a_fixed_file_is_the_beginning_of_its_signed_one(shown: Shown) -> None:
    for fixed, signed in shown.signatures("pades"):
        assert signed.read_bytes().startswith(fixed.read_bytes())


def test_the_four_schools_came_as_the_story_says(shown: Shown) -> None:
    arrivals = {
        (o["organisation"], o["task"]): (o["first_arrival"][:10] > o["due"], o["on_paper"])
        for o in shown.report["obligations"]
        if o["task"] == "2.5-1"
    }
    assert arrivals == {
        ("МБОУ «Лесногорская СОШ № 1»", "2.5-1"): (False, False),
        ("МБОУ «Лесногорская СОШ № 2»", "2.5-1"): (True, False),
        ("МБОУ «Берёзовская ООШ»", "2.5-1"): (False, False),
        ("МБДОУ «Детский сад № 5 «Рябинка»", "2.5-1"): (False, True),
    }
    returned = [s for s in shown.report["submissions"] if s["state"] == "returned"]
    assert [s["organisation"] for s in returned] == ["МБОУ «Берёзовская ООШ»"]
    accepted = [s for s in shown.report["submissions"] if s["state"] == "accepted"]
    assert len([s for s in accepted if not s["on_paper"]]) == 3


def test_every_document_names_its_files(shown: Shown) -> None:
    for document in shown.report["documents"]:
        for file in document["files"]:
            assert (shown.folder / file["pdf"]).read_bytes().startswith(b"%PDF")
            if document["state"] == "in_force" and document["approved_by"] is None:
                assert document["type"] == "D01" or (shown.folder / file["visual_copy"]).is_file()


def test_marshrut_verify_agrees_elsewhere(shown: Shown) -> None:
    trust = shown.folder / "trust"
    lists = [option for crl in sorted(trust.glob("*.crl")) for option in ("--crl", str(crl))]
    content, signature = next(iter(shown.signatures("cades")))
    command = ["verify", str(content), "--signature", str(signature), "--trust", str(trust)]
    assert CliRunner().invoke(main, [*command, *lists]).exit_code == 0
    assert CliRunner().invoke(main, command).exit_code == 2, "without lists: undecided"
    _, signed = next(iter(shown.signatures("pades")))
    command = ["verify", str(signed), "--trust", str(trust), *lists]
    assert CliRunner().invoke(main, command).exit_code == 0


def test_what_proves_the_time_lies_beside_every_signature(shown: Shown) -> None:
    trust = shown.folder / "trust"
    lists = [option for crl in sorted(trust.glob("*.crl")) for option in ("--crl", str(crl))]
    entries = [s for d in shown.report["documents"] for s in d["signatures"]]
    assert entries
    for entry in entries:
        assert (shown.folder / entry["record"]).name == f"{Path(entry['file']).name}.ers"
    content, signature = next(iter(shown.signatures("cades")))
    command = ["verify", str(content), "--signature", str(signature), "--trust", str(trust)]
    said = CliRunner().invoke(main, [*command, *lists, "--record", f"{signature}.ers"])
    assert said.exit_code == 0
    assert "Формат: CAdES-T, со свидетельством сохранности" in said.output


def test_every_pades_signature_has_a_copy_that_needs_no_lists(shown: Shown) -> None:
    entries = [s for d in shown.report["documents"] for s in d["signatures"]]
    within = [each for each in entries if each["file"].endswith(".pdf")]
    assert within
    for each in within:
        signed = (shown.folder / each["file"]).read_bytes()
        assert (shown.folder / each["long_term"]).read_bytes().startswith(signed)
    copy = shown.folder / within[0]["long_term"]
    said = CliRunner().invoke(main, ["verify", str(copy), "--trust", str(shown.folder / "trust")])
    assert said.exit_code == 0, said.output
    assert "Формат: PAdES B-LTA" in said.output


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("важное")
    result = CliRunner().invoke(main, ["demo", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "не пуста" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
