"""Marks of missing, suppressed and not applicable counts."""

from collections.abc import Iterable

from thbstats.display.formatted import FormattedNumber, NumberFormat
from thbstats.display.number_styles import PLAIN, NumberStyle
from thbstats.display.numbers import count, reformat
from thbstats.values import Count, Reason

__all__ = ["MARKS", "format_count", "mark_notes", "restyle"]

MARKS = PLAIN.marks
"""Mark of each reason without a number."""


def format_count(number: Count, style: NumberStyle = PLAIN) -> FormattedNumber:
    """Format a count with the marks of official statistics.

    Parameters
    ----------
    number : Count
        The count with its reason.
    style : NumberStyle
        The style.

    Returns
    -------
    FormattedNumber
        The number, ``<n`` for fewer than n, the bounds, or the mark of the reason. A suppressed
        count with the lower bound 0 is ``[c]``.

    Examples
    --------
    >>> format_count(Count.known(0)), format_count(Count.fewer_than(5))
    ('0', '<5')
    >>> format_count(Count.not_reported()), format_count(Count.suppressed(upper=4))
    (':', '[c]')
    >>> format_count(Count.known(9759) + Count.not_reported())
    'at least 9,759'
    """
    return FormattedNumber(_count_text(number, style), number, NumberFormat("count"))


def _count_text(number: Count, style: NumberStyle) -> str:
    if number.lower == 0 and number.reason in style.marks:
        return style.marks[number.reason]
    if number.lower == 0 and number.reason is Reason.FEWER_THAN and number.upper is not None:
        return style.fewer.format(reformat(count(number.upper + 1), style))
    return reformat(count(number.interval), style)


def restyle(text: str, style: NumberStyle) -> str:
    """Return a formatted number in another style; other texts stay.

    Parameters
    ----------
    text : str
        The text of a cell.
    style : NumberStyle
        The style.

    Returns
    -------
    str

    Examples
    --------
    >>> from thbstats.display import EUROSTAT
    >>> restyle(format_count(Count.suppressed()), EUROSTAT), restyle("sexual", EUROSTAT)
    (':c', 'sexual')
    """
    if not isinstance(text, FormattedNumber):
        return text
    if text.number_format.form == "count":
        return format_count(text.number, style)
    return reformat(text, style)


def mark_notes(texts: Iterable[str], style: NumberStyle = PLAIN) -> tuple[str, ...]:
    """Return a note that explains the marks in the cells of a table.

    Parameters
    ----------
    texts : iterable of str
        The texts of the cells.
    style : NumberStyle
        The style.

    Returns
    -------
    tuple of str
        One note, or none without marks.

    Examples
    --------
    >>> mark_notes(["9,759", ":", "[c]", ":"])
    (': not reported; [c] suppressed by the source.',)
    """
    found = set(texts)
    marks = {style.marks[reason]: meaning for reason, meaning in style.meanings.items()}
    used = [f"{mark} {meaning}" for mark, meaning in marks.items() if mark in found]
    return ("; ".join(used) + ".",) if used else ()
