"""A table of cases reports every row that fails."""

import pytest

from tests.rows import check_rows


def check_positive(number: int) -> None:
    if number == 0:
        with pytest.raises(ZeroDivisionError):
            number + 1
    assert number > 0, "not positive"


def test_table_passes_if_every_row_passes() -> None:
    check_rows(check_positive, [(1,), (2,)])


def test_every_failing_row_is_reported() -> None:
    with pytest.raises(AssertionError) as caught:
        check_rows(check_positive, [(1,), (-1,), (0,), ("2",)])
    count, *failures = str(caught.value).splitlines()
    assert count.startswith("3 of 4 rows fail:")
    for failure, parts in zip(
        [line for line in failures if line.startswith("(")],
        [("(-1,): AssertionError", "not positive"), ("(0,)", "DID NOT RAISE"), ("('2',): Type",)],
        strict=True,
    ):
        assert all(part in failure for part in parts)


def test_table_without_rows_fails() -> None:
    with pytest.raises(AssertionError, match="at least one row"):
        check_rows(check_positive, [])
