"""What `marshrut up` furnishes: the municipality of the chosen pack, with work waiting in it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from marshrut.cli.up import up
from marshrut.demonstration.opening import PRACTICE_FILES, PRACTICES, furnish_for_practice
from marshrut.keys import create_keys
from marshrut.settings import Settings
from marshrut.wiring import make_services
from tests.world import Clock
from workflow.domain.pairs import PairStatus
from workflow.queries.pair_places import pair_places
from workflow.queries.pairs_list import pairs_list
from workflow.store.migrations import upgrade
from workflow.usecases.actors import actor_of_person
from workflow.usecases.installation import is_begun, is_training
from workflow.usecases.services import Services


def _furnished(folder: Path, pack: str) -> Services:
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'marshrut.db'}",
        redis_url=None,
        keys_dir=folder / "keys",
        base_url="http://127.0.0.1:8000",
        workers=1,
    )
    keys = create_keys(settings.keys_dir)
    services = make_services(settings, keys, Clock())
    upgrade(services.uow.engine)
    furnish_for_practice(services, settings, keys, pack)
    return services


def test_pairs_of_yurga_wait_for_consents_and_for_a_mentor(tmp_path: Path) -> None:
    services = _furnished(tmp_path, "yurga")
    assert is_begun(services)
    assert is_training(services)
    head = actor_of_person(services, _person(services, "sedova"))
    (place,) = pair_places(services, head)
    assert place.name == "МБОУ «СОШ № 7»"
    shown = pairs_list(services, head, None, 1)
    assert sorted(line.status for line in shown.lines) == [
        PairStatus.MATCHING,
        PairStatus.WAITING_FOR_MENTOR,
    ]
    files = {path.name for path in (tmp_path / PRACTICE_FILES).glob("*.p12")}
    assert "sedova-good-qualified.p12" in files


def _person(services: Services, login: str) -> UUID:
    with services.uow.reading() as tx:
        account = tx.accounts.find(login)
    assert account is not None
    return account.person_id


def test_unknown_pack_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSHRUT_DATA_DIR", str(tmp_path))
    answer = CliRunner().invoke(up, ["--pack", "nowhere"])
    assert answer.exit_code != 0
    assert ", ".join(PRACTICES) in answer.output
    assert list(tmp_path.iterdir()) == []
