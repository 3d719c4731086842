"""Bounds on the number of distinct persons, and panels of numbers of persons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thbstats.display import Amount
from thbstats.lists.record import Lists, require_lists
from thbstats.panel import (
    Base,
    ComparabilityWarning,
    CountKind,
    Panel,
    Result,
    ResultKind,
    Status,
    panel_from_rows,
)
from thbstats.rules import Thresholds, apply_rules
from thbstats.rules.catalogue import library_warning
from thbstats.rules.families.attributes import duplicates
from thbstats.values import Interval


def person_panel(
    lists: Lists,
    indicator: str,
    caption: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    keys: Mapping[str, Sequence[str]] | None = None,
    notes: Sequence[ComparabilityWarning] = (),
    thresholds: Thresholds | None = None,
) -> Panel:
    """Return the panel of numbers of persons, from the label and the bounds of each row."""
    kind, members = CountKind("victims", [("unit", "persons")]), lists.area.members
    referrals = [
        library_warning("LIST_DEPENDENCE.number", case="referral", list=name, feeder=feeder)
        for name, feeder in lists.referrals
    ]
    shared = {
        "indicator": f"lists.{indicator}",
        "kind": ResultKind.COUNT,
        "bounds_attained": False,
        "area": lists.area,
        "period": lists.period,
        "numerator_kind": kind,
        "denominator_kind": kind,
        "base": Base(rule="none", label="no denominator"),
        "reporters": members,
        "expected": members,
        "n_reporters": len(members),
        "sources": () if lists.source is None else (lists.source,),
        "notes": (*notes, *([] if indicator == "distinct" else referrals)),
    }
    filled = []
    for row in rows:
        bounds, has_value = row["bounds"], row.get("value") is not None
        own = {"estimand": row["label"], "numerator": bounds, "bounds_with_unknown": bounds}
        status = Status.OK if has_value else Status.BOUNDED
        filled.append({**shared, **own, "status": status, **row})
    return apply_rules(panel_from_rows(caption, filled, keys), thresholds=thresholds)


def panel_columns(panel: Panel) -> dict[str, Any]:
    """Return the fields of a panel, for a panel of a subclass."""
    return {name: value for name, value in vars(panel).items() if not name.startswith("_")}


def distinct(lists: Lists) -> Result:
    r"""Return bounds on the number of distinct persons on lists.

    .. math:: \min, \max \sum_\omega x_\omega, \qquad
        l_S \le \sum_{\omega \supseteq S} x_\omega \le u_S, \qquad x_\omega \in \mathbb{N}_0

    for the counts of sets of lists S. A registration without a key is of a person who is counted
    already, or of another person.

    Parameters
    ----------
    lists : Lists
        The lists. Sizes alone give bounds from the largest list to the sum of all lists.

    Returns
    -------
    Result
        A count of 1 or more, with a ``value`` only if both bounds are equal. `Lists.certificate`
        has the proof of each bound; both are attained.

    Raises
    ------
    ImpossibleResult
        If the counts contradict each other, such as an overlap above the size of a list.

    Notes
    -----
    Comparability warnings: DOUBLE_COUNTING if the lists have more registrations than persons.

    Examples
    --------
    Four lists of Kosovo have 5,909 registrations of 4,400 persons:

    >>> import thbstats as thb
    >>> sizes = {"EXH": 1910, "ABA": 1528, "OSCE": 1786, "HRW": 685}
    >>> thb.lists.distinct(thb.lists.Lists(sizes, overlaps=sizes)).bounds
    Interval(1910 to 5909)

    References
    ----------
    B. W. Silverman, L. Chan and K. Vincent, "Bootstrapping multiple systems estimates to account
    for model selection", Statistics and Computing 34 (2024): data set Kosovo.
    """
    require_lists(lists)
    known, keyless = lists.certificate, sum(lists.without_key.values())
    lower = max(int(known.lower or 0), min(keyless, 1))
    bounds = Interval(lower, None if known.upper is None else int(known.upper) + keyless)
    rows = sum(lists.bounds_of(lists.persons_on({name}))[0] for name in lists.names)
    notes = []
    if lists.repeated or (bounds.is_point and rows > lower):
        several, total = {"register": rows - lower}, rows + lists.repeated
        options = {"persons": lower, "several": several, "within": lists.repeated}
        notes.append(duplicates(registrations=total, **options))  # type: ignore[arg-type]
    n = Amount(keyless)
    more = (
        f"; {n} {n:registration without a key widens|registrations without a key widen} the bounds"
    )
    more *= bool(keyless)
    names = ", ".join(lists.names)
    row = {
        "label": "distinct persons on the lists",
        "estimand": f"distinct persons on the lists {names}, each counted once{more}",
        "bounds": bounds,
        "value": bounds if bounds.is_point else None,
        "bounds_attained": not known.left_open,
        "complete": bounds.is_point,
    }
    return person_panel(lists, "distinct", "Distinct persons on lists", [row], notes=notes).row(0)
