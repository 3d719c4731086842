"""Attack by difference on synthetic pairs of releases, compared with integer programs.

``python -m tests.disclosure.release_pairs PAIRS SEED`` determines the bounds of all suppressed
cells of each pair by integer programs over all cells, and prints the pairs for which
`thbstats.disclosure.difference` reports other cells or bounds.
"""

import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

import thbstats as thb
from tests.disclosure.tables import made
from thbstats.disclosure import difference
from thbstats.values import Count

HIDDEN = Count.suppressed()
FEW = Count.fewer_than(5)
SEXES, FORMS = ("female", "male", "unknown"), ("sexual", "labour", "other")

Cells = set[tuple[str, int, float, float]]


def release_pair(seed: int) -> tuple[thb.CountTable, thb.CountTable]:
    """Return two releases with margins; cells that changed are published in both."""
    rng = np.random.default_rng(seed)
    sexes, forms = SEXES[: rng.integers(2, 4)], FORMS[: rng.integers(2, 4)]
    first = rng.integers(0, 9, (len(sexes), len(forms)))
    second = first.copy()
    for _ in range(rng.integers(0, 3)):
        place = rng.integers(len(sexes)), rng.integers(len(forms))
        second[place] = max(0, second[place] + rng.integers(-2, 3))
    grids = [np.pad(own, ((0, 1), (0, 1))) for own in (first, second)]
    for own, inner in zip(grids, (first, second), strict=True):
        own[-1, :-1], own[:-1, -1], own[-1, -1] = inner.sum(0), inner.sum(1), inner.sum()
    below = rng.random() < 0.4
    tables = []
    for grid in grids:
        hidden = (grid > 0) & (grid < 5) if below else rng.random(grid.shape) < 0.35
        hidden &= grids[0] == grids[1]
        rows = [
            (sex, form, int(grid[i, j]) if not hidden[i, j] else FEW if below else HIDDEN)
            for i, sex in enumerate((*sexes, "total"))
            for j, form in enumerate((*forms, "total"))
        ]
        tables.append(made("sex exploitation", rows))
    return tables[0], tables[1]


def program_bounds(
    tables: list[thb.CountTable], targets: list[int], *, linked: bool
) -> list[tuple[float, float]]:
    """Return the bounds of cells by integer programs over all cells of the tables."""
    n, rows = len(tables[0]), []
    size = n * len(tables)
    for start, table in zip(range(0, size, n), tables, strict=True):
        keys = [
            tuple(table.columns.key(row)[d] for d in ("sex", "exploitation")) for row in range(n)
        ]
        for axis in (0, 1):
            for other in {key[1 - axis] for key in keys}:
                terms = np.zeros(size)
                for row, key in enumerate(keys):
                    if key[1 - axis] == other:
                        terms[start + row] = 1 if key[axis] == "total" else -1
                rows.append(terms)
    lower, upper = (np.concatenate([getattr(t, end) for t in tables]) for end in ("lower", "upper"))
    if linked:
        for row in range(n):
            other = n + row
            shown = lower[row] == upper[row] and lower[other] == upper[other]
            if not shown and lower[row] <= upper[other] and lower[other] <= upper[row]:
                rows.append(np.eye(size)[row] - np.eye(size)[other])
    result = []
    for cell in targets:
        ends = []
        for sign in (1, -1):
            solved = milp(
                sign * np.eye(size)[cell],
                constraints=LinearConstraint(np.array(rows), 0, 0),
                bounds=Bounds(lower, np.minimum(upper, 10_000)),
                integrality=np.ones(size),
            )
            ends.append(sign * float(round(solved.fun)))
        result.append((ends[0], np.inf if ends[1] > 5_000 else ends[1]))
    return result


def reported_and_expected(seed: int) -> tuple[Cells, Cells]:
    """Return the cells that the pair narrows: those of the library, and of integer programs."""
    old, new = release_pair(seed)
    n = len(old)
    cells = [
        side * n + row
        for side, table in enumerate((old, new))
        for row in np.flatnonzero(table.lower < table.upper).tolist()
    ]
    both = program_bounds([old, new], cells, linked=True)
    alone = [program_bounds([(old, new)[cell // n]], [cell % n], linked=False)[0] for cell in cells]
    expected = {
        (("old", "new")[cell // n], cell % n, *ends)
        for cell, ends, single in zip(cells, both, alone, strict=True)
        if ends != single
    }
    found = difference(old, new).where(risk=["exact", "narrowed"])
    return {(row.release, row.row, row.lower, row.upper) for row in found}, expected


def main(pairs: int, seed: int) -> None:
    """Print the pairs with other cells, and the numbers of pairs and of cells."""
    different, cells = 0, 0
    for number in range(seed, seed + pairs):
        reported, expected = reported_and_expected(number)
        cells += len(expected)
        if reported != expected:
            different += 1
            print(f"{number}: reported {sorted(reported)}, expected {sorted(expected)}")
    print(f"{different} of {pairs} pairs differ; {cells} cells are revealed or narrowed.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
