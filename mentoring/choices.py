"""Vocabularies of mentoring that models, rules and forms share."""

from django.db import models


class Check(models.TextChoices):
    """What a mentor has to show (mentoring reference §2a, §2c). Of a DBS check its contents are
    never kept, only that it was seen, when, and until when it counts."""

    IDENTITY = "identity", "Identity"
    INTERVIEW = "interview", "Interview, face to face"
    REFERENCES = "references", "Two references"
    DBS = "dbs", "Enhanced DBS check"
    SAFEGUARDING = "safeguarding", "Safeguarding training"
    PREPARATION = "preparation", "Training before the first match"
    CODE = "code", "Code of conduct and commitment"
    TRAUMA = "trauma", "Trauma-informed practice"
    CONTEXTUAL = "contextual", "Contextual safeguarding"
    PRACTICE = "practice", "Six months of supervised practice"
    COURSE = "course", "Recognised mentoring course"
    EXPLOITATION = "exploitation", "Exploitation"
    LONE_WORKING = "lone_working", "Lone working"
    OBSERVED = "observed", "Observed session"
    RIGHT_TO_WORK = "right_to_work", "Right to work"
    IAG = "iag", "Advice and guidance qualification"


class Level(models.IntegerChoices):
    """The ladder (mentoring reference §2c): a mentor's level must reach the risk tier."""

    NONE = 0, "0: not yet"
    ONE = 1, "1: lower risk"
    TWO = 2, "2: up to medium risk"
    THREE = 3, "3: up to higher risk"


class Gender(models.TextChoices):
    FEMALE = "female", "Woman"
    MALE = "male", "Man"
    OTHER = "other", "In another way"


class Help(models.TextChoices):
    """What a mentor knows of education and work; it fits what a young person does now."""

    SCHOOL = "school", "Staying in or going back to school"
    COLLEGE = "college", "College and training"
    WORK = "work", "Finding and keeping work"


class Suspension(models.TextChoices):
    LAPSE = "lapse", "A check has run out"
    CONCERN = "concern", "A concern about safety"
    CONDUCT = "conduct", "Conduct"
    OTHER = "other", "Another reason"


class Leaving(models.TextChoices):
    TIME = "time", "No time any more"
    MOVED = "moved", "Moved away"
    FINISHED = "finished", "Finished what they signed up for"
    NO_FIT = "no_fit", "Mentoring was not for them"
    OUR_DECISION = "our_decision", "We decided so"
    LOST_TOUCH = "lost_touch", "We lost touch"
    OTHER = "other", "Another reason"


class TurningAway(models.TextChoices):
    CHECKS = "checks", "A check did not come back clear"
    SUITABILITY = "suitability", "Not suitable for this work"
    NOT_COMPLETED = "not_completed", "Did not finish the checks or the training"
    OTHER = "other", "Another reason"


class Apart(models.TextChoices):
    """Why two people must not be matched (mentoring reference §4a, H5 and H8)."""

    CONFLICT = "conflict", "Family, household, school or history between them"
    CONTRA = "contra", "Licence condition, investigation or co-defendant"


class NotThisMentor(models.TextChoices):
    """Why a match did not begin. The pair is not proposed again."""

    COORDINATOR = "coordinator", "The coordinator decided against it"
    MENTOR_NO = "mentor_no", "The mentor said no"
    YOUNG_PERSON_NO = "young_person_no", "The young person said no"
    FIRST_MEETING = "first_meeting", "The first meeting did not go well"


class Ending(models.TextChoices):
    """Why a match ended (mentoring reference §8, closure reasons)."""

    GOALS_MET = "goals_met", "Goals met"
    PROGRAMME_END = "programme_end", "End of the programme"
    AGED_OUT = "aged_out", "Too old for the programme"
    STEP_DOWN = "step_down", "Stepped down to lighter help"
    MENTOR_MOVED = "mentor_moved", "The mentor moved away"
    MENTOR_TIME = "mentor_time", "The mentor has no time any more"
    MENTOR_CONCERN = "mentor_concern", "A concern about the mentor"
    PERSON_MOVED = "person_moved", "The young person moved away"
    PERSON_DECLINED = "person_declined", "The young person did not want to go on"
    LOST_CONTACT = "lost_contact", "We lost contact"
    CUSTODY = "custody", "Custody"
    NO_FIT = "no_fit", "They did not get on"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    INELIGIBLE = "ineligible", "Not eligible any more"
    DUPLICATE = "duplicate", "A duplicate or a mistake"
    DIED = "died", "They died"
    REFERRAL_ENDED = "referral_ended", "The referral ended"


# A pair that ended so is not proposed again (H5).
FAILED = frozenset({Ending.MENTOR_CONCERN, Ending.NO_FIT, Ending.SAFEGUARDING})
# A pair that ended so was good: the same mentor again is worth points.
GOOD = frozenset({Ending.GOALS_MET, Ending.PROGRAMME_END, Ending.STEP_DOWN})


class WhatNext(models.TextChoices):
    REMATCH = "rematch", "Another mentor"
    ADVISER = "adviser", "Their pathway adviser goes on with them"
    END = "end", "Support ends"


class Place(models.TextChoices):
    OUT = "out", "Out and about"
    CENTRE = "centre", "Youth or community centre"
    SCHOOL = "school", "School or college"
    LIBRARY = "library", "Library"
    CAFE = "cafe", "Café"
    SPORT = "sport", "Sports place"
    OFFICE = "office", "Our office"
    ELSEWHERE = "elsewhere", "Somewhere else"


class Mode(models.TextChoices):
    TOGETHER = "together", "Face to face"
    GROUP = "group", "In a group"
    PHONE = "phone", "Phone"
    VIDEO = "video", "Video"
    TEXT = "text", "Text messages"


class Activity(models.TextChoices):
    TALK = "talk", "Talked"
    WALK = "walk", "Walked"
    SPORT = "sport", "Sport"
    FOOD = "food", "Food"
    CREATIVE = "creative", "Music or art"
    SCHOOL_WORK = "school_work", "School work"
    JOB = "job", "Jobs or training"
    VISIT = "visit", "Visited a place"
    FORMS = "forms", "Forms or letters"
    FAMILY = "family", "Met family"
    GOALS = "goals", "Looked at goals"


class Ahead(models.TextChoices):
    """What becomes of a session that is planned when support pauses or the ending begins."""

    KEEP = "keep", "We keep it"
    CALL_OFF = "call_off", "It is called off"


class Attendance(models.TextChoices):
    """The feedback tree of casework §9; late counts as attended, an acceptable absence as
    neither."""

    YES = "yes", "Yes"
    LATE = "late", "Yes, but late"
    EXCUSED = "excused", "No, with a good reason"
    MISSED = "missed", "No, they didn’t come"
    BY_US = "by_us", "No, I could not make it"


CAME = (Attendance.YES, Attendance.LATE)
