"""State roots and the list of accredited authorities in a folder of trust.

`trust.json` (see `signing.trust_folder`) may have, beside its anchors:

    {"accredited": {"roots": [{"file": "root-1.pem", "sha256": "…"}],
                    "list": "accredited-16326.json"}}

A root stands there when somebody has compared its fingerprint; a list when it was verified. Lists
of earlier versions stay in the folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # JSON as it comes from json.loads has no better type

from cryptography.exceptions import InvalidSignature

from signing.accredited.trusted_list import TrustedList
from signing.certificates import Certificate, load_certificate
from signing.errors import MALFORMED, SigningError
from signing.policy import read_scheme
from signing.words import N_

MANIFEST = "trust.json"
PART = "accredited"
UNREADABLE: tuple[type[Exception], ...] = (OSError, SigningError, *MALFORMED)
UNVERIFIED: tuple[type[Exception], ...] = (InvalidSignature, *MALFORMED)


class NotARootError(SigningError):
    """The certificate is not one that an authority issued to itself."""

    code = "trusted_list.not_a_root"
    msgid = N_("The certificate of {name} is not the root certificate of an authority.")


class FingerprintDiffersError(SigningError):
    """The fingerprint that was typed in is not that of the file."""

    code = "trusted_list.fingerprint_differs"
    msgid = N_("The file has another fingerprint: {fingerprint}. The certificate was not added.")


class ManifestUnreadableError(SigningError):
    """The manifest of the folder is not as described above."""

    code = "trusted_list.manifest"
    msgid = N_("The file {name} cannot be read. Mend it or begin with an empty folder.")


@dataclass(frozen=True)
class AccreditedPart:
    """The confirmed roots, and the compact form of the list in use (None when there is none)."""

    roots: tuple[Certificate, ...]
    stored_list: bytes | None

    @property
    def version(self) -> int:
        """Return the version of the list in use, 0 without one."""
        return 0 if self.stored_list is None else TrustedList.from_bytes(self.stored_list).version


def read_part(folder: Path, manifest: dict[str, Any]) -> AccreditedPart:
    """Read the part of a manifest; raises OSError, SigningError or what MALFORMED names."""
    part = manifest.get(PART)
    if part is None:
        return AccreditedPart((), None)
    if set(part) - {"roots", "list"}:
        raise ValueError(f"{part}")
    name = part.get("list")
    return AccreditedPart(
        tuple(_root(folder, each) for each in part["roots"]),
        None if name is None else _inside(folder, name).read_bytes(),
    )


def kept_part(folder: Path) -> AccreditedPart:
    """Read the part of a folder, empty where there is none; raises ManifestUnreadableError."""
    try:
        return read_part(folder, _manifest(folder))
    except UNREADABLE as error:
        raise ManifestUnreadableError(name=MANIFEST) from error


def read_root(content: bytes) -> Certificate:
    """Read a root certificate (PEM or DER) whose own key signed it.

    Raises NotARootError, CertificateUnreadableError or TooLargeError.
    """
    root = load_certificate(content)
    if not root.parsed.ca or root.issuer_der != root.subject_der or not _signed_by_itself(root):
        raise NotARootError(name=root.subject_text)
    return root


def confirm_root(folder: Path, root: Certificate, sha256: str) -> None:
    """Add a root to the folder whose fingerprint somebody has compared and typed in.

    Spaces, colons and case of `sha256` do not matter. Raises FingerprintDiffersError,
    ManifestUnreadableError or OSError.
    """
    typed = "".join(c for c in sha256 if c not in " :\t\u00a0").lower()
    if typed != root.fingerprint:
        raise FingerprintDiffersError(fingerprint=shown(root.fingerprint))
    part = kept_part(folder)
    if root in part.roots:
        return
    manifest = _manifest(folder)
    entry = {"file": f"state-root-{root.fingerprint[:16]}.pem", "sha256": root.fingerprint}
    _write(folder / entry["file"], root.pem)
    manifest.setdefault(PART, {"roots": []})["roots"].append(entry)
    _save(folder, manifest)


def keep_list(folder: Path, trusted: TrustedList) -> None:
    """Put a verified list into use; the one before stays in the folder beside it.

    Raises ManifestUnreadableError or OSError.
    """
    kept_part(folder)
    manifest = _manifest(folder)
    name = f"accredited-{trusted.version}.json"
    _write(folder / name, trusted.to_bytes())
    manifest.setdefault(PART, {"roots": []})["list"] = name
    _save(folder, manifest)


def shown(fingerprint: str) -> str:
    """Return 64 hexadecimal digits in groups of four, as people compare them."""
    digits = fingerprint.upper()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def _signed_by_itself(root: Certificate) -> bool:
    try:
        scheme = read_scheme(root.parsed["signature_algorithm"])
        if scheme is None:
            return False
        signed = root.parsed["tbs_certificate"].dump()  # kept exact since it was read
        scheme.verify(root.public_key_der, root.parsed["signature_value"].native, signed)
    except UNVERIFIED:
        return False
    return True


def _root(folder: Path, entry: dict[str, Any]) -> Certificate:
    if set(entry) != {"file", "sha256"}:
        raise ValueError(f"{entry}")
    root = load_certificate(_inside(folder, entry["file"]).read_bytes())
    if root.fingerprint != entry["sha256"]:
        raise ValueError(f"{entry['file']}: sha256 {root.fingerprint}")
    return root


def _inside(folder: Path, name: str) -> Path:
    if Path(name).name != name:
        raise ValueError(name)
    return folder / name


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        return {"anchors": []}
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(MANIFEST)
    return manifest


def _save(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    _write(folder / MANIFEST, text.encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
