"""The shapes of Open Referral UK 3.0 as our own check reads them: what is required, of which type,
from which list (directory reference §2). Extras that the standard lacks are let through."""

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AnyUrl,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

Text = Annotated[str, StringConstraints(min_length=1)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Age = Annotated[int, Field(ge=0, le=120)]
DAYS = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: UUID


class Taxonomy(Shape):
    name: Text
    description: Text
    uri: AnyUrl | None = None


class TaxonomyTerm(Shape):
    name: Text
    description: Text
    parent_id: UUID | None = None
    taxonomy_id: UUID | None = None
    term_uri: AnyUrl | None = None


class Organization(Shape):
    name: Text
    description: Text
    email: Email | None = None
    website: AnyUrl | None = None


class Attribute(Shape):
    link_id: UUID
    link_type: Literal["service"]
    taxonomy_term_id: UUID
    taxonomy_term: TaxonomyTerm


class Address(Shape):
    address_1: Text
    city: Text
    state_province: Text
    postal_code: Text
    country: Literal["GB"]
    address_type: Literal["physical", "postal", "virtual"]


class Location(Shape):
    location_type: Literal["physical", "postal", "virtual"]
    latitude: Annotated[float, Field(ge=49, le=61)] | None = None
    longitude: Annotated[float, Field(ge=-9, le=2)] | None = None
    addresses: list[Address] = []


class Schedule(Shape):
    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    byday: Text | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @field_validator("byday")
    @classmethod
    def _names_days(cls, value: str | None) -> str | None:
        if value and set(value.split(",")) - DAYS:
            raise ValueError("byday holds two-letter days")
        return value


class CostOption(Shape):
    amount: Annotated[float, Field(ge=0)] | None = None


class ServiceCapacity(Shape):
    """Of HSDS 3.1, but for places that nobody has counted."""

    available: Annotated[int, Field(ge=0)] | None = None
    maximum: Annotated[int, Field(ge=0)] | None = None
    updated: AwareDatetime


class ServiceItem(Shape):
    name: Text
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    organization_id: UUID
    description: Text
    url: AnyUrl | None = None
    email: Email | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    assured_date: date | None = None
    last_modified: AwareDatetime
    organization: Organization


class ServiceAtLocationItem(Shape):
    service_id: UUID
    location_id: UUID
    name: Text
    status: Literal["active", "temporarily closed"]
    location: Location


class Nested(Shape):
    location: Location


class Service(ServiceItem):
    schedules: list[Schedule] = []
    service_at_locations: list[Nested] = []
    cost_options: list[CostOption] = []
    attributes: list[Attribute] = []
    service_capacity: list[ServiceCapacity] = []


# Of each list: the shape of an item and of a detail.
OF: dict[str, tuple[type[Shape], type[Shape]]] = {
    "services": (ServiceItem, Service),
    "service_at_locations": (ServiceAtLocationItem, ServiceAtLocationItem),
    "taxonomies": (Taxonomy, Taxonomy),
    "taxonomy_terms": (TaxonomyTerm, TaxonomyTerm),
    "organizations": (Organization, Organization),
}
