"""The pages of organisations and their sharing agreements."""

from django.urls import reverse

from accounts.forms.organisations import OrganisationForm
from accounts.models import Area, Organisation
from waymark.demo import making


def test_an_organisation_is_added_with_its_numbers_checked(world, sign_in):
    client = sign_in(world.adam)
    typed = {
        "name": "New College (invented)",
        "kind": "college",
        "sector": "core",
        "ukprn": " 1000 1234 ",
        "company_number": "1234567",
        "is_open": "on",
        "postcode": "ng15dt",
    }
    for field, wrong in [
        ("urn", "12345"),
        ("urn", "100001"),
        ("urn", "\u0661\u0662\u0663\u0664\u0665\u0666"),  # digits, and none of the register
        ("ukprn", "20001234"),
        ("ukprn", "1000123\u0664"),
        ("charity_number", "12"),
        ("company_number", "ABC"),
        ("postcode", "NG"),
    ]:
        response = client.post("/organisations/add/", typed | {field: wrong})
        assert response.status_code == 200 and "There is a problem" in response.text, field

    client.post("/organisations/add/", typed)

    made = Organisation.objects.get(name="New College (invented)")
    assert (made.ukprn, made.company_number, made.postcode) == ("10001234", "01234567", "NG1 5DT")


def test_a_ward_that_an_organisation_serves_is_offered_so_that_a_save_keeps_it(world):
    ward = making.area("E05012345", "Sherwood", Area.Kind.WARD, world.city)
    world.school.areas.add(ward)

    served = OrganisationForm(instance=world.school).fields["areas"].queryset
    others = OrganisationForm(instance=Organisation()).fields["areas"].queryset

    assert ward in served and ward not in others


def test_a_sharing_agreement_has_dates_that_fit(world, sign_in):
    client = sign_in(world.adam)
    url = reverse("accounts:add_agreement", args=[world.school.pk])
    typed = {
        "purpose": "Referrals",
        "starts_on_day": "1",
        "starts_on_month": "2",
        "starts_on_year": "2026",
        "ends_on_day": "1",
        "ends_on_month": "1",
        "ends_on_year": "2026",
    }

    wrong = client.post(url, typed)
    right = client.post(url, typed | {"ends_on_year": "2027"})

    assert "cannot end before it starts" in wrong.text
    assert right.status_code == 302
