"""A reader says that something is wrong; an editor reads it beside the page, the provider too."""

from django.conf import settings
from playwright.sync_api import expect

from cms.models import Provider, Service, Suggestion
from tests.cms.test_suggesting import quiet

from .conftest import check


def test_what_a_reader_says_reaches_the_editor_and_the_provider(public, come_in, monkeypatch):
    quiet(monkeypatch)
    service = Service.objects.get(title="Forest days")
    Provider.objects.filter(pk=service.provider_id).update(organisation=public.school)
    said = Suggestion.objects.create(
        service=service, version=service.live_revision, part="when", words="It closes at 8 now."
    )

    page = come_in("oz")
    page.goto(f"{public.url}/our-services/{service.pk}/")
    expect(page.get_by_text(said.words)).to_be_visible()
    check(page, "own-service-said-wrong")

    width = page.viewport_size["width"]
    page = come_in("ed")
    page.goto(f"{public.url}/editor/snippets/cms/suggestion/edit/{said.pk}/")
    page.screenshot(path=settings.VAR / "shots" / f"editor-suggestion-{width}.png")
    expect(page.get_by_text(said.words)).to_be_visible()
