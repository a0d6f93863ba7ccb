"""The numbers to ring, which every page and every stopped referral shows."""

from datetime import timedelta

from bs4 import BeautifulSoup
from django.template import engines

from accounts.clock import at, now
from accounts.models import Area
from cms import number_checks, services
from cms.models import SafeguardingNumber, SiteSettings
from waymark.work import cards


def test_numbers_keep_the_order_of_the_unit(site):
    names = [number.name for number in services.safeguarding_numbers()]

    assert names[:2] == ["In danger now", "Childline"]
    assert len(names) == 8


def test_district_sees_the_social_care_of_its_own_side(site, django_assert_num_queries):
    city = Area.objects.get(code="E06000018")
    county = Area.objects.get(code="E07000175")
    with django_assert_num_queries(1):
        of_city = {number.name for number in services.safeguarding_numbers(area_id=city.pk)}
    of_county = {number.name for number in services.safeguarding_numbers(area_id=county.pk)}

    assert "City children's social care (invented)" in of_city - of_county
    assert "County children's social care (invented)" in of_county - of_city
    assert "Emergency duty team (invented)" in of_city & of_county


def test_without_the_units_numbers_the_national_ones_are_shown(site, client):
    SafeguardingNumber.objects.all().delete()

    assert [number.number for number in services.safeguarding_numbers()] == ["999", "0800 1111"]
    assert not services.has_safeguarding_numbers()
    assert "tel:999" in client.get("/").content.decode()


def test_recording_replaces_what_was_there(site):
    Kind = SafeguardingNumber.Kind
    given = [
        services.Number(Kind.OUT_OF_HOURS, "Duty team", "0115 496 0001"),
        services.Number(Kind.EMERGENCY, "Emergency", "999"),
        services.Number(Kind.SAFEGUARDING, "MASH", "0115 496 0002", thresholds="city"),
    ]

    services.record_safeguarding_numbers(given)

    assert services.safeguarding_numbers() == given
    assert services.has_safeguarding_numbers()


def test_somebody_checks_them_every_quarter_and_says_so(site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")  # Wagtail's templates
    editor, url = sign_in(site.ed), "/editor/reports/safeguarding-numbers/"

    def told() -> list[int]:
        return [card.count for card in cards(site.ed) if card.url == url]

    assert told() == []
    with at(now() + timedelta(days=91)):
        assert told() == [8], "as many as the report has rows"
        later = sign_in(site.ed)  # sessions end, too
        page = BeautifulSoup(later.get(url).content, "lxml")
        assert len(page.select("table.listing tbody tr")) == 8
        number_checks.check(by=site.ed)
        assert told() == []
    assert "Ring each one" in editor.get(url).text
    assert sign_in(site.oz).post(f"{url}still-right/").status_code in (302, 403, 404)

    SiteSettings.objects.update(numbers_checked_on=None)
    assert told() == [8]
    editor.post(f"{url}still-right/")
    assert told() == []


def test_site_that_was_not_set_up_has_its_defaults(db):
    SiteSettings.objects.all().delete()

    assert services.site_settings().service_name == "Waymark"
    assert SiteSettings.objects.count() == 0


def test_begin_site_names_the_service(db):
    services.begin_site(service_name="Compass", unit_name="Unit", contact_email="a@example.org")

    settings = services.site_settings()
    assert (settings.service_name, settings.unit_name) == ("Compass", "Unit")
    assert settings.contact_email == "a@example.org"
