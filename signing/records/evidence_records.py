"""Evidence records (RFC 4998): proof that a file existed, renewed before its means grow weak.

A record is a sequence of chains of archive timestamps. Within a chain the digest stays and each
timestamp stands over the one before it; a new chain begins with a new digest over the file and
all chains before. Records are read and written here; `signing.records.check` judges them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any  # asn1crypto publishes no types

from asn1crypto import algos, cms, core, parser, tsp

from signing.asn1 import exact_bytes
from signing.digests import DIGESTS, digest
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.records.hash_tree import HashLists, HashTree
from signing.timestamps.tokens import Imprint, TokenUnreadableError, parse_token
from signing.words import N_

MAX_RECORD = 50 * MEGABYTE
"""Records are small; the lists of revoked certificates that travel with them may not be."""

MAX_TIMESTAMPS = 128
MAX_LISTS = 64
MAX_LIST = 1024
VERSION = 1
UNREADABLE: tuple[type[Exception], ...] = (TokenUnreadableError, *MALFORMED)


class EvidenceRecordError(SigningError):
    """Something is wrong with an evidence record; the root of what this module raises."""

    code = "signing.record"
    msgid = N_("The evidence record cannot be used.")


class RecordUnreadableError(EvidenceRecordError):
    """The bytes are not an evidence record of RFC 4998, version 1."""

    code = "signing.record_unreadable"
    msgid = N_("The file is not an evidence record that can be read.")


class RecordEncryptedError(EvidenceRecordError):
    """The record was made over an encrypted file, whose key would be needed (RFC 4998, 6.1)."""

    code = "signing.record_encrypted"
    msgid = N_("The evidence record was made for an encrypted file. Such records are not checked.")


class TokenMismatchError(EvidenceRecordError):
    """The timestamp was not given over the root of the tree."""

    code = "signing.record_token"
    msgid = N_("The timestamp is over something else than the files of the evidence record.")


class DigestChangedError(EvidenceRecordError):
    """A timestamp is renewed with the digest of its chain; another one begins a new chain."""

    code = "signing.record_digest_changed"
    msgid = N_("The evidence record is renewed with another digest than the one of its last part.")


class _PartialHashtree(core.SequenceOf):  # type: ignore[misc]  # asn1crypto publishes no types
    _child_spec = core.OctetString


class _ReducedHashtree(core.SequenceOf):  # type: ignore[misc]  # see above
    _child_spec = _PartialHashtree


class _ArchiveTimeStamp(core.Sequence):  # type: ignore[misc]  # see above
    _fields = [  # noqa: RUF012 - asn1crypto's own way to declare a structure
        ("digest_algorithm", algos.DigestAlgorithm, {"implicit": 0, "optional": True}),
        ("attributes", cms.CMSAttributes, {"implicit": 1, "optional": True}),
        ("reduced_hashtree", _ReducedHashtree, {"implicit": 2, "optional": True}),
        ("time_stamp", core.Sequence),
    ]


class _ArchiveTimeStampChain(core.SequenceOf):  # type: ignore[misc]  # see above
    _child_spec = _ArchiveTimeStamp


class _ArchiveTimeStampSequence(core.SequenceOf):  # type: ignore[misc]  # see above
    _child_spec = _ArchiveTimeStampChain


class _EvidenceRecord(core.Sequence):  # type: ignore[misc]  # see above
    _fields = [  # noqa: RUF012 - as above
        ("version", core.Integer),
        ("digest_algorithms", tsp.DigestAlgorithms),
        ("crypto_infos", cms.CMSAttributes, {"implicit": 0, "optional": True}),
        ("encryption_info", tsp.EncryptionInfo, {"implicit": 1, "optional": True}),
        ("archive_time_stamp_sequence", _ArchiveTimeStampSequence),
    ]


@dataclass(frozen=True)
class ArchiveTimestamp:
    """One archive timestamp: the way to its root, and the token over that (`imprint`).

    `named` is the digest that stands beside, "" when there is none.
    """

    der: bytes = field(repr=False)
    named: str
    lists: HashLists = field(repr=False)
    token: bytes = field(repr=False)
    imprint: Imprint

    @property
    def algorithm(self) -> str:
        """Return the digest of the hash tree (RFC 4998, 4.1): the named one or the token's."""
        return self.named or self.imprint.digest


@dataclass(frozen=True)
class Chain:
    """Archive timestamps with one digest, each over the one before; the bytes they stand in."""

    der: bytes = field(repr=False)
    timestamps: tuple[ArchiveTimestamp, ...]

    @classmethod
    def of(cls, *timestamps: ArchiveTimestamp) -> Chain:
        """Return the chain of these, in DER."""
        return cls(_sequence(*(each.der for each in timestamps)), timestamps)


@dataclass(frozen=True)
class EvidenceRecord:
    """A record with its chains, the oldest first; neither it nor a chain is empty.

    `digests` are the algorithms that it says its files were digested with; `crypto_infos` is
    further evidence that it carries (DER, b"" for none), kept and not looked at.
    """

    digests: tuple[str, ...]
    chains: tuple[Chain, ...]
    crypto_infos: bytes = field(default=b"", repr=False)

    @property
    def last(self) -> ArchiveTimestamp:
        """Return the newest archive timestamp, on which all others rest now."""
        return self.chains[-1].timestamps[-1]

    def to_bytes(self) -> bytes:
        """Return the DER; chains are written with the very bytes that they were read from."""
        return _sequence(
            bytes(core.Integer(VERSION).dump()),
            _sequence(*map(_algorithm, self.digests)),
            self.crypto_infos,
            _sequence(*(chain.der for chain in self.chains)),
        )


def read_record(content: bytes) -> EvidenceRecord:
    """Read an evidence record from DER.

    Raises RecordUnreadableError, RecordEncryptedError, or TooLargeError over 4 MB.
    """
    refuse_larger(content, MAX_RECORD)
    try:
        return _record(_EvidenceRecord.load(content, strict=True))
    except UNREADABLE as error:
        raise RecordUnreadableError from error


def new_record(tree: HashTree, leaf: bytes, token: bytes) -> EvidenceRecord:
    """Return the first record of the file with digest `leaf`, from the token over the tree's root.

    Raises LeafUnknownError, TokenMismatchError or TokenUnreadableError.
    """
    return new_group_record(tree, (leaf,), token)


def new_group_record(tree: HashTree, members: Iterable[bytes], token: bytes) -> EvidenceRecord:
    """Return the first record of a group of files, given by their digests (RFC 4998, 4.2).

    `tree` holds their `group_digest`. Raises as `new_record` does.
    """
    stamp = _new_timestamp(tree, tree.reduced_group(members), token)
    return EvidenceRecord((tree.algorithm,), (Chain.of(stamp),))


def token_digest(record: EvidenceRecord) -> Imprint:
    """Return the leaf with which the newest timestamp is renewed (RFC 4998, 5.2)."""
    last = record.last
    return Imprint(last.algorithm, digest(last.algorithm, last.token))


def with_renewed_timestamp(record: EvidenceRecord, tree: HashTree, token: bytes) -> EvidenceRecord:
    """Return the record with a timestamp over its newest one, at the end of the same chain.

    `tree` holds the leaf `token_digest`, beside those of other records. Raises
    DigestChangedError, LeafUnknownError, TokenMismatchError or TokenUnreadableError.
    """
    leaf = token_digest(record)
    if tree.algorithm != leaf.digest:
        raise DigestChangedError
    stamp = _new_timestamp(tree, tree.reduced(leaf.value), token)
    *before, newest = record.chains
    return replace(record, chains=(*before, Chain.of(*newest.timestamps, stamp)))


def chain_leaves(
    record: EvidenceRecord, algorithm: str, file_digest: bytes, chain: int
) -> tuple[bytes, bytes]:
    """Return the leaf with which chain number `chain` begins, and the same in the other order.

    It is the digest over the file's digest and that of all chains before (RFC 4998, 5.2). The
    RFC's text and its figure differ in whether the two are sorted (erratum 7411): the first is
    sorted and written here, the second is read as well. Neither says anything different.
    """
    chains = _sequence(*(each.der for each in record.chains[:chain]))
    before = digest(algorithm, chains)
    ordered = b"".join(sorted((file_digest, before)))
    return digest(algorithm, ordered), digest(algorithm, file_digest + before)


def with_renewed_tree(
    record: EvidenceRecord, file_digest: bytes, tree: HashTree, token: bytes
) -> EvidenceRecord:
    """Return the record with a new chain, in which `tree.algorithm` replaces the old digest.

    `file_digest` is the file's digest with the new algorithm, computed from the file itself;
    `tree` holds `chain_leaves(record, tree.algorithm, file_digest, len(record.chains))[0]`.
    Raises LeafUnknownError, TokenMismatchError or TokenUnreadableError.
    """
    return with_renewed_group(record, (file_digest,), tree, token)


def renewed_members(
    record: EvidenceRecord, algorithm: str, file_digests: Iterable[bytes]
) -> tuple[bytes, ...]:
    """Return with which digests the files of a group stand in a new chain (RFC 4998, 5.3).

    `file_digests` are those of the files themselves, with the new `algorithm`.
    """
    chain = len(record.chains)
    return tuple(chain_leaves(record, algorithm, each, chain)[0] for each in file_digests)


def with_renewed_group(
    record: EvidenceRecord, file_digests: Iterable[bytes], tree: HashTree, token: bytes
) -> EvidenceRecord:
    """Return the record of a group with a new chain, as `with_renewed_tree` does for one file.

    `tree` holds the `group_digest` of the `renewed_members`.
    """
    members = renewed_members(record, tree.algorithm, file_digests)
    stamp = _new_timestamp(tree, tree.reduced_group(members), token)
    return replace(
        record,
        digests=tuple(dict.fromkeys((*record.digests, tree.algorithm))),
        chains=(*record.chains, Chain.of(stamp)),
    )


def _new_timestamp(tree: HashTree, lists: HashLists, token: bytes) -> ArchiveTimestamp:
    parsed = parse_token(token)
    if parsed.imprint != Imprint(tree.algorithm, tree.root):
        raise TokenMismatchError
    parts = [parser.emit(2, 1, 0, _contents(_algorithm(tree.algorithm)))]
    if lists:
        partial = (_sequence(*map(_octets, each)) for each in lists)
        parts.append(parser.emit(2, 1, 2, b"".join(partial)))
    der = _sequence(*parts, parsed.der)
    return ArchiveTimestamp(der, tree.algorithm, lists, parsed.der, parsed.imprint)


def _record(parsed: Any) -> EvidenceRecord:
    if parsed["version"].native != VERSION:
        raise ValueError("the version of the record is not known")
    if not isinstance(parsed["encryption_info"], core.Void):
        raise RecordEncryptedError
    infos = parsed["crypto_infos"]
    digests = tuple(str(each["algorithm"].native) for each in parsed["digest_algorithms"])
    if not set(digests) <= DIGESTS:
        raise ValueError("a digest of the record is not known")
    return EvidenceRecord(
        digests,
        _chains(parsed["archive_time_stamp_sequence"]),
        b"" if isinstance(infos, core.Void) else exact_bytes(infos),
    )


def _chains(parsed: Any) -> tuple[Chain, ...]:
    counts = [len(chain) for chain in parsed]
    if not counts or not all(counts):
        raise ValueError("a record has a chain, and a chain a timestamp")
    if sum(counts) > MAX_TIMESTAMPS:
        raise ValueError("more timestamps than a record needs")
    return tuple(Chain(exact_bytes(chain), tuple(map(_timestamp, chain))) for chain in parsed)


def _timestamp(parsed: Any) -> ArchiveTimestamp:
    named = parsed["digest_algorithm"]
    token = exact_bytes(parsed["time_stamp"])
    return ArchiveTimestamp(
        exact_bytes(parsed),
        "" if isinstance(named, core.Void) else str(named["algorithm"].native),
        _lists(parsed["reduced_hashtree"]),
        token,
        parse_token(token).imprint,
    )


def _lists(parsed: Any) -> HashLists:
    if isinstance(parsed, core.Void):
        return ()
    if not 1 <= len(parsed) <= MAX_LISTS or any(len(each) > MAX_LIST for each in parsed):
        raise ValueError("the reduced hash tree is empty or too large")
    return tuple(tuple(bytes(value.native) for value in each) for each in parsed)


def _algorithm(name: str) -> bytes:
    if name not in DIGESTS:
        raise ValueError(f"the digest {name} is not known")
    return bytes(algos.DigestAlgorithm({"algorithm": name}).dump())


def _contents(der: bytes) -> bytes:
    return bytes(parser.parse(der)[4])


def _octets(content: bytes) -> bytes:
    return bytes(parser.emit(0, 0, 4, content))


def _sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of parts that are DER already, untouched."""
    return bytes(parser.emit(0, 1, 16, b"".join(parts)))
