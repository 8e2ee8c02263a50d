"""Trust in a folder: the manifest alone says what is an anchor, and of what kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from signing.certificates import load_certificate
from signing.trust import TrustAnchor, TrustStore
from signing.trust_folder import (
    MANIFEST,
    NoTrustManifestError,
    TrustFolderError,
    load_timestamping,
    load_trust_folder,
    save_trust_folder,
)
from signing.verdicts import SignatureKind
from tests.pki import Office


@pytest.fixture
def folder(tmp_path: Path, office: Office) -> Path:
    (tmp_path / "root.pem").write_bytes(office.root.holder.pem)
    (tmp_path / "issuing.pem").write_bytes(office.issuing.holder.pem)
    write(tmp_path, {"file": "root.pem", "kind": "advanced"})
    return tmp_path


def write(folder: Path, *anchors: object) -> None:
    (folder / MANIFEST).write_text(json.dumps({"anchors": anchors}), encoding="utf-8")


def test_the_manifest_names_the_anchors(folder: Path, office: Office) -> None:
    store = load_trust_folder(folder)
    root = load_certificate(office.root.holder.der)
    assert store.anchors == (TrustAnchor(root, SignatureKind.ADVANCED),)
    assert store.intermediates == (load_certificate(office.issuing.holder.der),)


def test_a_saved_store_is_read_back(tmp_path: Path, office: Office) -> None:
    root, issuing = (load_certificate(a.holder.der) for a in (office.root, office.issuing))
    training = TrustAnchor(root, SignatureKind.TRAINING, SignatureKind.QUALIFIED)
    save_trust_folder(TrustStore([training], [issuing]), tmp_path / "trust")
    store = load_trust_folder(tmp_path / "trust")
    assert (store.anchors, store.intermediates) == ((training,), (issuing,))


def test_a_folder_without_a_manifest_trusts_nothing(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    with pytest.raises(NoTrustManifestError):
        load_trust_folder(folder)


@pytest.mark.parametrize(
    "anchor",
    [
        {"file": "root.pem"},
        {"file": "root.pem", "kind": "best"},
        {"file": "root.pem", "kind": "training"},
        {"file": "root.pem", "kind": "qualified", "stands_for": "advanced"},
        {"file": "root.pem", "kind": "advanced", "sha256": "00"},
        {"file": "root.pem", "kind": "advanced", "trust": "yes"},
        {"file": "missing.pem", "kind": "advanced"},
        {"file": "../root.pem", "kind": "advanced"},
        "root.pem",
    ],
)
def test_a_manifest_with_a_mistake_is_refused(anchor: object, folder: Path) -> None:
    write(folder, anchor)
    with pytest.raises(TrustFolderError):
        load_trust_folder(folder)


def test_a_fingerprint_that_agrees_is_accepted(folder: Path, office: Office) -> None:
    fingerprint = load_certificate(office.root.holder.der).fingerprint
    write(folder, {"file": "root.pem", "kind": "advanced", "sha256": fingerprint})
    assert len(load_trust_folder(folder).anchors) == 1


def test_a_broken_certificate_is_named(folder: Path) -> None:
    (folder / "broken.pem").write_bytes(b"text")
    with pytest.raises(TrustFolderError, match=r"broken\.pem"):
        load_trust_folder(folder)


def test_nobody_vouches_for_timestamps_unless_the_manifest_says_so(
    folder: Path, office: Office
) -> None:
    assert load_timestamping(folder).anchors == ()
    vouching = {"anchors": [], "timestamping": [{"file": "root.pem", "kind": "advanced"}]}
    (folder / MANIFEST).write_text(json.dumps(vouching), encoding="utf-8")
    root, issuing = (load_certificate(a.holder.der) for a in (office.root, office.issuing))
    store = load_timestamping(folder)
    assert store.anchors == (TrustAnchor(root, SignatureKind.ADVANCED),)
    assert store.intermediates == (issuing,)
    assert load_trust_folder(folder).anchors == ()


@pytest.mark.parametrize("said", [{"file": "missing.pem", "kind": "advanced"}, "root.pem", {}])
def test_a_mistake_about_timestamps_is_refused(said: object, folder: Path) -> None:
    text = json.dumps({"anchors": [], "timestamping": [said]})
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(TrustFolderError):
        load_timestamping(folder)
