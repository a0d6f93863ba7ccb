from typing import Any

from django.db import models

from accounts.clock import now

FAILS = 2  # on so many days one after the other: then it is the page, not the moment


class LinkCheck(models.Model):
    """What the web page of a service answered when we last asked for it."""

    service = models.OneToOneField(
        "cms.Service", on_delete=models.CASCADE, primary_key=True, related_name="link_check"
    )
    url = models.URLField(help_text="What was asked for: another address is not known yet")
    checked_at = models.DateTimeField(default=now, db_index=True)
    fails = models.PositiveSmallIntegerField(
        default=0, help_text="Days one after the other on which it did not open"
    )
    words = models.CharField(max_length=80, help_text="What it answered")

    class Meta:
        ordering = ["checked_at", "pk"]

    class Privacy:
        subject = "nobody"
        why = "Whether the web pages of public services open."

    def __str__(self) -> str:
        return f"{self.url}: {self.words}"

    @classmethod
    def of(cls, service: Any) -> "LinkCheck | None":
        """What is known of the page that a service names now."""
        found: LinkCheck | None = getattr(service, "link_check", None)
        return found if found and found.url == service.url else None

    @property
    def is_broken(self) -> bool:
        return self.fails >= FAILS
