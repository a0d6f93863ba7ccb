"""Words planted where not everybody may read them, who may, and who must find them (the control).

From casework §9 (bands), §12 (what the referrer never sees), §15 (roles), security §1 and abuse cases 5 and 13.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Canary:
    """`readers` may find the word; `finders` among them must, or the probe is blind."""

    word: str
    readers: str
    finders: str
    band: str = ""

    def may_be_read_by(self, who: str) -> bool:
        return who in self.readers.split()

    def must_be_found_by(self, who: str) -> bool:
        return who in self.finders.split()


_CO, _LEADS = "cora cleo", "sol sky"
# Notes on `active` (max, dev; a concern: sol, sky), `adviser` (ada) and `escalated` (pru).
NOTES = [
    Canary("Kestrelshared", f"alex max dev ada pru {_CO} {_LEADS}", f"max dev ada {_CO}", "shared"),
    Canary("Kestrelteam", f"max dev pru {_CO} {_LEADS}", f"max dev {_CO}", "team"),
    Canary("Kestrelsensitive", f"pru {_CO} {_LEADS}", _CO, "sensitive"),
    Canary("Kestrelmanagement", f"dev pru {_CO} {_LEADS}", f"dev {_CO}", "management"),
    Canary("Kestrelsafeguarding", _LEADS, _LEADS, "safeguarding"),
]
TRIAGE = Canary("Heronintriage", f"max mia dev pru {_CO} {_LEADS}", f"max {_CO}")
CONCERN = Canary(
    "Ospreyconcern", f"max {_LEADS}", _LEADS
)  # max wrote it, and it has not been read yet
LEAD = Canary("Harrierlead", _LEADS, _LEADS)
# The author's own words. Colleagues, mentors, supervisors and advisers never read the risk narrative.
RISK = Canary("Merlinrisk", f"alex pru {_CO} {_LEADS}", f"alex {_CO}")
WHY_NOW = Canary("Merlinwhynow", f"alex pru {_CO} {_LEADS}", f"alex {_CO}")
AGREEMENT = Canary("Merlinagreement", f"alex pru {_CO} {_LEADS}", f"alex {_CO}")
# A protected address: only by the POST that is recorded, to its author, coordinators and leads.
ADDRESS = Canary("Dunlinlane", f"alex {_CO} {_LEADS}", f"alex {_CO} {_LEADS}")
POSTCODE = Canary("NG90 9ZZ", f"alex {_CO} {_LEADS}", f"alex {_CO} {_LEADS}")
SHOWN_BY_AN_ACT = (ADDRESS, POSTCODE)
# What a mentor wrote about a session of `matched`; why two must not meet (§15: "keep-apart").
SESSION = Canary("Wrensession", f"max dev {_CO}", f"max dev {_CO}")
APART = Canary("Twiteapart", _LEADS, _LEADS)
APART_OPEN = Canary("Twiteopen", f"{_CO} {_LEADS}", f"{_CO} {_LEADS}")
# Names of young people: somebody else's draft, another area's referral.
DRAFT = Canary("Ptarmigandraft", "bea", "bea")
FOREIGN = Canary("Fulmarforeign", "sid sam", "sid sam")
# A service that an editor has not published.
SERVICE = Canary("Whinchatservice", "ed", "ed")

ALL = [
    *NOTES,
    TRIAGE,
    CONCERN,
    LEAD,
    RISK,
    WHY_NOW,
    AGREEMENT,
    ADDRESS,
    POSTCODE,
    DRAFT,
    FOREIGN,
    SERVICE,
    SESSION,
    APART,
    APART_OPEN,
]
