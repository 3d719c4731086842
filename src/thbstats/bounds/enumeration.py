"""All tables that fit, where they are few, and some drawn at random."""

from collections.abc import Iterator
from random import Random

from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Linear
from thbstats.bounds.system import System
from thbstats.errors import InvalidValue

__all__ = ["feasible_tables", "sample_tables"]

_MOST = 100_000


def feasible_tables(system: System, *, most: int = _MOST) -> Iterator[dict[str, int]]:
    """Yield every table that fits, each once.

    Parameters
    ----------
    system : System
        A small one: every cell has an end, and few tables fit.
    most : int
        How many tables are given before it is refused to go on.

    Yields
    ------
    dict of str to int
        In ascending order of the cells.

    Raises
    ------
    InvalidValue
        If a cell can be as large as you like, or more tables fit than `most`.

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
                f"more than {most} tables fit",
                field="most",
                value=most,
                hint="Ask for bounds, or say more of the cells",
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
            "a cell has no end, so that the tables have none",
            field="cells",
            value=name,
            hint="Say what it is at most",
        )
    for value in range(int(bounds.lower or 0), int(bounds.upper) + 1):
        fixed = system.with_constraints(Constraint.count(f"{name} is {value}", cell, value))
        if fixed.is_feasible:
            yield from _fill(fixed, cells[1:])


def sample_tables(
    system: System, number: int, *, seed: int, most: int = _MOST
) -> list[dict[str, int]]:
    """Return tables drawn at random from all that fit, each as likely as any other.

    Parameters
    ----------
    system : System
        A small one, as for `feasible_tables`.
    number : int
        How many tables, drawn with replacement.
    seed : int
        The same seed draws the same tables.
    most : int
        How many tables may fit.

    Returns
    -------
    list of dict of str to int
        They show how typical a value is among the tables that fit. That says nothing of how
        probable it is: no table is more likely to be the true one because others resemble it.

    Raises
    ------
    InvalidValue
        If no table fits, more than `most` do, or a cell has no end.

    Examples
    --------
    >>> both = Constraint.count("both", Linear.sum(["women", "men"]), 2)
    >>> [table["women"] for table in sample_tables(System(["women", "men"], [both]), 3, seed=1)]
    [0, 2, 2]
    """
    tables = list(feasible_tables(system, most=most))
    if not tables:
        raise InvalidValue("no table fits", field="system", hint="Look at its conflict")
    return Random(seed).choices(tables, k=number)
