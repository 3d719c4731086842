"""Average over decomposable graphical models."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.errors import require
from thbstats.lists.loglinear import members, notation
from thbstats.lists.record import Lists

_MOST_LISTS, _TIMES = 5, 25
_BLOCK = 4096
"""The number of values of the unobserved persons in a block."""


@frozen(kw_only=True, repr=False, eq=False)
class ModelAverage(Tabular):
    """The posterior distribution of all persons, averaged over decomposable graphs.

    Parameters
    ----------
    persons : array of int
        The possible numbers of all persons.
    probabilities : array of float
        Their posterior probabilities.
    graphs : tuple of (str, float)
        Each graph by its cliques, with its posterior weight, the largest first.
    level : float
        The probability between `lower` and `upper`.
    """

    persons: NDArray[np.int64] = field(repr=False)
    probabilities: NDArray[np.float64] = field(repr=False)
    graphs: tuple[tuple[str, float], ...]
    level: float

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.persons @ self.probabilities)

    @property
    def mode(self) -> int:
        """The most probable number."""
        return int(self.persons[self.probabilities.argmax()])

    @property
    def modes(self) -> tuple[int, ...]:
        """Each number above its neighbours with a tenth of the largest probability or more."""
        p = np.concatenate(([0.0], self.probabilities, [0.0]))
        is_mode = (p[1:-1] > p[:-2]) & (p[1:-1] > p[2:]) & (p[1:-1] >= p.max() / 10)
        return tuple(self.persons[is_mode].tolist())

    def quantile(self, probability: float) -> int:
        """Return the smallest number with at least a cumulative probability."""
        sums = np.cumsum(self.probabilities)
        return int(self.persons[min(np.searchsorted(sums, probability), len(sums) - 1)])

    @property
    def median(self) -> int:
        """The median."""
        return self.quantile(0.5)

    @property
    def lower(self) -> int:
        """The lower quantile."""
        return self.quantile((1 - self.level) / 2)

    @property
    def upper(self) -> int:
        """The upper quantile."""
        return self.quantile((1 + self.level) / 2)

    def to_frame(self) -> pd.DataFrame:
        """Return a row per graph: ``graph`` and ``weight``."""
        return pd.DataFrame(self.graphs, columns=["graph", "weight"])

    def display_table(self) -> DisplayTable:
        """Return the modes, the quantiles and the graphs with the largest weights."""
        modes = ", ".join(count(mode) for mode in self.modes)
        return DisplayTable(
            caption="All persons, averaged over decomposable graphs",
            columns=["graph", Column("weight", "right")],
            rows=[[name, f"{weight:.3f}"] for name, weight in self.graphs[:10]],
            notes=[
                f"Modes: {modes}. Several modes are several answers, and their mean is none of "
                "them.",
                f"{self.level:.0%} of the probability: {count(self.lower)} to {count(self.upper)}, "
                f"with the median {count(self.median)}.",
                "The weights depend on the prior of this method.",
            ],
        )

    def __repr__(self) -> str:
        modes = ", ".join(count(mode) for mode in self.modes)
        return f"<ModelAverage over {len(self.graphs)} graphs: modes {modes}>"


def average(
    lists: Lists, *, delta: float | None = None, most: int | None = None, level: float = 0.95
) -> ModelAverage:
    r"""Return the average of all decomposable graphical models of the lists.

    .. math:: \log p(N, G) = \log \frac{N!}{m!} - \log N + \sum_C \log M(C) - \sum_S \log M(S),
        \quad M(D) = \frac{\Gamma(m + n_{D0} + \delta_D)
        \prod_c \Gamma(n_{Dc} + \delta_D)}{\Gamma(\delta_D)^{2^{|D|}}}

    over the cliques C and separators S of a graph G, with m persons on no list and
    ``δ_D = δ 2**(k - |D|)``.

    Parameters
    ----------
    lists : Lists
        2 to 5 lists with exact counts.
    delta : float, optional
        The parameter δ of the hyper-Dirichlet prior, above 0; by default ``2**-k`` for k lists.
    most : int, optional
        The largest number of persons on no list; by default 25 times the persons on the lists.
    level : float
        The probability between `ModelAverage.lower` and `ModelAverage.upper`.

    Returns
    -------
    ModelAverage
        The distribution of all persons, which can have several modes.

    Raises
    ------
    InvalidValue
        If a count is not exact, there are more than 5 lists, or a parameter is not valid.

    Notes
    -----
    The prior of N is 1/N, and each graph has the same prior weight.

    Examples
    --------
    >>> import thbstats as thb
    >>> lists = thb.lists.Lists(
    ...     names=["b", "c", "d"],
    ...     counts={
    ...         "d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12
    ...     },
    ...     complete=True,
    ... )
    >>> found = thb.lists.average(lists, most=2000)
    >>> found.mode, found.median, found.lower, found.upper
    (145, 163, 127, 432)

    References
    ----------
    D. Madigan and J. C. York, "Bayesian methods for estimation of the size of a closed
    population", Biometrika 84 (1997), 19-31.
    """
    from scipy.special import gammaln, logsumexp

    exact, size = lists.exact, len(lists.names)
    listed = ", ".join(lists.names)
    require(size <= _MOST_LISTS, "must be at most 5 lists", "Merge lists", names=listed)
    prior = 2.0**-size if delta is None else delta
    require(prior > 0, "must be above 0", "Use delta=2**-k for k lists", delta=delta)
    largest = _TIMES * exact.persons if most is None else most
    require(largest >= 1, "must be 1 or more", "Pass a number of persons", most=most)
    require(0 < level < 1, "must be above 0 and below 1", "Use level=0.95", level=level)
    graphs = _decomposable(size)
    sets = np.arange(1 << size)
    degree = np.array([len(members(own)) for own in sets.tolist()])
    priors = prior * 2.0 ** (size - degree)
    # The persons on none of the lists of a set, and the fixed part of its marginal likelihood.
    none = np.array([exact.counts[1:][(sets[1:] & own) == 0].sum() for own in sets.tolist()])
    fixed = -gammaln(priors)
    for own in sets[1:].tolist():
        cells = [inner for inner in sets[1:].tolist() if inner & own == inner]
        counts = [exact.counts[1:][(sets[1:] & own) == cell].sum() for cell in cells]
        fixed[own] += (gammaln(np.array(counts) + priors[own]) - gammaln(priors[own])).sum()
    terms = np.array([terms for _, terms in graphs], dtype=np.float64)
    by_number, by_graph = [], []
    for first in range(1, largest + 1, _BLOCK):
        m = np.arange(first, min(first + _BLOCK, largest + 1), dtype=np.float64)
        n = exact.persons + m
        logs = terms @ (gammaln(m + (none + priors)[:, None]) + fixed[:, None])
        logs += gammaln(n + 1) - gammaln(m + 1) - np.log(n)
        by_number.append(logsumexp(logs, axis=0))
        by_graph.append(logsumexp(logs, axis=1))
    numbers, weights = np.concatenate(by_number), logsumexp(by_graph, axis=0)
    total = logsumexp(numbers)
    labels = [(notation(edges, size), w) for (edges, _), w in zip(graphs, weights, strict=True)]
    chosen = [(label, float(np.exp(weight - total))) for label, weight in labels]
    return ModelAverage(
        persons=exact.persons + np.arange(1, largest + 1),
        probabilities=np.exp(numbers - total),
        graphs=tuple(sorted(chosen, key=lambda item: -item[1])),
        level=level,
    )


def _decomposable(size: int) -> list[tuple[tuple[int, ...], NDArray[Any]]]:
    """Return the cliques of each decomposable graph, and the number of times of each set.

    A graph is decomposable if lists can be removed one by one, each with neighbours that are all
    connected. The list with its neighbours counts 1, and the neighbours count -1: what remains is
    the cliques minus the separators.
    """
    pairs = [(1 << i | 1 << j) for i, j in combinations(range(size), 2)]
    graphs = []
    for edges in (own for n in range(len(pairs) + 1) for own in combinations(pairs, n)):
        terms, cliques = np.zeros(1 << size), []
        left = (1 << size) - 1
        near = [sum(own & ~(1 << i) for own in edges if own >> i & 1) for i in range(size)]
        while left:
            simplicial = (
                i
                for i in members(left)
                if all((near[j] | 1 << j) & near[i] & left == near[i] & left
                       for j in members(near[i] & left))
            )  # fmt: skip
            i = next(simplicial, None)
            if i is None:
                break
            around = near[i] & left
            terms[around | 1 << i] += 1
            terms[around] -= 1
            cliques.append(around | 1 << i)
            left &= ~(1 << i)
        if not left:
            graphs.append((tuple(cliques), terms))
    return graphs
