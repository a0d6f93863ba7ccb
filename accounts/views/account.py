"""One's own page: details, password, address, second factor, roles in words."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from accounts import services, sessions
from accounts.forms.account import DetailsForm, NewEmailForm
from accounts.forms.doors import ChangePasswordForm, ConfirmForm
from accounts.forms.people import CoverForm
from accounts.models import Membership, User
from accounts.services import second_factor
from accounts.services.passwords import new_email_token


def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {
        "facts": _facts(user),
        "phone": second_factor.authenticator(user),
        "codes_left": second_factor.codes_left(user),
        "needs_second_factor": user.needs_second_factor,
        "memberships": Membership.objects.current()
        .filter(user=user)
        .select_related("organisation", "cover", "reports_to")
        .prefetch_related("areas"),
        "covering": [row for row in user.standing if row.user_id != user.pk],
    }
    return render(request, "accounts/account.html", context)


def _facts(user: User) -> list[dict[str, str]]:
    details = reverse("accounts:change_details")
    waiting = f" (waiting for {user.pending_email} to be confirmed)" if user.pending_email else ""
    return [
        {"key": "Name", "value": user.name, "change_url": details},
        {"key": "Job title", "value": user.job_title, "change_url": details},
        {"key": "Work telephone", "value": user.phone, "change_url": details},
        {
            "key": "Email address",
            "value": user.email + waiting,
            "change_url": reverse("accounts:change_email"),
        },
        {
            "key": "Password",
            "value": "Set",
            "change_url": reverse("accounts:change_password"),
        },
    ]


def change_details(request: HttpRequest) -> HttpResponse:
    person = get_object_or_404(User, pk=request.user.pk)
    form = DetailsForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, "Your details are saved.")
        return redirect("accounts:account")
    return render(request, "accounts/change_details.html", {"form": form})


@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = ChangePasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            changed = services.change_password(user=user, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            update_session_auth_hash(request, changed)
            messages.success(
                request, "Your password is changed. Other sign-ins of yours have ended."
            )
            return redirect("accounts:account")
    return render(request, "accounts/change_password.html", {"form": form})


@sessions.fresh
def change_email(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = NewEmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.ask_for_new_email(user=user, email=form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Open the link we sent to the new address to go over to it.")
            return redirect("accounts:account")
    return render(request, "accounts/change_email.html", {"form": form})


def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """From the letter. Opening it does nothing: the button does."""
    user: Any = request.user
    if token != new_email_token(user) or not user.pending_email:
        return render(request, "accounts/dead_link.html", {"kind": "email"}, status=410)
    if request.method == "POST":
        if services.confirm_new_email(user=user, token=token):
            logout(request)
            return redirect(sessions.signed_out_url("email"))
        return render(request, "accounts/dead_link.html", {"kind": "email"}, status=410)
    return render(request, "accounts/confirm_email.html", {"pending_email": user.pending_email})


@sensitive_post_parameters()
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more, before something that matters."""
    form = ConfirmForm(request, request.POST if request.method == "POST" else None)
    going_to = sessions.where_next(request, settings.LOGIN_REDIRECT_URL)
    if form.is_valid():
        sessions.confirm(request.session)
        return redirect(going_to)
    return render(request, "accounts/confirm.html", {"form": form, "next": going_to})


def my_cover(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who stands in for me while I am away."""
    user: Any = request.user
    membership = get_object_or_404(Membership.objects.current().filter(user=user), pk=pk)
    return arrange_cover(request, membership, back=reverse("accounts:account"))


def arrange_cover(request: HttpRequest, membership: Membership, *, back: str) -> HttpResponse:
    user: Any = request.user
    if request.method == "POST" and request.POST.get("action") == "end":
        services.end_cover(by=user, membership=membership)
        messages.success(request, "Nobody stands in any more.")
        return redirect(back)
    data = request.POST if request.method == "POST" else None
    initial = {
        "cover": membership.cover_id,
        "first": membership.cover_from,
        "last": membership.cover_until,
    }
    form = CoverForm(data, initial=initial, membership=membership, by=user)
    if form.is_valid():
        try:
            services.set_cover(by=user, membership=membership, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The cover is arranged.")
            return redirect(back)
    context = {
        "form": form,
        "membership": membership,
        "back_url": back,
        "nobody": not form.people,
    }
    return render(request, "accounts/cover.html", context)
