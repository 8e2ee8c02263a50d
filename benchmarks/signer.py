"""Whose signature is measured: a training authority and a head, made for this run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import SigningKey, open_pkcs12
from signing.revocation.known import load_crl
from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts
from signing.trust import TrustAnchor, TrustStore
from signing.verdicts import SignatureKind

DAY = timedelta(days=1)
HEAD = SubjectFacts("Белова", "Яна Николаевна", snils="11223344595", inn="500100732259")


@dataclass(frozen=True)
class Signer:
    """The head's key, and what her signatures are judged by."""

    ca: TrainingCA
    issued: Issued
    key: SigningKey
    now: datetime
    crls: tuple[bytes, bytes]

    @property
    def grounds(self) -> Grounds:
        anchor = TrustAnchor(
            load_certificate(self.ca.root.certificate_der),
            SignatureKind.TRAINING,
            SignatureKind.ADVANCED,
        )
        return Grounds(TrustStore([anchor]), tuple(load_crl(crl) for crl in self.crls), self.now)

    def write_pem(self, folder: Path) -> None:
        """Write what openssl reads: key.pem, cert.pem, issuing.pem, trusted.pem (root, lists)."""
        issued = self.issued.key
        assert not isinstance(issued, GostKey)  # the bare library is measured on RSA and ECDSA
        key = issued.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        lists = [x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in self.crls]
        root = self.ca.root.certificate.public_bytes(Encoding.PEM)
        (folder / "key.pem").write_bytes(key)
        (folder / "cert.pem").write_bytes(self.issued.certificate.public_bytes(Encoding.PEM))
        (folder / "issuing.pem").write_bytes(self.issued.chain[0].public_bytes(Encoding.PEM))
        (folder / "trusted.pem").write_bytes(root + b"".join(lists))


def make_signer(algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256) -> Signer:
    """Make an authority and the head's certificate, with keys of this kind."""
    now = datetime.now(UTC).replace(microsecond=0)
    ca = TrainingCA.create(now, 1, SignatureKind.ADVANCED, algorithm=algorithm)
    issued = ca.issue(HEAD, now - DAY, now + 300 * DAY, algorithm)
    crls = (ca.crl(now - timedelta(hours=1), now + DAY), ca.root_crl(now - DAY, now + DAY))
    return Signer(ca, issued, open_pkcs12(issued.pkcs12("измерение"), "измерение"), now, crls)
