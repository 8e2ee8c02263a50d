"""pdfsig and openssl agree with our verdicts; each is first shown to reject what is broken."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.keys import open_pkcs12
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import SignatureKind, Verdict
from tests.pki import DAY, MENTOR, YEAR, Authority, Holder, PrivateKey, ec_key, rsa_key
from tests.unit.signing.conftest import CONTENT, plain_pdf

TIMEOUT = 60


@dataclass(frozen=True)
class Today:
    """Authorities, lists and grounds of today: the judges look at the real clock."""

    root: Authority
    issuing: Authority
    now: datetime

    @property
    def fresh(self) -> dict[str, datetime]:
        return {"this_update": self.now - DAY, "next_update": self.now + DAY}

    def person(self, key: PrivateKey, values: dict | None = None) -> Holder:
        period = {"not_before": self.now - DAY, "not_after": self.now + YEAR}
        return self.issuing.person(values or MENTOR, key=key, **period)

    def grounds(self, *lists: bytes) -> Grounds:
        anchor = TrustAnchor(load_certificate(self.root.holder.der), SignatureKind.ADVANCED)
        crls = lists or (self.root.crl(**self.fresh), self.issuing.crl(**self.fresh))
        return Grounds(TrustStore([anchor]), tuple(load_crl(crl) for crl in crls), self.now)


@pytest.fixture(scope="module")
def today() -> Today:
    now = datetime.now(UTC).replace(microsecond=0)
    root = Authority.root(not_after=now + 10 * YEAR)
    return Today(root, root.issuing(not_after=now + 10 * YEAR), now)


KEYS: list[Callable[[], PrivateKey]] = [lambda: rsa_key(), lambda: ec_key("judged")]


@pytest.fixture(params=KEYS, ids=["rsa", "ecdsa"])
def holder(request: pytest.FixtureRequest, today: Today) -> Holder:
    return today.person(request.param())


def pdfsig(pdf: bytes, folder: Path) -> str:
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    ran = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, timeout=TIMEOUT)
    return ran.stdout + ran.stderr


def pem_list(der: bytes) -> bytes:
    ran = subprocess.run(
        ["openssl", "crl", "-inform", "DER", "-outform", "PEM"],
        input=der,
        capture_output=True,
        timeout=TIMEOUT,
        check=True,
    )
    return ran.stdout


def openssl(
    signature: bytes, content: bytes, today: Today, folder: Path, crl: bytes | None = None
) -> tuple[bool, str]:
    """Ask `openssl cms -verify` with the chain and both lists."""
    lists = [today.root.crl(**today.fresh), crl or today.issuing.crl(**today.fresh)]
    (folder / "a.sig").write_bytes(signature)
    (folder / "a.txt").write_bytes(content)
    trusted = today.root.holder.pem + b"".join(map(pem_list, lists))
    (folder / "trusted.pem").write_bytes(trusted)
    command = [
        "openssl",
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-in",
        "a.sig",
        "-content",
        "a.txt",
        "-out",
        "/dev/null",
        "-CAfile",
        "trusted.pem",
        "-crl_check_all",
        "-x509_strict",
        "-purpose",
        "any",
    ]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT)
    return ran.returncode == 0, ran.stderr


def test_pdfsig_rejects_a_changed_pdf(holder: Holder, today: Today, tmp_path: Path) -> None:
    signed = sign_pdf(plain_pdf(), open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    changed = signed.replace(b"Order 12", b"Order 13")
    assert changed != signed
    assert "Digest Mismatch" in pdfsig(changed, tmp_path)
    assert validate_pdf(changed, today.grounds()).report.verdict is Verdict.INVALID


def test_pdfsig_notices_what_is_not_covered(holder: Holder, today: Today, tmp_path: Path) -> None:
    signed = sign_pdf(plain_pdf(), open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    longer = signed + b"\n"
    assert "Total document signed" not in pdfsig(longer, tmp_path)
    assert validate_pdf(longer, today.grounds()).report.verdict is Verdict.INVALID


def test_pdfsig_agrees_with_a_good_pdf(holder: Holder, today: Today, tmp_path: Path) -> None:
    signed = sign_pdf(plain_pdf(pages=3), open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    said = pdfsig(signed, tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert validate_pdf(signed, today.grounds()).report.verdict is Verdict.VALID


def test_pdfsig_agrees_with_two_signatures(today: Today, tmp_path: Path) -> None:
    first, second = (today.person(key()) for key in KEYS)
    signed = sign_pdf(plain_pdf(), open_pkcs12(first.pkcs12("x"), "x"), today.now)
    signed = sign_pdf(signed, open_pkcs12(second.pkcs12("x"), "x"), today.now)
    assert pdfsig(signed, tmp_path).count("Signature is Valid") == 2
    assert validate_pdf(signed, today.grounds()).report.verdict is Verdict.VALID


def test_openssl_rejects_a_changed_file(holder: Holder, today: Today, tmp_path: Path) -> None:
    signature = sign_detached(CONTENT, open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    agreed, said = openssl(signature, CONTENT + b".", today, tmp_path)
    assert not agreed
    assert "verification failure" in said or "digest" in said.lower()


def test_openssl_rejects_a_changed_signature(holder: Holder, today: Today, tmp_path: Path) -> None:
    signature = bytearray(sign_detached(CONTENT, open_pkcs12(holder.pkcs12("x"), "x"), today.now))
    signature[-3] ^= 1
    assert not openssl(bytes(signature), CONTENT, today, tmp_path)[0]
    report = validate_detached(CONTENT, bytes(signature), today.grounds()).report
    assert report.verdict is Verdict.INVALID


def test_openssl_agrees_with_a_good_signature(holder: Holder, today: Today, tmp_path: Path) -> None:
    signature = sign_detached(CONTENT, open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    agreed, said = openssl(signature, CONTENT, today, tmp_path)
    assert agreed, said
    report = validate_detached(CONTENT, signature, today.grounds()).report
    assert report.verdict is Verdict.VALID


def test_openssl_agrees_that_a_certificate_is_revoked(
    holder: Holder, today: Today, tmp_path: Path
) -> None:
    signature = sign_detached(CONTENT, open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    crl = today.issuing.crl({holder.certificate.serial_number: today.now - DAY}, **today.fresh)
    agreed, said = openssl(signature, CONTENT, today, tmp_path, crl)
    assert not agreed
    assert "certificate revoked" in said
    grounds = today.grounds(today.root.crl(**today.fresh), crl)
    report = validate_detached(CONTENT, signature, grounds).report
    assert report.signatures[0].check("revocation").code == "revoked"


def test_openssl_agrees_that_a_list_is_out_of_date(
    holder: Holder, today: Today, tmp_path: Path
) -> None:
    signature = sign_detached(CONTENT, open_pkcs12(holder.pkcs12("x"), "x"), today.now)
    crl = today.issuing.crl(this_update=today.now - 9 * DAY, next_update=today.now - DAY)
    agreed, said = openssl(signature, CONTENT, today, tmp_path, crl)
    assert not agreed
    assert "CRL has expired" in said
    grounds = today.grounds(today.root.crl(**today.fresh), crl)
    report = validate_detached(CONTENT, signature, grounds).report
    assert report.signatures[0].check("revocation").code == "stale"
    assert report.verdict is Verdict.UNDECIDED


def signed_by_openssl(holder: Holder, folder: Path, *options: str) -> bytes:
    """A detached signature as openssl makes it."""
    key = holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(key)
    (folder / "head.pem").write_bytes(holder.pem)
    (folder / "chain.pem").write_bytes(holder.chain[0].public_bytes(Encoding.PEM))
    (folder / "a.txt").write_bytes(CONTENT)
    command = [
        "openssl",
        "cms",
        "-sign",
        *options,
        "-binary",
        "-md",
        "sha256",
        "-in",
        "a.txt",
        "-signer",
        "head.pem",
        "-inkey",
        "key.pem",
        "-certfile",
        "chain.pem",
        "-outform",
        "DER",
        "-out",
        "a.sig",
    ]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT, check=True)
    return (folder / "a.sig").read_bytes()


def test_a_signature_made_by_openssl_is_valid(holder: Holder, today: Today, tmp_path: Path) -> None:
    signature = signed_by_openssl(holder, tmp_path, "-cades")
    report = validate_detached(CONTENT, signature, today.grounds()).report
    assert report.verdict is Verdict.VALID


def test_a_signature_of_openssl_without_cades_is_refused(
    holder: Holder, today: Today, tmp_path: Path
) -> None:
    """It does not name its certificate: verified by openssl, not accepted here."""
    signature = signed_by_openssl(holder, tmp_path)
    report = validate_detached(CONTENT, signature, today.grounds()).report
    assert report.signatures[0].check("signature_value").code == "not_bound"
    assert report.verdict is Verdict.INVALID
