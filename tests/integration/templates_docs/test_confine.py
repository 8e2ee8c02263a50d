"""Templates that somebody has uploaded run in a child process with limits."""

from __future__ import annotations

import time
from datetime import date

import pytest

from templates_docs import confine
from templates_docs.assemble import assemble
from templates_docs.check import check_template
from templates_docs.confine import assemble_confined, check_confined
from templates_docs.errors import (
    ForbiddenConstructError,
    MissingFieldError,
    NotADocumentError,
    TemplateError,
    TooMuchError,
)
from templates_docs.known import PLAIN
from tests.unit.templates_docs.word import ANNA, docx_of, with_part

CONTEXT = {"c": ANNA, "d": date(2023, 1, 25)}


def test_the_child_makes_the_same_bytes() -> None:
    template = docx_of("{{ c.fio_вин }}", "{{ d|дата }}", '{{p block("b") }}')
    blocks = {"b": docx_of("{{ c.initials }}")}
    assert assemble_confined(template, CONTEXT, blocks) == assemble(template, CONTEXT, blocks)


def test_the_child_finds_the_same_problems() -> None:
    template = docx_of("{{ bassis }}", "{% set a = 1 %}")
    fields = {"basis": PLAIN}
    assert check_confined(template, blocks={}, fields=fields) == check_template(
        template, blocks={}, fields=fields
    )


def test_a_missing_field_is_named_across_the_border() -> None:
    with pytest.raises(MissingFieldError) as caught:
        assemble_confined(docx_of("{{ c.fio }} {{ basis }}"), CONTEXT, {})
    assert caught.value.field == "basis"


def test_a_forbidden_construct_keeps_its_paragraph_across_the_border() -> None:
    with pytest.raises(ForbiddenConstructError) as caught:
        assemble_confined(docx_of("x", "{{ c.__class__ }}"), CONTEXT, {})
    assert (caught.value.paragraph, caught.value.params["construct"]) == (2, "__class__")


def test_what_is_no_document_is_refused_across_the_border() -> None:
    with pytest.raises(NotADocumentError):
        assemble_confined(b"\x00" * 100, {}, {})


def test_a_template_that_takes_too_long_is_stopped() -> None:
    # docxtpl's cleaning is quadratic in the tags that are opened and never closed.
    slow = docx_of(*["{% for a in b"] * 6000)
    started = time.monotonic()
    with pytest.raises(TooMuchError):
        assemble_confined(slow, {}, {}, seconds=1)
    assert time.monotonic() - started < 12


def test_a_template_that_needs_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confine, "MEMORY_OF_CHILD", 90 * 2**20)
    assert assemble_confined(docx_of("x"), {}, {})
    large = with_part(docx_of("x"), "word/media/a.png", b"\0" * 49 * 2**20)
    with pytest.raises(TooMuchError):
        assemble_confined(large, {}, {})


def test_a_child_that_breaks_off_is_not_taken_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confine, "_CHILD", "raise SystemExit(9)")
    with pytest.raises(TemplateError, match="broke off"):
        assemble_confined(docx_of("x"), {}, {})
