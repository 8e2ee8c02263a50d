"""Each component is written once and stands on the component page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.web.fakes import make_app

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
COMPONENTS = {path.stem: path.read_text() for path in (TEMPLATES / "components").glob("*.html")}
MACROS = [
    (name, macro)
    for name, source in sorted(COMPONENTS.items())
    for macro in re.findall(r"macro (\w+)\(", source)
]


def _calls(source: str) -> set[str]:
    return set(re.findall(r"\b(\w+)\(", re.sub(r"macro \w+\(", "", source)))


def _shown() -> set[str]:
    """Return the macros that the component pages call, themselves or through another macro."""
    pages = [path.read_text() for path in (TEMPLATES / "ui").glob("*.html")]
    renamed = dict(re.findall(r"(\w+) as (\w+)", "".join(pages)))
    shown = set().union(*map(_calls, pages)) | {k for k, v in renamed.items() if v}
    return shown.union(*map(_calls, COMPONENTS.values()))


@pytest.mark.parametrize(("file", "macro"), MACROS)
def test_component_is_shown(file: str, macro: str) -> None:
    assert macro in _shown(), f"{macro} of {file}.html stands on no page of /ui"


def test_no_component_is_written_twice() -> None:
    names = [macro for _file, macro in MACROS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("address", ["/ui", "/ui/answers", "/ui/confirmation", "/ui/progress/7"])
def test_component_page_has_one_heading_and_no_id_twice(address: str) -> None:
    page = make_app().test_client().get(address).text
    assert page.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page):
        assert set(target.split()) <= set(ids)


def test_every_input_of_the_component_page_has_a_label() -> None:
    page = make_app().test_client().get("/ui").text
    labels = set(re.findall(r'<label for="([^"]+)"', page))
    inputs = re.findall(r'<(?:input|select|textarea) id="([^"]+)"', page)
    assert inputs
    assert set(inputs) <= labels
