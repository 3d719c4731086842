"""What is computed for a report, once, from whatever it is about."""

from attrs import evolve

from thbstats.auditing import Audit, audit
from thbstats.claims import ClaimKind, Report
from thbstats.display import Shown
from thbstats.errors import InvalidValue
from thbstats.exchange import Reading
from thbstats.reports.content import Content
from thbstats.reports.indicators import (
    Omission,
    Sorted,
    counts,
    printed_shares,
    ratios,
    shares,
    tables,
)
from thbstats.reports.sides import side_by_side
from thbstats.reports.tabled import of_tables
from thbstats.tables import CountTable, Dataset
from thbstats.values import is_whole

__all__ = ["PERIODS", "Subject", "content_of"]

Subject = Report | CountTable | Dataset | Reading | Shown
"""What a report can be about."""

PERIODS = 2
"""Of so many of their latest periods counts have indicators, unless somebody says otherwise."""


def content_of(item: Subject, *, title: str | None = None, periods: int = PERIODS) -> Content:
    """Compute everything that is said of a publication, of counts or of a result, in any format.

    Parameters
    ----------
    item : Report, CountTable, Dataset, Reading or Shown
        The publication, such as ``thbstats.publications.com_2018_777()``; counts; a file that was
        read; or anything that shows itself, such as an audit of a table.
    title : str, optional
        What it is called; by default as the publication, or by what is counted.
    periods : int
        Of counts, of how many of their latest periods there are indicators.

    Returns
    -------
    Content
        Nothing in it is particular to one publication: indicators follow from the counts and
        shares that its claims print, and areas are held side by side where they repeat a share.
        Counts have totals, the shares of every breakdown, and the ratios between stages.

    Raises
    ------
    InvalidValue
        If it is none of these, the title is no text, or the number of periods is not 1 or more.

    Examples
    --------
    >>> import thbstats as thb
    >>> content = content_of(thb.publications.com_2018_777())
    >>> [item.result.shown for item in content.shares]
    ['47.5 %', '55.5..56.5 %']
    """
    _check(title, periods)
    match item:
        case Report():
            return _of_publication(item if title is None else evolve(item, title=title))
        case CountTable():
            return of_tables(Dataset(**{item.kind: item}), title, periods)
        case Dataset():
            return of_tables(item, title, periods)
        case Reading():
            return _of_reading(item, title, periods)
        case Shown():
            return _of_result(item, title)
    raise InvalidValue(
        "a report is on a publication, on counts or on a result",
        field="item",
        value=type(item).__name__,
        mend="Give a publication, a CountTable, a Dataset, what read(...) returned, or a result",
    )


def _check(title: object, periods: object) -> None:
    if not is_whole(periods, least=1):
        raise InvalidValue(
            "this is no number of periods", field="periods", value=periods, mend="Give 1 or more"
        )
    if title is not None and (not isinstance(title, str) or not title.strip()):
        raise InvalidValue(
            "a title is a text", field="title", value=title, mend="Write one, or leave it out"
        )


def _of_publication(report: Report) -> Content:
    found = Sorted()
    data = tables(report)
    if isinstance(data, Omission):
        found.omissions.append(data)
        data = Dataset()
    printed = found.kept(printed_shares(report))
    return Content(
        of="publication",
        report=report,
        data=data,
        counts=found.kept(counts(report, data)),
        shares=found.kept(shares(report, data)),
        ratios=found.kept(ratios(data)),
        printed=printed,
        panels=side_by_side(report, printed),
        rankings=tuple(
            claim
            for claim in report.claims
            if claim.kind is ClaimKind.RANKING and len(claim.ranks) > 1
        ),
        audit=audit(report),
        omissions=tuple(found.omissions),
    )


def _of_reading(reading: Reading, title: str | None, periods: int) -> Content:
    if any(map(len, reading.data.tables())):
        return evolve(of_tables(reading.data, title, periods), shown=(reading.report,))
    # Cases and populations have no table yet; what became of the file can be shown all the same.
    return evolve(
        _of_result(reading, title or reading.report.name), shown=(reading, reading.report)
    )


def _of_result(item: Shown, title: str | None) -> Content:
    named = title or item.sheet().caption or type(item).__name__
    report = Report(id="result", title=named)
    said = item if isinstance(item, Audit) else audit(report)
    return Content(of="results", report=report, audit=said, shown=(item,))
