"""The environment in which templates run: declared fields, a few filters, counted repetitions.

What a template may say at all is decided before, in `grammar`. Reading a field goes through
`fields.read_field` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from jinja2 import pass_context
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment

from templates_docs.errors import N_, TooMuchError, UnprintableValueError
from templates_docs.fields import ABSENT, read_field
from templates_docs.filters import FILTERS, is_blank, missing, printed, required, word_text
from templates_docs.known import LOOP_FIELDS, LOOP_NEIGHBOURS

MAX_REPETITIONS = 20_000
BUDGET = "_budget"
TESTS = ("defined", "undefined", "none", "odd", "even")


class MissingField(Undefined):
    """A field without a value: false in conditions, empty in loops, an error in print."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other is None or other == "" or isinstance(other, Undefined)

    def __hash__(self) -> int:
        return hash(None)

    def __str__(self) -> str:
        raise missing(self._undefined_name or "?")


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


@pass_context
def repeated(context: Context, value: object) -> Sequence[object]:
    """Return the items of a loop after taking their number from the render's budget."""
    if is_blank(value):
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
    environment.tests = {name: environment.tests[name] for name in TESTS}
    environment.filters = {
        **FILTERS,
        "_printed": printed,
        "_required": required,
        "_repeated": repeated,
    }
    return environment


def with_budget(context: Mapping[str, object]) -> dict[str, object]:
    """Return the variables of one rendering, its budget of repetitions among them."""
    return {**context, BUDGET: Budget()}
