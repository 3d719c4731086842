"""The whole page of a publication, for people."""

from thbstats._version import __version__
from thbstats.auditing import ClaimVerdict
from thbstats.claims import Report
from thbstats.display import Page, Section
from thbstats.reports.brief import brief
from thbstats.reports.content import Content, content_of
from thbstats.reports.findings import audit_section
from thbstats.reports.headlines import headline_section
from thbstats.reports.lists import ranking_section
from thbstats.reports.printed import share_section
from thbstats.reports.remarks import warning_section
from thbstats.reports.stages import stage_section

__all__ = ["report_page"]


def report_page(item: Report | Content) -> Page:
    """Return a page on a publication: what it says, and what that can bear.

    Parameters
    ----------
    item : Report or Content
        The publication, or what `content_of` has made of it already.

    Returns
    -------
    Page
        Summary, indicators, shares of areas side by side, stages of justice, rankings, audit and
        warnings; a section without anything to say is left out.

    Examples
    --------
    >>> import thbstats as thb
    >>> page = report_page(thb.publications.com_2018_777())
    >>> page.sections[0].heading
    'In brief'
    """
    content = item if isinstance(item, Content) else content_of(item)
    sections = [
        Section(heading="In brief", sheets=brief(content)),
        headline_section(content),
        share_section(content),
        stage_section(content),
        ranking_section(content),
        audit_section(content),
        warning_section(content),
        *_omissions(content),
    ]
    return Page(
        kicker=_kicker(content.report),
        title=content.report.title,
        lead=_lead(content),
        sections=[section for section in sections if _says_something(section)],
        footer=_footer(content.report),
    )


def _says_something(section: Section) -> bool:
    return any(sheet.rows for sheet in section.sheets) or section.heading == _LEFT_OUT


_LEFT_OUT = "What could not be computed"


def _omissions(content: Content) -> list[Section]:
    if not content.omissions:
        return []
    prose = [f"{each.id}: {each.reason}" for each in content.omissions]
    return [Section(heading=_LEFT_OUT, prose=prose)]


def _kicker(report: Report) -> str:
    published = report.published
    day = "" if published is None else f"{published.day} {published:%B %Y}"
    return " · ".join(filter(None, [report.publisher, report.document, day]))


def _lead(content: Content) -> str:
    counts, found = content.audit.counts(), len(content.audit.findings)
    confirmed, consistent, contradicted, untold = (counts[verdict] for verdict in ClaimVerdict)
    known = "One is" if found == 1 else f"{found or 'None'} are"
    return (
        "What the printed figures can bear, with the base of each, and no further. Of "
        f"{len(content.audit)} claims in the text, its other figures confirm {confirmed}, allow "
        f"{consistent} and contradict {contradicted}; of {untold} nobody can tell. {known} such "
        "that a reader should know."
    )


def _footer(report: Report) -> str:
    source = ", ".join(filter(None, [report.publisher, report.document]))
    url = f" {report.url}" if report.url else ""
    return f"Figures: {source or report.title}.{url} Arithmetic: thbstats {__version__}."
