import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from wagtail.admin.panels import FieldPanel

from cms.directory.plain import fold


class Word(models.Model):
    """A word of a public service, to tell what is misspelt and what was meant.

    Written only by `cms.directory.words`: new words come with a service, old ones go at night.
    """

    word = models.CharField(max_length=40, primary_key=True)
    stem = models.CharField(max_length=40, db_index=True, help_text="As PostgreSQL's search has it")
    pieces = ArrayField(models.CharField(max_length=3), help_text="Its two and three letters")

    class Meta:
        indexes = [GinIndex(fields=["pieces"], name="word_pieces")]

    class Privacy:
        subject = "nobody"
        why = "Words of public services, for searching."

    def __str__(self) -> str:
        return self.word


class Synonym(models.Model):
    """Words that people type, and what services say instead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phrase = models.CharField(
        "what people type",
        max_length=60,
        unique=True,
        help_text="One word or a few, such as “camhs”.",
    )
    means = models.CharField(
        "what services say",
        max_length=200,
        help_text="Such as “mental health”. Several, with semicolons between them, find any.",
    )

    panels = [FieldPanel("phrase"), FieldPanel("means")]

    class Meta:
        ordering = ["phrase"]

    class Privacy:
        subject = "nobody"
        why = "Words for searching."

    def __str__(self) -> str:
        return self.phrase

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.phrase = " ".join(fold(self.phrase).split())
        super().save(*args, **kwargs)
