"""Comparisons of many numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import fields, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.display import Cell, Column, DisplayTable, Tabular, Tone, count
from thbstats.errors import UnknownName, did_you_mean, require
from thbstats.panel import Outcome, Panel, Result, Verdict
from thbstats.rules.comparison import Comparison, comparison_of
from thbstats.rules.judgement import PairLevels, judge
from thbstats.rules.pairs import Pairs, all_pairs, names_of, number_keys, pairs_in_one_dimension
from thbstats.rules.rule import DEFAULTS, Level, Rule, Thresholds

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
            If no applied rule has this code.
        """
        codes = [rule.code for rule in self.rules]
        if code not in codes:
            raise UnknownName(
                "`code` must be the code of an applied rule",
                field="code",
                value=code,
                hint=did_you_mean(code, dict.fromkeys(codes)),
            )
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
        if key not in self.names:
            raise UnknownName(
                "`name` must be the name of a number",
                field="name",
                value=key,
                hint=did_you_mean(key, self.names),
            )
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
        parts = [f"{count(n)} {verdict.label}" for verdict, n in self.counts().items() if n]
        sizes = f"{count(len(self.panel))} numbers, {count(len(self))} pairs"
        return ": ".join(filter(None, [sizes, ", ".join(parts)]))

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
    applied = None if rules is None else tuple(rules)
    limits = DEFAULTS if thresholds is None else thresholds
    levels = judge(Pairs(panel, first, second), applied, limits)
    shared = {item.name: getattr(levels, item.name) for item in fields(PairLevels)}
    return Comparisons(**shared, names=tuple(names_of(positions)), selected_rules=applied)
