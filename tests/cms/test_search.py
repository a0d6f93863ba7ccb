"""Finding services: filters, places, odd addresses, paging, what nobody may see."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.clock import at, now
from accounts.models import Area, Postcode
from cms.directory import listings
from cms.directory.addresses import ORDER
from cms.directory.asking import read
from cms.directory.search import find
from cms.models import Listing, Location, Provider, Service, TaxonomyTerm
from tests.cms.searching import every_name, hits, names, notices, page, query_of
from tests.thorough import examples, mostly


def test_all_services_are_listed_twenty_at_a_time(site):
    first, second, third = (names(page(page=n)) for n in (1, 2, 3))

    assert [len(first), len(second), len(third)] == [20, 20, 10]
    assert {*first, *second, *third} == set(Service.objects.values_list("title", flat=True))


def test_by_name_the_list_goes_from_a_to_z(site):
    shown = [name for number in (1, 2, 3) for name in names(page(sort="name", page=number))]

    assert shown == sorted(
        Service.objects.values_list("title", flat=True), key=lambda title: title.lower()
    )


def test_words_are_found_in_name_needs_provider_and_text(site):
    assert "Trentside boxing for beginners" in names(page(q="boxing"))
    assert "Safe Path one to one" in names(page(q="county lines"))  # a synonym of its need
    assert "Film crew Newark" in names(page(q="loudhailer"))
    assert "Brightstep small school" in names(page(q="groups of five"))


def test_a_word_in_the_name_comes_before_one_in_the_text(site):
    assert names(page(q="boxing"))[0] in ("Girls' boxing night", "Trentside boxing for beginners")


def test_quotes_and_minus_work_as_people_expect(site):
    both = every_name(q="boxing")

    assert every_name(q='"girls boxing"') < both
    assert "Girls' boxing night" not in every_name(q="boxing -girls")


@pytest.mark.parametrize("typed", ["creche", "crèche", "CRÈCHE"])
def test_accents_and_capitals_make_no_difference(site, typed):
    assert names(page(q=typed)) == ["Parents of teens"]


def test_nearest_comes_first_and_says_how_far(site):
    soup = page(place="Worksop")

    there = Service.objects.filter(service_at_locations__location__city="Worksop")
    assert names(soup)[0] in set(there.values_list("title", flat=True))
    assert "close by" in soup.select_one(".wm-service").text


def test_what_is_equally_good_takes_turns_by_the_day(site):
    """The order is the same all day, so that no page repeats any; on another it differs."""

    def days_order(days):
        with at(now() + timedelta(days=days)):
            return [hit.service_id for hit in hits(q="boxing")]

    one = Listing.objects.get(service__title="Trentside boxing for beginners")
    Listing.objects.update(search=one.search, completeness=8)  # now all are equally good
    asked = days_order(0)

    assert len(asked) > 10
    assert asked == days_order(0) != days_order(1)


@pytest.mark.parametrize("query", [{}, {"cost": "free"}], ids=str)
def test_without_words_nobody_is_always_last(site, query):
    Listing.objects.update(completeness=8)

    def last(days):
        with at(now() + timedelta(days=days)):
            return [hit.service_id for n in (1, 2, 3) for hit in hits(**query, page=n)][-1]

    assert len({last(days) for days in range(6)}) > 2
    assert page(**query).find("strong", string="A new one each day")


def test_rows_of_an_older_version_are_made_anew(site):
    whole = Listing.objects.get(service__title="Online and safe")
    Listing.objects.filter(pk=whole.pk).update(completeness=None, marks=[])

    listings.catch_up()

    again = Listing.objects.get(service__title="Online and safe")
    assert again.completeness == whole.completeness > 4 and again.marks == whole.marks
    assert listings.catch_up() == 0


def test_of_what_fits_alike_the_fuller_entry_comes_first(site):
    one = Listing.objects.get(service__title="Trentside boxing for beginners")
    Listing.objects.update(search=one.search, completeness=7)
    full = Listing.objects.filter(service__title="Online and safe")
    full.update(completeness=8)

    assert hits(q="boxing")[0].service_id == full.get().service_id
    assert hits(cost="free")[0].service_id == full.get().service_id


@pytest.mark.parametrize("typed", ["ng7", " NG7 ", "NG7 1AA", "ng71aa"])
def test_place_may_be_typed_in_any_way(site, typed):
    soup = page(place=typed)

    assert "mile" in soup.select_one(".wm-results").text
    assert "do not know" not in notices(soup)


def test_new_postcode_falls_back_to_its_middle_and_says_so(site):
    assert "distances are from the middle of NG7" in notices(page(place="NG7 9ZX"))


def test_unknown_place_is_said_and_the_rest_still_answers(site):
    soup = page(place="Atlantis", q="boxing")

    assert "We do not know the place “Atlantis”" in notices(soup)
    assert names(soup)


def test_ward_is_a_place_and_of_two_with_one_name_the_reader_says_which(site):
    city, newark = (Area.objects.get(name=name) for name in ("Nottingham", "Newark and Sherwood"))
    for code, parent in (("E05099001", city), ("E05099002", newark)):
        Area.objects.create(kind=Area.Kind.WARD, code=code, name="Quarry Hill", parent=parent)
    here = {"easting": 479800, "northing": 353900, "latitude": 53.07, "longitude": -0.81}
    Postcode.objects.create(
        postcode="NG24 9ZZ", district_code=newark.code, ward_code="E05099002", **here
    )

    assert "more than one place called “Quarry Hill”" in notices(page(place="Quarry Hill"))
    assert "“Quarry Hill, Newark and Sherwood”" in notices(page(place="Quarry Hill"))
    soup = page(place="quarry hill, newark and sherwood", within=2)
    assert "near Quarry Hill, within 2 miles" in soup.select_one("[role=status]").text
    assert "Film crew Newark" in names(soup)


def test_within_leaves_out_what_is_further_but_not_what_has_no_place(site):
    found = every_name(place="Worksop", within=5)

    assert "Mentoring groups in Worksop" in found
    assert "Trentside boxing for beginners" not in found
    assert "Online and safe" in found


def test_within_without_a_place_is_explained(site):
    soup = page(within=5)

    assert "Type a town or postcode" in notices(soup)
    assert "50 services found" in soup.text


def test_service_with_several_places_shows_its_nearest_once(site):
    shown = names(page(place="Newark-on-Trent"))
    card = next(
        c for c in page(place="Newark-on-Trent").select(".wm-service") if "lose somebody" in c.text
    )

    assert shown.count("When you lose somebody") == 1
    assert "Newark Quay" in card.text


def test_distance_does_not_give_away_a_withheld_address(site):
    service = Service.objects.get(title="A bed for tonight")
    place = service.service_at_locations.get().location
    listing = Listing.objects.get(service=service)

    assert (listing.easting % 5000, listing.northing % 5000) == (0, 0)
    card = next(c for c in page(q="bed tonight", place="NG1").select(".wm-service"))
    assert place.name not in card.text and "mile" not in card.text


def test_name_of_a_withheld_venue_finds_nothing_and_is_no_word_that_we_know(site):
    place = Location.objects.get(is_address_withheld=True)
    place.name = "Lavender Lodge"
    place.save()

    for typed in ("lavender", "lavendr", "lavend"):
        soup = page(q=typed)
        assert "A bed for tonight" not in names(soup)
        assert "results for lavender" not in soup.main.text
    found = Client().get("/oruk/v3/services", {"search": "lavender"}).json()
    assert found["total_items"] == 0


def test_name_of_a_venue_is_forgotten_once_its_address_is_withheld(site):
    place = Location.objects.get(name="Warsop Barn")
    place.name = "Lavender Barn"
    place.save()
    assert names(page(q="lavendr"))

    place.is_address_withheld = True
    place.save()

    assert names(page(q="lavendr")) == names(page(q="lavender")) == []
    assert names(page(q="warsop")) != []  # its town is still said


ODD = [
    ({"age": "banana"}, "We do not know the age “banana”"),
    ({"age": "-1"}, "We do not know the age “-1”"),
    ({"age": "999"}, "We do not know the age “999”"),
    ({"age": "²"}, "We do not know the age"),
    ({"need": "zzz"}, "We do not know the need “zzz”"),
    ({"area": "narnia"}, "We do not know the area “narnia”"),
    ({"cost": "maybe"}, "We do not know the cost “maybe”"),
    ({"sort": "random"}, "We do not know the order “random”"),
    ({"page": "-2"}, "We do not know the page “-2”"),
    ({"page": "9999"}, "There is no such page"),
    ({"within": "7", "place": "NG7"}, "We do not know the distance “7”"),
    ({"q": "the"}, "We need another word than “the”"),
    ({"q": "x" * 10_000}, "first 200 letters"),
]


@pytest.mark.parametrize(("query", "sentence"), ODD, ids=lambda value: str(value)[:40])
def test_what_is_not_understood_is_left_out_with_a_sentence(site, query, sentence):
    soup = page(**query)

    assert sentence in notices(soup)
    if "x" not in query.get("q", ""):
        assert names(soup)


@pytest.mark.parametrize(
    "q",
    [
        "\0",
        "a\0b",
        "🙂🙂",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "((((",
        "%s %(q)s",
        ":*&|!",
        "‮x",
    ],
)
def test_odd_words_are_answered(site, q):
    page(**dict.fromkeys(ORDER, q))


def test_script_in_an_address_stays_text(site):
    soup = page(q="<script>alert(1)</script>")

    assert [tag for tag in soup.select("script") if "alert" in tag.text] == []
    assert soup.select_one("#q")["value"] == "<script>alert(1)</script>"


FUZZ = st.dictionaries(
    st.sampled_from([*ORDER]),
    st.text(max_size=40) | st.sampled_from(["1", "5", "14", "NG7", "boxing", "near", "bassetlaw"]),
)


@pytest.mark.slow("a hundred addresses")
@settings(
    max_examples=examples(plain=20, thorough=100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=FUZZ)
def test_no_address_is_an_error(site, query):
    assert Client().get("/directory/", query).status_code == 200


def test_one_search_has_one_canonical_address(site):
    soup = page(cost="free", q="", age="14", place="", sort="")

    link = soup.select_one("link[rel=canonical]")
    assert link["href"] == "http://testserver/directory/?age=14&cost=free"


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ({}, "50 services found"),
        ({"q": "boxing"}, "{} for “boxing”"),
        ({"q": "club", "place": "NG7 1AA", "age": 14}, "{} for “club”, near NG7, suits age 14"),
        (
            {"place": "worksop", "within": 5, "cost": "free", "age": "14-17"},
            "{} found, near Worksop, suits ages 14 to 17, within 5 miles, free",
        ),
        ({"q": "zebra"}, "0 services for “zebra”"),
    ],
    ids=str,
)
def test_the_heading_says_the_search_in_words_and_the_title_does_not(site, query, heading):
    soup = page(**query)
    total = find(read(QueryDict(query_of(query))).asked).total
    many = f"{total} service{'' if total == 1 else 's'}"

    assert soup.select_one("[role=status] h2").text == heading.format(many)
    assert soup.title.text.startswith("Find help –")


@pytest.mark.parametrize(
    ("place", "shared"),
    [
        ("NG7 1AA", "NG7"),
        ("ng71aa", "NG7"),
        ("NG7 9ZX", "NG7"),  # not on the list
        ("NG7 1", "NG7"),
        ("NG7", "NG7"),
        ("Worksop", "Worksop"),
        ("12 Elm Street NG7 1AA", ""),
    ],
)
def test_a_search_is_shared_without_the_second_half_of_a_postcode(site, place, shared):
    soup = page(q="boxing", place=place, age=14, chosen="forest-days", page=1)

    link = soup.select_one("#share")["value"]
    assert link.startswith("http://testserver/directory/?")
    query = QueryDict(link.partition("?")[2])
    assert query.get("place", "") == shared and "chosen" not in query
    assert (query["q"], query["age"]) == ("boxing", "14")


def test_nothing_found_offers_wider_searches_with_their_counts_and_numbers(site):
    soup = page(q="zebra", age=14, area="bassetlaw")

    offer = soup.select_one(".wm-empty a")
    assert offer["href"] == "/directory/?age=14&area=bassetlaw"
    count = len(every_name(age=14, area="bassetlaw"))
    assert f"({count} found)" in offer.parent.text
    online = soup.select_one(".wm-empty a[href*='how=online']")
    assert online["href"] == "/directory/?age=14&how=online&how=phone"
    count = len(every_name(age=14, how=["online", "phone"]))
    assert f"({count} found)" in online.parent.text
    assert soup.main.select_one("a[href='tel:999']")
    assert soup.main.select_one("a[href='tel:116123']")


def test_order_is_the_same_each_time(site):
    orders = {tuple(names(page(q="you", sort=sort))) for sort in ("best", "best", "best")}

    assert len(orders) == 1


def test_order_by_check_starts_with_the_freshest(site):
    freshest = Service.objects.order_by("-checked_at", "title").first()

    assert names(page(sort="checked"))[0] == freshest.title


HIDDEN = "Trentside boxing for beginners"
TOLD_OF_WHAT_HAS_GONE = {"id", "name", "status", "last_modified"}


def hide_by_unpublishing(service):
    service.unpublish()


def hide_for_professionals(service):
    service.is_professional_only = True
    service.save_revision().publish()


def hide_by_closing(service):
    service.status = Service.Status.CLOSED
    service.save_revision().publish()


def hide_with_its_provider(service):
    Provider.objects.get(pk=service.provider_id).unpublish()


@pytest.mark.parametrize(
    "hide",
    mostly(
        [hide_by_unpublishing, hide_for_professionals, hide_by_closing, hide_with_its_provider],
        plain="hide_for_professionals hide_with_its_provider",
    ),
)
def test_what_is_not_public_is_nowhere(site, hide):
    service = Service.objects.get(title=HIDDEN)
    service_id, address = str(service.pk), service.get_absolute_url()
    assert Client().get(address).status_code == 200

    hide(service)

    assert Client().get(address).status_code == 404
    assert HIDDEN not in every_name()
    assert HIDDEN not in names(page(q="boxing"))
    assert "50 services" not in page().text
    told = Client().get(f"/oruk/v3/services/{service_id}").json()
    assert told["status"] in ("inactive", "defunct") and set(told) <= TOLD_OF_WHAT_HAS_GONE
    feed = Client().get("/oruk/v3/services?full=true&per_page=100").content.decode()
    assert service_id not in feed
    places = Client().get("/oruk/v3/service_at_locations?per_page=100").content.decode()
    assert service_id not in places


def test_draft_changes_are_not_found_until_published(site):
    service = Service.objects.get(title=HIDDEN)
    service.title = "Quidditch for beginners"
    revision = service.save_revision()

    assert names(page(q="quidditch")) == []

    revision.publish()
    assert names(page(q="quidditch")) == ["Quidditch for beginners"]


def test_change_of_a_place_a_provider_or_a_term_is_found_at_once(site):
    hall = Location.objects.get(name="Warsop Barn")
    hall.name = "Zanzibar Barn"
    hall.save()
    provider = Provider.objects.get(name="Loudhailer Arts")
    provider.name = "Foghorn Arts"
    provider.save_revision().publish()
    term = TaxonomyTerm.objects.get(taxonomy__code="need", code="money")
    term.synonyms += ";skint"
    term.save()

    assert "Warm coats and school shoes" in names(page(q="zanzibar"))
    assert "Loudhailer studio" in names(page(q="foghorn"))
    assert "Food share in the Meadows" in names(page(q="skint"))


def test_search_asks_the_same_number_of_queries_however_many_it_finds(
    site, django_assert_num_queries
):
    few, many = {"q": "boxing", "place": "NG7"}, {"q": "you", "place": "NG7"}
    assert len(names(page(**few))) < 6 and len(names(page(**many))) == 20

    with django_assert_num_queries(10):
        page(**few)
    with django_assert_num_queries(10):
        page(**many)


def test_question_is_read_without_being_kept(site):
    question = read(QueryDict("place=NG7 1AA&age=14"))

    assert find(question.asked).total > 10
    assert question.search.place == "NG7 1AA"
