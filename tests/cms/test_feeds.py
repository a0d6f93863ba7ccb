"""Reading feeds: both versions, whatever shape they are in, and never for ever."""

import pytest

from cms.directory import legacy, runs
from cms.directory.feeds import Crawl
from cms.models import Run, Service, Source, SourceRecord
from tests.cms.asked import open_client, send, serving

S = Run.State


def whole(number, **changes):
    return {
        "id": f"s{number}",
        "name": f"Service {number}",
        "status": "active",
        "description": "Climb with us.",
        "organization": {"id": "o1", "name": "Climbers"},
    } | changes


class Feed:
    """A feed on this machine. `size` services, `per` on a page; details and lists can be bent."""

    def __init__(self, server, size=5, per=2, *, first=1, old=False):
        self.size, self.per, self.first, self.old = size, per, first, old
        self.server = server
        self.rows = [whole(number) for number in range(size)]
        server.says("/services", self.list)
        for row in self.rows:
            server.says(f"/services/{row['id']}", row)

    @property
    def pages(self):
        return -(-self.size // self.per)

    def list(self, _, handler, query):
        number = int(query["page"]) - self.first
        rows = self.rows[number * self.per : (number + 1) * self.per] if number >= 0 else []
        short = [{"id": row["id"], "name": row["name"]} for row in rows]
        is_last = number >= self.pages - 1
        if self.old:
            return {
                "totalElements": self.size, "totalPages": self.pages, "number": int(query["page"]),
                "first": number == 0, "last": is_last, "content": short,
            }  # fmt: skip
        return {
            "total_items": self.size, "total_pages": self.pages, "page_number": number + 1,
            "last_page": is_last, "contents": short,
        }  # fmt: skip

    def crawl(self, **more):
        rules = self.server.rules()
        given = {"known": {}, "wait": lambda seconds: None} | more
        return Crawl(self.server.url, client=open_client(), rules=rules, **given)


@pytest.fixture
def server():
    with serving() as running:
        yield running


def ids(crawl):
    return [record["id"] for page in crawl for record in page.records]


EVERY = [f"s{number}" for number in range(5)]


@pytest.mark.parametrize("shape", [{}, {"old": True}, {"old": True, "first": 0}])
def test_every_service_is_read_once_in_either_version(server, shape):
    crawl = Feed(server, **shape).crawl()

    assert ids(crawl) == EVERY
    assert crawl.why == ""
    assert all(server.hits[f"/services/{each}"] == 1 for each in EVERY)


def test_only_what_is_new_or_has_changed_is_asked_for(server):
    feed = Feed(server)
    known = {key: mark for page in feed.crawl() for key, mark in page.listed.items()}
    server.hits.clear()
    feed.rows[3] |= {"name": "Another name"}

    crawl = feed.crawl(known=known)

    assert ids(crawl) == ["s3"]
    assert [hit for hit in server.hits if hit.startswith("/services/")] == ["/services/s3"]


def test_it_goes_on_after_the_pages_that_are_done(server):
    crawl = Feed(server).crawl(done=2)

    assert ids(crawl) == ["s4"] and crawl.why == ""


def test_a_slow_page_is_read_in_pieces_each_service_once(site, server):
    """As much as the time of one call allows; the next one reads the rest of the page."""
    feed = Feed(server, size=5, per=5)
    source = Source.objects.create(code="slow", name="Slow", url=server.url)
    run = runs.begin(source)
    calls = 0

    while Run.objects.get().state == S.RUNNING:
        calls += 1
        runs.go_on(run, lambda run, known: feed.crawl(known=known, **rest(run), patience=0))

    run = Run.objects.get()
    assert (run.state, run.added, run.unchanged, run.seen) == (S.COMPLETE, 5, 0, 5)
    assert calls > 1
    assert all(server.hits[f"/services/{each}"] == 1 for each in EVERY)


def rest(run):
    seen = SourceRecord.objects.filter(seen_in=run).values_list("source_key", flat=True)
    return {"done": run.page, "seen": set(seen)}


def test_a_run_that_stopped_after_its_last_page_asks_for_no_other(server):
    crawl = Feed(server).crawl(done=3)

    assert list(crawl) == [] and crawl.why == ""


def test_a_broken_detail_never_ends_it(server):
    feed = Feed(server)
    server.says("/services/s1", lambda _, handler, query: send(handler, b"<html>", 200))
    server.says("/services/s2", whole(7))
    del server.answers["/services/s3"]

    pages = list(feed.crawl())

    told = {key: words for page in pages for key, words in page.problems}
    assert [record["id"] for page in pages for record in page.records] == ["s0", "s4"]
    assert set(told) == {"s1", "s2", "s3"}
    assert "another service" in told["s2"] and "status 404" in told["s3"]


@pytest.mark.parametrize("said", ["soon", "²"])
def test_a_busy_server_is_asked_again_more_slowly(server, said):
    feed, waited = Feed(server), []
    answers = iter([429, 503])

    def busy(running, handler, query):
        status = next(answers, None)
        if status is None:
            return feed.list(running, handler, query)
        return send(handler, b"{}", status, Retry_After="3" if status == 429 else said)

    server.says("/services", busy)

    assert ids(feed.crawl(wait=waited.append)) == EVERY
    assert [seconds for seconds in waited if seconds > 1] == [3.0, 4.0]


def test_a_page_that_fails_ends_it_with_what_there_is(server):
    feed = Feed(server)

    def list_(running, handler, query):
        if query["page"] == "2":
            return send(handler, b"no", 500)
        return feed.list(running, handler, query)

    server.says("/services", list_)
    crawl = feed.crawl()

    assert ids(crawl) == ["s0", "s1"]
    assert crawl.why == "Page 2 could not be read. The server answered with status 500."


@pytest.mark.parametrize(
    "answer",
    [{"no": "list"}, ["a"], "text", 7, None, {"contents": {"a": 1}}, {"contents": "x"}],
)
def test_what_is_no_feed_is_said_to_be_none(server, answer):
    server.says("/services", lambda _, handler, query: answer)
    if answer is None:
        del server.answers["/services"]
    rules = server.rules()

    with pytest.raises(runs.CannotRead):
        list(Crawl(server.url, client=open_client(), rules=rules, known={}, wait=lambda s: None))


def test_rows_that_are_no_services_are_told_and_passed_over(server):
    feed = Feed(server, size=1)
    odd = [
        7,
        None,
        "x",
        [],
        {},
        {"id": None},
        {"id": {"a": 1}},
        {"id": "\ud800"},
        {"id": "s0", "name": "Service 0"},
    ]
    server.says("/services", {"total_items": 8, "total_pages": 1, "contents": odd})

    (page,) = feed.crawl()

    assert [record["id"] for record in page.records] == ["s0"]
    assert len(page.problems) == 8


@pytest.mark.parametrize(
    ("root", "is_old"),
    [
        ({"version": "HSDS-UK-3.0"}, False),
        ({"version": "V3.0"}, False),
        ({"version": "1.0"}, True),
        ({"version": "HSDS-UK-1.0"}, True),
        ({"version": "HSDS-3.0"}, None),  # which does not parse: its first page says
        ({"version": ["3.0"]}, None),
        ({"version": "\u0663"}, None),
        (["3.0"], None),
        (None, None),
    ],
)
@pytest.mark.parametrize("page_is_old", [False, True])
def test_the_root_says_which_version_it_is_and_else_the_first_page(
    server, root, is_old, page_is_old
):
    feed = Feed(server, size=1, old=page_is_old)
    server.says("/services/s0", OLD | {"attributes": [{"taxonomy_term": {"name": "New"}}]})
    if root is not None:
        server.says("", root)
        server.says("/", root)

    [page] = list(feed.crawl())

    [term] = [row["taxonomy_term"]["name"] for row in page.records[0]["attributes"]]
    expected = page_is_old if is_old is None else is_old
    assert term == ("Sport and fitness" if expected else "New")
    assert server.hits[""] + server.hits["/"] == 1


def test_a_busy_root_is_not_waited_for(server):
    feed, waited = Feed(server), []
    server.says("/", lambda _, handler, query: send(handler, b"{}", 503, Retry_After="9"))
    server.says("", server.answers["/"])

    assert ids(feed.crawl(wait=waited.append)) == EVERY
    assert max(waited) < 1


# Feeds that do not end -------------------------------------------------------------------------
def test_a_feed_that_shows_the_same_page_again_is_left(server):
    feed = Feed(server)
    server.says("/services", lambda _, handler, query: feed.list(_, handler, {"page": "1"}))

    crawl = feed.crawl()

    assert ids(crawl) == ["s0", "s1"]
    assert "may be a loop" in crawl.why


def test_a_feed_without_an_end_is_left_at_the_limit(server, monkeypatch):
    monkeypatch.setattr("cms.directory.feeds.MOST_PAGES", 5)
    feed = Feed(server)

    def endless(_, handler, query):
        row = whole(f"x{query['page']}")
        server.says(f"/services/{row['id']}", row)
        return {"total_items": 10**9, "total_pages": 10**9, "last_page": False, "contents": [row]}

    server.says("/services", endless)
    crawl = feed.crawl()

    assert len(ids(crawl)) == 5 and crawl.why == "The feed has more than 5 pages."


def test_two_empty_pages_are_an_end(server):
    server.says(
        "/services", {"total_items": 9, "total_pages": 99, "last_page": False, "contents": []}
    )

    assert len(list(Feed.crawl(_bare(server)))) == 2


def _bare(server):
    feed = object.__new__(Feed)
    feed.server = server
    return feed


def test_a_feed_that_changes_while_it_is_read_is_not_whole(server):
    feed = Feed(server)

    def list_(running, handler, query):
        found = feed.list(running, handler, query)
        return found | {"total_items": 5 + int(query["page"])}

    server.says("/services", list_)
    crawl = feed.crawl()

    assert ids(crawl)[:2] == ["s0", "s1"] and "changed meanwhile" in crawl.why


def test_a_feed_that_changed_between_two_calls_is_not_whole(server):
    feed = Feed(server)
    same, other = (feed.crawl(done=1, items=items) for items in (5, 4))

    assert ids(same) and not same.why
    assert ids(other) and "changed meanwhile" in other.why


def test_addresses_that_a_feed_names_are_never_followed(server):
    feed = Feed(server, size=2)
    server.says("/elsewhere", {"contents": []})
    named = {"next": f"{server.url}/elsewhere", "links": [{"href": f"{server.url}/elsewhere"}]}
    row = {"id": "../elsewhere", "name": "x", "url": f"{server.url}/elsewhere"}
    answer = {"total_items": 1, "total_pages": 1, "contents": [row]} | named
    server.says("/services", lambda _, handler, query: answer)

    list(feed.crawl())

    assert not server.hits["/elsewhere"]


# Through to the directory -----------------------------------------------------------------------
OLD = {
    "id": "s0",
    "name": "Old club",
    "status": "active",
    "description": "Climb with us.",
    "organization": {"id": "o1", "name": "Climbers", "url": "https://climbers.test/"},
    "service_at_locations": [
        {
            "location": {
                "id": "wall", "name": "The Wall", "latitude": 52.95, "longitude": -1.15,
                "physical_addresses": [
                    {"address_1": "1 Rock Row", "city": "Nottingham", "postal_code": "NG1 1AA"}
                ],
            }
        }
    ],
    "eligibilitys": [{"minimum_age": 8, "maximum_age": -1}],
    "link_taxonomies": [{"taxonomy": {"id": "t", "name": "Sport and fitness"}}],
    "regular_schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "17:00"}],
    "costs_options": [{"amount": 2, "amount_description": "a session"}],
    "languages": [{"language": "Polish"}],
}  # fmt: skip


def test_an_old_feed_becomes_services_like_a_new_one(site, server):
    feed = Feed(server, size=1, old=True)
    server.says("/services/s0", OLD)
    source = Source.objects.create(code="old", name="Old", url=server.url, publishes=True)

    run = runs.begin(source)
    runs.go_on(run, lambda run, known: feed.crawl(known=known))

    assert Run.objects.get().state == S.COMPLETE
    club = Service.objects.get(title="Old club")
    (at,) = club.service_at_locations.all()
    (row,) = club.schedules.all()
    assert (club.minimum_age, club.maximum_age, club.price, club.languages) == (8, None, 2, ["pl"])
    assert (at.location.name, at.location.postcode) == ("The Wall", "NG1 1AA")
    assert [term.name for term in club.terms.all()] == ["Sport and fitness"]
    assert row.days == ["MO"] and club.provider.website == "https://climbers.test/"


@pytest.mark.parametrize("name", ["service_taxonomys", "service_taxonomies", "link_taxonomies"])
def test_old_feeds_name_their_terms_in_several_ways(name):
    record = {name: [{"taxonomy": {"id": "t", "name": "Sport", "vocabulary": "esd"}}]}

    [attribute] = legacy.modern(record)["attributes"]

    assert attribute["taxonomy_term"]["name"] == "Sport"


def test_terms_that_an_old_feed_names_twice_are_read_from_both():
    link, own = ({"taxonomy": {"id": name, "name": name}} for name in "ab")
    record = {"link_taxonomies": [link], "service_taxonomys": [own, link]}

    said = [each["taxonomy_term"]["name"] for each in legacy.modern(record)["attributes"]]

    assert said == ["a", "b", "a"]


def test_hostile_values_leave_the_site_as_it_is(site, server, client):
    feed = Feed(server, size=6, per=6)
    bad = [
        {"minimum_age": -1, "maximum_age": 10**400},
        {
            "description": "<script>alert(1)</script><p onclick=x>Hi</p>",
            "url": "javascript:alert(1)",
        },
        {"organization": [1], "service_at_locations": {"a": 1}, "schedules": [None, 7]},
        {"name": "x" * 100_000, "description": "\x00\u202e" + "y" * 100_000},
        {"status": "unheard of"},
        {"attributes": [[[[1]]]], "languages": 7, "contacts": [{"phones": {"number": "1"}}]},
    ]
    for number, changes in enumerate(bad):
        server.says(f"/services/s{number}", whole(number, **changes))
    source = Source.objects.create(code="bad", name="Bad", url=server.url, publishes=True)

    run = runs.begin(source)
    runs.go_on(run, lambda run, known: feed.crawl(known=known))

    run = Run.objects.get()
    assert (run.state, run.rejected) == (S.COMPLETE, 1)
    assert run.added == 5
    for service in Service.objects.filter(source_record__source=source):
        page = client.get(service.get_absolute_url())
        assert page.status_code == 200 and "<script>alert" not in page.text
    assert client.get("/directory/").status_code == 200
