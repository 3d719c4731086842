"""Answers with several categories each, as arrays: columns of yes and no make many patterns."""

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
    """By place in a tally, the categories that apply and those whose answer is unknown.

    Parameters
    ----------
    codes : tuple of str
        The categories. Where ``unknown`` is one of them and applies, the answer to every
        category that does not apply is unknown.
    places : array of int
        The places, in order.
    yes, known : array of bool, shape (number of places, number of codes)
        Whether each category applies, and whether the answer is known.
    """

    codes: tuple[str, ...]
    places: NDArray[np.intp]
    yes: NDArray[np.bool_]
    known: NDArray[np.bool_]

    def __getitem__(self, place: int) -> Answer:
        row = int(np.searchsorted(self.places, place))
        if row == len(self.places) or self.places[row] != place:
            raise KeyError(place)
        return Answer(self._named(self.yes[row]), self._named(~self.known[row]))

    def _named(self, chosen: NDArray[np.bool_]) -> list[str]:
        return [code for code, said in zip(self.codes, chosen.tolist(), strict=True) if said]

    def __iter__(self) -> Iterator[int]:
        return iter(self.places.tolist())

    def __len__(self) -> int:
        return len(self.places)

    def axis(self, dimension: Dimension, places: NDArray[np.intp]) -> CountAxis:
        """Return the axis of those places that some case has."""
        rows = np.searchsorted(self.places, places)
        found = self.resolve(dimension)
        axis = CountAxis.flagged(
            dimension, found.codes, yes=found.yes[rows], known=found.known[rows], places=places
        )
        return evolve(axis, finest=frozenset({*self.codes, _UNKNOWN}))

    def resolve(self, dimension: Dimension) -> "FlagAnswers":
        """Return the answers to all categories, as each follows from the others.

        A category applies where one within it does. Where a wider category is answered with no,
        so is each within it. A wider category without a column of its own is unknown where one
        within it is. ``unknown`` applies to a case without any category that applies, if the
        answer to one of them is unknown.

        Parameters
        ----------
        dimension : Dimension
            Whose categories they are.
        """
        asked = [code for code in self.codes if code != _UNKNOWN]
        wider = {code: set(dimension.ancestors(code)) - {dimension.total} for code in asked}
        rows = sorted({*asked, *chain(*wider.values())}, key=dimension.order)
        inner = {
            row: [place for place, code in enumerate(self.codes) if row in wider.get(code, ())]
            for row in rows
        }
        own = {code: place for place, code in enumerate(self.codes)}
        nothing = np.zeros(len(self), dtype=np.bool_)
        if _UNKNOWN in own:
            nothing = self.yes[:, own[_UNKNOWN]] | ~self.known[:, own[_UNKNOWN]]
        yes = {
            row: self.yes[:, [*inner[row], *([own[row]] if row in own else [])]].any(axis=1)
            for row in rows
        }
        lacks = {code: ~yes[code] & (~self.known[:, own[code]] | nothing) for code in asked}
        for code in asked:
            for up in wider[code] & set(asked):
                lacks[code] = lacks[code] & (yes[up] | lacks[up])
        for row in set(rows) - set(asked):
            parts = [lacks[self.codes[place]] for place in inner[row]]
            lacks[row] = ~yes[row] & np.logical_or.reduce(parts)
        none = np.zeros((len(self), 0), dtype=np.bool_)
        applies = np.column_stack([none, *(yes[row] for row in rows)])
        lacking = np.column_stack([none, *(lacks[row] for row in rows)])
        silent = ~applies.any(axis=1) & (lacking.any(axis=1) | nothing)
        return FlagAnswers(
            codes=(*rows, _UNKNOWN),
            places=self.places,
            yes=np.column_stack([applies, silent]),
            known=~np.column_stack([lacking, np.zeros(len(self), np.bool_)]),
        )

    @classmethod
    def from_lists(cls, answers: Mapping[int, Answer]) -> "FlagAnswers":
        """Return answers that list categories.

        A list is complete, unless ``unknown`` is one of its categories or left open.

        Parameters
        ----------
        answers : mapping of int to Answer
            By place.
        """
        codes = sorted({_UNKNOWN}.union(*(answer.codes for answer in answers.values())))
        places = sorted(answers)
        yes = [[code in answers[place].codes for code in codes] for place in places]
        complete = [_UNKNOWN not in answers[place].unanswered for place in places]
        shape = (len(places), len(codes))
        return cls(
            codes=tuple(codes),
            places=np.array(places, np.intp),
            yes=np.array(yes, np.bool_).reshape(shape),
            known=np.broadcast_to(np.array(complete, np.bool_)[:, np.newaxis], shape),
        )

    @classmethod
    def of(
        cls,
        codes: Sequence[str],
        places: Sequence[int],
        said: Sequence[Mapping[object, bool | None]],
        values: Sequence[Sequence[object]],
    ) -> "FlagAnswers":
        """Return what patterns say.

        Parameters
        ----------
        codes : sequence of str
            The categories, one for each column.
        places : sequence of int
            The place of each pattern, in order.
        said : sequence of mapping
            For each column, what each of its values says: yes, no, or ``None`` for neither.
        values : sequence of sequence
            For each column, its value in each pattern.
        """
        answers = [
            [meaning[value] for value in column]
            for meaning, column in zip(said, values, strict=True)
        ]
        shape = (len(codes), len(places))
        yes = np.array([[answer is True for answer in column] for column in answers], np.bool_)
        known = np.array(
            [[answer is not None for answer in column] for column in answers], np.bool_
        )
        return cls(
            codes=tuple(codes),
            places=np.array(places, np.intp),
            yes=yes.reshape(shape).T,
            known=known.reshape(shape).T,
        )
