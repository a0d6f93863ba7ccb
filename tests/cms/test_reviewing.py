"""The review queue: what was sent, what it would change, and the answer, by somebody else."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from accounts import roles
from accounts.clock import now
from accounts.models import Organisation
from accounts.services import memberships
from cms.models import ContentPage, Service
from tests.cms.test_editor import edit_address, editor, filled  # noqa: F401  fixtures
from tests.cms.test_own_services import address, ours, oz, words, write  # noqa: F401  fixtures
from tests.cms.test_scheduling import a_day_passes

QUEUE = "/editor/reports/waiting-for-review/"


@pytest.fixture
def sent(ours, oz):  # noqa: F811
    """Oz has sent another number and one more opening time of Forest days."""
    write(oz, ours, "contact", phone="0115 496 0001")
    write(oz, ours, "when", **{"schedules-1-days": ["SU"], "schedules-1-opens_at": "10:00"})
    oz.post(address(ours, "send/"))
    return Service.objects.get(pk=ours.pk)


def answer(client, service, answer: str, reason: str = "", **changes):
    version = str(Service.objects.get(pk=service.pk).latest_revision_id)
    given = {"version": version, "answer": answer, "reason": reason} | changes
    return client.post(f"{QUEUE}{service.pk}/", given, follow=True)


def test_the_queue_says_what_waits_and_of_whom(sent, editor):  # noqa: F811
    page = words(editor.get(QUEUE))

    assert "Forest days" in page and "Oz Invented" in page


def test_what_would_change_is_said_in_words_times_too(sent, editor):  # noqa: F811
    page = words(editor.get(f"{QUEUE}{sent.pk}/"))

    assert f"Phone {sent.phone} 0115 496 0001" in page
    assert "Saturday 10am to 3pm Sunday from 10am" in page.replace("\n", " ")
    assert "Summary" not in page and "{" not in page, "only what differs, and no JSON"


def test_approving_publishes_and_tells_who_sent_it(sent, editor, mailoutbox, site):  # noqa: F811
    answer(editor, sent, "approve")

    row = Service.objects.get(pk=sent.pk)
    assert (row.phone, row.schedules.count()) == ("0115 496 0001", 2)
    (letter,) = [each for each in mailoutbox if each.to == [site.oz.email]]
    assert "published" in letter.subject and address(sent) in letter.body
    assert "Forest" not in letter.subject + letter.body


def test_what_a_provider_sent_and_an_editor_published_is_checked_and_listed_again(sent, editor):  # noqa: F811
    long_ago = now() - timedelta(days=200)
    Service.objects.filter(pk=sent.pk).update(checked_at=long_ago, hidden_at=now())

    answer(editor, sent, "approve")

    row = Service.objects.get(pk=sent.pk)
    assert row.is_public and row.checked_by == Service.CheckedBy.PROVIDER
    assert row.checked_at.date() == now().date()
    assert row.get_latest_revision_as_object().checked_at == row.checked_at


@pytest.mark.thorough
def test_what_an_editor_wrote_is_as_old_after_another_has_approved_it(site, editor, sign_in):  # noqa: F811
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service)))
    editor.post(edit_address(service), {**data, "title": "Mine", "action-submit": "action-submit"})
    unit = Organisation.objects.get(name="Waymark Unit (invented)")
    memberships.grant(by=None, user=site.sam, role=roles.DirectoryEditor, organisation=unit)

    answer(sign_in(site.sam), service, "approve")

    after = Service.objects.get(pk=service.pk)
    assert after.title == "Mine" and after.checked_by == service.checked_by


def test_returning_needs_a_reason_which_only_the_page_says(sent, editor, mailoutbox, site, oz):  # noqa: F811
    assert "Write what has to change" in words(answer(editor, sent, "return"))
    assert Service.objects.get(pk=sent.pk).workflow_in_progress

    answer(editor, sent, "return", "The number rings nowhere.")

    assert "The number rings nowhere." in words(oz.get(address(sent)))
    (letter,) = [each for each in mailoutbox if each.to == [site.oz.email]]
    assert "returned" in letter.subject and "rings" not in letter.body
    assert Service.objects.get(pk=sent.pk).phone != "0115 496 0001"


def test_what_was_taken_off_is_compared_with_what_the_public_last_read(ours, oz, editor):  # noqa: F811
    ours.unpublish()
    write(oz, ours, "contact", phone="0115 496 0001")
    oz.post(address(ours, "send/"))

    page = words(editor.get(f"{QUEUE}{ours.pk}/"))

    assert f"Phone {ours.phone} 0115 496 0001" in page and "not public now" in page
    assert "Summary" not in page


def test_a_page_that_waits_stands_in_the_queue_too(site, editor):  # noqa: F811
    page = ContentPage.objects.first()
    page.title = "Rewritten"
    page.save_revision(user=site.oz)
    page.get_workflow().start(page, site.oz)

    queue = BeautifulSoup(editor.get(QUEUE).content, "lxml")

    (link,) = queue.select(f"td a[href='/editor/pages/{page.pk}/edit/']")
    assert editor.get(link["href"]).status_code == 200
    page.current_workflow_task_state.approve(user=site.ed)
    assert ContentPage.objects.get(pk=page.pk).title == "Rewritten"


def test_an_answer_to_what_has_changed_since_is_refused(sent, editor):  # noqa: F811
    page = answer(editor, sent, "approve", version="1")

    assert "not what you read any more" in words(page)
    assert Service.objects.get(pk=sent.pk).workflow_in_progress


def test_nobody_approves_what_they_sent_themselves(site, editor):  # noqa: F811
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service)))
    editor.post(edit_address(service), {**data, "title": "Mine", "action-submit": "action-submit"})
    state = Service.objects.get(pk=service.pk).current_workflow_state

    page = answer(editor, service, "approve")
    assert "somebody else has to read it" in words(page)
    task = state.current_task_state.task.specific
    assert task.get_actions(service, site.ed) == []
    task.on_action(state.current_task_state.specific, site.ed, "approve")

    assert Service.objects.get(pk=service.pk).title == "Forest days"


def test_another_editor_approves_it(site, editor, sign_in):  # noqa: F811
    unit = Organisation.objects.get(name="Waymark Unit (invented)")
    memberships.grant(by=None, user=site.sam, role=roles.DirectoryEditor, organisation=unit)
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service)))
    editor.post(edit_address(service), {**data, "title": "Mine", "action-submit": "action-submit"})

    answer(sign_in(site.sam), service, "approve")

    assert Service.objects.get(pk=service.pk).title == "Mine"


def test_an_older_version_can_be_brought_back(site, editor):  # noqa: F811
    service = Service.objects.get(title="Forest days")
    first = service.latest_revision
    service.title = "Other days"
    service.save_revision().publish()

    first.publish(user=site.ed)

    assert Service.objects.get(pk=service.pk).title == "Forest days"
    assert editor.get(f"/editor/snippets/cms/service/history/{service.pk}/").status_code == 200


def test_who_wrote_the_newest_draft_may_not_approve_it(sent, editor, site):  # noqa: F811
    """Sent by one, rewritten by another: what is approved is what the second wrote."""
    draft = sent.get_latest_revision_as_object()
    draft.summary = "Rewritten while it waited."
    draft.save_revision(user=site.ed)

    said = words(answer(editor, sent, "approve"))
    task = Service.objects.get(pk=sent.pk).current_workflow_state.current_task_state
    task.task.specific.on_action(task, site.ed, "approve")

    assert "wrote it last" in said
    row = Service.objects.get(pk=sent.pk)
    assert row.workflow_in_progress and row.summary != "Rewritten while it waited."


@pytest.mark.thorough
def test_what_is_to_be_shown_later_waits_for_its_day(ours, oz, editor, client, monkeypatch):  # noqa: F811
    soon = timezone.now() + timedelta(hours=23)
    write(oz, ours, "contact", phone="0115 496 0001")
    write(oz, ours, "dates", go_live_at=f"{timezone.localtime(soon):%Y-%m-%dT%H:%M}")
    oz.post(address(ours, "send/"))
    assert "Shown from" in words(editor.get(f"{QUEUE}{ours.pk}/"))
    answer(editor, ours, "approve")

    assert "Waits for its day" in words(oz.get(address(ours)))
    assert Service.objects.get(pk=ours.pk).phone == ours.phone
    a_day_passes(monkeypatch)
    assert Service.objects.get(pk=ours.pk).phone == "0115 496 0001"


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"go_live_at": "2020-01-01T10:00"}, "has passed"),
        ({"expire_at": "soon"}, "Enter a date and a time"),
        ({"go_live_at": "2099-02-01T10:00", "expire_at": "2099-01-01T10:00"}, "before it is shown"),
    ],
)
def test_dates_that_cannot_be_are_refused(ours, oz, dates, sentence):  # noqa: F811
    assert sentence in words(write(oz, ours, "dates", **dates))
