"""Everybody in the world by name, and cases in any state for tables over roles and states."""

from typing import Any

from casework.actors import SYSTEM
from casework.calendar import now
from casework.workflow import move
from referrals.models import Assignment, Concern, Referral
from referrals.services import raise_concern
from waymark.demo import making

PEOPLE = [
    "alex",
    "bea",
    "cora",
    "cleo",
    "sol",
    "sky",
    "dev",
    "max",
    "mia",
    "ada",
    "pru",
    "oz",
    "ivy",
    "ana",
    "bo",
    "ed",
    "adam",
    "sam",
    "sid",
]


class Cast:
    """People kept for one test (their roles are remembered), and one case per state."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self._people: dict[str, Any] = {}

    def by(self, who: str) -> Any:
        if who == "SYSTEM":
            return SYSTEM
        if who not in self._people:
            self._people[who] = getattr(self.world, who)
        return self._people[who]

    def case(self, model: type, state: str) -> Any:
        """A case in that state, brought there by moves."""
        return self.referral(state) if model is Referral else self.concern(state)

    def referral(self, state: str) -> Referral:
        alex = self.by("alex")
        if state == "draft":
            typed = making.answers(is_danger="True")
            return making.fill(
                making.draft(by=alex, programme=self.world.programme), typed, by=alex
            )
        referral = making.refer(by=alex, programme=self.world.programme)
        if state == "held":
            danger(self.world, referral, by=self.by("sky"))
            return Referral.objects.get(pk=referral.pk)
        for name, by, detail in PATHS[state]:
            details = {key: self.by(value[1:]) if str(value).startswith("@") else value
                       for key, value in detail.items()}  # fmt: skip
            referral = move(referral, name, by=self.by(by), **details)
        assert referral.status == state
        return referral

    def concern(self, state: str) -> Concern:
        concern = danger(self.world, None, by=self.by("alex"))
        for name, by, detail in CONCERN_PATHS[state]:
            concern = move(concern, name, by=self.by(by), **detail)
        assert concern.status == state
        return concern


def danger(world: Any, referral: Referral | None, by: Any) -> Concern:
    """Somebody says that somebody is in danger now: what was sent is held, a draft stopped."""
    return raise_concern(
        by=by, area=world.city, referral=referral, origin="danger", is_danger=True, fact="Words."
    )


Step = tuple[str, str, dict[str, Any]]
_TRIAGE: list[Step] = [("start_triage", "cora", {})]
_ACCEPT: list[Step] = [*_TRIAGE, ("accept", "cora", making.TRIAGED)]
_ALLOCATE: list[Step] = [
    *_ACCEPT,
    ("allocate", "cora", {"worker": "@max", "role": Assignment.Role.MENTOR}),
]
_ACTIVE: list[Step] = [*_ALLOCATE, ("take_on", "max", {})]
_CLOSING: list[Step] = [
    *_ACTIVE,
    ("start_closing", "max", {"ending": "completed_plan", "why": "Goals met."}),
]
REPORT = {"changed": "Went well.", "left": "A bus pass.", "ahead": "College."}
REPORTED: list[Step] = [*_CLOSING, ("write_report", "max", REPORT)]
PATHS: dict[str, list[Step]] = {
    "submitted": [],
    "triage": _TRIAGE,
    "info_needed": [*_TRIAGE, ("ask", "cora", {"question": "Which school?"})],
    "held": [],  # by a concern that says that somebody is in danger
    "waiting": [*_TRIAGE, ("wait", "cora", making.TRIAGED)],
    "accepted": _ACCEPT,
    "allocated": _ALLOCATE,
    "active": _ACTIVE,
    "paused": [
        *_ACTIVE,
        ("pause", "max", {"why": "Exams.", "review_on": now().date()}),
    ],
    "closing": _CLOSING,
    "closed": [*REPORTED, ("approve_end", "cleo", {})],
    "declined": [
        *_TRIAGE,
        ("decline", "cora", {"reason": "age", "words": "Too old.", "signposted_to": []}),
    ],
    "redirected": [
        *_TRIAGE,
        ("redirect", "cora", {"reason": "other", "words": "Elsewhere.", "signposted_to": []}),
    ],
    "withdrawn": [("withdraw", "alex", {"ending": "referrer_withdrew", "why": "Moved."})],
}
_ACK: list[Step] = [("acknowledge", "sol", {})]
_PASSED: list[Step] = [
    *_ACK,
    ("pass_on", "sol", {"passed_to": "MASH", "passed_reference": "1", "words": "Rang."}),
]
CONCERN_PATHS: dict[str, list[Step]] = {
    "raised": [],
    "acknowledged": _ACK,
    "passed_on": _PASSED,
    "handled": [*_ACK, ("keep", "sol", {"review_on": now().date(), "words": "Seen."})],
    "closed": [*_PASSED, ("close", "sky", {"words": "Outcome known."})],
}

__all__ = ["CONCERN_PATHS", "PATHS", "PEOPLE", "REPORT", "REPORTED", "Cast", "danger"]
