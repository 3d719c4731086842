"""Changes of a count or a share between two periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions
from thbstats.columns.ranges import any_of
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.indicators._arguments import Areas, By, Periods, for_tables, names_of, require
from thbstats.indicators._changes import (
    Change,
    Years,
    changed,
    changes_of,
    contradictory_areas,
    with_warnings,
)
from thbstats.indicators._grids import grid_in, question_of, shares_over, side_by_side
from thbstats.panel import Panel, ResultKind
from thbstats.panel.count_panels import count_panel
from thbstats.panel.count_windows import counts_of
from thbstats.panel.counts import PanelCounts
from thbstats.panel.grid import added_periods, selection_of
from thbstats.panel.shares import share_panel
from thbstats.rules import DEFAULTS, Rule, Thresholds, check
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["Change", "change"]

Mask = NDArray[np.bool_]

_BASES = {"published": "as published", "like_for_like": "like for like"}


@for_tables("relative_change")
def change(
    table: CountTable, *, old: Periods, new: Periods, kind: str | None = None,
    basis: str | None = None, per: str | None = None, by: By = None, area: Areas = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None,
    share: Mapping[str, Any] | None = None, base: str | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return the change of a count or a share between two periods.

    ``relative = (N - O) / O`` and ``difference = N - O``. As published, ``N`` and ``O`` are the
    counts of all countries that reported each period. Like for like, both are of the countries
    that reported both periods.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    old, new : str, int, Period or sequence
        The older and the newer period; consecutive periods are added.
    kind : {"relative", "difference"}, optional
        By default relative for counts, and the difference in percentage points for shares.
    basis : {"published", "like_for_like"}, optional
        By default both, as rows with the key ``"basis"``.
    per : {"year"}, optional
        Divide each count by the years of its period.
    by, area, thresholds, rules : optional
        As for `share`; the periods are ``old`` and ``new``.
    share : mapping, optional
        The category of a share, such as ``{"sex": "female"}``, for the change of a share. The
        selection is then that of the denominator.
    base : {"all", "known", "mentions"}, optional
        The denominator of the share, as for `share`.
    **selection
        Attributes and categories, such as ``stage="convicted"``.

    Returns
    -------
    Change or Result
        Exact. ``bounds`` are those of the whole area for both bases. With one ``basis`` and
        without ``by``, one result.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if the table has no counts in one of the periods, an argument is not
        allowed, or a period does not consist of whole years.

    Notes
    -----
    A change has the warnings of both numbers and of their comparison. Where the counts of a
    country contradict each other, CONTRADICTED also shows the change without this country, and
    with the sum of its parts: `Change.without_contradictory` and `Change.with_sum_of_parts`.

    Comparability warnings: those of `total` and `share`, of `compare`, and SMALL_DENOMINATOR.

    Examples
    --------
    Convictions almost double as published, because France is new; like for like they grow by a
    quarter:

    >>> import thbstats as thb
    >>> rows = [("BE", 2020, 900), ("BE", 2021, 1300), ("FR", 2021, 900), ("DE", 2020, 395),
    ...         ("DE", 2021, 317)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "period", "value"], kind="justice", stage="convicted",
    ...     unit="persons",
    ... )
    >>> found = thb.change(table, old=2020, new=2021)
    >>> [row.formatted for row in found], sorted(found["like for like"].reporters)
    (['+94.4%', '+24.9%'], ['BE', 'DE'])
    >>> found.coverage_new[1]
    Interval(539/839)

    Periods of three and of two years are compared per year:

    >>> rows = [("2010-2012", 30146), ("2013-2014", 15846)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["period", "value"], kind="victims", area="EU28", status="registered"
    ... )
    >>> thb.change(table, old="2010-2012", new="2013-2014", per="year", basis="published").value
    Interval(-6377/30146)

    References
    ----------
    Eurostat, release of 9 February 2023: convictions grew by 54.9% from 2020 to 2021 over the
    countries that reported both years. COM(2016) 267 and COM(2018) 777: registered victims.
    """
    found_kind = _kind(kind, per, basis, share, base)
    require(
        "period" not in names_of(by),
        "`by` must not contain 'period'",
        'Use total(..., by="period") for all periods',
        by="period",
    )
    older, newer = added_periods(old), added_periods(new)
    both = selection_of(table, {**selection, **(share or {})}, "a change")
    question = None
    if share:
        question = question_of(
            table, share, selection, base=base or "", by=by, area=area, period=newer
        )
        grid = question.grid
    else:
        grid = grid_in(table, both, by=by, area=area, period=newer)
    windows = tuple(Coded.constant(own, len(grid)) for own in older)
    earlier = grid.with_table(table, both.attributes, windows)
    for side, period in ((earlier, older), (grid, newer)):
        if (side.period < 0).all():
            raise NoSuchCell(
                "the table must have these counts in this period",
                field="period",
                value=", ".join(map(str, period)),
                hint=f"The table has: {side.table!r}",
            )
    bases = list(_BASES) if basis is None else [basis]
    years = (_years(older), _years(newer)) if per else (1, 1)
    if question is not None:
        shares = [share_panel(evolve(question, grid=own)) for own in (earlier, grid)]
        panels = [shares if name == "published" else _matched_shares(*shares) for name in bases]
        change_columns = [[Fractions.none(len(grid))] * 4] * len(bases)
    else:
        counts = [counts_of(own, both.categories) for own in (earlier, grid)]
        given = [own.by_country.reported & own.applies for own in counts]
        matched = given[0] & given[1]
        panels = [
            [count_panel(own, "total", None if name == "published" else matched) for own in counts]
            for name in bases
        ]
        change_columns = [
            _change_columns(counts, matched, name, found_kind, years) for name in bases
        ]
    order = np.arange(len(grid) * len(bases)).reshape(len(bases), -1).T.ravel()
    columns = [Fractions.concat(list(own)).take(order) for own in zip(*change_columns, strict=True)]
    categories = [_BASES[name] for name in bases]
    sides = [side_by_side(own, "basis", categories) for own in zip(*panels, strict=True)]
    if basis is not None:
        sides = [evolve(own, keys=panels[0][0].keys) for own in sides]
    limits = DEFAULTS if thresholds is None else thresholds
    applied = None if rules is None else tuple(rules)
    old_side, new_side = (check(own, thresholds=limits, rules=applied) for own in sides)
    found = changes_of(old_side, new_side, found_kind, years if per else None, columns)
    judged = with_warnings(found, bool(per), limits, applied)
    if by is not None or basis is None:
        return judged
    for number in (judged.earlier, judged.later):
        number.scalar()
    return judged.scalar()


def _kind(
    kind: str | None, per: str | None, basis: str | None, share: Any, base: str | None
) -> ResultKind:
    """Return the kind of the change, or refuse arguments that do not fit together."""
    thing = "share" if share else "count"
    kinds = ["difference"] if share else ["relative", "difference"]
    for name, value, allowed in (
        ("kind", kind, kinds),
        ("basis", basis, list(_BASES)),
        ("per", per, [] if share else ["year"]),
    ):
        require(
            value is None or value in allowed,
            f"`{name}` must be {' or '.join(map(repr, allowed)) or 'left out'} for a {thing}",
            f"Use {name}={allowed[0]!r}" if allowed else f"Remove {name}=",
            **{name: value},
        )
    require(
        base is None or share,
        "`base` must be left out for a count",
        'For the change of a share pass share={"sex": "female"}',
        base=base,
    )
    if share:
        return ResultKind.DIFFERENCE
    return ResultKind.CHANGE if kind == "difference" else ResultKind.RELATIVE_CHANGE


def _matched_shares(old: Panel, new: Panel) -> list[Panel]:
    """Return shares over the countries with both periods."""
    members = Coded.concat([old.parts.members, new.parts.members])
    number = np.concatenate([old.parts.number, new.parts.number])
    key = number * max(len(members.categories), 1) + members.codes
    keys = key[: len(old.parts.reported)], key[len(old.parts.reported) :]
    both = np.intersect1d(keys[0][old.parts.reported], keys[1][new.parts.reported])
    pairs = zip((old, new), keys, strict=True)
    return [shares_over(panel, np.isin(own, both)) for panel, own in pairs]


def _change_columns(
    counts: Sequence[PanelCounts], matched: Mask, basis: str, kind: ResultKind, years: Years
) -> list[Fractions]:
    """Return the shares of matched countries, and two versions of the change."""
    grid = counts[1].grid
    start, number = grid.start, grid.number
    listed = any_of(counts[0].by_country.reported | counts[1].by_country.reported, start)
    coverage, without, with_sum_of_parts = [], [], []
    # Countries whose counts contradict each other in one of the periods.
    bad: Mask = np.logical_or.reduce([side.contradictory for side in counts])
    for side in counts:
        for i in np.flatnonzero(side.contradictions.table(bool, np.bool_)).tolist():
            areas = contradictory_areas(side.contradictions[i])
            for entry in range(start[i], start[i + 1]):
                bad[entry] |= grid.member[entry] in areas
    active, repaired = np.zeros((2, len(grid)), dtype=np.bool_)
    for side in counts:
        given = side.by_country.reported & side.applies
        part, others = (side.by_country.pool(start, own) for own in (matched, given & ~matched))
        rest = side.published.minus(part).where(side.published.reported, others)
        empty = (part.lower == 0) & (rest.lower == 0)
        coverage.append(Fractions.shares(part, rest, empty).without(~listed))
        from_area = side.published.reported
        chosen = given & ~from_area[number]
        if basis == "like_for_like":
            from_area, chosen = np.zeros_like(from_area), matched
        active |= any_of(chosen & bad, start)
        remaining = chosen & ~bad
        left = from_area | any_of(remaining, start)
        without.append(Fractions.counts(side.used(remaining, from_area)).without(~left))
        other = side.summed
        differs = (other.lower != side.by_country.lower) | (other.upper != side.by_country.upper)
        repaired |= any_of(chosen & bad & differs, start)
        some = from_area | any_of(chosen, start)
        summed = evolve(side, by_country=other).used(chosen, from_area)
        with_sum_of_parts.append(Fractions.counts(summed).without(~some))
    return [
        *coverage,
        changed(without[0], without[1], kind, years).without(~active),
        changed(with_sum_of_parts[0], with_sum_of_parts[1], kind, years).without(~repaired),
    ]


def _years(periods: Sequence[Period]) -> int:
    period = periods[0] if len(periods) == 1 else Period.joined(periods)
    if period.years is None:
        raise InvalidValue(
            "the period of an annual average must consist of whole years",
            field="period",
            value=str(period),
            hint='Remove per="year", or pass a period of whole years',
        )
    return period.years
