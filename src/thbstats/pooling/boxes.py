"""Whole counts known between two ends, and what their sum can be."""

from collections.abc import Sequence

from attrs import frozen

from thbstats.values import Interval

__all__ = ["Box", "Way"]

Way = list[int]


@frozen
class Box:
    """Whole counts between two ends, and what their sum can be.

    Parameters
    ----------
    lower : tuple of int
        The smallest possible counts.
    upper : tuple of int or None
        The largest possible counts; ``None`` where nothing bounds them.
    total : Interval
        What their sum can be; cut to what the counts allow, or that where nothing is left.
    """

    lower: tuple[int, ...]
    upper: tuple[int | None, ...]
    total: Interval

    @classmethod
    def of(
        cls, counts: Sequence[Interval], total: Interval | None = None, *, held: bool = False
    ) -> "Box":
        """Return the counts with a sum that they allow; what has no end is at most what is left.

        Parameters
        ----------
        counts : sequence of Interval
            Whole counts, 0 or more.
        total : Interval, optional
            What is known of their sum.
        held : bool
            Whether a source hides one of them, so that the sum may only bound what has no end.
        """
        lower = [int(count.lower or 0) for count in counts]
        upper = [None if count.upper is None else int(count.upper) for count in counts]
        known = [end for end in upper if end is not None]
        added = Interval(sum(lower), sum(known) if len(known) == len(upper) else None)
        if total is None or not total.overlaps(added):
            return cls(tuple(lower), tuple(upper), added)
        both = total.intersect(added)
        if both.upper is not None:
            left = int(both.upper) - sum(lower)
            upper = [
                low + left if high is None else high for low, high in zip(lower, upper, strict=True)
            ]
        known = [end for end in upper if end is not None]
        if held and len(known) == len(upper):
            both = Interval(sum(lower), sum(known))
        return cls(tuple(lower), tuple(upper), both)

    @property
    def least(self) -> int:
        """The smallest sum."""
        return int(self.total.lower or 0)

    @property
    def most(self) -> int | None:
        """The largest sum."""
        return None if self.total.upper is None else int(self.total.upper)

    def level(self, height: int) -> Way:
        """Return each count as near to a common level as it can be."""
        return [
            max(low, height if high is None else min(height, high))
            for low, high in zip(self.lower, self.upper, strict=True)
        ]

    def ends(self) -> list[int]:
        """The ends of all counts, in order."""
        return sorted({*self.lower, *(high for high in self.upper if high is not None)})

    def height(self, total: int) -> int:
        """The highest whole level whose counts make no more than a sum."""
        low, high = 0, max(self.ends()) + total
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if sum(self.level(middle)) <= total else (low, middle - 1)
        return low

    def even(self, total: int) -> Way:
        """Return the most even counts of one sum."""
        height = self.height(total)
        way, above = self.level(height), self.level(height + 1)
        left = total - sum(way)
        rising = [place for place, count in enumerate(way) if above[place] > count][:left]
        return [count + (place in rising) for place, count in enumerate(way)]

    def allows(self, way: Way) -> bool:
        """Whether the sum can be that of these counts."""
        return self.total.contains(sum(way))
