import hashlib
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from accounts import roles
from accounts.clock import now

if TYPE_CHECKING:
    from .people import User

GOOD_FOR = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User") -> "InvitationQuerySet":
        """Those of the people of the organisations whose people one manages."""
        if user.holds(roles.Administrator):
            return self.all()
        managed = user.organisation_ids_as(roles.OrganisationAdministrator)
        return self.filter(user__memberships__organisation__in=managed).distinct()

    def waiting(self) -> "InvitationQuerySet":
        """Neither used nor taken back, of people who have not joined. They may have run out."""
        return self.filter(
            used_at=None, revoked_at=None, user__joined_at=None, user__is_active=True
        )

    def to_send(self) -> "InvitationQuerySet":
        return self.waiting().filter(sent_at=None)

    def find(self, token: str) -> "Invitation | None":
        """The invitation that this link opens now, or None for any other reason."""
        live = self.waiting().filter(expires_at__gt=now())
        return live.filter(token_hash=Invitation.digest(token)).select_related("user").first()


class Invitation(models.Model):
    """A single-use link by which an invited person sets a password.

    The token is made when the letter goes out and only its hash is kept, so a letter that could not
    be sent is sent again with a new one and the old link is dead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitations_sent",
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="invitation_one_open",
                violation_error_message="This person already has an open invitation.",
            ),
            models.CheckConstraint(
                name="invitation_token_expires",
                condition=models.Q(token_hash=None, expires_at=None)
                | models.Q(token_hash__isnull=False, expires_at__isnull=False),
                violation_error_message="A link has a last moment.",
            ),
        ]

    class Privacy:
        subject = "user"
        why = "An invited person proves that the address is theirs."
        keep = "a year"
        fields: ClassVar = {
            "id": "none",
            "user": "personal management give",
            "invited_by": "personal management give",
            "token_hash": "credential management withhold",
            "created_at": "none",
            "expires_at": "none",
            "attempts": "none",
            "sent_at": "none",
            "used_at": "none",
            "revoked_at": "none",
        }

    def __str__(self) -> str:
        return f"Invitation of {self.created_at:%d %B %Y}"

    @staticmethod
    def digest(token: str) -> str:
        """SHA-256 is enough: the token has 256 random bits."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def has_run_out(self) -> bool:
        return bool(self.expires_at and self.expires_at <= now())
