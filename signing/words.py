"""Sentences for people: marked here, given in Russian by the catalogue in `web/translations`."""

from __future__ import annotations


def N_(msgid: str) -> str:
    """Return `msgid` unchanged; it is translated where it is shown."""
    return msgid


def harmless(text: str) -> str:
    """Return a text from outside on one line, without characters that steer a screen.

    Names in certificates and PDF files may hold control characters, terminal sequences or marks
    that turn the direction of writing.
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
