"""A training authority for timestamps: answers requests (RFC 3161) with the time it is told.

Its certificate says «УЧЕБНЫЙ», and its timestamps prove times of training signatures only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, tsp
from cryptography import x509

from signing.cades import prepare_cms, signer_info
from signing.digests import DIGESTS, digest, new_digest
from signing.errors import MALFORMED, SigningError, refuse_larger
from signing.keys import SigningKey
from signing.policy import DEFAULT_POLICY, Standing
from signing.timestamps.requests import Answer
from signing.timestamps.tokens import Imprint, imprint_asn1, read_imprint
from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.verdicts import refuse_naive

UNREADABLE: tuple[type[Exception], ...] = (SigningError, *MALFORMED)
MAX_REQUEST = 64 * 1024
PRACTICE = "2.25.201786549026093542714917036228370554612"
"""The policy of training timestamps, a UUID below 2.25 (ITU-T X.667)."""


class _DeclinedError(Exception):
    """The request is not answered with a timestamp; the name of PKIFailureInfo says why."""


@dataclass(frozen=True)
class TrainingTsa:
    """The authority's key with its certificate and those above it."""

    key: SigningKey
    new_serial: Callable[[], int] = x509.random_serial_number

    @classmethod
    def create(
        cls,
        ca: TrainingCA,
        not_before: datetime,
        not_after: datetime,
        algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
    ) -> TrainingTsa:
        """Have `ca` certify a new key for timestamps, for this period (UTC)."""
        return cls.of(ca.issue_for_timestamps(not_before, not_after, algorithm))

    @classmethod
    def of(cls, issued: Issued) -> TrainingTsa:
        """Return the authority that has this key."""
        return cls(issued.signing_key())

    def answer(self, asked: bytes, at: datetime) -> bytes:
        """Return the DER of the answer to a request, with a token that says `at` (UTC).

        A request that is not understood, or wants what is not given, is answered with a refusal.
        """
        refuse_naive(at)
        try:
            refuse_larger(asked, MAX_REQUEST)
            wanted = tsp.TimeStampReq.load(asked, strict=True)
            status, token = {"status": "granted"}, self._token(wanted, at)
        except _DeclinedError as declined:
            return _refusal(str(declined))
        except UNREADABLE:
            return _refusal("bad_data_format")
        return bytes(Answer({"status": status, "time_stamp_token": token}).dump())

    def _token(self, wanted: tsp.TimeStampReq, at: datetime) -> cms.ContentInfo:
        imprint = read_imprint(wanted["message_imprint"])
        _decline_unless_served(wanted, imprint)
        stated: dict[str, object] = {
            "version": "v1",
            "policy": PRACTICE,
            "message_imprint": imprint_asn1(imprint),
            "serial_number": self.new_serial(),
            "gen_time": at,
            "accuracy": {"seconds": 1},
        }
        if not isinstance(wanted["nonce"], core.Void):
            stated["nonce"] = wanted["nonce"].native
        return self.seal(tsp.TSTInfo(stated).dump(), with_certificate=wanted["cert_req"].native)

    def seal(self, info: bytes, *, with_certificate: bool = True) -> cms.ContentInfo:
        """Return the token that holds `info` (DER of a TSTInfo), signed."""
        key = self.key
        prepared = prepare_cms(
            digest(key.scheme.digest, info),
            key.certificate,
            key.scheme,
            signing_time=None,
            content_type="tst_info",
        )
        signer = signer_info(prepared, key.sign(prepared.to_sign))
        signed_data: dict[str, object] = {
            "version": "v3",
            "digest_algorithms": [signer["digest_algorithm"]],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(info),
            },
            "signer_infos": [signer],
        }
        if with_certificate:
            signed_data["certificates"] = [each.parsed for each in (key.certificate, *key.chain)]
        return cms.ContentInfo(
            {"content_type": "signed_data", "content": cms.SignedData(signed_data)}
        )


def _decline_unless_served(wanted: tsp.TimeStampReq, imprint: Imprint) -> None:
    known = imprint.digest in DIGESTS
    if not known or DEFAULT_POLICY.digest(imprint.digest) is not Standing.ALLOWED:
        raise _DeclinedError("bad_alg")
    if len(imprint.value) != new_digest(imprint.digest).digest_size:
        raise _DeclinedError("bad_data_format")
    policy = wanted["req_policy"]
    if not isinstance(policy, core.Void) and policy.dotted != PRACTICE:
        raise _DeclinedError("unaccepted_policy")
    if not isinstance(wanted["extensions"], core.Void):
        raise _DeclinedError("unaccepted_extensions")


def _refusal(why: str) -> bytes:
    status = {"status": "rejection", "fail_info": {why}}
    return bytes(Answer({"status": status}).dump())
