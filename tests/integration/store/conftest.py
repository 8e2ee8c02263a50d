"""A stored town for the tests of repositories."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import Town
from tests.stored import store_town
from workflow.store.unit_of_work import UnitOfWork


@pytest.fixture
def town(uow: UnitOfWork) -> Town:
    """A school, its office and their people, stored."""
    with uow() as tx:
        stored = store_town(tx, factories.town())
        tx.commit()
    return stored
