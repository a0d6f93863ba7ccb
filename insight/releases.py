"""Counting people and searches, once for each period; whatever shows a figure of them reads it
here (docs/adr/0013)."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from accounts.models import Area, Postcode
from cms.directory import demand
from pathways import counting as pathways
from referrals import counting as referrals

from .disclosure import VERSION, Shown, protect_parts, protect_table
from .models import Release
from .periods import Period, last_four_quarters

Cells = dict[str, list[Shown]]
Table = Release.Table


def make() -> int:
    """Count the last period, and keep what may be shown of it. What was counted before stays as it
    is. Counts the tables."""
    period = last_four_quarters()
    districts = list(Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("name"))
    if not districts:
        return 0
    people = referrals.people_by_district(*period)
    made = [
        _keep(period, Table.REFERRED, partial(_referred, districts, people, period)),
        _keep(period, Table.SEARCHED, partial(_searched, districts, period)),
        _keep(period, Table.NEEDS, partial(_needs, period)),
    ]
    totals = read(period, Table.REFERRED)
    for district in districts:
        if district.code in totals and (wards := _wards_with_postcodes(district)):
            here = [who for who, code in people.items() if code == district.code]
            count = partial(_by_ward, wards, here, totals[district.code][-1])
            made.append(_keep(period, Table.WARDS, count, district.code))
    return sum(made)


def latest() -> Period:
    """The period of the newest figures; the last one while there are none."""
    row = Release.objects.filter(table=Table.REFERRED).order_by("-until").first()
    return Period(row.since, row.until) if row else last_four_quarters()


def read(period: Period, table: Table, place: str = "") -> Cells:
    """By code (or name) what may be shown; nothing of what was not counted."""
    row = Release.objects.filter(table=table, place=place, until=period.until).first()
    return row.cells if row else {}


def _keep(period: Period, table: Table, count: Callable[[], Cells], place: str = "") -> bool:
    """Whether it was not there yet."""
    key = {"until": period.until, "table": table, "place": place}
    if Release.objects.filter(**key).exists():
        return False
    kept = {"since": period.since, "cells": count(), "rules": VERSION}
    return Release.objects.get_or_create(**key, defaults=kept)[1]


def _referred(districts: list[Area], people: Mapping[UUID, str], period: Period) -> Cells:
    """Of each district the young people referred who are out of education, training and work or
    not known to be in any, the others, and all; under "" everywhere together."""
    out = Counter(people[who] for who in pathways.out_of_place(people, period.until))
    every = Counter(people.values())
    return _protected(districts, {code: (out[code], every[code] - out[code]) for code in every})


def _searched(districts: list[Area], period: Period) -> Cells:
    """Of each district the searches that found nothing, the others, and all."""
    return _protected(districts, demand.by_district(*period))


def _protected(districts: list[Area], counts: Mapping[str, tuple[int, int]]) -> Cells:
    codes = [area.code for area in districts]
    rows = protect_table([counts.get(code, (0, 0)) for code in codes])
    return dict(zip([*codes, ""], rows, strict=True))


def _needs(period: Period) -> Cells:
    """Of each need the searches that found nothing, and who said that it was missing."""
    return {name: [searches, told] for name, searches, told in demand.by_need(*period)}


def _wards_with_postcodes(district: Area) -> list[str]:
    """The codes of its wards, once it is known which postcodes are theirs."""
    wards = Area.objects.filter(kind=Area.Kind.WARD, parent=district).order_by("name")
    codes = list(wards.values_list("code", flat=True))
    return codes if Postcode.objects.filter(ward_code__in=codes).exists() else []


def _by_ward(wards: list[str], here: list[UUID], total: Shown) -> Cells:
    """What of a district's total, as it was released, each ward may say. Those whose ward is not
    known are a part as well. All are withheld with the total, and where it is of other people than
    they are: somebody was deleted or came between one count and the other."""
    lived = Counter(referrals.wards_of(here).values())
    parts = [lived[code] for code in wards]
    if total is None or sum(parts) > total:
        return {code: [None] for code in wards}
    shown = protect_parts([*parts, total - sum(parts)])
    return {code: [cell] for code, cell in zip(wards, shown, strict=False)}
