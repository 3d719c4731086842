"""Systems of a query: if rows contradict each other, the rows of the query have priority.

A row of the query has the total of each dimension that the query does not name. This system has
five rows. The 7 children and 5 adults exceed the 10 victims:

>>> import thbstats as thb
>>> def table_of(*rows):
...     options = {"kind": "victims", "area": "FR", "period": 2020}
...     return thb.CountTable.from_rows(rows, columns=["sex", "age", "value"], **options)
>>> table = table_of(
...     ("total", "total", 10), ("male", "total", 2),
...     ("male", "child", 1), ("female", "child", 6), ("total", "adult", 5),
... )

What happens to a row, with an example from the query of sex if it names no other:

|  | row of the query | count | contradicts | result | example |
|---|---|---|---|---|---|
| a | no | any | any row | left out | 5 adults |
| b | no | any | no row, but a sum with it does | left out | 1 boy, 6 girls |
| c | no | any | no row, but a row of the query with its persons does | left out | age: 2 male |
| d | no | any | no row | used | the second table: 5 female victims |
| e | yes | stated | no row | used | 2 male victims |
| f | yes | stated | only rows that are left out | used, `aside` | 10 victims |
| g | yes | stated | rows of the query too | kept, `wrong`, not used | sex and age: 5 adults |
| h | yes | none | bounds wider without the rows left out | these, `aside` | 0 to 8 female |
| i | yes | none | a value only with the rows left out | bounds, `unsupported` | 0 to 8 unknown |
| j | yes | none | disjoint bounds with and without them | hull, `unsupported` | the second table |

>>> from thbstats.panel.query_systems import systems_of
>>> def show(table, name, further):
...     systems = systems_of(table.columns, names=frozenset({name}))
...     for row in range(len(systems.columns)):
...         if systems.columns[further][row] == "total":
...             marks = [own for own in ("aside", "unsupported") if getattr(systems, own)[row]]
...             print(systems.columns[name][row], systems.hull.interval(row), *marks)
>>> show(table, "sex", further="age")
total 10 aside
male 2
female 0 to 8 aside
unknown 0 to 8 unsupported
>>> show(table, "age", further="sex")
total 10 aside
adult 5 aside
child 0 to 5 aside
unknown 0 to 5 aside

All 5 female victims of a second table are girls, so that none has an unknown age. Without the
girls, who exceed 0 children, 5 have:

>>> second = table_of(
...     ("total", "total", 5), ("female", "total", 5),
...     ("female", "child", 5), ("female", "adult", 0), ("total", "child", 0),
... )
>>> show(second, "age", further="sex")
total 5
child 0 aside
adult 0
unknown 0 to 5 unsupported

Systems in which an area and its members contradict each other keep all rows.
"""

from weakref import WeakKeyDictionary

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Index, Mask, Ranges
from thbstats.panel.system_rows import SystemRows, in_groups_of
from thbstats.panel.system_solver import SystemSolver
from thbstats.panel.systems import LEAVE_OUT, CountSystems
from thbstats.tables.columns import Columns

_ROWS: WeakKeyDictionary[Columns, SystemRows] = WeakKeyDictionary()
# By exhaustive dimensions, reading and dimensions of a query; ``None`` for those of all rows.
_Key = tuple[frozenset[str], str, frozenset[str] | None]
_SYSTEMS: WeakKeyDictionary[Columns, dict[_Key, CountSystems]] = WeakKeyDictionary()


def systems_of(
    columns: Columns,
    exhaustive: frozenset[str] = frozenset(),
    reading: str = LEAVE_OUT,
    names: frozenset[str] = frozenset(),
) -> CountSystems:
    """Return the systems of a table, cached.

    `exhaustive` are the dimensions whose listed categories include every person of known category,
    and `reading` is the reading of totals that their parts exceed. `names` are the dimensions of
    the query; without them, all rows belong to it.
    """
    known = _SYSTEMS.setdefault(columns, {})
    if columns not in _ROWS:
        # The rows refer to a copy, so that the table is not kept alive by its own cache.
        _ROWS[columns] = SystemRows.of(evolve(columns)).completed()
    rows = _ROWS[columns]
    names = names.intersection(rows.categories)
    names = names or frozenset(rows.categories)
    if names < rows.categories.keys() and (len(names) == 1 or rows.is_full) and rows.adds_up:
        # No other row changes those of the query.
        return systems_of(rows.columns_of(names), exhaustive, reading, names)
    key, whole = (exhaustive, reading, names), (exhaustive, LEAVE_OUT, None)
    if whole not in known:
        known[whole] = SystemSolver(rows, exhaustive).result()
    if key not in known:
        result = known[whole]
        if reading == "parts" and result.parts_above.any():
            rows = rows.with_counts(result.parts_above, result.summed)
            result = SystemSolver(rows, exhaustive).result()
        known[key] = (
            result.as_published()
            if reading == "published"
            else _of_query(result, QueryRows.of(result, rows, exhaustive, names))
        )
    return known[key]


@frozen(kw_only=True, eq=False)
class QueryRows:
    """The r rows of all systems, by their role in a query, (r,) each."""

    rows: SystemRows
    exhaustive: frozenset[str]
    names: frozenset[str]  # The dimensions of the query
    margin: Index  # The row with the total of each dimension that the query does not name
    concerned: Mask  # Rows of systems with a contradiction, except that of an area and its members
    own: Mask  # The rows of the query among them (e to j of the table)
    stated: Mask  # Rows with a count (e to g)

    @classmethod
    def of(
        cls,
        systems: CountSystems,
        rows: SystemRows,
        exhaustive: frozenset[str],
        names: frozenset[str],
    ) -> "QueryRows":
        """Return the rows for the dimensions of a query. The systems follow from all rows."""
        margin = rows.margins(names)
        concerned = in_groups_of(rows.group, systems.wrong)
        concerned &= ~in_groups_of(rows.group, systems.below)
        return cls(
            rows=rows,
            exhaustive=exhaustive,
            names=names,
            margin=margin,
            concerned=concerned,
            own=(margin == np.arange(len(margin))) & concerned,
            stated=systems.implied.reported & ~systems.derived,
        )

    def left_out(self, contradicts: Mask, wrong: Mask) -> Mask:
        """Return further rows that contradict other rows, or that count the persons of wrong rows.

        Rows that contradict others and the sources of their sums are a mask, (r,), and so are the
        rows of the query that are `wrong`.
        """
        has_persons = wrong[self.margin]  # c
        return np.asarray(contradicts | has_persons) & self.concerned & ~self.own

    def solved_without(self, left_out: Mask, solved: Mask) -> CountSystems:
        """Solve some systems, with the rows `solved`, without the counts of some rows."""
        rows, lacking = self.rows.select(solved), left_out[solved]
        rows = rows.with_counts(lacking, Ranges.missing(len(lacking)))
        return SystemSolver(rows, self.exhaustive).result()


def _of_query(systems: CountSystems, query: QueryRows) -> CountSystems:
    """Return the systems of a query from the systems of all rows; the module has the table."""
    if not query.concerned.any():
        return systems
    group, own = query.rows.group, query.own
    contradictory = systems.wrong_in(query.names) & own
    solutions, left_out, wrong = _without_further(systems, query, contradictory)
    aside = systems.aside
    if solutions:
        # Rows of the query can also contradict their parts in further dimensions.
        lines = systems.lines.values()
        beyond = [own.wrong for own in lines if own.dimension.name not in query.names]
        contradicted = np.any([contradictory, *beyond], axis=0) & own
        aside = contradicted & ~in_groups_of(group, wrong)  # f
    if wrong.any():
        # The other rows of the query do without the wrong ones (g) too.
        solved = in_groups_of(group, wrong)
        sound = query.solved_without(left_out | wrong, solved)
        # Sums of published parts take part in a contradiction like published counts.
        fixed = query.stated.copy()
        fixed[solved] |= sound.derived
        solutions.append((sound, solved, solved & own & ~(wrong & fixed)))
    result = evolve(systems.with_rows_of(solutions), aside=aside)
    return _with_inferred(systems, result, query)


def _without_further(
    systems: CountSystems, query: QueryRows, wrong: Mask
) -> tuple[list[tuple[CountSystems, Mask, Mask]], Mask, Mask]:
    """Leave out further rows until the remaining rows do not contradict each other.

    Returns each solution with the rows of its systems and those of the query among them, the rows
    left out (a to c), and the rows of the query that are wrong without them (g), (r,) each. `wrong`
    are those that are wrong with all rows.
    """
    solutions, left_out = [], np.zeros(len(wrong), dtype=np.bool_)
    contradicts = _contradicts(systems)
    while (more := query.left_out(contradicts, wrong) & ~left_out).any():
        left_out, solved = left_out | more, in_groups_of(query.rows.group, more)
        result = query.solved_without(left_out, solved)
        solutions.append((result, solved, solved & query.own))
        empty = np.any([line.empty for line in result.lines.values()], axis=0)
        contradicts, wrong = contradicts.copy(), wrong.copy()
        contradicts[solved] = _contradicts(result)
        wrong[solved] = (result.wrong_in(query.names) | empty) & query.own[solved]
    return solutions, left_out, wrong


def _contradicts(systems: CountSystems) -> Mask:
    """Return rows that contradict other rows (a), and rows of which such rows are sums (b)."""
    in_sums = [line.sources for line in systems.lines.values()]
    return np.asarray(np.any([systems.wrong, *in_sums], axis=0))


def _with_inferred(systems: CountSystems, result: CountSystems, query: QueryRows) -> CountSystems:
    """Compare rows of the query without a count with the counts that follow from all rows.

    The result leaves out some rows of the systems.
    """
    old, new = systems.columns.numbers, result.columns.numbers
    inferred = query.own & ~query.stated
    # j: bounds that have no value in common with those from all rows.
    disjoint = inferred & ((new.lower > old.upper) | (new.upper < old.lower))
    disjoint &= ~systems.wrong
    # i: counts that followed from all rows, and do not without the rows left out.
    lost = inferred & systems.derived & ~result.derived
    # h: other bounds that are wider without the rows left out, or were contradictory.
    wider = (new.lower < old.lower) | (new.upper > old.upper) | systems.wrong
    wider &= inferred & ~lost & ~disjoint & ~result.wrong
    both = evolve(
        new,
        lower=np.where(disjoint, np.minimum(old.lower, new.lower), new.lower),
        upper=np.where(disjoint, np.maximum(old.upper, new.upper), new.upper),
    )
    derived = result.derived & ~disjoint
    hull = Ranges(both.lower, both.upper, derived | query.stated)
    return evolve(
        result,
        columns=evolve(result.columns, numbers=both),
        derived=derived,
        hull=hull.where(disjoint, result.hull),
        unsupported=lost | disjoint,
        aside=result.aside | wider,
    )
