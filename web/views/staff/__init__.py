"""The workers of an organisation for those who keep their cards: clerk, head, operator.

Each module adds its views to the one blueprint when it is imported.
"""

from web.views.staff import absences as absences
from web.views.staff import card as card
from web.views.staff import case_forms as case_forms
from web.views.staff import identity as identity
from web.views.staff import importing as importing
from web.views.staff import index as index
from web.views.staff import leaving as leaving
from web.views.staff import worker as worker
from web.views.staff.blueprint import pages as pages
