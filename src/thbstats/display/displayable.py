"""What shows itself as a table: text, Markdown and HTML follow from it."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from thbstats.display.display_table import DisplayTable
from thbstats.display.exports import to_gt, to_styler
from thbstats.display.html import to_html
from thbstats.display.markdown import to_markdown
from thbstats.display.number_styles import PLAIN, NumberStyle
from thbstats.display.text import to_text

if TYPE_CHECKING:
    from great_tables import GT
    from pandas.io.formats.style import Styler

__all__ = ["Displayable"]


class Displayable(ABC):
    """Something with a table: ``str`` gives text, a notebook shows HTML."""

    __slots__ = ()

    @abstractmethod
    def display_table(self) -> DisplayTable:
        """Return it as a table."""

    def to_text(self, style: NumberStyle | str = PLAIN) -> str:
        """Return it as text that fits a terminal of 80 columns.

        Parameters
        ----------
        style : NumberStyle or str
            The house style of its numbers, as for `thbstats.display.house`.
        """
        return to_text(self.display_table().styled(style))

    def to_markdown(self, style: NumberStyle | str = PLAIN) -> str:
        """Return it as a Markdown table.

        Parameters
        ----------
        style : NumberStyle or str
            The house style of its numbers, as for `thbstats.display.house`.
        """
        return to_markdown(self.display_table().styled(style))

    def to_html(self, style: NumberStyle | str = PLAIN) -> str:
        """Return it as HTML without scripts, which carries its own style.

        Parameters
        ----------
        style : NumberStyle or str
            The house style of its numbers, as for `thbstats.display.house`.
        """
        return to_html(self.display_table().styled(style))

    def to_gt(self, style: NumberStyle | str = PLAIN) -> "GT":
        """Return it as a table of great-tables.

        Parameters
        ----------
        style : NumberStyle or str
            The house style of its numbers, as for `thbstats.display.house`.

        Raises
        ------
        MissingExtra
            If great-tables is not installed.
        """
        return to_gt(self.display_table().styled(style))

    @property
    def style(self) -> "Styler":
        """It as a Styler of pandas, with its cells as text.

        Raises
        ------
        MissingExtra
            If jinja2, which pandas needs for it, is not installed.
        """
        return to_styler(self.display_table())

    def __str__(self) -> str:
        return to_text(self.display_table())

    def _repr_html_(self) -> str:
        return to_html(self.display_table())
