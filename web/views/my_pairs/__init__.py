"""«Мои пары» for mentors and mentees: the next step, meetings, papers, leaving. Phones first.

Each module adds its views to the one blueprint when it is imported.
"""

from web.views.my_pairs import index as index
from web.views.my_pairs import leaving as leaving
from web.views.my_pairs import meetings as meetings
from web.views.my_pairs import page as page
from web.views.my_pairs import papers as papers
from web.views.my_pairs.blueprint import pages as pages
