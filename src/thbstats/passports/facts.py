"""Facts about a figure, which determine its sentences."""

import re
from typing import Any, Self

from attrs import frozen

from thbstats._properties import cached_property
from thbstats.panel import Result, ResultKind, Status
from thbstats.panel.context import INFORMATION
from thbstats.panel.kind import CHANGES, NOT_BOUNDED

PERIODS = re.compile(r"(\S+) to (\S+)(?: without .*)?$")
"""The two periods at the end of the label of a change."""

UNITLESS = (ResultKind.INDEX, ResultKind.CORRELATION, ResultKind.EFFECTIVE_NUMBER)

_SMALL = 20
"""A quotient with a smaller denominator is written as its two counts."""

_QUOTIENTS = ("share", "concentration", "agreement", "ratio", "per_100")

_CHANGES_OF_SHARES = ("difference", "decomposed", "contribution")

_FORM_OF_KIND = {
    **dict.fromkeys(UNITLESS, "measure"),
    **dict.fromkeys(CHANGES, "change"),
    **dict.fromkeys((ResultKind.PER_100_000, ResultKind.PER_MILLION), "rate"),
}


@frozen(slots=False, eq=False)
class Facts:
    """The statements of the fields of a result, without words.

    Parameters
    ----------
    result : Result
        The result.
    """

    result: Result

    @cached_property
    def form(self) -> str:
        """The form of the figure: a key of the names and sentences of figures."""
        indicator, kind, panel = self.result.indicator, self.result.kind, self.result.panel
        if indicator.startswith("lists."):
            return "lists"
        if indicator == "agreement":
            return "agreement" if kind is ResultKind.SHARE else "agreement_measure"
        if indicator == "concentration" and kind is ResultKind.SHARE:
            return "concentration"
        if indicator == "decompose" and hasattr(panel, "change"):
            return "contribution"
        # Rows that were joined to other panels have no earlier and later number.
        if kind in (*CHANGES, ResultKind.DIFFERENCE) and not hasattr(panel, "earlier"):
            return "decomposed" if PERIODS.search(str(self.result.label)) else "lists"
        return _FORM_OF_KIND.get(kind, str(kind))

    @cached_property
    def has_value(self) -> bool:
        """Whether the figure has a value that does not hold for any data."""
        value, whole = self.result.value, self.result.denominator
        return value is not None and self.result.kind.format_value(value, whole) != NOT_BOUNDED

    @cached_property
    def is_comparison(self) -> bool:
        """Whether the figure compares two periods."""
        return self.form in ("change", *_CHANGES_OF_SHARES)

    @cached_property
    def is_published(self) -> bool:
        """Whether the figure is published and not calculated."""
        return self.result.indicator == "printed"

    @cached_property
    def is_of_area(self) -> bool:
        """Whether the figure is the share of a country in the counts of a publication."""
        return self.is_published and self.result.label == self.result.area.code

    @cached_property
    def is_small(self) -> bool:
        """Whether the two counts replace a share or ratio."""
        base, is_quotient = self.result.denominator.upper, self.form in _QUOTIENTS
        return is_quotient and not self.is_published and base is not None and base < _SMALL

    @cached_property
    def is_of_countries(self) -> bool:
        """Whether the area has several countries."""
        return len(self.result.area.members) > 1

    @cached_property
    def has_other_range(self) -> bool:
        """Whether the possible range has another denominator: all persons, with unknown persons."""
        result = self.result
        is_share = self.form in ("share", "concentration", *_CHANGES_OF_SHARES)
        is_known = is_share and result.base.rule == "known"
        return is_known and result.bounds_with_unknown not in (result.bounds, result.value)

    @cached_property
    def is_not_applicable(self) -> bool:
        """Whether the source states that the count is not applicable; it adds 0 to sums."""
        result, wide = self.result, self.result.bounds_with_unknown
        is_nothing = wide.lower == wide.upper == 0 and not self.is_comparison
        return result.status is Status.NOT_REPORTED and is_nothing

    @cached_property
    def sides(self) -> tuple[Self, ...]:
        """The earlier and the later number of a change; empty for other figures."""
        panel: Any = self.result.panel
        if self.form not in ("change", "difference"):
            return ()
        own = (side.row(self.result.position) for side in (panel.earlier, panel.later))
        return tuple(map(type(self), own))

    @cached_property
    def whole(self) -> Self:
        """The change to which a figure contributes, or the figure itself."""
        panel: Any = self.result.panel
        return type(self)(panel.change) if self.form == "contribution" else self

    @cached_property
    def differs(self) -> bool:
        """Whether the two numbers of a change are from different countries."""
        if self.sides:
            old, new = (side.result.reporters for side in self.sides)
            return None not in (old, new) and old != new
        pairs = {own.code for own in self.result.warnings if own.scope == "pair"}
        return self.form in ("contribution", "decomposed") and "COVERAGE" in pairs

    @cached_property
    def inside(self) -> frozenset[str] | None:
        """The members of the area that are in the value; `None` if they are not listed."""
        result = self.result
        if not self.has_value and result.status is not Status.UNDEFINED:
            return frozenset()
        return None if result.reporters is None else result.area.members & result.reporters

    @cached_property
    def missing(self) -> frozenset[str]:
        """The members of the area that are not in the value."""
        return frozenset() if self.inside is None else self.result.area.members - self.inside

    @cached_property
    def n_missing(self) -> int:
        """The number of members of the area that are not in the value, even if not listed."""
        number = self.result.n_reporters
        if self.inside is not None or number is None:
            return len(self.missing)
        return max(len(self.result.area.members) - number, 0)

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The countries with contradictory counts."""
        contradictions = self.result.contradictions
        return frozenset(own.area for own in contradictions if own.code not in INFORMATION)

    @cached_property
    def differing(self) -> frozenset[str]:
        """The countries with a total that differs from its parts within the tolerance."""
        slips = (own for own in self.result.contradictions if own.code == "discrepancy")
        return frozenset(own.area for own in slips if own.counts.dimension)
