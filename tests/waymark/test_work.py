"""My work: every number is the count of exactly the rows behind its link."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.template import engines
from django.urls import reverse

from accounts import roles
from accounts import services as accounts
from accounts.models import SharingAgreement
from casework import escalation
from casework.calendar import LONDON, at
from cms.directory import editor_pages
from cms.directory.importing import ServiceImport
from cms.directory.runs import Tally
from cms.models import Claim, Duplicate, Provider, Service, Source, Suggestion
from insight.models import GapAction
from referrals.models import Concern
from referrals.services import raise_concern
from tests import databases
from tests.conftest import signed_in
from tests.personas import PEOPLE, Cast
from tests.thorough import mostly
from tests.world import World
from waymark.demo import making
from waymark.work import BLOCKS, cards

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=LONDON)
STATES = [
    "submitted",
    "triage",
    "info_needed",
    "held",
    "waiting",
    "accepted",
    "allocated",
    "active",
    "closing",
]


# A row of a table of ours, an invitation, a row of a list of the editor.
ROW = (
    r'(?:<th scope="row"[^>]*>\s*(?:<div>)?|<h2 class="govuk-heading-s">'
    r'|<td class="title[^"]*"[^>]*>\s*<div class="title-wrapper">'
    r'|<h2 class="directory-held">'
    r"|<tr>\s*<td>\s*<b>Directory review</b>\s*</td>\s*<td>)"
    r'\s*<a [^>]*href="([^"]+)"'
)


def numbers(user):
    """What My work shows: words of each card to its number and link."""
    return {(card.label, card.url): card.count for card in cards(user)}


def rows_behind(client, url):
    """The links of the rows of a list, page after page, as the pages themselves show them."""
    found, path = [], url.split("?")[0]
    while url:
        text = client.get(url).content.decode()
        found += re.findall(ROW, text)
        following = re.search(r'href="([^"]+)" rel="next"', text)
        url = path + unescape(following[1]) if following else None
    return found


def build():
    cast = Cast(World())
    for state in STATES:
        cast.referral(state)
    cast.referral("draft")
    cast.concern("acknowledged")
    desks(World())


def desks(world):
    """Something for those who look after people, organisations and the directory."""
    accounts.invite(
        by=world.oz, name="New Invented", email="new@example.org", organisation=world.school,
        role=roles.Referrer,
    )  # fmt: skip
    making.organisation("Just Added (invented)", "charity", "voluntary", [world.city])
    SharingAgreement.objects.filter(organisation__name="Just Added (invented)").delete()
    provider = Provider.objects.create(name="Invented provider")
    Service.objects.create(title="Not yet", summary="Soon.", provider=provider, live=False)
    asked = Service.objects.create(title="Sent", summary="Soon.", provider=provider, live=False)
    Suggestion.objects.create(service=asked, part="cost", words="It is free now.")
    Suggestion.objects.create(service=asked, part="cost", words="Old.", state="done")
    Claim.objects.create(provider=provider, organisation_name="Us", email="us@example.org")
    asked.save_revision()
    asked.get_workflow().start(asked, world.oz)
    for due_on, owner in (
        ("2026-01-05", world.cora),
        ("2026-01-05", world.pru),
        ("2126-01-05", world.pru),
    ):
        GapAction.objects.create(
            area=world.city, action="Ask the clubs.", owner=owner, due_on=due_on, added_by=world.pru
        )
    imported()


def imported():
    """What imports leave for an editor: two of each, a page of them where that is more."""
    source = Source.objects.create(code="near", name="Near Council", publishes=True)
    wanted = {"held": "New.", "gone": "Old.", "changed": "Old."}
    for kind, words in wanted.items():
        _bring(source, kind, words)
    for service in Service.objects.filter(title__startswith="held"):
        service.summary = "As we say it."
        service.save_revision().publish()
    _bring(source, "held", "Newer.")
    Source.objects.update(publishes=False)
    source.refresh_from_db()
    _bring(source, "changed", "New.")
    _bring(source, "gone", "Old.", status="inactive")
    one, *others = Service.objects.filter(source_record__isnull=False).order_by("pk")
    Duplicate.objects.bulk_create(
        Duplicate(one=one, other=other, reasons=["Planted"]) for other in others
    )


def _bring(source, kind, words, status="active"):
    taker = ServiceImport(source, Tally(), publish=source.publishes)
    for number in range(2):
        key = f"{kind} {number}"
        organisation = {"id": key, "name": key}
        record = {"id": key, "name": key, "description": words, "status": status}
        taker.take(number, record | {"organization": organisation})


@pytest.fixture(scope="module")
def busy_database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        name, _ = databases.once("busy", build)
        before = databases.use(name, keep=True)
        yield
        databases.use(before)


@pytest.fixture
def busy(busy_database, db):
    """Cases in many states, and some of another area that nobody here may count."""
    return World()


def plant_hidden_rows(world):
    sid = world.sid
    from referrals.models import Programme

    elsewhere = Programme.objects.get(name="Derwent Steps")
    hidden = making.refer(by=sid, programme=elsewhere)
    raise_concern(by=sid, area=hidden.area, referral=hidden, origin="worry", fact="Words.")
    assert Concern.objects.filter(referral=hidden).exists()


@pytest.mark.slow  # every list of every role is read to its end
@pytest.mark.parametrize("who", mostly(sorted({*PEOPLE} - {"sam", "sid"}), plain="cora ada ed"))
def test_every_number_is_the_count_of_the_rows_behind_its_link(busy, who, monkeypatch):
    if who == "ed":  # Wagtail's own templates name things that are not there
        monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    shown = numbers(getattr(busy, who))
    plant_hidden_rows(busy)

    assert numbers(getattr(busy, who)) == shown
    client = signed_in(getattr(busy, who))
    assert who not in {"oz", "adam", "ed"} or any(shown.values())
    for (label, url), count in shown.items():
        assert len(rows_behind(client, url)) == count, f"{who}: {label}"


def test_a_concern_that_came_up_to_the_programme_manager_stands_on_their_my_work(world):
    with at(MONDAY):
        late = raise_concern(by=world.alex, area=world.city, origin="worry", fact="Words.")
    for days in (0, 1):
        with at(MONDAY + timedelta(days=days, hours=8)):
            escalation.sweep()
    mine = ("Escalated to me", "/concerns/?queue=escalated")
    assert numbers(world.pru)[mine] == 0
    with at(MONDAY + timedelta(days=2, hours=8)):
        escalation.sweep()
    plant_hidden_rows(world)

    client = signed_in(world.pru)
    assert numbers(world.pru)[mine] == 1
    assert rows_behind(client, mine[1]) == [late.home()]
    assert "Words." in client.get(late.home()).text


def test_the_page_itself_shows_the_numbers(busy):
    page = signed_in(busy.cora).get("/work/")

    assert page.status_code == 200
    for card in cards(busy.cora):
        if card.count or card.code not in BLOCKS:  # a block says in words that nothing is there
            assert card.url.replace("&", "&amp;") in page.content.decode()


def test_a_hidden_row_would_be_noticed(busy, monkeypatch):
    """The control: with the sight of everybody widened, the numbers move when a row is planted."""
    from referrals.models.sight import ReferralQuerySet

    monkeypatch.setattr(ReferralQuerySet, "visible_to", lambda rows, user: rows.all())
    before = numbers(busy.cora)
    plant_hidden_rows(busy)

    assert numbers(busy.cora) != before


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("ivy", "no figures or reports for your role"),
        ("ana", "pages that your role opens stand in the menu"),
        ("bo", "pages that your role opens stand in the menu"),
    ],
)
def test_who_never_has_a_case_is_told_what_there_is(busy, who, sentence):
    text = signed_in(getattr(busy, who)).get("/work/").text

    assert "Nothing waits for you here" in text and sentence in text


def test_an_editor_is_told_of_what_waits_for_review(busy):
    assert next(card.count for card in cards(busy.ed) if card.label == "Waiting for review") == 1


def test_an_editor_is_told_of_what_imports_have_left(busy):
    counts = {card.label: card.count for card in cards(busy.ed)}

    assert counts["Services that may be one"] == 5
    assert counts["Edited here, changed there"] == counts["Gone at the source"] == 2
    assert counts["Changed at the source"] == 2


def test_a_list_of_what_waits_goes_on_over_pages(busy, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    monkeypatch.setattr(editor_pages, "MOST", 2)

    assert len(rows_behind(signed_in(busy.ed), reverse("directory_duplicates"))) == 5
