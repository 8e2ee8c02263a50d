"""The operator's pages: organisations, people, accounts, trust, calendar, background work.

Each module adds its views to the one blueprint when it is imported.
"""

from web.views.admin import accounts as accounts
from web.views.admin import accredited as accredited
from web.views.admin import calendar as calendar
from web.views.admin import evidence as evidence
from web.views.admin import list_sources as list_sources
from web.views.admin import mandates as mandates
from web.views.admin import organisation_forms as organisation_forms
from web.views.admin import organisation_names as organisation_names
from web.views.admin import organisations as organisations
from web.views.admin import overview as overview
from web.views.admin import people as people
from web.views.admin import posts as posts
from web.views.admin import registers as registers
from web.views.admin import state_roots as state_roots
from web.views.admin import tasks as tasks
from web.views.admin import trust as trust
from web.views.admin.blueprint import pages as pages
