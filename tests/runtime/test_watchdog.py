"""When the supervisor takes a living worker for a stalled one."""

import pytest

from waymark.supervisor import is_stalled

FIGURES = [
    ({}, False),
    ({"queue_oldest_seconds": None, "queue_last_done_seconds": None}, False),
    ({"queue_oldest_seconds": 30, "queue_last_done_seconds": None}, False),
    ({"queue_oldest_seconds": 121, "queue_last_done_seconds": 121}, True),
    ({"queue_oldest_seconds": 121, "queue_last_done_seconds": None}, True),
    # A long queue that is worked on is no stall.
    ({"queue_oldest_seconds": 3600, "queue_last_done_seconds": 1}, False),
    # Nothing in the queue, but letters due and no relay: nobody is woken.
    ({"outbox_oldest_seconds": 301, "relay_last_seconds": 301}, True),
    # Letters that wait for a mail server that refuses them are no reason to restart the worker.
    ({"outbox_oldest_seconds": 301, "relay_last_seconds": 20}, False),
]


@pytest.mark.parametrize(("figures", "stalled"), FIGURES)
def test_a_worker_is_stalled_when_work_waits_and_none_is_done(figures, stalled):
    assert is_stalled(figures) is stalled
