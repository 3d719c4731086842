"""Which further counts to hide, so that nobody can work out what is hidden for itself."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from thbstats.disclosure._choice import Choice
from thbstats.disclosure._exposing import Attacker, Breach, Draft
from thbstats.disclosure._truth import check_sums
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.contributors import known_counts
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primaries import Primary, primary
from thbstats.disclosure.protection import Protection
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.tables import CountTable
from thbstats.tables.select import find_rows, parse_selection
from thbstats.values import is_integer

__all__ = ["protect"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Cost = Literal["count", "cells"]

_GRAIN = 64
"""The number of steps of a random factor of costs, which stay integers."""


def protect(
    table: CountTable | Primary,
    *,
    fewer_than: int | None = None,
    zeros: bool = False,
    width: int | None = None,
    least: Cost = "count",
    keep: Mapping[str, Any] | Iterable[Mapping[str, Any]] = (),
    insiders: bool = True,
    along: Iterable[str] | str | None = None,
    exhaustive: Iterable[str] | str | None = None,
    overlapping: Iterable[str] | str = (),
    unprinted_unknown: bool = False,
    rounds: int = 200,
    seed: int | None = None,
) -> Protection:
    """Return a table to publish: small counts hidden, and as little else as keeps them hidden.

    ``min sum of cost_c over the further rows c that are hidden``, so that ``most(p) - least(p) >=
    width`` for each row p that is hidden for itself, as `exposure` finds them

    Parameters
    ----------
    table : CountTable or Primary
        A table before publication, all of whose counts are known; or what `primary` says of it.
    fewer_than, zeros : int, bool
        As for `primary`, where a table is given.
    width : int, optional
        How far apart the least and the most must stay that a hidden count can be; by default as
        far as if all other counts were hidden, so that nothing that is published narrows it.
    least : {"count", "cells"}
        What is to be as small as possible: the sum of the further counts that are hidden, or
        their number.
    keep : mapping of str to str, or several of them
        Rows that must be published, each as for `CountTable.where`.
    insiders : bool
        Whether those are reckoned with who know a hidden count themselves: somebody who is alone
        in a cell, and a country or body that is the only one to contribute to it. They must not
        learn another hidden count exactly.
    along, exhaustive, overlapping, unprinted_unknown : optional
        What anybody would assume who adds and subtracts, as for `exposure`.
    rounds : int
        How often the search may go on before it settles for a table that is safe, and says how
        far from the cheapest it can be.
    seed : int, optional
        A secret integer of 0 or more. Costs are then multiplied by random numbers from 1 to 2,
        so that the choice costs at most twice as much as the cheapest one. By default the
        cheapest is chosen, which whoever knows `protect` can compute too. The same seed gives
        the same choice.

    Returns
    -------
    Protection
        What to hide, the table to publish, and what an attack on it finds.

    Raises
    ------
    InvalidValue
        If a count is not known, no rule is given, no row is like those to keep, the width is
        below 1 or more than "<n" has, or the seed is not an integer of 0 or more.
    ImpossibleResult
        If the counts do not satisfy what is assumed of them, or rows that are kept tell a count
        whatever else is hidden.

    Notes
    -----
    Published rows that alone tell a hidden count too closely are a set of which one must be
    hidden; each is found by an attack, and none of its rows could be spared. The cheapest rows
    that hit all known sets are hidden and attacked again, until no attack succeeds. What they
    cost is then the least that any choice costs, since any must hit these sets. That they are the
    cheapest is proved in floating point, that they are safe in whole numbers.

    Where hidden counts below n are printed as "<n", everybody can tell that the others are n or
    more, and the attack reckons with that. A count of 0 is published unless zeros are hidden.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {
    ...     ("female", "sexual"): 60, ("female", "labour"): 12, ("female", "other"): 9,
    ...     ("male", "sexual"): 3, ("male", "labour"): 41, ("male", "other"): 14,
    ... }
    >>> rows = [(sex, form, n) for (sex, form), n in counts.items()]
    >>> rows += [("total", "sexual", 63), ("total", "labour", 53), ("total", "other", 23)]
    >>> rows += [("female", "total", 81), ("male", "total", 58), ("total", "total", 139)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "exploitation", "value"], kind="victims", area="FR", period=2020
    ... )
    >>> found = protect(table, fewer_than=5)
    >>> found
    <Protection 4 of 12 rows suppressed; safe>
    >>> found.table.count(sex="male", exploitation="sexual")
    Count(1 to 4, fewer_than)

    References
    ----------
    M. Fischetti and J. J. Salazar, Models and Algorithms for Optimizing Cell Suppression in
    Tabular Data with Linear Constraints, JASA 95 (2000); A. Hundepool et al., Statistical
    Disclosure Control (Wiley, 2012), section 4.4.
    """
    _check(least, rounds, width, seed)
    if isinstance(table, Primary):
        chosen, table = table, table.table
        _check_unused(fewer_than, zeros)
    else:
        chosen = primary(table, fewer_than=fewer_than, zeros=zeros)
    assumptions = Assumptions.of(
        table.columns.schema,
        along=along,
        exhaustive=exhaustive,
        overlapping=overlapping,
        unprinted_unknown=unprinted_unknown,
    )
    lattice = Lattice.of(table, assumptions)
    check_sums(lattice)
    draft = Draft(
        lattice=lattice,
        primary=chosen,
        open=_open(table, chosen, [keep] if isinstance(keep, Mapping) else keep),
        width=_width(chosen, width),
        attackers=(Attacker("anybody"), *(_insiders(lattice, chosen) if insiders else ())),
    )
    cost = known_counts(table).astype(np.float64) if least == "count" else np.ones(len(table))
    if seed is None:
        hidden, bound = _search(draft, cost, rounds)
    else:
        factors = np.random.default_rng(seed).integers(_GRAIN, 2 * _GRAIN, len(cost), endpoint=True)
        hidden, bound = _search(draft, cost * factors, rounds)
        bound = ceil(bound / (2 * _GRAIN))  # no factor is larger
    return Protection.of(
        draft, assumptions, hidden, cost=cost, bound=bound, least=least, insiders=insiders
    )


def _check(least: str, rounds: int, width: int | None, seed: int | None) -> None:
    if least not in get_args(Cost):
        raise InvalidValue(
            "no such cost", field="least", value=least, hint="Use 'count' or 'cells'"
        )
    if width is not None and not is_integer(width, least=1):
        raise InvalidValue(
            "a count that can be no other is not hidden",
            field="width",
            value=width,
            hint="Give a whole number of 1 or more",
        )
    if not is_integer(rounds, least=1):
        raise InvalidValue(
            "at least one round is needed", field="rounds", value=rounds, hint="Give 1 or more"
        )
    if seed is not None and not is_integer(seed, least=0):
        raise InvalidValue(
            "`seed` must be an integer of 0 or more",
            field="seed",
            value=seed,
            hint="Use secrets.randbits(64), and keep the number secret",
        )


def _check_unused(fewer_than: int | None, zeros: bool) -> None:
    if fewer_than is not None or zeros:
        raise InvalidValue(
            "what is hidden for itself is decided already",
            field="fewer_than",
            value=fewer_than,
            hint="Give the rules to primary(), or the table itself",
        )


def _open(table: CountTable, chosen: Primary, keep: Iterable[Mapping[str, Any]]) -> Bools:
    """Which rows may be hidden beside the primary ones."""
    open_ = chosen.hideable
    for selection in keep:
        kept = find_rows(table.columns, parse_selection(table.columns.schema, selection))
        if not len(kept):
            raise InvalidValue(
                "no row of the table is like this",
                field="keep",
                value=dict(selection),
                hint="Name categories that the table has, or leave it out",
            )
        open_[kept] = False
    return open_


def _width(chosen: Primary, width: int | None) -> int | None:
    """Return the width that was asked for, if it can be had."""
    for row in chosen.rows.tolist():
        own = chosen.printed(row).interval.width
        if width is None and own is None:
            raise InvalidValue(
                "the count is hidden without an interval, so that any total narrows it",
                row=row,
                field="width",
                hint="Say how far apart the least and the most must stay that it can be",
            )
        if own is not None and width is not None and width > own:
            raise InvalidValue(
                f"the interval that is printed is no wider than {own}",
                row=row,
                field="width",
                value=width,
                hint=f"Give at most {own}, or a larger threshold",
            )
    return width


def _insiders(lattice: Lattice, chosen: Primary) -> list[Attacker]:
    """Persons who are alone in a cell, and contributors who are."""
    found = [
        Attacker(f"the one counted in {lattice.label(min(rows))}", frozenset(rows))
        for rows in _alone(lattice)
    ]
    sole: dict[str, set[int]] = {}
    for row, given in chosen.contributors.items():
        if len(given) == 1 and given[0][1] == int(lattice.lower[row]):
            sole.setdefault(given[0][0], set()).add(row)
    return [*found, *(Attacker(who, frozenset(rows)) for who, rows in sole.items())]


def _alone(lattice: Lattice) -> list[set[int]]:
    """Rows that count one person, together where it is the same one: a whole and its part."""
    ones = np.flatnonzero(lattice.lower[: lattice.n_rows] == 1).tolist()
    group = {row: {row} for row in ones}
    for relation in range(len(lattice.relations)):
        cells = [int(cell) for cell in lattice.relations.terms(relation)[0]]
        same = [cell for cell in cells if cell in group]
        if cells[0] in group and len(same) > 1:
            united = set().union(*(group[cell] for cell in same))
            for cell in united:
                group[cell] = united
    return list({id(rows): rows for rows in group.values()}.values())


def _search(draft: Draft, cost: Floats, rounds: int) -> tuple[Bools, int]:
    """Rows to hide that no attack breaks, and what no others could cost less than."""
    choice, bound = Choice(draft, cost), 0
    hidden = _hidden(draft, ())
    for _ in range(rounds):
        chosen, bound = choice.cheapest()
        hidden = _hidden(draft, chosen)
        breaches = list(draft.breaches(hidden))
        if not breaches:
            return hidden, bound
        _widen(choice, hidden, breaches)
        if cost[list(chosen)].sum() > bound:
            break
    return _spared(draft, hidden, cost), bound


def _hidden(draft: Draft, chosen: Iterable[int]) -> Bools:
    hidden = np.zeros(draft.lattice.n_rows, dtype=np.bool_)
    hidden[draft.primary.rows] = True
    hidden[list(chosen)] = True
    return hidden


def _widen(choice: Choice, hidden: Bools, breaches: Iterable[Breach]) -> None:
    """Hide rows until nothing is told, and learn from each breach."""
    while breaches:
        for breach in breaches:
            found = choice.draft.exposing(hidden, breach, choice.cost)
            if found is None:
                continue
            if not found:
                raise ImpossibleResult(
                    f"{breach.attacker.name} can tell this count whatever else is hidden",
                    row=breach.row,
                    field="keep" if choice.draft.keeps else "width",
                    value=choice.draft.lattice.label(breach.row),
                    hint=("Keep fewer rows, or ask" if choice.draft.keeps else "Ask")
                    + " for less width",
                )
            choice.learn(breach, found)
            hidden[list(found)] = True
        breaches = list(choice.draft.breaches(hidden))


def _spared(draft: Draft, hidden: Bools, cost: Floats) -> Bools:
    """A safe choice without rows that need not be hidden, the dearest published first."""
    hidden = hidden.copy()
    further = np.setdiff1d(np.flatnonzero(hidden), draft.primary.rows)
    for row in sorted(further.tolist(), key=lambda row: (-cost[row], row)):
        hidden[row] = False
        if next(draft.breaches(hidden), None) is not None:
            hidden[row] = True
    return hidden
