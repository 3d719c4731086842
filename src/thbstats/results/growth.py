"""Growth in two figures: as published, and over the countries that gave both periods."""

from typing import Any

import pandas as pd
from attrs import evolve, frozen

from thbstats.display import Sheet, percent
from thbstats.results.frames import end_columns, ends
from thbstats.results.result import Result
from thbstats.results.results import Results
from thbstats.values import Interval

__all__ = ["Growth"]


@frozen(kw_only=True, slots=False, repr=False)
class Growth(Results):
    """The growth of a count, as published and like for like.

    Parameters
    ----------
    matched : frozenset of str or None
        The countries that gave both periods; ``None`` where no country has rows of its own.
    held_old, held_new : Interval or None
        The share of each published count that they hold, in [0, 1].
    """

    matched: frozenset[str] | None
    held_old: Interval | None
    held_new: Interval | None

    @property
    def as_published(self) -> Result:
        """The growth of what was counted in each period, by whomever."""
        return self["as published"]

    @property
    def like_for_like(self) -> Result:
        """The growth over the countries that gave both periods."""
        return self["like for like"]

    def explain(self) -> str:
        """Return both figures as footnotes, what the matched countries hold, and every caveat."""
        return "\n\n".join([super().explain(), self._matching])

    def to_frame(self) -> pd.DataFrame:
        """Return both figures as a tidy frame, with the ends of the shares that are matched."""
        everything = Interval.point(1)
        rows = [
            end_columns("held_old", old) | end_columns("held_new", new)
            for old, new in ((everything, everything), (self.held_old, self.held_new))
        ]
        return super().to_frame().assign(**{name: [row[name] for row in rows] for name in rows[0]})

    def to_dict(self) -> dict[str, Any]:
        """Return both figures and what is matched as plain data that JSON can hold."""
        return super().to_dict() | {
            "matched": None if self.matched is None else sorted(self.matched),
            "held_old": ends(self.held_old),
            "held_new": ends(self.held_new),
        }

    def sheet(self) -> Sheet:
        """Return both figures as one sheet, with what the matched countries hold below."""
        found = super().sheet()
        return evolve(found, notes=[self._matching, *found.notes])

    @property
    def _matching(self) -> str:
        if self.matched is None or self.held_old is None or self.held_new is None:
            return "Like for like: no country has rows of its own."
        named = ", ".join(sorted(self.matched)) or "none"
        return (
            f"Like for like: {len(self.matched)} countries ({named}), which hold "
            f"{percent(self.held_old)} of the earlier count and {percent(self.held_new)} of the "
            "later one."
        )
