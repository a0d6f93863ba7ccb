"""How a service is now: on or paused, full or not. Who runs it says so and it is public at once:
a day's delay would send people to a closed door."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction
from wagtail.log_actions import log

from accounts.clock import today
from accounts.models import User
from accounts.widgets import Radios
from accounts.wording import PlainErrors
from cms.directory import listings
from cms.directory.models import Service

PLACES = ("places", "free_places", "all_places", "weeks_to_wait")


class TodayForm(PlainErrors, forms.ModelForm[Service]):
    class Meta:
        model = Service
        fields: ClassVar = ["status", "notice", *PLACES]
        labels: ClassVar = {"status": "Is it on?", "places": "Can somebody new get in?"}
        widgets: ClassVar = {"status": Radios, "places": Radios}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now_or_later = [Service.Status.OPEN, Service.Status.PAUSED]
        self._offer("status", [(one.value, one.label) for one in now_or_later])
        self._offer("places", [("", "We do not say"), *Service.Places.choices])
        if self.instance.status == Service.Status.CLOSED:  # opened again by an editor
            del self.fields["status"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Saving says that all of it is so today; without a word on places there are no numbers."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("places"):
            cleaned |= {"places": "", **dict.fromkeys(PLACES[1:])}
        self.instance.places_said_on = today() if cleaned.get("places") else None
        return cleaned


@transaction.atomic
def say(service: Service, said: dict[str, Any], *, by: User) -> None:
    """Public at once, and in the draft that somebody may be writing."""
    said = said | {"places_said_on": today() if said["places"] else None}
    row = Service.objects.select_for_update(of=["self"]).get(pk=service.pk)
    Service.objects.filter(pk=row.pk).update(**said)
    if draft := row.latest_revision:
        day = said["places_said_on"]
        draft.content |= said | {"places_said_on": day and day.isoformat()}
        draft.save(update_fields=["content"])
    log(instance=row, action="wagtail.edit", user=by, content_changed=True)
    listings.renew([row.pk])
