"""Documents about a referral."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from casework.calendar import now
from casework.pdf import Document

from . import policies
from .models import Agreement, Referral
from .progress import flags, reads_as_referrer, sign, workers
from .reading import Part, day

if TYPE_CHECKING:
    from accounts.models import User

Said = dict[str, str]


def summary_pdf(referral: Referral, parts: list[Part], *, reader: "User") -> bytes:
    """A referral on one page (longer words run on), made of the parts that its reader may see only,
    with a line that says who that is."""
    as_referrer = reads_as_referrer(referral, reader)
    document = Document(
        title="Referral",
        reference=referral.reference,
        readers=f"For {reader.name} only. Do not pass it on, and destroy it when you no longer "
        "need it.",
        made_at=now(),
    )
    in_full = policies.reads_everything(referral, reader)
    if not as_referrer and (found := flags(referral, in_full=in_full)):
        document.notice(". ".join(found) + ".")
    document.section("Summary")
    said = {row.name: row.value for part in parts for row in part.rows}
    rows = [*_standing(referral, as_referrer), *_in_short(said)]
    document.rows(rows, is_dense=True)
    return document.render()


def _standing(referral: Referral, as_referrer: bool) -> list[tuple[str, str]]:
    """Its stage and who works with them, first names only: all that its referrer may know of it."""
    person, author = referral.young_person, referral.referred_by
    at_work = "".join(f" With {who}." for who in workers(referral))
    stage = sign(referral, as_referrer=as_referrer).words
    job = f", {author.job_title}" if author.job_title else ""
    phone = f", {author.phone}" if author.phone else ""
    return [
        ("Called", person.called if person else ""),
        (
            "Stage",
            f"{stage}. Sent on {day(referral.sent_at)} to {referral.programme}, "
            f"{referral.area}.{at_work}",
        ),
        ("Referred by", f"{author.name}{job}, {referral.organisation}{phone}"),
    ]


def _in_short(said: Said) -> list[tuple[str, str]]:
    """The answers that were given and may be read, several to a line."""
    rows = [(label, words(said)) for label, words in _ROWS]
    return [(label, words) for label, words in rows if words]


def _joined(*names: str) -> Callable[[Said], str]:
    return lambda said: "; ".join(said[name] for name in names if said.get(name))


def _age(said: Said) -> str:
    years = f"{said['age']} years old" if said.get("age") else ""
    born = f"born {said['date_of_birth']}" if said.get("date_of_birth") else ""
    language = f"speaks {said['language']} best" if said.get("language") else ""
    interpreter = "needs an interpreter" if said.get("needs_interpreter") == "Yes" else ""
    return ", ".join(filter(None, [years, born, language, interpreter]))


def _contact(said: Said) -> str:
    found = [_joined("contact_methods", "phone", "email")(said)]
    if said.get("safe_to_leave_message") == "No":
        found.append("do not leave a message")
    if said.get("safe_to_contact_at_home") == "No":
        found.append("do not contact them at home")
    found += [said.get("contact_warning", ""), said.get("engagement_tips", "")]
    return "; ".join(filter(None, found))


def _agreement(said: Said) -> str:
    if "is_told" not in said:
        return ""
    if said["is_told"] == "No":
        told = f"Not told: {said.get('not_told_why', '')}"
    else:
        agrees = "they agree" if said.get("agrees") == "Yes" else "they do not agree"
        told = f"Told on {said.get('told_on', '')}, {agrees}"
    parent = _PARENT.get(said.get("parent", ""), "")
    return "; ".join(filter(None, [told, parent, _joined("parent_why", "competence_notes")(said)]))


_PARENT: dict[str, str] = {
    Agreement.Parent.KNOWS.label: "a parent or carer knows",
    Agreement.Parent.NOT_YET.label: "no parent or carer knows yet",
    Agreement.Parent.UNSAFE.label: "telling a parent or carer could put them at risk",
}


def _school(said: Said) -> str:
    missed = f"sessions missed {said['absence']}" if said.get("absence") else ""
    return "; ".join(filter(None, [_joined("status", "school")(said), missed]))


def _levels(said: Said) -> str:
    of = {"to_self": "to themselves", "from_others": "from others", "to_others": "to others"}
    found = [f"{words}: {said[name].lower()}" for name, words in of.items() if name in said]
    return "; ".join(found).capitalize()


_ROWS: list[tuple[str, Callable[[Said], str]]] = [
    ("Full name", _joined("legal_name")),
    ("Age and language", _age),
    ("Home address", _joined("home")),
    ("Contact", _contact),
    ("Agreement", _agreement),
    ("What has happened", _joined("happened")),
    ("What helps", _joined("helps")),
    ("What it is about", _joined("scope", "part")),
    ("Risk", _levels),
    ("What is known", _joined("fact")),
    ("What they think", _joined("opinion")),
    ("What to do or avoid", _joined("what_to_do")),
    ("School or work", _school),
    ("What they hope for", _joined("hopes")),
    (
        "Asked for",
        _joined("kinds", "mentor_gender", "mentor_language", "interests", "free_times"),
    ),
]
