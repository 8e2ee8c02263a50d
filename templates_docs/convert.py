"""Word documents into PDF through LibreOffice, many in one call.

One `soffice` call takes up to 25 files (its start costs more than a document). Where files are
missing afterwards, the rest is halved until the bad file stands alone. Every call has its own
copy of a primed user profile, a time limit, and dies with its caller.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path

from templates_docs.errors import N_, ConversionError, NotADocumentError
from templates_docs.package import read_package
from templates_docs.pdf import NotAPdfError, count_pages, reproducible

MAX_BATCH = 25
SOFFICE = Path("/usr/lib/libreoffice/program/soffice.bin")
# Without it LibreOffice guesses, and makes a PDF of random bytes.
_INPUT_FILTER = "MS Word 2007 XML"
_PRIMING_SECONDS = 60.0
_MEMORY = 4 * 2**30
_LARGEST_FILE = 256 * 2**20


class PdfProfile(Enum):
    """Which PDF to make; the value is LibreOffice's `SelectPdfVersion`."""

    A2B = 2
    A1A = 1
    PLAIN = 0


@dataclass(frozen=True, slots=True)
class DocxFile:
    """A document to convert; `created` (aware) becomes the PDF's date, so equal input stays equal.

    `name` is the caller's, only to tell the results apart.
    """

    name: str
    content: bytes
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    name: str
    pdf: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class ConversionFailure:
    """Why one file has no PDF; `msgid` and `params` as in `TemplateError`."""

    name: str
    code: str
    msgid: str
    params: tuple[tuple[str, object], ...] = ()


Outcome = Converted | ConversionFailure


def to_pdf(
    files: Sequence[DocxFile], *, profile: PdfProfile = PdfProfile.A2B, timeout: float = 60.0
) -> list[Outcome]:
    """Convert `files`; the outcomes stand in their order.

    `timeout` is in seconds for one `soffice` call of at most 25 files; halving makes at most
    2·log2(25) calls for each file that LibreOffice cannot finish. A file that is no Word document
    never reaches LibreOffice. LibreOffice dies with the thread that called. Raises ConversionError
    when LibreOffice cannot be started at all, ValueError for a naive `created`.
    """
    outcomes: dict[int, Outcome] = {}
    waiting: list[int] = []
    for index, file in enumerate(files):
        try:
            read_package(file.content)
        except NotADocumentError as error:
            outcomes[index] = ConversionFailure(
                file.name, error.code, error.msgid, tuple(error.params.items())
            )
        else:
            waiting.append(index)
    for start in range(0, len(waiting), MAX_BATCH):
        batch = waiting[start : start + MAX_BATCH]
        outcomes.update(_convert(files, batch, profile, timeout))
    return [outcomes[index] for index in range(len(files))]


def _convert(
    files: Sequence[DocxFile], batch: Sequence[int], profile: PdfProfile, timeout: float
) -> dict[int, Outcome]:
    done, in_time = _call({index: files[index] for index in batch}, profile, timeout)
    left = [index for index in batch if index not in done]
    outcomes: dict[int, Outcome] = dict(done)
    if len(batch) == 1 and left:
        outcomes[left[0]] = _failure(files[left[0]], in_time, timeout)
    elif left:
        middle = (len(left) + 1) // 2
        for half in (left[:middle], left[middle:]):
            if half:
                outcomes.update(_convert(files, half, profile, timeout))
    return outcomes


def _failure(file: DocxFile, in_time: bool, timeout: float) -> ConversionFailure:
    if in_time:
        return ConversionFailure(
            file.name,
            "template.not_converted",
            N_("LibreOffice cannot read the document. Open it in Word and save it again."),
        )
    return ConversionFailure(
        file.name,
        "template.conversion_timeout",
        N_("LibreOffice did not finish the document in {seconds} s."),
        (("seconds", round(timeout)),),
    )


def _call(
    files: dict[int, DocxFile], profile: PdfProfile, timeout: float
) -> tuple[dict[int, Converted], bool]:
    """Run one `soffice` over `files`; return what became a PDF, and whether it ended in time."""
    with tempfile.TemporaryDirectory(prefix=f"marshrut-pdf-{os.getpid()}-") as folder:
        place = Path(folder)
        _copy_profile(place / "profile")
        (place / "in").mkdir()
        for index, file in files.items():
            (place / "in" / f"{index}.docx").write_bytes(file.content)
        command = _command(
            place / "profile",
            f"--infilter={_INPUT_FILTER}",
            "--convert-to",
            _export(profile),
            "--outdir",
            str(place / "out"),
            *(str(place / "in" / f"{index}.docx") for index in files),
        )
        in_time = _run(command, place, timeout)
        return dict(_collected(place / "out", files)), in_time


def _collected(folder: Path, files: dict[int, DocxFile]) -> Iterator[tuple[int, Converted]]:
    for index, file in files.items():
        result = folder / f"{index}.pdf"
        if not result.is_file():
            continue
        pdf = reproducible(result.read_bytes(), file.created)
        try:
            pages = count_pages(pdf)
        except NotAPdfError:
            continue
        yield index, Converted(file.name, pdf, pages)


def _export(profile: PdfProfile) -> str:
    options = {"SelectPdfVersion": {"type": "long", "value": str(profile.value)}}
    return f"pdf:writer_pdf_Export:{json.dumps(options)}"


def _command(profile: Path, *arguments: str) -> list[str]:
    if not SOFFICE.is_file():
        raise ConversionError(
            N_("LibreOffice is not installed: {path} is missing."), path=str(SOFFICE)
        )
    return [
        "prlimit",
        f"--as={_MEMORY}",
        f"--fsize={_LARGEST_FILE}",
        # The parent may be killed outright; LibreOffice must not outlive it.
        "setpriv",
        "--pdeathsig",
        "KILL",
        str(SOFFICE),
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nofirststartwizard",
        f"-env:UserInstallation={profile.as_uri()}",
        *arguments,
    ]


def _run(command: Sequence[str], home: Path, timeout: float) -> bool:
    """Run to the end or to the time limit, then kill the whole group; True if it ended itself."""
    environment = {
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    with (home / "log").open("wb") as log:
        try:
            process = subprocess.Popen(  # noqa: S603 - a fixed program, our own arguments
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=home,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise ConversionError(
                N_("LibreOffice cannot be started: {program} is missing."), program=command[0]
            ) from error
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return True


def _copy_profile(place: Path) -> None:
    try:
        shutil.copytree(primed_profile(), place)
    except FileNotFoundError:
        # Somebody has tidied the temporary folder since.
        shutil.rmtree(place, ignore_errors=True)
        primed_profile.cache_clear()
        shutil.copytree(primed_profile(), place)


@cache
def primed_profile() -> Path:
    """Return a LibreOffice profile that has seen its first start, made once in a process.

    A worker calls it before it forks. Raises ConversionError when LibreOffice does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="marshrut-soffice-"))
    atexit.register(_forget, folder, os.getpid())
    profile = folder / "profile"
    ended = _run(_command(profile, "--terminate_after_init"), folder, _PRIMING_SECONDS)
    if not ended or not (profile / "user" / "registrymodifications.xcu").is_file():
        raise ConversionError(N_("LibreOffice does not start: its profile was not made."))
    return profile


def _forget(folder: Path, owner: int) -> None:
    # A forked child that ends must not take its parent's profile along.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
