"""Enumeration and sampling of feasible tables."""

from collections.abc import Iterator
from random import Random

from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Linear
from thbstats.bounds.system import System
from thbstats.errors import InvalidValue

__all__ = ["feasible_tables", "sample_tables"]

_MOST = 100_000


def feasible_tables(system: System, *, most: int = _MOST) -> Iterator[dict[str, int]]:
    """Yield every feasible table.

    Parameters
    ----------
    system : System
        A small system: every cell is bounded and few tables are feasible.
    most : int
        The maximum number of tables.

    Yields
    ------
    dict of str to int
        Tables in ascending order of their cells.

    Raises
    ------
    InvalidValue
        If a cell is unbounded, or more than `most` tables are feasible.

    Examples
    --------
    >>> both = Constraint.count("both", Linear.sum(["women", "men"]), 2)
    >>> [table["women"] for table in feasible_tables(System(["women", "men"], [both]))]
    [0, 1, 2]
    """
    if not system.is_feasible:
        return
    for number, table in enumerate(_fill(system, system.cells)):
        if number == most:
            raise InvalidValue(
                "the number of feasible tables must be at most `most`",
                field="most",
                value=most,
                hint="Compute bounds, or add constraints",
            )
        yield table


def _fill(system: System, cells: tuple[str, ...]) -> Iterator[dict[str, int]]:
    if not cells:
        yield dict(system.table or {})
        return
    name, cell = cells[0], Linear.sum(cells[:1])
    bounds = system.bounds(cell)
    if bounds.upper is None:
        raise InvalidValue(
            "every cell must have an upper bound",
            field="cells",
            value=name,
            hint="Add an upper bound for this cell",
        )
    for value in range(int(bounds.lower or 0), int(bounds.upper) + 1):
        fixed = system.with_constraints(Constraint.count(f"{name} is {value}", cell, value))
        if fixed.is_feasible:
            yield from _fill(fixed, cells[1:])


def sample_tables(
    system: System, number: int, *, seed: int, most: int = _MOST
) -> list[dict[str, int]]:
    """Return a uniform random sample of feasible tables.

    Parameters
    ----------
    system : System
        A small system, as for `feasible_tables`.
    number : int
        The number of tables, drawn with replacement.
    seed : int
        The seed of the random numbers.
    most : int
        The maximum number of feasible tables.

    Returns
    -------
    list of dict of str to int
        The sample shows which values are frequent among feasible tables. It does not show which
        are probable.

    Raises
    ------
    InvalidValue
        If no table or more than `most` tables are feasible, or a cell is unbounded.

    Examples
    --------
    >>> both = Constraint.count("both", Linear.sum(["women", "men"]), 2)
    >>> [table["women"] for table in sample_tables(System(["women", "men"], [both]), 3, seed=1)]
    [0, 2, 2]
    """
    tables = list(feasible_tables(system, most=most))
    if not tables:
        raise InvalidValue(
            "the system must be feasible", field="system", hint="Check minimal_conflict(system)"
        )
    return Random(seed).choices(tables, k=number)
