"""What one may not see moves no number: not on My work, in a list, on a page or in a search (security §2, 9
and 10; casework §16, 3 and 33)."""

import uuid

import pytest
from django.urls import reverse
from django_q.models import OrmQ

from accounts import roles
from casework.calendar import at, now
from casework.models import Message, Note
from casework.workflow import move
from mentoring.models import Mentor
from mentoring.services import propose_mentor
from referrals.models import Concern, Programme, Referral
from referrals.services import raise_concern
from tests.access.probe import Probe
from waymark.demo import making

NAME = "Foxglove"  # a young person whom nobody here may see
PAGES = [
    "work",
    "referrals:list",
    "referrals:list ?queue=late",
    "referrals:list ?queue=new",
    "referrals:list ?queue=unread",
    "referrals:list ?queue=waiting-on-others",
    "referrals:concerns",
    "referrals:concerns ?queue=unread",
    "mentoring:matches",
    "mentoring:mentors",
    "pathways:overview",
    "pathways:placements",
    "pathways:checks",
    "casework:failures",
    "accounts:people",
    "accounts:invitations",
]
# Whose page about `active` has to stay as it is.
ON_ACTIVE = "alex max dev cora sol"


def elsewhere(stage):
    """Derby: a referral with a concern, a letter that failed, a person."""
    sid = stage.person("sid")
    derwent = Programme.objects.get(name="Derwent Steps")
    referral = making.refer(by=sid, programme=derwent, legal_name=f"{NAME} Derby")
    worry(sid, referral)
    Message.objects.create(
        dedup_key=f"count:{uuid.uuid4()}",
        letter="referral.late",
        case_kind="referral",
        case_id=referral.pk,
        recipient=sid,
        state=Message.State.FAILED,
    )
    making.person(
        "fay@example.org", "Fay Elsewhere", "", roles.Referrer, sid.standing[0].organisation
    )


def in_the_city(stage):
    """Northside: bea's referral."""
    bea, programme = stage.person("bea"), stage.world.programme
    begun = making.draft(by=bea, programme=programme, organisation=stage.world.school)
    typed = making.answers(legal_name=f"{NAME} City", known_as="Foxy")
    move(making.fill(begun, typed, by=bea), "send", by=bea)


def proposed(stage):
    """A match of mia, whom nobody but coordinators knows of yet."""
    mia = Mentor.objects.get(pk=stage.keys["m_mia"])
    waiting = Referral.objects.get(pk=stage.keys["accepted"])
    propose_mentor(referral=waiting, mentor=mia, by=stage.person("cora"))


def draft(stage):
    bea, programme = stage.person("bea"), stage.world.programme
    typed = making.answers(legal_name=f"{NAME} Draft")
    half = {code: typed[code] for code in ("before", "level", "person")}
    begun = making.draft(by=bea, programme=programme, organisation=stage.world.school)
    making.fill(begun, half, by=bea)


def worry(by, referral):
    return raise_concern(
        by=by, area=referral.area, referral=referral, origin=Concern.Origin.WORRY, fact="Worried."
    )


def about_active(stage):
    """On a case that they see themselves: a concern that somebody else raises."""
    worry(stage.person("cleo"), Referral.objects.get(pk=stage.keys["active"]))


def sensitive(stage):
    Note.objects.create(
        case_kind="referral",
        case_id=stage.keys["active"],
        kind=Note.Kind.FAMILY,
        band="sensitive",
        author=stage.person("cleo"),
        fact=f"{NAME} note",
        happened_at=now(),
    )


# Who is shown nothing of which plants.
HIDDEN = [
    (
        ["alex", "max", "dev", "ada", "pru", "oz"],
        [elsewhere, in_the_city, proposed, draft, about_active, sensitive],
    ),
    (["cora"], [elsewhere, draft, about_active]),
    (["sol"], [elsewhere, in_the_city, proposed, draft]),
]


def pages(probe):
    """What somebody is shown in every list, and on a page of theirs; with tokens and references taken out."""
    found = {}
    for name in PAGES:
        view, _, query = name.partition(" ")
        found[name] = probe.ask("GET", reverse(view) + query).same
    if probe.who in ON_ACTIVE.split():
        active = probe.stage.references["active"]
        found["active"] = probe.ask("GET", reverse("referrals:referral", args=[active])).same
    return found


@pytest.mark.thorough
@pytest.mark.slow  # every list, twice, and referrals typed section by section
@pytest.mark.parametrize(("people", "plants"), HIDDEN)
def test_hidden_rows_move_nothing(stage, people, plants):
    OrmQ.objects.all().delete()  # what has waited for long by now is an alarm to some of them
    probes = [Probe(stage, who) for who in people]
    with at(now()):
        before = [pages(probe) for probe in probes]
        for plant in plants:
            plant(stage)
        after = [pages(probe) for probe in probes]

    moved = [
        f"{probe.who}: {name} was {was[name][0]}"
        for probe, was, now_is in zip(probes, before, after, strict=True)
        for name in was
        if was[name] != now_is[name] or was[name][0] >= 500
    ]
    assert not moved, "\n".join(moved)


@pytest.mark.slow  # the control: the same plants, before those who see them
@pytest.mark.parametrize(
    ("plant", "who"),
    [(in_the_city, "cora"), pytest.param(about_active, "sol", marks=pytest.mark.thorough)],
)
def test_a_row_that_may_be_seen_moves_the_numbers(stage, plant, who):
    probe = Probe(stage, who)
    with at(now()):
        before = pages(probe)
        plant(stage)
        after = pages(probe)

    assert "work" in {name for name in before if before[name] != after[name]}


@pytest.mark.slow  # plants are typed section by section
@pytest.mark.parametrize("who", ["alex", "cora", "max"])
def test_a_known_hidden_name_is_found_no_more_than_an_unknown_one(stage, who):
    probe = Probe(stage, who)
    elsewhere(stage)
    draft(stage)
    search = reverse("referrals:search")

    known = probe.ask("POST", search, data={"q": NAME})
    unknown = probe.ask("POST", search, data={"q": "Zinnia"})
    reference = probe.ask("POST", search, data={"q": stage.references["sids"]})
    no_reference = probe.ask("POST", search, data={"q": "CCC-CCC"})

    assert known.text.replace(NAME, "Zinnia") != known.text, "the page repeats what was typed"
    assert known.same[1].replace(NAME, "Zinnia") == unknown.same[1]
    assert reference.same == no_reference.same


@pytest.mark.slow  # the control
def test_a_name_that_may_be_found_is_found(stage):
    in_the_city(stage)

    found = Probe(stage, "cora").ask("POST", reverse("referrals:search"), data={"q": NAME})

    assert "Foxy" in found.text
