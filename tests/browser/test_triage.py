"""A coordinator reads and decides; a lead releases what was held."""

import re

import pytest
from playwright.sync_api import expect

from casework.workflow import move
from referrals.models import Concern, Referral
from referrals.services import raise_concern
from waymark.demo import making

from .conftest import check, press


@pytest.fixture
def sent(site):
    return making.refer(by=site.alex, programme=site.programme)


def test_a_coordinator_triages_and_accepts(site, come_in, sent):
    page = come_in("cora")
    check(page, "work-coordinator")
    press(page.get_by_role("link", name=re.compile("Unread")).first)
    expect(page.locator(".wm-tabs [aria-current]")).to_be_in_viewport(ratio=1)
    check(page, "queue-unread")
    press(page.get_by_role("link", name=re.compile(sent.reference)).first)
    press(page.get_by_role("button", name="Start triage"))
    press(page.get_by_role("button", name=re.compile("Start triage")))
    check(page, "triage")
    press(page.get_by_role("button", name="Accept", exact=True))
    page.get_by_label(re.compile("^Secondary")).check()
    page.get_by_role("group", name="Risk tier").get_by_label(re.compile("^2")).check()
    page.get_by_role("group", name="Complexity").get_by_label("Medium").check()
    check(page, "accept")
    press(page.get_by_role("button", name=re.compile("Accept")))

    expect(page.get_by_text("Accepted").first).to_be_visible()
    check(page, "accepted")
    assert Referral.objects.get().status == Referral.State.ACCEPTED


def test_the_referrer_follows_it_in_plain_words(site, come_in, sent):
    triage = move(sent, "start_triage", by=site.cora)
    move(triage, "ask", by=site.cora, question="Which school do they go to now?")

    page = come_in("alex")
    page.goto(f"{site.url}/referrals/{sent.reference}/")

    expect(page.get_by_text("Which school do they go to now?").first).to_be_visible()
    check(page, "referrer-question")
    press(page.get_by_role("button", name="Answer the question").first)
    page.get_by_label("Your answer").fill("Northside, since September.")
    press(page.get_by_role("button", name=re.compile("Answer")))
    assert Referral.objects.get().status == Referral.State.TRIAGE


def test_a_lead_reads_a_concern_and_releases_what_was_held(site, come_in, sent):
    concern = raise_concern(
        by=site.alex, area=site.city, referral=sent, origin="danger", is_danger=True,
        fact="Came in with a cut hand.",
    )  # fmt: skip
    page = come_in("sol")
    check(page, "work-lead")
    page.goto(f"{site.url}/concerns/{concern.reference}/")
    check(page, "concern")
    press(page.get_by_role("button", name="I have read this"))
    press(page.get_by_role("button", name=re.compile("I have read this")))
    assert Concern.objects.get().status == Concern.State.ACKNOWLEDGED
    page.goto(f"{site.url}/referrals/{sent.reference}/release/")
    page.get_by_role("textbox").first.fill("Spoke to the family. It is safe to go on.")
    press(page.get_by_role("button", name=re.compile("Release")))

    assert Referral.objects.get().status == Referral.State.TRIAGE
