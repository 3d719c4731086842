"""Assumptions of an attacker, and the cells and sums that they relate."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, partial

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.bounds import Constraint, Inequality, Linear, System
from thbstats.bounds.many_sums import Group, Sums, components, propagate
from thbstats.columns import Floats, Index
from thbstats.errors import ImpossibleResult, did_you_mean, require, require_name
from thbstats.geography import Area
from thbstats.geography.subdivisions import country_of, outermost
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.values import LARGEST_COUNT, is_integer
from thbstats.vocabulary import CitizenshipGroup

Key = tuple[str, ...]


def require_integer(least: int, hint: str, **argument: object) -> None:
    """Raise `InvalidValue` unless an argument is an integer of at least a value."""
    [(name, value)] = argument.items()
    requirement = f"`{name}` must be an integer of {least} or more"
    require(is_integer(value, least=least), requirement, hint, **argument)


def _names(names: Iterable[str] | str) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


@frozen(kw_only=True)
class Assumptions:
    """Relations between the categories of each dimension and their total.

    Parameters
    ----------
    dimensions : tuple of str
        The dimensions whose categories are compared with their total.
    complete_dimensions : tuple of str
        The dimensions whose published categories add up to the total. In all others a person
        can belong to a category that is not published.
    overlapping : tuple of str
        The dimensions in which one person can be counted in several categories.
    unknown_is_unpublished : bool
        Whether persons of unknown category can exist if no unknown category is published.

    Raises
    ------
    UnknownName
        If a dimension does not exist.
    InvalidValue
        If a dimension has no total or is not in `dimensions`.
    """

    dimensions: tuple[str, ...] = field(converter=_names)
    complete_dimensions: tuple[str, ...] = field(converter=_names)
    overlapping: tuple[str, ...] = field(converter=_names, default=())
    unknown_is_unpublished: bool = False

    @classmethod
    def of(
        cls,
        table: CountTable,
        *,
        dimensions: Iterable[str] | str | None = None,
        complete_dimensions: Iterable[str] | str | None = None,
        overlapping: Iterable[str] | str | None = None,
        unknown_is_unpublished: bool = False,
    ) -> "Assumptions":
        """Return the assumptions for a table; by default the strongest ones.

        By default the dimensions of `CountTable.multiple_response` overlap and are not exhaustive.
        """
        schema = table.columns.schema
        additive = [d.name for d in schema.dimensions if d.total is not None or d.name == "area"]
        chosen = additive if dimensions is None else _names(dimensions)
        for name in chosen:
            if name not in schema.names:
                problem = f"`dimensions` must name dimensions of {schema.kind}"
                require_name(name, additive, problem, field="dimensions")
            requirement = "`dimensions` must name dimensions whose categories add up to a total"
            require(name in additive, requirement, f"Use {', '.join(additive)}", dimensions=name)
        multiple = [name for name in table.multiple_response if name in chosen]
        # A case can have no category of a multiple response.
        single = [name for name in chosen if name not in multiple]
        made = cls(
            dimensions=chosen,
            complete_dimensions=single if complete_dimensions is None else complete_dimensions,
            overlapping=multiple if overlapping is None else overlapping,
            unknown_is_unpublished=unknown_is_unpublished,
        )
        for argument in ("complete_dimensions", "overlapping"):
            for name in getattr(made, argument):
                requirement = f"`{argument}` must name dimensions of `dimensions`"
                hint = did_you_mean(name, chosen)
                require(name in chosen, requirement, hint, **{argument: name})
        return made

    def texts(self, present: Iterable[str]) -> Iterator[str]:
        """Yield one sentence per assumption on the dimensions of a table."""
        for name in (name for name in present if name in self.dimensions):
            if name in self.overlapping:
                yield f"one person can be counted in several categories of {name}"
            if name not in self.complete_dimensions:
                yield f"persons can belong to categories of {name} that are not published"
            elif name == "area":
                yield "the countries of an area add up to the area if all of them are published"
            elif self.unknown_is_unpublished:
                yield (
                    f"the published categories of {name} add up to the total, except for persons "
                    f"of unknown {name} if that category is not published"
                )
            else:
                yield f"the published categories of {name} add up to the total"


class DisclosureRisk(StrEnum):
    """Disclosure risk of a suppressed cell."""

    EXACT = "exact"
    NARROWED = "narrowed"
    UNCHANGED = "unchanged"
    CONTRADICTED = "contradicted"

    @property
    def label(self) -> str:
        """The risk as a phrase."""
        return _LABELS[self]


_LABELS = {
    DisclosureRisk.EXACT: "can be recalculated exactly",
    DisclosureRisk.NARROWED: "narrower than published",
    DisclosureRisk.UNCHANGED: "as published",
    DisclosureRisk.CONTRADICTED: "not assessable, as the related cells contradict each other",
}


@frozen(kw_only=True)
class CellLabels:
    """Labels of the cells of a table, without the codes that all cells share.

    `constant` contains the attributes with one value in all rows, and `ambiguous` the codes of
    several dimensions, whose labels include the dimension.
    """

    schema: Schema
    constant: frozenset[str]
    ambiguous: frozenset[str]

    @classmethod
    def of(cls, table: CountTable) -> "CellLabels":
        """Return the labels for a table."""
        schema = table.columns.schema
        codes = {
            d: set(table.categories(d.name))
            for d in schema.dimensions
            if d.content not in ("area", "period")
        }
        used = Counter(code for present in codes.values() for code in present)
        return cls(
            schema=schema,
            constant=frozenset(d.name for d in codes if d.total is None and len(codes[d]) < 2),
            ambiguous=frozenset(code for code, n in used.items() if n > 1),
        )

    def category_label(self, dimension: Dimension, code: str) -> str:
        """Return the label of a category."""
        label = code.replace("_", " ")
        return f"{dimension.name} {label}" if code in self.ambiguous else label

    def label(self, key: Key) -> str:
        """Return the label of a cell: area, period and categories."""
        context, labels = [], []
        for dimension, code in zip(self.schema.dimensions, key, strict=True):
            if dimension.content in ("area", "period"):
                context.append(code)
            elif code not in (dimension.total, dimension.default) and (
                dimension.name not in self.constant
            ):
                labels.append(self.category_label(dimension, code))
        return f"{' '.join(context)}: {', '.join(labels) or 'total'}"


@frozen(eq=False, kw_only=True)
class Lattice:
    """Rows of a table, sums that are not published, and relations between both.

    The `keys` are the codes of each cell by dimension; the `n_rows` rows of the table come first,
    in its order. Sums that are not published are 0 or more.
    """

    keys: tuple[Key, ...]
    lower: Floats
    upper: Floats
    n_rows: int
    relations: Sums
    labels: CellLabels

    @classmethod
    def of(
        cls, table: CountTable, assumptions: Assumptions, unpublished: Iterable[Key] = ()
    ) -> "Lattice":
        """Return the lattice of a table whose sums are exact in floating point.

        The cells of `unpublished` are parts of totals, but no rows of the table.
        """
        finite = float(table.upper[np.isfinite(table.upper)].sum())
        requirement = "the sum of all counts must be at most 2**53"
        require(finite <= LARGEST_COUNT, requirement, "Check the counts", table=finite)
        schema = table.columns.schema
        rows = row_keys(table)
        indices = _with_totals([*rows, *unpublished], schema, assumptions)
        parts = (_breakdowns, _compositions)
        groups = [group for made in parts for group in made(indices, schema, assumptions)]
        n_sums = len(indices) - len(rows)
        lower = np.concatenate([table.lower.astype(np.float64), np.zeros(n_sums)])
        upper = np.concatenate([table.upper, np.full(n_sums, np.inf)])
        groups += _regions(indices, schema, assumptions, lower, upper)
        lattice = cls(
            keys=tuple(indices),
            lower=lower,
            upper=upper,
            n_rows=len(rows),
            relations=Sums.of_groups(groups),
            labels=CellLabels.of(table),
        )
        return lattice._pruned()

    def _pruned(self) -> "Lattice":
        """Return the lattice without unpublished sums that appear in one relation only."""
        relations, selected = self.relations, np.ones(len(self.relations), dtype=np.bool_)
        whole = relations.cell[relations.starts[:-1]]
        while True:
            used = relations.cell[selected[relations.relation]]
            uses = np.bincount(used, minlength=len(self.keys))
            loose = selected & (whole >= self.n_rows) & (uses[whole] == 1) & (relations.high >= 0)
            if not loose.any():
                return self.subset(selected, np.arange(self.n_rows))[0]
            selected &= ~loose

    def neighbourhood(self, cell: int, radius: int) -> tuple["Lattice", Index]:
        """Return the relations within a distance of a cell, and its cells; the cell comes first."""
        relations, cells = self.relations, np.array([cell])
        selected = np.zeros(len(relations), dtype=np.bool_)
        for _ in range(radius):
            selected[relations.of(cells)] = True
            cells = relations.cell[selected[relations.relation]]
        return self.subset(selected, np.array([cell]))

    def subset(self, selected: NDArray[np.bool_], first: Index) -> tuple["Lattice", Index]:
        """Return the selected relations, and their cells in order; some cells come first."""
        relations = self.relations.take(selected)
        others = np.setdiff1d(relations.cell, first)
        cells = np.concatenate([first, others])
        indices = np.zeros(len(self.keys), dtype=np.intp)
        indices[cells] = np.arange(len(cells))
        lattice = Lattice(
            keys=tuple(self.keys[cell] for cell in cells.tolist()),
            lower=self.lower[cells],
            upper=self.upper[cells],
            n_rows=len(first) + int((others < self.n_rows).sum()),
            relations=evolve(relations, cell=indices[relations.cell]),
            labels=self.labels,
        )
        return lattice, cells

    def label(self, cell: int) -> str:
        """Return the label of a cell: area, period and categories."""
        return self.labels.label(self.keys[cell])

    def relation_text(self, relation: int) -> str:
        """Return a relation as text, such as "FR 2020: total = female + male"."""
        (whole, *parts), _ = self.relations.terms(relation)
        low, high = self.relations.low[relation], self.relations.high[relation]
        sign = "=" if low == high else "≥" if low == 0 else "≤"
        schema = self.labels.schema
        axis = schema.names.index(self.relations.along[relation])
        dimension = schema.dimensions[axis]
        codes = [self.labels.category_label(dimension, self.keys[part][axis]) for part in parts]
        return f"{self.label(whole)} {sign} {' + '.join(codes)}"

    def system(self, cell: int) -> System:
        """Return the component of a cell as a system with readable labels.

        Known cells of its relations are included, so that a feasible table can be checked by hand.
        """
        relations, group = self.relations, components(self.relations, self.lower < self.upper)
        inside = np.flatnonzero(group == group[cell]) if group[cell] >= 0 else np.array([cell])
        owned = relations.of(inside).tolist()
        cells = {result for owner in owned for result in relations.terms(owner)[0]}
        names = {index: self.label(index) for index in sorted(cells | set(inside.tolist()))}
        constraints = []
        for index, name in names.items():
            low, high = self.lower[index], self.upper[index]
            if low > 0 or np.isfinite(high):
                most = int(high) if np.isfinite(high) else None
                constraints.append(Constraint.between(name, Linear.sum([name]), int(low), most))
        for owner in owned:
            terms = zip(*relations.terms(owner), strict=True)
            sum_ = Linear([(names[index], int(sign)) for index, sign in terms])
            sides = ((-sum_, -relations.low[owner]), (sum_, relations.high[owner]))
            rows = [Inequality(left, int(most)) for left, most in sides if np.isfinite(most)]
            constraints.append(Constraint(self.relation_text(owner), rows))
        return System(names.values(), constraints)

    def check_additivity(self) -> NDArray[np.int64]:
        """Return the counts, and the lower bounds of sums that are not published."""
        lower, _, infeasible, _ = propagate(self.relations, self.lower, self.upper)
        if infeasible.any():
            cell = int(np.flatnonzero(infeasible)[0])
            try:
                self.system(cell).bounds(Linear.sum([self.label(cell)]))
            except ImpossibleResult as problem:
                raise ImpossibleResult(
                    "the counts must satisfy the additivity assumptions",
                    field="table",
                    value=problem.value,
                    hint="Correct the counts, add the dimension to `overlapping` or remove it from "
                    "`complete_dimensions`",
                ) from None
        return lower.astype(np.int64)


def _additive_axes(
    keys: Iterable[Key], schema: Schema, assumptions: Assumptions
) -> Iterator[tuple[int, Dimension, Callable[[str], str | None]]]:
    """Yield the dimensions with totals, and the function that gives the wider category of a code.

    Nationals and stateless persons belong to groups only if the table has the groups.
    """
    columns = list(zip(*keys, strict=True)) or [()] * len(schema.dimensions)
    for axis, dimension in enumerate(schema.dimensions):
        if dimension.name in assumptions.dimensions and dimension.total is not None:
            parents: dict[str, str | None] = {}
            if dimension.content == "citizenship":
                eu = not {"eu", "other_eu"}.isdisjoint(columns[axis])
                parents["reporting_country"] = "eu" if eu else dimension.total
                parents["stateless"] = "non_eu" if "non_eu" in columns[axis] else dimension.total
            yield axis, dimension, cache(partial(_parent, dimension, parents))


def _parent(dimension: Dimension, special: Mapping[str, str | None], code: str) -> str | None:
    return special[code] if code in special else dimension.parent(code)


def row_keys(table: CountTable) -> list[Key]:
    """Return the categories of each row."""
    columns = [np.array(c.categories)[c.codes].tolist() for c in table.columns.dimensions]
    return list(zip(*columns, strict=True))


def _with_totals(rows: Sequence[Key], schema: Schema, assumptions: Assumptions) -> dict[Key, int]:
    """Return the index of each row and of every total of rows."""
    indices = {key: index for index, key in enumerate(rows)}
    axes, queue = list(_additive_axes(rows, schema, assumptions)), list(indices)
    while queue:
        key = queue.pop()
        for axis, _, parent in axes:
            above = parent(key[axis])
            whole = key if above is None else (*key[:axis], above, *key[axis + 1 :])
            if whole not in indices:
                indices[whole] = len(indices)
                queue.append(whole)
    return indices


def _breakdowns(
    indices: Mapping[Key, int], schema: Schema, assumptions: Assumptions
) -> Iterator[Group]:
    """Yield totals with their categories."""
    for axis, dimension, parent in _additive_axes(indices, schema, assumptions):
        name = dimension.name
        children: dict[Key, dict[str, int]] = {}
        for key, index in indices.items():
            above = parent(key[axis])
            if above is not None:
                whole = (*key[:axis], above, *key[axis + 1 :])
                children.setdefault(whole, {})[key[axis]] = index
        for key, parts in children.items():
            for codes, closed in _partitions(dimension, parts):
                has_unknown = assumptions.unknown_is_unpublished and "unknown" not in codes
                every = closed and name in assumptions.complete_dimensions and not has_unknown
                cells = [parts[code] for code in codes]
                if name not in assumptions.overlapping:
                    yield indices[key], cells, name, 0.0, 0.0 if every else np.inf
                    continue
                yield from ((indices[key], [cell], name, 0.0, np.inf) for cell in cells)
                if every and len(cells) > 1:
                    yield indices[key], cells, name, -np.inf, 0.0


def _partitions(dimension: Dimension, parts: Mapping[str, int]) -> Iterator[tuple[list[str], bool]]:
    """Yield disjoint categories, and whether they can be exhaustive.

    Each country of citizenship belongs to a group, so countries and groups are never added.
    """
    names = sorted(parts, key=parts.__getitem__)
    groups = [name for name in names if name in ("eu", "non_eu", "unknown")]
    countries = [name for name in names if name not in CitizenshipGroup._value2member_map_]
    if dimension.content == "citizenship" and countries and {"eu", "non_eu"} & set(groups):
        yield groups, True
        yield countries, False
    else:
        yield names, True


def _compositions(
    indices: Mapping[Key, int], schema: Schema, assumptions: Assumptions
) -> Iterator[Group]:
    """Yield aggregate areas with their countries and with smaller aggregates."""
    axis = schema.names.index("area")
    members = {area: Area.parse(area).members for area in {key[axis] for key in indices}}
    if "area" not in assumptions.dimensions or all(len(inside) == 1 for inside in members.values()):
        return
    cells: dict[Key, dict[str, int]] = {}
    for key, index in indices.items():
        cells.setdefault((*key[:axis], *key[axis + 1 :]), {})[key[axis]] = index
    exact = "area" in assumptions.complete_dimensions
    for areas in cells.values():
        single = {next(iter(members[a])): i for a, i in areas.items() if len(members[a]) == 1}
        wide = [area for area in areas if len(members[area]) != 1]
        for whole in wide:
            for start in (None, *(area for area in wide if members[area] < members[whole])):
                others = members[whole] - (members[start] if start else frozenset())
                parts = [areas[start]] if start else []
                parts += [single[country] for country in sorted(others & single.keys())]
                every = others <= single.keys()
                if parts and (start is None or every):
                    yield areas[whole], parts, "area", 0.0, 0.0 if every and exact else np.inf


def _regions(
    indices: Mapping[Key, int],
    schema: Schema,
    assumptions: Assumptions,
    lower: Floats,
    upper: Floats,
) -> Iterator[Group]:
    """Yield each area with its sub-regions.

    No list shows whether all regions are published. They add up to the whole, as an attacker can
    know, if their upper bounds allow it.
    """
    axis = schema.names.index("area")
    if "area" not in assumptions.dimensions or not any(country_of(key[axis]) for key in indices):
        return
    cells: dict[Key, dict[str, int]] = {}
    for key, index in indices.items():
        if len(Area.parse(key[axis]).members) == 1:
            cells.setdefault((*key[:axis], *key[axis + 1 :]), {})[key[axis]] = index
    for areas in cells.values():
        for whole, index in areas.items():
            inside = [a for a in areas if a != whole and outermost((a, whole)) == {whole}]
            for is_iso in (True, False):
                level = outermost(code for code in inside if ("-" in code) == is_iso)
                parts = [areas[code] for code in sorted(level)]
                every = (
                    "area" in assumptions.complete_dimensions and upper[parts].sum() >= lower[index]
                )
                if parts:
                    yield index, parts, "area", 0.0, 0.0 if every else np.inf
