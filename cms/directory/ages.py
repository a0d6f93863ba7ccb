"""Ages that a search may ask for: one year, or a group of several."""

from dataclasses import dataclass

OLDEST = 120


@dataclass(frozen=True, slots=True)
class AgeGroup:
    sign: str  # in addresses
    mark: str  # on search rows, and where searches are counted
    label: str
    youngest: int
    oldest: int

    def suits(self, youngest: int | None, oldest: int | None) -> bool:
        """Whether somebody of the group is of such an age."""
        return (youngest or 0) <= self.oldest and (oldest is None or oldest >= self.youngest)


def _group(youngest: int, oldest: int) -> AgeGroup:
    is_last = oldest == OLDEST
    return AgeGroup(
        sign=f"{youngest}-{oldest}",
        mark=f"age:{youngest}+" if is_last else f"age:{youngest}-{oldest}",
        label=f"{youngest} and over" if is_last else f"{youngest} to {oldest}",
        youngest=youngest,
        oldest=oldest,
    )


AGE_GROUPS = tuple(
    _group(*years) for years in ((0, 4), (5, 10), (11, 13), (14, 17), (18, 24), (25, OLDEST))
)
BY_SIGN = {group.sign: group for group in AGE_GROUPS}


def group_of(age: int) -> AgeGroup:
    return next(group for group in AGE_GROUPS if age <= group.oldest)
