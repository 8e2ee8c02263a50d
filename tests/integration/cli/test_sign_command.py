"""`marshrut sign` as a real process: containers, tokens, several files, nothing overwritten."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.pdf.signatures import read_signatures
from signing.training.authority import TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts
from signing.verdicts import SignatureKind
from tests.commands import marshrut
from tests.softhsm import LIBRARY, PIN, SoftHsm, soft_hsm
from tests.unit.signing.conftest import plain_pdf

PASSWORD = "Пароль 2026"
BY_PASSWORD = {"MARSHRUT_P12_PASSWORD": PASSWORD}
BY_PIN = {"MARSHRUT_TOKEN_PIN": PIN}
TOKEN = "Школа № 1"
CONTENT = "Приказ № 12".encode()
FACTS = SubjectFacts("Берёзкина", "Мария Ильинична", "11223344595", "160000000001")
KINDS = list(KeyAlgorithm)


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> TrainingCA:
    return TrainingCA.create(datetime.now(UTC), 1, SignatureKind.ADVANCED)


@pytest.fixture(scope="module")
def containers(ca: TrainingCA) -> dict[str, bytes]:
    """Key files valid around now, because the command reads the real clock."""
    now = datetime.now(UTC)
    day = timedelta(days=1)
    made = {
        str(kind): ca.issue(FACTS, now - day, now + day, kind).pkcs12(PASSWORD) for kind in KINDS
    }
    made["expired"] = ca.issue(FACTS, now - 3 * day, now - day).pkcs12(PASSWORD)
    return made


@pytest.fixture
def folder(tmp_path: Path, containers: dict[str, bytes], ca: TrainingCA) -> Path:
    """A folder with two documents, and nothing of an installation."""
    made = tmp_path / "Документы"
    made.mkdir()
    (made / "приказ.pdf").write_bytes(plain_pdf())
    (made / "письмо.txt").write_bytes(CONTENT)
    for name, content in containers.items():
        (tmp_path / f"{name}.p12").write_bytes(content)
    (tmp_path / "root.pem").write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
    return made


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory, containers: dict[str, bytes]) -> SoftHsm:
    made = soft_hsm(tmp_path_factory.mktemp("hsm"))
    made.make_token(TOKEN)
    for number, kind in enumerate((KeyAlgorithm.RSA_2048, KeyAlgorithm.ECDSA_P256)):
        made.put(TOKEN, str(kind), f"A{number}", containers[kind], PASSWORD)
    return made


def verified(folder: Path, signature: bytes, content: bytes) -> bool:
    """Whether OpenSSL with the gost engine takes the signature."""
    work = folder.parent
    (work / "judged.sig").write_bytes(signature)
    (work / "judged").write_bytes(content)
    command = (
        *("openssl", "cms", "-verify", "-engine", "gost", "-binary", "-cades", "-inform", "DER"),
        *("-in", work / "judged.sig", "-content", work / "judged", "-purpose", "any"),
        *("-CAfile", work / "root.pem", "-out", work / "judged.out"),
    )
    done = subprocess.run(list(map(str, command)), capture_output=True, timeout=30, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_container_signs_beside_the_file_what_openssl_verifies(kind: str, folder: Path) -> None:
    done = marshrut(
        *("sign", "письмо.txt", "--p12", f"../{kind}.p12"), folder=folder, environment=BY_PASSWORD
    )
    assert done.returncode == 0, done.stderr
    assert "письмо.txt.sig" in done.stdout
    signature = (folder / "письмо.txt.sig").read_bytes()
    assert verified(folder, signature, CONTENT)
    assert not verified(folder, signature, CONTENT + b".")
    assert {p.name for p in folder.iterdir()} == {"приказ.pdf", "письмо.txt", "письмо.txt.sig"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_container_signs_inside_the_pdf(kind: str, folder: Path) -> None:
    asked = ("sign", "приказ.pdf", "--format", "pades", "--p12", f"../{kind}.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert done.returncode == 0, done.stderr
    signed = (folder / "приказ_signed.pdf").read_bytes()
    assert signed.startswith((folder / "приказ.pdf").read_bytes())
    (found,) = read_signatures(signed).signatures
    assert verified(folder, found.cms, b"".join(map(bytes, found.covered)))


def on_token(key: str) -> tuple[str, ...]:
    return ("--pkcs11", str(LIBRARY), "--token", TOKEN, "--key", key)


@pytest.mark.parametrize("key", ["rsa-2048", "ecdsa-p256"])
def test_a_key_on_a_token_signs_several_files_at_once(key: str, folder: Path, hsm: SoftHsm) -> None:
    environment = {**hsm.environment, **BY_PIN}
    asked = ("sign", "приказ.pdf", "письмо.txt", *on_token(key))
    done = marshrut(*asked, folder=folder, environment=environment)
    assert done.returncode == 0, done.stderr
    for name in ("приказ.pdf", "письмо.txt"):
        signature = (folder / f"{name}.sig").read_bytes()
        assert verified(folder, signature, (folder / name).read_bytes())


def test_a_key_on_a_token_signs_inside_the_pdf(folder: Path, hsm: SoftHsm) -> None:
    environment = {**hsm.environment, **BY_PIN}
    asked = ("sign", "приказ.pdf", "--format", "pades", *on_token("ecdsa-p256"))
    done = marshrut(*asked, folder=folder, environment=environment)
    assert done.returncode == 0, done.stderr
    (found,) = read_signatures((folder / "приказ_signed.pdf").read_bytes()).signatures
    assert verified(folder, found.cms, b"".join(map(bytes, found.covered)))


@pytest.mark.parametrize(
    ("options", "pin", "words"),
    [
        (on_token("rsa-2048"), "0000", "ПИН-код токена неверный"),
        (on_token("никакой"), PIN, "нет такого ключа"),
        (on_token("rsa-2048")[:4], PIN, "несколько ключей: ecdsa-p256, rsa-2048"),
        (("--pkcs11", str(LIBRARY), "--token", "Школа № 2"), PIN, "«Школа № 2» не подключён"),
        (("--pkcs11", __file__, "--token", TOKEN), PIN, "Библиотека токена не работает"),
    ],
)
def test_what_goes_wrong_with_a_token_is_said_and_nothing_is_written(
    options: tuple[str, ...], pin: str, words: str, folder: Path, hsm: SoftHsm
) -> None:
    environment = {**hsm.environment, "MARSHRUT_TOKEN_PIN": pin}
    done = marshrut("sign", "письмо.txt", *options, folder=folder, environment=environment)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert words in done.stderr
    assert not (folder / "письмо.txt.sig").exists()


def test_the_password_comes_by_a_descriptor_or_is_typed(folder: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PASSWORD}\n".encode())
    os.close(writing)
    asked = ("sign", "письмо.txt", "--p12", "../gost2012-256.p12")
    done = marshrut(*asked, "--password-fd", str(reading), folder=folder, descriptor=reading)
    os.close(reading)
    assert done.returncode == 0, done.stderr
    (folder / "письмо.txt.sig").unlink()
    typed = marshrut(*asked, "--password-fd", "0", folder=folder, typed=f"{PASSWORD}\n")
    assert typed.returncode == 0, typed.stderr
    assert PASSWORD not in done.stdout + done.stderr + typed.stdout + typed.stderr


def test_a_descriptor_that_is_not_open_is_said(folder: Path) -> None:
    asked = ("sign", "письмо.txt", "--p12", "../rsa-2048.p12", "--password-fd", "77")
    done = marshrut(*asked, folder=folder)
    assert (done.returncode, "дескриптора 77" in done.stderr) == (1, True)


def test_there_is_no_option_for_a_password(folder: Path) -> None:
    for option in ("--password", "--pin"):
        done = marshrut(
            *("sign", "письмо.txt", "--p12", "../rsa-2048.p12", option, PASSWORD), folder=folder
        )
        assert done.returncode == 2


def test_nothing_is_signed_when_one_result_is_there_already(folder: Path) -> None:
    (folder / "письмо.txt.sig").write_bytes(b"precious")
    asked = ("sign", "приказ.pdf", "письмо.txt", "--p12", "../rsa-2048.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert (done.returncode, "уже есть" in done.stderr) == (1, True)
    assert (folder / "письмо.txt.sig").read_bytes() == b"precious"
    assert not (folder / "приказ.pdf.sig").exists()


def test_all_files_are_signed_or_none(folder: Path) -> None:
    asked = ("sign", "приказ.pdf", "письмо.txt", "--format", "pades", "--p12", "../rsa-2048.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert done.returncode == 1
    assert "не удалось прочитать как PDF" in done.stderr
    assert list(folder.glob("*_signed*")) == []


def test_when_a_result_cannot_be_written_none_stays(folder: Path) -> None:
    """The name of the second result is longer than a file system takes."""
    long = folder / ("д" * 125 + ".pdf")
    long.write_bytes(plain_pdf())
    before = set(folder.iterdir())
    asked = ("sign", "письмо.txt", long.name, "--p12", "../ecdsa-p256.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert (done.returncode, done.stdout) == (1, "")
    assert "не удалось записать" in done.stderr
    assert "Traceback" not in done.stderr
    assert set(folder.iterdir()) == before


def test_one_place_written_in_two_ways_leaves_nothing_half_done(folder: Path) -> None:
    (folder / "сюда").mkdir()
    before = set(folder.iterdir())
    asked = ("sign", "письмо.txt", "сюда/../письмо.txt", "--p12", "../ecdsa-p256.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert done.returncode == 1
    assert "уже есть" in done.stderr
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize("aim", ["чужой", "никуда"])
def test_a_link_in_the_place_of_the_result_is_not_followed(aim: str, folder: Path) -> None:
    (folder.parent / "чужой").write_text("здесь было это", encoding="utf-8")
    (folder / "письмо.txt.sig").symlink_to(folder.parent / aim)
    done = marshrut(
        *("sign", "письмо.txt", "--p12", "../ecdsa-p256.p12"),
        folder=folder,
        environment=BY_PASSWORD,
    )
    assert done.returncode == 1
    assert "уже есть" in done.stderr
    assert (folder.parent / "чужой").read_text(encoding="utf-8") == "здесь было это"
    assert not (folder.parent / "никуда").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "либо --p12, либо --pkcs11"),
        (("--p12", "../rsa-2048.p12", "--token", TOKEN), "либо --p12, либо --pkcs11"),
        (("--pkcs11", str(LIBRARY)), "либо --p12, либо --pkcs11"),
        (("--p12", "../rsa-2048.p12", "--key", "x"), "для ключа на токене"),
        (("письмо.txt", "--p12", "../rsa-2048.p12", "--out", "x.sig"), "для одного файла"),
    ],
)
def test_half_a_choice_is_explained(options: tuple[str, ...], words: str, folder: Path) -> None:
    done = marshrut("sign", "приказ.pdf", *options, folder=folder, environment=BY_PASSWORD)
    assert done.returncode == 2
    assert words in done.stderr


def test_the_same_file_twice_gives_one_result_and_is_refused(folder: Path) -> None:
    asked = ("sign", "письмо.txt", "письмо.txt", "--p12", "../rsa-2048.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert (done.returncode, "один и тот же результат" in done.stderr) == (1, True)


def test_an_expired_key_signs_nothing(folder: Path) -> None:
    asked = ("sign", "письмо.txt", "--p12", "../expired.p12")
    done = marshrut(*asked, folder=folder, environment=BY_PASSWORD)
    assert (done.returncode, "Ничего не подписано" in done.stderr) == (1, True)
