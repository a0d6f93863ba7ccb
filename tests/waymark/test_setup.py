import re
import tomllib
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import readiness as accounts_readiness
from accounts import roles
from accounts.clock import now
from accounts.models import Area, DutyShift, Membership, Organisation, SharingAgreement, User
from casework.models import Term
from cms import first_pages
from cms import services as cms
from referrals.models import Programme
from tests import databases
from tests.accounts.doors import knock
from tests.thorough import some
from tests.world import World
from waymark import interview, readiness
from waymark.demo import making
from waymark.management.commands.setup import EXAMPLE
from waymark.setting_up import SetupError, set_up

WORDS = "otter lamp bicycle 7"
DISTRICTS = (
    "Ashfield, Bassetlaw, Broxtowe, Gedling, Mansfield, Newark and Sherwood, Nottingham "
    "and Rushcliffe"
)

pytestmark = pytest.mark.thorough  # a site that is set up from nothing, in a database of its own


def _first_pages() -> None:
    home = cms.begin_site(service_name="Waymark")
    first_pages.build(home, places="Nottingham and Nottinghamshire")


@pytest.fixture(scope="module")
def with_pages(django_db_setup, django_db_blocker):
    """A database with the first pages: to publish them takes longer than the rest of setup."""
    with django_db_blocker.unblock():
        name, _ = databases.once("pages", _first_pages)
    return name


@pytest.fixture
def world_with_pages(with_pages, django_db_blocker):
    with django_db_blocker.unblock(), databases.standing_on(with_pages):
        yield World()


@pytest.fixture
def empty(world_with_pages, monkeypatch):
    """A system as it is after `migrate` and the first pages: nobody, nowhere."""
    return _emptied(world_with_pages, monkeypatch)


def _emptied(world, monkeypatch):
    for model in (DutyShift, Programme, SharingAgreement, Membership):
        model.objects.all().delete()
    Programme.objects.all().delete()
    Organisation.objects.all().delete()
    User.objects.all().delete()
    cms.record_safeguarding_numbers([])
    while Area.objects.exists():
        Area.objects.filter(children=None).delete()
    monkeypatch.delenv("WAYMARK_ADMIN_PASSWORD", raising=False)
    return world


def load(text="", password=""):
    """What the command does with a file (or the example), without the reference data."""
    said = []
    set_up(tomllib.loads(text or EXAMPLE.read_text("utf-8")), password=password, say=said.append)
    return "\n".join(said)


def run(**options):
    said = StringIO()
    call_command("setup", stdout=said, **options)
    return said.getvalue()


@pytest.mark.slow  # loads the reference data, as at the first start
def test_the_example_sets_a_unit_up_but_for_the_people_who_must_join(empty):
    said = run(file=EXAMPLE)
    link = re.search(r"http://[^/]+(/invitation/\S+)", said).group(1)

    assert Area.objects.filter(kind="district").count() == 8
    assert Area.objects.get(code="E06000018").path == "E12000004/NOTTS/E06000018/"
    assert Area.objects.get(code="E07000170").thresholds == "county"
    assert cms.has_safeguarding_numbers() and DutyShift.objects.exists()
    assert Term.objects.filter(starts_on="2026-11-02", ends_on="2026-12-18").exists()
    assert accounts_readiness.missing() == [
        f"No coordinator has joined yet for {DISTRICTS}.",
        f"No safeguarding lead has joined yet for {DISTRICTS}.",
    ]
    assert "Referrals are refused until this is there too" in said
    client = Client()
    client.get(link)
    assert client.post("/invitation/", {"password": WORDS}).status_code == 302
    assert knock("ada@example.org", WORDS).status_code == 302


def test_all_is_there_once_they_have_joined(empty):
    load()
    User.objects.update(joined_at=now())

    assert "All is there: referrals may come in." in run(file=EXAMPLE, dry_run=True)


def test_the_password_may_come_from_the_environment(empty):
    said = load(password=WORDS)

    assert "/invitation/" not in said and WORDS not in said
    half = knock("ada@example.org", WORDS).client
    assert half.get("/account/").headers["Location"].startswith("/account/phone/")


def test_a_weak_password_from_the_environment_is_refused(empty, monkeypatch):
    monkeypatch.setenv("WAYMARK_ADMIN_PASSWORD", "password")

    with pytest.raises(
        CommandError, match=r"Nothing was changed\. administrator: This password is"
    ):
        run(file=EXAMPLE)
    assert not User.objects.exists()


def test_a_second_run_adds_what_is_new_and_leaves_the_rest(empty):
    load()
    before = {
        model: model.objects.count() for model in (Area, User, Membership, Organisation, DutyShift)
    }
    again = load()
    more = EXAMPLE.read_text("utf-8") + (
        '[[areas]]\ncode = "E06000015"\nname = "Derby"\nkind = "district"\nparent = "NOTTS"\n'
    )
    load(more)

    assert {model: model.objects.count() for model in before} == before | {Area: before[Area] + 1}
    assert again.count("/invitation/") == 1  # a new link, for the first was not used
    assert Organisation.objects.get(kind="unit").shares_now()


def test_the_link_is_not_printed_again_once_used(empty):
    load()
    User.objects.filter(email="ada@example.org").update(joined_at=now())

    assert "/invitation/" not in load()


def test_a_dry_run_changes_nothing(empty):
    said = run(file=EXAMPLE, dry_run=True)

    assert "Nothing was changed: this was a dry run." in said
    assert not Area.objects.exists() and not User.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    some([
        ('kind = "region"', 'kind = "land"', "areas, entry 1: kind is “land”: use one of region"),
        ('parent = "E12000004"', 'parent = "E99"', "areas, entry 2: there is no area “E99”"),
        ('thresholds = "city"', 'thresholds = "cty"', "thresholds is “cty”: use one of city,"),
        ('role = "coordinator"', 'role = "boss"', "people, entry 1: role is “boss”"),
        ('email = "ada@example.org"', 'email = "ada"', "administrator: Enter a valid email"),
        ('kind = "safeguarding"', 'kind = "mash"', "numbers, entry 2: kind is “mash”"),
        ('from = "08:30"', 'from = "half eight"', "duty, entry 1:"),
        ('days = ["mon",', 'days = ["monday",', "days is “monday”: use one of mon, tue"),
        ('name = "Steady Steps"\n', "", "programmes, entry 1: “name” is missing"),
        ("ages = [10, 25]", "ages = [25, 10]", "programmes, entry 1: The highest age is below"),
        ("[administrator]", "[boss]", "There is no table “boss”"),
        ("2026-10-16", "2026-08-16", "terms, entry 1: A term cannot end before it starts."),
        ("[[duty]]", "[duty]", "duty: write each one under"),
        ('"sam@example.org"\narea', '"no@example.org"\narea', "nobody has the address"),
    ], of=4),
)  # fmt: skip
def test_each_fault_is_a_sentence_with_its_place_and_nothing_is_kept(empty, old, new, sentence):
    text = EXAMPLE.read_text("utf-8")
    assert old in text

    with pytest.raises(SetupError, match=re.escape(sentence)):
        load(text.replace(old, new, 1))

    assert not Area.objects.exists() and not User.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01PK\x03\x04", "[unit]\nname = 'Über'".encode("utf-16"), b"name: yaml\n"],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(empty, tmp_path, content):
    file = tmp_path / "setup.toml"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=r"Nothing was changed|is not TOML"):
        run(file=file)


def test_a_file_that_is_not_there_is_said_so(empty, tmp_path):
    with pytest.raises(CommandError, match=r"cannot be read: No such file"):
        run(file=tmp_path / "none.toml")


def test_without_a_terminal_and_a_file_there_is_nobody_to_ask(empty, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO(""))

    with pytest.raises(CommandError, match=r"--file setup\.toml"):
        run()


def test_answers_at_the_terminal_say_what_the_file_says(empty):
    typed = iter(
        ["", "Derbyshire Unit", "Derbyshire", "DERBYS", "E06000015", "Derby", "city", "",
         "Ann Admin", "ann@example.org", "Con Ord", "con@example.org", "Lea Lead",
         "lea@example.org",
         "", "01332 000000", "", "Duty team", "01332 000001", "", "", "Next Step", "Mentoring.", "",
         "", "40"]
    )  # fmt: skip
    said = []

    plan = interview.ask(lambda question: next(typed), said.append)
    set_up(plan, say=said.append)

    assert next(typed, None) is None
    assert Organisation.objects.get().name == "Derbyshire Unit"
    assert Area.objects.get(code="E06000015").thresholds == "city"
    assert Membership.objects.as_role(roles.SafeguardingLead).get().user.email == "lea@example.org"
    assert Programme.objects.get().places == 40
    assert readiness.numbers() == readiness.programmes() == []


def test_enter_alone_takes_the_areas_of_the_example(empty):
    typed = iter(["Unit", ""])

    def answer(question):
        return next(typed, "x@example.org" if "email" in question else "10")

    plan = interview.ask(answer, lambda _: None)

    assert len(plan["areas"]) == 10


def test_without_an_administrator_there_is_no_way_on(empty):
    with pytest.raises(SetupError, match="no administrator yet"):
        set_up({"unit": {"name": "Unit"}}, say=lambda _: None)


def test_a_new_referral_is_refused_until_the_unit_is_set_up(world):
    cms.record_safeguarding_numbers([])

    with pytest.raises(ValidationError, match="The numbers to ring for a child in danger"):
        making.draft(by=world.alex, programme=world.programme)


@pytest.mark.thorough
@pytest.mark.slow(reason="every link of every page")
def test_the_public_site_begins_with_every_page_that_it_links_to(world, monkeypatch):
    _emptied(world, monkeypatch)
    load()

    client = Client()
    seen: set[str] = set()
    paths = ["/"]
    while paths:
        path = paths.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        if path.startswith(("/directory/", "/sign-in/")):
            continue
        found = re.findall(r'href="(/[^"#?]*)', answer.content.decode())
        paths += {link for link in found if not link.startswith("/static/")} - seen - set(paths)
    assert {"/privacy/", "/accessibility/", "/refer-myself/", "/help/home/"} <= seen
    assert (
        "in Nottingham and Nottinghamshire to stay safe" in client.get("/about/").content.decode()
    )
