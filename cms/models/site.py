from uuid import UUID

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

from accounts.models import Area


@register_setting(icon="cog", name="site-settings")
class SiteSettings(BaseSiteSetting, ClusterableModel):
    """What the public site says about itself, and the numbers to ring."""

    service_name = models.CharField(
        "name of the service",
        max_length=60,
        default="Waymark",
        help_text="Top of every public page.",
    )
    unit_name = models.CharField("who runs it", max_length=120, blank=True)
    contact_email = models.EmailField("shared email address", blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    numbers_checked_on = models.DateField(
        null=True, editable=False, help_text="When somebody last checked every number to ring"
    )

    panels = [
        FieldPanel("service_name"),
        FieldPanel("unit_name"),
        FieldPanel("contact_email"),
        FieldPanel("contact_phone"),
        InlinePanel("numbers", label="Number to ring", heading="Safeguarding numbers"),
    ]

    class Meta:
        verbose_name = "Site and safeguarding numbers"
        verbose_name_plural = verbose_name

    class Privacy:
        subject = "nobody"
        why = "Public facts about the unit."

    def __str__(self) -> str:
        return self.service_name


class SafeguardingNumberQuerySet(models.QuerySet["SafeguardingNumber"]):
    def of_this_site(self) -> "SafeguardingNumberQuerySet":
        return self.filter(settings__site__is_default_site=True)

    def for_area(self, area_id: UUID) -> "SafeguardingNumberQuerySet":
        """Those for everybody and those for this district's side, city or county."""
        side = Area.objects.filter(pk=area_id).values("thresholds")
        return self.filter(models.Q(thresholds="") | models.Q(thresholds__in=side))


class SafeguardingNumber(Orderable):
    """A number for danger or distress: on every public page, and where a referral is stopped."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", "Danger now"
        POLICE = "police", "Police, not urgent"
        SAFEGUARDING = "safeguarding", "Children's social care in office hours"
        OUT_OF_HOURS = "out_of_hours", "Children's social care at other times"
        HELPLINE = "helpline", "Helpline for young people"

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="numbers")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)
    number = models.CharField(max_length=30)
    is_text = models.BooleanField("is a number to text", default=False)
    words = models.CharField(
        "when to use it", max_length=160, blank=True, help_text="One plain sentence."
    )
    hours = models.CharField(
        max_length=80, blank=True, help_text="Such as “any time, day or night”."
    )
    url = models.URLField("web page", blank=True)
    thresholds = models.CharField(
        "only for children of",
        max_length=8,
        choices=Area.Thresholds,
        blank=True,
        help_text="Leave empty if it is for everybody. City and county have their own numbers.",
    )

    objects = SafeguardingNumberQuerySet.as_manager()

    panels = [
        FieldPanel(name)
        for name in ("kind", "name", "number", "is_text", "words", "hours", "url", "thresholds")
    ]

    class Meta(Orderable.Meta):
        pass

    class Privacy:
        subject = "nobody"
        why = "Public telephone numbers."

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"
