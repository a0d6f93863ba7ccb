"""What the words mean by which other directories sort their services: ours by id, address or name,
others as an editor has said."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User

from .incoming import Reading
from .models import Source, SourceRecord, TaxonomyTerm, Translation
from .own.drafts import held
from .plain import fold
from .values import apply, latest, snapshot

SECONDS = 40.0  # of one call: a task has sixty
LONGEST = 200  # letters of a word, or of the name of a vocabulary
NAMES = ("pk", "name", "term_uri")


class Word(NamedTuple):
    """A word of theirs, as they write it, and the list that it is of."""

    name: str
    vocabulary: str

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.vocabulary), fold(self.name)

    def __str__(self) -> str:
        return f"{self.name}\t{self.vocabulary}"


def word(name: str, vocabulary: str) -> Word:
    return Word(*(" ".join(said.split())[:LONGEST] for said in (name, vocabulary)))


class Vocabulary:
    """Our terms by whatever a source may call them."""

    def __init__(self) -> None:
        self.ours = by_words(TaxonomyTerm.objects.all(), NAMES)
        self.translated = translated()

    def read(
        self, said: Iterable[Mapping[str, Any]], source: Source
    ) -> tuple[list[str], list[str]]:
        """The ids of ours that are meant, and the words that are none of ours by themselves."""
        found, unknown = set(), set()
        for term in said:
            own = next((self.ours[w] for w in term["words"] if w in self.ours), None)
            if own is None and term["name"]:
                theirs = word(term["name"], term["vocabulary"] or source.name)
                unknown.add(str(theirs))
                own = self.translated.get(theirs.key)
            if own:
                found.add(str(own))
        return sorted(found), sorted(unknown)


def by_words(rows: Any, names: tuple[str, ...]) -> dict[str, UUID]:
    return {
        fold(str(getattr(row, name))): row.pk
        for row in rows
        for name in names
        if getattr(row, name)
    }


def translated() -> dict[tuple[str, str], UUID | None]:
    rows = Translation.objects.values_list("vocabulary", "word", "term")
    return {(vocabulary, said): term for vocabulary, said, term in rows}


def counted() -> list[tuple[Word, int]]:
    """Every word of theirs that is none of ours, and how many services have it, the most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT said, count(*) FROM cms_sourcerecord, unnest(said_terms) said"
            " WHERE service_id IS NOT NULL GROUP BY said ORDER BY said"
        )
        rows = cursor.fetchall()
    ours = by_words(TaxonomyTerm.objects.all(), ("name",))
    names: dict[tuple[str, str], Word] = {}
    many: Counter[tuple[str, str]] = Counter()
    for said, count in rows:
        name, _, vocabulary = said.partition("\t")
        theirs = Word(name, vocabulary)
        if fold(name) not in ours:
            many[names.setdefault(theirs.key, theirs).key] += count
    return [(names[key], count) for key, count in sorted(many.items(), key=_most_first)]


def undecided() -> int:
    """How many words wait for an editor."""
    meant = translated()
    return sum(theirs.key not in meant for theirs, _ in counted())


def _most_first(row: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -row[1], row[0]


def translate(theirs: Word, term: TaxonomyTerm | None, *, by: User) -> None:
    """From now on it means this one of ours, or none."""
    vocabulary, said = theirs.key
    Translation.objects.update_or_create(
        vocabulary=vocabulary, word=said, defaults={"term": term, "decided_by": by}
    )


def resolve(*, after: str = "", seconds: float = SECONDS) -> str:
    """Give what is imported already the terms that its words mean now. If time is over before the
    end: after which record another call goes on."""
    end = time.monotonic() + seconds
    vocabulary = Vocabulary()
    records = SourceRecord.objects.filter(service__isnull=False).exclude(said_terms=[])
    rest = records.filter(pk__gt=after) if after else records
    for pk, said in rest.order_by("pk").values_list("pk", "said_terms"):
        if any(Word(*each.split("\t", 1)).key in vocabulary.translated for each in said):
            _resolve_one(pk, vocabulary)
            if time.monotonic() > end:
                return str(pk)
    return ""


@transaction.atomic
def _resolve_one(pk: UUID, vocabulary: Vocabulary) -> None:
    """What an editor has added or taken away stays so."""
    rows = SourceRecord.objects.select_related("service", "source").select_for_update(of=["self"])
    record = rows.get(pk=pk)
    was = set(record.values.get("terms", []))
    meant, record.said_terms = vocabulary.read(Reading().terms(record.payload), record.source)
    if set(meant) == was or record.service is None:
        return
    record.values["terms"] = meant
    record.save(update_fields=["values", "said_terms"])
    service = held(record.service)
    draft, is_draft = latest(service), service.has_unpublished_changes
    present = set(snapshot(draft)["terms"])
    wanted = (present | set(meant) - was) - (was - set(meant))
    if wanted != present:
        apply(draft, {"terms": sorted(wanted)})
        revision = draft.save_revision(clean=False)
        if service.live and not is_draft:
            revision.publish()


def terms_by_taxonomy() -> list[tuple[str, list[tuple[str, str]]]]:
    """Our terms to choose from, by id, under the names of their taxonomies."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for term in TaxonomyTerm.objects.select_related("taxonomy"):
        ended = "" if term.is_current else " (not in use now)"
        groups.setdefault(term.taxonomy.name, []).append((str(term.pk), f"{term.name}{ended}"))
    return list(groups.items())
