"""The access table's rows about mentors, matches, sessions, and places in education, training and work.

From casework §7 and §15 (who records, who allocates), mentoring §3 and §5 (the register, "cleared roles"),
pathways §8. The referrer follows their referral and sees none of this; safeguarding leads see the register, and
of a match only what a concern links them to.
"""

from tests.access.grammar import Family, Row, of, page
from tests.access.table import REFERRALS, notes
from tests.access.table_people import NOT_THERE

_CO = "cora cleo"
MENTORS = Family(
    "mentor",
    {
        "m_max": f"{_CO} sol sky max dev",  # dev supervises max
        "m_mia": f"{_CO} sol sky mia",
        "m_sams": "sam",  # an enquiry at Derby
    },
    kwargs=lambda stage, thing: {"reference": stage.references[thing]},
    missing={"reference": "CCC-CCC"},
)
_READS_REGISTER = "cora cleo sam sol sky dev max mia pru"
_KEEPS = {"m_max m_mia": f"200 {_CO}", "m_sams": "200 sam"}
_OWN = {"m_max": f"200 {_CO} max", "m_mia": f"200 {_CO} mia", "m_sams": "200 sam"}
# There is no level to give and nobody to supervise before somebody is a mentor.
_MENTORING = {"m_max m_mia": f"200 {_CO}"}


def _with_officer(family: Family) -> Family:
    """The officer who answers for the data sees who has looked at anything in their areas (§15)."""
    sees = {thing: f"{who} ivy" if "cora" in who else who for thing, who in family.sees.items()}
    return Family(family.name, sees, family.kwargs, family.missing)


def _moves(family: Family, name: str, moves: dict[str, dict[str, str]]) -> list[Row]:
    return [
        of(family, name, extra={"name": move}, GET=cells, POST=cells)
        for move, cells in moves.items()
    ]


register = [
    page(
        "mentoring:mentors",
        GET=f"200 {_READS_REGISTER}",
        queries=["?queue=late", "?queue=nonsense"],
    ),
    page("mentoring:add_mentor", GET="200 cora cleo sam", POST="200 cora cleo sam"),
    of(
        MENTORS,
        "mentoring:mentor",
        GET={"*": "200 *"},
        barred="alex bea sid ada oz ivy ana bo ed adam",
        whole=True,
    ),
    of(MENTORS, "mentoring:edit_mentor", GET=_OWN, POST=_OWN),
    of(MENTORS, "mentoring:level", GET=_MENTORING, POST=_MENTORING),
    of(MENTORS, "mentoring:add_check", GET=_KEEPS, POST=_KEEPS),
    of(
        notes("mentor", {"n_m_max": f"{_CO} sol sky dev"}),
        "mentoring:mentor_correct_note",
        GET={"*": "200 *"},
    ),
    of(
        MENTORS,
        "mentoring:mentor_write_note",
        GET={"m_max": f"200 {_CO} sol sky dev", "m_mia": f"200 {_CO} sol sky", "m_sams": "200 sam"},
    ),
    of(
        _with_officer(MENTORS),
        "mentoring:mentor_viewers",
        GET={"m_max m_mia": f"200 {_CO} ivy", "m_sams": "200 sam"},
    ),
    of(MENTORS, "mentoring:mentor_letters", GET=_KEEPS),
    *_moves(
        MENTORS,
        "mentoring:mentor_move",
        {
            "supervise": {"m_max": f"200 {_CO} dev", "m_mia": f"200 {_CO}"},
            "go-on-leave": {"m_max": f"200 {_CO} max", "m_mia": f"200 {_CO} mia"},
            "suspend": {"m_max": f"200 {_CO} sol sky dev", "m_mia": f"200 {_CO} sol sky"},
            "apply": {"m_sams": "200 sam", "m_max": f"409 {_CO}"},
            "no-such-move": {"m_max": "404 *"},
        },
    ),
]

MATCHES = Family(
    "match",
    {
        "x_proposed": _CO,  # nobody has been asked yet
        "x_asked": f"{_CO} max dev",
        "x_active": f"{_CO} max dev",
        "x_closed": _CO,  # "assigned cases while assigned"
        "x_mias": f"{_CO} mia",
    },
    kwargs=lambda stage, thing: {"reference": stage.references[thing]},
    missing={"reference": "CCC-CCC"},
)
_NO_MATCHES = "alex bea sid sol sky ada oz ivy ana bo ed adam"
_LOGS = {"x_active": f"200 {_CO} max", "x_mias": f"200 {_CO} mia", "x_asked": f"409 {_CO} max"}
# Nobody here has said yes and not met yet: those who may get a 409. The way in: tests/mentoring.
_BEFORE_THEY_MEET = {
    "x_active x_asked": f"409 {_CO} max",
    "x_mias": f"409 {_CO} mia",
    "x_proposed x_closed": f"409 {_CO}",
}
SESSIONS = Family(
    "session",
    {"s_active": f"{_CO} max dev", "s_swapped": ""},  # the address of another match
    kwargs=lambda stage, thing: stage.keys[thing],
    missing={"reference": "CCC-CCC", "pk": NOT_THERE},
)
APART = Family(
    "keep apart",
    # Their address is that of the referral: `active`, and in the last another one.
    dict.fromkeys(("k_open", "k_restricted"), REFERRALS.sees["active"])
    | {"k_swapped": REFERRALS.sees["accepted"]},
    kwargs=lambda stage, thing: stage.keys[thing],
    missing={"reference": "CCC-CCC", "pk": NOT_THERE},
)
# "allocate: coordinators, not of their own referral" (§15); leads look at what is restricted.
_PROPOSES = {
    "accepted": f"200 {_CO}",
    "active": f"200 {_CO} sol sky",
    "coras_accepted": "200 cleo",
    "sids": "200 sam",
}
matches = [
    page(
        "mentoring:matches",
        GET="200 cora cleo sam dev max mia pru",
        queries=["?queue=late", "?queue=nonsense"],
    ),
    of(MATCHES, "mentoring:match", GET={"*": "200 *"}, barred=_NO_MATCHES, whole=True),
    of(
        MATCHES,
        "mentoring:match",
        GET={"x_active": "200 *"},
        queries=["?tab=sessions", "?tab=timeline"],
        barred=_NO_MATCHES,
    ),
    of(MATCHES, "mentoring:contact", GET=_BEFORE_THEY_MEET, POST=_BEFORE_THEY_MEET),
    of(MATCHES, "mentoring:log_session", GET=_LOGS, POST=_LOGS),
    of(MATCHES, "mentoring:plan_session", GET=_LOGS, POST=_LOGS),
    of(SESSIONS, "mentoring:correct_session", GET={"*": f"200 {_CO} max"}, whole=True),
    of(
        notes("match", {"n_x_active": f"{_CO} max dev"}),
        "mentoring:match_correct_note",
        GET={"*": "200 *"},
    ),
    of(
        MATCHES,
        "mentoring:match_write_note",
        GET={"x_active x_asked": "200 *", "x_mias": "200 *", "x_closed": ""},
    ),
    of(MATCHES, "mentoring:match_letters", GET={"x_active x_closed": f"200 {_CO}"}),
    of(
        _with_officer(MATCHES),
        "mentoring:match_viewers",
        GET={"x_active x_closed": f"200 {_CO} ivy"},
    ),
    *_moves(
        MATCHES,
        "mentoring:match_move",
        {
            "approve": {"x_proposed": f"200 {_CO}", "x_active": f"409 {_CO}"},
            "accept": {"x_asked": "200 max", "x_active": "409 max"},
            "agree": {"x_asked": f"200 {_CO}"},
            "decline": {"x_asked": f"200 {_CO} max"},
            "pause": {"x_active": f"200 {_CO} max", "x_mias": f"200 {_CO} mia"},
            "no-such-move": {"x_active": "404 *"},
        },
    ),
    of(REFERRALS, "mentoring:proposal", GET=_PROPOSES),
    of(REFERRALS, "mentoring:propose", POST={"accepted": "404 cora cleo", "sids": "404 sam"}),
    of(REFERRALS, "mentoring:agreed", POST={"accepted": f"in {_CO}", "sids": "in sam"}),
    of(REFERRALS, "mentoring:keep_apart", GET=_PROPOSES, POST=_PROPOSES, whole=True),
    of(
        APART,
        "mentoring:end_keep_apart",
        # Who must not meet whom is for coordinators and leads; what is restricted for leads alone (§15).
        POST={
            "k_open": f"302 {_CO} sol sky",
            "k_restricted": f"302 sol sky | 404 {_CO}",
            "k_swapped": f"404 {_CO}",
        },
        whole=True,
    ),
]

STAFF = "cora cleo sam dev max mia ada pru"
_TEAM = f"{_CO} max dev ada"
PLACEMENTS = Family(
    "placement",
    {"q_applied": _TEAM, "q_started": _TEAM},
    kwargs=lambda stage, thing: {"reference": stage.references[thing]},
    missing={"reference": "CCC-CCC"},
)
CHECKS = Family(
    "check",
    {"w_started": _TEAM},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NOT_THERE},
)
OPPORTUNITIES = Family(
    "opportunity",
    {"o_city": f"{_CO} pru max mia dev ada"},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NOT_THERE},
)
_PLACES = {"*": f"200 {_CO} ada"}
_RECORDS = {"placed_applied": f"200 {_CO} max ada", "active": f"200 {_CO} max", "sids": "200 sam"}
places = [
    page("pathways:overview", GET=f"200 {STAFF}", queries=["?queue=nonsense"]),
    page("pathways:placements", GET=f"200 {STAFF}", queries=["?queue=late"]),
    page("pathways:opportunities", GET=f"200 {STAFF}", queries=["?kind=job", "?area=E06000018"]),
    page("pathways:checks", GET=f"200 {STAFF}", queries=["?queue=late"]),
    page("pathways:apply", GET=f"200 {STAFF}", POST=f"200 {STAFF}"),
    page("pathways:add_opportunity", GET="200 ada", POST="200 ada"),
    of(OPPORTUNITIES, "pathways:opportunity", GET={"*": "200 *"}, whole=True),
    of(OPPORTUNITIES, "pathways:edit_opportunity", GET={"*": "200 ada"}, POST={"*": "200 ada"}),
    of(REFERRALS, "pathways:status", GET=_RECORDS, POST=_RECORDS),
    of(
        REFERRALS,
        "pathways:ask_adviser",
        GET={"placed_applied active": f"200 {_CO}", "sids": "200 sam"},
        POST={"placed_applied active": f"200 {_CO}", "sids": "200 sam"},
    ),
    of(
        REFERRALS,
        "pathways:contact",
        GET={"placed_applied": f"200 {_CO} max ada", "sids": "200 sam"},
        POST={"placed_applied": f"200 {_CO} max ada", "sids": "200 sam"},
    ),
    of(PLACEMENTS, "pathways:placement", GET={"*": "200 *"}, whole=True),
    of(PLACEMENTS, "pathways:placement_write_note", GET={"*": "200 *"}),
    of(
        notes("placement", {"n_q_applied": _TEAM}),
        "pathways:placement_correct_note",
        GET={"*": "200 *"},
    ),
    of(PLACEMENTS, "pathways:placement_letters", GET={"*": f"200 {_CO}"}),
    of(_with_officer(PLACEMENTS), "pathways:placement_viewers", GET={"*": f"200 {_CO} ivy"}),
    of(CHECKS, "pathways:check", GET=_PLACES, POST=_PLACES, whole=True),
    *_moves(
        PLACEMENTS,
        "pathways:placement_move",
        {
            "offer": {"q_applied": f"200 {_CO} ada", "q_started": f"409 {_CO} ada"},
            "withdraw": {"q_applied": f"200 {_CO} ada"},
            "leave": {"q_started": f"200 {_CO} ada"},
            "finish": {"q_started": "404 *"},
        },
    ),
]

SUPPORT_ROWS: list[Row] = [*register, *matches, *places]
