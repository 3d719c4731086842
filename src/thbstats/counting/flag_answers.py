"""Answers of multiple response as arrays, for columns with many patterns."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.counting.axis import Answer, CountAxis
from thbstats.records import Dimension

__all__ = ["FlagAnswers"]

_UNKNOWN = "unknown"


@frozen(eq=False, kw_only=True)
class FlagAnswers(Mapping[int, Answer]):
    """By position in a tally, the categories that apply and those without an answer.

    Parameters
    ----------
    codes : tuple of str
        The categories. If ``unknown`` is one of them and applies, the answer to every category that
        does not apply is unknown.
    positions : array of int
        The positions, in order.
    yes, known : array of bool, shape (number of positions, number of codes)
        Whether each category applies, and whether the answer is known.
    """

    codes: tuple[str, ...]
    positions: NDArray[np.intp]
    yes: NDArray[np.bool_]
    known: NDArray[np.bool_]

    def __getitem__(self, position: int) -> Answer:
        row = int(np.searchsorted(self.positions, position))
        if row == len(self.positions) or self.positions[row] != position:
            raise KeyError(position)
        return Answer(self._codes_where(self.yes[row]), self._codes_where(~self.known[row]))

    def _codes_where(self, mask: NDArray[np.bool_]) -> list[str]:
        return [code for code, is_true in zip(self.codes, mask.tolist(), strict=True) if is_true]

    def __iter__(self) -> Iterator[int]:
        return iter(self.positions.tolist())

    def __len__(self) -> int:
        return len(self.positions)

    def axis(self, dimension: Dimension, positions: NDArray[np.intp]) -> CountAxis:
        """Return the axis of the positions of some case."""
        rows = np.searchsorted(self.positions, positions)
        result = self.resolve(dimension)
        axis = CountAxis.flagged(
            dimension,
            result.codes,
            yes=result.yes[rows],
            known=result.known[rows],
            positions=positions,
        )
        return evolve(axis, finest=frozenset({*self.codes, _UNKNOWN}))

    def resolve(self, dimension: Dimension) -> "FlagAnswers":
        """Return the answers to all categories, after those that follow from others.

        A category applies if a narrower one applies. If a wider category does not apply, its
        narrower ones do not apply. A wider category without a column is unknown if one of its
        narrower categories is. ``unknown`` applies to a case without a category that applies, if
        one answer is unknown.
        """
        declared = [code for code in self.codes if code != _UNKNOWN]
        wider = {code: set(dimension.ancestors(code)) - {dimension.total} for code in declared}
        rows = sorted({*declared, *chain(*wider.values())}, key=dimension.sort_key)
        inner = {
            row: [
                position for position, code in enumerate(self.codes) if row in wider.get(code, ())
            ]
            for row in rows
        }
        own = {code: position for position, code in enumerate(self.codes)}
        all_unanswered = np.zeros(len(self), dtype=np.bool_)
        if _UNKNOWN in own:
            all_unanswered = self.yes[:, own[_UNKNOWN]] | ~self.known[:, own[_UNKNOWN]]
        yes = {
            row: self.yes[:, [*inner[row], *([own[row]] if row in own else [])]].any(axis=1)
            for row in rows
        }
        unanswered = {
            code: ~yes[code] & (~self.known[:, own[code]] | all_unanswered) for code in declared
        }
        for code in declared:
            for up in wider[code] & set(declared):
                unanswered[code] = unanswered[code] & (yes[up] | unanswered[up])
        for row in set(rows) - set(declared):
            parts = [unanswered[self.codes[position]] for position in inner[row]]
            unanswered[row] = ~yes[row] & np.logical_or.reduce(parts)
        none = np.zeros((len(self), 0), dtype=np.bool_)
        applies = np.column_stack([none, *(yes[row] for row in rows)])
        is_open = np.column_stack([none, *(unanswered[row] for row in rows)])
        no_answer = ~applies.any(axis=1) & (is_open.any(axis=1) | all_unanswered)
        return FlagAnswers(
            codes=(*rows, _UNKNOWN),
            positions=self.positions,
            yes=np.column_stack([applies, no_answer]),
            known=~np.column_stack([is_open, np.zeros(len(self), np.bool_)]),
        )

    @classmethod
    def from_lists(cls, answers: Mapping[int, Answer]) -> "FlagAnswers":
        """Return the answers of lists of categories.

        A list is complete, unless it contains ``unknown`` or ``unknown`` is unanswered.
        """
        codes = sorted({_UNKNOWN}.union(*(answer.codes for answer in answers.values())))
        positions = sorted(answers)
        yes = [[code in answers[position].codes for code in codes] for position in positions]
        complete = [_UNKNOWN not in answers[position].unanswered for position in positions]
        shape = (len(positions), len(codes))
        return cls(
            codes=tuple(codes),
            positions=np.array(positions, np.intp),
            yes=np.array(yes, np.bool_).reshape(shape),
            known=np.broadcast_to(np.array(complete, np.bool_)[:, np.newaxis], shape),
        )

    @classmethod
    def of(
        cls,
        codes: Sequence[str],
        positions: Sequence[int],
        meanings: Sequence[Mapping[object, bool | None]],
        values: Sequence[Sequence[object]],
    ) -> "FlagAnswers":
        """Return the answers of patterns."""
        answers = [
            [meaning[value] for value in column]
            for meaning, column in zip(meanings, values, strict=True)
        ]
        shape = (len(codes), len(positions))
        yes = np.array([[answer is True for answer in column] for column in answers], np.bool_)
        known = np.array(
            [[answer is not None for answer in column] for column in answers], np.bool_
        )
        return cls(
            codes=tuple(codes),
            positions=np.array(positions, np.intp),
            yes=yes.reshape(shape).T,
            known=known.reshape(shape).T,
        )
