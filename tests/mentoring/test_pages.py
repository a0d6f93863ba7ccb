"""The pages: that they draw, for whom, what they show, and how many queries they cost."""

import pytest

from mentoring import demo
from mentoring.models import Match
from tests.conftest import signed_in

S = Match.State
# Every page by the person who has most use of it.
PAGES = {
    "matches": ("/matches/", "cora max dev pru"),
    "quiet": ("/matches/?queue=quiet", "cora dev"),
    "mentors": ("/mentors/", "cora sol dev max pru"),
    "runs out": ("/mentors/?queue=runs-out", "cora dev"),
    "mentor": ("/mentors/{mentor}/", "cora sol dev max"),
    "edit": ("/mentors/{mentor}/edit/", "cora max"),
    "level": ("/mentors/{mentor}/level/", "cora"),
    "check": ("/mentors/{mentor}/checks/new/", "cora"),
    "new": ("/mentors/new/", "cora"),
    "match": ("/matches/{active}/", "cora dev max"),
    "sessions": ("/matches/{active}/?tab=sessions", "cora max"),
    "timeline": ("/matches/{active}/?tab=timeline", "cora max"),
    "asked": ("/matches/{approved}/", "cora max"),
    "closed": ("/matches/{closed}/", "cora"),
    "session": ("/matches/{active}/session/", "cora max"),
    "plan": ("/matches/{active}/plan/", "cora max"),
    "proposal": ("/matches/propose/{waiting}/", "cora"),
    "not now": ("/matches/propose/{of_active}/", "cora"),
    "keep apart": ("/matches/keep-apart/{waiting}/", "cora"),
    "tab": ("/referrals/{of_active}/?tab=mentor", "cora max"),
    "tab of one who waits": ("/referrals/{waiting}/?tab=mentor", "cora"),
    "approve": ("/matches/{proposed}/approve/", "cora"),
    "accept": ("/matches/{approved}/accept/", "max"),
    "no": ("/matches/{approved}/decline/", "max cora"),
    "introduce": ("/matches/{accepted}/introduce/", "cora"),
    "begin": ("/matches/{introduced}/activate/", "cora"),
    "pause": ("/matches/{active}/pause/", "cora max"),
    "end": ("/matches/{closing}/close/", "cora"),
    "end now": ("/matches/{active}/end-now/", "cora"),
    "supervise": ("/mentors/{mentor}/supervise/", "dev cora"),
    "leave": ("/mentors/{mentor}/go-on-leave/", "max"),
    "suspend": ("/mentors/{mentor}/suspend/", "cora sol dev"),
    "note": ("/matches/{active}/notes/new/", "cora max"),
    "viewers": ("/matches/{active}/who-has-looked/", "cora"),
}


def url(register, path):
    names = {state: register.match(state).reference for state in S}
    active = register.match(S.ACTIVE)
    return path.format(
        **names,
        mentor=register.max.reference,
        waiting=register.waiting.reference,
        of_active=active.referral.reference,
    )


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_draws_for_those_who_use_it(world, register, page):
    path, people = PAGES[page]
    if page in ("sessions", "match", "tab"):
        demo.session(register.match(S.ACTIVE))
    address = url(register, path)
    for who in people.split():
        answer = signed_in(getattr(world, who)).get(address)
        text = answer.content.decode()
        assert answer.status_code == 200, (who, answer.status_code)
        assert "UNDEFINED" not in text
        assert text.count("<h1") == 1
        assert "Jordan" not in text.partition("<title>")[2].partition("</title>")[0]
