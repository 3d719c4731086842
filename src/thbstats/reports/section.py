"""Sections of a report."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Union

from attrs import field, frozen

from thbstats.display import Bullets, Displayable, DisplayTable
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue
from thbstats.reports.content import Content
from thbstats.reports.figure import Figure, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Block", "RenderedSection", "Section", "render_sections"]

Block = Union[str, Bullets, DisplayTable, Displayable, Figure, "Axes"]
"""A paragraph, a list, a table, an object with a table, or a picture."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@frozen
class Section:
    r"""One section of a report.

    Parameters
    ----------
    name : str
        The name in code: lower-case letters, digits and underscores.
    title : str
        The heading.
    blocks : callable
        A function from the `Content` of a report to the blocks of the section: a text is a
        paragraph; a `thbstats.display.Bullets` is a list; a `DisplayTable` or a displayable
        object such as a result is a table; a `Figure` or a plot of this library is a picture.
        The function returns one block, several, or none. A section without blocks is left out.
    annex : bool
        Whether the section belongs to the annex. HTML shows its heading only until a reader opens
        it; text and Markdown contain it with ``full=True``.

    Raises
    ------
    InvalidValue
        If a parameter has another form.

    Notes
    -----
    Texts, lists and pictures come before the tables of a section.

    Examples
    --------
    >>> import thbstats as thb
    >>> method = Section("method", "Counting rules", lambda content: "Each victim once.")
    >>> document = thb.report(thb.publications.com_2018_777(), sections=[method])
    >>> "## Counting rules\n\nEach victim once." in document.to_markdown()
    True
    """

    name: str = field()
    title: str = field(converter=clean)
    blocks: Callable[[Content], "Block | Iterable[Block] | None"] = field()
    annex: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(str(self.name)):
            raise InvalidValue(
                "`name` must consist of lower-case letters, digits and underscores",
                field="name",
                value=self.name,
                hint="Use a name such as 'method'",
            )
        if not self.title:
            raise InvalidValue(
                "`title` must not be empty",
                field="title",
                value=self.title,
                hint=f"Give section {self.name!r} a heading",
            )
        if not callable(self.blocks):
            raise InvalidValue(
                "`blocks` must be a function",
                field="blocks",
                value=type(self.blocks).__name__,
                hint="Pass a function from the content to texts, tables and pictures",
            )


@frozen(kw_only=True)
class RenderedSection:
    """The blocks of one section.

    Parameters
    ----------
    name, title : str
        The name and the heading of the section.
    texts : tuple of str, Bullets or Figure
        Its paragraphs, lists and pictures.
    tables : tuple of DisplayTable
        Its tables.
    annex : bool
        Whether the section belongs to the annex.
    """

    name: str
    title: str
    texts: tuple[str | Bullets | Figure, ...]
    tables: tuple[DisplayTable, ...]
    annex: bool = False


def render_sections(sections: Iterable[Section], content: Content) -> tuple[RenderedSection, ...]:
    """Return the blocks of each section that has any.

    Parameters
    ----------
    sections : iterable of Section
        In the order of the report.
    content : Content
        The content of the report.

    Raises
    ------
    InvalidValue
        If an item is not a section, two have one name, or a section returns another type of block.
    """
    found = []
    for section in _checked(sections):
        returned: Any = section.blocks(content)
        # A frame or a mapping is iterable too, and is not a list of blocks.
        several = isinstance(returned, list | tuple | Iterator)
        items = [] if returned is None else returned if several else [returned]
        blocks = [_block(section, item) for item in items]
        if blocks:
            found.append(
                RenderedSection(
                    name=section.name,
                    title=section.title,
                    texts=tuple(block for block in blocks if not isinstance(block, DisplayTable)),
                    tables=tuple(block for block in blocks if isinstance(block, DisplayTable)),
                    annex=section.annex,
                )
            )
    return tuple(found)


def _checked(sections: object) -> list[Section]:
    items: list[object] = list(sections) if isinstance(sections, Iterable) else [sections]
    found = [item for item in items if isinstance(item, Section)]
    for item in items:
        if not isinstance(item, Section):
            raise InvalidValue(
                "`sections` must contain sections only",
                field="sections",
                value=item,
                hint="Pass (*DEFAULT_SECTIONS, Section(name, title, function))",
            )
    names = [section.name for section in found]
    for name in names:
        if names.count(name) > 1:
            raise InvalidValue(
                "the names of `sections` must be unique",
                field="sections",
                value=name,
                hint="Rename one of the sections, or leave it out",
            )
    return found


def _block(section: Section, item: object) -> str | Bullets | DisplayTable | Figure:
    if isinstance(item, str | Bullets | DisplayTable | Figure):
        return item
    if isinstance(item, Displayable):
        return item.display_table()
    axes = sys.modules.get("matplotlib.axes")  # loaded, if the item is a plot
    if axes is not None and isinstance(item, axes.Axes):
        return drawn(item)
    raise InvalidValue(
        f"section {section.name!r} must return texts, lists, tables, results or pictures",
        field="blocks",
        value=type(item).__name__,
        hint="Return texts, DisplayTables, results, Figures or plots of this library",
    )
