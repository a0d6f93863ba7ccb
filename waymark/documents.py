"""Documents that the code writes about itself: states, permissions, privacy. CI compares them."""

from collections.abc import Callable, Iterator
from typing import Any

from django_fsm import Transition

from accounts import roles
from casework import privacy, registry
from casework.models import Case
from casework.workflow import transitions_of

HEAD = "<!-- Written by `manage.py docs` from the code. Do not edit. -->\n\n"


def states() -> str:
    """Every kind of case: its states with whose turn it is and how long, a diagram, its moves."""
    return HEAD + "# States\n\n" + "\n".join(_kind(model) for model in _kinds())


def _kinds() -> list[type[Case]]:
    return [registry.kinds()[kind] for kind in sorted(registry.kinds())]


def _kind(model: type[Case]) -> str:
    return "\n".join(
        [f"## {model.__name__}\n", *_diagram(model), *_states(model), *_moves(model), ""]
    )


def _all(model: type[Case]) -> Iterator[Transition]:
    """Every transition of a kind, in a fixed order."""
    found = [each for group in transitions_of(model).values() for each in group]
    yield from sorted(found, key=lambda each: (each.name, str(each.source)))


def _diagram(model: type[Case]) -> list[str]:
    arrows = [f"    {each.source} --> {each.target}: {each.name}" for each in _all(model)]
    return ["```mermaid", "stateDiagram-v2", *arrows, "```", ""]


def _states(model: type[Case]) -> list[str]:
    rows = ["| State | In words | Whose turn | Clock |", "| --- | --- | --- | --- |"]
    for state in model.State:
        clock = model.CLOCKS.get(state)
        turn = clock.role.name if clock else "nobody: final"
        limit = f"{clock.limit} {clock.unit.replace('_', ' ')}" if clock else ""
        rows.append(f"| `{state.value}` | {state.label} | {turn} | {limit} |")
    return [*rows, ""]


def _moves(model: type[Case]) -> list[str]:
    rows = ["| Move | From | To | Who | Told | Form |", "| --- | --- | --- | --- | --- | --- |"]
    for name, group in sorted(transitions_of(model).items()):
        custom = group[0].custom
        sources = ", ".join(sorted(str(each.source) for each in group))
        rows.append(
            f"| `{name}` | {sources} | {group[0].target} | {_policy(group[0])} "
            f"| {', '.join(custom.get('tells', []))} | {custom.get('form', '')} |"
        )
    return rows


def _policy(transition: Transition) -> str:
    """The policy by its name and its own words."""
    policy: Any = transition.permission
    words = (policy.__doc__ or "").strip().split("\n\n")[0]
    said = " ".join(words.split())
    return f"`{policy.__name__}`" + (f": {said}" if said else "")


def permissions() -> str:
    """Roles with what they may do, and each policy with the moves that it opens."""
    rows = [HEAD + "# Roles and permissions\n"]
    rows += ["| Role | What it is | May | Second factor |", "| --- | --- | --- | --- |"]
    for role in roles.ALL:
        may = ", ".join(sorted(role.capabilities))
        factor = "required" if role.second_factor else "offered"
        rows.append(f"| {role.name} | {role.description} | {may} | {factor} |")
    for model in _kinds():
        rows += ["", f"## Who may move a {model._meta.verbose_name}\n"]
        rows += ["| Policy | Moves |", "| --- | --- |"]
        rows += [f"| {policy} | {moves} |" for policy, moves in _by_policy(model)]
    return "\n".join(rows) + "\n"


def _by_policy(model: type[Case]) -> list[tuple[str, str]]:
    found: dict[str, set[str]] = {}
    for each in _all(model):
        found.setdefault(_policy(each), set()).add(f"`{each.name}`")
    return [(policy, ", ".join(sorted(moves))) for policy, moves in sorted(found.items())]


def privacy_register() -> str:
    """Every model with why it is kept and how long, every column with what it is about."""
    rows = [HEAD + "# What is kept about people, and why\n"]
    for model in sorted(privacy.our_models(), key=lambda each: each._meta.label):
        declared: Any = model.Privacy  # type: ignore[attr-defined]
        rows.append(f"## {model._meta.label}\n\nAbout: {declared.subject}. {declared.why}")
        if declared.subject != "nobody":
            rows += [f"Kept: {declared.keep}.\n", "| Column | Kind | Band | On request |"]
            rows += ["| --- | --- | --- | --- |"]
            rows += [
                f"| {each.column} | {each.kind} | {each.band} | {each.sar} |"
                for each in privacy.classified(model)
            ]
        rows.append("")
    return "\n".join(rows)


ALL: dict[str, Callable[[], str]] = {
    "states.md": states,
    "permissions.md": permissions,
    "privacy.md": privacy_register,
}
