"""Every role × state × move of a placement, against a table written by hand from the pathways
reference (§8): its adviser and the coordinators of the area move it, the engine ends it."""

from itertools import pairwise

from casework.workflow import transitions_of
from pathways.models import Placement
from tests.personas import PEOPLE

HANDLERS = "ada cora cleo"
# move: (from states, who may make it on a placement of ada's young person in the city)
TABLE = {
    "offer": ("applied", HANDLERS),
    "chase": ("applied", HANDLERS),
    "decline": ("applied", HANDLERS),
    "withdraw": ("applied", HANDLERS),
    "accept": ("offered", HANDLERS),
    "refuse": ("offered", HANDLERS),
    "start": ("accepted", HANDLERS),
    "postpone": ("accepted", HANDLERS),
    "fall_through": ("accepted", HANDLERS),
    "complete": ("started", HANDLERS),
    "leave": ("started onward", HANDLERS),
    "contact": ("left_early", HANDLERS),
    "move_on": ("completed left_early", HANDLERS),
    "finish": ("started onward completed left_early", "SYSTEM"),
}


def test_the_table_names_every_move_and_its_states():
    in_code = {
        name: {transition.source for transition in group}
        for name, group in transitions_of(Placement).items()
    }

    assert in_code == {name: set(states.split()) for name, (states, _) in TABLE.items()}


def test_the_way_of_the_issue_holds():
    """applied → offered → accepted → started → completed or left early."""
    leads = {
        (each.source, each.target) for group in transitions_of(Placement).values() for each in group
    }

    way = ["applied", "offered", "accepted", "started"]
    assert leads >= set(pairwise(way))
    assert leads >= {("started", "completed"), ("started", "left_early")}


def test_every_role_may_make_just_the_moves_of_the_table(cast):
    wrong = []
    states = {state for of, _ in TABLE.values() for state in of.split()}
    cases = {state: cast.placement(state) for state in sorted(states)}
    for name, group in transitions_of(Placement).items():
        for transition in group:
            case = cases[transition.source]
            for who in [*PEOPLE, "SYSTEM"]:
                may = bool(transition.has_perm(case, cast.by(who)))
                if may != (who in TABLE[name][1].split()):
                    wrong.append(f"{case.status} {name}: {who} {'may' if may else 'may not'}")

    assert wrong == []


def test_the_table_would_notice_a_policy_that_lets_everybody_in(cast, monkeypatch):
    """The control: with one policy opened, the same comparison finds who should not be there."""
    case = cast.placement()
    transition = transitions_of(Placement)["offer"][0]
    monkeypatch.setattr(transition, "permission", lambda case, by: True)

    let_in = [who for who in PEOPLE if transition.has_perm(case, cast.by(who))]

    assert set(let_in) - set(TABLE["offer"][1].split())
