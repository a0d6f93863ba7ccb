"""`/editor/`: for directory editors only, with no doors of its own; draft, review, publishing."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.template import engines
from django.urls import reverse
from wagtail.models import Page

from accounts import roles
from accounts.models import Area, Membership, Organisation
from accounts.services import memberships
from casework.calendar import today
from cms.models import Location, Provider, Service, TaxonomyTerm
from cms.services import EDITORS, sync_editors
from tests.thorough import THOROUGH

ADD = "/editor/snippets/cms/service/add/"
CLOSED = [
    "/editor/users/",
    "/editor/users/new/",
    "/editor/groups/",
    "/editor/groups/new/",
    "/editor/password_reset/",
    "/editor/account/",
    "/editor/images/",
    "/editor/images/add/",
    "/editor/documents/",
    "/editor/documents/add/",
    "/editor/collections/",
    "/editor/sites/",
    "/editor/redirects/",
    "/editor/api/main/images/",
    "/editor/api/main/documents/",
]


@pytest.fixture
def editor(site, sign_in, monkeypatch):
    """Ed, signed in. Wagtail's own templates count on undefined variables being empty."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    return sign_in(site.ed)


def edit_address(service) -> str:
    return f"/editor/snippets/cms/service/edit/{service.pk}/"


def filled(response) -> dict:
    """What a browser would post from the edit form of a service."""
    page = BeautifulSoup(response.content, "lxml")
    form = next(f for f in page.find_all("form") if f.find(attrs={"name": "title"}))
    data: dict = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or "__prefix__" in name or field.get("type") in ("submit", "button"):
            continue
        if field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field.get("value", "on"))
        elif field.name == "textarea":
            data[name] = field.text.lstrip("\n")
        elif field.name == "select":
            chosen = field.find("option", selected=True)
            data[name] = chosen["value"] if chosen else ""
        else:
            data[name] = field.get("value", "")
    return data


def test_editor_comes_in(editor):
    assert editor.get("/editor/").status_code == 200
    for path in ("service", "provider", "location", "taxonomyterm"):
        assert editor.get(f"/editor/snippets/cms/{path}/").status_code == 200
    assert editor.get("/editor/pages/").status_code == 200
    assert editor.get(reverse("wagtailsettings:edit", args=["cms", "site-settings"]), follow=True)


def test_the_editor_of_a_demo_says_that_all_is_invented(editor, settings):
    assert "Everything here is invented" not in editor.get("/editor/").text

    settings.DEMO = True

    for path in ("", "snippets/cms/service/add/", "pages/"):
        assert "Everything here is invented" in editor.get(f"/editor/{path}", follow=True).text


def test_the_editor_has_our_colours_and_no_news_of_wagtail(editor):
    text = editor.get("/editor/").text

    assert "waymark/editor.css" in text
    assert "What's new in Wagtail" not in text and "Editor Guide" not in text


@pytest.mark.parametrize("path", CLOSED)
def test_wagtails_own_doors_are_closed(editor, path):
    assert editor.get(path).status_code == 404
    assert editor.post(path).status_code == 404


@pytest.mark.parametrize("path", CLOSED)
def test_they_are_closed_for_a_superuser_too(site, sign_in, path):
    ed = site.ed
    ed.is_superuser = True
    ed.save()

    assert sign_in(ed).get(path).status_code == 404


def test_sign_in_of_the_editor_is_ours(client, site):
    for path in ("/editor/", "/editor/login/", "/editor/snippets/cms/service/"):
        assert client.get(path)["Location"].startswith(reverse("accounts:sign_in"))
    assert client.post("/editor/login/", {"username": "ed@example.org"}).status_code in (302, 401)


def test_login_of_wagtail_leads_to_ours_for_who_is_signed_in(editor):
    assert editor.get("/editor/login/")["Location"] == reverse("accounts:sign_in")


def test_account_of_the_editor_is_ours(editor):
    page = BeautifulSoup(editor.get("/editor/").content, "lxml")
    link = next(a["href"] for a in page.select("a") if a.text.strip() == "Account")

    assert editor.get(link)["Location"] == reverse("accounts:account")


def test_sign_out_of_the_editor_is_ours(editor):
    response = editor.post("/editor/logout/")

    assert (response.status_code, response["Location"]) == (307, reverse("accounts:sign_out"))


@pytest.mark.parametrize("who", ["cora", "sol", "alex", "max", "adam", "ivy", "pru", "oz"])
def test_case_staff_and_administrators_have_no_rights(site, sign_in, who):
    response = sign_in(getattr(site, who)).get("/editor/")

    assert response.status_code in (302, 403, 404)
    assert not getattr(site, who).has_perm("wagtailadmin.access_admin")


def test_rights_come_and_go_with_the_role(site):
    sam, ed = site.sam, site.ed
    organisation = Organisation.objects.get(name="Waymark Unit (invented)")
    assert not sam.groups.exists()

    memberships.grant(by=None, user=sam, role=roles.DirectoryEditor, organisation=organisation)
    assert [group.name for group in sam.groups.all()] == [EDITORS]
    assert ed.groups.filter(name=EDITORS).exists()

    membership = Membership.objects.get(user=ed, role=roles.DirectoryEditor.code)
    memberships.end_membership(by=None, membership=membership)
    assert not ed.groups.exists()


def test_role_that_ended_leaves_the_group_at_the_next_round(site):
    Membership.objects.filter(user=site.ed).update(
        starts_on=today().replace(year=today().year - 2),
        ends_on=today().replace(year=today().year - 1),
    )

    sync_editors()

    assert not Group.objects.get(name=EDITORS).user_set.exists()


def test_editors_may_not_delete_what_the_feed_shows(editor):
    service = Service.objects.get(title="Forest days")

    editor.post(f"/editor/snippets/cms/service/delete/{service.pk}/")

    assert Service.objects.filter(pk=service.pk).exists()


def test_editing_a_live_service_is_a_draft_until_it_is_published(editor, client):
    service = Service.objects.get(title="When you lose somebody")
    rows = list(service.schedules.values_list("pk", "uuid"))
    data = filled(editor.get(edit_address(service)))
    data |= {
        "title": "When somebody is gone",
        "schedules-TOTAL_FORMS": "3",
        "schedules-2-days": ["SU"],
        "schedules-2-opens_at": "10:00",
        "schedules-2-every": "WEEKLY",
        "schedules-2-id": "",
        "schedules-2-ORDER": "3",
    }

    assert editor.post(edit_address(service), data).status_code == 302
    service.refresh_from_db()
    assert (service.title, service.schedules.count()) == ("When you lose somebody", 2)
    assert service.has_unpublished_changes

    again = filled(editor.get(edit_address(service)))
    assert again["schedules-2-days"] == ["SU"]
    response = editor.post(edit_address(service), {**again, "action-publish": "action-publish"})
    assert response.status_code == 302
    service.refresh_from_db()
    assert (service.title, service.schedules.count()) == ("When somebody is gone", 3)
    assert list(service.schedules.values_list("pk", "uuid"))[:2] == rows
    assert "Sunday" in client.get(service.get_absolute_url()).content.decode()


@pytest.mark.slow("opens every page in the editor")
def test_every_page_opens_in_the_editor(editor):
    pages = list(Page.objects.exclude(depth=1).select_related("content_type"))
    if not THOROUGH:  # one of each kind
        pages = list({page.content_type: page for page in pages}.values())

    statuses = {
        page.url: editor.get(f"/editor/pages/{page.pk}/edit/").status_code for page in pages
    }

    assert len(statuses) >= 5
    assert set(statuses.values()) == {200}, statuses


@pytest.mark.thorough
def test_preview_shows_the_draft(editor):
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service)))
    address = f"/editor/snippets/cms/service/preview/{service.pk}/"
    editor.post(address, {**data, "title": "Moonlight days"})

    page = editor.get(address).content.decode()

    assert "Moonlight days" in page and "Forest days" not in page


@pytest.mark.thorough
def test_a_ward_that_a_service_is_for_survives_a_save(editor, site):
    ward = Area.objects.create(code="E05012345", name="Sherwood", kind="ward", parent=site.city)
    service = Service.objects.get(title="Forest days")
    service.areas.add(ward)
    service.save()
    service.save_revision().publish()

    data = filled(editor.get(edit_address(service)))
    editor.post(edit_address(service), {**data, "action-publish": "action-publish"})

    assert ward in Service.objects.get(pk=service.pk).areas.all()


def test_publishing_under_a_draft_provider_is_refused_with_the_remedy(editor):
    service = Service.objects.get(title="Forest days")
    Provider.objects.get(pk=service.provider_id).unpublish()
    data = filled(editor.get(edit_address(service)))

    response = editor.post(edit_address(service), {**data, "action-publish": "action-publish"})

    assert "Publish this provider first" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"minimum_age": "18", "maximum_age": "11"},
            "The oldest age cannot be below the youngest.",
        ),
        ({"cost": "free", "price": "3"}, "A free service has no price."),
        ({"checked_by": ""}, "Give both the day of the last check and who checked."),
        pytest.param(
            {"minimum_age": "121"}, "less than or equal to 120", marks=pytest.mark.thorough
        ),
        pytest.param({"title": ""}, "This field is required.", marks=pytest.mark.thorough),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(editor, changes, sentence):
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service))) | changes

    response = editor.post(edit_address(service), {**data, "action-publish": "action-publish"})

    assert response.status_code == 200
    assert sentence in BeautifulSoup(response.content, "lxml").text


@pytest.mark.thorough
def test_review_can_be_asked_for_and_approved(editor, site):
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service)))
    editor.post(
        edit_address(service), {**data, "title": "Checked days", "action-submit": "action-submit"}
    )
    service.refresh_from_db()
    state = service.current_workflow_state
    assert state and service.title == "Forest days"

    state.current_task_state.approve(user=site.ed)

    service.refresh_from_db()
    assert service.title == "Checked days"
    assert service.revisions.count() >= 2


def test_new_place_is_put_on_the_map_by_its_postcode(editor):
    response = editor.post(
        "/editor/snippets/cms/location/add/",
        {"name": "Hut", "kind": "physical", "postcode": "ng71aa", "city": "Nottingham"}
        | {"action-publish": "action-publish"},
    )

    hut = Location.objects.get(name="Hut")
    assert response.status_code == 302
    assert (hut.postcode, hut.easting > 400_000) == ("NG7 1AA", True)
    easting = hut.easting
    hut.postcode = "NG18 1AA"
    hut.save()
    assert hut.easting != easting


def test_term_gets_a_sign_that_says_nothing(editor):
    need = TaxonomyTerm.objects.filter(taxonomy__code="need").first()
    editor.post(
        "/editor/snippets/cms/taxonomyterm/add/",
        {
            "taxonomy": str(need.taxonomy_id),
            "code": "gambling",
            "name": "Gambling",
            "position": "99",
        },
    )

    term = TaxonomyTerm.objects.get(code="gambling")
    assert term.sign == "n26"
    term.name = "Betting"
    term.save()
    assert term.sign == "n26"


def test_link_that_runs_script_is_not_kept(editor, client):
    service = Service.objects.get(title="Forest days")
    data = filled(editor.get(edit_address(service)))
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    block = {"key": "a", "text": "Press", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    block["entityRanges"] = [{"offset": 0, "length": 5, "key": 0}]
    data["body"] = json.dumps({"blocks": [block], "entityMap": {"0": link}})

    editor.post(edit_address(service), {**data, "action-publish": "action-publish"})

    page = client.get(service.get_absolute_url()).content.decode()
    assert "Press" in page and "javascript:" not in page
