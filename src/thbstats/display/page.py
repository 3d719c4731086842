"""A page of sheets: title, lead, sections and a footer."""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from thbstats.display.sheet import Sheet, clean_all
from thbstats.display.strings import clean

__all__ = ["Page", "Section"]


def _sheets(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    return tuple(sheets)


@frozen(kw_only=True)
class Section:
    """A heading, paragraphs of prose, and sheets after them.

    Parameters
    ----------
    heading : str
        The heading.
    prose : str or sequence of str
        One paragraph or several.
    sheets : sequence of Sheet
        The tables, in reading order.
    """

    heading: str = field(converter=clean)
    prose: tuple[str, ...] = field(default=(), converter=clean_all)
    sheets: tuple[Sheet, ...] = field(default=(), converter=_sheets)


def _sections(sections: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(sections)


@frozen(kw_only=True)
class Page:
    """A page that can be read alone, in any format.

    Parameters
    ----------
    title : str
        The title.
    lead : str
        The paragraph under the title: what the page says, in brief.
    sections : sequence of Section
        The body. Tables are numbered through the page.
    kicker : str
        A short line above the title, such as the name of the series.
    footer : str
        The last line: source, terms, edition.
    lang : str
        The language of the texts, as in the ``lang`` attribute of HTML.
    """

    title: str = field(converter=clean)
    lead: str = field(default="", converter=clean)
    sections: tuple[Section, ...] = field(default=(), converter=_sections)
    kicker: str = field(default="", converter=clean)
    footer: str = field(default="", converter=clean)
    lang: str = field(default="en", converter=clean)

    @property
    def numbered(self) -> Iterator[tuple[Section, list[tuple[str, Sheet]]]]:
        """Each section with its sheets, labelled "Table 1" and on."""
        number = 0
        for section in self.sections:
            labels = [f"Table {number + place}" for place in range(1, len(section.sheets) + 1)]
            number += len(labels)
            yield section, list(zip(labels, section.sheets, strict=True))
