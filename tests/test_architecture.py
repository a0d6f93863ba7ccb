"""Walls that an import linter cannot see: relations between models, sizes, how rows are chosen."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from casework import registry

BASE = Path(settings.BASE)
# From the ground up; a relation may point to its own level's package or to one further down.
LEVEL = {
    "accounts": 0, "auth": 0, "contenttypes": 0, "otp_totp": 0,
    "casework": 1, "cms": 1, "wagtailcore": 1, "taggit": 1, "wagtailimages": 1,
    "referrals": 2, "mentoring": 3, "pathways": 3, "insight": 4, "waymark": 5,
}  # fmt: skip
SIBLINGS = {("casework", "cms"), ("cms", "casework"), ("mentoring", "pathways"),
            ("pathways", "mentoring")}  # fmt: skip
OURS = ("accounts", "casework", "cms", "referrals", "mentoring", "pathways", "insight", "waymark")


def relations():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                yield model._meta.app_label, field.related_model._meta.app_label, str(field)


def test_relations_between_models_point_down():
    wrong = [
        name
        for source, target, name in relations()
        if source in OURS and (LEVEL.get(target, 0) > LEVEL[source] or (source, target) in SIBLINGS)
    ]

    assert wrong == []


def modules():
    for app in OURS:
        for path in sorted((BASE / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(BASE), path.read_text()


def test_files_and_functions_keep_their_size():
    long = []
    for path, text in modules():
        if text.count("\n") > 400:
            long.append(f"{path} has {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and _length(node) > 30:
                long.append(f"{path} {node.name}() has {_length(node)} lines")

    assert long == []


def _length(node):
    """Lines of a function without its decorators and its docstring."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    return node.end_lineno - body[0].lineno + 1


def test_templates_keep_their_size():
    long = [
        f"{path.relative_to(BASE)}"
        for app in OURS
        for path in (BASE / app).rglob("*.html")
        if path.read_text().count("\n") > 120 and "node_modules" not in path.parts
    ]

    assert long == []


def test_pages_fetch_cases_through_visible_to():
    """Views, forms, reports and the api fetch no case but through `visible_to` (security §8)."""
    kinds = "|".join(model.__name__ for model in registry.kinds().values())
    fetch = re.compile(
        rf"\b({kinds})\.objects\.(?!visible_to\b|seen_with\b|with_people\(\)\.prefetch)"
    )
    found = [
        f"{path}: {line.strip()}"
        for path, text in modules()
        if re.search(r"/(views|forms|reports|api|exports)(/|\.py)", f"/{path}")
        for line in text.splitlines()
        if fetch.search(line)
    ]

    assert found == []


def test_there_is_no_module_for_odds_and_ends():
    odd = {"utils.py", "helpers.py", "common.py", "constants.py", "managers.py", "core.py"}

    assert [path for path, _ in modules() if path.name in odd] == []
