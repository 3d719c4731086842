"""A section of a report: a name, a title, and a function that says what stands in it."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeGuard, Union

from attrs import field, frozen

from thbstats.display import Sheet, Shown
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue
from thbstats.reports.content import Content
from thbstats.reports.figure import Figure, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Block", "LaidOut", "Section", "laid_out"]

Block = Union[str, Sheet, Shown, Figure, "Axes"]
"""A paragraph, a table, something that shows itself as one, or a picture."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@frozen
class Section:
    r"""What somebody wants to have in a report.

    Parameters
    ----------
    name : str
        What it is called in code: small letters, digits and underscores.
    title : str
        Its heading.
    blocks : callable
        From the `Content` of a report to what stands in the section: a text is a paragraph; a
        `Sheet`, or anything that shows itself as one, such as a result, is a table; a `Figure`,
        or a plot of this library, is a picture. One block, several, or none, which leaves the
        section out.

    Raises
    ------
    InvalidValue
        If the name or title is none, or there is nothing to call.

    Notes
    -----
    Whatever the order of the blocks, texts and pictures stand before the tables of a section.

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
                "this names no section",
                field="name",
                value=self.name,
                mend="Use small letters, digits and underscores, such as 'method'",
            )
        if not self.title:
            raise InvalidValue(
                "a section needs a heading", field="title", mend=f"Give {self.name!r} one"
            )
        if not callable(self.blocks):
            raise InvalidValue(
                "what stands in a section comes from a function",
                field="blocks",
                value=type(self.blocks).__name__,
                mend="Give a function from the content to texts, tables and pictures",
            )


@frozen(kw_only=True)
class LaidOut:
    """What stands in one section.

    Parameters
    ----------
    section : Section
        The section.
    texts : tuple of str or Figure
        Its paragraphs and pictures.
    sheets : tuple of Sheet
        Its tables.
    """

    section: Section
    texts: tuple[str | Figure, ...]
    sheets: tuple[Sheet, ...]


def laid_out(sections: Iterable[Section], content: Content) -> tuple[LaidOut, ...]:
    """Return what stands in each section that says something.

    Parameters
    ----------
    sections : iterable of Section
        In the order of the report.
    content : Content
        What the report is about.

    Returns
    -------
    tuple of LaidOut

    Raises
    ------
    InvalidValue
        If one is no section, two have one name, or a section returns what no report can show.
    """
    filled = ((section, _blocks(section, content)) for section in _checked(sections))
    return tuple(_sorted(section, blocks) for section, blocks in filled if blocks)


def _checked(sections: object) -> list[Section]:
    given: list[object] = list(sections) if isinstance(sections, Iterable) else [sections]
    found = [item for item in given if isinstance(item, Section)]
    for item in given:
        if not isinstance(item, Section):
            raise InvalidValue(
                "this is no section",
                field="sections",
                value=item,
                mend="Give sections, such as (*DEFAULT_SECTIONS, Section(name, title, function))",
            )
    names = [section.name for section in found]
    for name in names:
        if names.count(name) > 1:
            raise InvalidValue(
                "two sections have one name",
                field="sections",
                value=name,
                mend="Rename one of them, or leave it out",
            )
    return found


def _blocks(section: Section, content: Content) -> list[str | Sheet | Figure]:
    found = section.blocks(content)
    if found is None:
        return []
    # A frame or a mapping can be gone through too, and means something else.
    if isinstance(found, list | tuple | Iterator):
        return [_block(section, item) for item in found]
    return [_block(section, found)]


def _block(section: Section, item: object) -> str | Sheet | Figure:
    if isinstance(item, str | Sheet | Figure):
        return item
    if isinstance(item, Shown):
        return item.sheet()
    if _is_plot(item):
        return drawn(item)
    raise InvalidValue(
        f"section {section.name!r} returns what no report can show",
        field="blocks",
        value=type(item).__name__,
        mend="Return texts, Sheets, results, Figures or plots of this library",
    )


def _is_plot(item: object) -> TypeGuard["Axes"]:
    # Whoever has axes has loaded matplotlib.
    module = sys.modules.get("matplotlib.axes")
    return module is not None and isinstance(item, module.Axes)


def _sorted(section: Section, blocks: list[str | Sheet | Figure]) -> LaidOut:
    return LaidOut(
        section=section,
        texts=tuple(block for block in blocks if not isinstance(block, Sheet)),
        sheets=tuple(block for block in blocks if isinstance(block, Sheet)),
    )
