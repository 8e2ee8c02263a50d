"""No attack on a signed PDF is passed as valid, and each is named for what it is."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.reports.lines import report_lines
from signing.sign import sign_detached, sign_pdf
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Report, Verdict
from tests.integration.signing import pdf_attacks as attack
from tests.pki import MENTOR, NOON, Office
from tests.unit.signing.conftest import grounds_of, key_of, plain_pdf, trust_in
from web.words import russian

OFFICE = Office.open("нападений")
HEAD = key_of(OFFICE.issuing.person())
SECOND = key_of(OFFICE.issuing.person(MENTOR))
GROUNDS = grounds_of(trust_in(OFFICE.root), OFFICE.crls)
TWO_PAGES = plain_pdf(pages=2)
SIGNED = sign_pdf(TWO_PAGES, HEAD, NOON)

null = generic.NullObject()


def judged(pdf: bytes) -> Report:
    return validate_pdf(pdf, GROUNDS).report


def integrity(report: Report) -> list[str]:
    return [signature.check("integrity").code for signature in report.signatures]


def strange(report: Report) -> set[str]:
    return {found.code for found in report.not_understood}


def integers(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.NumberObject, values))


def test_what_is_attacked_is_valid_before() -> None:
    prepared = (attack.with_overlay, attack.with_form, attack.with_second_catalogue)
    originals = [TWO_PAGES, attack.with_tables(TWO_PAGES), *(each(TWO_PAGES) for each in prepared)]
    for pdf in originals:
        report = judged(sign_pdf(pdf, HEAD, NOON))
        assert report.verdict is Verdict.VALID
        assert integrity(report) == ["intact"]


# Incremental saving

UPDATES: list[tuple[attack.Change, str, str]] = [
    (attack.another_text, "revision_shows", "1"),
    (attack.text_in_place, "revision_shows", "1"),
    (attack.a_page_more, "revision_pages", ""),
    (attack.a_page_less, "revision_pages", ""),
    (attack.moved_pages, "revision_pages", ""),
    (attack.another_font, "revision_shows", "1, 2"),
    (attack.a_script, "revision_settings", "/OpenAction"),
    (attack.an_attachment, "revision_settings", "/Names"),
    *(
        (attack.an_annotation(subtype), "revision_notes", "1")
        for subtype in ("/FreeText", "/Stamp", "/Square", "/Redact", "/Widget", "/Link")
    ),
]


def named(report: Report) -> list[tuple[str, object, object]]:
    """The later versions of the file that the report names: code, number, what changed."""
    return [(r.code, r.params["version"], r.params.get("what", "")) for r in report.remarks]


@pytest.mark.parametrize(("change", "code", "what"), UPDATES)
def test_an_update_after_signing_fails_and_is_named(
    change: attack.Change, code: str, what: str
) -> None:
    report = judged(attack.updated(SIGNED, change))
    assert integrity(report) == ["changed_later"]
    assert report.verdict is Verdict.INVALID
    assert named(report) == [(code, 3, what)]


@pytest.mark.parametrize(("change", "code", "what"), UPDATES)
def test_a_further_signature_does_not_heal_an_update(
    change: attack.Change, code: str, what: str
) -> None:
    """The further signature is good by itself: its signer saw what the update shows."""
    report = judged(sign_pdf(attack.updated(SIGNED, change), SECOND, NOON))
    assert integrity(report)[0] == "changed_later"
    assert report.verdict is Verdict.INVALID
    assert named(report)[0] == (code, 3, what)
    assert ("revision_signature", 4) in [each[:2] for each in named(report)]


def test_every_version_after_the_first_signature_is_named() -> None:
    pdf = SIGNED
    changes = (attack.another_title, attack.an_annotation("/Stamp"), attack.another_text)
    for change in changes:
        pdf = attack.updated(pdf, change)
    report = judged(sign_pdf(pdf, SECOND, NOON))
    assert named(report)[:3] == [
        ("revision_properties", 3, ""),
        ("revision_notes", 4, "1"),
        ("revision_shows", 5, "1"),
    ]
    assert named(report)[3] == ("revision_signature", 6, report.signatures[1].field_name)
    assert {each.params["total"] for each in report.remarks} == {6}


def test_a_further_signature_alone_is_named_and_passed() -> None:
    report = judged(sign_pdf(SIGNED, SECOND, NOON))
    assert integrity(report) == ["signed_later", "intact"]
    assert named(report) == [("revision_signature", 3, "Signature2")]
    assert report.verdict is Verdict.VALID


def test_a_remark_is_said_in_russian_and_kept() -> None:
    report = judged(attack.updated(SIGNED, attack.another_text))
    assert "Версия 3 из 3, записанная после подписания: изменено то, что видно на странице 1." in (
        report_lines(report, russian().text, UTC)
    )
    assert Report.from_json(report.to_json()) == report


def test_another_title_is_not_passed() -> None:
    assert judged(attack.updated(SIGNED, attack.another_title)).verdict is not Verdict.VALID


@pytest.mark.parametrize("change", [attack.no_fields, attack.no_form])
def test_a_signature_taken_away_is_missed(change: attack.Change) -> None:
    report = judged(attack.updated(SIGNED, change))
    assert strange(report) == {"hidden_signature"}
    assert named(report) == [("revision_unsigned", 3, "Signature1")]
    assert report.verdict is Verdict.UNDECIDED


# Shadow attacks


def by_update(change: attack.Change) -> Callable[[bytes], bytes]:
    return lambda pdf: attack.updated(pdf, change)


@pytest.mark.parametrize(
    ("prepare", "spring", "code"),
    [
        (attack.with_overlay, by_update(attack.overlay_emptied), "revision_shows"),
        (attack.with_overlay, attack.overlay_freed, "revision_shows"),
        (attack.with_form, by_update(attack.another_value), "revision_form"),
        (attack.with_form, by_update(attack.another_appearance), "revision_form"),
        (attack.with_second_catalogue, attack.catalogue_switched, "revision_pages"),
    ],
    ids=["hide-empty", "hide-free", "replace-value", "replace-appearance", "hide-and-replace"],
)
def test_a_shadow_document_fails_when_it_shows_itself(
    prepare: Callable[[bytes], bytes], spring: Callable[[bytes], bytes], code: str
) -> None:
    signed = sign_pdf(prepare(TWO_PAGES), HEAD, NOON)
    assert judged(signed).verdict is Verdict.VALID
    report = judged(spring(signed))
    assert integrity(report) == ["changed_later"]
    assert report.verdict is Verdict.INVALID
    assert code in {each.code for each in report.remarks}


def test_the_switched_catalogue_would_show_another_document() -> None:
    """The attack is a real one: a viewer that checks the digest alone shows the hidden page."""
    signed = sign_pdf(attack.with_second_catalogue(TWO_PAGES), HEAD, NOON)
    reader = PdfFileReader(BytesIO(attack.catalogue_switched(signed)))
    assert b"Pay 1000000" in reader.root["/Pages"]["/Kids"][0]["/Contents"].data


# Wrapping


def test_a_wrapped_signature_fails() -> None:
    wrapped = attack.wrapped(sign_pdf(attack.with_tables(TWO_PAGES), HEAD, NOON))
    reader = PdfFileReader(BytesIO(wrapped))
    assert b"Order 13" in reader.root["/Pages"]["/Kids"][0]["/Contents"].data
    report = judged(wrapped)
    assert integrity(report) == ["not_covered"]
    assert strange(report) == {"hidden_signature"}
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "ranges",
    [
        (0, 10, 20, 30),
        (10, 20, 30, 40),
        (0, 2000, 1000, 5000),
        (0, 1000, 1000, 5000),
        (5, 1000, 2000, 5000),
        (0, 1000, 2000, 10**9),
        (0, 0, 0, 0),
        (0, -1, -2, -3),
        (0, 2**63, 2**63 + 1, 5),
        (10**40,) * 4,
        (0,),
        (0, 1000, 2000),
        (0, 1000, 2000, 100, 2200, 100),
        (),
    ],
)
def test_a_byte_range_of_another_shape_is_not_passed(ranges: tuple[int, ...]) -> None:
    change = attack.signature_entry("/ByteRange", integers(*ranges))
    report = judged(attack.updated(SIGNED, change))
    assert report.verdict is not Verdict.VALID
    assert report.signatures or strange(report)


# Universal forgery


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("/Contents", None),
        ("/Contents", null),
        ("/Contents", generic.ByteStringObject(b"")),
        ("/Contents", generic.ByteStringObject(b"\0")),
        ("/Contents", generic.ByteStringObject(b"\x30\x00")),
        ("/Contents", integers(0)),
        ("/ByteRange", None),
        ("/ByteRange", null),
        ("/ByteRange", attack.text("0 1 2 3")),
        ("/SubFilter", None),
        ("/SubFilter", attack.name("/adbe.x509.rsa_sha1")),
        ("/SubFilter", attack.name("/adbe.pkcs7.sha1")),
        ("/SubFilter", attack.name("/CAdES.unknown")),
        ("/Type", attack.name("/Unknown")),
        ("/Type", null),
        ("/Filter", null),
    ],
)
def test_a_signature_redefined_by_an_update_is_not_passed(entry: str, value: Any) -> None:
    report = judged(attack.updated(SIGNED, attack.signature_entry(entry, value)))
    assert report.verdict is not Verdict.VALID
    assert report.signatures or strange(report) >= {"signature_field"}
    assert named(report) == [("revision_altered", 3, "Signature1")]


@pytest.mark.parametrize(
    ("pattern", "forgery"),
    [
        (rb"/ByteRange \[[^\]]*\]", b""),
        (rb"/ByteRange \[[^\]]*\]", b"/ByteRange null"),
        (rb"/ByteRange \[[^\]]*\]", b"/ByteRange []"),
        (rb"/ByteRange \[[^\]]*\]", b"/ByteRange [0 -1 -2 -3]"),
        (rb"/ByteRange \[[^\]]*\]", b"/ByteRange [0 0 0 0]"),
        (rb"/Contents <[0-9a-fA-F]*>", b""),
        (rb"/Contents <[0-9a-fA-F]*>", b"/Contents null"),
        (rb"/Contents <[0-9a-fA-F]*>", b"/Contents <>"),
        (rb"/Contents <[0-9a-fA-F]*>", b"/Contents <00>"),
        (rb"/SubFilter /[A-Za-z0-9.]*", b""),
        (rb"/SubFilter /[A-Za-z0-9.]*", b"/SubFilter /Unknown"),
    ],
)
def test_a_signature_overwritten_in_place_is_not_passed(pattern: bytes, forgery: bytes) -> None:
    report = judged(attack.forged(SIGNED, pattern, forgery))
    assert report.verdict is not Verdict.VALID
    assert report.signatures or strange(report) >= {"signature_field"}


def test_the_signature_of_another_file_is_not_taken_over() -> None:
    """The CMS of one PDF is put into the place of another."""
    other = sign_pdf(plain_pdf("Order 13", pages=2), HEAD, NOON)
    _, start, end, _ = attack.byte_range(SIGNED)
    _, start_there, end_there, _ = attack.byte_range(other)
    assert end - start == end_there - start_there
    report = judged(other[:start_there] + SIGNED[start:end] + other[end_there:])
    assert integrity(report) == ["content_changed"]
    assert report.verdict is Verdict.INVALID


# Marks that are only drawn

PHRASE = ("ДОКУМЕНТ ПОДПИСАН", "ЭЛЕКТРОННОЙ ПОДПИСЬЮ")
OF_THE_HEAD = (*PHRASE, "Сертификат 1", "Владелец: Берёзкина Мария Ильинична")
OF_ANOTHER = (*PHRASE, "Сертификат 00AB12CD34EF", "Владелец: Клёнов Игорь Львович")


def stamped(lines: tuple[str, ...]) -> bytes:
    return attack.with_stamp(tuple(line.encode() for line in lines))


def remarks(report: Report) -> set[str]:
    return {each.code for each in report.remarks}


@pytest.mark.parametrize("lines", [PHRASE, OF_THE_HEAD, OF_ANOTHER])
def test_a_mark_without_a_signature_is_named(lines: tuple[str, ...]) -> None:
    report = judged(stamped(lines))
    assert report.verdict is Verdict.INVALID
    assert remarks(report) == {"mark_without_signature"}
    said = "\n".join(report_lines(report, russian().text, UTC))
    assert "Отметка об ЭП без подписи: она есть на странице 1, а подписи в файле нет." in said


def test_a_mark_of_another_person_leaves_the_file_undecided() -> None:
    report = judged(sign_pdf(stamped(OF_ANOTHER), HEAD, NOON))
    assert integrity(report) == ["intact"]
    assert strange(report) == {"mark_of_another"}
    assert report.verdict is Verdict.UNDECIDED
    said = "\n".join(report_lines(report, russian().text, UTC))
    assert "Отметка об ЭП без подписи: на странице 1 назван тот, чьей подписи здесь нет." in said


def test_a_mark_that_names_the_signer_is_no_matter() -> None:
    serial = HEAD.certificate.serial
    by_number = (*PHRASE, f"Сертификат: {serial:X}", "Владелец: Б.")
    for lines in (OF_THE_HEAD, by_number):
        report = judged(sign_pdf(stamped(lines), HEAD, NOON))
        assert (remarks(report), strange(report)) == (set(), set())
        assert report.verdict is Verdict.VALID


def test_a_mark_that_names_nobody_is_told_beside_the_signatures() -> None:
    report = judged(sign_pdf(stamped(PHRASE), HEAD, NOON))
    assert remarks(report) == {"mark_names_nobody"}
    assert report.verdict is Verdict.VALID


def test_a_mark_on_a_document_with_its_signature_beside_it_is_looked_at_too() -> None:
    for lines, verdict in ((OF_THE_HEAD, Verdict.VALID), (OF_ANOTHER, Verdict.UNDECIDED)):
        content = stamped(lines)
        signature = sign_detached(content, HEAD, NOON)
        report = validate_detached(content, signature, GROUNDS).report
        assert report.verdict is verdict


def test_a_mark_drawn_over_after_signing_fails_the_signature_and_is_named() -> None:
    """The mark of a person who did not sign is laid over a document that another one signed."""
    signed = sign_pdf(stamped(OF_ANOTHER), HEAD, NOON)
    report = judged(attack.updated(signed, attack.an_annotation("/Stamp")))
    assert report.verdict is Verdict.INVALID
    assert remarks(report) == {"revision_notes"}
    assert strange(report) == {"mark_of_another"}


def test_a_stream_that_unpacks_without_end_is_cut_off() -> None:
    """Reading a page never unpacks more than a few megabytes of it."""
    bomb = zlib.compress(b" " * 200_000_000, 9)

    def change(writer: IncrementalPdfFileWriter) -> None:
        shown = generic.StreamObject(encoded_data=bomb)
        shown[attack.name("/Filter")] = attack.name("/FlateDecode")
        attack.page(writer)[attack.name("/Contents")] = writer.add_object(shown)
        writer.mark_update(attack.page(writer).container_ref)

    pdf = attack.updated(TWO_PAGES, change)
    tracemalloc.start()
    try:
        assert judged(pdf).verdict is Verdict.INVALID
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
    finally:
        tracemalloc.stop()
