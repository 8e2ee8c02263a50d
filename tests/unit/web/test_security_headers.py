"""What every answer carries, and what no request may bring."""

from __future__ import annotations

import io

import pytest

from tests.unit.web.fakes import make_app

ADDRESSES = ["/login", "/no-such-page", "/static/app.css", "/account"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_a_policy_without_exceptions(address: str) -> None:
    headers = make_app().test_client().get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_pages_are_not_kept_by_the_browser_and_files_are() -> None:
    client = make_app().test_client()
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in client.get("/static/app.css").headers["Cache-Control"]


def test_preview_may_stand_in_a_frame_of_our_own() -> None:
    headers = make_app().test_client().get("/ui/sample.pdf").headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_cookie_is_closed_to_scripts_and_other_sites() -> None:
    cookie = make_app().test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookie_of_a_real_installation_is_sent_encrypted_alone() -> None:
    client = make_app(secure_cookies=True).test_client()
    answer = client.get("/login", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-marshrut=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_foreign_host_is_refused() -> None:
    answer = make_app().test_client().get("/login", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_form_without_a_token_is_refused_as_out_of_date() -> None:
    answer = make_app().test_client().post("/login", data={"login": "x", "password": "y"})
    assert answer.status_code == 400
    assert "Страница устарела" in answer.text


def test_request_that_is_too_large_is_refused() -> None:
    client = make_app(request_bytes=10_000).test_client()
    upload = {"scan": (io.BytesIO(b"x" * 20_000), "scan.pdf")}
    answer = client.post("/ui", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "Файл слишком большой" in answer.text


def test_short_secret_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        make_app(secret_key=b"short")


def test_address_behind_a_proxy_is_believed_only_when_set() -> None:
    forwarded = {"X-Forwarded-Host": "evil.example"}
    assert make_app().test_client().get("/login", headers=forwarded).status_code == 200
    assert make_app(proxies=1).test_client().get("/login", headers=forwarded).status_code == 400


def test_component_page_is_not_there_in_a_real_installation() -> None:
    client = make_app(training=False).test_client()
    assert client.get("/ui").status_code == 404
    assert "УЧЕБНЫЙ" not in client.get("/login").text
