"""Log-linear models of capture histories, fitted in one batch.

A set of lists is an integer with a bit for each list. A hierarchical model has a parameter for each
set of its closure, and the log mean of a history is the sum of the parameters of its subsets.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import lgamma
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Floats
from thbstats.errors import EngineFailed

Model = tuple[int, ...]
"""The interactions of a hierarchical model with main effects."""

ESTIMATED, NONEXISTENT, UNIDENTIFIED = range(3)
"""Whether the maximum likelihood estimate of a model exists and is identified."""

_STEPS, _BLOCK, _TOLERANCE = 200, 1024, 1e-8
_NEAR_ZERO = 1e-6
"""A smaller fitted mean can belong to an estimate that does not exist."""


def members(lists: int) -> Model:
    """Return the positions of the lists of a set."""
    return tuple(i for i in range(lists.bit_length()) if lists >> i & 1)


def sets_of_size(size: int, degree: int) -> list[int]:
    """Return the sets of a number of lists."""
    return [sum(1 << i for i in own) for own in combinations(range(size), degree)]


def hierarchies(size: int, order: int, always: Iterable[int] = ()) -> list[Model]:
    """Return each hierarchical model up to an order that contains all sets in `always`."""
    models: list[Model] = [()]
    for degree in range(2, order + 1):
        larger = []
        for model in models:
            known = {*model, *sets_of_size(size, 1)}
            allowed = [
                own
                for own in sets_of_size(size, degree)
                if all(own & ~(1 << i) in known for i in members(own))
            ]
            subsets = (own for n in range(len(allowed) + 1) for own in combinations(allowed, n))
            larger += [(*model, *chosen) for chosen in subsets]
        models = larger
    return [model for model in models if set(always) <= set(model)]


def notation(model: Iterable[int], size: int) -> str:
    """Return a model by its largest sets, such as ``[12,13,4]``."""
    terms = {*model, *sets_of_size(size, 1)}
    largest = (own for own in terms if not any(own & up == own < up for up in terms))
    texts = ("".join(str(i + 1) for i in members(own)) for own in largest)
    return f"[{','.join(sorted(texts, key=lambda text: (-len(text), text)))}]"


class Fits(NamedTuple):
    """Fits of models: existence, persons on no list, BIC, and the mean of each history."""

    models: tuple[Model, ...]
    existence: NDArray[np.int8]
    unobserved: Floats
    bic: Floats
    means: Floats


@frozen(eq=False, slots=False)
class Histories:
    """The number of persons of each capture history; position 0 is not observed."""

    counts: NDArray[np.int64]

    @property
    def size(self) -> int:
        """The number of lists."""
        return len(self.counts).bit_length() - 1

    @property
    def persons(self) -> int:
        """The number of distinct persons."""
        return int(self.counts[1:].sum())

    @cached_property
    def contains(self) -> NDArray[np.bool_]:
        """Whether a history (row, from the set 1) contains a set (column)."""
        sets = np.arange(len(self.counts))
        return np.asarray((sets[1:, None] & sets) == sets)

    @cached_property
    def overlaps(self) -> NDArray[np.int64]:
        """The number of persons on all lists of each set."""
        return np.asarray(self.counts[1:] @ self.contains)

    def fit(self, models: Iterable[Model]) -> Fits:
        """Return the fits of hierarchical models.

        A parameter without persons on its lists is -∞: its histories have the mean 0, and it
        counts in the BIC.
        """
        chosen = tuple(models)
        parts = [self._batch(chosen[i : i + _BLOCK]) for i in range(0, len(chosen), _BLOCK)]
        return Fits(chosen, *(np.concatenate(own) for own in zip(*parts, strict=True)))

    def _batch(self, models: Sequence[Model]) -> tuple[NDArray[Any], ...]:
        """Return the fits of b models with p parameters in all, for h histories.

        10 persons on list A only, 20 on B only and 5 on both leave 10 * 20 / 5 on no list:

        >>> Histories(np.array([0, 10, 20, 5])).fit([()]).unobserved
        array([40.])
        """
        main = [0, *sets_of_size(self.size, 1)]  # The constant and the main effects
        parameters = np.array(sorted({*main, *(own for model in models for own in model)}))
        design = self.contains[:, parameters].astype(np.float64)  # (h, p)
        counts = self.counts[1:].astype(np.float64)  # (h,)
        included = np.array([np.isin(parameters, [*main, *model]) for model in models])  # (b, p)
        # Without persons on its lists, a parameter is -∞, and the mean of its histories is 0.
        infinite = included & (self.overlaps[parameters] == 0)
        free = included & ~infinite
        has_mean = (infinite.astype(np.float64) @ design.T) == 0  # (b, h)

        # 1. A model is identified if the columns of its free parameters are independent.
        normal = _normal(design, has_mean.astype(np.float64), free)
        is_identified = np.linalg.eigvalsh(normal)[:, 0] > 1e-8
        # 2. Fit the identified models.
        means, logs = np.zeros(has_mean.shape), np.zeros(has_mean.shape)
        constant = np.full(len(models), np.nan)
        beta, logs[is_identified] = _regress(
            design, counts, free[is_identified], has_mean[is_identified]
        )
        means[has_mean], constant[is_identified] = np.exp(logs[has_mean]), beta[:, 0]
        # 3. Positive means with the margins of the data prove that the estimate exists. Models with
        #    a mean near 0 and models that are not identified need a linear program.
        existence = np.where(is_identified, ESTIMATED, UNIDENTIFIED).astype(np.int8)
        is_proved = is_identified & (np.where(has_mean, means, np.inf).min(axis=1) > _NEAR_ZERO)
        solved: dict[tuple[bytes, bytes], bool] = {}
        for row in np.flatnonzero(~is_proved).tolist():
            key = free[row].tobytes(), has_mean[row].tobytes()
            if key not in solved:
                margins = design[has_mean[row]][:, free[row]].T
                solved[key] = _exists(margins, self.overlaps[parameters[free[row]]])
            existence[row] = existence[row] if solved[key] else NONEXISTENT
        # 4. The BIC counts all parameters.
        factorials = np.array([lgamma(count + 1) for count in counts])
        terms = np.where(has_mean, counts * logs - means - factorials, 0.0)
        bic = included.sum(axis=1) * np.log(self.persons) - 2 * terms.sum(axis=1)
        constant[existence != ESTIMATED] = bic[existence != ESTIMATED] = np.nan
        return existence, np.exp(constant), bic, means

    def stepwise(self, limit: float, always: Iterable[int] = ()) -> Fits:
        """Return the fits of a forward search; the last one is chosen.

        The pair of lists with the smallest p-value below `limit` is added. The number of persons on
        both lists is Poisson with the mean of the model, and the p-value is one-sided.
        """
        from scipy.stats import poisson

        path = [tuple(always)]
        while True:
            pairs = np.setdiff1d(sets_of_size(self.size, 2), path[-1])
            mean, seen = (
                (self.fit([path[-1]]).means[0] @ self.contains)[pairs],
                self.overlaps[pairs],
            )
            p = np.minimum(poisson.cdf(seen, mean), poisson.sf(seen - 1, mean))
            order = [i for i in np.argsort(p, kind="stable").tolist() if p[i] < limit]
            candidates = ((*path[-1], int(pairs[i])) for i in order)
            added = (own for own in candidates if self.fit([own]).existence[0] == ESTIMATED)
            model = next(added, None)
            if model is None:
                return self.fit(path)
            path.append(model)

    def chao(self) -> float:
        """Return the estimate of the Mth model of Chao with parameters of 0 or more."""
        bits = self.contains[:, sets_of_size(self.size, 1)].astype(np.float64)
        lists, levels = bits.sum(axis=1)[:, None], np.arange(2, self.size)
        design = np.column_stack([np.ones(len(bits)), bits, np.maximum(lists - levels, 0)])
        subsets = (np.arange(1 << len(levels))[:, None] >> np.arange(len(levels))) & 1
        free = np.column_stack([np.ones((len(subsets), 1 + self.size)), subsets]).astype(np.bool_)
        cells = np.ones((len(free), len(bits)), dtype=np.bool_)
        counts = self.counts[1:].astype(np.float64)
        beta, logs = _regress(design, counts, free, cells)
        likelihood = (counts * logs - np.exp(logs)).sum(axis=1)
        likelihood[(beta[:, 1 + self.size :] < 0).any(axis=1)] = -np.inf
        return self.persons + float(np.exp(beta[likelihood.argmax(), 0]))


def _normal(design: Floats, weights: Floats, free: NDArray[np.bool_]) -> Floats:
    """Return the normal matrix of each model; an omitted parameter has a unit row."""
    gram = (design.T * weights[:, None, :]) @ design
    unit = np.eye(design.shape[1]) * ~free[:, :, None]
    return np.asarray(np.where(free[:, :, None] & free[:, None, :], gram, 0.0) + unit)


def _regress(
    design: Floats, counts: Floats, free: NDArray[np.bool_], cells: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return coefficients and log means of Poisson regressions, by iterated least squares.

    Regression b has the columns ``free[b]`` of the design (h, p) and the counts ``cells[b]``. The
    first step is the weighted least squares fit of the log counts. Later ones are Newton steps.
    """
    logs = np.where(cells, np.log(counts + 0.1), 0.0)
    means, beta = np.where(cells, counts + 0.1, 0.0), np.zeros(free.shape)
    limit, rows = _TOLERANCE * max(1.0, counts.max(initial=0) / 1e4), np.arange(len(free))
    for _ in range(_STEPS):
        own = means[rows]
        # Later, `logs` are those of `beta`: the first term is 0, and counts less means are left.
        # Written as `beta` and a correction, small corrections of large numbers are not lost.
        working = own * (logs[rows] - beta[rows] @ design.T) + counts - own
        right = np.where(cells[rows], working, 0.0) @ design * free[rows]
        normal = _normal(design, own, free[rows])
        try:
            beta[rows] += np.linalg.solve(normal, right[..., None])[..., 0]
        except np.linalg.LinAlgError:  # a mean near 0, of an estimate that does not exist
            beta[rows] += (np.linalg.pinv(normal) @ right[..., None])[..., 0]
        logs[rows] = np.clip(beta[rows] @ design.T, -30.0, 50.0)
        means[rows] = np.where(cells[rows], np.exp(logs[rows]), 0.0)
        # The means of an estimate that does not exist decrease until they are below the limit.
        rows = rows[np.abs(means[rows] - own).max(axis=1) > limit]
        if not len(rows):
            break
    return beta, logs


def _exists(margins: Floats, totals: NDArray[np.int64]) -> bool:
    """Return whether positive means have the margins of the data (Fienberg and Rinaldo 2012)."""
    from scipy.optimize import linprog

    # Each mean is the smallest one, which is maximised, and a slack of 0 or more.
    left = np.column_stack([margins, margins.sum(axis=1)])
    costs = np.append(np.zeros(margins.shape[1]), -1.0)
    solution = linprog(costs, A_eq=left, b_eq=totals, bounds=(0, None), method="highs")
    if not solution.success:
        # The data are a solution: without one, the solver failed.
        raise EngineFailed(
            "the solver did not decide whether the estimate of a model exists",
            field="lists",
            value=str(solution.message),
            hint="Fit models with fewer interactions: pass a lower order",
        )
    return bool(-solution.fun > 1e-7)
