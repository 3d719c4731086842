"""Bounds on all persons under a stated dependence between pairs of lists."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor, inf, log, sqrt
from typing import Any, Literal

import numpy as np
from attrs import frozen

from thbstats.bounds import Linear
from thbstats.display import Amount, count, decimal, percent
from thbstats.errors import ImpossibleResult, require
from thbstats.languages import Message, joined
from thbstats.lists.record import (
    COMPLETE,
    EVERYBODY,
    Lists,
    distinct,
    panel_columns,
    person_panel,
    require_lists,
    require_probability,
)
from thbstats.panel import Panel, Result, ResultKind, Status
from thbstats.rules.catalogue import library_warning
from thbstats.values import Interval, Rational, is_integer

_SPREAD, _MARGIN = 12, 40
"""A window of 12 standard deviations and 40 values has all but 10**-30 of the distribution."""


def tails(both: int, sizes: tuple[int, int], persons: int, ratio: float) -> tuple[float, float]:
    r"""Return the probabilities of at most an overlap of two lists, and of at least this overlap.

    .. math:: P(X = x) \propto \binom{A}{x} \binom{N - A}{B - x} \psi^x

    for the sizes A and B of the lists, the number N of all persons and the odds ratio ψ.

    Examples
    --------
    >>> [round(p, 4) for p in tails(1, (2, 2), 4, 1.0)]
    [0.8333, 0.8333]
    """
    first, second = sizes
    remaining = persons - first - second
    lowest, highest = max(0, -remaining), min(sizes)
    if ratio == 0:
        return 1.0, float(both <= lowest)
    # The mode nearly solves (A - x)(B - x)ψ = x(N - A - B + x).
    a, b, c = ratio - 1, ratio * (first + second) + remaining, ratio * first * second
    mode = 2 * c / (b + sqrt(max(b * b - 4 * a * c, 0.0)) or 1.0)
    mode = min(max(mode, lowest), highest)
    cells = (mode, first - mode, second - mode, remaining + mode)
    width = int(_SPREAD / sqrt(sum(1 / max(cell, 1) for cell in cells))) + _MARGIN
    start, stop = max(lowest, int(mode) - width), min(highest, int(mode) + width)
    if not start <= both <= stop:
        return float(both > stop), float(both < start)
    x = np.arange(start, stop, dtype=np.float64)
    steps = np.log((first - x) / (x + 1)) + np.log((second - x) / (remaining + x + 1)) + log(ratio)
    weights = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(weights - weights.max())
    total, position = weights.sum(), both - start
    return float(weights[: position + 1].sum() / total), float(weights[position:].sum() / total)


def smallest(accepts: Callable[[int], bool], start: int) -> int:
    """Return the smallest integer from `start` that a test accepts; it also accepts larger ones."""
    low, step = start - 1, 1
    while not accepts(low + step):
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if accepts(middle) else (middle, high)
    return high


Ratio = Literal["marginal", "conditional"]
Range = tuple[int, int]

_STEP, _STEPS = 100, 10**6
"""The smallest factor of dependence is searched in steps of 0.01, up to 10,000."""


@frozen
class PairCounts:
    """Bounds on the overlap of two lists, on their sizes, and on the persons on other lists.

    The persons on other lists are 0 for the marginal odds ratio. The smallest number of all persons
    increases with the sizes and decreases with the overlap, and so does the largest one.
    """

    names: tuple[str, str]
    both: Range
    first: Range
    second: Range
    outside: Range

    def least(self, ratio: Fraction, tail: float | None, start: Rational) -> Rational:
        """Return the smallest number of all persons, at least `start`."""
        sizes, outside = (self.first[0], self.second[0]), self.outside[0]
        both = min(self.both[1], *sizes)
        if tail is None:
            return max(start, outside + _persons(ratio, both, sizes))
        psi, limit, listed = float(ratio), tail, outside + sum(sizes) - both
        return smallest(
            lambda n: tails(both, sizes, n - outside, psi)[0] >= limit, max(ceil(start), listed)
        )

    def allows(self, ratio: Fraction | None, tail: float | None, persons: Rational) -> bool:
        """Return whether a number of all persons is at most the largest possible number."""
        both, sizes, outside = self.both[0], (self.first[1], self.second[1]), self.outside[1]
        if ratio is None or not both:
            return True
        if tail is None:
            return persons <= outside + _persons(ratio, both, sizes)
        own = max(ceil(persons) - outside, sum(sizes) - both)
        return tails(both, sizes, own, float(ratio))[1] >= tail

    def most(self, ratio: Fraction | None, tail: float | None, start: Rational) -> Rational | None:
        """Return the largest number of all persons; below `start` if all are rejected."""
        if ratio is None or not self.both[0]:
            return None
        if tail is None:
            sizes = self.first[1], self.second[1]
            return self.outside[1] + _persons(ratio, self.both[0], sizes)
        return smallest(lambda n: not self.allows(ratio, tail, n), ceil(start)) - 1

    def odds_ratio(self, persons: int) -> Interval:
        """Return the odds ratio for a number of all persons."""
        ends: list[Fraction | None] = []
        for low, high in ((0, 1), (1, 0)):
            both, first, second = self.both[low], self.first[high], self.second[high]
            neither = persons - self.outside[high] - (first + second - both)
            product = (first - both) * (second - both)
            ends.append(Fraction(max(both * neither, 0), product) if product > 0 else None)
        return Interval(ends[0] or 0, ends[1])


def _persons(ratio: Fraction, both: int, sizes: tuple[int, int]) -> Rational:
    """Return the number of persons with an odds ratio; without an overlap, all persons on lists."""
    product = (sizes[0] - both) * (sizes[1] - both)
    return sum(sizes) - both + (ratio * Fraction(product, both) if both else 0)


def _pair_counts(lists: Lists, ratio: Ratio) -> list[PairCounts]:
    """Return the counts of each pair of lists that gives evidence."""
    problem, hint = "must be 'marginal' or 'conditional'", "Use ratio='marginal'"
    require(ratio in ("marginal", "conditional"), problem, hint, ratio=ratio)
    problem, hint = "must leave a pair of lists without referrals", "Add an independent list"
    require(lists.pairs, problem, hint, referred_from=", ".join(lists.names))
    result = []
    for pair in lists.pairs:
        others = set(lists.names).difference(pair) if ratio == "conditional" else set[str]()
        on_others = Linear.sum(label for own, label in lists.histories.items() if own & others)
        sums = [lists.persons_on(own, others) for own in (pair, *([name] for name in pair))]
        keyless = [lists.without_key.get(name, 0) for name in pair]
        elsewhere = sum(lists.without_key.get(name, 0) for name in others)
        ranges = []
        for sum_, rows in zip((*sums, on_others), (sum(keyless), *keyless, elsewhere), strict=True):
            lower, upper = lists.bounds_of(sum_)
            hint = "Pass the size of each list, or counts with upper bounds such as '<5'"
            if not lists.complete and {*lists.counts} != {*lists.histories}:
                hint = COMPLETE
            names = " and ".join(pair)
            require(upper is not None, "must have the size of each list", hint, counts=names)
            # Without its key, a registration can put a person of the pair on another list.
            less = 0 if sum_ is on_others else elsewhere
            ranges.append((max(lower - less, 0), int(upper or 0) + rows))
        result.append(PairCounts(pair, *ranges))
    return result


def _smallest_factor(
    pairs: Sequence[PairCounts], tail: float | None, start: int
) -> Fraction | None:
    """Return the smallest factor g for which odds ratios from 1/g to g are not rejected."""

    def accepts(step: int) -> bool:
        ratio, persons = Fraction(step, _STEP), Fraction(start)
        for pair in pairs:
            persons = Fraction(pair.least(1 / ratio, tail, persons))
        return step >= _STEPS or all(pair.allows(ratio, tail, persons) for pair in pairs)

    step = smallest(accepts, _STEP)
    return None if step >= _STEPS else Fraction(step, _STEP)


def _range(values: Any) -> tuple[Fraction, Fraction | None]:
    """Return the stated bounds of the odds ratios; ``None`` for no upper bound."""
    lower, upper = Fraction(-1), None
    try:
        low, high = values
        first, last = Fraction(low), None if high in (None, inf) else Fraction(high)
        float(first), float(last or 0)  # an error for a number above 10**308
        lower, upper = first, last
    except (TypeError, ValueError, ArithmeticError):
        pass
    problem = "must be a lower and an upper bound of 0 or more, in this order"
    hint = "Use odds_ratio=('1/3', 3), or None for no upper bound"
    is_valid = lower >= 0 and (upper is None or lower <= upper)
    require(is_valid, problem, hint, odds_ratio=str(values))
    return lower, upper


def _text(ratio: Fraction | None) -> str:
    """Return an odds ratio as text."""
    if ratio is None:
        return Message("no bound")
    return str(ratio) if ratio.denominator <= _STEP else f"{float(ratio):.4g}"


def _level_text(level: float) -> str:
    return percent(Fraction(level).limit_denominator(10**6), 0)


def hidden(
    lists: Lists,
    odds_ratio: tuple[Any, Any],
    level: float | None = None,
    *,
    ratio: Ratio = "marginal",
) -> Result:
    r"""Return bounds on all persons, on a list or on no list, under a stated dependence.

    .. math:: \eta \le \frac{n_{11} (N - n_{11} - n_{10} - n_{01})}{n_{10}\, n_{01}} \le \xi

    for each pair of lists: N is ``n11 + n10 + n01`` plus η to ξ times ``n10 n01 / n11``.

    Parameters
    ----------
    lists : Lists
        Lists with the size of each list and the overlaps of pairs, exact or as bounds.
    odds_ratio : tuple
        The bounds η and ξ of the odds ratio of each pair: int, Fraction, float or a text such as
        ``"1/3"``; ``None`` for no upper bound. 1 is independence; above 1, persons on one list are
        more often on the other one. The range has no default, because lists do not show it.
    level : float, optional
        The confidence level, such as 0.95, for bounds with the variation of sampling.
    ratio : {"marginal", "conditional"}
        The odds ratio among all persons, or among persons on no further list. The second one is
        the exponential of an interaction in a log-linear model.

    Returns
    -------
    Result
        A count with bounds and no value. Its estimand begins with the dependence that the lists
        reject.

    Raises
    ------
    ImpossibleResult
        If the lists reject the range: no number of persons satisfies each pair.
    InvalidValue
        If the range or the level is not valid, or the size of a list is unknown.

    Notes
    -----
    With `level`, the overlap of a pair with given sizes has Fisher's noncentral hypergeometric
    distribution. The bounds are the smallest N with ``P(X <= n11 | N, η) >= (1 - level) / 2K`` and
    the largest N with ``P(X >= n11 | N, ξ) >= (1 - level) / 2K``, for each of K pairs.

    A pair without persons on both lists has no upper bound. Without `level` it contradicts every
    odds ratio above 0: the status is ``contradictory``, and the other pairs give the bounds.

    Comparability warnings: LIST_DEPENDENCE.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"GBA": 39488, "HKS": 1445, ("GBA", "HKS"): 374}
    >>> lists = thb.lists.Lists(["GBA", "HKS"], counts, complete=True)
    >>> [thb.lists.hidden(lists, ("1/2", 2), level).formatted for level in (None, 0.95)]
    ['117,590 to 346,442', '109,296 to 384,272']

    References
    ----------
    P. Gerritse, P. van der Heijden and B. Bakker, Journal of Official Statistics 31 (2015), 357.
    """
    low, high = _range(odds_ratio)
    known = dependence(lists, level=level, ratio=ratio)
    lower, upper, causes = Fraction(known.persons), None, ["The lists", ""]
    for pair in known.pairs:
        bound = Fraction(pair.least(low, known.tail, lower))
        if bound > lower:
            lower, causes[0] = bound, " and ".join(pair.names)
    for pair in known.pairs:
        most = pair.most(high, known.tail, known.persons)
        if most is not None and (upper is None or most < upper):
            upper, causes[1] = most, " and ".join(pair.names)
    stated = Message("{lower} to {upper}", lower=_text(low), upper=_text(high))
    if upper is not None and upper < lower:
        least = Amount(ceil(lower))
        problem = (
            f"must be a range that the lists do not reject. {causes[0]} require at least {least} "
            f"{least:person|persons}, and {causes[1]} at most {max(floor(upper), 0):,}"
        )
        hint = f"Pass a wider range. {known.statement}"
        raise ImpossibleResult(problem, field="odds_ratio", value=stated, hint=hint)
    contradicts = level is None and low > 0 and any(not own.both[1] for own in known.pairs)
    condition = "odds ratios of {range}"
    if ratio == "conditional":
        condition = "conditional odds ratios of {range}"
    parts = [Message(condition, range=stated)]
    parts += (
        [] if level is None else [Message("with sampling at {level}", level=_level_text(level))]
    )
    values = {"statement": known.statement, "condition": joined(parts, ", ")}
    text = "{statement}. All persons, on a list or on none, for {condition}"
    row = {
        "label": Message("all persons, {condition}", **values),
        "estimand": Message(text, **values),
        "bounds": Interval(lower, upper),
        "status": Status.CONTRADICTORY if contradicts else Status.BOUNDED,
    }
    return person_panel(lists, "hidden", EVERYBODY, [row], notes=known.notes[0]).row(0)


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Dependence(Panel):
    """The odds ratio of each pair of lists.

    Parameters
    ----------
    smallest_factor : Fraction or None
        The smallest factor g, in steps of 0.01, for which the lists do not reject odds ratios from
        1/g to g; ``None`` above 10,000. Bounds at this factor are not a confidence interval: they
        shrink to nothing by construction.
    tail : float or None
        The probability of each tail of the test, shared over pairs and sides.
    pairs : tuple of PairCounts
        The counts of each pair.
    persons : int
        The distinct persons on the lists, or their lower bound.
    statement : str
        The dependence that the lists reject, in one sentence.
    """

    smallest_factor: Fraction | None
    tail: float | None
    pairs: tuple[PairCounts, ...]
    persons: int
    statement: str


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
    lists
        As for `hidden`.
    persons : int, optional
        The number N of all persons. By default odds ratios have lower bounds only, which are those
        for N equal to the persons on the lists.
    level : float or None
        The level at which `Dependence.smallest_factor` is tested; ``None`` without sampling.
    ratio
        As for `hidden`.

    Returns
    -------
    Dependence
        A row per pair: the odds ratio, 0 or more, with the overlap as numerator. Pairs with
        referrals are left out. The caption begins with the smallest factor that is not rejected.

    Raises
    ------
    InvalidValue
        If `persons` are fewer than on the lists, or as for `hidden`.

    Notes
    -----
    Comparability warnings: LIST_DEPENDENCE.

    Examples
    --------
    Three lists of Korea:

    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> lists = thb.lists.Lists("bcd", counts, complete=True)
    >>> found = thb.lists.dependence(lists, persons=157)
    >>> found.statement, found["b and c"].formatted
    ('The lists reject every factor of dependence up to 11.81 at 95%', '90.0')
    """
    require_lists(lists)
    require_probability(level=level)
    pairs, start = _pair_counts(lists, ratio), int(distinct(lists).bounds.lower or 0)
    problem = f"must be an integer of at least {start:,}, the persons on the lists"
    is_number = persons is None or is_integer(persons, least=start)
    require(is_number, problem, "Pass the number of all persons", persons=persons)
    tail = None if level is None else (1 - level) / (2 * len(pairs))
    factor, key = _smallest_factor(pairs, tail, start), "LIST_DEPENDENCE.number"
    # The last factor that is rejected; those between it and the smallest factor are not tested.
    text = decimal((factor or Fraction(_STEPS, _STEP)) - Fraction(1, _STEP), 2)
    sentence = "The lists reject every factor of dependence up to {factor}"
    if factor == 1:
        sentence = "The lists do not reject independence"
    statement: str = Message(sentence, factor=text)
    if level is not None:
        statement = Message("{statement} at {level}", statement=statement, level=_level_text(level))
    notes = [] if factor == 1 else [library_warning(key, case="factor", factor=text)]
    apart = [" and ".join(own.names) for own in pairs if not own.both[1]]
    if len(apart) == len(pairs):
        notes.append(library_warning(key, case="unbounded"))
    elif apart and level is None:
        notes.append(library_warning(key, case="overlap", pairs=apart))
    rows, labels = [], [joined(own.names) for own in pairs]
    for label, pair in zip(labels, pairs, strict=True):
        odds = pair.odds_ratio(start if persons is None else persons)
        value = odds if odds.is_point and persons is not None else None
        bounds = odds if persons is not None else Interval(odds.lower, None)
        row = {"label": label, "kind": ResultKind.RATIO, "bounds": bounds, "value": value}
        estimand = "odds ratio of {pair}"
        if persons is not None:
            estimand = "odds ratio of {pair}, if the number of all persons is {n}"
        row["estimand"] = Message(estimand, pair=label, n=count(persons or 0))
        rows.append({**row, "numerator": Interval(*pair.both)})
    caption = Message("{statement}. Odds ratios of pairs of lists", statement=statement)
    panel = person_panel(lists, "dependence", caption, rows, keys={"lists": labels}, notes=notes)
    return Dependence(
        **panel_columns(panel), smallest_factor=factor, tail=tail, pairs=tuple(pairs),
        persons=start, statement=statement,
    )  # fmt: skip
