"""Danger is never lost: not to a race, not to who tells of it, not to a border."""

from datetime import timedelta

import pytest

from accounts import services as accounts
from accounts.models import Area, Membership, Postcode, User
from casework import checks, escalation, workflow
from casework.calendar import at, now
from casework.models import Message
from casework.workflow import move
from referrals import policies, services
from referrals.forms import SECTIONS
from referrals.models import Concern, Referral
from referrals.progress import line
from tests.personas import Cast, danger
from waymark.demo import making

S = Referral.State


def filled(world, typed):
    draft = making.draft(by=world.alex, programme=world.programme)
    return making.fill(draft, typed, by=world.alex)


def test_a_lead_who_tells_of_danger_stops_a_draft_that_nobody_has_stopped(world):
    typed = making.answers(to_self="high")
    draft = making.fill(
        making.draft(by=world.alex, programme=world.programme), typed, by=world.alex
    )
    services.raise_concern(by=world.alex, area=world.city, referral=draft, origin="self_harm")
    assert draft in Referral.objects.visible_to(world.sol) and not draft.is_stopped

    concern = danger(world, draft, world.sol)

    draft = Referral.objects.get(pk=draft.pk)
    assert draft.is_stopped and draft.concerns.contains(concern)


def test_what_was_sent_a_moment_ago_is_held_and_the_concern_is_kept(world):
    typed = making.answers()
    stale = making.fill(
        making.draft(by=world.alex, programme=world.programme), typed, by=world.alex
    )
    move(stale, "send", by=world.alex)
    assert stale.status == S.DRAFT  # as the page of the concern read it

    concern = danger(world, stale, world.alex)

    assert Referral.objects.get(pk=stale.pk).status == S.HELD
    assert Concern.objects.get().pk == concern.pk


def test_danger_holds_what_waits_for_an_answer_and_the_question_is_closed(world):
    sent = making.refer(by=world.alex, programme=world.programme)
    asked = move(move(sent, "start_triage", by=world.cora), "ask", by=world.cora, question="Why?")

    concern = danger(world, asked, world.alex)

    held = Referral.objects.get(pk=asked.pk)
    assert held.status == S.HELD and not held.questions.filter(is_open=True).exists()
    with pytest.raises(workflow.Conflict):
        move(held, "answer", by=world.alex, answer="Because.")
    move(concern, "acknowledge", by=world.sol)
    released = move(held, "release", by=world.sol, advice="Go on.")
    assert released.status == S.TRIAGE and released.owner == world.cora


def test_what_was_decided_a_moment_ago_keeps_the_concern(world):
    sent = making.refer(by=world.alex, programme=world.programme)
    making.accept(sent, by=world.cora)

    danger(world, sent, world.alex)

    assert Referral.objects.get(pk=sent.pk).status == S.ACCEPTED
    assert Concern.objects.get().is_danger


def test_a_stopped_draft_stays_with_the_lead_of_its_concern_when_its_area_changes(
    world, monkeypatch
):
    typed = making.answers(is_danger="True")
    draft = making.fill(
        making.draft(by=world.alex, programme=world.programme), typed, by=world.alex
    )
    derby = Area.objects.get(code="E06000015")
    monkeypatch.setattr(services, "place", lambda referral, postcode: derby)
    form = SECTIONS["person"](typed["person"], referral=draft)
    assert form.is_valid(), form.errors
    draft = form.keep(by=world.alex)
    draft.save(update_fields=["area", "young_person"])

    assert Referral.objects.get(pk=draft.pk).area == derby
    assert Referral.objects.visible_to(world.sol).get() == draft
    assert not Referral.objects.visible_to(world.pru).exists()
    assert policies.leads_safeguarding(draft, world.sol)
    assert not move(draft, "let_go", by=world.sol, advice="Go on.").is_stopped


def test_the_same_section_sent_twice_is_one_row(world):
    typed = making.answers()
    draft = making.draft(by=world.alex, programme=world.programme)
    for code in ("before", "level"):
        form = SECTIONS[code](typed[code], referral=draft)
        assert form.is_valid()
        form.keep(by=world.alex)
    for code in ("person", "agreement", "risk"):
        twice = [
            SECTIONS[code](typed[code], referral=Referral.objects.get(pk=draft.pk)) for _ in "ab"
        ]
        for form in twice:
            assert form.is_valid(), form.errors
        for form in twice:
            form.keep(by=world.alex)

    draft = Referral.objects.whole().get(pk=draft.pk)
    assert draft.young_person.called == "Jordan" and draft.young_person.home.postcode == "NG1 1AA"
    assert type(draft.young_person).objects.count() == 1
    assert draft.risk.fact == typed["risk"]["fact"]


def test_an_answer_goes_to_the_queue_when_its_coordinator_has_left(world):
    sent = making.refer(by=world.alex, programme=world.programme)
    asked = move(move(sent, "start_triage", by=world.cora), "ask", by=world.cora, question="Which?")
    held = Membership.objects.get(user=world.cora, role="coordinator")
    accounts.end_membership(by=None, membership=held)

    back = move(asked, "answer", by=world.alex, answer="Northside.")

    assert (back.status, back.owner) == (S.TRIAGE, None)
    assert set(back.audience("coordinator")) == {world.cleo}
    assert back in Referral.objects.queued_for(world.cleo)


def test_a_number_from_abroad_keeps_its_country(world):
    draft = making.draft(by=world.alex, programme=world.programme)
    typed = making.answers(phone="+48 22 123 45 67")
    form = SECTIONS["reaching"](typed["reaching"], referral=draft)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "+48 22 123 45 67"


def test_a_draft_is_deleted_once_and_never_after_somebody_went_on(world):
    draft = making.draft(by=world.alex, programme=world.programme)
    services.delete_draft(referral=draft, by=world.alex)
    services.delete_draft(referral=draft, by=world.alex)
    sent = making.refer(by=world.alex, programme=world.programme)

    with pytest.raises(workflow.Conflict):
        services.delete_draft(referral=sent, by=world.alex)


def test_a_lead_reads_the_concern_before_letting_anything_go_on(world, sign_in):
    sent = making.refer(by=world.alex, programme=world.programme)
    concern = danger(world, sent, world.alex)
    url, sol = f"/referrals/{sent.reference}/release/", sign_in(world.sol)
    words = {
        "advice": "LEADS-ONLY",
        "guidance": "Meet at school.",
        "version": Referral.objects.get().version,
    }

    html = sol.post(url, words).content.decode()
    assert f"Read concern {concern.reference} first" in html and "LEADS-ONLY" in html

    move(concern, "acknowledge", by=world.sol)
    assert sol.post(url, words).status_code == 302
    seen = sign_in(world.cora).get(f"{sent.home()}?tab=timeline").content.decode()
    assert "Meet at school." in seen and "LEADS-ONLY" not in seen


def test_a_concern_from_before_there_was_a_name_gets_it_when_it_is_written(world):
    stopped = filled(world, making.answers(is_danger="True"))
    concern = Concern.objects.get()
    assert concern.young_person is None
    move(concern, "acknowledge", by=world.sol)
    move(stopped, "let_go", by=world.sol, advice="Go on.")

    person = {"person": making.answers()["person"]}
    making.fill(Referral.objects.get(pk=stopped.pk), person, by=world.alex)

    assert Concern.objects.get().young_person.known_as == "Jordan"


@pytest.mark.parametrize(
    ("phone", "shown"), [("0115 496 0123", "tel:01154960123"), ("", "no phone number")]
)
def test_a_lead_sees_how_to_reach_whoever_raised_a_concern(world, sign_in, phone, shown):
    User.objects.filter(pk=world.alex.pk).update(phone=phone)
    filled(world, making.answers(is_danger="True"))

    page = sign_in(world.sol).get(f"/concerns/{Concern.objects.get().reference}/").text

    assert shown in page and "mailto:alex@example.org" in page
    assert "Alex Invented (Northside School (invented))" in page


def test_a_concern_stays_open_while_it_keeps_a_draft_stopped(world, sign_in):
    draft = filled(world, making.answers(is_danger="True"))
    concern = move(Concern.objects.get(), "acknowledge", by=world.sol)
    close = {"version": concern.version, "words": "All is well."}

    page = sign_in(world.sky).post(f"{concern.home()}close/", close)

    assert f"Say first on referral {draft.reference}" in page.text and "All is well." in page.text
    move(Referral.objects.get(pk=draft.pk), "let_go", by=world.sol, advice="Go on.")
    closed = move(concern, "close", by=world.sky, words="All is well.")
    assert closed.status == Concern.State.CLOSED


def test_a_draft_that_nobody_goes_on_with_goes_and_its_closed_concern_stays(world):
    draft = filled(world, making.answers())
    concern = move(danger(world, draft, world.alex), "acknowledge", by=world.sol)
    move(Referral.objects.get(pk=draft.pk), "let_go", by=world.sol, advice="Go on.")
    with at(now() + timedelta(days=40)):
        assert services.expire_drafts() == 0  # the concern is not dealt with
        move(concern, "close", by=world.sky, words="All is well.")

        assert services.expire_drafts() == 1

    kept = Concern.objects.get()
    assert (kept.referral, kept.young_person.known_as) == (None, "Jordan")
    assert not Referral.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("who", ["sol", "sky"])
def test_danger_said_by_whoever_is_on_the_rota_reaches_the_others(world, who):
    """sol is on duty, sky stands in: whoever of them raises it may not decide on it."""
    concern = danger(world, None, getattr(world, who))

    told = set(Message.objects.filter(case_id=concern.pk).values_list("recipient__name", flat=True))
    assert told == {"Sky Invented" if who == "sol" else "Sol Invented"}


def test_danger_said_by_the_only_lead_reaches_the_programme_managers(world):
    Membership.objects.filter(user=world.sky, role="safeguarding_lead").delete()

    concern = danger(world, None, world.sol)

    told = Message.objects.filter(case_id=concern.pk).values_list("recipient__name", flat=True)
    assert set(told) == {"Pru Invented"}
    with at(concern.due_at + timedelta(minutes=1)):
        escalation.sweep()
    late = Message.objects.filter(case_id=concern.pk, letter="concern.late")
    assert [row.recipient for row in late] == [world.pru]
    assert concern in Concern.objects.visible_to(world.pru)


def test_nothing_is_held_without_a_concern_that_says_why(world):
    triage = Cast(world).referral("triage")

    with pytest.raises(workflow.Conflict):
        move(triage, "hold", by=world.sol)
    services.raise_concern(by=world.alex, area=world.city, referral=triage, origin="worry")
    assert move(triage, "hold", by=world.sol).status == S.HELD


def test_nobody_is_asked_who_no_longer_refers_there(world, sign_in):
    triage = Cast(world).referral("triage")
    (membership,) = world.alex.memberships.all()
    accounts.end_membership(by=None, membership=membership)
    typed = {"version": triage.version, "question": "Which school?"}

    page = sign_in(world.cora).post(f"{triage.home()}ask/", typed)

    assert "does not refer for Northside School" in page.text and "Which school?" in page.text
    assert Referral.objects.get(pk=triage.pk).status == S.TRIAGE


def test_an_answer_that_a_lead_has_let_go_on_stops_nothing_when_it_is_saved_again(world, sign_in):
    draft = filled(world, making.answers(is_danger="True"))
    concern = move(Concern.objects.get(), "acknowledge", by=world.sol)
    move(draft, "let_go", by=world.sol, advice="Go on.")
    alex, url = sign_in(world.alex), f"/referrals/{draft.reference}/form/level/"

    alex.post(url, making.answers(is_danger="True")["level"])
    assert not Referral.objects.get(pk=draft.pk).is_stopped

    alex.post(url, {"is_danger": "True", "level_of_need": "4"})  # it has become worse
    assert Referral.objects.get(pk=draft.pk).is_stopped
    told = Message.objects.get(case_id=concern.pk, letter="concern.stopped_again")
    assert told.recipient == world.sol


def test_a_question_that_nobody_answers_is_told_to_whoever_asked_it(world):
    asked = Cast(world).referral("info_needed")

    with at(asked.due_at + timedelta(minutes=1)):
        escalation.sweep()

    late = Message.objects.filter(case_id=asked.pk, letter="referral.late")
    assert {row.recipient.name for row in late} == {"Alex Invented", "Cora Invented"}


def test_what_only_its_author_could_decide_is_lost_and_found(world):
    accounts.end_membership(by=None, membership=world.cleo.memberships.get())
    own = making.refer(by=world.cora, programme=world.programme)

    lost = [each for each in checks.nobody_lost() if each.reference == own.reference]

    assert [each.why for each in lost] == ["nobody is in the queue"]


def test_to_a_lead_a_stopped_draft_has_the_date_of_its_concern(world):
    draft = filled(world, making.answers(is_danger="True"))

    of_lead = line(Referral.objects.get(pk=draft.pk), world.sol)
    of_author = line(Referral.objects.get(pk=draft.pk), world.alex)

    assert of_lead.due_at == Concern.objects.get().due_at is not None
    assert of_author.due_at is None
    assert of_lead.with_whom == "a safeguarding lead"


def test_a_postcode_that_nobody_knows_is_asked_about_and_stops_nothing(world, sign_in):
    draft, alex = making.draft(by=world.alex, programme=world.programme), sign_in(world.alex)
    typed = making.answers()
    for code in ("before", "level"):
        alex.post(f"/referrals/{draft.reference}/form/{code}/", typed[code])
    url = f"/referrals/{draft.reference}/form/person/"
    somewhere = {"latitude": 52.95, "longitude": -1.15, "easting": 457_200, "northing": 340_000}
    Postcode.objects.create(postcode="NG1 1AA", district_code="E06000018", **somewhere)

    known = alex.post(url, typed["person"], follow=True).content.decode()
    unknown = alex.post(url, {**typed["person"], "postcode": "NG99 9ZZ"}, follow=True)

    assert "We do not know that postcode" not in known
    assert "We do not know that postcode" in unknown.content.decode()
    assert Referral.objects.get(pk=draft.pk).young_person.home.postcode == "NG99 9ZZ"
