"""The pages over a small world, its people's browsers, a document on its way to be signed."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from marshrut.demonstration.town import PASSWORD, done
from tests.integration.web.admin_site import OPERATOR_LOGIN, Site, signed_in
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    load,
    programme,
    signed,
    site,
)
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.usecases.paper import put_on_paper


@pytest.fixture
def operator(world: World) -> Site:
    return signed_in(world, OPERATOR_LOGIN, PASSWORD, world.town.operator_second_factor)


@pytest.fixture
def app(world: World) -> Flask:
    return site(world)


@pytest.fixture
def clerk(app: Flask, world: World) -> Browser:
    """The clerk of school-1."""
    return browser_of(app, world, "zaytseva")


@pytest.fixture
def head(app: Flask, world: World) -> Browser:
    """The head of school-1."""
    return browser_of(app, world, "belova")


@pytest.fixture
@told_once
def case_id(world: World) -> UUID:
    """The programme of school-1."""
    return programme(world)


@pytest.fixture
@told_once
def order(world: World, case_id: UUID) -> Document:
    """Ready to be signed: one file, detached; Safina and Ershov acknowledge it afterwards."""
    return fixed_appointment(world, case_id)


@pytest.fixture
@told_once
def in_force(world: World, order: Document) -> Document:
    """The same, signed by the head."""
    signed(world, order)
    return load(world, order.id)


@pytest.fixture
@told_once
def printed(world: World, order: Document) -> Document:
    """The order was switched to paper; it is signed with a pen."""
    return done(put_on_paper(world.services, world.actor("zaytseva"), order.id, "нет связи"))
