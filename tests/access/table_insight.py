"""The access table's rows about figures: the same suppressed ones for all who read them (insight §3)."""

from tests.access.grammar import Row, page

READERS = "ana bo pru cora cleo sam"
INSIGHT_ROWS: list[Row] = [
    page("insight:insight", GET=f"302 {READERS}"),
    page("insight:needs", GET=f"200 {READERS}"),
    page("insight:needs_of", GET=f"200 {READERS}", extra={"code": "E06000018"}),
    page("insight:needs_of", GET=f"404 {READERS}", extra={"code": "no-such-place"}),
    page("insight:needs_pdf", GET=f"200 {READERS}"),
    page("insight:weights", GET="200 pru", POST="200 pru"),
]
