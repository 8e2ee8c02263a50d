"""Refusals and errors in words, for people and for programs."""

from __future__ import annotations

import re

import pytest
from flask import Flask, abort
from structlog.testing import capture_logs

from tests.unit.web.fakes import CLERK, PASSWORDS, make_app
from web.access import needs, public, signed_in
from web.errors import unless_refused
from workflow.domain.refusals import Refusal
from workflow.store.errors import BusyError, StaleError
from workflow.usecases.errors import NotFoundError

REFUSAL = Refusal(
    "document.not_fixed",
    "The document has no number and date yet: the visa of {who} is awaited.",
    "Ask {who} for the visa.",
    {"who": "куратора"},
    article="Положение, п. 3.2",
)


@pytest.fixture
def app() -> Flask:
    app = make_app()

    @public
    def refuse() -> str:
        return unless_refused(REFUSAL)

    @public
    def fail() -> str:
        raise KeyError("Иванова Анна Петровна, 112-233-445 95")

    @public
    def missing() -> str:
        raise NotFoundError("document 7 is not for person 8")

    @public
    def stale() -> str:
        raise StaleError("documents 7")

    @public
    def busy() -> str:
        raise BusyError("case 7")

    @public
    def wait() -> str:
        abort(429)

    @needs("head")
    def for_heads() -> str:
        return "for heads"

    @signed_in
    def for_colleagues() -> str:
        return "for colleagues"

    for view in (refuse, fail, missing, stale, busy, wait, for_heads, for_colleagues):
        name = view.__name__
        app.add_url_rule(f"/{name}", name, view)
        app.add_url_rule(f"/api/{name}", f"api_{name}", view)
    return app


def test_refusal_is_a_page_with_reason_article_and_advice(app: Flask) -> None:
    answer = app.test_client().get("/refuse")
    assert answer.status_code == 409
    assert "нет визы куратора" in answer.text
    assert "Запросите визу куратора" in answer.text
    assert "Положение, п. 3.2" in answer.text


def test_refusal_answers_a_program_with_its_code(app: Flask) -> None:
    answer = app.test_client().get("/api/refuse")
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "document.not_fixed"
    assert answer.json["todo"] == "Запросите визу куратора."


def test_refusal_without_advice_says_nothing_more(app: Flask) -> None:
    bare = public(lambda: unless_refused(Refusal("x", "This is not possible now")))
    app.add_url_rule("/bare", "bare", bare)
    assert "Content-Type" not in app.test_client().get("/bare").text


def test_outcome_that_is_no_refusal_passes() -> None:
    assert unless_refused("done") == "done"


def test_unexpected_error_shows_a_number_that_stands_in_the_log(app: Flask) -> None:
    with capture_logs() as lines:
        answer = app.test_client().get("/fail")
    assert answer.status_code == 500
    shown = re.search(r'class="reference">([0-9A-F]{8})<', answer.text)
    assert shown
    assert [line["reference"] for line in lines] == [shown[1]]
    assert lines[0]["error"] == "builtins.KeyError"
    assert any("test_error_pages.py" in frame for frame in lines[0]["frames"])


def test_log_of_an_unexpected_error_holds_no_personal_data(app: Flask) -> None:
    with capture_logs() as lines:
        page = app.test_client().get("/fail")
    assert "Иванова" not in str(lines) + page.text


def test_unexpected_error_answers_a_program_with_its_number(app: Flask) -> None:
    answer = app.test_client().get("/api/fail")
    assert answer.json is not None
    assert answer.json["code"] == "server.error"
    assert len(answer.json["reference"]) == 8


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/no-such-page", 404, "Страница не найдена"),
        ("/missing", 404, "Страница не найдена"),
        ("/stale", 409, "Данные только что изменил другой работник"),
        ("/busy", 503, "Система занята"),
        ("/wait", 429, "Слишком много попыток"),
        ("/logout", 405, "Страница не открывается таким способом"),
    ],
)
def test_error_has_a_russian_page(app: Flask, address: str, status: int, words: str) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code == status
    assert words in answer.text
    assert '<html lang="ru">' in answer.text


def test_wrong_method_names_the_right_ones(app: Flask) -> None:
    assert "POST" in app.test_client().get("/logout").headers["Allow"]


def test_view_for_a_role_is_not_there_for_others(app: Flask) -> None:
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token
    entered = {"login": CLERK.login, "password": PASSWORDS[CLERK.login], "csrf_token": token[1]}
    client.post("/login", data=entered)
    assert client.get("/for_colleagues").text == "for colleagues"
    refused = client.get("/for_heads")
    assert refused.status_code == 404
    assert "Страница не найдена" in refused.text


def test_stranger_is_asked_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/for_heads?a=1").location == "/login?next=/for_heads?a%3D1"
    assert client.get("/api/for_heads").status_code == 401
    poll = client.get("/for_heads", headers={"HX-Request": "true"})
    assert poll.status_code == 401
    assert poll.headers["HX-Redirect"] == "/login"
