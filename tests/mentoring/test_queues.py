"""Every number of My work about matches and mentors is the count of the rows behind its link."""

import pytest

from casework.calendar import at, now
from casework.queue import counted
from casework.workflow import move
from mentoring import demo
from mentoring.choices import Check
from mentoring.models import Match, Mentor
from mentoring.queues import MATCH_QUEUES, MENTOR_QUEUES
from tests.mentoring.test_register import NEW, lapse

KINDS = [("/matches/", Match, MATCH_QUEUES), ("/mentors/", Mentor, MENTOR_QUEUES)]


def numbers(person):
    return {
        (page, code): counted(queue.choose(model.objects.visible_to(person), person))
        for page, model, queues in KINDS
        for code, queue in queues.items()
        if person.holds(*queue.roles)
    }


@pytest.mark.parametrize("who", ["cora", "max", "dev", "pru"])
@pytest.mark.usefixtures("contexts")
def test_a_number_is_the_count_of_the_rows_behind_its_link(browse, world, register, who):
    client = browse(who)

    for (page, code), number in numbers(getattr(world, who)).items():
        context = client.get(f"{page}?queue={code}").context
        assert (context["count"], len(context["rows"])) == (number, number), (page, code)


def test_the_queues_hold_what_they_say(world, register):
    found = numbers(world.cora)

    # One match of max in each state, and the one that mia was asked for.
    for code in ("proposed", "to-introduce", "to-begin", "meeting", "paused", "ending"):
        assert found["/matches/", code] == 1, code
    assert found["/matches/", "asked"] == 2
    assert numbers(world.max)["/matches/", "asks-me"] == 1
    assert numbers(world.max)["/matches/", "my-young-people"] == 5
    assert found["/mentors/", "available"] == 2
    assert found["/mentors/", "run-out"] == 0


def test_a_check_that_runs_out_moves_its_numbers(world, register):
    lapse(register.max, Check.DBS)
    assert numbers(world.cora)["/mentors/", "run-out"] == 1

    move(register.max, "suspend", by=world.cora, reason="conduct", why="Words.")
    assert numbers(world.cora)["/matches/", "mentor-stopped"] == 7
    assert numbers(world.dev)["/mentors/", "suspended"] == 1


def test_what_is_elsewhere_moves_no_number(world, register):
    before = {who: numbers(getattr(world, who)) for who in ("cora", "max", "dev", "pru")}
    derby = world.sid.standing[0].organisation

    with at(now()):
        demo.enquire(by=world.sam, person=NEW, organisation=derby, area=derby.areas.get())

    assert before == {who: numbers(getattr(world, who)) for who in before}
    assert numbers(world.sam)["/mentors/", "asking"] == 1
