"""Average over decomposable graphical models."""

from itertools import combinations
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import require
from thbstats.lists.loglinear import members, notation, sets_of_size
from thbstats.lists.record import Lists, require_lists

_MOST_LISTS, _TIMES, _BLOCK = 5, 25, 4096


@frozen(kw_only=True, repr=False, eq=False)
class ModelAverage:
    """The posterior distribution of all persons, averaged over decomposable graphs.

    Parameters
    ----------
    persons, probabilities : array
        The possible numbers of all persons, and their posterior probabilities.
    graphs : mapping of str to float
        The posterior weight of each graph, which is named by its cliques; the largest first.
    """

    persons: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    graphs: dict[str, float]

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.persons @ self.probabilities)

    @property
    def modes(self) -> tuple[int, ...]:
        """Each local maximum with at least a tenth of the largest probability."""
        p = np.concatenate(([0.0], self.probabilities, [0.0]))
        is_mode = (p[1:-1] > p[:-2]) & (p[1:-1] > p[2:]) & (p[1:-1] >= p.max() / 10)
        return tuple(self.persons[is_mode].tolist())

    @property
    def mode(self) -> int:
        """The most probable number."""
        return int(self.persons[self.probabilities.argmax()])

    def quantile(self, probability: float) -> int:
        """Return the smallest number with at least a cumulative probability."""
        position = np.cumsum(self.probabilities)[:-1].searchsorted(probability)
        return int(self.persons[position])

    def __repr__(self) -> str:
        modes = ", ".join(f"{mode:,}" for mode in self.modes)
        return f"<ModelAverage over {len(self.graphs)} graphs: modes {modes}>"


def average(lists: Lists, *, delta: float | None = None, most: int | None = None) -> ModelAverage:
    r"""Return the average of all decomposable graphical models of the lists.

    .. math:: \log p(N, G) = \log \frac{N!}{m!} - \log N + \sum_C \log M(C) - \sum_S \log M(S),
        \quad M(D) = \frac{\Gamma(m + n_{D0} + \delta_D)
        \prod_c \Gamma(n_{Dc} + \delta_D)}{\Gamma(\delta_D)^{2^{|D|}}}

    over cliques C and separators S, with m persons on no list and ``δ_D = δ 2**(k - |D|)``.

    Parameters
    ----------
    lists : Lists
        2 to 5 lists with exact counts.
    delta : float, optional
        The parameter δ of the hyper-Dirichlet prior, above 0; by default ``2**-k`` for k lists.
    most : int, optional
        The largest number of persons on no list; by default 25 times the persons on the lists.

    Returns
    -------
    ModelAverage
        A distribution that can have several modes: several answers, far from their mean.

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
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> found = thb.lists.average(thb.lists.Lists("bcd", counts, complete=True), most=2000)
    >>> found.mode, found.quantile(0.5), round(found.mean)
    (145, 163, 200)

    References
    ----------
    D. Madigan and J. C. York, "Bayesian methods for estimation of the size of a closed
    population", Biometrika 84 (1997), 19-31.
    """
    from scipy.special import gammaln, logsumexp

    require_lists(lists)
    exact, size, listed = lists.exact, len(lists.names), ", ".join(lists.names)
    require(size <= _MOST_LISTS, f"must be at most {_MOST_LISTS} lists", "Merge them", names=listed)
    prior, largest = delta or 2.0**-size, _TIMES * exact.persons if most is None else most
    require(prior > 0, "must be above 0", "Use delta=2**-k for k lists", delta=delta)
    require(largest >= 1, "must be 1 or more", "Pass a number of persons", most=most)
    graphs, sets = _decomposable(size), np.arange(1 << size)
    priors = prior * 2.0 ** np.array([size - len(members(own)) for own in sets.tolist()])
    # By set of lists, the persons on none of them, and the part of log M without m.
    none, fixed = np.zeros(len(sets)), -gammaln(priors)
    for own in sets.tolist():
        cells = np.bincount(sets[1:] & own, exact.counts[1:], len(sets))
        inside = sets[((sets & own) == sets) & (sets > 0)]
        none[own] = cells[0]
        fixed[own] += (gammaln(cells[inside] + priors[own]) - gammaln(priors[own])).sum()
    terms, by_number, by_graph = np.array([own for _, own in graphs]), [], []
    for first in range(1, largest + 1, _BLOCK):
        m = np.arange(first, min(first + _BLOCK, largest + 1), dtype=np.float64)
        logs = terms @ (gammaln(m + (none + priors)[:, None]) + fixed[:, None])
        n = exact.persons + m
        logs += gammaln(n + 1) - gammaln(m + 1) - np.log(n)
        top = logs.max()
        weights = np.exp(logs - top)
        with np.errstate(divide="ignore"):  # a probability of 0 in floating point
            by_number.append(np.log(weights.sum(axis=0)) + top)
            by_graph.append(np.log(weights.sum(axis=1)) + top)
    numbers = np.concatenate(by_number)
    weights = np.exp(logsumexp(by_graph, axis=0) - logsumexp(numbers))
    return ModelAverage(
        persons=exact.persons + np.arange(1, largest + 1),
        probabilities=np.exp(numbers - logsumexp(numbers)),
        graphs={notation(graphs[i][0], size): float(weights[i]) for i in np.argsort(-weights)},
    )


def _decomposable(size: int) -> list[tuple[list[int], NDArray[Any]]]:
    """Return the cliques of each decomposable graph, and how often each set is a clique.

    Lists whose neighbours are all connected are removed one by one. A list with its neighbours
    counts 1 and the neighbours -1, which is 1 for each clique and -1 for each separator in sum.
    """
    pairs, graphs = sets_of_size(size, 2), []
    for edges in (own for n in range(len(pairs) + 1) for own in combinations(pairs, n)):
        terms, cliques, left = np.zeros(1 << size), list[int](), (1 << size) - 1
        near = [1 << i | sum(own & ~(1 << i) for own in edges if own >> i & 1) for i in range(size)]
        while left:
            around = {i: near[i] & left for i in members(left)}
            free = (
                i for i, own in around.items() if all(own & near[j] == own for j in members(own))
            )
            i = next(free, None)
            if i is None:
                break
            terms[around[i]] += 1
            terms[around[i] & ~(1 << i)] -= 1
            cliques.append(around[i])
            left &= ~(1 << i)
        if not left:
            graphs.append((cliques, terms))
    return graphs
