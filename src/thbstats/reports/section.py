"""A section of a report: a name, a title and a function that returns its blocks."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Union

from attrs import field, frozen

from thbstats.display import Displayable, DisplayTable
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue
from thbstats.reports.content import Content
from thbstats.reports.figure import Figure, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Block", "LaidOut", "Section", "laid_out"]

Block = Union[str, DisplayTable, Displayable, Figure, "Axes"]
"""A paragraph, a table, something that shows itself as one, or a picture."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@frozen
class Section:
    r"""One section of a report.

    Parameters
    ----------
    name : str
        Its name in code: lower-case letters, digits and underscores.
    title : str
        Its heading.
    blocks : callable
        A function from the `Content` of a report to the blocks of the section: a text is a
        paragraph; a `DisplayTable` or a displayable object such as a result is a table; a
        `Figure` or a plot of this library is a picture. One block, several, or none, which
        leaves the section out.

    Raises
    ------
    InvalidValue
        If a parameter has another form.

    Notes
    -----
    Texts and pictures come before the tables of a section.

    Examples
    --------
    >>> import thbstats as thb
    >>> method = Section("method", "How we counted", lambda content: "Each victim once.")
    >>> made = thb.report(thb.publications.com_2018_777(), sections=[method])
    >>> "## How we counted\n\nEach victim once." in made.to_markdown()
    True
    """

    name: str = field()
    title: str = field(converter=clean)
    blocks: Callable[[Content], "Block | Iterable[Block] | None"] = field()

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(str(self.name)):
            raise InvalidValue(
                "a name has lower-case letters, digits and underscores",
                field="name",
                value=self.name,
                hint="Use a name such as 'method'",
            )
        if not self.title:
            raise InvalidValue(
                "a section needs a heading", field="title", hint=f"Give {self.name!r} one"
            )
        if not callable(self.blocks):
            raise InvalidValue(
                "`blocks` must be a function",
                field="blocks",
                value=type(self.blocks).__name__,
                hint="Give a function from the content to texts, tables and pictures",
            )


@frozen(kw_only=True)
class LaidOut:
    """The blocks of one section.

    Parameters
    ----------
    name, title : str
        The name and the heading of the section.
    texts : tuple of str or Figure
        Its paragraphs and pictures.
    sheets : tuple of DisplayTable
        Its tables.
    """

    name: str
    title: str
    texts: tuple[str | Figure, ...]
    sheets: tuple[DisplayTable, ...]


def laid_out(sections: Iterable[Section], content: Content) -> tuple[LaidOut, ...]:
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
        made: Any = section.blocks(content)
        # A frame or a mapping is iterable too, and is not a list of blocks.
        several = isinstance(made, list | tuple | Iterator)
        items = [] if made is None else made if several else [made]
        blocks = [_block(section, item) for item in items]
        if blocks:
            texts = tuple(block for block in blocks if not isinstance(block, DisplayTable))
            sheets = tuple(block for block in blocks if isinstance(block, DisplayTable))
            found.append(
                LaidOut(name=section.name, title=section.title, texts=texts, sheets=sheets)
            )
    return tuple(found)


def _checked(sections: object) -> list[Section]:
    given: list[object] = list(sections) if isinstance(sections, Iterable) else [sections]
    found = [item for item in given if isinstance(item, Section)]
    for item in given:
        if not isinstance(item, Section):
            raise InvalidValue(
                "an item is not a section",
                field="sections",
                value=item,
                hint="Give sections, such as (*DEFAULT_SECTIONS, Section(name, title, function))",
            )
    names = [section.name for section in found]
    for name in names:
        if names.count(name) > 1:
            raise InvalidValue(
                "two sections have one name",
                field="sections",
                value=name,
                hint="Rename one of them, or leave it out",
            )
    return found


def _block(section: Section, item: object) -> str | DisplayTable | Figure:
    if isinstance(item, str | DisplayTable | Figure):
        return item
    if isinstance(item, Displayable):
        return item.display_table()
    axes = sys.modules.get("matplotlib.axes")  # loaded, if the item is a plot
    if axes is not None and isinstance(item, axes.Axes):
        return drawn(item)
    raise InvalidValue(
        f"section {section.name!r} returns another type of block",
        field="blocks",
        value=type(item).__name__,
        hint="Return texts, Sheets, results, Figures or plots of this library",
    )
