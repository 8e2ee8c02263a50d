"""What a template may say: fields, conditions, repetitions, filters, blocks.

A template is checked node by node against a short list before it is compiled, so that what is
not named here cannot be written: no calls, no assignments, no macros, no arithmetic that grows.
Blocks are put in before compiling, so nothing is called at run time either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from jinja2 import TemplateSyntaxError, nodes
from markupsafe import Markup

from templates_docs.errors import (
    N_,
    BrokenTemplateError,
    ForbiddenConstructError,
    UnknownNameError,
)
from templates_docs.filters import FILTERS, TOLERANT, WITH_SEPARATOR
from templates_docs.sandbox import TESTS, TemplateSandbox

MAX_BLOCK_DEPTH = 5
MAX_NESTING = 12
WRONG_TAG = N_("The tag is written wrongly.")
BLOCK_ALONE = N_("A block stands alone in its paragraph: {construct}.")

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Const, nodes.Tuple, nodes.List, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Call,
)  # fmt: skip


_SPELLED: dict[type[nodes.Node], str] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.Concat: "~",
    nodes.Assign: "set",
}

BlockSources = Callable[[str], str | None]


def parse(environment: TemplateSandbox, source: str, blocks: BlockSources) -> nodes.Template:
    """Parse, check and rewrite the Jinja text of one part, with its blocks put in.

    Every line of `source` but the first begins with a paragraph, so line numbers are paragraphs.
    Raises BrokenTemplateError and its kin, with the paragraph.
    """
    try:
        return _parse(environment, source, blocks, ())
    except RecursionError as error:
        raise too_deep(0) from error


def _parse(
    environment: TemplateSandbox, source: str, blocks: BlockSources, inside: tuple[str, ...]
) -> nodes.Template:
    tree = read(environment, source)
    for problem in problems(tree):
        raise problem
    _put_in_blocks(environment, tree, blocks, inside)
    _refuse_depth(tree)
    _guard(tree)
    tree.set_environment(environment)
    return tree


def read(environment: TemplateSandbox, source: str) -> nodes.Template:
    """Parse Jinja text into a tree that nobody has checked yet; BrokenTemplateError if it is none.

    A RecursionError is the caller's to turn into `too_deep`.
    """
    try:
        return environment.parse(source)
    except TemplateSyntaxError as error:
        raise syntax_error(error) from error
    except ValueError as error:
        # A number with more digits than Python reads.
        raise BrokenTemplateError(WRONG_TAG) from error


def too_deep(paragraph: int) -> ForbiddenConstructError:
    return ForbiddenConstructError(
        N_("Conditions, repetitions or brackets are nested too deeply."), paragraph=paragraph
    )


def _refuse_depth(node: nodes.Node, depth: int = 0) -> None:
    """Python itself allows only 20 loops inside each other."""
    inner = depth + isinstance(node, nodes.If | nodes.For)
    if inner > MAX_NESTING:
        raise too_deep(paragraph_of(node.lineno))
    for child in node.iter_child_nodes():
        _refuse_depth(child, inner)


def paragraph_of(lineno: int) -> int:
    return max(lineno - 1, 0)


def syntax_error(error: TemplateSyntaxError) -> BrokenTemplateError:
    """Tell in our words what Jinja's parser stumbled on."""
    text = error.message or ""
    place = paragraph_of(error.lineno)
    if "endif" in text or "endfor" in text or "end of template" in text:
        return BrokenTemplateError(
            N_("A condition or a repetition is not closed, or closed twice."), paragraph=place
        )
    if text.startswith("Encountered unknown tag"):
        return _forbidden(_quoted(text), place)
    return BrokenTemplateError(WRONG_TAG, paragraph=place)


def _quoted(message: str) -> str:
    found = re.search(r"'([^']*)'", message)
    return found.group(1) if found else "?"


def problems(tree: nodes.Template) -> Iterator[BrokenTemplateError]:
    """Yield every construct of a parsed template that may not stand there."""
    for node in _walk(tree):
        place = paragraph_of(node.lineno)
        match node:
            case nodes.Call() if block_name(node) is None:
                yield _forbidden("( )", place)
            case nodes.For() if node.recursive or not isinstance(node.target, nodes.Name):
                yield _forbidden("for", place)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                yield from _private_names(node, place)
            case nodes.Filter():
                yield from _filter_problems(node, place)
            case nodes.Test() if node.name not in TESTS or node.args or node.kwargs:
                yield _forbidden(f"is {node.name}", place)
            case _ if not isinstance(node, _ALLOWED):
                yield _forbidden(_SPELLED.get(type(node), type(node).__name__.lower()), place)


def _forbidden(construct: str, paragraph: int) -> ForbiddenConstructError:
    return ForbiddenConstructError(
        N_("Templates may not use {construct}."), paragraph=paragraph, construct=construct
    )


def _filter_problems(node: nodes.Filter, place: int) -> Iterator[BrokenTemplateError]:
    if node.name not in FILTERS:
        yield UnknownNameError(N_("There is no filter {name}."), paragraph=place, name=node.name)
    separator = [arg for arg in node.args if isinstance(arg, nodes.Const)]
    texts = all(isinstance(arg.value, str) for arg in separator) and separator == node.args
    allowed = 1 if node.name in WITH_SEPARATOR else 0
    if len(node.args) > allowed or not texts or node.kwargs or node.dyn_args or node.dyn_kwargs:
        yield _forbidden(f"{node.name}( )", place)


def _private_names(
    node: nodes.Name | nodes.Getattr | nodes.Getitem, place: int
) -> Iterator[BrokenTemplateError]:
    name: object
    if isinstance(node, nodes.Getitem):
        if not isinstance(node.arg, nodes.Const):
            yield _forbidden("[ ]", place)
            return
        name = node.arg.value
    else:
        name = node.name if isinstance(node, nodes.Name) else node.attr
    if isinstance(name, str) and (name.startswith("_") or name in ("self", "super", "caller")):
        yield _forbidden(name, place)


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


def _required(node: nodes.Expr, check: str = "_printed") -> nodes.Expr:
    """Wrap the fields that an expression prints, unless a tolerant filter takes them."""
    match node:
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            return _filter(node, check, node.lineno, nodes.Const(dotted(node)))
        case nodes.Filter(name=name) if name not in TOLERANT and name in FILTERS:
            assert isinstance(node.node, nodes.Expr)
            node.node = _required(node.node, "_required")
        case nodes.CondExpr():
            node.expr1 = _required(node.expr1, check)
            # Without `else` nothing is printed, on purpose.
            otherwise = node.expr2
            node.expr2 = nodes.Const(Markup()) if otherwise is None else _required(otherwise, check)
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
