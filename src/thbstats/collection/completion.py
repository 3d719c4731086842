"""Completeness of returns."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.collection.variables import DEPTHS, Depth, RequiredCells, Variable, rows_of_group
from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.display.numbers import percent
from thbstats.errors import UnknownName, require_name
from thbstats.tables import CountTable, Dataset
from thbstats.tables.columns import Columns
from thbstats.values import Interval, Reason

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.collection.plans import Plan

BLANK, IRRELEVANT, SUPPRESSED, PROVIDED = range(4)
"""The states of a cell, from the weakest to the strongest."""

_STATE = {
    **dict.fromkeys(Reason, BLANK),
    **dict.fromkeys((Reason.KNOWN, Reason.ROUNDED, Reason.CONFLICTING), PROVIDED),
    **dict.fromkeys((Reason.FEWER_THAN, Reason.SUPPRESSED), SUPPRESSED),
    Reason.NOT_APPLICABLE: IRRELEVANT,
}
_STATES = np.array([_STATE[reason] for reason in Reason], dtype=np.int8)
_KEYS = ("variable", "area", "period", "breakdown")
_SUMS = ("required", "undecided", "provided", "suppressed", "blank", "exempt", "exempt_provided")
_MOST_ROWS = 40


def states_of(columns: Columns) -> NDArray[np.int8]:
    """Return the state of each row: blank, not applicable, suppressed or provided."""
    return _STATES[columns.numbers.reason]


@frozen(kw_only=True)
class CompletenessRow:
    r"""The completeness of some required cells.

    .. math:: R1_{\text{producers}} = \frac{\#A_{\text{req}}}{\#D_{\text{req}}} \qquad
        R1_{\text{users}} = \frac{\#A_{\text{rel}}}{\#D_{\text{rel}}}

    where *A* are the provided cells, *D* with req the required cells without derogations and
    confidential cells, and *D* with rel all relevant cells.

    Parameters
    ----------
    keys : mapping of str to str
        The variable, area, period or breakdown.
    required : int
        The number of required cells: provided, suppressed and blank ones.
    undecided : int
        The number of further cells that are required if a missing table names further categories
        of an open list.
    provided : int
        The number of cells with a number, also 0.
    suppressed : int
        The number of confidential cells: suppressed, or "fewer than n".
    blank : int
        The number of cells without a number.
    exempt, exempt_provided : int
        The number of cells under a derogation that are blank or provided, and provided.
    depth : {"none", "total", "margins", "cross"}
        The most detailed table with a number.

    References
    ----------
    European Statistical System, Guidelines for the Implementation of the ESS Quality and
    Performance Indicators, indicator R1 (data completeness, rate).
    """

    keys: Mapping[str, str]
    required: int
    undecided: int
    provided: int
    suppressed: int
    blank: int
    exempt: int
    exempt_provided: int
    depth: Depth

    @property
    def producers(self) -> Interval | None:
        """R1 for producers, from 0 to 1; ``None`` if no cell is required."""
        cells = self.required - self.suppressed - self.exempt
        return self._rate(self.provided - self.exempt_provided, cells)

    @property
    def users(self) -> Interval | None:
        """R1 for users, from 0 to 1; ``None`` if no cell is relevant."""
        return self._rate(self.provided, self.required)

    @property
    def percentages(self) -> tuple[str, str]:
        """R1 for producers and for users as texts."""
        return _percentage(self.producers), _percentage(self.users)

    def _rate(self, provided: int, cells: int) -> Interval | None:
        if not cells:
            return None
        return Interval(Fraction(provided, cells + self.undecided), Fraction(provided, cells))


@frozen(kw_only=True, repr=False)
class Completeness(Tabular):
    """The completeness of returns, one row for each combination of keys.

    Parameters
    ----------
    plan : str
        The name of the plan.
    by : tuple of str
        The keys of the rows.
    rows : tuple of CompletenessRow
        The rows.
    """

    plan: str
    by: tuple[str, ...]
    rows: tuple[CompletenessRow, ...] = field(converter=tuple)

    def __getitem__(self, key: "str | int | tuple[str | int, ...]") -> CompletenessRow:
        texts = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        for row in self.rows:
            if tuple(row.keys.values()) == texts:
                return row
        hint = f"Pass {', '.join(self.by)}"
        raise UnknownName("must be the key of a row", field="key", value=key, hint=hint)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each combination of keys.

        The columns are the keys, ``required``, ``undecided``, ``provided``, ``suppressed``,
        ``blank``, ``depth``, and the bounds of R1: ``producers_lower``, ``producers_upper``,
        ``users_lower`` and ``users_upper``, which are equal unless ``undecided`` is above 0.
        """
        import pandas as pd

        names = ("required", "undecided", "provided", "suppressed", "blank", "depth")
        rows = []
        for row in self.rows:
            rates = {}
            for name, rate in (("producers", row.producers), ("users", row.users)):
                ends = (None, None) if rate is None else (rate.lower, rate.upper)
                rates |= {f"{name}_lower": _number(ends[0]), f"{name}_upper": _number(ends[1])}
            rows.append({**row.keys, **{name: getattr(row, name) for name in names}, **rates})
        columns = [*self.by, *names]
        columns += [
            f"{name}_{side}" for name in ("producers", "users") for side in ("lower", "upper")
        ]
        return pd.DataFrame(rows, columns=columns)

    def display_table(self) -> DisplayTable:
        """Return the rows for display."""
        numbers = ("required", "provided", "suppressed", "blank")
        rows = [
            [
                *(row.keys.values() or ["all cells"]),
                *(count(getattr(row, name)) for name in numbers),
                *row.percentages,
                row.depth,
            ]
            for row in self.rows[:_MOST_ROWS]
        ]
        notes = ["Suppressed cells are not provided. A 0 is a number, and a blank cell is not 0."]
        if any(row.undecided for row in self.rows):
            notes.append("A missing table can name further categories: R1 has two bounds.")
        if len(self.rows) > _MOST_ROWS:
            notes.append(f"First {_MOST_ROWS} of {count(len(self.rows))} rows.")
        names = [*numbers, "R1 producers", "R1 users"]
        return DisplayTable(
            caption=f"Completeness against {self.plan}",
            columns=[*(self.by or ["cells"]), *(Column(own, "right") for own in names), "depth"],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        return f"<Completeness against {self.plan}: {len(self.rows)} rows>"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _percentage(rate: Interval | None) -> str:
    if rate is None:
        return "none required"
    ends = [percent(end) for end in (rate.lower, rate.upper) if end is not None]
    return " to ".join(dict.fromkeys(ends))


def completeness(
    table: "CountTable | Dataset | Iterable[CountTable]",
    plan: "Plan",
    by: str | Sequence[str] = ("area", "period"),
) -> Completeness:
    """Return the completeness of a data set against a plan.

    Each area and period of the data set is a return. See `CompletenessRow` for the definition.

    Parameters
    ----------
    table : CountTable, Dataset or iterable of CountTable
        The data set.
    plan : Plan
        The plan.
    by : str or sequence of str
        The keys of the rows: ``"area"``, ``"period"``, ``"variable"`` and ``"breakdown"``; an empty
        list for one row.

    Returns
    -------
    Completeness
        A row for each combination, also for areas and periods without a count: every area of the
        data set has a return in every period.

    Raises
    ------
    UnknownName
        If a key does not exist.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("total", 12), ("female", 9)], columns=["sex", "value"], kind="victims",
    ...     area="MT", period=2020, status="detected",
    ... )
    >>> found = completeness(table, thb.collection.plan("sdg-16.2.2"), by="area")
    >>> found["MT"].required, found["MT"].provided, found["MT"].users
    (8, 2, Interval(1/4))

    References
    ----------
    European Statistical System, Guidelines for the Implementation of the ESS Quality and
    Performance Indicators, indicator R1.
    """
    if isinstance(table, Dataset):
        table = table.tables()
    tables = [table] if isinstance(table, CountTable) else list(table)
    of_variable = {
        variable.name: [own.columns for own in tables if own.kind == variable.kind]
        for variable in plan.variables
    }
    return measure(plan, of_variable, by)


@frozen(eq=False, kw_only=True)
class _Rows:
    """The rows of a variable in one table: place, group and state, and the columns of its rows."""

    columns: Columns
    group: int
    rows: NDArray[np.intp]
    returns: NDArray[np.intp]
    states: NDArray[np.int8]


def measure(
    plan: "Plan", tables: Mapping[str, Sequence[Columns]], by: str | Sequence[str]
) -> Completeness:
    """Return the completeness of the tables of each variable, by some keys."""
    import pandas as pd

    by = (by,) if isinstance(by, str) else tuple(by)
    for key in by:
        require_name(key, _KEYS, "must be a key", field="by")
    every = [columns for own in tables.values() for columns in own]
    areas, periods = (_present(every, name) for name in ("area", "period"))
    parts = {
        variable.name: list(_selected(variable, tables[variable.name], areas, periods))
        for variable in plan.variables
    }
    named = _named(plan.variables, parts, len(areas) * len(periods))
    frames = []
    for variable in plan.variables:
        sums = _sums_of(
            variable, parts[variable.name], named, len(areas) * len(periods), plan.tables
        )
        index = np.arange(len(areas) * len(periods))
        for breakdown, numbers in sums.items():
            own = pd.DataFrame(dict(zip((*_SUMS, "depth"), numbers, strict=True)))
            area, period = np.divmod(index, max(len(periods), 1))
            own["area"], own["period"] = (
                np.array(areas, object)[area],
                np.array(periods, object)[period],
            )
            frames.append(own.assign(variable=variable.name, breakdown=breakdown))
    frame = pd.concat(frames, ignore_index=True)
    functions = {**dict.fromkeys(_SUMS, "sum"), "depth": "max"}
    grouped = (
        frame.groupby(list(by), sort=False).agg(functions).reset_index()
        if by
        else frame.agg(functions).to_frame().T
    )
    keys = [dict(zip(by, own, strict=True)) for own in grouped[list(by)].itertuples(index=False)]
    numbers = grouped[[*_SUMS, "depth"]].astype(int).itertuples(index=False)
    rows = [
        CompletenessRow(keys=key, **dict(zip(_SUMS, own[:-1], strict=True)), depth=DEPTHS[own[-1]])
        for key, own in zip(keys or [{}], numbers, strict=True)
    ]
    return Completeness(plan=plan.name, by=by, rows=rows)


def _present(tables: Sequence[Columns], name: str) -> list[str]:
    """Return the categories of a dimension that have a row in a table, in order."""
    codes = {code for own in tables for code in own[name].compact().categories}
    dimension = tables[0].schema[name] if tables else None
    return sorted(codes, key=dimension.sort_key if dimension else None)


def _selected(
    variable: Variable, tables: Sequence[Columns], areas: Sequence[str], periods: Sequence[str]
) -> Iterable[_Rows]:
    """Yield the rows of each group of a variable with the number of their return."""
    for columns in tables:
        numbers = []
        for name, codes in (("area", areas), ("period", periods)):
            column, known = columns[name], {code: n for n, code in enumerate(codes)}
            table = np.array([known.get(code, -1) for code in column.categories], dtype=np.intp)
            numbers.append(table[column.positions] if len(table) else column.positions)
        returns, states = numbers[0] * len(periods) + numbers[1], states_of(columns)
        for number, group in enumerate(variable.groups):
            rows = np.flatnonzero(rows_of_group(variable, columns, group))
            yield _Rows(
                columns=columns,
                group=number,
                rows=rows,
                returns=returns[rows],
                states=states[rows],
            )


def _named(
    variables: Iterable[Variable], parts: Mapping[str, Sequence[_Rows]], size: int
) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """Return, by open dimension and category, the returns with a table that names the category."""
    result: dict[str, dict[str, NDArray[np.bool_]]] = {}
    for variable in variables:
        for name in variable.open_dimensions:
            own = result.setdefault(name, {})
            for part in parts[variable.name]:
                if name not in part.columns.schema.names:
                    continue
                column = part.columns[name].take(part.rows)
                for code in column.present:
                    category = column.categories[code]
                    if category != variable.total(name):
                        rows = (column.codes == code) & (part.states > IRRELEVANT)
                        mask = own.setdefault(category, np.zeros(size, dtype=np.bool_))
                        mask[part.returns[rows]] = True
            own[variable.unknown(name)] = np.ones(size, dtype=np.bool_)
    return result


def required_categories(
    plan: "Plan", tables: Mapping[str, Sequence[Columns]]
) -> dict[str, tuple[str, ...]]:
    """Return the categories of open dimensions that the tables of one return name."""
    parts = {
        variable.name: list(_selected(variable, tables[variable.name], [], []))
        for variable in plan.variables
    }
    return {name: tuple(own) for name, own in _named(plan.variables, parts, 1).items()}


def _sums_of(
    variable: Variable,
    parts: Sequence[_Rows],
    named: Mapping[str, Mapping[str, NDArray[np.bool_]]],
    size: int,
    tables: str,
) -> dict[str, list[NDArray[Any]]]:
    """Return, by breakdown, the sums of cells of each return, and the depth."""
    lists = {name: list(named[name]) for name in variable.open_dimensions}
    cells = RequiredCells(
        variable=variable, categories={**variable.categories, **lists}, is_cross=tables == "cross"
    )
    states = np.full((size, len(cells)), BLANK, dtype=np.int8)
    has_number = np.zeros((size, len(variable.dimensions) + 1), dtype=np.bool_)
    for part in parts:
        numbers, depth = cells.numbers(part.columns, part.rows)
        inside, provided = numbers >= 0, part.states == PROVIDED
        own = part.group * cells.per_group + numbers[inside]
        np.maximum.at(states, (part.returns[inside], own), part.states[inside])
        has_number[part.returns[provided], depth[provided]] = True
    required = np.ones_like(states, dtype=np.bool_)
    levels = cells.levels
    undecided = dict.fromkeys((*variable.dimensions, "total", "cross"), np.zeros(size, np.int64))
    for number, name in enumerate(variable.dimensions):
        if name not in lists:
            continue
        masks = np.array([np.ones(size, dtype=np.bool_), *named[name].values()])
        required &= masks[levels[:, number]].T
        # A table without the breakdown could name any category of the list.
        of_dimension = levels[:, number] > 0
        is_missing = ~(states[:, of_dimension] > IRRELEVANT).any(axis=1)
        further = variable.possible(name) - masks[1:].sum(axis=0)
        each = len(cells) // (cells.sizes[number] + 1) if cells.is_cross else len(variable.groups)
        undecided[name] = np.where(is_missing, further * each, 0)
    required &= states != IRRELEVANT
    is_exempt = np.zeros(len(cells), dtype=np.bool_)
    for name in variable.derogations:
        is_exempt |= levels[:, variable.dimensions.index(name)] > 0
    depth = np.zeros(size, dtype=np.intp)
    for level in range(has_number.shape[1]):
        depth = np.where(has_number[:, level], min(level + 1, len(DEPTHS) - 1), depth)
    used = (levels > 0).sum(axis=1)
    result = {}
    for number, name in enumerate((*variable.dimensions, "total", "cross")):
        if name in ("total", "cross"):
            chosen = used == 0 if name == "total" else used > 1
        else:
            chosen = (used == 1) & (levels[:, number] > 0)
        if not chosen.any():
            continue
        own, asked_for = states[:, chosen], required[:, chosen]
        in_state = {code: (own == code) & asked_for for code in (BLANK, SUPPRESSED, PROVIDED)}
        exempt = is_exempt[chosen] & (in_state[BLANK] | in_state[PROVIDED])
        masks = [asked_for, None, in_state[PROVIDED], in_state[SUPPRESSED], in_state[BLANK], exempt]
        masks.append(exempt & in_state[PROVIDED])
        result[name] = [
            undecided[name] if mask is None else mask.sum(axis=1, dtype=np.int64) for mask in masks
        ] + [depth]
    return result
