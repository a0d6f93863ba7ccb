"""Fields that a form does not show change nothing (security §2, 6; §8, 6): every form is posted as people would,
once plainly and once with all that an attacker could wish for, and both leave the same rows behind."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import models, transaction
from django.forms import modelform_factory
from django.urls import reverse

from accounts.models import (
    Invitation,
    Membership,
    Organisation,
    SharingAgreement,
    User,
)
from accounts.views import account
from casework.calendar import at, now
from casework.models import Note
from referrals.models import (
    Agreement,
    Assignment,
    Concern,
    Education,
    HomeAddress,
    InfoRequest,
    Need,
    Referral,
    Risk,
    Support,
    YoungPerson,
)
from tests.access.probe import Probe
from waymark.demo import making

WATCHED: list[type[models.Model]] = [
    Referral, Concern, YoungPerson, HomeAddress, Agreement, Need, Risk, Education, Support,
    Assignment, InfoRequest, Note, User, Membership, Organisation, SharingAgreement, Invitation,
]  # fmt: skip
# Columns that every change sets anew.
CHANGING = {"reference", "head", "submit_key", "token_hash"}


def wishes(stage) -> dict[str, Any]:
    """What somebody would send who knew the columns."""
    sam, derby = stage.person("sam"), stage.person("sid").standing[0].organisation.areas.get()
    elsewhere = stage.person("sid").standing[0].organisation
    rows = {"owner": sam, "referred_by": sam, "raised_by": sam, "author": sam, "coordinator": sam,
            "lead": sam, "by": sam, "user": sam, "asked_by": sam, "granted_by": sam, "area": derby,
            "organisation": elsewhere, "young_person": stage.keys["sids"]}  # fmt: skip
    keys = {name: getattr(row, "pk", row) for name, row in rows.items()}
    columns = {
        "status": "accepted", "state": "accepted", "owner_role": "coordinator", "escalation": "4",
        "is_staff": "on", "is_superuser": "on", "is_active": "", "groups": "1", "password": "x",
        "user_permissions": "1", "session_round": "9", "email": "evil@example.org",
        "role": "administrator", "is_open": "", "team_sees_referrals": "on", "band": "shared",
        "stopped_at": "", "released_at": "2026-01-01 00:00", "sent_at": "2026-01-01 00:00",
        "is_protected": "", "is_danger": "False", "sections_done": "support", "risk_tier": "1",
        "prevention": "primary", "complexity": "low", "basis": "public_task", "case_kind": "concern",
        "case_id": stage.keys["submitted"], "version": "1", "id": stage.keys["sids"],
        "pk": stage.keys["sids"], "created_at": "2020-01-01", "due_at": "2020-01-01", "head": "0",
        "ending_code": "other", "decline_code": "age",
    }  # fmt: skip
    return {**columns, **keys, **{f"{name}_id": key for name, key in keys.items()}}


def rows_now(known: set[Any] | None = None) -> tuple[dict[str, Any], set[Any]]:
    """Every watched row by what its columns say. A key that was not there before is just new."""
    keys = {pk for model in WATCHED for pk in model._default_manager.values_list("pk", flat=True)}
    before = keys if known is None else known
    found = {}
    for model in WATCHED:
        fields = [
            field
            for field in model._meta.concrete_fields
            if field.name not in CHANGING and not isinstance(field, models.DateTimeField)
        ]
        said = model._default_manager.values_list(*[field.attname for field in fields])
        lines = [
            tuple(
                _as_compared(field, value, before)
                for field, value in zip(fields, row, strict=True)
                if not (field.primary_key and value not in before)
            )
            for row in said
        ]
        found[model.__name__] = sorted(lines, key=repr)
    return found, before


def _as_compared(field: Any, value: Any, before: set[Any]) -> Any:
    if field.is_relation and value is not None and value not in before:
        return "new"
    if field.name == "password" and value.startswith("!"):
        return "none that fits"  # Django writes chance words after the mark
    return value


MOVES = [
    ("cora", "submitted", "start-triage", {}),
    ("cora", "triage", "accept", {**making.TRIAGED, "why": "Fits."}),
    ("cora", "triage", "wait", {**making.TRIAGED, "why": "Full."}),
    ("cora", "triage", "ask", {"question": "Which school?"}),
    ("cora", "triage", "decline", {"reason": "age", "words": "Too old."}),
    ("alex", "info_needed", "answer", {"answer": "Northside."}),
    ("cora", "info_needed", "stop-asking", {}),
    ("sol", "held", "release", {"advice": "Go on."}),
    ("sol", "stopped", "let-go", {"advice": "Go on."}),
    ("cora", "waiting", "offer-place", {}),
    ("cora", "accepted", "back-to-waiting", {"why": "No room."}),
    ("cora", "accepted", "close-early", {"ending": "moved_area", "why": "Moved."}),
    ("max", "allocated", "take-on", {}),
    ("max", "allocated", "turn-down", {"why": "Full."}),
    ("max", "paused", "resume", {}),
    ("max", "active", "start-closing", {"ending": "completed_plan", "why": "Done."}),
    ("cora", "closing", "approve-end", {"report": "Went well."}),
    ("cora", "closing", "send-back", {"why": "More, please."}),
    ("cora", "closed", "reopen", {"why": "Again."}),
    ("alex", "submitted", "withdraw", {"ending": "referrer_withdrew", "why": "Moved."}),
]
CONCERN_MOVES = [
    ("sol", "c_raised", "acknowledge", {}),
    ("sky", "c_held", "close", {"words": "Dealt with."}),
    ("sol", "c_closed", "reopen", {"words": "Again."}),
]
WORDS = {"is_danger": "False", "fact": "Seen.", "opinion": "Think.", "place": "Here."}
NOTE = {"kind": "contact", "fact": "Rang.", "happened_at": "2026-01-05T10:00"}


def forms(stage) -> list[tuple[str, str, dict[str, Any]]]:
    """Who posts what where."""
    found = [
        (who, reverse("referrals:move", args=[stage.references[thing], name]), data)
        for who, thing, name, data in MOVES
    ]
    found += [
        (who, reverse("referrals:concern_move", args=[stage.references[thing], name]), data)
        for who, thing, name, data in CONCERN_MOVES
    ]
    draft, active = stage.references["draft"], stage.references["active"]
    found += [
        ("alex", reverse("referrals:section", args=[draft, code]), data)
        for code, data in making.answers(hopes="Engines", lines="2 Other Street").items()
        if code != "before"
    ]
    programme, school = stage.world.programme.pk, stage.world.school.pk
    role = {"role": "mentor", "organisation": school}
    found += [
        ("alex", reverse("referrals:new"), {"programme": programme, "organisation": school}),
        ("alex", reverse("referrals:send", args=[draft]), {}),
        ("alex", reverse("referrals:delete", args=[draft]), {}),
        ("max", reverse("referrals:raise_concern", args=[active]), WORDS),
        ("max", reverse("referrals:add_to_concern", args=[stage.references["c_raised"]]), WORDS),
        ("max", reverse("referrals:write_note", args=[active]), NOTE),
        ("alex", reverse("accounts:change_details"), {"name": "Alex Renamed"}),
        ("oz", reverse("accounts:add_role", args=[stage.keys["p_new"]]), role),
        (
            "oz",
            reverse("accounts:invite"),
            {"name": "Una New", "email": "una@example.org", **role},
        ),
        ("oz", reverse("accounts:end_role", kwargs=stage.keys["r_new"]), date("on")),
        (
            "adam",
            reverse("accounts:change_agreement", kwargs=stage.keys["a_school"]),
            {"purpose": "Else", **date("starts_on")},
        ),
        (
            "adam",
            reverse("accounts:add_organisation"),
            {"name": "Newside", "kind": "school", "sector": "core", "is_open": "on"},
        ),
    ]
    return found


def date(name: str) -> dict[str, str]:
    return {f"{name}_day": "1", f"{name}_month": "9", f"{name}_year": str(now().year + 1)}


_INPUT = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_NAME, _VALUE = re.compile(r'\bname="([^"]*)"'), re.compile(r'\bvalue="([^"]*)"')


def fields_of(page: str) -> tuple[set[str], dict[str, str]]:
    """The names of a page's fields, and what its hidden ones carry."""
    names, hidden = set(), {}
    for tag in _INPUT.findall(page):
        if name := _NAME.search(tag):
            names.add(name[1])
            if 'type="hidden"' in tag and name[1] not in ("csrfmiddlewaretoken", "q"):
                value = _VALUE.search(tag)
                hidden[name[1]] = unescape(value[1]) if value else ""
    return names, hidden


def left_behind(stage, who: str, url: str, extra: dict[str, Any], data: dict[str, Any]) -> Any:
    """What a POST answers and which rows it leaves, undone afterwards; none when nothing changed."""
    with transaction.atomic():
        probe = Probe(stage, who)
        names, hidden = fields_of(probe.ask("GET", url).text)
        typed = {**{k: v for k, v in extra.items() if k not in names}, **hidden, **data}
        before, known = rows_now()
        given = probe.ask("POST", url, data=typed)
        after, _ = rows_now(known)
        transaction.set_rollback(True)
    return given.status, None if after == before else after


@pytest.mark.slow  # every form, twice
def test_fields_that_a_form_does_not_show_change_nothing(stage):
    wrong = []
    with at(now()):
        for who, url, data in forms(stage):
            plain = left_behind(stage, who, url, {}, data)
            wished = left_behind(stage, who, url, wishes(stage), data)
            if plain[0] != 302 or plain[1] is None:
                wrong.append(
                    f"{who}: POST {url} was {plain[0]} and changed nothing: a dead example"
                )
            elif wished != plain:
                wrong.append(f"{who}: POST {url} with more fields {differences(plain, wished)}")

    assert not wrong, "\n".join(wrong)


def differences(plain: Any, wished: Any) -> str:
    if wished[1] is None or plain[0] != wished[0]:
        return f"was {wished[0]}"
    return " and ".join(name for name in plain[1] if plain[1][name] != wished[1][name])


def test_a_form_that_takes_too_much_is_found(stage, monkeypatch):
    """The control: a form of one's own details that also saves whether one is a superuser."""
    greedy = modelform_factory(User, form=account.DetailsForm, fields=["name", "is_superuser"])
    monkeypatch.setattr(account, "DetailsForm", greedy)
    url, data = reverse("accounts:change_details"), {"name": "Alex Renamed"}

    plain = left_behind(stage, "alex", url, {}, data)
    wished = left_behind(stage, "alex", url, {}, {**data, "is_superuser": "on"})

    assert plain[0] == 302
    assert differences(plain, wished) == "User"
