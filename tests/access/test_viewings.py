"""Every page of a case that somebody opens leaves a Viewing of it, or is not shown (security §4)."""

import pytest
from django.db import transaction

from casework import registry
from casework.models import Viewing
from referrals.views import case as case_page
from tests.access.everything import TABLE
from tests.access.probe import Probe, heard
from tests.thorough import THOROUGH


def rows_of_cases():
    """The rows about one case each: their address holds its reference."""
    return [row for row in TABLE if row.family and "reference" in row.family.missing]


def asked():
    """Who opens which page of which case: all who may, or of each row its example."""
    for row in rows_of_cases():
        cell = row.cells.get("GET", {})
        pairs = [(who, thing) for thing in cell for who in row.family.seers(thing)]
        for who, thing in pairs if THOROUGH else [row.example("GET")]:
            if who and 200 in row.expected("GET", thing, who):
                yield row, thing, who


def overlooked(stage) -> list[str]:
    """The pages that were shown and left nothing behind."""
    probes, found = {}, []
    for row, thing, who in asked():
        probe = probes.setdefault(who, Probe(stage, who))
        mine = Viewing.objects.filter(viewer=stage.person(who))
        before = set(mine.values_list("pk", flat=True))
        url = probe.url(row, thing)
        if probe.ask("GET", url).status == 200:
            looked = mine.exclude(pk__in=before).values_list("case_kind", "case_id")
            if not looked or not _is_of(looked, row.family.kwargs(stage, thing)["reference"]):
                found.append(f"{row.label}: {who} read {url}")
    return found


def _is_of(looked, reference) -> bool:
    """Whether one of these is the case with that reference."""
    return any(
        registry.kinds()[kind]._base_manager.filter(pk=pk, reference=reference).exists()
        for kind, pk in looked
    )


def test_every_page_of_a_case_leaves_a_viewing(stage):
    assert len(rows_of_cases()) > 40
    with heard():
        assert overlooked(stage) == []


@pytest.mark.thorough
def test_a_page_that_forgets_is_found(stage, monkeypatch):
    """The control."""
    monkeypatch.setattr(case_page, "looked", lambda *args, **kwargs: None)
    with heard():
        assert any(line.startswith("referrals:referral") for line in overlooked(stage))


@pytest.mark.parametrize("path", ["", "?tab=notes", "notes/new/", "summary.pdf", "start-triage/"])
def test_a_page_whose_viewing_cannot_be_written_is_not_shown(stage, monkeypatch, path):
    def broken(*args, **kwargs):
        raise OSError("no disk")

    url = f"/referrals/{stage.references['submitted']}/{path}"
    probe = Probe(stage, "cora")
    assert probe.ask("GET", url).status == 200
    monkeypatch.setattr(Viewing.objects, "create", broken)
    probe.client.raise_request_exception = False
    with heard(), transaction.atomic():
        assert probe.ask("GET", url).status == 500
