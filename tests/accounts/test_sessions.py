from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.clock import at, now
from accounts.models import Session
from tests.accounts.doors import come_in, knock

MINUTE = timedelta(minutes=1)


def test_half_an_hour_without_anything_signs_out_and_says_why(world):
    start = now()
    with at(start):
        client = come_in(world.alex)
    with at(start + 29 * MINUTE):
        assert client.get("/account/").status_code == 200
    with at(start + 60 * MINUTE):
        out = client.get("/account/")
        page = client.get(out.headers["Location"])

    assert out.headers["Location"] == "/sign-in/?next=%2Faccount%2F&why=idle"
    assert "signed out because nothing happened for 30 minutes" in page.text
    assert client.get("/account/").status_code == 302


def test_ten_hours_sign_out_however_busy_one_was(world):
    start = now()
    with at(start):
        client = come_in(world.alex)
    for step in range(1, 24):
        with at(start + step * 25 * MINUTE):
            assert client.get("/account/").status_code == 200
    with at(start + 24 * 25 * MINUTE + 2 * MINUTE):
        out = client.get("/account/")

    assert out.headers["Location"].endswith("why=absolute")


def test_the_session_is_gone_on_the_server_too(world):
    start = now()
    with at(start):
        client = come_in(world.alex)
    stolen = client.cookies["sessionid"].value
    with at(start + 31 * MINUTE):
        client.get("/account/")

    thief = Client()
    thief.cookies["sessionid"] = stolen
    with at(start + MINUTE):
        assert thief.get("/account/").status_code == 302
    assert not Session.objects.filter(pk=stolen).exists()


def test_what_was_typed_for_too_long_is_given_back_and_sent_again(world):
    start, typed = now(), "Alex “Late” <x>\nRowe"
    with at(start):
        client = come_in(world.alex)
    with at(start + 45 * MINUTE):
        out = client.post("/account/details/?from=here", {"name": typed, "old_password": "secret"})

    page = BeautifulSoup(out.content, "lxml")
    form = page.select_one("main form")
    assert out.status_code == 401 and "nothing happened for 30 minutes" in page.text
    assert form["action"] == "/account/details/?from=here"
    assert form.select_one("[name=name]")["value"].replace("\r\n", "\n") == typed
    assert "secret" not in out.text and "Alex “Late” <x>" not in out.text
    assert form.select_one("[name=csrfmiddlewaretoken]")["value"]
    assert page.select_one("main ol a")["href"] == "/sign-in/"


def test_a_form_that_is_sent_again_after_signing_in_is_given_back_once_more(world):
    """Signing in makes a new token; what was typed must survive that too."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.alex, backend="accounts.backends.StandingBackend")
    typed = {"name": "Alex Late", "csrfmiddlewaretoken": "a" * 32}
    home = {"origin": "http://testserver"}

    out = client.post("/account/details/", typed, headers=home)

    page = BeautifulSoup(out.content, "lxml")
    again = {field["name"]: field["value"] for field in page.select("main form input")}
    assert out.status_code == 403 and again["name"] == "Alex Late"
    assert again["csrfmiddlewaretoken"] != "a" * 32
    assert client.post("/account/details/", again, headers=home).status_code == 302


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_what_another_site_sends_is_never_given_back(world, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.alex, backend="accounts.backends.StandingBackend")
    headers = {"origin": origin} if origin else {}

    out = client.post("/account/details/", {"name": "Planted"}, headers=headers)

    assert out.status_code == 403 and "Planted" not in out.text


def test_a_stranger_who_sends_a_form_without_a_token_gets_nothing_back(world):
    client = Client(enforce_csrf_checks=True)

    out = client.post("/sign-in/", {"username": "Planted"}, headers={"origin": "http://testserver"})

    assert out.status_code == 403 and "Planted" not in out.text


def test_the_public_pages_stay_open_to_somebody_whose_session_is_over(world):
    start = now()
    with at(start):
        client = come_in(world.alex)
    with at(start + 31 * MINUTE):
        assert client.get("/reset-password/").status_code == 200


def test_a_session_without_marks_is_over(world):
    client = come_in(world.alex)
    session = client.session
    del session["started_at"]
    session.save()

    assert client.get("/account/").status_code == 302


def test_use_is_remembered_once_a_minute_so_that_pages_do_not_write(
    world, django_assert_num_queries
):
    start = now()
    with at(start):
        client = come_in(world.alex)
        client.get("/account/")
        seen = client.session["seen_at"]
    with at(start + timedelta(seconds=50)):
        client.get("/account/")
        assert client.session["seen_at"] == seen
    with at(start + timedelta(seconds=70)):
        client.get("/account/")
        assert client.session["seen_at"] > seen


def test_what_signed_in_people_see_is_kept_by_nobody(world, sign_in):
    client = sign_in(world.adam)

    for path in ("/account/", "/people/", "/organisations/", "/nothing-here/", "/sign-in/"):
        assert client.get(path).headers["Cache-Control"] == "no-store, private", path
    stranger = Client().get("/sign-in/")
    assert "no-store" in stranger.headers["Cache-Control"]


def test_signing_out_kills_the_session_and_clears_the_browser(world):
    client = come_in(world.alex)
    cookie = client.cookies["sessionid"].value

    out = client.post("/sign-out/")
    page = client.get(out.headers["Location"])
    back = Client()
    back.cookies["sessionid"] = cookie

    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "You have signed out" in page.text
    assert back.get("/account/").status_code == 302


def test_a_link_cannot_sign_anybody_out(world):
    client = come_in(world.alex)

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("path", ["/account/email/", "/account/phone/", "/people/invite/"])
def test_what_matters_asks_for_the_password_again_after_ten_minutes(world, path):
    start = now()
    with at(start):
        client = come_in(world.adam)
        assert client.get(path).status_code == 200
    with at(start + 11 * MINUTE):
        asked = client.get(path)
        wrong = client.post("/account/confirm/", {"password": "not it", "next": path})
        right = client.post(
            "/account/confirm/", {"password": "the-marigold-arrow-points", "next": path}
        )
        page = client.get(path)

    assert asked.headers["Location"].startswith("/account/confirm/?next=")
    assert wrong.status_code == 200 and "This is not your password" in wrong.text
    assert right.headers["Location"] == path
    assert page.status_code == 200


def test_a_form_that_was_opened_in_time_may_still_be_sent(world):
    start, path = now(), "/people/invite/"
    with at(start):
        client = come_in(world.adam)
    with at(start + 9 * MINUTE):
        assert client.get(path).status_code == 200
    with at(start + 25 * MINUTE):
        assert client.post(path, {"name": "Noor"}).status_code == 200
    with at(start + 31 * MINUTE):
        late = client.post(path, {"name": "Noor"}, follow=True)

    assert late.redirect_chain[0][0].startswith("/account/confirm/?next=")
    assert "What you sent was not saved" in late.text


def test_guessing_at_the_second_question_locks_as_at_the_first(world):
    client = come_in(world.alex)

    for _ in range(10):
        response = client.post("/account/confirm/", {"password": "not it"})

    assert response.status_code == 429
    assert knock("alex@example.org", address="127.0.0.1").status_code == 429


def test_the_log_of_doors_has_ids_and_routes_only(world, caplog):
    with caplog.at_level("INFO", logger="waymark.access"):
        knock("alex@example.org", "wrong")
        client = come_in(world.alex)
        client.get("/organisations/")
        client.get(f"/people/{world.cora.pk}/")
        client.post("/sign-out/")

    said = "\n".join(row.getMessage() for row in caplog.records if row.name == "waymark.access")
    assert "sign_in_failed user=-" in said
    assert f"signed_in user={world.alex.pk}" in said
    assert "refused" in said and "route=accounts:organisations status=403" in said
    assert "signed_out" in said
    for secret in ("@", "example.org", "Alex", "Invented", "/people/"):
        assert secret not in said


def test_a_session_that_was_ended_elsewhere_says_so(world):
    client = come_in(world.alex)
    person = world.alex
    person.end_sessions()
    person.save()

    out = client.get("/work/")

    assert out.headers["Location"].endswith("why=ended")
    assert "Your session has ended" in client.get(out.headers["Location"]).text
    assert "why=" not in Client().get("/work/").headers["Location"]
