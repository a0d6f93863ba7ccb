from datetime import time, timedelta

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.clock import now, today
from cms.models import Location, Run, Schedule, Service, Source, SourceRecord, TaxonomyTerm
from tests.thorough import some


def soup(title: str) -> BeautifulSoup:
    service = Service.objects.get(title=title)
    response = Client().get(service.get_absolute_url())
    assert response.status_code == 200
    assert "UNDEFINED" not in response.content.decode()
    return BeautifulSoup(response.content, "lxml")


def test_page_says_what_people_ask_in_order(site):
    page = soup("When you lose somebody")

    headings = [heading.text for heading in page.main.select("h2")]
    assert headings == [
        "Who it is for",
        "What happens",
        "How to get help",
        "When",
        "Where",
        "Cost",
        "Languages besides English",
        "Not the right one?",
    ]
    assert page.h1.text == "When you lose somebody"
    assert "Quiet Minds Together" in page.main.text
    assert "5 to 18" in page.main.text
    assert "British Sign Language" in page.main.text
    assert "Newark Quay" in page.main.text and "The Loft" in page.main.text


def test_contact_can_be_pressed(site):
    page = soup("One-to-one mentor")

    links = {link["href"] for link in page.main.select("a")}
    assert "mailto:hello@openhand.example.org" in links
    assert any(link.startswith("tel:0115496") for link in links)


def test_page_says_who_checked_and_when_but_names_nobody(site):
    service = Service.objects.get(title="Quiet Minds drop-in")
    text = soup("Quiet Minds drop-in").select_one(".wm-checked").text

    assert service.get_checked_by_display() in text
    assert f"{service.checked_at:%B}" in text


def test_record_that_nobody_checked_says_so(site):
    Service.objects.filter(title="Forest days").update(checked_at=None, checked_by="")

    assert "Nobody has checked this yet" in soup("Forest days").text


def test_paused_service_says_so_first(site):
    service = Service.objects.get(title="Forest days")
    service.status, service.notice = Service.Status.PAUSED, "Back in April."
    service.save_revision().publish()

    text = soup("Forest days").main.text
    assert text.index("Paused for now. Back in April.") < text.index("Who it is for")


def test_withheld_address_is_not_on_the_page(site):
    place = Location.objects.get(is_address_withheld=True)
    text = soup("A bed for tonight").text

    assert place.postcode not in text and place.name not in text and place.address_1 not in text
    assert "They tell you the address when you get in touch" in text


def test_name_of_a_withheld_venue_does_not_stand_beside_its_hours(site):
    service = Service.objects.get(title="A bed for tonight")
    place = Location.objects.get(is_address_withheld=True)
    Location.objects.filter(pk=place.pk).update(name="Lavender Lodge")
    Schedule.objects.create(
        service=service, location=place, days=["MO"], opens_at=time(9), closes_at=time(17)
    )

    page = Client().get(service.get_absolute_url()).text
    listed = Client().get("/directory/my/list/", {"service": service.slug}).text

    assert "9am to 5pm" in page
    assert "Lavender" not in page and "Lavender" not in listed


def test_imported_service_says_where_it_comes_from(site):
    service = Service.objects.get(title="Forest days")
    source = Source.objects.create(code="county", name="County directory", attribution="© County")
    SourceRecord.objects.create(
        source=source, kind="service", source_key="1", service=service, payload={}, payload_hash="x"
    )

    text = soup("Forest days").select_one(".wm-checked").text
    assert "From County directory, read on" in text and ". © County" in text
    assert "not checked by us" not in text

    Source.objects.update(is_neighbour=True)
    assert "not checked by us" in soup("Forest days").select_one(".wm-checked").text


def test_a_neighbours_card_says_source_day_and_original(site):
    service = Service.objects.get(title="Forest days")
    source = Source.objects.create(
        code="peaks", name="Peaks directory", is_neighbour=True, record_url="https://p.org/s/{id}"
    )
    record = SourceRecord.objects.create(
        source=source, kind="service", source_key="7", service=service, payload={}, payload_hash="x"
    )
    month_ago = now() - timedelta(days=30)
    SourceRecord.objects.update(fetched_at=month_ago)
    assert _checked_line() == (
        "Read 4 weeks ago from Peaks directory, not checked by us. See it there: Forest days"
    )

    record.refresh_from_db()
    record.seen_in = Run.objects.create(
        source=source, state=Run.State.COMPLETE, ended_at=now() - timedelta(days=2)
    )
    record.save()
    assert _checked_line().startswith("Read 2 days ago from Peaks directory, not checked by us.")
    page = soup("Forest days").select_one(".wm-checked")
    assert f"read on {(now() - timedelta(days=2)):%A}" in page.text
    assert page.select_one("a")["href"] == "https://p.org/s/7"


def _checked_line() -> str:
    found = BeautifulSoup(Client().get("/directory/?q=forest&nearby=yes").content, "lxml")
    cards = found.select(".wm-service")
    card = next(card for card in cards if "Forest days" in card.h3.text)
    return " ".join(card.select_one(".wm-checked").text.split())


def test_rich_text_is_stripped_of_scripts(site):
    service = Service.objects.get(title="Forest days")
    service.body = '<p onclick="x()">Hello<script>alert(1)</script><img src=x onerror=alert(1)></p>'
    service.title = '<img src=x onerror="alert(1)">'
    service.save_revision().publish()

    page = BeautifulSoup(Client().get(service.get_absolute_url()).content, "lxml")
    assert page.main.select("script, img, [onclick], [onerror]") == []
    assert page.h1.text == '<img src=x onerror="alert(1)">'


def test_every_service_page_opens_and_none_uses_more_than_ten_queries(
    site, django_assert_max_num_queries
):
    for service in some(list(Service.objects.all()), of=5):
        with django_assert_max_num_queries(10):
            assert Client().get(service.get_absolute_url()).status_code == 200


def test_unknown_service_is_not_found_and_posting_is_refused(site):
    assert Client().get("/directory/no-such-service/").status_code == 404
    assert Client().post("/directory/").status_code == 405


def test_whoever_finds_it_wrong_for_them_sees_who_else_helps(site):
    service = Service.objects.get(title="One-to-one mentor")
    ended = service.terms.filter(taxonomy__code="need").first()

    def ways():
        page = BeautifulSoup(Client().get(service.get_absolute_url()).content, "lxml")
        return [
            link["href"] for link in page.select("nav[aria-labelledby=elsewhere] a[href*='/need/']")
        ]

    before = ways()
    assert len(before) == service.terms.filter(taxonomy__code="need").count() > 1
    assert all(Client().get(path).status_code == 200 for path in before)

    TaxonomyTerm.objects.filter(pk=ended.pk).update(valid_until=today() - timedelta(days=1))
    assert set(before) - set(ways()) == {reverse("directory:need", args=[ended.sign])}
