"""The Open Referral UK feed: its envelope, its parameters, its errors."""

import json
import uuid

import pytest
from django.core.cache import caches
from django.test import Client

from cms.directory.oruk import answers, checking, resources, views
from cms.models import Service, ServiceAtLocation, Source, SourceRecord, TaxonomyTerm

LISTS = list(resources.BY_NAME)


def get(path: str, status: int = 200, **query):
    response = Client().get(f"/oruk/v3{path}", query)
    assert response["Access-Control-Allow-Origin"] == "*", path
    assert response.status_code == status, response.content
    assert "application/json" in response["Content-Type"]
    return response.json()


def ids(**query) -> set[str]:
    return {row["id"] for row in get("/services", per_page=100, **query)["contents"]}


def services(**conditions) -> set[str]:
    return {str(pk) for pk in Service.objects.filter(**conditions).values_list("pk", flat=True)}


def test_root_names_version_profile_and_document(site):
    for path in ("", "/"):
        root = get(path)
        assert root["version"] == "HSDS-UK-3.0"
        assert root["profile"].startswith("https://")
        assert root["openapi_url"] == "http://testserver/oruk/v3/openapi.json"


def test_document_lists_every_path_and_parameter(site):
    document = get("/openapi.json")

    assert len(document["paths"]) == 11
    assert document["info"]["license"]["url"].startswith("https://")
    for name, resource in resources.BY_NAME.items():
        shown = {p["name"] for p in document["paths"][f"/{name}"]["get"]["parameters"]}
        assert shown == resource.parameters


@pytest.mark.parametrize("name", LISTS)
def test_list_has_the_envelope_and_crawls_to_its_total(site, name):
    first = get(f"/{name}", per_page=7)
    assert list(first) == [
        "total_items",
        "total_pages",
        "page_number",
        "size",
        "first_page",
        "last_page",
        "empty",
        "contents",
    ]

    rows = []
    for number in range(1, first["total_pages"] + 1):
        page = get(f"/{name}", per_page=7, page=number)
        assert page["size"] == len(page["contents"])
        assert page["first_page"] == (number == 1)
        assert page["last_page"] == (number == first["total_pages"])
        rows += page["contents"]

    assert len({row["id"] for row in rows}) == len(rows) == first["total_items"]
    assert get(f"/{name}")["total_items"] == first["total_items"]


@pytest.mark.parametrize("name", LISTS)
def test_detail_agrees_with_its_list(site, name):
    for row in get(f"/{name}", per_page=5)["contents"]:
        detail = get(f"/{name}/{row['id']}")
        assert {key: detail[key] for key in ("id", "name") if key in row} == {
            key: row[key] for key in ("id", "name") if key in row
        }
        assert get(f"/{name}/{row['id']}/") == detail


@pytest.mark.parametrize("name", LISTS)
def test_unknown_id_is_404_and_a_malformed_one_422(site, name):
    assert "error" in get(f"/{name}/{uuid.uuid4()}", status=404)
    assert "error" in get(f"/{name}/not-a-uuid", status=422)


@pytest.mark.parametrize("name", LISTS)
def test_page_past_the_end_is_empty(site, name):
    page = get(f"/{name}", page=99_999)

    assert (page["empty"], page["contents"], page["size"]) == (True, [], 0)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [{"page": "banana"}, {"page": "0"}, {"per_page": "-1"}, {"format": "xml"}, {"colour": "red"}],
)
def test_parameter_that_cannot_be_used_is_refused_by_name(site, name, query):
    answer = get(f"/{name}", status=422, **query)

    assert answer["parameter"] == next(iter(query))
    assert answer["status"] == 422


@pytest.mark.parametrize(
    "query",
    [
        {"minimum_age": "x"},
        {"maximum_age": "1.5"},
        {"taxonomy_term_id": "mentoring"},
        {"taxonomy_id": "1"},
        {"organization_id": "1"},
        {"start_time": "nonsense"},
        {"end_time": "25:00"},
        {"day": "someday"},
        {"modified_after": "yesterday"},
        {"modified_after": "2026-13-45"},
        {"full": "perhaps"},
        {"postcode": "NG7 1AA"},
        {"search": "x" * 201},
    ],
)
def test_services_refuse_what_they_cannot_read(site, query):
    assert get("/services", status=422, **query)["parameter"] == next(iter(query))


def test_parameter_given_twice_is_refused(site):
    answer = Client().get("/oruk/v3/services?page=1&page=2")

    assert (answer.status_code, answer.json()["parameter"]) == (422, "page")


def test_size_of_a_page_is_capped(site):
    assert get("/services", per_page=5000)["size"] == 50
    assert get("/taxonomy_terms", per_page=5000)["size"] == 86
    assert get("/services", per_page=1_000_000)["total_pages"] == 1


def test_search(site):
    assert services(title="Trentside boxing for beginners") <= ids(search="boxing")
    assert ids(search="zqxjkv") == set()
    assert ids(search="\0'%") == set()


def test_terms_and_taxonomies(site):
    term = TaxonomyTerm.objects.get(code="money")
    parent = TaxonomyTerm.objects.get(code="mentoring")

    assert ids(taxonomy_term_id=term.pk) == services(terms=term)
    assert ids(taxonomy_term_id=parent.pk) == services(terms__parent=parent)
    assert ids(taxonomy_id=term.taxonomy_id) == services(terms__taxonomy=term.taxonomy_id)
    assert ids(taxonomy_term_id=uuid.uuid4()) == ids(taxonomy_id=uuid.uuid4()) == set()


def test_ages_are_bounds_of_the_bounds(site):
    assert ids(minimum_age=14) == services(minimum_age__gte=14)
    assert ids(maximum_age=18) == services(maximum_age__lte=18)
    assert ids(minimum_age=150) == set()


def test_organization(site):
    provider = Service.objects.get(title="Forest days").provider_id

    assert ids(organization_id=provider) == services(provider=provider)


def test_day_and_times_are_of_one_opening(site):
    saturday = services(schedules__days__contains=["SA"])

    assert ids(day="SA") == ids(day="saturday") == saturday
    early = ids(day="MO", start_time="09:00", end_time="16:00")
    assert early == services(
        schedules__days__contains=["MO"],
        schedules__opens_at__gte="09:00",
        schedules__closes_at__lte="16:00",
    )
    assert services(title="Back to school plan") <= early
    assert not services(title="Trentside boxing for beginners") & early


def test_minimal_names_ids_and_days_on_one_page(site):
    page = get("/services", minimal="true")

    assert page["total_pages"] == 1
    assert all(set(row) == {"id", "modified_date"} for row in page["contents"])


def test_full_list_is_the_details(site):
    page = get("/services", full="true", per_page=3)

    assert page["contents"] == [get(f"/services/{row['id']}") for row in page["contents"]]


def test_lines_stream_every_service_whole(site):
    response = Client().get("/oruk/v3/services", {"format": "ndjson", "day": "SA"})

    rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert response["X-Total-Count"] == str(len(rows))
    assert {row["id"] for row in rows} == ids(day="SA")
    assert all("organization" in row for row in rows)


def test_proximity_counts_metres_from_the_postcode_and_areas_count(site):
    def found(**query):
        rows = get("/service_at_locations", per_page=100, **query)["contents"]
        return {row["location"]["name"] for row in rows}

    near = found(postcode="S80 1AA", proximity=8000)
    assert near == {"Worksop Works"}
    everywhere = found(postcode="NG18 1AA")
    assert "Mansfield Corner" in everywhere
    assert "Trentside Gym" not in everywhere  # serves other districts only
    assert get("/service_at_locations", status=422, proximity=5)["parameter"] == "proximity"
    unknown = get("/service_at_locations", status=422, postcode="ZE1 0AA")
    assert unknown["parameter"] == "postcode"


def test_withheld_address_stays_out_of_the_feed(site):
    at = ServiceAtLocation.objects.get(location__is_address_withheld=True)

    place = get(f"/service_at_locations/{at.uuid}")["location"]
    assert not {"addresses", "latitude", "longitude"} & set(place)
    assert place["name"] == at.location.city
    ServiceAtLocation.objects.filter(pk=at.pk).update(note="Side door of 14 Oak Street.")
    for path in (f"/service_at_locations/{at.uuid}", f"/services/{at.service_id}"):
        assert "Oak Street" not in str(get(path)), path
    near = get("/service_at_locations", per_page=100, postcode="NG1 1AA", proximity=1_000_000)
    assert str(at.uuid) not in {row["id"] for row in near["contents"]}


def test_parents_of_terms_are_listed_and_tops_can_be_asked_for(site):
    terms = {row["id"]: row for row in get("/taxonomy_terms", per_page=100)["contents"]}

    assert {row["parent_id"] for row in terms.values() if "parent_id" in row} <= set(terms)
    tops = get("/taxonomy_terms", per_page=100, top_only="true")["contents"]
    assert all("parent_id" not in row for row in tops)
    children = get("/taxonomy_terms", parent_id=tops[0]["id"])["contents"]
    assert all(row["parent_id"] == tops[0]["id"] for row in children)


@pytest.mark.thorough
def test_nothing_is_null_or_empty_anywhere(site):
    def faults(value, path=""):
        if value in (None, "", [], {}):
            yield path
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield from faults(inner, f"{path}.{name}")
        elif isinstance(value, list):
            for inner in value:
                yield from faults(inner, path)

    for name in LISTS:
        rows = get(f"/{name}", per_page=100)["contents"]
        assert list(faults(rows)) == []
        assert [f for row in rows[:20] for f in faults(get(f"/{name}/{row['id']}"))] == []


def test_unlicensed_import_is_on_the_site_but_not_in_the_feed(site):
    service = Service.objects.get(title="Forest days")
    source = Source.objects.create(code="county", name="County directory")
    SourceRecord.objects.create(
        source=source, kind="service", source_key="1", service=service, payload={}, payload_hash="x"
    )

    assert Client().get(service.get_absolute_url()).status_code == 200
    assert str(service.pk) not in ids()
    source.may_republish = True
    source.save()
    assert str(service.pk) in ids()


@pytest.mark.parametrize(
    "path", ["/oruk/", "/oruk/v4", "/oruk/v3/nothing", "/oruk/v3/a/b/c", "/oruk"]
)
def test_no_html_under_oruk(site, path):
    response = Client().get(path)

    assert response.status_code in (404, 301)
    if response.status_code == 404:
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["status"] == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_feed_can_only_be_read(site, method):
    response = getattr(Client(enforce_csrf_checks=True), method)("/oruk/v3/services")

    assert response.status_code in (403, 405)


def test_browsers_may_ask_before(site):
    response = Client().options("/oruk/v3/services")

    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"


def test_fault_of_ours_is_json_too(site, monkeypatch, caplog):
    def broken(params):
        raise RuntimeError("kaputt")

    broken_resource = resources.Resource(**{**vars(resources.SERVICES), "rows": broken})
    monkeypatch.setitem(resources.BY_NAME, "services", broken_resource)

    answer = get("/services", status=500)

    assert "kaputt" not in json.dumps(answer)
    assert "kaputt" in caplog.text


def test_head_answers_like_get_without_a_body(site):
    response = Client().head("/oruk/v3/services")

    assert (response.status_code, response.content) == (200, b"")


def test_feed_needs_no_session_and_sets_no_cookie(site):
    assert not Client().get("/oruk/v3/services").cookies


def test_detail_costs_the_same_however_much_is_nested(site, django_assert_max_num_queries):
    pk = Service.objects.get(title="Money chat").pk

    with django_assert_max_num_queries(8):
        get(f"/services/{pk}")
    with django_assert_max_num_queries(8):
        get("/services", full="true", per_page=50)


@pytest.fixture
def limit(monkeypatch):
    """Three requests in a minute, of which none has been."""
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 3)
    caches["default"].clear()
    yield
    caches["default"].clear()


def test_who_asks_far_too_often_waits_and_others_do_not(site, limit):
    def ask(address):
        return Client(REMOTE_ADDR=address).get("/oruk/v3/taxonomies")

    asked = [ask("198.51.100.7") for _ in range(5)]

    statuses = [answer.status_code for answer in asked]
    assert statuses[:3] == [200] * 3 and statuses.count(429) >= 1, "unless a minute has just begun"
    refused = asked[-1]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["status"] == 429 and refused["Access-Control-Allow-Origin"] == "*"
    assert ask("198.51.100.8").status_code == 200


def test_our_own_check_is_not_limited(site, limit, monkeypatch):
    monkeypatch.setattr(checking, "SAMPLE", 1)

    assert checking.check().faults == []


def test_minimal_comes_in_pages_too(site, monkeypatch):
    monkeypatch.setattr(views, "ALL", 20)

    pages = [get("/services", minimal="true", page=number) for number in (1, 2, 3)]

    assert [page["size"] for page in pages] == [20, 20, 10] and pages[0]["total_pages"] == 3
    assert len({row["id"] for page in pages for row in page["contents"]}) == 50
