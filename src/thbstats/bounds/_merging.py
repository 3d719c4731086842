"""Systems with merged cells.

Cells with equal coefficients in all inequalities are interchangeable: one cell with their sum
has the same integer solutions. A table of many dimensions becomes much smaller if each
claim names one or two of them.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from attrs import frozen

from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Inequality, Linear

__all__ = ["Merging", "connected", "merging_of"]


@frozen
class Merging:
    """Groups of interchangeable cells.

    Parameters
    ----------
    groups : mapping of str to Hashable
        The group of each cell.
    firsts : mapping of Hashable to str
        The first cell of each group, which represents it.
    """

    groups: Mapping[str, Hashable]
    firsts: Mapping[Hashable, str]

    def finer(self, sums: Iterable[Linear]) -> "Merging":
        """Return the merging with groups split by the coefficients of some sums."""
        groups = dict(self.groups)
        for sum_ in sums:
            terms = dict(sum_.terms)
            groups = {name: (group, terms.get(name, 0)) for name, group in groups.items()}
        return self if len({*groups.values()}) == len(self.firsts) else _grouped(groups)

    def sum(self, sum_: Linear) -> Linear:
        """Return a sum in the first cells of groups."""
        return Linear({name: n for name, n in sum_.terms if self.firsts[self.groups[name]] == name})

    def unmerged(self, sum_: Linear) -> Linear:
        """Return a sum of first cells as a sum of all cells of their groups."""
        terms = {self.groups[name]: n for name, n in sum_.terms}
        return Linear({name: terms.get(group, 0) for name, group in self.groups.items()})

    def table(self, table: Mapping[str, int]) -> dict[str, int]:
        """Return a table with the sum of each group in its first cell."""
        found = dict.fromkeys(self.firsts.values(), 0)
        for name, group in self.groups.items():
            found[self.firsts[group]] += table[name]
        return found

    def inequality(self, inequality: Inequality) -> Inequality:
        """Return an inequality in the first cells of groups."""
        return Inequality(self.sum(inequality.left), inequality.limit)

    def constraint(self, constraint: Constraint) -> Constraint:
        """Return a constraint in the first cells of groups."""
        return Constraint(
            constraint.name,
            map(self.inequality, constraint.inequalities),
            text=constraint.text,
            part=None if constraint.part is None else self.sum(constraint.part),
            whole=None if constraint.whole is None else self.sum(constraint.whole),
            published=constraint.published,
        )


def merging_of(cells: Sequence[str], constraints: Iterable[Constraint]) -> Merging:
    """Return the groups of cells with equal coefficients in all constraints."""
    sums: dict[Linear, None] = {}
    for constraint in constraints:
        for sum_ in (constraint.part, constraint.whole):
            if sum_ is not None:
                sums[sum_] = None
        sums |= dict.fromkeys(each.left for each in constraint.inequalities)
    columns: dict[str, list[tuple[int, int]]] = {name: [] for name in cells}
    for row, sum_ in enumerate(sums):
        for name, number in sum_.terms:
            columns[name].append((row, number))
    return _grouped({name: tuple(column) for name, column in columns.items()})


def _grouped(groups: Mapping[str, Hashable]) -> Merging:
    firsts: dict[Hashable, str] = {}
    numbers: dict[Hashable, int] = {}
    for name, group in groups.items():
        firsts.setdefault(numbers.setdefault(group, len(numbers)), name)
    return Merging({name: numbers[group] for name, group in groups.items()}, firsts)


def connected(constraints: Sequence[Constraint]) -> list[list[Constraint]]:
    """Return constraints grouped by the cells that they share."""
    owners: dict[str, int] = {}
    parents = list(range(len(constraints)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = index = parents[parents[index]]
        return index

    for index, constraint in enumerate(constraints):
        for inequality in constraint.inequalities:
            for name in inequality.left.cells:
                parents[root(index)] = root(owners.setdefault(name, index))
    groups: dict[int, list[Constraint]] = {}
    for index, constraint in enumerate(constraints):
        groups.setdefault(root(index), []).append(constraint)
    return list(groups.values())
