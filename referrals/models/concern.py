import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django_fsm import transition

from accounts import roles
from accounts.models import Membership, User, deputy, on_duty
from casework import references
from casework.calendar import now
from casework.clocks import Clock
from casework.models import Case, CaseQuerySet
from casework.models.cases import status_field
from casework.models.notes import Band
from casework.workflow import Move
from referrals import policies

STILL_STOPPED = "Say first on referral {} whether its referrer may go on."


class ConcernQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Safeguarding leads of the area; the raiser, who sees that it was received and nothing
        after, while they belong to where they raised it."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        here = Q(organisation=None) | Q(organisation__in=user.organisation_ids)
        seen = Q(raised_by=user) & here
        if user.holds(roles.SafeguardingLead):
            seen |= Q(area__in=user.area_ids_as(roles.SafeguardingLead))
        if user.holds(roles.ProgrammeManager):
            seen |= Q(escalation__gte=3, area__in=user.area_ids_as(roles.ProgrammeManager))
        return self.filter(seen)

    def with_people(self) -> Self:
        return self.select_related(
            *("referral", "young_person", "owner", "area", "raised_by", "organisation", "lead")
        )


class Concern(Case):
    """A worry that somebody may come to harm. Never withdrawn, never deleted (casework reference
    §5).

    Waymark is not MASH: a concern here tells our own safeguarding lead, and says on screen whom to
    ring.
    """

    KIND = "concern"
    NOT_BY = "raised_by"

    class State(models.TextChoices):
        RAISED = "raised", "Raised, not read yet"
        ACKNOWLEDGED = "acknowledged", "A lead is deciding"
        PASSED_ON = "passed_on", "Passed on"
        HANDLED = "handled", "Handled here"
        CLOSED = "closed", "Closed"

    class Origin(models.TextChoices):
        DANGER = "danger", "Somebody is in danger now"
        LEVEL_FOUR = "level_four", "Level 4 need"
        SELF_HARM = "self_harm", "Risk to themselves"
        WORRY = "worry", "Somebody is worried"

    FINAL = frozenset({State.CLOSED})
    CLOCKS: ClassVar[dict[str, Clock]] = {
        State.RAISED: Clock(roles.SafeguardingLead, 0, remind_before=0),
        "raised_danger": Clock(
            roles.SafeguardingLead, 60, unit="minutes", remind_before=30, escalate_every=30
        ),
        State.ACKNOWLEDGED: Clock(roles.SafeguardingLead, 1),
        State.PASSED_ON: Clock(roles.SafeguardingLead, 3),
        State.HANDLED: Clock(roles.SafeguardingLead, 10, since="given"),
    }

    CLOCK_LABELS: ClassVar = {"raised_danger": "Raised, somebody in danger, not read yet"}
    LADDER = ("holders", "deputy", "managers", "managers")  # no coordinator: they may not know

    status = status_field(State, State.RAISED)
    referral = models.ForeignKey(
        "referrals.Referral",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="concerns",
    )
    young_person = models.ForeignKey(
        "referrals.YoungPerson",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="concerns",
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="For which of their organisations it was raised.",
    )
    origin = models.CharField(max_length=12, choices=Origin)
    is_danger = models.BooleanField("Is somebody in danger now?", default=False)
    fact = models.TextField("What have you seen or been told?", max_length=4000, blank=True)
    opinion = models.TextField("What do you think?", max_length=4000, blank=True)
    place = models.CharField("Where is this happening?", max_length=200, blank=True)
    who_knows = models.CharField("Who else knows?", max_length=300, blank=True)
    called = models.CharField(
        "Have you called somebody?",
        max_length=300,
        blank=True,
        help_text="Who, when, and the reference they gave you.",
    )
    submit_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    passed_to = models.CharField(max_length=200, blank=True)
    passed_reference = models.CharField(max_length=60, blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = "concern"
        ordering = ["-created_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "status", "created_at", "id"], name="concern_queue"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="concern_has_an_area",
                condition=Q(area__isnull=False),
                violation_error_message="A concern belongs to an area, whose lead is told.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "To protect somebody from harm."
        keep = "until they would be 25, or longer where the law says so"
        fields: ClassVar = {
            "referral": "safeguarding safeguarding redact",
            "young_person": "safeguarding safeguarding redact",
            "raised_by": "safeguarding safeguarding redact",
            "organisation": "safeguarding safeguarding redact",
            "origin": "safeguarding safeguarding redact",
            "is_danger": "safeguarding safeguarding redact",
            "fact": "safeguarding safeguarding redact",
            "opinion": "safeguarding safeguarding redact",
            "place": "safeguarding safeguarding redact",
            "who_knows": "safeguarding safeguarding redact",
            "called": "safeguarding safeguarding redact",
            "submit_key": "none",
            "lead": "safeguarding safeguarding redact",
            "passed_to": "safeguarding safeguarding redact",
            "passed_reference": "safeguarding safeguarding redact",
        }

    @property
    def clock_state(self) -> str:
        """Danger that nobody has read yet is counted in minutes, day and night."""
        if self.status == self.State.RAISED and self.is_danger:
            return "raised_danger"
        return self.status

    def home(self) -> str:
        return references.page("referrals:concern", self.reference)

    def bands_for(self, user: User) -> set[str]:
        if policies.leads_safeguarding(self, user):
            return {Band.SHARED, Band.TEAM, Band.SENSITIVE, Band.SAFEGUARDING}
        return set()

    def audience(self, name: str) -> Iterable[User]:
        match name:
            case "raiser":
                return [self.raised_by] if policies.raised(self, self.raised_by) else []
            case "lead_now":
                return [self.lead] if self.lead else self._leads()
            case "lead_on_duty":
                return self._alarmed() if self.is_danger else self._leads()
        return super().audience(name)

    def _alarmed(self) -> list[User]:
        """Danger: the lead on duty; outside the rota, or beside them, the deputy (DESIGN §3)."""
        if self.area_id is None:
            return []
        on_rota = [on_duty(self.area_id, now()), deputy(self.area_id, now())]
        return (
            self._without_raiser(user for user in on_rota if user is not None)
            or self._leads()
            or self._in_role(roles.ProgrammeManager)
        )

    def _leads(self) -> list[User]:
        return self._without_raiser(self._in_role(roles.SafeguardingLead))

    def _without_raiser(self, people: Iterable[User]) -> list[User]:
        """Who raised it may not decide on it: to tell nobody else is to tell nobody."""
        return [user for user in people if user.pk != self.raised_by_id]

    def _in_role(self, role: type[roles.Role]) -> list[User]:
        if self.area_id is None:
            return []
        rows = Membership.objects.in_force().as_role(role).for_area(self.area_id)
        return [row.user for row in rows.select_related("user")]

    @transition(
        status,
        source=State.RAISED,
        target=State.ACKNOWLEDGED,
        permission=policies.leads,
        custom=Move(
            label="I have read this", did="read it and is deciding", primary=True, tells=["raiser"]
        ),
    )
    def acknowledge(self, *, by: User) -> None:
        self.owner = self.lead = by

    @transition(
        status,
        source=[State.ACKNOWLEDGED, State.HANDLED],
        target=State.PASSED_ON,
        permission=policies.leads,
        custom=Move(
            label="Pass on",
            did="passed it on",
            form="PassOnForm",
            primary=True,
            texts={"words": Band.SAFEGUARDING},
        ),
    )
    def pass_on(self, *, by: User, passed_to: str, passed_reference: str, words: str) -> None:
        self.passed_to, self.passed_reference = passed_to, passed_reference
        self.owner = self.lead = by

    @transition(
        status,
        source=State.ACKNOWLEDGED,
        target=State.HANDLED,
        permission=policies.leads,
        custom=Move(
            label="Handle it here",
            did="decided what is done here",
            form="HandleForm",
            due="review_on",
            codes=["review_on"],
            texts={"words": Band.SAFEGUARDING},
        ),
    )
    def keep(self, *, by: User, review_on: Any, words: str) -> None:
        self.owner = self.lead = by

    @transition(
        status,
        source=State.PASSED_ON,
        target=State.PASSED_ON,
        permission=policies.leads,
        custom=Move(
            label="I have asked for the outcome",
            did="asked for the outcome",
            form="ChaseForm",
            texts={"words": Band.SAFEGUARDING},
        ),
    )
    def chase(self, *, by: User, words: str) -> None:
        """The outcome is asked for every three working days until it is there."""
        self.owner = self.lead = by

    @transition(
        status,
        source=State.PASSED_ON,
        target=State.HANDLED,
        permission=policies.leads,
        custom=Move(
            label="Write down the outcome",
            did="wrote down the outcome",
            form="HandleForm",
            primary=True,
            due="review_on",
            codes=["review_on"],
            texts={"words": Band.SAFEGUARDING},
        ),
    )
    def receive_outcome(self, *, by: User, review_on: Any, words: str) -> None:
        self.owner = self.lead = by

    @transition(
        status,
        source=[State.ACKNOWLEDGED, State.PASSED_ON, State.HANDLED],
        target=State.CLOSED,
        permission=policies.closes,
        custom=Move(
            label="Close",
            did="closed it",
            form="CloseConcernForm",
            texts={"words": Band.SAFEGUARDING},
        ),
    )
    def close(self, *, by: User, words: str) -> None:
        """Decision and reason are the words; who closed it stands in the Event.

        Not while it alone keeps a draft stopped: that would wait for nobody.
        """
        draft = self.referral
        if draft and draft.status == draft.State.DRAFT and draft.is_stopped:
            others = draft.concerns.unfinished().exclude(pk=self.pk)
            if not others.exists():
                raise ValidationError(STILL_STOPPED.format(draft.reference))

    @transition(
        status,
        source=State.CLOSED,
        target=State.ACKNOWLEDGED,
        permission=policies.leads,
        custom=Move(
            label="Open again",
            did="opened it again",
            form="CloseConcernForm",
            texts={"words": Band.SAFEGUARDING},
        ),
    )
    def reopen(self, *, by: User, words: str) -> None:
        self.owner = self.lead = by
