"""Letters wait in the queue, which is a table of this database: written with the change itself,
they are neither lost nor sent for something that did not happen. Arguments are ids only."""

import uuid

from django_q.tasks import async_task


def wake(task: str, pk: uuid.UUID, *words: str) -> None:
    """Have `accounts.tasks.<task>` called with an id (and codes) after this transaction."""
    async_task(f"accounts.tasks.{task}", str(pk), *words)
