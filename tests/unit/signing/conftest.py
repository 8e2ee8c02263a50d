"""A place to sign in: authorities, a head with her certificate, grounds to judge by."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.keys import SigningKey, open_pkcs12
from signing.revocation.known import load_crl
from signing.trust import TrustAnchor, TrustStore
from signing.verdicts import SignatureKind
from tests.pki import NOON, Authority, Holder, Office

CONTENT = "Приказ № 12. О наставничестве.".encode()


def key_of(holder: Holder) -> SigningKey:
    """The holder's key, as it comes out of a PKCS#12 file."""
    return open_pkcs12(holder.pkcs12("пароль"), "пароль")


def trust_in(*authorities: Authority, kind: SignatureKind = SignatureKind.ADVANCED) -> TrustStore:
    """A store that trusts these authorities for `kind`."""
    return TrustStore([TrustAnchor(load_certificate(a.holder.der), kind) for a in authorities])


def grounds_of(trust: TrustStore, crls: Iterable[bytes], **changes: object) -> Grounds:
    """Grounds at NOON."""
    lists = tuple(load_crl(crl) for crl in crls)
    return Grounds(trust, lists, **({"now": NOON} | changes))  # type: ignore[arg-type]  # fields of Grounds, by name


def plain_pdf(text: str = "Order 12", pages: int = 1) -> bytes:
    """A small PDF with a line of text on each page."""
    writer = PdfFileWriter()
    font = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Font"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Type1"),
            generic.pdf_name("/BaseFont"): generic.pdf_name("/Helvetica"),
        }
    )
    resources = generic.DictionaryObject(
        {
            generic.pdf_name("/Font"): generic.DictionaryObject(
                {generic.pdf_name("/F1"): writer.add_object(font)}
            )
        }
    )
    for number in range(pages):
        shown = f"BT /F1 24 Tf 72 720 Td ({text} page {number + 1}) Tj ET".encode()
        stream = writer.add_object(generic.StreamObject(stream_data=shown))
        writer.insert_page(
            PageObject(contents=stream, media_box=(0, 0, 595, 842), resources=resources)
        )
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


@pytest.fixture(scope="session")
def office() -> Office:
    return Office.open()


@pytest.fixture(scope="session")
def head(office: Office) -> Holder:
    return office.issuing.person()


@pytest.fixture(scope="session")
def head_key(head: Holder) -> SigningKey:
    return key_of(head)


@pytest.fixture
def grounds(office: Office) -> Grounds:
    return grounds_of(trust_in(office.root), office.crls)


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return plain_pdf()
