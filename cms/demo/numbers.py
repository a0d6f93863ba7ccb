"""Numbers to ring. National ones are real and public; local ones are Ofcom's drama numbers."""

from accounts.models import Area
from cms.models import SafeguardingNumber
from cms.services import Number, record_safeguarding_numbers

Kind = SafeguardingNumber.Kind
ANY_TIME = "any time, day or night"
HELPLINES = {
    "childline": Number(
        Kind.HELPLINE,
        "Childline",
        "0800 1111",
        "Free, for anyone under 19. It does not show on the bill.",
        ANY_TIME,
        "https://www.childline.org.uk/",
    ),
    "samaritans": Number(
        Kind.HELPLINE,
        "Samaritans",
        "116 123",
        "Free. They listen, whatever it is.",
        ANY_TIME,
        "https://www.samaritans.org/",
    ),
    "shout": Number(
        Kind.HELPLINE,
        "Shout",
        "85258",
        "Text the word SHOUT. Free on most phones.",
        ANY_TIME,
        "https://giveusashout.org/",
        is_text=True,
    ),
    "crimestoppers": Number(
        Kind.HELPLINE,
        "Crimestoppers",
        "0800 555 111",
        "Say what you know without giving your name.",
        ANY_TIME,
        "https://crimestoppers-uk.org/",
    ),
    "frank": Number(
        Kind.HELPLINE,
        "Talk to Frank",
        "0300 123 6600",
        "Ask anything about drugs.",
        ANY_TIME,
        "https://www.talktofrank.com/",
    ),
    "careers": Number(
        Kind.HELPLINE,
        "National Careers Service",
        "0800 100 900",
        "Free advice on courses and jobs.",
        "8am to 10pm, every day",
        "https://nationalcareers.service.gov.uk/",
    ),
}
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
