"""All pairs of some numbers: verdicts and reasons in columns, words for the pairs asked for."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.comparability.heatmap import square_sheet, tally_sheet
from thbstats.comparability.judge import compare
from thbstats.comparability.levels import Level, Levels, verdicts
from thbstats.comparability.rule import Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import Sheet, Shown, count
from thbstats.errors import UnknownName, did_you_mean
from thbstats.results import Comparison, Places, Results, Verdict

__all__ = ["Comparisons"]

_MATRIX = 40
"""So many numbers are shown as a matrix; of more, only how many pairs each rule speaks of."""

_TOLD = (Level.BLOCKING, Level.CAUTION, Level.NOTE, Level.OPEN, Level.ASIDE)

_NAMED = 12
"""So many places that are left out are named."""

_BITS = 48
"""So many rules fit into one whole number beside the verdict."""


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _fixed(array: NDArray[Any]) -> NDArray[Any]:
    held = array.view()
    held.flags.writeable = False
    return held


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Comparisons(Shown):
    """What may be said of every two of some numbers.

    Parameters
    ----------
    numbers : Results
        The numbers.
    names : tuple of str
        What tells them apart.
    first, second : array of int, shape (m,)
        The two numbers of each pair, by position.
    rules : tuple of Rule
        The rules for pairs that were applied.
    thresholds : Thresholds
        Where they change their answer or weight.
    levels : array of int8, shape (rules, m)
        What each rule finds for each pair, as `Level`.
    left_out : tuple of str
        Places of a table that lack a row which the indicator needs.
    """

    numbers: Results
    names: tuple[str, ...] = field(converter=_names)
    first: Places = field(converter=_fixed)
    second: Places = field(converter=_fixed)
    rules: tuple[Rule, ...]
    thresholds: Thresholds
    levels: Levels = field(converter=_fixed)
    left_out: tuple[str, ...] = field(default=(), converter=_names)

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def verdicts(self) -> NDArray[np.int8]:
        """The verdict of each pair, by its position in `Verdict`; shape (m,)."""
        codes = [list(Verdict).index(level.verdict) for level in Level]
        return np.array(codes, dtype=np.int8)[verdicts(self.levels)]

    def square(self) -> NDArray[np.int8]:
        """Return the verdicts as a square, both ways round; -1 where a pair was not asked for.

        Returns
        -------
        array of int8, shape (n, n)
            Positions in `Verdict`.
        """
        return self._squared(self.verdicts)

    def matrix(self) -> pd.DataFrame:
        """Return verdicts with their reasons as a square, both ways round.

        Returns
        -------
        pandas.DataFrame
            Texts such as ``"not comparable: PERIOD"``; missing where a pair was not asked for.
        """
        kinds, which = self._reasons
        texts = [": ".join(filter(None, [verdict.label, codes])) for verdict, codes in kinds]
        found = np.array([*texts, None], dtype=object)[self._squared(which)]
        return pd.DataFrame(found, index=list(self.names), columns=list(self.names))

    def _squared(self, values: NDArray[Any]) -> NDArray[Any]:
        size = len(self.numbers)
        square = np.full((size, size), -1, dtype=values.dtype)
        square[self.first, self.second] = square[self.second, self.first] = values
        return square

    @cached_property
    def _reasons(self) -> tuple[list[tuple[Verdict, str]], NDArray[np.intp]]:
        """Each verdict with the codes of what speaks, once, and which of them each pair has."""
        speaks = self.levels > Level.ASIDE
        kind = self.verdicts.astype(np.int64)
        for start in range(0, len(speaks), _BITS):
            for row in speaks[start : start + _BITS]:
                kind = 2 * kind + row
            kind = np.unique(kind, return_inverse=True)[1].astype(np.int64)
        _, places, which = np.unique(kind, return_index=True, return_inverse=True)
        kinds = [
            (list(Verdict)[self.verdicts[place]], self._codes(speaks[:, place])) for place in places
        ]
        return kinds, which

    def _codes(self, speaks: NDArray[np.bool_]) -> str:
        found = (rule.code for rule, own in zip(self.rules, speaks, strict=True) if own)
        return ", ".join(dict.fromkeys(found))

    def where(self, code: str, answer: str = "fails") -> NDArray[np.bool_]:
        """Return for which pairs a rule gives an answer.

        Parameters
        ----------
        code : str
            The family, such as ``"COVERAGE"``.
        answer : str
            ``"fails"``, ``"cannot_tell"`` or ``"holds"``.

        Returns
        -------
        array of bool, shape (m,)
            In the order of the pairs.

        Raises
        ------
        UnknownName
            If no rule that was applied has this code.
        """
        codes = [rule.code for rule in self.rules]
        if code not in codes:
            raise UnknownName(
                "no rule for pairs has this code",
                field="code",
                value=code,
                mend=did_you_mean(code, codes),
            )
        rows = self.levels[[place for place, own in enumerate(codes) if own == code]]
        asked = np.array([level for level in Level if level.answer == answer], dtype=np.int8)
        return np.asarray(np.isin(rows, asked).any(axis=0))

    def pair(self, first: int | str, second: int | str) -> Comparison:
        """Return two of the numbers compared, with everything in words.

        Parameters
        ----------
        first, second : int or str
            Positions or names of numbers.

        Returns
        -------
        Comparison
            As `compare` gives it, also where the pair was not asked for.

        Raises
        ------
        UnknownName
            If there is no number of this name.
        """
        one, two = (self.numbers[self._place(key)] for key in (first, second))
        return compare(one, two, thresholds=self.thresholds, rules=self.rules)

    def _place(self, key: int | str) -> int:
        if not isinstance(key, str):
            return int(key)
        if key not in self.names:
            raise UnknownName(
                "no number has this name",
                field="name",
                value=key,
                mend=did_you_mean(key, self.names),
            )
        return self.names.index(key)

    def counts(self) -> dict[Verdict, int]:
        """Return how many pairs have each verdict."""
        found = np.bincount(self.verdicts, minlength=len(Verdict)).tolist()
        return dict(zip(Verdict, found, strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each pair: names, verdict, and the codes of what speaks against it."""
        kinds, which = self._reasons
        names = pd.Index(self.names)
        codes = np.array([codes for _, codes in kinds], dtype=object)
        return pd.DataFrame(
            {
                "first": pd.Categorical.from_codes(self.first, names),
                "second": pd.Categorical.from_codes(self.second, names),
                "verdict": pd.Categorical.from_codes(self.verdicts, pd.Index(map(str, Verdict))),
                "warnings": codes[which],
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all pairs as plain data that JSON can hold."""
        kinds, which = self._reasons
        found = [(str(verdict), codes.split(", ") if codes else []) for verdict, codes in kinds]
        pairs = zip(self.first.tolist(), self.second.tolist(), which.tolist(), strict=True)
        return {
            "caption": self.numbers.caption,
            "names": list(self.names),
            "left_out": list(self.left_out),
            "pairs": [
                {"first": one, "second": two, "verdict": found[kind][0], "warnings": found[kind][1]}
                for one, two, kind in pairs
            ],
        }

    def explain(self) -> str:
        """Return how many pairs have each verdict, and how many each rule speaks of."""
        lines = [f"{self.heading}."]
        for code, told in self.tally().items():
            texts = ", ".join(f"{count(number)} {name}" for name, number in told.items() if number)
            lines.append(f"{code}: {texts}.")
        lines += self._gaps
        return "\n".join(lines)

    def sheet(self) -> Sheet:
        """Return the square of verdicts; of many numbers, how many pairs each rule speaks of."""
        if len(self.numbers) > _MATRIX:
            found = tally_sheet(self.heading, self.tally())
        else:
            kinds, which = self._reasons
            square = self._squared(which).tolist()
            found = square_sheet(self.heading, self.names, kinds, square)
        return evolve(found, notes=[*found.notes, *self._gaps])

    @property
    def _gaps(self) -> list[str]:
        """What is not in the grid, in words."""
        if not self.left_out:
            return []
        named, more = self.left_out[:_NAMED], len(self.left_out) - _NAMED
        others = f" and {count(more)} more" if more > 0 else ""
        return [f"Left out for lack of a count: {'; '.join(named)}{others}."]

    def tally(self) -> dict[str, dict[str, int]]:
        """Return of how many pairs each rule speaks, by what it says of them."""
        counts = (np.bincount(row, minlength=len(Level)) for row in self.levels)
        return {
            rule.code: {level.label: int(found[level]) for level in _TOLD}
            for rule, found in zip(self.rules, counts, strict=True)
            if found[list(_TOLD)].any()
        }

    @property
    def heading(self) -> str:
        """How many numbers and pairs there are, and how many pairs have each verdict."""
        found = [f"{count(n)} {verdict.label}" for verdict, n in self.counts().items() if n]
        sizes = f"{count(len(self.numbers))} numbers, {count(len(self))} pairs"
        return ": ".join(filter(None, [sizes, ", ".join(found)]))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.heading}>"
