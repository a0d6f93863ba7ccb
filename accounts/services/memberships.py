"""Roles given, covered and ended."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts import access, handover, policies, roles
from accounts.clock import now, today
from accounts.models import Area, Membership, Organisation, User

log = logging.getLogger("waymark.access")


class WorkRemains(Exception):
    """The role cannot end: this work would be nobody's. `lines` names each piece."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(f"{len(lines)} pieces of open work would be left behind")
        self.lines = list(lines)


@transaction.atomic
def grant(
    *,
    by: User | None,
    user: User,
    organisation: Organisation,
    role: type[roles.Role],
    areas: Iterable[Area] = (),
    reports_to: User | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give a role. ValidationError in words for people; PermissionDenied if `by` may not."""
    chosen = list(areas)
    if by is not None and (by.pk == user.pk or not policies.grants(by, organisation, role)):
        raise PermissionDenied
    _check_areas(by, organisation, role, chosen)
    _check_reports_to(user, reports_to)
    _check_one_organisation(user, organisation, role)
    membership = Membership(
        user=user,
        organisation=organisation,
        role=role.code,
        starts_on=starts_on or today(),
        ends_on=ends_on,
        reports_to=reports_to,
        granted_by=by,
    )
    membership.full_clean()
    membership.save()
    membership.areas.set(chosen)
    access.record("role_granted", user=user, role=role.code, by=by.pk if by else "system")
    return membership


def _check_areas(
    by: User | None, organisation: Organisation, role: type[roles.Role], chosen: list[Area]
) -> None:
    if role.by_area and not chosen:
        raise ValidationError({"areas": f"Choose the areas that this {role.name.lower()} is for."})
    if by is None or policies.administers(by) or not organisation.areas.exists():
        return
    served = set(Area.objects.within(organisation.areas.all()).values_list("pk", flat=True))
    if outside := [area.name for area in chosen if area.pk not in served]:
        raise ValidationError(
            {"areas": f"{organisation.name} does not work in {', '.join(outside)}."}
        )


def _check_one_organisation(user: User, organisation: Organisation, role: type[roles.Role]) -> None:
    """Somebody is a mentor or an adviser of one organisation: who supervises them or stands in for
    them there sees all that they do."""
    if role not in roles.WORKERS:
        return
    held = Membership.objects.current().filter(user=user, role=role.code)
    if elsewhere := held.exclude(organisation=organisation).select_related("organisation").first():
        raise ValidationError(
            f"They are a {role.name.lower()} of {elsewhere.organisation} already. "
            "That role has to end first."
        )


def _check_reports_to(user: User, reports_to: User | None) -> None:
    """Escalation climbs along `reports_to`; a circle would have no top."""
    above, seen = {reports_to.pk} if reports_to else set(), set()
    while above:
        if user.pk in above:
            raise ValidationError({"reports_to": "That would make them report to themselves."})
        seen |= above
        current = Membership.objects.current().filter(user__in=above, reports_to__isnull=False)
        above = set(current.values_list("reports_to", flat=True)) - seen


@transaction.atomic
def end_membership(
    *,
    by: User | None,
    membership: Membership,
    on: date | None = None,
    hand_over_to: User | None = None,
) -> Membership:
    """End a role on a day (today when none is given), its open work first handed over.

    Raises WorkRemains with the list when work would be left. Today or earlier takes effect at once;
    with a day to come the work goes now, the role stays until that day is over, and what comes in
    meanwhile follows it then (`end_what_has_run_out`).
    """
    if by is not None and not policies.ends(by, membership):
        raise PermissionDenied
    keep_an_administrator(Membership.objects.filter(pk=membership.pk))
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if row.ended_at:
        raise ValidationError("This role has already ended.")
    last = max(on or today(), row.starts_on)
    give_away(by=by, memberships=[row], to=hand_over_to)
    row.ends_on, row.successor = last, hand_over_to
    if last <= today():
        row.ended_at, row.ended_by = now(), by
        row.cover = row.cover_from = row.cover_until = None
        _let_go_of_reports(row, to=hand_over_to)
    row.full_clean(exclude=["areas"])
    row.save()
    access.record("role_ended", user=row.user, role=row.role, by=by.pk if by else "system")
    return row


def end_what_has_run_out() -> int:
    """End roles whose last day has passed, what came in since handed to who was named for it.
    Returns how many ended. What fits nobody stays, and is told as a case whose owner has left."""
    ended = 0
    for membership in Membership.objects.run_out().select_related("successor"):
        try:
            end_membership(
                by=None,
                membership=membership,
                on=membership.ends_on,
                hand_over_to=membership.successor,
            )
        except Exception as error:  # one role that cannot end must not keep the others
            log.warning("role %s cannot end: %s", membership.pk, type(error).__name__)
        else:
            ended += 1
    return ended


def _let_go_of_reports(membership: Membership, *, to: User | None) -> None:
    """Workers who reported to a supervisor report to who takes over, or to nobody: a supervisor who
    comes to be one elsewhere must not have them still."""
    if membership.role != roles.Supervisor.code:
        return
    follows = to if to is not None and to.holds(roles.Supervisor) else None
    workers = Membership.objects.filter(role__in=[role.code for role in roles.WORKERS])
    workers.filter(reports_to=membership.user).update(reports_to=follows)


def give_away(*, by: User | None, memberships: Sequence[Membership], to: User | None) -> None:
    """Hand over all open work of these memberships; WorkRemains with the list of what is left."""
    if to is not None:
        for membership in memberships:
            if handover.open_work(membership):
                handover.hand_over(membership=membership, to=to, by=by)
    if lines := [line for membership in memberships for line in handover.open_work(membership)]:
        raise WorkRemains(lines)


def keep_an_administrator(leaving: QuerySet[Membership]) -> None:
    """Refuse to take away the last administrator who can sign in.

    Asked before any other row is locked: two who end each other at the same moment come here one
    after the other, and the second sees what the first did.
    """
    held = Membership.objects.in_force().as_role(roles.Administrator)
    if not held.filter(pk__in=leaving.values("pk")).exists():
        return
    every = Membership.objects.as_role(roles.Administrator).order_by("pk")
    list(every.select_for_update().values_list("pk"))
    staying = held.filter(user__joined_at__isnull=False).exclude(pk__in=leaving.values("pk"))
    if not staying.exists():
        raise ValidationError("There would be no administrator left. Invite another one first.")


def successors(membership: Membership, *, by: User) -> "list[User]":
    """Who could take over: people `by` may see who hold the same role now, and joined."""
    held = Membership.objects.in_force().filter(role=membership.role).values("user")
    people = User.objects.visible_to(by) | User.objects.filter(pk=membership.reports_to_id)
    return list(
        people.filter(pk__in=held, joined_at__isnull=False)
        .exclude(pk=membership.user_id)
        .order_by("name", "pk")
    )


def may_cover(membership: Membership, *, by: User | None) -> "list[User]":
    """Who may stand in: colleagues with the same role here, whom the person reports to, and, when
    an administrator arranges it, anybody who works here. Cover gives the whole role, so no more."""
    here = Membership.objects.in_force().filter(organisation=membership.organisation_id)
    if by is not None and not policies.administers(by):
        here = here.filter(role=membership.role)
    people = User.objects.filter(pk__in=here.values("user")) | User.objects.filter(
        pk=membership.reports_to_id
    )
    return list(
        people.filter(is_active=True, joined_at__isnull=False)
        .exclude(pk=membership.user_id)
        .order_by("name", "pk")
    )


@transaction.atomic
def set_cover(
    *, by: User | None, membership: Membership, cover: User, first: date, last: date
) -> Membership:
    """Somebody acts for a person from the first to the last day of an absence, both included."""
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if by is not None and not policies.arranges_cover(by, row):
        raise PermissionDenied
    if cover not in may_cover(row, by=by):
        raise ValidationError({"cover": "Choose somebody who may stand in for this role."})
    row.cover, row.cover_from, row.cover_until = cover, first, last
    row.full_clean(exclude=["areas"])
    row.save()
    access.record("cover_set", user=row.user, cover=cover.pk, by=by.pk if by else "system")
    return row


@transaction.atomic
def end_cover(*, by: User | None, membership: Membership) -> Membership:
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if by is not None and not policies.arranges_cover(by, row):
        raise PermissionDenied
    row.cover = row.cover_from = row.cover_until = None
    row.save()
    access.record("cover_ended", user=row.user, by=by.pk if by else "system")
    return row
