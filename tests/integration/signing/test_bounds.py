"""How large a file may be, and how much memory judging it may take."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import core
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.cades import MAX_CMS
from signing.errors import MEGABYTE, TooLargeError
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.pdf.signatures import MAX_PDF
from signing.revocation.known import MAX_CRL, load_crl
from signing.sign import sign_detached, sign_pdf
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Verdict
from tests.compose import CHECKOUT
from tests.pki import NOON, Holder, Office
from tests.unit.signing.conftest import grounds_of, key_of, plain_pdf, trust_in
from tests.unit.signing.test_long_term_attributes import attribute, with_unsigned

MEASURED = 20
"""Megabytes of the files whose judgement is measured."""

PRIVATE_OID = "1.3.6.1.4.1.99999.1"

JUDGE = """
import sys
from pathlib import Path
from tests.integration.signing.test_bounds import judged_from
verdict = judged_from(Path(sys.argv[1]), sys.argv[2])
(most,) = (line for line in Path("/proc/self/status").open() if line.startswith("VmHWM:"))
print(verdict, int(most.split()[1]) // 1024)
"""
"""The peak is read from /proc: getrusage counts what the parent had taken before it started us."""


@pytest.fixture(scope="module")
def office() -> Office:
    return Office.open()


@pytest.fixture(scope="module")
def key(office: Office) -> SigningKey:
    return key_of(office.issuing.person())


@pytest.fixture
def grounds(office: Office) -> Grounds:
    return grounds_of(trust_in(office.root), office.crls)


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def large_pdf(size: int, objects: int = 1) -> bytes:
    """A PDF that carries so many bytes that cannot be packed, in so many objects."""
    writer = IncrementalPdfFileWriter(BytesIO(plain_pdf()))
    parts = [generic.StreamObject(stream_data=noise(size // objects)) for _ in range(objects)]
    writer.root["/Extra"] = generic.ArrayObject(writer.add_object(part) for part in parts)
    writer.update_root()  # type: ignore[no-untyped-call]  # pyHanko's
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko's
    return output.getvalue()


# --- size ---------------------------------------------------------------------------------------


def test_a_pdf_just_below_fifty_megabytes_is_judged_and_one_above_is_not(
    key: SigningKey, grounds: Grounds
) -> None:
    signed = sign_pdf(large_pdf(MAX_PDF - MEGABYTE), key, NOON)
    assert MAX_PDF - MEGABYTE < len(signed) <= MAX_PDF
    assert validate_pdf(signed, grounds).report.verdict is Verdict.VALID
    with pytest.raises(TooLargeError):
        validate_pdf(signed + bytes(MAX_PDF + 1 - len(signed)), grounds)


def test_a_document_of_fifty_megabytes_is_judged_beside_its_signature_and_one_above_is_not(
    key: SigningKey, grounds: Grounds
) -> None:
    content = noise(MAX_PDF)
    signature = sign_detached(content, key, NOON)
    assert validate_detached(content, signature, grounds).report.verdict is Verdict.VALID
    with pytest.raises(TooLargeError):
        validate_detached(content + b"\n", signature, grounds)


def test_a_signature_file_just_below_ten_megabytes_is_judged_and_one_above_is_not(
    key: SigningKey, grounds: Grounds
) -> None:
    signature = sign_detached(b"content", key, NOON)
    room = MAX_CMS - len(signature) - 200
    padded = with_unsigned(signature, attribute(PRIVATE_OID, core.OctetString(bytes(room)).dump()))
    assert MAX_CMS - 200 < len(padded) <= MAX_CMS
    assert validate_detached(b"content", padded, grounds).report.verdict is Verdict.VALID
    with pytest.raises(TooLargeError):
        validate_detached(b"content", padded + bytes(MAX_CMS + 1 - len(padded)), grounds)


def test_a_list_just_below_fifty_megabytes_is_read_and_one_above_is_not(office: Office) -> None:
    padding = x509.UnrecognizedExtension(x509.ObjectIdentifier(PRIVATE_OID), bytes(MAX_CRL - 2000))
    made = office.issuing.crl(extensions=((padding, False),))
    assert MAX_CRL - 2000 < len(made) <= MAX_CRL
    assert load_crl(made).der == made
    with pytest.raises(TooLargeError):
        load_crl(made + bytes(MAX_CRL + 1 - len(made)))


# --- memory -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """What a child process needs to judge: files in a folder."""

    folder: Path

    def judged(self, name: str) -> tuple[str, int]:
        """The verdict on the file, and the most memory that the process took, in megabytes."""
        ran = subprocess.run(
            [sys.executable, "-c", JUDGE, str(self.folder), name],
            capture_output=True,
            text=True,
            timeout=100,
            cwd=CHECKOUT,
        )
        assert ran.returncode == 0, ran.stderr
        verdict, most = ran.stdout.split()
        return verdict, int(most)


def judged_from(folder: Path, name: str) -> Verdict:
    """Judge a file of the folder by the lists and the root that lie there."""
    root = x509.load_der_x509_certificate((folder / "root.cer").read_bytes())
    grounds = grounds_of(
        trust_in(_RootAlone(root)),  # type: ignore[arg-type]  # only its certificate is read
        [each.read_bytes() for each in folder.glob("*.crl")],
    )
    content = (folder / name).read_bytes()
    if name.endswith(".pdf"):
        return validate_pdf(content, grounds).report.verdict
    signature = (folder / f"{name}.sig").read_bytes()
    return validate_detached(content, signature, grounds).report.verdict


class _RootAlone:
    def __init__(self, certificate: x509.Certificate) -> None:
        self.holder = Holder(certificate, None)  # type: ignore[arg-type]  # nothing is signed by it


@pytest.fixture(scope="module")
def kept(office: Office, key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("large")
    (folder / "root.cer").write_bytes(office.root.holder.der)
    for number, crl in enumerate(office.crls):
        (folder / f"{number}.crl").write_bytes(crl)
    size = MEASURED * MEGABYTE
    (folder / "one.pdf").write_bytes(sign_pdf(large_pdf(size), key, NOON))
    (folder / "many.pdf").write_bytes(sign_pdf(large_pdf(size, objects=2000), key, NOON))
    (folder / "beside.bin").write_bytes(noise(size))
    (folder / "beside.bin.sig").write_bytes(sign_detached(noise(size), key, NOON))
    return Kept(folder)


@pytest.mark.parametrize("name", ["one.pdf", "many.pdf", "beside.bin"])
def test_judging_takes_no_more_than_64_megabytes_and_ten_times_the_file(
    name: str, kept: Kept
) -> None:
    """Held to half of it beyond the 64: what the interpreter and the libraries take is in both."""
    verdict, most = kept.judged(name)
    assert verdict == Verdict.VALID
    assert most <= 64 + 10 * MEASURED // 2, f"{most} MB"
