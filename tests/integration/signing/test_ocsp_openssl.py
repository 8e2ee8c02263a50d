"""OpenSSL reads our questions and answers them; its answers are judged here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.certificates import load_certificate
from signing.policy import DEFAULT_POLICY
from signing.revocation.known import CertificateStatus, Status, status_of
from signing.revocation.ocsp import OcspAnswer, build_request, check_nonce, load_answer
from signing.verdicts import TimeBasis
from tests.ocsp_responder import SIGNS_ANSWERS, delegate
from tests.pki import NOON, YEAR, Authority, Holder, Office

NONCE = bytes(range(16))
# OpenSSL answers by the real clock; the certificates outlive the program.
FROM, UNTIL = NOON - 10 * YEAR, NOON + 10 * YEAR


@pytest.fixture(scope="module")
def issuing() -> Authority:
    return Office.open("OpenSSL").issuing


@pytest.fixture(scope="module")
def person(issuing: Authority) -> Holder:
    return issuing.person(not_before=FROM, not_after=UNTIL)


def answered(folder: Path, line: str, person: Holder, issuing: Authority, by: Holder) -> OcspAnswer:
    """Ask OpenSSL's responder, whose database holds this line about the certificate."""
    asked = build_request(load_certificate(person.der), load_certificate(issuing.holder.der), NONCE)
    key = by.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files = {
        "request.der": asked,
        "index.txt": line.encode(),
        "ca.pem": issuing.holder.pem,
        "responder.pem": by.pem,
        "responder.key": key,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = "openssl ocsp -index index.txt -CA ca.pem -rsigner responder.pem"
    command += " -rkey responder.key -reqin request.der -respout answer.der -ndays 1"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True, timeout=30)
    found = load_answer((folder / "answer.der").read_bytes())
    check_nonce(found, NONCE)
    return found


def judged(found: OcspAnswer, person: Holder, issuing: Authority) -> CertificateStatus:
    return status_of(
        load_certificate(person.der),
        load_certificate(issuing.holder.der),
        (),
        found.this_update,
        TimeBasis.NOW,
        DEFAULT_POLICY,
        [found],
    )


def line_about(person: Holder, state: str) -> str:
    serial = f"{person.certificate.serial_number:X}"
    serial = serial.rjust(len(serial) + len(serial) % 2, "0")
    revoked = "260101000000Z,keyCompromise" if state == "R" else ""
    return f"{state}\t361101000000Z\t{revoked}\t{serial}\tunknown\t/CN=someone\n"


@pytest.mark.parametrize(
    ("state", "expected"), [("V", Status.GOOD), ("R", Status.REVOKED), ("", Status.UNKNOWN)]
)
def test_openssl_answers_our_question(
    state: str, expected: Status, person: Holder, issuing: Authority, tmp_path: Path
) -> None:
    line = line_about(person, state) if state else ""
    found = answered(tmp_path, line, person, issuing, issuing.holder)
    assert judged(found, person, issuing).status is expected


def test_a_delegate_answers_through_openssl(
    person: Holder, issuing: Authority, tmp_path: Path
) -> None:
    by = delegate(issuing, not_before=FROM, not_after=UNTIL)
    found = answered(tmp_path, line_about(person, "V"), person, issuing, by)
    assert judged(found, person, issuing).status is Status.GOOD
    unchecked = delegate(issuing, SIGNS_ANSWERS, not_before=FROM, not_after=UNTIL)
    found = answered(tmp_path, line_about(person, "V"), person, issuing, unchecked)
    assert judged(found, person, issuing).status is Status.UNUSABLE
