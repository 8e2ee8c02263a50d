"""The other end of `signing.tokens.child`: a process for one conversation with a token.

A library that hangs cannot be interrupted from within, so it works in a process that is killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from select import POLLIN, poll
from time import monotonic
from types import TracebackType
from typing import Any

from signing.tokens.errors import (
    LastTryLeftError,
    LastTrySparedError,
    LibraryUnusableError,
    PinExpiredError,
    PinLockedError,
    TokenAbsentError,
    TokenError,
    TokenSilentError,
    WrongPinError,
)

CHILD = (sys.executable, "-I", "-m", "signing.tokens.child")
SECONDS = 20.0
"""How long one answer may take: a login, or a signature of a slow card."""
LONGEST_ANSWER = 4 * 1024 * 1024
GOODBYE = 1.0
SECRET_PREFIXES = ("MARSHRUT_", "PG")
"""Variables of the environment that are none of a library's business."""

PIN_ERRORS: Mapping[str, type[TokenError]] = {
    "PinIncorrect": WrongPinError,
    "PinInvalid": WrongPinError,
    "PinLenRange": WrongPinError,
    "LastTryLeft": LastTryLeftError,
    "LastTry": LastTrySparedError,
    "PinLocked": PinLockedError,
    "PinExpired": PinExpiredError,
}
ABSENT = frozenset({"TokenNotPresent", "NoSuchToken", "TokenNotRecognised", "DeviceRemoved"})


class TokenProcess:
    """One conversation with `library`; a context manager that leaves no process behind.

    `seconds` bound each answer. `command` is what is run; tests put other children there.
    """

    def __init__(
        self, library: Path, seconds: float = SECONDS, command: Sequence[str] = CHILD
    ) -> None:
        self._library = library
        self._seconds = seconds
        if not library.is_file():
            raise LibraryUnusableError(library=str(library))
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own Python
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={n: v for n, v in os.environ.items() if not n.startswith(SECRET_PREFIXES)},
            start_new_session=True,
        )

    def __enter__(self) -> TokenProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, do: str, token: str = "", **question: Any) -> Any:
        """Return the answer to one question; `token` names the token in errors.

        Raises TokenError: TokenSilentError when the time is over, LibraryUnusableError when the
        library fell over, and what the token refuses.
        """
        asked = {"do": do, "library": str(self._library), "seconds": self._seconds, **question}
        answer = self._answer(json.dumps(asked).encode() + b"\n")
        if "error" in answer:
            raise _error(str(answer["error"]), token, self._library)
        return answer

    def close(self) -> None:
        """End the conversation; who does not go is killed."""
        self._hang_up()
        try:
            self._process.wait(GOODBYE)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _answer(self, question: bytes) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
        except OSError:  # it has gone before it was asked
            raise LibraryUnusableError(library=str(self._library)) from None
        try:
            answer = json.loads(self._line())
        except (ValueError, RecursionError):
            raise LibraryUnusableError(library=str(self._library)) from None
        if not isinstance(answer, dict):
            raise LibraryUnusableError(library=str(self._library))
        return answer

    def _line(self) -> bytes:
        """Return one line; ValueError for none.

        The clock stands here and not with the process: what a library has started may keep the
        pipe open after everybody whom we may kill is gone.
        """
        assert self._process.stdout is not None
        pipe, until, line = self._process.stdout.fileno(), monotonic() + self._seconds, b""
        clock = poll()
        clock.register(pipe, POLLIN)
        while not line.endswith(b"\n"):
            if not clock.poll(max(0.0, until - monotonic()) * 1000):
                self._kill()
                raise TokenSilentError(seconds=round(self._seconds))
            read = os.read(pipe, LONGEST_ANSWER)
            line += read
            if not read or len(line) > LONGEST_ANSWER:
                raise ValueError("no answer, or one without an end")
        return line

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _hang_up(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()


def _error(name: str, token: str, library: Path) -> TokenError:
    if name in PIN_ERRORS:
        return PIN_ERRORS[name]()
    if name in ABSENT:
        return TokenAbsentError(token=token)
    if name == "PKCS11Error":  # what loading a file that is no library raises
        return LibraryUnusableError(library=str(library))
    return TokenError(reason=name)
