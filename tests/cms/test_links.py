"""Whether the web pages that services name still open."""

from datetime import timedelta

import pytest

from accounts.clock import at, now
from cms.directory import links
from cms.directory.facts import missing
from cms.models import LinkCheck, Service
from tests.cms.asked import open_client, send, serving

FACT = "a web page that opens"


@pytest.fixture
def server():
    with serving() as running:
        running.says("/opens", {"is": "here"})
        running.says("/broken", lambda server, handler, query: send(handler, b"", 500))
        running.says("/blocked", lambda server, handler, query: send(handler, b"", 403))
        yield running


@pytest.fixture
def check(site, server, monkeypatch):
    """Two services: one whose page opens, one whose page is what the test says."""
    one, two = Service.objects.order_by("title")[:2]
    Service.objects.exclude(pk__in=[one.pk, two.pk]).update(url="")
    Service.objects.filter(pk=one.pk).update(url=f"{server.url}/opens")

    def days(path: str, many: int = 1, url: str = "") -> Service:
        Service.objects.filter(pk=two.pk).update(url=url or f"{server.url}{path}")
        rules = server.rules(accept="*/*", wants_body=False)
        for day in range(many):
            with at(now() + timedelta(days=day)):
                links.check(open_client(), rules)
        return Service.objects.whole().get(pk=two.pk)

    return days


def test_a_page_that_opens_is_known_to(check):
    service = check("/opens")

    assert service.link_check.words == "Opens" and FACT not in missing(service)
    assert LinkCheck.objects.count() == 2


@pytest.mark.parametrize("path", ["/broken", "/not-there"])
def test_a_page_is_broken_once_it_has_not_opened_on_two_days(check, path):
    assert FACT not in missing(check(path))
    assert FACT in missing(check(path, 2))


def test_a_page_that_opens_again_is_broken_no_more(check):
    assert FACT in missing(check("/broken", 2))
    with at(now() + timedelta(days=5)):
        assert FACT not in missing(check("/opens"))


def test_another_address_is_not_known_yet(check):
    service = check("/broken", 2)

    service.url = "https://elsewhere.example.org/"

    assert LinkCheck.of(service) is None and FACT not in missing(service)


def test_who_does_not_answer_programs_is_not_called_broken(check):
    service = check("/blocked", 3)

    assert service.link_check.words == "Not known" and FACT not in missing(service)


def test_an_address_that_we_may_not_ask_is_not_known(check, server):
    service = check("", 2, url=f"http://127.0.0.1:{server.port + 1}/")  # a port we do not ask

    assert service.link_check.words == "Not known" and FACT not in missing(service)


def test_a_server_that_nobody_finds_is_broken_if_others_are_found(check, monkeypatch):
    def ask(client, url, rules):
        return 200 if "opens" in url else links.UNREACHABLE

    monkeypatch.setattr(links, "ask", ask)

    assert FACT in missing(check("/gone", 2))


def test_when_no_server_answers_it_is_our_own_way_out(check, monkeypatch):
    monkeypatch.setattr(links, "ask", lambda *_: links.UNREACHABLE)

    assert FACT not in missing(check("/broken", 3))
    assert not LinkCheck.objects.exists()


def test_each_is_asked_once_a_day_and_so_many_at_once(check, server, monkeypatch):
    check("/opens")
    hits = sum(server.hits.values())
    links.check(open_client(), server.rules(wants_body=False))
    assert sum(server.hits.values()) == hits

    monkeypatch.setattr(links, "MOST", 1)
    with at(now() + timedelta(days=1)):
        assert links.check(open_client(), server.rules(wants_body=False)) == 1


def test_time_for_all_of_them_is_bounded(check, monkeypatch):
    monkeypatch.setattr(links, "SECONDS", -1.0)
    check("/opens")

    assert not LinkCheck.objects.exists()


def test_this_machine_is_not_asked_for_a_service(server):
    from cms.directory.fetching import Client

    assert links.ask(Client("test"), f"{server.url}/opens", server.rules()) is None
    assert not server.hits
