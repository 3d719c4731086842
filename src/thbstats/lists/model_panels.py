"""Panels of log-linear models, their stability, and Chao's lower bound."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, islice
from typing import Any, ClassVar, Self

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Fractions
from thbstats.display import Column, DisplayTable, count, decimal
from thbstats.errors import require
from thbstats.languages import Message, joined
from thbstats.lists.loglinear import ESTIMATED, hierarchies, members, notation, sets_of_size
from thbstats.lists.record import (
    EVERYBODY,
    Lists,
    panel_columns,
    person_panel,
    require_lists,
    require_probability,
)
from thbstats.panel import ComparabilityWarning, FrameField, Panel, Result, Status
from thbstats.panel.frame_fields import bound_field, number_fields, text_field
from thbstats.panel.names import area_label
from thbstats.panel.panel_text import warning_notes
from thbstats.rules import DEFAULTS, Thresholds
from thbstats.rules.catalogue import library_warning
from thbstats.values import Interval, is_integer

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
        """Return the smallest number with at least a cumulative probability, from 0 to 1."""
        is_probability, hint = 0 <= probability <= 1, "Use quantile(0.5)"
        require(is_probability, "must be from 0 to 1", hint, probability=probability)
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

    over cliques C and separators S, of which one is empty for each connected part of the graph,
    with ``m >= 1`` persons on no list and ``δ_D = δ 2**(k - |D|)``.

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
    The prior of N is 1/N, and each graph has the same prior weight. At least one person is on no
    list: the probability that all persons are on lists is 0.

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
    prior: Any = 2.0**-size if delta is None else delta
    largest = _TIMES * exact.persons if most is None else most
    is_prior = isinstance(prior, int | float) and prior > 0
    require(is_prior, "must be a number above 0", "Use delta=2**-k for k lists", delta=delta)
    is_persons = is_integer(largest, least=1)
    require(is_persons, "must be an integer of 1 or more", "Pass a number of persons", most=most)
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
    """Return the cliques of each decomposable graph, and the frequency of each set as a clique.

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


_MOST_ALL, _MOST, _LIMIT = 5, 8, 0.02
"""The most lists for all models and for a forward search, and the p-value of the search."""
_EXISTENCE = (
    Message("estimated"), Message("no estimate exists"), Message("not identified"),
)  # fmt: skip


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Models(Panel):
    """Estimates of all persons from log-linear models, the smallest BIC first.

    Parameters
    ----------
    lists : Lists
        The lists.
    order : int
        The largest number of lists in an interaction.
    is_all : bool
        Whether every model was fitted, or only the models of a forward search.
    selected : int
        The row of the best model among all models, or of the last model of a forward search.
    bic : array of float
        ``-2 log L + p log n`` for n persons on the lists and p parameters, some of which can be -∞.
    existence : array of int
        0 estimated, 1 the maximum likelihood estimate does not exist, 2 it is not identified.
    every : Models, optional
        All models, if the rows are a selection of them or in another order. Differences, weights,
        ranges and the estimate are those of all models.
    """

    _further: ClassVar[tuple[str, ...]] = ("bic", "existence")

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        bound_field("bic", "BIC of the model; missing without an estimate", lambda own: own.bic),
        bound_field("difference", "BIC minus the smallest BIC", lambda own: own.differences),
        bound_field("weight", "exp(-difference / 2) over its sum", lambda own: own.weights),
        text_field(
            "existence", "State of the estimate", lambda own: Coded(own.existence, _EXISTENCE)
        ),
    )

    lists: Lists
    order: int
    is_all: bool
    selected: int
    bic: NDArray[np.float64]
    existence: NDArray[np.int8]
    every: "Models | None" = None

    def take(self, rows: Any) -> Self:
        """Return the models in some rows; the estimate is still from all models."""
        return evolve(super().take(rows), every=self._all)

    @property
    def _all(self) -> "Models":
        return self if self.every is None else self.every

    @property
    def admissible(self) -> NDArray[np.bool_]:
        """The models whose estimate exists and is identified."""
        return np.asarray(self.existence == ESTIMATED)

    @property
    def differences(self) -> NDArray[np.float64]:
        """The BIC of each model minus the smallest BIC."""
        return np.asarray(self.bic - np.fmin.reduce(self._all.bic, initial=np.inf))

    @property
    def weights(self) -> NDArray[np.float64]:
        """The BIC weight of each model: ``exp(-difference / 2)`` divided by the sum of all.

        It is 0 for a model without an estimate, and NaN if no model has one.
        """
        weights, total = (np.exp(-own.differences / 2) for own in (self, self._all))
        if not self._all.admissible.any():
            return np.full(len(self), np.nan)
        return np.asarray(np.nan_to_num(weights) / np.nansum(total))

    @property
    def weighted_mean(self) -> float:
        """The mean of the estimates with BIC weights, which can be far from all estimates.

        It is NaN if no model has an estimate.
        """
        return float(self._all.weights @ np.nan_to_num(self._all.value.lower))

    @property
    def ranges(self) -> Mapping[int, Interval]:
        """The estimates of models within 2, 6 and 10 BIC points of the smallest BIC."""
        own = self._all
        near = {limit: own.admissible & (own.differences <= limit) for limit in (2, 6, 10)}
        values = {limit: own.value.lower[rows] for limit, rows in near.items() if rows.any()}
        return {
            limit: Interval(Fraction(own.min()), Fraction(own.max()))
            for limit, own in values.items()
        }

    @cached_property
    def estimate(self) -> Result:
        """The estimated number of all persons, with the range over the models as bounds.

        The value is that of the best model, if all models of three or more lists were fitted, and
        the largest estimate within 10 BIC points of the best is at most `Thresholds.model_range`
        times the smallest one. Two lists, or no admissible model, have no upper bound.

        The value depends on the order: for four lists of Kosovo it is 14,342 with interactions of
        pairs, and with interactions of three lists the range is 9,824 to 19,234, without a value.
        """
        limits, value = self.thresholds or DEFAULTS, None
        bounds = Interval(self.lists.exact.persons, None)
        if len(self.lists.names) > 2:
            bounds = self.ranges.get(10, bounds)
        most = limits.model_range * (bounds.lower or 0)
        if self.is_all and bounds.upper is not None and bounds.upper <= most:
            value = self._all.value[0]
        row = {
            "label": Message("all persons, by log-linear models"),
            "estimand": Message(
                "all persons, on a list or on none, by models within 10 BIC points of the best, "
                "with interactions of at most {order} lists",
                order=self.order,
            ),
            "bounds": bounds,
            "value": value,
        }
        options: dict[str, Any] = {"notes": _overlap_notes(self.lists), "thresholds": limits}
        return person_panel(self.lists, "models", EVERYBODY, [row], **options).row(0)

    def display_table(self) -> DisplayTable:
        """Return the models with the smallest BIC, and the ranges over models."""
        estimate = self.estimate
        columns = self.labels, self.value, self.differences.tolist()
        rows = [
            [name, count(own), decimal(Fraction(more), 1)]
            for name, own, more in islice(zip(*columns, strict=True), 10)
            if own is not None
        ]
        ranges = [
            Message("{bounds} within {limit} BIC points", bounds=count(own), limit=limit)
            for limit, own in self.ranges.items()
        ]
        names = ", ".join(f"{i} {name}" for i, name in enumerate(self.lists.names, start=1))
        text = "Persons by models: {ranges}. Lists: {names}."
        if not ranges:
            text = "No model has an estimate. Lists: {names}."
        notes: list[str] = [Message(text, ranges=ranges, names=names)]
        notes += warning_notes([(estimate.label, estimate.warnings)])
        heads: list[Column | str] = [Message("model"), Column(Message("persons"), "right")]
        heads.append(Column(Message("BIC difference"), "right"))
        caption = joined((self.caption, area_label(self.lists.area), str(self.lists.period)), ", ")
        return DisplayTable(caption=caption, columns=heads, rows=rows, notes=notes)


def _overlap_notes(lists: Lists) -> list[ComparabilityWarning]:
    """Return the warning about lists that share no person."""
    if lists.exact.overlaps[sets_of_size(len(lists.names), 2)].any():
        return []
    return [library_warning("LIST_DEPENDENCE.number", case="unbounded")]


def _of_model(name: str, state: str) -> str:
    text = "all persons, by the log-linear model {name}: {state}"
    return Message(text, name=name, state=state)


def models(
    lists: Lists,
    order: int = 2,
    *,
    stepwise: float | None = None,
    thresholds: Thresholds | None = None,
) -> Models:
    r"""Return the estimates of hierarchical log-linear models of the lists.

    .. math:: \log \mu_\omega = \sum_{\theta \subseteq \omega} \alpha_\theta, \qquad
        \hat N = n + \exp \hat\alpha_0

    for the Poisson mean of each capture history ω.

    Parameters
    ----------
    lists : Lists
        2 to 8 lists with exact counts.
    order : int
        The largest number of lists in an interaction, from 1. Up to five lists, every model is
        fitted: 1,024 for five lists and ``order=2``.
    stepwise : float, optional
        The p-value of a forward search instead, which adds the pair of lists with the smallest
        p-value to main effects. By default 0.02 for six or more lists; fewer lists have no search.
    thresholds : Thresholds, optional
        ``model_range`` is the largest ratio of estimates with which `Models.estimate` has a value.

    Returns
    -------
    Models
        A row per model with its estimate, a count. A pair of lists with referrals has an
        interaction in every model, so that its overlap is not evidence.

    Raises
    ------
    InvalidValue
        If a count is not exact, there are more than 8 lists, or an argument is not valid.
    EngineFailed
        If a solver does not decide whether an estimate exists.

    Notes
    -----
    A parameter without persons on all of its lists is -∞. The estimate exists if positive means
    have the margins of the data, and it is identified if the design has full rank. Estimates of the
    multinomial likelihood differ slightly from those of the Poisson likelihood.

    Comparability warnings of `Models.estimate`: MODEL_DEPENDENCE, LIST_DEPENDENCE.

    Examples
    --------
    Three lists of Korea:

    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> found = thb.lists.models(thb.lists.Lists("bcd", counts, complete=True))
    >>> found.labels[:2], found.estimate.value, found.estimate.formatted
    (('[12,23]', '[12,3]'), None, '157 to 269')

    References
    ----------
    L. Chan, B. W. Silverman and K. Vincent, "Multiple systems estimation for sparse capture data",
    Journal of the American Statistical Association 116 (2021), 1297-1306.
    """
    require_lists(lists)
    exact, size, listed = lists.exact, len(lists.names), ", ".join(lists.names)
    require(size <= _MOST, f"must be at most {_MOST} lists", "Merge lists", names=listed)
    is_order = is_integer(order, least=1) and order <= size
    require(is_order, f"must be an integer from 1 to {size}", "Use order=2", order=order)
    problem = "must be 2 or more with referrals, because each model has their interaction"
    require(order > 1 or not lists.referrals, problem, "Use order=2", order=order)
    require_probability(stepwise=stepwise)
    limit = _LIMIT if stepwise is None and size > _MOST_ALL else stepwise
    problem = "must be 2 for a forward search, which adds pairs of lists"
    require(limit is None or order == 2, problem, "Use order=2", order=order)
    position = {name: 1 << i for i, name in enumerate(lists.names)}
    always = {position[name] | position[feeder] for name, feeder in lists.referrals}
    if limit is None:
        fits = exact.fit(hierarchies(size, order, always))
    else:
        fits = exact.stepwise(limit, always)
    names = np.array([notation(own, size) for own in fits.models], dtype=object)
    rows = np.lexsort([names.astype(str), np.nan_to_num(fits.bic, nan=np.inf)])
    label, least = Coded(np.arange(len(rows)), names[rows]), Interval(exact.persons, None)
    numbers = [
        None if np.isnan(own) else Interval.point(Fraction(exact.persons + own))
        for own in fits.unobserved[rows].tolist()
    ]
    row = {"label": "", "bounds": least}
    caption = Message("Log-linear models of {n} lists", n=size)
    single = person_panel(lists, "model", caption, [row], thresholds=thresholds)
    bounds = Fractions.from_values(own or least for own in numbers)
    existence = fits.existence[rows]
    is_estimated, state = existence == ESTIMATED, Coded(existence, _EXISTENCE)
    panel = evolve(
        single.take(np.zeros(len(rows), dtype=np.intp)), keys={"model": label}, label=label,
        estimand=label.combine(state, _of_model),
        bounds=bounds, bounds_with_unknown=bounds, numerator=bounds,
        value=Fractions.from_values(numbers),
        status=np.where(is_estimated, Status.OK, Status.BOUNDED).astype(np.int8),
    )  # fmt: skip
    return Models(
        **panel_columns(panel), lists=lists, order=order, is_all=limit is None, bic=fits.bic[rows],
        existence=existence, selected=0 if limit is None else int(rows.argmax()),
    )  # fmt: skip


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Stability(Panel):
    """All persons without each list; ``best`` has the estimate of the selected model."""

    _further: ClassVar[tuple[str, ...]] = ("best",)

    frame_fields: ClassVar[tuple[FrameField, ...]] = number_fields(
        "best", "Estimate of the selected model", lambda panel: panel.best
    )

    best: Fractions


def stability(
    lists: Lists,
    order: int = 2,
    *,
    stepwise: float | None = None,
    thresholds: Thresholds | None = None,
) -> Stability:
    """Return the estimates without each list, and with each pair of lists merged.

    ``N(lists without i)`` for each list i, and ``N(lists with i and j as one)`` for each pair

    Parameters
    ----------
    lists : Lists
        3 to 8 lists with exact counts.
    order, stepwise, thresholds : optional
        As for `models`.

    Returns
    -------
    Stability
        A row for all lists, for each list left out and for each pair merged: `Models.estimate`, and
        the estimate of the selected model.

    Raises
    ------
    InvalidValue
        If there are fewer than three lists, or as for `models`, whose warnings apply.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> found = thb.lists.stability(thb.lists.Lists("bcd", counts, complete=True))
    >>> found.names[1], round(found.best.lower[0]), round(found.best.lower[1])
    (('without b',), 157, 349)
    """
    require_lists(lists)
    hint, listed = "Add a list", ", ".join(lists.names)
    require(len(lists.names) > 2, "must be three lists or more", hint, names=listed)
    variants: dict[str, Lists] = {Message("all lists"): lists}
    for name in lists.names:
        variants[Message("without {list}", list=name)] = lists.rename({name: None})
    for pair in combinations(lists.names, 2):
        both = lists.rename(dict.fromkeys(pair, " and ".join(pair)))
        variants[Message("{lists} merged", lists=joined(pair))] = both
    panels = [
        models(own, min(order, len(own.names)), stepwise=stepwise, thresholds=thresholds)
        for own in variants.values()
    ]
    rows = [
        {"label": name, "bounds": own.estimate.bounds, "value": own.estimate.value}
        for name, own in zip(variants, panels, strict=True)
    ]
    caption = Message("All persons without each list, and with each pair merged")
    options: dict[str, Any] = {"keys": {"lists": [*variants]}, "thresholds": thresholds}
    panel = person_panel(lists, "models", caption, rows, **options)
    best = Fractions.from_values(own.value[own.selected] for own in panels)
    return Stability(**panel_columns(panel), best=best)


def chao(lists: Lists) -> Result:
    r"""Return a lower bound of all persons that is valid for lists of different sizes.

    .. math:: \log \mu_\omega = \alpha_0 + \sum_{i \in \omega} \alpha_i
        + \sum_{j=2}^{k-1} \eta_j \max(|\omega| - j, 0), \qquad \eta_j \ge 0

    and n plus the exponential of the first parameter: the model Mth of Chao.

    Parameters
    ----------
    lists : Lists
        Lists with exact counts.

    Returns
    -------
    Result
        A count with a lower bound only, which holds without negative dependence between lists.

    Notes
    -----
    The bound of Chao for lists of one size (Mh) is not offered: for lists of different sizes its
    expectation exceeds the true number even if they are independent.

    Comparability warnings: LIST_DEPENDENCE if no person is on two lists, and as a limitation.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> thb.lists.chao(thb.lists.Lists("bcd", counts, complete=True)).formatted
    'at least 141'

    References
    ----------
    L.-P. Rivest and S. Baillargeon, "Applications and extensions of Chao's moment estimator for the
    size of a closed population", Biometrics 63 (2007), 999-1006.
    """
    require_lists(lists)
    exact, notes = lists.exact, _overlap_notes(lists)
    lower = Fraction(exact.persons if notes else exact.chao())
    text = "all persons, on a list or on none, if no two lists have negative dependence"
    label, bounds = Message("all persons, lower bound of Chao"), Interval(lower, None)
    row = {"label": label, "bounds": bounds, "estimand": Message(text)}
    return person_panel(lists, "chao", EVERYBODY, [row], notes=notes).row(0)
