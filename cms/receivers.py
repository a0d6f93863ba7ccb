"""What follows from a change: search rows and dates of services, rights of editors."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import WorkflowState
from wagtail.signals import published, unpublished, workflow_approved

from accounts.models import Membership, User

from . import services
from .directory import freshness, listings
from .directory.own import drafts
from .models import Location, Provider, Service, Source, SourceRecord, TaxonomyTerm


@receiver(published, sender=Service)
@receiver(unpublished, sender=Service)
def service_changed(instance: Service, **_: Any) -> None:
    if instance.live:
        drafts.publish_places(instance)
    freshness.show_again(instance)
    listings.renew([instance.pk])


@receiver(workflow_approved)
def approved(instance: WorkflowState, **_: Any) -> None:
    freshness.approved(instance)


@receiver(published, sender=Provider)
@receiver(unpublished, sender=Provider)
def provider_changed(instance: Provider, **_: Any) -> None:
    listings.renew(listings.of_provider(instance.pk))


@receiver(post_save, sender=Location)
def location_changed(instance: Location, created: bool, **_: Any) -> None:
    if not created:
        listings.renew(listings.of_location(instance.pk))
        listings.forget_name(instance)


@receiver(post_save, sender=TaxonomyTerm)
def term_changed(instance: TaxonomyTerm, created: bool, **_: Any) -> None:
    if not created:
        listings.renew(listings.of_term(instance.pk))


@receiver(post_save, sender=Source)
def source_changed(instance: Source, created: bool, **_: Any) -> None:
    if not created:
        listings.follow(instance)


@receiver(post_save, sender=SourceRecord)
def record_changed(instance: SourceRecord, created: bool, **_: Any) -> None:
    """It comes after the service that it stands for."""
    if created and instance.service_id:
        listings.follow(instance.source, service=instance.service_id)


@receiver(post_save, sender=Membership)
@receiver(post_delete, sender=Membership)
def membership_changed(instance: Membership, **_: Any) -> None:
    services.sync_editor(instance.user_id)


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    """Roles begin and end by date, which no signal tells; a session lasts a working day at most."""
    services.sync_editor(user.pk)
