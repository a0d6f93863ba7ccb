"""What a young person does, in the vocabulary of NCCIS, the monthly return of local authorities.

Source: Client Caseload Information System (NCCIS) activity codes to 2020/21, Department for
Education, Open Government Licence v3.0, as in the project's reference `pathways` §1. The return
covers 16 and 17 year olds (to 24 with an EHC plan); Waymark uses the codes at every age, and they
restrict no help. Statutory vocabularies are code (CONVENTIONS 14). It stands in `referrals` because
the first form that asks stands here; `pathways` reads it from above (docs/adr/0002).
"""

from dataclasses import dataclass

from django.db import models


class Group(models.TextChoices):
    """How people speak of the codes. `540` is grouped as NEET here; the published figure has
    varied."""

    COMPULSORY = "compulsory", "Of compulsory school age"
    EDUCATION = "education", "In education"
    EMPLOYMENT = "employment", "In work"
    TRAINING = "training", "In training"
    AVAILABLE = "available", "Not in education, training or work; looking"
    NOT_AVAILABLE = "not_available", "Not in education, training or work; cannot look now"
    OTHER = "other", "Custody or asylum"
    NOT_KNOWN = "not_known", "Not known"


IN_PLACE = {Group.EDUCATION, Group.EMPLOYMENT, Group.TRAINING}


@dataclass(frozen=True)
class Status:
    code: str
    label: str
    group: Group

    @property
    def is_in_place(self) -> bool:
        """Whether this counts as a place in education, training or employment."""
        return self.group in IN_PLACE


ALL = [
    Status("110", "Registered at a school or other establishment", Group.COMPULSORY),
    Status("120", "Educated at home", Group.COMPULSORY),
    Status("130", "Custodial sentence (compulsory age)", Group.COMPULSORY),
    Status("140", "Not registered at a school or other establishment", Group.COMPULSORY),
    Status("150", "Situation not known (compulsory age)", Group.COMPULSORY),
    Status("210", "Full-time: school sixth form", Group.EDUCATION),
    Status("220", "Full-time: sixth form college", Group.EDUCATION),
    Status("230", "Full-time: further education", Group.EDUCATION),
    Status("240", "Full-time: higher education", Group.EDUCATION),
    Status("250", "Part-time education", Group.EDUCATION),
    Status("260", "Gap year", Group.EDUCATION),
    Status("270", "Full-time: other", Group.EDUCATION),
    Status("280", "Independent specialist provider", Group.EDUCATION),
    Status("290", "Custodial institution (juvenile)", Group.EDUCATION),
    Status("310", "Apprenticeship", Group.EMPLOYMENT),
    Status("320", "Full-time employment with study (regulated qualification)", Group.EMPLOYMENT),
    Status("330", "Employment without training", Group.EMPLOYMENT),
    Status("340", "Employment with training (other)", Group.EMPLOYMENT),
    Status("350", "Temporary employment", Group.EMPLOYMENT),
    Status("360", "Part-time employment", Group.EMPLOYMENT),
    Status("380", "Self-employment", Group.EMPLOYMENT),
    Status(
        "381", "Self-employment combined with study (regulated qualification)", Group.EMPLOYMENT
    ),
    Status("410", "Funded work-based learning", Group.TRAINING),
    Status("430", "Other training", Group.TRAINING),
    Status("440", "DWP training and support programme (renamed 2020-21)", Group.TRAINING),
    Status("450", "Traineeship", Group.TRAINING),
    Status("460", "Supported internship", Group.TRAINING),
    Status("530", "Re-engagement provision", Group.TRAINING),
    Status("540", "Working not for reward", Group.AVAILABLE),
    Status("550", "Working not for reward combined with part-time study", Group.EMPLOYMENT),
    Status("610", "Not yet ready for work or learning", Group.AVAILABLE),
    Status("615", "Start date agreed (other)", Group.AVAILABLE),
    Status("616", "Start date agreed (RPA compliant)", Group.AVAILABLE),
    Status("619", "Seeking employment, education or training", Group.AVAILABLE),
    Status("620", "Young carer", Group.NOT_AVAILABLE),
    Status("630", "Teenage parent", Group.NOT_AVAILABLE),
    Status("640", "Illness", Group.NOT_AVAILABLE),
    Status("650", "Pregnancy", Group.NOT_AVAILABLE),
    Status("660", "Religious grounds", Group.NOT_AVAILABLE),
    Status("670", "Currently unlikely to be economically active", Group.NOT_AVAILABLE),
    Status("680", "Other reason", Group.NOT_AVAILABLE),
    Status("710", "Custody (young adult)", Group.OTHER),
    Status("720", "Refugee / asylum seeker", Group.OTHER),
    Status("810", "Current situation not known", Group.NOT_KNOWN),
    Status("820", "Cannot be contacted", Group.NOT_KNOWN),
]
by_code: dict[str, Status] = {status.code: status for status in ALL}
choices: list[tuple[str, list[tuple[str, str]]]] = [
    (
        str(group.label),
        [(status.code, status.label) for status in ALL if status.group == group],
    )
    for group in Group
]
