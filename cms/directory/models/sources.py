import uuid

from django.db import models
from django.utils import timezone


class Source(models.Model):
    """Where imported records come from, and on what terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.TextField(blank=True)
    may_republish = models.BooleanField(
        default=False, help_text="Its licence lets us pass its records on in our own feed."
    )

    class Meta:
        ordering = ["name", "pk"]

    class Privacy:
        subject = "nobody"
        why = "Publishers of service directories."

    def __str__(self) -> str:
        return self.name


class SourceRecord(models.Model):
    """What a source said about one service or organisation, when, and what we took from it.

    `values` is what the importer last wrote into our record. A field whose present value differs
    has been edited here, and a later import leaves it alone.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Service"
        ORGANISATION = "organisation", "Organisation"

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
    payload = models.JSONField(help_text="The record as it came")
    payload_hash = models.CharField(max_length=64, help_text="SHA-256 of the payload, keys sorted")
    values = models.JSONField(default=dict)
    assured_on = models.DateField(null=True)
    fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["source", "kind", "source_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "source_key"], name="source_record_once"
            ),
            models.CheckConstraint(
                name="source_record_has_one_subject",
                condition=models.Q(kind="service", service__isnull=False, provider__isnull=True)
                | models.Q(kind="organisation", service__isnull=True, provider__isnull=False),
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "Public directory records of another publisher, kept to compare with the next import."

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key} from {self.source}"
