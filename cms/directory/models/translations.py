import uuid

from django.db import models

from accounts.clock import now


class Translation(models.Model):
    """What a word by which another directory sorts its services means in ours.

    A vocabulary is shared by many directories; where a feed names none, it stands under the name of
    its source. Vocabulary and word are folded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vocabulary = models.CharField(max_length=200)
    word = models.CharField(max_length=200)
    term = models.ForeignKey(
        "cms.TaxonomyTerm",
        null=True,
        on_delete=models.CASCADE,
        related_name="translations",
        help_text="None: it means none of ours",
    )
    decided_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["vocabulary", "word"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "word"], name="translation_once")
        ]

    class Privacy:
        subject = "nobody"
        why = "Words for sorting services. Which editor decided is kept with it."

    def __str__(self) -> str:
        return f"{self.word} ({self.vocabulary})"
