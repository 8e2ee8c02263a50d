"""A simple electronic signature as evidence: a statement under the installation's seal.

The file is one canonical JSON text (UTF-8, keys sorted, no spaces), so that there is one way to
write each statement and any changed byte shows. The seal is ECDSA over P-256 with SHA-256
(FIPS 186-5) over the statement with a prefix of its own; the certificate stands beside, its
fingerprint inside. A seal says which installation made the statement and that nothing of it was
changed; whether that installation is one to believe, the reader decides by the fingerprint.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NoReturn  # JSON as json.loads gives it has no better type

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.certificates import Certificate, load_certificate
from signing.errors import MALFORMED, SigningError, refuse_larger
from signing.simple.installation_seal import P256_ORDER, InstallationSeal, is_for_training
from signing.verdicts import refuse_naive
from signing.words import N_

FORMAT = "marshrut-simple-signature/1"
#: What is sealed begins with this, so that the key's other uses can never be mistaken for it.
PREFIX = FORMAT.encode() + b"\n"
MAX_STATEMENT = 1024 * 1024
MOST_FILES = 200
LONGEST_TEXT = 4000
ACTS = ("sign", "acknowledge")

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_VALUE = re.compile(r"[0-9a-f]{128}", re.ASCII)
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class SimpleSignatureError(SigningError):
    """The file is no sealed statement, or it was changed."""

    code = "simple.error"
    msgid = N_("The simple electronic signature could not be read.")


class NotAStatementError(SimpleSignatureError):
    """The bytes are not the one way in which a statement is written."""

    code = "simple.malformed"
    msgid = N_("The file is no simple electronic signature of this system, or it was changed.")


class BrokenSealError(SimpleSignatureError):
    """The statement, its seal or its certificate was changed."""

    code = "simple.broken"
    msgid = N_("The seal is broken: the statement was changed after it had been sealed.")


@dataclass(frozen=True)
class Statement:
    """Who did what to which files; see `workflow.domain.simple_signatures.SimpleStatement`.

    `files` are pairs of name and SHA-256 (hex); `signed_at` is aware. `training`: made for
    practice, without legal force.
    """

    act: str
    document: str
    manifest: str
    files: tuple[tuple[str, str], ...]
    person: str
    post: str
    organisation: str
    inn: str
    ogrn: str
    agreement: str
    agreed_on: date
    text: str
    challenge: str
    password: bool
    second_factor: bool
    session: str
    signed_at: datetime
    training: bool

    def __post_init__(self) -> None:
        refuse_naive(self.signed_at)

    def covers(self, content: bytes) -> str | None:
        """The name under which the statement holds these bytes; None when it does not."""
        digest = hashlib.sha256(content).hexdigest()
        return next((name for name, sha256 in self.files if sha256 == digest), None)


@dataclass(frozen=True)
class SimpleSeal:
    """A statement whose seal is whole, and who sealed it.

    `fingerprint` is the SHA-256 (hex) of the installation's certificate, `installation` what its
    subject says. Neither means that the installation is one to believe.
    """

    statement: Statement
    fingerprint: str
    installation: str


def looks_like_statement(content: bytes) -> bool:
    """Whether the bytes may be a sealed statement (a CMS or a PDF never begins so)."""
    return content.lstrip()[:1] == b"{"


def seal(statement: Statement, by: InstallationSeal) -> bytes:
    """Return the statement sealed; raises NotAStatementError for one that could not be opened.

    `by` must be the seal for training exactly when the statement is.
    """
    if is_for_training(by.certificate) is not statement.training:
        raise ValueError("a training statement is sealed with the training seal, others never")
    plain = _plain(statement, by.certificate.fingerprint)
    signature = by.key.sign(PREFIX + _canonical(plain), ec.ECDSA(SHA256()))
    sealed = _canonical(
        {
            "format": FORMAT,
            "seal": {
                "certificate": base64.b64encode(by.certificate.der).decode(),
                "value": _value(signature),
            },
            "statement": plain,
        }
    )
    open_seal(sealed)
    return sealed


def open_seal(content: bytes) -> SimpleSeal:
    """Check a sealed statement and return it.

    Raises TooLargeError, NotAStatementError for anything but the canonical form, BrokenSealError
    when seal, certificate and statement do not belong together.
    """
    refuse_larger(content, MAX_STATEMENT)
    whole = _read(content)
    _keys(whole, ("format", "seal", "statement"))
    if whole["format"] != FORMAT:
        raise NotAStatementError
    given = _keys(whole["seal"], ("certificate", "value"))
    certificate = _certificate(given["certificate"])
    statement, fingerprint = _statement(whole["statement"])
    if fingerprint != certificate.fingerprint:
        raise BrokenSealError
    if is_for_training(certificate) is not statement.training:
        raise BrokenSealError
    _verify(certificate, given["value"], PREFIX + _canonical(whole["statement"]))
    return SimpleSeal(statement, certificate.fingerprint, certificate.subject_text)


# --- The canonical form ---------------------------------------------------------------------


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        raise NotAStatementError from None


def _read(content: bytes) -> Any:
    """Read JSON that is written in the one way; keys twice, floats, other spellings are refused."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_refuse,
            parse_int=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise NotAStatementError from None
    if _canonical(value) != content:
        raise NotAStatementError
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAStatementError
    return found


def _refuse(_: str) -> NoReturn:
    raise NotAStatementError


def _keys(value: Any, wanted: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or sorted(value) != sorted(wanted):
        raise NotAStatementError
    return value


def _text(value: Any, at_most: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or len(value) > at_most:
        raise NotAStatementError
    return value


def _named(value: Any) -> str:
    text = _text(value)
    if not text.strip():
        raise NotAStatementError
    return text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotAStatementError
    return value


def _digest(value: Any) -> str:
    if not _SHA256.fullmatch(_text(value, 64)):
        raise NotAStatementError
    return str(value)


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(_text(value, 10))
    except ValueError:
        raise NotAStatementError from None
    if day.isoformat() != value:
        raise NotAStatementError
    return day


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.strptime(_text(value, 30), _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise NotAStatementError from None
    if _time(moment) != value:
        raise NotAStatementError
    return moment


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TIME)


# --- The statement --------------------------------------------------------------------------


def _plain(statement: Statement, fingerprint: str) -> dict[str, object]:
    return {
        "act": statement.act,
        "agreement": {"dated": statement.agreed_on.isoformat(), "number": statement.agreement},
        "authentication": {
            "password": statement.password,
            "second_factor": statement.second_factor,
            "session": statement.session,
        },
        "challenge": statement.challenge,
        "document": {
            "files": [{"name": name, "sha256": sha256} for name, sha256 in statement.files],
            "manifest": statement.manifest,
            "title": statement.document,
        },
        "installation": {"certificate": fingerprint, "training": statement.training},
        "organisation": {
            "inn": statement.inn,
            "name": statement.organisation,
            "ogrn": statement.ogrn,
        },
        "person": {"name": statement.person, "post": statement.post},
        "signed_at": _time(statement.signed_at),
        "text": statement.text,
    }


_STATEMENT = (
    "act", "agreement", "authentication", "challenge", "document", "installation",
    "organisation", "person", "signed_at", "text",
)  # fmt: skip


def _statement(value: Any) -> tuple[Statement, str]:
    """The statement, and the fingerprint of the certificate that it names."""
    plain = _keys(value, _STATEMENT)
    if plain["act"] not in ACTS:
        raise NotAStatementError
    agreement = _keys(plain["agreement"], ("dated", "number"))
    recognised = _keys(plain["authentication"], ("password", "second_factor", "session"))
    document = _keys(plain["document"], ("files", "manifest", "title"))
    installation = _keys(plain["installation"], ("certificate", "training"))
    organisation = _keys(plain["organisation"], ("inn", "name", "ogrn"))
    person = _keys(plain["person"], ("name", "post"))
    session = _text(recognised["session"], 64)
    statement = Statement(
        act=plain["act"],
        document=_named(document["title"]),
        manifest=_digest(document["manifest"]),
        files=_files(document["files"]),
        person=_named(person["name"]),
        post=_text(person["post"]),
        organisation=_named(organisation["name"]),
        inn=_text(organisation["inn"], 20),
        ogrn=_text(organisation["ogrn"], 20),
        agreement=_named(agreement["number"]),
        agreed_on=_day(agreement["dated"]),
        text=_named(plain["text"]),
        challenge=_named(plain["challenge"]),
        password=_flag(recognised["password"]),
        second_factor=_flag(recognised["second_factor"]),
        session=_digest(session) if session else "",
        signed_at=_moment(plain["signed_at"]),
        training=_flag(installation["training"]),
    )
    if not statement.password:
        raise NotAStatementError
    return statement, _digest(installation["certificate"])


def _files(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_FILES:
        raise NotAStatementError
    files = []
    for one in value:
        file = _keys(one, ("name", "sha256"))
        files.append((_named(file["name"]), _digest(file["sha256"])))
    return tuple(files)


# --- The seal -------------------------------------------------------------------------------


def _value(signature: bytes) -> str:
    """r and s as 128 hex digits; of the two values of s that verify, the smaller one."""
    r, s = decode_dss_signature(signature)
    return f"{r:064x}{min(s, P256_ORDER - s):064x}"


def _verify(certificate: Certificate, value: Any, sealed: bytes) -> None:
    if not _VALUE.fullmatch(_text(value, 128)):
        raise NotAStatementError
    r, s = int(value[:64], 16), int(value[64:], 16)
    if not (0 < r < P256_ORDER and 0 < s <= P256_ORDER // 2):
        raise BrokenSealError
    try:
        _public_key(certificate).verify(encode_dss_signature(r, s), sealed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise BrokenSealError from None


def _public_key(certificate: Certificate) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(certificate.public_key_der)
    except MALFORMED:
        raise BrokenSealError from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BrokenSealError
    return key


def _certificate(value: Any) -> Certificate:
    """The certificate as it stands in the file: DER in base64 without any freedom, over P-256."""
    try:
        der = base64.b64decode(_text(value, 8000), validate=True)
    except (binascii.Error, ValueError):
        raise NotAStatementError from None
    if base64.b64encode(der).decode() != value:
        raise NotAStatementError
    certificate = load_certificate(der)
    if certificate.der != der:
        raise BrokenSealError
    return certificate
