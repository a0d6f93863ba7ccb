import uuid
from typing import Any

from django.db import models
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from accounts.models import User
from accounts.models.organisations import charity_number, company_number
from accounts.roles import OrganisationAdministrator


class ProviderQuerySet(models.QuerySet["Provider"]):
    def kept_by(self, user: User) -> "ProviderQuerySet":
        """Of the organisations that somebody administers."""
        return self.filter(organisation__in=user.organisation_ids_as(OrganisationAdministrator))

    def public(self) -> "ProviderQuerySet":
        """Published, with a service that anybody may read."""
        services: Any = self.model._meta.get_field("services").related_model
        shown = services._default_manager.public().filter(provider=models.OuterRef("pk"))
        return self.filter(models.Exists(shown), live=True)


class Provider(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """Who runs services. It may be one of the organisations whose people use Waymark."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, db_collation="names")
    description = models.TextField(blank=True, max_length=2000)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="providers",
        help_text="If its people use this system.",
    )
    email = models.EmailField("shared email address", blank=True)
    website = models.URLField(blank=True)
    charity_number = models.CharField(max_length=12, blank=True, validators=[charity_number])
    company_number = models.CharField(max_length=8, blank=True, validators=[company_number])

    objects = ProviderQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldPanel("organisation"),
        MultiFieldPanel([FieldPanel("email"), FieldPanel("website")], "Contact"),
        MultiFieldPanel([FieldPanel("charity_number"), FieldPanel("company_number")], "Numbers"),
    ]

    class Meta:
        ordering = ["name", "pk"]

    class Privacy:
        subject = "nobody"
        why = "Organisations that offer services to the public."

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:provider", args=[self.pk])

    @property
    def is_claimable(self) -> bool:
        """Nobody here keeps it, and no other directory does."""
        return self.organisation_id is None and not hasattr(self, "source_record")
