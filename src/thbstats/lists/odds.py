"""Bounds on all persons under a stated dependence between pairs of lists."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, inf
from typing import ClassVar, Literal

from attrs import frozen

from thbstats.bounds import Linear
from thbstats.columns import Fractions
from thbstats.display import Column, DisplayTable, count, decimal
from thbstats.errors import ImpossibleResult, InvalidValue, require
from thbstats.lists.distinct_persons import distinct, panel_columns, person_panel
from thbstats.lists.hypergeometric import largest, smallest, tails
from thbstats.lists.record import Lists, pairs_of
from thbstats.panel import ComparabilityWarning, FrameField, Panel, Result, ResultKind, Status
from thbstats.panel.frame_fields import number_fields
from thbstats.panel.text import warning_notes
from thbstats.rules.catalogue import library_warning
from thbstats.values import Interval, Rational, is_integer

Ratio = Literal["marginal", "conditional"]
Number = int | float | Fraction

_STEP = 100
"""The smallest factor of dependence is searched in steps of 0.01."""
_LARGEST = 10**6
"""The number of these steps: no factor above 10,000 is tried."""


@frozen
class PairCounts:
    """Bounds on the overlap of two lists, on their sizes, and on the persons on other lists.

    The persons on other lists are 0 for the marginal odds ratio.
    """

    names: tuple[str, str]
    both: tuple[int, int]
    first: tuple[int, int]
    second: tuple[int, int]
    outside: tuple[int, int] = (0, 0)

    def lower(self, ratio: Fraction, tail: float | None, start: Rational) -> Rational:
        """Return the smallest number of all persons, at least `start`.

        It increases with the sizes, and decreases with the overlap.
        """
        first, second, outside = self.first[0], self.second[0], self.outside[0]
        both = min(self.both[1], first, second)
        if tail is None:
            return max(start, outside + self._point(ratio, both, first, second))
        psi, limit = float(ratio), tail
        least = max(ceil(start), outside + first + second - both)
        return smallest(lambda n: tails(both, first, second, n - outside, psi)[0] >= limit, least)

    def allows(self, ratio: Fraction | None, tail: float | None, persons: Number) -> bool:
        """Return whether a number of all persons is at most the largest one."""
        both, first, second, outside = self.both[0], self.first[1], self.second[1], self.outside[1]
        if ratio is None or not both:
            return True
        if tail is None:
            return persons <= outside + self._point(ratio, both, first, second)
        least = outside + first + second - both
        return (
            tails(both, first, second, max(ceil(persons), least) - outside, float(ratio))[1] >= tail
        )

    def upper(self, ratio: Fraction | None, tail: float | None, start: int) -> Rational | None:
        """Return the largest number of all persons; below `start` if all are rejected."""
        if ratio is None or not self.both[0]:
            return None
        if tail is None:
            return self.outside[1] + self._point(ratio, self.both[0], self.first[1], self.second[1])
        found = largest(lambda n: self.allows(ratio, tail, n), start)
        return start - 1 if found is None else found

    @staticmethod
    def _point(ratio: Fraction, both: int, first: int, second: int) -> Rational:
        """Return the number of persons at which the pair has an odds ratio."""
        product = (first - both) * (second - both)
        persons = first + second - both
        return persons + ratio * Fraction(product, both) if both else persons

    def odds_ratio(self, persons: int) -> Interval:
        """Return the odds ratio for a number of all persons."""
        ends: list[Fraction | None] = []
        for own, other, outside in ((0, 1, 1), (1, 0, 0)):
            both, first, second = self.both[own], self.first[other], self.second[other]
            neither = persons - (first + second - both) - self.outside[outside]
            product = (first - both) * (second - both)
            ends.append(Fraction(max(both * neither, 0), product) if product > 0 else None)
        return Interval(ends[0] or 0, ends[1])


def pair_counts(lists: Lists, ratio: Ratio) -> list[PairCounts]:
    """Return the counts of each pair of lists that is evidence."""
    problem, hint = "must be 'marginal' or 'conditional'", "Use ratio='marginal'"
    require(ratio in ("marginal", "conditional"), problem, hint, ratio=ratio)
    names, keyless = pairs_of(lists), lists.without_key
    problem, hint = "must leave a pair of lists without referrals", "Add an independent list"
    require(names, problem, hint, referred_from=", ".join(lists.names))
    result = []
    for pair in names:
        others = set(lists.names).difference(pair) if ratio == "conditional" else set[str]()
        on_others = [lists.label(own) for own in lists.histories if own & others]
        both, outside = lists.persons_on(pair, others), Linear.sum(on_others)
        sizes = [lists.persons_on({name}, others) for name in pair]
        more = [sum(keyless.get(name, 0) for name in own) for own in (pair, others)]
        more[1:1] = [keyless.get(name, 0) for name in pair]
        fewer = (more[3], more[3], more[3], 0)  # a person can be on another list without a key
        ranges = []
        for sum_, rows, less in zip((both, *sizes, outside), more, fewer, strict=True):
            lower, upper = lists.bounds_of(sum_)
            if upper is None:
                raise InvalidValue(
                    "must have the size of each list",
                    field="counts",
                    value=lists.label(pair),
                    hint="Pass complete=True if histories that are not listed have no persons",
                )
            ranges.append((max(lower - less, 0), upper + rows))
        result.append(PairCounts(pair, *ranges))
    return result


def smallest_factor(pairs: Sequence[PairCounts], tail: float | None, start: int) -> Fraction | None:
    """Return the smallest factor g in steps of 0.01 for which [1/g, g] is not rejected."""

    def accepts(step: int) -> bool:
        ratio: Fraction = Fraction(step, _STEP)
        persons: Rational = start
        for pair in pairs:
            persons = pair.lower(1 / ratio, tail, persons)
        return step >= _LARGEST or all(pair.allows(ratio, tail, persons) for pair in pairs)

    step = smallest(accepts, _STEP)
    return None if step >= _LARGEST else Fraction(step, _STEP)


def factor_text(factor: Fraction | None, level: float | None) -> str:
    """Return the first sentence of each output: the dependence that the lists reject."""
    tested = "" if level is None else f" at {level:.0%}"
    if factor is None:
        return f"The lists reject every factor of dependence up to {_LARGEST // _STEP:,}{tested}"
    if factor == 1:
        return f"The lists do not reject independence{tested}"
    return f"The lists reject every factor of dependence below {decimal(factor, 2)}{tested}"


def _notes(
    lists: Lists, pairs: Sequence[PairCounts], factor: Fraction | None, *, is_plain: bool
) -> list[ComparabilityWarning]:
    notes = []
    if factor != 1:
        text = f"above {_LARGEST // _STEP:,}" if factor is None else str(decimal(factor, 2))
        notes.append(library_warning(_KEY, case="factor", factor=text))
    if not any(pair.both[0] for pair in pairs):
        notes.append(library_warning(_KEY, case="unbounded"))
    elif is_plain and (apart := [own for own in pairs if not own.both[1]]):
        names = [" and ".join(own.names) for own in apart]
        notes.append(library_warning(_KEY, case="overlap", pairs=names))
    for name, feeder in lists.referral_texts():
        notes.append(library_warning(_KEY, case="referral", list=name, feeder=feeder))
    return notes


_KEY = "LIST_DEPENDENCE.number"


def _odds(values: object) -> tuple[Fraction, Fraction | None]:
    """Return the stated range of odds ratios; ``None`` for no upper bound."""
    hint = "Use odds_ratio=(Fraction(1, 3), 3), or (0, None) for no bound"
    try:
        low, high = values  # type: ignore[misc]
        lower = Fraction(low)
        upper = None if high is None or high == inf else Fraction(high)
        is_valid = lower >= 0 and (upper is None or upper >= lower)
    except (TypeError, ValueError, OverflowError):
        is_valid = False
    problem = "must be a lower and an upper bound of 0 or more, in this order"
    require(is_valid, problem, hint, odds_ratio=str(values))
    return lower, upper


def _ratio_text(ratio: Fraction | None) -> str:
    if ratio is None:
        return "no bound"
    return str(ratio) if ratio.denominator <= _STEP else f"{float(ratio):.4g}"


def _tail(level: float | None, pairs: Sequence[PairCounts]) -> float | None:
    """Return the probability of each tail, shared over the pairs and both sides."""
    is_valid = level is None or (isinstance(level, int | float) and 0 < level < 1)
    require(is_valid, "must be above 0 and below 1", "Use level=0.95", level=level)
    return None if level is None else (1 - level) / (2 * len(pairs))


def hidden(
    lists: Lists,
    odds_ratio: tuple[Number | str, Number | str | None],
    level: float | None = None,
    *,
    ratio: Ratio = "marginal",
) -> Result:
    r"""Return bounds on all persons, on a list or on none, under a stated dependence.

    .. math:: \psi_{ij} = \frac{n_{11} (N - n_{11} - n_{10} - n_{01})}{n_{10}\, n_{01}}, \qquad
        \eta \le \psi_{ij} \le \xi \text{ for each pair of lists}

    so that ``n11 + n10 + n01 + η n10 n01/n11 <= N <= n11 + n10 + n01 + ξ n10 n01/n11``.

    Parameters
    ----------
    lists : Lists
        Lists with the size of each list and the overlap of each pair, exact or as bounds.
    odds_ratio : tuple
        The bounds η and ξ of the odds ratio of each pair, as int, Fraction, float or text such as
        ``"1/3"``; ``None`` for no upper bound. 1 is independence, above 1 persons on a list are
        more often on the other one. There is no default: the data do not contain it.
    level : float, optional
        The confidence level, such as 0.95, which adds the variation of sampling. By default the
        bounds hold without it.
    ratio : {"marginal", "conditional"}
        The odds ratio among all persons, or among persons on no other list. The second one is
        ``exp(α)`` of a log-linear model with interactions of two lists.

    Returns
    -------
    Result
        A count of 0 or more with bounds and without a value. The first words of its estimand are
        the dependence that the lists reject. ``result.panel.dependence`` has the pairs.

    Raises
    ------
    ImpossibleResult
        If the lists reject the range: no number of persons satisfies each pair.
    InvalidValue
        If the range or the level is not valid, or the size of a list is unknown.

    Notes
    -----
    With `level`, the overlap of a pair given its sizes A and B has Fisher's noncentral
    hypergeometric distribution. The lower bound is the smallest N with
    ``P(X <= n11 | N, η) >= (1 - level) / 2K`` for each of K pairs, and the upper bound the largest N
    with ``P(X >= n11 | N, ξ) >= (1 - level) / 2K``. The bounds then cover N with at least this
    probability, if each odds ratio is in the range.

    A pair without persons on both lists has no upper bound. Without `level` it contradicts every
    odds ratio above 0: the status is ``contradictory``, and the other pairs give the bounds.

    Comparability warnings: LIST_DEPENDENCE.

    Examples
    --------
    >>> import thbstats as thb
    >>> lists = thb.lists.Lists(
    ...     names=["GBA", "HKS"],
    ...     counts={"GBA": 39488, "HKS": 1445, ("GBA", "HKS"): 374},
    ...     complete=True,
    ... )
    >>> thb.lists.hidden(lists, odds_ratio=("1/2", 2)).formatted
    '117,590 to 346,442'
    >>> thb.lists.hidden(lists, odds_ratio=("1/2", 2), level=0.95).formatted
    '109,296 to 384,272'

    References
    ----------
    P. Gerritse, P. van der Heijden and B. Bakker, Journal of Official Statistics 31 (2015), 357.
    """
    low, high = _odds(odds_ratio)
    known = dependence(lists, level=level, ratio=ratio)
    tail, start = _tail(level, known.pairs), known.start
    lower: Rational = start
    upper: Rational | None = None
    causes = ["", ""]
    for pair in known.pairs:
        bound = pair.lower(low, tail, lower)
        if bound > lower:
            lower, causes[0] = bound, " and ".join(pair.names)
    for pair in known.pairs:
        most = pair.upper(high, tail, start)
        if most is not None and (upper is None or most < upper):
            upper, causes[1] = most, " and ".join(pair.names)
    stated = f"{_ratio_text(low)} to {_ratio_text(high)}"
    if upper is not None and upper < lower:
        factor = (
            "a wider range"
            if known.smallest_factor is None
            else (f"a range of a factor of {decimal(known.smallest_factor, 2)} or more")
        )
        raise ImpossibleResult(
            f"must be a range that the lists do not reject: {causes[0] or 'the lists'} require at "
            f"least {ceil(lower):,} persons, {causes[1]} at most {max(floor(upper), 0):,}",
            field="odds_ratio",
            value=stated,
            hint=f"Pass {factor}",
        )
    is_contradictory = level is None and low > 0 and any(not own.both[1] for own in known.pairs)
    sampling = "" if level is None else f", with sampling at {level:.0%}"
    kind = "" if ratio == "marginal" else "conditional "
    condition = f"{kind}odds ratios of {stated}{sampling}"
    row = {
        "label": f"all persons, {condition}",
        "estimand": f"{factor_text(known.smallest_factor, level)}. All persons, on a list or on "
        f"none, for {condition}",
        "bounds": Interval(lower, upper),
        "status": Status.CONTRADICTORY if is_contradictory else Status.BOUNDED,
    }
    notes = [note for own in known.notes.categories for note in own]
    panel = person_panel(lists, "hidden", "Persons on a list or on none", [row], notes=notes)
    return HiddenPersons(**panel_columns(panel), dependence=known).row(0)


_MARGINS = ("both", "first_only", "second_only")


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Dependence(Panel):
    """The odds ratio of each pair of lists.

    Parameters
    ----------
    smallest_factor : Fraction or None
        The smallest factor g, in steps of 0.01, for which the lists do not reject odds ratios from
        1/g to g; ``None`` above 10,000. It shows the error of the word "independent". Bounds at this
        factor are not a confidence interval: they shrink to nothing by construction.
    level : float or None
        The level of the test.
    pairs : tuple of PairCounts
        The counts of each pair.
    start : int
        The number of distinct persons on the lists, or its lower bound.
    both, first_only, second_only : Fractions
        The persons on both lists of a pair, and on one of them only.
    """

    _further: ClassVar[tuple[str, ...]] = _MARGINS

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        *number_fields("both", "Persons on both lists", lambda panel: panel.both),
        *number_fields("first_only", "Persons on the first list only", lambda p: p.first_only),
        *number_fields("second_only", "Persons on the second list only", lambda p: p.second_only),
    )

    smallest_factor: Fraction | None
    level: float | None
    pairs: tuple[PairCounts, ...]
    start: int
    both: Fractions
    first_only: Fractions
    second_only: Fractions

    def display_table(self) -> DisplayTable:
        """Return the smallest factor, and the counts and odds ratio of each pair."""
        columns = ("both", "first_only", "second_only")
        return DisplayTable(
            caption=self.caption,
            columns=[
                "lists",
                *(Column(name.replace("_", " "), "right") for name in columns),
                Column("odds ratio", "right"),
            ],
            rows=[
                [
                    row.label,
                    *(count(getattr(self, name)[i] or Interval(0, None)) for name in columns),
                    row.formatted,
                ]
                for i, row in enumerate(self)
            ],
            notes=warning_notes([(row.label, row.warnings) for row in self]),
        )

    def __repr__(self) -> str:
        return f"<Dependence of {len(self)} pairs. {factor_text(self.smallest_factor, self.level)}>"


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class HiddenPersons(Panel):
    """Bounds on all persons.

    Parameters
    ----------
    dependence : Dependence
        The pairs of lists, and the smallest factor of dependence that the lists do not reject.
    """

    dependence: Dependence


def dependence(
    lists: Lists,
    *,
    persons: int | None = None,
    level: float | None = 0.95,
    ratio: Ratio = "marginal",
) -> Dependence:
    """Return the odds ratio of each pair of lists, and the dependence that the lists reject.

    ``n11 (N - n11 - n10 - n01) / (n10 n01)`` for a number N of all persons

    Parameters
    ----------
    lists : Lists
        As for `hidden`.
    persons : int, optional
        The number N of all persons. By default the odds ratios have a lower bound only: that of N
        equal to the persons on the lists.
    level : float or None
        The level at which `Dependence.smallest_factor` is rejected; ``None`` without sampling.
    ratio : {"marginal", "conditional"}
        As for `hidden`.

    Returns
    -------
    Dependence
        A row per pair: the odds ratio, 0 or more, and the counts of the pair. Pairs with referrals
        are left out. The caption begins with the smallest factor that is not rejected.

    Raises
    ------
    InvalidValue
        If there are fewer persons than on the lists, or as for `hidden`.

    Notes
    -----
    Comparability warnings: LIST_DEPENDENCE.

    Examples
    --------
    Three lists of Korea reject every factor of dependence below 11.88:

    >>> import thbstats as thb
    >>> lists = thb.lists.Lists(
    ...     names=["b", "c", "d"],
    ...     counts={
    ...         "d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12
    ...     },
    ...     complete=True,
    ... )
    >>> found = thb.lists.dependence(lists, persons=157)
    >>> float(found.smallest_factor), found["b and c"].formatted
    (11.88, '29.77')

    References
    ----------
    MultipleSystemsEstimation, data set Korea.
    """
    pairs, start = pair_counts(lists, ratio), int(distinct(lists).bounds.lower or 0)
    problem = f"must be an integer of at least {start:,}, the persons on the lists"
    is_number = persons is None or is_integer(persons, least=start)
    require(is_number, problem, "Pass the number of all persons", persons=persons)
    factor = smallest_factor(pairs, _tail(level, pairs), start)
    rows = []
    for pair in pairs:
        odds = pair.odds_ratio(start if persons is None else persons)
        odds = Interval(odds.lower, None) if persons is None else odds
        is_defined = odds.is_point and persons is not None
        first, second = pair.names
        rows.append(
            {
                "kind": ResultKind.RATIO,
                "label": f"{first} and {second}",
                "estimand": f"odds ratio of {first} and {second}"
                + ("" if persons is None else f" for {persons:,} persons in all"),
                "bounds": odds,
                "value": odds if is_defined else None,
                "numerator": None,
            }
        )
    text = factor_text(factor, level)
    panel = person_panel(
        lists,
        "dependence",
        f"{text}. Odds ratios of pairs of lists",
        rows,
        keys={"lists": [" and ".join(pair.names) for pair in pairs]},
        notes=_notes(lists, pairs, factor, is_plain=level is None),
    )
    columns = {
        "both": [Interval(*own.both) for own in pairs],
        "first_only": [_only(own.first, own.both) for own in pairs],
        "second_only": [_only(own.second, own.both) for own in pairs],
    }
    return Dependence(
        **panel_columns(panel),
        smallest_factor=factor,
        level=level,
        pairs=tuple(pairs),
        start=start,
        **{name: Fractions.from_values(own) for name, own in columns.items()},
    )


def _only(size: tuple[int, int], both: tuple[int, int]) -> Interval:
    """Return the persons on one list of a pair only."""
    return Interval(max(size[0] - both[1], 0), size[1] - both[0])
