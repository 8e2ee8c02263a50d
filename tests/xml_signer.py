"""Signs XML for tests, with canonical forms written out by hand and not computed.

So a wrong canonical form in the product cannot hide behind the same one here.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Protocol

from signing.gost.backend import digest
from signing.gost.digests import DigestAlgorithm

DS = "http://www.w3.org/2000/09/xmldsig#"
URN = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"
W3C = "http://www.w3.org/2001/04/xmldsig-more#"
ENVELOPED = f"{DS}enveloped-signature"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


class XmlHolder(Protocol):
    """A certificate and what signs with its key."""

    @property
    def der(self) -> bytes: ...

    def sign(self, content: bytes) -> bytes: ...


@dataclass(frozen=True)
class XmlSigner:
    """How the signature shall be made; the defaults are those of the ministry's list."""

    holder: XmlHolder
    method: str = f"{URN}gostr34102012-gostr34112012-256"
    digest_method: str = f"{URN}gostr34112012-256"
    canonical: str = EXCLUSIVE
    transforms: tuple[str, ...] = (ENVELOPED, EXCLUSIVE)
    uri: str = ""
    namespaces: str = ""
    """The declarations in scope at SignedInfo, as canonical XML writes them (C14N 1.0 only)."""

    def changed(self, **changes: object) -> XmlSigner:
        return replace(self, **changes)  # type: ignore[arg-type]  # fields, by name

    def signature(self, canonical_document: bytes, *further: bytes) -> bytes:
        """The Signature element over a document in canonical form.

        `further` are the DER of certificates that go along with the signer's.
        """
        value = digest(_digest_algorithm(self.digest_method), canonical_document)
        return self.signature_over(self.signed_info(value), *further)

    def signed_info(self, digest_value: bytes) -> str:
        """The SignedInfo in canonical form."""
        transforms = "".join(
            f'<ds:Transform Algorithm="{each}"></ds:Transform>' for each in self.transforms
        )
        return (
            f'<ds:SignedInfo xmlns:ds="{DS}"{self.namespaces}>'
            f'<ds:CanonicalizationMethod Algorithm="{self.canonical}"></ds:CanonicalizationMethod>'
            f'<ds:SignatureMethod Algorithm="{self.method}"></ds:SignatureMethod>'
            f'<ds:Reference URI="{self.uri}"><ds:Transforms>{transforms}</ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{self.digest_method}"></ds:DigestMethod>'
            f"<ds:DigestValue>{b64encode(digest_value).decode()}</ds:DigestValue>"
            "</ds:Reference></ds:SignedInfo>"
        )

    def signature_over(self, signed_info: str, *further: bytes) -> bytes:
        """The Signature element over this SignedInfo."""
        value = b64encode(self.holder.sign(signed_info.encode())).decode()
        certificates = "".join(
            f"<ds:X509Certificate>{b64encode(der).decode()}</ds:X509Certificate>"
            for der in (self.holder.der, *further)
        )
        written = signed_info.replace(f' xmlns:ds="{DS}"{self.namespaces}', "")
        return (
            f'<ds:Signature xmlns:ds="{DS}">{written}'
            f"<ds:SignatureValue>{value}</ds:SignatureValue>"
            f"<ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo></ds:Signature>"
        ).encode()

    def signed(self, canonical_document: bytes, *further: bytes) -> bytes:
        """The document with its signature before the end of the root."""
        return enclosed(canonical_document, self.signature(canonical_document, *further))


def enclosed(document: bytes, signature: bytes) -> bytes:
    """The document with `signature` as the last child of its root."""
    end = document.rindex(b"</")
    return document[:end] + signature + document[end:]


def _digest_algorithm(name: str) -> DigestAlgorithm:
    long = name.endswith("512")
    return DigestAlgorithm.STREEBOG_512 if long else DigestAlgorithm.STREEBOG_256
