import uuid

from django.db import models
from wagtail.models import Orderable


class Part(Orderable):
    """A row that is edited as part of a record and kept in its revisions.

    Its primary key is a number, unlike that of other models: modelcluster knows a new row of a
    draft by its empty key, and a UUID is never empty. The feed shows the `uuid`.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta(Orderable.Meta):
        abstract = True
