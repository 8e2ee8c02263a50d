"""What `marshrut verify` takes: signed PDFs, signatures with and without a document, packages."""

from __future__ import annotations

import json
import struct
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from click.testing import CliRunner, Result

from marshrut.cli import main
from signing.errors import SigningError
from signing.file_check import judge_files, verdict_over
from signing.packages import (
    MAX_FILES,
    PackageEncryptedError,
    PackageError,
    PackageNameError,
    PackageTooLargeError,
    PackedFile,
    read_package,
)
from signing.sign import sign_detached, sign_pdf
from signing.trust_folder import save_trust_folder
from signing.validate import Validation
from signing.verdicts import Verdict
from tests.pki import DAY, NOON, YEAR, Authority, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, plain_pdf, trust_in

OFFICE = Office.open("пакетов")
KEY = key_of(OFFICE.issuing.person())
GROUNDS = grounds_of(trust_in(OFFICE.root), OFFICE.crls)
PDF = plain_pdf()
SIGNATURE = sign_detached(CONTENT, KEY, NOON)


def packed(*files: tuple[str, bytes]) -> bytes:
    """A ZIP of these files."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return output.getvalue()


def attached(signature: bytes, content: bytes) -> bytes:
    """The signature file with its document put inside."""
    envelope = cms.ContentInfo.load(signature)
    envelope["content"]["encap_content_info"]["content"] = content
    return bytes(envelope.dump(force=True))


def verdicts(content: bytes, name: str = "Пакет.zip") -> dict[tuple[str, str], str]:
    """Verdict, or the code of the error, by file and signature."""
    judged = judge_files(name, content, GROUNDS)
    return {
        (each.name, each.signature_name): each.verdict.value
        if isinstance(each.found, Validation)
        else each.found.code
        for each in judged
    }


@pytest.mark.parametrize("first", ["[Content_Types].xml", "mimetype"])
def test_an_office_document_is_one_file_and_no_package(first: str) -> None:
    document = packed((first, b"application/vnd.oasis"), ("content.xml", b"<a/>"))
    assert verdicts(document, "Приказ.docx") == {("Приказ.docx", ""): "signing.not_signed"}
    signature = ("Приказ.docx.sig", sign_detached(document, KEY, NOON))
    package = packed(("Приказ.docx", document), signature)
    assert verdicts(package) == {("Приказ.docx", "Приказ.docx.sig"): "valid"}


def test_a_package_pairs_files_with_their_signatures_by_name() -> None:
    package = packed(
        ("1. Приказ.txt", CONTENT),
        ("1. Приказ.txt.sig", SIGNATURE),
        ("1. Приказ.txt.Сосновой.p7s", SIGNATURE),
        ("Карта/Дорожная карта.txt", CONTENT),
        ("Карта/Дорожная карта.sig", SIGNATURE),
        ("Положение.pdf", sign_pdf(PDF, KEY, NOON)),
        ("Вложенная.p7m", attached(SIGNATURE, CONTENT)),
    )
    assert verdicts(package) == {
        ("1. Приказ.txt", "1. Приказ.txt.sig"): "valid",
        ("1. Приказ.txt", "1. Приказ.txt.Сосновой.p7s"): "valid",
        ("Карта/Дорожная карта.txt", "Карта/Дорожная карта.sig"): "valid",
        ("Положение.pdf", ""): "valid",
        ("Вложенная.p7m", ""): "valid",
    }
    assert verdict_over(judge_files("Пакет.zip", package, GROUNDS)) is Verdict.VALID


def test_one_file_that_is_not_signed_or_not_rightly_spoils_the_package() -> None:
    good = (("a.txt", CONTENT), ("a.txt.sig", SIGNATURE))
    for more, answer, verdict in (
        (("b.txt", b"text"), "signing.not_signed", Verdict.UNDECIDED),
        (("b.pdf", PDF), "invalid", Verdict.INVALID),
        (("b.sig", SIGNATURE), "signing.detached", Verdict.UNDECIDED),
        (("b.zip", packed(*good)), "signing.not_signed", Verdict.UNDECIDED),
        (("b.sig", b"\x30\x00"), "signing.cms_unreadable", Verdict.UNDECIDED),
    ):
        package = packed(*good, more)
        assert verdicts(package)[(more[0], "")] == answer
        assert verdict_over(judge_files("", package, GROUNDS)) is verdict
    changed = packed(("a.txt", CONTENT + b"!"), ("a.txt.sig", SIGNATURE))
    assert verdict_over(judge_files("", changed, GROUNDS)) is Verdict.INVALID


def test_nothing_judged_is_nothing_valid() -> None:
    assert verdict_over(()) is Verdict.UNDECIDED


def test_a_signature_that_could_belong_to_two_files_stands_alone() -> None:
    package = packed(("a.txt", CONTENT), ("a.pdf", PDF), ("a.sig", SIGNATURE))
    assert verdicts(package)[("a.sig", "")] == "signing.detached"


BAD_NAMES = ["../a.txt", "/a.txt", "a/../../b", "C:a.txt", "a\\b", "a//b", "./a", "a\x01"]


@pytest.mark.parametrize("name", [*BAD_NAMES, "\u202egpj.exe", "a/b/c/d/e.txt", "x" * 300])
def test_a_name_that_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(PackageNameError):
        read_package(packed((name, b"text")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["a.txt", "A.TXT"])
def test_two_files_of_one_name_are_refused(other: str) -> None:
    with pytest.raises(PackageNameError):
        read_package(packed(("a.txt", b"one"), (other, b"two")))


def test_a_link_is_refused() -> None:
    output = BytesIO()
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr(link, b"/etc/passwd")
    with pytest.raises(PackageNameError):
        read_package(output.getvalue())


def test_names_of_old_programs_are_read_as_russian() -> None:
    package = packed(("Приказ.txt", CONTENT))
    utf8, old = "Приказ.txt".encode(), "Приказ.txt".encode("cp866")
    length = len(utf8) - len(old)
    assert length > 0
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("x" * len(old), CONTENT)
    written = output.getvalue().replace(b"x" * len(old), old)
    assert [each.name for each in read_package(written)] == ["Приказ.txt"]
    assert [each.name for each in read_package(package)] == ["Приказ.txt"]


# Bombs


def test_a_file_that_unpacks_into_too_much_is_refused() -> None:
    with pytest.raises(PackageTooLargeError):
        read_package(packed(("zeros.txt", bytes(60 * 1024 * 1024))))


def test_files_that_together_unpack_into_too_much_are_refused() -> None:
    zeros = bytes(40 * 1024 * 1024)
    with pytest.raises(PackageTooLargeError):
        read_package(packed(*((f"{number}.txt", zeros) for number in range(3))))


def test_a_size_that_is_not_true_is_not_believed() -> None:
    package = bytearray(packed(("zeros.txt", bytes(60 * 1024 * 1024))))
    at = package.rindex(b"PK\x01\x02")
    package[at + 24 : at + 28] = struct.pack("<L", 10)
    with pytest.raises(PackageError):
        read_package(bytes(package))


def test_too_many_files_are_refused_before_the_directory_is_read() -> None:
    with pytest.raises(PackageTooLargeError):
        read_package(packed(*((f"{number}.txt", b"") for number in range(MAX_FILES + 1))))
    with pytest.raises(PackageTooLargeError):
        read_package(packed(*((f"{number:0200}.txt", b"") for number in range(3000))))


def test_a_protected_file_is_refused() -> None:
    package = bytearray(packed(("a.txt", CONTENT)))
    package[package.index(b"PK\x03\x04") + 6] |= 1
    package[package.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PackageEncryptedError):
        read_package(bytes(package))


def test_a_mutated_package_is_refused_or_judged_and_never_crashes() -> None:
    package = packed(("a.txt", CONTENT), ("a.txt.sig", SIGNATURE))
    passed = 0
    for position in range(0, len(package), 3):
        mutated = bytearray(package)
        mutated[position] ^= 0xFF
        try:
            judged = judge_files("", bytes(mutated), GROUNDS)
        except SigningError:
            continue
        passed += verdict_over(judged) is Verdict.VALID
        contents = {each.content for each in read_package_or_none(bytes(mutated))}
        assert verdict_over(judged) is not Verdict.VALID or CONTENT in contents
    assert passed < len(package) // 3


def read_package_or_none(content: bytes) -> tuple[PackedFile, ...]:
    try:
        return read_package(content)
    except SigningError:
        return ()


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100), packed()])
def test_what_is_no_package_is_said(content: bytes) -> None:
    with pytest.raises(SigningError):
        read_package(content)


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The command reads the real clock, so everything here is made around now."""
    now = datetime.now(UTC).replace(microsecond=0)
    fresh = {"this_update": now - DAY, "next_update": now + DAY}
    root = Authority.root("Корень пакетов", not_after=now + 10 * YEAR)
    key = key_of(root.person(not_before=now - DAY, not_after=now + YEAR))
    signature = sign_detached(CONTENT, key, now)
    save_trust_folder(trust_in(root), tmp_path / "trust")
    (tmp_path / "root.crl").write_bytes(root.crl(**fresh))
    (tmp_path / "order.txt").write_bytes(CONTENT)
    (tmp_path / "order.txt.sig").write_bytes(signature)
    (tmp_path / "unsigned.txt").write_bytes(CONTENT)
    (tmp_path / "alone.p7s").write_bytes(signature)
    (tmp_path / "inside.p7m").write_bytes(attached(signature, CONTENT))
    (tmp_path / "signed.pdf").write_bytes(sign_pdf(PDF, key, now))
    whole = packed(("a.txt", CONTENT), ("a.txt.sig", signature))
    (tmp_path / "whole.zip").write_bytes(whole)
    lacking = packed(("a.txt", CONTENT), ("a.txt.sig", signature), ("b.txt", b""))
    (tmp_path / "lacking.zip").write_bytes(lacking)
    return tmp_path


def verified(folder: Path, *arguments: str) -> Result:
    trust = ("--trust", str(folder / "trust"), "--crl", str(folder / "root.crl"))
    named = [each if each.startswith("--") else str(folder / each) for each in arguments]
    return CliRunner().invoke(main, ["verify", *trust, *named])


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("signed.pdf", 0, "TOTAL-PASSED"),
        ("order.txt.sig", 0, "TOTAL-PASSED"),
        ("inside.p7m", 0, "TOTAL-PASSED"),
        ("whole.zip", 0, "TOTAL-PASSED"),
        ("alone.p7s", 2, "INDETERMINATE / SIGNED_DATA_NOT_FOUND"),
        ("lacking.zip", 2, "У файла нет подписи: ни внутри, ни рядом."),
        ("order.txt", 0, "TOTAL-PASSED"),
        ("unsigned.txt", 2, "У файла нет подписи: ни внутри, ни рядом."),
    ],
)
def test_the_command_takes_it(name: str, code: int, words: str, folder: Path) -> None:
    result = verified(folder, name)
    assert words in result.output
    assert result.exit_code == code


def test_every_report_says_that_it_is_a_technical_check(folder: Path) -> None:
    for name in ("signed.pdf", "whole.zip"):
        assert "Это техническая проверка" in verified(folder, name).output


def test_a_package_is_said_in_json_file_by_file(folder: Path) -> None:
    said = json.loads(verified(folder, "lacking.zip", "--json").output)
    assert [each["verdict"] for each in said] == ["valid", "undecided"]
    assert said[0]["signatures"][0]["indication"] == "TOTAL-PASSED"
    assert said[1]["code"] == "signing.not_signed"
