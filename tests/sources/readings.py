"""Laws of readings: the log accounts for every row, in any order."""

from collections.abc import Callable, Sequence
from typing import Any

from thbstats.files import Reading

__all__ = ["check_log", "check_order"]


def check_log(reading: Reading, rows: int) -> None:
    """Check that each row is used or rejected with a problem, and each used row is in a table."""
    log, rejected = reading.log, reading.rejected
    assert log.read == rows == log.used + log.rejected
    assert log.rejected == len(rejected)
    assert sum(len(table) for table in reading.data.tables()) == log.used - log.shared
    lines = {line for item in log.problems if not item.used for line in item.lines.tolist()}
    assert lines == set(rejected["(line)"])
    assert (rejected["(problem)"] != "").all()


def check_order(read: Callable[[Sequence[Any]], Reading], rows: Sequence[Any], random: Any) -> None:
    """Check that the order of rows changes nothing but line numbers."""
    mixed = list(rows)
    random.shuffle(mixed)
    before, after = read(rows), read(mixed)
    assert before.data == after.data
    for name in ("used", "shared", "rejected"):
        assert getattr(before.log, name) == getattr(after.log, name)
    sizes = [sorted((item.code, len(item)) for item in r.log.problems) for r in (before, after)]
    assert sizes[0] == sizes[1]
