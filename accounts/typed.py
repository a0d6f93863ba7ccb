"""What somebody typed into a form that could not be taken: given back in the page that says so, to
be sent again. It is kept in that page and nowhere else."""

from typing import Any

from django.http import HttpRequest

NEVER = ("csrfmiddlewaretoken", "password")  # a name with one of these in it is not given back


def given_back(request: HttpRequest) -> dict[str, Any]:
    """For `components/typed.html`: where it goes, what was typed, and whether files were with it,
    which have to be chosen again."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in NEVER)
    ]
    return {"action": request.get_full_path(), "fields": fields, "has_files": bool(request.FILES)}
