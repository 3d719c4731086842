"""A dimension of counted cases: its rows, and which answers each row adds up."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.records import Dimension

__all__ = ["Answer", "CountAxis", "add_ancestors", "missing_area", "unknown_code"]

Places = tuple[NDArray[np.intp], ...]


# mypy does not understand `frozenset` itself as a converter.
def _codes(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


@frozen
class Answer:
    """The categories of one case.

    Parameters
    ----------
    codes : frozenset of str
        The categories that apply. Without any, a case of a dimension with one answer is of
        unknown category; of a dimension with several answers, none applies.
    unanswered : frozenset of str
        Categories whose answer is unknown, where several can apply.
    """

    codes: frozenset[str] = field(default=(), converter=_codes)
    unanswered: frozenset[str] = field(default=(), converter=_codes)


class _Wider:
    """The categories that include others, looked up once each."""

    def __init__(self, dimension: Dimension) -> None:
        self._dimension = dimension
        self._known: dict[str, frozenset[str]] = {}

    def of(self, code: str) -> frozenset[str]:
        """Return the wider categories of one, without the total."""
        if self._dimension.total is None:
            return frozenset()
        if code not in self._known:
            wider = self._dimension.ancestors(code)
            self._known[code] = frozenset(wider) - {self._dimension.total}
        return self._known[code]

    def all(self, codes: Iterable[str]) -> frozenset[str]:
        """Return some categories with all that include them."""
        found = frozenset(codes)
        return found.union(*(self.of(code) for code in found))

    def answer(self, answer: Answer) -> Answer:
        """Return an answer with every category that includes one of its own."""
        return Answer(self.all(answer.codes), answer.unanswered)


def add_ancestors(dimension: Dimension, answers: Iterable[Answer]) -> list[Answer]:
    """Return answers with one category each, with every category that includes it."""
    wider = _Wider(dimension)
    return [wider.answer(answer) for answer in answers]


@frozen(kw_only=True, eq=False)
class CountAxis:
    """One dimension of a table of counts.

    Parameters
    ----------
    dimension : Dimension
        Which.
    rows : tuple of str
        Its categories in their order, the total and the wider ones among them.
    members : tuple of array of int
        For each row, the places of the answers that it adds up.
    unanswered : tuple of array of int, or None
        For each row, the places of the answers that leave open whether it applies; ``None``
        where no answer leaves a row open.
    places : array of int
        The places of all answers that some case has, in order.
    finest : frozenset of str
        The categories that answers name themselves, and that of the cases that are in none.
    several : bool
        Whether several categories can apply to one case.
    """

    dimension: Dimension
    rows: tuple[str, ...]
    members: Places
    unanswered: Places | None = None
    places: NDArray[np.intp]
    finest: frozenset[str]
    several: bool = False

    @classmethod
    def of(
        cls,
        dimension: Dimension,
        answers: Sequence[Answer],
        *,
        places: Sequence[int],
        categories: Iterable[str] = (),
    ) -> Self:
        """Return the axis of a dimension of which every case has one category.

        Parameters
        ----------
        dimension : Dimension
            Which.
        answers : sequence of Answer
            What the answers say that some case gives.
        places : sequence of int
            The place of each answer in the column.
        categories : iterable of str
            Categories that have a row though no answer names them, because somebody was asked.

        Raises
        ------
        InvalidValue
            If some cases are in no category, and the dimension has none for them.
        """
        wider = _Wider(dimension)
        read = {place: wider.answer(answer) for place, answer in zip(places, answers, strict=True)}
        finest = {code for answer in answers for code in answer.codes}.union(categories)
        adds: dict[str, list[int]] = {row: [] for row in wider.all(finest)}
        if dimension.total is not None:
            adds[dimension.total] = list(read)
        for place, answer in read.items():
            if not answer.codes:
                rest = unknown_code(dimension)
                if not rest:
                    raise missing_area()
                finest.add(rest)
                adds.setdefault(rest, []).append(place)
            for code in answer.codes:
                adds[code].append(place)
        rows = sorted(adds, key=dimension.order)
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            members=tuple(np.array(adds[row], dtype=np.intp) for row in rows),
            places=np.array(places, dtype=np.intp),
            finest=frozenset(finest),
        )

    @classmethod
    def flagged(
        cls,
        dimension: Dimension,
        codes: Sequence[str],
        *,
        yes: NDArray[np.bool_],
        known: NDArray[np.bool_],
        places: NDArray[np.intp],
    ) -> Self:
        """Return the axis of a dimension of which several categories can apply to a case.

        Parameters
        ----------
        dimension : Dimension
            Which; it has a total.
        codes : sequence of str
            The categories, the wider ones and ``unknown`` among them, as `FlagAnswers.resolve`
            gives them.
        yes : array of bool, shape (number of places, number of codes)
            Whether they apply.
        known : array of bool, shape (number of places, number of codes)
            Whether the answer is known.
        places : array of int
            The place of each answer in the column.
        """
        applies = dict(zip(codes, yes.T, strict=True))
        lacking = dict(zip(codes, ~known.T, strict=True))
        everybody = np.ones(len(places), dtype=np.bool_)
        applies[str(dimension.total)], lacking[str(dimension.total)] = everybody, ~everybody
        rows = sorted(applies, key=dimension.order)
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            members=tuple(places[applies[row]] for row in rows),
            unanswered=None if known.all() else tuple(places[lacking[row]] for row in rows),
            places=places,
            finest=frozenset(codes),
            several=True,
        )

    @property
    def multiple(self) -> NDArray[np.bool_]:
        """Which rows are categories of which several can apply to a case."""
        neither = ("unknown", self.dimension.total)
        return np.array([self.several and row not in neither for row in self.rows], np.bool_)


def unknown_code(dimension: Dimension) -> str:
    """Return the category of cases that are in no other; empty for areas, which have none."""
    if dimension.total is not None:
        return "unknown"
    return {"area": "", "period": "not stated"}.get(dimension.name, "not_stated")


def missing_area(
    cases: int | None = None, hint: str = "leave them out before they are counted"
) -> InvalidValue:
    """Return the error for cases that record no area."""
    return InvalidValue(
        f"{'some' if cases is None else cases} cases record none, and no table can hold them",
        field="area",
        hint=f"Say area=... for all of them, or {hint}",
    )
