"""Content of reports."""

from functools import cached_property
from typing import Literal

from attrs import field, frozen

from thbstats.auditing import Audit
from thbstats.claims import Claim, Publication
from thbstats.display import PLAIN, Displayable, NumberStyle, restyle
from thbstats.indicators import Ranking
from thbstats.reports.caution import Caution, cautions
from thbstats.reports.comparisons import Pair, SideBySide
from thbstats.reports.indicators import Indicator, Omission
from thbstats.rules import DEFAULTS, Thresholds
from thbstats.tables import Dataset

__all__ = ["Content"]


@frozen(kw_only=True)
class Content:
    """The numbers of a report on a publication, on tables or on results.

    Parameters
    ----------
    of : {"publication", "counts", "results"}
        The subject.
    report : Publication
        The publication; for counts and results one without claims, with their title and source.
    data : Dataset
        The counts.
    counts, shares, ratios : tuple of Indicator
        Totals; shares of all victims and of victims with a recorded category; ratios between
        the stages of justice.
    printed : tuple of Indicator
        The shares that a publication prints, each once.
    comparisons : tuple of SideBySide
        The shares that it prints for several areas.
    rankings : tuple of Claim
        Its rankings with named members.
    audit : Audit
        The verdict on every claim.
    omissions : tuple of Omission
        Numbers that could not be computed, with the reasons.
    orders : tuple of Ranking
        For counts, the countries in order of their counts.
    limits : tuple of str
        For counts, the periods and kinds of count without indicators.
    shown : tuple of Displayable
        Objects with a sheet of their own, such as the report on the reading of a file.
    thresholds : Thresholds
        The limits of rules, and the coverage below which a number is not a figure of its area.
    style : NumberStyle
        The number style. `restyled` applies it to numbers inside of a text.
    """

    of: Literal["publication", "counts", "results"]
    report: Publication
    data: Dataset = field(factory=Dataset)
    counts: tuple[Indicator, ...] = ()
    shares: tuple[Indicator, ...] = ()
    ratios: tuple[Indicator, ...] = ()
    printed: tuple[Indicator, ...] = ()
    comparisons: tuple[SideBySide, ...] = ()
    rankings: tuple[Claim, ...] = ()
    audit: Audit
    omissions: tuple[Omission, ...] = ()
    orders: tuple[Ranking, ...] = ()
    limits: tuple[str, ...] = ()
    formatted: tuple[Displayable, ...] = ()
    thresholds: Thresholds = DEFAULTS
    style: NumberStyle = PLAIN

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All numbers, in the order of the report."""
        return (*self.counts, *self.shares, *self.ratios, *self.printed)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All comparisons, in the order of the report."""
        return tuple(pair for each in self.comparisons for pair in each.pairs)

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:
        """The warnings of all numbers and comparisons, the most severe first."""
        return cautions(self.indicators, self.pairs, limitations=False)

    @cached_property
    def limitations(self) -> tuple[Caution, ...]:
        """The limitations of all numbers and comparisons."""
        return cautions(self.indicators, self.pairs, limitations=True)

    def restyled(self, number: str) -> str:
        """Return a number in the number style of the report, for use inside of a text.

        Parameters
        ----------
        number : str
            `Result.formatted`, or the text of a function of `thbstats.display`.
        """
        return str(restyle(number, self.style))
