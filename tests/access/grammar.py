"""How the access table is written and read: rows, who sees which thing, and what follows for everybody.

A cell says what is answered to whom: "200 alex cora | 409 cleo". Who is not named in it is refused: 403 on a
thing that they see, 404 on one that they do not (CONVENTIONS 18). `*` is everybody who sees the thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Cells = Mapping[str, str]
METHODS = ("GET", "POST")
# Who has the same role as somebody else, elsewhere or beside them, or like them no case at all.
TWINS = {
    "bea": "alex", "sid": "alex", "cleo": "cora", "sam": "cora", "sky": "sol", "mia": "max",
    "bo": "ana", "ed": "ana", "ivy": "ana", "oz": "ana", "adam": "ana", "nobody": "ana",
    "half": "stranger",
}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """Things of one kind by name, and who sees each.

    `kwargs` gives the URL's arguments for a thing of the stage, `missing` those of one that is not there.
    `barred` are people who may not even ask: 403 whether the thing is there or not.
    """

    name: str
    sees: Mapping[str, str]
    kwargs: Callable[[Any, str], dict[str, Any]]
    missing: Mapping[str, Any]
    barred: str = ""

    def seers(self, thing: str) -> set[str]:
        return set(self.sees[thing].split())


@dataclass(frozen=True)
class Row:
    """One URL name, the things that it is asked about, and for each method a cell for each thing."""

    name: str
    cells: Mapping[str, Mapping[str, str]]
    family: Family | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)  # further arguments of the URL
    queries: Sequence[str] = ()  # query strings with which GET is asked as well
    path: str = ""  # for a URL without a name
    barred: str = ""  # people who may not even ask here: 403, besides those barred from the family
    whole: bool = False  # leave nothing out: these rows are where sight itself is tested
    opens_doors: bool = False  # being sent to sign in, to show a code or a password is its answer
    public: bool = False  # strangers get what the cell says, too

    @property
    def label(self) -> str:
        return " ".join([self.path or self.name, *map(str, self.extra.values())])

    @property
    def things(self) -> list[str]:
        return sorted({thing for cells in self.cells.values() for thing in cells})

    def example(self, method: str) -> tuple[str, str]:
        """Somebody who is not refused, and of what: the first whom the row names, or who sees it."""
        for thing, cell in self.cells.get(method, {}).items():
            named = [who for who in read(cell) if who != "*"]
            seers = self.family.sees[thing].split() if self.family else ["alex"]
            if found := named or (seers if cell else []):
                return found[0], thing
        return "", ""

    @property
    def takes_both(self) -> bool:
        return set(self.cells) == set(METHODS)

    def serves_all(self, method: str) -> bool:
        return "*" in read(self.cells.get(method, {}).get("", ""))

    def bars(self, who: str) -> bool:
        return who in f"{self.barred} {self.family.barred if self.family else ''}".split()

    def names(self, method: str, thing: str, who: str) -> bool:
        """Whether this person stands in the cell by name."""
        return who in read(self.cells.get(method, {}).get(thing, ""))

    def expected(self, method: str, thing: str, who: str) -> set[int]:
        """The statuses that are right for somebody wholly signed in (or anybody, when public)."""
        said = read(self.cells.get(method, {}).get(thing, ""))
        if self.bars(who):
            return {403}
        if self.family and who not in self.family.seers(thing):
            return {404}
        return said.get(who, said.get("*", {403}))


@dataclass(frozen=True)
class Ask:
    """One question to the site on behalf of one person, and the answers that are right."""

    row: Row
    thing: str
    method: str
    who: str
    query: str = ""

    @property
    def expected(self) -> set[int]:
        return self.row.expected(self.method, self.thing, self.who)

    @property
    def is_out_of_sight(self) -> bool:
        family = self.row.family
        return family is not None and self.who not in family.seers(self.thing)

    @property
    def is_refused_at_sight(self) -> bool:
        """Refused whichever thing of its kind it is: one question for all of them will do."""
        row = self.row
        if row.family is None:
            return self.expected == {403}
        if row.bars(self.who):
            return True
        sees_some = any(self.who in row.family.seers(thing) for thing in row.family.sees)
        return self.is_out_of_sight and not (row.whole and sees_some)

    @property
    def is_wholly_asked(self) -> bool:
        """Where sight itself is tested, and where a page has parts: nothing is left out."""
        is_part = bool(self.query) and self.row.family is not None and not self.is_out_of_sight
        return is_part or (self.row.whole and not self.is_refused_at_sight)

    @property
    def is_the_example(self) -> bool:
        return not self.query and (self.who, self.thing) == self.row.example(self.method)

    @property
    def is_the_same_for_all(self) -> bool:
        """A page about nothing in particular, which answers everybody signed in alike."""
        return self.row.family is None and self.row.serves_all(self.method) and not self.is_named

    @property
    def kind(self) -> tuple[object, ...]:
        """Questions of one kind: the same URL name, method and answer, for the same reason."""
        reason = (self.is_refused_at_sight, self.is_wholly_asked, self.is_the_same_for_all)
        return (self.row.name, self.method, frozenset(self.expected), reason, bool(self.query))

    @property
    def is_named(self) -> bool:
        return self.row.names(self.method, self.thing, self.who)

    def __str__(self) -> str:
        of = f" of {self.thing}" if self.thing else ""
        return f"{self.method} {self.row.label}{self.query}{of}"


@cache
def read(cell: str) -> dict[str, set[int]]:
    """A cell as person → statuses. `in` is "let in": a page, or on to the next one."""
    found = {}
    for part in filter(None, (part.strip() for part in cell.split("|"))):
        status, *people = part.split()
        found.update(dict.fromkeys(people, {200, 302} if status == "in" else {int(status)}))
    return found


def _spread(cells: Cells, family: Family) -> dict[str, str]:
    """Cells by single thing: a key may name several; `*` stands for all that are not named."""
    named = {name: cell for names, cell in cells.items() if names != "*" for name in names.split()}
    rest = dict.fromkeys(family.sees, cells["*"]) if "*" in cells else {}
    return {**rest, **named}


def of(family: Family, name: str, **options: Any) -> Row:
    """A row about things of a family: `GET={"draft": "200 alex", …}`, `POST={…}`, options of `Row`."""
    cells = {
        method: _spread(options.pop(method), family) for method in METHODS if method in options
    }
    return Row(name, cells, family=family, **options)


def page(name: str, **options: Any) -> Row:
    """A row about nothing in particular, a list or a form for something new: `GET="200 alex"`."""
    cells = {method: {"": options.pop(method)} for method in METHODS if method in options}
    return Row(name, cells, **options)
