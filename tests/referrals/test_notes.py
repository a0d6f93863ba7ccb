"""Notes are corrected, not changed; and what somebody may not learn is not in their timeline."""

import re
import uuid

import pytest

from casework import timeline
from casework.calendar import now
from casework.forms import NoteForm
from casework.models import Note
from casework.workflow import Conflict, move
from mentoring.services import keep_apart
from referrals.models import Referral
from referrals.services import compare, raise_concern
from tests.personas import PATHS, Cast
from waymark.demo import making


@pytest.fixture
def active(world) -> Referral:
    return Cast(world).referral("active")


def note_on(case: Referral, *, by, band: str = "team", fact: str = "He came at four.") -> Note:
    return Note.objects.create(
        case_kind="referral", case_id=case.pk, kind=Note.Kind.INFORMATION, band=band, author=by,
        fact=fact, happened_at=now(), submit_key=uuid.uuid4(),
    )  # fmt: skip


def test_a_correction_stands_by_its_note_which_stays(world, sign_in, active):
    note = note_on(active, by=world.max)
    client, page = sign_in(world.cora), f"{active.home()}?tab=notes"
    [link] = re.findall(r'href="([^"]+/correct/)"', client.get(page).content.decode())
    typed = {"fact": "He came at five.", "submit_key": uuid.uuid4()}

    answers = [client.post(link, typed) for _ in range(2)]  # the same once more

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, active.home())] * 2
    html = client.get(page).content.decode()
    assert "He came at four." in html and "He came at five." in html
    assert "There is a correction of this note." in html
    correction = Note.objects.get(corrects=note)
    assert (correction.band, correction.kind) == ("team", Note.Kind.CORRECTION)


@pytest.mark.usefixtures("contexts")
def test_a_note_that_is_sent_twice_is_there_once_and_both_lead_to_the_case(world, sign_in, active):
    client = sign_in(world.cora)
    form = client.get(f"{active.home()}notes/new/").context["form"]
    typed = {
        "kind": "information",
        "fact": "She came at six.",
        "submit_key": form["submit_key"].value(),
        "happened_at": "2026-01-05T09:30",
    }

    answers = [client.post(f"{active.home()}notes/new/", typed) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, active.home())] * 2
    assert Note.objects.filter(fact="She came at six.").count() == 1


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("0001-01-05T09:30", "Look at the year again"),
        ("2999-01-05T09:30", "a time that has passed"),
    ],
)
@pytest.mark.usefixtures("contexts")
def test_a_note_of_a_day_that_cannot_be_is_asked_about(world, sign_in, active, when, says):
    client = sign_in(world.cora)
    form = client.get(f"{active.home()}notes/new/").context["form"]
    typed = {"kind": "information", "fact": "She came.", "happened_at": when}

    answer = client.post(
        f"{active.home()}notes/new/", {**typed, "submit_key": form["submit_key"].value()}
    )

    html = answer.content.decode()
    assert says in html and "She came." in html
    assert not Note.objects.filter(fact="She came.").exists()


def test_an_empty_correction_is_asked_again(world, sign_in, active):
    note = note_on(active, by=world.max)

    answer = sign_in(world.max).post(f"{active.home()}notes/{note.pk}/correct/", {"fact": ""})

    assert "Error:" in answer.content.decode()
    assert not note.corrections.exists()


def test_who_works_with_somebody_does_not_read_that_they_were_held(world, sign_in):
    cast = Cast(world)
    released = move(cast.referral("held"), "release", by=world.sol, advice="MASH has it.")
    active = released
    for name, by, detail in PATHS["active"][1:]:
        who = {"worker": world.max} if "worker" in detail else {}
        active = move(active, name, by=cast.by(by), **{**detail, **who})

    def timeline(who) -> str:
        return sign_in(who).get(f"{active.home()}?tab=timeline").content.decode()

    assert "held it for safeguarding" in timeline(world.cora)
    assert "released it" in timeline(world.cora)
    for who in (world.max, world.dev):
        assert "accepted the referral" in timeline(who)
        assert "held it" not in timeline(who) and "released it" not in timeline(who)


def test_who_must_not_meet_and_a_comparison_are_read_by_those_who_may_know(world, active):
    other = making.refer(by=world.alex, programme=world.programme)
    compare(referral=active, other=other, verdict="different", by=world.cora)
    about = {"referral": active, "name": "Rio Invented", "reason": "A quarrel.", "kind": "conflict"}
    keep_apart(by=world.cora, **about)
    keep_apart(by=world.sol, **{**about, "kind": "contra", "is_restricted": True})

    def lines(who) -> tuple[int, ...]:
        did = [entry.did for entry in timeline.entries(active, by=who)[0]]
        return tuple(
            map(did.count, ("wrote down who must not meet", "compared it with another referral"))
        )

    assert lines(world.sol) == (2, 1)
    assert lines(world.cora) == (1, 1)
    assert [lines(who) for who in (world.max, world.dev)] == [(0, 0)] * 2


def test_danger_in_a_worry_stops_the_draft_that_it_is_about(world):
    draft = making.draft(by=world.alex, programme=world.programme)

    concern = raise_concern(
        by=world.alex,
        area=world.city,
        origin="worry",
        is_danger=True,
        referral=draft,
        fact="Words.",
    )

    stopped = Referral.objects.get(pk=draft.pk)
    assert stopped.is_stopped
    assert [each.pk for each in stopped.concerns.all()] == [concern.pk]
    let_go = move(stopped, "let_go", by=world.sol, advice="Go on.")
    with pytest.raises(Conflict):
        move(let_go, "let_go", by=world.sol, advice="Twice.")


@pytest.mark.parametrize(
    ("who", "kind", "band", "is_taken"),
    [
        ("sol", "safeguarding", "shared", False),
        ("sol", "safeguarding", "safeguarding", True),
        ("cora", "oversight", "team", False),
        ("cora", "information", "shared", False),
        ("cora", "information", "sensitive", True),  # closer than usual
    ],
)
def test_a_note_is_never_for_more_people_than_is_usual_for_its_kind(
    world, who, kind, band, is_taken
):
    case = making.refer(by=world.alex, programme=world.programme)
    typed = {"kind": kind, "band": band, "fact": "Words.", "submit_key": uuid.uuid4()}
    form = NoteForm(typed, case=case, by=getattr(world, who))

    assert ("band" not in form.errors) == is_taken
