"""The feed against the official schemas and the checker, both read from ../shared."""

import importlib.util
import io
import json
from contextlib import redirect_stdout
from types import ModuleType

import pytest
from django.test import Client

from tests.conftest import SHARED

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow("every rule of the checker"),
    # The checker leaves the schema files that it opens to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    path = SHARED / "checks" / "oruk_check.py"
    spec = importlib.util.spec_from_file_location("oruk_check", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class InProcess:
    """What the checker asks over HTTP, asked of the test client."""

    def __init__(self, checker: ModuleType) -> None:
        self.checker, self.seen = checker, []

    def get(self, path: str, **params):
        answer = Client().get(f"/oruk/v3{path}", params)
        body = answer.content
        seen = self.checker.Response(answer.status_code, answer.headers, body, path)
        self.seen.append(seen)
        return seen


def run(checker: ModuleType) -> tuple[int, int, str]:
    """Passed, failed, and the lines of what failed."""
    schemas = checker.Schemas(str(SHARED / "oruk" / "schema"))
    report = checker.Report(False, True)
    checks = checker.Checker("http://testserver", schemas, report, 30, {}, 10, 60)
    checks.c = InProcess(checker)
    with redirect_stdout(io.StringIO()) as said:
        checks.run()
    return report.passed, report.failed, said.getvalue()


@pytest.mark.thorough
def test_checker_finds_no_fault(site, checker):
    passed, failed, said = run(checker)

    assert (failed, said) == (0, "")
    assert passed > 200


@pytest.mark.thorough
def test_checker_would_find_a_fault(site, checker, monkeypatch):
    from cms.directory.oruk import shapes

    monkeypatch.setitem(shapes.STATUS, "open", "open")

    assert run(checker)[1] > 0


def test_every_service_fits_the_schema_of_its_detail(site, checker):
    schemas = checker.Schemas(str(SHARED / "oruk" / "schema"))
    validator = schemas.named("compiled/service.json")
    lines = Client().get("/oruk/v3/services", {"format": "ndjson"})

    rows = [json.loads(line) for line in b"".join(lines.streaming_content).splitlines()]

    assert len(rows) == 50
    assert [fault for row in rows for fault in checker.errors(validator, row)] == []
