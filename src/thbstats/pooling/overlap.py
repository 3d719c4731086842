"""Whether categories overlap: what is said of them, and what their counts show."""

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from thbstats.errors import ImpossibleResult
from thbstats.geography import Area
from thbstats.pooling.classification import Classification
from thbstats.pooling.nested import Counts, Flags
from thbstats.results import Excess, words
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["Tally", "require_no_larger"]

# Nobody is in two categories of these: where they exceed their total, a figure is wrong.
_ONE_EACH = frozenset({"sex", "age"})


@frozen(eq=False, kw_only=True)
class Tally:
    """A total and all that divides it, held against each other for each reporter.

    Parameters
    ----------
    counts : Counts, shape (s, n)
        The total, the recorded categories, the unknown ones.
    classification : Classification
        What each of them is.
    reporters : sequence of str, length n
        Who gave them: the area asked for, where that is printed, then each member.
    """

    counts: Counts
    classification: Classification
    reporters: Sequence[str]

    def settle(self, said: Overlap | None) -> tuple[Overlap, Excess | None]:
        """Return whether the categories overlap, and where that shows.

        Raises
        ------
        ImpossibleResult
            If they are said to exclude each other and make more than their total.
        """
        beyond = self._listed.together().lower > self.counts.upper[0]
        if said is Overlap.EXCLUSIVE and beyond.any():
            raise self._refusal(int(beyond.argmax()))
        explained = beyond & self._can_overlap
        if said is not Overlap.OVERLAPPING and not explained.any():
            return said or Overlap.EXCLUSIVE, None
        excess = self._excess(explained, beyond & ~explained) if beyond.any() else None
        return Overlap.OVERLAPPING, excess

    @property
    def _first(self) -> int:
        """The first of the widest categories: behind a part of one that is asked for."""
        return 1 + (self.classification.wider is not None)

    @property
    def _listed(self) -> Counts:
        return self.counts.of(slice(self._first, None))

    @property
    def _can_overlap(self) -> Flags:
        """Where everybody can be in the largest category or of unknown category."""
        known = 1 + len(self.classification.recorded)
        largest = self.counts.lower[self._first : known].max(axis=0)
        unknown = self.counts.lower[known:].max(axis=0, initial=0)
        several = {item.name for item in self.classification.dimensions} - _ONE_EACH
        can: Flags = (largest + unknown <= self.counts.upper[0]) & bool(several)
        return can

    def _excess(self, explained: Flags, unexplained: Flags) -> Excess:
        # What is printed for the whole area counts its members already.
        explained[1:] &= ~explained[0]
        return Excess(
            counted=self._listed.together().over(explained).pooled().interval(),
            total=self.counts.of(0).over(explained).pooled().interval(),
            areas=self._named(explained),
            unexplained=self._named(unexplained),
        )

    def _named(self, chosen: Flags) -> tuple[str, ...]:
        return tuple(name for name, there in zip(self.reporters, chosen, strict=True) if there)

    def _refusal(self, place: int) -> ImpossibleResult:
        found = self.classification
        cells = (*found.recorded, *found.unknown)[self._first - 1 :]
        counts = [self._interval(row, place) for row in range(self._first, len(self.counts.lower))]
        added = self._listed.together().of(slice(place, place + 1)).interval()
        mend = "Correct the data: no overlap explains them"
        if self._can_overlap[place]:
            mend = 'Say overlap="overlapping" if one person can be in several, or correct the data'
        return ImpossibleResult(
            "categories that exclude each other make "
            f"{added} of a total of {self._interval(0, place)}",
            row=self.reporters[place],
            field=", ".join(item.name for item in found.dimensions),
            value=", ".join(
                f"{words(cell)} {count}" for cell, count in zip(cells, counts, strict=True)
            ),
            mend=mend,
        )

    def _interval(self, row: int, place: int) -> Interval:
        return self.counts.of(row).of(slice(place, place + 1)).interval()


def require_no_larger(counts: Counts, parts: Classification, area: Area) -> None:
    """Refuse a category that is certainly above the total that it divides.

    Raises
    ------
    ImpossibleResult
        If there is one.
    """
    above = np.flatnonzero(counts.lower[1:, 0] > counts.upper[0, 0]).tolist()
    if above:
        cells, total = (*parts.recorded, *parts.unknown), counts.of(0).interval()
        raise ImpossibleResult(
            f"a category is above its base, a total of {total}",
            row=area.code,
            field=", ".join(item.name for item in parts.dimensions),
            value=", ".join(f"{words(cells[at])} {counts.of(1 + at).interval()}" for at in above),
            mend="Correct the data: a part cannot exceed its whole",
        )
