"""The feed on a server, asked by the checker as an outsider runs it: its last line says how many
checks failed."""

import json
import re
import subprocess
import sys
import uuid
from io import StringIO

import pytest
from django.core.management import call_command

from cms.directory import listings
from cms.models import Service, Source
from tests import databases
from tests.conftest import SHARED
from tests.serving import serving
from tests.thorough import THOROUGH

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow("the whole feed over HTTP, and 817 services that are published first"),
]
CHECKER = SHARED / "checks" / "oruk_check.py"
FEED = SHARED / "data" / "feeds" / "bristol_services_oruk3.json"


def check() -> str:
    """What the checker says: its faults, and its count on the last line."""
    with serving() as url:
        command = [sys.executable, str(CHECKER), f"{url}/oruk/v3", "-q"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said
    return said.strip()


def passed(said: str) -> int:
    """How many checks passed, none failed."""
    found = re.fullmatch(r"(\d+) passed, 0 failed", said.splitlines()[-1])
    assert found, said
    return int(found[1])


@pytest.fixture
def council(site_database, django_db_blocker, tmp_path, settings):
    """The demo's site with a council's services published beside its own, in a database of its own.
    Gives their number."""
    settings.VAR = tmp_path
    records = json.loads(FEED.read_text(encoding="utf-8"))[:: 1 if THOROUGH else 20]
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    name = f"wm_own_{databases.run_id()}_{uuid.uuid4().hex[:12]}"
    databases.clone(f"wm_site_{databases.run_id()}", name)
    with django_db_blocker.unblock():
        before = databases.use(name, keep=True)
        try:
            call_command("import_services", path, source="Bristol", publish=True, stdout=StringIO())
            source = Source.objects.get()
            source.may_republish = True
            source.save()
            listings.follow(source)
            yield len(records)
        finally:
            databases.use(before)


@pytest.mark.thorough
def test_the_demo_feed_has_no_fault(site):
    assert passed(check()) > 200


@pytest.mark.thorough
def test_a_council_feed_that_we_pass_on_has_no_fault(council):
    taken = Service.objects.in_feed().exclude(source_record=None)

    assert taken.count() == council
    assert passed(check()) > 200


@pytest.mark.thorough
def test_a_null_in_the_feed_is_found(site, monkeypatch):
    from cms.directory.oruk import shapes

    monkeypatch.setattr(shapes, "given", lambda **fields: {**fields, "url": None})

    said = check()

    assert "FAIL" in said
    with pytest.raises(AssertionError):
        passed(said)
