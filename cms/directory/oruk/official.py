"""The official schemas of Open Referral UK, where the setting ORUK_SCHEMAS names their folder.

Their licence (CC BY-SA 4.0) keeps them out of this code. The package that reads them is one for
development: where it is missing, the check goes without, and the page of the feed says so.
"""

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

PACKAGE = "jsonschema"
REMOTE = "https://raw.githubusercontent.com/openreferral/uk-profile/main/schema/"
OPENAPI = "urn:openapi"
# Not in the UK's OpenAPI; only a detail has a schema there.
BESIDES = {"/organizations/{id}": "compiled/organization.json"}


class Official:
    """The schemas of a folder, references between them resolved from it, never over the network."""

    def __init__(self, folder: Path) -> None:
        self.validator = import_module(PACKAGE).Draft202012Validator
        referencing = import_module("referencing")
        draft = import_module("referencing.jsonschema").DRAFT202012
        self.paths = json.loads((folder / "openapi.json").read_text("utf-8"))
        named = {OPENAPI: self.paths}
        for path in folder.rglob("*.json"):
            named[f"{REMOTE}{path.relative_to(folder).as_posix()}"] = json.loads(
                path.read_text("utf-8")
            )
        self.registry = referencing.Registry().with_resources(
            (uri, referencing.Resource(contents=schema, specification=draft))
            for uri, schema in named.items()
        )

    def fault(self, path: str, body: Any) -> str:
        """The first thing that is wrong with an answer of this path; "" for none, or no schema."""
        if path in self.paths["paths"]:
            place = path.replace("~", "~0").replace("/", "~1")
            schema = "get/responses/200/content/application~1json/schema"
            reference = f"{OPENAPI}#/paths/{place}/{schema}"
        elif path in BESIDES:
            reference = f"{REMOTE}{BESIDES[path]}"
        else:
            return ""
        checks = self.validator({"$ref": reference}, registry=self.registry)
        error = next(checks.iter_errors(body), None)
        if error is None:
            return ""
        return f"{'.'.join(map(str, error.absolute_path)) or 'it'}: {error.message[:200]}"


def read(faults: list[str]) -> Official | None:
    """None where there are none to be used; a folder that cannot be read is a fault."""
    if not settings.ORUK_SCHEMAS or not is_installed():
        return None
    try:
        return Official(Path(settings.ORUK_SCHEMAS))
    except (OSError, ValueError) as error:
        faults.append(f"The official schemas cannot be read ({type(error).__name__}).")
        return None


def is_installed() -> bool:
    return find_spec(PACKAGE) is not None


def in_words() -> str:
    """For readers of the page about the feed: by what it is checked."""
    if not settings.ORUK_SCHEMAS:
        return "It is checked by our own reading of the standard."
    if not is_installed():
        return (
            "It is checked by our own reading of the standard alone: the official schemas are "
            f"here, but the Python package {PACKAGE}, which reads them, is missing."
        )
    return "It is checked by our own reading of the standard and by its official schemas."
