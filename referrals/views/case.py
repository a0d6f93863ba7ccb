"""The page of a referral: a task list for its author, a stage for its referrer, the work for its
team."""

from io import BytesIO
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts.models import User
from casework.models.notes import Band
from casework.policies import sees_letters, sees_viewers, writes_notes
from casework.viewing import looked
from cms.services import safeguarding_numbers
from cms.signposting import services_named
from referrals import policies, progress
from referrals.models import Referral
from referrals.reading import Part, answers, written_to_referrer
from referrals.reports import summary_pdf
from referrals.sections import tasks

from . import tabs
from .buttons import Button, buttons

MOST_PAGES = 1000


@transaction.atomic
def referral(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral, as far as this person may read it; who looked is kept in the same
    transaction."""
    user = cast(User, request.user)
    case = _find(reference, user)
    if case.status == Referral.State.DRAFT and policies.wrote(case, user):
        looked(case, by=user)
        return render(request, "referrals/tasks.html", _for_author(case))
    if progress.reads_as_referrer(case, user):
        looked(case, by=user)
        return render(request, "referrals/referrer.html", _for_referrer(case, user))
    return render(request, "referrals/case.html", _for_team(request, case, user))


def _find(reference: str, user: User) -> Referral:
    return get_object_or_404(Referral.objects.visible_to(user).whole(), reference=reference)


def _for_author(case: Referral) -> dict[str, Any]:
    return {
        "referral": case,
        "tasks": tasks(case),
        "has_concern": case.concerns.exists(),
        "letters": written_to_referrer(case),
        "numbers": safeguarding_numbers(area_id=case.area_id),
    }


def _for_referrer(case: Referral, user: User) -> dict[str, Any]:
    """Colleagues of the author follow it without anybody's words."""
    is_theirs = policies.wrote(case, user)
    return {
        "referral": case,
        "line": progress.line(case, user),
        "stages": progress.stages(case),
        "next": progress.next_for_referrer(case),
        "workers": progress.workers(case),
        "question": case.questions.filter(is_open=True).first() if is_theirs else None,
        "buttons": buttons(case, user),
        "parts": _read_by(case, user),
        "letters": written_to_referrer(case) if is_theirs else [],
        "services": services_named(case.signposted_to),
        "numbers": safeguarding_numbers(area_id=case.area_id),
        "concerns": [
            progress.concern_line(concern, user)
            for concern in case.concerns.visible_to(user).with_people()
        ],
    }


def _for_team(request: HttpRequest, case: Referral, user: User) -> dict[str, Any]:
    shown = tabs.tabs_for(case, user)
    chosen = next((tab for tab in shown if tab.code == request.GET.get("tab")), shown[0])
    looked(case, by=user, what=_what(case, user, chosen, is_first=chosen is shown[0]))
    in_full = policies.reads_everything(case, user)
    return {
        "referral": case,
        "line": progress.line(case, user),
        "flags": progress.flags(case, in_full=in_full),
        "buttons": _buttons(case, user, shown),
        "tabs": tabs.links(shown, chosen),
        "tab": chosen,
        "may_write": writes_notes(case, user),
        "may_see_letters": sees_letters(case, user),
        "may_see_viewers": sees_viewers(case, user),
        "may_see_address": policies.sees_address(case, user) and _is_hidden(case),
        **chosen.context(case, user, _page(request)),
    }


def _what(case: Referral, user: User, tab: tabs.Tab, *, is_first: bool) -> str:
    """What of it is looked at; of notes the closest band that this person reads."""
    if tab.code == "notes":
        bands = case.bands_for(user)
        return f"notes:{[band.value for band in Band if band in bands][-1]}"
    return "page" if is_first else tab.code


def _buttons(case: Referral, user: User, shown: list[tabs.Tab]) -> list[Button]:
    """Its moves and what its tabs add, the primary one first."""
    added = [button for tab in shown for button in tab.acts(case, user)]
    return sorted([*buttons(case, user), *added], key=lambda button: bool(button.kind))


def _read_by(case: Referral, user: User) -> list[Part]:
    """The answers this person may read. Colleagues of the author follow it without its words."""
    if policies.reads_everything(case, user):
        return answers(case, all_of_it=True)
    return [] if progress.reads_as_referrer(case, user) else answers(case, all_of_it=False)


def _is_hidden(case: Referral) -> bool:
    home = getattr(case.young_person, "home", None)
    return home is not None and home.is_protected


def _page(request: HttpRequest) -> int:
    """The page that was asked for; the first for anything that is no number."""
    typed = request.GET.get("page", "1")[:6]
    number = int(typed) if typed.isascii() and typed.isdecimal() else 1
    return min(max(number, 1), MOST_PAGES)


@require_POST
@transaction.atomic
def address(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a protected address: an act of its own that leaves its own Viewing."""
    user = cast(User, request.user)
    case = _find(reference, user)
    if not policies.sees_address(case, user):
        raise PermissionDenied
    looked(case, by=user, what="address")
    home = getattr(case.young_person, "home", None)
    return render(request, "referrals/address.html", {"referral": case, "home": home})


@transaction.atomic
def summary(request: HttpRequest, reference: str) -> FileResponse:
    """One page about the referral as PDF, with what this person may read."""
    user = cast(User, request.user)
    case = _find(reference, user)
    if case.status == Referral.State.DRAFT:
        raise PermissionDenied
    looked(case, by=user, what="pdf")
    return FileResponse(
        BytesIO(summary_pdf(case, _read_by(case, user), reader=user)),
        filename=f"referral-{case.reference}.pdf",
        content_type="application/pdf",
    )
