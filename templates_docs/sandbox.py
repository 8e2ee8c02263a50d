"""The Jinja that templates may use: fields, conditions, repetitions, a few filters, blocks.

A template is checked node by node against a short list before it is compiled, so that what is
not named here cannot be written: no calls, no assignments, no macros, no arithmetic that grows.
Reading a field goes through `fields.read_field` alone. Blocks are put in before compiling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from templates_docs.errors import (
    N_,
    BrokenTemplateError,
    ForbiddenConstructError,
    MissingFieldError,
    TooMuchError,
    UnknownNameError,
    UnprintableValueError,
)
from templates_docs.fields import ABSENT, NBSP, in_digits, in_words, read_field
from templates_docs.known import LOOP_FIELDS, LOOP_NEIGHBOURS

MAX_REPETITIONS = 20_000
MAX_BLOCK_DEPTH = 5
BUDGET = "_budget"
BLOCK_ALONE = N_("A block stands alone in its paragraph: {construct}.")
# Stands where an optional field printed nothing; its paragraph or row goes if nothing else is there
EMPTY_MARK = "\ue0fe"
_NOTHING = Markup(EMPTY_MARK)  # noqa: S704 - a constant

NUMBER_BLANK = f"№{NBSP}______"
DATE_BLANK = "____________"


class MissingField(Undefined):
    """A field without a value: false in conditions, empty in loops, an error in print."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other is None or other == "" or isinstance(other, Undefined)

    def __hash__(self) -> int:
        return hash(None)

    def __str__(self) -> str:
        raise missing(self._undefined_name or "?")


def missing(field: str) -> MissingFieldError:
    return MissingFieldError(
        N_("The document cannot be made: the field {field} is empty. Fill it in."), field=field
    )


@dataclass
class Budget:
    """How many repetitions one rendering may still make; the one mutable value in a render."""

    left: int = MAX_REPETITIONS

    def spend(self, repetitions: int) -> None:
        self.left -= repetitions
        if self.left < 0:
            raise TooMuchError(
                N_("The template repeats more than {limit} times."), limit=MAX_REPETITIONS
            )


class TemplateSandbox(SandboxedEnvironment):
    """A sandbox in which the only readable things are declared fields."""

    intercepted_binops = frozenset()

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self._field(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return (
            self._field(obj, argument) if isinstance(argument, str) else self._item(obj, argument)
        )

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Let the error through as it is: nobody reads tracebacks of templates here."""
        raise

    def _field(self, obj: object, name: str) -> Any:
        if isinstance(obj, Undefined):
            return self.undefined(name=f"{obj._undefined_name}.{name}")
        if isinstance(obj, LoopContext):
            offered = name in LOOP_FIELDS or name in LOOP_NEIGHBOURS
            return getattr(obj, name) if offered else self.undefined(name=name)
        found = read_field(obj, name)
        return self.undefined(name=name) if found is ABSENT else found

    def _item(self, obj: object, index: object) -> Any:
        if isinstance(obj, list | tuple) and isinstance(index, int) and index < len(obj):
            return obj[index]
        return self.undefined(name=str(index))


# Filters


def _text(value: object, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise UnprintableValueError(
            N_("The field {field} is not a text, a number or a date and cannot be printed."),
            field=field,
        )
    return in_words(value) if isinstance(value, date) else str(value)


def printed(value: object, field: str) -> object:
    """Return the value of a field that must have one; MissingFieldError names it otherwise."""
    if value is None or isinstance(value, Undefined) or (isinstance(value, str) and not value):
        raise missing(field)
    return value


def _is_blank(value: object) -> bool:
    return value is None or isinstance(value, Undefined) or value == ""


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise UnprintableValueError(N_("A date filter was given something that is not a date."))
    return value


def date_in_words(value: object) -> str:
    return in_words(_day(value))


def date_in_digits(value: object) -> str:
    return in_digits(_day(value))


def date_or_blank(value: object) -> str:
    return DATE_BLANK if _is_blank(value) else in_words(_day(value))


def number_or_blank(value: object) -> str:
    """«№ 12-о/д», or the blank to be filled by hand while there is no number."""
    return NUMBER_BLANK if _is_blank(value) else f"№{NBSP}{_text(value, 'номер')}"


def if_present(value: object) -> object:
    return _NOTHING if _is_blank(value) else value


def with_capital(value: object) -> str:
    text = _text(value, "с_прописной")
    return text[:1].upper() + text[1:]


def with_small(value: object) -> str:
    text = _text(value, "со_строчной")
    return text[:1].lower() + text[1:]


def in_capitals(value: object) -> str:
    return _text(value, "прописными").upper()


def listed(value: object, separator: str = ", ") -> str:
    """Join the texts of a list: «первое, второе»."""
    if not isinstance(value, list | tuple):
        raise UnprintableValueError(N_("The filter of lists was given something else."))
    return separator.join(_text(item, "списком") for item in value)


def count(value: object) -> int:
    return len(value) if isinstance(value, list | tuple) else 0


# What prints something sensible for an empty field, so that the field is not required.
TOLERANT: dict[str, Callable[..., object]] = {
    "номер": number_or_blank,
    "дата_или_пропуск": date_or_blank,
    "если_есть": if_present,
    "количество": count,
}
STRICT: dict[str, Callable[..., object]] = {
    "дата": date_in_words,
    "дата_цифрами": date_in_digits,
    "с_прописной": with_capital,
    "со_строчной": with_small,
    "прописными": in_capitals,
    "списком": listed,
}
FILTERS = {**TOLERANT, **STRICT}


# Printing

_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def word_text(value: object) -> Markup:
    """Escape what is printed for WordprocessingML; line ends and tabs become Word's own.

    Control characters, which XML cannot hold, are left out.
    """
    if isinstance(value, Markup):
        return value
    text = _NOT_IN_XML.sub("", _text(value, "?").replace("\r\n", "\n").replace(EMPTY_MARK, ""))
    return Markup(  # noqa: S704 - the text is escaped first, the tags are ours
        str(escape(text))
        .replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        .replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    )


@pass_context
def repeated(context: Context, value: object) -> Sequence[object]:
    """Return the items of a loop after taking their number from the render's budget."""
    if _is_blank(value):
        return ()
    if not isinstance(value, list | tuple):
        raise UnprintableValueError(N_("The template repeats over something that is not a list."))
    budget = context.resolve(BUDGET)
    assert isinstance(budget, Budget)
    budget.spend(len(value))
    return value


def make_environment() -> TemplateSandbox:
    environment = TemplateSandbox(
        undefined=MissingField, autoescape=True, finalize=word_text, extensions=()
    )
    environment.globals.clear()
    environment.tests = {
        name: environment.tests[name] for name in ("defined", "undefined", "none", "odd", "even")
    }
    environment.filters = {**FILTERS, "_printed": printed, "_repeated": repeated}
    return environment


# Checking and rewriting the tree

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Const, nodes.Tuple, nodes.List, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Call,
)  # fmt: skip


BlockSources = Callable[[str], str | None]


def parse(environment: TemplateSandbox, source: str, blocks: BlockSources) -> nodes.Template:
    """Parse, check and rewrite the Jinja text of one part, with its blocks put in.

    Every line of `source` but the first begins with a paragraph, so line numbers are paragraphs.
    Raises BrokenTemplateError and its kin, with the paragraph.
    """
    return _parse(environment, source, blocks, ())


def _parse(
    environment: TemplateSandbox, source: str, blocks: BlockSources, inside: tuple[str, ...]
) -> nodes.Template:
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise syntax_error(error) from error
    for problem in problems(tree):
        raise problem
    _put_in_blocks(environment, tree, blocks, inside)
    _guard(tree)
    tree.set_environment(environment)
    return tree


def paragraph_of(lineno: int) -> int:
    return max(lineno - 1, 0)


def syntax_error(error: TemplateSyntaxError) -> BrokenTemplateError:
    """Tell in our words what Jinja's parser stumbled on."""
    text = error.message or ""
    place = paragraph_of(error.lineno)
    if text.startswith("No filter named"):
        return UnknownNameError(
            N_("There is no filter {name}."), paragraph=place, name=_quoted(text)
        )
    if "endif" in text or "endfor" in text or "end of template" in text:
        return BrokenTemplateError(
            N_("A condition or a repetition is not closed, or closed twice."), paragraph=place
        )
    if text.startswith("Encountered unknown tag"):
        return ForbiddenConstructError(
            N_("Templates may not use {construct}."), paragraph=place, construct=_quoted(text)
        )
    return BrokenTemplateError(N_("The tag is written wrongly."), paragraph=place)


def _quoted(message: str) -> str:
    found = re.search(r"'([^']*)'", message)
    return found.group(1) if found else "?"


def problems(tree: nodes.Template) -> Iterator[BrokenTemplateError]:
    """Yield every construct of a parsed template that may not stand there."""
    for node in _walk(tree):
        place = paragraph_of(node.lineno)
        if isinstance(node, nodes.Call):
            if block_name(node) is None:
                yield ForbiddenConstructError(
                    N_("Templates may not use {construct}."), paragraph=place, construct="( )"
                )
        elif not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
            yield ForbiddenConstructError(
                N_("Templates may not use {construct}."),
                paragraph=place,
                construct=type(node).__name__.lower(),
            )
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield from _private_names(node, place)
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield UnknownNameError(
                N_("There is no filter {name}."), paragraph=place, name=node.name
            )


def _private_names(
    node: nodes.Name | nodes.Getattr | nodes.Getitem, place: int
) -> Iterator[BrokenTemplateError]:
    name: object
    if isinstance(node, nodes.Getitem):
        if not isinstance(node.arg, nodes.Const):
            yield ForbiddenConstructError(
                N_("Templates may not use {construct}."), paragraph=place, construct="[ ]"
            )
            return
        name = node.arg.value
    else:
        name = node.name if isinstance(node, nodes.Name) else node.attr
    if isinstance(name, str) and (name.startswith("_") or name in ("self", "super", "caller")):
        yield ForbiddenConstructError(
            N_("Templates may not use {construct}."), paragraph=place, construct=name
        )


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        # Jinja leaves operands without a line.
        child.lineno = child.lineno or node.lineno
        # The name in `block("…")` is no field.
        if not (isinstance(node, nodes.Call) and child is node.node):
            yield from _walk(child)


def block_name(node: nodes.Node) -> str | None:
    """Return the name in `block("name")`, None for anything else."""
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "block"
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
        and isinstance(node.args[0].value, str)
        and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    ):
        return node.args[0].value
    return None


def _put_in_blocks(
    environment: TemplateSandbox,
    tree: nodes.Template,
    blocks: BlockSources,
    inside: tuple[str, ...],
) -> None:
    for parent in [tree, *tree.find_all((nodes.If, nodes.For))]:
        for attribute in ("body", "else_"):
            body = getattr(parent, attribute, None)
            if isinstance(body, list):
                setattr(parent, attribute, _with_blocks(environment, body, blocks, inside))
    for call in tree.find_all(nodes.Call):
        raise ForbiddenConstructError(
            BLOCK_ALONE,
            paragraph=paragraph_of(call.lineno),
            construct='{{p block("…") }}',
        )


def _with_blocks(
    environment: TemplateSandbox,
    body: list[nodes.Node],
    blocks: BlockSources,
    inside: tuple[str, ...],
) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for statement in body:
        if not isinstance(statement, nodes.Output):
            result.append(statement)
            continue
        for expression in statement.nodes:
            name = block_name(expression)
            if name is None:
                result.append(nodes.Output([expression], lineno=statement.lineno))
            else:
                place = paragraph_of(expression.lineno)
                result += _block_body(environment, name, blocks, inside, place)
    return result


def _block_body(
    environment: TemplateSandbox,
    name: str,
    blocks: BlockSources,
    inside: tuple[str, ...],
    place: int,
) -> list[nodes.Node]:
    source = blocks(name)
    if source is None:
        raise UnknownNameError(N_("There is no block {name}."), paragraph=place, name=name)
    if name in inside or len(inside) >= MAX_BLOCK_DEPTH:
        raise ForbiddenConstructError(
            N_("The block {name} contains itself."), paragraph=place, name=name
        )
    return _parse(environment, source, blocks, (*inside, name)).body


def _guard(tree: nodes.Template) -> None:
    """Make every printed field checked and every loop counted."""
    for output in tree.find_all(nodes.Output):
        output.nodes = [_required(node) for node in output.nodes if isinstance(node, nodes.Expr)]
    for loop in tree.find_all(nodes.For):
        assert isinstance(loop.iter, nodes.Expr)
        if not (isinstance(loop.iter, nodes.Filter) and loop.iter.name == "_repeated"):
            loop.iter = _filter(loop.iter, "_repeated", loop.lineno)


def _required(node: nodes.Expr) -> nodes.Expr:
    """Wrap the fields that an expression prints, unless a tolerant filter takes them."""
    match node:
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            return _filter(node, "_printed", node.lineno, nodes.Const(dotted(node)))
        case nodes.Filter(name=name) if name not in TOLERANT and name in FILTERS:
            assert isinstance(node.node, nodes.Expr)
            node.node = _required(node.node)
        case nodes.CondExpr():
            node.expr1 = _required(node.expr1)
            node.expr2 = nodes.Const(Markup()) if node.expr2 is None else _required(node.expr2)
        case _:
            pass
    return node


def _filter(node: nodes.Expr, name: str, lineno: int, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=lineno)


def dotted(node: nodes.Node) -> str:
    """Return the name of a field as the template writes it: `curator.fio_вин`."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{dotted(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=index)):
            return f"{dotted(node.node)}[{index}]"
        case _:
            return "?"


def with_budget(variables: dict[str, object]) -> dict[str, object]:
    return {**variables, BUDGET: Budget()}
