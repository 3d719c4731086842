"""Ratios of two counts, for the indicators that name both of them."""

from collections.abc import Iterable, Mapping, Sequence
from operator import methodcaller
from typing import Any

from attrs import field, frozen

from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.indicators._grids import By, Where, checked, common_grid, side_by_side
from thbstats.panel import Panel, ResultKind
from thbstats.panel.count_windows import counts_of
from thbstats.panel.grid import Selection, selection_of
from thbstats.panel.ratios import ratio_panel
from thbstats.records import schema_of
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, need_table
from thbstats.values import is_whole

__all__ = ["RatioQuestion", "Side", "ratios", "side", "sides"]

Side = tuple[CountTable, Selection]
"""A table, and what is counted of it."""

_KINDS = {1: ResultKind.RATIO, 100: ResultKind.PER_100}


@frozen(kw_only=True)
class RatioQuestion:
    """The ratios that are asked for.

    Parameters
    ----------
    indicator : str
        The function asked.
    above, below : (CountTable, Selection)
        The counts of numerator and denominator.
    by, area, period
        As for `grid_of`.
    label : str
        The ratio in words; ``{counted}`` and ``{against}`` stand for the two kinds of count.
    per : int
        1 or 100.
    lag : int or sequence of int
        How many years the denominator is before the numerator.
    """

    indicator: str
    above: Side
    below: Side
    by: By
    area: Where
    period: Where
    label: str
    per: int = field(default=1)
    lag: int | Sequence[int] = 0


def sides(
    above: tuple[CountTable, Mapping[str, Any]],
    below: tuple[CountTable, Mapping[str, Any]],
    shared: Mapping[str, Any],
) -> tuple[Side, Side]:
    """Return what is counted on both sides of a ratio.

    Parameters
    ----------
    above, below : (CountTable, mapping)
        The counts of numerator and denominator, with the selection of each side alone.
    shared : mapping
        The selection of both; a side leaves out dimensions that only the other one has.

    Raises
    ------
    UnknownName
        If neither side has a dimension.
    InvalidValue
        If a side names an area, a period, or a dimension that both share.
    """
    schemas = [schema_of(need_table(table).kind) for table, _ in (above, below)]
    for name in shared:
        if not any(name in schema.names for schema in schemas):
            schemas[0][name]  # an error with the names that exist
    return side(*above, shared, "a numerator"), side(*below, shared, "a denominator")


def side(
    table: CountTable, selection: Mapping[str, Any], shared: Mapping[str, Any], use: str
) -> Side:
    """Return what is counted on one side of a ratio.

    Parameters
    ----------
    table : CountTable
        The counts.
    selection : mapping
        Attributes and categories of this side alone.
    shared : mapping
        Those of both sides; this side leaves out dimensions that its records do not have.
    use : str
        The side in words, for messages.

    Raises
    ------
    InvalidValue
        If it names an area or a period, or a dimension that both sides share.
    """
    twice = [name for name in selection if name in shared]
    if twice:
        raise InvalidValue(
            "numerator and denominator name this dimension themselves",
            field=twice[0],
            value=shared[twice[0]],
            mend="Leave it out, or use ratio with another numerator and denominator",
        )
    for name in ("area", "period"):
        if name in selection:
            raise InvalidValue(
                f"numerator and denominator are of the same {name}",
                field=name,
                value=selection[name],
                mend=f"Give {name}= to the indicator, or lag= for earlier years",
            )
    names = schema_of(need_table(table).kind).names
    both = {name: word for name, word in shared.items() if name in names}
    return table, selection_of(table, {**both, **selection}, use)


def ratios(
    question: RatioQuestion, thresholds: Thresholds | None, rules: Iterable[Rule] | None
) -> Any:
    """Return ratios with their warnings.

    Parameters
    ----------
    question : RatioQuestion
        The ratios.
    thresholds, rules
        As for `check`.

    Raises
    ------
    InvalidValue
        If ``per`` is another number, a lag is not a whole number of years, or both counts are
        the same.
    NoSuchCell
        If a table has no such counts, or none in the years of a lag.
    """
    if question.per not in _KINDS:
        raise InvalidValue(
            "a ratio is per 1 or per 100", field="per", value=question.per, mend="Use 1 or 100"
        )
    several = isinstance(question.lag, Iterable)
    lags: list[Any] = list(question.lag) if isinstance(question.lag, Iterable) else [question.lag]
    if not lags or not all(map(is_whole, lags)) or len(set(lags)) < len(lags):
        raise InvalidValue(
            "lags are whole numbers of years, each once",
            field="lag",
            value=", ".join(map(str, lags)),
            mend="Give one or several, such as lag=(0, 1, 2, 3)",
        )
    (table, counted), (other, against) = question.above, question.below
    if table is other and counted == against and 0 in lags:
        raise InvalidValue(
            "numerator and denominator are the same counts",
            field="denominator",
            value=", ".join(str(word) for words in against.attributes.values() for word in words),
            mend="Name others, such as "
            'numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"}',
        )
    grid = common_grid(
        [question.above, question.below],
        by=question.by,
        area=question.area,
        period=question.period,
    )
    numerator = counts_of(grid, counted.categories)
    denominators = []
    for lag in lags:
        years = methodcaller("earlier", lag)
        periods = tuple(own.map(years) if lag else own for own in grid.periods)
        earlier = grid.over(other, against.attributes, periods)
        denominators.append(counts_of(earlier, against.categories))
        if several and not denominators[-1].present.any():
            raise NoSuchCell(
                f"no counts {lag} years before",
                field="lag",
                value=lag,
                row=str(periods[0][0]),
                mend=f"The table has: {other!r}; leave out this lag",
            )
    panels = [
        ratio_panel(
            numerator,
            denominator,
            indicator=question.indicator,
            label=question.label,
            kind=_KINDS[question.per],
            lag=lag,
            beside=denominators if several else (),
        )
        for lag, denominator in zip(lags, denominators, strict=True)
    ]
    panel: Panel = side_by_side(panels, "lag", [str(lag) for lag in lags]) if several else panels[0]
    return checked(panel, "lag" if several else question.by, thresholds, rules)
