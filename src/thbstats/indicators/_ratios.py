"""The two sides of a ratio, and ratios over the countries that reported both."""

from collections.abc import Iterable, Mapping, Sequence
from operator import methodcaller
from typing import Any

from thbstats.errors import NoSuchCell
from thbstats.indicators._grids import Areas, By, Periods, checked, require, side_by_side
from thbstats.panel import Panel, ResultKind
from thbstats.panel.count_panels import ratio_panel
from thbstats.panel.count_windows import counts_of
from thbstats.panel.grid import Grid, Selection, grid_of, selection_of
from thbstats.records import schema_of
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, need_table
from thbstats.values import is_whole

__all__ = ["common_grid", "ratio_of", "side", "sides"]

Side = tuple[CountTable, Selection]
"""A table, and what is counted of it."""

_KINDS = {1: ResultKind.RATIO, 100: ResultKind.PER_100}


def sides(
    above: tuple[CountTable, Mapping[str, Any]],
    below: tuple[CountTable, Mapping[str, Any]],
    shared: Mapping[str, Any],
) -> tuple[Side, Side]:
    """Return the counts of both sides of a ratio, from their own and the shared selection."""
    schemas = [schema_of(need_table(table).kind) for table, _ in (above, below)]
    for name in shared:
        if not any(name in schema.names for schema in schemas):
            schemas[0][name]  # an error with the names that exist
    return side(*above, shared, "a numerator"), side(*below, shared, "a denominator")


def side(
    table: CountTable, selection: Mapping[str, Any], shared: Mapping[str, Any], use: str
) -> Side:
    """Return the counts of one side, without shared dimensions that its records do not have."""
    for name, word in selection.items():
        require(
            name not in shared,
            "numerator and denominator name this dimension themselves",
            "Leave it out, or use ratio with another numerator and denominator",
            **{name: shared.get(name)},
        )
        require(
            name not in ("area", "period"),
            f"numerator and denominator are of the same {name}",
            f"Give {name}= to the indicator, or lag= for earlier years",
            **{name: word},
        )
    names = schema_of(need_table(table).kind).names
    both = {name: word for name, word in shared.items() if name in names}
    return table, selection_of(table, {**both, **selection}, use)


def common_grid(sides: Sequence[Side], *, by: By, area: Areas, period: Periods) -> Grid:
    """Return the numbers that several counts have in common, in the table of the first."""
    (table, first), *others = sides
    return grid_of(
        table,
        by=by,
        area=area,
        period=period,
        attributes=first.attributes,
        named=[name for _, own in sides for name in (*own.categories, *own.attributes)],
        also=[other.where(**own.attributes) for other, own in others],
    )


def ratio_of(
    above: Side, below: Side, *, indicator: str, label: str, per: int = 1,
    lag: int | Sequence[int] = 0, by: By, area: Areas, period: Periods,
    thresholds: Thresholds | None, rules: Iterable[Rule] | None,
) -> Any:  # fmt: skip
    """Return the ratios of two sides; the label can refer to ``{counted}`` and ``{against}``."""
    require(per in _KINDS, "a ratio is per 1 or per 100", "Use 1 or 100", per=per)
    several = isinstance(lag, Iterable)
    lags: list[Any] = list(lag) if isinstance(lag, Iterable) else [lag]
    require(
        lags and all(map(is_whole, lags)) and (len(set(lags)) >= len(lags)),
        "lags are whole numbers of years, each once",
        "Give one or several, such as lag=(0, 1, 2, 3)",
        lag=", ".join(map(str, lags)),
    )
    (table, counted), (other, against) = above, below
    require(
        table is not other or counted != against or 0 not in lags,
        "numerator and denominator are the same counts",
        "Name others, such as "
        'numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"}',
        denominator=", ".join(str(word) for words in against.attributes.values() for word in words),
    )
    grid = common_grid([above, below], by=by, area=area, period=period)
    numerator = counts_of(grid, counted.categories)
    denominators = []
    for years in lags:
        move = methodcaller("earlier", years)
        periods = tuple(own.map(move) if years else own for own in grid.periods)
        earlier = grid.over(other, against.attributes, periods)
        denominators.append(counts_of(earlier, against.categories))
        if several and not denominators[-1].present.any():
            raise NoSuchCell(
                f"no counts {years} years before",
                field="lag",
                value=years,
                row=str(periods[0][0]),
                mend=f"The table has: {other!r}; leave out this lag",
            )
    beside = denominators if several else ()
    words: dict[str, Any] = {"indicator": indicator, "label": label, "kind": _KINDS[per]}
    panels = [
        ratio_panel(numerator, own, **words, lag=years, beside=beside)
        for years, own in zip(lags, denominators, strict=True)
    ]
    panel: Panel = side_by_side(panels, "lag", [str(own) for own in lags]) if several else panels[0]
    return checked(panel, "lag" if several else by, thresholds, rules)
