import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from accounts import roles, services, tasks
from accounts.clock import at, now
from accounts.models import Session
from accounts.views import sign_in as doors_of_sign_in
from tests.accounts.doors import ELSEWHERE, HOME, CountingHasher, come_in, knock, phone_of

HASHER = "tests.accounts.doors.CountingHasher"
CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def plain(response):
    """The body without what differs from one request to the next, and without what was typed."""
    return (
        CHANGING.sub(b"", response.content)
        .replace(b"nobody@example.org", b"X")
        .replace(b"alex@example.org", b"X")
    )


def test_a_wrong_password_an_unknown_address_and_a_closed_account_get_one_answer(world):
    services.deactivate(by=None, user=world.sid, at_once=True)

    known = knock("alex@example.org", "not the password")
    unknown = knock("nobody@example.org", "not the password")
    closed = knock("sid@example.org")

    assert known.status_code == unknown.status_code == closed.status_code == 200
    assert plain(known) == plain(unknown) == plain(closed).replace(b"sid@example.org", b"X")
    assert set(known.headers) == set(unknown.headers) == set(closed.headers)


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(world, settings):
    settings.PASSWORD_HASHERS = [HASHER]
    alex = world.alex
    alex.set_password("one-two-three-four")
    alex.save()
    spent = {}

    for email in ("alex@example.org", "nobody@example.org"):
        before = CountingHasher.calls
        knock(email, "not the password")
        spent[email] = CountingHasher.calls - before

    assert spent["alex@example.org"] == spent["nobody@example.org"] == 1


def test_reset_says_and_does_the_same_for_known_and_unknown_addresses(world):
    answers, work = [], []
    for email in ("alex@example.org", "nobody@example.org"):
        before = OrmQ.objects.count()
        with CaptureQueriesContext(connection) as queries:
            response = Client().post("/reset-password/", {"email": email})
        answers.append((response.status_code, response.headers["Location"]))
        work.append([query["sql"].split("(")[0].split("WHERE")[0] for query in queries])
        assert OrmQ.objects.count() == before + 1
        assert email not in str(OrmQ.objects.last().task)

    assert answers[0] == answers[1]
    assert work[0] == work[1] and len(work[0]) >= 3


def test_ten_wrong_passwords_lock_the_address_and_the_place_together(world):
    for _ in range(9):
        assert knock("alex@example.org", "wrong").status_code == 200
    tenth = knock("alex@example.org", "wrong")
    right = knock("alex@example.org")

    assert tenth.status_code == right.status_code == 429
    assert right.headers["Retry-After"] == "900"
    assert b"Too many tries" in right.content
    assert knock("alex@example.org", address=ELSEWHERE).status_code == 302
    assert knock("bea@example.org").status_code == 302


def test_an_unknown_address_locks_as_a_known_one_does(world):
    for _ in range(10):
        response = knock("nobody@example.org", "wrong")

    assert response.status_code == 429


def test_the_spelling_of_an_address_does_not_dodge_the_lock(world):
    for spelling in (
        "alex@example.org",
        "ALEX@example.org",
        "Alex@Example.Org",
        " alex@example.org ",
    ) * 3:
        response = knock(spelling, "wrong")

    assert response.status_code == 429


def test_one_place_that_fails_with_a_hundred_addresses_waits(world, monkeypatch):
    assert doors_of_sign_in.FAILURES_FROM_ADDRESS == 100
    monkeypatch.setattr(doors_of_sign_in, "FAILURES_FROM_ADDRESS", 12)
    for number in range(12):
        knock(f"guess{number}@example.org", "wrong", address=ELSEWHERE)

    assert knock("alex@example.org", address=ELSEWHERE).status_code == 429
    assert knock("alex@example.org", address=HOME).status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example/",
        "\n//evil.example/",
        "http://testserver@evil.example/",
        "https:///evil.example/",
        "work/",
        "",
    ],
)
def test_next_stays_on_this_host(world, wanted):
    response = knock("alex@example.org", next=wanted)
    page = Client().get("/sign-in/", {"next": wanted})

    assert response.status_code == 302
    assert response.headers["Location"] == "/work/"
    assert 'name="next" value="/work/"' in page.text


def test_next_leads_to_the_page_that_was_asked_for(world):
    asked = Client().get("/account/?tab=a")
    response = knock("alex@example.org", next="/account/?tab=a")

    assert asked.headers["Location"] == "/sign-in/?next=%2Faccount%2F%3Ftab%3Da"
    assert response.headers["Location"] == "/account/?tab=a"


def test_the_session_gets_a_new_id_at_sign_in_and_again_at_the_code(world):
    client = Client()
    client.get("/invitation/planted/")
    planted = client.cookies["sessionid"].value
    phone = phone_of(world.cora)

    knock("cora@example.org", client=client)
    after_password = client.cookies["sessionid"].value
    client.post("/verify/", {"code": phone.current_code()})
    after_code = client.cookies["sessionid"].value

    assert len({planted, after_password, after_code}) == 3
    assert not Session.objects.filter(pk__in=[planted, after_password]).exists()


def test_a_closed_account_is_out_at_the_very_next_request_and_stays_out(world):
    client = come_in(world.cora)
    assert client.get("/account/").status_code == 200

    services.deactivate(by=None, user=world.cora, at_once=True)
    refused = client.get("/account/")
    services.reactivate(by=None, user=world.cora)

    assert refused.status_code == 302
    assert client.get("/account/").status_code == 302


def test_a_new_password_ends_every_other_session(world):
    here, there = come_in(world.alex), come_in(world.alex)

    response = here.post(
        "/account/password/",
        {"old_password": "the-marigold-arrow-points", "password": "otter lamp bicycle 7"},
    )

    assert response.status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_a_role_that_ends_is_gone_at_the_very_next_request(world, sign_in):
    client = sign_in(world.adam)
    services.grant(
        by=None,
        user=world.pru,
        organisation=world.adam.memberships.get().organisation,
        role=roles.Administrator,
    )
    assert client.get("/organisations/").status_code == 200

    services.end_membership(by=None, membership=world.adam.memberships.get())

    refused = client.get("/organisations/")
    assert refused.status_code == 403
    assert "You have no role at the moment" in refused.text


def test_a_reset_link_works_once_and_leaves_the_address_bar(world, mailoutbox):
    tasks.send_reset(str(world.alex.pk))
    link = re.search(r"http://[^/]+(\S+)", mailoutbox[0].body).group(1)
    client = Client()

    opened = client.get(link)
    again = Client()
    again.get(link)  # a mail scanner opens it too: nothing is used up
    page = client.get("/reset-password/new/")
    done = client.post("/reset-password/new/", {"password": "otter lamp bicycle 7"})
    replay = again.post("/reset-password/new/", {"password": "another one entirely"})

    assert opened.headers["Location"] == "/reset-password/new/"
    assert page.status_code == 200 and link.split("/")[-2] not in page.text
    assert done.status_code == 302
    assert replay.status_code == 410
    assert knock("alex@example.org", "otter lamp bicycle 7").status_code == 302


def test_a_reset_link_is_dead_after_an_hour(world, mailoutbox):
    tasks.send_reset(str(world.alex.pk))
    link = re.search(r"http://[^/]+(\S+)", mailoutbox[0].body).group(1)
    client = Client()
    client.get(link)

    with at(now() + timedelta(minutes=61)):
        page = client.get("/reset-password/new/")

    assert page.status_code == 410


def test_a_reset_letter_goes_to_nobody_who_may_not_have_one(world, mailoutbox):
    services.deactivate(by=None, user=world.sid, at_once=True)
    invited = services.add_person(by=None, email="new@example.org", name="New Invented")

    for pk in (uuid.uuid4(), world.sid.pk, invited.pk):
        tasks.send_reset(str(pk))

    assert mailoutbox == []


def test_a_forged_host_does_not_reach_a_letter(world, mailoutbox):
    Client().post("/reset-password/", {"email": "alex@example.org"}, HTTP_HOST="evil.example")
    tasks.send_reset(str(world.alex.pk))

    assert "http://localhost:8000/reset-password/" in mailoutbox[0].body


def test_weak_passwords_are_refused_in_words_and_long_ones_are_taken(world):
    client = come_in(world.alex)
    old = "the-marigold-arrow-points"

    for weak in ("short", "Password2024!", "alex@example.org", "123456789012", "letmeinletmein"):
        page = client.post("/account/password/", {"old_password": old, "password": weak})
        assert page.status_code == 200 and "There is a problem" in page.text
    long = "å long sentence with spaces, 64 and more characters; and none is cut off anywhere"
    done = client.post("/account/password/", {"old_password": old, "password": long})

    assert done.status_code == 302
    assert knock("alex@example.org", long[:72]).status_code == 200
    assert knock("alex@example.org", long).status_code == 302


@pytest.mark.parametrize(
    "nasty", ["\x00", "x" * 5000, "‮@example.org", "😀@example.org", "a\nb@c.de"]
)
def test_strange_input_is_answered_not_broken_by(world, nasty):
    assert knock(nasty, nasty).status_code == 200
    assert knock("alex@example.org", nasty).status_code == 200
    assert Client().post("/reset-password/", {"email": nasty}).status_code in {200, 302}
    assert Client().get("/sign-in/", {"next": nasty, "why": nasty}).status_code == 200


def test_sign_in_needs_a_form_token(world):
    strict = Client(enforce_csrf_checks=True)

    assert knock("alex@example.org", client=strict).status_code == 403
    assert strict.post("/sign-out/").status_code == 403
