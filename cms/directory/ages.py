"""Ages that a search may ask for: one year, or a band of several."""

from dataclasses import dataclass

OLDEST = 120


@dataclass(frozen=True, slots=True)
class Band:
    sign: str  # in addresses
    mark: str  # on search rows, and where searches are counted
    label: str
    youngest: int
    oldest: int

    def suits(self, youngest: int | None, oldest: int | None) -> bool:
        """Whether somebody of the band is of such an age."""
        return (youngest or 0) <= self.oldest and (oldest is None or oldest >= self.youngest)


def _band(youngest: int, oldest: int) -> Band:
    is_last = oldest == OLDEST
    return Band(
        sign=f"{youngest}-{oldest}",
        mark=f"age:{youngest}+" if is_last else f"age:{youngest}-{oldest}",
        label=f"{youngest} and over" if is_last else f"{youngest} to {oldest}",
        youngest=youngest,
        oldest=oldest,
    )


BANDS = tuple(
    _band(*years) for years in ((0, 4), (5, 10), (11, 13), (14, 17), (18, 24), (25, OLDEST))
)
BY_SIGN = {band.sign: band for band in BANDS}


def band_of(age: int) -> Band:
    return next(band for band in BANDS if age <= band.oldest)
