import uuid
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from casework.calendar import today

NAMELESS = "No name yet"


def called(known_as: str, legal_name: str) -> str:
    """The name they use, or else the first of their names."""
    return known_as or (legal_name.split() or [""])[0]


class YoungPerson(models.Model):
    """The person that a referral is about. What they are called comes first everywhere."""

    class Gender(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "In another way"
        UNSAID = "unsaid", "They prefer not to say"

    class Contact(models.TextChoices):
        CALL = "call", "Phone call"
        TEXT = "text", "Text message"
        EMAIL = "email", "Email"
        LETTER = "letter", "Letter"
        THROUGH_REFERRER = "through_referrer", "Through me"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    legal_name = models.CharField("Full name", max_length=150, db_collation="names")
    known_as = models.CharField("What do they like to be called?", max_length=60, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    age_given = models.PositiveSmallIntegerField("Age", null=True, blank=True)
    age_unknown_why = models.CharField(
        "Why is the date of birth not known?", max_length=200, blank=True
    )
    gender = models.CharField("How do they describe themselves?", max_length=8, choices=Gender)
    language = models.CharField("Language they speak best", max_length=60, default="English")
    needs_interpreter = models.BooleanField("They need an interpreter", default=False)
    contact_methods = ArrayField(
        models.CharField(max_length=20, choices=Contact.choices), default=list, blank=True
    )
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    safe_to_leave_message = models.BooleanField(null=True, blank=True)
    safe_to_contact_at_home = models.BooleanField(null=True, blank=True)
    contact_warning = models.CharField(
        "When or how must nobody contact them?", max_length=300, blank=True
    )
    engagement_tips = models.CharField(
        "What helps to get on with them?", max_length=500, blank=True
    )

    class Meta:
        ordering = ["legal_name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="young_person_has_an_age",
                condition=models.Q(date_of_birth__isnull=False)
                | (models.Q(age_given__isnull=False) & ~models.Q(age_unknown_why="")),
                violation_error_message="Give a date of birth, or an age and why.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "To help this young person, and to reach them safely."
        keep = "until they would be 25, or 6 years after the last case if later"
        fields: ClassVar = {
            "id": "none",
            "legal_name": "personal shared give",
            "known_as": "personal shared give",
            "date_of_birth": "personal team give",
            "age_given": "personal team give",
            "age_unknown_why": "personal team give",
            "gender": "personal team give",
            "language": "personal team give",
            "needs_interpreter": "personal team give",
            "contact_methods": "personal team give",
            "phone": "personal team give",
            "email": "personal team give",
            "safe_to_leave_message": "personal team give",
            "safe_to_contact_at_home": "personal team give",
            "contact_warning": "special team give",
            "engagement_tips": "special team give",
        }

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        return called(self.known_as, self.legal_name)

    def age_on(self, day: date) -> int | None:
        if self.date_of_birth is None:
            return self.age_given
        birthday_passed = (day.month, day.day) >= (self.date_of_birth.month, self.date_of_birth.day)
        return day.year - self.date_of_birth.year - (not birthday_passed)

    @property
    def age(self) -> int | None:
        return self.age_on(today())

    def clean(self) -> None:
        errors = {}
        if self.date_of_birth and self.date_of_birth > today():
            errors["date_of_birth"] = "The date of birth must be in the past."
        elif self.age is not None and not 1 <= self.age <= 120:
            field = "date_of_birth" if self.date_of_birth else "age_given"
            errors[field] = "Check the year: that would make them younger than 1 or older than 120."
        if errors:
            raise ValidationError(errors)


class HomeAddress(models.Model):
    """Where they live, apart from the person: the most dangerous thing that we hold.

    A protected address is masked everywhere; seeing it is a logged act of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    young_person = models.OneToOneField(YoungPerson, on_delete=models.CASCADE, related_name="home")
    lines = models.CharField("Address", max_length=200, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    is_protected = models.BooleanField("Keep this address hidden", default=False)
    no_fixed_address = models.BooleanField("They have no fixed address", default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="home_has_postcode_or_none_fixed",
                condition=~models.Q(postcode="") | models.Q(no_fixed_address=True),
                violation_error_message="Give a postcode, or say that they have no fixed address.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "Which authority answers for them, and how far they can travel."
        keep = "as long as the young person's record"
        fields: ClassVar = {
            "id": "none",
            "young_person": "personal sensitive give",
            "lines": "location sensitive give",
            "postcode": "location sensitive give",
            "is_protected": "personal team give",
            "no_fixed_address": "personal team give",
        }

    def __str__(self) -> str:
        return "Home address"
