"""Decomposition of changes of shares.

The weight is the mean of both periods, so that swapping the periods changes every sign and no
residual remains. For counts that are intervals, the bounds of the effects assume independent
weights and shares: they contain every completion, and are not attained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions, Mask, Ranges
from thbstats.display import DisplayTable, pp
from thbstats.errors import NoSuchCell
from thbstats.formulas.proportions import effects
from thbstats.geography import Area
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, Names, Periods, Reading, indicator
from thbstats.languages import Message
from thbstats.panel import Panel, Parts, Result, ResultKind, Status, Suppressions
from thbstats.panel.category_names import country_or_code, with_article
from thbstats.panel.frame_fields import FrameField, number_fields
from thbstats.panel.grid import added_periods, selection_of
from thbstats.panel.panel_text import panel_sheet
from thbstats.panel.result import bounds_of
from thbstats.panel.share_panels import share_panel
from thbstats.rules import Rule, Thresholds, apply_rules, compare
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["Decomposition", "decompose"]


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Decomposition(Panel):
    """Contributions of countries to the change of a pooled share.

    Parameters
    ----------
    change : Result
        The change of the share.
    old, new : Period
        The earlier and the later period.
    within : Fractions, shape (n,)
        The effect of the change of each country's own share.
    composition : Fractions, shape (n,)
        The effect of the change of each country's weight.
    """

    _further: ClassVar[tuple[str, ...]] = ("within", "composition")

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        *number_fields("within", "Effect of the own share", lambda panel: panel.within),
        *number_fields("composition", "Effect of the weight", lambda panel: panel.composition),
    )

    change: Result
    old: Period
    new: Period
    within: Fractions
    composition: Fractions

    @property
    def total_within(self) -> Interval:
        """The sum of the effects within countries, in [-1, 1]."""
        return _limited(_shared.total_of(self.within))

    @property
    def total_composition(self) -> Interval:
        """The sum of the effects of weights, in [-1, 1]."""
        return _limited(_shared.total_of(self.composition))

    @property
    def _shown_period(self) -> Coded[str]:
        """Both periods as text."""
        return Coded.constant(f"{self.old} to {self.new}", len(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the contributions and the whole change as plain data."""
        return super().to_dict() | {
            "change": self.change.to_dict(),
            "within": [bounds_of(effect) for effect in self.within],
            "composition": [bounds_of(effect) for effect in self.composition],
        }

    def footnote(self) -> str:
        """Return the change, the sums of both effects, and each contribution."""
        return "\n\n".join([self.change.footnote(), self._sums, super().footnote()])

    def display_table(self) -> DisplayTable:
        """Return the contributions as a sheet, with the whole change below."""
        columns = (Message("within"), self.within), (Message("composition"), self.composition)
        effects: dict[str, list[str]] = {
            name: [Message("not reported") if own is None else pp(own) for own in column]
            for name, column in columns
        }
        result = panel_sheet(self, first=effects, whole=self.change)
        return evolve(result, notes=[self._sums, *result.notes])

    @property
    def _sums(self) -> str:
        return Message(
            "Within countries: {within}. Composition (weights of countries): {composition}.",
            within=pp(self.total_within),
            composition=pp(self.total_composition),
        )


@indicator("decomposition")
def decompose(
    table: CountTable, *, old: Periods, new: Periods, base: str,
    like_for_like: bool = False, area: Areas = None,
    where: Mapping[str, str] | None = None, overlap: str | None = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **category: Any,
) -> Decomposition:  # fmt: skip
    """Return the contribution of each country to the change of a pooled share.

    With ``w`` the weight of a country in the denominator of all, ``s`` its share and ``S`` the
    pooled share: ``within = 1/2 (w0 + w1) (s1 - s0)``, ``composition = 1/2 ((s0 - S0) + (s1 - S1))
    (w1 - w0)``. Over all countries, both effects sum to ``S1 - S0``. A country without data in one
    period has the weight 0 in this period, and its share is that of the other period. It only
    contributes to the composition.

    Parameters
    ----------
    table : CountTable
        Counts with rows for countries, in both periods.
    old, new : str, int, Period or sequence
        The earlier and the later period; consecutive periods are added.
    base : {"all", "known", "responses"}
        As for `share`.
    like_for_like : bool
        Whether only countries with data in both periods are pooled; by default all with data in one
        period or both.
    area, where, overlap, complete_dimensions, contradictory, thresholds, rules : optional
        As for `share`.
    **category
        The category, by dimension, such as ``exploitation="labour"``; and attributes.

    Returns
    -------
    Decomposition
        One contribution per country, its effects ``within`` and ``composition``, and ``change``,
        the change of the share, all in [-1, 1]. They are exact if the counts are exact.
        Otherwise they are bounds that contain every possible value and can be too wide.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

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
    ...         (*row[:2], form, n)
    ...         for row in rows
    ...         for form, n in zip(("labour", "sexual", "total"), (*row[2:], sum(row[2:])))
    ...     ],
    ...     columns=["area", "period", "exploitation", "value"], kind="victims",
    ... )
    >>> found = thb.decompose(
    ...     table, old=2015, new=2016, base="known", exploitation="labour",
    ...     complete_dimensions="exploitation",
    ... )
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
    older, newer = added_periods(old), added_periods(new)
    table = _shared.divided_by_attribute(table, category)
    question = _shared.question_of(
        table, category, where or {}, base=base, overlap=overlap, by=None, area=area, period=newer,
        complete_dimensions=complete_dimensions, contradictory=contradictory, compared=older,
    )  # fmt: skip
    windows = tuple(Coded.constant(own, 1) for own in older)
    attributes = selection_of(table, {**(where or {}), **category}).attributes
    earlier = question.grid.with_table(table, attributes, windows)
    sides = [share_panel(evolve(question, grid=own)) for own in (earlier, question.grid)]
    panel, periods = Panel.concat(sides), [side.period[0] for side in sides]
    mask, members = panel.parts.reported, panel.parts.members
    if like_for_like:
        counts = np.bincount(members.codes[mask], minlength=len(members.categories))
        mask = mask & (counts[members.codes] == 2)
    lacking = np.flatnonzero(~panel.parts.any_of(mask))
    if len(lacking):
        raise NoSuchCell(
            "a country must have data in the period, or in both periods with like_for_like=True",
            field="period",
            value=str(periods[int(lacking[0])]),
            hint="Use a table with rows for countries",
        )
    applied: dict[str, Any] = {"thresholds": thresholds, "rules": rules}
    status = np.full(2, Status.OK, dtype=np.int8)
    pooled = apply_rules(evolve(_shared.shares_over(panel, mask), status=status), **applied)
    pair = compare(pooled.row(0), pooled.row(1), **applied)
    before, after, first, second = (own.take([i]) for own in (panel, pooled) for i in (0, 1))
    span = {"old": periods[0], "new": periods[1], "share": after.estimand[0]}
    whole = _shared.derived(
        second,
        caption=Message("Change in the share of {share}, {old} to {new}", **span),
        keys={},
        indicator="decompose",
        kind=ResultKind.DIFFERENCE,
        label=Message("{category}, {old} to {new}", category=after.label[0], **span),
        estimand=Message("{share}: {new} minus {old}", **span),
        value=_shared.stated(second).minus(_shared.stated(first)),
        bounds=after.bounds.minus(before.bounds),
        bounds_with_unknown=after.bounds_with_unknown.minus(before.bounds_with_unknown),
        bounds_attained=before.bounds_attained & after.bounds_attained,
        complete=first.complete & second.complete,
        notes=(*(_dated(own, pooled) for own in pair.warnings), *pair.limitations),
    )
    return _contributions(whole, panel.parts, mask, after.estimand[0], periods)


def _dated(own: Any, pooled: Panel) -> Any:
    """Return a warning of one of two periods with its period."""
    periods = [str(row.period) for row in pooled if own in row.warnings]
    return own if len(periods) != 1 else evolve(own, evidence=(("period", *periods), *own.evidence))


def _contributions(
    whole: Panel, parts: Parts, selected: Mask, share: str, periods: Sequence[Period]
) -> Decomposition:
    """Return the contribution of each country, also of countries without data."""
    size = len(members := sorted(set(parts.names)))
    position = parts.members.table(members.index, np.intp)
    has_data = np.isin(np.arange(size), position[selected])

    def by_country(counts: Ranges, number: int, mask: Any) -> Ranges:
        """Return counts of a period, 0 for countries without data."""
        entries = np.flatnonzero((parts.number == number) & mask)
        return Ranges.zero(size).put(position[entries], counts[entries])

    def effects_of(part: Ranges, others: Ranges, mask: Any = True) -> list[Fractions]:
        """Return both effects of each country, and their sum."""
        return _effects([[by_country(own, i, mask) for own in (part, others)] for i in (0, 1)])

    within, composition, value = effects_of(parts.numerator, parts.complement, selected)
    bounds = effects_of(parts.hull, parts.hull_complement)[2]
    joined = effects_of(parts.numerator_with_unknown, parts.complement_with_unknown)[2]
    part, others = (by_country(own, 1, selected) for own in (parts.numerator, parts.complement))
    label = Coded.from_values(members)
    own = {"share": share, "old": periods[0], "new": periods[1]}
    caption = Message("Contributions to the change in the share of {share}, {old} to {new}", **own)
    result = _shared.derived(
        whole.take(np.zeros(size, dtype=np.intp)),
        caption=caption,
        keys={"area": label},
        label=label,
        estimand=label.map(
            lambda code: Message(
                "contribution of {area} to the change in the share of {share}, {old} to {new}",
                area=with_article(country_or_code(code)),
                **own,
            )
        ),
        area=label.map(Area.parse),
        reporters=Coded.from_values(
            frozenset([name][: int(own)]) for name, own in zip(members, has_data, strict=True)
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
        bounds_with_unknown=joined,
        bounds_attained=bounds.is_point,
        complete=bounds.is_point & has_data,
    )
    return _shared.as_kind(
        Decomposition,
        result,
        change=whole.row(0),
        old=periods[0],
        new=periods[1],
        within=within.without(~has_data),
        composition=composition.without(~has_data),
    )


def _effects(sides: Sequence[Sequence[Ranges]]) -> list[Fractions]:
    """Return the within effect and the weight effect of each country, and their sum.

    They are exact for points, else bounds of independent terms. The sum is also
    ``p1 - p0 - 1/2 (S0 + S1) (w1 - w0)``, with ``p`` the part of a country in the denominator of
    all, and both expressions bound it.
    """
    bases = [part + others for part, others in sides]
    shares = [
        [evolve(Interval.share_of(*own), undefined=False) for own in zip(*pair, strict=True)]
        for pair in ([own.intervals() for own in side] for side in sides)
    ]
    # Where a country can have no denominator, its share is that of the other period.
    chosen = [
        [
            other if base.upper[i] == 0 else own.hull(other) if base.lower[i] == 0 else own
            for i, (own, other) in enumerate(zip(*pair, strict=True))
        ]
        for base, pair in zip(bases, (shares, shares[::-1]), strict=True)
    ]
    countries = np.arange(len(bases[0]))
    weights = [
        [Interval.share_of(base.interval(i), base.total(countries != i)) for i in countries]
        for base in bases
    ]
    pooled = [Interval.share_of(part.total(), others.total()) for part, others in sides]
    own_parts = [
        [
            Interval.share_of(part.interval(i), others.interval(i) + base.total(countries != i))
            for i in countries
        ]
        for (part, others), base in zip(sides, bases, strict=True)
    ]
    within, composition = effects(np.array(chosen), np.array(weights), pooled, _HALF_PRODUCT)
    mean = pooled[0] + pooled[1]
    contributions = [
        _both(effect, part - old_part - _half_product(mean, weight - old_weight))
        for effect, old_part, part, old_weight, weight in zip(
            within + composition, *own_parts, *weights, strict=True
        )
    ]
    return [
        Fractions.from_values(map(_limited, own)) for own in (within, composition, contributions)
    ]


def _both(first: Interval, second: Interval) -> Interval:
    """Return the bounds that two expressions of one number imply together."""
    return evolve(first.intersect(second), undefined=first.undefined)


def _limited(effect: Interval) -> Interval:
    """Return an effect within its range [-1, 1]."""
    return _both(effect, Interval(-1, 1))


def _half_product(first: Interval, second: Interval) -> Interval:
    """Return half of the product of two independent bounded numbers."""
    sides = [[end for end in (own.lower, own.upper) if end is not None] for own in (first, second)]
    bounds = [Fraction(a) * Fraction(b) / 2 for a, b in product(*sides)]
    return Interval(min(bounds), max(bounds), undefined=first.undefined or second.undefined)


_HALF_PRODUCT = np.frompyfunc(_half_product, 2, 1)
