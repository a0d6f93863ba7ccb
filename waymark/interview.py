"""`manage.py setup` without a file: asks for what the file would say, one question at a time."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Ask = Callable[[str], str]
Say = Callable[[str], Any]
EXAMPLE = Path(__file__).resolve().parent / "setup.example.toml"


def ask(answer: Ask, say: Say) -> dict[str, Any]:
    """The same tables as in the file. `answer` puts a question and gives what was typed."""
    say("What you type is kept only when all questions are answered. Ctrl-C leaves all as it was.")
    say("With a file it is quicker: manage.py setup --example > setup.toml\n")
    unit = {"name": _text(answer, "Name of the unit"), "service_name": "Waymark"}
    areas = _areas(answer, say)
    top = next(area["code"] for area in areas if not area.get("parent"))
    administrator = _person(answer, say, "The first administrator")
    coordinator = _person(answer, say, "A coordinator, who decides on referrals")
    lead = _person(answer, say, "A safeguarding lead, who answers concerns")
    return {
        "unit": unit,
        "areas": areas,
        "administrator": administrator,
        "people": [
            {**coordinator, "role": "coordinator", "areas": [top]},
            {**lead, "role": "safeguarding_lead", "areas": [top]},
        ],
        "numbers": _numbers(answer, say),
        "duty": [_duty(answer, say, lead["email"], top)],
        "programmes": [_programme(answer, say, top)],
    }


def _text(answer: Ask, question: str, default: str = "") -> str:
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while True:
        if typed := (answer(shown).strip() or default):
            return typed


def _areas(answer: Ask, say: Say) -> list[dict[str, str]]:
    say("\nAreas. Enter alone takes Nottingham and Nottinghamshire with its districts.")
    region = answer("Name of your region (or Enter): ").strip()
    if not region:
        example: list[dict[str, str]] = tomllib.loads(EXAMPLE.read_text("utf-8"))["areas"]
        return example
    code = _text(answer, "Its code (Office for National Statistics, or your own)")
    areas = [{"code": code, "name": region, "kind": "region"}]
    say("Now its districts; an empty code ends the list.")
    while district := answer("Code of a district, like E06000018: ").strip():
        areas.append(
            {
                "code": district,
                "name": _text(answer, "Its name"),
                "kind": "district",
                "parent": code,
                "thresholds": _text(answer, "Levels of need: city, county or other", "other"),
            }
        )
    return areas


def _person(answer: Ask, say: Say, who: str) -> dict[str, str]:
    say(f"\n{who}.")
    return {"name": _text(answer, "Full name"), "email": _text(answer, "Work email address")}


def _numbers(answer: Ask, say: Say) -> list[dict[str, str]]:
    say("\nNumbers to ring. They are shown when a child is in danger: check them by ringing them.")
    return [
        {"kind": "emergency", "name": "In danger now", "number": "999", "hours": "any time"},
        {
            "kind": "safeguarding",
            "name": _text(
                answer, "Social care in office hours is called", "Children’s social care"
            ),
            "number": _text(answer, "Its number"),
            "hours": _text(answer, "Its hours", "weekdays, 8:30am to 5pm"),
        },
        {
            "kind": "out_of_hours",
            "name": _text(answer, "At other times it is called", "Emergency duty team"),
            "number": _text(answer, "Its number"),
            "hours": "evenings, nights, weekends and bank holidays",
        },
    ]


def _duty(answer: Ask, say: Say, email: str, area: str) -> dict[str, Any]:
    say("\nThe duty rota, for thirteen weeks; more leads and weeks can be added with a file.")
    say("School terms come with a file too: until then, days in the holidays count for schools.")
    return {
        "email": email,
        "area": area,
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "from": _text(answer, "The safeguarding lead is on duty on working days from", "08:30"),
        "until": _text(answer, "until", "17:00"),
        "weeks": 13,
    }


def _programme(answer: Ask, say: Say, area: str) -> dict[str, Any]:
    say("\nThe programme that referrals are for; more can be added with a file.")
    return {
        "name": _text(answer, "Its name"),
        "summary": _text(answer, "What it is, in a sentence"),
        "commission": _text(answer, "Commissioned under", "Serious Violence Duty"),
        "funding_line": _text(answer, "Funding line", "Home Office grant"),
        "places": _text(answer, "Places", "60"),
        "areas": [area],
    }
