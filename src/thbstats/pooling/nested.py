"""The parts of a total, per country: what totals, categories and unknowns say of each other.

Arrays have one entry per country, in front of it one per category where there are several. A
count that nobody gave is simply one from 0 to ``inf``.
"""

import numpy as np
from attrs import fields, frozen
from numpy.typing import NDArray

from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["Counts", "Flags", "Nested", "agree", "filled", "solve", "up_to"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@frozen(eq=False)
class Counts:
    """Counts known between two ends, and whether the country gave them."""

    lower: Floats
    upper: Floats
    given: Flags

    @classmethod
    def nothing(cls, *shape: int) -> "Counts":
        """Return counts that nobody gave."""
        return cls(np.zeros(shape), np.full(shape, np.inf), np.zeros(shape, dtype=np.bool_))

    def together(self) -> "Counts":
        """Return the sum over the first axis, given where every part is."""
        return Counts(self.lower.sum(axis=0), self.upper.sum(axis=0), np.all(self.given, axis=0))

    @classmethod
    def zero(cls, *shape: int) -> "Counts":
        """Return counts that are certainly 0."""
        return cls(np.zeros(shape), np.zeros(shape), np.ones(shape, dtype=np.bool_))

    @property
    def is_point(self) -> Flags:
        """Which counts have one possible value."""
        point: Flags = self.lower == self.upper
        return point

    def interval(self) -> Interval:
        """Return the one count there is as an interval of whole numbers, 0 or more."""
        lower, upper = float(self.lower.item()), float(self.upper.item())
        return Interval(int(lower), None if np.isinf(upper) else int(upper))

    def signed(self) -> Interval:
        """Return the one difference there is, which can lack either end."""
        ends = (float(self.lower.item()), float(self.upper.item()))
        return Interval(*(None if np.isinf(end) else int(end) for end in ends))

    def split(self, wider: int) -> "Counts":
        """Return the categories, the wider one without the first, which is a part of it."""
        rest = self.of(wider) - self.of(0)
        lower, upper, given = self.lower.copy(), self.upper.copy(), self.given.copy()
        lower[wider], upper[wider], given[wider] = rest.lower, rest.upper, rest.given
        return Counts(lower, upper, given)

    @property
    def row(self) -> "Counts":
        """The counts as one row over which categories can be spread."""
        return Counts(self.lower[np.newaxis], self.upper[np.newaxis], self.given[np.newaxis])

    def of(self, places: int | slice | Flags) -> "Counts":
        """Return the entries of some categories."""
        return Counts(self.lower[places], self.upper[places], self.given[places])

    def over(self, countries: Flags) -> "Counts":
        """Return the entries of some countries."""
        return Counts(
            self.lower[..., countries], self.upper[..., countries], self.given[..., countries]
        )

    def pooled(self) -> "Counts":
        """Return the sum over all countries, as an array of one."""
        return Counts(
            self.lower.sum(axis=-1, keepdims=True),
            self.upper.sum(axis=-1, keepdims=True),
            np.all(self.given, axis=-1, keepdims=True),
        )

    def open(self, closed: bool) -> "Counts":
        """Return counts that are not known to be all without upper end, as not given."""
        return self if closed else Counts(self.lower, self.upper + np.inf, self.given & closed)

    def beside(self, other: "Counts") -> "Counts":
        """Return these counts and those of other countries behind them."""
        ends = zip(
            (self.lower, self.upper, self.given),
            (other.lower, other.upper, other.given),
            strict=True,
        )
        return Counts(*(np.concatenate(pair, axis=-1) for pair in ends))

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.lower + other.lower, self.upper + other.upper, self.given & other.given)

    def __sub__(self, part: "Counts") -> "Counts":
        """Return a whole without a part of it."""
        return Counts(
            np.maximum(self.lower - part.upper, 0),
            np.maximum(self.upper - part.lower, 0),
            self.given & part.given,
        )


def agree(first: Counts, second: Counts, held: Flags | bool = False) -> Counts:
    """Return what both allow; where they contradict each other, the one that was given.

    Contradictions are told by the gap; a number still needs a base, and the printed one it is.
    What is held stays as the first one has it: its source hides it.
    """
    lower = np.maximum(first.lower, second.lower)
    upper = np.minimum(first.upper, second.upper)
    sound, chosen = (lower <= upper) & ~np.asarray(held), first.given | held
    return Counts(
        np.where(sound, lower, np.where(chosen, first.lower, second.lower)),
        np.where(sound, upper, np.where(chosen, first.upper, second.upper)),
        first.given | second.given,
    )


@frozen(eq=False, kw_only=True)
class Nested:
    """The parts of a total, each as narrow as the others make it.

    Parameters
    ----------
    numerator : Counts, shape (k, n)
        Each category.
    others : Counts, shape (k, n)
        Everyone of another recorded category.
    everyone_else : Counts, shape (k, n)
        The same with those of unknown category.
    unknown : Counts, shape (n,)
        Those of unknown category.
    recorded, everyone : Counts, shape (n,)
        The two bases: without and with those of unknown category.
    gap : Counts, shape (n,)
        The printed total minus its parts; given where both sides were printed.
    """

    numerator: Counts
    others: Counts
    everyone_else: Counts
    unknown: Counts
    recorded: Counts
    everyone: Counts
    gap: Counts

    def over(self, countries: Flags) -> "Nested":
        """Return the sums over some countries."""
        return Nested(
            **{
                part.name: getattr(self, part.name).over(countries).pooled()
                for part in fields(Nested)
            }
        )


def solve(
    total: Counts,
    categories: Counts,
    unknown: Counts,
    *,
    overlap: Overlap,
    closed: bool,
    held: Flags | bool = False,
    hidden: Flags | bool = False,
) -> Nested:
    """Return the parts of each country's total.

    Parameters
    ----------
    total : Counts, shape (n,)
        Everyone.
    categories : Counts, shape (k, n)
        The recorded categories.
    unknown : Counts, shape (u, n)
        The unknown ones; nobody gave them where there are none.
    overlap : Overlap
        Whether one person can be in several categories.
    closed : bool
        Whether the categories are all that the source records.
    held : array of bool, shape (k, n), optional
        Which categories are sums with an interval of their source in them.
    hidden : array of bool, shape (n,), optional
        Where the source hides how many are of unknown category.
    """
    unknown = _unknown(unknown, overlap)
    if overlap is Overlap.EXCLUSIVE:
        kept: Flags = np.any(np.atleast_2d(held), axis=0) | hidden
        categories, unknown = _exhausted(total, categories, unknown, kept)
        printed, apart = categories.together().open(closed), _apart(categories).open(closed)
        categories = filled(categories, (total - unknown).row - apart, held)
        others = agree((total - unknown).row - categories, apart)
    else:
        categories = filled(categories, up_to(total - unknown).row, held)
        printed = _covered(categories, total).open(closed)
        others = agree(total - unknown, printed).row - categories
    recorded = agree(total - unknown, printed)
    missing = agree(unknown, total - printed, hidden)
    everyone_else = agree(total.row - categories, others + missing.row)
    return Nested(
        numerator=categories,
        others=others,
        everyone_else=everyone_else,
        unknown=missing,
        recorded=recorded,
        everyone=agree(total, recorded + missing),
        gap=_gap(total, printed, unknown),
    )


def _exhausted(
    total: Counts, categories: Counts, unknown: Counts, hidden: Flags
) -> tuple[Counts, Counts]:
    """Return with 0 what nobody gave where all that was given makes the total already.

    Nothing is told of sums in which a source hides something.
    """
    parts = Counts(
        np.vstack((categories.lower, unknown.lower)),
        np.vstack((categories.upper, unknown.upper)),
        np.vstack((categories.given, unknown.given)),
    )
    certain = total.given & total.is_point & (parts.is_point | ~parts.given).all(axis=0) & ~hidden
    counted = np.where(parts.given, parts.lower, 0).sum(axis=0)
    none = ~parts.given & certain & (counted == total.lower)
    upper, given = np.where(none, 0, parts.upper), parts.given | none
    return (
        Counts(categories.lower, upper[:-1], given[:-1]),
        Counts(unknown.lower, upper[-1], given[-1]),
    )


def filled(categories: Counts, remaining: Counts, held: Flags | bool = False) -> Counts:
    """Return the categories, those that are missing no larger than what remains for them.

    What was given, "fewer than n" and suppressed counts too, stays as its source gives it, also
    inside a sum with gaps: narrowing it would undo somebody's protection.
    """
    narrow, stays = agree(categories, remaining), categories.given | held
    return Counts(
        np.where(stays, categories.lower, narrow.lower),
        np.where(stays, categories.upper, narrow.upper),
        categories.given,
    )


def up_to(total: Counts) -> Counts:
    """Return what a part of a total can be."""
    return Counts(np.zeros_like(total.lower), total.upper, total.given)


def _apart(categories: Counts) -> Counts:
    """Return for each category the sum of all others."""
    together, places = categories.together(), range(len(categories.lower))
    return Counts(
        together.lower - categories.lower,
        np.stack([np.delete(categories.upper, place, axis=0).sum(axis=0) for place in places]),
        np.stack([np.delete(categories.given, place, axis=0).all(axis=0) for place in places]),
    )


def _unknown(cells: Counts, overlap: Overlap) -> Counts:
    """Return those of unknown category, who can be in several of such cells as in others."""
    if not len(cells.lower):
        return Counts.nothing(cells.lower.shape[1])
    return cells.together() if overlap is Overlap.EXCLUSIVE else _hull(cells)


def _hull(categories: Counts) -> Counts:
    """Return everyone in overlapping categories: the largest one to all of them apart."""
    together = categories.together()
    return Counts(categories.lower.max(axis=0), together.upper, together.given)


def _covered(categories: Counts, total: Counts) -> Counts:
    """Return everyone in overlapping categories, no more than there are."""
    hull = _hull(categories)
    return Counts(
        hull.lower, np.maximum(np.minimum(hull.upper, total.upper), hull.lower), hull.given
    )


def _gap(total: Counts, printed: Counts, unknown: Counts) -> Counts:
    return Counts(
        total.lower - printed.upper - unknown.upper,
        total.upper - printed.lower - unknown.lower,
        total.given & printed.given,
    )
