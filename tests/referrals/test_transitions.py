"""Every role × state × move, against a table written by hand from the casework reference (§5, §7,
§15).

The table names who may make each move and out of which states; everything else must be refused. A
move that is in the code and not here fails, and the other way round.
"""

from functools import cache, partial

import pytest

from casework.workflow import transitions_of
from referrals.models import Concern, Referral
from tests.personas import PEOPLE, Cast

# move: (from states, who may make it on a case of the city written by alex)
COORDINATORS = "cora cleo"
LEADS = "sol sky"
REFERRAL = {
    "stop": ("draft", f"alex {LEADS} SYSTEM"),
    "let_go": ("draft", LEADS),
    "send": ("draft", "alex"),
    "start_triage": ("submitted", COORDINATORS),
    "accept": ("triage", COORDINATORS),
    "ask": ("triage", COORDINATORS),
    "wait": ("triage", COORDINATORS),
    "redirect": ("triage waiting", COORDINATORS),
    "decline": ("triage", COORDINATORS),
    "answer": ("info_needed", "alex"),
    "stop_asking": ("info_needed", COORDINATORS),
    "hold": ("submitted triage info_needed", f"{LEADS} SYSTEM"),
    "release": ("held", LEADS),
    "keep_waiting": ("waiting", COORDINATORS),
    "offer_place": ("waiting", COORDINATORS),
    "back_to_waiting": ("accepted", COORDINATORS),
    "allocate": ("accepted allocated active", COORDINATORS),
    "take_on": ("allocated", "max"),
    "turn_down": ("allocated", f"max {COORDINATORS}"),
    "seek_again": ("active paused", f"{COORDINATORS} SYSTEM"),
    "pause": ("active", f"max {COORDINATORS}"),
    "pause_longer": ("paused", f"max {COORDINATORS}"),
    "resume": ("paused", f"max {COORDINATORS}"),
    "start_closing": ("active paused", f"max {COORDINATORS}"),
    "write_report": ("closing", f"max {COORDINATORS}"),
    "approve_end": ("closing", COORDINATORS),
    "return_report": ("closing", COORDINATORS),
    "send_back": ("closing", COORDINATORS),
    "close_early": ("accepted allocated", COORDINATORS),
    "withdraw": ("submitted triage info_needed held waiting", f"alex {COORDINATORS}"),
    "reopen": ("closed", COORDINATORS),
}
# On a concern that alex raised and sol has taken up; danger, so that sol may not close it alone.
CONCERN = {
    "acknowledge": ("raised", LEADS),
    "pass_on": ("acknowledged handled", LEADS),
    "keep": ("acknowledged", LEADS),
    "chase": ("passed_on", LEADS),
    "receive_outcome": ("passed_on", LEADS),
    "close": ("acknowledged passed_on handled", "sky"),
    "reopen": ("closed", LEADS),
}
TABLES = [(Referral, REFERRAL), (Concern, CONCERN)]


@pytest.mark.parametrize(("model", "table"), TABLES)
def test_the_table_names_every_move_and_its_states(model, table):
    in_code = {
        name: {transition.source for transition in group}
        for name, group in transitions_of(model).items()
    }

    assert in_code == {name: set(states.split()) for name, (states, _) in table.items()}


@pytest.mark.parametrize(("model", "table"), TABLES)
def test_every_role_may_make_just_the_moves_of_the_table(world, model, table):
    cast = Cast(world)
    in_state = cache(partial(cast.case, model))  # to ask who may changes nothing
    wrong = []
    for name, group in transitions_of(model).items():
        states, allowed = table[name]
        for state in states.split():
            case = in_state(state)
            transition = next(each for each in group if each.source == state)
            for who in [*PEOPLE, "SYSTEM"]:
                may = transition.has_perm(case, cast.by(who))
                if may != (who in allowed.split()):
                    wrong.append(
                        f"{model.__name__} {state} {name}: {who} {'may' if may else 'may not'}"
                    )

    assert wrong == []


def test_the_check_would_notice_a_policy_that_lets_everybody_in(world, monkeypatch):
    """The control: with one policy opened, the same comparison finds who should not be there."""
    cast = Cast(world)
    case = cast.case(Referral, "triage")
    transition = transitions_of(Referral)["accept"][0]
    monkeypatch.setattr(transition, "permission", lambda case, by: True)

    let_in = [who for who in PEOPLE if transition.has_perm(case, cast.by(who))]

    assert set(let_in) - set(REFERRAL["accept"][1].split())
