import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from accounts import roles, services, tasks
from accounts.clock import at, now
from accounts.models import Invitation, Membership, User
from tests.accounts.doors import knock, together

NEW = "new@example.org"
WORDS = "otter lamp bicycle 7"


def invited(world, by="oz", role=roles.Referrer):
    return services.invite(
        by=getattr(world, by), organisation=world.school, email=NEW, name="Noor Invented", role=role
    )


def letter(user):
    """What the queue does: send the letter. Gives the link in it."""
    tasks.send_invitation(str(Invitation.objects.to_send().get(user=user).pk))
    return re.search(r"http://[^/]+(\S+)", mail.outbox[-1].body).group(1)


def accept(link, password=WORDS, client=None):
    client = client or Client()
    opened = client.get(link)
    assert opened.headers["Location"] == "/invitation/"
    return client.post("/invitation/", {"password": password})


def test_an_invited_person_chooses_a_password_and_signs_in(world):
    user = invited(world)
    before = knock(NEW, WORDS).status_code

    done = accept(letter(user))

    assert before == 200
    assert done.headers["Location"] == "/sign-in/?why=joined"
    assert knock(NEW, WORDS).status_code == 302
    assert User.objects.get(email=NEW).joined_at


def test_accepting_does_not_sign_in_and_staff_still_set_up_their_phone(world):
    user = invited(world, by="adam", role=roles.Administrator)
    client = Client()
    accept(letter(user), client=client)

    assert client.get("/account/").headers["Location"].startswith("/sign-in/")
    half = knock(NEW, WORDS).client
    assert half.get("/account/").headers["Location"].startswith("/account/phone/")


def test_the_link_works_once(world):
    link = letter(invited(world))
    accept(link)

    again = accept(link, "another one entirely")

    assert again.status_code == 410
    assert knock(NEW, "another one entirely").status_code == 200


def test_opening_the_link_uses_nothing_up(world):
    link = letter(invited(world))
    scanner = Client()
    for _ in range(3):
        scanner.get(link)
        scanner.get("/invitation/")
        scanner.head("/invitation/")

    assert accept(link).status_code == 302


def test_the_token_leaves_the_address_bar_and_the_page(world):
    link = letter(invited(world))
    client = Client()
    page = client.get(link, follow=True)

    assert page.request["PATH_INFO"] == "/invitation/"
    assert link.split("/")[-2] not in page.text


def test_the_link_is_dead_after_seven_days(world):
    link = letter(invited(world))

    with at(now() + timedelta(days=7, minutes=1)):
        assert accept(link).status_code == 410
    with at(now() + timedelta(days=6, hours=23)):
        assert accept(link).status_code == 302


def test_a_link_sent_again_replaces_the_old_one(world):
    user = invited(world)
    old = letter(user)

    services.send_again(by=world.oz, user=user)
    new = letter(user)

    assert accept(old).status_code == 410
    assert accept(new).status_code == 302


def test_a_link_taken_back_is_dead_and_the_role_with_it(world):
    user = invited(world)
    link = letter(user)

    services.revoke_invitation(by=world.oz, user=user)

    assert accept(link).status_code == 410
    assert not Membership.objects.current().filter(user=user).exists()


def test_a_weak_password_is_refused_in_words_and_the_link_stays_good(world):
    link = letter(invited(world))
    client = Client()

    weak = accept(link, "noor", client)

    assert weak.status_code == 200 and "There is a problem" in weak.text
    assert client.post("/invitation/", {"password": WORDS}).status_code == 302


def test_only_a_hash_of_the_token_is_kept(world):
    link = letter(invited(world))
    token = link.split("/")[-2]

    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM accounts_invitation i")
        rows = " ".join(row for (row,) in cursor.fetchall())

    assert token not in rows and Invitation.digest(token) in rows


def test_a_letter_that_did_not_go_out_is_shown_and_goes_out_later(world, settings, sign_in):
    user = invited(world)
    settings.EMAIL_BACKEND = "tests.accounts.doors.NoMail"
    tasks.sweep()
    shown = sign_in(world.oz).get("/people/invitations/")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.sweep()

    assert "Not delivered" in shown.text and "Send it again" in shown.text
    assert [message.to for message in mail.outbox] == [[NEW]]
    assert Invitation.objects.get(user=user).sent_at
    tasks.sweep()
    assert len(mail.outbox) == 1


def test_a_fault_of_the_mail_server_is_logged_without_the_address(world, settings, caplog):
    invited(world)
    settings.EMAIL_BACKEND = "tests.accounts.doors.NoMail"

    tasks.sweep()

    assert "could not be sent: SMTPRecipientsRefused" in caplog.text
    assert NEW not in caplog.text


def test_the_queue_holds_ids_only(world):
    invited(world)
    services.ask_for_reset(email="alex@example.org")
    services.ask_for_new_email(user=world.alex, email="alex.new@example.org")

    for row in OrmQ.objects.all():
        task = SignedPackage.loads(row.payload)
        said = repr((task["func"], task["args"], task["kwargs"]))
        assert "@" not in said and "Noor" not in said and "Invented" not in said, said


def test_a_failed_invitation_leaves_no_letter_behind(world):
    before = OrmQ.objects.count(), User.objects.count()

    with pytest.raises(ValidationError):
        services.invite(
            by=world.adam, organisation=world.school, email=NEW, name="Noor", role=roles.Coordinator
        )

    assert (OrmQ.objects.count(), User.objects.count()) == before


def test_somebody_who_already_signs_in_gets_the_role_and_a_note(world):
    services.invite(
        by=world.adam,
        organisation=world.school,
        email="SID@example.org",
        name="Somebody else",
        role=roles.Referrer,
    )

    assert world.sid.name == "Sid Invented"
    assert world.sid.memberships.filter(organisation=world.school).exists()
    assert not Invitation.objects.filter(user=world.sid).exists()


@pytest.mark.parametrize("first", ["sid", "max", "cora", "adam"])
def test_nobody_draws_somebody_elses_people_to_their_organisation(
    world, sign_in, mailoutbox, first
):
    """Nor learns that there is such a person: the answer is the one for a new address."""
    who, oz = getattr(world, first), sign_in(world.oz)
    typed = {"name": "Whoever", "organisation": world.school.pk, "role": "referrer"}
    new = oz.post("/people/invite/", {**typed, "email": "new@example.org"}, follow=True)

    known = oz.post("/people/invite/", {**typed, "email": who.email}, follow=True)

    assert not who.memberships.filter(organisation=world.school).exists()
    assert known.redirect_chain == new.redirect_chain
    assert "The invitation is on its way." in known.text and who.name not in known.text
    assert oz.get(f"/people/{who.pk}/").status_code == 404
    tasks.send_notice(str(who.pk), "asked_elsewhere")
    assert mailoutbox[-1].to == [who.email]


def test_a_closed_account_is_not_invited(world):
    services.deactivate(by=None, user=world.sid, at_once=True)

    with pytest.raises(ValidationError, match="cannot be invited"):
        services.invite(
            by=world.oz,
            organisation=world.school,
            email="sid@example.org",
            name="Sid",
            role=roles.Referrer,
        )


def test_nobody_invites_into_an_organisation_they_do_not_manage(world):
    for first in ("alex", "cora", "sol", "pru", "sam"):
        with pytest.raises(PermissionDenied):
            invited(world, by=first)
    with pytest.raises(PermissionDenied):
        services.invite(
            by=world.oz,
            organisation=world.cora.memberships.get().organisation,
            email=NEW,
            name="Noor",
            role=roles.Referrer,
        )


def test_a_name_or_address_cannot_add_a_header(world):
    for email, name in [
        ("a@example.org\nBcc: b@example.org", "Noor"),
        (NEW, "Noor\r\nBcc: b@c.de"),
    ]:
        try:
            user = services.invite(
                by=world.oz, organisation=world.school, email=email, name=name, role=roles.Referrer
            )
        except ValidationError:
            continue
        letter(user)
        assert mail.outbox[-1].message()["Bcc"] is None
        assert mail.outbox[-1].recipients() == [NEW]


def test_a_letter_that_is_sent_many_times_at_once_goes_out_once_with_a_link_that_works(committing):
    user = invited(committing)
    pk = str(user.invitations.get().pk)

    together(lambda: tasks.send_invitation(pk))

    [message] = mail.outbox
    [token] = re.findall(r"/invitation/([^/\s]+)", message.body)
    assert Invitation.objects.find(token)


def test_a_link_that_is_used_many_times_at_once_sets_one_password(committing):
    user = invited(committing)
    token = services.issue_link(invitation=user.invitations.get())

    results = together(lambda: services.accept_invitation(token=token, password=WORDS))

    assert [result for result in results if result] == [user]
