"""A template cannot reach Python, call anything or run for long."""

from __future__ import annotations

import pytest

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
