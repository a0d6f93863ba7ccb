"""A session is written down on a phone in under a minute."""

from datetime import timedelta

from bs4 import BeautifulSoup

from casework.calendar import london, now
from mentoring.models import Match, Session


def test_a_session_takes_seven_answers_and_one_submit(browse, register):
    """Five taps, a time and one line of words: at five seconds each for the first six and half a
    minute of typing, about a minute. The day and how they met are there already."""
    running = register.match(Match.State.ACTIVE)
    client, path = browse("max"), f"/matches/{running.reference}/session/"
    form = BeautifulSoup(client.get(path).content, "lxml").select_one("main form")
    boxes = form.select("input[type=hidden], input[type=date]")
    there = {box["name"]: box["value"] for box in boxes if box.get("value")}
    picks = {pick["name"]: _chosen(pick) for pick in form.select("select")}
    there |= {name: value for name, value in picks.items() if value}

    assert {"day", "mode", "submit_key"} <= set(there)
    answers = {"attended": "yes", "minutes": "60", "place": "library", "did": "We walked."}
    answers |= {"ete_moved": "False", "is_worried": "False"}
    answers["time"] = f"{london(now() - timedelta(hours=2)):%H:%M}"
    answers["day"] = f"{london(now() - timedelta(hours=2)):%Y-%m-%d}"  # soon after midnight

    assert client.post(path, there | answers).status_code == 302
    assert Session.objects.held().filter(match=running).count() == 1


def _chosen(pick):
    options = pick.select("option[selected]") or pick.select("option")[:1]
    return options[0]["value"] if options else ""
