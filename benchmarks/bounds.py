"""Exact bounds with a certificate, next to scipy.optimize.milp.

The first part uses the reference report: each question alone, each question after another one, an
audit, and all smallest sets of claims that conflict.

The third part uses a table of 1,400 cells in three dimensions, of which margins are published, and
the same inequalities in milp; the rule is that a certified answer takes at most 5 times as long.

The second part uses random tables in two dimensions with totals of rows and columns and rounded
percentages, and asks for bounds of single cells. scipy.optimize.milp gets the same inequalities.
Its answers are compared, and can differ within its tolerance.

    python benchmarks/bounds.py [queries] [seed]
"""

import sys
from collections.abc import Callable
from itertools import combinations, product
from random import Random
from time import perf_counter

import numpy as np
from _section import Rule, Table, finish
from scipy.optimize import LinearConstraint, milp

import thbstats as thb
from thbstats.bounds import Constraint, Linear, System, minimal_conflicts
from thbstats.values import Percent

QUESTIONS: tuple[dict[str, object], ...] = (
    {"exploitation": "labour"},
    {"area": "UK"},
    {"area": "UK", "exploitation": "sexual"},
    {"area": "UK", "exploitation": "labour"},
    {"area": "UK", "sex": "female", "assume_base": {"sex": "all"}},
    {"area": "UK", "exploitation": "labour", "denominator": {}, "base": "known"},
)


def printed(rows: int, columns: int, claims: int, random: Random) -> System:
    """Return a system of rows x columns cells with its total and that many claims."""
    cells = [[f"{row}-{column}" for column in range(columns)] for row in range(rows)]
    truth = {name: int(random.paretovariate(0.8)) * 7 for line in cells for name in line}
    lines = [Linear.sum(line) for line in cells]
    lines += [Linear.sum(line) for line in zip(*cells, strict=True)]
    total = Linear.sum(truth)
    constraints = [Constraint.count("total", total, total.value(truth))]
    for number in range(claims):
        name, line = f"claim {number}", random.choice(lines)
        if random.random() < 0.3:
            constraints.append(Constraint.count(name, line, line.value(truth)))
            continue
        inside = Linear.sum(random.sample(line.cells, max(1, len(line.cells) // 4)))
        part, whole = random.choice([(line, total), (inside, line)])
        digits = (200 * part.value(truth) + whole.value(truth)) // (2 * whole.value(truth))
        constraints.append(Constraint.percentage(name, part, whole, Percent(str(digits))))
    return System(truth, constraints)


def by_milp(system: System) -> Callable[[Linear], tuple[int, int]]:
    """Return a function that asks milp for both bounds; the matrix is made once."""
    places = {name: place for place, name in enumerate(system.cells)}
    rows = [each for constraint in system.constraints for each in constraint.inequalities]
    matrix = np.zeros((len(rows), len(places)))
    for row, each in zip(matrix, rows, strict=True):
        for name, number in each.left.terms:
            row[places[name]] = number
    held = LinearConstraint(matrix, -np.inf, [each.limit for each in rows])

    def ends(asked: Linear) -> tuple[int, int]:
        aim = np.zeros(len(places))
        for name, number in asked.terms:
            aim[places[name]] = number
        low, high = (
            milp(sign * aim, integrality=np.ones(len(aim)), constraints=held) for sign in (1, -1)
        )
        return round(low.fun), round(-high.fun)

    return ends


def seconds(call: Callable[[], object]) -> tuple[float, object]:
    start = perf_counter()
    found = call()
    return perf_counter() - start, found


def reference() -> Table:
    report = thb.publications.com_2018_777()
    thb.infer(report, area="UK")
    known, rows = {}, []
    for asked in QUESTIONS:
        rest = {name: value for name, value in asked.items() if name != "assume_base"}
        bases = asked.get("assume_base", {})
        if str(bases) not in known:
            known[str(bases)] = thb.bounds.Evidence(report, assume_base=bases)
            known[str(bases)].infer(area="UK", exploitation="other")
        alone, _ = seconds(lambda asked=asked: thb.infer(report, **asked))
        again, found = seconds(lambda rest=rest, of=str(bases): known[of].infer(**rest))
        rows.append((found.label, found.formatted, f"{1e3 * alone:.1f}", f"{1e3 * again:.1f}"))
    together, _ = seconds(lambda: thb.audit(report))
    wrong = thb.bounds.Evidence(
        report, assume_base={"ii-labour-share": "all", "ii-1-labour-share": "all"}
    )
    system = next(wrong.claim_systems()).system
    took, found = seconds(lambda: minimal_conflicts(system))
    return Table(
        title="The reference report",
        columns=("question", "found", "alone, ms", "after another, ms"),
        rows=tuple(rows),
        notes=(
            f"All claims audited: {together:.2f} s.",
            f"{len(found)} smallest sets that conflict, of {len(system.constraints)} claims: "
            f"{took:.2f} s.",
        ),
    )


LARGEST = 5
"""How many times the time of milp a certified answer of a large system may take."""


def multiway(random: Random) -> System:
    """Return 7 x 10 x 20 cells, of which three in five margins are published."""
    sides = (7, 10, 20)
    cells = list(product(*map(range, sides)))
    truth = {
        name_of(cell): int(random.paretovariate(0.8)) if random.random() < 0.7 else 0
        for cell in cells
    }
    constraints = [Constraint.count("total", Linear.sum(truth), sum(truth.values()))]
    for size in (1, 2):
        for axes in combinations(range(len(sides)), size):
            for fixed in product(*(range(sides[axis]) for axis in axes)):
                if random.random() < 0.4:
                    continue
                pairs = list(zip(axes, fixed, strict=True))
                inside = [name_of(c) for c in cells if all(c[a] == n for a, n in pairs)]
                number, name = sum(truth[cell] for cell in inside), f"{axes} {fixed}"
                width = random.choice((0, 0, 2))
                low, high = max(0, number - width), number + width
                constraints.append(Constraint.between(name, Linear.sum(inside), low, high))
    return System(truth, constraints)


def name_of(cell: tuple[int, ...]) -> str:
    return "-".join(map(str, cell))


def large(queries: int, random: Random) -> tuple[Table, Rule]:
    """Return the times of a system of 1,400 cells, and the rule on them."""
    system, lines, ours, theirs = multiway(random), [], 0.0, 0.0
    plain = by_milp(system)
    for _ in range(queries):
        cells = Linear.sum(random.sample(system.cells, random.choice((1, 3))))
        milp_s, ends = seconds(lambda cells=cells: plain(cells))
        took, found = seconds(lambda cells=cells: system.bounds(cells))
        proved = found.lower_proof.is_valid and found.upper_proof.is_valid
        assert proved
        assert found.left_open or (found.lower, found.upper) == ends
        ours, theirs = ours + took, theirs + milp_s
        text = str(found) + (f", open: {', '.join(found.left_open)}" if found.left_open else "")
        lines.append((f"{len(cells.terms)} cells", text, f"{took:.2f}", f"{milp_s:.2f}"))
    table = Table(
        title=f"{len(system.cells):,} cells, {len(system.constraints)} margins",
        columns=("sum of", "bounds", "certified, s", "milp, s"),
        rows=tuple(lines),
    )
    what = "1,400 cells: certified bounds, in times of milp"
    return table, Rule(what=what, measured=ours / theirs, allowed=LARGEST, unit="times")


def main(queries: int = 10, seed: int = 2018) -> None:
    random, lines = Random(seed), []
    report = reference()
    for rows, columns, claims in ((4, 6, 12), (8, 10, 40), (10, 20, 100)):
        system = printed(rows, columns, claims, random)
        first, _ = seconds(lambda system=system: system.is_feasible)
        plain, ours, theirs, differ = by_milp(system), [], [], 0
        for name in random.sample(system.cells, queries):
            cell = Linear.sum([name])
            took, found = seconds(lambda system=system, cell=cell: system.bounds(cell))
            ours.append(took)
            took, ends = seconds(lambda plain=plain, cell=cell: plain(cell))
            theirs.append(took)
            differ += (found.lower, found.upper) != ends
        times = [
            f"{1e3 * sorted(each)[queries // 2]:,.1f} ({1e3 * max(each):,.0f})"
            for each in (ours, theirs)
        ]
        name = f"{rows * columns} cells, {claims} claims"
        lines.append((name, f"{first:.2f}", *times, f"{differ} of {queries}"))
    random_tables = Table(
        title="Random tables",
        columns=("table", "first, s", "both bounds, ms (worst)", "milp, ms (worst)", "differ"),
        rows=tuple(lines),
    )
    huge, rule = large(3, random)
    finish(about=__doc__, tables=[report, random_tables, huge], rules=[rule])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
