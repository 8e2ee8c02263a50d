"""A template cannot reach Python, call anything or run for long."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates_docs.assemble import assemble
from templates_docs.check import check_template
from templates_docs.errors import ForbiddenConstructError, TemplateError, UnknownNameError
from tests.unit.templates_docs.word import ANNA, docx_of

FORBIDDEN = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ c['_surname'] }}",
    "{{ c._surname }}",
    "{{ c.fio.__class__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self.__init__ }}",
    "{{ self }}",
    "{{ c.fio.format(c) }}",
    "{{ '{0.__class__}'.format(c) }}",
    "{{ range(10) }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{{ lipsum() }}",
    "{{ dict(a=1) }}",
    "{{ c[name] }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ '%s' % c }}",
    "{{ a ~ a }}",
    "{{ {'a': 1} }}",
    "{% set a = 1 %}",
    "{% macro m() %}{% endmacro %}",
    "{% include 'x' %}",
    "{% import 'x' as x %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% with a = 1 %}{% endwith %}",
    "{% filter upper %}{% endfilter %}",
    "{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
    "{% if block('b') %}{% endif %}",
    "{{ block(name) }}",
    "{{ loop.cycle('a') }}",
    "{% for a, b in b %}{% endfor %}",
    "{% if a is callable %}{% endif %}",
    "{% if a is sameas(c) %}{% endif %}",
    "{{ b|списком(a) }}",
    "{{ b|списком(1) }}",
    "{{ b|списком(separator='x') }}",
    "{{ b|списком(*b) }}",
    "{{ a|дата('x') }}",
    "{{ -a }}",
]


@pytest.mark.parametrize("template", FORBIDDEN)
def test_forbidden_constructs_are_refused_with_their_paragraph(template: str) -> None:
    context = {"c": ANNA, "name": "b", "a": "a", "b": []}
    with pytest.raises(ForbiddenConstructError) as caught:
        assemble(docx_of("первый абзац", template), context, {"b": docx_of("блок")})
    assert caught.value.paragraph == 2
    assert caught.value.code == "template.forbidden"


@pytest.mark.parametrize("template", FORBIDDEN)
def test_the_check_finds_each_of_them_before_anybody_assembles(template: str) -> None:
    blocks = {"b": docx_of("блок")}
    assert any(p.paragraph == 1 for p in check_template(docx_of(template), blocks=blocks))


@pytest.mark.parametrize(
    "template",
    [
        "{{ c|attr('fio') }}",
        "{{ c|map }}",
        "{{ 'a'|format }}",
        "{{ a|tojson }}",
        "{{ a|_printed }}",
    ],
)
def test_only_our_filters_exist(template: str) -> None:
    with pytest.raises(UnknownNameError):
        assemble(docx_of(template), {"c": ANNA, "a": "a"}, {})


@pytest.mark.parametrize(
    "template",
    ["{{ c.in_case }}", "{{ c.fio.in_case }}", "{{ d.year }}", "{{ s.upper }}", "{{ l.append }}"],
)
def test_an_attribute_that_is_no_declared_field_does_not_exist(template: str) -> None:
    with pytest.raises(TemplateError) as caught:
        assemble(docx_of(template), {"c": ANNA, "s": "s", "l": []}, {})
    assert caught.value.code == "template.missing_field"


def test_a_block_that_contains_itself_is_refused() -> None:
    with pytest.raises(ForbiddenConstructError, match="contains itself"):
        assemble(docx_of('{{p block("b") }}'), {}, {"b": docx_of('{{p block("b") }}')})


@pytest.mark.parametrize(
    "lines",
    [
        ("{{ " + "(" * 3000 + "a" + ")" * 3000 + " }}",),
        ("{% if " + "not " * 3000 + "a %}{% endif %}",),
        (*["{% for x in l %}"] * 25, *["{% endfor %}"] * 25),
    ],
)
def test_what_is_nested_too_deeply_is_refused(lines: tuple[str, ...]) -> None:
    template = docx_of(*lines)
    with pytest.raises(ForbiddenConstructError, match="too deeply"):
        assemble(template, {"a": "a", "l": []}, {})
    assert check_template(template, blocks={})


PIECES = (
    "{{ {% %} }} { } ( ) [ ] | . , : ~ + - * / % ** < > == != in is not and or if else endif for "
    "endfor elif raw set block loop range self c a b fio_вин fio __class__ 'x' \" « » 1 9 "
    "дата номер списком если_есть {%p {{p {%tr vm # {# #}"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=12), st.booleans())
@settings(deadline=None, max_examples=80)
def test_no_template_breaks_out_of_our_errors(pieces: list[str], tagged: bool) -> None:
    text = " ".join(pieces)
    template = docx_of("{{ " + text + " }}" if tagged else text)
    context = {"c": ANNA, "a": "a", "b": ["x"]}
    blocks = {"x": docx_of("блок")}
    with contextlib.suppress(TemplateError):
        assemble(template, context, blocks)
    assert isinstance(check_template(template, blocks=blocks), list)


def test_a_number_too_long_for_python_is_refused() -> None:
    template = docx_of("{{ " + "9" * 5000 + " }}")
    with pytest.raises(TemplateError):
        assemble(template, {}, {})
    assert check_template(template, blocks={})
