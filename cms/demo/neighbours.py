"""Another county's directory, as an import would bring it: three invented services beyond ours."""

from typing import Any

from cms.directory.importing import ServiceImport
from cms.directory.runs import Tally
from cms.models import Source

NAME = "Derbyshire help (invented)"
PROVIDER = {"id": "erewash-valley", "name": "Erewash Valley Youth (invented)"}
ROWS = [
    (
        "long-eaton-boxing",
        "Long Eaton boxing nights",
        "Learn to box with a coach. No kit needed.",
        ("Canal Hall", "Long Eaton", 52.898, -1.271),
        "Sport and fitness",
        "MO,TH",
    ),
    (
        "shirebrook-drop-in",
        "Shirebrook drop-in",
        "Food, games and somebody to talk to.",
        ("The Station Rooms", "Shirebrook", 53.206, -1.222),
        "Youth clubs and drop-ins",
        "WE",
    ),
    (
        "alfreton-work-club",
        "Alfreton work club",
        "Help with a CV, forms and your first interview.",
        ("Market Rooms", "Alfreton", 53.097, -1.388),
        "Finding a job",
        "TU",
    ),
]


def build() -> None:
    source = Source.objects.create(
        code="derbyshire-help",
        name=NAME,
        is_neighbour=True,
        publishes=True,
        is_paused=True,
        record_url="https://derbyshire-help.example.org/service/{id}",
    )
    taker = ServiceImport(source, Tally(), publish=True)
    for number, row in enumerate(ROWS, 1):
        taker.take(number, _record(*row))


def _record(
    key: str, name: str, words: str, at: tuple[str, str, float, float], kind: str, days: str
) -> dict[str, Any]:
    venue, town, latitude, longitude = at
    return {
        "id": key,
        "name": name,
        "status": "active",
        "description": words,
        "fees": "Free",
        "minimum_age": 13,
        "maximum_age": 19,
        "organization": PROVIDER,
        "attributes": [{"taxonomy_term": {"name": kind}}],
        "schedules": [{"freq": "WEEKLY", "byday": days, "opens_at": "17:00", "closes_at": "19:30"}],
        "service_at_locations": [
            {
                "location": {
                    "id": f"{key}-venue",
                    "name": venue,
                    "latitude": latitude,
                    "longitude": longitude,
                    "addresses": [{"city": town, "state_province": "Derbyshire"}],
                }
            }
        ],
    }
