import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from accounts.models import User
from accounts.places import locate, normalise_postcode
from cms.directory import grid

from .choices import ManyChoicesField
from .providers import Provider

COARSE = 5_000  # metres between the points to which a withheld address is moved


class LocationQuerySet(models.QuerySet["Location"]):
    def kept_by(self, user: User) -> "LocationQuerySet":
        """Where a service of somebody's organisation happens, and what its people have added."""
        providers = Provider.objects.kept_by(user)
        here = models.Q(
            service_at_locations__service__provider__in=providers,
            service_at_locations__service__source_record=None,
        )
        return self.filter(here | models.Q(provider__in=providers)).distinct()


class Location(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """A venue that services share. A provider's new one is public with the first service there."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "A place people go to"
        POSTAL = "postal", "A postal address only"
        VIRTUAL = "virtual", "Online"

    class Access(models.TextChoices):
        """What people ask about a venue (directory reference §4)."""

        STEP_FREE = "step_free", "Step-free entrance"
        PARTLY_STEP_FREE = "partly_step_free", "Partly step-free"
        LIFT = "lift", "Lift"
        TOILET = "toilet", "Accessible toilet"
        CHANGING_PLACE = "changing_place", "Changing place"
        HOIST = "hoist", "Hoist"
        BABY_CHANGING = "baby_changing", "Baby changing"
        HEARING_LOOP = "hearing_loop", "Hearing loop"
        SIGN_LANGUAGE = "sign_language", "British Sign Language"
        DISABLED_PARKING = "disabled_parking", "Disabled parking"
        CAR_PARK = "car_park", "Car park"
        PARKING_NEARBY = "parking_nearby", "Parking nearby"
        STOP_NEARBY = "stop_nearby", "Bus or tram stop nearby"
        QUIET_SPACE = "quiet_space", "Quiet space"
        EASY_READ = "easy_read", "Easy-read information"
        INTERPRETER = "interpreter", "Interpreter"
        PRAYER_SPACE = "prayer_space", "Prayer space"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PHYSICAL)
    name = models.CharField(max_length=200)
    address_1 = models.CharField("address line 1", max_length=200, blank=True)
    address_2 = models.CharField("address line 2", max_length=200, blank=True)
    city = models.CharField("town or city", max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    easting = models.IntegerField(null=True, editable=False, help_text="OSGB36 metres")
    northing = models.IntegerField(null=True, editable=False, help_text="OSGB36 metres")
    district_code = models.CharField(max_length=12, blank=True, editable=False)
    is_address_withheld = models.BooleanField(
        "do not show the address",
        default=False,
        help_text="People are told it when they get in touch.",
    )
    getting_there = models.TextField(
        blank=True, max_length=1000, help_text="Stops, landmarks, which door."
    )
    access = ManyChoicesField(
        models.CharField(max_length=20, choices=Access), verbose_name="what the venue has"
    )

    provider = models.ForeignKey(
        Provider,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="added_places",
        help_text="Whose people added it, if no editor or import did",
    )

    objects = LocationQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        MultiFieldPanel(
            [
                FieldPanel("address_1"),
                FieldPanel("address_2"),
                FieldRowPanel([FieldPanel("city"), FieldPanel("county"), FieldPanel("postcode")]),
                FieldPanel("is_address_withheld"),
            ],
            "Address",
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")])],
            "Map point (filled from the postcode if left empty)",
        ),
        FieldPanel("getting_there"),
        FieldPanel("access"),
    ]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="location_point_is_whole",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message="Give both latitude and longitude, or neither.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "Venues of public services."

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.city, self.postcode) if part)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.find_point()
        super().save(*args, **kwargs)

    def find_point(self) -> None:
        """Fill the point and district from the postcode, and the grid reference from the point."""
        self.postcode = normalise_postcode(self.postcode) or self.postcode.strip().upper()
        if self._has_moved():
            self.latitude = self.longitude = None
        place = locate(self.postcode) if self.postcode else None
        self.district_code = (place and place.district_code) or ""
        if place and self.latitude is None:
            self.latitude, self.longitude = place.latitude, place.longitude
        if place and (self.latitude, self.longitude) == (place.latitude, place.longitude):
            self.easting, self.northing = place.easting, place.northing
        elif self.latitude is not None and self.longitude is not None:
            self.easting, self.northing = grid.to_grid(self.latitude, self.longitude)
        else:
            self.easting = self.northing = None

    def _has_moved(self) -> bool:
        """Whether the postcode is new and the point is still that of the old one."""
        old = Location.objects.filter(pk=self.pk).first()
        return bool(
            old
            and old.postcode != self.postcode
            and (old.latitude, old.longitude) == (self.latitude, self.longitude)
        )

    @property
    def shown_name(self) -> str:
        """What the public may call it: a name such as a refuge's would give the address away."""
        return self.city if self.is_address_withheld else self.name

    @property
    def address_lines(self) -> list[str]:
        """What the public sees: without street and postcode where the address is withheld."""
        if self.is_address_withheld:
            return [part for part in (self.city, self.county) if part]
        parts = (self.address_1, self.address_2, self.city, self.county, self.postcode)
        return [part for part in parts if part]

    @property
    def shown_point(self) -> tuple[int, int] | None:
        """Easting and northing as the public may know them: of a withheld address only roughly, so
        that neither a distance nor a map gives it away."""
        if self.easting is None or self.northing is None:
            return None
        if self.is_address_withheld:
            return round(self.easting / COARSE) * COARSE, round(self.northing / COARSE) * COARSE
        return self.easting, self.northing

    @property
    def access_words(self) -> list[str]:
        return [self.Access(code).label for code in self.access if code in self.Access.values]
