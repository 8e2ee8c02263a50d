"""`marshrut trust`: a root is confirmed by its fingerprint, a list is verified and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marshrut.cli import main
from signing.accredited.qualified_folder import shown
from signing.accredited.qualified_trust import MINISTRY_OGRN
from signing.trust import Chain, ChainProblem
from signing.trust_folder import TrustFolderError, load_trust_folder
from signing.verdicts import SignatureKind
from tests import gost_pki
from tests.gost_pki import GostHolder
from tests.pki import DAY, HEAD, YEAR
from tests.trusted_lists import IN_FORCE, MINISTRY, Entry, Ministry

TODAY = datetime.now(UTC).replace(microsecond=0)
"""The commands read the real clock, so everything here is made around now."""
AROUND = {"not_before": TODAY - 30 * DAY, "not_after": TODAY + YEAR}


@dataclass(frozen=True)
class Desk:
    """A folder with the files of a ministry, and the commands."""

    folder: Path
    ministry: Ministry
    centre: GostHolder

    def run(self, *arguments: object) -> Result:
        return CliRunner().invoke(main, ["trust", *map(str, arguments)])

    @property
    def trust(self) -> Path:
        return self.folder / "trust"

    @property
    def fingerprint(self) -> str:
        return self.ministry.root.certificate.fingerprint

    def confirm(self) -> Result:
        return self.run(
            *("confirm-root", self.folder / "root.pem"),
            *("--sha256", shown(self.fingerprint), "--into", self.trust),
        )

    def read(self, version: int = 100, *entries: Entry) -> Result:
        """Import a list with this version; it has the centre unless entries are given."""
        file = self.folder / "list.xml"
        date = (TODAY - timedelta(hours=1)).isoformat()
        listed = entries or (Entry((self.centre.der,)),)
        file.write_bytes(self.ministry.list(*listed, version=str(version), date=date))
        lists = [("--crl", self.folder / name) for name in ("root.crl", "authority.crl")]
        return self.run(
            "import-list", file, "--into", self.trust, *(part for pair in lists for part in pair)
        )

    def kind(self, signer: GostHolder) -> str:
        """What a signer is by the folder: the kind, or the code of the problem."""
        found = load_trust_folder(self.trust).find_chain(signer.certificate, (), TODAY)
        return found.code if isinstance(found, ChainProblem) else str(found.anchor.kind)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    years = {"not_before": TODAY - 10 * YEAR, "not_after": TODAY + 10 * YEAR}
    root = gost_pki.root("Корень", **years)
    authority = root.authority("Центр министерства", MINISTRY_OGRN, **years)
    ministry = Ministry(root, authority, authority.person(MINISTRY, **AROUND))
    fresh = {"this_update": TODAY - DAY, "next_update": TODAY + DAY}
    (tmp_path / "root.pem").write_bytes(root.certificate.pem)
    (tmp_path / "authority.pem").write_bytes(authority.certificate.pem)
    (tmp_path / "root.crl").write_bytes(root.crl(**fresh))
    (tmp_path / "authority.crl").write_bytes(authority.crl(**fresh))
    return Desk(tmp_path, ministry, root.authority("Испытательный центр", **years))


def test_show_root_says_what_is_to_be_compared_and_trusts_nothing(desk: Desk) -> None:
    shown_root = desk.run("show-root", desk.folder / "root.pem")
    assert shown_root.exit_code == 0
    assert shown(desk.fingerprint) in shown_root.output
    assert "Владелец: Корень" in shown_root.output
    assert "Сверьте отпечаток" in shown_root.output
    assert not desk.trust.exists()


def test_an_authority_below_a_root_is_no_root(desk: Desk) -> None:
    for command in (
        ("show-root", desk.folder / "authority.pem"),
        ("confirm-root", desk.folder / "authority.pem", "--sha256", "0", "--into", desk.trust),
    ):
        refused = desk.run(*command)
        assert refused.exit_code == 1
        assert "не является корневым" in refused.output
    assert not desk.trust.exists()


def test_a_root_that_another_key_signed_is_none(desk: Desk) -> None:
    impostor = gost_pki.root("Корень")
    forged = impostor.issue(gost_pki.authority_request("Корень"))
    (desk.folder / "forged.pem").write_bytes(forged.certificate.pem)
    assert desk.run("show-root", desk.folder / "forged.pem").exit_code == 1


def test_a_root_is_confirmed_by_its_fingerprint_alone(desk: Desk) -> None:
    wrong = desk.run(
        *("confirm-root", desk.folder / "root.pem"),
        *("--sha256", "ab" * 32, "--into", desk.trust),
    )
    assert wrong.exit_code == 1
    assert shown(desk.fingerprint) in wrong.output
    assert not desk.trust.exists()
    assert desk.confirm().exit_code == 0
    assert desk.confirm().exit_code == 0  # once more changes nothing
    manifest = json.loads((desk.trust / "trust.json").read_text())
    assert [each["sha256"] for each in manifest["accredited"]["roots"]] == [desk.fingerprint]


def test_a_confirmed_root_alone_makes_nobody_qualified(desk: Desk) -> None:
    desk.confirm()
    assert desk.kind(desk.centre.person(HEAD, **AROUND)) == "nothing_trusted"


def test_a_verified_list_makes_signers_of_its_authorities_qualified(desk: Desk) -> None:
    desk.confirm()
    read = desk.read()
    assert (read.exit_code, read.output) == (
        0,
        "Перечень версии 100 взят в работу, удостоверяющих центров: 1.\n",
    )
    assert desk.kind(desk.centre.person(HEAD, **AROUND)) == SignatureKind.QUALIFIED
    other = desk.ministry.root.authority("Не в перечне", not_after=TODAY + YEAR)
    assert desk.kind(other.person(HEAD, **AROUND)) == "untrusted"


def test_without_a_confirmed_root_no_list_is_taken(desk: Desk) -> None:
    refused = desk.read()
    assert refused.exit_code == 1
    assert "Не подтверждён ни один" in refused.output
    assert not desk.trust.exists()


def test_a_newer_list_takes_the_place_of_the_older_which_is_kept(desk: Desk) -> None:
    desk.confirm()
    desk.read(100)
    ended = Entry((desk.centre.der,), status=("Прекращена", "2020-03-10"), history=(IN_FORCE,))
    assert desk.read(101, ended).exit_code == 0
    assert desk.kind(desk.centre.person(HEAD, **AROUND)) == "not_accredited"
    assert {path.name for path in desk.trust.glob("accredited-*")} == {
        "accredited-100.json",
        "accredited-101.json",
    }


def test_an_older_list_is_refused_and_changes_nothing(desk: Desk) -> None:
    desk.confirm()
    desk.read(101)
    before = (desk.trust / "trust.json").read_bytes()
    refused = desk.read(100)
    assert refused.exit_code == 1
    assert "Версия перечня 100 старше" in refused.output
    assert (desk.trust / "trust.json").read_bytes() == before


def test_what_was_left_out_is_named(desk: Desk) -> None:
    desk.confirm()
    read = desk.read(100, Entry((), name="Центр без ОГРН", ogrn=""))
    assert "Пропущены записи, которые не читаются: Центр без ОГРН" in read.output


@pytest.mark.parametrize(
    "change",
    [
        {"roots": [{"file": "root.pem"}]},
        {"roots": [{"file": "../root.pem", "sha256": "00"}]},
        {"roots": [{"file": "root.pem", "sha256": "00"}]},
        {"roots": [], "list": "../accredited-100.json"},
        {"roots": [], "list": "missing.json"},
        {"roots": [], "unknown": 1},
        {"list": "accredited-100.json"},
        [],
    ],
)
def test_a_manifest_that_is_not_right_trusts_nothing(desk: Desk, change: object) -> None:
    desk.confirm()
    desk.read()
    path = desk.trust / "trust.json"
    (desk.trust / "root.pem").write_bytes((desk.folder / "root.pem").read_bytes())
    path.write_text(json.dumps({"anchors": [], "accredited": change}))
    with pytest.raises(TrustFolderError):
        load_trust_folder(desk.trust)
    refused = desk.read(200)
    assert refused.exit_code == 1
    assert "trust.json" in refused.output


def test_a_chain_from_the_folder_is_the_same_as_in_memory(desk: Desk) -> None:
    desk.confirm()
    desk.read()
    signer = desk.centre.person(HEAD, **AROUND).certificate
    found = load_trust_folder(desk.trust).find_chain(signer, (), TODAY)
    assert isinstance(found, Chain)
    assert found.anchor.accreditation is not None
    assert found.anchor.accreditation.list_version == 100
    assert load_trust_folder(desk.trust).by_subject is load_trust_folder(desk.trust).by_subject
