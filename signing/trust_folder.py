"""Trust as a folder: certificates in PEM, and a manifest that says which of them are anchors.

`trust.json`:

    {"anchors": [{"file": "root.pem", "kind": "training", "stands_for": "qualified",
                  "sha256": "…"}]}

A list `timestamping` of the same form names the anchors that vouch for timestamps. Beside them the
authorities of an accredited list do; an authority trusted for signatures is not trusted for times
by itself.

`kind` is qualified, advanced or training; `stands_for` goes with training alone; `sha256` (of the
DER) is optional and must agree. Every other `*.pem` of the folder is an untrusted intermediate.
State roots and the list of accredited authorities are described in
`signing.accredited.qualified_folder`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any  # JSON as it comes from json.loads has no better type

from signing.accredited.qualified_folder import MANIFEST, UNREADABLE, AccreditedPart, read_part
from signing.accredited.qualified_trust import qualified_store
from signing.certificates import Certificate, load_bundle, load_certificate
from signing.errors import SigningError
from signing.trust import TrustAnchor, TrustStore, with_intermediates
from signing.verdicts import SignatureKind
from signing.words import N_

MAX_FILES = 5000


class TrustFolderError(SigningError):
    """The folder or its manifest is not as described above."""

    code = "signing.trust_folder"
    msgid = N_("The folder of trusted certificates cannot be used ({reason}).")


class NoTrustManifestError(SigningError):
    """The folder has no manifest, so nothing in it is trusted."""

    code = "signing.no_trust_manifest"
    msgid = N_("The folder {folder} has no trust.json that says which certificates are trusted.")


def load_trust_folder(folder: Path) -> TrustStore:
    """Read the anchors and intermediates of a folder.

    Raises TrustFolderError or NoTrustManifestError.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise NoTrustManifestError(folder=str(folder))
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        anchors = tuple(_anchor(folder, entry) for entry in said["anchors"])
        accredited = read_part(folder, said)
    except UNREADABLE as error:
        raise TrustFolderError(reason=f"{MANIFEST}: {error}") from error
    return _store(folder, anchors, accredited)


def load_timestamping(folder: Path) -> TrustStore:
    """Read the anchors that vouch for timestamps, and the intermediates of the folder.

    Raises TrustFolderError or NoTrustManifestError.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise NoTrustManifestError(folder=str(folder))
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        anchors = tuple(_anchor(folder, entry) for entry in said.get("timestamping", ()))
        accredited = read_part(folder, said)
    except UNREADABLE as error:
        raise TrustFolderError(reason=f"{MANIFEST}: {error}") from error
    return _store(folder, anchors, accredited)


def _store(
    folder: Path, anchors: tuple[TrustAnchor, ...], accredited: AccreditedPart
) -> TrustStore:
    known = {*(anchor.certificate for anchor in anchors), *accredited.roots}
    intermediates = _intermediates(folder, known)
    if accredited.stored_list is None:
        return TrustStore(anchors, intermediates)
    store = qualified_store(accredited.stored_list, accredited.roots, anchors)
    return with_intermediates(store, intermediates)


def save_trust_folder(
    store: TrustStore, folder: Path, timestamping: Iterable[TrustAnchor] = ()
) -> None:
    """Write `store` into an empty or new `folder`, so that `load_trust_folder` reads the same.

    `timestamping` are anchors that vouch for timestamps as well (`load_timestamping`). Raises
    TrustFolderError for anchors that hold for one accredited authority: the manifest cannot say
    that, and without it they would hold for everybody.
    """
    stamping = tuple(timestamping)
    anchors = tuple(dict.fromkeys((*store.anchors, *stamping)))
    if any(anchor.accreditation is not None for anchor in anchors):
        raise TrustFolderError(reason="accreditation")
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for number, anchor in enumerate(anchors, start=1):
        name = f"anchor-{number}.pem"
        (folder / name).write_bytes(anchor.certificate.pem)
        entry = {"file": name, "kind": anchor.kind, "sha256": anchor.certificate.fingerprint}
        entries[anchor] = entry | ({"stands_for": anchor.stands_for} if anchor.stands_for else {})
    for number, certificate in enumerate(store.intermediates, start=1):
        (folder / f"intermediate-{number}.pem").write_bytes(certificate.pem)
    said = {"anchors": [entries[each] for each in store.anchors]}
    said |= {"timestamping": [entries[each] for each in stamping]} if stamping else {}
    text = json.dumps(said, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _anchor(folder: Path, entry: dict[str, Any]) -> TrustAnchor:
    unknown = set(entry) - {"file", "kind", "stands_for", "sha256"}
    name = Path(entry["file"])
    if unknown or name.name != entry["file"]:
        raise ValueError(f"{entry}")
    try:
        certificate = load_certificate((folder / name).read_bytes())
    except SigningError as error:
        raise ValueError(f"{name}: {error}") from error
    if entry.get("sha256", certificate.fingerprint) != certificate.fingerprint:
        raise ValueError(f"{name}: sha256 {certificate.fingerprint}")
    stands_for = entry.get("stands_for")
    return TrustAnchor(
        certificate,
        SignatureKind(entry["kind"]),
        None if stands_for is None else SignatureKind(stands_for),
    )


def _intermediates(folder: Path, anchors: set[Certificate]) -> list[Certificate]:
    found: dict[Certificate, None] = {}
    files = sorted(folder.glob("*.pem"))
    if len(files) > MAX_FILES:
        raise TrustFolderError(reason=f"*.pem > {MAX_FILES}")
    for path in files:
        try:
            found |= dict.fromkeys(load_bundle(path.read_bytes()))
        except (OSError, SigningError) as error:
            raise TrustFolderError(reason=f"{path.name}: {error}") from error
    return [certificate for certificate in found if certificate not in anchors]
