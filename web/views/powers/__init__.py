"""Powers of attorney: the list of an organisation, a card, loading, the registry, codes."""

from __future__ import annotations

from web.views.powers import card, forms, index
from web.views.powers.blueprint import pages

__all__ = ["card", "forms", "index", "pages"]
