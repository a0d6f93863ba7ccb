"""The log has routes and codes, never a path or what PostgreSQL says of a row."""

import io
import logging

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from accounts.models import User
from waymark.logs import Line

CANARY = "canary-4711"


@pytest.fixture
def said():
    """What the console is told from now on."""
    [console] = [one for one in logging.getLogger().handlers if type(one.formatter) is Line]
    stream = io.StringIO()
    before = console.setStream(stream)
    yield stream
    console.setStream(before)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (f"/referrals/{CANARY}/", "status=404 method=GET route=wagtail_serve"),
        ("/referrals/K7M-2QF/", "status=404 method=GET route=referrals:referral"),
    ],
)
def test_a_page_that_is_not_there_is_logged_by_its_route(world, sign_in, said, path, line):
    assert sign_in(world.cora).get(path).status_code == 404

    assert line in said.getvalue()
    assert CANARY not in said.getvalue() and "K7M-2QF" not in said.getvalue()


def test_a_form_from_elsewhere_is_logged_without_where_it_came_from(world, said):
    client = Client(enforce_csrf_checks=True)

    client.post("/sign-in/", headers={"referer": f"https://elsewhere/{CANARY}/"}, secure=True)

    assert "django.security.csrf status=403 method=POST route=accounts:sign_in" in said.getvalue()
    assert CANARY not in said.getvalue()


def test_a_refused_row_is_logged_by_class_and_place(world, said):
    request = RequestFactory().get(f"/people/{CANARY}/")
    other = User.objects.get(pk=world.alex.pk)
    other.pk, other.phone = None, CANARY
    try:
        with transaction.atomic():
            other.save(force_insert=True)
    except IntegrityError as error:
        assert world.alex.email in str(error), "the control: PostgreSQL says the value"
        answer, about = HttpResponse(status=500), {"request": request, "exception": error}
        log_response("%s: %s", "Broken", request.path, response=answer, **about)
        logging.getLogger("waymark.clocks").exception("one failed")

    text = said.getvalue()
    assert CANARY not in text and world.alex.email not in text
    assert text.count("IntegrityError from ") == 2 and "waymark.clocks one failed\n" in text
    assert text.count("tests/waymark/test_logs.py:") == 2


def test_a_task_that_failed_is_logged_by_its_name_and_place(said):
    trace = f'{CANARY} : Traceback:\n  File "/usr/lib/x.py", line 7, in f\nValueError: {CANARY}'

    logging.getLogger("django-q").error("Failed 'casework.tasks.relay' (casework) - %s", trace)

    assert "Failed 'casework.tasks.relay' (casework) at /usr/lib/x.py:7\n" in said.getvalue()
    assert CANARY not in said.getvalue()
