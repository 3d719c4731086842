"""A table of printed percentages, audited in one call."""

import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from thbstats.auditing.printed.figures import TOTAL, Figures
from thbstats.auditing.printed.groups import Check, Checked, check_groups
from thbstats.auditing.printed.judging import VERDICTS, judge
from thbstats.auditing.printed.members import match_sets
from thbstats.auditing.printed.opening import Style, opened_table
from thbstats.auditing.printed.reading import read_figures
from thbstats.auditing.printed.rounding_ways import bits_of
from thbstats.auditing.printed.table_audit import TableAudit
from thbstats.auditing.printed.unread import Unread
from thbstats.errors import InvalidValue
from thbstats.exchange import LIMITS, Declaration, Limits, InputFile
from thbstats.tables.engines import Frame
from thbstats.values import Reason, Rounding

__all__ = ["audit_table"]

_CONFIRMED, _CONSISTENT, _CONTRADICTED, _NOT_ASSESSABLE = range(len(VERDICTS))


def audit_table(
    table: "Frame | str | os.PathLike[str] | InputFile",
    *,
    members: "Frame | str | os.PathLike[str] | InputFile | None" = None,
    rounding: Rounding | str | None = None,
    bases: Sequence[str] | None = None,
    decimals: int | None = None,
    thousands: str = "",
    missing: Mapping[str, Reason | str] | None = None,
    fewer_than_from: int = 0,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> TableAudit:
    r"""Return which printed percentages come from the counts beside them, for a whole table.

    A share that is printed as *k* in units of 1/*s* (56.0% is 560 in units of 1/1000) comes from
    *n* of *d* if rounding n/d gives it: to the nearest, (2k - 1)·d ≤ 2s·n ≤ (2k + 1)·d, with halves
    as they go. A change from *d* to *n* is n/d - 1. All of it is arithmetic on whole numbers.

    Parameters
    ----------
    table : frame or path
        A frame of any engine, or a CSV, Parquet or xlsx file. Its columns, in any order:

        - ``printed``: the number as text, such as ``56``, ``56.0%``, ``56,0%`` or ``-3.2%``;
        - ``numerator`` and ``denominator``, for a change ``new`` and ``old`` or the same two: a
          count, ``<5``, a range ``17273-17583``, ``>=10``, or nothing;
        - ``id``, if rows have names, and ``kind``: ``share``, ``change``, ``total``, ``rate`` (then
          ``per`` is 100000 or another power of ten) or ``ratio`` (0.35). Without it a row with
          ``new`` or ``old`` is a change, and any other a share if the table has a column for one;
        - a change between two rates has them in ``new`` and ``old`` as printed, such as ``0.35``
          and ``0.21``: both are rounded, and the change is judged by every true rate behind them;
        - ``group``: rows with the same word are the parts of one whole, and a ``total`` among them
          has it in ``numerator``;
        - ``rank``: the printed ranks, within a group or else among all rows;
        - any other column that holds numbers is a candidate: for the new count or the numerator if
          its name starts with ``new_`` or ``numerator_``, else for the base or the old count, such
          as ``recorded`` or ``old_2020`` for what the 2020 edition had.
    members : frame or path, optional
        Whose counts the figures sum: a row for each ``id`` and ``member``, with ``numerator`` and
        ``denominator``, or ``new`` and ``old``. Where the counts of a row do not give what is
        printed, it is tried over all members, over those that gave both counts, and over these
        without each of them.
    rounding : Rounding or str, optional
        How percentages were rounded. By default to the nearest, with halves up, away from zero or
        to the even digit; ``"unknown"`` admits every way, cut and rounded up among them.
    bases : sequence of str, optional
        Which of the other columns are candidates.
    decimals : int, optional
        How many decimals were printed, from 0 to 15, where the table has numbers and not texts.
    thousands : str, optional
        The sign between thousands; spaces are understood.
    missing : mapping of str to Reason, optional
        Signs of a gap, such as ``{"c": "suppressed"}``; an empty cell and ``:`` are known.
    fewer_than_from : int, optional
        The smallest count that "<n" covers.
    encoding, limits : optional
        Of a file, as for `thbstats.read`.

    Returns
    -------
    TableAudit
        For each row whether the percentage is *confirmed* (known counts give it), *consistent*
        (counts that are not known exactly, another base or a set of members can give it),
        *contradicted* (the stated counts cannot give it, whatever else could), or that one *cannot
        tell*; for each group whether its parts make the whole, its percentages 100, its ranks an
        order; and in words why, with everything that was tried.

    Raises
    ------
    InvalidValue, UnknownName, InvalidFile
        If a column is missing, or no row can be read; the error lists all problems, each with row,
        column, text and hint. Where only some rows cannot be read, their message gives the reason
        and the other rows are judged. A part above its whole, a base of 0 and 120% of a whole are
        not errors: they are contradicted.
    MissingExtra
        If reading a file needs a library that is not installed.

    Notes
    -----
    Ranks agree with counts, or else with percentages; two rows of the same value may have one rank
    or two. Percentage points are refused, as they are no percentage of either count.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "id": ["sexual, all", "sexual", "victims"],
    ...         "kind": ["share", "share", "change"],
    ...         "numerator": [9759, 9759, 20532],
    ...         "denominator": [20532, 17400, 15846],
    ...         "printed": ["56%", "56%", "+30%"],
    ...     }
    ... )
    >>> for figure in audit_table(table):
    ...     print(figure.verdict, "-", figure.message)
    contradicted - 9,759 of 20,532 is 47.5%, not 56%; 56% would need a base of 17,273 to 17,583.
    confirmed - 9,759 of 17,400 is 56.1%.
    confirmed - From 15,846 to 20,532 is +29.6%.

    References
    ----------
    The counts are those of COM(2018) 777, sections II and II.1, and of COM(2016) 267; that 17,400
    had a recorded form, and the +30%, are made up.
    """
    way = None if rounding is None else _rounding(rounding)
    written = Declaration(
        thousands=thousands, missing=missing or {}, fewer_than_from=fewer_than_from
    )
    style = Style(numerals=written.count_parser, decimals=decimals, bases=bases)
    problems = Unread()
    opened = opened_table(table, "printed", encoding=encoding, limits=limits)
    figures = read_figures(opened, style, problems)
    allowed = bits_of(way)
    judged, checked = judge(figures, allowed), check_groups(figures, allowed)
    verdicts = judged.verdicts.copy()
    _judge_totals(verdicts, figures, checked)
    sets = None
    if members is not None:
        others = opened_table(members, "member", encoding=encoding, limits=limits)
        asked = (verdicts != _CONFIRMED) & figures.printed.given & (figures.kinds != TOTAL)
        sets = match_sets(others, figures, asked, style, Unread())
        explained = sets.found(len(figures), allowed) & (verdicts == _NOT_ASSESSABLE)
        verdicts[explained] = _CONSISTENT
    return TableAudit(
        figures=figures,
        verdicts=verdicts,
        judged=judged,
        checked=checked,
        members=sets,
        rounding=way,
        rows=np.arange(len(figures)),
    )


def _judge_totals(verdicts: NDArray[np.int8], figures: Figures, checked: Checked) -> None:
    """Give each total the verdict of its parts, unless another percentage than 100 is printed."""
    totals = np.flatnonzero((figures.kinds == TOTAL) & (verdicts != _CONTRADICTED))
    found = checked.verdicts[Check.PARTS][checked.keys[totals]]
    verdicts[totals] = np.where(found < 0, _NOT_ASSESSABLE, found)


def _rounding(given: Rounding | str) -> Rounding:
    try:
        return Rounding(str(given))
    except ValueError:
        raise InvalidValue(
            "no such way of rounding",
            field="rounding",
            value=given,
            hint="Use one of " + ", ".join(Rounding),
        ) from None
