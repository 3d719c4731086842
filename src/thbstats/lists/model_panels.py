"""Panels of log-linear models, their stability, and Chao's lower bound."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Fractions
from thbstats.display import Column, DisplayTable, count
from thbstats.errors import require
from thbstats.lists.distinct_persons import panel_columns, person_panel
from thbstats.lists.loglinear import ESTIMATED, NONEXISTENT, Fits, hierarchies, notation
from thbstats.lists.record import Lists
from thbstats.panel import FrameField, Panel, Result, Status
from thbstats.panel.frame_fields import bound_field, number_fields
from thbstats.panel.text import warning_notes
from thbstats.rules import DEFAULTS, Thresholds
from thbstats.rules.catalogue import library_warning
from thbstats.values import Interval, is_integer

DIFFERENCES = (2, 6, 10)
"""The differences in BIC within which the range of estimates is shown."""

_ALL_MODELS, _STEPWISE = 5, 8
_LIMIT = 0.02
"""The p-value of the forward search from six lists (Chan, Silverman and Vincent 2021)."""
_SHOWN = 10
_EXISTENCE = ("estimated", "no estimate exists", "not identified")

_COLUMNS = ("bic", "parameters", "existence")


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
        Whether every model of this order was fitted, and not those of a forward search.
    chosen : str
        The model with the smallest BIC, or the last one of a forward search.
    bic : array of float
        The BIC of each model: ``-2 log L + p log n``, with n persons on the lists.
    parameters : array of int
        Its number p of parameters, also of those that are -∞.
    existence : array of int
        0 estimated, 1 the maximum likelihood estimate does not exist, 2 it is not identified.
    """

    _further: ClassVar[tuple[str, ...]] = _COLUMNS

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        bound_field("bic", "BIC of the model; missing without an estimate", lambda own: own.bic),
        bound_field("difference", "BIC minus the smallest BIC", lambda own: own.differences),
        bound_field("weight", "BIC weight of the model", lambda own: own.weights),
        FrameField(
            name="parameters",
            type="integer",
            description="Parameters of the model, also those that are -∞",
            column=lambda own: own.parameters,
        ),
        FrameField(
            name="existence",
            type="string",
            description="Whether the estimate exists and is identified",
            column=lambda own: np.array(_EXISTENCE, dtype=object)[own.existence],
            known=_EXISTENCE,
        ),
    )

    lists: Lists
    order: int
    is_all: bool
    chosen: str
    bic: NDArray[np.float64]
    parameters: NDArray[np.int64]
    existence: NDArray[np.int8]

    @property
    def admissible(self) -> NDArray[np.bool_]:
        """The models whose estimate exists and is identified."""
        return np.asarray(self.existence == ESTIMATED)

    @property
    def differences(self) -> NDArray[np.float64]:
        """The BIC of each model minus the smallest one."""
        return np.asarray(self.bic - np.fmin.reduce(self.bic, initial=np.inf))

    @property
    def weights(self) -> NDArray[np.float64]:
        """The BIC weight of each model, ``exp(-difference / 2)`` over the sum of all."""
        weights = np.exp(-self.differences / 2)
        return np.asarray(weights / np.nansum(weights))

    @property
    def weighted_mean(self) -> float:
        """The mean of the estimates with BIC weights, which no model supports."""
        return float(np.nansum(self.weights * self.value.lower))

    @property
    def ranges(self) -> Mapping[int, Interval]:
        """The estimates of models within 2, 6 and 10 BIC points of the best."""
        result = {}
        for limit in DIFFERENCES:
            near = self.admissible & (self.differences <= limit)
            if near.any():
                values = self.value.lower[near]
                result[limit] = Interval(Fraction(values.min()), Fraction(values.max()))
        return result

    @cached_property
    def estimate(self) -> Result:
        """All persons: a value only where models agree, else the bounds over models.

        The value is that of the best model, if every model of at least three lists was fitted, and
        the largest estimate within 10 BIC points of the best is at most `Thresholds.model_range`
        times the smallest one. The bounds are the estimates within 10 BIC points.
        """
        limits = self.thresholds or DEFAULTS
        least = Interval(self.lists.exact.persons, None)
        is_possible = len(self.lists.names) > 2 and bool(self.admissible.any())
        bounds = self.ranges[DIFFERENCES[-1]] if is_possible else least
        value = None
        lower, upper = bounds.lower, bounds.upper
        if self.is_all and upper is not None and upper <= limits.model_range * (lower or 0):
            value = Interval.point(Fraction(self.value.lower[0]))
        pairs = [1 << i | 1 << j for i, j in combinations(range(len(self.lists.names)), 2)]
        notes = [
            library_warning("LIST_DEPENDENCE.number", case="referral", list=name, feeder=feeder)
            for name, feeder in self.lists.referral_texts()
        ]
        if not self.lists.exact.overlaps[pairs].any():
            notes.append(library_warning("LIST_DEPENDENCE.number", case="unbounded"))
        row = {
            "label": "all persons, by log-linear models",
            "estimand": "all persons, on a list or on none, by log-linear models within 10 BIC "
            "points of the best",
            "bounds": bounds,
            "value": value,
        }
        caption = "Persons on a list or on none"
        return person_panel(
            self.lists, "models", caption, [row], notes=notes, thresholds=limits
        ).row(0)

    def display_table(self) -> DisplayTable:
        """Return the models with the smallest BIC, and the ranges over models."""
        shown = range(min(len(self), _SHOWN))
        figures = ["" if value is None else count(value) for value in self.value]
        texts = [
            ["" if np.isnan(own) else f"{own:.1f}" for own in column]
            for column in (self.bic, self.differences)
        ]
        names = ", ".join(f"{i} {name}" for i, name in enumerate(self.lists.names, start=1))
        excluded = int((~self.admissible).sum())
        fitted = f"{len(self):,} models were fitted"
        fitted += "" if self.is_all else " in a forward search, which is not every model"
        return DisplayTable(
            caption=self.caption,
            columns=["model", *(Column(own, "right") for own in ("persons", "BIC", "difference"))],
            rows=[[self.labels[i], figures[i], texts[0][i], texts[1][i]] for i in shown],
            notes=[
                *(
                    f"Within {limit} BIC points of the best: {count(own)} persons."
                    for limit, own in self.ranges.items()
                ),
                f"{fitted}; {excluded:,} have no estimate. Lists: {names}.",
                *warning_notes([(self.estimate.label, self.estimate.warnings)]),
            ],
        )


def _order(lists: Lists, order: object, stepwise: float | None) -> float | None:
    """Return the p-value of a forward search, or ``None`` for all models; check the arguments."""
    size, names = len(lists.names), ", ".join(lists.names)
    problem, hint = f"must be at most {_STEPWISE} lists", "Merge lists, or leave some out"
    require(size <= _STEPWISE, problem, hint, names=names)
    problem = f"must be an integer from 1 to {size}, the number of lists"
    is_order = is_integer(order, least=1) and int(order) <= size  # type: ignore[call-overload]
    require(is_order, problem, "Use order=2", order=order)
    problem, hint = "must be above 0 and below 1", "Use stepwise=0.02"
    require(stepwise is None or 0 < stepwise < 1, problem, hint, stepwise=stepwise)
    limit = _LIMIT if stepwise is None and size > _ALL_MODELS else stepwise
    problem = "must be 2 for a forward search, which adds pairs of lists"
    require(limit is None or order == 2, problem, "Use order=2", order=order)
    return limit


def models(
    lists: Lists,
    order: int = 2,
    *,
    stepwise: float | None = None,
    thresholds: Thresholds | None = None,
) -> Models:
    r"""Return the estimates of log-linear models of the lists.

    .. math:: \log \mu_\omega = \sum_{\theta \subseteq \omega} \alpha_\theta, \qquad
        \hat N = n + \exp \hat\alpha_0

    for the Poisson mean of each capture history ω. A hierarchical model contains each subset of its
    interactions.

    Parameters
    ----------
    lists : Lists
        2 to 8 lists with exact counts.
    order : int
        The largest number of lists in an interaction. Up to five lists, all hierarchical models are
        fitted: 1,024 for five lists and ``order=2``.
    stepwise : float, optional
        The p-value of a forward search instead, which starts with main effects and adds the pair of
        lists with the smallest p-value. By default 0.02 from six lists, and no search below.
    thresholds : Thresholds, optional
        ``model_range`` is the largest ratio of estimates with which `Models.estimate` has a value.

    Returns
    -------
    Models
        A row per model: the estimate, 0 or more, BIC, parameters and existence. `Models.ranges` and
        `Models.estimate` summarise them. A pair of lists with referrals has an interaction in every
        model, so that its overlap is not evidence.

    Raises
    ------
    InvalidValue
        If a count is not exact, there are more than 8 lists, or the order is not valid.

    Notes
    -----
    A parameter without persons on all of its lists is -∞. The maximum likelihood estimate exists if
    positive means have the margins of the data, and it is identified if the design has full rank.
    Estimates of the multinomial likelihood differ slightly from these.

    Comparability warnings of `Models.estimate`: MODEL_DEPENDENCE, LIST_DEPENDENCE.

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
    >>> found = thb.lists.models(lists)
    >>> found.labels[:2], found.estimate.value, found.estimate.formatted
    (('[12,23]', '[12,3]'), None, '157 to 269')

    References
    ----------
    L. Chan, B. W. Silverman and K. Vincent, "Multiple systems estimation for sparse capture data",
    Journal of the American Statistical Association 116 (2021), 1297-1306.
    """
    exact, size = lists.exact, len(lists.names)
    limit = _order(lists, order, stepwise)
    always = [
        sum(1 << i for i, name in enumerate(lists.names) if name in pair)
        for pair in lists.referred_pairs
    ]
    if limit is None:
        fits = exact.fit(hierarchies(size, order, always))
    else:
        fits = exact.stepwise(limit, always)
    return _panel(lists, fits, order, is_all=limit is None, thresholds=thresholds)


def _panel(
    lists: Lists, fits: Fits, order: int, *, is_all: bool, thresholds: Thresholds | None
) -> Models:
    size, persons = len(lists.names), lists.exact.persons
    names = np.array([notation(own, size) for own in fits.models], dtype=object)
    rows = np.lexsort([names.astype(str), np.nan_to_num(fits.bic, nan=np.inf)])
    ordered, existence = names[rows].tolist(), fits.existence[rows]
    found = existence == ESTIMATED
    numbers = [
        Interval.point(Fraction(persons + own)) if is_found else None
        for own, is_found in zip(fits.unobserved[rows].tolist(), found.tolist(), strict=True)
    ]
    least = Interval(persons, None)
    value = Fractions.from_values(numbers)
    bounds = Fractions.from_values(own or least for own in numbers)
    label = Coded(np.arange(len(rows)), ordered)
    single = person_panel(
        lists, "model", f"Log-linear models of {size} lists", [{"label": "", "bounds": least}],
        thresholds=thresholds,
    )  # fmt: skip
    panel = evolve(
        single.take(np.zeros(len(rows), dtype=np.intp)),
        keys={"model": label},
        label=label,
        estimand=label.map(lambda own: f"all persons, by the log-linear model {own}"),
        value=value,
        bounds=bounds,
        bounds_with_unknown=bounds,
        numerator=bounds,
        status=np.where(found, Status.OK, Status.BOUNDED).astype(np.int8),
    )
    parameters = np.array([1 + size + len(fits.models[row]) for row in rows.tolist()])
    last = names[-1] if not is_all else next(iter(ordered), "")
    return Models(
        **panel_columns(panel),
        lists=lists,
        order=order,
        is_all=is_all,
        chosen=last,
        bic=fits.bic[rows],
        parameters=parameters,
        existence=existence,
    )


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Stability(Panel):
    """The estimates without each list, and with each pair of lists as one list.

    Parameters
    ----------
    best : Fractions
        The estimate of the chosen model of each row.
    chosen : Coded
        The model with the smallest BIC, or the last one of a forward search.
    """

    _further: ClassVar[tuple[str, ...]] = ("best", "chosen")

    frame_fields: ClassVar[tuple[FrameField, ...]] = number_fields(
        "best", "Estimate of the chosen model", lambda panel: panel.best
    )

    best: Fractions
    chosen: Coded[str]


def stability(
    lists: Lists,
    order: int = 2,
    *,
    stepwise: float | None = None,
    thresholds: Thresholds | None = None,
) -> Stability:
    """Return the estimates without each list, and with each pair of lists merged.

    ``N(lists - {i})`` for each list i, and ``N(lists with i and j as one)`` for each pair

    Parameters
    ----------
    lists : Lists
        3 to 8 lists with exact counts.
    order, stepwise, thresholds : optional
        As for `models`.

    Returns
    -------
    Stability
        A row for all lists, for each list left out and for each pair merged: the number of
        `Models.estimate`, and the estimate of the chosen model.

    Raises
    ------
    InvalidValue
        If there are fewer than three lists, or as for `models`.

    Notes
    -----
    Comparability warnings: MODEL_DEPENDENCE, LIST_DEPENDENCE.

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
    >>> found = thb.lists.stability(lists)
    >>> found.names[0], found.names[-1], float(found.best[0].value.__round__())
    (('all lists',), ('c and d merged',), 157.0)
    """
    size, names = len(lists.names), ", ".join(lists.names)
    require(size > 2, "must be three lists or more", "Add a list", names=names)
    variants = {"all lists": lists}
    variants |= {f"without {name}": lists.without(name) for name in lists.names}
    for first, second in combinations(lists.names, 2):
        variants[f"{first} and {second} merged"] = lists.merged(first, second)
    found = [
        models(own, min(order, len(own.names)), stepwise=stepwise, thresholds=thresholds)
        for own in variants.values()
    ]
    rows = [
        {
            "label": f"all persons, {name}",
            "bounds": own.estimate.bounds,
            "value": own.estimate.value,
        }
        for name, own in zip(variants, found, strict=True)
    ]
    caption = "All persons without each list, and with each pair merged"
    panel = person_panel(
        lists, "models", caption, rows, keys={"lists": list(variants)}, thresholds=thresholds
    )
    return Stability(
        **panel_columns(panel),
        best=Fractions.from_values(own.value[own.labels.index(own.chosen)] for own in found),
        chosen=Coded.from_values(own.chosen for own in found),
    )


def chao(lists: Lists) -> Result:
    r"""Return a lower bound of all persons for lists of different sizes.

    .. math:: \log \mu_\omega = \alpha_0 + \sum_{i \in \omega} \alpha_i
        + \sum_{j=2}^{k-1} \eta_j \max(|\omega| - j, 0), \qquad \eta_j \ge 0

    and ``n + exp(α0)``. For three lists, these are main effects fitted to persons on one or two
    lists, if the persons on three lists are more than expected.

    Parameters
    ----------
    lists : Lists
        Lists with exact counts.

    Returns
    -------
    Result
        A count with a lower bound only. It holds if no two lists have negative dependence, on
        average over persons.

    Raises
    ------
    InvalidValue
        If a count is not exact.

    Notes
    -----
    Chao's bound for lists of one size (Mh) is not offered. With lists of unequal size, its
    expectation exceeds the true number even if the lists are independent.

    Comparability warnings: none. Limitations: LIST_DEPENDENCE.

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
    >>> thb.lists.chao(lists).formatted
    'at least 141'

    References
    ----------
    L.-P. Rivest and S. Baillargeon, "Applications and extensions of Chao's moment estimator for the
    size of a closed population", Biometrics 63 (2007), 999-1006.
    """
    exact, notes = lists.exact, []
    pairs = [1 << i | 1 << j for i, j in combinations(range(exact.size), 2)]
    lower = Fraction(exact.persons)
    if exact.overlaps[pairs].any():
        lower = Fraction(exact.chao())
    else:
        notes.append(library_warning("LIST_DEPENDENCE.number", case="unbounded"))
    row = {
        "label": "all persons, lower bound of Chao",
        "estimand": "all persons, on a list or on none, if no two lists have negative dependence",
        "bounds": Interval(lower, None),
    }
    caption = "Persons on a list or on none"
    return person_panel(lists, "chao", caption, [row], notes=notes).row(0)
