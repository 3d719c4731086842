"""Everything that a page, a JSON document and a CSV table say of one publication."""

from attrs import frozen

from thbstats.auditing import Audit, audit
from thbstats.claims import Claim, ClaimKind, Report
from thbstats.reports.indicators import (
    Found,
    Indicator,
    Omission,
    counts,
    printed_shares,
    ratios,
    shares,
    tables,
)
from thbstats.reports.sides import Pair, Panel, side_by_side
from thbstats.tables import Dataset

__all__ = ["Content", "content_of"]


@frozen(kw_only=True)
class Content:
    """What can be said of one publication, before anybody has chosen a format.

    Parameters
    ----------
    report : Report
        The publication.
    counts, shares, ratios : tuple of Indicator
        Its printed counts; those of victims as shares of all and of those recorded; the ratios
        between the stages of justice.
    printed : tuple of Indicator
        Its printed shares, each once.
    panels : tuple of Panel
        The shares that it prints for several areas, side by side.
    rankings : tuple of Claim
        Its rankings that name whom they rank.
    audit : Audit
        The verdict on every claim.
    omissions : tuple of Omission
        What could not be computed, and why.
    """

    report: Report
    counts: tuple[Indicator, ...]
    shares: tuple[Indicator, ...]
    ratios: tuple[Indicator, ...]
    printed: tuple[Indicator, ...]
    panels: tuple[Panel, ...]
    rankings: tuple[Claim, ...]
    audit: Audit
    omissions: tuple[Omission, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All numbers, in the order of the page."""
        return (*self.counts, *self.shares, *self.ratios, *self.printed)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All comparisons, in the order of the page."""
        return tuple(pair for panel in self.panels for pair in panel.pairs)


def content_of(report: Report) -> Content:
    """Compute everything that is said of a publication, in any format.

    Parameters
    ----------
    report : Report
        The publication, such as ``thbstats.publications.com_2018_777()``.

    Returns
    -------
    Content
        Nothing in it is particular to one publication: indicators follow from the counts and
        shares that its claims print, and areas are held side by side where they repeat a share.

    Examples
    --------
    >>> import thbstats as thb
    >>> content = content_of(thb.publications.com_2018_777())
    >>> [item.result.shown for item in content.shares]
    ['47.5 %', '55.5..56.5 %']
    """
    omissions: list[Omission] = []

    def kept(found: Found) -> tuple[Indicator, ...]:
        items = list(found)
        omissions.extend(item for item in items if isinstance(item, Omission))
        return tuple(item for item in items if isinstance(item, Indicator))

    data = tables(report)
    if isinstance(data, Omission):
        omissions.append(data)
        data = Dataset()
    printed = kept(printed_shares(report))
    return Content(
        report=report,
        counts=kept(counts(report, data)),
        shares=kept(shares(report, data)),
        ratios=kept(ratios(data)),
        printed=printed,
        panels=side_by_side(report, printed),
        rankings=tuple(
            claim
            for claim in report.claims
            if claim.kind is ClaimKind.RANKING and len(claim.ranks) > 1
        ),
        audit=audit(report),
        omissions=tuple(omissions),
    )
