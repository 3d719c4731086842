"""Releases with planted patterns, and releases with independent revisions.

``python -m tests.releases.planted TABLES SEED`` prints how many planted patterns are found with
exactly their cells, and ``python -m tests.releases.planted TABLES SEED random`` the tables of
independent revisions with a pattern.
"""

import sys
from collections import Counter
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import thbstats as thb
from tests.releases.campaign import CATEGORIES, NAMES

KINDS = ("exchange", "cycle of 3", "cycle of 4", "permutation", "shift", "scaling")
LEVELS = ("wide", "thousands", "near", "small")
"""Figures of all sizes, figures above 1,000, figures from 290 to 310, and a mean of 4."""
MECHANISMS = ("poisson", "proportion", "rounding", "addition", "steps")
SHARES = (0.0, 0.05, 0.2)
Figures = NDArray[np.int64]


class World(NamedTuple):
    """The figures of two releases, and the planted patterns as kinds and cells."""

    shape: tuple[int, ...]
    old: Figures
    new: Figures
    is_hidden: bool
    planted: list[tuple[str, list[int]]]

    @property
    def tables(self) -> list[thb.CountTable]:
        """The two releases."""
        codes = np.unravel_index(np.arange(np.prod(self.shape)), self.shape)
        names = zip(NAMES, codes, CATEGORIES, self.shape, strict=False)
        columns = {n: pd.Categorical.from_codes(c, own[:size]) for n, c, own, size in names}
        tables = []
        for values in (self.old, self.new):
            small = self.is_hidden & (values > 0) & (values < 5)
            frame = pd.DataFrame(columns).assign(
                lower=np.where(small, 1, values), upper=np.where(small, 4, values),
                reason=np.where(small, "fewer_than", "known"),
            )  # fmt: skip
            tables.append(thb.CountTable.from_frame(frame, kind="victims"))
        return tables


def figures(rng: np.random.Generator, level: str, size: int) -> Figures:
    """Return figures of a level."""
    own: Any = {
        "wide": lambda: rng.poisson(60 * np.exp(rng.normal(0, 1.5, size))),
        "thousands": lambda: rng.integers(1000, 9000, size),
        "near": lambda: rng.integers(290, 311, size),
        "small": lambda: rng.poisson(4 * np.exp(rng.normal(0, 0.7, size))),
    }[level]()
    return np.asarray(own, np.int64)


def revised(
    rng: np.random.Generator, old: Figures, mechanism: str, cells: NDArray[np.bool_]
) -> Figures:
    """Return the figures with independent revisions of some cells."""
    new: Any = {
        "poisson": lambda: rng.poisson(old),
        "proportion": lambda: np.rint(old * rng.normal(1, 0.1, len(old))),
        "rounding": lambda: np.rint(old / 5) * 5,
        "addition": lambda: old + rng.poisson(1 + old / 30),
        "steps": lambda: old + rng.integers(-3, 4, len(old)),
    }[mechanism]()
    return np.where(cells, np.maximum(new, 0), old).astype(np.int64)


def plant(
    rng: np.random.Generator, kind: str, world: World, used: NDArray[np.bool_]
) -> list[int] | None:
    """Change the figures of a group that no other pattern uses; return its cells, or nothing."""
    old, new, shape = world.old, world.new, world.shape
    cells = np.arange(len(old)).reshape(shape)
    least = 5 if world.is_hidden else 1
    for _ in range(200):
        # Areas and periods have an order; the order of the other categories can be another one.
        axis = int(rng.integers(2 if kind == "shift" else len(shape)))
        if kind == "scaling":
            group = np.take(cells, rng.integers(shape[axis]), axis).ravel()
            factor = int(rng.choice([10, 100, 1000]))
            group = group[old[group] >= least]
            if len(group) < 3 or used[group].any():
                continue
            new[group] = old[group] * factor
        else:
            group = np.moveaxis(cells, axis, -1).reshape(-1, shape[axis])
            group = group[rng.integers(len(group))]
            size = {"exchange": 2, "cycle of 3": 3, "cycle of 4": 4}.get(kind, len(group))
            if len(group) < max(size, 2) or (kind == "permutation" and size < 3):
                continue
            if kind == "shift":
                if len(group) < 4:
                    continue
                source, target = group[:-1], group[1:]
            else:
                target = rng.permutation(group)[:size]
                source = np.roll(target, 1)
                if kind == "permutation":
                    source = rng.permutation(target)
            is_low = min(old[source].min(), old[target].min()) < least
            if is_low or used[group].any() or (old[source] == old[target]).any():
                continue
            if kind != "shift" and len(np.unique(old[target])) < len(target):
                continue
            new[target], group = old[source], target
        used[group] = True
        return sorted(group.tolist())
    return None


def world(seed: int, kinds: tuple[str, ...], level: str, share: float) -> World:
    """Return two releases with planted patterns, and a share of other cells that are revised."""
    rng = np.random.default_rng([17, seed])
    shape = (
        int(rng.integers(4, 28)), int(rng.integers(2, 13)), int(rng.integers(3, 5)),
        int(rng.integers(1, 4)), int(rng.choice([1, 4, 10])),
    )  # fmt: skip
    while np.prod(shape) > 4000:
        shape = tuple(max(n // 2, low) for n, low in zip(shape, (4, 2, 3, 1, 1), strict=True))
    old = figures(rng, level, int(np.prod(shape)))
    cells = rng.random(len(old)) < share
    own = World(shape, old, revised(rng, old, rng.choice(MECHANISMS), cells), False, [])
    own = own._replace(is_hidden=bool(rng.random() < 0.3))
    used = np.zeros(len(old), dtype=np.bool_)
    for kind in kinds:
        if positions := plant(rng, kind, own, used):
            own.planted.append((kind, positions))
    return own


def is_found(own: World, pattern_cells: list[list[int]]) -> list[bool]:
    """Return whether a pattern has exactly the cells of each planted pattern.

    Figures of several groups that are scaled by one factor are one pattern.
    """
    scaled = {cell for kind, cells in own.planted if kind == "scaling" for cell in cells}
    unions = [set(cells) for cells in pattern_cells if set(cells) <= scaled]
    return [
        any(set(cells) <= u for u in unions) if kind == "scaling" else cells in pattern_cells
        for kind, cells in own.planted
    ]


def planted(tables: int, seed: int) -> None:
    """Print how many planted patterns are found, by kind, level and share."""
    number, hits, kinds = Counter[Any](), Counter[Any](), Counter[Any]()
    other = 0
    settings = list(product(LEVELS, SHARES, (1, 3)))
    for n in range(seed, seed + tables):
        level, share, several = settings[n % len(settings)]
        kind = KINDS[n // len(settings) % len(KINDS)]
        drawn = np.random.default_rng([3, n]).choice(KINDS, several - 1)
        own = world(n, (kind, *map(str, drawn)), level, share)
        patterns = thb.revisions(*own.tables).patterns
        found = [sorted(p.positions.tolist()) for p in patterns]
        every = [cells for _, cells in own.planted]
        scaled = {cell for kind, cells in own.planted if kind == "scaling" for cell in cells}
        other += sum(cells not in every and not set(cells) <= scaled for cells in found)
        for (name, cells), hit in zip(own.planted, is_found(own, found), strict=True):
            for key in ((name, level, share), (name, level), (name,)):
                number[key] += 1
                hits[key] += hit
            if hit and cells in found:
                kinds[name, patterns[found.index(cells)].kind] += 1
            elif not hit and "-v" in sys.argv:
                print(n, name, level, share, own.shape, cells, own.old[cells], own.new[cells])
                print("    ", [(p.text, sorted(p.positions.tolist())) for p in patterns])
    for name in KINDS:
        print(f"{name:12} {hits[name,]}/{number[name,]}", end="")
        for level in LEVELS:
            cells = " ".join(f"{hits[name, level, s]}/{number[name, level, s]}" for s in SHARES)
            print(f" | {level}: {cells}", end="")
        print(" |", {k[1]: v for k, v in kinds.items() if k[0] == name})
    print(f"patterns with other cells: {other}")


def random(tables: int, seed: int) -> None:
    """Print the tables of independent revisions with a pattern."""
    found = 0
    for n in range(seed, seed + tables):
        rng = np.random.default_rng([4, n])
        own = world(n, (), LEVELS[n % 4], float(rng.choice([0.05, 0.2, 0.6, 1.0])))
        patterns = thb.revisions(*own.tables).patterns
        found += len(patterns) > 0
        for p in patterns:
            print(n, LEVELS[n % 4], p.kind, p.text)
    print(f"{found} of {tables} tables have a pattern")


if __name__ == "__main__":
    (random if "random" in sys.argv else planted)(*map(int, sys.argv[1:3]))
