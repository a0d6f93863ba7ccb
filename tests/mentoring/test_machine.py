"""Mentors and matches walked at random under a moving clock. After every step: nobody is lost, no
young person has two matches, no mentor more than their places, every match in step with its
referral, and somebody from elsewhere sees nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from casework import chain, checks, escalation
from casework.calendar import at, now, today
from casework.models import Event
from casework.workflow import Conflict, move, transitions_of
from mentoring import demo, services, tasks
from mentoring.models import Match, Mentor, Session
from mentoring.models.sight import LIVE
from mentoring.services.matching import is_with_mentor
from referrals.models import Assignment, Referral
from tests.mentoring.conftest import Register
from tests.personas import REPORT
from tests.thorough import examples
from tests.world import World

REFUSED = (PermissionDenied, Conflict, ValidationError)
WORDS = {"why": "Words."}


def sees_referral(match):
    seen = Referral.objects.visible_to(match.mentor.user)
    return seen.filter(pk=match.referral_id).exists()


def details(name):
    """What a form would give with a move; moves that are not here ask nothing."""
    soon = today() + timedelta(days=9)
    return {
        "forbid": WORDS,
        "decline": {**WORDS, "reason": "mentor_no"},
        "introduce": {"met_on": today()},
        "withdraw": WORDS,
        "activate": {"agreed_on": today()},
        "pause": {**WORDS, "review_on": soon},
        "pause_longer": {**WORDS, "review_on": soon + timedelta(days=7)},
        "start_closing": {**WORDS, "reason": "goals_met"},
        "go_on": WORDS,
        "close": {"reason": "goals_met", "last_met_on": today(), "what_next": "rematch"},
        "end_now": {**WORDS, "reason": "person_moved"},
        "supervise": {"held_on": today(), "minutes": 45, "words": "Words."},
        "go_on_leave": {"back_on": soon},
        "lapse": WORDS,
        "suspend": {**WORDS, "reason": "conduct"},
        "reinstate": WORDS,
        "leave": {**WORDS, "reason": "time"},
        "turn_away": {**WORDS, "reason": "other"},
    }.get(name, {})


# Moves of the referral itself, by those who may make them, while matches hang on it.
ON_THE_REFERRAL = {
    "take_on": {},
    "turn_down": WORDS,
    "pause": {**WORDS, "review_on": None},
    "pause_longer": {**WORDS, "review_on": None},
    "allocate": {},
    "write_report": REPORT,
    "return_report": WORDS,
    "approve_end": {},
    "resume": {},
    "back_to_waiting": WORDS,
    "offer_place": {"still_right": True},
    "start_closing": {**WORDS, "ending": "moved_area"},
    "send_back": WORDS,
    "seek_again": WORDS,
    "close_early": {**WORDS, "ending": "moved_area"},
    "reopen": WORDS,
}
MEETING = ("introduced", "active", "paused", "closing")
ACTORS = st.sampled_from(["cora", "cora", "max", "max", "cleo", "mia", "dev", "sol", "sam"])
LIKELY = ["approve", "accept", "agree", "introduce", "activate", "pause", "resume", "start_closing"]


class Mentoring(RuleBasedStateMachine):
    matches = Bundle("matches")

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.world = World()
        self.people = {}
        self.moment = now()
        self.clock = at(self.moment)
        self.clock.__enter__()
        self.register = Register(self.world)
        self.referrals = list(Referral.objects.filter(status="accepted"))

    def teardown(self):
        """At the end of a walk every chain of Events holds."""
        if hasattr(self, "savepoint"):
            faults = [fault for fault in chain.verify() if fault.kind != "seal"]
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            assert faults == []

    def person(self, who):
        if who not in self.people:
            self.people[who] = getattr(self.world, who)
        return self.people[who]

    @rule(target=matches, state=st.sampled_from(["proposed", "approved", "active"]))
    def take_one_of_the_world(self, state):
        """A match that the world has brought to this state (it may have moved on since)."""
        first = Match.objects.filter(status=state, mentor__user=self.person("max")).first()
        return (first or Match.objects.first()).pk

    @rule(
        target=matches, pick=st.randoms(use_true_random=False), who=st.sampled_from(["max", "mia"])
    )
    def propose(self, pick, who):
        referral = pick.choice(self.referrals)
        mentor = Mentor.objects.filter(user=self.person(who)).first()
        try:
            with transaction.atomic():
                match = demo.propose(referral, mentor, by=self.person("cora"))
        except REFUSED:
            return Match.objects.first().pk
        return match.pk

    @rule(pk=matches, name=st.sampled_from(LIKELY), who=ACTORS)
    def try_a_likely_move(self, pk, name, who):
        self._move(Match.objects.get(pk=pk), name, who)

    @rule(pk=matches, pick=st.randoms(use_true_random=False), who=ACTORS)
    def try_any_move(self, pk, pick, who):
        self._move(Match.objects.get(pk=pk), pick.choice(sorted(transitions_of(Match))), who)

    @rule(pick=st.randoms(use_true_random=False), who=ACTORS)
    def try_any_move_of_a_mentor(self, pick, who):
        mentor = pick.choice(list(Mentor.objects.order_by("name")))
        self._move(mentor, pick.choice(sorted(transitions_of(Mentor))), who)

    def _move(self, row, name, who):
        before = row.version
        try:
            with transaction.atomic():
                moved = move(row, name, by=self.person(who), **details(name))
        except REFUSED:
            assert type(row).objects.get(pk=row.pk).version == before
        else:
            assert Event.objects.of(moved).count() == moved.version > before

    @rule(pk=matches, name=st.sampled_from(sorted(ON_THE_REFERRAL)), who=ACTORS)
    def try_a_move_of_the_referral(self, pk, name, who):
        referral = Match.objects.get(pk=pk).referral
        detail = dict(ON_THE_REFERRAL[name])
        if "review_on" in detail:
            detail["review_on"] = today() + timedelta(days=7 if name == "pause" else 14)
        if name == "allocate":
            detail = {"worker": self.person("ada"), "role": Assignment.Role.ADVISER}
        try:
            with transaction.atomic():
                move(referral, name, by=self.person(who), **detail)
        except REFUSED:
            pass

    @rule(pk=matches, attended=st.sampled_from(["yes", "missed", "excused"]))
    def log(self, pk, attended):
        try:
            with transaction.atomic():
                demo.session(
                    Match.objects.get(pk=pk), by=self.person("max"), attended=attended, at=now()
                )
        except REFUSED:
            pass

    @rule(pk=matches, is_reached=st.booleans())
    def keep_contact(self, pk, is_reached):
        try:
            with transaction.atomic():
                demo.reach(Match.objects.get(pk=pk), by=self.person("max"), is_reached=is_reached)
        except REFUSED:
            pass

    @rule(pk=matches, days=st.sampled_from([1, 8, 40]))
    def plan(self, pk, days):
        try:
            with transaction.atomic():
                match, ahead = Match.objects.get(pk=pk), now() + timedelta(days=days)
                services.plan_session(match=match, begins_at=ahead, by=self.person("max"))
        except REFUSED:
            pass

    @rule(hours=st.sampled_from([3, 30, 24 * 8, 24 * 40]))
    def time_passes(self, hours):
        """The clock moves on; the schedule sweeps and looks at the checks, as it does in life."""
        self.clock.__exit__(None, None, None)
        self.moment += timedelta(hours=hours)
        self.clock = at(self.moment)
        self.clock.__enter__()
        self.people = {}
        tasks.watch_checks()
        assert escalation.sweep()["failed"] == 0

    @rule()
    def a_check_runs_out(self):
        checks_ = self.register.max.credentials.filter(kind="safeguarding")
        checks_.update(
            issued_on=today() - timedelta(days=400), expires_on=today() - timedelta(days=1)
        )
        services.suspend_lapsed()

    @rule()
    def a_check_is_renewed(self):
        mentor = Mentor.objects.filter(user=self.person("max")).unfinished().first()
        if mentor is not None:
            services.keep_check(
                mentor=mentor, by=self.person("cora"), kind="safeguarding", issued_on=today()
            )

    @invariant()
    def nobody_is_lost(self):
        if hasattr(self, "savepoint"):
            assert checks.nobody_lost() == []

    @invariant()
    def no_place_is_given_twice(self):
        if hasattr(self, "savepoint"):
            live = Match.objects.live()
            assert live.count() == live.values("referral").distinct().count()
            taken = Count("matches", filter=Q(matches__status__in=LIVE))
            assert not Mentor.objects.annotate(n=taken).filter(n__gt=F("capacity")).exists()

    @invariant()
    def match_and_referral_are_in_step(self):
        if hasattr(self, "savepoint"):
            live = Match.objects.live().select_related("referral", "mentor")
            wrong = [
                (match.status, match.referral.status)
                for match in live
                if match.referral.status not in ("allocated", "active", "paused", "closing")
                or not is_with_mentor(match)
                or sees_referral(match) != bool(match.mentor_agreed_at)
            ]
            assert wrong == []

    @invariant()
    def nobody_waits_for_a_session_of_a_match_that_is_over(self):
        if hasattr(self, "savepoint"):
            assert not Session.objects.ahead().exclude(match__status__in=MEETING).exists()

    @invariant()
    def nobody_from_elsewhere_sees_anything(self):
        if hasattr(self, "savepoint"):
            for who in ("sam", "sid"):
                person = self.person(who)
                for model in (Match, Mentor, Session):
                    assert not model.objects.visible_to(person).exists()


@pytest.mark.slow  # many random walks; this is the test of the one promise
def test_nobody_is_lost_on_any_way(world):
    run_state_machine_as_test(
        Mentoring,
        settings=settings(
            max_examples=examples(plain=2, thorough=15),
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("state", ["proposed", "active"])
def test_the_check_finds_a_lost_match(world, register, state):
    """The control: a match and a mentor without a next step, planted past the engine, are found."""
    match = register.match(state)
    assert checks.nobody_lost() == []

    Match.objects.filter(pk=match.pk).update(due_at=None)
    Mentor.objects.filter(pk=register.mia.pk).update(owner=world.sam)

    assert {(lost.kind, lost.reference) for lost in checks.nobody_lost()} == {
        ("match", match.reference), ("mentor", register.mia.reference)
    }  # fmt: skip
