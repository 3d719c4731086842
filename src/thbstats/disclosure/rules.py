"""Rules by which a count is to be hidden for itself."""

from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from thbstats.errors import InvalidValue
from thbstats.values import Count, Rational, exact, is_integer

__all__ = ["Cause", "Contributor", "Rules"]

Contributor = tuple[str, int]
"""A reporting country or registering body, and what it adds to a count."""


class Cause(StrEnum):
    """Why a count is to be hidden for itself."""

    FEW = "few"
    NONE = "none"
    DOMINATED = "dominated"
    ESTIMABLE = "estimable"

    @property
    def label(self) -> str:
        """The cause in words."""
        return _LABELS[self]


_LABELS = {
    Cause.FEW: "fewer than the threshold",
    Cause.NONE: "nobody is counted",
    Cause.DOMINATED: "few contributors hold most of it",
    Cause.ESTIMABLE: "the second contributor can estimate the first too closely",
}


@frozen(kw_only=True)
class Rules:
    """When a count is to be hidden for itself.

    Parameters
    ----------
    fewer_than : int or None
        Counts from 1 to one less are hidden.
    zeros : bool
        Whether counts of 0 are hidden too.
    dominance : (int, number) or None
        How many contributors, and above which percentage of a count they hide it.
    p_percent : number or None
        How closely, in per cent, the second largest contributor may estimate the largest.

    Raises
    ------
    InvalidValue
        If there is no rule, or one is out of range.
    """

    fewer_than: int | None = None
    zeros: bool = False
    dominance: tuple[int, Rational] | None = None
    p_percent: Rational | None = None

    def __attrs_post_init__(self) -> None:
        if self.fewer_than is None and not self.zeros and not self.of_contributors:
            raise InvalidValue(
                "no rule says what to hide",
                field="fewer_than",
                hint="Give fewer_than, zeros, dominance or p_percent",
            )
        if self.fewer_than is not None and not is_integer(self.fewer_than, least=2):
            raise InvalidValue(
                "no count of anybody is below this, or it is no whole number",
                field="fewer_than",
                value=self.fewer_than,
                hint="Give 2 or more",
            )
        if self.dominance is not None and not (
            self.dominance[0] >= 1 and 0 < exact(self.dominance[1], "dominance") < 100
        ):
            raise InvalidValue(
                "a number of contributors and a percentage below 100 are needed",
                field="dominance",
                value=self.dominance,
                hint="Give for example (1, 85): one contributor with more than 85%",
            )
        if self.p_percent is not None and exact(self.p_percent, "p_percent") <= 0:
            raise InvalidValue(
                "a percentage above 0 is needed",
                field="p_percent",
                value=self.p_percent,
                hint="Give for example 10",
            )

    @property
    def of_contributors(self) -> bool:
        """Whether a rule asks who adds to a count."""
        return self.dominance is not None or self.p_percent is not None

    def cause(self, number: int, given: Sequence[Contributor]) -> Cause | None:
        """Return the first rule that a count breaks, or ``None``.

        Parameters
        ----------
        number : int
            The count.
        given : sequence of (str, int)
            Who adds how much, most first; empty where nobody knows.
        """
        if number == 0:
            return Cause.NONE if self.zeros else None
        if self.fewer_than is not None and number < self.fewer_than:
            return Cause.FEW
        held = [n for _, n in given]
        if held and self.dominance is not None:
            size, percentage = self.dominance
            if sum(held[:size]) * 100 > percentage * number:
                return Cause.DOMINATED
        if held and self.p_percent is not None:
            rest = number - sum(held[:2])
            if rest * 100 < self.p_percent * held[0]:
                return Cause.ESTIMABLE
        return None

    def printed(self, cause: Cause | None) -> Count:
        """Return how a hidden count is printed: "<n", or suppressed.

        One that is hidden for the sake of others has no cause. Everybody who knows the rules can
        tell that a count which is hidden and not "<n" is no less than n.
        """
        least = 0 if self.zeros else 1
        if self.fewer_than is None:
            return Count.suppressed(least)
        if cause in (Cause.FEW, Cause.NONE):
            return Count.fewer_than(self.fewer_than, at_least=least)
        return Count.suppressed(self.fewer_than)
