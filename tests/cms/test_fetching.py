"""Asking other servers: never one that only we can reach, never more than we can hold."""

import gzip
import threading

import pytest

from cms.directory.fetching import Client, Refused, addresses, is_public, read_json
from tests.cms.asked import open_client, send, serving

PRIVATE = [
    "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
    "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1",
    "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "2002:7f00:1::", "64:ff9b::7f00:1",
    "2001:0:7f00:1::1",
]  # fmt: skip
DISGUISES = [
    "127.0.0.1", "localhost", "0x7f000001", "2130706433", "017700000001", "127.1", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0",  # noqa: S104
]  # fmt: skip


@pytest.fixture
def server():
    with serving() as running:
        running.says("/", {"is": "here"})
        yield running


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_not_everybody_can_reach_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111"])
def test_an_address_of_the_internet_is(address):
    assert is_public(address)


@pytest.mark.parametrize("host", DISGUISES)
def test_this_machine_is_not_asked_under_any_name(server, host):
    client = Client("test")

    with pytest.raises(Refused, match=r"not public|no server"):
        client.fetch(f"http://{host}:{server.port}/", server.rules())

    assert not server.hits


def test_the_canary_is_there_to_be_hit(server):
    answer = open_client().fetch(f"{server.url}/", server.rules())

    assert read_json(answer) == {"is": "here"} and server.hits["/"] == 1


@pytest.mark.parametrize("found", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], []])
def test_a_name_is_refused_for_any_of_its_addresses(server, found):
    client = Client("test", resolve=lambda host, port: found)

    with pytest.raises(Refused, match="not public"):
        client.fetch("https://feed.example/", server.rules())


def test_the_address_that_was_judged_is_the_one_that_is_asked(server):
    """A name that is asked for twice may lead elsewhere the second time."""
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    open_client(resolve=resolve).fetch(f"http://feed.invalid:{server.port}/", server.rules())

    assert asked == ["feed.invalid"] and server.hits["/"] == 1


class OnceAllowed:
    """Lets a first address through, so that where it leads is judged as on a live site."""

    def __init__(self):
        self.first = True

    def __call__(self, address):
        if self.first:
            self.first = False
            return True
        return is_public(address)


@pytest.mark.parametrize("host", [*DISGUISES, "169.254.169.254", "10.0.0.1"])
def test_a_redirect_is_judged_like_a_first_address(server, host):
    target = f"http://{host}:{server.port}/secret"
    server.says("/go", lambda _, handler, query: send(handler, b"", 302, Location=target))
    server.says("/secret", {"secret": True})
    client = Client("test", is_allowed=OnceAllowed())

    with pytest.raises(Refused, match=r"not public|no server"):
        client.fetch(f"{server.url}/go", server.rules())

    assert server.hits["/go"] == 1 and not server.hits["/secret"]


def test_a_redirect_to_what_is_allowed_is_followed_but_not_for_ever(server):
    server.says("/go", lambda _, handler, query: send(handler, b"", 302, Location="/"))
    server.says("/loop", lambda _, handler, query: send(handler, b"", 302, Location="/loop"))

    assert read_json(open_client().fetch(f"{server.url}/go", server.rules())) == {"is": "here"}
    with pytest.raises(Refused, match="more than 3 times"):
        open_client().fetch(f"{server.url}/loop", server.rules())
    assert server.hits["/loop"] == 4


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://feed.example/", "not encrypted"),
        ("ftp://feed.example/", "https"),
        ("file:///etc/passwd", "https"),
        ("gopher://127.0.0.1/", "https"),
        ("https://who:secret@feed.example/", "name or a password"),
        ("https://feed.example:22/", "port 22"),
        ("https://feed.example:99999/", "not one"),
        ("https://", "https"),
        ("https://[::1/", "not one"),
        ("", "https"),
    ],
)
def test_an_address_that_we_do_not_ask_is_refused_with_the_reason(url, why):
    from cms.directory.fetching import Rules

    with pytest.raises(Refused, match=why):
        Client("test", resolve=lambda host, port: ["8.8.8.8"]).fetch(url, Rules())


def test_no_proxy_of_the_environment_is_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert open_client().fetch(f"{server.url}/", server.rules()).status == 200


# Size and time ------------------------------------------------------------------------------
def test_a_body_that_says_it_is_too_large_is_not_read(server):
    def large(_, handler, query):
        handler.send_response(200)
        handler.send_header("Content-Length", str(1024**3))
        handler.end_headers()

    server.says("/large", large)

    with pytest.raises(Refused, match="larger than 1 MB"):
        open_client().fetch(f"{server.url}/large", server.rules(most_bytes=1024 * 1024))


def test_a_body_that_does_not_say_is_cut_off(server):
    sent = []

    def endless(_, handler, query):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1024):
            handler.wfile.write(b"x" * 1024 * 1024)
            sent.append(1)

    server.says("/endless", endless)

    with pytest.raises(Refused, match="larger than 1 MB"):
        open_client().fetch(f"{server.url}/endless", server.rules(most_bytes=1024 * 1024))
    assert len(sent) < 100


def test_a_bomb_is_not_unpacked(server):
    bomb = gzip.compress(b"0" * 64 * 1024 * 1024)
    assert len(bomb) < 100_000
    server.says(
        "/bomb", lambda _, handler, query: send(handler, bomb, 200, Content_Encoding="gzip")
    )

    with pytest.raises(Refused, match="larger than 1 MB"):
        open_client().fetch(f"{server.url}/bomb", server.rules(most_bytes=1024 * 1024))


def test_what_is_packed_is_unpacked_and_what_cannot_be_is_refused(server):
    packed = gzip.compress(b'{"a": 1}')
    server.says(
        "/packed", lambda _, handler, query: send(handler, packed, 200, Content_Encoding="gzip")
    )
    server.says("/odd", lambda _, handler, query: send(handler, packed, 200, Content_Encoding="br"))
    server.says(
        "/broken", lambda _, handler, query: send(handler, b"no", 200, Content_Encoding="gzip")
    )

    assert read_json(open_client().fetch(f"{server.url}/packed", server.rules())) == {"a": 1}
    for path in ("/odd", "/broken"):
        with pytest.raises(Refused):
            open_client().fetch(f"{server.url}{path}", server.rules())


@pytest.mark.slow("a limit of time is waited for")
@pytest.mark.parametrize("what", ["head", "body"])
def test_a_server_that_drips_is_cut_off_in_time(server, what):
    stop = threading.Event()

    def drip(_, handler, query):
        if what == "body":
            handler.send_response(200)
            handler.end_headers()
        while not stop.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    server.says("/drip", drip)
    try:
        with pytest.raises(Refused, match=r"longer than 0\.5 seconds"):
            open_client().fetch(f"{server.url}/drip", server.rules(seconds=0.5))
    finally:
        stop.set()


# JSON ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b"<html>Welcome</html>", "text/html", "web page"),
        (b"<html>Welcome</html>", "application/json", "web page"),
        (b'{"a": 1}', "text/html", "web page"),
        (b'{"a": ', "application/json", "broken"),
        (b'{"a": NaN}', "application/json", "broken"),
        (b"[" * 100 + b"]" * 100, "application/json", "deep"),
        (b"[" * 100_000 + b"]" * 100_000, "application/json", "broken|deep"),
        (b"[" + b"[]," * 1_000_001 + b"0]", "application/json", "too many values"),
        (b"\xff\xfe{", "application/json", "web page"),
        (b"", "application/json", "web page"),
    ],
)
def test_what_is_no_json_is_refused(server, body, kind, why):
    server.says("/x", lambda _, handler, query: send(handler, body, 200, Content_Type=kind))

    with pytest.raises(Refused, match=why):
        read_json(open_client().fetch(f"{server.url}/x", server.rules()))


def test_names_are_resolved_as_the_system_does():
    assert addresses("127.0.0.1", 80) == ["127.0.0.1"]
