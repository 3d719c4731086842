"""Several numbers in columns; each item is a view with everything that one number has."""

from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.display import Sheet, Shown, count
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.results.frames import end_columns, ends, frame
from thbstats.results.repeated import Places, Repeated
from thbstats.results.result import Result
from thbstats.results.sheets import explanation, figure_sheet
from thbstats.results.warning import Warnings
from thbstats.values import Interval, Intervals

__all__ = ["Breakdown", "Funnel", "LeaveOneOut", "Ranking", "Results"]


_ANY_NUMBER = Interval(None, None, undefined=True)


def _items(items: Iterable[Result]) -> tuple[Result, ...] | Repeated:
    return items if isinstance(items, Repeated) else tuple(items)


def _ranks(ranks: Iterable[Interval]) -> tuple[Interval, ...]:
    return tuple(ranks)


@frozen(kw_only=True, slots=False)
class Results(Shown):
    """Numbers of one kind, in order, found by position or by label.

    Parameters
    ----------
    caption : str
        What they show together.
    items : tuple of Result
        The numbers.
    """

    caption: str
    items: tuple[Result, ...] | Repeated = field(converter=_items)

    @property
    def distinct(self) -> tuple["Results", Places]:
        """Numbers that are there once, and the place among them of each of these.

        What a rule asks of each number alone it need not ask again for every pair.
        """
        if isinstance(self.items, Repeated):
            return self.items.whole, self.items.places
        return self, np.arange(len(self.items))

    def pick(self, places: Places) -> "Results":
        """Return the numbers at some places, each as often as its place is named.

        Parameters
        ----------
        places : array of int, shape (m,)
            Positions from 0.

        Returns
        -------
        Results
            Of length m; nothing is copied but the places.
        """
        whole, own = self.distinct
        return Results(caption=self.caption, items=Repeated(whole, own[places]))

    @cached_property
    def asked(self) -> dict[Hashable, Any]:
        """What was asked of these numbers before, by question: each is asked once."""
        return {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the items, in order."""
        return tuple(item.label for item in self.items)

    @property
    def warnings(self) -> Warnings:
        """The warnings of all items, each once."""
        return Warnings().and_also(*(item.warnings for item in self.items))

    @cached_property
    def numerator(self) -> Intervals:
        """The numerators as a column."""
        return self._column("numerator")

    @cached_property
    def denominator(self) -> Intervals:
        """The denominators as a column."""
        return self._column("denominator")

    @cached_property
    def reported(self) -> Intervals:
        """The reported numbers as a column; undefined and without bounds where none is."""
        return self._column("reported", nothing=_ANY_NUMBER)

    @cached_property
    def bounds(self) -> Intervals:
        """The bounds as a column."""
        return self._column("bounds")

    @cached_property
    def possible(self) -> Intervals:
        """The possible numbers as a column."""
        return self._column("possible")

    @cached_property
    def unknown(self) -> Intervals:
        """The unknown beside each number as a column; any number where it is not known."""
        return self._column("unknown", nothing=Interval.at_least(0))

    def _column(self, name: str, nothing: Interval = _ANY_NUMBER) -> Intervals:
        if isinstance(self.items, Repeated):
            column: Intervals = getattr(self.items.whole, name)
            return column.take(self.items.places)
        found: list[Interval | None] = [getattr(item, name) for item in self.items]
        return Intervals.of(nothing if number is None else number for number in found)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.items)

    def __getitem__(self, key: int | str) -> Result:
        if isinstance(key, str):
            if key not in self.labels:
                raise UnknownName(
                    "no result has this label",
                    field="label",
                    value=key,
                    mend=did_you_mean(key, self.labels),
                )
            return self.items[self.labels.index(key)]
        return self.items[key]

    def explain(self) -> str:
        """Return each number as a footnote, and every caveat once."""
        return explanation(self.items)

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers as a tidy frame, one row each."""
        return frame(self.items)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data that JSON can hold."""
        return {
            "caption": self.caption,
            "items": [item.to_dict() for item in self.items],
        }

    def sheet(self) -> Sheet:
        """Return the numbers as one sheet."""
        return figure_sheet(self.items, self.caption)

    def __repr__(self) -> str:
        shown = ", ".join(f"{item.label} {item.shown}" for item in self.items[:6]) or "none"
        more = ", ..." if len(self) > 6 else ""
        codes = ", ".join(self.warnings.codes)
        return f"<{type(self).__name__} {shown}{more}{f'; {codes}' if codes else ''}>"


class Breakdown(Results):
    """The shares of the categories of one or several dimensions."""


class Funnel(Results):
    """Ratios between the stages of justice."""


@frozen(kw_only=True, slots=False, repr=False)
class LeaveOneOut(Results):
    """A number without each member in turn, beside the number with all of them."""

    whole: Result

    @property
    def warnings(self) -> Warnings:
        """The warnings of the number with all members and of those without one, each once."""
        return super().warnings.and_also(self.whole.warnings)

    def moves(self) -> tuple[Interval, ...]:
        """Return by how much each removal moves the number, in the order of the items.

        The ends of intervals are taken as independent.
        """
        return tuple(item.stated - self.whole.stated for item in self.items)

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers as a tidy frame, with the ends of each move."""
        moves = [end_columns("moved", move) for move in self.moves()]
        return super().to_frame().assign(**_columns(moves))

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the one with all members as plain data that JSON can hold."""
        moves = [ends(move) for move in self.moves()]
        return super().to_dict() | {"whole": self.whole.to_dict(), "moves": moves}

    def sheet(self) -> Sheet:
        """Return the numbers as one sheet, with the one of all members below."""
        moved = [self.whole.measure.show_difference(move) for move in self.moves()]
        return figure_sheet(self.items, self.caption, first={"moved": moved}, whole=self.whole)


@frozen(kw_only=True, slots=False, repr=False)
class Ranking(Results):
    """Members in order of a count, with the ranks that each can have.

    Parameters
    ----------
    ranks : tuple of Interval
        For each item the best and the worst rank that its count allows; ties share the better
        rank.
    ordered : bool
        Whether the source gives the order within the list, or only who is on it.
    """

    ranks: tuple[Interval, ...] = field(converter=_ranks)
    ordered: bool = True

    def __attrs_post_init__(self) -> None:
        if len(self.ranks) != len(self.items):
            raise InvalidValue(
                "every number needs a rank",
                field="ranks",
                value=len(self.ranks),
                mend=f"Give {len(self.items)}, in the order of the items",
            )

    def top(self, n: int) -> tuple[str, ...]:
        """Return the labels whose best rank is at most n; ties can make it more than n."""
        return tuple(
            label
            for label, rank in zip(self.labels, self.ranks, strict=True)
            if rank.lower is not None and rank.lower <= n
        )

    def certain(self, n: int) -> tuple[str, ...]:
        """Return the labels whose worst rank is at most n: whatever the counts, they are there."""
        return tuple(
            label
            for label, rank in zip(self.labels, self.ranks, strict=True)
            if rank.upper is not None and rank.upper <= n
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers as a tidy frame, with the best and the worst rank of each."""
        ranks = [end_columns("rank", rank) for rank in self.ranks]
        return super().to_frame().assign(**_columns(ranks))

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and their ranks as plain data that JSON can hold."""
        ranks = [ends(rank) for rank in self.ranks]
        return super().to_dict() | {"ranks": ranks, "ordered": self.ordered}

    def sheet(self) -> Sheet:
        """Return the numbers as one sheet, each after its rank."""
        ranks = [count(rank) for rank in self.ranks]
        found = figure_sheet(self.items, self.caption, first={"rank": ranks})
        listed = () if self.ordered else ("The source lists them without an order.",)
        return evolve(found, notes=[*listed, *found.notes])


def _columns(rows: Iterable[dict[str, float]]) -> dict[str, list[float]]:
    """Return rows of one kind as columns."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns
