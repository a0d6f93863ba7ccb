"""People: found, invited, given roles, ended, shut out. Rows come from `visible_to`."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import handover, policies, services, sessions
from accounts.forms.people import DeactivateForm, EndRoleForm, InviteForm, RoleForm, SearchForm
from accounts.models import Invitation, Membership, Organisation, User
from accounts.paging import Page, page_of
from accounts.services import WorkRemains, second_factor

from .account import arrange_cover


def _manager(request: HttpRequest) -> User:
    """Who looks after people; everybody else has no such pages."""
    user: Any = request.user
    if not policies.sees_people(user):
        raise PermissionDenied
    return user


def people(request: HttpRequest) -> HttpResponse:
    user = _manager(request)
    rows = _rows(user)
    organisations = Organisation.objects.managed_by(user).order_by("name", "pk")
    chosen = _chosen(organisations, request.GET.get("organisation", ""))
    form = SearchForm(
        request.POST if request.method == "POST" else None,
        organisations=organisations,
        initial={"organisation": chosen},
    )
    searched = form.is_valid()
    if searched:
        chosen = form.cleaned_data["organisation"]
        if not form.cleaned_data["q"]:
            return redirect(_list_of(chosen))
    if chosen:
        rows = rows.filter(memberships__organisation=chosen).distinct()
    if searched:
        found = list(rows.named_like(form.cleaned_data["q"]).order_by("name", "pk")[:26])
        page = Page(rows=found[:25], previous_url="", next_url="", more=len(found) > 25)
    else:
        page = page_of(rows, request)
    context = {
        "page": page,
        "form": form,
        "searched": searched,
        "chosen": chosen,
        "waiting": Invitation.objects.visible_to(user).waiting().count(),
    }
    return render(request, "accounts/people.html", context)


def _rows(user: User) -> Any:
    held = (
        Membership.objects.visible_to(user)
        .current()
        .select_related("organisation")
        .order_by("starts_on", "pk")
    )
    return User.objects.visible_to(user).prefetch_related(
        Prefetch("memberships", queryset=held, to_attr="held")
    )


def _list_of(organisation: Organisation | None) -> str:
    query = f"?organisation={organisation.pk}" if organisation else ""
    return f"{reverse('accounts:people')}{query}"


def _chosen(organisations: QuerySet[Organisation], key: str) -> Organisation | None:
    try:
        return organisations.filter(pk=uuid.UUID(key)).first()
    except ValueError:
        return None


def _person(request: HttpRequest, pk: uuid.UUID) -> tuple[User, User]:
    user = _manager(request)
    return user, get_object_or_404(User.objects.visible_to(user), pk=pk)


def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user, who = _person(request, pk)
    rows = (
        Membership.objects.visible_to(user)
        .filter(user=who)
        .select_related("organisation", "reports_to", "cover")
        .prefetch_related("areas")
        .order_by("starts_on", "pk")
    )
    current = list(rows.current())
    context = {
        "who": who,
        "roles": [
            {"row": row, "may_end": policies.ends(user, row), "open": handover.open_work(row)}
            for row in current
        ],
        "earlier": list(rows.exclude(pk__in=[row.pk for row in current])[:25]),
        "looks_after": policies.looks_after(user, who),
        "is_me": who.pk == user.pk,
        "phone": second_factor.authenticator(who),
        "invitation": Invitation.objects.visible_to(user).waiting().filter(user=who).first(),
    }
    return render(request, "accounts/person.html", context)


@sessions.fresh
def invite(request: HttpRequest) -> HttpResponse:
    user = _manager(request)
    form = InviteForm(request.POST if request.method == "POST" else None, by=user)
    if form.is_valid():
        try:
            services.invite(by=user, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, "The invitation is on its way.")
            return redirect("accounts:invitations")  # the same whoever has that address
    return render(request, "accounts/invite.html", {"form": form})


@sessions.fresh
def add_role(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user, who = _person(request, pk)
    if who.pk == user.pk:
        raise PermissionDenied
    form = RoleForm(request.POST if request.method == "POST" else None, by=user)
    if form.is_valid():
        try:
            services.grant(by=user, user=who, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, "The role is theirs from now on.")
            return redirect("accounts:person", pk=who.pk)
    return render(request, "accounts/add_role.html", {"form": form, "who": who})


def _tell(form: Any, error: ValidationError) -> None:
    """Errors at the fields they name, as far as the form has them."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


def _membership(user: User, who: User, pk: uuid.UUID) -> Membership:
    rows: QuerySet[Membership] = Membership.objects.visible_to(user).current().filter(user=who)
    return get_object_or_404(rows.select_related("organisation", "user"), pk=pk)


def end_role(request: HttpRequest, pk: uuid.UUID, membership_pk: uuid.UUID) -> HttpResponse:
    user, who = _person(request, pk)
    membership = _membership(user, who, membership_pk)
    if not policies.ends(user, membership):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = EndRoleForm(data, membership=membership, by=user)
    lines = handover.open_work(membership)
    if form.is_valid():
        try:
            services.end_membership(by=user, membership=membership, **form.cleaned_data)
        except WorkRemains as refusal:
            lines = refusal.lines
            form.add_error("hand_over_to", "Choose who takes over the work that is still open")
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, "The role has ended.")
            return redirect("accounts:person", pk=who.pk)
    context = {"form": form, "who": who, "membership": membership, "lines": lines}
    return render(request, "accounts/end_role.html", context)


def cover(request: HttpRequest, pk: uuid.UUID, membership_pk: uuid.UUID) -> HttpResponse:
    user, who = _person(request, pk)
    membership = _membership(user, who, membership_pk)
    if not policies.arranges_cover(user, membership):
        raise PermissionDenied
    return arrange_cover(request, membership, back=reverse("accounts:person", args=[who.pk]))


def _looked_after(request: HttpRequest, pk: uuid.UUID) -> tuple[User, User]:
    user, who = _person(request, pk)
    if not policies.looks_after(user, who):
        raise PermissionDenied
    return user, who


@sessions.fresh
def deactivate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user, who = _looked_after(request, pk)
    held = list(who.memberships.current())
    takers = {taker.pk: taker for row in held for taker in services.successors(row, by=user)}
    data = request.POST if request.method == "POST" else None
    form = DeactivateForm(data, people=list(takers.values()))
    lines = [line for row in held for line in handover.open_work(row)]
    if form.is_valid():
        try:
            services.deactivate(by=user, user=who, **form.cleaned_data)
        except WorkRemains as refusal:
            lines = refusal.lines
            form.add_error("hand_over_to", "Choose who takes over the work that is still open")
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, "The account is closed and every sign-in of it has ended.")
            return redirect("accounts:person", pk=who.pk)
    return render(request, "accounts/deactivate.html", {"form": form, "who": who, "lines": lines})


@require_POST
def reactivate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user, who = _looked_after(request, pk)
    services.reactivate(by=user, user=who)
    messages.success(request, "The account is open again.")
    return redirect("accounts:person", pk=who.pk)


@sessions.fresh
def reset_second_factor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user, who = _looked_after(request, pk)
    if request.method == "POST":
        second_factor.reset(by=user, user=who)
        messages.success(request, "They set up their phone anew at the next sign-in.")
        return redirect("accounts:person", pk=who.pk)
    return render(request, "accounts/reset_second_factor.html", {"who": who})


def invitations(request: HttpRequest) -> HttpResponse:
    user = _manager(request)
    rows = Invitation.objects.visible_to(user).waiting().select_related("user", "invited_by")
    return render(
        request, "accounts/invitations.html", {"rows": rows.order_by("created_at", "pk")[:200]}
    )


@require_POST
def answer_invitation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a person's invitation again, or take it back."""
    user, who = _looked_after(request, pk)
    try:
        if request.POST.get("action") == "revoke":
            services.revoke_invitation(by=user, user=who)
            messages.success(request, "The invitation is taken back and its link is dead.")
        else:
            services.send_again(by=user, user=who)
            messages.success(request, "A new link is on its way; the old one is dead.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("accounts:invitations")
