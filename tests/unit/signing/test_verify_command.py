"""`marshrut verify` and `marshrut sign`: exit codes, plain Russian, nothing overwritten."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from marshrut.cli import main
from marshrut.cli.verify import read_person, read_time
from signing.trust_folder import save_trust_folder
from signing.verdicts import Report, TimeBasis, Verdict
from tests import ocsp_responder
from tests.ocsp_responder import HOUR
from tests.pki import DAY, YEAR, Authority, Holder
from tests.tsa import stamped, tsa_of
from tests.unit.signing.conftest import CONTENT, plain_pdf, trust_in


@dataclass(frozen=True)
class Desk:
    """A folder with a document, a key, trust and lists, all of today."""

    folder: Path
    issuing: Authority

    def run(self, *arguments: str, password: str | None = "пароль", typed: str = "") -> Result:
        environment = {"MARSHRUT_P12_PASSWORD": password}
        return CliRunner().invoke(main, list(arguments), env=environment, input=typed)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def sign(self, form: str, out: str, name: str = "order.pdf") -> Result:
        return self.run(
            "sign",
            self.path(name),
            "--p12",
            self.path("head.p12"),
            "--format",
            form,
            "--out",
            self.path(out),
        )

    def verify(self, *arguments: str) -> Result:
        lists = ("--crl", self.path("root.crl"), "--crl", self.path("issuing.crl"))
        return self.run("verify", "--trust", self.path("trust"), *lists, *arguments)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The commands read the real clock, so everything here is made around now."""
    now = datetime.now(UTC).replace(microsecond=0)
    fresh = {"this_update": now - DAY, "next_update": now + DAY}
    root = Authority.root(not_after=now + 10 * YEAR)
    issuing = root.issuing(not_after=now + 10 * YEAR)
    person = issuing.person(not_before=now - DAY, not_after=now + YEAR)
    (tmp_path / "order.pdf").write_bytes(plain_pdf())
    (tmp_path / "order.txt").write_bytes(CONTENT)
    (tmp_path / "head.p12").write_bytes(person.pkcs12("пароль"))
    (tmp_path / "root.crl").write_bytes(root.crl(**fresh))
    (tmp_path / "issuing.crl").write_bytes(issuing.crl(**fresh))
    save_trust_folder(trust_in(root), tmp_path / "trust")
    return Desk(tmp_path, issuing)


def test_a_pdf_is_signed_and_verified(desk: Desk) -> None:
    assert desk.sign("pades", "signed.pdf").exit_code == 0
    result = desk.verify(desk.path("signed.pdf"))
    assert (result.exit_code, "Итог: подпись действительна." in result.output) == (0, True)


def test_any_file_is_signed_detached_and_verified(desk: Desk) -> None:
    assert desk.sign("cades", "order.sig", "order.txt").exit_code == 0
    result = desk.verify(desk.path("order.txt"), "--signature", desk.path("order.sig"))
    assert result.exit_code == 0


def test_a_signature_beside_its_file_need_not_be_named(desk: Desk) -> None:
    desk.sign("cades", "order.txt.sig", "order.txt")
    assert desk.verify(desk.path("order.txt")).exit_code == 0
    (desk.folder / "order.txt").write_bytes(CONTENT + b".")
    assert desk.verify(desk.path("order.txt")).exit_code == 1


def test_a_bad_signature_beside_a_signed_pdf_is_not_passed_over(desk: Desk) -> None:
    desk.sign("pades", "signed.pdf")
    desk.sign("cades", "signed.pdf.sig", "order.txt")
    result = desk.verify(desk.path("signed.pdf"))
    assert result.exit_code == 1
    assert "Итог: подпись действительна." in result.output


def test_a_changed_file_is_invalid(desk: Desk) -> None:
    desk.sign("cades", "order.sig", "order.txt")
    (desk.folder / "order.txt").write_bytes(CONTENT + b".")
    result = desk.verify(desk.path("order.txt"), "--signature", desk.path("order.sig"))
    assert result.exit_code == 1
    assert "Документ изменён после подписания" in result.output


def test_without_trust_nothing_is_decided(desk: Desk) -> None:
    desk.sign("pades", "signed.pdf")
    result = desk.run("verify", desk.path("signed.pdf"))
    assert result.exit_code == 2
    assert "Доверенные удостоверяющие центры не указаны" in result.output


def test_without_lists_nothing_is_decided(desk: Desk) -> None:
    desk.sign("pades", "signed.pdf")
    result = desk.run("verify", desk.path("signed.pdf"), "--trust", desk.path("trust"))
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("Березкина Мария Ильинична", 0),
        ("112-233-445 95", 0),
        ("Берёзкина Мария Ильинична 11223344595", 0),
        ("Соснов Пётр Андреевич", 1),
        ("11223344596", 1),
        ("Соснов Пётр Андреевич, 11223344595", 1),
        ("12345", 2),
        ("Берёзкина", 2),
    ],
)
def test_for_whom(person: str, code: int, desk: Desk) -> None:
    desk.sign("pades", "signed.pdf")
    assert desk.verify(desk.path("signed.pdf"), "--for", person).exit_code == code


def test_another_time_is_hypothetical(desk: Desk) -> None:
    desk.sign("pades", "signed.pdf")
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    result = desk.verify(desk.path("signed.pdf"), "--at", past, "--json")
    report = Report.from_json(result.output.strip())
    assert result.exit_code == 0
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.HYPOTHETICAL
    assert desk.verify(desk.path("signed.pdf"), "--at", "2020-01-01").exit_code == 1
    assert desk.verify(desk.path("signed.pdf"), "--at", "завтра").exit_code == 2


def test_a_timestamp_counts_when_the_folder_says_whose(desk: Desk) -> None:
    desk.sign("cades", "order.sig", "order.txt")
    now = datetime.now(UTC)
    tsa = tsa_of(desk.issuing, not_before=now - DAY, not_after=now + DAY)
    signature = desk.folder / "order.sig"
    signature.write_bytes(stamped(signature.read_bytes(), tsa, now))
    asked = (desk.path("order.txt"), "--signature", str(signature), "--json")
    assert basis_of(desk.verify(*asked)) is TimeBasis.NOW

    manifest = desk.folder / "trust" / "trust.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(said | {"timestamping": said["anchors"]}), encoding="utf-8")
    assert basis_of(desk.verify(*asked)) is TimeBasis.PROVEN


def basis_of(result: Result) -> TimeBasis:
    assert result.exit_code == 0
    return Report.from_json(result.output.strip()).signatures[0].time_basis


def test_a_pdf_without_signatures_is_invalid(desk: Desk) -> None:
    result = desk.verify(desk.path("order.pdf"))
    assert result.exit_code == 1
    assert "подписей в файле нет" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("order.txt",), "нет подписи: ни внутри, ни рядом"),
        (("order.txt", "--signature", "order.pdf"), "не удалось прочитать как электронную подпись"),
        (("order.pdf", "--crl", "order.txt"), "список отозванных"),
        (("order.pdf", "--ocsp", "order.txt"), "Ответ об отзыве сертификата"),
        (("order.pdf", "--trust", "."), "нет файла trust.json"),
    ],
)
def test_bad_input_gets_one_clear_message(
    arguments: tuple[str, ...], words: str, desk: Desk
) -> None:
    paths = [a if a.startswith("--") else desk.path(a) for a in arguments]
    result = desk.run("verify", *paths)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_answers_and_lists_are_taken_together(desk: Desk) -> None:
    """The signer is known by an answer, the authority by a list; a revocation wins."""
    now = datetime.now(UTC).replace(microsecond=0)
    assert desk.sign("cades", "order.sig").exit_code == 0
    holder = Holder(load_pkcs12(Path(desk.path("head.p12")).read_bytes()), desk.issuing.holder.key)
    good_now = ocsp_responder.Said(this_update=now - HOUR, next_update=now + HOUR)
    gone_now = replace(ocsp_responder.revoked(now - DAY), this_update=now - HOUR)
    for name, said in (("good", good_now), ("gone", gone_now)):
        made = ocsp_responder.answer(holder, desk.issuing, said, produced_at=now - HOUR)
        Path(desk.path(f"{name}.ocsp")).write_bytes(made)
    judged = (desk.path("order.pdf"), "--signature", desk.path("order.sig"))
    common = ("verify", *judged, "--trust", desk.path("trust"), "--crl", desk.path("root.crl"))
    good, gone = (("--ocsp", desk.path(f"{name}.ocsp")) for name in ("good", "gone"))
    assert desk.run(*common).exit_code == 2
    assert desk.run(*common, *good).exit_code == 0
    assert desk.run(*common, *good, "--crl", desk.path("issuing.crl")).exit_code == 0
    assert desk.run(*common, *good, *gone).exit_code == 1
    assert desk.run(*common, *gone, "--crl", desk.path("issuing.crl")).exit_code == 1


def load_pkcs12(content: bytes) -> x509.Certificate:
    _, certificate, _ = pkcs12.load_key_and_certificates(content, "пароль".encode())
    assert certificate is not None
    return certificate


def test_nothing_is_overwritten(desk: Desk) -> None:
    (desk.folder / "taken.sig").write_bytes(b"precious")
    result = desk.sign("cades", "taken.sig")
    assert result.exit_code == 1
    assert "уже есть и не заменён" in result.output
    assert (desk.folder / "taken.sig").read_bytes() == b"precious"


def test_a_wrong_password_writes_nothing(desk: Desk) -> None:
    result = desk.run(
        "sign",
        desk.path("order.pdf"),
        "--p12",
        desk.path("head.p12"),
        "--format",
        "pades",
        "--out",
        desk.path("signed.pdf"),
        password="другой",
    )
    assert result.exit_code == 1
    assert "Пароль ключа неверен" in result.output
    assert not (desk.folder / "signed.pdf").exists()


def test_the_password_is_asked_for_and_not_shown(desk: Desk) -> None:
    result = desk.run(
        "sign",
        desk.path("order.pdf"),
        "--p12",
        desk.path("head.p12"),
        "--format",
        "pades",
        "--out",
        desk.path("signed.pdf"),
        password=None,
        typed="пароль\n",
    )
    assert result.exit_code == 0
    assert "пароль\n" not in result.output


def test_an_expired_certificate_signs_nothing(desk: Desk) -> None:
    now = datetime.now(UTC)
    old: Holder = desk.issuing.person(not_before=now - YEAR, not_after=now - DAY)
    (desk.folder / "head.p12").write_bytes(old.pkcs12("пароль"))
    result = desk.sign("pades", "signed.pdf")
    assert result.exit_code == 1
    assert "Ничего не подписано" in result.output


def test_a_broken_pdf_is_not_signed(desk: Desk) -> None:
    result = desk.sign("pades", "signed.pdf", "order.txt")
    assert result.exit_code == 1
    assert "не удалось прочитать как PDF" in result.output


def test_a_person_is_read_from_the_command_line() -> None:
    assert read_person("Иванова-Петрова Анна Оглы 112 233 445 95").snils == "112 233 445 95"
    assert read_person("Иванова-Петрова Анна Оглы").given_name == "Анна Оглы"
    with pytest.raises(click.BadParameter):
        read_person("")


def test_a_time_with_a_zone_is_taken_as_said() -> None:
    assert read_time("2026-05-01T12:30+03:00") == datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
