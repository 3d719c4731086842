"""Rules of primary suppression."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from attrs import frozen

from thbstats.disclosure.assumptions import require_integer
from thbstats.errors import InvalidValue, require
from thbstats.values import Count, Rational, Reason, exact

PROTECTED_REASONS = (Reason.ROUNDED, Reason.FEWER_THAN, Reason.SUPPRESSED)
"""The reasons of intervals that protect a count."""

Contributor = tuple[str, int]
"""A reporting country or registering body, and its contribution to a count."""


Marks = Literal[1, 2]
"""The number of marks for suppressed counts."""


class SuppressionCause(StrEnum):
    """Rule that requires the suppression of a count."""

    BELOW_THRESHOLD = "below_threshold"
    ZERO = "zero"
    DOMINANCE = "dominance"
    P_PERCENT = "p_percent"
    ALREADY_SUPPRESSED = "already_suppressed"

    @property
    def label(self) -> str:
        """The cause as a phrase."""
        return _LABELS[self]


_LABELS = {
    SuppressionCause.BELOW_THRESHOLD: "fewer than the threshold",
    SuppressionCause.ZERO: "zero",
    SuppressionCause.DOMINANCE: "dominance of a few contributors",
    SuppressionCause.P_PERCENT: "second contributor can estimate the first (p% rule)",
    SuppressionCause.ALREADY_SUPPRESSED: "already suppressed in the table",
}


@frozen(kw_only=True)
class SuppressionRules:
    """Rules that select the counts of primary suppression.

    Parameters
    ----------
    fewer_than : int or None
        The threshold, 2 or more: counts from 1 to `fewer_than` - 1 are suppressed.
    zeros : bool
        Whether counts of 0 are suppressed too.
    dominance : (int, number) or None
        A number of contributors, and the percentage of a count above which their contributions
        dominate it.
    p_percent : number or None
        The smallest permitted error, in per cent, of the estimate that the second largest
        contributor can make of the largest contribution.

    Raises
    ------
    InvalidValue
        If no rule is set or a rule is out of range.
    """

    fewer_than: int | None = None
    zeros: bool = False
    dominance: tuple[int, Rational] | None = None
    p_percent: Rational | None = None

    def __attrs_post_init__(self) -> None:
        if self.fewer_than is None and not self.zeros and not self.needs_contributors:
            raise InvalidValue(
                "at least one suppression rule must be set",
                field="fewer_than",
                hint="Set `fewer_than`, `zeros`, `dominance` or `p_percent`",
            )
        if self.fewer_than is not None:
            require_integer(2, "Use fewer_than=5", fewer_than=self.fewer_than)
        if self.dominance is not None:
            number, percentage = self.dominance
            is_valid = number >= 1 and 0 < exact(percentage, "dominance") < 100
            requirement = "`dominance` must be a number of contributors and a percentage below 100"
            hint = "Use dominance=(1, 85) for one contributor with more than 85%"
            require(is_valid, requirement, hint, dominance=self.dominance)
        if self.p_percent is not None:
            is_valid = exact(self.p_percent, "p_percent") > 0
            requirement = "`p_percent` must be above 0"
            require(is_valid, requirement, "Use p_percent=10", p_percent=self.p_percent)

    @property
    def needs_contributors(self) -> bool:
        """Whether a rule depends on the contributors of a count."""
        return self.dominance is not None or self.p_percent is not None

    def cause(self, number: int, contributions: Sequence[Contributor]) -> SuppressionCause | None:
        """Return the first rule that requires the suppression of a count, or ``None``.

        Parameters
        ----------
        number : int
            The count.
        contributions : sequence of (str, int)
            The contributors in descending order of contribution; empty if they are not known.
        """
        if number == 0:
            return SuppressionCause.ZERO if self.zeros else None
        if self.fewer_than is not None and number < self.fewer_than:
            return SuppressionCause.BELOW_THRESHOLD
        amounts = [amount for _, amount in contributions]
        if amounts and self.dominance is not None:
            size, percentage = self.dominance
            if sum(amounts[:size]) * 100 > percentage * number:
                return SuppressionCause.DOMINANCE
        if amounts and self.p_percent is not None:
            remainder = number - sum(amounts[:2])
            if remainder * 100 < self.p_percent * amounts[0]:
                return SuppressionCause.P_PERCENT
        return None

    def published_count(self, cause: SuppressionCause | None, *, marks: Marks = 1) -> Count:
        """Return the published form of a suppressed count.

        With one mark, it does not depend on the cause. With two marks, primary counts below the
        threshold are "<n", and all other suppressed counts are n or more, as readers can infer.
        """
        lowest = 0 if self.zeros else 1
        if marks == 1:
            return Count.suppressed(0)
        if self.fewer_than is None:
            return Count.suppressed(lowest)
        if cause in (SuppressionCause.BELOW_THRESHOLD, SuppressionCause.ZERO):
            return Count.fewer_than(self.fewer_than, at_least=lowest)
        return Count.suppressed(self.fewer_than)
