"""Decomposition: whether a share changed within countries, or because others counted more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess, compare
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area, parse_area
from thbstats.pooling import (
    ABSENT,
    Effect,
    Piece,
    Question,
    area_throughout,
    effects,
    split,
)
from thbstats.results import Change, Decomposition, Measure, Parts, Share, Warnings
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["decompose"]

_NAME = "decompose"


def decompose(
    table: CountTable,
    *,
    old: str | int | Period,
    new: str | int | Period,
    base: str,
    like_for_like: bool = False,
    area: str | Area | None = None,
    within: Mapping[str, str] | None = None,
    overlap: str | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **category: Any,
) -> Decomposition:
    """Return what each country adds to the change of a pooled share, within it and by its weight.

    With ``w`` a country's weight in the base of all, ``s`` its own share and ``S`` the pooled
    one: ``within = 1/2 (w0 + w1) (s1 - s0)``, ``composition = 1/2 ((s0 - S0) + (s1 - S1))
    (w1 - w0)``; their sums over all countries make ``S1 - S0``. A country that is absent in one
    period has no weight there and takes its share from the other, so that all it adds is
    composition.

    Parameters
    ----------
    table : CountTable
        Counts with rows for countries.
    old, new : str, int or Period
        The earlier and the later period; sum years first with `CountTable.sum`.
    base : {"all", "recorded"}
        As for `share`.
    like_for_like : bool
        Whether only the countries that gave both periods are pooled; else all that gave either.
    area, within, overlap : optional
        As for `share`.
    thresholds, rules : optional
        Passed to `assess` and `compare`.
    **category
        The category, by dimension, such as ``exploitation="labour"``, and attributes.

    Returns
    -------
    Decomposition
        One `Change` per country, in [-1, 1], with `within` and `composition` beside the items
        and their sums. They are exact where the counts are points; where a count is an interval,
        such as "<5", they are bounds that hold every completion and need not be sharp. `whole` is
        the change of the share.

    Raises
    ------
    NoSuchCell
        If the table has no counts in a period, or no country of several gave the share in one.
    AmbiguousCell
        If the area or an attribute of the counts must be named.
    InvalidValue
        If the base is not one of the two, no category is named, or it is no part of ``within``.

    Notes
    -----
    Comparability warnings: those of `share`, and COVERAGE where other countries report.

    Examples
    --------
    In each country the share of labour exploitation stays as it was. It rises from 20.0 % to
    40.0 % since the United Kingdom, where it is large, counts more:

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
    >>> found = thb.decompose(table, old=2015, new=2016, base="recorded", exploitation="labour")
    >>> found.whole.shown, found.total_within, found.total_composition
    ('+20.0 pp', Interval(0), Interval(1/5))
    >>> found["UK"].shown, found["FR"].shown
    ('+8.0 pp', '+12.0 pp')

    References
    ----------
    E. M. Kitagawa, Components of a difference between two rates, Journal of the American
    Statistical Association 50 (1955). COM(2018) 777, section II: the United Kingdom has 61 % of
    the victims of labour exploitation.
    """
    attributes, chosen = split(table, category, breakdowns="a share")
    shared, inside = split(table, within or {}, breakdowns="a base")
    if not chosen:
        raise InvalidValue(
            "a share is of a category",
            field="category",
            mend='Name one, such as exploitation="labour"',
        )
    period = [Period.parse(old), Period.parse(new)]
    where = area_throughout(table, area, {**shared, **attributes, "period": period})
    answers = [
        Question(
            table=table,
            base=base,
            area=where,
            overlap=overlap,
            within=inside,
            attributes={"period": each, **shared, **attributes},
        ).answer(tuple(chosen), chosen)
        for each in period
    ]
    places = [answer.classification.recorded.index(chosen) for answer in answers]
    found = list(zip(answers, places, strict=True))
    parts = [answer.parts(place) for answer, place in found]
    names = [each.reporters for each in parts]
    if like_for_like:
        names = [names[0] & names[1]] * 2
    _require_some(names, period)
    old_share, new_share = (
        assess(answer.share(place, among), thresholds=thresholds, rules=rules)
        for (answer, place), among in zip(found, names, strict=True)
    )
    pair = compare(old_share, new_share, thresholds=thresholds, rules=rules)
    return _decomposition(
        _whole(old_share, new_share, pair.warnings),
        given=[_pieces(each, among) for each, among in zip(parts, names, strict=True)],
        bounds=_effects(*map(_pieces, parts)),
        possible=_effects(*(_pieces(answer.parts(at, spread=True)) for answer, at in found)),
    )


def _require_some(names: Sequence[frozenset[str]], periods: Sequence[Period]) -> None:
    """Refuse a share that no country gave."""
    for reporters, period in zip(names, periods, strict=True):
        if not reporters:
            raise NoSuchCell(
                "of several countries, none gave the share in the period, or in both where they "
                "are matched",
                field="period",
                value=str(period),
                mend="Give rows for countries; one figure alone cannot be split",
            )


def _whole(old: Share, new: Share, warnings: Warnings) -> Change:
    """Return the change of the pooled share."""
    return Change(
        indicator=_NAME,
        label=f"{new.label}, {old.period} to {new.period}",
        measure=Measure.DIFFERENCE,
        category=new.category,
        numerator=new.numerator,
        denominator=new.denominator,
        base=new.base,
        estimand=f"{new.estimand}: {new.period} against {old.period}",
        reported=new.stated - old.stated,
        bounds=new.bounds - old.bounds,
        possible=new.possible - old.possible,
        context=new.context,
        sharp=old.sharp and new.sharp,
        warnings=warnings,
    )


def _decomposition(
    whole: Change,
    *,
    given: Sequence[Mapping[str, Piece]],
    bounds: Mapping[str, Effect],
    possible: Mapping[str, Effect],
) -> Decomposition:
    """Return what each country adds, also those that gave nothing and could."""
    reported = _effects(*given)
    items = [
        evolve(
            _contribution(whole, member, reported.get(member), bounds[member]),
            numerator=given[1].get(member, ABSENT).part,
            denominator=given[1].get(member, ABSENT).base,
            possible=possible[member].total,
        )
        for member in bounds
    ]
    found = [reported.get(member) for member in bounds]
    return Decomposition(
        caption=f"contributions to {whole.label}",
        items=items,
        whole=whole,
        within=[None if effect is None else effect.within for effect in found],
        composition=[None if effect is None else effect.composition for effect in found],
    )


def _contribution(whole: Change, member: str, reported: Effect | None, bounds: Effect) -> Change:
    return evolve(
        whole,
        label=member,
        estimand=f"what {member} adds to the change of {whole.label}",
        reported=None if reported is None else reported.total,
        bounds=bounds.total,
        context=evolve(
            whole.context,
            area=parse_area(member),
            reporters=frozenset([member] if reported else []),
            expected=frozenset([member]),
            n_reporters=int(reported is not None),
        ),
        sharp=bounds.total.is_point,
    )


def _pieces(parts: Parts, among: frozenset[str] | None = None) -> dict[str, Piece]:
    """Return the counts of each country, or of some."""
    places = np.arange(len(parts.members))
    return {
        member: Piece(parts.numerator.total(places == at), parts.rest.total(places == at))
        for at, member in enumerate(parts.members)
        if among is None or member in among
    }


def _effects(old: Mapping[str, Piece], new: Mapping[str, Piece]) -> dict[str, Effect]:
    """Return what each country of either period adds."""
    members = sorted(old.keys() | new.keys())
    columns = ([pieces.get(member, ABSENT) for member in members] for pieces in (old, new))
    return dict(zip(members, effects(*columns), strict=True))
