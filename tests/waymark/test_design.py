"""The front end's promises that need no browser: forms, faces, signs."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.http import Http404
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts import clock
from accounts.widgets import Checks, DateField, Radios
from referrals.progress import Line, Sign
from waymark.style import style
from waymark.templatetags import design

BASE = Path(__file__).resolve().parents[2]
FRONTEND = BASE / "waymark" / "frontend"
TEMPLATES = BASE / "waymark" / "templates"
NOW = datetime(2025, 6, 4, 13, 30, tzinfo=UTC)  # Wednesday, 2:30pm in London


@pytest.fixture(autouse=True)
def _wednesday():
    with clock.at(NOW):
        yield


def drawn(source, **context):
    return Template(source).render(Context(context))


class Parts(HTMLParser):
    """Ids, and what refers to them, of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.targets, self.tags = [], set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(found["id"])
        for name in ("aria-describedby", "aria-controls", "data-aria-controls", "aria-labelledby"):
            self.targets.update((found.get(name) or "").split())
        if found.get("for"):
            self.targets.add(found["for"])
        if tag == "a" and (found.get("href") or "").startswith("#id_"):
            self.targets.add(found["href"][1:])

    def named(self, name):
        return [attrs for tag, attrs in self.tags if attrs.get("name") == name]


# Forms ---------------------------------------------------------------------------------------
class Visit(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="As they like it",
        widget=forms.TextInput({"size": 20}),
        max_length=9,
    )
    born = DateField(label="Born")
    how = forms.ChoiceField(
        label="How?",
        choices=[("call", "Call"), ("other", "Other")],
        widget=Radios(hints={"call": "We ring once"}, reveals={"other": "how_other"}),
    )
    how_other = forms.CharField(label="Which way?", required=False)
    what = forms.MultipleChoiceField(
        label="What?", choices=[("a", "A"), ("b", "B")], widget=Checks, required=False
    )
    why = forms.CharField(label="Why?", widget=forms.Textarea, max_length=100)
    sure = forms.BooleanField(label="I am sure")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_every_reference_in_a_drawn_form_finds_its_target_once():
    page = Parts(drawn("{% error_summary form %}{{ form }}", form=Visit({"how": "other"})))

    assert len(page.ids) == len(set(page.ids))
    assert page.targets <= set(page.ids), page.targets - set(page.ids)
    assert {"id_name", "id_born_0", "id_why", "id_sure"} <= page.targets


def test_hint_and_error_describe_the_control():
    page = Parts(drawn("{{ form.name.as_field_group }}", form=Visit({})))

    (control,) = page.named("name")
    assert control["aria-describedby"] == "id_name_helptext id_name_error"
    assert control["aria-invalid"] == "true"
    assert "govuk-input--error" in control["class"].split()
    assert "govuk-input--width-20" in control["class"].split()


def test_nothing_typed_is_cut_or_lost():
    typed = "<script>alert('x')</script> " * 9
    html = drawn("{{ form }}", form=Visit({"name": typed, "born_day": "31", "why": typed}))
    page = Parts(html)

    assert page.named("name")[0]["value"] == typed
    assert page.named("born_day")[0]["value"] == "31"
    assert "<script>" not in html
    assert not any("maxlength" in attrs for _, attrs in page.tags)


def test_a_long_answer_shows_how_much_it_may_hold():
    page = Parts(drawn("{{ form.why.as_field_group }}", form=Visit()))

    (control,) = page.named("why")
    assert "id_why-info" in control["aria-describedby"]
    assert {"data-module": "govuk-character-count", "data-maxlength": "100"}.items() <= (
        page.tags[0][1].items()
    )


def test_choices_stand_in_a_fieldset_with_hints_and_reveals():
    html = drawn("{{ form }}", form=Visit())
    page = Parts(html)
    call, other = page.named("how")

    assert call["aria-describedby"] == "id_how_0-hint"
    assert other["data-aria-controls"] == "id_how_1-more"
    assert len(page.named("how_other")) == 1
    assert re.search(r"<legend[^>]*>\s*How\?\s*</legend>", html)


def test_optional_is_said_but_not_of_what_a_choice_reveals():
    html = drawn("{{ form }}", form=Visit())

    assert "What? (optional)" in html
    assert "Which way? (optional)" not in html
    assert html.count("(optional)") == 1


def test_the_only_question_of_a_page_is_its_heading():
    assert re.search(r"<h1[^>]*>Why\?</h1>", drawn("{% question form.why %}", form=Visit()))
    assert re.search(r"<h1[^>]*>How\?</h1>", drawn("{% question form.how %}", form=Visit()))


# Pages ---------------------------------------------------------------------------------------
PAGE = (
    "{% extends base %}{% block title %}A page{% endblock %}"
    "{% block content %}<h1>A</h1>{% endblock %}"
)


def test_the_title_says_error_only_when_a_form_failed():
    whole = drawn(PAGE, base="base_staff.html", form=Visit())
    failed = drawn(PAGE, base="base_staff.html", form=Visit({}))

    assert "<title>A page – " in whole
    assert "<title>Error: A page – " in failed


class Untouchable:
    """A request of a public page: its path may be read, nothing of the person."""

    path = "/directory/"

    def __getattr__(self, name):
        raise AssertionError(f"The public face read request.{name}")


def test_the_public_face_reads_nothing_of_the_person():
    html = drawn(PAGE, base="base_public.html", request=Untouchable())

    assert "UNDEFINED" not in html
    assert "csrf" not in html
    assert '<a class="govuk-service-navigation__link" href="/directory/" aria-current' in html
    assert "Exit this page" in html
    assert 'href="tel:08001111"' in html


def test_staff_search_and_sign_out_are_posts():
    html = drawn(
        PAGE,
        base="base_staff.html",
        navigation=[{"label": "My work", "url": "/work/", "current": True, "count": 3}],
        person={"name": "Cora", "role": "Coordinator"},
        search_url="/find/",
        sign_out_url="/sign-out/",
        csrf_token="t" * 64,
    )
    posts = [a for tag, a in Parts(html).tags if tag == "form"]

    assert [(form["method"], form["action"]) for form in posts] == [
        ("post", "/sign-out/"),
        ("post", "/find/"),
    ]
    assert html.count("csrfmiddlewaretoken") == 2
    assert "Exit this page" not in html


@pytest.mark.parametrize("code", ["400", "403", "404", "429"])
def test_error_pages_need_no_context(code):
    html = render_to_string(f"errors/{code}.html")

    assert html.count("<h1") == 1
    assert "UNDEFINED" not in html


def test_a_stale_form_is_told_apart_from_a_missing_right():
    html = render_to_string("errors/403.html", {"is_stale_form": True})

    assert '<h1 class="govuk-heading-l">This page was open too long</h1>' in html
    assert "Your role" not in html


def test_the_page_of_our_own_fault_is_plain_html():
    html = (TEMPLATES / "errors" / "500.html").read_text()

    assert "{%" not in html
    assert "{{" not in html
    assert "999" in html


@pytest.mark.parametrize("query", ["", "?errors", "?face=public"])
def test_the_style_page_leaves_nothing_undefined(query):
    html = style(RequestFactory().get(f"/style/{query}")).content.decode()
    page = Parts(html)

    assert "UNDEFINED" not in html
    assert html.count("<h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert html.count("<title>Error: ") == (query == "?errors")


def test_the_style_page_is_not_there_in_live_mode(settings):
    settings.WAYMARK_MODE = "live"

    with pytest.raises(Http404):
        style(RequestFactory().get("/style/"))


# Signs ---------------------------------------------------------------------------------------
def test_words_of_people_are_escaped_in_signs_and_boxes():
    html = drawn(
        "{% tag bad %}{% card bad %}{{ bad }}{% endcard %}{% button bad url=bad %}"
        "{% nothing_here bad %}{{ bad }}{% endnothing_here %}"
        "{% details bad %}{{ bad }}{% enddetails %}{% banner bad %}{{ bad }}{% endbanner %}"
        "{% confirmation bad %}{{ bad }}{% endconfirmation %}",
        bad='"><script>x</script>',
    )

    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 14


def test_a_state_has_one_tone():
    states = [status for statuses in design.TONES.values() for status in statuses]

    assert len(states) == len(set(states))


# Sources -------------------------------------------------------------------------------------
def test_components_say_their_arguments_first():
    silent = [
        path.name
        for path in (TEMPLATES / "components").glob("*.html")
        if not path.read_text().startswith("{#")
    ]

    assert silent == []


def test_templates_hold_no_inline_style_or_script():
    inline = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)""")
    found = [
        str(path.relative_to(BASE))
        for path in BASE.glob("*/templates/**/*.html")
        if inline.search(path.read_text())
    ]

    assert found == []


def test_our_own_classes_are_in_the_style_sheet():
    sheet = "".join(path.read_text() for path in FRONTEND.glob("scss/*.scss"))
    known = set(re.findall(r"wm-[a-z_-]+[a-z]", sheet))
    used = {
        (name, str(path.relative_to(BASE)))
        for path in BASE.glob("*/templates/**/*.html")
        for attribute in re.findall(r'class="([^"]*)"', path.read_text())
        for name in re.findall(r"(?<![\w-])wm-[a-z_-]+[a-z](?![\w{-])", attribute)
    }

    assert {pair for pair in used if pair[0] not in known} == set()


def test_the_lock_names_no_addresses():
    lock = json.loads((FRONTEND / "package-lock.json").read_text())

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def contrast(one, other):
    """WCAG 2.2 relative luminance ratio of two #rrggbb colours."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("front", "ground"),
    [
        *[(front, ground) for front in ("ink", "pine", "muted") for ground in ("paper", "mist")],
        *[(front, "paper") for front in ("danger", "amber", "ok", "info", "visited")],
        *[(tone, f"{tone}-pale") for tone in ("danger", "amber", "ok", "info")],
        ("ink", "marigold"),
        ("paper", "dark-pine"),
        ("paper", "pine"),
        ("paper", "danger"),
    ],
)
def test_words_stand_out_from_their_ground(front, ground):
    source = (FRONTEND / "scss" / "_colours.scss").read_text()
    colours = dict(re.findall(r"^\$([a-z-]+): (#[0-9a-f]{6});", source, re.MULTILINE))

    assert contrast(colours[front], colours[ground]) >= 4.5


def test_what_somebody_typed_is_escaped_in_the_rows_of_a_list():
    typed = "<b>O'Brien & Co</b>"
    sign = Sign("submitted", typed)
    html = design.case_rows([Line("Referral", typed, typed, typed, sign, typed, typed, NOW)], True)

    assert "<b>" not in html
    assert html.count("&lt;b&gt;O&#x27;Brien &amp; Co&lt;/b&gt;") == 6
    assert "With" not in design.case_rows([Line("", "", "", "", sign, "", "", None)])
