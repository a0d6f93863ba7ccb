"""What typed words are taken for: synonyms of the editors, unfinished and misspelt words.

Without an extension of PostgreSQL: the words of public services are kept with their two and three
letters, the nearest by those are fetched from an index, and rapidfuzz counts the mistakes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from rapidfuzz.distance import DamerauLevenshtein

from .models import Synonym, TaxonomyTerm, Word
from .plain import fold

LETTERS = re.compile(r"[a-z]{3,40}")
SHORT = 5  # letters up to which one mistake is forgiven; two in longer words
MOST_QUERIES = 6
MOST_UNKNOWN = 5
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """`queries`: web searches of which any may match. `begins`: the last word, which may go on.
    `instead`: what was searched for, where something was misspelt."""

    queries: tuple[str, ...] = ()
    begins: str = ""
    instead: str = ""


def hear(typed: str, *, exactly: bool = False, is_professional: bool = False) -> Heard:
    """What was typed, with what it may stand for. One query; two where a word is not known. To a
    professional the words of what only they find are known, and to nobody else."""
    text = " ".join(fold(typed).split())
    words = [] if exactly else LETTERS.findall(text)
    synonyms, known, goes_on = _look_up(text, words, is_professional)
    covered = {word for phrase, _ in synonyms for word in phrase.split()}
    last = words[-1] if words and words[-1] in goes_on and _stands_last(text, words[-1]) else ""
    unknown = [word for word in known if not known[word] and word not in covered | {last}]
    near = _nearest(unknown[:MOST_UNKNOWN]) if unknown else {}
    if not near:
        return Heard(_with(text, synonyms), begins=last)
    instead = LETTERS.sub(lambda found: near.get(found[0], found[0]), text)
    synonyms = _look_up(instead, [], is_professional)[0]
    return Heard(_with(instead, synonyms), begins=last, instead=instead)


def _stands_last(text: str, last: str) -> bool:
    """Whether it ends the text, not left out by a minus and not in a phrase in quotes."""
    return text.count('"') % 2 == 0 and re.search(rf"(?:^|\s){last}$", text) is not None


def _with(text: str, synonyms: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The text, the text with all synonyms in their places, since each alone leaves the others'
    words, and with each of them alone."""
    found = sorted(synonyms, key=lambda pair: -len(pair[0]))  # "food bank" before "food"
    meanings = [
        (phrase, meaning.strip())
        for phrase, means in found
        for meaning in fold(means).split(";")
        if meaning.strip()
    ]
    whole = text
    for phrase, meaning in meanings:  # the first meaning: then the phrase is there no more
        whole = _put(whole, phrase, meaning)
    others = (_put(text, phrase, meaning) for phrase, meaning in meanings)
    return tuple(islice(dict.fromkeys([text, whole, *others]), MOST_QUERIES))


def _put(text: str, phrase: str, meaning: str) -> str:
    return re.sub(rf"\b{re.escape(phrase)}\b", meaning, text)


_LOOK_UP = """
SELECT phrase, means, NULL AS is_known, NULL AS goes_on FROM cms_synonym
WHERE position(' ' || phrase || ' ' in %(text)s) > 0
UNION ALL
SELECT NULL, word, EXISTS (SELECT FROM cms_word WHERE cms_word.stem = typed.stem)
    OR (%(is_professional)s::boolean AND EXISTS (
        SELECT FROM cms_professionallisting WHERE search @@ plainto_tsquery('english', typed.word)
    )),
    EXISTS (SELECT FROM cms_word WHERE stem LIKE typed.word || '%%' AND stem <> typed.stem)
FROM (
    SELECT word, (tsvector_to_array(to_tsvector('english', word)))[1] AS stem
    FROM unnest(%(words)s::varchar[]) AS word
) AS typed
WHERE stem IS NOT NULL
"""


def _look_up(
    text: str, words: list[str], is_professional: bool
) -> tuple[list[tuple[str, str]], dict[str, bool], set[str]]:
    """The synonyms in a text; of each word that searching heeds, whether a service has it; and the
    words with which others begin."""
    plain = " ".join(re.findall(r"[\w'+-]+", text))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "text": f" {plain} ",
            "words": words,
            "is_professional": is_professional,
        }
        cursor.execute(_LOOK_UP, values)
        rows = cursor.fetchall()
    synonyms = [(phrase, means) for phrase, means, *_ in rows if phrase is not None]
    typed = [row[1:] for row in rows if row[0] is None]
    known = {word: is_known for word, is_known, _ in typed}
    return synonyms, known, {word for word, _, goes_on in typed if goes_on}


_NEAREST = """
SELECT word FROM cms_word WHERE pieces && %(pieces)s::varchar[] ORDER BY (
    SELECT count(*) FROM unnest(pieces) AS piece WHERE piece = ANY(%(pieces)s::varchar[])
) DESC, word LIMIT %(most)s
"""


def _nearest(unknown: list[str]) -> dict[str, str]:
    """For each unknown word the known one that it was most likely meant to be."""
    wanted = [
        piece
        for word in unknown
        for piece in pieces(word)
        if len(piece) == (2 if len(word) <= SHORT else 3)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, {"pieces": wanted, "most": CANDIDATES})
        known = [row[0] for row in cursor.fetchall()]
    return {word: found for word in unknown if (found := closest(word, known))}


def closest(word: str, candidates: Iterable[str]) -> str:
    """The candidate with the fewest mistakes; "" when none has few enough. Among equals the one
    that begins alike, then the first by the alphabet."""
    most = 1 if len(word) <= SHORT else 2
    scored = [
        (mistakes, other[0] != word[0], other)
        for other in candidates
        if (mistakes := DamerauLevenshtein.distance(word, other, score_cutoff=most)) <= most
    ]
    return min(scored)[2] if scored else ""


def pieces(word: str) -> list[str]:
    """Its runs of two and three letters, with its two ends marked: "_jo", "ob_"."""
    padded = f"_{word}_"
    runs = {padded[at : at + size] for size in (2, 3) for at in range(len(padded) - size + 1)}
    return sorted(runs)


def sort_out(typed: Iterable[str]) -> tuple[set[str], set[str]]:
    """Those of these words that a public service, a synonym or a term has, and the others. Words
    that searching leaves out, such as "the", are in neither."""
    stems = dict(_stems(sorted(typed)))
    held = set(Word.objects.filter(stem__in=stems.values()).values_list("stem", flat=True))
    said = " ".join(fold(text) for text in _written_by_editors())
    ours = {stem for _, stem in _stems(sorted(set(LETTERS.findall(said))))}
    known = {word for word, stem in stems.items() if stem in held | ours}
    return known, stems.keys() - known


def _written_by_editors() -> Iterator[str]:
    for synonym in Synonym.objects.values_list("phrase", "means"):
        yield from synonym
    for term in TaxonomyTerm.objects.values_list("name", "public_wording", "synonyms"):
        yield from term


# Keeping them -------------------------------------------------------------------------------------
def learn(texts: Iterable[str]) -> None:
    """Add the words of these folded texts that are not kept yet."""
    words = sorted({word for text in texts for word in LETTERS.findall(text)})
    known = set(Word.objects.filter(pk__in=words).values_list("pk", flat=True))
    stems = _stems([word for word in words if word not in known])
    Word.objects.bulk_create(
        [Word(word=word, stem=stem, pieces=pieces(word)) for word, stem in stems],
        ignore_conflicts=True,
    )


def forget(text: str) -> None:
    """Forget those words of a folded text that no public service has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cms_word WHERE word = ANY(%s::varchar[]) AND NOT EXISTS (SELECT FROM "
            "cms_listing WHERE search @@ plainto_tsquery('english', cms_word.word))",
            [LETTERS.findall(text)],
        )


def _stems(words: list[str]) -> list[tuple[str, str]]:
    """Each word with its stem; those that searching leaves out, such as "the", are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, (tsvector_to_array(to_tsvector('english', word)))[1] "
            "FROM unnest(%s::varchar[]) AS word",
            [words],
        )
        return [(word, stem) for word, stem in cursor.fetchall() if stem]


@transaction.atomic
def learn_anew(texts: Iterable[str]) -> None:
    """Forget the words that no public service has any more."""
    words = {word for text in texts for word in LETTERS.findall(text)}
    Word.objects.exclude(pk__in=words).delete()
    learn(words)
