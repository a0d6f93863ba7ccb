"""The second factor: shown at sign-in, enrolled, renewed."""

from base64 import b32encode
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp.models import Device

from accounts import demo, sessions
from accounts.forms.doors import CodeForm, RecoveryForm
from accounts.models import Authenticator
from accounts.services import second_factor

WRONG = "This code is wrong or has been used. Wait until the app shows the next one."
# Before the second factor the head of the page shows neither sections, nor counts, nor alarms.
HALF_OPEN: dict[str, Any] = {"navigation": [], "search_url": "", "person": None, "alarm": ""}
WAIT = (
    "Wait a little before you try again: a second after the first wrong code, longer after each "
    "more, at most 15 minutes."
)


def verify(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    going_to = sessions.where_next(request, settings.LOGIN_REDIRECT_URL)
    phone = second_factor.authenticator(user)
    if user.is_verified() or phone is None:
        return redirect(going_to)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not phone.verify_is_allowed()[0]:
            form.add_error("code", WAIT)
        elif shown := second_factor.verify(user=user, code=form.cleaned_data["code"]):
            _let_in(request, shown)
            return redirect(going_to)
        else:
            form.add_error("code", WRONG)
    context = {"form": form, "next": going_to, "demo_code": demo.code(user)}
    return render(request, "accounts/verify.html", context | HALF_OPEN)


def recover(request: HttpRequest) -> HttpResponse:
    """A recovery code in place of the phone; then the way leads to setting up the new phone."""
    user: Any = request.user
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if user.is_verified():
        return redirect("accounts:account")
    if form.is_valid():
        if second_factor.sheet_waits(user):
            form.add_error("code", WAIT)
        elif sheet := second_factor.recover(user=user, code=form.cleaned_data["code"]):
            _let_in(request, sheet)
            return redirect("accounts:enrol")
        else:
            form.add_error("code", "This is not one of your recovery codes, or it has been used.")
    return render(request, "accounts/recover.html", {"form": form} | HALF_OPEN)


@sensitive_post_parameters()
@sessions.fresh
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up a phone: the first one, or another in place of it once the old one was shown."""
    user: Any = request.user
    if second_factor.authenticator(user) and not user.is_verified():
        return redirect(sessions.with_next("accounts:verify", request.path))
    key = request.session.setdefault("enrol_key", second_factor.new_key())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        taken = second_factor.enrol(user=user, key=key, code=form.cleaned_data["code"])
        if taken:
            del request.session["enrol_key"]
            _let_in(request, taken[0])
            return _codes(request, taken[1])
        form.add_error("code", WRONG)
    phone = second_factor.draft(user, key)
    context = {
        "form": form,
        "picture": _picture(phone),
        "link": phone.config_url,
        "secret": _words(phone),
    }
    if user.needs_second_factor and not user.is_verified():
        context |= HALF_OPEN | {"half_open": True}
    return render(request, "accounts/enrol.html", context)


@require_POST
@sessions.fresh
def renew_codes(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.is_verified():
        return redirect("accounts:enrol")
    return _codes(request, second_factor.renew_codes(user=user))


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Shown in the answer itself and nowhere kept: not in the session, not behind an address."""
    going_to = sessions.where_next(request, settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": going_to})


def _let_in(request: HttpRequest, device: Device) -> None:
    """The session gets a new id: the one before proved only a password."""
    otp_login(request, device)
    request.session.cycle_key()


def _picture(phone: Authenticator) -> SafeString:
    """The QR code as SVG, drawn here: the secret goes nowhere else."""
    drawn = segno.make(phone.config_url, error="m").svg_inline(scale=4, border=4, light="#fff")
    return mark_safe(drawn)  # noqa: S308  paths only, made by segno from numbers


def _words(phone: Authenticator) -> str:
    """The secret for typing in, in groups of four."""
    plain = b32encode(phone.bin_key).decode()
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))
