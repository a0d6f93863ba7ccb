"""What people are, as described classes. A role says what one may do; memberships say where."""

from enum import StrEnum
from typing import ClassVar


class May(StrEnum):
    """Capabilities. Which rows they reach is each model's `visible_to`."""

    REFER = "refer"
    TRIAGE = "triage"
    LEAD_SAFEGUARDING = "lead safeguarding"
    MENTOR = "mentor"
    SUPERVISE = "supervise mentors"
    ADVISE = "advise on pathways"
    ANALYSE = "analyse suppressed figures"
    SIT_ON_BOARD = "read published periods"
    ANSWER_FOR_DATA = "answer for the data"
    EDIT_DIRECTORY = "edit the directory"
    MANAGE_PEOPLE = "manage people of the organisation"
    MANAGE_PROGRAMME = "manage the programme"
    ADMINISTER = "administer the system"


class Role:
    code: ClassVar[str]
    name: ClassVar[str]
    description: ClassVar[str]
    capabilities: ClassVar[frozenset[May]]
    second_factor: ClassVar[bool] = True
    # Held for areas: without one it would reach nothing.
    by_area: ClassVar[bool] = False
    # An organisation may give it to its own people; the others come from an administrator, because
    # they reach the rows of more than one organisation.
    given_by_organisation: ClassVar[bool] = False


class Referrer(Role):
    code = "referrer"
    name = "Referrer"
    description = "Refers young people and follows what happens to the referrals they sent."
    capabilities = frozenset({May.REFER})
    second_factor = False
    given_by_organisation = True


class Coordinator(Role):
    code = "coordinator"
    name = "Coordinator"
    description = (
        "Decides on referrals of their areas, matches mentors and keeps every case moving."
    )
    capabilities = frozenset({May.REFER, May.TRIAGE})
    by_area = True


class SafeguardingLead(Role):
    code = "safeguarding_lead"
    name = "Safeguarding lead"
    description = "Answers concerns and decides when a held referral may go on."
    capabilities = frozenset({May.LEAD_SAFEGUARDING})
    by_area = True


class Mentor(Role):
    code = "mentor"
    name = "Mentor"
    description = "Works with the young people they are matched with, and sees nobody else."
    capabilities = frozenset({May.MENTOR})
    given_by_organisation = True


class Supervisor(Role):
    code = "supervisor"
    name = "Supervisor"
    description = "Supports mentors and sees what the mentors who report to them see."
    capabilities = frozenset({May.SUPERVISE})
    given_by_organisation = True


class PathwayAdviser(Role):
    code = "pathway_adviser"
    name = "Pathway adviser"
    description = "Finds places in education, training and work, and checks that they last."
    capabilities = frozenset({May.ADVISE})
    by_area = True


class Analyst(Role):
    code = "analyst"
    name = "Analyst"
    description = "Reads figures in which nobody can be recognised."
    capabilities = frozenset({May.ANALYSE})


class BoardMember(Role):
    code = "board_member"
    name = "Board member"
    description = "Reads the periods that have been published."
    capabilities = frozenset({May.SIT_ON_BOARD})


class InformationGovernanceOfficer(Role):
    code = "information_governance"
    name = "Information-governance officer"
    description = (
        "Answers for the data: who looked at what, how long it is kept, what a person may have."
    )
    capabilities = frozenset({May.ANSWER_FOR_DATA})


class DirectoryEditor(Role):
    code = "directory_editor"
    name = "Directory editor"
    description = "Keeps the public pages and the service directory true, and sees no case."
    capabilities = frozenset({May.EDIT_DIRECTORY})


class OrganisationAdministrator(Role):
    code = "organisation_admin"
    name = "Organisation administrator"
    description = "Invites and removes the people of one organisation, and sees no case."
    capabilities = frozenset({May.MANAGE_PEOPLE})
    given_by_organisation = True


class ProgrammeManager(Role):
    code = "programme_manager"
    name = "Programme manager"
    description = "Watches workloads, clocks and escalations of their areas; the last to be told."
    capabilities = frozenset({May.MANAGE_PROGRAMME})
    by_area = True


class Administrator(Role):
    code = "administrator"
    name = "Administrator"
    description = "Looks after users, organisations, settings and health, and sees no case."
    capabilities = frozenset({May.ADMINISTER, May.MANAGE_PEOPLE})


ALL: list[type[Role]] = [
    Referrer,
    Coordinator,
    SafeguardingLead,
    Mentor,
    Supervisor,
    PathwayAdviser,
    Analyst,
    BoardMember,
    InformationGovernanceOfficer,
    DirectoryEditor,
    OrganisationAdministrator,
    ProgrammeManager,
    Administrator,
]
# Who works with young people one to one, under somebody who supervises them.
WORKERS: tuple[type[Role], ...] = (Mentor, PathwayAdviser)
by_code: dict[str, type[Role]] = {role.code: role for role in ALL}
choices: list[tuple[str, str]] = [(role.code, role.name) for role in ALL]
