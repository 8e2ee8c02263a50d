"""What somebody does on the pages of signing several documents, as a browser without scripts."""

from __future__ import annotations

import re
from typing import Any

from marshrut.demonstration.town import KEY_PASSWORD
from tests.integration.web.signing_site import Browser
from workflow.domain.documents import Document

FORM = re.compile(r'<form[^>]* action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
COOKIE = "marshrut-bulk"


def chosen(browser: Browser, documents: list[Document], way: str = "key_here") -> str:
    """Choose these documents; return the address of the list."""
    page = browser.read(f"/sign-many?way={way}")
    ids = [str(one.id) for one in documents]
    answer = browser.send("/sign-many", page, way=way, document=ids)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def press(browser: Browser, page: str, action: str, **entered: object) -> Any:
    """Send the form of the page whose address ends like this, with all that stands in it."""
    for address, inside in FORM.findall(page):
        if address.endswith(action):
            return browser.client.post(address, data={**dict(FIELD.findall(inside)), **entered})
    raise AssertionError(f"there is no form to {action}")


def looked_at(browser: Browser, documents: list[Document], way: str = "key_here") -> str:
    """Choose and look at each; return the address of the list."""
    at = chosen(browser, documents, way)
    for one in documents:
        page = browser.read(f"{at}/documents/{one.id}")
        assert press(browser, page, "/seen").status_code == 303
    return at


def confirmed(browser: Browser, at: str, password: str = KEY_PASSWORD) -> Any:
    return press(browser, browser.read(at), "/confirm", password=password)


def ask(browser: Browser, at: str, document: Document, page: str = "") -> Any:
    """What the page's script asks for one document."""
    token = dict(FIELD.findall(page or browser.read("/my-signature")))["csrf_token"]
    return browser.client.post(
        f"{at}/documents/{document.id}/sign",
        data={"csrf_token": token},
        headers={"Accept": "application/json"},
    )


def cookie_in(answer: Any) -> str:
    (found,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(COOKIE)]
    return str(found)
