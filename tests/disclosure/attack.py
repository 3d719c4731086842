"""Attack on protected tables with integer programs that share no code with the suppression.

The unknowns are the persons in each combination of categories. Each published count is a sum of
them, also in linked tables and in earlier releases. Run all 500 tables from the root folder::

    python -m tests.disclosure.attack 0 500

With a third argument `basic`, the search for large blocks protects these small ones.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from attrs import define, field
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

import thbstats as thb
from thbstats.disclosure import SuppressedTable, suppress
from thbstats.disclosure._choice_search import ChoiceSearch
from thbstats.errors import ImpossibleResult
from thbstats.records import schema_of
from thbstats.tables import CountTable

THRESHOLD = 5
SEXES = {"female": 0.60, "male": 0.37, "unknown": 0.03}
AGES = {"child": 0.2, "adult": 0.75, "unknown": 0.05}
COUNTRIES = ("RO", "BG", "NG", "HU", "PL", "VN", "CN", "AL", "UA", "BR", "IN", "PK")
MEANS = {"threats": 0.6, "debt": 0.4}
PLACES = {"north_a": "north", "north_b": "north", "south_a": "south", "south_b": "south"}
OWN = (
    thb.Classification(name="means", categories=[{"code": code} for code in MEANS]),
    thb.Classification(
        name="place",
        categories=[
            *({"code": code} for code in ("north", "south")),
            *({"code": code, "parent": parent} for code, parent in PLACES.items()),
        ],
    ),
)
KIND = schema_of("victims", *OWN)


@define
class World:
    """Persons by combination of categories, and the categories of each code."""

    codes: dict[str, dict[str, tuple[str, ...]]]
    """For each dimension, the innermost categories of each code."""
    inner: np.ndarray[Any, Any]

    @property
    def leaves(self) -> dict[str, list[str]]:
        return {
            name: [code for code, inside in codes.items() if inside == (code,)]
            for name, codes in self.codes.items()
        }

    def mask(self, row: dict[str, str]) -> np.ndarray[Any, Any]:
        """Return the innermost combinations that a row counts."""
        marks = [
            np.isin(names, self.codes[dimension][row.get(dimension, "total")])
            for dimension, names in self.leaves.items()
        ]
        result: np.ndarray[Any, Any] = np.ones(1, dtype=bool)
        for mark in marks:
            result = np.logical_and.outer(result, mark)
        return result.ravel()

    def table(self, names: Sequence[str]) -> CountTable:
        """Return the counts by some dimensions with all totals."""
        rows = [
            dict(zip(names, codes, strict=True))
            for codes in product(*(self.codes[name] for name in names))
        ]
        frame = pd.DataFrame(rows)
        frame["value"] = [int(self.inner[self.mask(row)].sum()) for row in rows]
        return CountTable.from_frame(frame, kind=KIND, area="NL", period=2020, status="identified")


def world(generator: np.random.Generator, *names: str, size: int) -> World:
    """Draw a register with some dimensions."""
    n_countries = int(generator.integers(2, size))
    shares = {
        "sex": SEXES,
        "age": AGES,
        "citizenship": {c: 1 / (1 + i) ** 1.1 for i, c in enumerate(COUNTRIES[:n_countries])},
        "means": MEANS,
        "place": dict.fromkeys(PLACES, 0.25),
    }
    codes = {}
    for name in names:
        codes[name] = {code: (code,) for code in shares[name]}
        if name == "place":
            for whole in ("north", "south"):
                codes[name][whole] = tuple(c for c, above in PLACES.items() if above == whole)
        codes[name]["total"] = tuple(shares[name])
    probability = np.ones(1)
    for name in names:
        weights = np.array(list(shares[name].values())) * generator.uniform(0.5, 1.5)
        probability = np.outer(probability, weights * generator.uniform(0.4, 1.6, len(weights)))
        probability = probability.ravel()
    expected = probability / probability.sum() * int(generator.integers(30, 900))
    return World(codes, generator.poisson(expected))


@define
class Attack:
    """Integer program of a reader: persons in each combination, and what is published."""

    worlds: list[World]
    rows: list[Any] = field(factory=list)
    low: list[float] = field(factory=list)
    high: list[float] = field(factory=list)
    completions: list[np.ndarray[Any, Any]] = field(factory=list)
    """Persons that satisfy all rows: each one serves the bounds of every count."""

    def _vector(self, release: int, row: dict[str, str]) -> np.ndarray[Any, Any]:
        parts = [np.zeros(world.inner.size) for world in self.worlds]
        parts[release] = self.worlds[release].mask(row).astype(float)
        return np.concatenate(parts)

    def add(self, release: int, table: CountTable) -> None:
        """Add the published bounds of each row."""
        for row, lower, upper in zip(_rows(table), table.lower, table.upper, strict=True):
            self._add(self._vector(release, row), float(lower), float(upper))

    def _add(self, vector: np.ndarray[Any, Any], low: float, high: float) -> None:
        self.rows.append(vector)
        self.low.append(low)
        self.high.append(high)
        self.completions = [own for own in self.completions if low <= vector @ own <= high]

    def tie(self, row: dict[str, str]) -> None:
        """Add the knowledge that a count did not change from the first to the second release."""
        self._add(self._vector(0, row) - self._vector(1, row), 0.0, 0.0)

    def know(self, release: int, row: dict[str, str], number: int) -> "Attack":
        """Return the attack of an insider, who knows one more count."""
        other = Attack(self.worlds, [*self.rows], [*self.low], [*self.high], [*self.completions])
        other._add(self._vector(release, row), number, number)
        return other

    def attained(self, release: int, row: dict[str, str]) -> tuple[float, float]:
        """Return the smallest and the largest count of a row in the completions so far."""
        target = self._vector(release, row)
        counts = [float(target @ own) for own in self.completions]
        return min(counts, default=np.inf), max(counts, default=-np.inf)

    def bounds(self, release: int, row: dict[str, str]) -> tuple[float, float]:
        """Return the smallest and the largest count of a row."""
        target, ends = self._vector(release, row), []
        matrix = np.array(self.rows)
        rules = LinearConstraint(csr_array(matrix), self.low, self.high)
        for sign in (1.0, -1.0):
            answer = milp(
                sign * target,
                integrality=np.ones(len(target)),
                bounds=Bounds(0, np.inf),
                constraints=rules,
                options={"mip_rel_gap": 0.0},
            )
            if answer.status == 3:  # unbounded
                ends.append(np.inf)
                continue
            assert answer.x is not None, answer.message
            completion = np.rint(answer.x)
            counts = matrix @ completion
            assert ((counts >= self.low) & (counts <= self.high)).all(), "must be a completion"
            self.completions.append(completion)
            ends.append(round(target @ completion))
        return ends[0], ends[1]


def _rows(table: CountTable) -> list[dict[str, str]]:
    names = ["sex", "age", "citizenship", "means", "place"]
    return table.to_frame()[names].astype(str).to_dict("records")


@define
class Trial:
    """Protected tables, and the counts of cells that keep or break the promise."""

    seed: int
    kind: str
    n_primary: int = 0
    n_unmet: int = 0
    n_pairs: int = 0
    violations: list[str] = field(factory=list)
    seconds: float = 0.0

    def check(
        self,
        attacks: Sequence[Attack],
        release: int,
        safe: SuppressedTable,
        *,
        level: int | None,
        unmet: Iterable[int],
    ) -> None:
        """Compare the bounds of each primary cell with the promise."""
        lower = 0 if safe.marks == 1 else 1
        (attack, best), cells, unmet = attacks, _rows(safe.table), set(unmet)

        def is_wide(low: float, high: float) -> bool:
            if level is None:
                return low <= lower and high >= THRESHOLD - 1
            return high - low >= level

        for row in safe.primary.rows.tolist():
            self.n_primary += 1
            if is_wide(*attack.attained(release, cells[row])):
                continue
            low, high = attack.bounds(release, cells[row])
            if is_kept := is_wide(low, high):
                continue
            if row in unmet:  # the bounds must be the widest possible ones
                self.n_unmet += 1
                wide = best.bounds(release, cells[row])
                is_kept = low <= max(wide[0], lower) and high >= min(wide[1], THRESHOLD - 1)
            if not is_kept:
                self.violations.append(f"{cells[row]}: {low} to {high}")

    def check_insiders(self, attack: Attack, tables: Sequence[SuppressedTable], most: int) -> None:
        """Compare what persons alone in cells can derive with the listed exposures."""
        world = attack.worlds[0]
        primary: dict[tuple[str, ...], tuple[dict[str, str], int]] = {}
        listed = set[tuple[str, ...]]()
        for safe in tables:
            cells, counts = _rows(safe.table), safe.primary.table.lower
            for row in safe.primary.rows.tolist():
                primary[tuple(cells[row].values())] = cells[row], int(counts[row])
            listed |= {tuple(cells[exposure.row].values()) for exposure in safe.exposures}
        alone = [cell for cell, count in primary.values() if count == 1]
        persons = {int(np.flatnonzero(world.mask(cell) & (world.inner > 0))[0]) for cell in alone}
        for person in sorted(persons)[:most]:
            inside, own = attack, list[dict[str, str]]()
            for cell in alone:  # all cells in which this person is alone
                if world.mask(cell)[person]:
                    inside, own = inside.know(0, cell, 1), [*own, cell]
            for key, (cell, _) in primary.items():
                if cell in own:
                    continue
                self.n_pairs += 1
                low, high = inside.attained(0, cell)
                if low >= high:
                    low, high = inside.bounds(0, cell)
                if low == high and key not in listed:
                    self.violations.append(f"insider {own[0]} derives {cell}")


def trial(seed: int) -> Trial:  # noqa: PLR0912
    """Protect one random case and attack it."""
    generator = np.random.default_rng(seed)
    kind = ("3-way", "4-way", "hierarchy", "linked", "cycle", "release", "revised")[seed % 7]
    names = {
        "3-way": ("sex", "age", "citizenship"),
        "4-way": ("sex", "age", "citizenship", "means"),
        "hierarchy": ("sex", "citizenship", "place"),
    }.get(kind, ("sex", "age", "citizenship"))
    size = {"3-way": 13, "4-way": 5, "hierarchy": 9}.get(kind, 9)
    now = world(generator, *names, size=size)
    marks = 1 if generator.random() < 0.7 else 2
    level = None if generator.random() < 0.75 else 1
    inside = bool(generator.random() < 0.3) and kind not in ("release", "revised")
    rules: dict[str, Any] = {
        "fewer_than": THRESHOLD,
        "marks": marks,
        "protection_level": level,
        "protect_contributors": inside,
        "time_limit": 3,
    }
    result = Trial(seed, kind)
    sets = [names]
    if kind == "linked":
        sets = [("sex", "citizenship"), ("age", "citizenship")]
    elif kind == "cycle":
        sets = [("sex", "citizenship"), ("age", "citizenship"), ("sex", "age")]
    elif kind in ("release", "revised"):
        sets = [("sex", "citizenship")]
    before, previous = None, None
    if kind in ("release", "revised"):
        old = World(now.codes, now.inner.copy())
        if kind == "revised":  # some persons were added since then
            late = generator.random(old.inner.size) < 0.15
            old.inner[late] = old.inner[late] * generator.integers(0, 2)
        before = old
        try:
            previous = suppress(
                old.table(("sex", "citizenship") if seed % 2 else ("age", "citizenship")), **rules
            )
        except ImpossibleResult:
            return result
    tables = [now.table(names) for names in sets]
    start = perf_counter()
    try:
        safe = suppress(tables, **rules, **({"previous": previous} if previous else {}))
    except ImpossibleResult:
        return result  # a count that any choice discloses
    result.seconds = perf_counter() - start
    attacks = []
    for everything in (False, True):
        attack = Attack([now] if before is None else [now, before])
        for item in safe:
            attack.add(0, _all_suppressed(item) if everything else item.table)
        if previous is not None and before is not None:
            attack.add(1, previous.table)
            own = {tuple(row.items()) for item in safe for row in _rows(item.table)}
            for row in _rows(previous.table):
                is_same = now.inner[now.mask(row)].sum() == before.inner[before.mask(row)].sum()
                if tuple(row.items()) in own and is_same:
                    attack.tie(row)
        attacks.append(attack)
    for item in safe:
        result.check(attacks, 0, item, level=level, unmet=item.unmet)
    if inside:
        result.check_insiders(attacks[0], safe, 2)
    if previous is not None:
        every = previous.primary.rows.tolist()
        result.check(attacks, 1, previous, level=level, unmet=every)
    return result


def _all_suppressed(safe: SuppressedTable) -> CountTable:
    """Return the table if all candidates were suppressed."""
    rows = safe.primary.candidates
    rows[safe.primary.rows] = True
    return safe.primary.published_table(rows, marks=safe.marks)


def main(first: int, last: int) -> None:
    """Attack the tables of some seeds, and print the counts."""
    totals: dict[str, Counter[str]] = {}
    for seed in range(first, last):
        result = trial(seed)
        total = totals.setdefault(result.kind, Counter())
        total.update(
            tables=1,
            primary=result.n_primary,
            unmet=result.n_unmet,
            pairs=result.n_pairs,
            violations=len(result.violations),
        )
        total["milliseconds"] += round(1000 * result.seconds)
        for text in result.violations:
            print("VIOLATION", seed, result.kind, text, flush=True)
    for kind, total in totals.items():
        print(f"{kind:10}", *(f"{name} {number:,}" for name, number in total.items()))
    every: Counter[str] = Counter()
    for total in totals.values():
        every.update(total)
    print(f"{'all':10}", *(f"{name} {number:,}" for name, number in every.items()))


def use_basic_moves(self: ChoiceSearch, _every: object) -> bool:
    """Replace the choice of the search, which depends on the size of a block."""
    return self.block.cross is not None


if __name__ == "__main__":
    if sys.argv[3:] == ["basic"]:
        ChoiceSearch._needs_basic_moves = use_basic_moves  # type: ignore[method-assign]
    main(int(sys.argv[1]), int(sys.argv[2]))
