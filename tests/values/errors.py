"""Errors of values, for tables of calls and messages."""

from collections.abc import Callable, Iterable

import pytest

from tests.rows import check_rows, parts_of
from thbstats.errors import InvalidValue

__all__ = ["EXACT", "NEGATIVE", "check_errors"]

EXACT = (
    "must be an exact number. "
    "Use an int or a fractions.Fraction, or Percent for a printed percentage"
)
NEGATIVE = "must be a count of 0 or more. Set the lower bound to 0 or more"


def check_errors(
    rows: Iterable[tuple[Callable[[], object], str]], *, may_have_cause: bool = False
) -> None:
    """Compare the whole message of each error, which has no other error as its cause."""

    def check(make: Callable[[], object], message: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            make()
        assert parts_of(caught.value) == message
        assert may_have_cause or caught.value.__cause__ is None
        context = caught.value.__context__
        assert may_have_cause or context is None or caught.value.__suppress_context__

    check_rows(check, rows)
