"""What every page may show: the service, its numbers, and for signed-in people their way around."""

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import roles
from accounts.models import User
from cms import services as cms
from insight import policies as insight
from mentoring.views.frame import MATCH_ROLES, REGISTER_ROLES
from pathways import policies as pathways
from waymark import alarms, bootstrap

CASE_ROLES = (
    roles.Referrer,
    roles.Coordinator,
    roles.SafeguardingLead,
    roles.Mentor,
    roles.Supervisor,
    roles.PathwayAdviser,
    roles.ProgrammeManager,
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Functions, which a template calls when it comes to them, once a page: a page that shows none
    of it pays for none of it, and a public page reads no session."""
    names = cache(cms.site_names)
    return {
        "is_demo": settings.DEMO,
        "demo_is_old": _demo_is_old,
        "service_name": lambda: names()[0] or "Waymark",
        "unit_name": lambda: names()[1],
        "site_numbers": cache(cms.safeguarding_numbers),
        "navigation": cache(partial(navigation, request)),
        "search_url": cache(partial(_search_url, request)),
        "person": cache(partial(_person, request)),
        "alarm": cache(partial(alarms.in_head, request)),
        "sign_out_url": _address("accounts:sign_out"),
        "account_url": _address("accounts:account"),
    }


_address = cache(reverse)


def _demo_is_old() -> bool:
    return bootstrap.demo_days() > bootstrap.DEMO_KEEPS


def _user(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections that this person's roles open."""
    user = _user(request)
    if user is None:
        return []
    return [
        {"label": label, "url": url, "current": request.path.startswith(url)}
        for label, url, wanted in _places()
        if not wanted or user.holds(*wanted)
    ]


@cache
def _places() -> list[tuple[str, str, tuple[type[roles.Role], ...]]]:
    """The sections, and the roles that open them. Found once: addresses do not change."""
    return [
        ("My work", reverse("work"), ()),
        ("Referrals", reverse("referrals:list"), CASE_ROLES),
        ("Concerns", reverse("referrals:concerns"), CASE_ROLES),
        ("Matches", reverse("mentoring:matches"), MATCH_ROLES),
        ("Mentors", reverse("mentoring:mentors"), REGISTER_ROLES),
        ("Pathways", reverse("pathways:overview"), pathways.STAFF),
        ("Insight", reverse("insight:needs"), insight.READERS),
        ("Directory", reverse("directory:search"), CASE_ROLES),
        ("Duty rota", reverse("accounts:rota"), alarms.ROTA_ROLES),
        ("Clocks", reverse("casework:clocks"), (roles.ProgrammeManager, roles.Administrator)),
        ("People", "/people/", (roles.OrganisationAdministrator, roles.Administrator)),
        ("Our services", reverse("own:services"), (roles.OrganisationAdministrator,)),
        ("Organisations", reverse("accounts:organisations"), (roles.Administrator,)),
        ("Editor", "/editor/", (roles.DirectoryEditor,)),
    ]


def _search_url(request: HttpRequest) -> str:
    user = _user(request)
    return _address("referrals:search") if user and user.holds(*CASE_ROLES) else ""


def _person(request: HttpRequest) -> dict[str, str]:
    user = _user(request)
    if user is None:
        return {}
    return {"name": user.name, "role": ", ".join(role.name for role in user.roles)}
