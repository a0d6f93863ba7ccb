"""People at work over HTTP who, like a browser, ask again when they get no answer."""

import http.client
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from .counting import Tally

TOKEN = "k" * 32  # of the form and of the cookie: the same secret, as Django allows
PATIENCE = 90.0  # seconds that somebody goes on asking
MOVES = {"waiting": ("offer_place", "accepted"), "accepted": ("back_to_waiting", "waiting")}


@dataclass
class Browser:
    """One person's session on the server that may die at any moment."""

    port: int
    session: str

    def post(self, path: str, typed: dict[str, object]) -> int | None:
        """The status, or None when no whole answer came."""
        body = urlencode({**typed, "csrfmiddlewaretoken": TOKEN})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "Accept": "text/html",
            "Host": "localhost",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def insist(self, path: str, typed: dict[str, object]) -> int | None:
        """Ask until there is an answer that is not the server's own trouble."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            status = self.post(path, typed)
            if status is not None and status < 500:
                return status
            time.sleep(0.2)
        return None


class Refused(RuntimeError):
    """An answer that nobody expects here: the run tells nothing."""


@dataclass
class Mover:
    """Moves one referral to and fro. `version` is what the person believes it to be."""

    browser: Browser
    tally: Tally
    case: uuid.UUID
    reference: str
    state: str
    version: int

    def act(self) -> None:
        """A repeat that is answered with 409 had been carried out before: that is an answer too."""
        name, after = MOVES[self.state]
        typed: dict[str, object] = {"version": self.version, "why": "The place fell through."}
        path = f"/referrals/{self.reference}/{name.replace('_', '-')}/"
        status = self.browser.insist(path, typed)
        key = (self.case, self.version + 1)
        if status is None:
            self.tally.unclear.add(key)
            raise Refused("No answer for a minute and a half.")
        if status not in (302, 409):
            raise Refused(f"{name} was answered with {status}.")
        self.tally.moves[key] = name
        self.state, self.version = after, self.version + 1


@dataclass
class Starter:
    """Begins drafts, each with a key of its own that goes with every repeat."""

    browser: Browser
    tally: Tally
    typed: dict[str, object]

    def act(self) -> None:
        key = uuid.uuid4()
        self.tally.asked.add(key)
        status = self.browser.insist("/referrals/new/", {**self.typed, "submit_key": key})
        if status != 302:
            raise Refused(f"A draft was answered with {status}.")
        self.tally.drafts.add(key)


class Crowd:
    """Everybody at once, each in a thread, until told to stop."""

    def __init__(self, acts: list[Callable[[], None]], pause: float = 0.05) -> None:
        self.stopping = threading.Event()
        self.errors: list[Exception] = []
        self.pause = pause
        self.threads = [threading.Thread(target=self._work, args=[act]) for act in acts]

    def _work(self, act: Callable[[], None]) -> None:
        try:
            while not self.stopping.wait(self.pause):
                act()
        except Exception as error:  # of a thread: it would end unseen
            self.errors.append(error)

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Everybody finishes what they are at."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        self.check()

    def check(self) -> None:
        if self.errors:
            raise self.errors[0]
