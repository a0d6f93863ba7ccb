"""The engine's one door: `open()` begins a case, `move()` changes its state, `moves()` lists what
may be done.

A transition's decorator says everything about a move in `custom=Move(…)`; its body only sets
fields.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model
from django.utils.module_loading import import_string
from django_fsm import Transition
from django_fsm.signals import pre_transition

from . import clocks, history, outbox, registry
from .actors import Actor

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Case, Event

    By = User | Actor

C = TypeVar("C", bound="Case")
M = TypeVar("M", bound=Model)


class Move(TypedDict, total=False):
    """What a transition's `custom` may say.

    label: the words on the button · did: what it did, as a sentence after a name · form: name of a
    form in the app's `forms` module · tells: audiences that get a letter · codes: details kept in
    the Event (ids, codes, dates) · texts: details kept as erasable reasons, with their band ·
    writes: dotted path of a service that writes rows of its own in the same transaction · due: the
    detail that gives the date of a clock with `since="given"` · then: what happens next, where the
    clock does not say it · band: who reads in the timeline that it happened, where that is not
    everybody who reads the timeline · primary, danger: how the button looks · hidden: no button,
    the page has its own form.
    """

    label: str
    did: str
    form: str
    tells: list[str]
    codes: list[str]
    texts: dict[str, str]
    writes: str
    due: str
    then: str
    band: str
    primary: bool
    danger: bool
    hidden: bool


class Conflict(Exception):
    """A lost race or a stale page: the case is not what the person saw. Shown as a 409 page."""

    def __init__(self, case: "Case", name: str) -> None:
        super().__init__(f"{case.KIND} {case.pk} cannot {name} from {case.status}")
        self.case = case
        self.name = name


_moving: ContextVar[Any] = ContextVar("waymark_moving", default=None)


def _refuse_side_doors(sender: type[Model], instance: Model, name: str, **kwargs: Any) -> None:
    if _moving.get() is not instance:
        raise RuntimeError(f"{sender.__name__}.{name}() was called outside casework.move().")


pre_transition.connect(_refuse_side_doors, dispatch_uid="casework.one_door")


@cache
def transitions_of(model: "type[Case]") -> dict[str, list[Transition]]:
    """Every move of a kind of case by name; one Transition for each source state."""
    field = cast(Any, model)._meta.get_field("status")
    found: dict[str, list[Transition]] = {}
    for transition in field.get_all_transitions(model):
        found.setdefault(transition.name, []).append(transition)
    return found


def transition_for(case: "Case", name: str) -> Transition | None:
    """The transition of that name out of the state in which the case is."""
    for transition in transitions_of(type(case)).get(name, []):
        if _leads_on(transition, case):
            return transition
    return None


def _leads_on(transition: Transition, case: "Case") -> bool:
    """Out of the state in which the case is, with its conditions met."""
    return transition.source == case.status and all(
        condition(case) for condition in transition.conditions
    )


def moves(case: "Case", by: "By") -> list[Transition]:
    """What this person may do with this case now: the buttons of its page, the primary one first
    and what ends it last, else in the order of the code."""
    found = [
        transition
        for group in transitions_of(type(case)).values()
        for transition in group
        if _leads_on(transition, case) and transition.has_perm(case, by)
    ]
    return sorted(found, key=_place)


def _place(transition: Transition) -> tuple[bool, bool, str, int]:
    custom, code = transition.custom, transition.method.__code__
    return (
        not custom.get("primary"),
        bool(custom.get("danger")),
        code.co_filename,
        code.co_firstlineno,
    )


@transaction.atomic
def open(
    case: C, *, by: "By", detail: dict[str, Any] | None = None, tells: Iterable[str] = ()
) -> C:
    """Begin a case: save it with its first Event and the letters that `tells` names."""
    clocks.start(case, detail={})
    _validate(case, [field.name for field in case._meta.concrete_fields])
    event = history.record(case, "open", by=by, from_state="", detail=detail or {})
    with _rules_as_sentences(case):
        case.save(force_insert=True)
    event.save(force_insert=True)
    outbox.tell(case, event, tells, by=by)
    return case


def move(case: C, name: str, *, by: "By", expect: int | None = None, **detail: Any) -> C:
    """Change the state of a case, with everything that belongs to it, in one transaction.

    `expect` is the version that the person saw. Returns the row as it now is (use it: the one given
    in is stale). Raises PermissionDenied (not theirs to do), Conflict (stale or lost race),
    ValidationError. A lock timeout or deadlock is tried once more, unless an outer transaction is
    open.
    """
    outermost = not transaction.get_connection().in_atomic_block
    try:
        return _move_once(case, name, by, expect, detail)
    except OperationalError as error:
        if not (outermost and _is_lock_trouble(error)):
            raise
    try:
        return _move_once(case, name, by, expect, detail)
    except OperationalError as error:
        if not _is_lock_trouble(error):
            raise
        raise Conflict(case, name) from error


# Services of packages above that follow every move of a kind of case, by KIND.
_followers: dict[str, list[Callable[..., None]]] = {}


def follow(kind: str, service: Callable[..., None]) -> None:
    """Have `service(row, name=…, by=…)` run within every move of that kind, after its own writes:
    how a match keeps in step with its referral. Called once for each as its app starts."""
    services = _followers.setdefault(kind, [])
    if service not in services:
        services.append(service)


def lock(case: C) -> C:
    """The case's row anew and locked, after those that are always locked before it."""
    for name in case.LOCK_FIRST:
        key = cast(Any, case._meta.get_field(name))
        _locked(key.related_model, getattr(case, key.attname))
    return _locked(type(case), case.pk)


def _locked(model: type[M], pk: uuid.UUID) -> M:
    """A row, locked. Every move asks for one, and a queryset takes longer to build than to
    answer."""
    table, columns = model._meta.db_table, registry.columns(model)
    statement = f"SELECT {columns} FROM {table} WHERE id = %s FOR UPDATE"  # noqa: S608
    for row in model._base_manager.raw(statement, [pk]):
        return row
    raise cast(Any, model).DoesNotExist


@transaction.atomic
def _move_once(case: C, name: str, by: "By", expect: int | None, detail: dict[str, Any]) -> C:
    row = lock(case)
    transition = _permitted(row, name, by)
    if transition is None or (expect is not None and expect != row.version):
        raise Conflict(row, name)
    custom = cast(Move, transition.custom)
    before, from_state = history.snapshot(row), row.status
    with _through_the_door(row):
        getattr(row, name)(by=by, **detail)
    clocks.start(row, detail=detail, given=custom.get("due"), from_state=from_state)
    fields = history.changed(row, before)
    _validate(row, fields)
    event = history.record(
        row,
        name,
        by=by,
        from_state=from_state,
        fields=fields,
        detail={code: detail.get(code) for code in custom.get("codes", [])},
    )
    with _rules_as_sentences(row):
        row.save(update_fields={*fields, *history.OWN})
    event.save(force_insert=True)
    history.keep_reasons(row, event, custom.get("texts", {}), detail, by=by)
    return _carry_on(row, event, custom, by, detail)


def _carry_on(row: C, event: "Event", custom: Move, by: "By", detail: dict[str, Any]) -> C:
    """What belongs to a move beyond its own row: rows and moves of others, letters. Gives the row
    as these have left it. Who is told is asked first: what is written may end their part in it."""
    letters = outbox.drafts(row, event, custom.get("tells", []), by=by)
    path = custom.get("writes")
    if path:
        service: Callable[..., None] = import_string(path)
        service(row, by=by, **detail)
    for follower in _followers.get(row.KIND, []):
        follower(row, name=event.name, by=by)
    outbox.post(letters)
    return type(row)._base_manager.get(pk=row.pk) if path else row


def _permitted(row: "Case", name: str, by: "By") -> Transition | None:
    """The transition out of the row's state; PermissionDenied when no state would let this person
    do it."""
    group = transitions_of(type(row)).get(name)
    if not group:
        raise LookupError(f"{type(row).__name__} has no move called {name}.")
    transition = transition_for(row, name)
    asked = transition or group[0]
    if not asked.has_perm(row, by):
        raise PermissionDenied(f"{name} is not for this person.")
    return transition


@contextmanager
def _through_the_door(row: "Case") -> Iterator[None]:
    token = _moving.set(row)
    try:
        yield
    finally:
        _moving.reset(token)


def _validate(row: "Case", fields: Iterable[str]) -> None:
    """These fields, and `clean()`. Constraints and foreign keys are the database's, which answers
    as the row is written: asking it beforehand would cost a query for each.

    Not `full_clean()`: it raises on a protected status (DESIGN §3, traps).
    """
    asked = {
        field.name
        for field in row._meta.concrete_fields
        if field.name in fields and not field.is_relation and field.name != "status"
    }
    row.clean_fields(exclude={field.name for field in row._meta.fields} - asked)
    row.clean()


@contextmanager
def _rules_as_sentences(row: "Case") -> Iterator[None]:
    """A broken constraint of this kind of case is a ValidationError with the constraint's words."""
    try:
        yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in row._meta.constraints:
            if constraint.name == broken:
                raise ValidationError(
                    constraint.get_violation_error_message(),
                    code=getattr(constraint, "violation_error_code", None),
                ) from error
        raise


def _is_lock_trouble(error: OperationalError) -> bool:
    """LockNotAvailable (55P03) or DeadlockDetected (40P01), as psycopg names them."""
    return getattr(error.__cause__, "sqlstate", None) in {"55P03", "40P01"}
