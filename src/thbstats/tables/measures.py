"""The columns value, lower, upper, reason and flags as the numbers of a table."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns.codes import repeat
from thbstats.errors import InvalidValue, ThbstatsError, did_you_mean
from thbstats.tables.columns import Numbers
from thbstats.tables.encoding import distinct, is_scalar
from thbstats.tables.problems import Problems
from thbstats.tables.whole import Whole, absent, read_whole
from thbstats.values import Reason, flag_mask

__all__ = ["MEASURES", "read_numbers"]

MEASURES = ("value", "lower", "upper", "reason", "flags", "unanswered")

_NOT_GIVEN = 255
_KNOWN, _FEWER, _NOT_APPLICABLE = (
    reason.severity for reason in (Reason.KNOWN, Reason.FEWER_THAN, Reason.NOT_APPLICABLE)
)
# These say what a count can be only together with its ends.
_NEED_ENDS = (_KNOWN, Reason.ROUNDED.severity, _FEWER, Reason.CONFLICTING.severity)


@frozen(eq=False, kw_only=True)
class _Given:
    value: Whole
    lower: Whole
    upper: Whole
    reason: NDArray[np.uint8]


def read_numbers(columns: Mapping[str, Any], size: int, problems: Problems) -> Numbers:
    """Return the numbers of a table from the columns that say them.

    ``value`` alone are known counts. A row without a value needs a reason, and the ends that the
    reason leaves open.
    """
    flags = _read_flags(columns.get("flags"), size, problems)
    further = _read_unanswered(columns, size, problems)
    value = _read(columns, "value", size, problems)
    plain = not any(columns.get(name) is not None for name in ("lower", "upper", "reason"))
    if plain and value.missing is None and value.infinite is None:
        return Numbers(
            lower=value.numbers,
            reason=repeat(np.uint8(0), size),
            flags=flags,
            unanswered=further,
        )
    given = _Given(
        value=value,
        lower=_read(columns, "lower", size, problems),
        upper=_read(columns, "upper", size, problems),
        reason=_read_reasons(columns.get("reason"), size, problems),
    )
    return evolve(_resolved(given, flags, problems), unanswered=further)


def _read_unanswered(
    columns: Mapping[str, Any], size: int, problems: Problems
) -> NDArray[np.int64] | None:
    if columns.get("unanswered") is None:
        return None
    whole = _read(columns, "unanswered", size, problems)
    found = np.where(whole.given, whole.numbers, -1)
    return found if (found >= 0).any() else None


def _read(columns: Mapping[str, Any], name: str, size: int, problems: Problems) -> Whole:
    values = columns.get(name)
    if values is None:
        return absent(size)
    whole = read_whole([values] * size if is_scalar(values) else values, name, problems)
    if whole.infinite is not None and name != "upper":
        problems.rows(
            whole.infinite,
            lambda row: InvalidValue(
                "only an upper end can be without bound",
                row=row,
                field=name,
                value=np.inf,
                hint="Give a reason such as 'not_reported' for a count that is not known",
            ),
        )
    return whole


def _read_reasons(values: Any, size: int, problems: Problems) -> NDArray[np.uint8]:
    looked_up = _looked_up(values, "reason", size, problems, read=_severity, gap=_NOT_GIVEN)
    return looked_up.astype(np.uint8)


def _read_flags(values: Any, size: int, problems: Problems) -> NDArray[np.uint32]:
    return _looked_up(values, "flags", size, problems, read=flag_mask, gap=0)


def _severity(text: object) -> int:
    plain = str(text).strip().lower().replace(" ", "_").replace("-", "_")
    if plain not in list(Reason):
        raise InvalidValue(
            "no such reason", field="reason", value=text, hint=did_you_mean(plain, Reason)
        )
    return Reason(plain).severity


def _looked_up(
    values: Any, name: str, size: int, problems: Problems, *, read: Callable[[Any], int], gap: int
) -> NDArray[np.uint32]:
    """Return what each value reads as; every distinct value is read once."""
    if values is None:
        return repeat(np.uint32(gap), size)
    if is_scalar(values):
        return repeat(np.uint32(read(values)), size)
    found = distinct(values, name)
    table: NDArray[np.uint32] = np.full(len(found.categories) + 1, gap, dtype=np.uint32)
    for place in found.present:
        value = found.categories[place]
        try:
            table[place] = read(value)
        except ThbstatsError as error:
            problems.add(error.with_location(row=found.first_row(place), field=name, value=value))
    return np.take(table, found.codes)


def _resolved(given: _Given, flags: NDArray[np.uint32], problems: Problems) -> Numbers:
    point, reason = given.value.given, given.reason
    value, zero = given.value.numbers, reason == _NOT_APPLICABLE
    lower = np.where(given.lower.given, given.lower.numbers, value)
    upper = np.where(point, value.astype(np.float64), np.where(zero, 0.0, np.inf))
    upper = np.where(given.upper.given, given.upper.numbers, upper)
    if given.upper.infinite is not None:
        upper[given.upper.infinite] = np.inf
    _check(given, lower, upper, problems)
    reason = np.where(reason == _NOT_GIVEN, np.uint8(_KNOWN), reason)
    return Numbers(lower=lower, above=upper, reason=reason, flags=flags)


def _check(
    given: _Given, lower: NDArray[np.int64], upper: NDArray[np.float64], problems: Problems
) -> None:
    """Find what is wrong with each row; a row is reported once."""
    reported = np.zeros(len(lower), dtype=np.bool_)
    for wrong, problem, field, hint in _faults(given, lower, upper):
        problems.rows(
            wrong & ~reported,
            partial(_fault, problem=problem, field=field, hint=hint, lower=lower, upper=upper),
        )
        reported |= wrong


def _fault(
    row: int,
    *,
    problem: str,
    field: str,
    hint: str,
    lower: NDArray[np.int64],
    upper: NDArray[np.float64],
) -> InvalidValue:
    ends = "missing" if field == "value" else f"{lower[row]} to {upper[row]:.0f}"
    return InvalidValue(problem, row=row, field=field, value=ends, hint=hint)


def _faults(
    given: _Given, lower: NDArray[np.int64], upper: NDArray[np.float64]
) -> list[tuple[NDArray[np.bool_], str, str, str]]:
    point, reason = given.value.given, given.reason
    stated = reason != _NOT_GIVEN
    fewer, both = reason == _FEWER, given.lower.given & given.upper.given
    enough = both | (fewer & given.upper.given)
    return [
        (
            ~point & ~stated & ~both,
            "a count is missing and nothing says why",
            "value",
            "Add a column reason, for example 'not_reported' or 'suppressed'; write 0 for none",
        ),
        (
            ~point & np.isin(reason, _NEED_ENDS) & ~enough,
            "the reason does not say what the count can be",
            "upper",
            "Give lower and upper: '<5' is lower 0, upper 4",
        ),
        (
            point & ((lower != given.value.numbers) | (upper != given.value.numbers)),
            "the value and the ends disagree",
            "lower",
            "Give the value, or the ends with a reason",
        ),
        (lower > upper, "the lower end is above the upper", "lower", "Correct one of them"),
        (
            (lower != upper) & (~stated | (reason == _KNOWN)),
            "a known count has one value",
            "reason",
            "Say why it is an interval, for example 'rounded'",
        ),
        (
            (upper != 0) & (reason == _NOT_APPLICABLE),
            "a count that does not apply adds nothing",
            "upper",
            "Leave the ends out, or give another reason",
        ),
    ]
