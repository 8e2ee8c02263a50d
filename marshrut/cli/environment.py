"""What commands that need an installation have in common: settings and keys, or a clear message."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from marshrut.settings import SettingsError
from web.words import russian
from workflow.domain.refusals import N_
from workflow.store.migrations import SchemaError


def stop_with(msgid: str, /, **params: object) -> NoReturn:
    """Print one sentence of the catalogue to stderr and end with status 1."""
    click.echo(russian().text(msgid, **params), err=True)
    sys.exit(1)


@contextmanager
def explained_problems() -> Iterator[None]:
    """Turn what is wrong with the installation into words and exit status 1."""
    try:
        yield
    except SettingsError as error:
        for problem in error.problems:
            click.echo(russian().text(problem.msgid, **problem.params), err=True)
        sys.exit(1)
    except SchemaError:
        stop_with(N_("The database has another schema than this version. Run “marshrut migrate”."))
    except OperationalError:
        stop_with(N_("The database does not answer. Check MARSHRUT_DATABASE_URL and the server."))
    except RedisError:
        stop_with(N_("Redis does not answer. Check MARSHRUT_REDIS_URL and the server."))
