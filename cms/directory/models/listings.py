from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Cast


class SearchRow(models.Model):
    """A service at one of its places, or once if it has none.

    Written only by `cms.directory.listings`, which rebuilds a service's rows whenever it, its
    provider, a place or a term changes, so that one table answers every filter of the directory.
    """

    is_first = models.BooleanField(
        help_text="The one row that stands for the service without a place"
    )
    title = models.CharField(max_length=200, help_text="Folded and lower case, for sorting")
    search = SearchVectorField()
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    marks = ArrayField(
        models.CharField(max_length=81), default=list, help_text="What it is found by: facet:code"
    )
    easting = models.IntegerField(null=True, help_text="OSGB36 metres")
    northing = models.IntegerField(null=True, help_text="OSGB36 metres")
    checked_at = models.DateTimeField(null=True)
    completeness = models.PositiveSmallIntegerField(
        null=True, help_text="How many of `facts.FACTS` it gives; unknown: not made anew yet"
    )
    is_old = models.BooleanField(default=False, help_text="Checked so long ago that it comes last")
    is_nearby = models.BooleanField(
        default=False, help_text="A neighbour's, which a reader takes along or not"
    )
    in_feed = models.BooleanField(default=False, help_text="We may pass it on in our feed")

    class Meta:
        abstract = True
        ordering = ["title", "service_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"], nulls_distinct=False, name="%(class)s_once"
            ),
            models.UniqueConstraint(
                fields=["service"], condition=models.Q(is_first=True), name="%(class)s_one_first"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Listing(SearchRow):
    """A search row of a public service."""

    service = models.ForeignKey("cms.Service", on_delete=models.CASCADE, related_name="listings")
    location = models.ForeignKey(
        "cms.Location", null=True, on_delete=models.CASCADE, related_name="listings"
    )

    class Meta(SearchRow.Meta):
        indexes = [
            GinIndex(fields=["search"], name="listing_search"),
            GinIndex(fields=["marks"], name="listing_marks"),
            models.Index(
                "title", "service_id", condition=models.Q(is_first=True), name="listing_by_title"
            ),
            models.Index(
                "title",
                "service_id",
                condition=models.Q(is_first=True, in_feed=True),
                name="listing_in_feed",
            ),
            models.Index(
                "service_id", condition=models.Q(easting__isnull=True), name="listing_nowhere"
            ),
            GistIndex(
                models.Func(
                    Cast("easting", models.FloatField()),
                    Cast("northing", models.FloatField()),
                    function="point",
                ),
                name="listing_point",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "Search rows of public services."


class ProfessionalListing(SearchRow):
    """A search row of a service for professionals only. In a table of its own, so that no question
    of the public can find it, whoever forgets what. A few hundred rows at most: no index."""

    service = models.ForeignKey(
        "cms.Service", on_delete=models.CASCADE, related_name="professional_listings"
    )
    location = models.ForeignKey(
        "cms.Location", null=True, on_delete=models.CASCADE, related_name="professional_listings"
    )

    class Privacy:
        subject = "nobody"
        why = "Search rows of services that only professionals find."
