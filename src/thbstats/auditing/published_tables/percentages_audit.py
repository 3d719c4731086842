"""Audit of a table of published percentages."""

import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from thbstats.auditing.published_tables.figures import TOTAL, PublishedFigures
from thbstats.auditing.published_tables.groups import Check, GroupChecks, check_groups
from thbstats.auditing.published_tables.members import match_sets
from thbstats.auditing.published_tables.rounding_ways import bits_of
from thbstats.auditing.published_tables.row_verdicts import VERDICTS, judge
from thbstats.auditing.published_tables.table_audit import TableAudit
from thbstats.auditing.published_tables.table_files import TableStyle, opened_table
from thbstats.auditing.published_tables.table_reading import read_figures
from thbstats.auditing.published_tables.unreadable_rows import UnreadableRows
from thbstats.errors import InvalidValue, did_you_mean
from thbstats.exchange import LIMITS, Declaration, InputFile, Limits
from thbstats.tables.frames import Frame
from thbstats.values import Reason, Rounding

__all__ = ["audit_percentages"]

_CONFIRMED, _CONSISTENT, _CONTRADICTED, _NOT_ASSESSABLE = range(len(VERDICTS))


def audit_percentages(
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
    """Return the audit of a table of published percentages, as `thbstats.audit` describes it.

    Parameters
    ----------
    table : frame or path
        The table.
    members, rounding, bases, decimals, thousands, missing, fewer_than_from, encoding : optional
        As for `thbstats.audit`.
    limits : Limits
        As for `thbstats.read`.
    """
    way = None if rounding is None else _rounding(rounding)
    written = Declaration(
        thousands=thousands, missing=missing or {}, fewer_than_from=fewer_than_from
    )
    style = TableStyle(numerals=written.count_parser, decimals=decimals, bases=bases)
    problems = UnreadableRows()
    opened = opened_table(table, "printed", encoding=encoding, limits=limits)
    figures = read_figures(opened, style, problems)
    allowed = bits_of(way)
    judged, checked = judge(figures, allowed), check_groups(figures, allowed)
    verdicts = judged.verdicts.copy()
    _judge_totals(verdicts, figures, checked)
    sets = None
    if members is not None:
        others = opened_table(members, "member", encoding=encoding, limits=limits)
        selected = (verdicts != _CONFIRMED) & figures.printed.present & (figures.kinds != TOTAL)
        sets = match_sets(others, figures, selected, style, UnreadableRows())
        explained = sets.explained_rows(len(figures), allowed) & (verdicts == _NOT_ASSESSABLE)
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


def _judge_totals(
    verdicts: NDArray[np.int8], figures: PublishedFigures, checked: GroupChecks
) -> None:
    """Give each total the verdict of its parts, unless another percentage than 100 is printed."""
    totals = np.flatnonzero((figures.kinds == TOTAL) & (verdicts != _CONTRADICTED))
    found = checked.verdicts[Check.PARTS][checked.keys[totals]]
    verdicts[totals] = np.where(found < 0, _NOT_ASSESSABLE, found)


def _rounding(value: Rounding | str) -> Rounding:
    try:
        return Rounding(str(value))
    except ValueError:
        raise InvalidValue(
            "`rounding` must be a rounding method",
            field="rounding",
            value=value,
            hint=did_you_mean(value, Rounding),
        ) from None
