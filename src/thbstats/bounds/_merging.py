"""Systems with one cell for all cells that no constraint tells apart.

Cells that stand equally often in every inequality can be traded for each other, so that one cell
with their sum has the same integer solutions. A table of many dimensions, of which each claim names
one or two, becomes much smaller.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from attrs import frozen

from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Inequality, Linear

__all__ = ["Merging", "connected", "merging_of"]


@frozen
class Merging:
    """The group of each cell; the first cell of a group stands for all.

    Parameters
    ----------
    groups : mapping of str to Hashable
        By cell.
    firsts : mapping of Hashable to str
        By group.
    """

    groups: Mapping[str, Hashable]
    firsts: Mapping[Hashable, str]

    def finer(self, sums: Iterable[Linear]) -> "Merging":
        """Return the merging that keeps apart what some sums tell apart."""
        groups = dict(self.groups)
        for sum_ in sums:
            terms = dict(sum_.terms)
            groups = {name: (group, terms.get(name, 0)) for name, group in groups.items()}
        return self if len({*groups.values()}) == len(self.firsts) else _grouped(groups)

    def sum(self, sum_: Linear) -> Linear:
        """Return a sum that tells no group apart, in the first cells."""
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
        """Return an inequality in the first cells."""
        return Inequality(self.sum(inequality.left), inequality.limit)

    def constraint(self, constraint: Constraint) -> Constraint:
        """Return a constraint in the first cells."""
        return Constraint(
            constraint.name,
            map(self.inequality, constraint.inequalities),
            text=constraint.text,
            part=None if constraint.part is None else self.sum(constraint.part),
            whole=None if constraint.whole is None else self.sum(constraint.whole),
            published=constraint.published,
        )


def merging_of(cells: Sequence[str], constraints: Iterable[Constraint]) -> Merging:
    """Return the groups of cells that no constraint tells apart."""
    sums: dict[Linear, None] = {}
    for constraint in constraints:
        for sum_ in (constraint.part, constraint.whole):
            if sum_ is not None:
                sums[sum_] = None
        sums |= dict.fromkeys(each.left for each in constraint.inequalities)
    places: dict[str, list[tuple[int, int]]] = {name: [] for name in cells}
    for place, sum_ in enumerate(sums):
        for name, number in sum_.terms:
            places[name].append((place, number))
    return _grouped({name: tuple(found) for name, found in places.items()})


def _grouped(groups: Mapping[str, Hashable]) -> Merging:
    firsts: dict[Hashable, str] = {}
    numbers: dict[Hashable, int] = {}
    for name, group in groups.items():
        firsts.setdefault(numbers.setdefault(group, len(numbers)), name)
    return Merging({name: numbers[group] for name, group in groups.items()}, firsts)


def connected(constraints: Sequence[Constraint]) -> list[list[Constraint]]:
    """Return constraints in groups of which no two speak of the same cell."""
    owners: dict[str, int] = {}
    parents = list(range(len(constraints)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    for place, constraint in enumerate(constraints):
        for each in constraint.inequalities:
            for name in each.left.cells:
                parents[root(place)] = root(owners.setdefault(name, place))
    groups: dict[int, list[Constraint]] = {}
    for place, constraint in enumerate(constraints):
        groups.setdefault(root(place), []).append(constraint)
    return list(groups.values())
