"""Output for people: number style, language and rich text."""

import argparse
from collections.abc import Collection

from attrs import evolve

from thbstats.cli.hints import with_options
from thbstats.cli.output import colors, terminal_width, width_for
from thbstats.display import DisplayTable, Page, number_style, to_text
from thbstats.errors import InvalidValue

__all__ = ["for_people", "refuse_style", "text_of"]


def text_of(*items: DisplayTable | Page, output: str | None = None) -> str:
    """Return tables or pages as text, rich on a terminal."""
    if output is None and colors():
        from thbstats.cli.terminal_text import rich_text

        return rich_text(items, terminal_width())
    width = width_for(output)
    return "\n\n".join(to_text(item, width) for item in items)


def for_people(sheet: DisplayTable, args: argparse.Namespace) -> DisplayTable:
    """Return a table with options in its hints, in the requested number style and language."""
    table = evolve(sheet, notes=[with_options(note) for note in sheet.notes])
    styled = table if args.style is None else table.styled(number_style(args.style))
    if args.language is None:
        return styled
    from thbstats.reports.translation import translator

    return translator(args.language)(styled)


def refuse_style(args: argparse.Namespace, form: str, formats: Collection[str]) -> None:
    """Refuse number style and language in formats for programs.

    Parameters
    ----------
    args : Namespace
        The arguments.
    form : str
        The format.
    formats : collection of str
        The formats for programs.

    Raises
    ------
    InvalidValue
        If a style or a language is given.
    """
    for option in ("style", "language"):
        if form in formats and getattr(args, option) is not None:
            raise InvalidValue(
                f"must not be used with {form}",
                field=f"--{option}",
                value=getattr(args, option),
                hint=f"Remove --{option}, or use --format text",
            )
