"""XML signatures whose digests, values and certificates OpenSSL's gost engine has made."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from signing.accredited.xmldsig import XmlChangedError, XmlSignatureWrongError, verify_enveloped
from tests.integration.signing.gost_engine import (
    SEVEN,
    EngineAuthority,
    ParameterSet,
    engine,
    make_authority,
)
from tests.xml_signer import URN, XmlSigner, enclosed

DOCUMENT = "<Список><Центр>Первый</Центр></Список>".encode()


@dataclass(frozen=True)
class EngineHolder:
    """The engine's signer, in the manner of `tests.gost_pki`."""

    made: EngineAuthority

    @property
    def der(self) -> bytes:
        return self.made.signer

    def sign(self, content: bytes) -> bytes:
        return engine(
            *("dgst", f"-{self.digest_name}", "-sign", self.made.folder / "signer.key"),
            content=content,
        )

    def digest(self, content: bytes) -> bytes:
        return engine("dgst", f"-{self.digest_name}", "-binary", content=content)

    @property
    def bits(self) -> int:
        return 256 if self.made.parameters.algorithm == "gost2012_256" else 512

    @property
    def digest_name(self) -> str:
        return f"md_gost12_{self.bits}"


@pytest.fixture(scope="module", params=(SEVEN[0], SEVEN[-1]), ids=str)
def holder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> EngineHolder:
    parameters: ParameterSet = request.param
    return EngineHolder(make_authority(tmp_path_factory.mktemp(str(parameters)), parameters))


def signed(holder: EngineHolder, document: bytes) -> bytes:
    """The document with a signature in which nothing was computed by the product."""
    signer = XmlSigner(
        holder,
        method=f"{URN}gostr34102012-gostr34112012-{holder.bits}",
        digest_method=f"{URN}gostr34112012-{holder.bits}",
    )
    info = signer.signed_info(holder.digest(document))
    return enclosed(document, signer.signature_over(info))


def test_what_the_engine_signed_verifies(holder: EngineHolder) -> None:
    found = verify_enveloped(signed(holder, DOCUMENT))
    assert found.content == DOCUMENT
    assert found.signer.der == holder.der


def test_a_changed_document_or_signed_info_does_not(holder: EngineHolder) -> None:
    xml = signed(holder, DOCUMENT)
    with pytest.raises(XmlChangedError):
        verify_enveloped(xml.replace("Первый".encode(), "Второй".encode()))
    with pytest.raises(XmlSignatureWrongError):
        verify_enveloped(xml.replace(b'<ds:Reference URI=""', b'<ds:Reference Id="x" URI=""'))
