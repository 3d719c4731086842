"""Base class of objects with a display table."""

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from thbstats.display.display_table import DisplayTable
from thbstats.display.excel import write_excel
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
    """Object with a display table; notebooks show it as HTML, ``print`` as text."""

    __slots__ = ()

    @abstractmethod
    def display_table(self) -> DisplayTable:
        """Return the display table."""

    def to_text(self, style: NumberStyle | str = PLAIN) -> str:
        """Return the table as text of 80 columns.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.
        """
        return to_text(self.display_table().styled(style))

    def to_markdown(self, style: NumberStyle | str = PLAIN) -> str:
        """Return the table as Markdown.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.
        """
        return to_markdown(self.display_table().styled(style))

    def to_html(self, style: NumberStyle | str = PLAIN) -> str:
        """Return the table as HTML with its own style and without scripts.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.
        """
        return to_html(self.display_table().styled(style))

    def to_gt(self, style: NumberStyle | str = PLAIN) -> "GT":
        """Return the table as a great-tables object.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.

        Raises
        ------
        MissingExtra
            If great-tables is not installed.
        """
        return to_gt(self.display_table().styled(style))

    def to_excel(self, path: str | os.PathLike[str], style: NumberStyle | str = PLAIN) -> None:
        """Write the table as an Excel workbook with a sheet of notes.

        Exact numbers become numbers; bounds and marks such as ``<5`` stay texts.

        Parameters
        ----------
        path : str or path
            The file, which is replaced if it exists.
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.

        Raises
        ------
        MissingExtra
            If xlsxwriter is not installed.
        """
        write_excel(self.display_table().styled(style), path)

    @property
    def style(self) -> "Styler":
        """The table as a pandas Styler with cells as text.

        Raises
        ------
        MissingExtra
            If jinja2 is not installed.
        """
        return to_styler(self.display_table())

    def __str__(self) -> str:
        return to_text(self.display_table())

    def _repr_html_(self) -> str:
        return to_html(self.display_table())
