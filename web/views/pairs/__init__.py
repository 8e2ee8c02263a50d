"""Mentor pairs for those who work on them: the list, each pair, its papers, orders, changes.

Each module adds its views to the one blueprint when it is imported.
"""

from web.views.pairs import beginning as beginning
from web.views.pairs import deciding as deciding
from web.views.pairs import handwritten as handwritten
from web.views.pairs import index as index
from web.views.pairs import order_lines as order_lines
from web.views.pairs import page as page
from web.views.pairs import proposing as proposing
from web.views.pairs import requesting as requesting
from web.views.pairs import resolving as resolving
from web.views.pairs.blueprint import pages as pages
