import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q

from accounts import roles
from accounts.clock import today

if TYPE_CHECKING:
    from .people import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: "User") -> "MembershipQuerySet":
        """One's own, and those at the organisations whose people one manages."""
        if user.holds(roles.Administrator):
            return self.all()
        managed = user.organisation_ids_as(roles.OrganisationAdministrator)
        return self.filter(Q(user=user.pk) | Q(organisation__in=managed))

    def current(self) -> "MembershipQuerySet":
        """In force, to come, or of somebody who cannot sign in now: not ended, not run out."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today()), ended_at__isnull=True)

    def in_force(self) -> "MembershipQuerySet":
        """Dated to include today and not ended, of a person and an organisation that are active."""
        day = today()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            starts_on__lte=day,
            ended_at__isnull=True,
            user__is_active=True,
            organisation__is_open=True,
        )

    def away(self) -> "MembershipQuerySet":
        day = today()
        return self.filter(cover__isnull=False, cover_from__lte=day, cover_until__gte=day)

    def run_out(self) -> "MembershipQuerySet":
        """Their last day has passed, and what they had has not been looked at since."""
        return self.filter(ended_at__isnull=True, ends_on__lt=today())

    def as_role(self, *wanted: type[roles.Role]) -> "MembershipQuerySet":
        return self.filter(role__in=[role.code for role in wanted])

    def for_area(self, area_id: uuid.UUID) -> "MembershipQuerySet":
        """Those whose areas include this one, directly or from above."""
        from .areas import Area

        path = Area.objects.filter(pk=area_id).values_list("path", flat=True).first() or ""
        codes = [code for code in path.split("/") if code]
        return self.filter(areas__code__in=codes).distinct()

    @staticmethod
    def _areas_below(membership_ids: list[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
        found: dict[uuid.UUID, set[uuid.UUID]] = {}
        if not membership_ids:
            return found
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT held.membership_id, below.id
                FROM accounts_membership_areas held
                JOIN accounts_area top ON top.id = held.area_id
                JOIN accounts_area below ON starts_with(below.path, top.path)
                WHERE held.membership_id = ANY(%s)
                """,
                [membership_ids],
            )
            for membership_id, area_id in cursor.fetchall():
                found.setdefault(membership_id, set()).add(area_id)
        return found


class Membership(models.Model):
    """One person's role at one organisation, for some areas, from a day until a day."""

    area_ids: set[uuid.UUID] = set()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=24, choices=roles.choices)
    areas = models.ManyToManyField("accounts.Area", blank=True, related_name="memberships")
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Nobody: the system, at setup.",
    )
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="From this moment the role is gone, whatever its last day."
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who takes over what has come in by the end of the last day.",
    )
    reports_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="covers",
        help_text="Who acts for this person while they are away.",
    )
    cover_from = models.DateField(null=True, blank=True)
    cover_until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True, ends_on__isnull=True),
                name="membership_once",
                violation_error_message="This person already has this role at this organisation.",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="A role cannot end before it starts.",
            ),
            models.CheckConstraint(
                name="membership_ended_has_a_last_day",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ends_on__isnull=False),
                violation_error_message="A role that has ended has a last day.",
            ),
            models.CheckConstraint(
                name="membership_does_not_cover_or_report_to_itself",
                condition=(Q(cover__isnull=True) | ~Q(cover=F("user")))
                & (Q(reports_to__isnull=True) | ~Q(reports_to=F("user"))),
                violation_error_message="Nobody reports to or stands in for themselves.",
            ),
            models.CheckConstraint(
                name="membership_cover_has_dates",
                condition=Q(cover__isnull=True, cover_from__isnull=True, cover_until__isnull=True)
                | Q(
                    cover_from__isnull=False,
                    cover_until__isnull=False,
                    cover_until__gte=F("cover_from"),
                ),
                violation_error_message="Give the first and the last day of the absence.",
            ),
        ]

    class Privacy:
        subject = "user"
        why = "What a person may do, where and since when."
        keep = "six years after it ends"
        fields: ClassVar = {
            "id": "none",
            "user": "personal team give",
            "organisation": "personal team give",
            "role": "personal team give",
            "starts_on": "personal team give",
            "ends_on": "personal team give",
            "granted_by": "personal management give",
            "ended_at": "personal team give",
            "ended_by": "personal management give",
            "successor": "personal team give",
            "reports_to": "personal team give",
            "cover": "personal team give",
            "cover_from": "personal team give",
            "cover_until": "personal team give",
        }

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.organisation}"

    @property
    def role_class(self) -> type[roles.Role]:
        return roles.by_code[self.role]

    @property
    def is_away(self) -> bool:
        return bool(
            self.cover_id
            and self.cover_from
            and self.cover_until
            and self.cover_from <= today() <= self.cover_until
        )
