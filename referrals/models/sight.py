"""Who may see which referral."""

import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Self

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
        return self.seen_with(Sight.of(user))

    def seen_with(self, sight: "Sight") -> Self:
        """The same, for whoever has this sight."""
        return self.filter(reduce(or_, sight.conditions() or [_NOTHING]))

    def helped_by(self, user: User) -> Self:
        """Those whose way this person works on or answers for: not their referrer, whose colleagues
        and safeguarding leads see them for other reasons."""
        found = Sight.of(user).of_help() if user.is_authenticated else []
        return self.filter(reduce(or_, found or [_NOTHING]))

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

    def not_written_by(self, user: User) -> Self:
        return self.exclude(written_by(user))


_NOTHING = Q(pk__in=[])


def written_by(user: User) -> Q:
    """`policies.wrote` of rows instead of one."""
    return reduce(or_, _wrote(user.places_as(*policies.AUTHORS)), _NOTHING)


def _wrote(places: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> list[Q]:
    return [Q(referred_by=author, organisation=place) for author, place in sorted(places)]


_SENT = ~Q(status=DRAFT)
Ids = frozenset[uuid.UUID]


class Sight(NamedTuple):
    """What decides which referrals somebody sees, and nothing else: one field for each reason to
    see one, empty for who does not have it, so that a list pays for no other."""

    wrote: frozenset[tuple[uuid.UUID, uuid.UUID]]  # as whom, for which organisation
    teams: Ids  # organisations whose people see each other's referrals
    leads: Ids  # areas, as for the next two
    coordinates: Ids
    manages: Ids
    mentors: Ids  # people, as for all that follow: whose place they have
    advises: Ids
    supervises: Ids  # mentors
    supervises_advisers: Ids

    @classmethod
    def of(cls, user: User) -> Self:
        referring = user.memberships_as(roles.Referrer)
        teams = (row.organisation_id for row in referring if row.organisation.team_sees_referrals)
        return cls(
            wrote=frozenset(user.places_as(*policies.AUTHORS)),
            teams=frozenset(teams),
            leads=frozenset(user.area_ids_as(roles.SafeguardingLead)),
            coordinates=frozenset(user.area_ids_as(roles.Coordinator)),
            manages=frozenset(user.area_ids_as(roles.ProgrammeManager)),
            mentors=_places(user, roles.Mentor),
            advises=_places(user, roles.PathwayAdviser),
            supervises=frozenset(user.report_ids_as(roles.Mentor)),
            supervises_advisers=frozenset(user.report_ids_as(roles.PathwayAdviser)),
        )

    def conditions(self) -> list[Q]:
        from .concern import Concern

        seen = _wrote(self.wrote)
        if self.teams:
            seen.append(_SENT & Q(organisation__in=self.teams))
        if self.leads:
            linked = Concern.objects.filter(referral=OuterRef("pk"))
            here = linked.filter(area__in=self.leads)
            seen.append(Q(Exists(linked), area__in=self.leads) | Q(Exists(here)))
        return seen + self.of_help()

    def of_help(self) -> list[Q]:
        """The part that comes from helping: coordinators, workers and who answers for them."""
        seen = []
        if self.coordinates:
            seen.append(_SENT & Q(area__in=self.coordinates))
        for role, people in (
            (Assignment.Role.MENTOR, self.mentors),
            (Assignment.Role.ADVISER, self.advises),
            (Assignment.Role.MENTOR, self.supervises),
            (Assignment.Role.ADVISER, self.supervises_advisers),
        ):
            if people:
                work = _current_work().filter(role=role, worker__in=people)
                seen.append(Q(Exists(work)))
        if self.manages:
            seen.append(_SENT & Q(escalation__gte=4, area__in=self.manages))
        return seen


def _places(user: User, role: type[roles.Role]) -> Ids:
    return frozenset(user.acts_for(role) if user.holds(role) else ())


def _current_work() -> Any:
    return Assignment.objects.current().filter(referral=OuterRef("pk"))
