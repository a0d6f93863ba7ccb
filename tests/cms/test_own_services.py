"""People of an organisation keep what the directory says about its services, by drafts."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from accounts import roles
from accounts.clock import now
from accounts.models import Organisation
from accounts.services import memberships
from cms.directory.facts import FACTS, missing
from cms.directory.own.sections import SECTIONS
from cms.models import Provider, Service
from tests.cms.test_editor import edit_address


@pytest.fixture
def ours(site):
    """Forest days is run by Northside, which oz administers."""
    service = Service.objects.get(title="Forest days")
    Provider.objects.filter(pk=service.provider_id).update(organisation=site.school)
    return service


@pytest.fixture
def oz(site, sign_in):
    return sign_in(site.oz)


def address(service, part="") -> str:
    return f"/our-services/{service.pk}/{part}"


def filled(response) -> dict:
    """What a browser would post from the form of a section."""
    form = BeautifulSoup(response.content, "lxml").find("input", {"name": "version"}).parent
    data: dict = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
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


def write(client, service, part, **changes):
    where = address(service, f"{part}/")
    return client.post(where, filled(client.get(where)) | changes)


def draft(service) -> Service:
    return Service.objects.get(pk=service.pk).get_latest_revision_as_object()


def words(response) -> str:
    return BeautifulSoup(response.content, "lxml").get_text(" ", strip=True)


def test_people_see_the_services_of_their_organisation_and_what_those_lack(ours, oz):
    Service.objects.filter(pk=ours.pk).update(waiting_time="")

    page = oz.get("/our-services/")

    shown = [th.text for th in BeautifulSoup(page.content, "lxml").select("tbody th")]
    of_theirs = Service.objects.filter(provider=ours.provider_id).values_list("title", flat=True)
    assert shown == sorted(of_theirs) and "waiting time" in words(page)


def test_each_part_says_how_it_stands_and_the_list_how_complete_it_all_is(ours, oz):
    whole = {"minimum_age": 8, "how_to_get_help": "Ring us.", "phone": "0115 496 0001"}
    Service.objects.filter(pk=ours.pk).update(waiting_time="", languages=[], **whole)
    row = Service.objects.get(pk=ours.pk)
    row.save_revision()

    page = BeautifulSoup(oz.get(address(ours)).content, "lxml")
    parts = {
        item.a.text: item.select_one(".govuk-task-list__status").text.strip()
        for item in page.select(".govuk-task-list__item")
    }

    assert parts["How to get help"] == "Incomplete" and parts["Contact"] == "Complete"
    assert parts["Languages"] == "Optional" and all(parts.values())
    assert "Does not say: waiting time" in page.text
    lacks = missing(Service.objects.whole().get(pk=ours.pk))
    assert f"{round(100 - 100 * len(lacks) / len(FACTS))}%" in words(oz.get("/our-services/"))


def test_without_a_linked_provider_the_page_says_what_to_do(site, oz):
    Provider.objects.update(organisation=None)

    assert "ask the directory's editors" in words(oz.get("/our-services/"))
    assert "Ask the directory's editors" in words(oz.get("/our-services/new/"))


def test_nothing_is_public_before_an_editor_has_published_it(ours, oz, client, site):
    write(oz, ours, "about", title="Woodland days", summary="We walk in the woods.")
    assert "Forest days" in client.get(ours.get_absolute_url()).text
    assert "Woodland days" in oz.get(address(ours, "preview/")).text

    oz.post(address(ours, "send/"))
    assert Service.objects.get(pk=ours.pk).title == "Forest days"
    state = Service.objects.get(pk=ours.pk).current_workflow_state
    assert state.requested_by == site.oz

    state.current_task_state.approve(user=site.ed)
    assert Service.objects.get(pk=ours.pk).title == "Woodland days"


@pytest.mark.parametrize("part", SECTIONS)
def test_saving_a_section_untouched_changes_nothing(ours, oz, part):
    before = draft(ours).serializable_data()

    assert write(oz, ours, part).status_code == 302

    assert draft(ours).serializable_data() == before


def test_times_can_be_added_changed_and_taken_off(site, oz):
    service = Service.objects.get(title="When you lose somebody")
    Provider.objects.filter(pk=service.provider_id).update(organisation=site.school)
    first, second = service.schedules.all()

    write(
        oz,
        service,
        "when",
        **{
            "schedules-0-DELETE": "on",
            "schedules-1-words": "in school terms",
            "schedules-2-days": ["SU"],
            "schedules-2-opens_at": "10:00",
        },
    )

    rows = list(draft(service).schedules.all())
    assert rows[0].uuid == second.uuid != first.uuid
    assert (rows[0].words, rows[1].days) == ("in school terms", ["SU"])
    assert service.schedules.count() == 2, "nothing is public yet"
    page = words(oz.get(address(service)))
    assert "Sunday from 10am" in page and "in school terms" in page


def test_who_runs_it_says_what_it_is_set_up_for(ours, oz, client, site):
    write(oz, ours, "who-for", support_for=["ASD", "PD"])
    oz.post(address(ours, "send/"))
    changes = words(oz.get(address(ours)))
    assert "Support for Autism Social and emotional Autism Mobility" in changes

    state = Service.objects.get(pk=ours.pk).current_workflow_state
    state.current_task_state.approve(user=site.ed)

    assert "Support for Autism Mobility" in words(client.get(ours.get_absolute_url()))
    assert "Forest days" in words(client.get("/directory/?send=pd"))


def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(ours, oz, site, sign_in):
    where = address(ours, "contact/")
    mine = filled(oz.get(where))
    write(oz, ours, "contact", phone="0115 496 0001")

    late = oz.post(where, mine | {"phone": "0115 496 0002"})

    assert late.status_code == 409
    assert filled(late)["phone"] == "0115 496 0002", "what was typed stays"
    assert "Somebody else has changed" in words(late) and "0115 496 0001" in words(late)
    assert draft(ours).phone == "0115 496 0001"

    assert oz.post(where, filled(late)).status_code == 302
    assert draft(ours).phone == "0115 496 0002"


@pytest.mark.parametrize(
    ("part", "changes", "sentence"),
    [
        ("who-for", {"minimum_age": "18", "maximum_age": "11"}, "cannot be below"),
        ("cost", {"cost": "free", "price": "3"}, "A free service has no price."),
        ("about", {"title": ""}, "Fill in"),
        ("contact", {"url": "javascript:alert(1)"}, "Enter a valid URL"),
        ("when", {"schedules-0-opens_at": "12:00", "schedules-0-closes_at": "9:00"}, "not after"),
        ("when", {"schedules-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(ours, oz, part, changes, sentence):
    before = draft(ours).serializable_data()

    response = write(oz, ours, part, **changes)

    assert response.status_code == 200 and sentence in words(response)
    assert draft(ours).serializable_data() == before


def test_an_address_that_is_withheld_is_not_offered_to_others(ours, oz):
    hidden = ours.service_at_locations.model.objects.filter(
        location__is_address_withheld=True
    ).exclude(service__provider=ours.provider_id)
    assert hidden.exists()

    offered = oz.get(address(ours, "where/")).text

    assert not [row for row in hidden if str(row.location_id) in offered]


def test_while_editors_read_it_nobody_changes_it_until_it_is_taken_back(ours, oz):
    write(oz, ours, "contact", phone="0115 496 0001")
    oz.post(address(ours, "send/"))

    assert oz.get(address(ours, "contact/")).status_code == 302
    oz.post(address(ours, "contact/"), {"phone": "0115 496 0002"})
    assert draft(ours).phone == "0115 496 0001"

    oz.post(address(ours, "take-back/"))
    assert write(oz, ours, "contact", phone="0115 496 0003").status_code == 302
    assert draft(ours).phone == "0115 496 0003"


def test_what_was_returned_says_why_and_can_be_sent_again(ours, oz, site):
    write(oz, ours, "contact", phone="0115 496 0001")
    oz.post(address(ours, "send/"))
    state = Service.objects.get(pk=ours.pk).current_workflow_state
    state.current_task_state.reject(user=site.ed, comment="Is this number right?")

    assert "Is this number right?" in words(oz.get(address(ours)))
    write(oz, ours, "contact", phone="0115 496 0004")
    oz.post(address(ours, "send/"))

    again = Service.objects.get(pk=ours.pk).current_workflow_state
    again.current_task_state.approve(user=site.ed)
    assert Service.objects.get(pk=ours.pk).phone == "0115 496 0004"


def test_there_is_nothing_to_send_when_nothing_has_changed(ours, oz):
    page = oz.post(address(ours, "send/"), follow=True)

    assert "nothing to send" in words(page)
    assert Service.objects.get(pk=ours.pk).current_workflow_state is None


def test_a_new_service_is_begun_as_a_draft_and_sent_when_it_is_whole(ours, oz, client):
    new = {"provider": ours.provider_id, "title": "Night walks", "summary": "We walk at night."}

    oz.post("/our-services/new/", new)

    service = Service.objects.get(title="Night walks")
    assert not service.live and client.get(service.get_absolute_url()).status_code == 404
    oz.post(address(service, "send/"))
    assert Service.objects.get(pk=service.pk).workflow_in_progress


def test_a_new_service_cannot_be_begun_for_another_organisation(ours, oz):
    other = Provider.objects.exclude(pk=ours.provider_id).first()

    oz.post("/our-services/new/", {"provider": other.pk, "title": "Ours now", "summary": "Yes."})

    assert not Service.objects.filter(title="Ours now").exists()


def test_several_people_of_one_organisation_keep_its_services(ours, site, sign_in):
    memberships.grant(
        by=None, user=site.sam, role=roles.OrganisationAdministrator, organisation=site.school
    )

    assert sign_in(site.sam).get(address(ours)).status_code == 200


def test_who_administers_another_organisation_finds_no_such_service(ours, oz, site):
    elsewhere = Organisation.objects.exclude(pk=site.school.pk).first()
    Provider.objects.filter(pk=ours.provider_id).update(organisation=elsewhere)

    for part in ("", "preview/", *(f"{code}/" for code in SECTIONS)):
        assert oz.get(address(ours, part)).status_code == 404
    assert oz.post(address(ours, "send/")).status_code == 404


def test_who_keeps_services_has_no_rights_in_the_editor(ours, oz, site):
    assert oz.get(edit_address(ours)).status_code in (302, 403, 404)
    assert not site.oz.has_perm("cms.change_service")


def test_they_read_what_readers_say_is_wrong_but_no_complaint_and_no_contact(ours, oz):
    for part, said in (("when", "It closes at 8 now."), ("other", "Somebody there hit me.")):
        ours.suggestions.create(part=part, words=said, contact="me@example.org")

    page = words(oz.get(address(ours)))

    assert "It closes at 8 now." in page
    assert "hit me" not in page and "me@example.org" not in page


def test_who_runs_it_says_that_it_is_still_right_and_it_is_listed_again(ours, oz, client):
    long_ago = now() - timedelta(days=200)
    Service.objects.filter(pk=ours.pk).update(checked_at=long_ago, hidden_at=now())
    assert "not listed at the moment" in words(oz.get(address(ours)))

    oz.post(address(ours, "still-right/"))

    row = Service.objects.get(pk=ours.pk)
    assert (row.checked_at.date(), row.checked_by) == (now().date(), "provider")
    assert client.get(ours.get_absolute_url()).status_code == 200


def test_what_is_not_public_cannot_be_called_still_right(ours, oz):
    Service.objects.filter(pk=ours.pk).update(live=False, checked_at=None, checked_by="")
    assert "still right" not in words(oz.get(address(ours)))

    page = oz.post(address(ours, "still-right/"), follow=True)

    assert "not public" in words(page) and Service.objects.get(pk=ours.pk).checked_at is None
