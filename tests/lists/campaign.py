"""Coverage of bounds on all persons in simulated lists: ``python -m tests.lists.campaign [SETS]``.

Each set has 2 to 5 lists of persons with a known number N. Lists depend on each other in pairs,
inside or outside the stated range of marginal odds ratios. The script prints the share of sets
whose bounds contain N.
"""

import sys
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import ImpossibleResult
from thbstats.lists import Lists, hidden

RANGE = (Fraction(1, 3), 3)
LEVEL = 0.95
SEED = 20261130


def probabilities(size: int, random: np.random.Generator, spread: float) -> NDArray[np.float64]:
    """Return the probability of each history, with interactions of pairs of lists."""
    histories = np.arange(1 << size)
    bits = (histories[:, None] >> np.arange(size)) & 1
    logs = bits @ np.log(random.uniform(0.03, 0.3, size))
    for i, j in combinations(range(size), 2):
        logs += bits[:, i] * bits[:, j] * random.uniform(-spread, spread)
    weights = np.exp(logs)
    return np.asarray(weights / weights.sum())


def odds_ratios(p: NDArray[np.float64], size: int) -> list[float]:
    """Return the marginal odds ratio of each pair of lists."""
    histories, result = np.arange(len(p)), []
    for i, j in combinations(range(size), 2):
        first, second = histories >> i & 1 == 1, histories >> j & 1 == 1
        cells = [
            p[(first == a) & (second == b)].sum() for a in (True, False) for b in (True, False)
        ]
        result.append(float(cells[0] * cells[3] / (cells[1] * cells[2])))
    return result


def simulated(size: int, is_inside: bool, random: np.random.Generator) -> tuple[Lists, int]:
    """Return lists and the number of all persons."""
    names = "abcde"[:size]
    while True:
        p = probabilities(size, random, np.log(3) if is_inside else np.log(8))
        ratios = odds_ratios(p, size)
        inside = all(RANGE[0] <= own <= RANGE[1] for own in ratios)
        persons = int(random.choice([500, 2000, 10000]))
        counts = random.multinomial(persons, p)
        sets = [tuple(n for i, n in enumerate(names) if own >> i & 1) for own in range(len(p))]
        has_persons = all(sum(counts[i] for i, own in enumerate(sets) if n in own) for n in names)
        if inside is is_inside and has_persons:
            known = {own: int(n) for own, n in zip(sets[1:], counts[1:], strict=True)}
            return Lists(names, known, complete=True), persons


def coverage(size: int, sets: int, *, is_inside: bool, seed: int = SEED) -> dict[str, float]:
    """Return the shares of sets that cover N, and that reject the range; the median width."""
    random = np.random.default_rng([seed, size, is_inside])
    covered, rejected, factors = 0, 0, []
    for _ in range(sets):
        lists, persons = simulated(size, is_inside, random)
        try:
            bounds = hidden(lists, RANGE, LEVEL).bounds
        except ImpossibleResult:
            rejected += 1
            continue
        covered += bounds.contains(persons)
        factors.append(float((bounds.upper or np.inf) / (bounds.lower or 1)))
    return {
        "covered": covered / sets,
        "rejected": rejected / sets,
        "width": float(np.median(factors)) if factors else float("nan"),
    }


def two_lists(ratio: float, stated: tuple[Fraction, Fraction], sets: int) -> float:
    """Return the share of sets of two lists with one odds ratio whose bounds contain N."""
    random, covered, persons = np.random.default_rng([SEED, int(100 * ratio)]), 0, 2000
    for _ in range(sets):
        # Odds of the histories: on none, on a, on b, on both.
        odds = np.array([1.0, 0.15, 0.2, 0.15 * 0.2 * ratio])
        counts = random.multinomial(persons, odds / odds.sum())
        known = {"a": int(counts[1]), "b": int(counts[2]), ("a", "b"): int(counts[3])}
        try:
            bounds = hidden(Lists("ab", known, complete=True), stated, LEVEL).bounds
        except ImpossibleResult:
            continue
        covered += bounds.contains(persons)
    return covered / sets


def main(sets: int) -> None:
    """Print the coverage for each number of lists."""
    print("| lists | odds ratios | sets | covered | range rejected | median of upper / lower |")
    print("|---|---|---|---|---|---|")
    for is_inside in (True, False):
        for size in (2, 3, 4, 5):
            own = coverage(size, sets, is_inside=is_inside)
            where = "all in the range" if is_inside else "some outside"
            shares = f"{own['covered']:.1%} | {own['rejected']:.1%} | {own['width']:.1f}"
            print(f"| {size} | {where} | {sets} | {shares} |", flush=True)
    print("\n| odds ratio of two lists | stated | covered |\n|---|---|---|")
    one, third, three = Fraction(1), Fraction(1, 3), Fraction(3)
    cases = ((1.0, one, one), (3.0, three, three), (3.0, third, three), (1.0, third, three))
    for ratio, low, high in (*cases, (5.0, one, one)):
        share = two_lists(ratio, (low, high), 4 * sets)
        print(f"| {ratio:g} | {low} to {high} | {share:.1%} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
