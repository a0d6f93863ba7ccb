"""The invented people that the sign-in page of a demo offers. Only demo mode shows any."""

from dataclasses import dataclass

from django.conf import settings

from accounts import roles
from accounts.models import Membership, User
from accounts.services import second_factor


@dataclass(frozen=True)
class Face:
    name: str
    email: str
    role: str
    code: str


def faces() -> list[Face]:
    """One person for each role, the one who was there first; nobody outside demo mode."""
    if not settings.OTP_SHOWN_ON_SIGN_IN:
        return []
    firsts: dict[str, User] = {}
    held = Membership.objects.in_force().filter(user__joined_at__isnull=False)
    for membership in held.select_related("user").order_by("user__created_at", "pk"):
        firsts.setdefault(membership.role, membership.user)
    return [
        Face(firsts[role.code].name, firsts[role.code].email, role.name, code(firsts[role.code]))
        for role in roles.ALL
        if role.code in firsts
    ]


def code(user: User) -> str:
    """The one-time code that would let this person in now; nothing outside demo mode."""
    if not settings.OTP_SHOWN_ON_SIGN_IN:
        return ""
    phone = second_factor.authenticator(user)
    return phone.current_code() if phone else ""
