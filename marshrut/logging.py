"""What the running parts write about themselves: to stderr, one event a line.

Lines are JSON where a program reads them (containers, pipes) and coloured words in a terminal. An
event is a fixed English sentence and its circumstances are fields: ids, kinds, counts, never a
person's data. Libraries are not trusted to keep to that: of what they say only the template
stands in the log, not what was filled into it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TextIO

import structlog

LEVEL = logging.INFO
LIBRARIES_LEVEL = logging.WARNING
LAST_FRAMES = 12


def configure_logging(stream: TextIO | None = None) -> None:
    """Send every event of this process to `stream` (stderr without one); may be called again."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _renderer(stream),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVEL),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.setLevel(LIBRARIES_LEVEL)
    root.handlers = [LibraryVoices()]
    # Python's own warnings quote lines of code and values.
    logging.captureWarnings(True)


def _renderer(stream: TextIO) -> structlog.typing.Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback, pad_event_to=40
        )
    return structlog.processors.JSONRenderer(ensure_ascii=False)


class LibraryVoices(logging.Handler):
    """Says that a library said something, where in its code, and the template without values.

    A message without arguments may have been filled in before it was logged: it is left out.
    """

    def emit(self, record: logging.LogRecord) -> None:
        error, _message, trace = record.exc_info or (None, None, None)
        structlog.get_logger().log(
            record.levelno,
            "A library reports",
            library=record.name,
            place=f"{record.module}:{record.lineno}",
            template=record.msg if record.args and isinstance(record.msg, str) else None,
            error=f"{error.__module__}.{error.__qualname__}" if error else None,
            frames=[
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace, limit=-LAST_FRAMES)
            ],
        )
