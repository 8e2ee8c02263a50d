"""docker-compose.yml as `docker compose` would read it: merged, its variables filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parents[1]
COMPOSE = CHECKOUT / "docker-compose.yml"

_VARIABLE = re.compile(
    r"\$\$|\$\{(?P<name>\w+)(?:(?P<how>:\?|:-)(?P<rest>[^}]*))?\}|\$(?P<bare>\w+)"
)


class MissingVariableError(Exception):
    """`docker compose` would refuse to start: the variable has no value and no default."""


@dataclass(frozen=True)
class Part:
    """A service of ours: what stands after `marshrut`, and its environment."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    healthcheck: tuple[str, ...]


def read_compose(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the file with `environ` filled in; raises MissingVariableError for `${X:?…}`."""
    filled = _fill(yaml.safe_load(COMPOSE.read_text()), environ)
    assert isinstance(filled, dict)
    return filled


def our_parts(compose: Mapping[str, Any]) -> dict[str, Part]:
    """Return the services that run our image."""
    return {
        name: Part(
            tuple(service["command"]),
            service["environment"],
            tuple(service["healthcheck"].get("test", ())),
        )
        for name, service in compose["services"].items()
        if "build" in service
    }


def _fill(value: object, environ: Mapping[str, str]) -> object:
    match value:
        case str():
            return _VARIABLE.sub(lambda found: _filled(found, environ), value)
        case list():
            return [_fill(one, environ) for one in value]
        case dict():
            return {key: _fill(one, environ) for key, one in value.items()}
    return value


def _filled(found: re.Match[str], environ: Mapping[str, str]) -> str:
    if found[0] == "$$":
        return "$"
    name = found["name"] or found["bare"]
    if value := environ.get(name):
        return value
    if found["how"] == ":-":
        return found["rest"]
    raise MissingVariableError(name)
