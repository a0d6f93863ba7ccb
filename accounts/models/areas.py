import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Substr

from accounts import roles

if TYPE_CHECKING:
    from .people import User


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, areas: models.QuerySet["Area"]) -> "AreaQuerySet":
        """Those areas and everything below them."""
        paths = list(areas.values_list("path", flat=True))
        if not paths:
            return self.none()
        inside = models.Q()
        for path in paths:
            inside |= models.Q(path__startswith=path)
        return self.filter(inside)

    def touching(self, areas: models.QuerySet["Area"]) -> "AreaQuerySet":
        """Those areas, everything below them and everything that they lie in."""
        codes = {code for path in areas.values_list("path", flat=True) for code in path.split("/")}
        return self.within(areas) | self.filter(code__in=codes)

    def on_rota_of(self, user: "User") -> "AreaQuerySet":
        """The areas and districts whose rota this person writes (`policies.plans_duty`)."""
        rows = self.filter(kind__in=[Area.Kind.AREA, Area.Kind.DISTRICT])
        if user.holds(roles.Administrator):
            return rows
        held = user.area_ids_as(roles.SafeguardingLead, roles.ProgrammeManager)
        return rows.filter(pk__in=held)


class Area(models.Model):
    """A place that a unit works in: region > area > district > ward.

    `path` is the codes from the top, each closed by a slash (`EMID/NOTTS/E06000018/`), so that
    "everything below" is one prefix match. A case belongs to a district; roles are held for any
    level.
    """

    class Kind(models.TextChoices):
        REGION = "region", "Region"
        AREA = "area", "Area"
        DISTRICT = "district", "District"
        WARD = "ward", "Ward"

    class Thresholds(models.TextChoices):
        """Which local document describes the four levels of need (casework reference §4)."""

        CITY = "city", "Nottingham City: Right Support, Right Time"
        COUNTY = "county", "Nottinghamshire: Pathway to Provision"
        OTHER = "other", "Another area's thresholds"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100, db_collation="names")
    path = models.CharField(max_length=60, unique=True, editable=False, db_collation="C")
    thresholds = models.CharField(max_length=8, choices=Thresholds, default=Thresholds.OTHER)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="area_path_ends_with_slash",
                condition=models.Q(path__endswith="/"),
                violation_error_message="The path of an area ends with a slash.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "Public geography."

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.path = f"{self.parent.path if self.parent else ''}{self.code}/"
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Postcode(models.Model):
    """One postcode with where it lies. Loaded by `manage.py import_places`, never typed in."""

    postcode = models.CharField(max_length=8, primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    easting = models.IntegerField(help_text="OSGB36 metres")
    northing = models.IntegerField(help_text="OSGB36 metres")
    district_code = models.CharField(max_length=9, db_index=True)
    ward_code = models.CharField(max_length=9, blank=True, db_index=True)
    lsoa21_code = models.CharField(max_length=9, blank=True)
    imd_decile = models.PositiveSmallIntegerField(
        null=True, help_text="IMD 2025; 1 is the most deprived tenth"
    )

    class Meta:
        indexes = [models.Index(Substr("postcode", 1, 4), name="postcode_outcode")]

    class Privacy:
        subject = "nobody"
        why = "Public geography."

    def __str__(self) -> str:
        return self.postcode


class Locality(models.Model):
    """A sector ("NG1 1"), outcode ("NG1") or town with its centre, for a postcode not on the list.

    Seeded from a built-in table by `manage.py load_places`; `import_places` works sectors and
    outcodes out anew from the postcodes.
    """

    class Kind(models.TextChoices):
        SECTOR = "sector", "Postcode sector"
        OUTCODE = "outcode", "Postcode district"
        TOWN = "town", "Town"

    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()
    easting = models.IntegerField(help_text="OSGB36 metres")
    northing = models.IntegerField(help_text="OSGB36 metres")
    district_code = models.CharField(
        max_length=9, blank=True, help_text="Empty where its postcodes lie in several districts."
    )
    postcodes = models.PositiveIntegerField(
        default=0, help_text="How many the centre is made from."
    )

    class Meta:
        verbose_name_plural = "localities"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="locality_once",
                violation_error_message="This place is already on the list.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "Public geography."

    def __str__(self) -> str:
        return self.name
