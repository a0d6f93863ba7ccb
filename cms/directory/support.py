"""What a service says it is set up for: the types of need of schools' records, in plain words.

Codes are the Department for Education's SEN type codes (Complete the school census, code set "SEN
type"). The two that name no need are left out: OTH (other) and NSA (no assessment yet). On the
public site it reads "support for…": what a place offers, never what somebody has.
"""

import re
from collections.abc import Sequence

from django.db import models


class Support(models.TextChoices):
    AUTISM = "ASD", "Autism"
    LEARNING = "MLD", "Learning"
    READING = "SPLD", "Reading, writing and numbers"
    MUCH = "SLD", "Learning, with help in most things"
    MOST = "PMLD", "Learning and health, with help in all things"
    SPEECH = "SLCN", "Speech and language"
    SOCIAL = "SEMH", "Social and emotional"
    HEARING = "HI", "Hearing"
    SIGHT = "VI", "Sight"
    BOTH = "MSI", "Hearing and sight together"
    MOBILITY = "PD", "Mobility"


SENTENCE = "Support for: {}"
SAID = re.compile(SENTENCE.format(r"([^\n]+)"))


def sentence(labels: Sequence[str]) -> str:
    """As the feed has it, in the description: the standard has no field for it. "" for none."""
    return SENTENCE.format("; ".join(labels)) if labels else ""


def read(description: str) -> list[str]:
    """The codes that a sentence of a feed like ours names; nothing where it names another."""
    found = SAID.search(description)
    codes = {str(each.label): each.value for each in Support}
    names = found[1].split("; ") if found else []
    return [codes[name] for name in names] if all(name in codes for name in names) else []
