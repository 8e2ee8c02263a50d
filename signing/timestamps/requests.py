"""Asking for a timestamp (RFC 3161, 2.4): the request, and whether the answer is one to it."""

from __future__ import annotations

from asn1crypto import cms, core, tsp

from signing.asn1 import exact_bytes
from signing.errors import MALFORMED, SigningError, refuse_larger
from signing.timestamps.tokens import (
    MAX_TOKEN,
    Imprint,
    Token,
    TokenUnreadableError,
    imprint_asn1,
    parse_token,
)
from signing.words import N_, harmless

MAX_ANSWER = MAX_TOKEN + 64 * 1024
GRANTED = ("granted", "granted_with_mods")
LONGEST_REASON = 200


class Answer(core.Sequence):  # type: ignore[misc]  # asn1crypto publishes no types
    """TimeStampResp (RFC 3161, 2.4.2); asn1crypto's own wants a token in a refusal too."""

    _fields = [  # noqa: RUF012 - asn1crypto's own way to declare a structure
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class AuthorityRefusedError(SigningError):
    """The time-stamping authority answered, and gave no timestamp."""

    code = "signing.timestamp_refused"
    msgid = N_("The time-stamping authority gave no timestamp: {reason}.")


class AnswerUnreadableError(SigningError):
    """What came back is not an answer of a time-stamping authority."""

    code = "signing.timestamp_answer_unreadable"
    msgid = N_("The answer of the time-stamping authority cannot be read.")


class AnswerToOtherError(SigningError):
    """The timestamp is over something else, or answers another request."""

    code = "signing.timestamp_of_other"
    msgid = N_("The time-stamping authority answered another request than the one that was made.")


def request(imprint: Imprint, nonce: int | None) -> bytes:
    """Return the DER of a request to stamp `imprint`, with the authority's certificate wanted.

    Raises ValueError for a digest whose name is not known.
    """
    asked: dict[str, object] = {
        "version": "v1",
        "message_imprint": imprint_asn1(imprint),
        "cert_req": True,
    }
    if nonce is not None:
        asked["nonce"] = nonce
    return bytes(tsp.TimeStampReq(asked).dump())


def check_response(content: bytes, imprint: Imprint, nonce: int | None) -> Token:
    """Return the token in the answer to `request(imprint, nonce)`.

    Whether the token proves anything is not said here (see `signing.timestamps.judgement`). Raises
    AnswerUnreadableError, AuthorityRefusedError, AnswerToOtherError, TokenUnreadableError or
    TooLargeError.
    """
    refuse_larger(content, MAX_ANSWER)
    try:
        answer = Answer.load(content, strict=True)
        status = answer["status"]
        granted = status["status"].native in GRANTED
        reason = "" if granted else _reason(status)
        token_der = _token_of(answer) if granted else b""
    except MALFORMED as error:
        raise AnswerUnreadableError from error
    if not granted:
        raise AuthorityRefusedError(reason=reason)
    token = parse_token(token_der)
    if token.imprint != imprint or token.nonce != nonce:
        raise AnswerToOtherError
    return token


def _token_of(answer: Answer) -> bytes:
    token = answer["time_stamp_token"]
    if isinstance(token, core.Void):
        raise TokenUnreadableError
    return exact_bytes(token)


def _reason(status: tsp.PKIStatusInfo) -> str:
    """Return why the authority refused: its own words, else the names that RFC 3161 gives."""
    words = status["status_string"].native or []
    flags = status["fail_info"].native or set()
    said = "; ".join([*words, *sorted(flags)]) or str(status["status"].native)
    return harmless(said)[:LONGEST_REASON]
