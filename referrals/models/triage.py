"""A referral until it is decided: casework reference §7 as code. Bodies set fields; the decorators
say the rest."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django_fsm import transition

from accounts.models import User
from casework.calendar import now
from casework.models.notes import Band
from casework.workflow import Move
from referrals import policies

from .columns import ReferralColumns

State = ReferralColumns.State
STALE_AFTER = timedelta(days=183)
CHECK_FIRST = (
    "It was sent over 6 months ago. Check with the referrer or the family that their details are "
    "still right, then tick this."
)

NOBODY_TO_ASK = (
    "Whoever referred them does not refer for {} any more, so nobody there would see this "
    "question. Ring them, then decide without it."
)


def is_stopped(referral: Any) -> bool:
    """A draft in which danger was ticked, and that no lead has let go yet."""
    return bool(referral.is_stopped)


def has_concern(referral: Any) -> bool:
    """What is held is held because of a concern that a lead has to deal with (casework §7)."""
    return bool(referral.concerns.unfinished().exists())


def sent_long_ago(referral: Any) -> bool:
    """Over six months ago: what was written may no longer be so (casework reference §7)."""
    return bool(referral.sent_at and referral.sent_at < now() - STALE_AFTER)


class TriageMoves(ReferralColumns):
    """The moves from a draft to a decision."""

    class Meta:
        abstract = True

    # Moves, in the order in which their buttons stand. ------------------------------------------

    @transition(
        "status",
        source=State.DRAFT,
        target=State.DRAFT,
        permission=policies.stops,
        custom=Move(
            did="answered that somebody is in danger",
            hidden=True,
            band=Band.SENSITIVE,
            codes=["level"],
            writes="referrals.services.open_danger_concern",
        ),
    )
    def stop(self, *, by: Any, level: int | None, is_danger: bool, area: Any) -> None:
        """Danger now, or level 4: nothing is sent until a safeguarding lead has looked."""
        self.level_of_need, self.is_danger = level, is_danger
        self.area = self.area or area
        self.stopped_at, self.released_at = now(), None
        self.owner = self.referred_by

    @transition(
        "status",
        source=State.DRAFT,
        target=State.DRAFT,
        conditions=[is_stopped],
        permission=policies.leads_safeguarding,
        custom=Move(
            label="Let the referrer go on",
            did="let the referral go on",
            form="LetGoForm",
            band=Band.SENSITIVE,
            tells=["referrer"],
            texts={"advice": Band.SHARED},
        ),
    )
    def let_go(self, *, by: User, advice: str) -> None:
        self.released_at = now()
        self.owner = self.referred_by

    @transition(
        "status",
        source=State.DRAFT,
        target=State.SUBMITTED,
        permission=policies.wrote,
        custom=Move(
            label="Send", did="sent the referral", hidden=True, tells=["receipt", "coordinators"]
        ),
    )
    def send(self, *, by: User) -> None:
        self.sent_at = now()
        self.owner = None

    @transition(
        "status",
        source=State.SUBMITTED,
        target=State.TRIAGE,
        permission=policies.triages,
        custom=Move(label="Start triage", did="began to look at it", primary=True),
    )
    def start_triage(self, *, by: User) -> None:
        self.owner = self.coordinator = by

    @transition(
        "status",
        source=State.TRIAGE,
        target=State.ACCEPTED,
        permission=policies.triages,
        custom=Move(
            label="Accept",
            did="accepted the referral",
            form="AcceptForm",
            primary=True,
            tells=["referrer"],
            codes=["prevention", "risk_tier", "complexity"],
            texts={"why": Band.TEAM},
        ),
    )
    def accept(
        self,
        *,
        by: User,
        prevention: str,
        risk_tier: int,
        complexity: str,
        basis: str,
        why: str = "",
    ) -> None:
        self._decide(prevention, risk_tier, complexity, basis)
        self.owner = by

    @transition(
        "status",
        source=State.TRIAGE,
        target=State.INFO_NEEDED,
        permission=policies.triages,
        custom=Move(
            label="Ask the referrer",
            did="asked the referrer a question",
            form="AskForm",
            tells=["referrer"],
            writes="referrals.services.ask",
        ),
    )
    def ask(self, *, by: User, question: str) -> None:
        if not policies.wrote(self, self.referred_by):  # type: ignore[arg-type]
            raise ValidationError({"question": NOBODY_TO_ASK.format(self.organisation)})
        self.owner = self.referred_by

    @transition(
        "status",
        source=State.TRIAGE,
        target=State.WAITING,
        permission=policies.triages,
        custom=Move(
            label="Put on the waiting list",
            did="put it on the waiting list",
            form="AcceptForm",
            tells=["referrer"],
            codes=["prevention", "risk_tier", "complexity"],
            texts={"why": Band.TEAM},
        ),
    )
    def wait(
        self,
        *,
        by: User,
        prevention: str,
        risk_tier: int,
        complexity: str,
        basis: str,
        why: str = "",
    ) -> None:
        self._decide(prevention, risk_tier, complexity, basis)
        self.owner = by

    def _decide(self, prevention: str, risk_tier: int, complexity: str, basis: str) -> None:
        self.prevention, self.risk_tier = prevention, risk_tier
        self.complexity, self.basis = complexity, basis

    @transition(
        "status",
        source=[State.TRIAGE, State.WAITING],
        target=State.REDIRECTED,
        permission=policies.triages,
        custom=Move(
            label="Pass on to another service",
            did="passed it on",
            form="RedirectForm",
            writes="referrals.services.note_unmet_need",
            tells=["referrer"],
            codes=["reason", "signposted_to"],
            texts={"words": Band.SHARED},
        ),
    )
    def redirect(self, *, by: User, reason: str, words: str, signposted_to: list[Any]) -> None:
        self.decline_code, self.signposted_to = reason, signposted_to
        self.owner = None

    @transition(
        "status",
        source=State.TRIAGE,
        target=State.DECLINED,
        permission=policies.triages,
        custom=Move(
            label="Do not accept",
            did="did not accept the referral",
            form="DeclineForm",
            danger=True,
            writes="referrals.services.note_unmet_need",
            tells=["referrer"],
            codes=["reason", "signposted_to"],
            texts={"words": Band.SHARED},
        ),
    )
    def decline(self, *, by: User, reason: str, words: str, signposted_to: list[Any]) -> None:
        self.decline_code, self.signposted_to = reason, signposted_to
        self.owner = None

    @transition(
        "status",
        source=State.INFO_NEEDED,
        target=State.TRIAGE,
        permission=policies.wrote,
        custom=Move(
            label="Answer the question",
            did="answered the question",
            form="AnswerForm",
            primary=True,
            tells=["coordinator"],
            writes="referrals.services.answer",
        ),
    )
    def answer(self, *, by: User, answer: str) -> None:
        self.owner = self.coordinator_now

    @transition(
        "status",
        source=State.INFO_NEEDED,
        target=State.TRIAGE,
        permission=policies.triages,
        custom=Move(
            label="Go on without an answer",
            did="went on without an answer",
            tells=["referrer"],
            writes="referrals.services.stop_asking",
        ),
    )
    def stop_asking(self, *, by: User) -> None:
        self.owner = self.coordinator = by

    @transition(
        "status",
        source=[State.SUBMITTED, State.TRIAGE, State.INFO_NEEDED],
        target=State.HELD,
        conditions=[has_concern],
        permission=policies.holds_back,
        custom=Move(
            label="Hold for safeguarding",
            did="held it for safeguarding",
            band=Band.SENSITIVE,
            tells=["coordinator", "safeguarding_leads"],
            writes="referrals.services.stop_asking",
        ),
    )
    def hold(self, *, by: Any) -> None:
        self.stopped_at, self.released_at = now(), None
        self.days_kept = None  # of a clock that stood still for a question: it runs on now
        self.owner = None

    @transition(
        "status",
        source=State.HELD,
        target=State.TRIAGE,
        permission=policies.leads_safeguarding,
        custom=Move(
            label="Release",
            did="released it",
            form="ReleaseForm",
            band=Band.SENSITIVE,
            primary=True,
            tells=["coordinator"],
            texts={"advice": Band.SAFEGUARDING, "guidance": Band.TEAM},
        ),
    )
    def release(self, *, by: User, advice: str, guidance: str = "") -> None:
        self.released_at = now()
        self.owner = self.coordinator_now

    @transition(
        "status",
        source=State.WAITING,
        target=State.ACCEPTED,
        permission=policies.triages,
        custom=Move(
            label="Offer a place",
            did="offered a place",
            form="OfferForm",
            primary=True,
            tells=["referrer"],
            codes=["still_right"],
        ),
    )
    def offer_place(self, *, by: User, still_right: bool | None = None) -> None:
        """`still_right`: the details were checked again; after six months it must be said."""
        if sent_long_ago(self) and not still_right:
            raise ValidationError({"still_right": CHECK_FIRST})
        self.owner = by

    @transition(
        "status",
        source=State.WAITING,
        target=State.WAITING,
        permission=policies.triages,
        custom=Move(
            label="Keep on the waiting list",
            did="looked at it again and kept it on the waiting list",
            form="KeepWaitingForm",
            tells=["referrer"],
            texts={"words": Band.SHARED},
        ),
    )
    def keep_waiting(self, *, by: User, words: str) -> None:
        """Reviewed: the referrer is told, and the next review is due from now."""
        self.owner = by

    @transition(
        "status",
        source=ReferralColumns.BEFORE_ACCEPTANCE,
        target=State.WITHDRAWN,
        permission=policies.withdraws,
        custom=Move(
            label="Withdraw",
            did="withdrew the referral",
            form="WithdrawForm",
            danger=True,
            tells=["referrer", "coordinator"],
            codes=["ending"],
            texts={"why": Band.SHARED},
        ),
    )
    def withdraw(self, *, by: User, ending: str, why: str) -> None:
        self.ending_code = ending
        self.owner = None
