"""A form that makes something makes it once, however often it is sent (security reference §5)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import submissions
from accounts.clock import at, now, today
from accounts.models import Organisation, SharingAgreement, Submission
from casework.models import Note
from mentoring.models import Credential, KeepApart, Mentor
from mentoring.services import enquire
from pathways.models import EteStatus, Opportunity
from tests.conftest import signed_in
from tests.personas import Cast

KEY = re.compile(r'name="submit_key" value="([0-9a-f-]{36})"')


def day(name, date):
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def charity():
    return Organisation.objects.get(name="Steady Steps Trust (invented)")


def a_mentor(world):
    return enquire(
        by=world.cora, name="Nia Invented", email="nia@example.org", organisation=charity(),
        area=world.city, languages=["English"], travel_km=10, capacity=1, age_from=10, age_to=25,
    )  # fmt: skip


def add_mentor(world):
    return "cora", reverse("mentoring:add_mentor"), Mentor, {
        "name": "Nia Invented", "email": "nia@example.org", "organisation": charity().pk,
        "area": world.city.pk, "gender": "female", "languages": "English", "travel_km": "12",
        "capacity": "2", "age_from": "10", "age_to": "25",
    }  # fmt: skip


def add_check(world):
    url = reverse("mentoring:add_check", args=[a_mentor(world).reference])
    return "cora", url, Credential, {"kind": "references", **day("issued_on", today())}


def keep_apart(world):
    url = reverse("mentoring:keep_apart", args=[Cast(world).referral("accepted").reference])
    return "cora", url, KeepApart, {"name": "Jo Elsewhere", "kind": "conflict", "reason": "Words."}


def add_opportunity(world):
    return "ada", reverse("pathways:add_opportunity"), Opportunity, {
        "kind": "job", "other_organisation": "Trentside Storage (invented)", "title": "Assistant",
        "summary": "Counting stock.", "areas": [world.city.pk], "places": "2",
        "convictions": "yes", **day("checked_on", today()),
        **day("expires_on", today() + timedelta(days=60)),
    }  # fmt: skip


def add_organisation(world):
    typed = {"name": "New Firm (invented)", "kind": "employer", "sector": "core", "is_open": "on"}
    return "adam", reverse("accounts:add_organisation"), Organisation, typed


def add_agreement(world):
    url = reverse("accounts:add_agreement", args=[world.school.pk])
    return "adam", url, SharingAgreement, {"purpose": "Referrals", **day("starts_on", today())}


def record_status(world):
    url = reverse("pathways:status", args=[Cast(world).referral("active").reference])
    typed = {"code": "330", "evidence": "document", "source": "Payslip"}
    return "cora", url, EteStatus, {**typed, **day("verified_on", today())}


def write_contact(world):
    url = reverse("pathways:contact", args=[Cast(world).referral("active").reference])
    typed = {"how": "By phone", "is_reached": "True", "words": "We spoke."}
    moment = now() - timedelta(hours=1)
    return "cora", url, Note, {**typed, "happened_at": f"{moment:%Y-%m-%dT%H:%M}"}


FORMS = [
    add_mentor,
    add_check,
    keep_apart,
    add_opportunity,
    add_organisation,
    add_agreement,
    record_status,
    write_contact,
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_sent_twice_makes_one_thing_and_leads_to_it_twice(world, form):
    who, url, model, typed = form(world)
    client, before = signed_in(getattr(world, who)), model.objects.count()
    typed["submit_key"] = KEY.search(client.get(url).text)[1]

    answers = [client.post(url, typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert model.objects.count() == before + 1


def test_what_was_refused_can_be_sent_again_with_the_same_key(world):
    who, url, model, typed = add_agreement(world)
    client, before = signed_in(getattr(world, who)), model.objects.count()
    typed["submit_key"] = str(uuid.uuid4())

    assert client.post(url, {**typed, "purpose": ""}).status_code == 200
    assert client.post(url, typed).status_code == 302
    assert model.objects.count() == before + 1


def test_a_key_that_is_none_is_refused_and_somebody_elses_is_free(world):
    _, url, _, typed = add_organisation(world)
    client = signed_in(world.adam)
    key = uuid.uuid4()
    Submission.objects.create(user=world.cora, key=key, led_to="/elsewhere/")

    assert client.post(url, {**typed, "submit_key": "none"}).status_code == 200
    assert client.post(url, {**typed, "submit_key": key})["Location"] != "/elsewhere/"


def test_a_repeat_is_known_before_it_is_looked_at(world):
    """Its number is taken by now, by itself."""
    _, url, _, typed = add_organisation(world)
    client = signed_in(world.adam)
    typed |= {"urn": "100777", "submit_key": str(uuid.uuid4())}

    assert [client.post(url, typed).status_code for _ in range(2)] == [302, 302]


def test_sent_forms_are_forgotten_after_a_week(world):
    Submission.objects.create(user=world.cora, key=uuid.uuid4(), led_to="/there/")
    assert submissions.forget() == 0

    with at(now() + timedelta(days=8)):
        assert submissions.forget() == 1
