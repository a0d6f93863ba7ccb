"""Who reads what on the page of a referral."""

import re
from typing import Any

from casework.calendar import now
from casework.models import Note
from casework.workflow import move
from referrals.models import Referral
from referrals.services import raise_concern
from tests.personas import REPORT, Cast, danger
from tests.referrals.test_pages import page_of
from waymark.demo import making

SECRETS = ("CANARY-NOTE", "CANARY-WHY", "CANARY-CONCERN", "CANARY-RELEASE", "CANARY-SHARED-TEAM")


def full_of_secrets(world: Any) -> Referral:
    """Accepted after a hold, with words in every band but shared."""
    cora, sol = world.cora, world.sol
    referral = making.refer(by=world.alex, programme=world.programme)
    raise_concern(
        by=cora, area=world.city, origin="danger", is_danger=True, referral=referral,
        fact="CANARY-CONCERN",
    )  # fmt: skip
    referral = move(
        Referral.objects.get(pk=referral.pk), "release", by=sol, advice="CANARY-RELEASE"
    )
    for band in ("team", "sensitive", "management", "safeguarding"):
        Note.objects.create(
            case_kind="referral", case_id=referral.pk, kind="contact", band=band, author=cora,
            happened_at=now(), fact=f"CANARY-NOTE {band}", opinion="CANARY-SHARED-TEAM",
        )  # fmt: skip
    return move(referral, "accept", by=cora, **{**making.TRIAGED, "why": "CANARY-WHY"})


def test_the_referrer_reads_no_note_no_triage_and_no_concern(world, sign_in):
    referral = full_of_secrets(world)

    for who in ("alex", "bea"):
        client = sign_in(getattr(world, who))
        if client.get(referral.home()).status_code == 404:
            continue
        html = page_of(client, referral.home()) + page_of(client, f"{referral.home()}?tab=notes")
        html += page_of(client, "/referrals/") + page_of(client, "/work/")
        for word in (*SECRETS, "Held", "Safeguarding", "Prevention", "Complexity", "Risk tier"):
            assert word not in html, f"{who} reads “{word}”"
    assert "CANARY-NOTE" in page_of(sign_in(world.cora), f"{referral.home()}?tab=notes")


def test_a_held_referral_looks_to_its_referrer_like_one_that_is_decided(world, sign_in):
    alex, cast = sign_in(world.alex), Cast(world)
    triage, held = cast.referral("triage"), cast.referral("held")

    def said(referral: Referral) -> str:
        html = page_of(alex, referral.home())
        main = html[html.index("<main") : html.index("</main>")]
        return re.sub(r"\s+", " ", main.replace(referral.reference, "REF"))

    assert said(held) == said(triage)


def test_colleagues_follow_a_referral_without_its_words(world, sign_in):
    referral = making.refer(by=world.alex, programme=world.programme)
    school = referral.organisation
    school.team_sees_referrals = True
    school.save()

    html = page_of(sign_in(world.bea), referral.home())

    assert "Received" in html and making.TYPED["why-now"]["happened"] not in html


def test_colleagues_read_no_words_that_were_written_to_its_referrer(world, sign_in):
    asked = Cast(world).referral("info_needed")
    asked.organisation.team_sees_referrals = True
    asked.organisation.save()
    ended = Cast(world).referral("closed")

    theirs = [page_of(sign_in(world.alex), case.home()) for case in (asked, ended)]
    colleagues = [page_of(sign_in(world.bea), case.home()) for case in (asked, ended)]

    assert "Which school?" in theirs[0] and REPORT["left"] in theirs[1]
    assert "Which school?" not in colleagues[0] and REPORT["left"] not in colleagues[1]


def test_who_was_asked_does_not_work_with_them_before_they_say_yes(world, sign_in):
    cast = Cast(world)
    adviser = {"worker": world.ada, "role": "adviser"}
    asked = move(cast.referral("accepted"), "allocate", by=world.cora, **adviser)

    before = page_of(sign_in(world.alex), asked.home())
    move(asked, "take_on", by=world.ada)

    assert "Works with them" not in before
    assert "Works with them: Ada" in page_of(sign_in(world.alex), asked.home())


def test_a_mentor_reads_what_to_do_and_not_the_risk(world, sign_in):
    referral, client = Cast(world).referral("active"), sign_in(world.max)

    html = "".join(
        page_of(client, f"{referral.home()}?tab={tab}")
        for tab in ("summary", "needs", "agreement", "support", "education", "timeline", "notes")
    )

    assert making.TYPED["risk"]["what_to_do"] in html
    assert (
        making.TYPED["risk"]["fact"] not in html and making.TYPED["why-now"]["happened"] not in html
    )
    assert "1 Invented Street" not in html


def test_a_hidden_address_shows_only_when_asked_for_and_the_look_is_kept(world, sign_in):
    referral = making.refer(by=world.alex, programme=world.programme, is_protected="on")
    cora = sign_in(world.cora)

    assert "1 Invented Street" not in page_of(cora, referral.home())
    shown = cora.post(f"{referral.home()}address/").content.decode()

    assert "1 Invented Street" in shown
    seen = page_of(cora, f"{referral.home()}who-has-looked/")
    assert "The hidden address" in seen and "Cora Invented" in seen


def test_no_list_and_no_lost_race_tells_a_referrer_that_theirs_is_held(world, sign_in):
    referral, alex = Cast(world).referral("triage"), sign_in(world.alex)
    stale = {"version": referral.version, "ending": "referrer_withdrew", "why": "Moved away."}
    danger(world, referral, by=world.sol)

    lists = page_of(alex, "/referrals/?queue=held") + page_of(alex, "/referrals/?queue=deciding")
    lost = alex.post(f"{referral.home()}withdraw/", stale)

    assert "Held" not in lists and lists.count(f">{referral.reference}<") == 2
    assert lost.status_code == 409 and ">Moved away.</textarea>" in lost.text
    assert not re.search("held|safeguarding", lost.content.decode().lower())
