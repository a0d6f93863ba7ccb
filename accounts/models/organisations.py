import re
import uuid
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.utils.deconstruct import deconstructible

from accounts import roles
from accounts.clock import today

if TYPE_CHECKING:
    from .people import User


@deconstructible(path="django.core.validators.RegexValidator")
class Number(RegexValidator):
    """With the digits 0 to 9 alone: other scripts have digits too, and registers do not know them.
    Migrations need not know the difference."""

    flags = re.ASCII


urn = Number(r"^\d{6}$", "A school's URN is six digits.")
# The UK Register of Learning Providers gives eight digits that begin with 1.
ukprn = Number(r"^1\d{7}$", "A UKPRN is eight digits and begins with 1.")
# Charity Commission: six or seven digits, with an optional linked-charity suffix.
charity_number = Number(
    r"^\d{6,7}(-\d{1,3})?$", "A charity number is six or seven digits, such as 1023456."
)
# Companies House: eight digits, or two letters and six digits.
company_number = Number(
    r"^(\d{8}|[A-Z]{2}\d{6})$",
    "A company number is eight characters, such as 01234567 or OC123456.",
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """All for an administrator; one's own for everybody else."""
        if user.holds(roles.Administrator):
            return self.all()
        return self.filter(pk__in={membership.organisation_id for membership in user.standing})

    def managed_by(self, user: "User") -> "OrganisationQuerySet":
        """Those whose people one may invite and remove."""
        if user.holds(roles.Administrator):
            return self.all()
        return self.filter(pk__in=user.organisation_ids_as(roles.OrganisationAdministrator))

    def without_agreement(self) -> "OrganisationQuerySet":
        """Those that work with us and may not refer: none of their agreements is live today."""
        return self.filter(is_open=True).exclude(pk__in=self.model.objects.sharing())

    def sharing(self) -> "OrganisationQuerySet":
        """Those with a sharing agreement that is live today."""
        day = today()
        live = SharingAgreement.objects.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day),
            organisation=models.OuterRef("pk"),
            starts_on__lte=day,
        )
        return self.filter(models.Exists(live))


class Organisation(models.Model):
    class Kind(models.TextChoices):
        UNIT = "unit", "Violence reduction unit"
        SCHOOL = "school", "School"
        COLLEGE = "college", "College or training provider"
        COUNCIL = "council", "Council"
        POLICE = "police", "Police"
        HEALTH = "health", "Health service"
        JUSTICE = "justice", "Youth justice, probation or custody"
        CHARITY = "charity", "Charity or community group"
        EMPLOYER = "employer", "Employer"
        OTHER = "other", "Other"

    class Sector(models.TextChoices):
        CORE = "core", "Core (public) provision"
        VOLUNTARY = "voluntary", "Voluntary and community sector"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, db_collation="names")
    kind = models.CharField(max_length=10, choices=Kind)
    sector = models.CharField(max_length=10, choices=Sector)
    urn = models.CharField("URN", max_length=6, blank=True, validators=[urn])
    ukprn = models.CharField("UKPRN", max_length=8, blank=True, validators=[ukprn])
    charity_number = models.CharField(max_length=12, blank=True, validators=[charity_number])
    company_number = models.CharField(max_length=8, blank=True, validators=[company_number])
    postcode = models.CharField(max_length=8, blank=True)
    school_type = models.CharField(
        max_length=80, blank=True, help_text="As in the government's register of schools."
    )
    school_phase = models.CharField(
        max_length=30, blank=True, help_text="As in the government's register of schools."
    )
    areas = models.ManyToManyField("accounts.Area", blank=True, related_name="organisations")
    team_sees_referrals = models.BooleanField(
        default=False, help_text="Referrers here see the referrals of their colleagues."
    )
    is_open = models.BooleanField(default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[field],
                condition=~models.Q(**{field: ""}),
                name=f"organisation_one_{field}",
                violation_error_message=f"Another organisation has this {label}.",
            )
            for field, label in [
                ("urn", "URN"),
                ("ukprn", "UKPRN"),
                ("charity_number", "charity number"),
                ("company_number", "company number"),
            ]
        ]

    class Privacy:
        subject = "nobody"
        why = "Organisations are public bodies, charities and companies."

    def __str__(self) -> str:
        return self.name

    def shares_now(self) -> bool:
        return type(self).objects.sharing().filter(pk=self.pk).exists()


class SharingAgreement(models.Model):
    """What lets an organisation exchange referrals with the unit (security reference §4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="sharing_agreements"
    )
    purpose = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="sharing_agreement_ends_after_it_starts",
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="A sharing agreement cannot end before it starts.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "A fact about two organisations."

    def __str__(self) -> str:
        return f"{self.organisation}: {self.purpose}"
