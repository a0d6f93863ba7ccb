"""A school refers: draft, leaves, comes back, sends; once with danger; once by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from referrals.forms import SECTIONS
from referrals.models import Concern, Referral
from waymark.demo import making

from .conftest import check, press


def save(page: Page) -> None:
    press(page.get_by_role("button", name="Save and continue"))


def pick(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).first.check()


def type_date(page: Page, question: str, day: str, month: str, year: str) -> None:
    group = page.get_by_role("group", name=question)
    for part, text in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(part).fill(text)


def start(page: Page) -> None:
    page.goto(page.url.split("/work/")[0] + "/referrals/")
    press(page.get_by_role("button", name="Refer a young person").first)
    press(page.get_by_role("button", name="Start"))
    page.get_by_label(re.compile("I understand")).check()
    check(page, "refer-before")
    save(page)


def level(page: Page, danger: str, number: str) -> None:
    pick(page, "Is anybody in danger right now?", danger)
    page.get_by_label(re.compile(f"^Level {number}")).check()
    check(page, "refer-level")
    save(page)


def person(page: Page) -> None:
    page.get_by_label("Full name").fill("Jordan Example")
    page.get_by_label("What do they like to be called?").fill("Jordan")
    type_date(page, "Date of birth", "14", "1", "2011")
    pick(page, "How do they describe themselves?", "Male")
    page.get_by_label("Postcode").fill("ng1 1aa")
    check(page, "refer-person")
    save(page)


def reaching(page: Page) -> None:
    page.get_by_label("Through me").check()
    save(page)


def agreement(page: Page) -> None:
    pick(page, "Have you talked to them about this referral?", "Yes")
    type_date(page, "When did you talk to them?", "2", "11", "2026")
    pick(page, "Do they agree to take part?", "Yes")
    page.get_by_label("Yes, a parent or carer knows").check()
    check(page, "refer-agreement")
    save(page)


def why_now(page: Page) -> None:
    page.get_by_label("What has happened?").fill("Was threatened twice.")
    page.get_by_label("Carrying a knife").check()
    page.get_by_label("They are at risk").check()
    save(page)


def risk(page: Page) -> None:
    for question in ("Risk to themselves", "Risk from other people"):
        pick(page, question, "Low")
    pick(page, "Risk to other people, staff or venues", "None known")
    page.get_by_label("I understand who will see this").check()
    check(page, "refer-risk")
    save(page)


def education(page: Page) -> None:
    page.get_by_label("What are they doing now?").select_option("110")
    page.get_by_label("The school or college").check()
    save(page)


def support(page: Page) -> None:
    page.get_by_label("A mentor", exact=True).check()
    check(page, "refer-support")
    save(page)


def test_a_school_writes_leaves_comes_back_and_sends(site, come_in):
    page = come_in("alex")
    check(page, "work-referrer")
    start(page)
    level(page, "No", "3")
    person(page)
    page.close()

    page = come_in("alex")
    page.goto(f"{site.url}/referrals/?queue=drafts")
    check(page, "drafts")
    reference = Referral.objects.get().reference
    press(page.get_by_role("link", name=re.compile(reference)).first)
    check(page, "refer-tasks")
    press(page.get_by_role("link", name="Reaching them safely"))
    for section in (reaching, agreement, why_now, risk, education, support):
        section(page)
    check(page, "refer-check")
    press(page.get_by_role("button", name="Send the referral"))

    expect(page.get_by_text(reference).first).to_be_visible()
    check(page, "refer-sent")
    assert Referral.objects.get().status == Referral.State.SUBMITTED


def test_danger_stops_the_referral_and_shows_whom_to_ring(site, come_in):
    page = come_in("alex")
    start(page)

    level(page, "Yes", "4")

    expect(page.get_by_text("999").first).to_be_visible()
    expect(page.get_by_text("0115 496 0001").first).to_be_visible()
    check(page, "refer-stopped")
    referral = Referral.objects.get()
    assert referral.is_stopped and Concern.objects.get().is_danger
    page.goto(f"{site.url}/referrals/{referral.reference}/")
    check(page, "refer-tasks-stopped")


def test_a_wrong_answer_is_said_next_to_where_it_was_typed(site, come_in):
    page = come_in("alex")
    start(page)
    level(page, "No", "3")
    page.get_by_label("Full name").fill("Jordan <b>Example</b>")
    type_date(page, "Date of birth", "31", "2", "2011")
    page.get_by_label("Postcode").fill("nowhere")

    save(page)

    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_contain_text("Date of birth must be a real date")
    expect(page.get_by_label("Full name")).to_have_value("Jordan <b>Example</b>")
    expect(page.get_by_label("Postcode")).to_have_value("nowhere")
    check(page, "refer-person-errors")


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement; const of = e.labels && e.labels[0];
            return ((of ? of.innerText : '') || e.innerText || e.getAttribute('aria-label') || '')
            .trim() }"""
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"The keyboard does not get to “{name}”.")


def enter(page: Page, heading: str) -> None:
    """Press Enter on the button that has the focus, and wait for the page that it leads to."""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def tick(page: Page, *names: str) -> None:
    """Choose each of these with the space bar, in the order of the page."""
    for name in names:
        tab_to(page, name)
        page.keyboard.press("Space")


def type_day(page: Page, day: str, month: str, year: str) -> None:
    type_into(page, "Day", day)
    for text in (month, year):
        page.keyboard.press("Tab")
        page.keyboard.type(text)


def go_on(page: Page, heading: str) -> None:
    tab_to(page, "Save and continue")
    enter(page, heading)


def test_the_referral_can_be_written_and_sent_by_keyboard_alone(site, come_in):
    page = come_in("alex")
    page.goto(f"{site.url}/referrals/new/")
    tab_to(page, "Start")
    enter(page, "Before you start")
    tick(page, "I understand")
    go_on(page, "Level of need")
    tab_to(page, "Yes")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Level 1")
    page.keyboard.press("ArrowDown")
    go_on(page, "The young person")
    type_into(page, "Full name", "Jordan Example")
    type_day(page, "14", "1", "2011")
    tick(page, "Female")
    type_into(page, "Postcode", "NG1 1AA")
    go_on(page, "Reaching them safely")
    tick(page, "Through me")
    go_on(page, "Agreement")
    tick(page, "Yes")
    type_day(page, "2", "11", "2026")
    tick(page, "Yes", "Yes, a parent or carer knows")
    go_on(page, "Why now")
    type_into(page, "What has happened?", "Was threatened twice.")
    tick(page, "Carrying a knife", "They were harmed")
    go_on(page, "Risk")
    tick(page, "None known", "None known", "None known", "I understand who will see this")
    go_on(page, "Education, training and work")
    tab_to(page, "What are they doing now?")
    page.keyboard.press("ArrowDown")
    tick(page, "The school or college")
    go_on(page, "Support asked for")
    tick(page, "A mentor")
    go_on(page, "Check")
    tab_to(page, "Send the referral")
    page.keyboard.press("Enter")

    expect(page.get_by_text(Referral.objects.get().reference).first).to_be_visible()
    assert Referral.objects.get().status == Referral.State.SUBMITTED


def test_a_school_is_found_by_typing_part_of_its_name(site, come_in):
    academy = making.organisation("Hollow Lane Academy (invented)", "school", "core", [site.city])
    draft = making.draft(by=site.alex, programme=site.programme)
    for code in ("before", "level", "person", "reaching", "agreement", "why-now", "risk"):
        form = SECTIONS[code](making.answers()[code], referral=draft)
        assert form.is_valid(), form.errors
        draft = form.keep(by=site.alex)
    page = come_in("alex")
    page.goto(f"{site.url}/referrals/{draft.reference}/form/education/")
    box = page.get_by_role("combobox", name="School or college")
    expect(box).to_have_value("Northside School (invented)")  # most go to the school that refers
    box.fill("hollow")
    expect(page.get_by_role("option", name="Hollow Lane Academy (invented)")).to_be_visible()
    check(page, "refer-school")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Hollow Lane Academy (invented)")
    page.get_by_label("What are they doing now?").select_option("110")
    page.get_by_label("The school or college").check()
    save(page)

    assert Referral.objects.whole().get(pk=draft.pk).education.school == academy
    page.goto(f"{site.url}/referrals/{draft.reference}/form/education/")
    box.fill("nothing like it")
    save(page)
    assert Referral.objects.whole().get(pk=draft.pk).education.school is None
