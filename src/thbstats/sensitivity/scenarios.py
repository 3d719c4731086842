"""Extreme scenarios of missing and unknown counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions
from thbstats.indicators._shared import Areas, Periods, derived
from thbstats.indicators.shares import share
from thbstats.panel import Panel, Status
from thbstats.rules import Rule, Thresholds, apply_rules
from thbstats.tables import CountTable


def extreme_scenarios(
    table: CountTable, *, base: str, by: str | list[str] | None = None, area: Areas = None,
    period: Periods = None, where: Mapping[str, str] | None = None, overlap: str | None = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **category: Any,
) -> Panel:  # fmt: skip
    """Return the lowest and the highest possible value of a share, with their counts.

    ``share = N / (N + R)``: ``lowest`` has the smallest ``N``, the largest ``R`` and unknown
    persons outside the category; ``highest`` has the largest ``N``, the smallest ``R`` and unknown
    persons in the category.

    Parameters
    ----------
    table, base, by, area, period, where, overlap, thresholds, rules, **category
        As for `share`, with its errors.

    Returns
    -------
    Panel
        Two rows per result: ``scenario`` is ``"lowest"`` or ``"highest"``. The values are the
        ``bounds_with_unknown`` of the share. If a count has no bound, the share is a limit.

    Notes
    -----
    Comparability warnings: those of `share`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 20532), ("sexual", 9759), ("labour", 7514), ("unknown", 3259)]
    >>> victims = thb.CountTable.from_rows(
    ...     rows, columns=["exploitation", "value"], kind="victims", area="EU28",
    ...     period="2015-2016",
    ... )
    >>> found = thb.sensitivity.extreme_scenarios(victims, exploitation="sexual", base="all")
    >>> [(row.label, str(row.numerator), row.formatted) for row in found]
    [('sexual, lowest', '9759', '47.5%'), ('sexual, highest', '13018', '63.4%')]

    References
    ----------
    COM(2018) 777, sections II and II.1. Manski, "Partial Identification of Probability
    Distributions" (2003), on worst-case bounds.
    """
    arguments: dict[str, Any] = {"base": base, "by": by, "area": area, "period": period}
    number: Any = share(table, **arguments, where=where, overlap=overlap, rules=(), **category)
    panel = number if isinstance(number, Panel) else number.panel
    size = len(panel)
    # Both rows of a number are adjacent.
    order = np.arange(2 * size).reshape(2, size).T.ravel()
    sides = [_scenario(panel, high=high) for high in (False, True)]
    numbers, above, below = (
        Fractions.concat(list(pair)).take(order) for pair in zip(*sides, strict=True)
    )
    rows = panel.take(order % size)
    scenario = Coded(order // size, ("lowest", "highest"))
    result = derived(
        rows,
        caption=f"{panel.caption}: extreme scenarios",
        keys={**rows.keys, "scenario": scenario},
        label=rows.label.combine(scenario, "{}, {}".format),
        estimand=rows.estimand.combine(
            scenario, "{}, {} value for missing and unknown counts".format
        ),
        numerator=above,
        denominator=below,
        value=numbers,
        bounds=numbers,
        bounds_with_unknown=numbers,
        unknown=Fractions.none(2 * size),
        status=np.where(numbers.missing, rows.status, Status.OK).astype(np.int8),
    )
    return apply_rules(result, thresholds=thresholds, rules=rules)


def _scenario(panel: Panel, *, high: bool) -> tuple[Fractions, Fractions, Fractions]:
    """Return a scenario, its numerator and its denominator."""
    whole, parts = panel.bounds_with_unknown, panel.parts
    num, den = (whole.upper_num, whole.upper_den) if high else (whole.lower_num, whole.lower_den)
    part, others = (
        side.pool(parts.start)
        for side in (parts.numerator_with_unknown, parts.complement_with_unknown)
    )
    first, other = (part.upper, others.lower) if high else (part.lower, others.upper)
    bounded = np.isfinite(first), np.isfinite(other)
    above = np.where(bounded[0], first, part.lower).astype(np.int64)
    sums = above + np.where(bounded[1], other, others.lower).astype(np.int64)
    pooled = parts.bounds(np.ones(len(parts.reported), dtype=np.bool_))[1]
    from_parts = pooled.equals(whole) & (parts.sizes > 0)
    # Unreduced fractions contain the counts, except 0 and 1.
    none = ~from_parts & (den <= 1)
    flags = np.zeros(len(panel), dtype=np.bool_)

    def counts(of_parts: NDArray[Any], of_bounds: NDArray[Any], is_open: Any) -> Fractions:
        count = np.where(from_parts, of_parts, of_bounds)
        upper = np.where(is_open, 0, count), np.where(is_open, 0, 1)
        return Fractions(count, np.ones(len(panel), dtype=np.int64), *upper, flags, none)

    numerator = counts(above, num, from_parts & ~bounded[0])
    denominator = counts(sums, den, from_parts & ~(bounded[0] & bounded[1]))
    is_zero = (denominator.upper_den != 0) & (denominator.upper_num == 0) & ~none
    number = Fractions(num, den, num, den, whole.undefined & is_zero, whole.missing)
    return number, numerator, denominator
