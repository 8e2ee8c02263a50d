"""The hash tree of RFC 4998, section 4.2: many digests under one root, which one token proves.

The tree is binary; a node without a sibling rises unchanged. Digests are sorted before they are
joined, as the RFC demands, so that a path needs no sides. The RFC does not tell leaves from inner
nodes: whoever holds a path to two digests can pass off their 64 bytes as a "document" too. Leaves
here are digests of files that are signed or sealed themselves, and such bytes are neither.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signing.digests import digest, new_digest
from signing.errors import SigningError
from signing.words import N_

HashLists = tuple[tuple[bytes, ...], ...]
"""A reduced hash tree: lists of digests from the leaf's own up to the one below the root."""

MAX_LEAVES = 1_000_000


class HashTreeError(SigningError):
    """The digests cannot stand in one tree."""

    code = "signing.hash_tree"
    msgid = N_("An evidence record cannot be made of these files.")


class LeafUnknownError(HashTreeError):
    """The digest is not one of the leaves."""

    code = "signing.hash_tree_leaf"
    msgid = N_("The file is not among those that the evidence record was made for.")


@dataclass(frozen=True)
class HashTree:
    """A tree over distinct digests of one algorithm; `levels` lead from the leaves to the root."""

    algorithm: str
    levels: tuple[tuple[bytes, ...], ...]

    @classmethod
    def over(cls, algorithm: str, digests: Iterable[bytes]) -> HashTree:
        """Return the tree over these digests; equal ones are one leaf.

        Raises HashTreeError for none, more than MAX_LEAVES, or digests of another length than
        that of `algorithm` (a name of `signing.digests`; ValueError for an unknown one).
        """
        length = new_digest(algorithm).digest_size
        leaves = tuple(sorted(set(digests)))
        if not 1 <= len(leaves) <= MAX_LEAVES or any(len(leaf) != length for leaf in leaves):
            raise HashTreeError
        levels = [leaves]
        while len(levels[-1]) > 1:
            levels.append(_level_above(algorithm, levels[-1]))
        return cls(algorithm, tuple(levels))

    @property
    def root(self) -> bytes:
        """Return the digest that the timestamp is asked for."""
        return self.levels[-1][0]

    def reduced_group(self, members: Iterable[bytes]) -> HashLists:
        """Return the lists that lead from any digest of a group to the root (RFC 4998, 4.2).

        The first list holds the group and nothing else. Raises LeafUnknownError when its
        `group_digest` is not one of the leaves.
        """
        group = tuple(sorted(set(members)))
        leaf = group_digest(self.algorithm, group)
        lists = self.reduced(leaf)
        if len(group) == 1:
            return lists
        beside = tuple(each for each in lists[0] if each != leaf) if lists else ()
        return (group, *((beside,) if beside else ()), *lists[1:])

    def reduced(self, leaf: bytes) -> HashLists:
        """Return the lists that lead from `leaf` to the root; none when it is the only leaf.

        Raises LeafUnknownError.
        """
        position = _position(self.levels[0], leaf)
        lists: list[tuple[bytes, ...]] = []
        for level in self.levels[:-1]:
            sibling = position ^ 1
            if sibling < len(level):
                pair = (level[sibling],) if lists else (leaf, level[sibling])
                lists.append(tuple(sorted(pair)))
            position //= 2
        return tuple(lists)


def group_digest(algorithm: str, members: Iterable[bytes]) -> bytes:
    """Return the leaf of a group of files: one digest over theirs, the only one as it is.

    Raises HashTreeError for a group of none.
    """
    group = sorted(set(members))
    if not group:
        raise HashTreeError
    return group[0] if len(group) == 1 else digest(algorithm, b"".join(group))


def root_over(algorithm: str, leaf: bytes, lists: HashLists) -> bytes | None:
    """Return the root that `lists` lead to from `leaf` (RFC 4998, 4.3), None when they do not.

    The leaf stands in the first list; where it stands alone there it is carried on as it is (a
    group of one file, RFC 4998, 4.2, step 3). No digest stands twice in a list and all have the
    algorithm's length.
    """
    length = new_digest(algorithm).digest_size
    if len(leaf) != length:
        return None
    if not lists:
        return leaf
    if leaf not in lists[0]:
        return None
    alone = len(lists[0]) == 1
    node = lists[0] if alone else ()
    for each in lists[1:] if alone else lists:
        joined = (*each, *node)
        if not each or len(set(joined)) != len(joined) or any(len(d) != length for d in joined):
            return None
        node = (digest(algorithm, b"".join(sorted(joined))),)
    return node[0]


def _level_above(algorithm: str, level: Sequence[bytes]) -> tuple[bytes, ...]:
    pairs = (level[start : start + 2] for start in range(0, len(level), 2))
    return tuple(_joined(algorithm, pair) for pair in pairs)


def _joined(algorithm: str, nodes: Sequence[bytes]) -> bytes:
    return nodes[0] if len(nodes) == 1 else digest(algorithm, b"".join(sorted(nodes)))


def _position(leaves: Sequence[bytes], leaf: bytes) -> int:
    position = bisect_left(leaves, leaf)
    if position == len(leaves) or leaves[position] != leaf:
        raise LeafUnknownError
    return position
