"""The living style page: every component, with words like those of real pages. Never live."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString

from accounts import clock
from accounts.widgets import (
    Checks,
    Chips,
    DateField,
    DayBox,
    PostcodeField,
    Radios,
    TimeField,
)
from waymark.templatetags import design

YES_NO = [("yes", "Yes"), ("no", "No")]
CONTACT = [("text", "Text message"), ("call", "Phone call"), ("other", "Another way")]
SUPPORT = [("school", "Getting back into school"), ("work", "Finding work"), ("safe", "Being safe")]
DONE = [("talk", "Talked"), ("sport", "Sport"), ("cv", "CV"), ("visit", "Visited a college")]


class Everything(forms.Form):
    """One of each control."""

    name = forms.CharField(
        label="What they like to be called",
        max_length=80,
        widget=forms.TextInput({"size": 20, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the name they like to be called"},
    )
    born = DateField(
        label="Date of birth",
        help_text="For example, 27 3 2009",
        subject="Date of birth",
        latest=clock.today,
    )
    postcode = PostcodeField(label="Postcode", required=False)
    email = forms.EmailField(label="Your email address", required=False)
    contact = forms.ChoiceField(
        label="How should we get in touch?",
        choices=CONTACT,
        widget=Radios(
            hints={"text": "We never say in a text what it is about"},
            reveals={"other": "contact_other"},
        ),
        error_messages={"required": "Choose how we should get in touch"},
    )
    contact_other = forms.CharField(label="Which way?", required=False, max_length=80)
    told = forms.ChoiceField(
        label="Does the young person know about this referral?",
        choices=YES_NO,
        widget=Radios(inline=True),
        error_messages={"required": "Say whether the young person knows"},
    )
    support = forms.MultipleChoiceField(
        label="What would help?",
        help_text="Choose all that fit",
        choices=SUPPORT,
        widget=Checks(hints={"safe": "Travel, online or at home"}),
        error_messages={"required": "Choose at least one thing that would help"},
    )
    school = forms.ChoiceField(
        label="School", choices=[("", "Choose one"), ("n", "Northside School")], required=False
    )
    why = forms.CharField(
        label="Why now?",
        help_text="What has happened, and what you have tried",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Say why now"},
    )
    day = forms.DateField(label="Day you met", widget=DayBox, required=False)
    time = TimeField(label="Time you met", required=False)
    did = forms.MultipleChoiceField(
        label="What did you do?", choices=DONE, widget=Chips, required=False
    )
    letter = forms.FileField(label="Letter from school", required=False)
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput({"autocomplete": "current-password", "size": 20}),
        required=False,
    )
    agreed = forms.BooleanField(
        label="They agree to take part",
        help_text="They can change their mind at any time",
        error_messages={"required": "Confirm that they agree to take part"},
    )


class Sample:
    """Stands in for a case: a state and its word."""

    def __init__(self, status: str, word: str) -> None:
        self.status, self.word = status, word

    def get_status_display(self) -> str:
        return self.word


CASES = [
    Sample("submitted", "Received"),
    Sample("triage", "Being looked at"),
    Sample("info_needed", "We need something from you"),
    Sample("held", "Held by safeguarding"),
    Sample("active", "Support started"),
    Sample("closed", "Ended"),
]


def _entries() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "at": now - timedelta(hours=1),
            "who": "Cora Wells",
            "did": "accepted the referral.",
            "tone": "ok",
            "words": ["Fits the programme. Northside has tried a timetable change."],
        },
        {"at": now - timedelta(hours=2), "who": "Cora Wells", "did": "started to decide."},
        {
            "at": now - timedelta(days=2),
            "who": "The system",
            "did": "told Pru Mistry: nobody had picked it up.",
            "tone": "late",
        },
        {"at": now - timedelta(days=4), "who": "Alex Reed", "did": "sent the referral."},
    ]


MOVES = [
    {"label": "Accept", "url": "#accept"},
    {"label": "Ask the referrer", "url": "#ask"},
    {"label": "Do not accept", "url": "#decline"},
]
TABS = [
    {"label": "Summary", "url": "#summary", "current": True},
    {"label": "Timeline", "url": "#timeline", "current": False},
    {"label": "Needs and risk", "url": "#needs", "current": False},
    {"label": "Notes", "url": "#notes", "current": False, "count": 3},
]


def _case() -> dict[str, Any]:
    now = clock.now()
    rows = [
        {"reference": "K7M-2QF", "case": case, "due_at": now + timedelta(days=days)}
        for case, days in zip(CASES, (-2, 0, 1, 4, 12, 200), strict=True)
    ]
    head_status: SafeString = design.status_tag(CASES[1])
    return {
        "cases": CASES,
        "rows": rows,
        "head": {
            "name": "Jay",
            "reference": "K7M-2QF",
            "status": head_status,
            "flags": ["Do not ring home"],
            "facts": [
                {"key": "Owner", "value": "Cora Wells"},
                {"key": "Next", "value": "Decide, due tomorrow"},
            ],
        },
        "moves": MOVES,
        "tabs": TABS,
        "facts": [
            {"key": "Age", "value": "15"},
            {"key": "School", "value": "Northside School", "change_url": "#school"},
            {"key": "Language at home", "value": "", "change_url": "#language"},
        ],
        "entries": _entries(),
    }


GROUPS = [
    {
        "heading": "Cost",
        "items": [
            {"label": "Any", "url": "#any", "current": False},
            {"label": "Free", "url": "#free", "current": True, "count": 31},
        ],
    }
]


def _public() -> dict[str, Any]:
    return {
        "numbers": [
            {"name": "In danger now", "number": "999", "words": "Police, ambulance or fire"},
            {"name": "Childline", "number": "0800 1111", "words": "Free, any time, under 19"},
            {"name": "Not sure who to ask", "number": "101", "words": "Police, not urgent"},
        ],
        "choices": [
            {"label": "I am worried about a friend", "url": "#friend"},
            {
                "label": "I want to leave a group",
                "url": "#group",
                "words": "You can get out safely",
            },
            {"label": "I have been hurt", "url": "#hurt"},
        ],
        "chips": [{"label": "Free", "url": "#free"}, {"label": "Age 15", "url": "#age"}],
        "groups": GROUPS,
        "service": {
            "name": "Riverside Boxing and Talk",
            "url": "#service",
            "sentence": "Boxing twice a week, and a youth worker to talk to.",
            "checked_at": clock.now() - timedelta(weeks=3),
            "facts": [
                {"key": "Who for", "value": "Ages 11 to 18"},
                {"key": "Where", "value": "Sneinton, 1.2 miles"},
                {"key": "When", "value": "Tuesday and Thursday, 5pm"},
                {"key": "Cost", "value": "Free"},
            ],
        },
    }


def _progress() -> dict[str, Any]:
    return {
        "tasks": [
            {"label": "The young person", "url": "#person", "status": "Done"},
            {
                "label": "Reaching them safely",
                "url": "#safely",
                "status": "Not finished",
                "tone": "info",
            },
            {
                "label": "Why now",
                "url": "#why",
                "status": "Problem",
                "tone": "late",
                "hint": "2 answers",
            },
            {"label": "Check and send", "url": "", "status": "Cannot start yet"},
        ],
        "steps": [
            {"label": "Started at Castle College", "state": "done", "words": "Monday 3 March"},
            {"label": "4 weeks in", "state": "current", "words": "Ada will ring by Friday 4 April"},
            {"label": "13 weeks in", "state": "next"},
            {"label": "26 weeks in", "state": "next"},
        ],
    }


def _form(request: HttpRequest) -> Everything:
    if request.method == "POST":
        return Everything(request.POST, request.FILES)
    if "errors" in request.GET:
        half = {"born_day": "31", "born_month": "2", "born_year": "2009", "postcode": "NG"}
        return Everything({**half, "name": "", "contact": "other", "email": "not an address"})
    return Everything(initial={"born": clock.today() - timedelta(days=5500), "did": ["talk"]})


def style(request: HttpRequest) -> HttpResponse:
    """`?face=public` shows the public face, `?errors` the form with its errors."""
    if settings.WAYMARK_MODE == "live":
        raise Http404
    public = request.GET.get("face") == "public"
    context = {
        **_case(),
        **_public(),
        **_progress(),
        "face": "base_public.html" if public else "base_staff.html",
        "form": _form(request),
        "service_name": "Waymark",
        "site_numbers": _public()["numbers"],
        "unit_name": "Nottingham and Nottinghamshire Violence Reduction Unit",
        "is_demo": True,
        "person": {"name": "Cora Wells", "role": "Coordinator"},
        "sign_out_url": "#sign-out",
        "search_url": "#search",
        "navigation": [
            {"label": "My work", "url": "#work", "current": True, "count": 12},
            {"label": "Referrals", "url": "#referrals", "current": False, "count": 0},
            {"label": "Matches", "url": "#matches", "current": False},
            {"label": "Mentors", "url": "#mentors", "current": False},
            {"label": "Pathways", "url": "#pathways", "current": False},
            {"label": "Insight", "url": "#insight", "current": False},
        ],
    }
    return render(request, "style_page.html", context)


urlpatterns = [path("style/", style, name="style")]
