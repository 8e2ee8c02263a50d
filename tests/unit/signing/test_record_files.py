"""Evidence records as files: beside a signature on the command line and in a package."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marshrut.cli import main
from signing.digests import digest
from signing.file_check import judge_files, verdict_over
from signing.records.evidence_records import new_group_record
from signing.records.hash_tree import HashTree, group_digest
from signing.records.information import with_evidence
from signing.sign import sign_detached
from signing.trust_folder import save_trust_folder
from signing.validate import validate_detached
from signing.verdicts import Verdict
from tests.pki import DAY, YEAR, Authority
from tests.tsa import tsa_of
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in
from tests.unit.signing.record_story import Story, stamp


def packed(**files: bytes) -> bytes:
    """A package of these files; `__` in a name stands for a dot."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return written.getvalue()


@pytest.fixture(scope="module")
def story() -> Story:
    return Story.told()


def test_a_package_is_judged_with_the_record_beside_the_signature(story: Story) -> None:
    record = story.whole().to_bytes()
    for name in ("order__txt__sig__ers", "order__txt__ers"):
        package = packed(order__txt=CONTENT, order__txt__sig=story.signature, **{name: record})
        (judged,) = judge_files("package.zip", package, story.grounds())
        assert judged.record is not None
        assert judged.verdict is Verdict.VALID


def test_without_the_record_the_package_has_expired(story: Story) -> None:
    package = packed(order__txt=CONTENT, order__txt__sig=story.signature)
    assert verdict_over(judge_files("", package, story.grounds())) is Verdict.INVALID


def test_a_record_beside_another_file_does_not_help(story: Story) -> None:
    record = story.whole().to_bytes()
    package = packed(
        order__txt=CONTENT, order__txt__sig=story.signature, other__txt=b"1", other__txt__ers=record
    )
    first, second = judge_files("", package, story.grounds())
    assert first.verdict is Verdict.INVALID
    assert second.verdict is Verdict.UNDECIDED


def test_a_record_that_belongs_to_nothing_leaves_the_package_undecided(story: Story) -> None:
    record = story.whole().to_bytes()
    package = packed(
        order__txt=CONTENT,
        order__txt__sig=story.signature,
        order__txt__ers=record,
        lost__ers=record,
    )
    assert verdict_over(judge_files("", package, story.grounds())) is Verdict.UNDECIDED


def test_of_two_records_the_one_that_proves_counts(story: Story) -> None:
    good, other = story.whole().to_bytes(), story.first((b"1", b"2")).to_bytes()
    for records in ((good, other), (other, good)):
        signature = ("order.sig", story.signature)
        (judged,) = judge_files(
            "order.txt", CONTENT, story.grounds(), signature=signature, records=records
        )
        assert judged.verdict is Verdict.VALID


@dataclass(frozen=True)
class Archive:
    """A signature whose certificate ended ten days ago, and its record; all around now."""

    folder: Path

    def verify(self, *arguments: str) -> Result:
        lists = [
            part for name in ("root", "issuing") for part in ("--crl", self.path(f"{name}.crl"))
        ]
        given = ["verify", self.path("order.txt"), "--trust", self.path("trust"), *lists]
        given += ["--signature", self.path("order.sig"), *arguments]
        return CliRunner().invoke(main, given)

    def path(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """The commands read the real clock, so everything here is made around now."""
    now = datetime.now(UTC).replace(microsecond=0)
    night = now - 19 * DAY
    root = Authority.root("Корень архива", not_after=now + 10 * YEAR)
    issuing = root.issuing("Центр архива", not_after=now + 10 * YEAR)
    head = issuing.person(not_before=now - 30 * DAY, not_after=now - 10 * DAY)
    signature = sign_detached(CONTENT, key_of(head), now - 20 * DAY)
    lists = [each.crl(this_update=night - DAY, next_update=night + DAY) for each in (root, issuing)]
    grounds = grounds_of(trust_in(root), lists, now=night)
    kept = validate_detached(CONTENT, signature, grounds).evidence.to_bytes()
    group = [digest("sha256", each) for each in (CONTENT, signature, kept)]
    tree = HashTree.over("sha256", [group_digest("sha256", group), digest("sha256", b"1")])
    tsa = tsa_of(issuing, not_before=now - 30 * DAY, not_after=now + YEAR)
    record = new_group_record(tree, group, stamp(tree, tsa, night))
    (tmp_path / "order.txt").write_bytes(CONTENT)
    (tmp_path / "order.sig").write_bytes(signature)
    (tmp_path / "order.ers").write_bytes(with_evidence(record, [kept]).to_bytes())
    other = HashTree.over("sha256", [digest("sha256", b"2")])
    strange = new_group_record(other, [digest("sha256", b"2")], stamp(other, tsa, night))
    (tmp_path / "other.ers").write_bytes(strange.to_bytes())
    for name, authority in (("root.crl", root), ("issuing.crl", issuing)):
        made = authority.crl(this_update=now - DAY, next_update=now + DAY)
        (tmp_path / name).write_bytes(made)
    save_trust_folder(trust_in(root), tmp_path / "trust")
    manifest = tmp_path / "trust" / "trust.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(said | {"timestamping": said["anchors"]}))
    return Archive(tmp_path)


def test_the_command_judges_at_the_moment_that_the_record_proves(archive: Archive) -> None:
    assert archive.verify().exit_code == 1
    result = archive.verify("--record", archive.path("order.ers"))
    assert result.exit_code == 0
    assert "Свидетельство сохранности доказывает" in result.output
    assert "подтверждено меткой времени" in result.output


def test_the_command_says_why_a_record_is_not_counted(archive: Archive) -> None:
    result = archive.verify("--record", archive.path("other.ers"))
    assert result.exit_code == 1
    assert "Свидетельство сохранности не учтено" in result.output
    assert "составлено для другого файла" in result.output


def test_the_command_takes_no_record_for_a_whole_package(archive: Archive) -> None:
    (archive.folder / "package.zip").write_bytes(packed(a__txt=b"1"))
    given = ["verify", archive.path("package.zip"), "--record", archive.path("order.ers")]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2
    assert "В пакете свидетельство лежит рядом с подписью" in result.output
