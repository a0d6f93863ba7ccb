import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django_fsm import FSMField

from accounts import roles
from accounts.models import User
from casework import references
from casework.calendar import now


class CaseQuerySet(models.QuerySet[Any]):
    """Selections that every kind of case shares. `visible_to` is each kind's own."""

    def visible_to(self, user: User) -> Self:
        raise NotImplementedError(f"{type(self).__name__} does not say who may see it.")

    def unfinished(self) -> Self:
        return self.exclude(status__in=self.model.FINAL)

    def late(self) -> Self:
        return self.unfinished().filter(due_at__lt=now())

    def due_within(self, days: int) -> Self:
        return self.unfinished().filter(due_at__gte=now(), due_at__lt=now() + timedelta(days=days))

    def owned_by(self, user: User) -> Self:
        """Theirs by name, or of somebody they cover."""
        return self.unfinished().filter(_owned_by(user))

    def not_owned_by(self, user: User) -> Self:
        return self.exclude(_owned_by(user))

    def queued_for(self, user: User) -> Self:
        """Nobody's by name, waiting in a queue of a role that this person holds there."""
        mine = models.Q(pk__in=[])
        for role in user.roles:
            mine |= models.Q(owner_role=role.code, area__in=user.area_ids_as(role))
        return self.unfinished().filter(mine, owner__isnull=True)

    def escalated_to(self, user: User) -> Self:
        """Late, and come up to this person as a programme manager there."""
        step = self.model.LADDER.index("managers") + 1
        areas = user.area_ids_as(roles.ProgrammeManager)
        return self.unfinished().filter(escalation__gte=step, area__in=areas)


def _owned_by(user: User) -> models.Q:
    """Theirs by name, or of somebody whose place they take in the role that has to act."""
    owned = models.Q(owner=user)
    for covered in user.covering:
        owned |= models.Q(owner=covered.user_id, owner_role=covered.role)
    return owned


class Case(models.Model):
    """What a young person's way is made of: it has a state, an owner, a next date and a history.

    Its status changes only through `casework.workflow.move()`. `owner_role` says which role must
    act next; with `owner` empty the case waits in that role's queue for its area. `version` counts
    the Events; `head` is the hash of the last one.
    """

    KIND: ClassVar[str]
    FINAL: ClassVar[frozenset[str]]
    LADDER: ClassVar[tuple[str, ...]] = ("holders", "superiors", "coordinators", "managers")
    # The foreign key to who began it and so may not decide on it, whatever their role.
    NOT_BY: ClassVar[str | None] = None
    # States that end by themselves when their clock runs out, without escalation: drafts.
    EXPIRING: ClassVar[frozenset[str]] = frozenset()
    CLOCKS: ClassVar[dict[str, Any]]
    CLOCK_LABELS: ClassVar[dict[str, str]] = {}  # of clocks that are not named like a state
    # Foreign keys to the cases whose rows are locked before this one's (DESIGN §3, lock order).
    LOCK_FIRST: ClassVar[tuple[str, ...]] = ()
    State: ClassVar[type[models.TextChoices]]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=7, unique=True, default=references.new, editable=False, db_collation="C"
    )
    area = models.ForeignKey(
        "accounts.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_role = models.CharField(max_length=24, blank=True, editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    entered_at = models.DateTimeField(default=now, editable=False)
    days_kept = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text="Working days left on a clock that stands still meanwhile.",
    )
    escalation = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default="", editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    if TYPE_CHECKING:
        status: str

        def get_status_display(self) -> str: ...

    class Meta:
        abstract = True

    # The classification of the columns above; each kind of case adds its own to it.
    PRIVACY: ClassVar[dict[str, str]] = {
        "id": "none",
        "reference": "personal shared give",
        "status": "personal shared give",
        "area": "personal shared give",
        "owner": "personal team give",
        "owner_role": "none",
        "due_at": "none",
        "entered_at": "none",
        "days_kept": "none",
        "escalation": "none",
        "version": "none",
        "head": "none",
        "created_at": "none",
        "updated_at": "none",
    }

    def __str__(self) -> str:
        return self.reference

    @property
    def is_finished(self) -> bool:
        return self.status in self.FINAL

    @property
    def is_late(self) -> bool:
        return not self.is_finished and self.due_at is not None and self.due_at < now()

    @property
    def started_at(self) -> Any:
        """From when a clock with `since="opened"` counts; a kind of case may say better."""
        return self.created_at

    @property
    def next_date(self) -> date | None:
        """The date for a clock with `since="given"` when the move gave none; a kind of case may
        know one."""
        return None

    @property
    def clock_state(self) -> str:
        """Which clock runs now; a kind of case with two speeds in one state says so here."""
        return self.status

    def is_owned_by(self, user: User) -> bool:
        """By name, or by somebody whose place this person takes in the role that has to act."""
        return self.owner_id is not None and self.owner_id in (
            user.pk,
            *(each.user_id for each in user.covering if each.role == self.owner_role),
        )

    def watchers(self) -> Iterable[User]:
        """Who is reminded and told of lateness with its holder: whoever waits for them."""
        return []

    def audience(self, name: str) -> Iterable[User]:
        """The people that a transition's `tells` names. A kind of case adds its own names."""
        if name == "owner":
            return [self.owner] if self.owner else []
        raise LookupError(f"{self.KIND} has no audience called {name}.")

    def home(self) -> str:
        """The path of the page of this case."""
        raise NotImplementedError

    def bands_for(self, user: User) -> set[str]:
        """The bands of notes and reasons that this person may read here."""
        raise NotImplementedError

    def handed_to(self, user: User) -> None:
        """Before the case passes to another owner: a kind of case moves rows of its own along."""


def status_field(state: type[models.TextChoices], first: str) -> FSMField:
    """The protected status of a case: only `move()` may change it."""
    return FSMField(max_length=20, choices=state.choices, default=first, protected=True)
