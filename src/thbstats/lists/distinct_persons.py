"""Bounds on the number of distinct persons, and panels of numbers of persons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from thbstats.bounds import Bounds, Linear
from thbstats.lists.record import Lists
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
from thbstats.rules import Thresholds, check
from thbstats.rules.families.attributes import duplicates
from thbstats.values import Interval, Reason

_PERSONS = CountKind("victims", [("unit", "persons")])


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class DistinctPersons(Panel):
    """The number of distinct persons on lists.

    Parameters
    ----------
    certificate : Bounds
        The bounds of the persons with a key: a proof for each bound and, without suppressed counts,
        a table that attains it.
    """

    certificate: Bounds


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
    """Return the panel of numbers of one set of lists: label, estimand and numbers of each row."""
    shared = {
        "indicator": f"lists.{indicator}",
        "kind": ResultKind.COUNT,
        "base": Base(rule="none", label="no denominator"),
        "area": lists.area,
        "period": lists.period,
        "numerator_kind": _PERSONS,
        "denominator_kind": _PERSONS,
        "sources": () if lists.source is None else (lists.source,),
        "reporters": lists.area.members,
        "expected": lists.area.members,
        "n_reporters": len(lists.area.members),
        "status": Status.BOUNDED,
        "sharp": False,
        "notes": tuple(notes),
    }
    filled = []
    for row in rows:
        bounds = row["bounds"]
        own = {"estimand": row["label"], "numerator": bounds, "bounds_with_unknown": bounds}
        own["status"] = Status.OK if row.get("value") is not None else Status.BOUNDED
        filled.append({**shared, **own, **row})
    return check(panel_from_rows(caption, filled, keys), thresholds=thresholds)


def panel_columns(panel: Panel) -> dict[str, Any]:
    """Return the fields of a panel, for a panel of a subclass."""
    return {name: value for name, value in vars(panel).items() if not name.startswith("_")}


def distinct(lists: Lists) -> Result:
    r"""Return bounds on the number of distinct persons on lists.

    .. math:: \min, \max \sum_\omega x_\omega, \qquad
        l_S \le \sum_{\omega \supseteq S} x_\omega \le u_S, \qquad x_\omega \in \mathbb{N}_0

    for the counts of all combinations of lists S. Each registration without a key is of a person
    who is counted already, or of another person.

    Parameters
    ----------
    lists : Lists
        The lists. Sizes alone give bounds from the largest list to the sum of all lists.

    Returns
    -------
    Result
        A count. ``value`` is missing unless both bounds are equal. ``result.panel.certificate`` has
        the proof of each bound. The bounds are attained (``sharp``).

    Raises
    ------
    ImpossibleResult
        If the counts contradict each other, such as an overlap above the size of a list.

    Notes
    -----
    Comparability warnings: DOUBLE_COUNTING if the sum of the lists counts persons twice.

    Examples
    --------
    Four lists of Kosovo have 5,909 registrations of 4,400 persons:

    >>> import thbstats as thb
    >>> sizes = {"EXH": 1910, "ABA": 1528, "OSCE": 1786, "HRW": 685}
    >>> thb.lists.distinct(thb.lists.from_sizes(sizes)).bounds
    Interval(1910 to 5909)

    References
    ----------
    MultipleSystemsEstimation, data set Kosovo.
    """
    persons = Linear.sum(lists.system.cells)
    certificate = lists.system.bounds(persons)
    if any(
        n.reason is Reason.SUPPRESSED for n in (*lists.counts.values(), *lists.overlaps.values())
    ):
        # A table could show a suppressed count.
        certificate = evolve(certificate, lower_table=None, upper_table=None)
    keyless = sum(lists.without_key.values())
    lower = max(int(certificate.lower or 0), min(keyless, 1))
    upper = None if certificate.upper is None else int(certificate.upper) + keyless
    bounds, notes = Interval(lower, upper), []
    rows = sum(lists.bounds_of(lists.persons_on({name}))[0] for name in lists.names)
    if lists.repeated or (bounds.is_point and rows > lower):
        registrations = rows + lists.repeated
        notes.append(
            duplicates(
                registrations=registrations,
                persons=lower,
                several={"register": rows - lower},
                within=lists.repeated,
            )
        )
    names = ", ".join(lists.names)
    panel = person_panel(
        lists,
        "distinct",
        "Distinct persons on lists",
        [
            {
                "label": "distinct persons on the lists",
                "estimand": f"distinct persons on the lists {names}, each counted once",
                "bounds": bounds,
                "value": bounds if bounds.is_point else None,
                "sharp": not certificate.left_open,
                "complete": bounds.is_point,
            }
        ],
        notes=notes,
    )
    return DistinctPersons(**panel_columns(panel), certificate=certificate).row(0)
