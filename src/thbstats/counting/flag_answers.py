"""The answers to columns of yes and no, all at once: several columns make very many patterns."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.counting.axis import Answer, Axis
from thbstats.records import Dimension

__all__ = ["FlagAnswers"]


@frozen(eq=False, kw_only=True)
class FlagAnswers(Mapping[int, Answer]):
    """By place in a tally, to which categories the columns say yes.

    Parameters
    ----------
    codes : tuple of str
        The categories.
    places : array of int
        The places, in order.
    yes, known : array of bool, shape (number of places, number of codes)
        Whether each category applies, and whether the answer says so.
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

    def axis(self, dimension: Dimension, places: NDArray[np.intp]) -> Axis:
        """Return the axis of those places that some case has."""
        rows = np.searchsorted(self.places, places)
        return Axis.flagged(
            dimension, self.codes, yes=self.yes[rows], known=self.known[rows], places=places
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
