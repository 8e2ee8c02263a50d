"""OpenSSL as the other side: it verifies our timestamps, and we read and judge its own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signing.certificates import load_certificate
from signing.digests import digest
from signing.evidence import Grounds
from signing.revocation.known import load_crl
from signing.timestamps.judgement import judge_token
from signing.timestamps.requests import check_response, request
from signing.timestamps.tokens import Imprint, Token, parse_token
from signing.training.authority import TrainingCA
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustAnchor, TrustStore
from signing.verdicts import SignatureKind, Verdict
from tests.integration.signing.gost_engine import engine, run
from tests.pki import DAY, NOON, Authority
from tests.tsa import token_over, tsa_of

CONTENT = "Приказ № 12. О наставничестве.".encode()
SECONDS = 30


def openssl(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["openssl", "ts", *map(str, arguments)], capture_output=True, timeout=SECONDS, check=False
    )


# OpenSSL judges what we make


@dataclass(frozen=True)
class Made:
    """A file, our token over it, and the root that OpenSSL shall trust."""

    folder: Path
    token: bytes

    def verifies(self, content: bytes = CONTENT) -> bool:
        (self.folder / "content").write_bytes(content)
        (self.folder / "token").write_bytes(self.token)
        ran = openssl(
            *("-verify", "-data", self.folder / "content", "-token_in"),
            *("-in", self.folder / "token", "-CAfile", self.folder / "root.pem"),
            *("-attime", int(NOON.timestamp())),
        )
        assert (b"Verification: OK" in ran.stdout) == (ran.returncode == 0), ran.stderr
        return ran.returncode == 0


@pytest.fixture(params=["sha256", "sha384", "sha512"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    root = Authority.root("Корень меток времени")
    (tmp_path / "root.pem").write_bytes(root.holder.pem)
    tsa = tsa_of(root.issuing("Центр меток времени"), "Служба меток")
    return Made(tmp_path, token_over(CONTENT, tsa, NOON - DAY, str(request.param)))


def test_openssl_verifies_our_timestamp(made: Made) -> None:
    assert made.verifies()


def test_openssl_refuses_our_timestamp_over_something_else(made: Made) -> None:
    assert not made.verifies(b"another document")


def test_openssl_verifies_the_answer_of_the_training_authority(tmp_path: Path) -> None:
    ca = TrainingCA.create(NOON, 5, SignatureKind.ADVANCED)
    tsa = TrainingTsa.create(ca, NOON - DAY, NOON + DAY)
    root = load_certificate(ca.root.certificate_der)
    (tmp_path / "root.pem").write_bytes(root.pem)
    (tmp_path / "content").write_bytes(CONTENT)
    query = tmp_path / "query"
    assert openssl("-query", "-data", tmp_path / "content", "-cert", "-out", query).returncode == 0
    (tmp_path / "reply").write_bytes(tsa.answer(query.read_bytes(), NOON))
    ran = openssl(
        *("-verify", "-queryfile", query, "-in", tmp_path / "reply"),
        *("-CAfile", tmp_path / "root.pem", "-attime", int(NOON.timestamp())),
    )
    assert b"Verification: OK" in ran.stdout, ran.stderr


# We judge what OpenSSL makes


@dataclass(frozen=True)
class Kind:
    """How OpenSSL makes keys, signs certificates, and stamps."""

    name: str
    key: tuple[str, ...]
    certificate_digest: str
    token_digest: str
    stamped: str
    ess: str = "sha256"

    def __str__(self) -> str:
        return f"{self.name}-{self.stamped}-{self.ess}"


GOST_256 = ("gost2012_256", "-pkeyopt", "paramset:TCA")
GOST_512 = ("gost2012_512", "-pkeyopt", "paramset:A")
KINDS = (
    Kind("rsa", ("rsa:2048",), "sha256", "sha256", "sha256"),
    Kind("rsa", ("rsa:2048",), "sha256", "sha512", "sha384"),
    Kind("rsa", ("rsa:2048",), "sha256", "sha256", "sha256", "sha1"),
    Kind("ec", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "sha256", "sha256", "sha512"),
    Kind("gost256", GOST_256, "md_gost12_256", "md_gost12_256", "md_gost12_256"),
    Kind("gost512", GOST_512, "md_gost12_512", "md_gost12_512", "md_gost12_512"),
)
NAMES = {"md_gost12_256": "streebog256", "md_gost12_512": "streebog512"}

CONFIG = """
oid_section = oids
[oids]
[tsa]
default_tsa = only
[only]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/root.pem
signer_digest = {token_digest}
default_policy = 1.2.643.7.77.1
digests = sha256, sha384, sha512{more}
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = {ess}
[ca]
default_ca = authority
[authority]
database = {folder}/index.txt
default_md = {certificate_digest}
"""


@dataclass(frozen=True)
class OpenSslTsa:
    """An authority for timestamps in a folder, made and run by OpenSSL with the gost engine."""

    folder: Path
    kind: Kind

    def open(self) -> None:
        folder, kind = self.folder, self.kind
        more = ", md_gost12_256, md_gost12_512" if kind.name.startswith("gost") else ""
        (folder / "tsa.cnf").write_text(
            CONFIG.format(folder=folder, more=more, **vars(kind)), encoding="utf-8"
        )
        (folder / "index.txt").write_text("")
        (folder / "serial").write_text("01\n")
        (folder / "purpose.cnf").write_text(
            "keyUsage = critical, digitalSignature\nextendedKeyUsage = critical, timeStamping\n"
            "basicConstraints = CA:FALSE\nauthorityKeyIdentifier = keyid\n"
            "subjectKeyIdentifier = hash\n"
        )
        new_key = ("-newkey", *kind.key, "-nodes", f"-{kind.certificate_digest}")
        engine(
            *("req", "-x509", *new_key, "-subj", "/CN=Root", "-days", "30"),
            *("-addext", "keyUsage = critical, keyCertSign, cRLSign"),
            *("-keyout", folder / "root.key", "-out", folder / "root.pem"),
        )
        engine(
            *("req", *new_key, "-subj", "/CN=TSA"),
            *("-keyout", folder / "tsa.key", "-out", folder / "tsa.csr"),
        )
        engine(
            *("x509", "-req", "-in", folder / "tsa.csr", "-days", "30", "-set_serial", "9"),
            *("-CA", folder / "root.pem", "-CAkey", folder / "root.key"),
            *(f"-{kind.certificate_digest}", "-extfile", folder / "purpose.cnf"),
            *("-out", folder / "tsa.pem"),
        )
        engine(
            *("ca", "-config", folder / "tsa.cnf", "-gencrl", "-crldays", "7"),
            *("-keyfile", folder / "root.key", "-cert", folder / "root.pem"),
            *("-out", folder / "list.pem"),
        )

    def answer(self, asked: bytes) -> bytes:
        query, reply = self.folder / "query", self.folder / "reply"
        query.write_bytes(asked)
        ran = run(
            *("ts", "-reply", "-config", self.folder / "tsa.cnf"),
            *("-queryfile", query, "-out", reply),
        )
        assert ran.returncode == 0, ran.stderr.decode(errors="replace")
        return reply.read_bytes()

    def grounds(self) -> Grounds:
        root = load_certificate((self.folder / "root.pem").read_bytes())
        vouches = TrustStore([TrustAnchor(root, SignatureKind.ADVANCED)])
        listed = load_crl((self.folder / "list.pem").read_bytes())
        # OpenSSL stamps by the clock of the machine: the present is what it says.
        return Grounds(TrustStore(()), (listed,), datetime.now(UTC), timestamping=vouches)


@pytest.fixture(params=KINDS, ids=str)
def openssl_tsa(request: pytest.FixtureRequest, tmp_path: Path) -> OpenSslTsa:
    tsa = OpenSslTsa(tmp_path, request.param)
    tsa.open()
    return tsa


def token_of(tsa: OpenSslTsa) -> Token:
    name = NAMES.get(tsa.kind.stamped, tsa.kind.stamped)
    imprint = Imprint(name, digest(name, CONTENT))
    return check_response(tsa.answer(request(imprint, 77)), imprint, 77)


def test_what_openssl_says_is_read(openssl_tsa: OpenSslTsa) -> None:
    token = token_of(openssl_tsa)
    shown = run("ts", "-reply", "-in", openssl_tsa.folder / "reply", "-text").stdout.decode()
    assert f"Time stamp: {token.time:%b %e %H:%M:%S}" in shown
    assert token.policy == "1.2.643.7.77.1"
    assert "Policy OID: 1.2.643.7.77.1" in shown
    assert f"Serial number: 0x{token.serial:02X}" in shown
    assert token.accuracy == timedelta(seconds=1, milliseconds=500, microseconds=100)
    assert token.nonce == 0x4D
    assert "Nonce: 0x4D" in shown
    assert (token.sha1_binding is not None) == (openssl_tsa.kind.ess == "sha1")


def test_what_openssl_stamps_is_good_here(openssl_tsa: OpenSslTsa) -> None:
    token = token_of(openssl_tsa)
    grounds = openssl_tsa.grounds()
    found = judge_token(token.der, lambda name: digest(name, CONTENT), grounds)
    assert found.report.verdict is Verdict.VALID, found.report
    assert found.proven == token.latest


def test_what_openssl_stamps_is_not_good_for_something_else(openssl_tsa: OpenSslTsa) -> None:
    token = token_of(openssl_tsa)
    found = judge_token(token.der, lambda name: digest(name, b"another"), openssl_tsa.grounds())
    assert found.report.verdict is Verdict.INVALID


def test_what_openssl_stamped_and_somebody_changed_is_refused(openssl_tsa: OpenSslTsa) -> None:
    token = token_of(openssl_tsa).der
    info = parse_token(token).info
    for position in range(token.index(info), token.index(info) + len(info), 7):
        changed = bytearray(token)
        changed[position] ^= 1
        found = judge_token(
            bytes(changed), lambda name: digest(name, CONTENT), openssl_tsa.grounds()
        )
        assert found.proven is None
