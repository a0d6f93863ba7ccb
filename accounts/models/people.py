import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts import roles
from accounts.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django_otp.models import Device

    from .memberships import Membership


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Oneself, and the people of the organisations whose people one manages."""
        if user.holds(roles.Administrator):
            return self.all()
        managed = user.organisation_ids_as(roles.OrganisationAdministrator)
        here = self.model.objects.filter(memberships__organisation__in=managed).values("pk")
        return self.filter(models.Q(pk=user.pk) | models.Q(pk__in=here))

    def named_like(self, words: str) -> "UserQuerySet":
        """Every word somewhere in the name or the address."""
        found = self
        for word in words.split()[:5]:
            found = found.filter(models.Q(name__icontains=word) | models.Q(email__icontains=word))
        return found


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(
        self, email: str, name: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A person who may sign in. Without a password they must set one by invitation."""
        if password is not None:
            fields.setdefault("joined_at", now())
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with their work e-mail. Memberships say what they may do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address", unique=True, help_text="Kept in lower case.")
    pending_email = models.EmailField(
        "new email address", blank=True, help_text="Asked for, until the link sent there is used."
    )
    name = models.CharField(max_length=100, db_collation="names")
    job_title = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    joined_at = models.DateTimeField(
        null=True, blank=True, help_text="When they accepted their invitation."
    )
    deactivated_at = models.DateTimeField(null=True, blank=True)
    deactivated_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    session_round = models.PositiveIntegerField(
        default=0, help_text="Sessions of an earlier round are dead: see end_sessions()."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_email_in_lower_case",
                condition=models.Q(email=Lower("email")),
                violation_error_message="Keep the email address in lower case.",
            ),
            models.CheckConstraint(
                name="user_deactivated_has_moment",
                condition=models.Q(is_active=True, deactivated_at=None, deactivated_by=None)
                | models.Q(is_active=False, deactivated_at__isnull=False),
                violation_error_message="Somebody who is deactivated was so at some moment.",
            ),
        ]

    class Privacy:
        subject = "user"
        why = "People who use Waymark in their work sign in and answer for what they do."
        keep = "six years after they are deactivated"
        fields: ClassVar = {
            "id": "none",
            "email": "personal team give",
            "pending_email": "personal management give",
            "name": "personal team give",
            "job_title": "personal team give",
            "phone": "personal team give",
            "is_active": "none",
            "created_at": "none",
            "joined_at": "none",
            "deactivated_at": "none",
            "deactivated_by": "personal management give",
            "session_round": "none",
            "password": "credential management withhold",
            "last_login": "personal management give",
            "is_superuser": "none",
        }

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django's own admin site is not mounted; nobody is its staff."""
        return False

    @property
    def first_name(self) -> str:
        """What a referrer or young person is told: "Max", not "Max Okafor"."""
        return self.name.split()[0] if self.name.split() else ""

    def get_full_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Tied to the password and the round, so that either change ends every session."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> "Iterator[str]":
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(key)

    def _session_hash(self, secret: str | bytes | None) -> str:
        held = f"{self.session_round}:{self.password}"
        return salted_hmac(
            "accounts.User.session", held, secret=secret, algorithm="sha256"
        ).hexdigest()

    def end_sessions(self) -> None:
        """Kill every session of this person, at their next request; the caller saves."""
        self.session_round += 1

    @cached_property
    def standing(self) -> "list[Membership]":
        """Memberships in force now, own and covered. Whoever came with a session has them
        already."""
        from . import standing

        return standing.memberships(self.pk)

    def report_ids_as(self, *wanted: type[roles.Role]) -> set[uuid.UUID]:
        """Who reports to them, or to a supervisor they cover, in one of these roles now; to whom
        somebody reports in another role shows nobody their work."""
        return set().union(*(self._reports.get(role.code, set()) for role in wanted))

    @cached_property
    def _reports(self) -> dict[str, set[uuid.UUID]]:
        """Who reports to them as what: none for who is no supervisor. One query a request."""
        from .memberships import Membership

        if not self.holds(roles.Supervisor):
            return {}
        reports = Membership.objects.in_force().filter(
            role__in=[role.code for role in roles.WORKERS],
            reports_to__in=self.acts_for(roles.Supervisor),
        )
        found: dict[str, set[uuid.UUID]] = {}
        for role, person in reports.values_list("role", "user"):
            found.setdefault(role, set()).add(person)
        return found

    @cached_property
    def devices(self) -> "list[Device]":
        """What can prove that it is they: none but for who came with a session."""
        return []

    @cached_property
    def reach(self) -> dict[str, set[uuid.UUID]]:
        """The areas of each role that is theirs now, by its code."""
        found: dict[str, set[uuid.UUID]] = {}
        for membership in self.standing:
            found[membership.role] = found.get(membership.role, set()) | membership.area_ids
        return found

    def memberships_as(self, *wanted: type[roles.Role]) -> "list[Membership]":
        codes = {role.code for role in wanted}
        return [membership for membership in self.standing if membership.role in codes]

    def holds(self, *wanted: type[roles.Role], area_id: uuid.UUID | None = None) -> bool:
        """Whether any of these roles is theirs now (for this area, when one is given)."""
        reach = self.reach
        for role in wanted:  # of each line of a long list: a loop costs less than `any()`
            if role.code in reach and (area_id is None or area_id in reach[role.code]):
                return True
        return False

    def acts_for(self, *wanted: type[roles.Role]) -> set[uuid.UUID]:
        """Themselves and the people whose place in one of these roles they take today. Only there:
        who covers a mentor has not written what that mentor has referred."""
        return {self.pk, *(person for person, _ in self.places_as(*wanted))}

    def places_as(self, *wanted: type[roles.Role]) -> set[tuple[uuid.UUID, uuid.UUID]]:
        """Whose place they have in these roles, and at which organisation: theirs, and covered."""
        if wanted not in self._places_asked:  # of each line of a long list
            held = (self._places.get(role.code, set()) for role in wanted)
            self._places_asked[wanted] = set().union(*held)
        return self._places_asked[wanted]

    @cached_property
    def _places_asked(self) -> dict[tuple[type[roles.Role], ...], set[tuple[uuid.UUID, uuid.UUID]]]:
        return {}

    @cached_property
    def _places(self) -> dict[str, set[tuple[uuid.UUID, uuid.UUID]]]:
        """The places of each role, by its code."""
        found: dict[str, set[tuple[uuid.UUID, uuid.UUID]]] = {}
        for membership in self.standing:
            place = membership.user_id, membership.organisation_id
            found.setdefault(membership.role, set()).add(place)
        return found

    @property
    def covering(self) -> "list[Membership]":
        """Memberships of others that they cover today."""
        return [membership for membership in self.standing if membership.user_id != self.pk]

    def area_ids_as(self, *wanted: type[roles.Role]) -> set[uuid.UUID]:
        return set().union(*(self.reach.get(role.code, set()) for role in wanted))

    def organisation_ids_as(self, *wanted: type[roles.Role]) -> set[uuid.UUID]:
        return {membership.organisation_id for membership in self.memberships_as(*wanted)}

    @property
    def organisation_ids(self) -> set[uuid.UUID]:
        """The organisations that are theirs now, without those of people they cover."""
        return {row.organisation_id for row in self.standing if row.user_id == self.pk}

    @property
    def roles(self) -> "Iterable[type[roles.Role]]":
        return [role for role in roles.ALL if role.code in self.reach]

    @property
    def needs_second_factor(self) -> bool:
        return any(role.second_factor for role in self.roles)
