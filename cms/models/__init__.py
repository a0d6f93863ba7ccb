from cms.directory.models import (
    FeedCheck,
    Listing,
    Location,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
    Suggestion,
    Synonym,
    Taxonomy,
    TaxonomyTerm,
    Word,
)

from .pages import ContentPage, HomeChoice, HomePage, SignpostingIndexPage, SignpostingPage
from .site import SafeguardingNumber, SiteSettings

__all__ = [
    "ContentPage",
    "FeedCheck",
    "HomeChoice",
    "HomePage",
    "Listing",
    "Location",
    "Provider",
    "SafeguardingNumber",
    "Schedule",
    "Service",
    "ServiceAtLocation",
    "SignpostingIndexPage",
    "SignpostingPage",
    "SiteSettings",
    "Source",
    "SourceRecord",
    "Suggestion",
    "Synonym",
    "Taxonomy",
    "TaxonomyTerm",
    "Word",
]
