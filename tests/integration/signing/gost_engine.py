"""OpenSSL with the gost engine (Debian's libengine-gost-openssl): the independent judge."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem

from signing.gost.encoding import write_private_key, write_public_key
from signing.gost.keys import PrivateKey, PublicKey

SECONDS = 30


@dataclass(frozen=True)
class ParameterSet:
    """What the engine calls a parameter set, and the object identifier that it writes."""

    algorithm: str
    name: str
    oid: str

    def __str__(self) -> str:
        return f"{self.algorithm}-{self.name}"


# The seven curves by their names of TC 26, then by those of CryptoPro and RFC 9215.
SEVEN = (
    ParameterSet("gost2012_256", "TCA", "1.2.643.7.1.2.1.1.1"),
    ParameterSet("gost2012_256", "TCB", "1.2.643.7.1.2.1.1.2"),
    ParameterSet("gost2012_256", "TCC", "1.2.643.7.1.2.1.1.3"),
    ParameterSet("gost2012_256", "TCD", "1.2.643.7.1.2.1.1.4"),
    ParameterSet("gost2012_512", "A", "1.2.643.7.1.2.1.2.1"),
    ParameterSet("gost2012_512", "B", "1.2.643.7.1.2.1.2.2"),
    ParameterSet("gost2012_512", "C", "1.2.643.7.1.2.1.2.3"),
)
ALIASES = (
    ParameterSet("gost2012_256", "A", "1.2.643.2.2.35.1"),
    ParameterSet("gost2012_256", "B", "1.2.643.2.2.35.2"),
    ParameterSet("gost2012_256", "C", "1.2.643.2.2.35.3"),
    ParameterSet("gost2012_256", "XA", "1.2.643.2.2.36.0"),
    ParameterSet("gost2012_256", "XB", "1.2.643.2.2.36.1"),
)
OLD = ParameterSet("gost2001", "XA", "1.2.643.2.2.36.0")


def engine(command: str, *arguments: object, content: bytes = b"") -> bytes:
    """Run `openssl COMMAND -engine gost …`; return what it writes, or fail with its words."""
    ran = run(command, *arguments, content=content)
    assert ran.returncode == 0, ran.stderr.decode(errors="replace")
    return ran.stdout


def run(
    command: str, *arguments: object, content: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run `openssl COMMAND -engine gost …` and return however it ended."""
    return subprocess.run(
        ["openssl", command, "-engine", "gost", *map(str, arguments)],
        input=content,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )


@dataclass(frozen=True)
class EngineKey:
    """A key that the engine made; `pem` is its file, the rest DER."""

    pem: Path
    pkcs8: bytes
    spki: bytes

    def sign(self, content: bytes, digest: str) -> bytes:
        """Return the raw signature value."""
        return engine("dgst", f"-{digest}", "-sign", self.pem, content=content)


def make_key(folder: Path, parameters: ParameterSet) -> EngineKey:
    """Have the engine make a key of this parameter set."""
    pem = folder / f"{parameters}.pem"
    engine(
        *("genpkey", "-algorithm", parameters.algorithm),
        *("-pkeyopt", f"paramset:{parameters.name}", "-out", pem),
    )
    return EngineKey(
        pem,
        engine("pkey", "-in", pem, "-outform", "DER"),
        engine("pkey", "-in", pem, "-pubout", "-outform", "DER"),
    )


def public_of(folder: Path, key: PrivateKey) -> bytes:
    """Have the engine read our private key; return the SubjectPublicKeyInfo that it derives."""
    der = folder / "ours.der"
    der.write_bytes(write_private_key(key))
    return engine("pkey", "-inform", "DER", "-in", der, "-pubout", "-outform", "DER")


def verifies(folder: Path, key: PublicKey, content: bytes, signature: bytes, digest: str) -> bool:
    """Whether the engine accepts our raw signature value by our public key."""
    public, value = folder / "public.der", folder / "value"
    public.write_bytes(write_public_key(key))
    value.write_bytes(signature)
    ran = run(
        *("dgst", f"-{digest}", "-keyform", "DER", "-verify", public, "-signature", value),
        content=content,
    )
    said = ran.stdout.decode().strip()
    assert said in ("Verified OK", "Verification failure", "Verification Failure"), ran.stderr
    return said == "Verified OK"


@dataclass(frozen=True)
class EngineAuthority:
    """An authority and one signer whom it certified, all with keys of one parameter set."""

    folder: Path
    parameters: ParameterSet

    @property
    def certificate(self) -> bytes:
        """The DER of the authority's certificate."""
        return engine("x509", "-in", self.folder / "ca.pem", "-outform", "DER")

    @property
    def signer(self) -> bytes:
        """The DER of the signer's certificate."""
        return engine("x509", "-in", self.folder / "signer.pem", "-outform", "DER")

    def sign_cms(self, content: bytes, *options: str) -> bytes:
        """Return the DER of a CMS by the signer; `options` are those of `openssl cms -sign`."""
        return engine(
            *("cms", "-sign", "-binary", "-outform", "DER"),
            *("-signer", self.folder / "signer.pem", "-inkey", self.folder / "signer.key"),
            *options,
            content=content,
        )

    def crl(self, *, revoked: bool) -> bytes:
        """Return the DER of a list; it names the signer if she is `revoked`."""
        (self.folder / "index.txt").write_text("")
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca = only\n[only]\n"
            f"database = {self.folder}/index.txt\ndefault_md = {self._digest}\n"
        )
        common = (
            *("-config", self.folder / "ca.cnf"),
            *("-keyfile", self.folder / "ca.key", "-cert", self.folder / "ca.pem"),
        )
        if revoked:
            engine("ca", *common, "-revoke", self.folder / "signer.pem")
        engine("ca", *common, "-gencrl", "-crldays", "30", "-out", self.folder / "list.pem")
        _, _, der = pem.unarmor((self.folder / "list.pem").read_bytes())
        return bytes(der)

    @property
    def _digest(self) -> str:
        return {
            "gost2012_256": "md_gost12_256",
            "gost2012_512": "md_gost12_512",
            "gost2001": "md_gost94",
        }[self.parameters.algorithm]


def make_authority(folder: Path, parameters: ParameterSet) -> EngineAuthority:
    """Have the engine make an authority and a signer; both are valid for a year from now."""
    (folder / "signer.cnf").write_text(
        "keyUsage = critical, digitalSignature, nonRepudiation\n"
        "basicConstraints = CA:FALSE\nsubjectKeyIdentifier = hash\n"
        "authorityKeyIdentifier = keyid\n"
    )
    new_key = (
        *("-newkey", parameters.algorithm, "-pkeyopt", f"paramset:{parameters.name}"),
        "-nodes",
    )
    engine(
        *("req", "-x509", *new_key, "-subj", "/CN=Authority", "-days", "365"),
        *("-addext", "keyUsage = critical, keyCertSign, cRLSign"),
        *("-keyout", folder / "ca.key", "-out", folder / "ca.pem"),
    )
    engine(
        *("req", *new_key, "-subj", "/CN=Signer"),
        *("-keyout", folder / "signer.key", "-out", folder / "signer.csr"),
    )
    engine(
        *("x509", "-req", "-in", folder / "signer.csr", "-days", "365", "-set_serial", "77"),
        *("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key"),
        *("-extfile", folder / "signer.cnf", "-out", folder / "signer.pem"),
    )
    return EngineAuthority(folder, parameters)
