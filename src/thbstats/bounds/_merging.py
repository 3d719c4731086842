"""Systems with one cell for all cells that no statement tells apart.

Cells that stand equally often in every inequality can be traded for each other, so that one cell
with their sum has the same integer solutions. A table of many dimensions, of which each claim names
one or two, becomes much smaller.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from attrs import frozen

from thbstats.bounds.linear import Inequality, Linear
from thbstats.bounds.statement import Statement

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

    def statement(self, statement: Statement) -> Statement:
        """Return a statement in the first cells."""
        return Statement(
            statement.name,
            map(self.inequality, statement.inequalities),
            text=statement.text,
            part=None if statement.part is None else self.sum(statement.part),
            whole=None if statement.whole is None else self.sum(statement.whole),
            said=statement.said,
        )


def merging_of(cells: Sequence[str], statements: Iterable[Statement]) -> Merging:
    """Return the groups of cells that no statement tells apart."""
    sums: dict[Linear, None] = {}
    for statement in statements:
        for sum_ in (statement.part, statement.whole):
            if sum_ is not None:
                sums[sum_] = None
        sums |= dict.fromkeys(each.left for each in statement.inequalities)
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


def connected(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Return statements in groups of which no two speak of the same cell."""
    owners: dict[str, int] = {}
    parents = list(range(len(statements)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    for place, statement in enumerate(statements):
        for each in statement.inequalities:
            for name in each.left.cells:
                parents[root(place)] = root(owners.setdefault(name, place))
    groups: dict[int, list[Statement]] = {}
    for place, statement in enumerate(statements):
        groups.setdefault(root(place), []).append(statement)
    return list(groups.values())
