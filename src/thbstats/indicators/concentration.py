"""Concentration: how much of a figure the largest reporter holds."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import NoSuchCell
from thbstats.geography import Area
from thbstats.pooling import Counts, Flow, agree, filled, flow
from thbstats.results import Base, Measure, Share, words
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["dominance"]


def dominance(
    table: CountTable,
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Share:
    """Return the share of the reporter that has most of a count.

    ``dominance = max n_c / sum of n_c over the reporting countries c``

    Parameters
    ----------
    table : CountTable
        Counts with rows for countries.
    area : str or Area, optional
        The area asked for; by default all countries of the table together.
    period : str or Period, optional
        The reference period, where the table has several.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Attributes and categories, such as ``exploitation="labour"``.

    Returns
    -------
    Share
        In [0, 1], labelled with the country that has most. `bounds` holds the share of whoever
        may have most; it is not sharp where counts are missing.

    Raises
    ------
    NoSuchCell
        If no country has a row of its own.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: COVERAGE, DETECTION, DOMINANCE, PERIOD, SMALL, STATUS.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 19)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> found = thb.dominance(table)
    >>> found.label, found.shown
    ('UK', '61.0 %')

    References
    ----------
    COM(2018) 777, section II: the United Kingdom has 61 % of the victims of labour exploitation.
    """
    found = flow(table, area, "dominance", selection | {"period": period})
    counts, members = found.each, found.cells.members
    if not counts.given.any():
        raise NoSuchCell(
            "no country has a row of its own",
            field="area",
            value=found.cells.scope.area.code,
            mend="Give the counts of two countries or more behind the aggregate",
        )
    given = np.flatnonzero(counts.given)
    place = int(given[np.argmax(counts.lower[given])])
    bounds = _bounds(found)
    what = words(found.category)
    result = Share(
        indicator="dominance",
        label=members[place],
        measure=Measure.SHARE,
        category=tuple(found.category.items()),
        numerator=counts.of(slice(place, place + 1)).interval(),
        denominator=found.used(False, counts.given),
        base=Base(rule="all", label=f"{found.counted.label} of all reporting countries ({what})"),
        estimand=f"share of the country with most {found.counted.label} ({what})",
        reported=_share(counts.over(counts.given), int(np.flatnonzero(given == place)[0])),
        bounds=bounds,
        possible=bounds,
        context=found.context(False, counts.given),
        parts=found.parts,
        sharp=bounds.is_point,
    )
    return assess(result, thresholds=thresholds, rules=rules)


def _bounds(found: Flow) -> Interval:
    """Return the share of whoever may have most, with what is printed for all together."""
    counts, whole = found.each, found.whole
    return _largest([_share(counts, place, whole) for place in range(len(counts.lower))])


def _share(counts: Counts, place: int, whole: Counts | None = None) -> Interval:
    """Return the share of one member; with all the others it makes the whole, if that is given."""
    others = np.arange(len(counts.lower)) != place
    part, rest = counts.over(~others).pooled(), counts.over(others).pooled()
    if whole is not None:
        part = filled(part, whole - rest)
        rest = agree(whole - part, rest)
    return Interval.share_of(part.interval(), rest.interval())


def _largest(shares: Sequence[Interval]) -> Interval:
    """Return the largest share."""
    return Interval(
        max(share.lower or 0 for share in shares),
        max(share.upper or 0 for share in shares),
        undefined=any(share.undefined for share in shares),
    )
