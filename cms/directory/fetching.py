"""The one way in which this site asks another server for something that an editor has named.

Whoever can name an address could make us ask servers that only we can reach. So the name is
resolved here, every address it has must be a public one, and the connection goes to the very
address that was looked at; each redirect is judged like a first address. An answer is bounded in
size, as it unpacks, and in time.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

CHUNK = 65_536
MOST_VALUES = 1_000_000  # of JSON in one answer
DEEPEST = 60  # brackets of JSON inside each other
SIX = ipaddress.IPv6Network("2000::/3")  # all that is given out of IPv6
REDIRECTS = {301, 302, 303, 307, 308}
Resolve = Callable[[str, int], Sequence[str]]


class Refused(Exception):
    """Why there is no answer, as a sentence for an editor."""


class Unreachable(Refused):
    """Nobody answers there."""


@dataclass(frozen=True, slots=True)
class Rules:
    allows_http: bool = False
    ports: frozenset[int] = frozenset({80, 443})
    most_bytes: int = 20 * 1024 * 1024  # once unpacked
    seconds: float = 30.0  # from the first to the last byte, redirects included
    redirects: int = 3
    method: str = "GET"
    accept: str = "application/json"
    wants_body: bool = True

    def by(self, method: str) -> "Rules":
        return replace(self, method=method)


@dataclass(frozen=True, slots=True)
class Fetched:
    url: str
    status: int
    kind: str  # content type, lower case, without parameters
    body: bytes
    retry_after: str = ""


def addresses(host: str, port: int) -> list[str]:
    """Every address that a name has; numbers in disguise (hex, octal, one long one) are names."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """Whether an address is one that anybody on the internet could ask."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found not in SIX or any(each is not None for each in inner):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


class Client:
    """`resolve` and `is_allowed` differ only where a test runs the server that it asks."""

    def __init__(
        self,
        agent: str,
        *,
        resolve: Resolve = addresses,
        is_allowed: Callable[[str], bool] = is_public,
    ) -> None:
        self.agent, self.resolve, self.is_allowed = agent, resolve, is_allowed

    def fetch(self, url: str, rules: Rules) -> Fetched:
        """The answer at this address, whatever its status. Raises Refused."""
        with _deadline(rules.seconds) as deadline:
            for _ in range(rules.redirects + 1):
                parts = self._judged(url, rules)
                answer, onward = self._ask(parts, rules, deadline)
                if not onward:
                    return answer
                if parts.scheme == "https" and urlsplit(onward).scheme == "http":
                    raise Refused("It leads from an encrypted address to one that is not.")
                url = onward
        raise Refused(f"It leads on more than {rules.redirects} times.")

    def _judged(self, url: str, rules: Rules) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = _port(parts)
        except ValueError:
            raise Refused("The address is not one.") from None
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise Refused("The address does not begin with https://.")
        if parts.scheme == "http" and not rules.allows_http:
            raise Refused("The address is not encrypted: use https://.")
        if parts.username is not None or parts.password is not None:
            raise Refused("The address holds a name or a password.")
        if port not in rules.ports:
            raise Refused(f"The address names port {port}.")
        return parts

    def _reachable(self, host: str, port: int) -> str:
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError):
            raise Unreachable("There is no server of this name.") from None
        if not found or not all(self.is_allowed(each) for each in found):
            raise Refused("The address leads into a network that is not public.")
        return found[0]

    def _ask(self, parts: SplitResult, rules: Rules, deadline: "_Deadline") -> tuple[Fetched, str]:
        host, port = str(parts.hostname), _port(parts)
        address = self._reachable(host, port)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        headers = {
            "Host": parts.netloc,
            "User-Agent": self.agent,
            "Accept": rules.accept,
            "Accept-Encoding": "gzip",
        }
        connection = _Pinned(host, port, address, is_tls=parts.scheme == "https", deadline=deadline)
        try:
            connection.request(rules.method, path, headers=headers)
            answer = _answer(connection.getresponse(), parts.geturl(), rules)
            if deadline.is_over:
                raise TimeoutError  # what was cut off looks like an end
            return answer
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            if deadline.is_over:
                raise Refused(f"It took longer than {rules.seconds:g} seconds.") from None
            name = type(error).__name__
            raise Unreachable(f"The server did not answer properly ({name}).") from None
        finally:
            connection.close()


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Deadline:
    """Cuts the connection when the time is over, however slowly bytes drip."""

    def __init__(self) -> None:
        self.is_over = False
        self.sock: socket.socket | None = None

    def cut(self) -> None:
        self.is_over = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


@contextmanager
def _deadline(seconds: float) -> Iterator[_Deadline]:
    deadline = _Deadline()
    timer = threading.Timer(seconds, deadline.cut)
    timer.daemon = True
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was judged, and asks the server there to prove its name."""

    def __init__(
        self, host: str, port: int, address: str, *, is_tls: bool, deadline: _Deadline
    ) -> None:
        super().__init__(host, port, timeout=30)
        self.address, self.is_tls, self.deadline = address, is_tls, deadline

    def connect(self) -> None:
        if self.deadline.is_over:
            raise TimeoutError
        self.sock = socket.create_connection((self.address, self.port), timeout=30)
        self.deadline.sock = self.sock
        if self.is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
            self.deadline.sock = self.sock
            if self.deadline.is_over:  # it cut the socket that this one has taken over from
                raise TimeoutError


def _answer(response: http.client.HTTPResponse, url: str, rules: Rules) -> tuple[Fetched, str]:
    """The answer, and where it leads on to."""
    onward = response.headers.get("Location") if response.status in REDIRECTS else None
    if onward:
        return Fetched(url, response.status, "", b""), urljoin(url, onward)
    if not rules.wants_body:
        return Fetched(url, response.status, "", b""), ""
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > rules.most_bytes:
        raise Refused(_too_large(rules))
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    retry_after = response.headers.get("Retry-After", "")[:10]
    return Fetched(url, response.status, kind, _body(response, rules), retry_after), ""


def _body(response: http.client.HTTPResponse, rules: Rules) -> bytes:
    """The body unpacked; what would unpack to more than we take is not unpacked."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "deflate", ""):
        raise Refused(f"It is packed in a way that we do not unpack ({coding[:20]}).")
    unpacker = zlib.decompressobj(47) if coding in ("gzip", "deflate") else None
    body = bytearray()
    while chunk := response.read1(CHUNK):
        room = rules.most_bytes + 1 - len(body)
        body += unpacker.decompress(chunk, room) if unpacker else chunk[:room]
        if len(body) > rules.most_bytes:
            raise Refused(_too_large(rules))
    return bytes(body)


def _too_large(rules: Rules) -> str:
    return f"It is larger than {rules.most_bytes // (1024 * 1024)} MB."


def read_json(answer: Fetched) -> Any:
    """What an answer says, if it is JSON; a web page with status 200 is none. Raises Refused."""
    if answer.status != 200:
        raise Refused(f"The server answered with status {answer.status}.")
    if "json" not in answer.kind or answer.body.lstrip()[:1] not in (b"{", b"["):
        raise Refused("The answer is not JSON but something else, such as a web page.")
    if answer.body.count(b",") > MOST_VALUES:  # small ones take ten times the room in memory
        raise Refused("The answer holds too many values.")
    try:
        found = json.loads(answer.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused("The answer is broken JSON.") from None
    if _is_deep(found):
        raise Refused("The answer is nested too deeply.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _is_deep(found: Any) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True
