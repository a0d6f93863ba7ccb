"""What a new database needs before anybody signs in: reference data, rights, and what runs by the
clock. Loading it again changes nothing that the unit has edited."""

from datetime import datetime, time, timedelta
from io import StringIO

from django.core.management import call_command
from django_q.models import Schedule

from accounts.clock import LONDON, now
from cms.directory import listings
from waymark import app_role

NIGHTLY = 24 * 60
NIGHT = time(3, 15)  # in London

# Every task may run twice; a missed one is caught by the next. task: every how many minutes
TASKS: dict[str, int] = {
    "casework.tasks.relay": 1,
    "casework.tasks.sweep_clocks": 5,
    "casework.tasks.check_nobody_lost": 15,
    "casework.tasks.seal_events": NIGHTLY,
    "referrals.tasks.expire_drafts": 60,
    "mentoring.tasks.watch_checks": 60,
    "pathways.tasks.flag_lapsed": NIGHTLY,
    "pathways.tasks.end_breaks": NIGHTLY,
    "pathways.tasks.let_advisers_go": NIGHTLY,
    "accounts.tasks.sweep": 5,
    "cms.tasks.publish_scheduled": 15,
    "cms.tasks.sync_editors": 60,
    "cms.tasks.tidy_search": NIGHTLY,
    "cms.tasks.tell_suggestions": 60,
    "cms.tasks.forget_suggestions": NIGHTLY,
    "cms.tasks.forget_demand": NIGHTLY,
    "cms.tasks.check_feed": NIGHTLY,
    "cms.tasks.keep_fresh": NIGHTLY,
    "cms.tasks.check_links": 60,
    "cms.tasks.import_feeds": 1,
    "cms.tasks.forget_imports": NIGHTLY,
    "cms.tasks.find_duplicates": NIGHTLY,
    "cms.tasks.check_paths": 60,
    "insight.tasks.keep_track_records": NIGHTLY,
    "insight.tasks.release_figures": NIGHTLY,
}


def load() -> None:
    """Clocks, taxonomies and synonyms, the map of sectors, the rights of web and worker, what
    searching needs, the schedules."""
    app_role.grant()
    for command in ("load_clocks", "load_taxonomies", "load_places"):
        call_command(command, stdout=StringIO())
    listings.catch_up()
    _load_schedules()


def _load_schedules() -> None:
    """Make the schedules what this version says; those of older versions go."""
    Schedule.objects.exclude(name__in=TASKS).delete()
    for task, minutes in TASKS.items():
        said = {"func": task, "schedule_type": Schedule.MINUTES, "minutes": minutes}
        Schedule.objects.update_or_create(
            name=task,
            defaults=said,
            create_defaults={**said, "next_run": _tonight() if minutes == NIGHTLY else now()},
        )


def _tonight() -> datetime:
    """The next quarter past three in the morning; a shift of an hour in summer does no harm."""
    here = now().astimezone(LONDON)
    night = datetime.combine(here.date(), NIGHT, LONDON)
    return night if night > here else night + timedelta(days=1)
