"""Everything that a report says of a publication or of counts, before anybody chose a format."""

from typing import Literal

from attrs import field, frozen

from thbstats.auditing import Audit
from thbstats.claims import Claim, Report
from thbstats.display import PLAIN, House, Shown, restyled
from thbstats.reports.indicators import Indicator, Omission
from thbstats.reports.sides import Pair, Panel
from thbstats.results import Ranking
from thbstats.tables import Dataset

__all__ = ["Content"]


@frozen(kw_only=True)
class Content:
    """What can be said of one publication, of tables, or of results, whatever the format.

    Parameters
    ----------
    of : {"publication", "counts", "results"}
        What it is about.
    report : Report
        The publication; of counts and results one without claims, which has their title and source.
    data : Dataset
        The counts.
    counts, shares, ratios : tuple of Indicator
        Its counts; those of victims as shares of all and of those recorded; the ratios between
        the stages of justice.
    printed : tuple of Indicator
        The shares that a publication prints, each once.
    panels : tuple of Panel
        The shares that it prints for several areas, side by side.
    rankings : tuple of Claim
        Its rankings that name whom they rank.
    audit : Audit
        The verdict on every claim.
    omissions : tuple of Omission
        What could not be computed, and why.
    orders : tuple of Ranking
        Of counts, the countries in the order of their counts.
    limits : tuple of str
        Of counts, what has no indicators in the report.
    shown : tuple of Shown
        What is shown as it is, such as the report on the reading of a file, or an audit.
    style : House
        The house style of the report. Numbers in cells of their own are printed in it anyway;
        those inside of a text are with `said`.
    """

    of: Literal["publication", "counts", "results"]
    report: Report
    data: Dataset = field(factory=Dataset)
    counts: tuple[Indicator, ...] = ()
    shares: tuple[Indicator, ...] = ()
    ratios: tuple[Indicator, ...] = ()
    printed: tuple[Indicator, ...] = ()
    panels: tuple[Panel, ...] = ()
    rankings: tuple[Claim, ...] = ()
    audit: Audit
    omissions: tuple[Omission, ...] = ()
    orders: tuple[Ranking, ...] = ()
    limits: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    style: House = PLAIN

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All numbers, in the order of the report."""
        return (*self.counts, *self.shares, *self.ratios, *self.printed)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All comparisons, in the order of the report."""
        return tuple(pair for panel in self.panels for pair in panel.pairs)

    def said(self, number: str) -> str:
        """Return a printed number in the style of the report, for use inside of a text.

        Parameters
        ----------
        number : str
            What a result gives as ``shown``, or a function of `thbstats.display` that prints.
        """
        return str(restyled(number, self.style))
