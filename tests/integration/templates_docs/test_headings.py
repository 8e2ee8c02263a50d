"""What a journal calls a document is what stands above its text."""

from __future__ import annotations

import pytest

from templates_docs.headings import heading_of
from tests.integration.templates_docs.library_pages import assembled
from tests.integration.templates_docs.library_samples import context


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("D06", "О назначении куратора реализации программ наставничества"),
        ("D02", "Об утверждении Положения о системе наставничества педагогических работников"),
    ],
)
def test_an_order_is_known_by_its_heading(code: str, heading: str) -> None:
    assert heading_of(assembled(code, context(code, full=False))).startswith(heading)
