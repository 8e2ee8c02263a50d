"""The reduced hash tree: each leaf leads to the root, and nothing else does."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.digests import digest
from signing.records.hash_tree import (
    HashLists,
    HashTree,
    HashTreeError,
    LeafUnknownError,
    root_over,
)

LEAVES = st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)
FEW = settings(max_examples=60, deadline=None)


def leaves_of(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


@FEW
@given(LEAVES)
def test_every_leaf_leads_to_the_root(leaves: set[bytes]) -> None:
    tree = HashTree.over("sha256", leaves)
    for leaf in leaves:
        assert root_over("sha256", leaf, tree.reduced(leaf)) == tree.root


@FEW
@given(LEAVES, st.binary(min_size=32, max_size=32), st.data())
def test_no_other_digest_leads_to_the_root(
    leaves: set[bytes], other: bytes, draw: st.DataObject
) -> None:
    tree = HashTree.over("sha256", leaves)
    leaf = draw.draw(st.sampled_from(sorted(leaves)))
    siblings = set(tree.reduced(leaf)[0]) if len(leaves) > 1 else {leaf}
    if other not in siblings:
        assert root_over("sha256", other, tree.reduced(leaf)) != tree.root


@FEW
@given(st.integers(2, 33), st.data())
def test_a_changed_node_leads_elsewhere(count: int, draw: st.DataObject) -> None:
    leaves = leaves_of(count)
    tree = HashTree.over("sha256", leaves)
    leaf = draw.draw(st.sampled_from(leaves))
    lists = [list(each) for each in tree.reduced(leaf)]
    level = draw.draw(st.integers(0, len(lists) - 1))
    position = draw.draw(st.integers(0, len(lists[level]) - 1))
    bit = draw.draw(st.integers(0, 255))
    node = bytearray(lists[level][position])
    node[bit // 8] ^= 1 << bit % 8
    lists[level][position] = bytes(node)
    assert root_over("sha256", leaf, tuple(map(tuple, lists))) != tree.root


@pytest.mark.parametrize("count", range(2, 20))
def test_cut_lengthened_and_reordered_lists_lead_elsewhere(count: int) -> None:
    leaves = leaves_of(count)
    tree = HashTree.over("sha256", leaves)
    for leaf in leaves:
        lists = tree.reduced(leaf)
        changed: list[HashLists] = [lists[:-1], lists[1:], (*lists, lists[-1]), ((), *lists)]
        changed += [(*lists, ()), (lists[0][:1], *lists[1:])]
        changed += [
            (*lists[:here], lists[here + 1], lists[here], *lists[here + 2 :])
            for here in range(len(lists) - 1)
        ]
        assert all(root_over("sha256", leaf, each) != tree.root for each in changed)


def test_the_order_within_a_list_does_not_matter() -> None:
    """RFC 4998, 4.3: digests are sorted before they are joined."""
    leaves = leaves_of(4)
    tree = HashTree.over("sha256", leaves)
    lists = tuple(tuple(reversed(each)) for each in tree.reduced(leaves[0]))
    assert root_over("sha256", leaves[0], lists) == tree.root


def test_the_tree_of_three_as_the_rfc_draws_it() -> None:
    one, two, three = sorted(leaves_of(3))
    pair = hashlib.sha256(one + two).digest()
    tree = HashTree.over("sha256", [three, one, two, one])
    assert tree.root == hashlib.sha256(b"".join(sorted([pair, three]))).digest()
    assert tree.reduced(two) == ((one, two), (three,))
    assert tree.reduced(three) == (tuple(sorted([pair, three])),)


def test_a_list_of_three_is_read_though_trees_here_are_binary() -> None:
    leaves = leaves_of(3)
    root = hashlib.sha256(b"".join(sorted(leaves))).digest()
    assert root_over("sha256", leaves[1], (tuple(leaves),)) == root


def test_a_leaf_alone_in_the_first_list_is_carried_on_as_it_is() -> None:
    """So writes Bouncy Castle; RFC 6283, 3.1.1 says it outright for the XML form."""
    leaves = leaves_of(4)
    tree = HashTree.over("sha256", leaves)
    for leaf in leaves:
        (pair, *above) = tree.reduced(leaf)
        (sibling,) = set(pair) - {leaf}
        assert root_over("sha256", leaf, ((leaf,), (sibling,), *above)) == tree.root
        assert root_over("sha256", sibling, ((leaf,), (sibling,), *above)) is None
        assert root_over("sha256", leaf, ((leaf,), *above)) != tree.root


def test_one_file_needs_no_tree() -> None:
    (leaf,) = leaves_of(1)
    tree = HashTree.over("sha256", [leaf, leaf])
    assert (tree.root, tree.reduced(leaf)) == (leaf, ())
    assert root_over("sha256", leaf, ()) == leaf


def test_a_digest_that_stands_twice_in_a_list_leads_nowhere() -> None:
    one, two = leaves_of(2)
    assert root_over("sha256", one, ((one, two, two),)) is None


@pytest.mark.parametrize("name", ["sha512", "streebog256", "streebog512"])
def test_other_digests_make_trees_too(name: str) -> None:
    leaves = [digest(name, str(number).encode()) for number in range(5)]
    tree = HashTree.over(name, leaves)
    assert all(root_over(name, leaf, tree.reduced(leaf)) == tree.root for leaf in leaves)


@pytest.mark.parametrize("leaves", [[], [b"short"], [*leaves_of(2), bytes(64)]])
def test_a_tree_is_over_digests_of_its_own_length(leaves: list[bytes]) -> None:
    with pytest.raises(HashTreeError):
        HashTree.over("sha256", leaves)


def test_a_digest_of_another_length_leads_nowhere() -> None:
    one, two = leaves_of(2)
    assert root_over("sha256", one[:16], ((one[:16], two),)) is None
    assert root_over("sha256", one, ((one, two[:16]),)) is None
    assert root_over("sha256", b"", ()) is None


def test_an_unknown_leaf_is_refused() -> None:
    with pytest.raises(LeafUnknownError):
        HashTree.over("sha256", leaves_of(3)).reduced(bytes(32))


def test_a_tree_of_ten_thousand_files_has_short_paths() -> None:
    leaves = leaves_of(10_000)
    tree = HashTree.over("sha256", leaves)
    assert all(len(tree.reduced(leaf)) <= 14 for leaf in leaves[::500])
