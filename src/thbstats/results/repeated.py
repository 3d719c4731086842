"""Numbers that stand in many pairs, each held once."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, overload

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.results.result import Result

if TYPE_CHECKING:
    from thbstats.results.results import Results

__all__ = ["Places", "Repeated"]

Places = NDArray[np.integer[Any]]
"""Positions of numbers, from 0."""


@frozen(eq=False)
class Repeated(Sequence[Result]):
    """Numbers by their places among others: a pair of two thousand is two places, not two copies.

    Parameters
    ----------
    whole : Results
        Each number once.
    places : array of int, shape (n,)
        Where each of these stands among them.
    """

    whole: "Results"
    places: Places = field(repr=False)

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, position: int) -> Result: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Result, ...]: ...
    def __getitem__(self, position: int | slice) -> Result | tuple[Result, ...]:
        if isinstance(position, slice):
            return tuple(self.whole.items[place] for place in self.places[position].tolist())
        one: Result = self.whole.items[int(self.places[position])]
        return one

    def __iter__(self) -> Iterator[Result]:
        return (self.whole.items[place] for place in self.places.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]
