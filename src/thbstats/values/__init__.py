"""Immutable values: counts, intervals, percentages, periods and flags."""

import thbstats.values.model_fields  # noqa: F401  # adds the fields for pydantic
from thbstats.values.choices import MAX_DIGITS, to_integer
from thbstats.values.count import (
    FLAG_LABELS,
    LARGEST_COUNT,
    Count,
    Reason,
    flag_mask,
    flag_set,
    parse_flags,
)
from thbstats.values.interval import Interval, Rational, exact, is_integer, logarithm, square_root
from thbstats.values.percent import Percent, Rounding
from thbstats.values.period import Certainty, Period

__all__ = [
    "FLAG_LABELS", "LARGEST_COUNT", "MAX_DIGITS", "Certainty", "Count", "Interval", "Percent",
    "Period", "Rational", "Reason", "Rounding", "exact", "flag_mask", "flag_set", "is_integer",
    "logarithm", "parse_flags", "square_root", "to_integer",
]  # fmt: skip
