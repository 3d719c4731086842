"""The comparison of two numbers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats.columns import Fractions
from thbstats.display import Column, DisplayTable, Tabular
from thbstats.errors import InvalidValue
from thbstats.panel import ComparabilityWarning, Panel, Result, Verdict, Warnings
from thbstats.panel.export import bounds_of
from thbstats.panel.panel_text import warning_notes
from thbstats.rules.judgement import judge
from thbstats.rules.nearest import Nearest, nearest_pair
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import DEFAULTS, Rule, Thresholds
from thbstats.values import Interval


@frozen(kw_only=True, repr=False)
class Comparison(Tabular):
    """A comparison of two numbers.

    Parameters
    ----------
    first, second : Result
        The two numbers.
    difference : Interval or None
        Second minus first, for independent bounds; ``None`` for numbers of different kinds. For
        shares 9/100 is 9 percentage points.
    verdict : Verdict
        Whether the two numbers are comparable.
    warnings : Warnings
        The warnings of the pair and of each number.
    limitations : Warnings
        The standing limitations of both numbers, and missing documentation.
    nearest : Nearest or None
        The nearest comparable pair.
    no_nearest : str
        The reason why no such pair exists; empty if one exists.
    """

    first: Result
    second: Result
    difference: Interval | None
    verdict: Verdict = field(converter=Verdict)
    warnings: Warnings = field(converter=Warnings)
    limitations: Warnings = field(converter=Warnings, factory=Warnings)
    nearest: Nearest | None = None
    no_nearest: str = ""

    @property
    def formatted(self) -> str:
        """The difference as text."""
        if self.difference is None:
            return "no difference"
        return self.first.kind.format_difference(self.difference)

    @property
    def label(self) -> str:
        """The two numbers by name."""
        first, second = self.first.label, self.second.label
        if first == second and self.first.estimand != self.second.estimand:
            first, second = self.first.estimand, self.second.estimand
        return second if first == second else f"{second} with {first}"

    @property
    def notes(self) -> list[str]:
        """The reasons, one line each. A warning of one number names it."""
        numbers = [(name, item.warnings) for name, item in self._sides]
        notes = warning_notes(numbers, self.warnings)
        notes += [f"Limitation: {item.message}." for item in self.limitations]
        if self.nearest is not None:
            notes.append(f"Nearest comparable pair: {self.nearest.footnote()}")
        return notes

    @property
    def _sides(self) -> tuple[tuple[str, Result], tuple[str, Result]]:
        return ("first", self.first), ("second", self.second)

    def footnote(self) -> str:
        """Return the numbers, their difference, the verdict and the reasons as text."""
        heading = (
            f"{self.label}: {self.second.formatted} with {self.first.formatted}, {self.formatted}"
        )
        text = "\n".join([f"{heading}; {self.verdict.label}.", *self.notes])
        return escape(text, keep="\n")

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data for JSON."""
        return {
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "difference": bounds_of(self.difference),
            "verdict": str(self.verdict),
            "warnings": [warning.to_dict() for warning in self.warnings],
            "limitations": [limitation.to_dict() for limitation in self.limitations],
            "nearest": None if self.nearest is None else self.nearest.to_dict(),
            "no_nearest": self.no_nearest,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the comparison as a tidy frame of one row."""
        row: dict[str, Any] = {}
        for side, item in self._sides:
            names = {"label": item.label, "area": str(item.area), "period": str(item.period)}
            row |= {f"{side}_{name}": text for name, text in names.items()}
            row |= _bounds(side, item.value_or_bounds)
        row |= _bounds("difference", self.difference)
        return pd.DataFrame(
            [row | {"verdict": str(self.verdict), "warnings": ", ".join(self.warnings.codes)}]
        )

    def display_table(self) -> DisplayTable:
        """Return the two numbers and their difference as a sheet."""
        rows = [
            [
                name,
                item.label,
                item.formatted,
                item.area.short_name,
                str(item.period),
                item.base.label,
            ]
            for name, item in self._sides
        ]
        return DisplayTable(
            caption=f"{self.label}: {self.verdict.label}",
            columns=["", "", Column("number", "right"), "area", "period", "denominator"],
            rows=[*rows, ["difference", "", self.formatted, "", "", ""]],
            notes=self.notes,
        )

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        caveats = f"; {codes}" if codes else ""
        return f"<{type(self).__name__} {self.formatted}: {self.verdict.label}{caveats}>"


def _bounds(name: str, number: Interval | None) -> dict[str, float]:
    column = Fractions.from_values([number])
    return {f"{name}_lower": column.lower.item(), f"{name}_upper": column.upper.item()}


def compare(
    first: Result,
    second: Result,
    *,
    thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None,
) -> Comparison:
    """Compare two numbers.

    ``difference = second - first``, for independent bounds. It is `compare_all` of one pair, with
    the texts of warnings.

    Parameters
    ----------
    first, second : Result
        The two numbers.
    thresholds : Thresholds, optional
        The limits of rules; by default `DEFAULTS`.
    rules : iterable of Rule, optional
        The rules to apply; by default all. A rule for numbers applies if
        ``affects_pairs`` is true.

    Returns
    -------
    Comparison
        *Not comparable* if a rule fails and blocks. *Not assessable* if an essential rule is not
        assessable, or if a number has no value. *Comparable with caution* if a rule asks for
        caution, if a number has a warning at caution (small denominator, suppressed or
        contradicted counts), or if different areas do not document their counting rules. The
        nearest comparable pair is added if the data allow it: the same reporters, base, period
        length and precision.

    Raises
    ------
    InvalidValue
        If one of them is not a result.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> with_uk = report.breakdown(of="exploitation", base="known")["sexual"]
    >>> without = report.breakdown(
    ...     of="exploitation", base="known", area="EU28 without UK"
    ... )["sexual"]
    >>> thb.compare(with_uk, without).verdict.label
    'comparable with caution'
    """
    rows = list[Panel]()
    sides: dict[str, object] = {"first": first, "second": second}
    for name, number in sides.items():
        if not isinstance(number, Result):
            hint = "Pass the result of an indicator, such as thbstats.share(...)"
            if isinstance(number, Panel):
                hint = "Take one of its rows, such as panel['sexual']; compare_all takes several"
            problem, value = f"`{name}` must be a Result", type(number)
            raise InvalidValue(problem, field=name, value=value, hint=hint)
        rows.append(number.panel.take([number.position]))
    if rows[0].rules != rows[1].rules:
        rows = [evolve(row, rules=(), levels=row.levels[:0]) for row in rows]
    return comparison_of(Panel.concat(rows), first, second, thresholds, rules)


def comparison_of(
    panel: Panel,
    first: Result,
    second: Result,
    thresholds: Thresholds | None,
    rules: Iterable[Rule] | None,
) -> Comparison:
    """Return the comparison of the two rows of a panel."""
    limits = DEFAULTS if thresholds is None else thresholds
    applied = None if rules is None else tuple(rules)
    judgement = judge(Pairs(panel, np.array([0]), np.array([1])), applied, limits)
    result = judgement.row_warnings(0)
    nearest, reason = nearest_pair(judgement, applied)
    same_kind = first.kind is second.kind
    return Comparison(
        first=first,
        second=second,
        difference=second.value_or_bounds - first.value_or_bounds if same_kind else None,
        verdict=list(Verdict)[int(judgement.verdicts[0])],
        warnings=Warnings(item for item in result if not item.is_limitation).union(
            first.warnings, second.warnings
        ),
        limitations=Warnings(item for item in result if item.is_limitation).union(
            first.limitations, second.limitations
        ),
        nearest=nearest,
        no_nearest=reason,
    )


class ThbstatsWarning(UserWarning):
    """The category of the Python warnings that `warn` issues."""


def warn(
    source: Panel | Result | Comparison | Iterable[ComparabilityWarning], *, stacklevel: int = 2
) -> None:
    """Issue comparability warnings through Python's ``warnings`` module.

    No computation calls this function.

    Parameters
    ----------
    source : Panel, Result, Comparison or iterable of ComparabilityWarning
        An object with warnings, or the warnings themselves.
    stacklevel : int
        As in ``warnings.warn``; 2 names the caller.

    Examples
    --------
    >>> import warnings
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> share = report.breakdown(of="exploitation", base="known")["sexual"]
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     thb.rules.warn(share.warnings.select("UNKNOWN"))
    >>> caught[0].category.__name__
    'ThbstatsWarning'
    """
    result = source.warnings if isinstance(source, Panel | Result | Comparison) else source
    for warning in result:
        warnings.warn(str(warning), ThbstatsWarning, stacklevel=stacklevel)
