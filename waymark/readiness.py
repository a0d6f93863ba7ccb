"""What the unit needs before referrals come in, beyond people and areas (`accounts.readiness`)."""

from cms import services as cms
from referrals.models import Programme


def numbers() -> list[str]:
    if cms.has_safeguarding_numbers():
        return []
    return ["The numbers to ring for a child in danger have not been entered."]


def programmes() -> list[str]:
    return [] if Programme.objects.running().exists() else ["No programme is running."]
