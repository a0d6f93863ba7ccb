from .checks import FeedCheck
from .freshness import Freshness, Reminder
from .listings import Listing
from .places import Location
from .providers import Provider
from .reviews import ReviewTask
from .services import Schedule, Service, ServiceAtLocation
from .sources import Source, SourceRecord
from .suggestions import Suggestion
from .taxonomies import Taxonomy, TaxonomyTerm
from .words import Synonym, Word

__all__ = [
    "FeedCheck",
    "Freshness",
    "Listing",
    "Location",
    "Provider",
    "Reminder",
    "ReviewTask",
    "Schedule",
    "Service",
    "ServiceAtLocation",
    "Source",
    "SourceRecord",
    "Suggestion",
    "Synonym",
    "Taxonomy",
    "TaxonomyTerm",
    "Word",
]
