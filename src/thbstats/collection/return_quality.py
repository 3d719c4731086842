"""Quality indicators of a return."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from thbstats.collection.completion import BLANK, CompletenessRow, states_of
from thbstats.collection.return_checks import aligned_rows
from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.display.numbers import decimal, percent
from thbstats.errors import require
from thbstats.records.source import to_day
from thbstats.values.flags import flag_mask

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.collection.returns import Return

_ESS = "ESS Guidelines for the Implementation of the ESS Quality and Performance Indicators"
DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "producers": "R1, data completeness for producers: provided cells divided by required cells "
        f"without derogations and confidential cells. {_ESS}, R1.",
        "users": "R1, data completeness for users: provided cells divided by all relevant cells. "
        f"{_ESS}, R1.",
        "mean_absolute_revision": "A6, average size of revisions: the mean of the absolute "
        f"differences between the latest and the earlier count of a cell. {_ESS}, A6.",
        "relative_mean_absolute_revision": "A6, relative: the sum of the absolute differences "
        f"divided by the sum of the latest counts. {_ESS}, A6.",
        "timeliness": "TP1, time lag: days from the last day of the period to the day of "
        f"transmission. {_ESS}, TP1.",
        "punctuality": "TP3, delivery: days from the first due day of the plan to the day of "
        f"transmission; negative if the return is early. {_ESS}, TP3.",
        "punctuality_latest": "TP3 with the latest due day of the plan.",
        "comparable_periods": "CC2, length of comparable time series: consecutive periods up to "
        f"this one with a total and without a break in time series. {_ESS}, CC2.",
    }
)
"""The definition and the source of each indicator."""


@frozen(kw_only=True)
class VariableQuality:
    """The quality indicators of one variable.

    Parameters
    ----------
    variable : str
        The variable.
    completeness : CompletenessRow
        The completeness, with R1 for producers and users.
    revised_cells : int or None
        The number of cells that both returns of the period have exactly; ``None`` without an
        earlier return of the period.
    mean_absolute_revision, relative_mean_absolute_revision : float or None
        The size of revisions; ``None`` without such cells.
    timeliness : int
        Days after the end of the period.
    punctuality, punctuality_latest : int or None
        Days after the first and the latest due day; ``None`` without a due day.
    comparable_periods : int
        The length of the comparable series.
    """

    variable: str
    completeness: CompletenessRow
    revised_cells: int | None
    mean_absolute_revision: float | None
    relative_mean_absolute_revision: float | None
    timeliness: int
    punctuality: int | None
    punctuality_latest: int | None
    comparable_periods: int


@frozen(kw_only=True, repr=False)
class ReturnQuality(Tabular):
    """The quality indicators of a return, one row for each variable; no composite score.

    Parameters
    ----------
    label : str
        The plan, area and period.
    rows : tuple of VariableQuality
        The indicators of each variable.
    """

    label: str
    rows: tuple[VariableQuality, ...] = field(converter=tuple)

    @property
    def definitions(self) -> Mapping[str, str]:
        """The definition of each indicator, with its source."""
        return DEFINITIONS

    def __getitem__(self, variable: str) -> VariableQuality:
        return {row.variable: row for row in self.rows}[variable]

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each variable, with the bounds of R1 and all other indicators."""
        import pandas as pd

        names = [name for name in DEFINITIONS if name not in ("producers", "users")]
        rows = []
        for row in self.rows:
            rates = {
                f"{name}_{side}": None if rate is None else float(getattr(rate, side) or 0)
                for name in ("producers", "users")
                for rate in [getattr(row.completeness, name)]
                for side in ("lower", "upper")
            }
            own = {name: getattr(row, name) for name in names}
            rows.append({"variable": row.variable, **rates, **own})
        return pd.DataFrame(rows)

    def display_table(self) -> DisplayTable:
        """Return the indicators for display, with their definitions as notes."""
        rows = []
        for row in self.rows:
            cells = [row.variable, *map(str, row.completeness.percentages)]
            size = row.relative_mean_absolute_revision
            cells.append("none" if size is None else percent(size))
            days = (row.timeliness, row.punctuality, row.punctuality_latest)
            cells += ["none" if day is None else decimal(day, 0) for day in days]
            rows.append([*cells, count(row.comparable_periods)])
        names = (
            "R1 producers",
            "R1 users",
            "A6 relative",
            "TP1 days",
            "TP3 days",
            "TP3 latest",
            "CC2",
        )
        return DisplayTable(
            caption=f"Quality of {self.label}",
            columns=["variable", *(Column(name, "right") for name in names)],
            rows=rows,
            notes=list(DEFINITIONS.values()),
        )

    def __repr__(self) -> str:
        return f"<ReturnQuality of {self.label}>"


def quality_of(own: "Return", released: date | str, earlier: Sequence["Return"]) -> ReturnQuality:
    """Return the quality indicators of a return."""
    day, end = to_day(released, "released"), own.period.end
    hint = "Pass the day of transmission, such as '2026-09-28'"
    is_later = day is not None and end is not None and day > end
    require(is_later, f"must be after the end of the period, {end}", hint, released=str(released))
    due = [(day - other).days for other in own.plan.due_days(own.period)]  # type: ignore[operator]
    same = [other for other in earlier if other.period == own.period]
    rates, rows = own.completeness(), []
    for variable in own.plan.variables:
        sizes = None
        if same:
            new, old = own[variable.name], same[-1][variable.name]
            after, before = aligned_rows(variable, new, old)
            exact = (new.upper[after] == new.lower[after]) & (
                old.upper[before] == old.lower[before]
            )
            latest = new.lower[after][exact].astype(np.float64)
            sizes = np.abs(latest - old.lower[before][exact]), latest
        rows.append(
            VariableQuality(
                variable=variable.name,
                completeness=rates[variable.name],
                revised_cells=None if sizes is None else int((sizes[0] > 0).sum()),
                mean_absolute_revision=(
                    float(sizes[0].mean()) if sizes is not None and len(sizes[0]) else None
                ),
                relative_mean_absolute_revision=(
                    float(sizes[0].sum() / sizes[1].sum())
                    if sizes is not None and sizes[1].sum()
                    else None
                ),
                timeliness=(day - end).days,  # type: ignore[operator]
                punctuality=due[0] if due else None,
                punctuality_latest=due[-1] if due else None,
                comparable_periods=_comparable(variable.name, [own, *earlier]),
            )
        )
    return ReturnQuality(label=f"{own.plan.name}, {own.area}, {own.period}", rows=rows)


def _comparable(variable: str, returns: Sequence["Return"]) -> int:
    """Return the number of consecutive periods up to the last one without a break."""
    by_year = {own.period.end.year: own for own in returns[::-1] if own.period.end is not None}
    year, length = max(by_year), 0
    while year in by_year:
        table = by_year[year][variable]
        if not (states_of(table.columns) != BLANK).any():
            break
        length += 1
        if (table.flags & flag_mask("b")).any():
            break
        year -= 1
    return length
