from typing import Any

from django.urls import URLPattern, path, register_converter

from . import clock_pages, records, references, views
from .models import Case

app_name = "casework"


class ReferenceConverter:
    """`K7M-2QF` in a path; anything else is no page."""

    regex = references.PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class MoveConverter:
    """`start-triage` in a path is the move `start_triage` in code."""

    regex = "[a-z]+(?:-[a-z]+)*"

    def to_python(self, value: str) -> str:
        return value.replace("-", "_")

    def to_url(self, value: str) -> str:
        return value.replace("_", "-")


register_converter(ReferenceConverter, "reference")
register_converter(MoveConverter, "move")


def case_urls(model: type[Case], prefix: str = "") -> list[URLPattern]:
    """The paths that every kind of case has below its own: notes, who has looked, letters, and each
    move.

    Include them last: a move's name is a word like any other path.
    """
    of: dict[str, Any] = {"model": model}
    return [
        path("<reference:reference>/notes/new/", views.write_note, of, name=f"{prefix}write_note"),
        path(
            "<reference:reference>/notes/<uuid:pk>/correct/",
            views.correct_note,
            of,
            name=f"{prefix}correct_note",
        ),
        path("<reference:reference>/who-has-looked/", records.viewers, of, name=f"{prefix}viewers"),
        path("<reference:reference>/letters/", records.letters, of, name=f"{prefix}letters"),
        path("<reference:reference>/<move:name>/", views.transition, of, name=f"{prefix}move"),
    ]


urlpatterns = [
    path("clocks/", clock_pages.clocks, name="clocks"),
    path("clocks/<uuid:pk>/", clock_pages.clock, name="clock"),
    path("letters/", views.failures, name="failures"),
    path("letters/<uuid:pk>/retry/", views.retry, name="retry"),
]
