"""What a covering letter says about its enclosures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story


def _sheets(story: Story, encloses: Sequence[UUID]) -> list[int]:
    letter = acts.letter(story.world, story.case, encloses)
    assert letter.manifest is not None
    printed = story.world.services.blobs.get(letter.manifest.files[0].docx)
    _, context = json.loads(printed)
    return [item["sheets"] for item in context["items"]]


def test_an_order_is_counted_with_its_annex(story: Story) -> None:
    acts.signed(story.world, story.order)
    assert _sheets(story, [story.order]) == [2]


def test_an_annex_enclosed_by_itself_is_not_counted_with_its_order(story: Story) -> None:
    acts.signed(story.world, story.order)
    assert _sheets(story, [story.order, story.roadmap]) == [1, 1]
