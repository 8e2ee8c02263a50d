"""The process that talks to a token's library, and may be killed at any moment.

It reads one question as a line of JSON from its standard input and answers with one line, until the
input ends. A library is a stranger's code: it may hang, crash or print. It is logged in to once;
what it prints goes nowhere. Run by `signing.tokens.process`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import AttributeTypeInvalid, PinIncorrect, PKCS11Error

Question = Mapping[str, Any]  # as JSON gives it
Answer = dict[str, Any]

MECHANISMS = {
    "rsa-sha256": Mechanism.SHA256_RSA_PKCS,
    "ecdsa": Mechanism.ECDSA,
}
KINDS = {KeyType.RSA: "rsa", KeyType.EC: "ec"}
MOST = 64
"""Tokens, keys and certificates that are looked at."""


class Conversation:
    """One library, and one session on one of its tokens.

    `tokens_of` gives the initialised tokens that a library (its path) sees.
    """

    def __init__(self, tokens_of: Callable[[str], list[Any]]) -> None:
        self._tokens_of = tokens_of
        self._session: Any = None
        self._keys: list[Any] = []

    def answer(self, question: Question) -> Answer:
        """Do what is asked; what a library raises becomes an answer."""
        signal.alarm(int(question["seconds"]) + 1)  # ends an orphan whose library hangs
        acts: dict[str, Callable[[Question], Answer]] = {
            "tokens": self._tokens,
            "open": self._open,
            "sign": self._sign,
        }
        try:
            return acts[question["do"]](question)
        except PKCS11Error as error:
            return {"error": type(error).__name__}
        finally:
            signal.alarm(0)

    def _tokens(self, question: Question) -> Answer:
        return {"tokens": [_facts(token) for token in self._tokens_of(question["library"])]}

    def _open(self, question: Question) -> Answer:
        """Log in once and say what lies there."""
        serial = question["serial"]
        found = [t for t in self._tokens_of(question["library"]) if _serial(t) == serial]
        if not found:
            return {"error": "TokenNotPresent"}
        token = found[0]
        if token.flags & TokenFlag.USER_PIN_LOCKED:
            return {"error": "PinLocked"}
        if token.flags & TokenFlag.USER_PIN_FINAL_TRY and question["spare_last_try"]:
            return {"error": "LastTry"}
        try:
            self._session = token.open(user_pin=question["pin"])
        except PinIncorrect:
            return {"error": _after_wrong_pin(token)}
        self._keys = _objects(self._session, ObjectClass.PRIVATE_KEY)
        certificates = _objects(self._session, ObjectClass.CERTIFICATE)
        return {
            "keys": [_key_facts(key) for key in self._keys],
            "certificates": [
                {"id": _read(each, Attribute.ID).hex(), "der": _read(each, Attribute.VALUE).hex()}
                for each in certificates
            ],
        }

    def _sign(self, question: Question) -> Answer:
        key = self._keys[question["key"]]
        message = bytes.fromhex(question["message"])
        signature = key.sign(message, mechanism=MECHANISMS[question["mechanism"]])
        return {"signature": bytes(signature).hex()}


def initialised_tokens(library: str) -> list[Any]:
    """Load the library and return its tokens; raises PKCS11Error."""
    slots = pkcs11.lib(library).get_slots(token_present=True)
    tokens = [slot.get_token() for slot in slots[:MOST]]
    return [token for token in tokens if token.flags & TokenFlag.TOKEN_INITIALIZED]


def _facts(token: Any) -> Answer:
    return {"serial": _serial(token), "label": token.label}


def _serial(token: Any) -> str:
    return str(token.serial.rstrip(b" \0").decode(errors="replace"))


def _after_wrong_pin(token: Any) -> str:
    flags = token.slot.get_token().flags
    if flags & TokenFlag.USER_PIN_LOCKED:
        return "PinLocked"
    return "LastTryLeft" if flags & TokenFlag.USER_PIN_FINAL_TRY else "PinIncorrect"


def _objects(session: Any, kind: ObjectClass) -> list[Any]:
    return list(session.get_objects({Attribute.CLASS: kind}))[:MOST]


def _read(found: Any, attribute: Attribute) -> bytes:
    """The attribute's bytes; none if the token leaves it out."""
    try:
        return bytes(found[attribute])
    except AttributeTypeInvalid:
        return b""


def _key_facts(key: Any) -> Answer:
    kind = key.key_type
    return {
        "id": _read(key, Attribute.ID).hex(),
        "label": key.label or "",
        "kind": KINDS.get(kind, getattr(kind, "name", str(kind))),
    }


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    conversation = Conversation(initialised_tokens)
    for line in sys.stdin.buffer:
        answer = conversation.answer(json.loads(line))
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
