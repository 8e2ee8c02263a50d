"""Every address states who may use it, and what a template may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.unit.web.fakes import make_app
from web.access import public, stated_access

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
OPEN_TO_ANYBODY = {
    "files.static",
    "health.page",
    "login.password",
    "login.check_password",
    "login.code",
    "login.check_code",
    "login.signed_out",
    "public_check.files",
    "public_check.check",
    "public_check.page",
    "public_check.compare",
}


def _unstated(app: Flask) -> set[str]:
    return {name for name, view in app.view_functions.items() if stated_access(view) is None}


def test_every_view_states_who_may_use_it() -> None:
    app = make_app()
    assert len(app.view_functions) > len(OPEN_TO_ANYBODY)
    assert not _unstated(app)


def test_a_view_that_says_nothing_is_found_and_closed() -> None:
    app = make_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert _unstated(app) == {"forgotten"}
    assert app.test_client().get("/forgotten").status_code == 404


def test_only_the_way_in_is_open_to_anybody_in_a_real_installation() -> None:
    app = make_app(training=False)
    open_views = {
        name
        for name, view in app.view_functions.items()
        if (access := stated_access(view)) is not None and access.anybody
    }
    assert open_views == OPEN_TO_ANYBODY


def test_public_is_stated_beside_the_view_it_is_about() -> None:
    def view() -> str:
        return ""

    assert stated_access(view) is None
    assert stated_access(public(view)) is not None


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: p.name)
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", source)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: p.name)
def test_form_that_posts_carries_the_csrf_token(path: Path) -> None:
    for form in re.findall(r'<form\b[^>]*method="post".*?</form>', path.read_text(), re.DOTALL):
        assert "csrf_token" in form or "csrf()" in form
