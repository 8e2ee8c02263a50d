"""What stands in the log: one JSON line an event for programs, and nobody's data."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from marshrut.logging import configure_logging


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers, root.level = handlers, level


def logged(stream: io.StringIO) -> dict[str, Any]:
    (line,) = stream.getvalue().splitlines()
    read: dict[str, Any] = json.loads(line)
    return read


def test_a_program_reads_json_one_event_a_line() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    structlog.get_logger("queues").info("Work was done", kind="render", count=3)
    event = logged(stream)
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "Work was done", "level": "info", "kind": "render", "count": 3}


def test_a_person_at_a_terminal_reads_words() -> None:
    stream = Terminal()
    configure_logging(stream)
    structlog.get_logger().warning("The relay waits", error="TimeoutError")
    assert "The relay waits" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_details_for_developers_are_left_out() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    structlog.get_logger().debug("Asked")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("template", "values", "shown"),
    [
        ("Error handling request %s", ("/people?name=Белова",), "Error handling request %s"),
        ("Error handling request /people?name=Белова", (), None),
    ],
)
def test_what_a_library_fills_in_stays_out_of_the_log(
    template: str, values: tuple[str, ...], shown: str | None
) -> None:
    stream = io.StringIO()
    configure_logging(stream)
    logging.getLogger("gunicorn.error").warning(template, *values)
    event = logged(stream)
    assert "Белова" not in stream.getvalue()
    assert (event["library"], event["template"]) == ("gunicorn.error", shown)
    assert event["place"].startswith("test_logging:")


def test_an_error_in_a_library_is_told_by_its_place() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    try:
        raise ValueError("Белова Яна Николаевна")
    except ValueError:
        logging.getLogger("rq.worker").exception("Failed")
    event = logged(stream)
    assert "Белова" not in stream.getvalue()
    assert event["error"] == "builtins.ValueError"
    assert "test_an_error_in_a_library_is_told_by_its_place" in event["frames"][-1]


def test_warnings_of_python_quote_nothing() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("СНИЛС 112-233-445 95", stacklevel=1)
    assert "112-233-445" not in stream.getvalue()
    assert logged(stream)["library"] == "py.warnings"
