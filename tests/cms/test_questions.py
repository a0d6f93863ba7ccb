"""The tree of questions: three answers lead to help, and editors hear what broke."""

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.template import engines
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from cms import broken_paths, questions, tasks
from cms.models import HomePage, QuestionPage, Service, SignpostingIndexPage, SignpostingPage
from cms.services import begin_site
from tests.thorough import mostly

START = "/help/start/"


def soup(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "lxml")


def answers(path: str) -> list[str]:
    return [a["href"] for a in soup(path).select(".wm-choices a")]


def question(slug: str) -> QuestionPage:
    return QuestionPage.objects.get(slug=slug)


def ending(slug: str) -> SignpostingPage:
    return SignpostingPage.objects.get(slug=slug)


def answer(page: Page, words: str = "This one") -> tuple[str, dict]:
    return "answer", {"words": words, "hint": "", "page": Page.objects.get(pk=page.pk)}


def lead(page: QuestionPage, *to: Page) -> None:
    """Publish these answers, whatever they break."""
    page.answers = [answer(one, one.title[:60]) for one in to]
    page.save_revision(clean=False).publish()


def asked(parent: Page, slug: str, *to: Page) -> QuestionPage:
    page = QuestionPage(title=f"What about {slug}?", slug=slug, answers=[answer(one) for one in to])
    Page.objects.get(pk=parent.pk).add_child(instance=page).save_revision(clean=False).publish()
    return QuestionPage.objects.get(pk=page.pk)


def ways(path: str, way: tuple[str, ...] = ()):
    """Each way from a question to the page that it ends in, as a browser would go."""
    onward = answers(path)
    if not onward:
        yield (*way, path)
    for url in onward:
        yield from ways(url, (*way, path))


@pytest.mark.thorough
def test_every_way_ends_after_three_questions_at_most_in_services_a_number_and_a_person(site):
    found = list(ways(START))

    assert len(found) > 15
    assert max(len(way) for way in found) == questions.MOST_QUESTIONS + 1
    for way in found:
        page = soup(way[-1])
        assert 1 <= len(page.select(".wm-service")) <= 3, way
        assert page.select_one("main .govuk-inset-text a[href^='tel:']"), way
        assert page.select_one("main a[href='/refer-myself/']"), way
        assert page.select_one("main .wm-danger a[href='tel:999']"), way
    below = [way[-1] for way in found if way[-1].startswith(START)]
    assert below
    assert {len(soup(url).select(".govuk-inset-text")) for url in below} == {1}


def test_a_question_is_links_and_the_numbers_stand_above_them(site):
    page = soup(START)

    main = str(page.main)
    assert main.index("tel:999") < main.index("wm-choices")
    assert page.main.select("form, input, button") == []
    assert page.select_one(".govuk-back-link")["href"] == "../"
    assert all("?" not in url for url in answers(START))


def test_home_and_the_help_index_lead_to_the_first_question(site):
    for path in ("/", "/help/"):
        assert soup(path).select_one(f"main a[href='{START}']")

    question("start").unpublish()

    for path in ("/", "/help/"):
        assert soup(path).select_one(f"main a[href='{START}']") is None


def test_questions_are_not_listed_among_the_help_pages(site):
    assert [url for url in answers("/help/") if url.startswith(START)] == []


def test_an_answer_whose_page_is_taken_off_disappears(site):
    assert "/help/how-i-feel/" in answers(START)

    ending("how-i-feel").unpublish()

    assert "/help/how-i-feel/" not in answers(START)


@pytest.mark.parametrize("path", [START, "/help/start/home/stay/", "/help/start/home/safe/"])
def test_a_question_asks_for_ten_queries_at_most_and_sets_nothing(
    site, path, django_assert_max_num_queries
):
    Client().get(path)  # Wagtail remembers where its sites begin

    with django_assert_max_num_queries(10):
        response = Client().get(path)
    assert not response.cookies


def test_beginning_again_leaves_the_editors_tree_alone(site):
    page = question("people")
    lead(page, ending("money"))

    from cms import first_pages

    first_pages.build(HomePage.objects.get(), places="Nottingham")

    assert answers(page.url) == ["/help/money/"]


@pytest.mark.thorough
def test_a_live_site_begins_with_the_tree_before_it_has_services(db):
    from cms import first_pages

    call_command("load_taxonomies", verbosity=0)
    first_pages.build(begin_site(service_name="Waymark"), places="Leeds")

    assert len(list(ways(START))) > 15
    assert questions.broken() == {}


# What is broken -------------------------------------------------------------------------------
def faults(page: Page) -> str:
    return " ".join(questions.broken().get(page.pk, []))


def test_nothing_is_broken_in_the_first_tree(site):
    assert questions.broken() == {}


def hides_a_service(site):
    Service.objects.get(title="Online and safe").unpublish()
    return ending("phone"), "“Online and safe” is not on the public site"


def hides_all_services(site):
    Service.objects.filter(title__in=[s.title for s in _services("phone")]).update(live=False)
    return ending("phone"), "None of its services can be seen"


def names_nothing(site):
    page = ending("phone")
    page.links, page.need = [], None
    page.save_revision(clean=False).publish()
    return page, "no service and no search. It gives no helpline"


def gives_two_helplines(site):
    page = ending("phone")
    (number,) = [block.value for block in page.links if block.block_type == "helpline"]
    page.links.append(("helpline", number))
    page.save_revision(clean=False).publish()
    return page, "more than one helpline"


def takes_a_page_off(site):
    ending("how-i-feel").unpublish()
    return question("start"), "“How I feel” leads nowhere"


def deletes_a_page(site):
    Page.objects.get(pk=ending("how-i-feel").pk).delete()
    return question("start"), "“How I feel” leads nowhere"


def has_no_answer(site):
    lead(question("people"))
    return question("people"), "None of its answers leads anywhere"


def goes_round(site):
    lead(question("stay"), question("home"))
    return question("stay"), "“What is home like now?” leads round in a circle"


def leads_to_itself(site):
    lead(question("stay"), question("stay"), ending("younger"))
    return question("stay"), "leads round in a circle"


def asks_a_fourth_time(site):
    fourth = asked(question("stay"), "fourth", ending("younger"))
    lead(question("stay"), fourth)
    return question("stay"), "more than 3 questions"


def leaves_a_question_out(site):
    return asked(question("people"), "spare", ending("money")), "No answer leads here"


def leaves_an_ending_out(site):
    lead(question("stay"), ending("younger"))
    return ending("18-or-over"), "No answer leads here"


def leaves_two_that_lead_to_each_other(site):
    one = asked(question("people"), "one", ending("money"))
    two = asked(question("people"), "two", one)
    lead(one, two)
    return two, "circle, back to this question. No answer leads here"


def _services(slug):
    return [
        s for block in ending(slug).links if block.block_type == "services" for s in block.value
    ]


@pytest.mark.parametrize(
    "breaks",
    mostly(
        [
            hides_a_service,
            hides_all_services,
            names_nothing,
            gives_two_helplines,
            takes_a_page_off,
            deletes_a_page,
            has_no_answer,
            goes_round,
            leads_to_itself,
            asks_a_fourth_time,
            leaves_a_question_out,
            leaves_an_ending_out,
            leaves_two_that_lead_to_each_other,
        ],
        plain="hides_a_service has_no_answer goes_round leaves_a_question_out",
    ),
)
def test_what_is_broken_is_named(site, breaks):
    page, words = breaks(site)

    assert words in faults(page)


def test_a_draft_breaks_nothing(site):
    page = question("people")
    page.answers = []
    page.save_revision(clean=False)

    assert questions.broken() == {}


# The editor -----------------------------------------------------------------------------------
@pytest.fixture
def editor(site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")  # Wagtail's templates
    return sign_in(site.ed)


def edit(page: Page) -> str:
    return f"/editor/pages/{page.pk}/edit/"


def posted(words: list[tuple[str, Page]], **more) -> dict:
    """The form of a question with these answers, as a browser sends it."""
    said = [("answer", {"words": one, "hint": "", "page": str(page.pk)}) for one, page in words]
    return nested_form_data({**more, "answers": streamfield(said), "comments": inline_formset([])})


def form_of(page: QuestionPage, words: list[tuple[str, Page]], **more) -> dict:
    fields = {"title": page.title, "slug": page.slug, "introduction": page.introduction}
    return posted(words, **fields, **more)


def test_an_editor_builds_a_question_and_publishes_it(editor):
    index = SignpostingIndexPage.objects.get()
    url = f"/editor/pages/add/cms/questionpage/{index.pk}/"
    assert editor.get(url).status_code == 200

    data = posted([("Money", ending("money"))], title="What now?", slug="now", introduction="")
    editor.post(url, {**data, "action-publish": "action-publish"})

    assert answers("/help/now/") == ["/help/money/"]


def test_a_draft_is_seen_in_the_preview_and_not_by_the_public(editor):
    page = question("people")
    data = form_of(page, [("A brand new answer", ending("money"))])
    editor.post(edit(page), data)

    assert "A brand new answer" not in soup(page.url).text
    preview = f"/editor/pages/{page.pk}/edit/preview/"
    assert editor.post(preview, data).json()["is_valid"]
    assert "A brand new answer" in editor.get(preview).text


def test_a_circle_is_refused_where_it_was_made_and_nothing_typed_is_lost(editor):
    page = question("stay")

    response = editor.post(edit(page), form_of(page, [("Back home", question("home"))]))

    assert "leads round in a circle" in response.text
    assert not page.get_latest_revision_as_object().has_unpublished_changes
    assert "Back home" in response.text


def test_an_answer_that_leads_nowhere_may_be_drafted_but_not_published(editor):
    ending("money").unpublish()
    page = question("people")
    data = form_of(page, [("Money", ending("money")), ("School", ending("school"))])

    refused = editor.post(edit(page), {**data, "action-publish": "action-publish"})
    assert "leads nowhere" in refused.text
    saved = editor.post(edit(page), data)

    assert saved.status_code == 302
    assert "/help/school/" not in answers(page.url)


def test_an_ending_with_a_hidden_service_may_be_drafted_but_not_published(editor):
    page, service = ending("phone"), Service.objects.get(title="Online and safe")
    service.unpublish()
    data = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "short_title": page.short_title,
            "need": str(page.need_id),
            "introduction": rich_text("<p>New words</p>"),
            "steps": streamfield([]),
            "links": streamfield([("services", streamfield([("item", str(service.pk))]))]),
            "comments": inline_formset([]),
        }
    )

    refused = editor.post(edit(page), {**data, "action-publish": "action-publish"})
    saved = editor.post(edit(page), data)

    assert "is not on the public site" in refused.text
    assert "It gives no helpline to ring" in refused.text
    assert saved.status_code == 302
    assert "New words" not in soup(page.url).text


@pytest.mark.thorough
def test_the_report_names_the_page_and_what_is_broken(editor):
    page, words = takes_a_page_off(None)

    report = BeautifulSoup(editor.get("/editor/reports/broken-paths/").content, "lxml")

    (row,) = report.select("table.listing tbody tr")
    assert words in row.text and row.select_one(f"a[href='{edit(page)}']")
    out = editor.get("/editor/reports/broken-paths/?export=csv")
    assert words in b"".join(out.streaming_content).decode()


@pytest.mark.thorough
def test_editors_hear_of_it_on_my_work_until_it_is_mended(editor):
    tasks.check_paths()
    assert "Broken paths" not in editor.get("/work/").text
    ending("how-i-feel").unpublish()
    tasks.check_paths()

    assert "1 help page or question leads people wrong" in editor.get("/work/").text

    ending("how-i-feel").save_revision().publish()
    tasks.check_paths()
    assert broken_paths.alarm() == ""
