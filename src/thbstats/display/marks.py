"""Short marks that tell apart what is missing, hidden, not applicable, few and none."""

from collections.abc import Iterable
from types import MappingProxyType

from thbstats.display.numbers import count
from thbstats.values import Count, Reason

__all__ = ["MARKS", "mark_notes", "reported_count"]

MARKS = MappingProxyType(
    {
        Reason.BREAKDOWN_NOT_REPORTED: ":",
        Reason.NOT_REPORTED: ":",
        Reason.SUPPRESSED: "[c]",
        Reason.NOT_APPLICABLE: "[x]",
    }
)
"""The mark of each reason that leaves nothing to print."""

_MEANINGS = {
    ":": "not reported",
    "[c]": "suppressed by the source",
    "[x]": "not applicable",
}


def reported_count(number: Count) -> str:
    """Print a count as a table of official statistics does.

    Parameters
    ----------
    number : Count
        The count with its reason.

    Returns
    -------
    str
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
    'at least 9 759'
    """
    if number.lower == 0 and number.reason in MARKS:
        return MARKS[number.reason]
    if number.lower == 0 and number.reason is Reason.FEWER_THAN and number.upper is not None:
        return f"<{count(number.upper + 1)}"
    return count(number.interval)


def mark_notes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return one note that explains the marks among the cell texts of a sheet, or none.

    Parameters
    ----------
    texts : iterable of str
        The texts of the cells.

    Returns
    -------
    tuple of str
        Ready for the notes of a sheet.

    Examples
    --------
    >>> mark_notes(["9 759", ":", "[c]", ":"])
    (': not reported; [c] suppressed by the source.',)
    """
    found = set(texts)
    used = [f"{mark} {meaning}" for mark, meaning in _MEANINGS.items() if mark in found]
    return ("; ".join(used) + ".",) if used else ()
