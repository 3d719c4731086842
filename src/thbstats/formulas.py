"""The arithmetic of the library for plain numbers and numpy arrays, and nothing else.

Every function takes numbers or arrays of any shapes that broadcast together and gives a float
for numbers, an array of float64 for arrays. Counts are 0 or more and at most 2**53, so that one
division is rounded once and correctly. A quantity without value, such as a share of an empty
base, is ``nan``: floats have no other word for it, and no other ``nan`` ever comes out. ``nan``
never goes in: a missing count has bounds, see `share_bounds`.
"""

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.values import is_whole

__all__ = [
    "adjusted_residuals",
    "change",
    "clopper_pearson_interval",
    "competition_ranks",
    "cramers_v",
    "decomposition",
    "difference_pp",
    "effective_number",
    "herfindahl",
    "jeffreys_interval",
    "kendall_tau_b",
    "largest_remainder",
    "largest_share",
    "leave_one_out_share",
    "one_case",
    "overlap",
    "pearson_residuals",
    "per",
    "poisson_interval",
    "possible_share",
    "rank_biased_overlap",
    "ratio",
    "ratio_bounds",
    "relative_change",
    "share",
    "share_bounds",
    "wilson_interval",
    "without",
]

Floats = NDArray[np.float64]

_LARGEST = 2**53


def _are_numbers(array: NDArray[Any]) -> bool:
    if array.dtype.kind == "O":  # Python objects, which numpy would read as numbers if it can
        return not any(isinstance(item, str | bytes | bool | np.bool_) for item in array.flat)
    return array.dtype.kind in "iuf"


def _numbers(values: ArrayLike, name: str) -> Floats:
    try:
        array = np.asarray(values)
        numbers = array.astype(np.float64) if _are_numbers(array) else None
    except (TypeError, ValueError, OverflowError):  # a ragged list, an object, a huge integer
        numbers = None
    if numbers is None:
        raise InvalidValue(
            "numbers are needed",
            field=name,
            value=values,
            mend="Give integers or floats; read text with thbstats.Percent or thbstats.read",
        )
    if np.isnan(numbers).any():
        raise InvalidValue(
            f"nan at position {int(np.flatnonzero(np.isnan(numbers))[0])} is not a number",
            field=name,
            value=float("nan"),
            mend="Leave the entry out and say so, or give its bounds to share_bounds",
        )
    return numbers


def _counts(values: ArrayLike, name: str, *, unbounded: bool = False) -> Floats:
    counts = _numbers(values, name)
    beyond = np.asarray(values) > _LARGEST  # before an integer is rounded to a float
    wrong = (counts < 0) | (beyond & ~np.isposinf(counts) if unbounded else beyond)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise InvalidValue(
            f"a count lies between 0 and 2**53; position {place} does not",
            field=name,
            value=float(counts.flat[place]),
            mend="Give counts, not differences; a missing count is not -1",
        )
    return counts


def _at_most(part: Floats, whole: Floats, part_name: str, whole_name: str) -> None:
    above = part > whole
    if above.any():
        place = int(np.flatnonzero(above)[0])
        low, high = (float(array.flat[place]) for array in np.broadcast_arrays(part, whole))
        raise ImpossibleResult(
            f"the {part_name} is above the {whole_name} {high:g} at position {place}",
            field=part_name,
            value=low,
            mend="Check the base: a part cannot be larger than its whole",
        )


def _shown(result: Floats) -> "float | Floats":
    return float(result) if result.ndim == 0 else result


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    quotient = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient


@overload
def share(part: float, whole: float) -> float: ...
@overload
def share(part: ArrayLike, whole: ArrayLike) -> Floats: ...
def share(part: ArrayLike, whole: ArrayLike) -> float | Floats:
    """Return the share of a part in its whole.

    ``share = part / whole``

    Parameters
    ----------
    part, whole : number or array_like, any shapes that broadcast
        Counts of the same unit; the part is counted in the whole too.

    Returns
    -------
    float or ndarray
        In [0, 1]; ``nan`` where the whole is 0.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    9 759 of 20 532 registered victims were recorded as sexually exploited.

    >>> round(share(9759, 20532), 3)
    0.475

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    parts, wholes = _counts(part, "part"), _counts(whole, "whole")
    _at_most(parts, wholes, "part", "whole")
    return _shown(_divide(parts, wholes))


@overload
def ratio(numerator: float, denominator: float) -> float: ...
@overload
def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Floats: ...
def ratio(numerator: ArrayLike, denominator: ArrayLike) -> float | Floats:
    """Return the ratio of two flows, neither of which is part of the other.

    ``ratio = numerator / denominator``

    Parameters
    ----------
    numerator, denominator : number or array_like, any shapes that broadcast
        Counts of two flows, such as convictions and prosecutions of the same years.

    Returns
    -------
    float or ndarray
        0 or more, above 1 too; ``nan`` where the denominator is 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    2 927 convictions and 5 979 prosecutions in 2015-2016:

    >>> round(ratio(2927, 5979), 3)
    0.49

    References
    ----------
    COM(2018) 777, sections II and III.2.
    """
    return _shown(_divide(_counts(numerator, "numerator"), _counts(denominator, "denominator")))


@overload
def per(numerator: float, denominator: float, base: float = ...) -> float: ...
@overload
def per(numerator: ArrayLike, denominator: ArrayLike, base: float = ...) -> Floats: ...
def per(numerator: ArrayLike, denominator: ArrayLike, base: float = 100) -> float | Floats:
    """Return a ratio per hundred, or per any other base.

    ``per = base * numerator / denominator``

    Parameters
    ----------
    numerator, denominator : number or array_like, any shapes that broadcast
        Counts.
    base : float
        Per how many units of the denominator; above 0.

    Returns
    -------
    float or ndarray
        0 or more; ``nan`` where the denominator is 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the base is not above 0.

    Examples
    --------
    Convictions per 100 registered victims, a ratio across units:

    >>> round(per(2927, 20532), 1)
    14.3

    References
    ----------
    COM(2018) 777, section II.
    """
    if not 0 < base < np.inf:
        raise InvalidValue(
            "a base is a number above 0",
            field="base",
            value=base,
            mend="Use 100, 100_000 or 1_000_000",
        )
    numerators, denominators = _counts(numerator, "numerator"), _counts(denominator, "denominator")
    return _shown(base * _divide(numerators, denominators))


@overload
def difference_pp(new: float, old: float) -> float: ...
@overload
def difference_pp(new: ArrayLike, old: ArrayLike) -> Floats: ...
def difference_pp(new: ArrayLike, old: ArrayLike) -> float | Floats:
    """Return the difference of two shares in percentage points.

    ``difference = 100 * (new - old)``

    Parameters
    ----------
    new, old : number or array_like, any shapes that broadcast
        Shares in [0, 1].

    Returns
    -------
    float or ndarray
        In [-100, 100], in percentage points.

    Raises
    ------
    InvalidValue
        If a share lies outside [0, 1] or is not a number.

    Examples
    --------
    >>> round(difference_pp(0.65, 0.56), 1)
    9.0

    References
    ----------
    COM(2018) 777, section II: sexual exploitation without and with the United Kingdom.
    """
    shares = _numbers(new, "new"), _numbers(old, "old")
    for name, values in zip(("new", "old"), shares, strict=True):
        wrong = (values < 0) | (values > 1)
        if wrong.any():
            raise InvalidValue(
                "a share lies between 0 and 1",
                field=name,
                value=float(values[wrong].flat[0]),
                mend="Divide percentages by 100",
            )
    return _shown(100 * np.subtract(*shares))


@overload
def change(new: float, old: float) -> float: ...
@overload
def change(new: ArrayLike, old: ArrayLike) -> Floats: ...
def change(new: ArrayLike, old: ArrayLike) -> float | Floats:
    """Return by how many units a count changed.

    ``change = new - old``

    Parameters
    ----------
    new, old : number or array_like, any shapes that broadcast
        Counts.

    Returns
    -------
    float or ndarray
        Negative for a decrease.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    Registered victims, 2015-2016 against 2013-2014:

    >>> change(20532, 15846)
    4686.0

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    return _shown(np.asarray(_counts(new, "new") - _counts(old, "old")))


@overload
def relative_change(new: float, old: float) -> float: ...
@overload
def relative_change(new: ArrayLike, old: ArrayLike) -> Floats: ...
def relative_change(new: ArrayLike, old: ArrayLike) -> float | Floats:
    """Return by which part of the old count the new one differs.

    ``relative change = (new - old) / old``

    Parameters
    ----------
    new, old : number or array_like, any shapes that broadcast
        Counts.

    Returns
    -------
    float or ndarray
        -1 or more; ``nan`` where the old count is 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    >>> round(relative_change(20532, 15846), 3)
    0.296

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    news, olds = _counts(new, "new"), _counts(old, "old")
    return _shown(_divide(np.asarray(news - olds), olds))


@overload
def without(total: float, member: float) -> float: ...
@overload
def without(total: ArrayLike, member: ArrayLike) -> Floats: ...
def without(total: ArrayLike, member: ArrayLike) -> float | Floats:
    """Return a total without one of its members.

    ``without = total - member``

    Parameters
    ----------
    total, member : number or array_like, any shapes that broadcast
        Counts; the member is counted in the total.

    Returns
    -------
    float or ndarray
        0 or more.

    Raises
    ------
    ImpossibleResult
        If a member is above its total.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    >>> without(20532, 9759)
    10773.0
    """
    totals, members = _counts(total, "total"), _counts(member, "member")
    _at_most(members, totals, "member", "total")
    return _shown(np.asarray(totals - members))


def share_bounds(
    part_lower: ArrayLike, part_upper: ArrayLike, rest_lower: ArrayLike, rest_upper: ArrayLike
) -> tuple[float | Floats, float | Floats]:
    """Return the smallest and the largest share of counts known only between two ends.

    ``lower = part_lower / (part_lower + rest_upper)``,
    ``upper = part_upper / (part_upper + rest_lower)``: the part and the rest are disjoint, so
    both ends are reached.

    Parameters
    ----------
    part_lower, part_upper, rest_lower, rest_upper : number or array_like, shapes that broadcast
        Ends of the part and of the rest of its whole; an upper end can be ``inf``.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; both ``nan`` where part and rest are certainly 0.

    Raises
    ------
    ImpossibleResult
        If a lower end is above its upper end.
    InvalidValue
        If an end is negative or not a number.

    Examples
    --------
    "<5" of which 0 to 4 are possible, beside 6 others:

    >>> share_bounds(0, 4, 6, 6)
    (0.0, 0.4)
    """
    low, high = _range(part_lower, part_upper, "part")
    rest_low, rest_high = _range(rest_lower, rest_upper, "rest")
    low, high, rest_low, rest_high = np.broadcast_arrays(low, high, rest_low, rest_high)
    lower = _part_of(low, rest_high)
    upper = _part_of(high, rest_low)
    none = (high == 0) & (rest_high == 0)
    lower = np.where(none, np.nan, lower)
    upper = np.where(none, np.nan, np.where(high == 0, 0.0, upper))
    return _shown(lower), _shown(upper)


def ratio_bounds(
    numerator_lower: ArrayLike,
    numerator_upper: ArrayLike,
    denominator_lower: ArrayLike,
    denominator_upper: ArrayLike,
) -> tuple[float | Floats, float | Floats]:
    """Return the smallest and the largest ratio of two flows known only between two ends.

    ``lower = numerator_lower / denominator_upper``,
    ``upper = numerator_upper / denominator_lower``, over 1 where the denominator can be 0: counts
    are whole, so 1 is then the smallest denominator that gives a ratio at all.

    Parameters
    ----------
    numerator_lower, numerator_upper : number or array_like
        Ends of the numerator; the upper end can be ``inf``.
    denominator_lower, denominator_upper : number or array_like
        Ends of the denominator; the upper end can be ``inf``.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more; the upper end can be ``inf``; both ``nan`` where the denominator is
        certainly 0.

    Raises
    ------
    ImpossibleResult
        If a lower end is above its upper end.
    InvalidValue
        If an end is negative or not a number.

    Examples
    --------
    18 convictions over "fewer than 5" prosecutions:

    >>> ratio_bounds(18, 18, 0, 4)
    (4.5, 18.0)
    """
    low, high = _range(numerator_lower, numerator_upper, "numerator")
    base_low, base_high = _range(denominator_lower, denominator_upper, "denominator")
    low, high, base_low, base_high = np.broadcast_arrays(low, high, base_low, base_high)
    none = (base_low == 0) & (base_high < 1)
    upper = np.where(none, np.nan, high / np.where(base_low == 0, 1, base_low))
    return _shown(np.where(none, np.nan, _divide(low, base_high))), _shown(upper)


def possible_share(
    part: ArrayLike, unknown: ArrayLike, rest: ArrayLike
) -> tuple[float | Floats, float | Floats]:
    """Return the smallest and the largest share once every unknown finds its category.

    ``lower = part / (part + unknown + rest)``,
    ``upper = (part + unknown) / (part + unknown + rest)``

    Parameters
    ----------
    part, unknown, rest : number or array_like, any shapes that broadcast
        Counts recorded in the category, in none, and in the others.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; ``nan`` where nobody is counted.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    9 759 recorded as sexual, 3 259 without a recorded form, 7 514 recorded as another form:

    >>> [round(end, 3) for end in possible_share(9759, 3259, 7514)]
    [0.475, 0.634]

    References
    ----------
    COM(2018) 777, section II.1.
    """
    parts, unknowns = _counts(part, "part"), _counts(unknown, "unknown")
    everyone = np.asarray(parts + unknowns + _counts(rest, "rest"))
    most = np.asarray(parts + unknowns)
    return _shown(_divide(parts, everyone)), _shown(_divide(most, everyone))


def leave_one_out_share(part: ArrayLike, rest: ArrayLike) -> Floats:
    """Return the pooled share without each of its reporters in turn.

    ``share_i = (P - part_i) / (P - part_i + R - rest_i)`` with ``P``, ``R`` the sums over the
    last axis.

    Parameters
    ----------
    part, rest : array_like, shape (..., n)
        Counts per reporter: in the category, and in the rest of its base.

    Returns
    -------
    ndarray, shape (..., n)
        In [0, 1]; ``nan`` where nobody is left.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there is no axis to leave
        one out of.

    Examples
    --------
    >>> leave_one_out_share([60, 40, 0], [40, 20, 50]).round(3).tolist()
    [0.364, 0.4, 0.625]
    """
    parts, rests = np.broadcast_arrays(_counts(part, "part"), _counts(rest, "rest"))
    if parts.ndim == 0:
        raise InvalidValue(
            "leaving one out needs several",
            field="part",
            value=float(parts),
            mend="Give one count per reporter",
        )
    kept = parts.sum(axis=-1, keepdims=True) - parts
    return _divide(kept, kept + rests.sum(axis=-1, keepdims=True) - rests)


def largest_share(counts: ArrayLike) -> float | Floats:
    """Return the share of the largest member along the last axis: how far one dominates.

    ``largest = max(counts) / sum(counts)``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporter.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` where the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or none is given.

    Examples
    --------
    >>> largest_share([61, 20, 19])
    0.61
    """
    members = _counts(counts, "counts")
    if members.ndim == 0 or members.shape[-1] == 0:
        raise InvalidValue(
            "the largest of none does not exist",
            field="counts",
            value=counts,
            mend="Give one count per reporter, at least one",
        )
    return _shown(_divide(members.max(axis=-1), np.asarray(members.sum(axis=-1))))


def largest_remainder(counts: ArrayLike, units: int = 100) -> NDArray[np.int64]:
    """Return counts as so many units that add up, the largest remainders rounded up.

    ``u_c = floor(units n_c / N)``, plus 1 for as many of the largest remainders as units are left

    Parameters
    ----------
    counts : array of int, shape (..., n)
        Counts; each row along the last axis is divided by itself.
    units : int
        How many units each row gets: 100 for percentages, 1000 for one digit after the point.

    Returns
    -------
    array of int64, same shape
        Each less than 1 from its share of the units. Of equal remainders the larger count comes
        first, then the one that is listed first.

    Raises
    ------
    InvalidValue
        If a count is negative or not whole, a row counts nobody, or there are no units.

    Examples
    --------
    >>> largest_remainder([1, 1, 1])
    array([34, 33, 33])
    >>> largest_remainder([9759, 4532, 3137], 1000)
    array([560, 260, 180])

    References
    ----------
    M. L. Balinski and H. P. Young, Fair Representation (Yale, 1982).
    """
    whole = _counts(counts, "counts")
    if not whole.ndim or not whole.shape[-1] or (whole != np.floor(whole)).any():
        raise InvalidValue(
            "rows of whole counts are needed",
            field="counts",
            value=np.asarray(counts).tolist(),
            mend="Give counts, not rates or percentages",
        )
    if not is_whole(units, least=1):
        raise InvalidValue(
            "at least one whole unit", field="units", value=units, mend="Give for example 100"
        )
    rows = whole.reshape(-1, whole.shape[-1]).astype(np.int64).tolist()
    return np.array([_apportioned(row, units) for row in rows], np.int64).reshape(whole.shape)


def _apportioned(row: list[int], units: int) -> list[int]:
    """Units in Python's numbers: counts times units can pass 2**63."""
    total = sum(row)
    if total == 0:
        raise InvalidValue(
            "nobody is counted", field="counts", value=row, mend="Leave out rows without anybody"
        )
    pairs = [divmod(n * units, total) for n in row]
    left = units - sum(floor for floor, _ in pairs)
    order = sorted(range(len(row)), key=lambda place: (-pairs[place][1], -row[place], place))
    raised = set(order[:left])
    return [floor + (place in raised) for place, (floor, _) in enumerate(pairs)]


def competition_ranks(counts: ArrayLike) -> NDArray[np.int64]:
    """Return the ranks of counts, the largest first; equal counts share the better rank.

    ``rank_i = 1 + number of counts above count_i``

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts to rank.

    Returns
    -------
    ndarray of int64, shape (n,)
        From 1 to n.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there is not one axis.

    Examples
    --------
    >>> competition_ranks([40, 70, 40, 10]).tolist()
    [2, 1, 2, 4]
    """
    values = _counts(counts, "counts")
    if values.ndim != 1:
        raise InvalidValue(
            "ranks are given along one axis",
            field="counts",
            value=f"shape {values.shape}",
            mend="Give a list of counts",
        )
    ordered = np.sort(values)
    return 1 + len(values) - np.searchsorted(ordered, values, side="right")


def overlap(first: ArrayLike, second: ArrayLike) -> float:
    """Return the share of members that two top lists have in common.

    ``overlap = |A and B| / max(|A|, |B|)``

    Parameters
    ----------
    first, second : array_like of str or int, shape (n,)
        Members of two lists, in any order, each once.

    Returns
    -------
    float
        In [0, 1]; 1 when both have the same members; ``nan`` when both are empty.

    Raises
    ------
    InvalidValue
        If a list names a member twice, or what is given is not a list.

    Examples
    --------
    >>> overlap(["RO", "HU", "NL", "PL", "BG"], ["RO", "BG", "NL", "HU", "PL"])
    1.0
    """
    lists = [_members(first, "first"), _members(second, "second")]
    longest = max(len(members) for members in lists)
    if longest == 0:
        return float("nan")
    return len(np.intersect1d(lists[0], lists[1])) / longest


def herfindahl(counts: ArrayLike) -> float | Floats:
    """Return the Herfindahl-Hirschman index along the last axis: how unevenly a sum is divided.

    ``HHI = sum of (count / sum of counts)**2``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporter.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` where the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or none is given.

    Examples
    --------
    >>> round(herfindahl([61, 20, 19]), 4)
    0.4482
    """
    squares, square = _squares(counts)
    return _shown(_divide(squares, square))


def effective_number(counts: ArrayLike) -> float | Floats:
    """Return how many equal counts would be as concentrated as those along the last axis.

    ``effective number = (sum of counts)**2 / sum of count**2``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporter.

    Returns
    -------
    float or ndarray, shape (...)
        In [1, n]; ``nan`` where the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or none is given.

    Examples
    --------
    >>> round(effective_number([61, 20, 19]), 3)
    2.231
    """
    squares, square = _squares(counts)
    return _shown(_divide(square, squares))


def _squares(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Return the sum of squares and the square of the sum along the last axis."""
    members = _counts(counts, "counts")
    if members.ndim == 0 or members.shape[-1] == 0:
        raise InvalidValue(
            "none are not concentrated",
            field="counts",
            value=counts,
            mend="Give one count per reporter, at least one",
        )
    return np.asarray((members**2).sum(axis=-1)), np.asarray(members.sum(axis=-1) ** 2)


def kendall_tau_b(first: ArrayLike, second: ArrayLike) -> float:
    """Return Kendall's tau-b of two orders of the same members.

    ``tau_b = (C - D) / sqrt((P - T1) * (P - T2))``, with ``C`` of ``P`` pairs in the same order in
    both, ``D`` in opposite ones, ``T1`` and ``T2`` tied in the first and in the second

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Counts of the members, in the same order of members.

    Returns
    -------
    float
        In [-1, 1]; ``nan`` where all are tied in either.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there is not one count of
        each member in both.

    Examples
    --------
    >>> round(kendall_tau_b([40, 30, 20], [30, 40, 20]), 3)
    0.333

    References
    ----------
    Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).
    """
    counts = _counts(first, "first"), _counts(second, "second")
    if counts[0].ndim != 1 or counts[0].shape != counts[1].shape:
        raise InvalidValue(
            "two orders are of the same members",
            field="second",
            value=f"shapes {counts[0].shape} and {counts[1].shape}",
            mend="Give two lists of counts, of equal length",
        )
    one, two = (np.sign(np.subtract.outer(values, values)) for values in counts)
    untied = np.asarray(np.sqrt((one**2).sum()) * np.sqrt((two**2).sum()))
    return float(_divide(np.asarray((one * two).sum()), untied))


def rank_biased_overlap(first: ArrayLike, second: ArrayLike, p: float) -> float:
    """Return the rank-biased overlap of two lists, extrapolated from where they end.

    ``RBO = (1 - p) * sum over depths d of p**(d-1) * A_d``, with ``A_d`` the share of members
    that the first ``d`` of both have in common, and what follows as it is where the lists end

    Parameters
    ----------
    first, second : array_like of str or int, shape (n,) and (m,)
        Members of two lists, the first one first, each once.
    p : float
        What each depth weighs of the one before, above 0 and below 1.

    Returns
    -------
    float
        In [0, 1]; 1 for equal lists; ``nan`` if one is empty.

    Raises
    ------
    InvalidValue
        If a list names a member twice, what is given is not a list, or p is not such a number.

    Examples
    --------
    >>> round(rank_biased_overlap(["RO", "HU", "NL"], ["RO", "NL", "PL"], 0.9), 3)
    0.685

    References
    ----------
    Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", ACM Transactions on
    Information Systems 28 (2010), equation 32.
    """
    if not 0 < p < 1:
        raise InvalidValue(
            "a depth weighs a part of the one before",
            field="p",
            value=p,
            mend="Give a number between 0 and 1, such as 0.9",
        )
    _members(first, "first")
    _members(second, "second")
    short, long = sorted((np.asarray(first).tolist(), np.asarray(second).tolist()), key=len)
    if not short:
        return float("nan")
    depths = np.arange(1, len(long) + 1)
    shared = np.array([len(set(short[:depth]) & set(long[:depth])) for depth in depths])
    # The shorter list is taken to go on as it ends.
    ended = shared[len(short) - 1] / len(short)
    agreed = (shared + ended * np.maximum(depths - len(short), 0)) / depths
    return float((1 - p) * (agreed * p ** (depths - 1)).sum() + agreed[-1] * p ** len(long))


def cramers_v(table: ArrayLike) -> float:
    """Return Cramér's V of a table: how strongly rows and columns go together.

    ``V = sqrt(X2 / (N * (k - 1)))``, with ``X2 = sum of (n - e)**2 / e``, ``e`` row total times
    column total over the total ``N``, and k the smaller number of rows and columns

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts; rows and columns with nobody in them do not count.

    Returns
    -------
    float
        In [0, 1]; ``nan`` where fewer than two rows or columns are left.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there are not two axes.

    Examples
    --------
    >>> round(cramers_v([[95, 20], [5, 80]]), 3)
    0.759

    References
    ----------
    Cramér, "Mathematical Methods of Statistics" (1946), section 21.9.
    """
    counts, expected, _ = _independent(table)
    smaller = int((expected > 0).any(axis=1).sum()), int((expected > 0).any(axis=0).sum())
    squares = _divide((counts - expected) ** 2, expected)
    most = counts.sum() * (min(smaller) - 1)
    return float(np.sqrt(_divide(np.asarray(np.nansum(squares)), np.asarray(max(most, 0.0)))))


def pearson_residuals(table: ArrayLike) -> Floats:
    """Return by how much each cell of a table is off independence, in roots of the expected.

    ``residual = (n - e) / sqrt(e)``, with ``e`` row total times column total over the total

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in empty rows and columns.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there are not two axes.

    Examples
    --------
    >>> pearson_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[4.95, -4.95], [-5.75, 5.75]]
    """
    counts, expected, _ = _independent(table)
    return _divide(counts - expected, np.sqrt(expected))


def adjusted_residuals(table: ArrayLike) -> Floats:
    """Return residuals that can be held against a standard normal.

    ``residual = (n - e) / sqrt(e * (1 - row share) * (1 - column share))``

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in rows and columns that are empty or hold everybody.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there are not two axes.

    Examples
    --------
    >>> adjusted_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[10.73, -10.73], [-10.73, 10.73]]

    References
    ----------
    Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29 (1973).
    """
    counts, expected, left = _independent(table)
    return _divide(counts - expected, np.sqrt(expected * left))


def _independent(table: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return a table, what it would be were it independent, and what its margins leave."""
    counts = _counts(table, "table")
    if counts.ndim != 2:
        raise InvalidValue(
            "a table has rows and columns",
            field="table",
            value=f"shape {counts.shape}",
            mend="Give a list of rows of equal length",
        )
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), np.asarray(counts.sum())
    expected = np.nan_to_num(_divide(np.outer(rows, columns), total))
    left = np.outer(_divide(total - rows, total), _divide(total - columns, total))
    return counts, expected, np.nan_to_num(left)


def _members(members: ArrayLike, name: str) -> NDArray[Any]:
    """Return the members of a list, each once, in order of their names."""
    if np.ndim(members) != 1:
        raise InvalidValue(
            "the members of a list are needed",
            field=name,
            value=members,
            mend="Give a list of names; write a set as list(...)",
        )
    unique, times = np.unique(np.asarray(members), return_counts=True)
    if (times > 1).any():
        raise InvalidValue(
            "a list names a member twice",
            field=name,
            value=str(unique[times > 1][0]),
            mend="Rank each member once",
        )
    return unique


@overload
def one_case(base: float) -> float: ...
@overload
def one_case(base: ArrayLike) -> Floats: ...
def one_case(base: ArrayLike) -> float | Floats:
    """Return by how much one case more moves a result over a base.

    ``one case = 1 / base``

    Parameters
    ----------
    base : number or array_like
        The denominator of the result.

    Returns
    -------
    float or ndarray
        As a share; ``nan`` where the base is 0.

    Raises
    ------
    InvalidValue
        If a base is negative, ``nan``, infinite or not a number.

    Examples
    --------
    >>> one_case(20)
    0.05
    """
    return _shown(_divide(np.ones(()), _counts(base, "base")))


def wilson_interval(
    part: ArrayLike, whole: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return Wilson's interval for a probability, for those who treat counts as draws.

    The probabilities ``p`` with ``|x - n p| <= z sqrt(n p (1 - p))`` for ``x`` of ``n``, ``z``
    the normal quantile of ``(1 + level) / 2``. It covers the probability about as often as
    ``level`` says, not always.

    Parameters
    ----------
    part, whole : number or array_like, any shapes that broadcast
        How many of how many independent draws.
    level : float
        Above 0 and below 1.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 where nothing was drawn, since nothing is learned then.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(9759, 20532)]
    [0.4685, 0.4821]

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927), 209-212.
    """
    from scipy.special import ndtri

    parts, rests = _draws(part, whole)
    z = -float(ndtri(_tail(level)))
    everyone = parts + rests
    most = parts + z**2 / 2 + z * np.sqrt(parts / _some(everyone) * rests + z**2 / 4)
    # Not the difference of the same two terms, which would leave nothing of a small share.
    lower = np.asarray(parts / _some(everyone) * parts / most)
    return _shown(lower), _shown(np.minimum(most / (everyone + z**2), 1))


def clopper_pearson_interval(
    part: ArrayLike, whole: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return the exact interval for a probability, for those who treat counts as draws.

    ``lower = B(a; x, n - x + 1)``, ``upper = B(1 - a; x + 1, n - x)`` for ``x`` of ``n``, with
    ``B`` the quantile of the beta distribution and ``a = (1 - level) / 2``; 0 and 1 where ``x``
    is 0 and ``n``. It covers the probability at least as often as ``level`` says.

    Parameters
    ----------
    part, whole, level
        As for `wilson_interval`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 where nothing was drawn.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    Of 12 victims of Malta in 2020, 7 were recorded as sexually exploited:

    >>> [round(end, 3) for end in clopper_pearson_interval(7, 12)]
    [0.277, 0.848]

    References
    ----------
    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
    case of the binomial", Biometrika 26 (1934), 404-413.
    """
    return _beta_interval(part, whole, level, above=1.0)


def jeffreys_interval(
    part: ArrayLike, whole: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return the interval for a probability under Jeffreys' prior, for counts as draws.

    ``lower = B(a; x + 1/2, n - x + 1/2)``, ``upper = B(1 - a; x + 1/2, n - x + 1/2)`` for ``x``
    of ``n``, with ``B`` the quantile of the beta distribution and ``a = (1 - level) / 2``; 0 and 1
    where ``x`` is 0 and ``n``.

    Parameters
    ----------
    part, whole, level
        As for `wilson_interval`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; 0 and 1 where nothing was drawn.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    >>> [round(end, 3) for end in jeffreys_interval(7, 12)]
    [0.312, 0.82]

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001), 101-133, section 3.1.3 with its ends for 0 and n.
    """
    return _beta_interval(part, whole, level, above=0.5)


def poisson_interval(
    count: ArrayLike, *, level: float = 0.95
) -> tuple[float | Floats, float | Floats]:
    """Return the exact interval for the mean of a Poisson count, for counts as realisations.

    ``lower = Q(a; 2 n) / 2``, ``upper = Q(1 - a; 2 n + 2) / 2`` with ``Q`` the quantile of the
    chi-square distribution and ``a = (1 - level) / 2``; 0 for a count of 0. It covers the mean at
    least as often as ``level`` says.

    Parameters
    ----------
    count : number or array_like
        How many events there were.
    level : float
        Above 0 and below 1.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the level is none.

    Examples
    --------
    >>> [round(end, 2) for end in poisson_interval(12)]
    [6.2, 20.96]

    References
    ----------
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442.
    """
    from scipy.special import gammainccinv, gammaincinv

    counts, tail = _counts(count, "count"), _tail(level)
    lower = np.where(counts == 0, 0.0, gammaincinv(_some(counts), tail))
    return _shown(lower), _shown(np.asarray(gammainccinv(counts + 1, tail)))


def decomposition(
    old_part: ArrayLike, old_rest: ArrayLike, new_part: ArrayLike, new_rest: ArrayLike
) -> tuple[Floats, Floats]:
    """Return what each reporter adds to the change of a pooled share, within it and by its weight.

    ``within = (w0 + w1) * (s1 - s0) / 2``,
    ``composition = ((s0 - S0) + (s1 - S1)) * (w1 - w0) / 2``, with ``w`` the weight of a reporter
    in the base of all, ``s`` its share and ``S`` the pooled one; together they sum to
    ``S1 - S0``. A reporter without a base in one period takes its share from the other.

    Parameters
    ----------
    old_part, old_rest, new_part, new_rest : array_like, shape (..., n)
        Counts per reporter in two periods: in the category, and in the rest of its base.

    Returns
    -------
    within, composition : ndarray, shape (..., n)
        In [-1, 1]; ``nan`` where nobody has a base in one of the periods.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there is no axis to sum.

    Examples
    --------
    Both shares stay as they are, and the reporter with the larger one counts more:

    >>> within, composition = decomposition([50, 0], [50, 150], [400, 0], [400, 200])
    >>> within.tolist(), composition.round(3).tolist()
    ([0.0, 0.0], [0.08, 0.12])

    References
    ----------
    E. M. Kitagawa, Components of a difference between two rates, 1955.
    """
    names = ("old_part", "old_rest", "new_part", "new_rest")
    given = zip((old_part, old_rest, new_part, new_rest), names, strict=True)
    parts = np.broadcast_arrays(*(_counts(values, name) for values, name in given))
    if parts[0].ndim == 0:
        raise InvalidValue(
            "a change is split over several",
            field="old_part",
            value=float(parts[0]),
            mend="Give one count per reporter",
        )
    bases = np.asarray(parts[0] + parts[1]), np.asarray(parts[2] + parts[3])
    old, new = (_divide(part, base) for part, base in zip((parts[0], parts[2]), bases, strict=True))
    # Nobody's share matters where the base is empty in both periods.
    old, new = (
        np.nan_to_num(np.where(base == 0, other, own))
        for own, other, base in ((old, new, bases[0]), (new, old, bases[1]))
    )
    totals = [base.sum(axis=-1, keepdims=True) for base in bases]
    weights = [_divide(base, total) for base, total in zip(bases, totals, strict=True)]
    first, second = (
        _divide(part.sum(axis=-1, keepdims=True), total)
        for part, total in zip((parts[0], parts[2]), totals, strict=True)
    )
    within = (weights[0] + weights[1]) * (new - old) / 2
    return within, ((old - first) + (new - second)) * (weights[1] - weights[0]) / 2


def _range(lower: ArrayLike, upper: ArrayLike, name: str) -> tuple[Floats, Floats]:
    low = _counts(lower, f"{name}_lower")
    high = _counts(upper, f"{name}_upper", unbounded=True)
    _at_most(low, high, f"{name}_lower", f"{name}_upper")
    return low, high


def _part_of(part: Floats, rest: Floats) -> Floats:
    """Return part / (part + rest) in the limit; 1 for a part that is all there is."""
    with np.errstate(invalid="ignore", divide="ignore"):
        quotient = part / (part + rest)
    quotient = np.where(np.isinf(rest), 0.0, quotient)
    return np.where((rest == 0) | np.isinf(part), 1.0, quotient)


def _tail(level: float) -> float:
    """Return what lies beyond each end of an interval of a level."""
    if not 0 < level < 1:
        raise InvalidValue(
            "a level lies between 0 and 1",
            field="level",
            value=level,
            mend="Give 0.95 for 95 %",
        )
    return (1 - level) / 2


def _draws(part: ArrayLike, whole: ArrayLike) -> tuple[Floats, Floats]:
    """Return how many draws were of a kind, and how many were not."""
    parts, wholes = _counts(part, "part"), _counts(whole, "whole")
    _at_most(parts, wholes, "part", "whole")
    parts, wholes = np.broadcast_arrays(parts, wholes)
    return parts, np.asarray(wholes - parts)


def _some(counts: Floats) -> Floats:
    """Return counts with 1 in place of 0, where the result does not depend on it."""
    return np.where(counts == 0, 1.0, counts)


def _beta_interval(
    part: ArrayLike, whole: ArrayLike, level: float, *, above: float
) -> tuple[float | Floats, float | Floats]:
    """Return the quantiles of two beta distributions; `above` is what stands beyond a count."""
    from scipy.special import betainccinv, betaincinv

    (parts, rests), tail = _draws(part, whole), _tail(level)
    own = 1 - above
    lower = betaincinv(_some(parts) + own, rests + above, tail)
    upper = betainccinv(parts + above, _some(rests) + own, tail)
    return _shown(np.where(parts == 0, 0.0, lower)), _shown(np.where(rests == 0, 1.0, upper))
