"""A blob is found by the hash of its bytes or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from workflow.ports import Blobs
from workflow.store.blobs import (
    BlobChangedError,
    BlobMissingError,
    BlobTooLargeError,
    FolderBlobs,
)

ORDER = "Приказ № 5".encode()
ORDER_SHA256 = hashlib.sha256(ORDER).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(root: Path) -> Blobs:
    return FolderBlobs(root, max_bytes=100)


def test_what_was_put_comes_back_by_its_hash(blobs: Blobs) -> None:
    assert blobs.put(ORDER) == ORDER_SHA256
    assert blobs.get(ORDER_SHA256) == ORDER


def test_a_blob_lies_two_folders_deep_and_cannot_be_written(blobs: Blobs, root: Path) -> None:
    blobs.put(ORDER)
    path = root / ORDER_SHA256[:2] / ORDER_SHA256[2:4] / ORDER_SHA256
    assert path.read_bytes() == ORDER
    assert path.stat().st_mode & 0o777 == 0o400


def test_putting_the_same_bytes_again_writes_nothing(blobs: Blobs, root: Path) -> None:
    blobs.put(ORDER)
    (path,) = root.rglob(ORDER_SHA256)
    before = path.stat()
    assert blobs.put(ORDER) == ORDER_SHA256
    assert path.stat().st_ino == before.st_ino


def test_nothing_but_the_blob_is_left_behind(blobs: Blobs, root: Path) -> None:
    blobs.put(ORDER)
    assert [path.name for path in root.rglob("*") if path.is_file()] == [ORDER_SHA256]


def test_changed_bytes_are_refused(blobs: Blobs, root: Path) -> None:
    blobs.put(ORDER)
    (path,) = root.rglob(ORDER_SHA256)
    path.chmod(0o600)
    path.write_bytes(ORDER[:-1] + b"6")
    with pytest.raises(BlobChangedError):
        blobs.get(ORDER_SHA256)


def test_a_blob_that_grew_is_refused_without_being_read_whole(blobs: Blobs, root: Path) -> None:
    blobs.put(ORDER)
    (path,) = root.rglob(ORDER_SHA256)
    path.chmod(0o600)
    path.write_bytes(ORDER * 100)
    with pytest.raises(BlobChangedError):
        blobs.get(ORDER_SHA256)


def test_an_unknown_hash_is_missing(blobs: Blobs) -> None:
    with pytest.raises(BlobMissingError):
        blobs.get("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", ORDER_SHA256.upper(), "0" * 63, "ё" * 64])
def test_what_is_no_hash_never_becomes_a_path(blobs: Blobs, name: str) -> None:
    with pytest.raises(BlobMissingError):
        blobs.get(name)


def test_content_beyond_the_limit_is_refused_and_leaves_nothing(blobs: Blobs, root: Path) -> None:
    with pytest.raises(BlobTooLargeError):
        blobs.put(bytes(101))
    assert list(root.rglob("*")) == []


def test_an_empty_file_is_a_file(blobs: Blobs) -> None:
    assert blobs.get(blobs.put(b"")) == b""
