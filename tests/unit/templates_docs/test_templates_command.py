"""`marshrut templates check` as somebody at the keyboard sees it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from marshrut.cli.templates import blocks_of, check_paths, templates
from templates_docs.known import PLAIN
from tests.unit.templates_docs.word import docx_of


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(templates, ["check", *arguments])
    return result.exit_code, result.output


def test_a_sound_template(tmp_path: Path) -> None:
    path = tmp_path / "D99-test.docx"
    path.write_bytes(docx_of("{{ org.short_name }}"))
    assert run(str(path)) == (0, "Проверено шаблонов: 1. Ошибок нет.\n")


def test_a_broken_template_names_file_paragraph_and_beginning(tmp_path: Path) -> None:
    path = tmp_path / "D99-test.docx"
    path.write_bytes(docx_of("Приказ", "В {{ org.short_препл }}"))
    status, output = run(str(path))
    assert status == 1
    assert f"{path}: абзац 2 («В {{{{ org.short_препл }}}}»): В поле «org» нет" in output
    assert "Может быть, «short_предл»?" in output
    assert "Проверено шаблонов: 1. Ошибок: 1." in output


def test_a_file_that_is_no_document_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "D99-test.docx"
    path.write_bytes(b"\x00\x01\x02")
    status, output = run(str(path))
    assert status == 1
    assert "не является документом Word" in output
    assert "Traceback" not in output


def test_a_folder_is_checked_whole_without_word_s_lock_files(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "D01-a.docx").write_bytes(docx_of("{{ org.place }}"))
    (tmp_path / "pack" / "~$D01-a.docx").write_bytes(b"lock")
    assert run(str(tmp_path)) == (0, "Проверено шаблонов: 1. Ошибок нет.\n")


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    status, _ = run(str(tmp_path / "nothing.docx"))
    assert status == 2


def test_blocks_lie_in_the_folder_common(tmp_path: Path) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "tetyushi").mkdir()
    (tmp_path / "common" / "seal.docx").write_bytes(docx_of("печать"))
    (tmp_path / "common" / "D02-order.docx").write_bytes(docx_of("приказ"))
    for folder in (tmp_path, tmp_path / "tetyushi"):
        assert "seal" in blocks_of(folder)
        assert "D02-order" not in blocks_of(folder)


def test_the_fields_of_a_type_can_be_handed_in(tmp_path: Path) -> None:
    path = tmp_path / "D99-test.docx"
    path.write_bytes(docx_of("{{ basis }} {{ bassis }}"))
    ((_, problem),) = check_paths(path, lambda _: {"basis": PLAIN})
    assert problem.params == {"name": "bassis", "guess": "basis"}
