"""Every role × state × move of matches and mentors, against a table written by hand from the
mentoring reference (§3, §6). A move that is in the code and not here fails, and the other way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from casework.actors import SYSTEM
from casework.calendar import today
from casework.workflow import move, transitions_of
from mentoring import demo
from mentoring.models import Match, Mentor
from tests.mentoring.conftest import MIA
from tests.personas import PEOPLE

COORDINATORS = "cora cleo"
# dev supervises max, who is the mentor of every match here; sol and sky lead on safeguarding.
MATCH = {
    "approve": ("proposed", COORDINATORS),
    "forbid": ("proposed", COORDINATORS),
    "supersede": ("proposed", "SYSTEM"),
    "accept": ("approved", "max"),
    "agree": ("approved", COORDINATORS),
    "settle": ("approved", "SYSTEM"),
    "decline": ("approved accepted introduced", f"max {COORDINATORS}"),
    "expire": ("approved", COORDINATORS),
    "introduce": ("accepted", COORDINATORS),
    "withdraw": ("proposed approved accepted introduced", f"{COORDINATORS} SYSTEM"),
    "activate": ("introduced", COORDINATORS),
    "pause": ("active", f"max {COORDINATORS} SYSTEM"),
    "pause_longer": ("paused", f"max {COORDINATORS} SYSTEM"),
    "resume": ("paused", f"max {COORDINATORS} SYSTEM"),
    "start_closing": ("active paused", f"max {COORDINATORS} SYSTEM"),
    "go_on": ("closing", f"{COORDINATORS} SYSTEM"),
    "close": ("closing", COORDINATORS),
    "end_now": ("active paused closing", f"{COORDINATORS} SYSTEM"),
}
LEADS = "sol sky"
BEFORE = "enquiry applied screening training"
MENTOR = {
    "apply": ("enquiry", COORDINATORS),
    "start_screening": ("applied", COORDINATORS),
    "clear": ("screening", COORDINATORS),
    "complete": ("training", COORDINATORS),
    "supervise": ("available", f"dev {COORDINATORS}"),
    "go_on_leave": ("available", f"max {COORDINATORS}"),
    "come_back": ("on_leave", f"max {COORDINATORS}"),
    "hand_in": ("available suspended", f"max {COORDINATORS}"),
    "renew": ("renewing", COORDINATORS),
    "lapse": ("renewing", COORDINATORS),
    "suspend": ("available on_leave renewing", f"dev {COORDINATORS} {LEADS} SYSTEM"),
    "reinstate": ("suspended", COORDINATORS),
    "turn_away": (BEFORE, COORDINATORS),
    "leave": (f"{BEFORE} available on_leave suspended renewing", COORDINATORS),
}
TABLES = [(Match, MATCH), (Mentor, MENTOR)]


@pytest.mark.parametrize(("model", "table"), TABLES)
def test_the_table_names_every_move_and_its_states(model, table):
    in_code = {
        name: {transition.source for transition in group}
        for name, group in transitions_of(model).items()
    }

    assert in_code == {name: set(states.split()) for name, (states, _) in table.items()}


def brought(model, state, world, register):
    """A match with max, his entry in the register, or that of somebody who asks to join."""
    if model is Match:
        return register.match(state)
    if state in BEFORE.split():
        return joining(state, world, register)
    steps = {
        "available": [],
        "on_leave": [("go_on_leave", {"back_on": today() + timedelta(days=9)})],
        "renewing": [("hand_in", {})],
        "suspended": [("suspend", {"reason": "conduct", "why": "Words."})],
    }
    entry = register.max
    for name, detail in steps[state]:
        entry = move(entry, name, by=world.cora, **detail)
    return entry


def joining(state, world, register):
    new = replace(MIA, name="Nia Invented", until="enquiry")
    entry = demo.enquire(by=world.cora, person=new, organisation=register.charity, area=world.city)
    for name in ("apply", "start_screening", "clear"):
        if entry.status == state:
            break
        if name == "clear":
            demo.keep_checks(entry, by=world.cora)
        entry = move(entry, name, by=world.cora)
    return entry


@pytest.mark.parametrize(("model", "table"), TABLES)
def test_every_role_may_make_just_the_moves_of_the_table(world, register, model, table):
    people = {"SYSTEM": SYSTEM, **{who: getattr(world, who) for who in PEOPLE}}
    wrong = []
    for state in {state for states, _ in table.values() for state in states.split()}:
        with transaction.atomic():
            case = brought(model, state, world, register)
            assert case.status == state
            for name, (states, allowed) in table.items():
                if state not in states.split():
                    continue
                group = transitions_of(model)[name]
                transition = next(each for each in group if each.source == state)
                may = {who for who, person in people.items() if transition.has_perm(case, person)}
                if may != set(allowed.split()):
                    wrong.append((state, name, sorted(may ^ set(allowed.split()))))
            transaction.set_rollback(True)

    assert wrong == []


def test_after_a_concern_only_a_safeguarding_lead_lifts_the_suspension(world, register):
    suspended = move(register.max, "suspend", by=world.sol, reason="concern", why="Words.")
    reinstate = transitions_of(Mentor)["reinstate"][0]

    may = [who for who in PEOPLE if reinstate.has_perm(suspended, getattr(world, who))]

    assert may == ["sol", "sky"]


def test_the_check_would_notice_a_policy_that_lets_everybody_in(world, register, monkeypatch):
    """The control: with one policy opened, the same comparison finds who should not be there."""
    match = register.match("proposed")
    approve = transitions_of(Match)["approve"][0]
    monkeypatch.setattr(approve, "permission", lambda case, by: True)

    let_in = {who for who in PEOPLE if approve.has_perm(match, getattr(world, who))}

    assert let_in - set(MATCH["approve"][1].split())
