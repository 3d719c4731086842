"""Ratios of protection measures.

Assisted victims are not a share of registered victims: other bodies counted other persons in other
months, and a table cannot show that the persons are the same. The ratio can exceed 100. A source
that follows its victims has both counts in one table, and there `share` applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, overload

from thbstats.errors import require
from thbstats.indicators._shared import Areas, By, Periods, indicator
from thbstats.indicators.ratios import ratio_of
from thbstats.languages import Message, lowered
from thbstats.panel import Panel, Result
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable
from thbstats.tables.table import require_table
from thbstats.vocabulary import MeasureOutcome, ProtectionMeasure

__all__ = ["grants_per_request", "protection_per_100_victims", "residence_permits_per_100_victims"]


@overload
def protection_per_100_victims(
    protection: CountTable, victims: CountTable, *, measure: str, by: None = None, **options: Any
) -> Result: ...
@overload
def protection_per_100_victims(
    protection: CountTable, victims: CountTable, *, measure: str, by: str | Sequence[str],
    **options: Any,
) -> Panel: ...  # fmt: skip
@indicator()
def protection_per_100_victims(
    protection: CountTable, victims: CountTable, *, measure: str, by: By = None,
    area: Areas = None, period: Periods = None, outcome: str | None = None,
    status: str = "registered", victim_categories: Mapping[str, Any] | None = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return the number of protection measures per 100 victims.

    ``ratio = 100 * M / V``, summed over the countries that reported both.

    Parameters
    ----------
    protection, victims : CountTable
        Counts of kind ``protection`` and of kind ``victims``.
    measure : str
        ``"assistance"``, ``"referral"``, ``"reflection_period"``, ``"residence_permit"``,
        ``"international_protection"`` or ``"compensation"``.
    by, area, period : optional
        As for `ratio`.
    outcome : {"sought", "granted", "refused", "not_stated"}, optional
        The outcome, if the table has several.
    status : str
        The status of the victims.
    victim_categories : mapping, optional
        Categories of the victims alone, such as ``{"citizenship": "non_eu"}``.
    thresholds, rules : optional
        As for `ratio`.
    **where
        Categories of both sides, such as ``sex="female"``, and attributes of the victims.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more. It can exceed 100, because a person who was assisted in one
        period can be registered in another period.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`.

    Examples
    --------
    Two countries; Malta did not report assistance:

    >>> import thbstats as thb
    >>> victims = thb.CountTable.from_rows(
    ...     [("BE", 120), ("MT", 12)], columns=["area", "value"],
    ...     kind="victims", period=2020, status="registered",
    ... )
    >>> assisted = thb.CountTable.from_rows(
    ...     [("BE", 90), ("MT", thb.Count.not_reported())], columns=["area", "value"],
    ...     kind="protection", period=2020, measure="assistance", unit="persons",
    ... )
    >>> found = thb.protection.protection_per_100_victims(
    ...     assisted, victims, measure="assistance"
    ... )
    >>> found.formatted, found.kind.format_value(found.all_reported)
    ('75.0', '68.2')

    References
    ----------
    Directive 2011/36/EU, Articles 11 and 19. COM(2018) 777, section II.
    """
    categories = {} if victim_categories is None else victim_categories
    hint = "Use victim_categories={'citizenship': 'non_eu'}"
    is_mapping = isinstance(categories, Mapping)
    require(is_mapping, "must be a mapping", hint, victim_categories=categories)
    problem = "must not also be in `victim_categories`"
    for name, word in (("status", status), *where.items()):
        require(name not in categories, problem, f"Pass {name}=... alone", **{name: word})
    return _per_100_victims(
        (protection, {"measure": measure, "outcome": outcome}), victims,
        {"status": status, **categories}, where,
        indicator="protection_per_100_victims", by=by, area=area, period=period,
        thresholds=thresholds, rules=rules,
    )  # fmt: skip


@overload
def residence_permits_per_100_victims(
    protection: CountTable, victims: CountTable, *, by: None = None, **options: Any
) -> Result: ...
@overload
def residence_permits_per_100_victims(
    protection: CountTable, victims: CountTable, *, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator()
def residence_permits_per_100_victims(
    protection: CountTable, victims: CountTable, *, by: By = None, area: Areas = None,
    period: Periods = None, outcome: str | None = None, status: str = "registered",
    citizenship: str = "non_eu", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return residence permits per 100 victims from outside the EU.

    ``ratio = 100 * R / V``, for permits under Directive 2004/81/EC. Arguments, errors and
    warnings are those of `protection_per_100_victims`; by default the victims are third-country
    nationals, to whom the Directive applies. Permits have no breakdown by citizenship. Permits
    are documents: one victim can receive several, also in another year, and UNIT is a caution.
    Denmark and Ireland are not bound by the Directive.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `protection_per_100_victims`.

    Examples
    --------
    1,124 first permits in 2012, and the 2,171 victims from outside the EU that 23 Member States
    reported:

    >>> import thbstats as thb
    >>> permits = thb.CountTable.from_rows(
    ...     [("EU28", 1124)], columns=["area", "value"], kind="protection", period=2012,
    ...     measure="residence_permit", unit="permits",
    ... )
    >>> victims = thb.CountTable.from_rows(
    ...     [("EU28", "non_eu", 2171, 23)],
    ...     columns=["area", "citizenship", "value", "n_reporters"],
    ...     kind="victims", period=2012, status="registered",
    ... )
    >>> found = thb.protection.residence_permits_per_100_victims(permits, victims)
    >>> found.formatted, "UNIT" in found.warnings.at_least("caution").codes
    ('51.8', True)

    References
    ----------
    Directive 2004/81/EC, Articles 3 and 8. Eurostat, Trafficking in human beings, 2014 edition.
    """
    permits = {"measure": ProtectionMeasure.RESIDENCE_PERMIT, "outcome": outcome}
    return _per_100_victims(
        (protection, permits), victims, {"status": status, "citizenship": citizenship}, where,
        indicator="residence_permits_per_100_victims", by=by, area=area, period=period,
        thresholds=thresholds, rules=rules,
    )  # fmt: skip


def _per_100_victims(
    above: tuple[CountTable, dict[str, Any]], victims: CountTable, below: dict[str, Any],
    shared: dict[str, Any], **options: Any,
) -> Any:  # fmt: skip
    """Return a ratio per 100 victims; attributes in a shared selection are those of the victims."""
    schema = require_table(victims, "victims").columns.schema
    own = {name: word for name, word in shared.items() if schema[name].total is None}
    both = {name: word for name, word in shared.items() if name not in own}
    label = partial(Message, "{counted} per 100 victims")
    return ratio_of(above, (victims, {**below, **own}), both, label=label, per=100, **options)


@overload
def grants_per_request(protection: CountTable, *, by: None = None, **options: Any) -> Result: ...
@overload
def grants_per_request(
    protection: CountTable, *, by: str | Sequence[str], **options: Any
) -> Panel: ...
@indicator()
def grants_per_request(
    protection: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    measure: str = "compensation", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return the grants of a measure per request of the same period.

    ``ratio = G / S``, summed over the countries that reported both.

    Parameters
    ----------
    protection : CountTable
        Counts of kind ``protection``.
    by, area, period : optional
        As for `ratio`.
    measure : str
        A measure with requests and grants, such as ``"compensation"``.
    thresholds, rules : optional
        As for `ratio`.
    **where
        Attributes and categories of both counts, without the outcome.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more. It can exceed 1, because a request can be granted later.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `ratio`.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("sought", 40), ("granted", 14)], columns=["outcome", "value"], kind="protection",
    ...     area="NL", period=2020, measure="compensation", unit="persons",
    ... )
    >>> thb.protection.grants_per_request(table).formatted
    '0.4'

    References
    ----------
    Directive 2011/36/EU, Article 17. COM(2018) 777, section III.4, on compensation.
    """
    kind = ProtectionMeasure.parse(measure)
    granted, sought = {"outcome": MeasureOutcome.GRANTED}, {"outcome": MeasureOutcome.SOUGHT}
    return ratio_of(
        (protection, granted), (protection, sought), {"measure": kind, **where},
        indicator="grants_per_request",
        label=Message("{measure} granted / sought", measure=lowered(kind.label)),
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
    )  # fmt: skip
