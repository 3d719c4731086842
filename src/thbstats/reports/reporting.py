"""Creation of reports."""

from collections.abc import Iterable

from attrs import evolve

from thbstats.display import NumberStyle, number_style
from thbstats.errors import InvalidValue
from thbstats.reports.content import Content
from thbstats.reports.document import Document
from thbstats.reports.section import Section, render_sections
from thbstats.reports.sections import DEFAULT_SECTIONS
from thbstats.reports.subject import PERIODS, Subject, content_of
from thbstats.reports.translation import translated
from thbstats.rules import Thresholds

__all__ = ["report"]


def report(
    item: "Subject | Content",
    *,
    sections: "Iterable[Section] | None" = None,
    title: str | None = None,
    style: "NumberStyle | str" = "plain",
    language: str = "en",
    periods: int | None = None,
    thresholds: "Thresholds | None" = None,
    full: bool = False,
) -> Document:
    """Return a report on a publication, on counts or on a result.

    Parameters
    ----------
    item : Publication, CountTable, Dataset, Reading, Displayable or Content
        The publication, such as ``thbstats.publications.com_2018_777()``; counts; a file that was
        read; an object with a sheet, such as an audit of a table; or the return value of
        `content_of`.
    sections : iterable of Section, optional
        The sections, in order; by default `DEFAULT_SECTIONS`. Sections without a block are left
        out.
    title : str, optional
        By default that of the publication, or the kinds of count, the area and the periods.
    style : NumberStyle or str
        Number style, as for `thbstats.display.number_style`.
    language : str
        The language of categories in tables, ``"en"``, ``"fr"`` or ``"de"``; sentences stay
        in English.
    periods : int, optional
        For counts, the number of latest periods with indicators; 2 by default.
    thresholds : Thresholds, optional
        The limits of rules. A number with a coverage below ``presentable`` is not a figure of its
        area, and is not among the figures you can quote.
    full : bool
        Whether text and Markdown contain the annex: all consistency checks, the figures of each
        quality note, and the first rows of counts. HTML always contains it.

    Returns
    -------
    Document
        With ``to_html``, ``to_markdown``, ``to_text``, ``to_json``, ``to_csv``, ``to_xlsx`` and
        ``save``.

    Raises
    ------
    InvalidValue
        If the item has another type or contains counts before publication, the title is not a
        text, the number of periods is below 1, two sections have one name, or a section returns
        another type of block.
    UnknownName
        If there is no such style or language.
    MissingExtra
        If the style is a locale and babel is not installed.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.report(thb.read("docs/_data/glotip_eu_2015_2016.csv"))
    <Document 'Counts of justice, 24 areas, 2015 to 2016', 11 sections>
    """
    content = evolve(_content(item, title, periods, thresholds), style=number_style(style))
    chosen = DEFAULT_SECTIONS if sections is None else sections
    parts = translated(render_sections(chosen, content), language)
    return Document(content=content, parts=parts, full=full)


def _content(
    item: Subject | Content,
    title: str | None,
    periods: int | None,
    thresholds: Thresholds | None,
) -> Content:
    if not isinstance(item, Content):
        size = PERIODS if periods is None else periods
        return content_of(item, title=title, periods=size, thresholds=thresholds)
    given = {"title": title, "periods": periods, "thresholds": thresholds}
    for name, value in given.items():
        if value is not None:
            raise InvalidValue(
                f"`{name}` must not be given for a Content",
                field=name,
                value=value,
                hint=f"Pass {name}= to content_of",
            )
    return item
