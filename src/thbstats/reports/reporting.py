"""The one function that makes a report."""

from collections.abc import Iterable

from attrs import evolve

from thbstats.display import PLAIN, House, Page, house
from thbstats.errors import InvalidValue
from thbstats.reports.compute import PERIODS, Subject, content_of
from thbstats.reports.content import Content
from thbstats.reports.document import Document
from thbstats.reports.section import Section, laid_out
from thbstats.reports.sections import DEFAULT_SECTIONS
from thbstats.reports.translation import translated

__all__ = ["report", "report_page"]


def report(
    item: Subject | Content,
    *,
    sections: Iterable[Section] = DEFAULT_SECTIONS,
    title: str | None = None,
    style: House | str = PLAIN,
    language: str = "en",
    periods: int | None = None,
) -> Document:
    """Return a report on a publication, on counts or on a result.

    Parameters
    ----------
    item : Report, CountTable, Dataset, Reading, Shown or Content
        The publication, such as ``thbstats.publications.com_2018_777()``; counts; a file that was
        read; anything that shows itself, such as an audit of a table; or what `content_of` has
        made of one of them already.
    sections : iterable of Section
        What it has, in order; those that have nothing to say are left out.
    title : str, optional
        By default that of the publication, or what is counted where and when.
    style : House or str
        The house style of its numbers, as for `thbstats.display.house`.
    language : str
        The language of our words in its tables, ``"en"``, ``"fr"`` or ``"de"``; sentences stay
        in English.
    periods : int, optional
        Of counts, of how many of their latest periods there are indicators; 2 unless you say
        otherwise.

    Returns
    -------
    Document
        With ``to_html``, ``to_markdown``, ``to_text``, ``to_json``, ``to_csv``, ``to_xlsx`` and
        ``save``.

    Raises
    ------
    InvalidValue
        If there is no report on such a thing, the title or number of periods is none, two
        sections have one name, or a section returns what no report can show.
    UnknownName
        If there is no such style or language.
    MissingExtra
        If a locale is asked for and babel is not installed.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.report(thb.read("docs/_data/glotip_eu_2015_2016.csv"))
    <Document 'Counts of justice, 24 areas, 2015 to 2016', 7 sections>
    """
    content = evolve(_content(item, title, periods), style=house(style))
    return Document(content=content, parts=translated(laid_out(sections, content), language))


def _content(item: Subject | Content, title: str | None, periods: int | None) -> Content:
    if not isinstance(item, Content):
        return content_of(item, title=title, periods=PERIODS if periods is None else periods)
    for name, asked in (("title", title), ("periods", periods)):
        if asked is not None:
            raise InvalidValue(
                "a content has been computed with what it has",
                field=name,
                value=asked,
                mend=f"Give {name}=... to content_of",
            )
    return item


def report_page(item: Subject | Content) -> Page:
    """Return the page of a report with its usual sections.

    Parameters
    ----------
    item : Report, CountTable, Dataset, Reading, Shown or Content
        As for `report`.

    Returns
    -------
    Page

    Examples
    --------
    >>> import thbstats as thb
    >>> page = report_page(thb.publications.com_2018_777())
    >>> page.sections[0].heading
    'In brief'
    """
    return report(item).page
