"""Sixty searches as a youth worker or a young person would type them, with what they expect to see
among the first five. CI wants 95 in a hundred; the rate and what was missed are printed."""

import pytest
from django.http import QueryDict

from cms.directory.asking import read
from cms.directory.search import find
from cms.models import Service, Synonym

FIRST = 5
ENOUGH = 0.95
# what is asked: what is expected, any of these
SEARCHES = {
    # Plain words
    "q=boxing": ["Trentside boxing for beginners", "Girls' boxing night"],
    "q=youth+club": ["Harbour House youth club"],
    "q=mentor": ["One-to-one mentor", "Mentor for a fresh start"],
    "q=mentoring": ["One-to-one mentor", "Mentoring groups in Worksop"],
    "q=food": ["Food share in the Meadows", "Care leavers' kitchen"],
    "q=music": ["Loudhailer studio"],
    "q=film": ["Film crew Newark"],
    "q=drama": ["Drama for shy people"],
    "q=apprenticeship": ["Apprentice finder"],
    "q=counselling": ["Quiet Minds drop-in", "Talking sessions online"],
    "q=lawyer": ["Fair Say law clinic"],
    "q=debt": ["Money chat"],
    "q=somewhere+to+sleep+tonight": ["A bed for tonight"],
    "q=young+carer": ["Young carers' club"],
    "q=girls+boxing": ["Girls' boxing night"],
    "q=parents": ["Parents of teens"],
    "q=uniform": ["Warm coats and school shoes"],
    "q=learn+english": ["English for new arrivals"],
    "q=small+business": ["Your own small business"],
    "q=victim": ["Here for you afterwards"],
    # What people say instead
    "q=camhs": ["Quiet Minds drop-in", "Talking sessions online", "Calm corner in Mansfield"],
    "q=county+lines": ["Safe Path one to one"],
    "q=gangs": ["New direction", "Safe Path one to one"],
    "q=weed": ["Clearwater for under 18s", "Clearwater 18 to 25"],
    "q=sofa+surfing": ["A bed for tonight", "A room and a plan"],
    "q=kicked+out": ["A bed for tonight", "A room and a plan"],
    "q=skint": ["Food share in the Meadows", "Money chat", "Ashfield gym pass"],
    "q=food+bank": ["Food share in the Meadows"],
    "q=NEET": ["First Shift job club", "Get set: eight weeks to work", "Apprentice finder"],
    "q=cv": ["First Shift job club"],
    "q=excluded+from+school": ["Back to school plan", "Brightstep small school"],
    "q=bereavement": ["When you lose somebody"],
    "q=my+nan+died": ["When you lose somebody"],
    "q=domestic+abuse": ["Feeling safe at home"],
    "q=knife": ["New direction", "Safe Path one to one", "Street team in the city"],
    "q=anxiety": ["Calm corner in Mansfield", "Quiet Minds drop-in"],
    "q=therapist": ["Quiet Minds drop-in", "Talking sessions online"],
    "q=benefits": ["Money chat", "Fair Say law clinic"],
    "q=arrested": ["A second chance", "Fair Say law clinic"],
    "q=special+needs": ["Fair Say for school and special needs", "Brightstep small school"],
    # Misspelt and unfinished
    "q=boxxing": ["Trentside boxing for beginners", "Girls' boxing night"],
    "q=mentro": ["One-to-one mentor", "Mentor for a fresh start"],
    "q=councelling": ["Quiet Minds drop-in", "Talking sessions online"],
    "q=aprentice": ["Apprentice finder"],
    "q=yuoth+club": ["Harbour House youth club"],
    "q=homwork": ["Homework hut"],
    "q=bereavment": ["When you lose somebody"],
    "q=appren": ["Apprentice finder"],
    "q=photogrphy+or+flim": ["Film crew Newark"],
    "q=crech": ["Parents of teens"],
    # Places
    "place=Worksop": ["Mentoring groups in Worksop", "Apprentice finder"],
    "q=boxing&place=NG7": ["Trentside boxing for beginners"],
    "q=mansfield": ["Calm corner in Mansfield", "Peer mentors at college"],
    "place=Newark-on-Trent": ["Film crew Newark", "Families and drink"],
    "q=mentor&area=bassetlaw": ["Mentoring groups in Worksop", "One-to-one mentor"],
    # Ages and the rest
    "q=drugs&age=14": ["Clearwater for under 18s"],
    "q=drugs&age=22": ["Clearwater 18 to 25"],
    "q=carers&age=10": ["Young carers' club"],
    "how=online&age=15": ["Talking sessions online", "Online and safe"],
    "q=job&age=17&cost=free": ["First Shift job club", "Apprentice finder"],
}  # fmt: skip


def found(asked: str) -> list[str]:
    ids = [hit.service_id for hit in find(read(QueryDict(asked)).asked).hits]
    services = Service.objects.in_bulk(ids)
    return [services[pk].title for pk in ids]


def test_sixty_searches_find_what_is_expected(site, record_property):
    seen = {asked: found(asked)[:FIRST] for asked in SEARCHES}
    missed = {
        asked: seen[asked] for asked in SEARCHES if not set(SEARCHES[asked]) & set(seen[asked])
    }
    rate = 1 - len(missed) / len(SEARCHES)

    record_property("searches that found it", f"{rate:.0%} of {len(SEARCHES)}; missed: {missed}")
    assert len(SEARCHES) >= 60 and rate >= ENOUGH


def test_a_search_for_what_nobody_offers_would_be_missed(site):
    """The control: finding everything for every word would pass the table above."""
    assert found("q=helicopter") == [] and len(found("q=boxing")) < 6


def test_the_last_word_may_go_on_though_a_service_has_it_as_it_stands(site):
    """ "car" is a word of ours, and so is "carer"."""
    service = Service.objects.get(title="Forest days")
    service.summary = "We come and get you by car."
    service.save_revision().publish()

    shown = found("q=car")

    assert shown[0] == "Forest days" and "Young carers' club" in shown
    assert "Young carers' club" not in found("q=car+trip")  # only the last one
    assert found("q=car&exact=1") == found('q="car"') == ["Forest days"]


def test_a_word_that_is_left_out_does_not_go_on(site):
    boxing = found("q=boxing")

    assert "Girls' boxing night" in boxing
    assert {*found("q=boxing+-girls")} == {*boxing} - {"Girls' boxing night"}
    assert found("q=the") == found("")


def test_two_words_that_no_service_says_are_both_taken_for_what_they_mean(site):
    Synonym.objects.create(phrase="peng", means="boxing")
    Synonym.objects.create(phrase="gyal", means="girls")

    assert found("q=peng+gyal") == found("q=boxing+girls") != []


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("boxxing", "boxing"),
        ("yuoth club", "youth club"),
        ("boxing", ""),
        ("box", ""),
        ("xyzzyq", ""),
    ],
)
def test_a_misspelt_word_is_said_and_may_be_searched_for_all_the_same(site, client, typed, instead):
    text = client.get("/directory/", {"q": typed}).text

    assert ("Showing results for" in text) == bool(instead)
    if instead:
        assert f"<strong>{instead}</strong>" in text
        assert f"Search for “{typed}” instead" in text
        exact = client.get("/directory/", {"q": typed, "exact": 1}).text
        assert "We did not find a service like that" in exact
