"""Who may see which referral."""

from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from accounts import roles
from accounts.models import User
from casework.models import CaseQuerySet
from referrals import policies

from . import brief
from .work import Assignment

DRAFT = "draft"
_IN_A_LINE = (
    *("reference", "status", "area", "owner_role", "due_at", "entered_at", "created_at"),
    *("escalation", "referred_by", "organisation", "stopped_at", "released_at"),
    *("young_person__legal_name", "young_person__known_as", "owner__name"),
)


class ReferralQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Who may see which referral; the only door for every page, list, count, export and API.

        Authors see their own, colleagues too where their organisation says so; coordinators what
        was sent in their areas; safeguarding leads what a concern is linked to; workers what they
        are assigned to while they are, and their supervisors with them; programme managers what has
        escalated to them. Everybody else sees none.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(reduce(or_, _sight(user)))

    def helped_by(self, user: User) -> Self:
        """Those whose way this person works on or answers for: not their referrer, whose colleagues
        and safeguarding leads see them for other reasons."""
        found = _help(user) if user.is_authenticated else []
        return self.filter(reduce(or_, found)) if found else self.none()

    def with_people(self) -> Self:
        """What a list or a page shows beside the referral itself."""
        return self.select_related(
            "young_person", "owner", "area", "programme", "organisation", "referred_by"
        )

    def for_lines(self, user: User) -> Self:
        """What `progress.line()` shows this person and asks about, and no more: a long list reads
        few columns, and assignments only for those who may have some."""
        rows = self.select_related("young_person", "owner").only(*_IN_A_LINE)
        if user.holds(roles.Mentor, roles.PathwayAdviser, roles.Supervisor):
            rows = rows.prefetch_related("assignments")
        if user.holds(roles.SafeguardingLead):
            rows = rows.prefetch_related("concerns")
        return rows

    def in_brief(self) -> list[brief.Brief]:
        """The same, quickly: for a long list."""
        return brief.LINES.read(list(self.values_list("pk", flat=True)))

    def with_workers(self) -> Self:
        """Who works with them, which also decides how much of it somebody reads."""
        return self.prefetch_related("assignments__worker")

    def whole(self) -> Self:
        """Everything that its own page shows of it."""
        return (
            self.with_people()
            .with_workers()
            .prefetch_related("concerns")
            .select_related(
                "coordinator",
                "young_person__home",
                "agreement",
                "need",
                "risk",
                "education__school",
                "support",
            )
        )

    def sent(self) -> Self:
        return self.exclude(status=DRAFT)

    def drafts_of(self, user: User) -> Self:
        return self.filter(status=DRAFT, referred_by=user)


def _sight(user: User) -> list[Q]:
    """One condition per role that the person holds, so that a list pays for no other."""
    from .concern import Concern

    sent = ~Q(status=DRAFT)
    places = user.places_as(*policies.AUTHORS)
    seen = [Q(referred_by=author, organisation=place) for author, place in sorted(places)]
    teams = [
        row.organisation_id
        for row in user.memberships_as(roles.Referrer)
        if row.organisation.team_sees_referrals
    ]
    if teams:
        seen.append(sent & Q(organisation__in=teams))
    if user.holds(roles.SafeguardingLead):
        linked = Concern.objects.filter(referral=OuterRef("pk"))
        areas = user.area_ids_as(roles.SafeguardingLead)
        seen.append(Q(Exists(linked), area__in=areas) | Q(Exists(linked.filter(area__in=areas))))
    return seen + _help(user) or [Q(pk__in=[])]


def _help(user: User) -> list[Q]:
    """The part of sight that comes from helping: coordinators, workers and who answers for them."""
    sent, seen = ~Q(status=DRAFT), []
    if user.holds(roles.Coordinator):
        seen.append(sent & Q(area__in=user.area_ids_as(roles.Coordinator)))
    for role, held in (
        (Assignment.Role.MENTOR, roles.Mentor),
        (Assignment.Role.ADVISER, roles.PathwayAdviser),
    ):
        if user.holds(held):
            mine = _current_work().filter(role=role, worker__in=user.acts_for(held))
            seen.append(Q(Exists(mine)))
    if user.holds(roles.Supervisor):
        seen.append(Q(Exists(_current_work().filter(worker__in=user.report_ids))))
    if user.holds(roles.ProgrammeManager):
        areas = user.area_ids_as(roles.ProgrammeManager)
        seen.append(sent & Q(escalation__gte=4, area__in=areas))
    return seen


def _current_work() -> Any:
    return Assignment.objects.current().filter(referral=OuterRef("pk"))
