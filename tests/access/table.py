"""The access table: every URL × everybody × their own and other people's things (DESIGN §4, CONVENTIONS 18, 22, 33).

It is written from the reference documents (casework §5–§9, §12, §15, security §1, §2), never from the code, and
it imports no policy and no `visible_to`: it is the oracle that those are measured against.

How to add a URL. The walk over the resolver fails until its name has a row here.
  A page about nothing in particular:  page("work", GET="200 *")
  A page about a thing of a family:    of(REFERRALS, "referrals:summary", GET={"*": "200 *", "draft": ""})
A cell reads "status people | status people"; `*` is everybody signed in, and in a family everybody who sees the
thing. People who are left out get 403; those who do not see the thing get 404, with the same page as for one
that is not there. Strangers always get the door, unless `public=True` and the name is in accounts.public.PUBLIC.
A method without a cell is not asked here; test_methods tries the others.

A plain run asks a sample of it, the same each time (`sample.asks`); a thorough one all of it, some 17,000
questions. How to add a kind of thing: build examples in stage.py, then say who sees each (a `Family`).
This file holds casework; people and organisations are in table_people.py, public pages and the editor in
table_public.py, mentors, matches and places in table_support.py; everything.py puts them together.
"""

from tests.access.grammar import Family, Row, of, page

CASE_PEOPLE = "alex bea sid cora cleo sam sol sky dev max mia ada pru"  # roles that may hold a case
REFERRERS = "alex bea sid cora cleo sam"  # who may begin a referral
CITY = "alex cora cleo"  # the author, and the coordinators of its area

# What the page of a referral has besides its first view.
TABS = [
    "triage",
    "summary",
    "timeline",
    "needs",
    "agreement",
    "support",
    "education",
    "help",
    "notes",
    "mentor",
    "nonsense",
]

# Who sees which referral (casework §5, §6, §12, §15; security §1). alex wrote them unless the name says otherwise.
REFERRALS = Family(
    "referral",
    {
        # Drafts: "visible to its author only", and to a safeguarding lead once a concern hangs on it.
        "draft": "alex",
        "stopped": "alex sol sky",
        "beas_draft": "bea",
        "team_draft": "alex",
        # Sent: the author and the coordinators. Northside keeps its referrals to their authors …
        "submitted": CITY,
        "triage": CITY,
        "info_needed": CITY,
        "waiting": CITY,
        "accepted": CITY,
        "closed": CITY,
        "declined": CITY,
        "redirected": CITY,
        "withdrawn": CITY,
        # … and at Westside colleagues see each other's.
        "team": f"{CITY} bea",
        # Held, or with a concern: the leads as well.
        "held": f"{CITY} sol sky",
        # A mentor who is only asked does not see it …
        "allocated": CITY,
        # … but from their yes on, and whoever supervises them; dev supervises max, not mia.
        "active": f"{CITY} max dev sol sky",
        "paused": f"{CITY} max dev",
        "closing": f"{CITY} max dev",
        "reported": f"{CITY} max dev",
        "moved": f"{CITY} mia",  # max had it before
        "adviser": f"{CITY} ada",
        # The programme manager once it has come up to them.
        "escalated": f"{CITY} pru",
        # With mentor by a match; with an adviser and a placement beside.
        "matched": f"{CITY} max dev",
        "placed_applied": f"{CITY} max dev ada",
        "placed_started": f"{CITY} max dev ada",
        # A coordinator's own referrals (the first with a concern), and one of elsewhere.
        "coras": "cora cleo sol sky",
        "coras_accepted": "cora cleo",
        "coras_closing": "cora cleo max dev",
        "sids": "sid sam",
    },
    kwargs=lambda stage, thing: {"reference": stage.references[thing]},
    missing={"reference": "CCC-CCC"},
)
# Who sees which concern: leads of the area; the raiser, that it was received (§5).
CONCERNS = Family(
    "concern",
    {
        "c_raised": "max sol sky",  # about `active`
        "c_stopped": "alex sol sky",  # danger in a draft
        "c_held": "alex sol sky",  # danger; sol has it and passed it on
        "c_closed": "alex sol sky",
        "c_coras": "cora sol sky",
        "c_sols": "sol sky",
        "c_escalated": "alex sol sky pru",
        "c_sids": "sid sam",
    },
    kwargs=lambda stage, thing: {"reference": stage.references[thing]},
    missing={"reference": "CCC-CCC"},
)
# Who has looked is for the officer who answers for the data, wherever a case was sent in their areas (§15).
_SENT = {thing: f"{who} ivy" for thing, who in REFERRALS.sees.items() if "cleo" in who.split()}
LOOKS = Family("referral", {**REFERRALS.sees, **_SENT}, REFERRALS.kwargs, REFERRALS.missing)
CONCERN_LOOKS = Family(
    "concern",
    {thing: f"{who} ivy" if "sol" in who else who for thing, who in CONCERNS.sees.items()},
    CONCERNS.kwargs,
    CONCERNS.missing,
)

# A note is there for those who read its band (§9); whoever reads more than the referrer may correct it.
_NOTES = {
    "n_active_shared": REFERRALS.sees["active"],
    "n_active_team": "cora cleo max dev sol sky",
    "n_active_sensitive": "cora cleo sol sky",
    "n_active_management": "cora cleo dev",
    "n_active_safeguarding": "sol sky",
    "n_swapped": "",  # the address of another referral
}


def notes(kind: str, sees: dict[str, str]) -> Family:
    return Family(
        f"note on a {kind}",
        sees,
        kwargs=lambda stage, thing: stage.keys[thing],
        missing={"reference": "CCC-CCC", "pk": "00000000-0000-4000-8000-000000000000"},
    )


# Two referrals that may be about one young person: both have to be in sight.
PAIRS = Family(
    "pair",
    {"y_same": CITY, "y_elsewhere": "", "y_draft": ""},
    kwargs=lambda stage, thing: stage.keys[thing],
    missing={"reference": "CCC-CCC", "other": "DDD-DDD"},
)
FORM = "draft stopped beas_draft submitted active team coras sids"
MANY = "submitted held active closing moved adviser escalated team closed coras sids"
FINAL = "closed declined redirected withdrawn"

site = [
    page("work", GET="200 *"),
    page("health", GET="200 *", public=True),
    page("style", GET="200 *", public=True),  # not in live mode
]

_QUEUES = [
    "late", "due", "new", "waiting-on-others", "drafts", "unread", "deciding", "asked", "held", "waiting",
    "to-allocate", "under-way", "ending", "to-approve", "escalated", "stopped", "passed-on", "handled",
    "raised-by-me",
]  # fmt: skip
_LISTS = [f"?queue={code}" for code in _QUEUES] + [
    "?queue=nonsense",
    "?after=nonsense",
    "?ordering=risk_tier",
]
lists = [
    page("referrals:list", GET=f"200 {CASE_PEOPLE}", queries=_LISTS),
    page("referrals:concerns", GET=f"200 {CASE_PEOPLE}", queries=_LISTS),
    page("referrals:new", GET=f"200 {REFERRERS}", POST=f"200 {REFERRERS}"),
    page("referrals:search", GET=f"200 {CASE_PEOPLE}", POST=f"200 {CASE_PEOPLE}"),
]

forms = [
    of(
        REFERRALS,
        "referrals:section",
        extra={"code": "level"},
        GET={FORM: "409 alex", "draft stopped": "200 alex", "beas_draft": "200 bea", "sids": "409 sid",
             "coras": "409 cora"},
        POST={FORM: "409 alex", "draft stopped": "200 alex", "beas_draft": "200 bea", "sids": "409 sid",
              "coras": "409 cora"},
    ),
    of(
        REFERRALS,
        "referrals:section",
        extra={"code": "no-such-part"},
        GET={"draft stopped": "404 alex"},
    ),
    of(
        REFERRALS,
        "referrals:stopped",
        GET={FORM: "409 alex", "draft": "302 alex", "stopped": "200 alex", "beas_draft": "302 bea",
             "sids": "409 sid", "coras": "409 cora"},
    ),
    of(
        REFERRALS,
        "referrals:check",
        GET={FORM: "409 alex", "draft": "200 alex", "stopped": "302 alex", "beas_draft": "302 bea",
             "sids": "409 sid", "coras": "409 cora"},
    ),
    of(
        REFERRALS,
        "referrals:send",
        POST={FORM: "302 alex", "beas_draft": "302 bea", "sids": "302 sid", "coras": "302 cora"},
    ),
    of(
        REFERRALS,
        "referrals:sent",
        GET={FORM: "200 alex", "draft stopped": "404 alex", "beas_draft": "404 bea", "sids": "200 sid",
             "coras": "200 cora"},
    ),
    of(
        REFERRALS,
        "referrals:delete",
        GET={FORM: "409 alex", "draft stopped": "200 alex", "beas_draft": "200 bea", "sids": "409 sid",
             "coras": "409 cora"},
        POST={FORM: "409 alex", "draft": "302 alex", "stopped": "200 alex", "beas_draft": "302 bea",
              "sids": "409 sid", "coras": "409 cora"},
    ),
]  # fmt: skip

# Whose act each move is (§7), on a case in the state that it leads out of; the others who see the case: 403.
_CO = "200 cora cleo"
MOVES = {
    "stop": ("draft", None),  # `stop` and `send` have pages of their own: no page under this name
    "send": ("draft", None),
    "hold": ("coras", "200 sol sky"),
    "let-go": ("stopped", "200 sol sky"),
    "start-triage": ("submitted", _CO),
    "accept": ("triage", _CO),
    "ask": ("triage", _CO),
    "wait": ("triage", _CO),
    "decline": ("triage", _CO),
    "redirect": ("triage", _CO),
    "answer": ("info_needed", "200 alex"),
    "stop-asking": ("info_needed", _CO),
    "release": ("held", "200 sol sky"),
    "offer-place": ("waiting", _CO),
    "back-to-waiting": ("accepted", _CO),
    "allocate": ("accepted", _CO),
    "take-on": ("allocated", ""),  # a mentor's yes and no are said to the match
    "turn-down": ("allocated", _CO),
    "pause": ("active", "200 max cora cleo"),
    "pause-longer": ("paused", "200 max cora cleo"),
    "resume": ("paused", "200 max cora cleo"),
    "start-closing": ("active", "200 max cora cleo"),
    "write-report": ("closing", "200 max cora cleo"),
    "approve-end": ("reported", _CO),
    "return-report": ("reported", _CO),
    "send-back": ("closing", _CO),
    "close-early": ("accepted", _CO),
    "withdraw": ("submitted", "200 alex cora cleo"),
    "reopen": ("closed", _CO),
}
# A move that has been made, or that the state does not allow: 409 to those whose act it is, never 500.
_TOO_LATE = {
    "accept": {FINAL: "409 cora cleo", "sids": "409 sam"},
    "withdraw": {"closed": "409 alex cora cleo", "active": "409 alex cora cleo"},
    "start-triage": {"active": "409 cora cleo", "coras": "200 cleo", "sids": "200 sam"},
    "take-on": {"active": "409 max", "moved": "409 mia", "adviser": "409 ada"},
    "hold": {"submitted": "", "active": "409 sol sky"},
    "release": {"coras": "409 sol sky"},
    # "Allocate, close, approve end report: not of their own referral" (§15).
    "allocate": {"coras_accepted": "200 cleo"},
    "approve-end": {"coras_closing": "200 cleo", "closing": "409 cora cleo"},
    "close-early": {"coras_accepted": "200 cleo"},
}


def _moves() -> list[Row]:
    rows = []
    for move, (thing, cell) in MOVES.items():
        cells = {**_TOO_LATE.get(move, {}), thing: "404 *" if cell is None else cell}
        rows.append(of(REFERRALS, "referrals:move", extra={"name": move}, GET=cells, POST=cells))
    nonsense = {"submitted active": "404 *"}
    return [*rows, of(REFERRALS, "referrals:move", extra={"name": "no-such-move"}, GET=nonsense)]


_WRITES = {"sids": "200 sam", "coras": "200 cleo sol sky", "escalated": "200 cora cleo pru"}
cases = [
    of(REFERRALS, "referrals:referral", GET={"*": "200 *"}, whole=True),
    of(
        REFERRALS,
        "referrals:referral",
        GET={"active adviser escalated": "200 *"},
        queries=[f"?tab={code}" for code in TABS],
    ),
    of(
        REFERRALS,
        "referrals:address",
        # A protected address: author, coordinators and leads; each look is a POST that is recorded (§15).
        POST={
            "submitted closed escalated team moved adviser": f"200 {CITY}",
            "draft": "200 alex",
            "stopped held active": f"200 {CITY} sol sky",
            "coras": "200 cora cleo sol sky",
            "sids": "200 sid sam",
        },
        whole=True,
    ),
    of(REFERRALS, "referrals:summary", GET={MANY: "200 *", "draft stopped beas_draft": ""}),
    of(REFERRALS, "referrals:raise_concern", GET={FORM: "200 *"}, POST={FORM: "200 *"}),
    of(
        PAIRS,
        "referrals:compare",
        GET={"*": "200 cora cleo"},
        POST={"*": "200 cora cleo"},
        whole=True,
    ),
    of(
        notes("referral", _NOTES),
        "referrals:correct_note",
        GET={"*": "200 cora cleo max dev sol sky"},
        POST={"*": "200 cora cleo max dev sol sky"},
        whole=True,
    ),
    of(
        REFERRALS,
        "referrals:write_note",
        GET={
            MANY: "200 cora cleo max mia dev sol sky",
            "draft beas_draft": "",
            "stopped": "200 sol sky",
            FINAL: "",
            **_WRITES,
        },
        POST={
            "submitted active held team": "200 cora cleo max dev sol sky",
            "closed": "",
            **_WRITES,
        },
    ),
    of(
        LOOKS,
        "referrals:viewers",
        GET={
            MANY: "200 cora cleo ivy",
            "draft stopped": "",
            "coras": "200 cleo ivy",
            "sids": "200 sam",
        },
    ),
    # "The recipient list and delivery state show on the case" (§13): to those who read the sensitive band.
    of(
        REFERRALS,
        "referrals:letters",
        GET={
            MANY: "200 cora cleo sol sky",
            "draft": "",
            "stopped": "200 sol sky",
            "coras": "200 cleo sol sky",
            "escalated": "200 cora cleo pru",
            "sids": "200 sam",
        },
    ),
    *_moves(),
]

_LEADS = "200 sol sky"
concerns = [
    of(CONCERNS, "referrals:concern", GET={"*": "200 *"}, whole=True),
    of(
        CONCERNS,
        "referrals:add_to_concern",
        GET={
            "c_raised": "200 max",
            "c_stopped c_escalated": "200 alex",
            "c_held c_closed": "409 alex",
            "c_coras": "200 cora",
            "c_sols": "200 sol",
            "c_sids": "200 sid",
        },
        POST={
            "c_raised": "200 max",
            "c_stopped c_escalated": "200 alex",
            "c_held c_closed": "409 alex",
            "c_coras": "200 cora",
            "c_sols": "200 sol",
            "c_sids": "200 sid",
        },
    ),
    of(
        notes("concern", {"n_c_raised": "sol sky"}),
        "referrals:concern_correct_note",
        GET={"*": _LEADS},
        POST={"*": _LEADS},
    ),
    of(
        CONCERNS,
        "referrals:concern_write_note",
        GET={"*": _LEADS, "c_closed": "", "c_sids": "200 sam"},
        POST={"*": _LEADS, "c_closed": "", "c_sids": "200 sam"},
    ),
    of(CONCERNS, "referrals:concern_letters", GET={"*": _LEADS, "c_sids": "200 sam"}),
    # sam leads there and coordinates: both roles together open it.
    of(CONCERN_LOOKS, "referrals:concern_viewers", GET={"*": "200 ivy", "c_sids": "200 sam"}),
    *(
        of(CONCERNS, "referrals:concern_move", extra={"name": name}, GET=cells, POST=cells)
        for name, cells in {
            # "raiser and lead differ"; closing a danger concern needs a second lead (§5).
            "acknowledge": {
                "c_raised c_stopped c_coras c_escalated": _LEADS,
                "c_sols": "200 sky",
                "c_held c_closed": "409 sol sky",
                "c_sids": "200 sam",
            },
            "pass-on": {"c_held": "409 sol sky", "c_sols": "409 sky"},
            "keep": {"c_held": "409 sol sky"},
            "receive-outcome": {"c_held": _LEADS},
            "close": {"c_held": "200 sky", "c_raised": "409 sol sky", "c_sols": "409 sky"},
            "reopen": {"c_closed": _LEADS},
            "no-such-move": {"c_raised": "404 *"},
        }.items()
    ),
]

NO_KEY = "00000000-0000-4000-8000-000000000000"
# Letters that could not be sent: of one's own cases, or all for the administrator (security §5).
LETTERS = Family(
    "letter",
    {"l_submitted": "cora cleo pru adam", "l_c_raised": "pru adam", "l_sids": "sam adam"},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NO_KEY},
    barred="alex bea sid sol sky dev max mia ada oz ivy ana bo ed",
)
clocks = [
    page("casework:clocks", GET="200 pru adam"),
    page("casework:clock", GET="404 pru adam", POST="404 pru adam", extra={"pk": NO_KEY}),
]
letters = [
    page("casework:failures", GET="200 cora cleo sam pru adam"),
    of(LETTERS, "casework:retry", POST={"*": "302 *"}),
]

CASEWORK: list[Row] = [*site, *lists, *forms, *cases, *concerns, *letters, *clocks]
