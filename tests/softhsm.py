"""SoftHSM (Debian's softhsm2): tokens in a folder, made with its own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "2468"
OFFICER_PIN = "87654321"
SECONDS = 30

_PUT_CERTIFICATE = """
import sys, pkcs11
from pkcs11 import Attribute, CertificateType, ObjectClass
library, label, pin, id_, name, file = sys.argv[1:]
token = pkcs11.lib(library).get_token(token_label=label)
from asn1crypto import x509
der = open(file, "rb").read()
with token.open(rw=True, user_pin=pin) as session:
    session.create_object({
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True,
        Attribute.ID: bytes.fromhex(id_),
        Attribute.LABEL: name,
        Attribute.SUBJECT: x509.Certificate.load(der).subject.dump(),
        Attribute.VALUE: der,
    })
"""


@dataclass(frozen=True)
class SoftHsm:
    """A folder of tokens; `environment` is what a process needs to see them."""

    folder: Path

    @property
    def configuration(self) -> Path:
        return self.folder / "softhsm2.conf"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "SOFTHSM2_CONF": str(self.configuration)}

    def make_token(self, label: str) -> None:
        """Initialise a token with PIN."""
        self._util(
            "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", OFFICER_PIN
        )

    def put(self, token: str, name: str, id_: str, p12: bytes, password: str) -> None:
        """Put the key and the certificates of a PKCS#12 on a token, under `name` and `id_`."""
        bundle = pkcs12.load_pkcs12(p12, password.encode())
        assert bundle.key is not None
        assert bundle.cert is not None
        pem = bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file = self.folder / "import.pem"
        file.write_bytes(pem)
        given = ("--token", token, "--label", name, "--id", id_, "--pin", PIN)
        self._util("--import", str(file), *given)
        file.unlink()
        self.put_certificate(token, name, id_, bundle.cert.certificate.public_bytes(Encoding.DER))
        for place, other in enumerate(bundle.additional_certs):
            der = other.certificate.public_bytes(Encoding.DER)
            self.put_certificate(token, f"CA {name} {place}", f"CA{place:02}", der)

    def put_certificate(self, token: str, name: str, id_: str, der: bytes) -> None:
        file = self.folder / "certificate.der"
        file.write_bytes(der)
        self.run(sys.executable, "-c", _PUT_CERTIFICATE, str(LIBRARY), token, PIN, id_, name, file)

    def remove_token(self, label: str) -> None:
        self._util("--delete-token", "--token", label)

    def _util(self, *arguments: str) -> None:
        self.run("softhsm2-util", *arguments)

    def run(self, *command: str | Path) -> None:
        """Run a program that sees these tokens."""
        done = subprocess.run(
            list(map(str, command)),
            env=self.environment,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()


def soft_hsm(folder: Path) -> SoftHsm:
    """Begin an empty folder of tokens."""
    tokens = folder / "tokens"
    tokens.mkdir(parents=True)
    made = SoftHsm(folder)
    made.configuration.write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    assert shutil.which("softhsm2-util"), "apt-get install softhsm2 (make test does it)"
    return made


@contextmanager
def seen_by_this_process(hsm: SoftHsm) -> Iterator[SoftHsm]:
    """Let the processes that are started meanwhile see the tokens."""
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(hsm.configuration)
    try:
        yield hsm
    finally:
        del os.environ["SOFTHSM2_CONF"]
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before
