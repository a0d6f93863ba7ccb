"""What runs by the clock. Every task may run twice; a missed one is caught by the next."""

from django_q.models import Schedule

# task: every how many minutes
TASKS: dict[str, int] = {
    "casework.tasks.relay": 1,
    "casework.tasks.sweep_clocks": 5,
    "casework.tasks.check_nobody_lost": 15,
    "casework.tasks.seal_events": 24 * 60,
    "referrals.tasks.expire_drafts": 60,
}


def load() -> None:
    """Make the schedules what this version says; those of older versions go."""
    Schedule.objects.exclude(name__in=TASKS).delete()
    for task, minutes in TASKS.items():
        Schedule.objects.update_or_create(
            name=task,
            defaults={"func": task, "schedule_type": Schedule.MINUTES, "minutes": minutes},
        )
