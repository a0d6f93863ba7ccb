"""Referrals and concerns walked at random under a moving clock. After every step: nobody is lost,
every chain holds, and somebody from elsewhere sees nothing."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts import services as accounts
from casework import chain, checks, escalation
from casework.calendar import at, now
from casework.models import Event
from casework.workflow import Conflict, move, transitions_of
from referrals.models import Assignment, Concern, Referral
from referrals.services import expire_drafts, raise_concern
from tests.personas import PEOPLE, REPORT
from tests.thorough import examples
from tests.world import World
from waymark.demo import making

START = datetime(2026, 11, 2, 10, 0, tzinfo=ZoneInfo("Europe/London"))
STAYS = {"alex": "bea", "cora": "cleo", "sol": "sky", "max": "mia"}  # who leaves: who stays
REFUSED = (PermissionDenied, Conflict, ValidationError)


def details(name, machine):
    """What a form would give with a move; moves that are not here ask nothing."""
    words = {"why": "Words.", "words": "Words.", "advice": "Words."}
    soon = (now() + timedelta(days=7)).date()
    ask = {
        "stop": {"level": 4, "is_danger": False, "area": machine.world.city},
        "ask": {"question": "Which?"},
        "answer": {"answer": "This."},
        "accept": making.TRIAGED,
        "wait": making.TRIAGED,
        "allocate": {"worker": machine.still("max"), "role": Assignment.Role.MENTOR},
        "pause": {"why": "Exams.", "review_on": soon},
        "pause_longer": {"why": "Ill.", "review_on": soon + timedelta(days=7)},
        "start_closing": {"ending": "completed_plan", "why": "Done."},
        "write_report": REPORT,
        "close_early": {"ending": "moved_area", "why": "Moved."},
        "withdraw": {"ending": "moved_area", "why": "Moved."},
        "decline": {"reason": "age", "words": "Words.", "signposted_to": []},
        "redirect": {"reason": "age", "words": "Words.", "signposted_to": []},
        "pass_on": {"passed_to": "MASH", "passed_reference": "", "words": "Words."},
        "keep": {"review_on": soon, "words": "Words."},
        "chase": {"words": "Words."},
        "receive_outcome": {"review_on": soon, "words": "Words."},
    }
    wants = {
        "let_go": "advice", "release": "advice", "turn_down": "why", "seek_again": "why",
        "back_to_waiting": "why", "return_report": "why", "send_back": "why", "reopen": None,
        "close": "words", "keep_waiting": "words",
    }  # fmt: skip
    if name in ask:
        return ask[name]
    return {wants[name]: words[wants[name]]} if wants.get(name) else {}


class Casework(RuleBasedStateMachine):
    cases = Bundle("cases")

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.moment = START
        self.world = World()
        self.people = {}
        self.left = set()
        self.clock = at(self.moment)
        self.clock.__enter__()

    def teardown(self):
        if hasattr(self, "savepoint"):
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def still(self, who):
        """That person, or whoever stayed."""
        return self.person(STAYS[who] if who in self.left else who)

    def person(self, who):
        if who not in self.people:
            self.people[who] = getattr(self.world, who)
        return self.people[who]

    @rule(target=cases, sends=st.booleans())
    def write(self, sends):
        alex = self.still("alex")
        draft = making.fill(
            making.draft(by=alex, programme=self.world.programme), making.answers(), by=alex
        )
        case = move(draft, "send", by=alex) if sends else draft
        return (Referral, case.pk)

    @rule(target=cases, case=cases, is_danger=st.booleans())
    def worry(self, case, is_danger):
        model, pk = case
        row = Referral.objects.filter(pk=pk).first() if model is Referral else None
        if row is None or row.area is None:
            return multiple()
        concern = raise_concern(
            by=self.still("alex"), area=row.area, referral=row, origin="worry",
            is_danger=is_danger, fact="Words.",
        )  # fmt: skip
        return (Concern, concern.pk)

    @rule(who=st.sampled_from(sorted(STAYS)))
    def somebody_leaves(self, who):
        """Their open work goes to a colleague, or they stay."""
        colleague = self.person(STAYS[who])
        with suppress(ValidationError, accounts.WorkRemains), transaction.atomic():
            for membership in self.person(who).memberships.filter(ended_at=None):
                accounts.end_membership(
                    by=self.person("adam"), membership=membership, hand_over_to=colleague
                )
            self.left.add(who)
        self.people = {}

    @rule(case=cases, pick=st.randoms(use_true_random=False), who=st.sampled_from(PEOPLE))
    def try_any_move(self, case, pick, who):
        """Any move by anybody: it succeeds or is refused in one of the three known ways."""
        self._move(case, pick, who)

    @rule(case=cases, pick=st.randoms(use_true_random=False),
          who=st.sampled_from(["alex", "cora", "cleo", "sol", "sky", "max"]))  # fmt: skip
    def try_a_likely_move(self, case, pick, who):
        self._move(case, pick, who)

    def _move(self, case, pick, who):
        model, pk = case
        row = model.objects.filter(pk=pk).first()
        if row is None:
            return
        name = pick.choice(sorted(transitions_of(model)))
        before = row.version
        try:
            with transaction.atomic():
                moved = move(row, name, by=self.person(who), **details(name, self))
        except REFUSED:
            assert model.objects.get(pk=pk).version == before
        else:
            assert Event.objects.of(moved).count() == moved.version > before

    @rule(hours=st.integers(1, 24 * 12))
    def time_passes(self, hours):
        """The clock moves on, and the schedule sweeps as it does every few minutes in life."""
        self.clock.__exit__(None, None, None)
        self.moment += timedelta(hours=hours)
        self.clock = at(self.moment)
        self.clock.__enter__()
        self.people = {}
        expire_drafts()
        counts = escalation.sweep()
        assert counts["failed"] == 0

    @invariant()
    def nobody_is_lost(self):
        if hasattr(self, "savepoint"):
            assert checks.nobody_lost() == []

    @invariant()
    def nobody_from_elsewhere_sees_anything(self):
        if hasattr(self, "savepoint"):
            for who in ("sam", "sid"):
                assert not Referral.objects.visible_to(self.person(who)).exists()
                assert not Concern.objects.visible_to(self.person(who)).exists()

    @invariant()
    def every_chain_holds(self):
        if hasattr(self, "savepoint"):
            assert [fault for fault in chain.verify() if fault.kind != "seal"] == []


@pytest.mark.slow  # many random walks; this is the test of the one promise
def test_nobody_is_lost_on_any_way(world):
    run_state_machine_as_test(
        Casework,
        settings=settings(
            max_examples=examples(plain=2, thorough=25),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_check_finds_a_lost_case(world):
    """The control: each way to be lost, planted past the engine, is found."""
    planted = {
        "no date": {"due_at": None},
        "no role has to act": {"owner_role": ""},
        "nobody is in the queue": {"owner": None, "owner_role": "board_member_x"},
        "its owner does not work there": {"owner": world.sam, "owner_role": "coordinator"},
        "late, and nobody was told": {"due_at": now() - timedelta(hours=3), "escalation": 0},
    }
    for why, damage in planted.items():
        sent = making.refer(by=world.alex, programme=world.programme)
        assert checks.nobody_lost() == []

        Referral.objects.filter(pk=sent.pk).update(**damage)

        assert why in {lost.why for lost in checks.nobody_lost()}
        Referral.objects.filter(pk=sent.pk).delete()
