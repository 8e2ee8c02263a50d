"""Packages: a ZIP of files with their signatures beside them, taken apart within bounds.

The archive is a stranger's. Nothing is written anywhere; names are names and no paths.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from signing.cades import MAX_CMS
from signing.errors import MEGABYTE, SigningError, refuse_larger
from signing.pdf.signatures import MAX_PDF
from signing.records.evidence_records import MAX_RECORD
from signing.words import N_

MAX_PACKAGE = 50 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_FILES = 200
MAX_DIRECTORY = MEGABYTE // 4
MAX_NAME = 240
MAX_DEPTH = 4
SIGNATURE_ENDINGS = (".sig", ".p7s", ".sgn", ".p7m")
RECORD_ENDING = ".ers"
END_OF_DIRECTORY = b"PK\x05\x06"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF8_NAME, ENCRYPTED = 0x800, 0x1
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What zipfile raises, in practice, on bytes made to hurt."""


class PackageError(SigningError):
    """The ZIP file is not a package that is taken apart here."""

    code = "signing.package"
    msgid = N_("The ZIP file cannot be read.")


class PackageTooLargeError(PackageError):
    """The package holds more, or larger, files than are looked through."""

    code = "signing.package_too_large"
    msgid = N_("The ZIP file holds more than {files} files or more than {megabytes} MB unpacked.")


class PackageEncryptedError(PackageError):
    """A file in the package is protected by a password."""

    code = "signing.package_encrypted"
    msgid = N_("The ZIP file is protected by a password.")


class PackageNameError(PackageError):
    """A name in the package is a path out of it, stands twice, or is no name."""

    code = "signing.package_name"
    msgid = N_("The ZIP file holds a file whose name cannot be accepted: {name}.")


@dataclass(frozen=True)
class PackedFile:
    """A file of a package; `signatures` are name and bytes of the signature files beside it.

    `records` are evidence records, each with the name of what it lies beside: this file, or one
    of its signature files.
    """

    name: str
    content: bytes
    signatures: tuple[tuple[str, bytes], ...] = ()
    records: tuple[tuple[str, bytes], ...] = ()


def is_package(content: bytes) -> bool:
    """Say whether the bytes begin as a ZIP file with something in it, and are no office document.

    What Word and LibreOffice write is a ZIP file, too, but one document: nobody signs its parts.
    """
    return content.startswith(b"PK\x03\x04") and not _is_office_document(content)


def _is_office_document(content: bytes) -> bool:
    """Say whether it is OOXML (ECMA-376, part 2, 10.1.2) or OpenDocument (ODF 1.2, part 3, 3.3)."""
    try:
        _refuse_long_directory(content)
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except PackageError:
        return False
    except BROKEN:
        return False
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"]


def read_package(content: bytes) -> tuple[PackedFile, ...]:
    """Return the files of a package in their order, signatures with what they belong to.

    A signature belongs to the file whose name, with or without its ending, begins its own: to
    «Приказ.pdf» belong «Приказ.pdf.sig», «Приказ.pdf.2.sig» and «Приказ.sig», if no other file is
    called so. An evidence record belongs to what its name without `.ers` names: «Приказ.pdf.ers»,
    «Приказ.pdf.sig.ers». What belongs to none stands alone. Raises PackageError or TooLargeError.
    """
    refuse_larger(content, MAX_PACKAGE)
    _refuse_long_directory(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            if not 0 < len(entries) <= MAX_FILES:
                raise _too_large()
            names = _names(entries)
            return _paired(_unpacked(archive, entries, names))
    except BROKEN as error:
        raise PackageError from error


def _refuse_long_directory(content: bytes) -> None:
    """Refuse a directory that zipfile would read whole into memory (4.3.16 of APPNOTE)."""
    at = content.rfind(END_OF_DIRECTORY)
    end = content[at : at + 22]
    if at < 0 or len(end) < 22:
        raise PackageError
    entries, size, _, comment = struct.unpack("<HLLH", end[10:22])
    if at + 22 + comment != len(content) or size > len(content):
        raise PackageError
    if size > MAX_DIRECTORY or entries > MAX_FILES * 2:
        raise _too_large()


def _too_large() -> PackageTooLargeError:
    return PackageTooLargeError(files=MAX_FILES, megabytes=MAX_UNPACKED // MEGABYTE)


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    names = [_name(each) for each in entries]
    seen: set[str] = set()
    for name in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            raise PackageNameError(name=name)
        seen.add(folded)
    return names


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; raises PackageNameError for one that leads elsewhere."""
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME:  # zipfile reads cp437, Russian programs write cp866
        name = name.encode("cp437", "replace").decode("cp866", "replace")
    parts = name.split("/")
    shown = "".join(c if c.isprintable() else "�" for c in name[:MAX_NAME])
    good = (
        name == shown
        and "\\" not in name
        and ":" not in name
        and len(parts) <= MAX_DEPTH
        and all(part and part not in (".", "..") for part in parts)
        and not stat.S_ISLNK(entry.external_attr >> 16)
    )
    if not good:
        raise PackageNameError(name=shown)
    return name


def _unpacked(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], names: list[str]
) -> list[tuple[str, bytes]]:
    """Read the entries; what they say of their own size is not believed."""
    files: list[tuple[str, bytes]] = []
    left = MAX_UNPACKED
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & ENCRYPTED:
            raise PackageEncryptedError
        if entry.compress_type not in METHODS:
            raise PackageError
        most = min(left, MAX_CMS if _is_signature(name) else max(MAX_PDF, MAX_RECORD))
        with archive.open(entry) as opened:
            content = opened.read(most + 1)
        if len(content) > most:
            raise _too_large()
        left -= len(content)
        files.append((name, content))
    return files


def _is_signature(name: str) -> bool:
    return name.lower().endswith(SIGNATURE_ENDINGS)


def _is_record(name: str) -> bool:
    return name.lower().endswith(RECORD_ENDING)


def _paired(files: list[tuple[str, bytes]]) -> tuple[PackedFile, ...]:
    documents = [each for each in files if not (_is_signature(each[0]) or _is_record(each[0]))]
    signatures = [each for each in files if _is_signature(each[0])]
    names = [name for name, _ in documents]
    owners = {name: _signed_by(name, names) for name, _ in signatures}
    beside: dict[str, list[tuple[str, bytes]]] = {name: [] for name in names}
    for name, content in signatures:
        owner = owners[name]
        if owner is not None:
            beside[owner].append((name, content))
    targets = {name: owners.get(name) or name for name in (*names, *owners)}
    records: dict[str, list[tuple[str, bytes]]] = {owner: [] for owner in targets.values()}
    lost: list[PackedFile] = []
    for name, content in files:
        target = name[: -len(RECORD_ENDING)]
        if _is_record(name) and target in targets:
            records[targets[target]].append((target, content))
        elif _is_record(name):
            lost.append(PackedFile(name, content))
    packed = [
        PackedFile(name, content, tuple(beside[name]), tuple(records[name]))
        for name, content in documents
    ]
    alone = [
        PackedFile(name, content, records=tuple(records[name]))
        for name, content in signatures
        if owners[name] is None
    ]
    return (*packed, *alone, *lost)


def _signed_by(signature: str, documents: list[str]) -> str | None:
    """Return the document that a signature belongs to by its name, None when none or several."""
    stem = signature[: signature.rindex(".")]
    whole = [each for each in documents if stem == each or stem.startswith(f"{each}.")]
    if whole:
        return max(whole, key=len)
    without_ending = [each for each in documents if each.rpartition(".")[0] == stem]
    return without_ending[0] if len(without_ending) == 1 else None
