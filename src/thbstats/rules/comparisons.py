"""Comparisons of many numbers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import evolve, field, fields, frozen
from numpy.typing import NDArray

from thbstats._characters import escape
from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.columns import Fractions
from thbstats.display import Cell, Column, DisplayTable, Tabular, Tone, count
from thbstats.errors import InvalidValue, require, require_name
from thbstats.languages import Message, joined
from thbstats.panel import ComparabilityWarning, Outcome, Panel, Result, Verdict, Warnings
from thbstats.panel.panel_text import warning_notes
from thbstats.panel.result import bounds_of
from thbstats.rules.judgement import PairLevels, judge
from thbstats.rules.nearest import Nearest, nearest_pair
from thbstats.rules.pairs import Pairs, all_pairs, names_of, number_keys, pairs_in_one_dimension
from thbstats.rules.rule import Level, Rule, Thresholds, checked_rules, limits_of
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


@explain_arguments
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
        If one of the two numbers is not a result.

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
    applied = None if rules is None else checked_rules(rules)
    judgement = judge(Pairs(panel, np.array([0]), np.array([1])), applied, limits_of(thresholds))
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


_MATRIX = 40
"""The largest number of numbers in a matrix; for more, the sheet counts pairs by rule."""

_LABELS = ("pass", "not documented", "note", "caution", "not assessable", "blocking")
"""The levels of a rule in words."""

_LISTED = (Level.BLOCKING, Level.CAUTION, Level.NOTE, Level.OPEN, Level.UNDOCUMENTED)

_BITS = 48
"""The number of rules that fit into one integer next to the verdict."""

_LEVELS_OF = {
    Outcome.PASS: [Level.PASS],
    Outcome.NOT_ASSESSABLE: [Level.UNDOCUMENTED, Level.OPEN],
    Outcome.FAIL: [Level.NOTE, Level.CAUTION, Level.BLOCKING],
}


_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.NOT_ASSESSABLE: Tone.MUTED,
}
_LEGEND = (
    "✓ comparable, ! comparable with caution, ✗ not comparable, ? not assessable; the letters "
    "are the reasons."
)
_SHORT = 4
"""The longest name that is a column head; longer names get numbers."""


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Comparisons(PairLevels, Tabular):
    """The verdicts and reasons for pairs of numbers.

    Parameters
    ----------
    pairs : Pairs
        The pairs.
    rules : tuple of Rule
        The rule of each row of ``levels``.
    thresholds : Thresholds
        The limits of rules.
    levels : array of int8, shape (rules, m)
        The level of each rule for each pair.
    numbers : array of int8
        The level of each rule for numbers that affects pairs, for each number.
    names : tuple of str
        The names of the numbers.
    selected_rules : tuple of Rule, optional
        The rules that were passed; ``None`` for all.
    """

    names: tuple[str, ...]
    selected_rules: tuple[Rule, ...] | None = None

    def square(self) -> NDArray[np.int8]:
        """Return the verdicts as a symmetric square.

        Returns
        -------
        array of int8, shape (n, n)
            Positions in `Verdict`.
        """
        return self._squared(self.verdicts)

    def matrix(self) -> pd.DataFrame:
        """Return verdicts and reasons as a symmetric square.

        Returns
        -------
        pandas.DataFrame
            Texts such as ``"not comparable: PERIOD"``; missing for a pair that is not included.
        """
        kinds, kind = self._reasons
        texts = [": ".join(filter(None, [verdict.label, codes])) for verdict, codes in kinds]
        texts_by_pair = np.array([*texts, None], dtype=object)[self._squared(kind)]
        return pd.DataFrame(texts_by_pair, index=list(self.names), columns=list(self.names))

    def _squared(self, values: NDArray[Any]) -> NDArray[Any]:
        size = len(self.panel)
        square = np.full((size, size), -1, dtype=values.dtype)
        square[self.first, self.second] = square[self.second, self.first] = values
        return square

    @cached_property
    def _reasons(self) -> tuple[list[tuple[Verdict, str]], NDArray[np.intp]]:
        """Return the distinct verdicts with codes, and the index of each pair."""
        applies = self.levels > Level.UNDOCUMENTED
        kind = self.verdicts.astype(np.int64)
        for start in range(0, len(applies), _BITS):
            for row in applies[start : start + _BITS]:
                kind = 2 * kind + row
            kind = np.unique(kind, return_inverse=True)[1].astype(np.int64)
        _, positions, kind = np.unique(kind, return_index=True, return_inverse=True)
        kinds = [
            (list(Verdict)[self.verdicts[position]], ", ".join(self.codes(applies[:, position])))
            for position in positions
        ]
        return kinds, kind

    def where(self, code: str, outcome: Outcome | str = Outcome.FAIL) -> NDArray[np.bool_]:
        """Return the pairs for which a rule has an outcome.

        Parameters
        ----------
        code : str
            The code of the rule, such as ``"COVERAGE"``.
        outcome : {"fail", "not_assessable", "pass"}
            The outcome.

        Returns
        -------
        array of bool, shape (m,)
            One per pair.

        Raises
        ------
        UnknownName
            If no applied rule has this code, or the outcome does not exist.
        """
        codes = [rule.code for rule in self.rules]
        require_name(code, codes, "`code` must be the code of an applied rule", field="code")
        require_name(outcome, Outcome, "`outcome` must be an outcome", field="outcome")
        rows = self.levels[[row for row, own in enumerate(codes) if own == code]]
        return np.asarray(np.isin(rows, _LEVELS_OF[Outcome(outcome)]).any(axis=0))

    def pair(self, first: int | str, second: int | str) -> Comparison:
        """Return the comparison of two numbers, with its warnings.

        Parameters
        ----------
        first, second : int or str
            Positions or names.

        Returns
        -------
        Comparison
            As `compare` returns it, whether or not the pair is included.

        Raises
        ------
        UnknownName
            If no number has this name.
        """
        positions = [self._position(first), self._position(second)]
        left, right = (self.panel.row(position) for position in positions)
        return comparison_of(
            self.panel.take(positions), left, right, self.thresholds, self.selected_rules
        )

    def _position(self, key: int | str) -> int:
        if not isinstance(key, str):
            return int(key)
        require_name(key, self.names, "`name` must be the name of a number", field="name")
        return self.names.index(key)

    def counts(self) -> dict[Verdict, int]:
        """Return the number of pairs by verdict."""
        sizes = np.bincount(self.verdicts, minlength=len(Verdict)).tolist()
        return dict(zip(Verdict, sizes, strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pair: names, verdict, and the codes of the reasons."""
        kinds, kind = self._reasons
        names = pd.Index(self.names)
        codes = np.array([codes for _, codes in kinds], dtype=object)
        return pd.DataFrame(
            {
                "first": pd.Categorical.from_codes(self.first, names),
                "second": pd.Categorical.from_codes(self.second, names),
                "verdict": pd.Categorical.from_codes(self.verdicts, pd.Index(map(str, Verdict))),
                "warnings": codes[kind],
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all pairs as plain data for JSON."""
        kinds, kind = self._reasons
        reasons = [(str(verdict), codes.split(", ") if codes else []) for verdict, codes in kinds]
        pairs = zip(self.first.tolist(), self.second.tolist(), kind.tolist(), strict=True)
        return {
            "caption": self.panel.caption,
            "names": list(self.names),
            "pairs": [
                {
                    "first": first,
                    "second": second,
                    "verdict": reasons[own][0],
                    "warnings": reasons[own][1],
                }
                for first, second, own in pairs
            ],
        }

    def footnote(self) -> str:
        """Return the number of pairs by verdict, and by rule and level."""
        lines = [f"{self.heading}."]
        for code, levels in self.tally().items():
            sizes = (f"{count(number)} {name}" for name, number in levels.items() if number)
            lines.append(f"{code} ({self._titles[code]}): {', '.join(sizes)}.")
        return "\n".join(lines)

    def display_table(self) -> DisplayTable:
        """Return the verdicts as a table. For many numbers, count pairs by rule."""
        if len(self.panel) <= _MATRIX:
            kinds, kind = self._reasons
            square = self._squared(kind).tolist()
            return square_table(self.heading, self.names, kinds, square, self._titles)
        rows = [
            [f"{code} ({self._titles[code]})", *(count(n) if n else "" for n in levels.values())]
            for code, levels in self.tally().items()
        ]
        heads = (Column(_LABELS[level], "right") for level in _LISTED)
        note = "Number of pairs by rule and level."
        return DisplayTable(caption=self.heading, columns=["rule", *heads], rows=rows, notes=[note])

    @property
    def _titles(self) -> dict[str, str]:
        return {rule.code: rule.title for rule in self.rules}

    def tally(self) -> dict[str, dict[str, int]]:
        """Return the number of pairs by code and level."""
        tally: dict[str, dict[str, int]] = {}
        for rule, row in zip(self.rules, self.levels, strict=True):
            counts = np.bincount(row, minlength=len(_LABELS))
            if counts[list(_LISTED)].any():
                own = tally.setdefault(rule.code, {_LABELS[level]: 0 for level in _LISTED})
                for level in _LISTED:
                    own[_LABELS[level]] += int(counts[level])
        return tally

    @property
    def heading(self) -> str:
        """The number of numbers and pairs, and of pairs by verdict."""
        own = {"n": count(len(self.panel)), "total": count(len(self))}
        sizes = Message("{n} numbers, {total} pairs", **own)
        parts = [
            joined((count(n), verdict.label), " ", " ") for verdict, n in self.counts().items() if n
        ]
        return joined(filter(None, [sizes, joined(parts, ", ")]), ": ")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.heading}>"


def square_table(
    caption: str,
    names: Sequence[str],
    kinds: Sequence[tuple[Verdict, str]],
    square: Sequence[Sequence[int]],
    titles: Mapping[str, str],
) -> DisplayTable:
    """Return verdicts as a square of marks and letters."""
    distinct = [codes for codes in dict.fromkeys(codes for _, codes in kinds) if codes]
    letters = {"": ""} | {codes: _letter(position) for position, codes in enumerate(distinct)}
    cells = []
    for verdict, codes in kinds:
        # The other verdicts have the mark of their tone.
        sign = "?" if verdict is Verdict.NOT_ASSESSABLE else ""
        title = ": ".join(filter(None, [verdict.label, codes]))
        mark = f"{sign} {letters[codes] or 'yes'}".strip()
        cells.append(Cell(mark, tone=_TONES[verdict], title=title))
    short = max(map(len, names), default=0) <= _SHORT
    heads = list(names) if short else [str(position + 1) for position in range(len(names))]
    rows = [
        [name if short else f"{head} {name}", *(cells[kind] if kind >= 0 else "" for kind in row)]
        for head, name, row in zip(heads, names, square, strict=True)
    ]
    notes = [_LEGEND]
    for reasons in distinct:
        texts = (f"{code} ({titles[code]})" for code in reasons.split(", "))
        notes.append(f"{letters[reasons]}: {', '.join(texts)}.")
    return DisplayTable(caption=caption, columns=["", *heads], rows=rows, notes=notes)


def _letter(position: int) -> str:
    before, own = divmod(position, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + own)


@explain_arguments
def compare_all(
    numbers: Panel | Iterable[Result],
    *,
    pairs: Literal["all", "one_dimension"] = "all",
    thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None,
) -> Comparisons:
    """Compare all pairs of some numbers.

    The verdict and the reasons of each pair are those of `compare`, with the earlier number first.

    Parameters
    ----------
    numbers : Panel or iterable of Result
        The numbers. The keys of a panel are their names. A pair with a number that has no value
        is not assessable.
    pairs : {"all", "one_dimension"}
        All pairs, or the pairs that differ in one dimension of ``by=``. Without ``by=``, the
        dimensions are label, area and period.
    thresholds : Thresholds, optional
        The limits of rules; by default `DEFAULTS`.
    rules : iterable of Rule, optional
        The rules to apply; by default all. A rule for numbers applies if
        ``affects_pairs`` is true.

    Returns
    -------
    Comparisons
        Verdicts and reasons in columns. `Comparisons.pair` returns the texts of a pair.

    Raises
    ------
    InvalidValue
        If ``numbers`` or ``pairs`` is of another kind.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("BE", 140), ("FR", 600), ("LU", 9)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016, status="registered"
    ... )
    >>> thb.compare_all(thb.total(table, by="area")).square().shape
    (3, 3)
    """
    choices = ("all", "one_dimension")
    problem, hint = "`pairs` must be 'all' or 'one_dimension'", "Use 'all' or 'one_dimension'"
    require(pairs in choices, problem, hint, pairs=pairs)
    if isinstance(numbers, Panel):
        panel = numbers
    else:
        source: object = numbers
        values: list[Any] = list(source) if isinstance(source, Iterable) else [source]
        problem = "`numbers` must be a Panel or results"
        hint = "Pass a panel, such as thbstats.share(table, sex='female', by=['area'])"
        for value in values:
            require(isinstance(value, Result), problem, hint, numbers=type(value))
        panel = Panel.from_results(values, caption="numbers")
    positions = panel.names if panel.keys else number_keys(panel)
    first, second = (
        pairs_in_one_dimension(positions) if pairs == "one_dimension" else all_pairs(len(panel))
    )
    applied = None if rules is None else checked_rules(rules)
    levels = judge(Pairs(panel, first, second), applied, limits_of(thresholds))
    shared = {item.name: getattr(levels, item.name) for item in fields(PairLevels)}
    return Comparisons(**shared, names=tuple(names_of(positions)), selected_rules=applied)
