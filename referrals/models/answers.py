"""What the referrer wrote, section by section. Each section is one row that its form fills."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from referrals import nccis
from referrals.choices import Interest, Level, Part, Scope, Slot
from referrals.choices import Support as Kind


class Section(models.Model):
    """One section of one referral."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(
        "referrals.Referral", on_delete=models.CASCADE, related_name="%(class)s"
    )

    PRIVACY: ClassVar = {"id": "none", "referral": "personal team give"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.referral_id}"


class Agreement(Section):
    """What the young person was told and said: a fact of its own, apart from the lawful basis."""

    class Parent(models.TextChoices):
        KNOWS = "knows", "Yes, a parent or carer knows"
        NOT_YET = "not_yet", "No, not yet"
        UNSAFE = "unsafe", "No, and telling them could put the young person at risk"

    is_told = models.BooleanField("Have you talked to them about this referral?", null=True)
    told_on = models.DateField("When did you talk to them?", null=True, blank=True)
    agrees = models.BooleanField("Do they agree to take part?", null=True, blank=True)
    not_told_why = models.CharField("Why have they not been told?", max_length=500, blank=True)
    parent = models.CharField("Does a parent or carer know?", max_length=8, choices=Parent)
    parent_why = models.CharField("Why not?", max_length=500, blank=True)
    competence_notes = models.CharField(
        "How did you judge that they understand what they agree to?",
        max_length=500,
        blank=True,
        help_text="For under-16s who agree without a parent or carer.",
    )
    notice_version = models.CharField(max_length=20, default="2026-1", editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="agreement_told_or_reason",
                condition=Q(is_told=True, told_on__isnull=False, agrees__isnull=False)
                | (Q(is_told=False) & ~Q(not_told_why="")),
                violation_error_message="Say when you told them and whether they agree, "
                "or why they have not been told.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "Taking part is their choice; we keep what they said."
        keep = "as long as the referral"
        fields: ClassVar = {
            "is_told": "personal team give",
            "told_on": "personal team give",
            "agrees": "personal team give",
            "not_told_why": "special team redact",
            "parent": "personal team give",
            "parent_why": "special team redact",
            "competence_notes": "special team redact",
            "notice_version": "none",
        }


class Need(Section):
    """Why now: what has happened, and what helps. Never a score."""

    happened = models.TextField("What has happened?", max_length=2000)
    helps = models.TextField("What helps?", max_length=2000, blank=True)
    scope = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices),
        verbose_name="What is it about?",
    )
    part = models.CharField("What was their part in it?", max_length=12, choices=Part)

    class Privacy:
        subject = "young person"
        why = "Why they need help now."
        keep = "as long as the referral"
        fields: ClassVar = {
            "happened": "special team redact",
            "helps": "special team give",
            "scope": "criminal team give",
            "part": "criminal team give",
        }


class Risk(Section):
    """Who could come to harm, from what and how soon. Facts and views in separate boxes."""

    to_self = models.CharField("Risk to themselves", max_length=8, choices=Level)
    from_others = models.CharField("Risk from other people", max_length=8, choices=Level)
    to_others = models.CharField(
        "Risk to other people, staff or venues", max_length=8, choices=Level
    )
    fact = models.TextField("What do you know?", max_length=4000, blank=True)
    opinion = models.TextField("What do you think?", max_length=4000, blank=True)
    what_to_do = models.CharField("What should a worker do or avoid?", max_length=500, blank=True)
    understands_readers = models.BooleanField("I understand who will see this", default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="risk_readers_understood",
                condition=Q(understands_readers=True),
                violation_error_message="Tick to say that you understand who will see this.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "To keep them and those who help them safe."
        keep = "as long as the referral"
        fields: ClassVar = {
            "to_self": "special sensitive give",
            "from_others": "special sensitive give",
            "to_others": "special sensitive give",
            "fact": "special sensitive redact",
            "opinion": "special sensitive redact",
            "what_to_do": "special team give",
            "understands_readers": "none",
        }

    @property
    def is_high(self) -> bool:
        return Level.HIGH in (self.to_self, self.from_others, self.to_others)


class Education(Section):
    """Education, training or work as the referrer knows it, in the words of NCCIS."""

    class Source(models.TextChoices):
        SCHOOL = "school", "The school or college"
        SELF = "self", "The young person"
        AUTHORITY = "authority", "The council's records"
        WORKER = "worker", "My own knowledge"

    status = models.CharField("What are they doing now?", max_length=3, choices=nccis.choices)
    since = models.DateField("Since when?", null=True, blank=True)
    source = models.CharField("Who says so?", max_length=10, choices=Source)
    school = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    year_group = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(14)]
    )
    sessions_possible = models.PositiveSmallIntegerField(null=True, blank=True)
    sessions_missed = models.PositiveSmallIntegerField(null=True, blank=True)
    suspensions = models.PositiveSmallIntegerField("Suspensions this year", null=True, blank=True)
    hopes = models.CharField("What would they like to be doing?", max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="education_missed_within_possible",
                condition=Q(sessions_missed__isnull=True)
                | Q(sessions_missed__lte=F("sessions_possible")),
                violation_error_message="They cannot have missed more sessions than there were.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "A place in education, training or work is what we help them to."
        keep = "as long as the referral"
        fields: ClassVar = {
            "status": "personal shared give",
            "since": "personal shared give",
            "source": "none",
            "school": "personal team give",
            "year_group": "personal team give",
            "sessions_possible": "personal team give",
            "sessions_missed": "personal team give",
            "suspensions": "personal team give",
            "hopes": "personal shared give",
        }

    @property
    def absence(self) -> int | None:
        """Sessions missed in percent of those possible; 10 is persistent, 50 severe (DfE)."""
        if not self.sessions_possible or self.sessions_missed is None:
            return None
        return round(100 * self.sessions_missed / self.sessions_possible)


class Support(Section):
    """What help is asked for, and what kind of person they would get on with."""

    class MentorGender(models.TextChoices):
        ANY = "any", "No preference"
        FEMALE = "female", "A woman"
        MALE = "male", "A man"

    kinds = ArrayField(
        models.CharField(max_length=12, choices=Kind.choices),
        verbose_name="What support are you asking for?",
    )
    mentor_gender = models.CharField(
        "Would they get on better with a man or a woman?",
        max_length=8,
        choices=MentorGender,
        default=MentorGender.ANY,
    )
    gender_required = models.BooleanField("They would not take part otherwise", default=False)
    mentor_language = models.CharField("Language a mentor should speak", max_length=60, blank=True)
    language_required = models.BooleanField("They would need this language", default=False)
    interests = ArrayField(
        models.CharField(max_length=20, choices=Interest.choices), default=list, blank=True
    )
    free_times = ArrayField(
        models.CharField(max_length=12, choices=Slot.choices), default=list, blank=True
    )
    travel_km = models.PositiveSmallIntegerField(
        "How far can they travel (km)?", default=10, validators=[MaxValueValidator(60)]
    )

    class Privacy:
        subject = "young person"
        why = "To match them with somebody they will get on with."
        keep = "as long as the referral"
        fields: ClassVar = {
            "kinds": "personal shared give",
            "mentor_gender": "personal team give",
            "gender_required": "personal team give",
            "mentor_language": "personal team give",
            "language_required": "personal team give",
            "interests": "personal team give",
            "free_times": "personal team give",
            "travel_km": "personal team give",
        }
