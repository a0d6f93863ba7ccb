"""Pages that every kind of case shares: a move, a note, and the letters that could not be sent."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from accounts import roles
from accounts.models import User

from . import outbox, policies, registry
from .forms import CorrectionForm, MoveForm, NoteForm
from .models import Case, ClockRule, Message, Note
from .viewing import shown
from .workflow import Conflict, Move, move, transition_for, transitions_of


def find(model: type[Case], reference: str, user: Any) -> Case:
    """The case with this reference, if this person may see it; 404 otherwise, the same for both."""
    cases = cast(Any, model._default_manager).visible_to(user).select_related("area", "owner")
    return cast(Case, get_object_or_404(cases, reference=reference))


def transition(
    request: HttpRequest, reference: str, name: str, *, model: type[Case]
) -> HttpResponse:
    """The one page for every move of every kind of case: ask what the move needs, then make it."""
    user = cast(User, request.user)
    case = find(model, reference, user)
    form_class = _form_for(model, name)
    current = transition_for(case, name)
    asked = current or transitions_of(model)[name][0]
    if not asked.has_perm(case, user):
        raise PermissionDenied
    if current is None:
        raise Conflict(case, name)
    form = form_class(request.POST or None, case=case, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            case = move(case, name, by=user, expect=form.cleaned_data["version"], **form.details())
        except ValidationError as error:
            _show(error, form)
        else:
            messages.success(request, _done(case, current))
            return redirect(after(case, user))
    context = {
        "case": case,
        "form": form,
        "custom": current.custom,
        "told": _told(current.custom),
        "afterwards": current.custom.get("then") or _afterwards(case, current),
    }
    return shown(request, "casework/transition.html", context, case)


def _done(case: Case, made: Any) -> str:
    """What a move changed; or, when the state is what it was, what it did."""
    if made.source != made.target:
        return f"{case.reference} is now: {case.get_status_display()}."
    return f"{case.reference}: you {made.custom['did']}."


def _told(custom: Move) -> list[str]:
    """Whom the letters of a move go to, in words: "the referrer"."""
    return [
        {"owner": "the person you ask", "raiser": "whoever raised it"}.get(
            name, f"the {name.replace('_', ' ')}"
        )
        for name in custom.get("tells", [])
    ]


def _afterwards(case: Case, made: Any) -> str:
    """Who owes the next step by when, once the move is made; nothing when it ends the case."""
    rule = ClockRule.objects.filter(kind=case.KIND, state=made.target).first()
    if rule is None:
        return ""
    if rule.since == ClockRule.Since.GIVEN and "due" in made.custom:
        return "The next step is due on the date that you give."
    name = roles.by_code[rule.owner_role].name.lower()
    who = "whoever works with them" if rule.owner_role in _WORKERS else f"a {name}"
    unit = rule.get_unit_display()
    unit = unit.replace("days", "day", 1) if rule.limit == 1 else unit
    return f"Then {who} has {rule.limit} {unit} for the next step."


_WORKERS = {roles.Mentor.code, roles.PathwayAdviser.code}


def after(case: Case, user: User) -> str:
    """Back to the case, or to My work when the move ended this person's sight of it."""
    cases = cast(Any, type(case)._default_manager).visible_to(user)
    return case.home() if cases.filter(pk=case.pk).exists() else "/work/"


def _form_for(model: type[Case], name: str) -> type[MoveForm]:
    """The form that the decorator names, or the plain one. A move with its own page has none
    here."""
    group = transitions_of(model).get(name)
    custom = cast(Move, group[0].custom if group else {"hidden": True})
    if custom.get("hidden"):
        raise Http404
    if "form" not in custom:
        return MoveForm
    app = model.__module__.split(".")[0]
    return cast(type[MoveForm], import_string(f"{app}.forms.{custom['form']}"))


def _show(error: ValidationError, form: MoveForm) -> None:
    """Put what `move()` found wrong next to the field it is about, or on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, found in error.error_dict.items():
        form.add_error(field if field in form.fields else None, found)


def write_note(request: HttpRequest, reference: str, *, model: type[Case]) -> HttpResponse:
    """Write a note about a case."""
    user = cast(User, request.user)
    case = find(model, reference, user)
    if not policies.writes_notes(case, user):
        raise PermissionDenied
    form = NoteForm(request.POST or None, case=case, by=user)
    if request.method == "POST" and form.is_valid():
        note = form.save(commit=False)
        note.case_kind, note.case_id = case.KIND, case.pk
        return _keep(note, case, user)
    return shown(request, "casework/note.html", {"case": case, "form": form}, case)


def correct_note(
    request: HttpRequest, reference: str, pk: uuid.UUID, *, model: type[Case]
) -> HttpResponse:
    """Say what is wrong in a note. The note stays as it is, and its correction stands by it."""
    user = cast(User, request.user)
    case = find(model, reference, user)
    notes = Note.objects.filter(case_kind=case.KIND, case_id=case.pk, band__in=case.bands_for(user))
    wrong = get_object_or_404(notes.select_related("author"), pk=pk)
    if not policies.corrects_notes(case, user):
        raise PermissionDenied
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.save(commit=False)
        note.case_kind, note.case_id = case.KIND, case.pk
        note.kind, note.band, note.corrects = Note.Kind.CORRECTION, wrong.band, wrong
        return _keep(note, case, user)
    context = {"case": case, "form": form, "note": wrong}
    return shown(request, "casework/correction.html", context, case, what=f"notes:{wrong.band}")


def _keep(note: Note, case: Case, user: User) -> HttpResponse:
    """A repeat of the same submit finds the note that is there."""
    note.author = user
    try:
        with transaction.atomic():
            note.save()
    except IntegrityError:
        mine = Note.objects.filter(submit_key=note.submit_key, author=user)
        if not mine.filter(case_kind=case.KIND, case_id=case.pk).exists():
            raise
    return redirect(case.home())


def failures(request: HttpRequest) -> HttpResponse:
    """Letters that could not be sent: a reference and an error class each, no name of a young
    person."""
    if not policies.sees_failures(cast(User, request.user)):
        raise PermissionDenied
    rows = failed_for(cast(User, request.user)).select_related("recipient")
    failed = list(rows.order_by("-created_at", "pk")[:100])
    references = registry.references({(row.case_kind, row.case_id) for row in failed})
    lines = [(row, references.get(row.case_id, "")) for row in failed]
    return render(request, "casework/failures.html", {"lines": lines})


@require_POST
def retry(request: HttpRequest, pk: Any) -> HttpResponse:
    user = cast(User, request.user)
    if not policies.sees_failures(user):
        raise PermissionDenied
    outbox.retry(get_object_or_404(failed_for(user), pk=pk))
    messages.success(request, "The letter is on its way again.")
    return redirect("casework:failures")


def failed_for(user: User) -> QuerySet[Message]:
    """All for an administrator; else those about cases that they see, or manage in their areas.

    That a letter is about a concern says that there is one.
    """
    failed = Message.objects.filter(state=Message.State.FAILED)
    if user.holds(roles.Administrator):
        return failed
    about = Q(pk__in=[])
    for kind, model in registry.kinds().items():
        cases = cast(Any, model._default_manager)
        managed = cases.filter(area__in=user.area_ids_as(roles.ProgrammeManager))
        for seen in (cases.visible_to(user), managed):
            about |= Q(case_kind=kind, case_id__in=seen.values("pk"))
    return failed.filter(about)
