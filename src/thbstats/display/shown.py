"""What shows itself as a sheet: text, Markdown and HTML follow from it."""

from abc import ABC, abstractmethod

from thbstats.display.html import to_html
from thbstats.display.markdown import to_markdown
from thbstats.display.sheet import Sheet
from thbstats.display.text import to_text

__all__ = ["Shown"]


class Shown(ABC):
    """Something with a sheet: ``str`` gives text, a notebook shows HTML."""

    __slots__ = ()

    @abstractmethod
    def sheet(self) -> Sheet:
        """Return it as a sheet."""

    def to_markdown(self) -> str:
        """Return it as a Markdown table."""
        return to_markdown(self.sheet())

    def __str__(self) -> str:
        return to_text(self.sheet())

    def _repr_html_(self) -> str:
        return to_html(self.sheet())
