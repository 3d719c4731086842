"""Constraints on cells as integer programs.

Cells that no constraint and no sum of a question distinguishes are one variable.
"""

from collections.abc import Hashable, Mapping, Sequence

from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats.bounds._program import Program
from thbstats.bounds._simplex import Point
from thbstats.bounds.constraint import Constraint, Inequality, Linear


@frozen(slots=False, eq=False)
class Encoder:
    """Programs of some constraints, cached."""

    cells: Sequence[str]
    constraints: Sequence[Constraint]
    _encodings: dict[tuple[tuple[str, int], ...], "Encoding"] = field(factory=dict, init=False)

    @cached_property
    def rows(self) -> dict[Inequality, str]:
        """The distinct reduced inequalities, with the first constraint of each."""
        rows: dict[Inequality, str] = {}
        for constraint in self.constraints:
            for inequality in constraint._rows:
                rows.setdefault(inequality, constraint.name)
        return rows

    @cached_property
    def _sums(self) -> dict[Linear, None]:
        """The numerators and denominators."""
        return dict.fromkeys(sum_ for item in self.constraints for sum_ in item._sums)

    @cached_property
    def _patterns(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """The coefficients of each cell in all constraints."""
        columns: dict[str, tuple[tuple[int, int], ...]] = {}
        for index, sum_ in enumerate(self._sums | dict.fromkeys(row.left for row in self.rows)):
            for name, number in sum_.terms:
                columns[name] = (*columns.get(name, ()), (index, number))
        return columns

    def merged(self, *sums: Linear) -> "Encoding":
        """Return the program with merged cells; cells are merged if no sum distinguishes them.

        Cells that no constraint and no sum contains are omitted.
        """
        patterns, columns = self._patterns, [dict(sum_.terms) for sum_ in sums]
        numbers: dict[Hashable, int] = {}
        variables = {}
        for name in self.cells:
            if name in patterns or any(name in column for column in columns):
                pattern = (patterns.get(name), *(column.get(name, 0) for column in columns))
                variables[name] = numbers.setdefault(pattern, len(numbers))
        encoding = Encoding(variables, tuple(self.rows), tuple(self._sums))
        return self._encodings.setdefault(tuple(variables.items()), encoding)


@frozen(slots=False, eq=False)
class Encoding:
    """Rows of constraints as an integer program; cells of one variable are interchangeable."""

    variables: Mapping[str, int]
    rows: Sequence[Inequality]
    sums: Sequence[Linear]

    @cached_property
    def firsts(self) -> tuple[str, ...]:
        """The first cell of each variable, which represents it."""
        firsts: dict[int, str] = {}
        for name, variable in self.variables.items():
            firsts.setdefault(variable, name)
        return tuple(firsts.values())

    def terms(self, sum_: Linear) -> dict[int, int]:
        """Return the coefficient of each variable in a sum of cells."""
        variables, firsts = self.variables, self.firsts
        return {variables[name]: n for name, n in sum_.terms if firsts[variables[name]] == name}

    @cached_property
    def program(self) -> Program:
        """The program; it branches on sums of several variables first."""
        rows = tuple((self.terms(row.left), row.limit) for row in self.rows)
        sums = [terms for terms in map(self.terms, self.sums) if len(terms) > 1]
        size = len(self.firsts)
        return Program.of(size, rows, (*sums, *({variable: 1} for variable in range(size))))

    def point(self, table: Mapping[str, int]) -> Point:
        """Return the nonzero variables of a table."""
        point: dict[int, int] = {}
        for name, variable in self.variables.items():
            if table[name]:
                point[variable] = point.get(variable, 0) + table[name]
        return point

    def table(self, cells: Sequence[str], point: Point | None) -> dict[str, int] | None:
        """Return a point as the counts of some cells."""
        if point is None:
            return None
        counts = {self.firsts[variable]: number for variable, number in point.items()}
        return dict.fromkeys(cells, 0) | counts
