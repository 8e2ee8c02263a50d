"""Rules with code behind them: a name, parameters, an article.

The YAML of a pack has no expression language; it names rules that are written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """`mentees_at_most: 2` (Положение, п. 2.5). `law` rules may be tightened, never loosened."""

    name: str
    params: Mapping[str, object] = field(default_factory=dict)
    article: str = ""
    law: bool = False
    soft: bool = False
