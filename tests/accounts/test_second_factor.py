import re
from base64 import b32decode
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client
from django.urls import get_resolver, resolve
from django_otp.oath import totp

from accounts import roles, services, tasks
from accounts.clock import at, now
from accounts.models import Authenticator, RecoveryCode, RecoverySheet
from accounts.public import BEFORE_SECOND_FACTOR, PUBLIC
from accounts.services import second_factor
from tests.accounts.doors import come_in, knock, phone_of, together
from tests.accounts.test_public import names, path_of
from tests.thorough import some
from tests.world import PASSWORD

STAFF = ["cora", "sol", "max", "dev", "ada", "ana", "bo", "ivy", "ed", "oz", "pru", "adam"]


def half_password(user):
    """Somebody whose password was right and who has not shown the code."""
    return knock(user.email).client


def test_every_role_but_referrer_needs_the_second_factor(world):
    assert [role for role in roles.ALL if not role.second_factor] == [roles.Referrer]
    for first in STAFF:
        assert getattr(world, first).needs_second_factor, first
    assert not world.alex.needs_second_factor


@pytest.mark.parametrize("first", STAFF)
def test_staff_with_a_password_alone_are_sent_to_set_up_or_show_a_phone(world, first):
    user = getattr(world, first)

    without = half_password(user).get("/account/")
    phone_of(user)
    with_phone = half_password(user).get("/account/")

    assert without.headers["Location"] == "/account/phone/?next=%2Faccount%2F"
    assert with_phone.headers["Location"] == "/verify/?next=%2Faccount%2F"


def holes(client):
    """Every named URL of the whole site, Wagtail's editor included, by its address: those that did
    not send on to the code, and how many were tried."""
    found, tried = set(), set()
    for name in sorted(set(names(get_resolver())) - PUBLIC - BEFORE_SECOND_FACTOR):
        url = path_of(name)
        if url is None or resolve(url).view_name in PUBLIC:  # another name was quicker
            continue
        for method in some(("get", "post"), of=2):
            response = getattr(client, method)(url)
            if not response.headers.get("Location", "").startswith("/verify/?next="):
                found.add(name)
        tried.add(name)
    return found, tried


def test_no_url_lets_a_password_alone_through(world):
    phone_of(world.ed)

    found, tried = holes(half_password(world.ed))

    assert found == set()
    assert {"work", "accounts:people", "wagtailadmin_home", "wagtailadmin_explore"} <= tried
    assert len(tried) > 100


@pytest.mark.slow
@pytest.mark.thorough  # it asks every URL once more
def test_the_probe_finds_a_hole_that_was_planted(world, monkeypatch):
    phone_of(world.ed)
    open_too = BEFORE_SECOND_FACTOR | {"accounts:account", "wagtailadmin_home"}
    monkeypatch.setattr("accounts.middleware.BEFORE_SECOND_FACTOR", open_too)

    found, _ = holes(half_password(world.ed))

    assert found == {"accounts:account", "wagtailadmin_home"}


@pytest.mark.parametrize(
    "path",
    ["/editor/", "/editor/login/", "/editor/pages/", "/editor/users/", "/editor/api/main/pages/"],
)
def test_the_editor_is_behind_sign_in_second_factor_and_role(world, path):
    stranger = Client().get(path)
    phone_of(world.ed)
    half = half_password(world.ed).get(path)
    coordinator = come_in(world.cora).get(path)

    assert stranger.headers["Location"].startswith("/sign-in/?next=%2Feditor%2F")
    assert half.headers["Location"].startswith("/verify/?next=%2Feditor%2F")
    assert coordinator.status_code == 403


def test_pages_before_the_code_show_nothing_of_what_is_behind_it(world):
    phone_of(world.cora)
    client = half_password(world.cora)
    pages = [client.get("/verify/").text, client.get("/verify/recovery-code/").text]
    pages.append(half_password(world.max).get("/account/phone/").text)

    for page in pages:
        assert "My work" not in page and "Referrals" not in page and 'name="q"' not in page
    assert "My work" in come_in(world.cora).get("/account/").text


def test_a_directory_editor_who_showed_the_code_reaches_the_editor(world):
    assert come_in(world.ed).get("/editor/").status_code == 200


def test_a_code_works_once(world):
    phone = phone_of(world.cora)
    code = phone.current_code()
    client = half_password(world.cora)
    first = client.post("/verify/", {"code": code})

    replay = half_password(world.cora).post("/verify/", {"code": code})

    assert first.status_code == 302
    assert replay.status_code == 200 and "has been used" in replay.text


def test_a_code_of_an_earlier_half_minute_is_refused_after_a_later_one(world):
    phone = phone_of(world.cora)
    moment = now()
    with at(moment - timedelta(seconds=30)):
        earlier = phone.current_code()
    with at(moment):
        assert second_factor.verify(user=world.cora, code=phone.current_code())

        assert second_factor.verify(user=world.cora, code=earlier) is None


def test_an_old_code_and_a_code_to_come_are_refused(world):
    phone = phone_of(world.cora)
    moment = now()
    for seconds in (-90, 90):
        with at(moment + timedelta(seconds=seconds)):
            strange = phone.current_code()
        with at(moment + timedelta(hours=abs(seconds))):  # past any wait
            assert second_factor.verify(user=world.cora, code=strange) is None


def test_wrong_codes_are_slowed_down_and_the_right_one_then_waits_too(world):
    phone = phone_of(world.cora)
    client = half_password(world.cora)
    moment = now()
    with at(moment):
        for _ in range(3):
            client.post("/verify/", {"code": "000000"})
        waiting = client.post("/verify/", {"code": phone.current_code()})
    with at(moment + timedelta(minutes=16)):
        done = client.post("/verify/", {"code": phone.current_code()})

    assert waiting.status_code == 200 and "Wait a little" in waiting.text
    assert done.status_code == 302


def test_the_wait_grows_but_never_beyond_a_quarter_of_an_hour(world):
    phone = phone_of(world.cora)
    with at(now()):
        for failures in (1, 4, 40, 4000):
            phone.throttling_failure_count, phone.throttling_failure_timestamp = failures, now()
            allowed, why = phone.verify_is_allowed()
            wait = why["locked_until"] - now()
            assert not allowed
            assert wait == min(timedelta(seconds=2 ** min(failures - 1, 20)), timedelta(minutes=15))


def enrolled(client):
    """Set up a phone through the page; gives the recovery codes as shown."""
    page = client.get("/account/phone/")
    link = re.search(r'href="otpauth://totp/[^"]*secret=([A-Z2-7]+)', page.text).group(1)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text).group(1).replace(" ", "")
    assert secret == link, "what the picture, the link and the words say is one"
    code = f"{totp(b32decode(secret)):06d}"
    shown = client.post("/account/phone/", {"code": code})
    return shown, re.findall(r"<code>([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})</code>", shown.text)


def test_setting_up_a_phone_shows_a_picture_a_secret_and_ten_codes_once(world):
    client = half_password(world.cora)
    page = client.get("/account/phone/")
    shown, codes = enrolled(client)

    assert '<svg width="' in page.text and 'role="img"' in page.text
    assert len(set(codes)) == 10
    assert client.get("/account/").status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}
    for path in ("/account/", "/account/phone/"):
        assert not any(code in client.get(path).text for code in codes)


def test_the_code_that_set_up_the_phone_does_not_also_let_in(world):
    client = half_password(world.cora)
    enrolled(client)
    phone = second_factor.authenticator(world.cora)

    assert phone.last_t > 0


def test_looking_at_the_set_up_page_makes_no_device(world):
    client = half_password(world.cora)

    client.get("/account/phone/")

    assert not Authenticator.objects.filter(user=world.cora).exists()


def test_somebody_with_a_phone_cannot_set_up_another_with_the_password_alone(world):
    phone = phone_of(world.cora)
    client = half_password(world.cora)

    page = client.get("/account/phone/")
    posted = client.post("/account/phone/", {"code": "123456"})

    assert page.headers["Location"].startswith("/verify/")
    assert posted.headers["Location"].startswith("/verify/")
    assert second_factor.authenticator(world.cora) == phone


def test_a_new_password_by_letter_still_asks_for_the_code(world, mailoutbox):
    phone_of(world.cora)
    tasks.send_reset(str(world.cora.pk))
    link = re.search(r"http://[^/]+(\S+)", mailoutbox[0].body).group(1)
    client = Client()
    client.get(link)
    client.post("/reset-password/new/", {"password": "otter lamp bicycle 7"})

    half = knock("cora@example.org", "otter lamp bicycle 7").client

    assert half.get("/account/").headers["Location"].startswith("/verify/")
    assert client.get("/account/").headers["Location"].startswith("/sign-in/")


def test_a_referrer_may_set_up_a_phone_and_is_then_asked_for_it(world):
    client = half_password(world.alex)
    assert client.get("/account/").status_code == 200

    enrolled(client)

    assert client.get("/account/").status_code == 200
    assert half_password(world.alex).get("/account/").headers["Location"].startswith("/verify/")


def test_a_referrer_who_stands_in_for_staff_needs_the_phone(world):
    membership = world.cora.memberships.get()
    membership.cover = world.alex
    membership.cover_from = membership.cover_until = now().date()
    membership.save()
    place = membership.organisation
    services.grant(by=None, user=world.alex, organisation=place, role=roles.Referrer)

    response = half_password(world.alex).get("/account/")

    assert response.headers["Location"].startswith("/account/phone/")


def test_a_reset_by_the_administrator_forgets_phone_codes_and_sessions(world, mailoutbox, caplog):
    client = come_in(world.cora)
    adam = come_in(world.adam)

    with caplog.at_level("INFO", logger="waymark.access"):
        done = adam.post(f"/people/{world.cora.pk}/phone/")

    assert done.status_code == 302
    assert client.get("/account/").headers["Location"].startswith("/sign-in/")
    assert not Authenticator.objects.filter(user=world.cora).exists()
    assert not RecoverySheet.objects.filter(user=world.cora).exists()
    assert half_password(world.cora).get("/account/").headers["Location"].startswith("/account/ph")
    line = next(row for row in caplog.messages if "second_factor_reset" in row)
    assert str(world.cora.pk) in line and f"by={world.adam.pk}" in line and "@" not in line


def test_organisation_administrators_reset_their_own_people_only(world):
    second_factor.give(user=world.alex)
    second_factor.give(user=world.cora)

    second_factor.reset(by=world.oz, user=world.alex)

    assert second_factor.authenticator(world.alex) is None
    for other in (world.cora, world.oz, world.adam, world.sam):
        with pytest.raises(PermissionDenied):
            second_factor.reset(by=world.oz, user=other)


def test_a_session_that_was_verified_by_another_persons_phone_is_not_verified(world):
    client = half_password(world.cora)
    phone_of(world.cora)
    session = client.session
    session["otp_device_id"] = phone_of(world.adam).persistent_id
    session.save()

    assert client.get("/account/").headers["Location"].startswith("/verify/")


def test_outside_the_demo_no_page_shows_a_code_or_a_password(world):
    phone = phone_of(world.cora)
    code = phone.current_code()

    pages = [Client().get("/sign-in/").text, half_password(world.cora).get("/verify/").text]

    for page in pages:
        assert code not in page and PASSWORD not in page and "Invented people" not in page


def test_the_demo_shows_one_person_for_each_role_with_their_code(world, settings):
    settings.OTP_SHOWN_ON_SIGN_IN, settings.DEMO_PASSWORD = True, PASSWORD
    phone = phone_of(world.cora)

    page = Client().get("/sign-in/").text
    verify = half_password(world.cora).get("/verify/").text

    for role in roles.ALL:
        assert f'data-label="Role">{role.name}<' in page
    assert PASSWORD in page and "cora@example.org" in page
    assert phone.current_code() in page and phone.current_code() in verify


def test_the_demo_shows_a_code_that_still_works_after_one_was_used(world, settings):
    settings.OTP_SHOWN_ON_SIGN_IN = True
    second_factor.give(user=world.cora)

    with at(now()):
        for _ in range(5):
            client = half_password(world.cora)
            code = re.search(r"<strong>(\d{6})</strong>", client.get("/verify/").text).group(1)
            assert client.post("/verify/", {"code": code}).status_code == 302


def test_a_code_that_is_sent_many_times_at_once_works_once(committing):
    user = committing.cora
    code = second_factor.give(user=user).current_code()

    results = together(lambda: second_factor.verify(user=user, code=code))

    assert len([device for device in results if device]) == 1


def test_a_phone_is_not_given_in_live_mode(world, settings):
    settings.LIVE = True

    with pytest.raises(ImproperlyConfigured):
        second_factor.give(user=world.cora)
