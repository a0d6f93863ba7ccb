"""Matches: the list, and the page of one."""

from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import roles
from accounts.models import User
from casework import timeline
from casework.policies import sees_letters, sees_viewers, writes_notes
from casework.queue import PAGE
from casework.viewing import looked
from mentoring import policies, reading, services
from mentoring.models import Match, Mentor, Session
from mentoring.queues import MATCH_QUEUES
from referrals.models import Referral
from referrals.reading import Part

from .frame import MATCH_ROLES, around, buttons, number, page, reader

LATEST = 3
TABS = {"": "Now", "sessions": "Sessions", "timeline": "Timeline"}


def matches(request: HttpRequest) -> HttpResponse:
    """A person's matches, by queue; for a mentor their young people."""
    user = reader(request, *MATCH_ROLES)
    queue = MATCH_QUEUES.get(request.GET.get("queue", ""))
    rows = Match.objects.visible_to(user)
    rows = queue.choose(rows, user) if queue else rows
    found = page(request, rows.with_people())
    makes = user.holds(roles.Coordinator)
    context = {
        "rows": [
            (reading.match_line(row, user), row, policies.logs(row, user)) for row in found.rows
        ],
        "as_mentor": not makes and user.holds(roles.Mentor),
        "makes": makes,
        **around(found, queue, MATCH_QUEUES.values(), user),
    }
    return render(request, "mentoring/matches.html", context)


def find(reference: str, user: User) -> Match:
    rows = Match.objects.visible_to(user).with_people().select_related("coordinator")
    return cast(Match, get_object_or_404(rows, reference=reference))


@transaction.atomic
def match(request: HttpRequest, reference: str) -> HttpResponse:
    """One match, as far as this person may read it. It shows a young person, so that the look is
    kept with the referral too."""
    user = reader(request, *MATCH_ROLES)
    case = find(reference, user)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else ""
    looked(case, by=user, what=tab or "page")
    looked(case.referral, by=user, what="match")
    referral = Referral.objects.visible_to(user).filter(pk=case.referral_id).first()
    is_mentor = policies.is_its_mentor(case, user)
    context = {
        "match": case,
        "line": reading.match_line(case, user),
        "buttons": buttons(case, user),
        "may_log": policies.logs(case, user),
        "may_contact": policies.keeps_contact(case, user),
        "may_write": writes_notes(case, user),
        "may_see_letters": sees_letters(case, user),
        "may_see_viewers": sees_viewers(case, user),
        "is_mentor": is_mentor,
        "is_asked": is_mentor and case.waits_for_mentor,
        "sees_mentor": Mentor.objects.visible_to(user).filter(pk=case.mentor_id).exists(),
        "referral": referral,
        "mentor_stopped": case.mentor.status not in (*Mentor.MATCHABLE, Mentor.State.ON_LEAVE),
        "tabs": [
            {"label": label, "url": f"?tab={code}" if code else "?", "current": code == tab}
            for code, label in TABS.items()
        ],
        "tab": tab,
        **_CONTEXTS[tab](case, user, number(request)),
    }
    return render(request, "mentoring/match.html", context)


def _now(case: Match, user: User, page: int) -> dict[str, Any]:
    sessions = _sessions(case)
    return {
        "planned": reading.session_lines(sessions.planned().order_by("begins_at")),
        "called_off": reading.session_lines(sessions.called_off_ahead().order_by("begins_at")),
        "held": reading.session_lines(sessions.held()[:LATEST]),
        "misses": services.misses_in_a_row(case),
        "parts": _parts(case, user),
        "points": reading.points(case) if _reads_why(case, user) else [],
    }


def _reads_why(case: Match, user: User) -> bool:
    return policies.coordinates(case, user) or policies.manages_escalated(case, user)


def _parts(case: Match, user: User) -> list[Part]:
    """Coordinators read the referral itself."""
    return [] if _reads_why(case, user) else reading.about_person(case)


def _all_sessions(case: Match, user: User, page: int) -> dict[str, Any]:
    begin = (page - 1) * PAGE
    only_moved = {"status": Session.Status.MOVED, "called_off_for": ""}
    rows = list(_sessions(case).exclude(**only_moved)[begin : begin + PAGE + 1])
    return {
        "sessions": reading.session_lines(rows[:PAGE]),
        **_pages("sessions", page, len(rows) > PAGE),
    }


def _sessions(case: Match) -> Any:
    return case.sessions.select_related("note", "recorded_by").prefetch_related(
        "note__corrections__author"
    )


def _timeline(case: Match, user: User, page: int) -> dict[str, Any]:
    entries, has_older = timeline.entries(case, by=user, page=page)
    return {"entries": entries, **_pages("timeline", page, has_older)}


def _pages(code: str, page: int, has_older: bool) -> dict[str, str]:
    return {
        "newer_url": f"?tab={code}&page={page - 1}" if page > 1 else "",
        "older_url": f"?tab={code}&page={page + 1}" if has_older else "",
    }


_CONTEXTS = {"": _now, "sessions": _all_sessions, "timeline": _timeline}
