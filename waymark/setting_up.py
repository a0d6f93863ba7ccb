"""The first live start: the unit, its areas, people, numbers, rota and programmes, from a file.

All or nothing, and safe to run again: what is there is left alone. Every fault is a `SetupError`
that names the place in the file and what to do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.text import get_text_list

from accounts import roles, services
from accounts.clock import today
from accounts.models import Area, Invitation, Membership, Organisation, SharingAgreement, User
from casework import clocks
from cms import first_pages
from cms import services as cms
from cms.models import HomePage, SafeguardingNumber
from referrals.models import Programme

Entry = dict[str, Any]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TABLES = {"unit", "areas", "administrator", "people", "numbers", "duty", "programmes", "terms"}


class SetupError(Exception):
    """A sentence for the person at the terminal."""


@transaction.atomic
def set_up(plan: Entry, *, password: str = "", say: Callable[[str], None]) -> None:
    """Bring in everything of a plan (the tables of setup.example.toml)."""
    if strange := set(plan) - TABLES:
        raise SetupError(f"There is no table “{min(strange)}”: use {', '.join(sorted(TABLES))}.")
    for where, entry in _each(plan, "areas"):
        with _at(where):
            _area(entry)
    unit = _unit(plan.get("unit", {}), say)
    _administrator(plan.get("administrator"), unit, password, say)
    for where, entry in _each(plan, "people"):
        with _at(where):
            _person(entry, unit, say)
    _numbers(plan)
    for where, entry in _each(plan, "duty"):
        with _at(where):
            _duty(entry)
    for where, entry in _each(plan, "programmes"):
        with _at(where):
            _programme(entry, unit)
    for where, entry in _each(plan, "terms"):
        with _at(where):
            clocks.record_term(
                entry["name"], _date(entry["first"], "first"), _date(entry["last"], "last")
            )
    # Last, for they take the longest and no plan is wrong about them.
    first_pages.build(HomePage.objects.get(), places=_places())


def _each(plan: Entry, table: str) -> Iterator[tuple[str, Entry]]:
    entries = plan.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SetupError(f"{table}: write each one under [[{table}]].")
    for number, entry in enumerate(entries, start=1):
        yield f"{table}, entry {number}", entry


@contextmanager
def _at(where: str) -> Iterator[None]:
    """Turn what goes wrong inside into a sentence with the place in the file."""
    try:
        yield
    except KeyError as error:
        raise SetupError(f"{where}: “{error.args[0]}” is missing.") from None
    except ValidationError as error:
        raise SetupError(f"{where}: {' '.join(error.messages)}") from None
    except (TypeError, ValueError) as error:
        raise SetupError(f"{where}: {error}") from None


def _one_of(value: str, allowed: Any, what: str) -> str:
    if value not in allowed:
        raise ValueError(f"{what} is “{value}”: use one of {', '.join(allowed)}.")
    return value


def _area(entry: Entry) -> None:
    parent = _find_area(entry["parent"]) if entry.get("parent") else None
    area = Area.objects.filter(code=entry["code"]).first()
    if area:
        return
    area = Area(
        code=entry["code"],
        name=entry["name"],
        kind=_one_of(entry["kind"], Area.Kind.values, "kind"),
        parent=parent,
        thresholds=_thresholds(entry),
    )
    area.full_clean(validate_constraints=False)
    area.save()


def _thresholds(entry: Entry) -> str:
    return _one_of(entry.get("thresholds", "other"), Area.Thresholds.values, "thresholds")


def _find_area(code: str) -> Area:
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise ValueError(f"there is no area “{code}”: list it under areas, above those within it.")
    return area


def _unit(entry: Entry, say: Callable[[str], None]) -> Organisation:
    if not isinstance(entry, dict):
        raise SetupError("unit: write it under [unit].")
    with _at("unit"):
        name = entry["name"]
        unit = Organisation.objects.filter(kind=Organisation.Kind.UNIT, is_open=True).first()
        if unit is None:
            unit = Organisation(
                name=name, kind=Organisation.Kind.UNIT, sector=Organisation.Sector.CORE
            )
            unit.full_clean()
            unit.save()
            SharingAgreement.objects.create(
                organisation=unit, purpose="The unit’s own work", starts_on=today()
            )
            say(f"Added the unit, {name}.")
        unit.areas.add(*Area.objects.filter(parent=None))
    cms.begin_site(
        service_name=entry.get("service_name", "Waymark"),
        unit_name=name,
        contact_email=entry.get("contact_email", ""),
        contact_phone=entry.get("contact_phone", ""),
    )
    return unit


def _places() -> str:
    """Where the unit works, in a sentence: its areas, or its districts where it has no area."""
    for kind in (Area.Kind.AREA, Area.Kind.DISTRICT):
        names = Area.objects.filter(kind=kind).order_by("path").values_list("name", flat=True)
        if names:
            return get_text_list(list(names), "and")
    return "our area"


def _administrator(
    entry: Entry | None, unit: Organisation, password: str, say: Callable[[str], None]
) -> None:
    """Someone who can sign in and invite the others; a new link while nobody has used the last."""
    held = Membership.objects.in_force().as_role(roles.Administrator)
    if held.filter(user__joined_at__isnull=False).exists():
        return
    waiting = Invitation.objects.waiting().filter(user__in=held.values("user")).first()
    with _at("administrator"):
        waiting = waiting or _invite_administrator(entry, unit)
        if password:
            services.set_first_password(user=waiting.user, password=password)
            say("The administrator signs in with the password of WAYMARK_ADMIN_PASSWORD.")
        else:
            _print_link(waiting, say)


def _invite_administrator(entry: Entry | None, unit: Organisation) -> Invitation:
    if entry is None:
        raise SetupError("There is no administrator yet: add the table [administrator].")
    user = services.invite(
        by=None,
        organisation=unit,
        role=roles.Administrator,
        email=entry["email"],
        name=entry["name"],
    )
    return Invitation.objects.waiting().get(user=user)


def _print_link(invitation: Invitation, say: Callable[[str], None]) -> None:
    token = services.issue_link(invitation=invitation, by_hand=True)
    link = settings.BASE_URL.rstrip("/") + reverse("accounts:open_invitation", args=[token])
    say(f"The administrator chooses a password here, once, within seven days:\n  {link}")


def _person(entry: Entry, unit: Organisation, say: Callable[[str], None]) -> None:
    role = roles.by_code[_one_of(entry["role"], roles.by_code, "role")]
    areas = [_find_area(code) for code in entry.get("areas", [])]
    held = Membership.objects.current().filter(
        user__email=entry["email"].lower(), organisation=unit, role=role.code
    )
    if held.exists():
        return
    services.invite(
        by=None,
        organisation=unit,
        email=entry["email"],
        name=entry["name"],
        role=role,
        areas=areas,
    )
    say(f"Invited a {role.name.lower()} by email.")


def _numbers(plan: Entry) -> None:
    """The unit's numbers become those of the file, if it has any."""
    kinds = SafeguardingNumber.Kind
    numbers = []
    for where, entry in _each(plan, "numbers"):
        with _at(where):
            numbers.append(
                cms.Number(
                    kind=kinds(_one_of(entry["kind"], kinds.values, "kind")),
                    name=entry["name"],
                    number=entry["number"],
                    words=entry.get("words", ""),
                    hours=entry.get("hours", ""),
                    url=entry.get("url", ""),
                    is_text=bool(entry.get("is_text", False)),
                    thresholds=_thresholds(entry) if entry.get("thresholds") else None,
                )
            )
    if numbers:
        cms.record_safeguarding_numbers(numbers)


def _duty(entry: Entry) -> None:
    user = User.objects.filter(email=entry["email"].lower()).first()
    if user is None:
        raise ValueError(f"nobody has the address “{entry['email']}”: list them under people.")
    first = entry.get("first") or today()
    last = entry.get("last") or first + timedelta(weeks=int(entry.get("weeks", 13)), days=-1)
    services.plan_duty(
        by=None,
        user=user,
        area=_find_area(entry["area"]),
        weekdays=[DAYS.index(_one_of(day, DAYS, "days")) for day in entry["days"]],
        starts=_time(entry["from"]),
        ends=_time(entry["until"]),
        first=_date(first, "first"),
        last=_date(last, "last"),
        position=_one_of(entry.get("position", "lead"), ("lead", "deputy"), "position"),
        is_out_of_hours=bool(entry.get("out_of_hours", False)),
    )


def _time(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)


def _date(value: Any, what: str) -> date:
    if not isinstance(value, date):
        raise ValueError(f"{what} is “{value}”: write a date without quotes, like 2026-09-01.")
    return value


def _programme(entry: Entry, unit: Organisation) -> None:
    if Programme.objects.filter(name=entry["name"]).exists():
        return
    lowest, highest = entry.get("ages", [10, 25])
    programme = Programme(
        name=entry["name"],
        summary=entry["summary"],
        commission=entry["commission"],
        funding_line=entry["funding_line"],
        minimum_age=lowest,
        maximum_age=highest,
        places=int(entry["places"]),
        provider=unit,
        starts_on=_date(entry.get("starts_on") or today(), "starts_on"),
        ends_on=entry.get("ends_on"),
    )
    programme.full_clean()
    programme.save()
    programme.areas.set([_find_area(code) for code in entry["areas"]])
