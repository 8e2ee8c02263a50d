"""Both backends, for tests that must hold on each."""

from __future__ import annotations

import pytest

from signing.gost.backend import Backend, PlainPython
from signing.gost.libgcrypt import Libgcrypt


@pytest.fixture(scope="session", params=[PlainPython, Libgcrypt], ids=["plain", "libgcrypt"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Plain Python, then libgcrypt."""
    made: Backend = request.param()
    return made


@pytest.fixture(scope="session")
def plain() -> Backend:
    return PlainPython()


@pytest.fixture(scope="session")
def fast() -> Backend:
    return Libgcrypt()
