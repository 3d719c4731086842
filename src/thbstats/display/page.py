"""A page of tables: title, lead, sections and a footer."""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from thbstats.display.display_table import DisplayTable, clean_all
from thbstats.display.strings import clean

__all__ = ["Page", "Section"]


def _tables(tables: Iterable[DisplayTable]) -> tuple[DisplayTable, ...]:
    return tuple(tables)


@frozen(kw_only=True)
class Section:
    """A heading, paragraphs of prose, and tables after them.

    Parameters
    ----------
    heading : str
        The heading.
    prose : str or sequence of str
        One paragraph or several.
    tables : sequence of DisplayTable
        The tables, in reading order.
    """

    heading: str = field(converter=clean)
    prose: tuple[str, ...] = field(default=(), converter=clean_all)
    tables: tuple[DisplayTable, ...] = field(default=(), converter=_tables)


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
    def numbered(self) -> Iterator[tuple[Section, list[tuple[str, DisplayTable]]]]:
        """Each section with its tables, labelled "Table 1" and on."""
        number = 0
        for section in self.sections:
            labels = [f"Table {number + place}" for place in range(1, len(section.tables) + 1)]
            number += len(labels)
            yield section, list(zip(labels, section.tables, strict=True))
