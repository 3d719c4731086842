"""Countries without which a statement about a number is no longer true."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Fractions, Ranges
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue
from thbstats.indicators._arguments import require
from thbstats.indicators._grids import as_kind, stated
from thbstats.indicators.exclusions import LeaveOut, leave_out
from thbstats.panel import Outcome, Panel, Result, ResultKind
from thbstats.panel.text import panel_sheet

__all__ = ["DecisiveMembers", "decisive_members"]

Mask = NDArray[np.bool_]

_LABELS = {Outcome.FAIL: "changes", Outcome.NOT_ASSESSABLE: "can change"}


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class DecisiveMembers(LeaveOut):
    """Numbers without those countries whose absence changes a statement, or can change it.

    Parameters
    ----------
    statement : str
        ``"majority"`` or ``"rank"``.
    outcome : array of int8, shape (n,)
        -1 where the statement changes for all completions, 0 where it can change.
    rivals : Panel or None
        For a rank: the other number without the same countries, one row per row.
    rival : Result or None
        The other number with all countries.
    kept : tuple
        The countries or groups without which the statement stays true.
    """

    statement: str
    outcome: NDArray[np.int8]
    rivals: Panel | None = None
    rival: Result | None = None
    kept: tuple[Any, ...] = ()

    @property
    def certain(self) -> tuple[Any, ...]:
        """The countries or groups without which the statement certainly changes."""
        return _words(self, np.flatnonzero(self.outcome == Outcome.FAIL.code))

    @property
    def _outcomes(self) -> list[Outcome]:
        return list(map(Outcome.of, self.outcome.tolist()))

    def _taken(self, rows: NDArray[np.intp]) -> dict[str, Any]:
        rivals = None if self.rivals is None else self.rivals.take(rows)
        return super()._taken(rows) | {"outcome": self.outcome[rows], "rivals": rivals}

    def further_columns(self) -> dict[str, Any]:
        """Return the columns of `LeaveOut`, and ``statement`` and ``outcome``."""
        texts = np.array(list(map(str, self._outcomes)), dtype=object)
        statement = np.full(len(self), self.statement, dtype=object)
        return super().further_columns() | {"statement": statement, "outcome": texts}

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the statement as plain data."""
        return super().to_dict() | {
            "statement": self.statement,
            "outcomes": list(map(str, self._outcomes)),
            "rivals": [] if self.rivals is None else [row.to_dict() for row in self.rivals],
            "kept": list(self.kept),
        }

    def display_table(self) -> DisplayTable:
        """Return the numbers as a sheet, with that of all countries below."""
        columns = {self.statement: [_LABELS[own] for own in self._outcomes]}
        if self.rivals is not None:
            columns["compared with"] = [row.formatted for row in self.rivals]
        single = len(self.numbers) == 1
        found = panel_sheet(self, first=columns, whole=self.all_countries if single else None)
        kept = ", ".join(map(str, self.kept)) or "no country"
        notes = [f"The statement stays true without {kept}."]
        if self.rival is not None and single:
            rival = f"{self.rival.formatted} ({self.rival.label})"
            formatted = f"{self.all_countries.formatted} and {rival}"
            notes.insert(0, f"With all countries: {formatted}.")
        return evolve(found, notes=[*notes, *found.notes])


def decisive_members(
    numbers: LeaveOut | Result | Panel, *, of: str, against: LeaveOut | Result | Panel | None = None
) -> DecisiveMembers:
    """Return numbers without each country whose absence changes a majority or a rank.

    A majority is more than one half. A rank is whether a number is above, equal to or below
    another one; with the earlier number as the other one, it is the sign of a change. The
    statement changes if ``statement(x) != statement(x_i)`` for all values of both numbers, and
    can change if it does for some.

    Parameters
    ----------
    numbers : LeaveOut, Result or Panel
        Numbers without countries or groups, or numbers to leave each country out of.
    of : {"majority", "rank"}
        The statement.
    against : LeaveOut, Result or Panel, optional
        For a rank, the other number, without the same countries. The bounds of both are
        independent.

    Returns
    -------
    DecisiveMembers
        The rows where the statement changes or can change; ``certain`` names those where it
        certainly does. Empty if no country is decisive.

    Raises
    ------
    InvalidValue
        If there is no such statement about this kind of number, or the two numbers are of
        different kinds or without different countries.

    Notes
    -----
    Comparability warnings: those of the numbers.

    Examples
    --------
    Without either of two countries labour exploitation has no majority:

    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 5, 35)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"], kind="victims", period=2016,
    ... )
    >>> labour = thb.share(table, exploitation="labour", base="known")
    >>> found = thb.sensitivity.decisive_members(labour, of="majority")
    >>> found.certain, found.all_countries.formatted, found["UK"].formatted
    (('FR', 'UK'), '52.5%', '45.0%')
    >>> sexual = thb.share(table, exploitation="sexual", base="known")
    >>> thb.sensitivity.decisive_members(labour, of="rank", against=sexual).certain
    ('FR', 'UK')

    References
    ----------
    COM(2018) 777, section II: 26% and 18% are labour and other forms of exploitation with the
    United Kingdom, 15% and 20% without it.
    """
    found = numbers if isinstance(numbers, LeaveOut) else leave_out(numbers)
    others = against if against is None or isinstance(against, LeaveOut) else leave_out(against)
    kinds = set(found.kind)
    suits = {"majority": kinds <= {ResultKind.SHARE} and others is None, "rank": others is not None}
    require(
        suits.get(of, False),
        '`of` must be "majority" for shares, or "rank" with against=',
        'Use of="majority", or of="rank", against=other_number',
        of=of,
    )
    if others is not None and (kinds != set(others.kind) or found.names != others.names):
        raise InvalidValue(
            "both numbers must be of one kind and without the same countries",
            field="against",
            value=others.caption,
            hint="Leave the same countries out of the same table, with groups= if needed",
        )
    states = _states(found, others)
    wholes = _states(found.numbers, None if others is None else others.numbers)[:, found.origin]
    fails = ~(states & wholes).any(axis=0)
    holds = (states | wholes).sum(axis=0) == 1
    every = as_kind(
        DecisiveMembers,
        found,
        caption=f"{found.caption}: decisive for the {of}",
        numbers=found.numbers,
        origin=found.origin,
        statement=of,
        outcome=np.where(fails, Outcome.FAIL.code, 0).astype(np.int8),
        rivals=others,
        rival=others.numbers.row(0) if others is not None and len(others.numbers) == 1 else None,
        kept=_words(found, np.flatnonzero(holds)),
    )
    return every.take(~holds)


def _words(panel: Panel, rows: NDArray[np.intp]) -> tuple[Any, ...]:
    """Return the countries or groups left out; with the other dimensions where there are some."""
    names: Sequence[tuple[str, ...]] = panel.names
    return tuple(names[row][0] if len(names[row]) == 1 else names[row] for row in rows.tolist())


def _states(panel: Panel, others: Panel | None) -> Mask:
    """Return whether each number can be above, at and below its threshold, shape (3, n)."""
    number = stated(panel)
    half = Fractions.counts(Ranges.points(np.ones(len(panel), dtype=np.int64)))
    number = number.scale(2).minus(half) if others is None else number.minus(stated(others))
    no_upper, no_lower = number.upper_den == 0, number.lower_den == 0
    above, below = no_upper | (number.upper_num > 0), no_lower | (number.lower_num < 0)
    at = (no_lower | (number.lower_num <= 0)) & (no_upper | (number.upper_num >= 0))
    # One half is not a majority.
    states = [above, at, below] if others is not None else [above, at | below]
    return np.asarray(np.stack(states).astype(np.bool_) | number.undefined)
