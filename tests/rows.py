"""One test for a whole table of cases."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from thbstats.errors import ThbstatsError

__all__ = ["check_rows"]


def check_rows(check: Callable[..., None], rows: Iterable[tuple[Any, ...]]) -> None:
    """Call the check with each row, and fail with a list of all rows that fail."""
    checked = 0
    failures = []
    for row in rows:
        checked += 1
        try:
            check(*row)
        except (Exception, pytest.fail.Exception) as error:
            failures.append(f"{row!r:.300}: {type(error).__name__}: {error}")
    assert checked, "The table must have at least one row."
    assert not failures, f"{len(failures)} of {checked} rows fail:\n" + "\n".join(failures)


def parts_of(error: BaseException) -> str:
    """Return row, field, value, problem and hint of an error of thbstats."""
    assert isinstance(error, ThbstatsError)
    places = [
        *([] if error.row is None else [f"row {error.row}"]),
        *([] if error.field is None else [f"field {error.field!r}"]),
        *([f"value {error.value!r}"] if error.has_value else []),
    ]
    where = f"{', '.join(places)}: " if places else ""
    end = f" {error.hint}" if error.hint else ""
    return f"{where}{error.problem.removesuffix('.')}.{end}"
