"""Vocabularies of a referral that forms, models and other packages share."""

from django.db import models


class Scope(models.TextChoices):
    """The strategy's seven categories of serious violence (strategy §1.2)."""

    WEAPON_VIOLENCE = "weapon_violence", "Violence with a weapon, in public or at home"
    ASSAULT = "assault", "Assault, from actual bodily harm upwards"
    WEAPON_ROBBERY = "weapon_robbery", "Robbery with a weapon"
    COUNTY_LINES = "county_lines", "County lines linked to violence or gang conflict"
    NIGHT_ECONOMY = "night_economy", "Serious violence around pubs, clubs and nightlife"
    SEXUAL_VIOLENCE = "sexual_violence", "Serious sexual violence"
    KNIFE_POSSESSION = "knife_possession", "Carrying a knife"


class Part(models.TextChoices):
    HARMED = "harmed", "They were harmed"
    AT_RISK = "at_risk", "They are at risk"
    SAID_TO_HARM = "said_to_harm", "They are said to have harmed somebody"
    SAW = "saw", "They saw it"


class Level(models.TextChoices):
    NONE = "none", "None known"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Support(models.TextChoices):
    MENTORING = "mentoring", "A mentor"
    ETE = "ete", "Help into education, training or work"


class Interest(models.TextChoices):
    """Things to do together; the mentor register uses the same words."""

    FOOTBALL = "football", "Football"
    BOXING = "boxing", "Boxing or martial arts"
    GYM = "gym", "Gym and fitness"
    BASKETBALL = "basketball", "Basketball"
    MUSIC = "music", "Making music"
    GAMING = "gaming", "Gaming"
    ART = "art", "Art and design"
    COOKING = "cooking", "Cooking"
    CARS = "cars", "Cars and bikes"
    OUTDOORS = "outdoors", "Outdoors and fishing"
    FASHION = "fashion", "Hair, beauty and fashion"
    TECH = "tech", "Computers and coding"
    READING = "reading", "Reading and writing"
    BUSINESS = "business", "Starting a business"
    ANIMALS = "animals", "Animals"


class Slot(models.TextChoices):
    """When somebody is free; matching asks for at least one shared slot."""

    MON_DAY = "mon_day", "Monday daytime"
    MON_EVE = "mon_eve", "Monday evening"
    TUE_DAY = "tue_day", "Tuesday daytime"
    TUE_EVE = "tue_eve", "Tuesday evening"
    WED_DAY = "wed_day", "Wednesday daytime"
    WED_EVE = "wed_eve", "Wednesday evening"
    THU_DAY = "thu_day", "Thursday daytime"
    THU_EVE = "thu_eve", "Thursday evening"
    FRI_DAY = "fri_day", "Friday daytime"
    FRI_EVE = "fri_eve", "Friday evening"
    SAT = "sat", "Saturday"
    SUN = "sun", "Sunday"


class Decline(models.TextChoices):
    OUT_OF_SCOPE = "out_of_scope", "Not what this programme is for"
    OUT_OF_AREA = "out_of_area", "Outside our area"
    AGE = "age", "Outside the age range"
    NEEDS_SPECIALIST = "needs_specialist", "They need specialist help"
    ALREADY_SUPPORTED = "already_supported", "They have support already"
    NO_AGREEMENT = "no_agreement", "They do not want to take part"
    CANNOT_CONTACT = "cannot_contact", "We could not reach them"
    UNSAFE = "unsafe_for_service", "We cannot keep everybody safe"
    OTHER = "other", "Another reason"


class Ending(models.TextChoices):
    """Why a referral ended (casework reference §10). Withdrawal leaves out the last two groups."""

    INELIGIBLE = "ineligible", "Not eligible after all"
    DUPLICATE = "duplicate_or_mistake", "A duplicate or a mistake"
    REFERRER_WITHDREW = "referrer_withdrew", "The referrer withdrew it"
    NOT_ENGAGING = "not_engaging", "They did not engage"
    DECLINED_SUPPORT = "declined_support", "They did not want support"
    MET_ELSEWHERE = "needs_met_elsewhere", "They get help elsewhere"
    MOVED = "moved_area", "They moved away"
    WORK_OR_ILLNESS = "work_caring_or_illness", "Work, caring or illness"
    DIED = "died", "They died"
    CUSTODY = "custody", "Custody"
    ORDER_ENDED = "sentence_or_order_ended", "Their sentence or order ended"
    ORDER_REVOKED = "order_revoked", "Their order was revoked"
    UNSAFE = "unsafe", "It was not safe to go on"
    NO_WORKER = "no_suitable_worker", "No suitable worker"
    PROGRAMME_ENDED = "programme_ended", "The programme ended"
    TRANSFERRED = "transferred", "Passed to another area"
    COMPLETED = "completed_plan", "They completed their plan"
    COMPLETED_EARLY = "completed_early", "They completed early"
    OTHER = "other", "Another reason"


BEFORE_ACCEPTANCE = [
    Ending.REFERRER_WITHDREW,
    Ending.INELIGIBLE,
    Ending.DUPLICATE,
    Ending.NOT_ENGAGING,
    Ending.DECLINED_SUPPORT,
    Ending.MET_ELSEWHERE,
    Ending.MOVED,
    Ending.WORK_OR_ILLNESS,
    Ending.DIED,
    Ending.OTHER,
]


class Prevention(models.TextChoices):
    PRIMARY = "primary", "Primary: before there is any violence"
    SECONDARY = "secondary", "Secondary: at risk of it"
    TERTIARY = "tertiary", "Tertiary: already involved"


class RiskTier(models.IntegerChoices):
    """Which mentors may work with them: a mentor's level must reach the tier (mentoring §2c)."""

    ONE = 1, "1: lower"
    TWO = 2, "2: medium"
    THREE = 3, "3: higher"


class Complexity(models.TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Basis(models.TextChoices):
    """The lawful basis on which the unit holds the referral (casework reference §4)."""

    PUBLIC_TASK = "public_task", "Public task, Article 6(1)(e)"
    LEGITIMATE_INTERESTS = "legitimate_interests", "Legitimate interests, Article 6(1)(f)"
    VITAL_INTERESTS = "vital_interests", "Vital interests, Article 6(1)(d)"


class SectionCode(models.TextChoices):
    """The sections of the referral form, in the order in which they open."""

    BEFORE = "before", "Before you start"
    LEVEL = "level", "Level of need"
    PERSON = "person", "The young person"
    REACHING = "reaching", "Reaching them safely"
    AGREEMENT = "agreement", "Agreement"
    WHY_NOW = "why-now", "Why now"
    RISK = "risk", "Risk"
    EDUCATION = "education", "Education, training and work"
    SUPPORT = "support", "Support asked for"
