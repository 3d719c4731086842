"""Suppression, population and contradictions of the counts of a number."""

from collections.abc import Iterable

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.records import ColumnRecord
from thbstats.errors import NarrowingForbidden
from thbstats.geography import Area
from thbstats.languages import Message
from thbstats.records import Source
from thbstats.values import Interval, Period


def _tuple(items: Iterable[object]) -> tuple[object, ...]:
    return tuple(items)


def _without_stop(text: str) -> str:
    if isinstance(text, Message) and text.template == "{text}.":
        return text.parameters["text"]
    return text.rstrip(".") if text.endswith(".") else text


INFORMATION = ("discrepancy", "REPEATED", "REPAIRED_CONFLICT")
"""Codes of contradictions that leave no doubt about the count in use."""


@frozen(kw_only=True)
class ContradictoryCounts:
    """The contradiction of some counts, without its country and period.

    Parameters
    ----------
    text : str
        The counts with their figures; empty for a problem of the file.
    hint : str
        The argument that settles the contradiction.
    category : str
        The count that has several values, such as ``"female"``.
    dimension : str
        The dimension of the parts that exceed their total, such as ``"age"``.
    total : Interval, optional
        This total, such as 10.
    parts : tuple of str
        These parts with their figures, such as ``("child 8", "adult 5")``.
    """

    text: str = ""
    hint: str = ""
    category: str = ""
    dimension: str = ""
    total: Interval | None = None
    parts: tuple[str, ...] = ()


@frozen(kw_only=True)
class Contradiction:
    """Counts of one country that contradict each other, or have several values.

    Parameters
    ----------
    area : str
        The country, or the area whose published counts are concerned.
    code : str
        ``"contradictory"`` (parts above their total), ``"conflicting"`` (several values of one
        count), ``"discrepancy"`` (an excess within the tolerance), or the code of a problem of
        the file, such as ``"PART_ABOVE_TOTAL"``.
    text : str
        The counts concerned, with their figures.
    period : str
        The period of the counts. Like `counts`, it is not in JSON: `text` states it.
    counts : ContradictoryCounts
        The same counts as fields, so that programs need not read `text`.
    """

    area: str
    code: str
    text: str = field(converter=_without_stop)
    period: str = field(default="", eq=False, repr=False)
    counts: ContradictoryCounts = field(default=ContradictoryCounts(), eq=False, repr=False)


@frozen(kw_only=True)
class Excess:
    """Overlapping categories that sum to more than their total.

    Parameters
    ----------
    counted : Interval
        The sum of the categories, with unknown, over the areas.
    total : Interval
        The sum of the totals.
    areas : tuple of str
        The areas.
    """

    counted: Interval
    total: Interval
    areas: tuple[str, ...]


@frozen(kw_only=True)
class Suppression:
    """The suppressed counts in a number, including counts reported as "fewer than n".

    Parameters
    ----------
    cells : int
        The number of counts.
    areas : frozenset of str
        Their areas.
    counts : Interval
        The bounds of their sum in the source.
    narrowed : bool
        Whether the number implies narrower bounds than the source.
    """

    cells: int
    areas: frozenset[str]
    counts: Interval
    narrowed: bool = False


@frozen(kw_only=True, eq=False)
class Suppressions(ColumnRecord):
    """A column of `Suppression`.

    Parameters
    ----------
    cells : array of int, shape (n,)
        The number of suppressed counts; 0 for a number without any.
    areas : Coded
        Their areas, as sets of codes.
    counts : Ranges
        Their sums.
    narrowed : array of bool, shape (n,)
        Whether the number implies narrower bounds than the source.
    """

    cells: NDArray[np.intp]
    areas: Coded[frozenset[str]]
    counts: Ranges
    narrowed: NDArray[np.bool_]

    @classmethod
    def none(cls, size: int) -> "Suppressions":
        """Return a column of a number of rows without suppressed counts."""
        return cls(
            cells=np.zeros(size, dtype=np.intp),
            areas=Coded.constant(frozenset(), size),
            counts=Ranges.zero(size),
            narrowed=np.zeros(size, dtype=np.bool_),
        )

    @classmethod
    def from_values(cls, items: Iterable[Suppression | None]) -> "Suppressions":
        """Return the column of suppressions, one for each row."""
        nothing = Suppression(cells=0, areas=frozenset(), counts=Interval.point(0))
        rows = [nothing if item is None else item for item in items]
        return cls(
            cells=np.array([row.cells for row in rows], dtype=np.intp),
            areas=Coded.from_values(row.areas for row in rows),
            counts=Ranges.from_intervals([row.counts for row in rows]),
            narrowed=np.array([row.narrowed for row in rows], dtype=np.bool_),
        )

    def __add__(self, other: "Suppressions") -> "Suppressions":
        return Suppressions(
            cells=self.cells + other.cells,
            areas=self.areas.combine(other.areas, frozenset.union),
            counts=self.counts + other.counts,
            narrowed=self.narrowed | other.narrowed,
        )

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, row: int) -> Suppression | None:
        if not self.cells[row]:
            return None
        return Suppression(
            cells=int(self.cells[row]),
            areas=self.areas[row],
            counts=self.counts.interval(row),
            narrowed=bool(self.narrowed[row]),
        )


@frozen(kw_only=True)
class Inhabitants:
    """The population of a rate.

    Parameters
    ----------
    area : Area
        The area of the population.
    counted : tuple of Period
        The days of the population counts, or the periods of averages.
    sources : tuple of Source
        The sources of the population.
    """

    area: Area
    counted: tuple[Period, ...] = field(converter=_tuple)
    sources: tuple[Source, ...] = field(converter=_tuple)


def refuse_narrowing(sources: Iterable[Source]) -> None:
    """Refuse narrower bounds of suppressed counts if a source forbids them.

    Parameters
    ----------
    sources : iterable of Source
        The sources of the counts.

    Raises
    ------
    NarrowingForbidden
        If the terms of a source forbid it.
    """
    for source in sources:
        if source.forbids_narrowing:
            raise NarrowingForbidden(
                "must keep the bounds of suppressed counts",
                field="sources",
                value=str(source),
                hint=f"Use the bounds of the source; its terms: {source.terms}",
            )
