"""National numbers to ring: real and public."""

from cms.models import SafeguardingNumber
from cms.services import Number

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
