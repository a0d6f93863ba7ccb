"""The register of mentors."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import roles
from accounts.models import User
from accounts.submissions import once
from casework import timeline
from casework.policies import sees_letters, sees_viewers, writes_notes
from casework.viewing import looked, shown
from mentoring import policies, reading, services
from mentoring.forms import CheckForm, EntryForm, SupervisorForm
from mentoring.models import Match, Mentor
from mentoring.queues import MENTOR_QUEUES

from .frame import REGISTER_ROLES, around, buttons, number, page, reader


def mentors(request: HttpRequest) -> HttpResponse:
    """The register by queue, 25 at a time."""
    user = reader(request, *REGISTER_ROLES)
    queue = MENTOR_QUEUES.get(request.GET.get("queue", ""))
    rows = Mentor.objects.visible_to(user)
    rows = queue.choose(rows, user) if queue else rows
    found = page(request, rows.with_people().with_load())
    context = {
        "rows": [(reading.mentor_line(row, user), row, _first_end(row)) for row in found.rows],
        "may_add": policies.keeps_register(user),
        "whose": _whose(user),
        **around(found, queue, MENTOR_QUEUES.values(), user),
    }
    return render(request, "mentoring/mentors.html", context)


def _whose(user: User) -> str:
    """Which mentors this person's list holds, for when it is empty."""
    if user.holds(roles.SafeguardingLead):
        return "The mentors of your areas show here."
    if user.holds(roles.Supervisor):
        return "Mentors whom you supervise show here."
    if user.holds(roles.ProgrammeManager):
        return "Mentors show here when their next step is so late that it comes up to you."
    return "Your own entry in the register shows here once you have one."


def _first_end(mentor: Mentor) -> str:
    """What runs out first of what matching needs, in words; nothing while all is well."""
    lines = [line for line in reading.checks(mentor) if line.tone in ("late", "soon")]
    if not lines or mentor.is_finished:
        return ""
    line = min(lines, key=lambda each: (each.tone != "late", str(each.until or "")))
    return f"{line.label}: {line.state[0].lower()}{line.state[1:]}"


@transaction.atomic
def mentor(request: HttpRequest, reference: str) -> HttpResponse:
    """One entry of the register; who looked is kept in the same transaction."""
    user = reader(request, *REGISTER_ROLES)
    entry = _find(reference, user)
    looked(entry, by=user)
    asked = number(request)
    entries, has_older = timeline.entries(entry, by=user, page=asked)
    is_self = policies.is_self(entry, user)
    keeps = policies.registers(entry, user)
    matches = Match.objects.visible_to(user).live().filter(mentor=entry).with_people()
    context = {
        "mentor": entry,
        "line": reading.mentor_line(entry, user),
        "buttons": buttons(entry, user),
        "checks": [
            check for check in reading.checks(entry) if keeps or check.state != reading.NOT_YET
        ],
        "facts": reading.mentor_facts(entry, in_full=is_self or keeps),
        "matches": [reading.match_line(match, user) for match in matches],
        "stopped": entry.status == Mentor.State.SUSPENDED,
        "entries": entries,
        "newer_url": f"?page={asked - 1}" if asked > 1 else "",
        "older_url": f"?page={asked + 1}" if has_older else "",
        "may_edit": (is_self or keeps) and not entry.is_finished,
        "keeps": keeps and not entry.is_finished,
        "may_write": writes_notes(entry, user),
        "may_see_letters": sees_letters(entry, user),
        "may_see_viewers": sees_viewers(entry, user),
        "is_self": is_self,
    }
    return render(request, "mentoring/mentor.html", context)


def _find(reference: str, user: User) -> Mentor:
    rows = Mentor.objects.visible_to(user).with_people().with_load()
    return cast(Mentor, get_object_or_404(rows, reference=reference))


@once
def add(request: HttpRequest) -> HttpResponse:
    """Somebody asks to become a mentor."""
    user = cast(User, request.user)
    if not policies.keeps_register(user):
        raise PermissionDenied
    form = EntryForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        entry = services.enquire(by=user, **form.cleaned_data)
        messages.success(request, f"{entry.reference} is in the register as an enquiry.")
        return redirect(entry.home())
    return render(request, "mentoring/entry_form.html", {"form": form})


def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change an entry: coordinators all of it, mentors what is theirs to say."""
    user = cast(User, request.user)
    entry = _find(reference, user)
    if not policies.self_or_registers(entry, user) or entry.is_finished:
        raise PermissionDenied
    form = EntryForm(request.POST or None, instance=entry, by=user)
    if request.method == "POST" and form.is_valid() and _save(form, _find(reference, user), user):
        messages.success(request, "Saved.")
        return redirect(entry.home())
    context = {"form": form, "mentor": entry}
    return shown(request, "mentoring/entry_form.html", context, entry)


def level(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a level, or another supervisor."""
    user = cast(User, request.user)
    entry = _find(reference, user)
    if not policies.registers(entry, user) or entry.status not in Mentor.MENTORING:
        raise PermissionDenied
    initial = {"level": entry.level, "supervisor": entry.supervisor_id}
    form = SupervisorForm(request.POST or None, mentor=entry, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(form, entry, user):
        messages.success(request, "Saved.")
        return redirect(entry.home())
    context = {"form": form, "mentor": entry, "title": "Level and supervisor"}
    return shown(request, "mentoring/small_form.html", context, entry)


def _save(form: Any, entry: Mentor, user: User) -> bool:
    """Hand what was typed to the service; what it finds wrong stands at its field."""
    try:
        services.save_entry(mentor=entry, by=user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@once
def add_check(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down that a check was seen, or a newer one of its kind."""
    user = cast(User, request.user)
    entry = _find(reference, user)
    if not policies.registers(entry, user) or entry.is_finished:
        raise PermissionDenied
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.keep_check(mentor=entry, by=user, **form.cleaned_data)
        messages.success(request, "The check is written down.")
        return redirect(entry.home())
    context = {"form": form, "mentor": entry}
    return shown(request, "mentoring/check_form.html", context, entry)
