"""What the page of a referral shows of mentoring: a tab of its own."""

from typing import Any

from django.urls import reverse

from accounts import roles
from accounts.models import User
from mentoring import policies, reading, services
from mentoring.models import Match
from referrals.choices import Support
from referrals.models import Referral
from referrals.views.buttons import Button
from referrals.views.tabs import Tab

LATEST = 5


def context(referral: Referral, user: User, page: int) -> dict[str, Any]:
    """Its matches as far as this person may see them, the latest sessions, and the way to a
    mentor."""
    matches = list(Match.objects.visible_to(user).filter(referral=referral).with_people()[:LATEST])
    live = next((match for match in matches if match.is_live), None)
    held = live.sessions.held().select_related("note", "recorded_by") if live else []
    return {
        "matches": [(reading.match_line(match, user), match) for match in matches],
        "live": live,
        "held": reading.session_lines(held[:LATEST] if live else []),
        "may_find": _may_find(referral, user),
    }


def _may_find(referral: Referral, user: User) -> bool:
    return policies.sees_proposal(referral, user) and not services.why_not_now(referral)


def acts(referral: Referral, user: User) -> list[Button]:
    """The way to a mentor: the first thing to do for somebody who was accepted to have one. For
    their mentor the first contact, until it is written down."""
    if match := _to_reach(referral, user):
        return [Button("Write down a contact", reverse("mentoring:contact", args=[match]))]
    if not _may_find(referral, user):
        return []
    support = getattr(referral, "support", None)
    is_next = referral.status == Referral.State.ACCEPTED and (
        support is None or Support.MENTORING in support.kinds
    )
    url = reverse("mentoring:proposal", args=[referral.reference])
    return [Button("Find a mentor", url, "" if is_next else "secondary")]


def _to_reach(referral: Referral, user: User) -> str:
    """The reference of the match whose mentor this person is and still has to get in touch."""
    if referral.status != Referral.State.ACTIVE or not user.holds(roles.Mentor):
        return ""
    rows = Match.objects.live().filter(referral=referral, contacted_at__isnull=True)
    match = rows.select_related("mentor").first()
    is_theirs = match and match.awaits_meeting and policies.is_its_mentor(match, user)
    return match.reference if match and is_theirs else ""


def is_for(referral: Referral, user: User) -> bool:
    """Once it is accepted; those who work on it, coordinators and leads."""
    S = Referral.State
    before = (S.DRAFT, S.SUBMITTED, S.TRIAGE, S.INFO_NEEDED, S.HELD, S.DECLINED, S.REDIRECTED)
    return referral.status not in before and "team" in referral.bands_for(user)


TAB = Tab("mentor", "Mentor", "mentoring/tab.html", context, is_for, acts)
