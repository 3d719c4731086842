"""Decomposition of changes of shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.display import DisplayTable, pp
from thbstats.errors import NoSuchCell
from thbstats.geography import Area
from thbstats.indicators._arguments import for_tables
from thbstats.indicators._grids import as_kind, question_of, shares_over, stated
from thbstats.panel import Panel, Parts, Result, ResultKind, Status, Suppressions
from thbstats.panel.export import bounds_of, number_columns
from thbstats.panel.shares import share_panel
from thbstats.panel.text import panel_sheet
from thbstats.rules import Rule, Thresholds, check, compare
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["Decomposition", "decompose"]

Pieces = tuple[Ranges, Ranges]
"""The part and the rest of the denominator of each country."""


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Decomposition(Panel):
    """Contributions of countries to the change of a pooled share.

    Parameters
    ----------
    change : Result
        The change of the share.
    within : Fractions, shape (n,)
        The effect of the change of each country's own share.
    composition : Fractions, shape (n,)
        The effect of the change of each country's weight.
    """

    change: Result
    within: Fractions
    composition: Fractions

    @property
    def total_within(self) -> Interval:
        """The sum of the effects within countries."""
        return sum((own for own in self.within if own is not None), Interval.point(0))

    @property
    def total_composition(self) -> Interval:
        """The sum of the effects of weights."""
        return sum((own for own in self.composition if own is not None), Interval.point(0))

    def _take_extra(self, rows: NDArray[np.intp]) -> dict[str, Any]:
        return {"within": self.within.take(rows), "composition": self.composition.take(rows)}

    def extra_columns(self) -> dict[str, Any]:
        """Return the columns ``within`` and ``composition`` with their bounds."""
        return number_columns("within", self.within) | number_columns(
            "composition", self.composition
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the contributions and the whole change as plain data."""
        return super().to_dict() | {
            "change": self.change.to_dict(),
            "within": [bounds_of(effect) for effect in self.within],
            "composition": [bounds_of(effect) for effect in self.composition],
        }

    def explain(self) -> str:
        """Return the change, the sums of both effects, and each contribution."""
        return "\n\n".join([self.change.explain(), self._sums, super().explain()])

    def display_table(self) -> DisplayTable:
        """Return the contributions as a sheet, with the whole change below."""
        effects = {
            name: ["not reported" if effect is None else pp(effect) for effect in column]
            for name, column in (("within", self.within), ("composition", self.composition))
        }
        found = panel_sheet(self, first=effects, whole=self.change)
        return evolve(found, notes=[self._sums, *found.notes])

    @property
    def _sums(self) -> str:
        within, composition = pp(self.total_within), pp(self.total_composition)
        return f"Within countries: {within}. Composition (weights of countries): {composition}."


@for_tables("decomposition")
def decompose(
    table: CountTable, *, old: str | int | Period, new: str | int | Period, base: str,
    like_for_like: bool = False, area: str | Area | None = None,
    within: Mapping[str, str] | None = None, overlap: str | None = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **category: Any,
) -> Decomposition:  # fmt: skip
    """Return the contribution of each country to the change of a pooled share.

    With ``w`` the weight of a country in the denominator of all, ``s`` its share and ``S`` the
    pooled share: ``within = 1/2 (w0 + w1) (s1 - s0)``, ``composition = 1/2 ((s0 - S0) + (s1 -
    S1)) (w1 - w0)``. Over all countries both sum to ``S1 - S0``. A country without data in one
    period has the weight 0 there and the share of the other period, so that its contribution is
    composition alone.

    Parameters
    ----------
    table : CountTable
        Counts with rows for countries.
    old, new : str, int or Period
        The earlier and the later period; add years first with `CountTable.sum`.
    base : {"all", "known", "mentions"}
        As for `share`.
    like_for_like : bool
        Whether only countries with data in both periods are pooled; by default all with data in
        either.
    area, within, overlap, thresholds, rules : optional
        As for `share`.
    **category
        The category, by dimension, such as ``exploitation="labour"``; and attributes.

    Returns
    -------
    Decomposition
        One contribution in [-1, 1] per country, its effects ``within`` and ``composition``, and
        ``change``, the change of the share. Exact where the counts are points; otherwise bounds
        that contain every completion, and that need not be attained.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if no country has data in one of the periods, or in both if matched.

    Notes
    -----
    Comparability warnings: those of `share`, and of the comparison of both periods.

    Examples
    --------
    In each country the share of labour exploitation stays the same. It rises from 20.0% to 40.0%,
    because the United Kingdom, where it is large, has a larger weight:

    >>> import thbstats as thb
    >>> rows = [("UK", 2015, 50, 50), ("FR", 2015, 0, 150), ("UK", 2016, 400, 400),
    ...         ("FR", 2016, 0, 200)]
    >>> table = thb.CountTable.from_rows(
    ...     [
    ...         (area, year, form, n)
    ...         for area, year, *counts in rows
    ...         for form, n in zip(("labour", "sexual"), counts)
    ...     ],
    ...     columns=["area", "period", "exploitation", "value"], kind="victims",
    ... )
    >>> found = thb.decompose(table, old=2015, new=2016, base="known", exploitation="labour")
    >>> found.change.formatted, found.total_within, found.total_composition
    ('+20.0 pp', Interval(0), Interval(1/5))
    >>> found["UK"].formatted, found["FR"].formatted
    ('+8.0 pp', '+12.0 pp')

    References
    ----------
    E. M. Kitagawa, Components of a difference between two rates, Journal of the American
    Statistical Association 50 (1955). COM(2018) 777, section II: the United Kingdom has 61% of
    the victims of labour exploitation.
    """
    periods = [Period.parse(old), Period.parse(new)]
    panel = share_panel(
        question_of(
            table, category, within or {}, base=base, overlap=overlap,
            by="period", area=area, period=periods,
        )
    )  # fmt: skip
    if old == new or len(panel) == 1:
        panel = panel.take([0, 0])
    mask = panel.parts.reported
    if like_for_like:
        members = panel.parts.members
        counts = np.bincount(members.codes[mask], minlength=len(members.categories))
        mask = mask & (counts[members.codes] == 2)
    lacking = ~panel.parts.any_of(mask)
    if lacking.any():
        raise NoSuchCell(
            "a country must have data in the period, or in both periods with like_for_like=True",
            field="period",
            value=str(periods[int(np.flatnonzero(lacking)[0])]),
            hint="Use a table with rows for countries",
        )
    status = np.full(2, Status.OK, dtype=np.int8)
    pooled = check(
        evolve(shares_over(panel, mask), status=status), thresholds=thresholds, rules=rules
    )
    pair = compare(pooled.row(0), pooled.row(1), thresholds=thresholds, rules=rules)
    whole = _whole(pooled, panel, (*pair.warnings, *pair.limitations))
    return _decomposition(whole, panel.parts, mask)


def _whole(pooled: Panel, panel: Panel, notes: tuple[Any, ...]) -> Panel:
    """Return the change of the share, as a panel of one row."""
    old, new = panel.take([0]), panel.take([1])
    first, second = pooled.take([0]), pooled.take([1])
    label = f"{new.label[0]}, {old.period[0]} to {new.period[0]}"
    return evolve(
        second,
        caption=label,
        keys={},
        indicator=Coded.constant("decompose", 1),
        kind=Coded.constant(ResultKind.DIFFERENCE, 1),
        label=Coded.constant(label, 1),
        estimand=Coded.constant(f"{new.estimand[0]}: {new.period[0]} minus {old.period[0]}", 1),
        value=stated(second).minus(stated(first)),
        bounds=new.bounds.minus(old.bounds),
        bounds_with_unknown=new.bounds_with_unknown.minus(old.bounds_with_unknown),
        discrepancy=Fractions.none(1),
        sharp=old.sharp & new.sharp,
        complete=first.complete & second.complete,
        parts=Parts.empty(1),
        notes=Coded.constant(notes, 1),
        rules=(),
        levels=np.zeros((0, 1), dtype=np.int8),
    )


def _decomposition(whole: Panel, parts: Parts, selected: NDArray[np.bool_]) -> Decomposition:
    """Return the contribution of each country, also of countries without data."""
    members = sorted(set(parts.names))
    size = len(members)
    index = {name: i for i, name in enumerate(members)}
    position = parts.members.table(index.__getitem__, np.intp)
    every = np.ones(len(selected), dtype=np.bool_)
    has_data = np.isin(np.arange(size), position[selected])

    def pieces(part: Ranges, others: Ranges, mask: NDArray[np.bool_]) -> list[Pieces]:
        """Return part and rest of each country in both periods, 0 without data."""
        found = []
        for number, column in product((0, 1), (part, others)):
            entries = np.flatnonzero((parts.number == number) & mask)
            own = [np.zeros(size), np.zeros(size), np.ones(size)]
            for values, name in zip(own, ("lower", "upper", "reported"), strict=True):
                values[position[entries]] = getattr(column, name)[entries]
            found.append(Ranges(*own))
        return [(found[0], found[1]), (found[2], found[3])]

    old, (part, others) = pieces(parts.numerator, parts.complement, selected)
    within, composition, value = _effects(old, (part, others))
    bounds, with_unknown = (
        _effects(*pieces(*sides, every))[2]
        for sides in (
            (parts.hull, parts.hull_complement),
            (parts.numerator_with_unknown, parts.complement_with_unknown),
        )
    )
    label = Coded.from_values(members)
    found = evolve(
        whole.take(np.zeros(size, dtype=np.intp)),
        caption=f"contributions to {whole.label[0]}",
        keys={"area": label},
        label=label,
        estimand=label.map(lambda own: f"contribution of {own} to the change of {whole.label[0]}"),
        area=label.map(Area.parse),
        reporters=Coded.from_values(
            frozenset([name] if own else []) for name, own in zip(members, has_data, strict=True)
        ),
        expected=label.map(lambda own: frozenset([own])),
        n_reporters=has_data.astype(np.intp),
        status=np.where(has_data, Status.OK, Status.NOT_REPORTED).astype(np.int8),
        numerator=Fractions.counts(part),
        denominator=Fractions.counts(part + others),
        unknown=Fractions.none(size),
        suppression=Suppressions.none(size),
        value=value.without(~has_data),
        bounds=bounds,
        bounds_with_unknown=with_unknown,
        sharp=bounds.is_point,
        complete=bounds.is_point & has_data,
    )
    return as_kind(
        Decomposition,
        found,
        change=whole.row(0),
        within=within.without(~has_data),
        composition=composition.without(~has_data),
    )


def _effects(old: Pieces, new: Pieces) -> tuple[Fractions, Fractions, Fractions]:
    """Return the effects of each country within and by its weight, and their sum.

    They are exact for points, else bounds of independent terms.
    """
    pooled = [Interval.share_of(part.total(), others.total()) for part, others in (old, new)]
    bases = [part + others for part, others in (old, new)]
    weights = [_weights(base) for base in bases]
    size = len(bases[0])
    shares = [Fractions.shares(*side, np.zeros(size, dtype=np.bool_)) for side in (old, new)]
    within, composition = [], []
    for i in range(size):
        own = [
            Interval(0, 1) if share is None else evolve(share, undefined=False)
            for share in (side[i] for side in shares)
        ]
        # Where a country can have no denominator, its share is that of the other period.
        first, second = (
            own[1 - at] if base.upper[i] == 0
            else own[at].hull(own[1 - at]) if base.lower[i] == 0
            else own[at]
            for at, base in enumerate(bases)
        )  # fmt: skip
        light, heavy = weights[0][i], weights[1][i]
        within.append(_product(light + heavy, second - first).scale(Fraction(1, 2)))
        distance = (first - pooled[0]) + (second - pooled[1])
        composition.append(_product(distance, heavy - light).scale(Fraction(1, 2)))
    total = Fractions.from_values(
        first + second for first, second in zip(within, composition, strict=True)
    )
    return Fractions.from_values(within), Fractions.from_values(composition), total


def _weights(base: Ranges) -> list[Interval]:
    """Return the share of each country in the denominator of all."""
    unbounded = np.isinf(base.upper)
    finite = np.where(unbounded, 0, base.upper)
    others = Ranges(
        base.lower.sum() - base.lower,
        np.where(unbounded.sum() - unbounded > 0, np.inf, finite.sum() - finite),
        np.ones(len(base)),
    )
    empty = (base.lower == 0) & (others.lower == 0)
    shares = Fractions.shares(base, others, empty)
    return [Interval(None, None) if own is None else own for own in shares]


def _product(first: Interval, second: Interval) -> Interval:
    """Return the product of two independent bounded numbers."""
    sides = [[end for end in (own.lower, own.upper) if end is not None] for own in (first, second)]
    bounds = [Fraction(a) * Fraction(b) for a, b in product(*sides)]
    return Interval(min(bounds), max(bounds), undefined=first.undefined or second.undefined)
