"""What people read: in the house style that they ask for, and rich on a terminal."""

import argparse
from collections.abc import Collection

from thbstats.cli.output import colors, terminal_width, width_for
from thbstats.display import DisplayTable, Page, number_style, to_text
from thbstats.errors import InvalidValue

__all__ = ["for_people", "refuse_style", "text_of"]


def text_of(*items: DisplayTable | Page, output: str | None = None) -> str:
    """Return sheets or pages as text: rich on a terminal, plain in a file or a pipe."""
    if output is None and colors():
        from thbstats.cli.terminal_text import rich_text

        return rich_text(items, terminal_width())
    width = width_for(output)
    return "\n\n".join(to_text(item, width) for item in items)


def for_people(sheet: DisplayTable, asked: argparse.Namespace) -> DisplayTable:
    """Return a sheet in the house style and the language that are asked for."""
    styled = sheet if asked.style is None else sheet.styled(number_style(asked.style))
    if asked.language is None:
        return styled
    from thbstats.reports.translation import sheet_in

    return sheet_in(styled, asked.language)


def refuse_style(asked: argparse.Namespace, form: str, formats: Collection[str]) -> None:
    """Refuse what only people wish for where programs read.

    Parameters
    ----------
    asked : Namespace
        What was typed.
    form : str
        The format.
    formats : collection of str
        Those that programs read.

    Raises
    ------
    InvalidValue
        If a style or a language was typed.
    """
    for option in ("style", "language"):
        if form in formats and getattr(asked, option) is not None:
            raise InvalidValue(
                f"{form} holds numbers and codes as they are",
                field=f"--{option}",
                value=getattr(asked, option),
                hint="Leave it out, or ask for text, Markdown or HTML",
            )
