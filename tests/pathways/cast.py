"""Placements in any state for tables over roles and states; ada advises, with max as mentor."""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from casework.workflow import move
from pathways import demo, services
from pathways.demo import weeks_ago
from pathways.models import Opportunity, Placement
from referrals.models import Assignment, Referral
from tests.personas import Cast
from waymark.demo import making

__all__ = ["ADVISER", "MENTOR", "PathwayCast", "again", "weeks_ago"]
MENTOR, ADVISER = Assignment.Role.MENTOR, Assignment.Role.ADVISER


class PathwayCast(Cast):
    """People kept for one test, young people with max as mentor and ada as adviser, placements."""

    def __init__(self, world: Any, spare: Sequence[uuid.UUID] = ()) -> None:
        super().__init__(world)
        self._spare = list(spare)

    def active(self, *, adviser: str = "ada", **answers: Any) -> Referral:
        """max mentors, an adviser stands beside."""
        if adviser == "ada" and not answers and self._spare:
            return Referral.objects.get(pk=self._spare.pop())
        typed = {"kinds": ["mentoring", "ete"], "status": "619", **answers}
        referral = self._with("max", MENTOR, typed)
        if adviser:
            cora = self.by("cora")
            services.ask_adviser(referral=referral, worker=self.by(adviser), by=cora)
        return Referral.objects.get(pk=referral.pk)

    def advised_alone(self) -> Referral:
        """Help into education, training or work only: ada owns the referral."""
        return self._with("ada", ADVISER, {"kinds": ["ete"], "status": "619"})

    def _with(self, who: str, role: str, typed: dict[str, Any]) -> Referral:
        worker, cora = self.by(who), self.by("cora")
        sent = making.refer(by=self.by("alex"), programme=self.world.programme, **typed)
        accepted = making.accept(sent, by=cora)
        asked = move(accepted, "allocate", by=cora, worker=worker, role=role)
        return move(asked, "take_on", by=worker)

    def opportunity(self, **details: Any) -> Opportunity:
        return demo.opportunity(by=self.by("ada"), areas=[self.world.city], **details)

    def placement(self, state: str = "applied", **start: Any) -> Placement:
        """Brought there by ada, all on one day; `start` changes details of the start."""
        applied = demo.apply(self.active(), self.opportunity(), by=self.by("ada"))
        if state == "ended":
            start["started_on"] = weeks_ago(27)
            placed = demo.bring(applied, "started", by=self.by("ada"), **start)
            demo.answer_due(placed, by=self.by("ada"))
            return again(placed)
        return demo.bring(applied, state, by=self.by("ada"), **start)


def again(row: Any) -> Any:
    """The row as it is now."""
    return type(row)._base_manager.get(pk=row.pk)


def words(response):
    """The page as a person reads it, and nothing that a template could not resolve."""
    text = response.content.decode()
    assert "UNDEFINED" not in text, re.findall(r"UNDEFINED\(\S+\)", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def typed_day(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
