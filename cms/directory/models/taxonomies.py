import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel


class Taxonomy(models.Model):
    """One list of words that services are sorted by: service type, need, tier, route."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    uri = models.URLField(blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "taxonomies"

    class Privacy:
        subject = "nobody"
        why = "Words for sorting services."

    def __str__(self) -> str:
        return self.name


class TaxonomyTermQuerySet(models.QuerySet["TaxonomyTerm"]):
    def current(self) -> "TaxonomyTermQuerySet":
        """Those that may be chosen today."""
        day = timezone.localdate()
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day),
        )

    def of(self, taxonomy: str) -> "TaxonomyTermQuerySet":
        return self.filter(taxonomy__code=taxonomy)


class TaxonomyTerm(models.Model):
    """A word of a taxonomy, dated: one that has ended stays on old services but is not offered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="terms")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.SlugField(max_length=40, help_text="Never changes, so that imports find it.")
    sign = models.SlugField(
        max_length=8,
        unique=True,
        blank=True,
        editable=False,
        help_text="Stands for the term in addresses, so that they hold no alarming word.",
    )
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    public_wording = models.CharField(
        max_length=150,
        blank=True,
        help_text='How a young person would say it, such as "I need help with money".',
    )
    synonyms = models.TextField(
        blank=True, help_text="Other words that should find it, with semicolons between them."
    )
    term_uri = models.URLField("address of the term in a national list", blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects = TaxonomyTermQuerySet.as_manager()

    panels = [
        FieldPanel(name)
        for name in (
            "taxonomy",
            "parent",
            "code",
            "name",
            "description",
            "public_wording",
            "synonyms",
            "term_uri",
            "position",
            "valid_from",
            "valid_until",
        )
    ]

    class Meta:
        ordering = ["taxonomy__name", "position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxonomy", "code"],
                name="term_one_code",
                violation_error_message="This taxonomy already has a term with this code.",
            ),
            models.CheckConstraint(
                name="taxonomy_term_ends_after_it_starts",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message="A term cannot end before it starts.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "Words for sorting services."

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.sign:
            self.sign = self.next_sign()
        super().save(*args, **kwargs)

    @property
    def is_current(self) -> bool:
        """Whether it may be chosen today: it has a page of its own as long."""
        day = timezone.localdate()
        return (self.valid_from or day) <= day <= (self.valid_until or day)

    def next_sign(self) -> str:
        """The taxonomy's first letter and the next number that it has not used."""
        letter = self.taxonomy.code[:1]
        used = TaxonomyTerm.objects.filter(sign__startswith=letter).values_list("sign", flat=True)
        numbers = [int(sign[1:]) for sign in used if sign[1:].isdigit()]
        return f"{letter}{max(numbers, default=0) + 1}"

    @property
    def help_words(self) -> str:
        """The public wording without "I need help with": a choice under that heading."""
        words = self.public_wording.removeprefix("I need help with ") or self.name
        return words[:1].upper() + words[1:]

    @property
    def synonym_list(self) -> list[str]:
        return [word.strip() for word in self.synonyms.split(";") if word.strip()]
