"""Whether two tables are the same, and where they are not."""

from collections.abc import Iterator

from thbstats.records import Record
from thbstats.tables import CountTable

__all__ = ["assert_tables_equal"]

_SHOWN = 10
_TOLD = ("count", "flags", "sources", "reporters", "n_reporters")

Cell = tuple[str, ...]


def assert_tables_equal(left: CountTable, right: CountTable) -> None:
    """Raise an error that shows the differences, if two tables are not the same.

    Tables are the same where they have the same cells with the same counts, reasons, flags, sources
    and reporting countries, in whatever order.

    Parameters
    ----------
    left, right : CountTable
        The tables.

    Raises
    ------
    AssertionError
        If they differ: it lists up to ten cells with what each table says of them.

    Examples
    --------
    >>> rows = [("total", 12), ("female", 7), ("male", 5)]
    >>> said = dict(kind="victims", columns=("sex", "value"), area="MT", period=2020)
    >>> one = CountTable.from_rows(rows, **said)
    >>> assert_tables_equal(one, CountTable.from_rows(rows[::-1], **said))
    >>> assert_tables_equal(one, CountTable.from_rows([("total", 12), ("female", 8)], **said))
    Traceback (most recent call last):
    AssertionError: 2 cells differ (left has 3, right has 2):
      sex female: count Count(7) on the left, Count(8) on the right
      sex male: only on the left, Count(5)
    """
    if left.kind != right.kind:
        raise AssertionError(f"{left.kind} on the left, {right.kind} on the right")
    if left == right:
        return
    ours, theirs = _cells(left), _cells(right)
    varying = [
        number
        for number, name in enumerate(left.dimensions)
        if len({*left.categories(name), *right.categories(name)}) > 1
    ]
    lines = [
        f"  {_label(left, cell, varying)}: {problem}"
        for cell in dict.fromkeys([*ours, *theirs])
        for problem in _problems(ours.get(cell), theirs.get(cell))
    ]
    cells = sum(ours.get(cell) != theirs.get(cell) for cell in {**ours, **theirs})
    noun = "1 cell differs" if cells == 1 else f"{cells} cells differ"
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"  and {len(lines) - _SHOWN} more"]
    sizes = f"left has {len(left)}, right has {len(right)}"
    raise AssertionError("\n".join([f"{noun} ({sizes}):", *lines]))


def _cells(table: CountTable) -> dict[Cell, Record]:
    return {
        tuple(str(getattr(record, name)) for name in table.dimensions): record for record in table
    }


def _label(table: CountTable, cell: Cell, varying: list[int]) -> str:
    said = [f"{table.dimensions[number]} {cell[number]}" for number in varying]
    return ", ".join(said) or "the only cell"


def _problems(ours: Record | None, theirs: Record | None) -> Iterator[str]:
    if ours is None or theirs is None:
        record, side = (theirs, "right") if ours is None else (ours, "left")
        yield f"only on the {side}, {record and record.count!r}"
        return
    for name in _TOLD:
        one, two = getattr(ours, name), getattr(theirs, name)
        if one != two:
            yield f"{name} {_said(one)} on the left, {_said(two)} on the right"


def _said(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or "nothing"
    return repr(value)
