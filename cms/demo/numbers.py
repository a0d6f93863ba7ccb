"""Numbers to ring on the demo. National ones are real; local ones are Ofcom's drama numbers."""

from accounts.models import Area
from cms.first_pages.helplines import ANY_TIME, HELPLINES
from cms.models import SafeguardingNumber
from cms.services import Number, record_safeguarding_numbers

Kind = SafeguardingNumber.Kind
LOCAL = [
    Number(Kind.EMERGENCY, "In danger now", "999", "Police, ambulance or fire.", ANY_TIME),
    Number(Kind.POLICE, "Police, if it can wait", "101", "To tell the police something.", ANY_TIME),
    Number(
        Kind.SAFEGUARDING,
        "City children's social care (invented)",
        "0115 496 0010",
        "If a child in the city is not safe.",
        "9am to 5pm, Monday to Friday",
        thresholds=Area.Thresholds.CITY,
    ),
    Number(
        Kind.SAFEGUARDING,
        "County children's social care (invented)",
        "0115 496 0020",
        "If a child in the county is not safe.",
        "9am to 5pm, Monday to Friday",
        thresholds=Area.Thresholds.COUNTY,
    ),
    Number(
        Kind.OUT_OF_HOURS,
        "Emergency duty team (invented)",
        "0115 496 0030",
        "If a child is not safe and the office is closed.",
        "evenings, nights and weekends",
    ),
]


def build() -> None:
    danger, *others = LOCAL
    helplines = [HELPLINES[key] for key in ("samaritans", "shout")]
    record_safeguarding_numbers([danger, HELPLINES["childline"], *others, *helplines])
