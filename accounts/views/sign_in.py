"""Sign-in, sign-out, forgotten passwords and invitations: the doors that strangers may knock at."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import demo, limits, services, sessions, visitors
from accounts.forms.doors import AskResetForm, NewPasswordForm, SignInForm
from accounts.models import Invitation
from accounts.services.passwords import find_by_reset

# Failures from one address, whoever is tried, before that address waits until the hour is over. A
# whole school may share an address, so this is far above what people get wrong.
FAILURES_FROM_ADDRESS = 100
RESETS_FROM_ADDRESS = 30


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    going_to = sessions.where_next(request, settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated:
        return redirect(going_to)
    address = visitors.address(request)
    if request.method == "POST":
        if limits.reached("failed sign-in", address, most=FAILURES_FROM_ADDRESS):
            return locked_out(request)
        form = SignInForm(request, request.POST)
        if form.is_valid():
            login(request, form.user)
            return redirect(going_to)
        limits.too_many("failed sign-in", address, most=FAILURES_FROM_ADDRESS)
    else:
        form = SignInForm(request)
    context = {
        "form": form,
        "next": going_to,
        "why": sessions.WHY.get(request.GET.get("why", ""), ""),
        "faces": demo.faces(),
        "demo_password": settings.DEMO_PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(sessions.signed_out_url("asked"))


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """What axes answers once a person and an address have failed together too often."""
    wait = timedelta(hours=settings.AXES_COOLOFF_TIME)
    answer = render(
        request,
        "accounts/locked_out.html",
        {"minutes": round(wait.total_seconds() / 60)},
        status=429,
    )
    answer.headers["Retry-After"] = str(round(wait.total_seconds()))
    return answer


@never_cache
def ask_reset(request: HttpRequest) -> HttpResponse:
    form = AskResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if limits.too_many("reset", visitors.address(request), most=RESETS_FROM_ADDRESS):
            return locked_out(request)
        services.ask_for_reset(email=form.cleaned_data["email"])
        return redirect("accounts:reset_asked")
    return render(request, "accounts/ask_reset.html", {"form": form})


@never_cache
def reset_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_asked.html")


@never_cache
def open_reset(request: HttpRequest, pk: uuid.UUID, token: str) -> HttpResponse:
    """From the letter: the token goes into the session, so that it leaves the address bar. Nothing
    is used up by it, for mail scanners open links too."""
    request.session["reset"] = [str(pk), token]
    return redirect("accounts:reset_password")


@never_cache
@sensitive_post_parameters("password")
def reset_password(request: HttpRequest) -> HttpResponse:
    pk, token = request.session.get("reset", (str(uuid.UUID(int=0)), ""))
    if find_by_reset(uuid.UUID(pk), token) is None:
        return render(request, "accounts/dead_link.html", {"kind": "reset"}, status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.reset_password(
                pk=uuid.UUID(pk), token=token, password=form.cleaned_data["password"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            logout(request)
            return redirect(sessions.signed_out_url("password"))
    return render(request, "accounts/new_password.html", {"form": form, "kind": "reset"})


@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """From the letter: as `open_reset`."""
    request.session["invitation"] = token
    return redirect("accounts:accept_invitation")


@never_cache
@sensitive_post_parameters("password")
def accept_invitation(request: HttpRequest) -> HttpResponse:
    token = request.session.get("invitation", "")
    invitation = Invitation.objects.find(token) if token else None
    if invitation is None:
        return render(request, "accounts/dead_link.html", {"kind": "invitation"}, status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.accept_invitation(token=token, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            logout(request)
            return redirect(sessions.signed_out_url("joined"))
    context = {"form": form, "kind": "invitation", "person_invited": invitation.user}
    return render(request, "accounts/new_password.html", context)
