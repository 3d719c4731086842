"""The change of a pooled share, split exactly into within-country and composition effects.

With ``w`` the weight of a country in the base of its period, ``s`` its share, ``S`` the pooled
share, 0 the old period and 1 the new one: within ``1/2 (w0 + w1) (s1 - s0)``, composition
``1/2 ((s0 - S0) + (s1 - S1)) (w1 - w0)``. Over all countries they sum to ``S1 - S0``. A country
without a base in one period has the weight 0 there and takes its share from the other.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import add

from attrs import evolve, frozen

from thbstats.values import Interval

__all__ = ["ABSENT", "Effect", "Piece", "effects"]

_HALF = Fraction(1, 2)
_NOTHING = Interval.point(0)


@frozen
class Piece:
    """The part and the rest of one country's base in one period."""

    part: Interval
    rest: Interval

    @property
    def base(self) -> Interval:
        """Both together."""
        return self.part + self.rest

    @property
    def share(self) -> Interval:
        """The share of the part, where there is a base."""
        return evolve(Interval.share_of(self.part, self.rest), undefined=False)


ABSENT = Piece(Interval.point(0), Interval.point(0))
"""The counts of a country that is not there in a period."""


@frozen
class Effect:
    """What one country adds to the change of a pooled share."""

    within: Interval
    composition: Interval

    @property
    def total(self) -> Interval:
        """Both together."""
        return self.within + self.composition


def effects(old: Sequence[Piece], new: Sequence[Piece]) -> list[Effect]:
    """Return what each country adds: exact for points, else bounds whose ends are independent.

    Parameters
    ----------
    old, new : sequence of Piece, shape (n,)
        The counts of each country, in the same order.
    """
    pooled = [_together(pieces) for pieces in (old, new)]
    (first, second) = (Interval.share_of(whole.part, whole.rest) for whole in pooled)
    weights = [_weights(pieces) for pieces in (old, new)]
    found = []
    for before, after, light, heavy in zip(old, new, *weights, strict=True):
        one, two = _share(before, after), _share(after, before)
        within = _times(light + heavy, two - one).scale(_HALF)
        apart = (one - first) + (two - second)
        found.append(Effect(within, _times(apart, heavy - light).scale(_HALF)))
    return found


def _together(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        reduce(add, (piece.part for piece in pieces)), reduce(add, (piece.rest for piece in pieces))
    )


def _weights(pieces: Sequence[Piece]) -> list[Interval]:
    """Return the share of each country in the base of all."""
    bases = [piece.base for piece in pieces]
    return [
        Interval.share_of(base, reduce(add, (*bases[:place], *bases[place + 1 :]), _NOTHING))
        for place, base in enumerate(bases)
    ]


def _share(piece: Piece, other: Piece) -> Interval:
    """Return a country's share, taken from the other period where there may be no base."""
    if piece.base == _NOTHING:
        return other.share
    return piece.share.hull(other.share) if piece.base.lower == 0 else piece.share


def _times(one: Interval, two: Interval) -> Interval:
    """Return the product of two independent quantities, both between -2 and 2."""
    ends = [a * b for a in _ends(one) for b in _ends(two)]
    return Interval(min(ends), max(ends), undefined=one.undefined or two.undefined)


def _ends(number: Interval) -> list[Fraction]:
    return [Fraction(end) for end in (number.lower, number.upper) if end is not None]
