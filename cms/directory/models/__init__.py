from .checks import FeedCheck
from .claims import Claim
from .demand import Demand, UnknownWord
from .duplicates import Duplicate
from .freshness import Freshness, Reminder
from .links import LinkCheck
from .listings import Listing, ProfessionalListing
from .occasions import Schedule, ServiceAtLocation
from .places import Location
from .providers import Provider
from .records import TrackRecord
from .reviews import ReviewTask
from .runs import HeldValue, Run
from .services import Service
from .sources import Source, SourceRecord
from .suggestions import Suggestion
from .taxonomies import Taxonomy, TaxonomyTerm
from .usefulness import Usefulness
from .words import Synonym, Word

__all__ = [
    "Claim",
    "Demand",
    "Duplicate",
    "FeedCheck",
    "Freshness",
    "HeldValue",
    "LinkCheck",
    "Listing",
    "Location",
    "ProfessionalListing",
    "Provider",
    "Reminder",
    "ReviewTask",
    "Run",
    "Schedule",
    "Service",
    "ServiceAtLocation",
    "Source",
    "SourceRecord",
    "Suggestion",
    "Synonym",
    "Taxonomy",
    "TaxonomyTerm",
    "TrackRecord",
    "UnknownWord",
    "Usefulness",
    "Word",
]
