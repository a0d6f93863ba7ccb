import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts import roles
from accounts.models import Area, User
from casework.calendar import now, today
from pathways import policies

# States of a placement that hold one of an opportunity's places.
HOLDING = ("offered", "accepted", "started")


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def visible_to(self, user: User) -> Self:
        """Staff who place young people, for the areas that they work in; mentors and their
        supervisors hold no areas and see all."""
        if not getattr(user, "is_authenticated", False) or not user.holds(*policies.STAFF):
            return self.none()
        if user.holds(roles.Mentor, roles.Supervisor):
            return self
        mine = user.area_ids_as(roles.Coordinator, roles.PathwayAdviser, roles.ProgrammeManager)
        return self._touching(Area.objects.filter(pk__in=mine))

    def in_area(self, area: Area) -> Self:
        """For people of this area: offered there, in a part of it, or in the whole that it is part
        of."""
        return self._touching(Area.objects.within(Area.objects.filter(pk=area.pk)))

    def _touching(self, areas: models.QuerySet[Area]) -> Self:
        """Offered in one of these areas or in one above it: a path holds the codes from the top."""
        codes = {code for path in areas.values_list("path", flat=True) for code in path.split("/")}
        there = Opportunity.areas.through.objects.filter(
            opportunity=OuterRef("pk"), area__code__in=codes
        )
        return self.filter(Exists(there))

    def with_places(self) -> Self:
        """Each with `held`, how many of its places are taken, and who offers it."""
        from .placement import Placement

        holding = Placement.objects.filter(opportunity=OuterRef("pk"), status__in=HOLDING)
        counted = holding.order_by().values("opportunity").annotate(n=Count("pk")).values("n")
        return self.select_related("organisation").annotate(held=Coalesce(Subquery(counted), 0))

    def not_over(self) -> Self:
        return self.filter(expires_on__gte=today())

    def with_room(self) -> Self:
        """Those that somebody can apply for now. Needs `with_places()`."""
        return self.not_over().filter(held__lt=F("places"))


class Opportunity(models.Model):
    """Something that a young person could take up: a course, a job, a taster. About nobody."""

    class Kind(models.TextChoices):
        COURSE = "course", "Course"
        APPRENTICESHIP = "apprenticeship", "Apprenticeship"
        JOB = "job", "Job"
        TASTER = "taster", "Taster"
        VOLUNTEERING = "volunteering", "Volunteering"
        INTERNSHIP = "internship", "Supported internship"
        RE_ENGAGEMENT = "re_engagement", "Re-engagement"
        AMBASSADOR = "ambassador", "Ambassador role"

    class Convictions(models.TextChoices):
        YES = "yes", "Considered one by one"
        SOME = "some", "Some rule people out"
        NO = "no", "They rule people out"
        UNASKED = "unasked", "Not asked yet"

    # The NCCIS code that somebody who starts most likely has; the adviser decides.
    USUAL_CODE: ClassVar[dict[str, str]] = {
        Kind.COURSE: "230",
        Kind.APPRENTICESHIP: "310",
        Kind.JOB: "330",
        Kind.VOLUNTEERING: "540",
        Kind.INTERNSHIP: "460",
        Kind.RE_ENGAGEMENT: "530",
        Kind.AMBASSADOR: "540",
    }

    held: int  # places taken; only after `with_places()`

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("What kind is it?", max_length=16, choices=Kind)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opportunities",
        verbose_name="Who offers it?",
    )
    other_organisation = models.CharField(
        "Name of the organisation", max_length=200, blank=True, db_collation="names"
    )
    title = models.CharField(max_length=120)
    summary = models.TextField("What is it?", max_length=1000)
    areas = models.ManyToManyField("accounts.Area", related_name="+")
    places = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    starts_on = models.DateField(null=True, blank=True)
    hours = models.PositiveSmallIntegerField(
        "Hours a week", null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    pay = models.CharField(max_length=120, blank=True)
    entry_needs = models.TextField("What somebody needs to get in", max_length=1000, blank=True)
    convictions = models.CharField(max_length=8, choices=Convictions, default=Convictions.UNASKED)
    accessibility = models.TextField(max_length=500, blank=True)
    checked_on = models.DateField()
    expires_on = models.DateField()
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "opportunities"
        ordering = ["-created_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="opportunity_expires")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="opportunity_one_organisation",
                condition=Q(organisation__isnull=False, other_organisation="")
                | (Q(organisation__isnull=True) & ~Q(other_organisation="")),
                violation_error_message="Choose who offers it, or give its name if it is not on "
                "the list.",
            ),
            models.CheckConstraint(
                name="opportunity_has_a_place",
                condition=Q(places__gte=1),
                violation_error_message="An opportunity has at least one place.",
            ),
            models.CheckConstraint(
                name="opportunity_expires_after_it_is_checked",
                condition=Q(expires_on__gte=F("checked_on")),
                violation_error_message="The last day cannot be before the day it was checked.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "What employers, colleges and charities offer."

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pathways:opportunity", args=[self.pk])

    @property
    def offered_by(self) -> str:
        return str(self.organisation) if self.organisation else self.other_organisation

    @property
    def is_over(self) -> bool:
        return self.expires_on < today()

    @property
    def left(self) -> int:
        """Places that nobody holds. Needs `with_places()`."""
        return max(self.places - self.held, 0)

    @property
    def left_words(self) -> str:
        return f"{self.left} of {self.places} places left"

    @property
    def is_step(self) -> bool:
        """A taster is a step on the way, never a place that counts (pathways reference §8)."""
        return self.kind == self.Kind.TASTER
