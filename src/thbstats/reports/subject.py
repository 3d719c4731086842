"""Subjects of reports."""

from typing import Any

from attrs import evolve

from thbstats.auditing import Audit, audit
from thbstats.claims import Publication
from thbstats.disclosure import Confidential, PrimarySuppression, SuppressedTable
from thbstats.display import Displayable
from thbstats.errors import InvalidValue
from thbstats.exchange import Reading
from thbstats.reports.content import Content
from thbstats.reports.published import of_publication
from thbstats.reports.tabulated import of_tables
from thbstats.rules import DEFAULTS, Thresholds
from thbstats.tables import CountTable, Dataset
from thbstats.values import is_integer

__all__ = ["PERIODS", "Subject", "content_of"]

Subject = Publication | CountTable | Dataset | Reading | Displayable
"""The subject of a report."""

PERIODS = 2
"""The number of latest periods with indicators, by default."""


def content_of(
    item: Subject,
    *,
    title: str | None = None,
    periods: int = PERIODS,
    thresholds: Thresholds | None = None,
) -> Content:
    """Return the content of the report on a publication, on counts or on a result.

    Parameters
    ----------
    item : Publication, CountTable, Dataset, Reading or Displayable
        The publication, such as ``thbstats.publications.com_2018_777()``; counts; a file that was
        read; or an object with a sheet, such as an audit of a table.
    title : str, optional
        The title; by default that of the publication, or the kind of the counts.
    periods : int
        For counts, the number of latest periods with indicators.
    thresholds : Thresholds, optional
        The limits of rules; ``presentable`` is the coverage below which a number is not a figure
        of its area.

    Returns
    -------
    Content
        For a publication, the indicators that its published counts and shares allow, and a
        comparison of areas with the same shares. For counts, totals, the shares of every
        breakdown, and the ratios between stages.

    Raises
    ------
    InvalidValue
        If it is none of these or contains counts before publication (a SuppressedTable), the title
        is not a text, or the number of periods is below 1.

    Examples
    --------
    >>> import thbstats as thb
    >>> content = content_of(thb.publications.com_2018_777())
    >>> [item.result.formatted for item in content.shares]
    ['47.5%', '55.5% to 56.5%']
    """
    if not is_integer(periods, least=1):
        raise InvalidValue(
            "`periods` must be an integer of 1 or more",
            field="periods",
            value=periods,
            hint="Pass 1 or more",
        )
    heading: object = title
    if heading is not None and not (isinstance(heading, str) and heading.strip()):
        raise InvalidValue(
            "`title` must be a text",
            field="title",
            value=title,
            hint="Pass a text, or leave it out",
        )
    limits = DEFAULTS if thresholds is None else thresholds
    tables: dict[str, Any] = {"title": title, "periods": periods, "thresholds": limits}
    match item:
        case SuppressedTable() | PrimarySuppression() | Confidential():
            raise InvalidValue(
                "`item` must not contain unprotected counts",
                field="item",
                value=type(item).__name__,
                hint="Report the table to publish: thb.report(safe.table), with safe = "
                "thb.disclosure.suppress(...)",
            )
        case Publication():
            return of_publication(item if title is None else evolve(item, title=title), limits)
        case CountTable():
            return of_tables(Dataset(**{item.kind: item}), **tables)
        case Dataset():
            return of_tables(item, **tables)
        case Reading() if any(map(len, item.data.tables())):
            return evolve(of_tables(item.data, **tables), formatted=(item.log,))
        case Reading():  # cases and populations have no table yet
            return evolve(_of_result(item, title or item.log.name), formatted=(item, item.log))
        case Displayable():
            return _of_result(item, title)
    raise InvalidValue(
        "`item` must be a publication, counts or a result",
        field="item",
        value=type(item).__name__,
        hint="Pass a publication, a CountTable, a Dataset, the return value of read(...), "
        "or a result",
    )


def _of_result(item: Displayable, title: str | None) -> Content:
    report = Publication(
        id="result", title=title or item.display_table().caption or type(item).__name__
    )
    audited = item if isinstance(item, Audit) else audit(report)
    return Content(of="results", report=report, audit=audited, formatted=(item,))
