"""Timestamp tokens (RFC 3161, 2.4.2) taken apart: what the authority says, and how it signed it.

A token is a CMS over a TSTInfo. Nothing of it is believed here: `signing.timestamps.judgement`
judges it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, cms, core, tsp

from signing.asn1 import der_of
from signing.ber import definite
from signing.cades import UNREADABLE, SignedCms, read_signer
from signing.errors import MEGABYTE, SigningError, refuse_larger
from signing.words import N_

MAX_TOKEN = MEGABYTE // 2
LONGEST_ACCURACY = timedelta(hours=1)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(0)


class TokenUnreadableError(SigningError):
    """The bytes are not one timestamp token."""

    code = "signing.token_unreadable"
    msgid = N_("The timestamp cannot be read.")


@dataclass(frozen=True)
class Imprint:
    """What was stamped: a digest and its name, as asn1crypto names digests ("sha256")."""

    digest: str
    value: bytes


@dataclass(frozen=True)
class Token:
    """One token: `time` (UTC, as precise as it says), what was stamped, and the CMS around it.

    `accuracy` is how far `time` may be wrong, None when the token does not say. `policy` is an
    object identifier. `info` is the DER of the TSTInfo, which `signed` signs. `sha1_binding` is
    the digest in the older signing-certificate attribute (RFC 2634, 5.4), None without one.
    """

    der: bytes = field(repr=False)
    time: datetime
    accuracy: timedelta | None
    imprint: Imprint
    policy: str
    serial: int
    nonce: int | None
    info: bytes = field(repr=False)
    signed: SignedCms = field(repr=False)
    sha1_binding: bytes | None

    @property
    def latest(self) -> datetime:
        """Return the whole second by which the token surely existed."""
        late = self.time + (self.accuracy or INSTANT)
        return late if late.microsecond == 0 else late.replace(microsecond=0) + SECOND


def parse_token(content: bytes) -> Token:
    """Take a token apart, from DER, BER or PEM; raises TokenUnreadableError or TooLargeError."""
    refuse_larger(content, MAX_TOKEN)
    try:
        der = definite(der_of(content))
        envelope = cms.ContentInfo.load(der, strict=True)
        if envelope["content_type"].native != "signed_data":
            raise TokenUnreadableError
        return _token(der, envelope["content"])
    except UNREADABLE as error:
        raise TokenUnreadableError from error


def _token(der: bytes, signed_data: cms.SignedData) -> Token:
    content = signed_data["encap_content_info"]
    signers = signed_data["signer_infos"]
    if content["content_type"].native != "tst_info" or len(signers) != 1:
        raise ValueError("not a TSTInfo with one signature")
    info = bytes(content["content"])
    says = tsp.TSTInfo.load(info, strict=True)
    if says["version"].native != "v1" or _has_critical_extension(says):
        raise ValueError("a timestamp of another version")
    signed = read_signer(der, signed_data, signers[0], "tst_info")
    token = Token(
        der=der,
        time=_time_of(says["gen_time"]),
        accuracy=_accuracy_of(says["accuracy"]),
        imprint=read_imprint(says["message_imprint"]),
        policy=says["policy"].dotted,
        serial=int(says["serial_number"].native),
        nonce=None if isinstance(says["nonce"], core.Void) else int(says["nonce"].native),
        info=info,
        signed=signed,
        sha1_binding=_sha1_binding(signed),
    )
    token.latest  # noqa: B018 - a time at the end of the calendar is found out here
    return token


def read_imprint(stamped: tsp.MessageImprint) -> Imprint:
    """Return what a request or a token says was stamped; raises one of MALFORMED."""
    algorithm = stamped["hash_algorithm"]["algorithm"].native
    return Imprint(str(algorithm), bytes(stamped["hashed_message"].native))


def imprint_asn1(imprint: Imprint) -> tsp.MessageImprint:
    """Return `imprint` as ASN.1; raises ValueError for a digest whose name is not known."""
    algorithm = algos.DigestAlgorithm({"algorithm": imprint.digest})
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": imprint.value})


def _has_critical_extension(says: tsp.TSTInfo) -> bool:
    extensions = says["extensions"]
    return not isinstance(extensions, core.Void) and any(
        each["critical"].native for each in extensions
    )


def _time_of(stated: core.GeneralizedTime) -> datetime:
    """Return genTime, which is in UTC and says so (RFC 3161, 2.4.2)."""
    moment = stated.native
    if not bytes(stated.contents).endswith(b"Z") or not isinstance(moment, datetime):
        raise ValueError("the time of a timestamp is not in UTC")
    return moment.astimezone(UTC)


def _accuracy_of(stated: tsp.Accuracy | core.Void) -> timedelta | None:
    if isinstance(stated, core.Void):
        return None
    seconds, millis, micros = (
        int(stated[name].native or 0) for name in ("seconds", "millis", "micros")
    )
    if seconds < 0 or not 0 <= millis < 1000 or not 0 <= micros < 1000:
        raise ValueError("the accuracy of a timestamp is no length of time")
    accuracy = timedelta(seconds=seconds, milliseconds=millis, microseconds=micros)
    if accuracy > LONGEST_ACCURACY:
        raise ValueError("a timestamp so inaccurate says no time")
    return accuracy


def _sha1_binding(signed: SignedCms) -> bytes | None:
    if signed.signed_attributes is None:
        return None
    for attribute in cms.CMSAttributes.load(signed.signed_attributes):
        if attribute["type"].native == "signing_certificate":
            return bytes(attribute["values"][0]["certs"][0]["cert_hash"].native)
    return None
