"""Fields that a form does not show change nothing (security §2, 6; §8, 6): every form is posted as people would,
once plainly and once with all that an attacker could wish for, and both leave the same rows behind."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
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
from casework.calendar import at, london, now
from casework.models import Note
from mentoring.models import Credential, KeepApart, Match, Mentor, Session
from pathways.models import EteStatus, Opportunity, Placement, SustainmentCheck
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
from tests.personas import REPORT
from waymark.demo import making

WATCHED: list[type[models.Model]] = [
    Mentor, Match, Credential, Session, KeepApart, Opportunity, Placement, EteStatus, SustainmentCheck,
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


def all_keys() -> dict[type[models.Model], set[Any]]:
    return {model: set(model._default_manager.values_list("pk", flat=True)) for model in WATCHED}


def last_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def rows_since(begun: int, keys: dict[type[models.Model], set[Any]]) -> dict[str, Any]:
    """Of each watched table which keys are gone, and what the columns of all rows say that a later
    transaction wrote. A key that is not among those from before is just new."""
    known, found = set().union(*keys.values()), {}
    for model in WATCHED:
        fields = [
            field
            for field in model._meta.concrete_fields
            if field.name not in CHANGING and not isinstance(field, models.DateTimeField)
        ]
        row = f'"{model._meta.db_table}"."xmin"::text::bigint'
        written = RawSQL(f"{row} >= %s", [begun], models.BooleanField())  # noqa: S611  our own name
        rows = (
            model._default_manager.order_by()
            .alias(is_written_later=written)
            .filter(is_written_later=True)
        )
        lines = [
            tuple(
                _as_compared(field, value, known)
                for field, value in zip(fields, row, strict=True)
                if not (field.primary_key and value not in known)
            )
            for row in rows.values_list(*[field.attname for field in fields])
        ]
        there = set(model._default_manager.values_list("pk", flat=True))
        if lines or not keys[model] <= there:
            found[model.__name__] = (keys[model] - there, sorted(lines, key=repr))
    return found


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
    ("sol", "read", "let-go", {"advice": "Go on."}),
    ("cora", "waiting", "offer-place", {}),
    ("cora", "accepted", "back-to-waiting", {"why": "No room."}),
    ("cora", "accepted", "close-early", {"ending": "moved_area", "why": "Moved."}),
    ("cora", "allocated", "turn-down", {"why": "Full."}),
    ("max", "paused", "resume", {}),
    ("max", "active", "start-closing", {"ending": "completed_plan", "why": "Done."}),
    ("max", "closing", "write-report", REPORT),
    ("cora", "reported", "approve-end", {}),
    ("cora", "reported", "return-report", {"why": "More, please."}),
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
    return [*found, *support(stage)]


def support(stage) -> list[tuple[str, str, dict[str, Any]]]:
    """Mentors, matches, sessions and places."""
    ref = stage.references
    apart = {"name": "Somebody Else", "kind": "conflict", "reason": "They fell out."}
    begun = london(now() - timedelta(minutes=30))
    session = {"day": f"{begun:%Y-%m-%d}", "time": f"{begun:%H:%M}", "attended": "yes", "minutes": "60", "place": "out", "activities": "talk",
               "did": "Talked about college.", "ete_moved": "False", "is_worried": "False"}  # fmt: skip
    return [
        ("cora", reverse("mentoring:edit_mentor", args=[ref["m_max"]]), {"capacity": "3"}),
        ("cora", reverse("mentoring:level", args=[ref["m_max"]]), {"level": "1"}),
        (
            "max",
            reverse("mentoring:match_move", args=[ref["x_asked"], "accept"]),
            {"commits": "on"},
        ),
        ("max", reverse("mentoring:log_session", args=[ref["x_active"]]), session),
        ("cora", reverse("mentoring:keep_apart", args=[ref["accepted"]]), apart),
        (
            "ada",
            reverse("pathways:edit_opportunity", args=[stage.keys["o_city"]]),
            {"title": "Lab"},
        ),
        (
            "ada",
            reverse("pathways:placement_move", args=[ref["q_applied"], "offer"]),
            soon("answer_by"),
        ),
    ]


def soon(name: str) -> dict[str, str]:
    day = now() + timedelta(days=7)
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def date(name: str) -> dict[str, str]:
    return {f"{name}_day": "1", f"{name}_month": "9", f"{name}_year": str(now().year + 1)}


class Fields(HTMLParser):
    """The fields of a page's forms by name, and what a browser would send of them untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in pairs}
        name = has.get("name", "")
        if name in ("csrfmiddlewaretoken", "q"):
            return
        if tag in ("input", "select", "textarea"):
            self.names.add(name)
        if tag == "input":
            ticked = has.get("type") not in ("radio", "checkbox") or "checked" in has
            if ticked:
                self.sent.setdefault(name, []).append(has.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self.sent.setdefault(self._select, []).append(has.get("value", ""))
        elif tag == "textarea":
            self._area = name

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] = [data.strip()]


def left_behind(stage, who: str, url: str, extra: dict[str, Any], data: dict[str, Any]) -> Any:
    """What a POST answers and which rows it leaves, undone afterwards."""
    with transaction.atomic():
        probe = Probe(stage, who)
        page = Fields(probe.ask("GET", url).text)
        hidden = {name: value for name, value in extra.items() if name not in page.names}
        keys, begun = all_keys(), last_transaction()
        with transaction.atomic():  # a number of its own, later than any before
            given = probe.ask("POST", url, data={**hidden, **page.sent, **data})
        after = rows_since(begun, keys)
        transaction.set_rollback(True)
    return given.status, after


@pytest.mark.thorough
@pytest.mark.slow  # every form, twice
def test_fields_that_a_form_does_not_show_change_nothing(stage):
    wrong = []
    with at(now()):
        for who, url, data in forms(stage):
            plain = left_behind(stage, who, url, {}, data)
            wished = left_behind(stage, who, url, wishes(stage), data)
            if plain[0] != 302 or not plain[1]:
                wrong.append(f"{who}: POST {url} was {plain[0]}: an example that changes nothing")
            elif wished != plain:
                wrong.append(f"{who}: POST {url} with more fields {differences(plain, wished)}")

    assert not wrong, "\n".join(wrong)


def differences(plain: Any, wished: Any) -> str:
    if plain[0] != wished[0]:
        return f"was {wished[0]}"
    names = sorted(plain[1].keys() | wished[1].keys())
    return " and ".join(name for name in names if plain[1].get(name) != wished[1].get(name))


def test_a_form_that_takes_too_much_is_found(stage, monkeypatch):
    """The control: a form of one's own details that also saves whether one is a superuser."""
    greedy = modelform_factory(User, form=account.DetailsForm, fields=["name", "is_superuser"])
    monkeypatch.setattr(account, "DetailsForm", greedy)
    url, data = reverse("accounts:change_details"), {"name": "Alex Renamed"}

    plain = left_behind(stage, "alex", url, {}, data)
    wished = left_behind(stage, "alex", url, {}, {**data, "is_superuser": "on"})

    assert plain[0] == 302
    assert differences(plain, wished) == "User"
