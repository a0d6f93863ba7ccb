"""The tabs of a referral's page for those who work on it. Each is a link (`?tab=timeline`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from casework import timeline
from casework.models.notes import Band
from casework.policies import corrects_notes, writes_notes
from cms.signposting import search_for, services_that_suit
from referrals import policies, progress, reading, services
from referrals.choices import SectionCode
from referrals.decision import points
from referrals.fitting import terms_of
from referrals.models import Referral

from .buttons import Button

Context = Callable[[Referral, User, int], dict[str, Any]]
IsFor = Callable[[Referral, User], bool]
Acts = Callable[[Referral, User], list[Button]]


@dataclass(frozen=True)
class Tab:
    """`context` gives what `template` draws; `is_for` says who has it; `acts` adds to what a person
    can do now, on every tab."""

    code: str
    label: str
    template: str
    context: Context
    is_for: IsFor = lambda referral, user: True
    acts: Acts = lambda referral, user: []


_tabs: list[Tab] = []


def register(tab: Tab, *, before: str = "timeline") -> None:
    """Packages above add what they know of a young person, left of the timeline by default. A tab
    takes the place of the one with its code: it shows what that showed and more."""
    codes = [each.code for each in _tabs]
    if tab.code in codes:
        _tabs[codes.index(tab.code)] = tab
    else:
        _tabs.insert(codes.index(before) if before in codes else len(codes), tab)


def tabs_for(referral: Referral, user: User) -> list[Tab]:
    return [tab for tab in _tabs if tab.is_for(referral, user)]


def links(tabs: list[Tab], chosen: Tab) -> list[dict[str, Any]]:
    return [
        {"label": tab.label, "url": f"?{urlencode({'tab': tab.code})}", "current": tab is chosen}
        for tab in tabs
    ]


# What each tab shows -------------------------------------------------------------------------
def _triage(referral: Referral, user: User, page: int) -> dict[str, Any]:
    same = _duplicates(referral, user)
    flags = progress.flags(referral, in_full=True)
    return {
        "parts": reading.answers(referral, all_of_it=True),
        "points": points(referral, flags=flags, duplicates=[each["said"] for each in same]),
        "duplicates": same,
        "questions": referral.questions.select_related("asked_by"),
        **_concerns(referral, user),
    }


def _duplicates(referral: Referral, user: User) -> list[dict[str, Any]]:
    """Likely duplicates, what was said of each, and where to say it."""
    said = services.verdicts(referral)
    return [
        {
            "line": progress.line(other, user),
            "said": said.get(other.pk),
            "url": reverse("referrals:compare", args=[referral.reference, other.reference]),
        }
        for other in services.likely_same(referral, by=user)
    ]


def _summary(referral: Referral, user: User, page: int) -> dict[str, Any]:
    in_full = policies.reads_everything(referral, user)
    codes = {SectionCode.PERSON, SectionCode.REACHING}
    return {
        "facts": reading.facts(referral, bands=referral.bands_for(user)),
        "parts": reading.answers(referral, all_of_it=in_full, only=codes),
        "duplicates": _duplicates(referral, user) if policies.triages(referral, user) else [],
        "questions": referral.questions.select_related("asked_by"),
        "letters": reading.written_to_referrer(referral),
        **_concerns(referral, user),
    }


def _concerns(referral: Referral, user: User) -> dict[str, Any]:
    found = referral.concerns.visible_to(user).with_people()
    return {"concerns": [progress.concern_line(concern, user) for concern in found]}


def _answers(*codes: SectionCode) -> Context:
    def context(referral: Referral, user: User, page: int) -> dict[str, Any]:
        in_full = policies.reads_everything(referral, user)
        return {"parts": reading.answers(referral, all_of_it=in_full, only=codes)}

    return context


def _help(referral: Referral, user: User, page: int) -> dict[str, Any]:
    """What the directory has for somebody like them; nothing about them is kept there."""
    person, area = referral.young_person, referral.area
    age = person.age if person else None
    in_full = policies.reads_everything(referral, user)
    return {
        "age": age,
        "suited": services_that_suit(
            age=age,
            area=area,
            terms=terms_of(referral, in_full=in_full),
        ),
        "search_url": search_for(age=age),
    }


def _timeline(referral: Referral, user: User, page: int) -> dict[str, Any]:
    entries, has_older = timeline.entries(referral, by=user, page=page)
    return {"entries": entries, **_pages("timeline", page, has_older)}


def _notes(referral: Referral, user: User, page: int) -> dict[str, Any]:
    notes, has_older = timeline.notes(referral, by=user, page=page)
    return {
        "notes": notes,
        "may_write": writes_notes(referral, user),
        "may_correct": corrects_notes(referral, user),
        **_pages("notes", page, has_older),
    }


def _pages(code: str, page: int, has_older: bool) -> dict[str, str]:
    def url(number: int) -> str:
        return f"?{urlencode({'tab': code, 'page': number})}"

    return {
        "newer_url": url(page - 1) if page > 1 else "",
        "older_url": url(page + 1) if has_older else "",
    }


def _supports(referral: Referral, user: User) -> bool:
    return not policies.decides(referral, user)


def _reads_agreement(referral: Referral, user: User) -> bool:
    return _supports(referral, user) and policies.reads_everything(referral, user)


def _reads_notes(referral: Referral, user: User) -> bool:
    return Band.SHARED in referral.bands_for(user)


_WORDS = "referrals/tabs/answers.html"
_NEEDS = _answers(SectionCode.LEVEL, SectionCode.WHY_NOW, SectionCode.RISK)
_tabs += [
    Tab("triage", "Triage", "referrals/tabs/triage.html", _triage, policies.decides),
    Tab("summary", "Summary", "referrals/tabs/summary.html", _summary, _supports),
    Tab("timeline", "Timeline", "referrals/tabs/timeline.html", _timeline),
    Tab("needs", "Needs and risk", _WORDS, _NEEDS, _supports),
    Tab("agreement", "Agreement", _WORDS, _answers(SectionCode.AGREEMENT), _reads_agreement),
    Tab("support", "Support", _WORDS, _answers(SectionCode.SUPPORT), _supports),
    Tab("education", "Education and work", _WORDS, _answers(SectionCode.EDUCATION), _supports),
    Tab("help", "Other help", "referrals/tabs/help.html", _help),
    Tab("notes", "Notes", "referrals/tabs/notes.html", _notes, _reads_notes),
]
