"""The state's certificates, offered to an operator for confirmation; none is trusted by itself.

Where they come from, and their fingerprints, stands in README.md beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from signing.certificates import Certificate, load_certificate


@dataclass(frozen=True)
class StateCertificate:
    """One certificate and the name of its file.

    A self-issued one (`is_root`) may become an anchor when an operator has confirmed its
    fingerprint; the others only help to build chains.
    """

    file: str
    certificate: Certificate

    @property
    def is_root(self) -> bool:
        """Say whether it names itself as its issuer."""
        return self.certificate.subject_der == self.certificate.issuer_der


def state_certificates() -> tuple[StateCertificate, ...]:
    """Return all of them in the order of their files."""
    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".pem"))
    return tuple(
        StateCertificate(file.name, load_certificate(file.read_bytes()))
        for file in sorted(files, key=lambda file: file.name)
    )
