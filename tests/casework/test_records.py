"""Who has looked, and which letters went to whom, to the end of the list."""

import re
from datetime import timedelta
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import outbox
from casework.calendar import now, today
from casework.models import Message, Viewing
from casework.models.notes import Band
from casework.viewing import looked
from casework.workflow import transitions_of
from referrals.models import Referral
from tests.personas import Cast

CELL = re.compile(r'data-label="(?:About|To|Sent)">([^<]*)<')


def pages(client, url):
    """A list, page after page, as its links lead on."""
    path = url
    while url:
        text = client.get(url).text
        yield text
        following = re.search(r'href="([^"]+)" rel="next"', text)
        url = path + unescape(following[1]) if following else None


def rows(client, url):
    cells = [cell for text in pages(client, url) for cell in CELL.findall(text)]
    return [tuple(cells[place : place + 3]) for place in range(0, len(cells), 3)]


def test_who_has_looked_is_shown_to_the_first_of_them(world, sign_in):
    case = Cast(world).referral("triage")
    Viewing.objects.bulk_create(
        Viewing(
            viewer=world.cleo, case_kind="referral", case_id=case.pk, what="page", is_owner=False,
            at=now() - timedelta(minutes=back // 2),
        )
        for back in range(120)
    )  # fmt: skip

    found = [text.count("Cleo Invented") for text in pages(sign_in(world.cora), _looks(case))]

    assert sum(found) == 120
    assert len(found) > 4


def _looks(case):
    return f"{case.home()}who-has-looked/"


def test_a_key_of_another_list_is_the_first_page(world, sign_in):
    case, client = Cast(world).referral("triage"), sign_in(world.cora)
    for _ in range(30):
        looked(case, by=world.cora)
    key = re.search(r'href="(\?after=[^"]+)" rel="next"', client.get(_looks(case)).text)[1]

    assert client.get(f"/referrals/{unescape(key)}").status_code == 200
    assert client.get(f"{case.home()}letters/{unescape(key)}").status_code == 200


def test_the_letters_about_a_case_say_what_to_whom_and_whether_it_went(world, sign_in):
    case = Cast(world).referral("accepted")
    outbox.relay()
    told = Message.objects.get(case_id=case.pk, letter="referral.accept")
    Message.objects.filter(pk=told.pk).update(state="failed", sent_at=None)

    found = rows(sign_in(world.cora), f"{case.home()}letters/")

    referrer = "Referrer, Northside School (invented)"
    assert ("Accepted", referrer, "Could not be sent") == found[0]
    assert ("We have your referral", referrer) in [line[:2] for line in found]
    assert "Alex" not in sign_in(world.cora).get(f"{case.home()}letters/").text


def test_somebody_who_has_left_is_listed_as_such(world, sign_in):
    case = Cast(world).referral("accepted")
    world.alex.memberships.update(ends_on=today() - timedelta(days=1))

    whom = {line[1] for line in rows(sign_in(world.cora), f"{case.home()}letters/")}
    assert "Somebody who has left" in whom


def test_a_letter_about_what_the_reader_does_not_learn_of_is_not_listed(
    world, sign_in, monkeypatch
):
    case = Cast(world).referral("held")
    url = f"{case.home()}letters/"
    assert "Held" in {line[0] for line in rows(sign_in(world.cleo), url)}

    monkeypatch.setitem(transitions_of(Referral)["hold"][0].custom, "band", Band.SAFEGUARDING)

    assert {line[0] for line in rows(sign_in(world.cleo), url)} == {
        "We have your referral",
        "Received",
    }


def test_the_list_of_letters_does_not_ask_more_for_more_rows(world, sign_in):
    case, client = Cast(world).referral("accepted"), sign_in(world.cora)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(f"{case.home()}letters/")
        return len(found)

    before = queries()
    for name in ("reminder", "late", "hand_over"):
        outbox.tell_people(case, name, [world.cora, world.cleo, world.alex])

    assert queries() == before <= 20
