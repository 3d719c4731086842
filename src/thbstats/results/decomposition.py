"""A change of a share, split into what happened within countries and who counted how much."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import pandas as pd
from attrs import evolve, field, frozen

from thbstats.display import Sheet, pp
from thbstats.results.frames import end_columns, ends
from thbstats.results.result import Result
from thbstats.results.results import Results
from thbstats.results.sheets import figure_sheet
from thbstats.results.warning import Warnings
from thbstats.values import Interval

__all__ = ["Decomposition"]

Effects = tuple[Interval | None, ...]


def _effects(effects: Iterable[Interval | None]) -> Effects:
    return tuple(effects)


@frozen(kw_only=True, slots=False, repr=False)
class Decomposition(Results):
    """What each country adds to the change of a pooled share.

    The items are the contributions of the countries, within and composition together.

    Parameters
    ----------
    whole : Result
        The change of the share.
    within : tuple of Interval or None
        For each item, what came of a change of the country's own share, as a fraction of 1;
        ``None`` where it reported neither period.
    composition : tuple of Interval or None
        For each item, what came of a change of the country's weight.
    """

    whole: Result
    within: Effects = field(converter=_effects)
    composition: Effects = field(converter=_effects)

    @property
    def total_within(self) -> Interval:
        """What came of changes of shares within countries, over all of them."""
        return _sum(self.within)

    @property
    def total_composition(self) -> Interval:
        """What came of who counted how much, over all countries."""
        return _sum(self.composition)

    @property
    def warnings(self) -> Warnings:
        """The warnings of the two shares and of their comparison."""
        return super().warnings.and_also(self.whole.warnings)

    def explain(self) -> str:
        """Return the change, its two sums, each contribution, and every caveat once."""
        return "\n\n".join([self.whole.explain(), self._sums, super().explain()])

    def to_frame(self) -> pd.DataFrame:
        """Return the contributions as a tidy frame, with the ends of both effects."""
        rows = [
            end_columns("within", one) | end_columns("composition", two)
            for one, two in zip(self.within, self.composition, strict=True)
        ]
        names = end_columns("within", None) | end_columns("composition", None)
        return super().to_frame().assign(**{name: [row[name] for row in rows] for name in names})

    def to_dict(self) -> dict[str, Any]:
        """Return the contributions and the whole change as plain data that JSON can hold."""
        return super().to_dict() | {
            "whole": self.whole.to_dict(),
            "within": [ends(effect) for effect in self.within],
            "composition": [ends(effect) for effect in self.composition],
        }

    def sheet(self) -> Sheet:
        """Return the contributions as one sheet, with the whole change below."""
        columns = {"within": self.within, "composition": self.composition}
        found = figure_sheet(
            self.items,
            self.caption,
            first={name: [_shown(effect) for effect in column] for name, column in columns.items()},
            whole=self.whole,
        )
        return evolve(found, notes=[self._sums, *found.notes])

    @property
    def _sums(self) -> str:
        return (
            f"Within countries: {pp(self.total_within)}. Composition, who counted how much: "
            f"{pp(self.total_composition)}."
        )


def _sum(effects: Effects) -> Interval:
    return reduce(add, (effect for effect in effects if effect is not None), Interval.point(0))


def _shown(effect: Interval | None) -> str:
    return "not reported" if effect is None else pp(effect)
