"""Log-linear models of capture histories, fitted in one batch.

A set of lists is an integer with a bit for each list. A hierarchical model has a parameter for each
set of its closure, and the mean of a history is the exponential of the sum of the parameters of its
subsets.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import lgamma

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ESTIMATED, NONEXISTENT, UNIDENTIFIED = range(3)
"""Whether the maximum likelihood estimate of a model exists and is identified."""

_STEPS = 200
_TOLERANCE = 1e-10
_NEAR_ZERO = 1e-6
"""A smaller fitted mean can belong to an estimate that does not exist."""
_BLOCK = 1024
"""The number of models in a batch, so that its matrices fit into memory."""


def members(mask: int) -> tuple[int, ...]:
    """Return the positions of the lists of a set."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def hierarchies(size: int, order: int, always: Iterable[int] = ()) -> list[tuple[int, ...]]:
    """Return the interactions of every hierarchical model, up to an order.

    Each model contains the sets in `always`.
    """
    sets = [sum(1 << i for i in own) for own in combinations(range(size), 2)]
    models: list[tuple[int, ...]] = [()]
    for degree in range(2, order + 1):
        if degree > 2:
            sets = [sum(1 << i for i in own) for own in combinations(range(size), degree)]
        models = [(*model, *chosen) for model in models for chosen in _subsets(sets, model, degree)]
    required = set(always)
    return [model for model in models if required <= set(model)]


def _subsets(sets: Sequence[int], model: tuple[int, ...], degree: int) -> Iterator[tuple[int, ...]]:
    """Yield the selections of sets whose subsets with one list fewer are in a model."""
    known = set(model)
    allowed = [
        own for own in sets if degree == 2 or all(own & ~(1 << i) in known for i in members(own))
    ]
    for n in range(len(allowed) + 1):
        yield from combinations(allowed, n)


def notation(model: Iterable[int], size: int) -> str:
    """Return a model by its largest sets, such as ``[12,13,4]``.

    Examples
    --------
    >>> notation((0b11, 0b101), 4)
    '[12,13,4]'
    """
    terms = [*model, *(1 << i for i in range(size))]
    largest = [own for own in dict.fromkeys(terms) if not any(own & up == own < up for up in terms)]
    texts = ("".join(str(i + 1) for i in members(own)) for own in largest)
    return f"[{','.join(sorted(texts, key=lambda text: (-len(text), text)))}]"


@frozen(eq=False, kw_only=True, slots=False)
class Fits:
    """Maximum likelihood fits of models, as columns.

    Parameters
    ----------
    models : tuple of tuple of int
        The interactions of each model.
    existence : array of int
        0 estimated, 1 the estimate does not exist, 2 its parameters are not identified.
    unobserved : array of float
        The estimated number of persons on no list.
    bic, deviance : array of float
        ``-2 log L + p log n`` with all parameters, and the deviance.
    means : array of float, shape (models, histories)
        The fitted mean of each history, from the set 1.
    """

    models: tuple[tuple[int, ...], ...]
    existence: NDArray[np.int8]
    unobserved: Floats
    bic: Floats
    deviance: Floats
    means: Floats


@frozen(eq=False, slots=False)
class Histories:
    """The number of persons of each capture history; position 0 is not observed."""

    counts: Ints

    @property
    def size(self) -> int:
        """The number of lists."""
        return int(len(self.counts)).bit_length() - 1

    @property
    def persons(self) -> int:
        """The number of distinct persons."""
        return int(self.counts[1:].sum())

    @cached_property
    def contains(self) -> Bools:
        """Whether a history (row, from the set 1) contains a set (column)."""
        sets = np.arange(len(self.counts))
        return np.asarray((sets[1:, None] & sets) == sets)

    @cached_property
    def overlaps(self) -> Ints:
        """The number of persons on all lists of each set."""
        return np.asarray(self.counts[1:] @ self.contains)

    def fit(self, models: Iterable[tuple[int, ...]]) -> Fits:
        r"""Return the fits of hierarchical models with main effects.

        .. math:: \log \mu_\omega = \sum_{\theta \subseteq \omega} \alpha_\theta, \qquad
            \hat N = n + \exp \hat\alpha_0

        A parameter without persons on its lists is -∞: its histories have the mean 0, and it
        counts in the BIC (L. Chan, B. W. Silverman and K. Vincent 2021).
        """
        chosen = tuple(models)
        parts = [self._batch(chosen[i : i + _BLOCK]) for i in range(0, len(chosen), _BLOCK)]
        columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Fits(models=chosen, **dict(zip(_COLUMNS, columns, strict=True)))

    def _batch(self, models: Sequence[tuple[int, ...]]) -> tuple[NDArray[np.generic], ...]:
        singles = [1 << i for i in range(self.size)]
        used = np.array(sorted({0, *singles, *(own for model in models for own in model)}))
        included = np.isin(used, [0, *singles])[None, :].repeat(len(models), axis=0)
        position = {own: i for i, own in enumerate(used.tolist())}
        for row, model in enumerate(models):
            included[row, [position[own] for own in model]] = True
        design = self.contains[:, used].astype(np.float64)
        empty = included & (self.overlaps[used] == 0)
        kept = included & ~empty
        cells = (empty.astype(np.float64) @ design.T) == 0
        own = kept[:, :, None] & kept[:, None, :]
        single = np.eye(len(used)) * ~kept[:, :, None]

        def normal(weights: Floats, rows: Bools | slice = slice(None)) -> Floats:
            gram = (design.T[None] * weights[:, None, :]) @ design
            return np.asarray(np.where(own[rows], gram, 0.0) + single[rows])

        identified = np.linalg.eigvalsh(normal(cells.astype(np.float64)))[:, 0] > 1e-8
        counts = self.counts[1:].astype(np.float64)
        means = np.where(cells, counts + 0.1, 0.0)
        logs = np.where(cells, np.log(counts + 0.1), 0.0)
        intercept, deviance = np.zeros(len(models)), np.full(len(models), np.inf)
        active = identified.copy()
        for _ in range(_STEPS):
            rows = np.flatnonzero(active)
            if not len(rows):
                break
            mu, eta = means[rows], logs[rows]
            working = np.where(cells[rows], mu * eta + counts - mu, 0.0) @ design
            system = normal(mu, rows)
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                beta = _solve(system, np.where(kept[rows], working, 0.0))
                # A step that overflows is a sign of an estimate that does not exist.
                eta = np.clip(beta @ design.T, -700.0, 700.0)
                mu = np.where(cells[rows], np.exp(eta), 0.0)
            parts = np.where(counts > 0, counts * (np.log(np.maximum(counts, 1)) - eta), 0.0)
            new = 2 * np.where(cells[rows], parts - counts + mu, 0.0).sum(axis=1)
            # The last step squares the distance to the estimate.
            active[rows] = ~(np.abs(deviance[rows] - new) <= _TOLERANCE * (np.abs(new) + 0.1))
            means[rows], logs[rows], intercept[rows], deviance[rows] = mu, eta, beta[:, 0], new
        smallest = np.where(cells, means, np.inf).min(axis=1)
        doubtful = ~identified | active | ~(smallest > _NEAR_ZERO)
        existence = np.where(identified, ESTIMATED, UNIDENTIFIED).astype(np.int8)
        cache: dict[tuple[bytes, bytes], bool] = {}
        for row in np.flatnonzero(doubtful).tolist():
            key = kept[row].tobytes(), cells[row].tobytes()
            if key not in cache:
                margins = design[cells[row]][:, kept[row]].T
                cache[key] = _exists(margins, self.overlaps[used[kept[row]]])
            if not cache[key]:
                existence[row] = NONEXISTENT
        factorials = np.array([lgamma(count + 1) for count in counts])
        likelihood = np.where(cells, counts * logs - means - factorials, 0.0).sum(axis=1)
        bic = -2 * likelihood + included.sum(axis=1) * np.log(self.persons)
        without = existence != ESTIMATED
        unobserved = np.exp(np.clip(intercept, None, 700.0))
        for column in (unobserved, bic, deviance):
            column[without] = np.nan
        return existence, unobserved, bic, deviance, means

    def stepwise(self, limit: float, always: Iterable[int] = ()) -> Fits:
        """Return the fits of a forward search: the chosen model of each step is the last one.

        The interaction of two lists with the smallest p-value below `limit` is added. The number of
        persons on both lists is Poisson with the mean of the model; the p-value is one-sided.
        """
        from scipy.stats import poisson

        pairs = [sum(1 << i for i in own) for own in combinations(range(self.size), 2)]
        model = tuple(always)
        path = [self.fit([model])]
        while True:
            expected = path[-1].means[0] @ self.contains
            candidates = [own for own in pairs if own not in model]
            seen, mean = self.overlaps[candidates], expected[candidates]
            p = np.minimum(poisson.cdf(seen, mean), poisson.sf(seen - 1, mean))
            fits = None
            for i in np.argsort(p, kind="stable"):
                if not p[i] < limit:
                    break
                fits = self.fit([(*model, candidates[i])])
                if fits.existence[0] == ESTIMATED:
                    break
                fits = None
            if fits is None:
                break
            path.append(fits)
            (model,) = fits.models
        columns = {name: np.concatenate([getattr(own, name) for own in path]) for name in _COLUMNS}
        return Fits(models=tuple(own.models[0] for own in path), **columns)

    def chao(self) -> float:
        """Return the estimate of the Mth model of Chao with nonnegative parameters.

        Main effects, and ``(c - j)+`` of the number of lists c, for j = 2 to k - 1.
        """
        sets = np.arange(1, len(self.counts))
        bits = (sets[:, None] >> np.arange(self.size)) & 1
        lists = bits.sum(axis=1)
        extra = np.maximum(lists[:, None] - np.arange(2, self.size), 0)
        counts = self.counts[1:].astype(np.float64)
        best, estimate = np.inf, np.nan
        columns = range(self.size - 2)
        for chosen in (own for n in range(self.size - 1) for own in combinations(columns, n)):
            design = np.column_stack([np.ones(len(sets)), bits, extra[:, list(chosen)]])
            beta, deviance = _regression(design, counts)
            if deviance < best and (beta[1 + self.size :] >= 0).all():
                best, estimate = deviance, float(np.exp(beta[0]))
        return self.persons + estimate


_COLUMNS = ("existence", "unobserved", "bic", "deviance", "means")


def _solve(systems: Floats, right: Floats) -> Floats:
    """Return the solutions of systems; a singular one has the solution of least squares."""
    try:
        return np.linalg.solve(systems, right[..., None])[..., 0]
    except np.linalg.LinAlgError:
        return np.asarray((np.linalg.pinv(systems) @ right[..., None])[..., 0])


def _regression(design: Floats, counts: Floats) -> tuple[Floats, float]:
    """Return the coefficients and the deviance of a Poisson regression."""
    means, deviance = counts + 0.1, np.inf
    eta = np.log(means)
    for _ in range(_STEPS):
        root = np.sqrt(means)
        target = root * eta + (counts - means) / root
        beta = np.linalg.lstsq(design * root[:, None], target, rcond=None)[0]
        eta = np.clip(design @ beta, -30.0, 700.0)
        means = np.exp(eta)
        parts = np.where(counts > 0, counts * (np.log(np.maximum(counts, 1)) - eta), 0.0)
        before, deviance = deviance, float(2 * (parts - counts + means).sum())
        if abs(before - deviance) <= _TOLERANCE * (abs(deviance) + 0.1):
            break
    return beta, deviance


def _exists(margins: Floats, totals: Ints) -> bool:
    """Return whether positive means have the margins of the data (S. Fienberg, A. Rinaldo 2012)."""
    from scipy.optimize import linprog

    cells = margins.shape[1]
    # Each mean is a slack of 0 or more above the smallest one, which is maximised.
    left = np.column_stack([margins, margins.sum(axis=1)])
    costs = np.append(np.zeros(cells), -1.0)
    found = linprog(costs, A_eq=left, b_eq=totals, bounds=(0, None), method="highs")
    return bool(found.success and -found.fun > 1e-7)
