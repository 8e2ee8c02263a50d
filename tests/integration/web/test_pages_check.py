"""The public check of files: signed PDFs, signatures with their document, packages."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from tests.integration.web.signing_site import (
    Browser,
    fixed_appointment,
    load,
    programme,
    signed,
    stranger,
)
from tests.told_once import told_once
from tests.world import World, one_page_pdf


@pytest.fixture
def somebody(app: Flask) -> Browser:
    return stranger(app)


@pytest.fixture
@told_once
def pair(world: World) -> tuple[bytes, bytes]:
    """An order of a school and the signature beside it."""
    order = fixed_appointment(world, programme(world))
    signature = signed(world, order)
    manifest = load(world, order.id).manifest
    assert manifest is not None
    blobs = world.services.blobs
    return blobs.get(manifest.main.pdf), blobs.get(signature.files[0].signature)


def upload(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def checked(somebody: Browser, **files: FileStorage) -> tuple[int, str]:
    """The status and the text of the answer."""
    answer = somebody.send("/check/", somebody.read("/check/"), **files)
    return answer.status_code, answer.text


def packed(*files: tuple[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return output.getvalue()


def test_a_stranger_checks_a_document_with_its_signature(
    somebody: Browser, pair: tuple[bytes, bytes]
) -> None:
    document, signature = pair
    status, page = checked(
        somebody, file=upload(document, "Приказ.pdf"), signature=upload(signature, "Приказ.pdf.sig")
    )
    assert status == 200
    assert "Белова Яна Николаевна" in page
    assert "Это техническая проверка" in page
    assert "ETSI EN 319 102-1" in page
    assert "TOTAL-PASSED" in page
    assert "Подпись действительна" in page
    assert "УЧЕБН" in page


def test_each_signature_of_a_report_can_be_folded(
    somebody: Browser, pair: tuple[bytes, bytes]
) -> None:
    document, signature = pair
    files = {"file": upload(document, "П.pdf"), "signature": upload(signature, "П.sig")}
    page = checked(somebody, **files)[1]
    before, folded = page.split('<details class="more">')
    assert "SHA-256 файла" in before
    assert "TOTAL-PASSED" not in before
    summary, _, inside = folded.split("</details>")[0].partition("</summary>")
    assert "TOTAL-PASSED" in inside
    owner = inside.split("Владелец: ")[1].splitlines()[0]
    assert f"действительна — {owner}" in summary
    files = {"file": upload(document + b" ", "П.pdf"), "signature": upload(signature, "П.sig")}
    assert '<details class="more" open>' in checked(somebody, **files)[1]


def test_the_door_shows_strangers_the_way(somebody: Browser) -> None:
    assert 'href="/check/"' in somebody.read("/login")


def test_a_changed_document_is_told(somebody: Browser, pair: tuple[bytes, bytes]) -> None:
    document, signature = pair
    _, page = checked(
        somebody, file=upload(document + b" ", "П.pdf"), signature=upload(signature, "П.sig")
    )
    assert "TOTAL-FAILED / HASH_FAILURE" in page
    assert "Подпись недействительна</" in page
    assert "<p>Документ изменён после подписания или подписан другой файл." in page


def test_a_package_is_checked_file_by_file(somebody: Browser, pair: tuple[bytes, bytes]) -> None:
    document, signature = pair
    package = packed(("1.pdf", document), ("1.pdf.sig", signature), ("2.txt", b"text"))
    status, page = checked(somebody, file=upload(package, "Пакет.zip"))
    assert status == 200
    assert "1.pdf + 1.pdf.sig" in page
    assert "TOTAL-PASSED" in page
    assert "У файла нет подписи: ни внутри, ни рядом." in page


def test_what_is_not_there_is_asked_for(somebody: Browser, pair: tuple[bytes, bytes]) -> None:
    _, signature = pair
    _, page = checked(somebody, file=upload(signature, "Приказ.sig"))
    assert "INDETERMINATE / SIGNED_DATA_NOT_FOUND" in page
    _, page = checked(somebody, file=upload(one_page_pdf("letter"), "Письмо.pdf"))
    assert "Итог: подписей в файле нет." in page
    assert "Подписи в файле нет</" in page


def test_a_bad_upload_gets_one_clear_message(somebody: Browser) -> None:
    assert checked(somebody)[0] == 422
    assert checked(somebody, file=upload(b"x", "a.exe"))[0] == 422
    status, page = checked(somebody, file=upload(packed(("../a", b"x")), "a.zip"))
    assert status == 422
    assert "недопустимым именем: ../a" in page


def test_nobody_checks_without_end(somebody: Browser) -> None:
    form = somebody.read("/check/")
    answers = [somebody.send("/check/", form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
