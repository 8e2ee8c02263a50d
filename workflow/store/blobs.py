"""Files by the SHA-256 of their bytes, in a folder; put before anything refers to them.

    root/ab/cd/abcd…  (64 hex digits, read-only)

`FolderBlobs` fills the `Blobs` protocol of workflow/ports.py; another storage fills it likewise.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workflow.store.errors import StoreError

MAX_BYTES = 64 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobError(StoreError):
    """Root of what can go wrong with a blob."""

    code = "blob"


class BlobTooLargeError(BlobError):
    """The content is larger than this storage takes."""

    code = "blob.too_large"


class BlobMissingError(BlobError):
    """There is no blob with this hash (or it is no hash at all)."""

    code = "blob.missing"


class BlobChangedError(BlobError):
    """The bytes on the disk are not the bytes that were put: restore them from a backup."""

    code = "blob.changed"


@dataclass(frozen=True)
class FolderBlobs:
    """Content-addressed files under `root`; each at most `max_bytes` long.

    `sync` brings an open file or folder to the disk; who has nothing to lose need not wait for it.
    """

    root: Path
    max_bytes: int = MAX_BYTES
    sync: Callable[[int], None] = os.fsync

    def put(self, content: bytes) -> str:
        """Keep `content` so that it survives a power cut; return its SHA-256 in hex.

        What is there already is not written again. Raises BlobTooLargeError, OSError.
        """
        if len(content) > self.max_bytes:
            raise BlobTooLargeError(f"{len(content)} bytes are more than {self.max_bytes}")
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            self._make_folder(path.parent)
            self._write_durably(path, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes whose hash is `sha256`; raise BlobMissingError, BlobChangedError."""
        path = self._path(sha256)
        try:
            with path.open("rb") as file:
                content = file.read(self.max_bytes + 1)
        except FileNotFoundError:
            raise BlobMissingError(f"there is no blob {sha256}") from None
        if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
            raise BlobChangedError(f"the bytes of blob {sha256} have changed on the disk")
        return content

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise BlobMissingError("a blob is named by 64 lower-case hex digits")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for grown in (folder.parent, self.root):
            self._sync_folder(grown)

    def _write_durably(self, path: Path, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        unfinished = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fchmod(file.fileno(), 0o400)
                self.sync(file.fileno())
            # Whoever was faster put the same bytes: the name is their hash.
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        self._sync_folder(path.parent)

    def _sync_folder(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.sync(descriptor)
        finally:
            os.close(descriptor)
