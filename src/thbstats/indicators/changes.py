"""Changes: what a newer number has more or less than an older one."""

from collections.abc import Iterable

from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess, compare
from thbstats.errors import InvalidValue
from thbstats.results import Answer, Base, Change, Measure, Result, Warnings
from thbstats.values import Interval

__all__ = ["change"]

_UNITS = {
    "count": (Measure.COUNT, Measure.CHANGE),
    "percent": (Measure.COUNT, Measure.RELATIVE_CHANGE),
    "pp": (Measure.SHARE, Measure.DIFFERENCE),
}


def change(
    old: Result,
    new: Result,
    *,
    unit: str,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
) -> Change:
    """Return by how much a number changed, in the unit that is named.

    ``count: new - old``; ``percent: (new - old) / old``; ``pp: new - old`` for shares. The ends
    of intervals are taken as independent.

    Parameters
    ----------
    old, new : Result
        Two counts (`total`) for ``"count"`` and ``"percent"``, two shares for ``"pp"``.
    unit : {"count", "percent", "pp"}
        What to say: persons, per cent of the old count, or percentage points.
    thresholds, rules : optional
        Passed to `compare`.

    Returns
    -------
    Change
        Exact; numerator and denominator are the new and the old count, or those of the new
        share. Its warnings are those of comparing the two, and what is said of it alone: SMALL
        where the older count is small.

    Raises
    ------
    InvalidValue
        If the unit does not exist or does not fit the two numbers.

    Notes
    -----
    Comparability warnings: all of the two numbers, as those of `total` or those of `share`, and
    those of `compare`: AGE, BASE, BREAK, CLASSIFICATION, COVERAGE, DEFINITION, FLAGS, MEMBERSHIP,
    MULTIPLE, OFFENCE, PERIOD, PRECISION, REGISTER, SOURCE, STATUS, UNIT, UNKNOWN, VINTAGE; of a
    percentage also SMALL.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("2013-2014", 15846), ("2015-2016", 20532)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["period", "value"], kind="victims", area="EU28", status="registered"
    ... )
    >>> old, new = (thb.total(table, period=period) for period, _ in rows)
    >>> thb.change(old, new, unit="count").shown, thb.change(old, new, unit="percent").shown
    ('+4 686', '+29.6 %')

    References
    ----------
    COM(2016) 267 and COM(2018) 777: registered victims of two progress reports.
    """
    needed, measure = _fitting(old, new, unit)
    applied = tuple(rules)
    pair = compare(old, new, thresholds=thresholds, rules=applied)
    reported = None
    if old.reported is not None and new.reported is not None:
        reported = _changed(old.reported, new.reported, measure)
    share = needed is Measure.SHARE
    made = Change(
        indicator="change",
        label=f"{new.label}, {old.period} to {new.period}",
        measure=measure,
        category=new.category,
        numerator=new.numerator,
        denominator=new.denominator if share else old.numerator,
        base=new.base if share else Base(rule="earlier", label=f"{old.estimand}, {old.period}"),
        estimand=f"{new.estimand}: {new.period} against {old.period}",
        reported=reported,
        bounds=_changed(old.bounds, new.bounds, measure),
        possible=_changed(old.possible, new.possible, measure),
        context=new.context,
        sharp=old.sharp and new.sharp,
    )
    # What is not known of it was asked of both numbers.
    own = assess(made, thresholds=thresholds, rules=applied).warnings
    failures = [warning for warning in own if warning.answer is Answer.FAILS]
    said = {(warning.code, warning.message) for warning in failures}
    others = (item for item in pair.warnings if (item.code, item.message) not in said)
    return evolve(made, warnings=Warnings([*others, *failures]))


def _fitting(old: Result, new: Result, unit: str) -> tuple[Measure, Measure]:
    if unit not in _UNITS:
        raise InvalidValue(
            "no such unit of change",
            field="unit",
            value=unit,
            mend="Use 'count', 'percent' or 'pp'",
        )
    needed, measure = _UNITS[unit]
    for number in (old, new):
        if number.measure is not needed:
            raise InvalidValue(
                f"a change in {unit} is between two {needed}s",
                field="unit",
                value=f"{unit} of {number.measure}",
                mend="Use unit='pp' for shares, 'count' or 'percent' for counts",
            )
    return needed, measure


def _changed(old: Interval, new: Interval, measure: Measure) -> Interval:
    if measure is not Measure.RELATIVE_CHANGE:
        return new - old
    return Interval.ratio(new, old) - Interval.point(1)
