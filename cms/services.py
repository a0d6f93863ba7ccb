"""What the rest of Waymark asks of the public site: its numbers, its editors, its first pages."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.models import (
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from accounts.clock import today
from accounts.models import Membership, User
from accounts.roles import DirectoryEditor

from .models import (
    Claim,
    Freshness,
    HomePage,
    Location,
    Provider,
    ReviewTask,
    SafeguardingNumber,
    Service,
    SignpostingIndexPage,
    SiteSettings,
    Source,
    Suggestion,
    Synonym,
    TaxonomyTerm,
)

EDITORS = "Directory editors"
REVIEW = "Directory review"
# No delete on what the feed shows: a service is unpublished or closed, so that readers of the feed
# can be told. Users, groups, workflows and sites are nobody's to edit here.
MAY: dict[type[Model], tuple[str, ...]] = {
    Service: ("add", "change", "publish", "lock", "unlock", "view"),
    Provider: ("add", "change", "publish", "lock", "unlock", "view"),
    Location: ("add", "change", "publish", "lock", "unlock", "view"),
    TaxonomyTerm: ("add", "change", "view"),
    Synonym: ("add", "change", "delete", "view"),
    Source: ("add", "change", "view"),
    Claim: ("change", "delete", "view"),
    Suggestion: ("change", "delete", "view"),
    SiteSettings: ("change",),
    Freshness: ("change",),
}
MAY_WITH_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")


@dataclass(frozen=True, slots=True)
class Number:
    """A number for danger or distress, ready for `components/numbers.html`."""

    kind: SafeguardingNumber.Kind
    name: str
    number: str
    words: str = ""
    hours: str = ""
    url: str = ""
    is_text: bool = False
    thresholds: str | None = None


# Shown until the unit has given its own: true everywhere in the United Kingdom.
NATIONAL = (
    Number(
        SafeguardingNumber.Kind.EMERGENCY,
        "In danger now",
        "999",
        "Police, ambulance or fire",
        "any time",
    ),
    Number(
        SafeguardingNumber.Kind.HELPLINE,
        "Childline",
        "0800 1111",
        "Free, for anyone under 19",
        "any time",
        "https://www.childline.org.uk/",
    ),
)


def safeguarding_numbers(*, area_id: UUID | None = None) -> list[Number]:
    """The numbers in their order; for a district without those of the other side. One query."""
    rows = SafeguardingNumber.objects.of_this_site().order_by("sort_order", "pk")
    if area_id is not None:
        rows = rows.for_area(area_id)
    numbers = [
        Number(
            SafeguardingNumber.Kind(row.kind),
            row.name,
            row.number,
            row.words,
            row.hours,
            row.url,
            row.is_text,
            row.thresholds or None,
        )
        for row in rows
    ]
    return numbers or list(NATIONAL)


def has_safeguarding_numbers() -> bool:
    """Whether the unit has said whom to ring for a child: without it no referral is taken."""
    kinds = set(SafeguardingNumber.objects.of_this_site().values_list("kind", flat=True))
    Kind = SafeguardingNumber.Kind
    return {Kind.EMERGENCY, Kind.SAFEGUARDING, Kind.OUT_OF_HOURS} <= kinds


def record_safeguarding_numbers(numbers: Iterable[Number]) -> None:
    """Replace the unit's numbers by these, in this order."""
    site = _own_settings()
    with transaction.atomic():
        SiteSettings.objects.filter(pk=site.pk).update(numbers_checked_on=today())
        SafeguardingNumber.objects.filter(settings=site).delete()
        SafeguardingNumber.objects.bulk_create(
            SafeguardingNumber(
                settings=site,
                sort_order=place,
                kind=number.kind,
                name=number.name,
                number=number.number,
                words=number.words,
                hours=number.hours,
                url=number.url,
                is_text=number.is_text,
                thresholds=number.thresholds or "",
            )
            for place, number in enumerate(numbers)
        )


def site_settings() -> SiteSettings:
    """Those of the public site; defaults before it has been set up. One query, no write."""
    return SiteSettings.objects.filter(site__is_default_site=True).first() or SiteSettings()


def site_names() -> tuple[str, str]:
    """The names of the service and of the unit, for the head of every page: a few seconds old at
    most, in every process."""
    return _site_names(int(time.monotonic() / settings.NAMES_KEPT_SECONDS))


@lru_cache(maxsize=1)
def _site_names(span: int) -> tuple[str, str]:
    ours = site_settings()
    return ours.service_name, ours.unit_name


def _own_settings() -> SiteSettings:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        raise LookupError("The public site has not been set up: call cms.services.begin_site().")
    return SiteSettings.objects.get_or_create(site=site)[0]


@transaction.atomic
def begin_site(
    *, service_name: str, unit_name: str = "", contact_email: str = "", contact_phone: str = ""
) -> HomePage:
    """The home page and an empty help index, if they are missing, and the site's name."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        home = root.add_child(instance=HomePage(title=service_name, slug="public-site"))
        home.save_revision().publish()
    if not SignpostingIndexPage.objects.exists():
        index = SignpostingIndexPage(title="I need help with…", slug="help")
        home.add_child(instance=index).save_revision().publish()
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page": home, "hostname": "localhost", "site_name": service_name},
    )
    for default in Page.objects.child_of(Page.get_first_root_node()).exclude(pk=home.pk):
        default.delete()
    settings = _own_settings()
    settings.service_name, settings.unit_name = service_name, unit_name
    settings.contact_email, settings.contact_phone = contact_email, contact_phone
    settings.save()
    return home


# Editors -------------------------------------------------------------------------------------
def sync_editors() -> Group:
    """Rights and review of the editors' group, and everybody who should or should not be in it."""
    group = _ready_group()
    held = Membership.objects.in_force().as_role(DirectoryEditor)
    covered = held.away().filter(cover__is_active=True)
    people = {*held.values_list("user", flat=True), *covered.values_list("cover", flat=True)}
    group.user_set.set(User.objects.filter(pk__in=people))
    return group


def sync_editor(user_id: UUID) -> None:
    """One person's place in the group, by the role they hold today."""
    user = User.objects.get(pk=user_id)
    is_editor = user.is_active and user.holds(DirectoryEditor)
    held = user.groups.filter(name=EDITORS)
    if is_editor and not held.exists():
        user.groups.add(_ready_group())
    elif not is_editor:
        user.groups.remove(*held)


def _ready_group() -> Group:
    group, _ = Group.objects.get_or_create(name=EDITORS)
    _allow(group)
    _review(group)
    return group


def _allow(group: Group) -> None:
    wanted = list(Permission.objects.filter(codename="access_admin"))
    for model, verbs in MAY.items():
        codenames = [f"{verb}_{model._meta.model_name}" for verb in verbs]
        of_model = ContentType.objects.get_for_model(model)
        wanted += Permission.objects.filter(content_type=of_model, codename__in=codenames)
    group.permissions.set(wanted)
    root = Page.get_first_root_node()
    for permission in Permission.objects.filter(codename__in=MAY_WITH_PAGES):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _review(group: Group) -> None:
    """One review step by the editors, for services, providers, places and pages."""
    workflow, _ = Workflow.objects.get_or_create(name=REVIEW)
    task, _ = ReviewTask.objects.get_or_create(name=REVIEW)
    task.groups.set([group])
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    workflow.workflow_tasks.exclude(task=task).delete()
    for model in (Service, Provider, Location):
        of_model = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.update_or_create(
            content_type=of_model, defaults={"workflow": workflow}
        )
    root = Page.get_first_root_node()
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
