"""The stage's mentors, matches, sessions, opportunities and placements."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Organisation
from casework.calendar import at, now
from casework.models import Note
from casework.workflow import move
from mentoring import demo, services
from mentoring.demo import Person
from mentoring.models import Match, Mentor
from mentoring.services.sessions import Report
from pathways import demo as pathways
from pathways.models import SustainmentCheck
from pathways.services import ask_adviser
from referrals.choices import Interest, Slot
from referrals.models import Referral
from tests.access import canaries
from tests.personas import REPORT
from waymark.demo import making

if TYPE_CHECKING:
    from tests.access.stage import Stage

DAY = timedelta(days=1)


def build_support(stage: "Stage") -> None:
    """max and mia in the register; matches of theirs; ada finds a place beside max."""
    with at(now() - 2 * DAY):
        _register(stage)
        _matches(stage)
    _session(stage)
    _apart(stage)
    _places(stage)
    _of_a_coordinator(stage)
    _notes(stage)


def _register(stage: "Stage") -> None:
    charity = Organisation.objects.get(name="Steady Steps Trust (invented)")
    for who, gender, supervisor in (("max", "male", stage.person("dev")), ("mia", "female", None)):
        person = Person(
            f"{who.capitalize()} Invented", gender, "NG1 3AA", 2, (Interest.FOOTBALL,),
            (Slot.MON_EVE, Slot.SAT), ("school",), is_paid=True, capacity=12,
        )  # fmt: skip
        mentor = demo.mentor(
            by=stage.person("cora"), person=person, organisation=charity, area=stage.world.city,
            user=stage.person(who), supervisor=supervisor,
        )  # fmt: skip
        stage.keep(f"m_{who}", mentor)
    derby = stage.person("sid").standing[0].organisation
    applicant = Person("Dana Derby", "female", "NG1 3AA", 1, (), (), (), until="enquiry")
    sams = demo.enquire(
        by=stage.person("sam"), person=applicant, organisation=derby, area=derby.areas.get()
    )
    stage.keep("m_sams", sams)


def _accepted(stage: "Stage", **changes: Any) -> Referral:
    school, alex = stage.world.school, stage.person("alex")
    draft = making.draft(by=alex, programme=stage.world.programme, organisation=school)
    whole = making.fill(draft, making.answers(**changes), by=alex)
    return making.accept(move(whole, "send", by=alex), by=stage.person("cora"))


def _matches(stage: "Stage") -> None:
    cora = stage.person("cora")
    mentor = {who: Mentor.objects.get(pk=stage.keys[f"m_{who}"]) for who in ("max", "mia")}
    proposed = demo.propose(_accepted(stage), mentor["max"], by=cora)
    asked = demo.ask(demo.propose(_accepted(stage), mentor["max"], by=cora), by=cora)
    referral = stage.keep("matched", _accepted(stage))
    active = demo.running(referral, mentor["max"], by=cora)
    closed = demo.end(demo.running(_accepted(stage), mentor["max"], by=cora), by=cora)
    mias = demo.running(_accepted(stage), mentor["mia"], by=cora)
    matches = {"proposed": proposed, "asked": asked, "active": active, "closed": closed}
    for name, match in {**matches, "mias": mias}.items():
        stage.keep(f"x_{name}", match)


def _session(stage: "Stage") -> None:
    active = Match.objects.get(pk=stage.keys["x_active"])
    report = Report(
        begins_at=now() - timedelta(hours=1), attended="yes", did=canaries.SESSION.word,
        minutes=60, place="out", activities=["talk"],
    )  # fmt: skip
    session = services.record_session(
        match=active, report=report, by=stage.person("max"), submit_key=uuid.uuid4()
    )
    stage.keys["s_active"] = {"reference": active.reference, "pk": session.pk}
    mias = stage.references["x_mias"]
    stage.keys["s_swapped"] = {"reference": mias, "pk": session.pk}


def _apart(stage: "Stage") -> None:
    """Somebody whom the young person of `active` must not meet; why is for leads alone."""
    active = Referral.objects.get(pk=stage.keys["active"])
    for restricted, word in ((True, canaries.APART), (False, canaries.APART_OPEN)):
        row = services.keep_apart(
            referral=active, by=stage.person("sol"), name=f"Somebody {restricted}",
            kind="conflict", reason=word.word, is_restricted=restricted,
        )  # fmt: skip
        thing = "k_restricted" if restricted else "k_open"
        stage.keys[thing] = {"reference": active.reference, "pk": row.pk}
    stage.keys["k_swapped"] = {
        "reference": stage.references["accepted"],
        "pk": stage.keys["k_open"]["pk"],
    }


def _places(stage: "Stage") -> None:
    ada, cora = stage.person("ada"), stage.person("cora")
    offered = pathways.opportunity(by=ada, areas=[stage.world.city])
    stage.keys["o_city"] = offered.pk
    mentor = Mentor.objects.get(pk=stage.keys["m_max"])
    for name, state in (("applied", "applied"), ("started", "started")):
        referral = _accepted(stage, kinds=["mentoring", "ete"], status="619")
        demo.running(referral, mentor, by=cora)
        referral = Referral.objects.get(pk=referral.pk)
        ask_adviser(referral=referral, worker=ada, by=cora)
        placement = pathways.apply(Referral.objects.get(pk=referral.pk), offered, by=ada)
        if state != "applied":
            placement = pathways.bring(placement, state, by=ada)
        stage.keep(f"q_{name}", placement)
        stage.keep(f"placed_{name}", referral)
    check = SustainmentCheck.objects.filter(placement=stage.keys["q_started"]).order_by("due_on")
    stage.keys["w_started"] = check[0].pk


def _of_a_coordinator(stage: "Stage") -> None:
    """A referral that cora wrote and cleo accepted; and one that has come to its end."""
    cora, cleo = stage.person("cora"), stage.person("cleo")
    mentor = stage.person("max")
    for name in ("coras_accepted", "coras_closing"):
        unit = cora.standing[0].organisation
        draft = making.draft(by=cora, programme=stage.world.programme, organisation=unit)
        whole = making.fill(draft, making.answers(), by=cora)
        referral = making.accept(move(whole, "send", by=cora), by=cleo)
        if name == "coras_closing":
            referral = move(referral, "allocate", by=cleo, worker=mentor, role="mentor")
            referral = move(referral, "take_on", by=mentor)
            referral = move(
                referral, "start_closing", by=mentor, ending="completed_plan", why="Met."
            )
            referral = move(referral, "write_report", by=mentor, **REPORT)
        stage.keep(name, referral)


def _notes(stage: "Stage") -> None:
    """One for the team on each other kind of case."""
    cases = {
        "concern": "c_raised",
        "mentor": "m_max",
        "match": "x_active",
        "placement": "q_applied",
    }
    for kind, thing in cases.items():
        note = Note.objects.create(
            case_kind=kind, case_id=stage.keys[thing], kind=Note.Kind.INFORMATION, band="team",
            author=stage.person("cora"), fact="Seen.", happened_at=now(), submit_key=uuid.uuid4(),
        )  # fmt: skip
        stage.keys[f"n_{thing}"] = {"reference": stage.references[thing], "pk": note.pk}
