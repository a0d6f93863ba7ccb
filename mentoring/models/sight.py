"""Who may see whom in the register, which match and which session."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts import roles
from accounts.models import User
from casework.calendar import now
from casework.models import CaseQuerySet
from mentoring.choices import Check
from mentoring.standard import MANDATORY

# A match that holds one of its mentor's places; from `approved` on its mentor sees it.
LIVE = ("approved", "accepted", "introduced", "active", "paused", "closing")


class CredentialQuerySet(models.QuerySet[Any]):
    def in_date(self, on: date) -> Self:
        """Those that count on that day: given by then, not run out, and no status check against
        it."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=on), issued_on__lte=on
        ).exclude(kind=Check.DBS, status_clear=False)


class MentorQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Coordinators and safeguarding leads see the register of their areas; supervisors the
        mentors they supervise; mentors themselves; programme managers what escalated to them."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = Q(user=user.pk)
        if user.holds(roles.Coordinator, roles.SafeguardingLead):
            seen |= Q(area__in=user.area_ids_as(roles.Coordinator, roles.SafeguardingLead))
        if user.holds(roles.Supervisor):
            seen |= Q(supervisor__in=user.acts_for(roles.Supervisor))
            seen |= Q(user__in=user.report_ids_as(roles.Mentor))
        if user.holds(roles.ProgrammeManager):
            seen |= Q(escalation__gte=4, area__in=user.area_ids_as(roles.ProgrammeManager))
        return self.filter(seen)

    def with_people(self) -> Self:
        """What a list or a page shows beside the entry itself, with its checks and its load."""
        return self.select_related(
            "user", "owner", "area", "organisation", "supervisor"
        ).prefetch_related("credentials")

    def with_load(self) -> Self:
        """`load`: how many of their places are taken."""
        return self.annotate(load=Count("matches", filter=Q(matches__status__in=LIVE)))

    def mentoring(self) -> Self:
        return self.filter(status__in=self.model.MENTORING)

    def lapsed(self, on: date) -> Self:
        """Those with a mandatory check that does not count on that day."""
        credentials = self.model._meta.get_field("credentials").related_model._default_manager
        held = (
            credentials.in_date(on)
            .filter(mentor=OuterRef("pk"), kind__in=MANDATORY)
            .order_by()
            .values("mentor")
            .annotate(kinds=Count("kind", distinct=True))
            .values("kinds")
        )
        count = Coalesce(Subquery(held, output_field=IntegerField()), 0)
        return self.alias(held_kinds=count).filter(held_kinds__lt=len(MANDATORY))


class MatchQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Coordinators of the area; its mentor and whom they report to, from being asked until the
        end; programme managers what escalated to them."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = Q(pk__in=[])
        if user.holds(roles.Coordinator):
            seen |= Q(area__in=user.area_ids_as(roles.Coordinator))
        if user.holds(roles.Mentor):
            seen |= Q(status__in=LIVE, mentor__user__in=user.acts_for(roles.Mentor))
        if user.holds(roles.Supervisor):
            seen |= Q(status__in=LIVE, mentor__user__in=user.report_ids_as(roles.Mentor))
        if user.holds(roles.ProgrammeManager):
            seen |= Q(escalation__gte=4, area__in=user.area_ids_as(roles.ProgrammeManager))
        return self.filter(seen)

    def with_people(self) -> Self:
        """What a list or a page shows beside the match itself."""
        return self.select_related(
            "referral__young_person", "referral__area", "mentor__user", "owner", "area"
        )

    def live(self) -> Self:
        return self.filter(status__in=LIVE)


class SessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        matches: Any = self.model._meta.get_field("match").related_model
        return self.filter(match__in=matches._default_manager.visible_to(user))

    def held(self) -> Self:
        return self.filter(status="held")

    def planned(self) -> Self:
        return self.filter(status="planned")

    def ahead(self) -> Self:
        """Planned, and their time has not come."""
        return self.planned().filter(begins_at__gt=now())

    def called_off_ahead(self) -> Self:
        """Called off, and their time has not come: somebody may still have to be told."""
        return self.exclude(called_off_for="").filter(begins_at__gt=now())


class KeepApartQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Coordinators see what is not restricted of young people of their areas; safeguarding
        leads see all."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        leads = Q(young_person__referrals__area__in=user.area_ids_as(roles.SafeguardingLead))
        coordinates = Q(
            is_restricted=False,
            young_person__referrals__area__in=user.area_ids_as(roles.Coordinator),
        )
        return self.filter(leads | coordinates).distinct()

    def in_force(self) -> Self:
        return self.filter(ended_at__isnull=True)
