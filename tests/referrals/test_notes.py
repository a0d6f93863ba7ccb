"""Notes are corrected, not changed; and what somebody may not learn is not in their timeline."""

import re
import uuid

import pytest

from casework.calendar import now
from casework.models import Note
from casework.workflow import Conflict, move
from referrals.models import Referral
from referrals.services import raise_concern
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

    client.post(link, typed)
    client.post(link, typed)  # the same once more

    html = client.get(page).content.decode()
    assert "He came at four." in html and "He came at five." in html
    assert "There is a correction of this note." in html
    correction = Note.objects.get(corrects=note)
    assert (correction.band, correction.kind) == ("team", Note.Kind.CORRECTION)


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
