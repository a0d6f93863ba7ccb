"""Placements walked at random under a moving clock. After every step: nobody is lost and no check
either, no opportunity is oversold, and somebody from elsewhere sees nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from casework import checks, escalation
from casework.calendar import at, now
from casework.workflow import Conflict, move, transitions_of
from pathways import demo, services
from pathways.models import Opportunity, Placement, SustainmentCheck
from referrals.models import Referral
from tests.pathways.cast import PathwayCast, again
from tests.personas import REPORT
from tests.thorough import examples

REFUSED = (PermissionDenied, Conflict, ValidationError)
ANSWERS = [str(answer) for answer in SustainmentCheck.ANSWERS]
MOVES = sorted(set(transitions_of(Placement)) - {"finish"})
LIKELY = ["ada", "cora", "max", "sam"]


class Placing(RuleBasedStateMachine):
    keys: list = []
    has_changed = False

    @initialize(
        states=st.lists(st.sampled_from(sorted(demo.PATHS)), min_size=2, max_size=2),
        weeks=st.integers(0, 25),
    )
    def begin(self, states, weeks):
        """Two young people somewhere on the way, a third not begun."""
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.moment = now()
        self.clock = at(self.moment)
        self.clock.__enter__()
        from tests.world import World

        self.cast = PathwayCast(World())
        self.offers = [self.cast.opportunity(places=1) for _ in range(2)]
        ada = self.cast.by("ada")
        self.has_changed = True
        self.cases = []  # keys in the order of their making: the same in each replay
        for key, offer, state in zip(self.keys, self.offers, states, strict=False):
            case = demo.apply(Referral.objects.get(pk=key), offer, by=ada)
            self.cases.append(case.pk)
            demo.bring(case, state, by=ada, started_on=demo.weeks_ago(weeks))

    def teardown(self):
        if hasattr(self, "savepoint"):
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def attempt(self, act):
        """It succeeds, or is refused in one of the three known ways and leaves nothing."""
        try:
            with transaction.atomic():
                done = act()
        except REFUSED:
            return None
        self.has_changed = True
        return done

    def rows(self):
        found = {case.pk: case for case in Placement.objects.all()}
        return [found[key] for key in self.cases]

    @rule(which=st.integers(0, 2), offer=st.integers(0, 1), who=st.sampled_from(LIKELY))
    def apply(self, which, offer, who):
        referral, by = Referral.objects.get(pk=self.keys[which]), self.cast.by(who)
        if case := self.attempt(lambda: demo.apply(referral, self.offers[offer], by=by)):
            self.cases.append(case.pk)

    @rule(pick=st.randoms(use_true_random=False), who=st.sampled_from(LIKELY))
    def try_a_move(self, pick, who):
        if cases := self.rows():
            name, case = pick.choice(MOVES), pick.choice(cases)
            self.attempt(lambda: demo.step(case, name, by=self.cast.by(who)))

    @rule(pick=st.randoms(use_true_random=False), who=st.sampled_from(["ada", "cora"]))
    def take_the_next_step(self, pick, who):
        """A move that this person may make now, so that walks come far."""
        from casework.workflow import moves

        if cases := [case for case in self.rows() if not case.is_finished]:
            case, by = pick.choice(cases), self.cast.by(who)
            names = [each.name for each in moves(case, by)]
            self.attempt(lambda: demo.step(case, pick.choice(names), by=by))

    @rule(status=st.sampled_from(ANSWERS), who=st.sampled_from(["ada", "cora", "sam"]))
    def answer(self, status, who):
        for case in self.rows():
            self.attempt(
                lambda case=case: demo.answer_due(
                    case, by=self.cast.by(who), status=status, note="Rang."
                )
            )

    @rule(which=st.integers(0, 2))
    def end_support(self, which):
        referral, cora = Referral.objects.get(pk=self.keys[which]), self.cast.by("cora")
        cleo = self.cast.by("cleo")
        self.attempt(
            lambda: move(referral, "start_closing", by=cora, ending="completed_plan", why="Met.")
        )
        self.attempt(lambda: move(again(referral), "write_report", by=cleo, **REPORT))
        self.attempt(lambda: move(again(referral), "approve_end", by=cora))

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        """The clock moves on; the schedule sweeps, and its nightly tasks run twice."""
        self.clock.__exit__(None, None, None)
        self.moment += timedelta(days=days)
        self.clock = at(self.moment)
        self.clock.__enter__()
        self.cast, self.has_changed = PathwayCast(self.cast.world), True
        demo.night()
        assert services.end_breaks() == {"broken": 0, "ended": 0}
        assert services.flag_lapsed() == 0
        assert escalation.sweep()["failed"] == 0

    @invariant()
    def the_promises_hold(self):
        """Asked again after whatever changed something."""
        if not self.has_changed:
            return
        self.has_changed = False
        assert checks.nobody_lost() == []  # nor any check: it covers them
        for offer in Opportunity.objects.with_places():
            assert offer.held <= offer.places
        unfinished = Placement.objects.unfinished()
        seen = Referral.objects.visible_to(self.cast.by("ada")).values("pk")
        assert not unfinished.exclude(referral__in=seen).exists()
        assert not Placement.objects.visible_to(self.cast.by("sam")).exists()


@pytest.mark.slow  # many random walks; this is the promise for everybody on the way into a place
def test_nobody_on_the_way_into_a_place_is_lost(cast, supported):
    Placing.keys = supported[1]
    run_state_machine_as_test(
        Placing,
        settings=settings(
            max_examples=examples(plain=2, thorough=15),
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
