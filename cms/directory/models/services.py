import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from accounts.models import User
from accounts.roles import OrganisationAdministrator
from cms.directory.languages import Language
from cms.directory.support import Support

from .choices import ManyChoicesField
from .occasions import ServiceAtLocation
from .taxonomies import TaxonomyTerm

RESERVED = {"embed", "need", "place", "my", "by", "still-right"}  # pages beside those of services
WORDS = ["bold", "ol", "ul", "link"]  # what an editor may use in a service's text


MAY_PASS_ON = Q(source_record__isnull=True) | Q(source_record__source__may_republish=True)


class ServiceQuerySet(models.QuerySet["Service"]):
    def public(self) -> "ServiceQuerySet":
        """What anybody may read."""
        return self.published().filter(hidden_at=None)

    def published(self) -> "ServiceQuerySet":
        """For anybody, of a published provider, and not closed; hidden for want of a check or
        not."""
        return self.running().filter(is_professional_only=False)

    def for_professionals(self) -> "ServiceQuerySet":
        """What those may read who work with young people: what is public, and what is not."""
        return self.running().filter(hidden_at=None)

    def running(self) -> "ServiceQuerySet":
        """Of a published provider, and not closed; for anybody or for professionals, hidden for
        want of a check or not."""
        return self.filter(live=True, provider__live=True).exclude(status=Service.Status.CLOSED)

    def in_feed(self) -> "ServiceQuerySet":
        """What we may pass on: our own, and those whose publisher's licence allows it."""
        return self.public().filter(MAY_PASS_ON)

    def gone(self) -> "ServiceQuerySet":
        """What was in the feed and is no more: readers of the feed are told."""
        in_feed = self.model._default_manager.in_feed()
        return self.filter(was_in_feed=True).exclude(pk__in=in_feed.values("pk"))

    def kept_by(self, user: User) -> "ServiceQuerySet":
        """Of the organisations that somebody administers. What comes from another directory is
        edited there."""
        theirs = user.organisation_ids_as(OrganisationAdministrator)
        return self.filter(provider__organisation__in=theirs, source_record=None)

    def for_cards(self) -> "ServiceQuerySet":
        return self.with_source().prefetch_related("schedules")

    def with_source(self) -> "ServiceQuerySet":
        """With its provider, where it was imported from and the run that read it last, without that
        run's report."""
        report = (f"source_record__seen_in__{name}" for name in ("problems", "left_out"))
        related = ("provider", "source_record__source", "source_record__seen_in")
        return self.select_related(*related).defer(*report)

    def with_places(self) -> "ServiceQuerySet":
        places = ServiceAtLocation.objects.filter(location__live=True).select_related("location")
        return self.prefetch_related(models.Prefetch("service_at_locations", places))

    def whole(self) -> "ServiceQuerySet":
        """With everything that a service page or a feed shows."""
        terms = TaxonomyTerm.objects.select_related("taxonomy", "parent")
        return (
            self.with_source()
            .select_related("link_check", "provider__source_record")
            .prefetch_related("areas", "schedules__location", models.Prefetch("terms", terms))
            .with_places()
        )


class Service(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """Help that somebody offers. Public once published; a draft is seen by editors only."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused for now"
        CLOSED = "closed", "Closed for good"

    class Cost(models.TextChoices):
        FREE = "free", "Free"
        PRICE = "price", "Costs money"
        ASK = "ask", "Ask them"

    class WhoAsks(models.TextChoices):
        YOURSELF = "yourself", "You can ask for it yourself"
        EITHER = "either", "You can ask, or somebody who works with you can"
        PROFESSIONAL = "professional", "Somebody who works with you asks for you"

    class Places(models.TextChoices):
        """Whether somebody who asks now gets in."""

        OPEN = "open", "There are places"
        WAITING = "waiting", "There is a waiting list"
        FULL = "full", "Full: no waiting list"

    class CheckedBy(models.TextChoices):
        """Which side checked. The person is in the record's history, not on the public page."""

        TEAM = "team", "our directory team"
        PROVIDER = "provider", "the people who run it"
        SOURCE = "source", "the directory it comes from"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField("name", max_length=200, db_collation="names")
    slug = models.SlugField(
        "address on this site",
        max_length=80,
        unique=True,
        blank=True,
        help_text="Made if left empty.",
    )
    provider = models.ForeignKey("cms.Provider", on_delete=models.PROTECT, related_name="services")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    notice = models.CharField(
        max_length=200, blank=True, help_text="One sentence at the top, such as why it is paused."
    )
    is_professional_only = models.BooleanField(
        "for professionals only", default=False, help_text="Shown only to those who have signed in."
    )

    summary = models.CharField(max_length=250, help_text="One plain sentence.")
    easy_words = models.TextField(
        "the same in easy words",
        blank=True,
        max_length=500,
        help_text="For people who find reading hard. Short sentences, one on each line, with words "
        "that a child of nine knows.",
    )
    body = RichTextField("what happens", features=WORDS, blank=True)
    how_to_get_help = models.TextField(
        blank=True, max_length=2000, help_text="One step on each line."
    )
    what_next = models.TextField("what happens after you get in touch", blank=True, max_length=1000)
    waiting_time = models.CharField(max_length=200, blank=True)
    how_to_refer = models.TextField(
        "how professionals refer",
        blank=True,
        max_length=2000,
        help_text="One step on each line. Shown only to professionals who have signed in.",
    )
    is_referred_here = models.BooleanField(
        "referrals are sent on this site",
        default=False,
        help_text="Professionals who have signed in see a button that begins one.",
    )
    places = models.CharField(max_length=7, choices=Places, blank=True)
    free_places = models.PositiveSmallIntegerField("places free now", null=True, blank=True)
    all_places = models.PositiveSmallIntegerField("places in all", null=True, blank=True)
    weeks_to_wait = models.PositiveSmallIntegerField(
        "weeks of waiting", null=True, blank=True, validators=[MaxValueValidator(260)]
    )
    places_said_on = models.DateField("places said on", null=True, blank=True)
    who_asks = models.CharField(
        "who may ask for it", max_length=12, choices=WhoAsks, default=WhoAsks.YOURSELF
    )

    minimum_age = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    maximum_age = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    eligibility = models.TextField("who else it is for", blank=True, max_length=1000)
    support_for = ManyChoicesField(
        models.CharField(max_length=4, choices=Support),
        verbose_name="support for",
        help_text="What you are set up for. Leave it empty if you are for everybody alike.",
    )
    terms = ParentalManyToManyField("cms.TaxonomyTerm", blank=True, related_name="services")
    areas = ParentalManyToManyField(
        "accounts.Area", blank=True, related_name="services", verbose_name="areas served"
    )
    is_anywhere = models.BooleanField("open to people from anywhere", default=False)

    is_in_person = models.BooleanField("in person", default=True)
    is_online = models.BooleanField("online", default=False)
    is_by_phone = models.BooleanField("by phone", default=False)
    is_at_home = models.BooleanField("at home or school", default=False)
    when = models.CharField(
        max_length=300, blank=True, help_text="In words, if the times below do not say it all."
    )
    cost = models.CharField(max_length=5, choices=Cost, default=Cost.FREE)
    price = models.DecimalField(
        "price in pounds",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost_words = models.CharField(
        "more about the cost", max_length=300, blank=True, help_text='Such as "a session".'
    )
    languages = ManyChoicesField(
        models.CharField(max_length=3, choices=Language), verbose_name="languages besides English"
    )

    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField("shared email address", blank=True)
    url = models.URLField("web page", blank=True)

    checked_at = models.DateTimeField("last checked", null=True, blank=True)
    checked_by = models.CharField("who checked", max_length=8, choices=CheckedBy, blank=True)
    keep_until = models.DateField(
        "keep it listed until",
        null=True,
        blank=True,
        help_text="Though nobody has checked it for long, such as over a summer.",
    )
    hidden_at = models.DateTimeField(null=True, editable=False)  # nobody had checked it for long
    was_in_feed = models.BooleanField(  # so its readers have it, now or still
        default=False, db_default=False, editable=False
    )
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="merged"
    )
    last_modified = models.DateTimeField(null=True, editable=False, db_index=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        indexes = [
            models.Index(
                fields=["last_modified", "id"],
                condition=Q(was_in_feed=True),
                name="service_changes",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="service_ages_in_order",
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=models.F("minimum_age")),
                violation_error_message="The oldest age cannot be below the youngest.",
            ),
            models.CheckConstraint(
                name="service_free_has_no_price",
                condition=~Q(cost="free") | Q(price__isnull=True) | Q(price=0),
                violation_error_message="A free service has no price.",
            ),
            models.CheckConstraint(
                name="service_places_have_a_day",
                condition=Q(
                    places="",
                    free_places=None,
                    all_places=None,
                    weeks_to_wait=None,
                    places_said_on=None,
                )
                | (~Q(places="") & Q(places_said_on__isnull=False)),
                violation_error_message="Give both how it stands with places and the day.",
            ),
            models.CheckConstraint(
                name="service_free_places_within_all",
                condition=Q(free_places__isnull=True)
                | Q(all_places__isnull=True)
                | Q(free_places__lte=models.F("all_places")),
                violation_error_message="There cannot be more places free than there are.",
            ),
            models.CheckConstraint(
                name="service_check_has_day_and_source",
                condition=Q(checked_at__isnull=True, checked_by="")
                | (Q(checked_at__isnull=False) & ~Q(checked_by="")),
                violation_error_message="Give both the day of the last check and who checked.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "Public services. Persons' names and own addresses are not kept here."

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("directory:service", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED:
            raise ValidationError({"slug": "Another page has this address. Choose another word."})

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self.free_slug()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "Service":
        """A revision of it; whether it is hidden, was ever in the feed or is merged is not a matter
        of what an editor wrote."""
        revised: Service = super().with_content_json(content)
        revised.merged_into_id = self.merged_into_id
        revised.hidden_at, revised.was_in_feed = self.hidden_at, self.was_in_feed
        return revised

    def free_slug(self) -> str:
        """The title as an address that no other service has."""
        wanted = slugify(self.title)[:70].strip("-") or "service"
        taken = set(
            Service.objects.filter(slug__startswith=wanted)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        taken |= RESERVED & {wanted}
        if wanted not in taken:
            return wanted
        return next(
            slug for n in range(2, len(taken) + 3) if (slug := f"{wanted}-{n}") not in taken
        )

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "cms/directory/service.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from cms.directory.cards import service_page  # cards are made from services

        return service_page(self)

    @property
    def is_public(self) -> bool:
        return (
            self.live
            and self.provider.live
            and not self.is_professional_only
            and self.hidden_at is None
            and self.status != self.Status.CLOSED
        )

    @property
    def may_pass_on(self) -> bool:
        """Our own, or its publisher's licence allows it."""
        record = getattr(self, "source_record", None)
        return record is None or record.source.may_republish

    @property
    def is_in_feed(self) -> bool:
        return self.is_public and self.may_pass_on

    @property
    def mailbox(self) -> str:
        """The shared address at which its provider is written to; empty if there is none."""
        return self.email or self.provider.email

    @property
    def spoken(self) -> list[Language]:
        return [Language(code) for code in self.languages if code in Language.values]

    @property
    def supported(self) -> list[str]:
        """In plain words what it is set up for."""
        return [str(each.label) for each in Support if each.value in self.support_for]
