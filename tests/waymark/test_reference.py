"""What runs by the clock, and when it runs first."""

from django.utils import timezone
from django_q.models import Schedule

from accounts.clock import LONDON
from waymark import reference


def test_what_is_nightly_begins_at_night_and_keeps_its_hour_when_it_is_loaded_again(world):
    Schedule.objects.all().delete()
    reference.load()
    nightly = Schedule.objects.filter(minutes=reference.NIGHTLY)
    begin = {schedule.next_run for schedule in nightly}
    nightly.update(next_run=timezone.now())

    reference.load()

    assert {moment.astimezone(LONDON).time() for moment in begin} == {reference.NIGHT}
    assert all(moment > timezone.now() for moment in begin)
    assert not nightly.filter(next_run__in=begin).exists()
    assert Schedule.objects.get(name="casework.tasks.relay").next_run <= timezone.now()
