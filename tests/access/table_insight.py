"""The access table's rows about figures: the same suppressed ones for all who read them (insight §3)."""

from tests.access.grammar import Family, Row, of, page

READERS = "ana bo pru cora cleo sam"
ACTIONS = Family(
    "gap action",
    {"g_open": READERS, "g_derby": READERS},  # ana is to do the one, of the city; pru manages there
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": "00000000-0000-4000-8000-000000000000"},
    barred="alex bea sid sol sky dev max mia ada oz ivy ed adam",
)
INSIGHT_ROWS: list[Row] = [
    page("insight:insight", GET=f"302 {READERS}"),
    page("insight:needs", GET=f"200 {READERS}"),
    page("insight:needs_of", GET=f"200 {READERS}", extra={"code": "E06000018"}),
    page("insight:needs_of", GET=f"404 {READERS}", extra={"code": "no-such-place"}),
    page("insight:needs_pdf", GET=f"200 {READERS}"),
    page("insight:needs_of_pdf", GET=f"200 {READERS}", extra={"code": "E06000018"}),
    page("insight:needs_of_pdf", GET=f"404 {READERS}", extra={"code": "no-such-place"}),
    page("insight:weights", GET="200 pru", POST="200 pru"),
    page("insight:actions", GET=f"200 {READERS}", queries=["?show=mine-late"]),
    page("insight:add_action", GET="200 pru", POST="200 pru"),
    of(
        ACTIONS, "insight:action", GET={"*": "200 *"}, POST={"g_open": "200 ana pru", "g_derby": ""}
    ),
    of(
        ACTIONS,
        "insight:change_action",
        GET={"g_open": "200 pru", "g_derby": ""},
        POST={"g_open": "200 pru", "g_derby": ""},
    ),
]
