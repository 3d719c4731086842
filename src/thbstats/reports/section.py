"""Sections and pictures of a report."""

import re
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any, Union

from attrs import evolve, field, frozen

from thbstats.display import Bullets, Displayable, DisplayTable
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue, require
from thbstats.languages import Language, Message, paragraph
from thbstats.panel.names import sentence
from thbstats.reports.content import Content

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PNG = b"\x89PNG\r\n\x1a\n"
_PICTURE = "display: block; max-width: 100%; height: auto; background: #fff"
_CAPTION = "margin-top: 0.5rem; color: var(--soft); font-size: 0.8125rem"


@frozen(kw_only=True)
class Figure:
    """A picture with its caption and description.

    Parameters
    ----------
    data : bytes
        The picture, SVG or PNG.
    alt : str
        The description, for readers who cannot see it and for formats without pictures.
    caption : str
        The caption below it.

    Raises
    ------
    InvalidValue
        If it is neither SVG nor PNG, or has no description.

    Examples
    --------
    >>> dot = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>'
    >>> Figure(data=dot, alt="A dot", caption="One victim").words
    'One victim. Picture: A dot.'
    """

    data: bytes = field(repr=False)
    alt: str = field(converter=clean)
    caption: str = field(default="", converter=clean)

    def __attrs_post_init__(self) -> None:
        hint = "Write one sentence on its contents"
        require(self.alt, "`alt` must describe the picture", hint, alt=self.alt)
        is_picture = self.data.startswith(_PNG) or b"<svg" in self.data[:4096]
        problem, hint = "`data` must be an SVG or PNG picture", "Pass the bytes of such a file"
        require(is_picture, problem, hint, data=self.data[:20])

    @property
    def words(self) -> str:
        """Caption and description, for formats without pictures."""
        picture = Message("Picture: {description}.", description=self.alt.removesuffix("."))
        return paragraph([sentence(self.caption), picture])

    def in_language(self, language: Language) -> "Figure":
        """Return the picture with its texts in a language."""
        return evolve(self, alt=language.text(self.alt), caption=language.text(self.caption))

    @property
    def html(self) -> str:
        """The picture as a complete element, on white paper also in dark pages."""
        kind = "png" if self.data.startswith(_PNG) else "svg+xml"
        source = f"data:image/{kind};base64,{b64encode(self.data).decode('ascii')}"
        caption = f'<figcaption style="{_CAPTION}">{escape(self.caption)}</figcaption>'
        return (
            '<figure class="thb-picture">'
            f'<img src="{source}" alt="{escape(self.alt)}" style="{_PICTURE}">'
            f"{caption if self.caption else ''}</figure>"
        )


def drawn(ax: "Axes", caption: str = "") -> Figure:
    """Return a plot of this library as a picture with its alt text.

    The same plot gives the same bytes.

    Examples
    --------
    >>> import thbstats as thb
    >>> funnel = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    >>> drawn(thb.plots.funnel(funnel)).alt[:6]
    'Funnel'
    """
    from matplotlib import rc_context

    from thbstats.plots import alt_text, picture

    with rc_context({"svg.hashsalt": "thbstats"}):
        return Figure(data=picture(ax, "svg"), alt=alt_text(ax), caption=caption)


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
        If a parameter is not valid.

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
        problem = "`name` must consist of lower-case letters, digits and underscores"
        is_name, hint = _NAME.fullmatch(str(self.name)), "Use a name such as 'method'"
        require(is_name, problem, hint, name=self.name)
        hint = f"Give section {self.name!r} a heading"
        require(self.title, "`title` must not be empty", hint, title=self.title)
        hint = "Pass a function from the content to texts, tables and pictures"
        kind = type(self.blocks).__name__
        require(callable(self.blocks), "`blocks` must be a function", hint, blocks=kind)


def report_section(
    name: str, title: str, *subjects: str, annex: bool = False
) -> Callable[[Callable[[Content], Any]], Section]:
    """Return a decorator of a function that yields blocks, for reports on some subjects."""

    def decorate(blocks: Callable[[Content], Any]) -> Section:
        def for_subject(content: Content) -> Any:
            return blocks(content) if content.of in (subjects or (content.of,)) else None

        return Section(name, title, for_subject, annex=annex)

    return decorate


@frozen(kw_only=True)
class RenderedSection:
    """The blocks of one section: its texts, lists and pictures, and its tables."""

    name: str
    title: str
    texts: tuple[str | Bullets | Figure, ...] = field(converter=tuple[str | Bullets | Figure, ...])
    tables: tuple[DisplayTable, ...] = field(converter=tuple[DisplayTable, ...])
    annex: bool = False


def render_sections(sections: object, content: Content) -> tuple[RenderedSection, ...]:
    """Return the blocks of each section that is not empty, in order."""
    items: list[Any] = list(sections) if isinstance(sections, Iterable) else [sections]
    for item in items:
        hint = "Pass (*DEFAULT_SECTIONS, Section(name, title, function))"
        is_section = isinstance(item, Section)
        require(is_section, "`sections` must contain sections only", hint, sections=item)
    for name, number in Counter(item.name for item in items).items():
        hint = "Rename one of the sections, or leave it out"
        require(number == 1, "the names of `sections` must be unique", hint, sections=name)
    rendered = []
    for item in items:
        returned: Any = item.blocks(content)
        # A frame or a mapping is iterable too, and is not a list of blocks.
        several = isinstance(returned, list | tuple | Iterator)
        raw = [] if returned is None else returned if several else [returned]
        blocks = [_block(item, block) for block in raw]
        if blocks:
            rendered.append(
                RenderedSection(
                    name=item.name,
                    title=item.title,
                    texts=(block for block in blocks if not isinstance(block, DisplayTable)),
                    tables=(block for block in blocks if isinstance(block, DisplayTable)),
                    annex=item.annex,
                )
            )
    return tuple(rendered)


def _block(owner: Section, item: object) -> str | Bullets | DisplayTable | Figure:
    if isinstance(item, str | Bullets | DisplayTable | Figure):
        return item
    if isinstance(item, Displayable):
        return item.display_table()
    axes = sys.modules.get("matplotlib.axes")  # loaded, if the item is a plot
    if axes is not None and isinstance(item, axes.Axes):
        return drawn(item)
    raise InvalidValue(
        f"section {owner.name!r} must return texts, lists, tables, results or pictures",
        field="blocks",
        value=type(item),
        hint="Return texts, DisplayTables, results, Figures or plots of this library",
    )
