"""Ratios of two counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import methodcaller
from typing import Any, overload

from thbstats.errors import NoSuchCell
from thbstats.indicators._arguments import Areas, By, Periods, for_tables, require
from thbstats.indicators._grids import checked, side_by_side
from thbstats.panel import Panel, Result, ResultKind
from thbstats.panel.count_panels import ratio_panel
from thbstats.panel.count_windows import counts_of
from thbstats.panel.grid import CountSelection, PanelGrid, grid_of, selection_of
from thbstats.records import schema_of
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.values import is_integer

__all__ = ["ratio"]

Side = tuple[CountTable, CountSelection]
"""A table and a selection of its counts."""

_KINDS = {1: ResultKind.RATIO, 100: ResultKind.PER_100}


def sides(
    above: tuple[CountTable, Mapping[str, Any]],
    below: tuple[CountTable, Mapping[str, Any]],
    shared: Mapping[str, Any],
) -> tuple[Side, Side]:
    """Return the selected counts of numerator and denominator."""
    schemas = [schema_of(require_table(table).kind) for table, _ in (above, below)]
    for name in shared:
        if not any(name in schema.names for schema in schemas):
            schemas[0][name]  # an error with the names that exist
    return side(*above, shared, "a numerator"), side(*below, shared, "a denominator")


def side(
    table: CountTable, selection: Mapping[str, Any], shared: Mapping[str, Any], use: str
) -> Side:
    """Return the selected counts of one side."""
    for name, word in selection.items():
        require(
            name not in shared,
            "a shared selection must not name a dimension of numerator or denominator",
            "Remove it, or use thbstats.ratio with another numerator and denominator",
            **{name: shared.get(name)},
        )
        require(
            name not in ("area", "period"),
            f"numerator and denominator must have the same {name}",
            f"Pass {name}= to the indicator, or lag= for earlier years",
            **{name: word},
        )
    names = schema_of(require_table(table).kind).names
    both = {name: word for name, word in shared.items() if name in names}
    return table, selection_of(table, {**both, **selection}, use)


def common_grid(sides: Sequence[Side], *, by: By, area: Areas, period: Periods) -> PanelGrid:
    """Return the grid of several selections of counts."""
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
    """Return the ratios of two sides."""
    require(per in _KINDS, "`per` must be 1 or 100", "Use per=100", per=per)
    several = isinstance(lag, Iterable)
    lags: list[Any] = list(lag) if isinstance(lag, Iterable) else [lag]
    require(
        lags and all(map(is_integer, lags)) and (len(set(lags)) >= len(lags)),
        "`lag` must contain different integers of 0 or more",
        "Use lag=(0, 1, 2, 3)",
        lag=", ".join(map(str, lags)),
    )
    (table, counted), (other, against) = above, below
    require(
        table is not other or counted != against or 0 not in lags,
        "`denominator` must differ from the numerator",
        'Use numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"}',
        denominator=", ".join(str(word) for words in against.attributes.values() for word in words),
    )
    grid = common_grid([above, below], by=by, area=area, period=period)
    numerator = counts_of(grid, counted.categories)
    denominators = []
    for years in lags:
        move = methodcaller("earlier", years)
        periods = tuple(own.map(move) if years else own for own in grid.periods)
        earlier = grid.with_table(other, against.attributes, periods)
        denominators.append(counts_of(earlier, against.categories))
        if several and not denominators[-1].present.any():
            raise NoSuchCell(
                f"the table must have counts {years} years earlier",
                field="lag",
                value=years,
                row=str(periods[0][0]),
                hint=f"Remove this lag; the table has: {other!r}",
            )
    other_denominators = denominators if several else ()
    words: dict[str, Any] = {"indicator": indicator, "label": label, "kind": _KINDS[per]}
    panels = [
        ratio_panel(numerator, own, **words, lag=years, further=other_denominators)
        for years, own in zip(lags, denominators, strict=True)
    ]
    panel: Panel = side_by_side(panels, "lag", [str(own) for own in lags]) if several else panels[0]
    return checked(panel, "lag" if several else by, thresholds, rules)


@overload
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: None = None, lag: int = 0, per: int = 1,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Result: ...  # fmt: skip
@overload
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: str | Sequence[str], lag: int | Sequence[int] = 0,
    per: int = 1, area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **selection: Any,
) -> Panel: ...  # fmt: skip
@overload
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: By = None, lag: Sequence[int], per: int = 1,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Panel: ...  # fmt: skip
@for_tables("ratio")
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], lag: int | Sequence[int] = 0, per: int = 1, by: By = None,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return the ratio of two counts.

    ``ratio = per * N / D``: both are summed over the periods, and over the countries that
    reported both in every period.

    Parameters
    ----------
    table : CountTable
        The counts of the numerator.
    against : CountTable, optional
        The counts of the denominator; by default the same table.
    numerator, denominator : mapping
        Attributes and categories of each side, such as ``{"stage": "convicted"}``.
    lag : int or sequence of int
        How many years the denominator is before the numerator. Several lags give a panel with
        one row per lag, all over the countries that reported every count.
    per : {1, 100}
        The factor.
    by, area, period, thresholds, rules : optional
        As for `total`; the period is that of the numerator.
    **selection
        Attributes and categories that both sides share, such as ``sex="female"``. A side leaves
        out dimensions that its records do not have.

    Returns
    -------
    Result or Panel
        0 or more, exact, also above 1. `Result.raw` is the quotient of all reported counts,
        also of countries that reported one of the two.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if both sides are the same counts, or `per` or `lag` is not
        allowed.

    Notes
    -----
    Comparability warnings: AREA_COMPOSITION, BREAK, CLASSIFICATION, CONTRADICTED, COVERAGE,
    DEFINITION, DOMINANCE, OBSERVATION_FLAG, OFFENCE, PERIOD, REGISTERING_BODY, SMALL_DENOMINATOR,
    SOURCE, STAGE_ORDER, STATUS, SUPPRESSED, UNIT, VINTAGE. Limitations: COHORT, DETECTED_ONLY,
    DOUBLE_COUNTING.

    Examples
    --------
    Estonia's "<5" of 2015 is 0 to 4, and France has no counts of 2015:

    >>> import thbstats as thb
    >>> rows = [
    ...     ("BE", 2015, 10, 4), ("BE", 2016, 20, 12), ("EE", 2015, 6, thb.Count.fewer_than(5)),
    ...     ("EE", 2016, 4, 4), ("FR", 2016, 70, 7),
    ... ]
    >>> table = thb.CountTable.from_rows(
    ...     [
    ...         (area, year, stage, n)
    ...         for area, year, *counts in rows
    ...         for stage, n in zip(("prosecuted", "convicted"), counts)
    ...     ],
    ...     columns=["area", "period", "stage", "value"], kind="justice", unit="persons",
    ... )
    >>> stages = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
    >>> found = thb.ratio(table, **stages, period=[2015, 2016])
    >>> found.formatted, sorted(found.reporters), str(found.period)
    ('0.5 to 0.6', ['BE', 'EE'], '2015-2016')

    The same for each country and year, and with denominators of earlier years:

    >>> panel = thb.ratio(table, **stages, by=["area", "period"])
    >>> panel["FR", 2016].formatted, panel["FR", 2015].status.code
    ('0.1', 'no_row')
    >>> [row.formatted for row in thb.ratio(table, **stages, area="BE", period=2016, lag=(0, 1))]
    ['0.6', '12 of 10']

    References
    ----------
    COM(2018) 777, sections II and III: those convicted in a period were often prosecuted before
    it. UNODC GLOTIP data set of 14 April 2025.
    """
    other = table if against is None else against
    above, below = sides((table, numerator), (other, denominator), selection)
    return ratio_of(
        above, below, indicator="ratio", label=_label(above[1], below[1], per), per=per, lag=lag,
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
    )  # fmt: skip


def _label(above: CountSelection, below: CountSelection, per: int) -> str:
    """Return the label of a ratio."""
    words: list[str] = []
    for own, other in ((above, below), (below, above)):
        pairs = {**own.attributes, **own.categories}
        others = {**other.attributes, **other.categories}
        if pairs.keys() != others.keys():
            return "{counted} per 100 {against}" if per != 1 else "{counted} / {against}"
        found = [
            ", ".join([word] if isinstance(word, str) else word)
            for name, word in pairs.items()
            if word != others[name]
        ]
        words.append(", ".join(found).replace("_", " "))
    return f" {'/' if per == 1 else 'per 100'} ".join(words)
