"""The whole access table."""

from tests.access.grammar import Row
from tests.access.table import CASEWORK
from tests.access.table_insight import INSIGHT_ROWS
from tests.access.table_people import PEOPLE_ROWS
from tests.access.table_public import PUBLIC_ROWS
from tests.access.table_support import SUPPORT_ROWS

TABLE: list[Row] = [*CASEWORK, *SUPPORT_ROWS, *PEOPLE_ROWS, *PUBLIC_ROWS, *INSIGHT_ROWS]
