"""Short marks that tell apart what is missing, hidden, not applicable, few and none."""

from collections.abc import Iterable

from thbstats.display.number_styles import PLAIN, NumberStyle
from thbstats.display.numbers import count, reprinted
from thbstats.display.printed import Printed, Spec
from thbstats.values import Count, Reason

__all__ = ["MARKS", "mark_notes", "reported_count", "restyled"]

MARKS = PLAIN.marks
"""The mark of each reason that leaves nothing to print."""


def reported_count(number: Count, style: NumberStyle = PLAIN) -> Printed:
    """Print a count as a table of official statistics does.

    Parameters
    ----------
    number : Count
        The count with its reason.
    house : NumberStyle
        The style.

    Returns
    -------
    Printed
        The number if it is known, ``<n`` if fewer than n, the interval if something is known
        about it, otherwise the mark of its reason. A suppressed count of which the source gives
        no lower end is ``[c]``, whatever its upper end: the mark says more than the bound.

    Examples
    --------
    >>> reported_count(Count.known(0)), reported_count(Count.fewer_than(5))
    ('0', '<5')
    >>> reported_count(Count.not_reported()), reported_count(Count.suppressed(upper=4))
    (':', '[c]')
    >>> reported_count(Count.known(9759) + Count.not_reported())
    'at least 9,759'
    """
    return Printed(_shown(number, style), number, Spec("count"))


def _shown(number: Count, style: NumberStyle) -> str:
    if number.lower == 0 and number.reason in style.marks:
        return style.marks[number.reason]
    if number.lower == 0 and number.reason is Reason.FEWER_THAN and number.upper is not None:
        return style.fewer.format(reprinted(count(number.upper + 1), style))
    return reprinted(count(number.interval), style)


def restyled(text: str, style: NumberStyle) -> str:
    """Return a text in another house style if it is a printed number, else as it is.

    Parameters
    ----------
    text : str
        The text of a cell.
    house : NumberStyle
        The style.

    Returns
    -------
    str

    Examples
    --------
    >>> from thbstats.display import EUROSTAT
    >>> restyled(reported_count(Count.suppressed()), EUROSTAT), restyled("sexual", EUROSTAT)
    (':c', 'sexual')
    """
    if not isinstance(text, Printed):
        return text
    if text.spec.form == "count":
        return reported_count(text.number, style)
    return reprinted(text, style)


def mark_notes(texts: Iterable[str], style: NumberStyle = PLAIN) -> tuple[str, ...]:
    """Return one note that explains the marks among the cell texts of a table, or none.

    Parameters
    ----------
    texts : iterable of str
        The texts of the cells.
    house : NumberStyle
        The style.

    Returns
    -------
    tuple of str
        Ready for the notes of a table.

    Examples
    --------
    >>> mark_notes(["9,759", ":", "[c]", ":"])
    (': not reported; [c] suppressed by the source.',)
    """
    found = set(texts)
    marks = {style.marks[reason]: meaning for reason, meaning in style.meanings.items()}
    used = [f"{mark} {meaning}" for mark, meaning in marks.items() if mark in found]
    return ("; ".join(used) + ".",) if used else ()
