"""An integer program per number.

A system has one variable per joint cell of a world: the categories that its source lists or that a
question names, unknown, and not listed. Each published count is a row. A count is a minimum and
a maximum of a sum of variables, a share the optimum of a ratio of two sums, found by Dinkelbach's
iteration in exact fractions. Several worlds side by side are one program. Only `milp` of scipy is
used.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from tests.oracle.worlds import Dimension, Row, Slot, World

CAP = 10**6
"""The largest number of persons in a cell. A sum of CAP / 2 or more is not bounded."""

Vector = np.ndarray[Any, Any]


class Overlap(Enum):
    """How the categories of a dimension of a world are read."""

    EXCLUSIVE = "exclusive"
    OVERLAPPING = "overlapping"
    NOT_DECIDED = "not decided"


def tolerance(total: int) -> int:
    """Return the slip that is no contradiction: 0.5% of the total, at most 10 persons."""
    return min(10, total // 200)


def with_slip(row: Row) -> Row:
    """Return a total with an upper bound that its parts exceed within the tolerance."""
    if row.upper is None or "total" not in row.slot:
        return row
    return replace(row, upper=row.upper + tolerance(row.upper))


def _margins(world: World, axis: int) -> dict[str, Row]:
    return {
        row.slot[axis]: row
        for row in world.rows
        if all(code == "total" for i, code in enumerate(row.slot) if i != axis)
    }


def is_beside(world: World, axis: int) -> bool | None:
    """Return whether sub-forms are beside their parent; None if no reading is the only one."""
    parents = world.dimensions[axis].parents
    margins = _margins(world, axis)
    total = margins.pop("total", None)
    listed = {code: row for code, row in margins.items() if code != "unknown"}
    # A row of a joint cell names a category too.
    named = {row.slot[axis] for row in world.rows} - {"total", "unknown"}
    inside = {code for code in named if parents.get(code) in named}
    if not inside:
        return False
    # A joint total can add up with separate sub-forms only.
    nested_reading = None if _is_beside_in_slice(world, axis, inside) else False
    if total is None or not all(row.is_point for row in (total, *margins.values())):
        return nested_reading
    rest = total.lower - sum(row.lower for row in margins.values())
    nested = rest + sum(listed[code].lower for code in inside if code in listed)
    if named - set(listed):
        return None if rest == 0 != nested else nested_reading
    if rest == 0:
        return None if nested == 0 else True
    for size in range(1, len(inside)):
        for some in itertools.combinations(sorted(inside), size):
            if rest + sum(listed[code].lower for code in some) == 0 != nested:
                return None
    return nested_reading


def _is_beside_in_slice(world: World, axis: int, inside: set[str]) -> bool:
    """Return whether sub-forms add up beside their parent, and not in it, in a joint total."""
    slices: dict[Slot, dict[str, Row]] = {}
    for row in world.rows:
        key = (*row.slot[:axis], *row.slot[axis + 1 :])
        slices.setdefault(key, {})[row.slot[axis]] = row
    for rows in slices.values():
        total = rows.pop("total", None)
        if total is None or not all(row.is_point for row in (total, *rows.values())):
            continue
        rest = total.lower - sum(row.lower for row in rows.values())
        if rest == 0 and any(rows[code].lower for code in inside & set(rows)):
            return True
    return False


def _joint_sums(world: World, axis: int, code: str) -> list[int]:
    """Return the persons of a category that its joint cells add up to, by another dimension."""
    sums = [0, 0]
    for other, dimension in enumerate(world.dimensions):
        if other != axis and dimension.closed:
            rows = [
                row.lower
                for row in world.rows
                if row.slot[axis] == code
                and row.slot[other] != "total"
                and all(c == "total" for i, c in enumerate(row.slot) if i not in (axis, other))
            ]
            sums.append(sum(rows))
    return sums


def overlap(world: World, axis: int, beside: bool) -> Overlap:
    """Return how the margins of a dimension are read."""
    dimension = world.dimensions[axis]
    if dimension.closed:
        return Overlap.EXCLUSIVE
    margins = _margins(world, axis)
    total = margins.pop("total", None)
    unknown = margins.pop("unknown", None)
    without = 0 if unknown is None else unknown.lower
    listed = {
        code: row.lower
        for code, row in margins.items()
        if beside or dimension.parents.get(code) not in {row.slot[axis] for row in world.rows}
    }
    if total is None or total.upper is None:
        return Overlap.EXCLUSIVE
    limit = total.upper
    slip = tolerance(limit)
    mentions = sum(listed.values())
    if mentions + without <= limit:
        # Joint cells can show what the margins do not.
        implied = {
            code: max(listed.get(code, 0), *_joint_sums(world, axis, code)) for code in listed
        } | {
            code: max(0, *_joint_sums(world, axis, code))
            for code in {row.slot[axis] for row in world.rows} - {"total", "unknown", *listed}
            if beside or dimension.parents.get(code) not in {row.slot[axis] for row in world.rows}
        }
        certain = sum(implied.values()) + without > limit
        return Overlap.NOT_DECIDED if certain else Overlap.EXCLUSIVE
    if mentions <= limit or mentions + without <= limit + slip:
        return Overlap.NOT_DECIDED
    if max(listed.values()) + without > limit:
        return Overlap.EXCLUSIVE  # and contradictory
    return Overlap.OVERLAPPING


@dataclass
class Question:
    """A share or a count: categories of the numerator, and of numerator and denominator."""

    category: Mapping[str, str]
    within: Mapping[str, str]
    base: str = "all"

    def asked(self, dimension: Dimension) -> tuple[str, bool] | None:
        """Return the category of a dimension, and whether only the numerator has it."""
        if dimension.name in self.category:
            return self.category[dimension.name], True
        if dimension.name in self.within:
            return self.within[dimension.name], False
        return None


class System:
    """The counts of one world, or of several side by side, as rows over cells."""

    def __init__(
        self, matrix: Vector, lower: Vector, upper: Vector, sums: Mapping[str, Vector]
    ) -> None:
        self.matrix, self.lower, self.upper, self.sums = matrix, lower, upper, dict(sums)
        self.size = matrix.shape[1]
        self._counts: dict[tuple[bytes, int], int | None] = {}
        self._has_completion = False
        self._rules = LinearConstraint(csc_array(matrix), lower, upper)

    @classmethod
    def side_by_side(cls, systems: Sequence["System"]) -> "System":
        """Return the systems of several worlds as one."""
        width = sum(system.size for system in systems)
        blocks, start = [], 0
        for system in systems:
            block = np.zeros((len(system.matrix), width))
            block[:, start : start + system.size] = system.matrix
            blocks.append(block)
            start += system.size
        return cls(
            np.vstack(blocks),
            np.concatenate([system.lower for system in systems]),
            np.concatenate([system.upper for system in systems]),
            {
                name: np.concatenate([system.sums[name] for system in systems])
                for name in systems[0].sums
                if all(name in system.sums for system in systems)
            },
        )

    def with_rows(self, vectors: Iterable[Vector], rows: Iterable[Row]) -> "System":
        """Return the system with the rows of a union."""
        rows = list(rows)
        return System(
            np.vstack([self.matrix, *vectors]),
            np.append(self.lower, [row.lower for row in rows]),
            np.append(self.upper, [np.inf if row.upper is None else row.upper for row in rows]),
            self.sums,
        )

    def with_least(self, n: int, least: int) -> "System":
        """Return the system with another lower bound of its last n rows."""
        lower = self.lower.copy()
        lower[len(lower) - n :] = least
        return System(self.matrix, lower, self.upper, self.sums)

    def best(self, objective: Vector, sense: int, positive: Vector | None = None) -> Vector | None:
        """Return an optimal completion; None if there is none."""
        more = [] if positive is None else [LinearConstraint(positive, 1, np.inf)]
        found = milp(
            -sense * objective,
            constraints=[self._rules, *more],
            integrality=np.ones(self.size),
            bounds=Bounds(0, CAP),
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return None
        point = np.rint(found.x)
        sums = self.matrix @ point
        assert (sums >= self.lower).all(), "the program must give a completion"
        assert (sums <= self.upper).all(), "the program must give a completion"
        assert positive is None or positive @ point >= 1, "the program must give a completion"
        return point

    @property
    def is_feasible(self) -> bool:
        return self.count("N", -1) is not None

    def count(self, name: str, sense: int) -> int | None:
        """Return the minimum or maximum of a sum; None for no completion, CAP for no limit.

        A sum is solved once, also under two names. Every completion has the same sum if it is a row
        without a range.
        """
        vector = self.sums[name]
        key = vector.tobytes(), sense
        if key not in self._counts:
            fixed = (self.lower == self.upper) & (self.matrix == vector).all(axis=1)
            if self._has_completion and fixed.any():
                self._counts[key] = min(CAP, int(self.lower[fixed][0]))
            else:
                point = self.best(vector, sense)
                self._has_completion |= point is not None
                self._counts[key] = None if point is None else min(CAP, int(vector @ point))
        return self._counts[key]

    def ends(self, name: str) -> tuple[int, int]:
        """Return the least and the greatest sum; CAP stands for no limit."""
        low, high = self.count(name, -1), self.count(name, 1)
        assert low is not None, "the system must have a completion"
        assert high is not None, "the system must have a completion"
        return low, high

    def ratio(
        self, names: tuple[str, str], sense: int, start: Fraction | None = None
    ) -> Fraction | None:
        """Return the least or greatest ratio; None if every denominator is 0.

        Completions with a denominator of 0 are left out. One program is enough if the start is
        the result.
        """
        n, d = self.sums[names[0]], self.sums[names[1]]
        low, high = self.ends(names[1])
        if low == high:
            count = self.count(names[0], sense)
            return Fraction(count, low) if low and count is not None else None
        guess = start
        if guess is None:
            point = self.best(np.zeros(self.size), 1, d)
            if point is None:
                return None
            guess = Fraction(int(n @ point), int(d @ point))
        first = True
        while True:
            objective = n * float(guess.denominator) - d * float(guess.numerator)
            point = self.best(objective, sense, d)
            if point is None:
                return None
            value = Fraction(int(n @ point), int(d @ point))
            if value == guess:
                return guess
            if not first and sense * (value - guess) < 0:
                return guess
            guess, first = value, False


@dataclass
class Reading:
    """A world as a system for one question."""

    system: System
    relaxed: System
    """The system with the slips that are discrepancies and no contradictions."""
    categories: list[tuple[str, ...]]
    cells: list[Slot]
    decided: bool
    """Whether there is one way to read sub-forms and overlap."""
    overlapping: bool
    boxes: dict[str, Vector]

    def sum_of(self, slot: Slot) -> Vector:
        """Return the cells of a slot, of the categories that are cells."""
        result = np.zeros(self.system.size)
        for i, cell in enumerate(self.cells):
            result[i] = all(code in ("total", leaf) for code, leaf in zip(slot, cell, strict=True))
        return result

    def place(self, world: World) -> Vector | None:
        """Return the true persons per cell; None if they are not a completion."""
        if self.overlapping:
            return None  # The persons of these worlds have one category each.
        index = {cell: i for i, cell in enumerate(self.cells)}
        persons = np.zeros(len(self.cells))
        for cell, n in world.truth.items():
            if n:
                here = tuple(
                    _leaf(dimension, codes, leaf)
                    for dimension, codes, leaf in zip(
                        world.dimensions, self.categories, cell, strict=True
                    )
                )
                if here not in index:
                    return None
                persons[index[here]] += n
        sums = self.system.matrix @ persons
        inside = (sums >= self.system.lower).all() and (sums <= self.system.upper).all()
        return persons if inside else None


def _published_highs(world: World, index: Mapping[Slot, int]) -> dict[Slot, int | None]:
    """Return the upper bounds of all rows, and of sums of published parts without a row."""
    highs = {slot: world.rows[i].upper for slot, i in index.items()}
    for axis, dimension in enumerate(world.dimensions):
        named = {slot[axis] for slot in index} - {"total"} | {*dimension.always, "unknown"}
        for slot in list(index) if dimension.closed else ():
            whole = (*slot[:axis], "total", *slot[axis + 1 :])
            parts = [(*slot[:axis], code, *slot[axis + 1 :]) for code in sorted(named)]
            if whole not in highs and index.keys() >= set(parts):
                counts = [world.rows[index[part]].upper for part in parts]
                highs[whole] = None if None in counts else sum(n for n in counts if n is not None)
    return highs


def with_gaps_as_unknown(world: World) -> World:
    """Return a world in which the persons that published parts leave of a total are unknown."""
    index = {row.slot: i for i, row in enumerate(world.rows)}
    rows, highs = list(world.rows), _published_highs(world, index)
    for axis, dimension in enumerate(world.dimensions):
        named = {row.slot[axis] for row in world.rows} - {"total"}
        needed = named | {*dimension.always, "unknown"}
        for row in world.rows if dimension.closed else ():
            parts = [(*row.slot[:axis], code, *row.slot[axis + 1 :]) for code in sorted(needed)]
            unknown = (*row.slot[:axis], "unknown", *row.slot[axis + 1 :])
            if row.slot[axis] != "total" or not row.is_point or not highs.keys() >= set(parts):
                continue
            counts = [highs[slot] for slot in parts]
            if unknown not in index or None in counts:
                continue
            if sum(n for n in counts if n is not None) < row.lower:
                rows[index[unknown]] = replace(rows[index[unknown]], upper=None)
    return replace(world, rows=rows)


def without_conflicts(
    world: World, question: Question, *, overlapping_forms: bool = False
) -> World | None:
    """Return a world without the rows that contradict each other; None if no row is left.

    The rows of one smallest contradiction after the other are left out. Rows that list dimensions
    beyond those of the question are laid aside first. A total that its published parts do not
    reach has further unknown persons, and is no contradiction.
    """
    further = [i for i, axis in enumerate(world.dimensions) if question.asked(axis) is None]
    rows = with_gaps_as_unknown(world).rows

    def contradict(some: list[Row]) -> bool:
        part = replace(world, rows=some)
        return not read(part, question, overlapping_forms=overlapping_forms).system.is_feasible

    while rows and contradict(rows):
        conflict = list(rows)
        for row in rows:
            fewer = [other for other in conflict if other is not row]
            if fewer and contradict(fewer):
                conflict = fewer
        beyond = [row for row in conflict if any(row.slot[i] != "total" for i in further)]
        rows = [row for row in rows if not any(row is other for other in beyond or conflict)]
    return replace(world, rows=rows) if rows else None


def _leaf(dimension: Dimension, codes: tuple[str, ...], leaf: str) -> str:
    if leaf in codes or leaf == "unknown":
        return leaf
    parent = dimension.parents.get(leaf)
    return parent if parent in codes else "not_listed"


def read(  # noqa: PLR0915 - one system, in the order of its rows
    world: World, question: Question, *, overlapping_forms: bool = False
) -> Reading:
    """Return the system of a world for a question.

    With overlapping forms, every dimension that can overlap is read as if it does.
    """
    axes, decided, overlapping = [], True, False
    for axis, dimension in enumerate(world.dimensions):
        asked = question.asked(dimension)
        named = {row.slot[axis] for row in world.rows} - {"total", "unknown"}
        named |= set(dimension.always) | ({asked[0]} if asked else set()) - {"unknown"}
        codes = tuple(code for code in dimension.codes if code in named)
        beside = is_beside(world, axis)
        decided &= beside is not None
        kind = overlap(world, axis, bool(beside))
        decided &= kind is not Overlap.NOT_DECIDED
        if overlapping_forms and not dimension.closed:
            kind = Overlap.OVERLAPPING
        inside = {
            code: {code}
            if beside
            else {code, *(c for c in codes if dimension.parents.get(c) == code)}
            for code in codes
        }
        leaves = [*codes, "unknown"]
        at_least: set[str] = set()
        if kind is Overlap.OVERLAPPING:
            overlapping = True
            decided &= not dimension.parents
            kept = [asked[0]] if asked and asked[0] != "unknown" else []
            at_least = set(codes) - set(kept)
            leaves = [*kept, "rest", "unknown"]
            inside = {code: {code} if code in kept else {*kept, "rest"} for code in codes}
        elif not dimension.closed:
            leaves.append("not_listed")
        inside |= {"total": set(leaves), "unknown": {"unknown"}}
        axes.append((codes, leaves, inside, at_least))
    cells = list(itertools.product(*(leaves for _, leaves, _, _ in axes)))

    def box(sets: Sequence[set[str]]) -> Vector:
        masks = [
            np.array([leaf in wanted for leaf in axis[1]])
            for axis, wanted in zip(axes, sets, strict=True)
        ]
        grid = masks[0]
        for mask in masks[1:]:
            grid = np.multiply.outer(grid, mask)
        return grid.ravel().astype(float)

    # Persons with another category of an overlapping dimension are variables of their own in each
    # cell of the other dimensions: at most the persons of this cell of known category.
    several = [i for i, axis in enumerate(axes) if axis[3]]
    apart = len(several) == 1
    blocks = [(i, code) for i in several for code in sorted(axes[i][3])] if apart else []
    width = len(cells) * (1 + len(blocks))

    def wide(vector: Vector, place: int = 0) -> Vector:
        result = np.zeros(width)
        result[place * len(cells) : (place + 1) * len(cells)] = vector
        return result

    matrix, lower, upper, slack_low, slack_high = [], [], [], [], []
    for row in world.rows:
        sets = [axis[2][code] for axis, code in zip(axes, row.slot, strict=True)]
        least = any(code in axis[3] for axis, code in zip(axes, row.slot, strict=True))
        place = 0
        if least and apart:
            (own,) = several
            place = 1 + blocks.index((own, row.slot[own]))
            sets[own], least = {"rest"}, False
        matrix.append(wide(box(sets), place))
        high = np.inf if least or row.upper is None else row.upper
        lower.append(row.lower)
        upper.append(high)
        slip = 0 if np.isinf(high) else tolerance(int(high))
        # Parts below their total are a discrepancy: the gap counts as unknown.
        gap = "total" in row.slot
        slack_low.append(0 if gap else max(0, row.lower - slip))
        free = "unknown" in row.slot or row.reason == "parts"
        slack_high.append(np.inf if free else high + slip)
    for place, (own, _) in enumerate(blocks, 1):
        known = axes[own][2]["total"] - {"unknown"}
        others = [axis[1] for i, axis in enumerate(axes) if i != own]
        for cell in itertools.product(*others):
            around = [{leaf} for leaf in cell]
            inside, here = list(around), list(around)
            inside.insert(own, known)
            here.insert(own, {"rest"})
            matrix.append(wide(box(inside)) - wide(box(here), place))
            lower.append(0)
            upper.append(np.inf)
            slack_low.append(0)
            slack_high.append(np.inf)
    sums = {name: wide(vector) for name, vector in _sums(world, question, axes, box).items()}
    a = np.array(matrix)
    return Reading(
        System(a, np.array(lower, float), np.array(upper, float), sums),
        System(a, np.array(slack_low, float), np.array(slack_high, float), sums),
        [axis[0] for axis in axes],
        cells,
        decided,
        overlapping,
        sums,
    )


def _sums(world: World, question: Question, axes: Any, box: Any) -> dict[str, Vector]:
    """Return the sums of a question: numerator, total, persons who can join, denominator."""
    numerator, total, joined, mentions = [], [], [], []
    for dimension, (_, leaves, inside, _) in zip(world.dimensions, axes, strict=True):
        asked = question.asked(dimension)
        if asked is None:
            for sets in (numerator, total, joined, mentions):
                sets.append(set(leaves))
        elif asked[1]:
            numerator.append(inside[asked[0]])
            total.append(set(leaves))
            joined.append(inside[asked[0]] | {"unknown"})
            mentions.append(set(leaves) - {"unknown", "not_listed"})
        else:
            for sets in (numerator, total, joined, mentions):
                sets.append(inside[asked[0]])
    n, t, n2 = box(numerator), box(total), box(joined)
    unknown = n2 - n
    d = {"all": t, "known": t - unknown, "responses": box(mentions)}[question.base]
    return {"N": n, "T": t, "N+U": n2, "U": unknown, "D": d}
