"""Pages of tables."""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from thbstats.display.display_table import DisplayTable, clean_all
from thbstats.display.strings import clean

__all__ = ["Bullets", "Page", "PageSection"]


@frozen
class Bullets:
    """A list of short texts.

    Parameters
    ----------
    items : sequence of str
        The texts, one for each item.
    heading : str
        A heading of the list; empty for none.
    numbered : bool
        Whether the items are numbered.
    """

    items: tuple[str, ...] = field(converter=clean_all)
    heading: str = field(default="", converter=clean, kw_only=True)
    numbered: bool = field(default=False, kw_only=True)

    @property
    def marks(self) -> tuple[str, ...]:
        """The text before each item in plain text and Markdown."""
        numbers = range(1, len(self.items) + 1)
        return tuple(f"{number}." if self.numbered else "-" for number in numbers)


def _prose(blocks: "str | Iterable[str | Bullets]") -> "tuple[str | Bullets, ...]":
    found = [blocks] if isinstance(blocks, str) else blocks
    return tuple(block if isinstance(block, Bullets) else clean(block) for block in found)


def _tables(tables: Iterable[DisplayTable]) -> tuple[DisplayTable, ...]:
    return tuple(tables)


@frozen(kw_only=True)
class PageSection:
    """Section of a page: heading, prose and tables.

    Parameters
    ----------
    heading : str
        The heading.
    prose : str or sequence of str or Bullets
        One paragraph or several, and lists.
    tables : sequence of DisplayTable
        The tables, in reading order.
    collapsed : bool
        Whether HTML shows the heading only until a reader opens the section.
    """

    heading: str = field(converter=clean)
    prose: tuple[str | Bullets, ...] = field(default=(), converter=_prose)
    tables: tuple[DisplayTable, ...] = field(default=(), converter=_tables)
    collapsed: bool = field(default=False, kw_only=True)


def _sections(sections: Iterable[PageSection]) -> tuple[PageSection, ...]:
    return tuple(sections)


@frozen(kw_only=True)
class Page:
    """Page with a title, sections and a footer.

    Parameters
    ----------
    title : str
        The title.
    lead : str
        Paragraph under the title.
    sections : sequence of PageSection
        The body. Tables are numbered through the page.
    kicker : str
        Short line above the title, such as the name of the series.
    footer : str
        Last line: source, terms, edition.
    lang : str
        The language of the texts, as in the ``lang`` attribute of HTML.
    """

    title: str = field(converter=clean)
    lead: str = field(default="", converter=clean)
    sections: tuple[PageSection, ...] = field(default=(), converter=_sections)
    kicker: str = field(default="", converter=clean)
    footer: str = field(default="", converter=clean)
    lang: str = field(default="en", converter=clean)

    @property
    def numbered(self) -> Iterator[tuple[PageSection, list[tuple[str, DisplayTable]]]]:
        """Each section with its tables and their labels ("Table 1")."""
        number = 0
        for section in self.sections:
            labels = [f"Table {number + index}" for index in range(1, len(section.tables) + 1)]
            number += len(labels)
            yield section, list(zip(labels, section.tables, strict=True))
