"""The OpenAPI document of our feed, made from what it really answers."""

from typing import Any

from .resources import BY_NAME, Resource

LICENCE = {
    "name": "Open Government Licence v3.0",
    "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
UUID = {"type": "string", "format": "uuid"}
KINDS: dict[str, dict[str, Any]] = {
    "page": {"type": "integer", "minimum": 1},
    "per_page": {"type": "integer", "minimum": 1},
    "minimum_age": {"type": "integer"},
    "maximum_age": {"type": "integer"},
    "proximity": {"type": "integer", "description": "metres"},
    "full": {"type": "boolean"},
    "minimal": {"type": "boolean"},
    "top_only": {"type": "boolean"},
    "modified_after": {
        "type": "string",
        "format": "date-time",
        "description": "Changed at or after this moment, the oldest change first.",
    },
    "after_id": UUID
    | {
        "description": "With modified_after: of those that changed at that very moment, only the "
        "ones that come after this."
    },
    "taxonomy_id": UUID,
    "taxonomy_term_id": UUID,
    "parent_id": UUID,
    "organization_id": UUID,
}
PAGE = {
    "type": "object",
    "properties": {
        "total_items": {"type": "integer"},
        "total_pages": {"type": "integer"},
        "page_number": {"type": "integer"},
        "size": {"type": "integer"},
        "first_page": {"type": "boolean"},
        "last_page": {"type": "boolean"},
        "empty": {"type": "boolean"},
        "contents": {"type": "array", "items": {"type": "object"}},
    },
}


def describe(stub: str) -> dict[str, Any]:
    paths: dict[str, Any] = {"/": {"get": _operation("root", "Version of the standard", [], {})}}
    for name, resource in BY_NAME.items():
        paths[f"/{name}"] = {"get": _list_operation(name, resource)}
        paths[f"/{name}/{{id}}"] = {"get": _detail_operation(name, resource)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Service directory (Open Referral UK 3.0)",
            "version": "HSDS-UK-3.0",
            "description": (
                "To keep a copy, ask /services with modified_after, and for what comes next again "
                "with the last_modified of the last row as modified_after and its id as after_id, "
                "until no rows come. So nothing is lost or repeated while editors work: what is "
                "edited meanwhile comes again at the end. What has gone comes with its id, a "
                "status of defunct or inactive and last_modified. Begin the next time a minute "
                "before the last moment that you know. An unknown parameter is answered with 422."
            ),
            "license": LICENCE,
        },
        "servers": [{"url": stub}],
        "paths": paths,
    }


def _list_operation(name: str, resource: Resource) -> dict[str, Any]:
    parameters = [
        {
            "name": parameter,
            "in": "query",
            "required": False,
            "schema": _schema(parameter, resource),
        }
        for parameter in sorted(resource.parameters)
    ]
    return _operation(f"list_{name}", f"A page of {name}", parameters, PAGE)


def _schema(parameter: str, resource: Resource) -> dict[str, Any]:
    if parameter == "format":
        return {"type": "string", "enum": list(resource.forms)}
    return KINDS.get(parameter, {"type": "string"})


def _detail_operation(name: str, resource: Resource) -> dict[str, Any]:
    key = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    return _operation(f"get_{name}", f"One {resource.noun}", [key], {"type": "object"})


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any]
) -> dict[str, Any]:
    content = {"application/json": {"schema": schema or {"type": "object"}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": {"description": summary, "content": content}},
    }
