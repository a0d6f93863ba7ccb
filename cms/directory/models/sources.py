import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

if TYPE_CHECKING:
    from .places import Location
    from .providers import Provider
    from .services import Service

RECORD_URL = r"^https?://[^\s/{}]+\.[^\s{}]*\{id\}[^\s{}]*\Z"


class Source(models.Model):
    """Where imported records come from, and on what terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60, unique=True, help_text="Short, and never changed.")
    name = models.CharField(max_length=200)
    url = models.URLField(
        "address of its feed",
        max_length=300,
        blank=True,
        help_text="Where Open Referral UK begins, such as https://…/o/ServiceDirectoryService/v2. "
        "Empty if its services are brought as files.",
    )
    allows_http = models.BooleanField(
        "may be read without encryption",
        default=False,
        help_text="Only where its publisher offers nothing else.",
    )
    every_days = models.PositiveSmallIntegerField(
        "days between imports",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    is_paused = models.BooleanField("do not import for now", default=False)
    publishes = models.BooleanField(
        "show its services without a review",
        default=False,
        help_text="Labelled with its name. Otherwise they wait as drafts.",
    )
    is_neighbour = models.BooleanField(
        "of an area beside ours",
        default=False,
        help_text="Its services are shown as a neighbour's, not checked by us.",
    )
    record_url = models.CharField(
        "address of one service on its site",
        max_length=300,
        blank=True,
        validators=[RegexValidator(RECORD_URL, "Begin with https:// and say where {id} stands.")],
        help_text="With {id} where its number stands, such as https://…/service/{id}. Readers are "
        "led to the original.",
    )
    owner_email = models.EmailField(
        "who looks after it here", blank=True, help_text="Told when an import fails."
    )
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.TextField(blank=True)
    may_republish = models.BooleanField(
        default=False, help_text="Its licence lets us pass its records on in our own feed."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("code"),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("url", "allows_http", "every_days", "is_paused")], "Its feed"
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("publishes", "is_neighbour", "record_url", "owner_email")],
            "What we do",
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("licence", "attribution", "may_republish")], "On what terms"
        ),
    ]

    class Meta:
        ordering = ["name", "pk"]

    class Privacy:
        subject = "nobody"
        why = "Publishers of service directories."

    def __str__(self) -> str:
        return self.name

    def original(self, key: str) -> str:
        """Where people read the record with this id on the source's own site; "" if unknown."""
        return self.record_url.replace("{id}", quote(key, safe="")) if key else ""


class SourceRecord(models.Model):
    """What a source said about one service, organisation or venue, when, and what we took from it.

    `values` is what the importer last wrote into our record. A field whose present value differs
    has been edited here, and a later import leaves it alone.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Service"
        ORGANISATION = "organisation", "Organisation"
        VENUE = "venue", "Venue"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=12, choices=Kind)
    source_key = models.CharField(
        max_length=200, help_text="The record's id at the source, as text"
    )
    service = models.OneToOneField(
        "cms.Service", null=True, on_delete=models.CASCADE, related_name="source_record"
    )
    provider = models.OneToOneField(
        "cms.Provider", null=True, on_delete=models.CASCADE, related_name="source_record"
    )
    location = models.OneToOneField(
        "cms.Location", null=True, on_delete=models.CASCADE, related_name="source_record"
    )
    payload = models.JSONField(help_text="The record as it came")
    payload_hash = models.CharField(max_length=64, help_text="SHA-256 of the payload, keys sorted")
    values = models.JSONField(default=dict)
    assured_on = models.DateField(null=True)
    fetched_at = models.DateTimeField(default=timezone.now)
    url = models.CharField(
        max_length=1000, blank=True, help_text="Where it was read; empty if a file brought it"
    )
    licence = models.CharField(
        max_length=200, blank=True, help_text="That of its source when it was read"
    )
    listed_as = models.CharField(
        max_length=64, blank=True, help_text="How the feed's list dated or described it last"
    )
    seen_in = models.ForeignKey("cms.Run", null=True, on_delete=models.SET_NULL, related_name="+")
    missed = models.PositiveSmallIntegerField(
        default=0, help_text="Complete imports one after the other that had it no more"
    )
    status_there = models.CharField(
        max_length=20, blank=True, help_text="Whether its source runs it, in the standard's words"
    )
    is_kept = models.BooleanField(
        default=False, help_text="An editor keeps it, whatever `status_there` says"
    )
    taken_off_at = models.DateTimeField(
        null=True, help_text="By an import, since its source did not run it then"
    )

    class Meta:
        ordering = ["source", "kind", "source_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "source_key"], name="source_record_once"
            ),
            models.CheckConstraint(
                name="source_record_has_one_subject",
                condition=models.Q(
                    kind="service", service__isnull=False, provider=None, location=None
                )
                | models.Q(kind="organisation", provider__isnull=False, service=None, location=None)
                | models.Q(kind="venue", location__isnull=False, service=None, provider=None),
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "Public directory records of another publisher, kept to compare with the next import."

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key} from {self.source}"

    @property
    def subject(self) -> "Service | Provider | Location":
        """What it stands for here."""
        found = self.service or self.provider or self.location
        if found is None:
            raise AssertionError("The database keeps it with one.")
        return found

    @property
    def is_resting(self) -> bool:
        """Whether an import took it off, and nobody has put it on and off since."""
        published = self.service and self.service.last_published_at
        return bool(self.taken_off_at and published and published < self.taken_off_at)

    @property
    def read_at(self) -> datetime:
        """When an import last found it as we have it. `fetched_at` is when it had last changed."""
        run = self.seen_in
        return max(self.fetched_at, run.ended_at or run.touched_at) if run else self.fetched_at
