"""What a token's process answers, and what becomes of it, with other children in its place."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from pkcs11 import TokenFlag
from pkcs11.exceptions import PinIncorrect, PKCS11Error

from signing.tokens.child import Conversation
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
from signing.tokens.process import TokenProcess

LIBRARY = Path(__file__)
"""Any file: the children of these tests load nothing."""
ANSWERS = "import sys\nfor line in sys.stdin: print({answer!r}, flush=True)"


def asked(script: str, seconds: float = 10) -> object:
    with TokenProcess(LIBRARY, seconds, (sys.executable, "-c", script)) as process:
        return process.ask("open", "Школа")


def answering(**answer: object) -> str:
    return ANSWERS.format(answer=json.dumps(answer))


def test_an_answer_is_handed_on() -> None:
    assert asked(answering(keys=[])) == {"keys": []}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("PinIncorrect", WrongPinError),
        ("PinLenRange", WrongPinError),
        ("LastTryLeft", LastTryLeftError),
        ("LastTry", LastTrySparedError),
        ("PinLocked", PinLockedError),
        ("PinExpired", PinExpiredError),
        ("TokenNotPresent", TokenAbsentError),
        ("DeviceRemoved", TokenAbsentError),
        ("PKCS11Error", LibraryUnusableError),
        ("FunctionFailed", TokenError),
    ],
)
def test_each_refusal_of_a_token_has_its_sentence(name: str, error: type[TokenError]) -> None:
    with pytest.raises(error) as refused:
        asked(answering(error=name))
    assert type(refused.value) is error


def test_who_does_not_answer_is_stopped_with_its_own_children(tmp_path: Path) -> None:
    """The child has a child of its own, as a library with a daemon would."""
    script = (
        "import subprocess, time, sys\n"
        f"p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid))\n"
        "time.sleep(60)"
    )
    began = time.monotonic()
    with pytest.raises(TokenSilentError):
        asked(script, seconds=1)
    assert time.monotonic() - began < 5
    assert _is_gone(int((tmp_path / "pid").read_text()))


def test_who_keeps_the_pipe_open_from_a_session_of_its_own_holds_nobody_up(
    tmp_path: Path,
) -> None:
    """A library may start a daemon that nobody here may kill, and that holds all that it had."""
    script = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        f"    open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    began = time.monotonic()
    try:
        with pytest.raises(TokenSilentError):
            asked(script, seconds=1)
        assert time.monotonic() - began < 5
    finally:
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def _is_gone(pid: int) -> bool:
    """Killed, if perhaps not buried yet by the first process of the system."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_who_ignores_the_end_of_the_conversation_is_killed() -> None:
    script = answering(tokens=[]) + "\nimport time\ntime.sleep(60)"
    began = time.monotonic()
    process = TokenProcess(LIBRARY, 10, (sys.executable, "-c", script))
    with process:
        assert process.ask("tokens") == {"tokens": []}
    assert time.monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(process._process.pid, 0)


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit(3)",
        "import os; os.abort()",
        "print('no JSON', flush=True)",
        "print('[1]', flush=True)",
        "print('[' * 100_000, flush=True)",
        "import sys; sys.stdout.buffer.write(b'\\xff\\n')",
        "print('{' + ' ' * 5_000_000 + '}', flush=True)",
        "print('{}\\n{}', flush=True)",
    ],
)
def test_a_library_that_falls_over_is_said(script: str) -> None:
    with pytest.raises(LibraryUnusableError):
        asked(script)


def test_the_pin_stands_in_no_command_line_and_no_environment() -> None:
    script = (
        "import os, sys, json\n"
        "pin = json.loads(sys.stdin.readline())['pin']\n"
        "seen = open('/proc/self/cmdline').read() + str(dict(os.environ))\n"
        "print(json.dumps({'asked': len(pin), 'seen': pin in seen}), flush=True)"
    )
    with TokenProcess(LIBRARY, 10, (sys.executable, "-c", script)) as process:
        assert process.ask("open", pin="13579") == {"asked": 5, "seen": False}


@dataclass
class FakeToken:
    """A token of a vendor whose flags the tests choose; `tries` counts logins."""

    flags: TokenFlag
    after: TokenFlag
    tries: int = 0
    serial: bytes = b"77"
    label: str = "Школа"

    @property
    def slot(self) -> FakeToken:
        return self

    def get_token(self) -> FakeToken:
        return FakeToken(self.after, self.after)

    def open(self, user_pin: str) -> None:
        self.tries += 1
        raise PinIncorrect


def opened(token: FakeToken, *, spare: bool = True) -> object:
    question = {
        "do": "open",
        "library": "x",
        "serial": "77",
        "pin": "0",
        "seconds": 5,
        "spare_last_try": spare,
    }
    return Conversation(lambda library: [token]).answer(question)


LOW, LAST, LOCKED = (
    TokenFlag.USER_PIN_COUNT_LOW,
    TokenFlag.USER_PIN_FINAL_TRY,
    TokenFlag.USER_PIN_LOCKED,
)


@pytest.mark.parametrize(
    ("after", "answer"),
    [(LOW, "PinIncorrect"), (LOW | LAST, "LastTryLeft"), (LOCKED, "PinLocked")],
)
def test_one_question_is_one_try_and_what_is_left_is_said(after: TokenFlag, answer: str) -> None:
    token = FakeToken(TokenFlag(0), after)
    assert opened(token) == {"error": answer}
    assert token.tries == 1


def test_the_last_try_is_spared_unless_the_owner_is_at_hand() -> None:
    token = FakeToken(LAST, LOCKED)
    assert opened(token) == {"error": "LastTry"}
    assert token.tries == 0
    assert opened(token, spare=False) == {"error": "PinLocked"}
    assert token.tries == 1


def test_a_locked_token_is_not_tried_at_all() -> None:
    token = FakeToken(LOCKED, LOCKED)
    assert opened(token, spare=False) == {"error": "PinLocked"}
    assert token.tries == 0


def test_what_the_library_raises_becomes_an_answer() -> None:
    def broken(library: str) -> list[FakeToken]:
        raise PKCS11Error("OS exception while loading")

    question = {"do": "tokens", "library": "x", "seconds": 5}
    assert Conversation(broken).answer(question) == {"error": "PKCS11Error"}
