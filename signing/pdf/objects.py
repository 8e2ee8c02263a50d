"""Looking into the objects of a PDF."""

from __future__ import annotations

from typing import Any  # pyHanko's PDF objects have no better type


def entry(holder: Any, key: str, default: Any = None) -> Any:
    """Return what stands under `key`: the object itself, where `get` gives a reference to it."""
    return holder[key] if key in holder else default  # noqa: SIM401 - see above
