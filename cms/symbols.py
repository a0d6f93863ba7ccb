"""A small picture beside what somebody may need, for people who find reading hard. Drawn by us, as
lines on a ground of 24 by 24; decoration only, so the words always stand beside it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

LINES = {
    "bed": "M3 19V6m0 10h18v3m0-3v-2.5a3.5 3.5 0 0 0-3.5-3.5H10v6M6.5 12a2 2 0 1 0 0-4 2 2 "
    "0 0 0 0 4z",
    "book": "M12 6.5c-2-1.4-5-2-9-2v14c4 0 7 .6 9 2 2-1.4 5-2 9-2v-14c-4 0-7 .6-9 2zm0 0v14",
    "coin": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm3-12a2.5 2.5 0 0 0-5 0v3.5c0 1.5-.4 "
    "2.6-1.3 3.7H15m-6.3-3.7h4.3",
    "heart": "M12 20.5C5.5 15.8 3 12.4 3 9c0-2.7 2-4.7 4.4-4.7 2 0 3.7 1.1 4.6 3 .9-1.9 "
    "2.6-3 4.6-3C19 4.3 21 6.3 21 9c0 3.4-2.5 6.8-9 11.5z",
    "house": "M3 11.5 12 4l9 7.5M5.5 9.5V20h13V9.5M10 20v-6h4v6",
    "people": "M8.5 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-3.5 2.7-6 6.5-6s6.5 2.5 6.5 "
    "6M16 4.5a3.3 3.3 0 0 1 0 6.5m1.5 3.3c2.8.6 4.5 2.8 4.5 5.7",
    "phone": "M7 3h10v18H7zm4 15h2",
    "plus": "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
    "scales": "M12 3v17m-5 0h10M5 6h14M5 6l-3 7a3.2 3.2 0 0 0 6 0zm14 0l-3 7a3.2 3.2 0 0 0 6 0z",
    "shield": "M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6zm-3.5 9l2.5 2.5 4.5-5",
    "signpost": "M11 21V3m0 2h7l3 2.5-3 2.5h-7m0 2H5l-3 2.5L5 17h6",
    "speech": "M4 4.5h16v11h-9L6.5 20v-4.5H4zM8 9h8m-8 3h5",
}
OF_NEED = {
    "attendance": "book",
    "bullying": "people",
    "care": "house",
    "discrimination": "people",
    "exclusion": "book",
    "exploitation": "shield",
    "family-conflict": "house",
    "home-violence": "shield",
    "homeless": "bed",
    "justice": "scales",
    "mental-health": "heart",
    "missing": "house",
    "money": "coin",
    "neet": "signpost",
    "online-harm": "phone",
    "peer-conflict": "people",
    "relationship-abuse": "heart",
    "send": "book",
    "skills": "book",
    "speech": "speech",
    "substance": "plus",
    "trauma": "heart",
    "victim": "shield",
    "weapons": "shield",
    "young-carer": "house",
}
DRAWN = (
    '<svg class="wm-symbol" width="32" height="32" viewBox="0 0 24 24" aria-hidden="true" '
    'focusable="false"><path d="{}"/></svg>'
)


def symbol_of(need: str) -> SafeString:
    """The picture for a need, by the code of its term; nothing for one that has none."""
    name = OF_NEED.get(need)
    return format_html(DRAWN, LINES[name]) if name else SafeString("")
