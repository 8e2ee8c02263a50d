"""OpenSSL as the judge of what the training authority makes."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.examples import TrainingExamples, make_examples
from signing.training.subjects import OrganisationFacts, SubjectFacts
from signing.verdicts import SignatureKind

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
HEAD = SubjectFacts(
    surname="Белова",
    given_name="Яна Николаевна",
    snils="11223344595",
    inn="160000000036",
    title="Заведующий",
    organisation=OrganisationFacts(
        "Муниципальное бюджетное дошкольное образовательное учреждение «Ласточка»",
        "МБДОУ «Ласточка»",
        "1021600000124",
        "1600000036",
    ),
)


GOST = ("-engine", "gost")


class OpenSSL:
    """A folder with the anchors and lists that openssl judges by."""

    def __init__(self, folder: Path, ca: TrainingCA) -> None:
        self.folder = folder
        root, issuing = folder / "root.pem", folder / "issuing.pem"
        root.write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
        issuing.write_bytes(ca.issuing.certificate.public_bytes(Encoding.PEM))
        lists = folder / "lists.pem"
        crls = [ca.crl(NOW, NOW + WEEK), ca.root_crl(NOW, NOW + WEEK)]
        lists.write_bytes(
            b"".join(x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in crls)
        )
        self.judging_by = ["-CAfile", root, "-untrusted", issuing, "-CRLfile", lists]

    def verify(self, issued: Issued, at: datetime = NOW) -> subprocess.CompletedProcess[str]:
        leaf = self.folder / "leaf.pem"
        leaf.write_bytes(issued.certificate.public_bytes(Encoding.PEM))
        return run(
            "verify", "-engine", "gost", "-x509_strict", "-crl_check_all", "-purpose", "smimesign",
            "-attime", str(int(at.timestamp())), *self.judging_by, leaf,
        )  # fmt: skip


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture(scope="module", params=list(KeyAlgorithm))
def practice(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[OpenSSL, TrainingExamples]:
    ca = TrainingCA.create(NOW, 4, SignatureKind.QUALIFIED, algorithm=request.param)
    examples = make_examples(ca, HEAD, NOW, request.param)
    return OpenSSL(tmp_path_factory.mktemp("pki"), ca), examples


def test_openssl_trusts_the_good_example(practice: tuple[OpenSSL, TrainingExamples]) -> None:
    openssl, examples = practice
    answer = openssl.verify(examples.good)
    assert (answer.returncode, answer.stdout.split()[-1]) == (0, "OK"), answer.stderr


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("expired", "certificate has expired"),
        ("revoked", "certificate revoked"),
        ("not_yet_valid", "certificate is not yet valid"),
        ("foreign", "unable to get local issuer certificate"),
    ],
)
def test_openssl_refuses_each_bad_example_for_its_own_reason(
    practice: tuple[OpenSSL, TrainingExamples], name: str, reason: str
) -> None:
    openssl, examples = practice
    answer = openssl.verify(getattr(examples, name))
    assert answer.returncode == 2
    errors = [line for line in answer.stderr.splitlines() if line.startswith("error ")]
    assert [reason in line for line in errors][:1] == [True], answer.stderr


def test_openssl_refuses_a_good_certificate_when_the_list_is_too_old(
    practice: tuple[OpenSSL, TrainingExamples],
) -> None:
    openssl, examples = practice
    assert "CRL has expired" in openssl.verify(examples.good, at=NOW + 8 * WEEK / 7).stderr


def test_openssl_opens_the_pkcs12_with_its_password_only(
    practice: tuple[OpenSSL, TrainingExamples], tmp_path: Path
) -> None:
    p12 = tmp_path / "head.p12"
    p12.write_bytes(practice[1].good.pkcs12("Пароль-2026"))
    opened = run("pkcs12", *GOST, "-in", p12, "-passin", "pass:Пароль-2026", "-noenc")
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout.count("BEGIN CERTIFICATE") == 2
    assert opened.stdout.count("BEGIN PRIVATE KEY") == 1
    assert (
        "PBES2"
        in run("pkcs12", *GOST, "-in", p12, "-passin", "pass:Пароль-2026", "-info", "-noout").stderr
    )
    assert run("pkcs12", *GOST, "-in", p12, "-passin", "pass:другой", "-noenc").returncode != 0


def test_openssl_shows_the_text_of_the_training_policy(
    practice: tuple[OpenSSL, TrainingExamples], tmp_path: Path
) -> None:
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(practice[1].good.certificate.public_bytes(Encoding.PEM))
    shown = run(
        "x509", "-engine", "gost", "-in", leaf, "-noout", "-text", "-nameopt", "utf8"
    ).stdout
    assert "Explicit Text: УЧЕБНЫЙ сертификат: юридической силы не имеет" in shown
    assert "Issuer: CN=УЧЕБНЫЙ УЦ" in shown
