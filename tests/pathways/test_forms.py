"""Forms of a way into education or work: what is typed wrong, and what a move asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.calendar import at, now, today
from casework.models import Note
from pathways import demo
from pathways.models import EteStatus, Placement, SustainmentCheck
from referrals.models import Assignment
from tests.conftest import signed_in
from tests.pathways.cast import again, typed_day, weeks_ago, words
from tests.pathways.test_advisers import second_adviser

STATUS = {"code": "330", "evidence": "document", "source": "Payslip"}


def test_the_first_status_is_what_the_referrer_wrote_confirmed(cast, client_of):
    referral = cast.active()
    client, url = client_of("ada"), reverse("pathways:status", args=[referral.reference])
    page = client.get(url).content.decode()
    assert '<option value="619" selected>' in page

    typed = {"code": "619", "evidence": "self_declared", **typed_day("verified_on", today())}
    response = client.post(url, typed)

    assert response.status_code == 302
    status = EteStatus.objects.current().get(young_person=referral.young_person)
    assert (status.code, status.kind, status.verified_by) == ("619", "change", cast.by("ada"))


BAD_STATUSES = [
    ({"code": ""}, "Choose an answer for “What do they do?”"),
    ({"code": "999"}, "Choose one of the answers"),
    ({"evidence": ""}, "Choose an answer for “How do we know?”"),
    ({"hours": "200"}, "must be 80 or less"),
    ({"hours": "many"}, "must be a whole number"),
    ({"verified_on_year": "2999"}, "must be today or in the past"),
    ({"verified_on_month": "13"}, "must be a real date"),
    ({"verified_on_day": ""}, "must include a day"),
    ({**typed_day("starts_on", today() + timedelta(days=2))}, "today or in the past"),
    ({"starts_on_day": "1", "starts_on_month": "1", "starts_on_year": "1950"}, "before they"),
    ({"source": "x" * 10_000}, "takes at most 200 characters"),
]


def test_the_status_form_says_what_is_wrong_and_keeps_what_was_typed(cast, client_of):
    referral, client = cast.active(), client_of("ada")
    url = reverse("pathways:status", args=[referral.reference])
    for changes, sentence in BAD_STATUSES:
        facts = {**STATUS, **typed_day("verified_on", today())}
        typed = {**facts, "source": "O’Brien <x> 🙂", **changes}

        response = client.post(url, typed)

        text = response.content.decode()
        assert "<title>Error: " in text and sentence in words(response), changes
        assert "O’Brien &lt;x&gt; 🙂" in text or "source" in changes
    assert not EteStatus.objects.filter(young_person=referral.young_person).exists()


def test_every_move_has_a_page_with_a_form_that_makes_it(cast, client_of):
    """The shortest way and its side ways, typed as a person would."""
    client, placement = client_of("ada"), cast.placement()
    soon = today() + timedelta(days=7)
    steps = [
        ("chase", {"words": "Not yet.", **typed_day("ask_again_on", soon)}, "applied"),
        ("offer", {"conditions": "", **typed_day("answer_by", soon)}, "offered"),
        ("accept", typed_day("starts_on", today()), "accepted"),
        ("postpone", {"words": "", **typed_day("starts_on", soon)}, "accepted"),
        (
            "start",
            {"code": "330", "evidence": "document", **typed_day("started_on", today())},
            "started",
        ),
        ("leave", {"reason": "travel", **typed_day("ended_on", today())}, "left_early"),
        ("contact", {"next_step": "Jobs near.", **typed_day("review_on", soon)}, "left_early"),
        (
            "move-on",
            {"code": "310", "evidence": "worker", **typed_day("starts_on", today())},
            "onward",
        ),
    ]
    for name, typed, state in steps:
        url = f"{placement.home()}{name}/"
        assert "UNDEFINED" not in words(client.get(url))
        version = again(placement).version
        response = client.post(url, {"version": version, **typed})
        assert response.status_code == 302, words(response)
        assert again(placement).status == state
        assert "UNDEFINED" not in words(client.get(placement.home()))


def test_who_loses_the_last_place_or_looks_at_a_stale_page_is_told(cast, client_of):
    ada, client, one = cast.by("ada"), client_of("ada"), cast.opportunity(places=1)
    first, second = (demo.apply(cast.active(), one, by=ada) for _ in range(2))
    typed = typed_day("answer_by", today())
    demo.step(first, "offer", by=ada)

    lost = client.post(f"{second.home()}offer/", {"version": second.version, **typed})
    stale = client.post(f"{second.home()}withdraw/", {"version": 0, "reason": "travel"})

    assert "The last place there has just gone" in words(lost)
    assert stale.status_code == 409 and second.reference in words(stale)
    assert again(second).status == "applied"


@pytest.mark.parametrize("name", ["decline", "withdraw"])
def test_a_reason_is_asked_for(cast, client_of, name):
    placement = cast.placement()
    typed = {"version": placement.version}

    response = client_of("ada").post(f"{placement.home()}{name}/", typed)

    assert response.status_code == 200 and "Error: " in response.content.decode()
    assert again(placement).status == "applied"


def test_a_start_in_the_future_is_refused_next_to_its_field(cast, client_of):
    placement = cast.placement("accepted")
    tomorrow = today() + timedelta(days=1)
    typed = {"code": "330", "evidence": "document", **typed_day("started_on", tomorrow)}

    response = client_of("ada").post(
        f"{placement.home()}start/", {"version": placement.version, **typed}
    )

    assert "must be today or in the past" in words(response)
    assert again(placement).status == "accepted"


def test_apply_begins_from_either_side_and_shows_what_is_wrong(cast, client_of):
    client, referral, offered = client_of("ada"), cast.active(), cast.opportunity()
    url = reverse("pathways:apply")
    begun = client.get(f"{url}?referral={referral.reference}&opportunity={offered.pk}")
    text = begun.content.decode()
    assert f'<option value="{referral.pk}" selected>' in text
    assert f'<option value="{offered.pk}" selected>' in text
    assert client.get(f"{url}?referral=x&opportunity=%00").status_code == 200
    typed = {"referral": referral.pk, "opportunity": offered.pk}

    missing = client.post(url, typed)
    done = client.post(url, {**typed, **typed_day("agreed_on", today())})
    twice = client.post(url, {**typed, **typed_day("agreed_on", today())})

    placement = Placement.objects.get(referral=referral)
    assert "Enter the day they agreed" in words(missing)
    assert done.status_code == 302 and done.url == placement.home()
    assert "open placement for them there already" in words(twice)


def test_apply_offers_only_ones_own_young_people(cast, client_of):
    mine, others = cast.active(), cast.active(adviser="", kinds=["ete"])

    ada = words(client_of("ada").get(reverse("pathways:apply")))

    assert mine.reference in ada and others.reference not in ada
    assert "Nobody to apply with" in words(client_of("max").get(reverse("pathways:apply")))


def test_a_check_is_answered_and_corrected_on_one_small_page(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(5))
    check, client = placement.checks.get(point=4), client_of("ada")
    url = check.get_absolute_url()

    nothing = client.post(url, {"status": "achieved", **typed_day("asked_on", today())})
    reached = client.post(url, {"status": "unable_to_contact", **typed_day("asked_on", today())})
    yes = {"status": "achieved", "evidence": "document", **typed_day("asked_on", today())}
    answered = client.post(url, yes)
    correcting = words(client.get(url))
    corrected = client.post(url, {**yes, "evidence": "third_party", "why": "It was a call."})

    assert "Say how we know" in words(nothing)
    assert "Say how you tried" in words(reached)
    assert answered.url == corrected.url == placement.home()
    assert "Correct the 4-week answer" in correcting
    rows = SustainmentCheck.objects.filter(placement=placement, point=4)
    assert sorted(row.is_current for row in rows) == [False, True]
    assert client.get(url).status_code == 404  # that answer is history now


def test_not_there_any_more_leads_to_the_last_day(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(5))
    url = placement.checks.get(point=4).get_absolute_url()

    response = client_of("ada").post(
        url, {"status": "not_achieved", **typed_day("asked_on", today())}
    )

    assert response.url == f"{placement.home()}leave/"


def test_a_check_before_its_day_has_no_form(cast, client_of):
    check = cast.placement("started").checks.get(point=13)

    page = client_of("ada").get(check.get_absolute_url())
    typed = {"status": "achieved", "evidence": "document", **typed_day("asked_on", today())}
    forced = client_of("ada").post(check.get_absolute_url(), typed)

    assert "Not to be answered yet" in words(page)
    assert "Answer it then" in words(forced) and again(check).status == "due"


def test_a_contact_starts_the_clock_of_an_advisers_referral_anew_when_they_were_reached(
    cast, client_of
):
    referral = cast.advised_alone()
    url = reverse("pathways:contact", args=[referral.reference])
    typed = {"how": "By phone", "words": "O’Brien <x>", "happened_at": f"{now():%Y-%m-%dT%H:%M}"}

    with at(now() + timedelta(days=4)):
        client = signed_in(cast.world.ada)
        nothing = client.post(url, {})
        ahead = client.post(
            url,
            {
                **typed,
                "is_reached": "True",
                "happened_at": f"{now() + timedelta(1):%Y-%m-%dT%H:%M}",
            },
        )
        ages_ago = client.post(
            url, {**typed, "is_reached": "True", "happened_at": "0026-11-02T10:00"}
        )
        client.post(url, {**typed, "is_reached": "False"})
        after_a_try = again(referral).due_at
        done = client.post(url, {**typed, "is_reached": "True"})

    assert "Choose an answer for “How?”" in words(nothing) and "That lies ahead" in words(ahead)
    assert "Look at the year again" in words(ages_ago)
    assert done.status_code == 302
    assert after_a_try == referral.due_at < again(referral).due_at
    notes = Note.objects.filter(case_id=referral.pk).values_list("fact", "band")
    assert set(notes) == {
        ("By phone, not reached. O’Brien <x>", "shared"),
        ("By phone, reached. O’Brien <x>", "shared"),
    }
    assert client_of("max").get(url).status_code == 404


def test_to_ask_an_adviser_costs_no_more_when_there_are_more(cast, client_of):
    referral = cast.active(adviser="")
    client, url = client_of("cora"), reverse("pathways:ask_adviser", args=[referral.reference])
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)

    second_adviser(cast.world)
    with CaptureQueriesContext(connection) as after:
        shown = words(client.get(url))

    assert shown.count("young people now") == 2
    assert len(after) == len(before)


def test_the_adviser_is_asked_from_the_referral_page(cast, client_of):
    referral = cast.active(adviser="", kinds=["mentoring", "ete"])
    client, url = client_of("cora"), reverse("pathways:ask_adviser", args=[referral.reference])
    assert url in client.get(referral.home() + "?tab=education").content.decode()
    assert "Advises" in words(client.get(url))

    nobody = client.post(url, {})
    done = client.post(url, {"worker": cast.by("ada").pk})

    assert "Choose who should help" in words(nobody)
    assert done.status_code == 302
    assert Assignment.objects.current().get(referral=referral, role="adviser")
    assert client_of("max").get(url).status_code == 403
