"""What pathways shows on a referral's page: the tab "Education and work"."""

from typing import Any

from accounts.models import User
from referrals import policies as referral_policies
from referrals import reading
from referrals.choices import SectionCode
from referrals.models import Referral
from referrals.views.tabs import Tab

from . import policies
from .models import EteStatus, Placement
from .progress import facts_of, next_of, path_of, sign_of, what_referrer_wrote
from .services import advisers


def context(referral: Referral, user: User, page: int) -> dict[str, Any]:
    """The current status, placements with their checks, and what the referrer wrote."""
    rows = EteStatus.objects.visible_to(user).filter(young_person=referral.young_person_id)
    history = list(rows.with_people()[:50])
    current = next((status for status in history if status.is_current), None)
    in_full = referral_policies.reads_everything(referral, user)
    return {
        "current": facts_of(current) if current else [],
        "sign": sign_of(current),
        "written": what_referrer_wrote(referral),
        "history": [status for status in history if not status.is_current],
        "placements": _placements(referral, user),
        "parts": reading.answers(referral, all_of_it=in_full, only=[SectionCode.EDUCATION]),
        "may_record": policies.records(referral, user),
        "may_keep_contact": policies.advises(referral, user) and not referral.is_finished,
        "may_apply": policies.applies(referral, user) and _has_adviser(referral),
        "may_ask_adviser": policies.asks_advisers(referral, user)
        and referral.status in advisers.SUPPORTED
        and not (referral.worker_role == "adviser" and referral.status in referral.WITH_A_WORKER),
    }


def _placements(referral: Referral, user: User) -> list[dict[str, Any]]:
    found = Placement.objects.visible_to(user).filter(referral=referral)
    return [
        {"placement": each, "path": path_of(each), "next": next_of(each)}
        for each in found.with_people().with_checks()
    ]


def _has_adviser(referral: Referral) -> bool:
    return any(
        each.role == "adviser" and each.ended_at is None for each in referral.assignments.all()
    )


def is_for(referral: Referral, user: User) -> bool:
    """Everybody who reads it as one of its team, once it is decided."""
    return not referral_policies.decides(referral, user)


EDUCATION = Tab("education", "Education and work", "pathways/tab.html", context, is_for)
