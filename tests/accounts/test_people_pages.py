import re
import uuid

import pytest
from django.urls import reverse

from accounts import roles, services
from accounts.forms.account import DetailsForm
from accounts.models import Area, Membership, Organisation, SharingAgreement, User
from tests.thorough import mostly
from waymark.demo import making

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
OTHERS = ["alex", "cora", "sol", "max", "dev", "ada", "pru", "ivy", "ana", "bo", "ed", "sam"]


def pages_about(user):
    """Every page about a person, with the method that works."""
    membership = user.memberships.first()
    return [
        ("get", reverse("accounts:person", args=[user.pk])),
        ("get", reverse("accounts:add_role", args=[user.pk])),
        ("get", reverse("accounts:deactivate", args=[user.pk])),
        ("post", reverse("accounts:reactivate", args=[user.pk])),
        ("post", reverse("accounts:reset_second_factor", args=[user.pk])),
        ("post", reverse("accounts:answer_invitation", args=[user.pk])),
        ("get", reverse("accounts:end_role", args=[user.pk, membership.pk])),
        ("get", reverse("accounts:cover", args=[user.pk, membership.pk])),
    ]


LISTS = ["people", "invite", "invitations"]
ADMINISTRATORS_ONLY = ["organisations", "add_organisation", "areas"]


@pytest.mark.parametrize("first", mostly(OTHERS, plain="alex max sam"))
def test_people_without_people_have_none_of_these_pages(world, sign_in, first):
    client = sign_in(getattr(world, first))
    for name in LISTS + ADMINISTRATORS_ONLY:
        assert client.get(reverse(f"accounts:{name}")).status_code == 403, name
    for method, url in pages_about(world.bea):
        assert getattr(client, method)(url).status_code == 403, url
    for name in ("organisation", "change_organisation", "add_agreement"):
        url = reverse(f"accounts:{name}", args=[world.school.pk])
        assert client.get(url).status_code == 403, name


def test_somebody_elses_person_is_not_there_for_an_organisation_administrator(world, sign_in):
    client = sign_in(world.oz)
    missing = client.get(reverse("accounts:person", args=[uuid.uuid4()]))

    for other in (world.cora, world.sam, world.adam, world.max):
        for method, url in pages_about(other):
            response = getattr(client, method)(url)
            assert response.status_code == 404, url
            assert TOKEN.sub("", response.text) == TOKEN.sub("", missing.text)
    assert world.cora.is_active


def test_an_organisation_administrator_has_no_pages_of_organisations(world, sign_in):
    client = sign_in(world.oz)
    for name in ADMINISTRATORS_ONLY:
        assert client.get(reverse(f"accounts:{name}")).status_code == 403, name


def test_a_membership_is_found_only_under_its_own_person(world, sign_in):
    client = sign_in(world.adam)
    theirs = world.bea.memberships.get()

    for name in ("end_role", "cover"):
        url = reverse(f"accounts:{name}", args=[world.alex.pk, theirs.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"action": "end"}).status_code == 404
    other = SharingAgreement.objects.exclude(organisation=world.school).first()
    swapped = reverse("accounts:change_agreement", args=[world.school.pk, other.pk])
    assert client.get(swapped).status_code == 404


def test_one_sees_the_people_of_ones_own_organisation_only(world, sign_in):
    page = sign_in(world.oz).get("/people/").text
    page = page[page.index("<main") : page.index("</main>")]

    assert "Alex Invented" in page and "Bea Invented" in page
    for other in ("Cora", "Sol", "Sid", "Sam"):
        assert f"{other} Invented" not in page
    assert "Waymark Unit" not in page


def test_a_role_elsewhere_is_not_shown_to_an_organisation_administrator(world, sign_in):
    services.grant(by=None, user=world.sid, organisation=world.school, role=roles.Referrer)

    page = sign_in(world.oz).get(f"/people/{world.sid.pk}/").text

    assert "Northside" in page and "Derwent" not in page


def test_a_name_can_be_looked_for_in_one_organisation(world, sign_in):
    client = sign_in(world.adam)

    inside = client.post("/people/", {"q": "invented", "organisation": world.school.pk})
    everybody = client.post("/people/", {"q": "invented", "organisation": ""})
    only = client.post("/people/", {"q": "", "organisation": world.school.pk})
    odd = client.post("/people/", {"q": "cora", "organisation": "nonsense"})

    assert "Alex Invented" in inside.text and "Cora Invented" not in inside.text
    assert f"People found, {world.school}" in inside.text
    assert "Cora Invented" in everybody.text
    assert only.headers["Location"] == f"/people/?organisation={world.school.pk}"
    again = client.get(only.headers["Location"]).text
    assert f'<option value="{world.school.pk}" selected>' in again
    assert odd.status_code == 200 and 'value="cora"' in odd.text
    assert "(optional)" not in again
    assert "Select a valid choice" not in odd.text and "govuk-error-summary" in odd.text


def test_names_are_looked_for_by_post_and_stay_out_of_addresses(world, sign_in):
    client = sign_in(world.adam)

    found = client.post("/people/", {"q": "cor inv"})
    nobody = client.post("/people/", {"q": "zzzz"})
    by_get = client.get("/people/", {"q": "cora"})

    assert "Cora Invented" in found.text and "Alex Invented" not in found.text
    assert "Nobody found" in nobody.text
    assert "Alex Invented" in by_get.text
    assert not re.search(r'href="[^"]*cor', found.text)


def test_an_organisation_administrator_finds_nobody_elsewhere(world, sign_in):
    page = sign_in(world.oz).post("/people/", {"q": "cora"})

    assert "Nobody found" in page.text and "Cora Invented" not in page.text


def crowd(world, size=60):
    for number in range(size):
        user = services.add_person(
            by=None, email=f"p{number}@example.org", name=f"Person {number % 7}", password="x" * 9
        )
        services.grant(by=None, user=user, organisation=world.school, role=roles.Referrer)


@pytest.mark.thorough
@pytest.mark.usefixtures("contexts")
def test_every_person_is_on_exactly_one_page_in_order(world, sign_in):
    crowd(world)
    client, url, seen, urls = sign_in(world.oz), "/people/", [], []
    while url:
        page = client.get(url).context["page"]
        seen += page.rows
        urls.append(url)
        url = f"/people/{page.next_url}" if page.next_url else ""
    back = client.get(urls[-1]).context["page"].previous_url

    assert len(urls) == 3 and len(seen) == 63 == len(set(seen))
    assert [(row.name, row.pk) for row in seen] == sorted((row.name, row.pk) for row in seen)
    assert client.get(f"/people/{back}").context["page"].rows == seen[25:50]


@pytest.mark.thorough
def test_a_page_of_people_costs_the_same_whatever_the_crowd(
    world, sign_in, django_assert_max_num_queries
):
    crowd(world, 3)
    client = sign_in(world.adam)
    with django_assert_max_num_queries(16) as few:
        client.get("/people/")
    crowd_later = [f"q{number}@example.org" for number in range(20)]
    for email in crowd_later:
        user = services.add_person(by=None, email=email, name="Queue Invented", password="x" * 9)
        services.grant(by=None, user=user, organisation=world.school, role=roles.Referrer)
        services.grant(by=None, user=user, organisation=world.school, role=roles.Mentor)

    with django_assert_max_num_queries(len(few)):
        client.get("/people/")


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-4000-8000-000000000001", "'; --", ""])
@pytest.mark.usefixtures("contexts")
def test_a_strange_page_key_gives_the_first_page(world, sign_in, key):
    page = sign_in(world.adam).get("/people/", {"after": key, "organisation": key})

    assert page.status_code == 200
    assert page.context["page"].rows[0].name == "Ada Invented"


@pytest.mark.usefixtures("contexts")
def test_an_administrator_narrows_the_list_to_an_organisation(world, sign_in):
    page = sign_in(world.adam).get("/people/", {"organisation": world.school.pk})

    assert {row.email.split("@")[0] for row in page.context["page"].rows} == {"alex", "bea", "oz"}


def test_an_invitation_by_form_ignores_what_the_form_does_not_have(world, sign_in):
    client = sign_in(world.oz)
    typed = {
        "name": "Noor Invented",
        "email": "noor@example.org",
        "organisation": world.school.pk,
        "role": "referrer",
        "is_superuser": "on",
        "is_active": "",
        "groups": "1",
        "password": "secret secret secret",
        "joined_at": "2020-01-01",
    }

    response = client.post("/people/invite/", typed)

    noor = User.objects.get(email="noor@example.org")
    assert response.headers["Location"] == "/people/invitations/"
    assert noor.is_active and not noor.is_superuser and not noor.groups.exists()
    assert not noor.has_usable_password() and noor.joined_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"role": "coordinator"},
        {"role": "administrator"},
        {"organisation": "unit"},
        {"areas": "derby"},
        {"reports_to": "cora"},
    ],
)
def test_a_choice_that_was_not_offered_is_refused(world, sign_in, change):
    values = {
        "unit": world.cora.memberships.get().organisation_id,
        "derby": Area.objects.get(code="E06000015").pk,
        "cora": world.cora.pk,
    }
    typed = {
        "name": "Noor Invented",
        "email": "noor@example.org",
        "organisation": world.school.pk,
        "role": "mentor",
    } | {key: values.get(value, value) for key, value in change.items()}
    client = sign_in(world.oz)

    offered = client.get("/people/invite/").text
    response = client.post("/people/invite/", typed)

    assert response.status_code == 200 and "There is a problem" in response.text
    assert "Noor Invented" in response.text
    assert not User.objects.filter(email="noor@example.org").exists()
    assert "Cora Invented" not in offered and "Derby" not in offered


def test_the_role_page_lists_open_work_and_hands_it_over(world, sign_in):
    from casework.workflow import move

    referral = making.refer(by=world.alex, programme=world.programme)
    move(referral, "start_triage", by=world.cora)
    client = sign_in(world.adam)
    url = reverse("accounts:end_role", args=[world.cora.pk, world.cora.memberships.get().pk])
    day = {"on_day": "1", "on_month": "1", "on_year": "2020"}

    page = client.get(url).text
    refused = client.post(url, day).text
    done = client.post(url, day | {"hand_over_to": world.cleo.pk})

    assert referral.reference in page and "1 open piece of work" in page
    assert "Choose who takes over" in refused and referral.reference in refused
    assert done.status_code == 302
    assert world.cora.memberships.get().ended_at


def test_my_account_changes_my_details_and_nothing_else(world, sign_in):
    client = sign_in(world.alex)
    typed = {
        "name": "Alex O’Neill",
        "job_title": "Head of year",
        "phone": "+44 115 4960123",
        "email": "other@example.org",
        "is_active": "",
        "is_superuser": "on",
    }

    client.post("/account/details/", typed)

    alex = User.objects.get(email="alex@example.org")
    assert (alex.name, alex.job_title, alex.phone) == (
        "Alex O’Neill",
        "Head of year",
        "0115 496 0123",
    )
    assert alex.is_active and not alex.is_superuser
    wrong = client.post("/account/details/", typed | {"phone": "ring me"})
    assert "Enter a telephone number" in wrong.text and "ring me" in wrong.text


def test_details_that_are_saved_as_the_account_closes_leave_it_closed(world):
    typed = {"name": "Alex O’Neill", "job_title": "", "phone": ""}
    form = DetailsForm(typed, instance=User.objects.get(pk=world.alex.pk))
    assert form.is_valid()
    services.deactivate(by=None, user=world.alex, at_once=True)

    form.save()

    alex = User.objects.get(pk=world.alex.pk)
    assert (alex.name, alex.is_active) == ("Alex O’Neill", False)


def test_a_new_address_counts_once_its_link_is_used_by_its_owner(world, sign_in, mailoutbox):
    from accounts import tasks

    client = sign_in(world.alex)
    client.post("/account/email/", {"email": "Alex.New@example.org"})
    tasks.send_new_email_link(str(world.alex.pk))
    link = re.search(r"http://[^/]+(\S+)", mailoutbox[-1].body).group(1)

    assert mailoutbox[-1].to == ["alex.new@example.org"]
    assert sign_in(world.bea).post(link).status_code == 410
    assert client.get(link).status_code == 200
    assert User.objects.filter(email="alex@example.org").exists()
    assert client.post(link).headers["Location"] == "/sign-in/?why=email"
    assert User.objects.filter(email="alex.new@example.org").exists()
    assert client.get("/account/").status_code == 302


def test_an_address_that_somebody_else_has_gets_no_letter_and_the_same_page(
    world, sign_in, mailoutbox
):
    from accounts import tasks

    client = sign_in(world.alex)

    taken = client.post("/account/email/", {"email": "bea@example.org"})
    tasks.send_new_email_link(str(world.alex.pk))

    assert taken.status_code == 302
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("first", "url"),
    [
        ("adam", "/organisations/?q=%00"),
        ("adam", "/organisations/?q=a%%0000"),
        ("ada", "/pathways/placements/new/?referral=%00"),
        ("ed", "/directory/?q=%00&place=%00"),
    ],
)
def test_a_character_that_the_database_refuses_breaks_no_page(world, sign_in, first, url):
    assert sign_in(getattr(world, first)).get(url).status_code == 200


def test_looking_at_pages_changes_nothing(world, sign_in):
    def rows():
        return {
            model: list(model.objects.order_by("pk").values())
            for model in (User, Membership, Organisation, SharingAgreement)
        }

    client = sign_in(world.adam)
    before = rows()
    for name in LISTS + ADMINISTRATORS_ONLY + ["account", "change_details", "enrol"]:
        client.get(reverse(f"accounts:{name}"))
    for _, url in pages_about(world.bea):
        client.get(url)

    assert rows() == before


def test_what_people_type_is_shown_not_obeyed(world, sign_in):
    nasty = "<script>alert(1)</script>\"'><img src=x>"
    bea = world.bea
    bea.name, bea.job_title = nasty[:100], nasty
    bea.save()
    Organisation.objects.filter(pk=world.school.pk).update(name=nasty)
    client = sign_in(world.adam)

    for url in ["/people/", "/organisations/", f"/people/{bea.pk}/", "/people/invite/",
                *[url for method, url in pages_about(bea) if method == "get"]]:  # fmt: skip
        text = client.get(url).text
        assert "<script>alert" not in text and "<img src=x" not in text, url
