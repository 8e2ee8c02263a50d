"""Authorities for timestamps in tests: certified by the test PKI, asked with or without HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.cades import parse_cms
from signing.certificates import load_certificate
from signing.digests import digest
from signing.keys import open_pkcs12
from signing.timestamps.client import TimestampAuthority
from signing.timestamps.requests import check_response, request
from signing.timestamps.stamping import attach_token
from signing.timestamps.tokens import Imprint
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustAnchor, TrustStore
from signing.verdicts import SignatureKind
from tests.pki import Authority, Request, ec_key

ADDRESS = "http://tsa.example.org/tsp"
FOR_TIMESTAMPS = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)


def tsa_of(authority: Authority, name: str = "Служба меток", **changes: object) -> TrainingTsa:
    """An authority for timestamps certified by `authority`; `changes` are fields of Request."""
    wanted = Request(
        {NameOID.COMMON_NAME: name},
        ec_key(f"tsa {name}"),
        usage=("digital_signature",),
        more=(FOR_TIMESTAMPS,),
    )
    holder = authority.issue(replace(wanted, **changes))  # type: ignore[arg-type]  # fields of Request, by name
    return TrainingTsa(open_pkcs12(holder.pkcs12("x"), "x"))


def vouching(
    *authorities: Authority,
    kind: SignatureKind = SignatureKind.ADVANCED,
    stands_for: SignatureKind | None = None,
) -> TrustStore:
    """A store in which these authorities vouch for timestamps."""
    return TrustStore(
        [TrustAnchor(load_certificate(a.holder.der), kind, stands_for) for a in authorities]
    )


@dataclass
class AsksAt:
    """A Fetch that lets `tsa` answer at a given time, without any network."""

    tsa: TrainingTsa
    at: datetime
    asked: list[bytes] = field(default_factory=list)

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        self.asked.append(body)
        return self.tsa.answer(body, self.at)


def authority_at(tsa: TrainingTsa, at: datetime) -> TimestampAuthority:
    """The authority as a client knows it; every answer says `at`."""
    return TimestampAuthority(ADDRESS, AsksAt(tsa, at))


def token_over(content: bytes, tsa: TrainingTsa, at: datetime, name: str = "sha256") -> bytes:
    """A token over `content`."""
    imprint = Imprint(name, digest(name, content))
    return check_response(tsa.answer(request(imprint, None), at), imprint, None).der


def stamped(cms: bytes, tsa: TrainingTsa, at: datetime) -> bytes:
    """The signature with a timestamp over its value."""
    return attach_token(cms, token_over(parse_cms(cms).signature, tsa, at))
