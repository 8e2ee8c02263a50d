from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.packs.read import (
    DEEPEST,
    LARGEST_FILE,
    MOST_VALUES,
    ListNode,
    MapNode,
    Scalar,
    plain,
    read,
)


def codes(text: str) -> list[tuple[int, str]]:
    found = read(text.encode(), "pack.yml")
    return [(problem.place.line, problem.code) for problem in found.problems]


def test_the_tree_remembers_the_line_of_every_key_and_value() -> None:
    tree = read(b"name: a\nlist:\n  - one\n  - two\nmap:\n  key: value\n", "pack.yml").tree
    assert isinstance(tree, MapNode)
    assert tree.keys["map"].line == 5
    inner = tree.entries["map"]
    assert isinstance(inner, MapNode)
    assert inner.keys["key"].line == 6
    items = tree.entries["list"]
    assert isinstance(items, ListNode)
    assert [item.place.line for item in items.items] == [3, 4]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("3", 3),
        ("-3", -3),
        ("", None),
        ("null", None),
        ("no", "no"),
        ("on", "on"),
        ("01-03", "01-03"),
        ("007", "007"),
        ("2026-01-30", "2026-01-30"),
        ("1.5", "1.5"),
        ("'3'", "3"),
        ('"true"', "true"),
    ],
)
def test_only_what_is_plainly_a_number_or_true_or_false_is_not_text(
    written: str, value: object
) -> None:
    tree = read(f"key: {written}".encode(), "pack.yml").tree
    assert tree is not None
    assert plain(tree) == {"key": value}
    assert type(plain(tree.entries["key"])) is type(value)


def test_a_key_is_always_the_text_that_is_written() -> None:
    tree = read(b"1: a\ntrue: b\nnull: c", "pack.yml").tree
    assert tree is not None
    assert list(tree.entries) == ["1", "true", "null"]


def test_a_key_given_twice_is_a_problem_at_its_second_line() -> None:
    found = read(b"fields:\n  rows: 1\n  rows: 2\n", "pack.yml")
    assert [(p.place.line, p.code, p.params["line"]) for p in found.problems] == [
        (3, "pack.twice", 2)
    ]
    assert found.tree is not None, "reading goes on, so that other problems are told too"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: a\n\tb: c\n", (2, "pack.not_yaml")),
        ("name: 'a\n", (2, "pack.not_yaml")),
        ("name: a\ntitle: b: c\n", (2, "pack.not_yaml")),
        ("name: a\nb\n", (3, "pack.not_yaml")),
        ("name: \x01\n", (1, "pack.not_yaml")),
        ("", (1, "pack.not_a_mapping")),
        ("- a\n- b\n", (1, "pack.not_a_mapping")),
        ("just words", (1, "pack.not_a_mapping")),
        ("a: 1\n---\nb: 2\n", (2, "pack.second_document")),
        ("a: &x [1]\n", (1, "pack.anchor")),
        ("a: 1\nb: *x\n", (2, "pack.anchor")),
        ("a: !!python/object:os.system ls\n", (1, "pack.anchor")),
        ("a: !secret b\n", (1, "pack.anchor")),
        ("? [a, b]\n: c\n", (1, "pack.key_not_text")),
    ],
)
def test_what_is_no_pack_is_refused_with_its_line(text: str, problem: tuple[int, str]) -> None:
    assert codes(text) == [problem]
    assert read(text.encode(), "pack.yml").tree is None


def test_a_bomb_of_references_is_refused_at_its_first_anchor() -> None:
    lines = ["a: &a [x, x]"]
    lines += [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    assert codes("\n".join(lines)) == [(1, "pack.anchor")]


def test_nesting_is_bounded() -> None:
    assert codes("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)) == []
    assert codes("a: " + "[" * 5_000) == [(1, "pack.too_deep")]


def test_the_number_of_values_is_bounded() -> None:
    assert codes("a: [" + "1," * MOST_VALUES + "]") == [(1, "pack.too_many_values")]


def test_the_size_is_bounded_before_anything_is_parsed() -> None:
    found = read(b"a: " + b"[" * LARGEST_FILE, "pack.yml")
    assert [problem.code for problem in found.problems] == ["pack.too_large"]


def test_another_encoding_is_said_with_its_line() -> None:
    found = read("name: a\ntitle: Положение".encode("cp1251"), "pack.yml")
    assert [(p.place.line, p.code) for p in found.problems] == [(2, "pack.not_utf8")]


def test_a_byte_order_mark_of_a_windows_editor_does_no_harm() -> None:
    tree = read("\ufeffname: a".encode(), "pack.yml").tree
    assert tree is not None
    assert isinstance(tree.entries["name"], Scalar)


@given(st.one_of(st.binary(max_size=300), st.text("ab:-[]{}&*!|>'\"#, \n\t", max_size=80)))
def test_no_bytes_make_the_reader_stumble(content: bytes | str) -> None:
    found = read(content if isinstance(content, bytes) else content.encode(), "pack.yml")
    assert found.tree is not None or found.problems
