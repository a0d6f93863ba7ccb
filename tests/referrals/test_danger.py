"""Danger is never lost: not to a race, not to who tells of it, not to a border."""

import pytest

from accounts.models import Area
from casework import workflow
from casework.workflow import move
from referrals import policies, services
from referrals.forms import SECTIONS
from referrals.models import Concern, Referral
from waymark.demo import making

S = Referral.State


def danger(world, referral, by):
    return services.raise_concern(
        by=by, area=world.city, referral=referral, origin="danger", is_danger=True, fact="Words."
    )


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
    from accounts import services as accounts
    from accounts.models import Membership

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
