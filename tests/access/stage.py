"""The stage of the access table: one example of everything that somebody may or may not see, brought about by
the app's own services and moves, and everybody signed in. Built once per worker in a database of its own."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.test import Client

from accounts import roles, sessions
from accounts.models import User
from casework import escalation
from casework.calendar import at, now
from casework.models import Message, Note
from casework.workflow import move
from referrals.models import Assignment, Concern, Referral
from referrals.services import compare, raise_concern, undecided
from tests.access import canaries
from tests.access.stage_public import build_actions, build_directory, build_people
from tests.access.stage_support import build_support
from tests.conftest import signed_in
from tests.personas import CONCERN_PATHS, PATHS, PEOPLE, REPORTED
from tests.world import World
from waymark.demo import making

HALF, NOBODY, STRANGER = "half", "nobody", "stranger"
EVERYBODY = [*PEOPLE, HALF, NOBODY, STRANGER]
MENTOR, ADVISER = Assignment.Role.MENTOR, Assignment.Role.ADVISER


class Stage:
    """References and keys of the examples by name, and everybody's open session. No rows: they would age."""

    def __init__(self) -> None:
        self.world = World()
        self.references: dict[str, str] = {}
        self.keys: dict[str, Any] = {}
        self.sessions: dict[str, str] = {}
        self._people: dict[str, User] = {}

    @classmethod
    def build(cls) -> Self:
        """Make all examples, in the database that Django points at."""
        stage = cls()
        _Builder(stage).build()
        build_support(stage)
        build_people(stage)
        build_directory(stage)
        build_actions(stage)
        stage._compare()
        for who in EVERYBODY:
            if who != STRANGER:
                stage.sessions[who] = stage._sign_in(who).session.session_key
        return stage

    def _compare(self) -> None:
        """So that the one in triage can be accepted."""
        triage, cora = Referral.objects.get(pk=self.keys["triage"]), self.person("cora")
        for other in undecided(triage, by=cora):
            compare(referral=triage, other=other, verdict="different", by=cora)

    def names(self) -> dict[str, Any]:
        """What another process needs to know of it, as JSON can hold it."""
        return {"references": self.references, "keys": self.keys, "sessions": self.sessions}

    @classmethod
    def of(cls, names: dict[str, Any]) -> Self:
        stage = cls()
        stage.__dict__.update(names)
        return stage

    def person(self, who: str) -> User:
        if who not in self._people:
            self._people[who] = getattr(self.world, who)
        return self._people[who]

    def keep(self, name: str, row: Any) -> Any:
        self.keys[name] = str(row.pk)
        self.references[name] = getattr(row, "reference", "")
        return row

    def client(self, who: str) -> Client:
        """Somebody's browser, as it was when they had just signed in."""
        client = Client(raise_request_exception=False)
        self.come_back(client, who)
        if who != STRANGER:
            session = client.session
            for mark in (sessions.STARTED, sessions.SEEN, sessions.CONFIRMED):
                session[mark] = now().timestamp()
            session.save()
        return client

    def come_back(self, client: Client, who: str) -> None:
        """Give a browser the cookie of somebody's session, whatever it has done with its own."""
        client.cookies.clear()
        if who != STRANGER:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]

    def _sign_in(self, who: str) -> Client:
        if who != HALF:
            return signed_in(getattr(self.world, who))
        client = Client()  # cora's password was right, her code is still to come
        client.force_login(self.world.cora, backend="accounts.backends.StandingBackend")
        return client


class _Builder:
    def __init__(self, stage: Stage) -> None:
        self.stage, self.by, self.keep = stage, stage.person, stage.keep

    def build(self) -> None:
        self._escalated()  # first: the clocks of everything that is there run on
        self._people()
        self._drafts()
        for state in PATHS:
            self._sent(state, self.stage.keep)
        self.keep("reported", self._along(self._refer("alex"), REPORTED))
        self._held()
        self._special()
        self._concerns()
        self._words()
        self._letters()
        self._pairs()

    def _escalated(self) -> None:
        """A referral and a concern that nobody looked at until they came up to the programme manager."""
        begin = now() - timedelta(days=40)
        with at(begin):
            self.keep("escalated", self._refer("alex"))
            self.keep("c_escalated", self._worry("alex"))
        for day in range(1, 40):
            with at(begin + timedelta(days=day)):
                escalation.sweep()

    def _people(self) -> None:
        """Westside, where alex and bea are colleagues who see each other's; and somebody without a role."""
        westside = making.organisation(
            "Westside School (invented)", "school", "core", [self.stage.world.city],
            team_sees_referrals=True,
        )  # fmt: skip
        for who in ("alex", "bea"):
            name = f"{who.capitalize()} Invented"
            making.person(f"{who}@example.org", name, "", roles.Referrer, westside)
        self.stage._people.clear()
        User.objects.create_user("nobody@example.org", "Nobody Invented", "three-quiet-owls")
        self.westside = westside

    def _refer(self, who: str, typed: Any = None) -> Referral:
        whole = making.fill(self._draft(who), typed or making.answers(), by=self.by(who))
        return move(whole, "send", by=self.by(who))

    def _drafts(self) -> None:
        alex, programme = self.by("alex"), self.stage.world.programme
        self.keep("draft", making.fill(self._draft("alex"), making.answers(), by=alex))
        self.keep(
            "stopped", making.fill(self._draft("alex"), making.answers(is_danger="True"), by=alex)
        )
        self.keep("c_stopped", Concern.objects.get(referral=self.stage.keys["stopped"]))
        read = making.fill(self._draft("alex"), making.answers(is_danger="True"), by=alex)
        self.keep("read", read)  # stopped, and a lead has read its concern
        move(Concern.objects.get(referral=read), "acknowledge", by=self.by("sol"))
        typed = making.answers(legal_name=canaries.DRAFT.word)
        half = {code: typed[code] for code in ("before", "level", "person")}
        self.keep("beas_draft", making.fill(self._draft("bea"), half, by=self.by("bea")))
        team = making.draft(by=alex, programme=programme, organisation=self.westside)
        self.keep("team_draft", making.fill(team, making.answers(), by=alex))

    def _draft(self, who: str) -> Referral:
        """At Northside, where alex and bea do not see each other's; a coordinator's at the unit."""
        world = self.stage.world
        own = world.school if who in ("alex", "bea") else self.by(who).standing[0].organisation
        return making.draft(by=self.by(who), programme=world.programme, organisation=own)

    def _sent(self, state: str, keep: Any) -> None:
        if state not in ("held", "active", "escalated"):
            keep(state, self._along(self._refer("alex"), PATHS[state]))

    def _along(self, case: Any, path: Any) -> Any:
        for name, who, detail in path:
            details = {
                key: self.by(value[1:]) if str(value).startswith("@") else value
                for key, value in detail.items()
            }
            case = move(case, name, by=self.by(who), **details)
        return case

    def _held(self) -> None:
        """Danger said of a referral that was sent: held, and sol has passed it on."""
        held = self._refer("alex")
        concern = raise_concern(
            by=self.by("alex"), area=held.area, referral=held, origin=Concern.Origin.DANGER,
            is_danger=True, fact="Seen near the school with a knife.",
        )  # fmt: skip
        self.keep("held", Referral.objects.get(pk=held.pk))
        concern = move(concern, "acknowledge", by=self.by("sol"))
        words = {
            "passed_to": canaries.LEAD.word,
            "passed_reference": "1",
            "words": canaries.LEAD.word,
        }
        self.keep("c_held", move(concern, "pass_on", by=self.by("sol"), **words))

    def _special(self) -> None:
        """Active with a concern, moved to another mentor, with an adviser, a team's, a coordinator's, sid's."""
        self.keep("active", self._along(self._full("alex"), self._worked("max", MENTOR)))
        self.keep("adviser", self._along(self._full("alex"), self._worked("ada", ADVISER)))
        before = self._along(self._refer("alex"), self._worked("max", MENTOR))
        after = [
            ("seek_again", "cora", {"why": "Ill."}),
            ("allocate", "cora", {"worker": "@mia", "role": MENTOR}),
            ("take_on", "mia", {}),
        ]
        self.keep("moved", self._along(before, after))
        draft = making.draft(
            by=self.by("alex"), programme=self.stage.world.programme, organisation=self.westside
        )
        whole = making.fill(draft, making.answers(), by=self.by("alex"))
        self.keep("team", move(whole, "send", by=self.by("alex")))
        self.keep("coras", self._refer("cora"))
        derwent = type(self.stage.world.programme).objects.get(name="Derwent Steps")
        sids = making.refer(
            by=self.by("sid"), programme=derwent, legal_name=canaries.FOREIGN.word, known_as=""
        )
        self.keep("sids", sids)

    def _full(self, who: str) -> Referral:
        """A referral with a canary in each thing that its author wrote and not everybody may read."""
        typed = making.answers(
            lines=canaries.ADDRESS.word,
            postcode=canaries.POSTCODE.word,
            is_protected="on",
            fact=canaries.RISK.word,
            opinion=canaries.RISK.word,
            happened=canaries.WHY_NOW.word,
        )
        typed["agreement"]["competence_notes"] = canaries.AGREEMENT.word
        return self._refer(who, typed)

    def _worked(self, who: str, role: str) -> list[Any]:
        triaged = {**making.TRIAGED, "why": canaries.TRIAGE.word}
        return [
            ("start_triage", "cora", {}),
            ("accept", "cora", triaged),
            ("allocate", "cora", {"worker": f"@{who}", "role": role}),
            ("take_on", who, {}),
        ]

    def _worry(self, who: str, **details: Any) -> Concern:
        area = details.pop("area", self.stage.world.city)
        return raise_concern(
            by=self.by(who), area=area, origin=Concern.Origin.WORRY, fact="Worried.", **details
        )

    def _concerns(self) -> None:
        active = Referral.objects.get(pk=self.stage.keys["active"])
        concern = raise_concern(
            by=self.by("max"), area=active.area, referral=active, origin=Concern.Origin.WORRY,
            fact=canaries.CONCERN.word, opinion=canaries.CONCERN.word,
        )  # fmt: skip
        self.keep("c_raised", concern)
        self.keep("c_closed", self._along(self._worry("alex"), CONCERN_PATHS["closed"]))
        coras = Referral.objects.get(pk=self.stage.keys["coras"])
        self.keep("c_coras", self._worry("cora", referral=coras))
        self.keep("c_sols", self._worry("sol"))
        sids = Referral.objects.get(pk=self.stage.keys["sids"])
        self.keep("c_sids", self._worry("sid", area=sids.area, referral=sids))

    def _words(self) -> None:
        """A note in each band on the cases that the most people see."""
        for thing, canary in [
            (t, c) for t in ("active", "adviser", "escalated") for c in canaries.NOTES
        ]:
            note = Note.objects.create(
                case_kind="referral", case_id=self.stage.keys[thing], kind=Note.Kind.INFORMATION,
                band=canary.band, author=self.by("cora"), fact=canary.word, opinion=canary.word,
                happened_at=now(), submit_key=uuid.uuid4(),
            )  # fmt: skip
            of = {"reference": self.stage.references[thing], "pk": note.pk}
            self.stage.keys[f"n_{thing}_{canary.band}"] = of
        elsewhere = {"reference": self.stage.references["accepted"]}
        self.stage.keys["n_swapped"] = {**self.stage.keys["n_active_team"], **elsewhere}

    def _pairs(self) -> None:
        for name, other in (("same", "triage"), ("elsewhere", "sids"), ("draft", "beas_draft")):
            pair = {"reference": "submitted", "other": other}
            keys = {part: self.stage.references[thing] for part, thing in pair.items()}
            self.stage.keys[f"y_{name}"] = keys

    def _letters(self) -> None:
        for thing, kind in [
            ("submitted", "referral"),
            ("c_raised", "concern"),
            ("sids", "referral"),
        ]:
            row = Message.objects.create(
                dedup_key=f"access:{thing}", letter=f"{kind}.late", case_kind=kind,
                case_id=self.stage.keys[thing], recipient=self.by("alex"),
                state=Message.State.FAILED, attempts=8, last_error="SMTPException",
            )  # fmt: skip
            self.keep(f"l_{thing}", row)
