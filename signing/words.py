"""Marks sentences for people; the catalogue in `web/translations` gives them in Russian."""

from __future__ import annotations


def N_(msgid: str) -> str:
    """Return `msgid` unchanged; it is translated where it is shown."""
    return msgid
