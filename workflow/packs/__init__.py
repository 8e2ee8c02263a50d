"""Regulations as data: read, checked, inherited."""

from workflow.packs.library import (
    LIBRARY,
    PackReading,
    Source,
    from_sources,
    load,
    names,
    read_pack,
)
from workflow.packs.problems import PackError, PackProblem, Place, in_order

__all__ = [
    "LIBRARY",
    "PackError",
    "PackProblem",
    "PackReading",
    "Place",
    "Source",
    "from_sources",
    "in_order",
    "load",
    "names",
    "read_pack",
]
