"""What the browser plug-in says when it fails is put into words by its codes."""

from __future__ import annotations

import re

from web.plugin_words import PLUGIN_TROUBLES

CODES = [code for trouble in PLUGIN_TROUBLES for code in trouble.codes]


def test_each_code_is_explained_once_as_the_plug_in_prints_it() -> None:
    assert len(CODES) == len(set(CODES))
    assert all(re.fullmatch(r"0x[0-9A-F]{8}", code) for code in CODES)


def test_what_is_not_known_is_told_last_and_in_any_case() -> None:
    *known, unknown = PLUGIN_TROUBLES
    assert all(trouble.codes for trouble in known)
    assert unknown.codes == ()
