"""Our records in the shape of Open Referral UK 3.0. What is not known is left out, never null."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cms.directory import support, wording
from cms.directory.models import (
    Location,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from cms.directory.plain import to_text
from cms.directory.shaped import shaped_id

Shape = dict[str, Any]
STATUS = {
    Service.Status.OPEN: "active",
    Service.Status.PAUSED: "temporarily closed",
    Service.Status.CLOSED: "defunct",
}
ATTENDING = {
    "is_in_person": "in person",
    "is_online": "online",
    "is_by_phone": "by phone",
    "is_at_home": "at home",
}
STATISTICS = "http://statistics.data.gov.uk/id/statistical-geography/"


def given(**fields: Any) -> Shape:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def organization(provider: Provider, *, whole: bool = False) -> Shape:
    shape = given(
        id=str(provider.pk),
        name=provider.name,
        description=provider.description or provider.name,
        email=provider.email,
        website=provider.website,
    )
    if whole:
        numbers = (
            ("Charity number", "GB-CHC", provider.charity_number),
            ("Company number", "GB-COH", provider.company_number),
        )
        shape |= given(
            organization_identifiers=[
                {
                    "id": shaped_id(provider.pk, scheme),
                    "organization_id": str(provider.pk),
                    "identifier_scheme": scheme,
                    "identifier_type": kind,
                    "identifier": number,
                }
                for kind, scheme, number in numbers
                if number
            ]
        )
    return shape


def service_item(service: Service, *, whole: bool = False) -> Shape:
    """What lists show: scalars and a flat organisation; of what has gone, that it has."""
    if not service.is_in_feed:
        return tombstone(service)
    return given(
        id=str(service.pk),
        organization_id=str(service.provider_id),
        name=service.title,
        description=description(service),
        url=service.url,
        email=service.email,
        status=STATUS[Service.Status(service.status)],
        fees=wording.cost(service),
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        assured_date=service.checked_at and service.checked_at.date().isoformat(),
        alert=service.notice,
        last_modified=moment(service.last_modified),
        organization=organization(service.provider, whole=whole),
    )


def tombstone(service: Service) -> Shape:
    """A service that is not listed any more. What was taken off, perhaps in haste, or may be passed
    on no more, is not named again: readers know it by its id. What has closed for good keeps its
    name."""
    is_closed = service.status == Service.Status.CLOSED
    return given(
        id=str(service.pk),
        name=service.title if is_closed and service.may_pass_on else "Not listed any more",
        status="defunct" if is_closed else "inactive",
        merged_into=str(service.merged_into_id or ""),
        last_modified=moment(service.last_modified),
    )


def minimal(service: Service) -> Shape:
    return given(id=str(service.pk), modified_date=moment(service.last_modified))


def service(row: Service) -> Shape:
    """Everything about a service. Extras that HSDS names and the UK profile lacks come last."""
    if not row.is_in_feed:
        return tombstone(row)
    phone = given(id=shaped_id(row.pk, "phone"), number=row.phone) if row.phone else {}
    places = {at.location_id: at for at in row.service_at_locations.all()}
    return service_item(row, whole=True) | given(
        schedules=[*(schedule(one, places) for one in row.schedules.all()), *irregular(row)],
        service_areas=service_areas(row),
        service_at_locations=[
            given(
                id=str(at.uuid),
                service_id=str(row.pk),
                location_id=str(at.location_id),
                description=at.shown_note,
                location=location(at.location, whole=True),
            )
            for at in places.values()
        ],
        languages=languages(row),
        cost_options=cost_options(row),
        contacts=[given(id=shaped_id(row.pk, "contact"), service_id=str(row.pk), phones=[phone])]
        if phone
        else [],
        attributes=[attribute(row, term) for term in row.terms.all()],
        phones=[phone] if phone else [],
        eligibility_description=row.eligibility,
        application_process=row.how_to_get_help,
        wait_time=row.waiting_time or _wait(row),
        service_capacity=capacity(row),
        attending_types=[word for name, word in ATTENDING.items() if getattr(row, name)],
    )


def _wait(row: Service) -> str:
    """How it stands with places, with its day: what is said of waits grows old soon."""
    day = row.places_said_on
    return f"{wording.places(row)} (said on {day:%-d %B %Y})" if row.places and day else ""


def capacity(row: Service) -> list[Shape]:
    """In the words of HSDS 3.1. It wants a number of places free: there is none where somebody has
    to wait, and we say none where we only know that there are some."""
    if not row.places or row.places_said_on is None:
        return []
    is_open = row.places == Service.Places.OPEN
    free = 0 if row.free_places is None and not is_open else row.free_places
    return [
        given(
            id=shaped_id(row.pk, "capacity"),
            service_id=str(row.pk),
            available=0 if row.places == Service.Places.FULL else free,
            maximum=row.all_places,
            description=wording.places(row),
            updated=f"{row.places_said_on.isoformat()}T00:00:00Z",
        )
    ]


def description(row: Service) -> str:
    """The summary first, unless the text begins with it, as that of an imported one does."""
    body = to_text(row.body)
    summary = "" if body.startswith(row.summary) else row.summary
    parts = [summary, body, row.eligibility, row.how_to_get_help, support.sentence(row.supported)]
    if row.waiting_time:
        parts.append(f"Waiting time: {row.waiting_time}")
    return "\n\n".join(part.strip() for part in parts if part.strip()) or row.title


def service_areas(row: Service) -> list[Shape]:
    shapes = [
        given(
            id=shaped_id(row.pk, "area", area.code),
            service_id=str(row.pk),
            name=area.name,
            service_area=area.name,
            uri=f"{STATISTICS}{area.code}" if len(area.code) == 9 else "",
        )
        for area in row.areas.all()
    ]
    if row.is_anywhere:
        anywhere = {"name": "Anywhere", "service_area": "Anywhere"}
        shapes.append({"id": shaped_id(row.pk, "area"), "service_id": str(row.pk), **anywhere})
    return shapes


def languages(row: Service) -> list[Shape]:
    return [
        {
            "id": shaped_id(row.pk, "language", language.value),
            "service_id": str(row.pk),
            "name": str(language.label),
            "code": language.value,
        }
        for language in row.spoken
    ]


def cost_options(row: Service) -> list[Shape]:
    if row.cost == Service.Cost.ASK:
        return []
    is_free = row.cost == Service.Cost.FREE
    amount = 0 if is_free else row.price and float(row.price)
    return [
        given(
            id=shaped_id(row.pk, "cost"),
            service_id=str(row.pk),
            option="Free" if is_free else "Price",
            amount=amount,
            amount_description=row.cost_words,
        )
    ]


def schedule(row: Schedule, places: dict[UUID | None, ServiceAtLocation]) -> Shape:
    at = places.get(row.location_id)
    return given(
        id=str(row.uuid),
        service_id=str(row.service_id),
        service_at_location_id=at and str(at.uuid),
        freq=row.every if row.days or row.every == Schedule.Every.MONTH else "",
        byday=",".join(row.days),
        opens_at=row.opens_at and row.opens_at.isoformat(),
        closes_at=row.closes_at and row.closes_at.isoformat(),
        valid_from=row.valid_from and row.valid_from.isoformat(),
        valid_to=row.valid_until and row.valid_until.isoformat(),
        description=row.words,
    )


def irregular(row: Service) -> list[Shape]:
    """Times that only words say, as the schedule that has nothing else."""
    if not row.when:
        return []
    words = {"service_id": str(row.pk), "description": row.when}
    return [{"id": shaped_id(row.pk, "when")} | words]


def location(row: Location, *, whole: bool = False) -> Shape:
    """A withheld address gives its town only, and no point on the map."""
    shown = not row.is_address_withheld
    shape = given(
        id=str(row.pk),
        location_type=row.kind,
        name=row.name if shown else row.city,
        description=row.getting_there if shown else "They tell you the address on contact.",
        latitude=row.latitude if shown else None,
        longitude=row.longitude if shown else None,
    )
    if whole:
        shape |= given(
            addresses=addresses(row) if shown else [],
            accessibility=[
                {
                    "id": shaped_id(row.pk, "access", word),
                    "location_id": str(row.pk),
                    "description": word,
                    "accessibility": word,
                }
                for word in row.access_words
            ],
        )
    return shape


def addresses(row: Location) -> list[Shape]:
    """The standard wants an address whole or not at all."""
    needed = (row.address_1, row.city, row.county, row.postcode)
    if not all(needed):
        return []
    return [
        {
            "id": shaped_id(row.pk, "address"),
            "location_id": str(row.pk),
            "address_1": ", ".join(filter(None, (row.address_1, row.address_2))),
            "city": row.city,
            "state_province": row.county,
            "postal_code": row.postcode,
            "country": "GB",
            "address_type": "postal" if row.kind == Location.Kind.POSTAL else "physical",
        }
    ]


def attribute(row: Service, term: TaxonomyTerm) -> Shape:
    return {
        "id": shaped_id(row.pk, "term", term.pk),
        "link_id": str(row.pk),
        "link_type": "service",
        "taxonomy_term_id": str(term.pk),
        "taxonomy_term": taxonomy_term(term),
    }


def taxonomy(row: Taxonomy) -> Shape:
    return given(
        id=str(row.pk), name=row.name, description=row.description or row.name, uri=row.uri
    )


def taxonomy_term(row: TaxonomyTerm) -> Shape:
    return given(
        id=str(row.pk),
        name=row.name,
        description=row.description or row.name,
        parent_id=row.parent_id and str(row.parent_id),
        taxonomy=row.taxonomy.name,
        taxonomy_id=str(row.taxonomy_id),
        term_uri=row.term_uri,
        term=row.code,
    )


def service_at_location_item(row: ServiceAtLocation) -> Shape:
    """With `name` and `status`, because the published OpenAPI reads it as a service."""
    return given(
        id=str(row.uuid),
        service_id=str(row.service_id),
        location_id=str(row.location_id),
        name=row.service.title,
        status=STATUS[Service.Status(row.service.status)],
        description=row.shown_note,
        location=location(row.location),
        service=service_item(row.service),
    )


def service_at_location(row: ServiceAtLocation) -> Shape:
    return service_at_location_item(row) | {
        "location": location(row.location, whole=True),
        "service": service(row.service),
    }
