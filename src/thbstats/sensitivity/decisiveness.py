"""Decisive countries for a majority or a rank."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Mask, Ranges
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue, require
from thbstats.indicators._shared import as_kind, stated
from thbstats.indicators.exclusions import LeaveOut, leave_out
from thbstats.panel import Outcome, Panel, Result, ResultKind
from thbstats.panel.frame_fields import FrameField, text_field
from thbstats.panel.panel_text import panel_sheet

_LABELS = {Outcome.FAIL: "changes", Outcome.NOT_ASSESSABLE: "can change"}


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class DecisiveMembers(LeaveOut):
    """Results without each decisive country.

    Parameters
    ----------
    statement : str
        ``"majority"`` or ``"rank"``.
    outcome : array of int8, shape (n,)
        -1 if the statement changes for all possible counts, 0 if it can change.
    rivals : Panel or None
        For a rank: the other result without the same countries.
    rival : Result or None
        The other result with all countries.
    not_decisive : tuple
        The countries or groups without which the statement remains true.
    """

    _further: ClassVar[tuple[str, ...]] = (*LeaveOut._further, "outcome", "rivals")

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        *LeaveOut.frame_fields,
        text_field(
            "statement",
            "Statement on the numbers",
            lambda panel: Coded.constant(panel.statement, len(panel)),
        ),
        text_field(
            "outcome",
            "Whether the statement is true without the countries",
            lambda panel: Coded.from_values(panel._outcomes),
        ),
    )

    statement: str
    outcome: NDArray[np.int8]
    rivals: Panel | None = None
    rival: Result | None = None
    not_decisive: tuple[Any, ...] = ()

    @property
    def certain(self) -> tuple[Any, ...]:
        """The countries or groups that are certainly decisive."""
        return _words(self, np.flatnonzero(self.outcome == Outcome.FAIL.code))

    @property
    def _outcomes(self) -> list[Outcome]:
        return list(map(Outcome.from_code, self.outcome.tolist()))

    def to_dict(self) -> dict[str, Any]:
        """Return the results and the statement as JSON data."""
        return super().to_dict() | {
            "statement": self.statement,
            "outcomes": list(map(str, self._outcomes)),
            "rivals": [] if self.rivals is None else [row.to_dict() for row in self.rivals],
            "not_decisive": list(self.not_decisive),
        }

    def display_table(self) -> DisplayTable:
        """Return the results as a display table, with the result of all countries last."""
        columns = {self.statement: [_LABELS[own] for own in self._outcomes]}
        if self.rivals is not None:
            columns["compared with"] = [row.formatted for row in self.rivals]
        single = len(self.numbers) == 1
        result = panel_sheet(self, first=columns, whole=self.all_countries if single else None)
        words = (own if isinstance(own, str) else ", ".join(own) for own in self.not_decisive)
        names = ("; " if len(self.numbers) > 1 else ", ").join(words) or "no country"
        notes = [f"Not decisive: {names}."]
        if self.rival is not None and single:
            formatted = (
                f"{self.all_countries.formatted} and {self.rival.formatted} ({self.rival.label})"
            )
            notes.insert(0, f"With all countries: {formatted}.")
        return evolve(result, notes=[*notes, *result.notes])


def decisive_members(
    numbers: LeaveOut | Result | Panel,
    *,
    statement: str,
    other: LeaveOut | Result | Panel | None = None,
) -> DecisiveMembers:
    """Return results without each country that is decisive for a majority or a rank.

    A majority is more than one half. A rank is the order of two results: above, equal or below.
    With the earlier result as ``other``, it is the sign of a change. The statement changes if
    ``statement(x) != statement(x_i)`` for all values of both results, and can change if this
    holds for some values.

    Parameters
    ----------
    numbers : LeaveOut, Result or Panel
        Results, or results without countries or groups of `leave_out`.
    statement : {"majority", "rank"}
        The statement.
    other : LeaveOut, Result or Panel, optional
        For a rank, the other result. The bounds of both are independent.

    Returns
    -------
    DecisiveMembers
        The rows for which the statement changes or can change; ``certain`` lists those for which
        it certainly changes. Empty if no country is decisive.

    Raises
    ------
    InvalidValue
        If the statement does not apply to the kind of result, or the two results have different
        kinds or leave out different countries.

    Notes
    -----
    Comparability warnings: those of the results.

    Examples
    --------
    Without either of two countries labour exploitation has no majority:

    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 5, 35)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"], kind="victims", period=2016,
    ... )
    >>> where = {"base": "known", "complete_dimensions": "exploitation"}
    >>> labour = thb.share(table, exploitation="labour", **where)
    >>> found = thb.sensitivity.decisive_members(labour, statement="majority")
    >>> found.certain, found.all_countries.formatted, found["UK"].formatted
    (('FR', 'UK'), '52.5%', '45.0%')
    >>> sexual = thb.share(table, exploitation="sexual", **where)
    >>> thb.sensitivity.decisive_members(labour, statement="rank", other=sexual).certain
    ('FR', 'UK')

    References
    ----------
    COM(2018) 777, section II: 26% and 18% are labour and other forms of exploitation with the
    United Kingdom, 15% and 20% without it.
    """
    results = numbers if isinstance(numbers, LeaveOut) else leave_out(numbers)
    others = other if other is None or isinstance(other, LeaveOut) else leave_out(other)
    kinds = set(results.kind)
    suits = {"majority": kinds <= {ResultKind.SHARE} and others is None, "rank": others is not None}
    require(
        suits.get(statement, False),
        'must be "majority" for shares, or "rank" with `other`',
        'Use statement="majority", or statement="rank", other=result',
        statement=statement,
    )
    if others is not None and (kinds != set(others.kind) or results.names != others.names):
        raise InvalidValue(
            "must have numbers of the same kind that leave out the same countries",
            field="other",
            value=others.caption,
            hint="Leave the same countries out of both, with groups= if needed",
        )
    states = _states(results, others)
    wholes = _states(results.numbers, None if others is None else others.numbers)[:, results.origin]
    fails = ~(states & wholes).any(axis=0)
    holds = (states | wholes).sum(axis=0) == 1
    every = as_kind(
        DecisiveMembers,
        results,
        caption=f"{results.caption}: decisive for the {statement}",
        numbers=results.numbers,
        origin=results.origin,
        statement=statement,
        outcome=np.where(fails, Outcome.FAIL.code, 0).astype(np.int8),
        rivals=others,
        rival=others.numbers.row(0) if others is not None and len(others.numbers) == 1 else None,
        not_decisive=_words(results, np.flatnonzero(holds)),
    )
    return every.take(~holds)


def _words(panel: Panel, rows: NDArray[np.intp]) -> tuple[Any, ...]:
    """Return the omitted countries or groups, with further dimensions."""
    names: Sequence[tuple[str, ...]] = panel.names
    return tuple(names[row][0] if len(names[row]) == 1 else names[row] for row in rows.tolist())


def _states(panel: Panel, others: Panel | None) -> Mask:
    """Return the results that can be above, equal to and below a threshold, shape (3, n)."""
    number = stated(panel)
    half = Fractions.counts(Ranges.points(np.ones(len(panel), dtype=np.int64)))
    number = number.scale(2).minus(half) if others is None else number.minus(stated(others))
    no_upper, no_lower = number.upper_den == 0, number.lower_den == 0
    above, below = no_upper | (number.upper_num > 0), no_lower | (number.lower_num < 0)
    position = (no_lower | (number.lower_num <= 0)) & (no_upper | (number.upper_num >= 0))
    # One half is not a majority.
    states = [above, position, below] if others is not None else [above, position | below]
    return np.asarray(np.stack(states).astype(np.bool_) | number.undefined)
