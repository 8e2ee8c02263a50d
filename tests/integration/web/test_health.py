"""`/health`: for balancers and containers; it says whether the pages can work, nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.schema import DropTable

from tests.unit.web.fakes import make_app
from tests.world import World
from workflow.store.tables.installation import installation


def client_of(world: World) -> FlaskClient:
    return make_app(now=world.clock, work=world.services, training=False).test_client()


def test_pages_over_a_begun_database_are_healthy(world: World) -> None:
    answer = client_of(world).get("/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_is_asked_to_sign_in_for_it(world: World) -> None:
    assert "Set-Cookie" not in client_of(world).get("/health").headers


def test_a_database_that_was_not_begun_is_not_ready(world: World) -> None:
    with world.services.uow.engine.begin() as connection:
        connection.execute(sa.delete(installation))
    answer = client_of(world).get("/health")
    assert (answer.status_code, answer.text) == (503, "not ready\n")


def test_a_broken_database_is_not_described(world: World) -> None:
    with world.services.uow.engine.begin() as connection:
        connection.execute(DropTable(installation))
    answer = client_of(world).get("/health")
    assert answer.status_code == 500
    assert "installation" not in answer.text
