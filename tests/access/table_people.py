"""The access table's rows about people, their roles, organisations and doors (DESIGN §4, security §1, §2: 33–37).

oz administers Northside School and its people; adam the system. Nobody else looks after people, and nobody
changes what they are themselves.
"""

from tests.access.grammar import Family, Row, of, page

_OTHERS = "alex bea sid cora cleo sam sol sky dev max mia ada pru ivy ana bo ed"  # not oz, not adam
NOT_THERE = "00000000-0000-4000-8000-000000000000"

PEOPLE = Family(
    "person",
    {
        "p_new": "oz adam",  # invited to Northside, has not joined
        "p_alex": "oz adam",  # at Northside and at Westside
        "p_oz": "oz adam",
        "p_max": "adam",
        "p_adam": "adam",
    },
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NOT_THERE},
    barred=_OTHERS,
)
# oz looks after those who are at Northside alone; nobody after themselves.
_AFTER = {"p_new": "in oz adam", "p_alex p_max": "in adam", "p_oz": "in adam", "p_adam": ""}
_GRANTS = {"p_new p_alex": "200 oz adam", "p_max": "200 adam", "p_oz": "200 adam", "p_adam": ""}
people = [
    page("accounts:people", GET="200 oz adam", POST="302 oz adam"),
    page("accounts:invite", GET="200 oz adam", POST="200 oz adam"),
    page("accounts:invitations", GET="200 oz adam"),
    of(PEOPLE, "accounts:person", GET={"*": "200 *"}, whole=True),
    of(PEOPLE, "accounts:answer_invitation", POST=_AFTER),
    of(PEOPLE, "accounts:deactivate", GET=_AFTER, POST=_AFTER),
    of(PEOPLE, "accounts:reactivate", POST=_AFTER),
    of(PEOPLE, "accounts:reset_second_factor", GET=_AFTER, POST=_AFTER),
    of(PEOPLE, "accounts:add_role", GET=_GRANTS, POST=_GRANTS),
]

# A role of a person: both are in the address, and the one has to be the other's.
ROLES = Family(
    "role",
    {
        "r_new": "oz adam",
        "r_alex": "oz adam",
        "r_alex_westside": "adam",
        "r_oz": "oz adam",
        "r_max": "adam",
        "r_adam": "adam",
        "r_swapped": "",  # bea's address with alex's role
    },
    kwargs=lambda stage, thing: stage.keys[thing],
    missing={"pk": NOT_THERE, "membership_pk": NOT_THERE},
    barred=_OTHERS,
)
_ENDS = {
    "r_new r_alex": "200 oz adam",
    "r_alex_westside r_max r_oz": "200 adam",
    "r_adam": "",
    "r_swapped": "",
}
_COVERS = {**_ENDS, "r_oz": "200 oz adam", "r_adam": "200 adam"}
roles = [
    of(ROLES, "accounts:end_role", GET=_ENDS, POST=_ENDS, whole=True),
    of(ROLES, "accounts:cover", GET=_COVERS, POST=_COVERS),
]

ORGANISATIONS = Family(
    "organisation",
    {"o_school": "adam", "o_unit": "adam"},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NOT_THERE},
    barred=f"{_OTHERS} oz",
)
AGREEMENTS = Family(
    "agreement",
    {"a_school": "adam", "a_swapped": ""},
    kwargs=lambda stage, thing: stage.keys[thing],
    missing={"pk": NOT_THERE, "agreement_pk": NOT_THERE},
    barred=f"{_OTHERS} oz",
)
_ALL = {"*": "200 adam"}
organisations = [
    page("accounts:organisations", GET="200 adam", queries=["?q=school"]),
    page("accounts:add_organisation", GET="200 adam", POST="200 adam"),
    page("accounts:areas", GET="200 adam"),
    of(ORGANISATIONS, "accounts:organisation", GET=_ALL),
    of(ORGANISATIONS, "accounts:change_organisation", GET=_ALL, POST=_ALL),
    of(ORGANISATIONS, "accounts:add_agreement", GET=_ALL, POST=_ALL),
    of(AGREEMENTS, "accounts:change_agreement", GET=_ALL, POST=_ALL),
]

SHIFTS = Family(
    "shift",
    {"d_sol": "sol sky pru adam", "d_sam": "sam adam"},  # who leads, manages or administers there
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NOT_THERE},
    barred="alex bea sid cora cleo dev max mia ada oz ivy ana bo ed",
)
_PLAN = "200 sol sky pru adam sam"
rota = [
    page("accounts:rota", GET=_PLAN),
    page("accounts:plan_duty", GET=_PLAN, POST=_PLAN),
    of(SHIFTS, "accounts:drop_shift", POST={"*": "302 *"}),
]
MINE = Family(
    "own role",
    {"m_alex": "alex", "m_cora": "cora", "m_adam": "adam"},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": NOT_THERE},
)
# Who has no second factor to show: referrers (offered), and whoever holds no role.
_NO_PHONE = "alex bea sid nobody"
account = [
    page("accounts:account", GET="200 * nobody"),
    page("accounts:change_password", GET="200 * nobody", POST="200 * nobody"),
    page("accounts:change_details", GET="200 *", POST="200 *"),
    page("accounts:change_email", GET="200 *", POST="200 *"),
    page("accounts:confirm_email", GET="410 *", POST="410 *", extra={"token": "no-such-token"}),
    page("accounts:confirm", GET="200 * nobody half", POST="200 * nobody half"),
    of(MINE, "accounts:my_cover", GET={"*": "200 *"}, POST={"*": "200 *"}, whole=True),
    page(
        "accounts:verify",
        GET="302 * nobody | 200 half",
        POST="302 * nobody | 200 half",
    ),
    page(
        "accounts:recover",
        GET=f"302 * | 200 {_NO_PHONE} half",
        POST=f"302 * | 200 {_NO_PHONE} half",
    ),
    page(
        "accounts:enrol",
        GET="200 * nobody | 302 half",  # with a phone already, it has to be shown first
        POST="200 * nobody | 302 half",
        opens_doors=True,
    ),
    page("accounts:renew_codes", POST="200 * | 302 alex bea sid", opens_doors=True),
]

_TOKEN = {"token": "no-such-token"}
doors = [
    page("accounts:sign_in", GET="302 * | 200 stranger", POST="302 * | 200 stranger", public=True),
    page("accounts:sign_out", POST="302 *", public=True, opens_doors=True),
    page("accounts:ask_reset", GET="200 *", POST="200 *", public=True),
    page("accounts:reset_asked", GET="200 *", public=True),
    page("accounts:open_reset", GET="302 *", extra={"pk": NOT_THERE, **_TOKEN}, public=True),
    page("accounts:reset_password", GET="410 *", POST="410 *", public=True),
    page("accounts:open_invitation", GET="302 *", extra=_TOKEN, public=True),
    page("accounts:accept_invitation", GET="410 *", POST="410 *", public=True),
]

PEOPLE_ROWS: list[Row] = [*people, *roles, *organisations, *rota, *account, *doors]
