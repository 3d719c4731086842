"""Protection: what victims were given, against the victims and requests of the same period."""

from collections.abc import Iterable, Mapping
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import Side, ratio_between
from thbstats.records import schema_of
from thbstats.results import Measure, Ratio
from thbstats.tables import CountTable
from thbstats.values import Period
from thbstats.vocabulary import MeasureOutcome, ProtectionMeasure

__all__ = [
    "granted_per_sought",
    "protection_per_100_victims",
    "residence_permits_per_100_victims",
]


def protection_per_100_victims(
    protection: CountTable,
    victims: CountTable,
    *,
    measure: str,
    outcome: str | None = None,
    status: str = "registered",
    among: Mapping[str, str] | None = None,
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return how many were assisted, referred or protected per 100 victims of the same period.

    ``ratio = 100 * M / V``, summed over the countries that gave both. It is a ratio and no share,
    also where both count persons: who was assisted in a period may have been registered in
    another one, by another body, so that it can exceed 100, and then does.

    Parameters
    ----------
    protection, victims : CountTable
        Counts of kind ``protection`` and of kind ``victims``.
    measure : str
        What was done: ``"assistance"``, ``"referral"``, ``"reflection_period"``,
        ``"residence_permit"``, ``"international_protection"`` or ``"compensation"``.
    outcome : {"sought", "granted", "refused", "not_stated"}, optional
        Which counts of it, where the table has several.
    status : str
        Which victims; ``"registered"`` unless said otherwise.
    among : mapping, optional
        Categories of the victims alone, such as ``{"citizenship": "non_eu"}`` for a measure that
        is only for them and not broken down by citizenship.
    area, period : optional
        As for `stage_ratio`.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Categories of both, such as ``sex="female"``; and attributes of the victims.

    Returns
    -------
    Ratio
        0 or more, exact, above 100 too; `raw` beside it sums whoever reported either side.

    Raises
    ------
    NoSuchCell
        If a table lacks the counts.
    AmbiguousCell
        If period, area, outcome or another attribute of the counts must be named.
    InvalidValue
        If the two tables are of different periods.
    UnknownName
        If there is no such measure or outcome.

    Notes
    -----
    Comparability warnings: AGE, BREAK, CLASSIFICATION, COHORT, COVERAGE, DEFINITION, DETECTION,
    DOMINANCE, DUPLICATE, FLAGS, MEMBERSHIP, ORDER, PERIOD, REGISTER, SMALL, SOURCE, STATUS,
    SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    Two countries, of which one did not report whom it assisted:

    >>> import thbstats as thb
    >>> victims = thb.CountTable.from_rows(
    ...     [("BE", 120), ("MT", 12)], columns=["area", "value"],
    ...     kind="victims", period=2020, status="registered",
    ... )
    >>> assisted = thb.CountTable.from_rows(
    ...     [("BE", 90), ("MT", thb.Count.not_reported())], columns=["area", "value"],
    ...     kind="protection", period=2020, measure="assistance", unit="persons",
    ... )
    >>> found = thb.protection_per_100_victims(assisted, victims, measure="assistance")
    >>> found.shown, found.measure.show(found.raw)
    ('75.0', '68.2')

    References
    ----------
    Directive 2011/36/EU, Articles 11 and 19 (national rapporteurs measure the results of action
    by gathering statistics). COM(2018) 777, section II: data "as well as by assistance and
    protection".
    """
    counted = {"measure": ProtectionMeasure.parse(measure), "outcome": _outcome(outcome)}
    found = _per_100_victims(
        protection,
        victims,
        name="protection_per_100_victims",
        counted=counted,
        against={"status": status, **(among or {})},
        area=area,
        shared={"period": period, **selection},
    )
    return assess(found, thresholds=thresholds, rules=rules)


def residence_permits_per_100_victims(
    protection: CountTable,
    victims: CountTable,
    *,
    outcome: str | None = None,
    status: str = "registered",
    citizenship: str = "non_eu",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return residence permits under Directive 2004/81/EC per 100 victims from outside the EU.

    ``ratio = 100 * R / V``, summed over the countries that gave both. Permits are documents and
    no persons: one victim can get several, and one of another year.

    Parameters
    ----------
    protection, victims : CountTable
        Counts of kind ``protection`` and of kind ``victims``.
    outcome : {"sought", "granted", "refused", "not_stated"}, optional
        Which counts of permits, where the table has several.
    status : str
        Which victims; ``"registered"`` unless said otherwise.
    citizenship : str
        Of the victims: the Directive is for third-country nationals. Permits need not be broken
        down by it.
    area, period, thresholds, rules, **selection
        As for `protection_per_100_victims`.

    Returns
    -------
    Ratio
        0 or more, exact, above 100 too.

    Raises
    ------
    NoSuchCell
        If a table lacks the counts.
    AmbiguousCell
        If period, area, outcome or another attribute of the counts must be named.
    InvalidValue
        If the two tables are of different periods.

    Notes
    -----
    Comparability warnings: those of `protection_per_100_victims`; UNIT asks for caution, since
    persons stand below the line. Denmark and Ireland are not bound by Directive 2004/81/EC.

    Examples
    --------
    1 124 first permits in 2012, over the 2 171 victims from outside the EU of whom 23 Member
    States knew:

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
    >>> found = thb.residence_permits_per_100_victims(permits, victims)
    >>> found.shown, "UNIT" in found.warnings.at_least("caution").codes
    ('51.8', True)

    References
    ----------
    Directive 2004/81/EC, Articles 3 and 8. Eurostat, Trafficking in human beings, 2014 edition.
    """
    found = _per_100_victims(
        protection,
        victims,
        name="residence_permits_per_100_victims",
        counted={"measure": ProtectionMeasure.RESIDENCE_PERMIT, "outcome": _outcome(outcome)},
        against={"status": status, "citizenship": citizenship},
        area=area,
        shared={"period": period, **selection},
    )
    return assess(found, thresholds=thresholds, rules=rules)


def granted_per_sought(
    protection: CountTable,
    *,
    measure: str = "compensation",
    area: str | Area | None = None,
    period: str | Period | Iterable[str | int | Period] | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ratio:
    """Return how often a measure was granted for each time it was sought in the same period.

    ``ratio = G / S``, summed over the countries that gave both. A request of one period may be
    decided in the next, so that the ratio can exceed 1, and then does.

    Parameters
    ----------
    protection : CountTable
        Counts of kind ``protection``.
    measure : str
        ``"compensation"``, or any other that is sought and granted.
    area, period, thresholds, rules, **selection
        As for `protection_per_100_victims`; the selection is of both counts.

    Returns
    -------
    Ratio
        0 or more, exact, above 1 too; `raw` beside it sums whoever reported either side.

    Raises
    ------
    NoSuchCell
        If an outcome is not in the table.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If an outcome is named.

    Notes
    -----
    Comparability warnings: AGE, BREAK, CLASSIFICATION, COHORT, COVERAGE, DEFINITION, DOMINANCE,
    DUPLICATE, FLAGS, ORDER, PERIOD, REGISTER, SMALL, SOURCE, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("sought", 40), ("granted", 14)], columns=["outcome", "value"], kind="protection",
    ...     area="NL", period=2020, measure="compensation", unit="persons",
    ... )
    >>> thb.granted_per_sought(table).shown
    '0.350'

    References
    ----------
    Directive 2011/36/EU, Article 17. COM(2018) 777, section III.4, on compensation.
    """
    if "outcome" in selection:
        raise InvalidValue(
            "the indicator names the outcomes itself",
            field="outcome",
            value=selection["outcome"],
            mend="Leave it out, or ask protection_per_100_victims",
        )
    kind = ProtectionMeasure.parse(measure)
    asked = {"measure": kind, "period": period, **selection}
    granted, sought = (
        Side(protection, {**asked, "outcome": outcome})
        for outcome in (MeasureOutcome.GRANTED, MeasureOutcome.SOUGHT)
    )
    found = ratio_between(
        granted,
        sought,
        area=area,
        indicator="granted_per_sought",
        label=f"{kind.label.lower()} granted / sought",
        measure=Measure.RATIO,
    )
    return assess(found, thresholds=thresholds, rules=rules)


def _outcome(outcome: str | None) -> MeasureOutcome | None:
    return None if outcome is None else MeasureOutcome.parse(outcome)


def _per_100_victims(
    protection: CountTable,
    victims: CountTable,
    *,
    name: str,
    counted: Mapping[str, Any],
    against: Mapping[str, Any],
    area: str | Area | None,
    shared: Mapping[str, Any],
) -> Ratio:
    """Return what was given per 100 victims; categories that only victims have are theirs."""
    categories = {item.name for item in schema_of(protection.kind).dimensions if item.total}
    both = {word: value for word, value in shared.items() if word in {"period", *categories}}
    return ratio_between(
        Side(protection, {**counted, **both}),
        Side(victims, {**shared, **against}),
        area=area,
        indicator=name,
        label="{counted} per 100 victims",
        measure=Measure.PER_100,
    )
