"""A dimension of counted cases: its rows, and which answers each row adds up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.records import Dimension

__all__ = ["Answer", "Axis", "no_area", "rest_of", "widened"]

Places = tuple[NDArray[np.intp], ...]


# mypy does not understand `frozenset` itself as a converter.
def _codes(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


@frozen
class Answer:
    """What one answer says of a case.

    Parameters
    ----------
    codes : frozenset of str
        The categories that apply; none where the answer does not say which.
    open : frozenset of str
        Categories of which it does not say whether they apply.
    """

    codes: frozenset[str] = field(default=(), converter=_codes)
    open: frozenset[str] = field(default=(), converter=_codes)


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
        codes = self.all(answer.codes)
        return Answer(codes, self.all(answer.open) - codes if answer.open else ())


def widened(dimension: Dimension, answers: Iterable[Answer]) -> list[Answer]:
    """Return answers with every category that includes one of their own."""
    wider = _Wider(dimension)
    return [wider.answer(answer) for answer in answers]


@frozen(kw_only=True, eq=False)
class Axis:
    """One dimension of a table of counts.

    Parameters
    ----------
    dimension : Dimension
        Which.
    rows : tuple of str
        Its categories in their order, the total and the wider ones among them.
    adds : tuple of array of int
        For each row, the places of the answers that it adds up.
    asked : tuple of array of int, or None
        For each row, the places of the answers that say whether it applies; ``None`` where all
        do.
    places : array of int
        The places of all answers that some case has, in order.
    finest : frozenset of str
        The categories that answers name themselves, and that of the cases that are in none.
    """

    dimension: Dimension
    rows: tuple[str, ...]
    adds: Places
    asked: Places | None
    places: NDArray[np.intp]
    finest: frozenset[str]

    @classmethod
    def of(
        cls,
        dimension: Dimension,
        answers: Sequence[Answer],
        *,
        places: Sequence[int],
        also: Iterable[str] = (),
    ) -> Self:
        """Return the axis of a dimension.

        Parameters
        ----------
        dimension : Dimension
            Which.
        answers : sequence of Answer
            What the answers say that some case gives.
        places : sequence of int
            The place of each answer in the column.
        also : iterable of str
            Categories that have a row though no answer names them, because somebody was asked.

        Raises
        ------
        InvalidValue
            If some cases are in no category, and the dimension has none for them.
        """
        wider = _Wider(dimension)
        read = {place: wider.answer(answer) for place, answer in zip(places, answers, strict=True)}
        finest = {code for answer in answers for code in answer.codes}.union(also)
        adds: dict[str, list[int]] = {row: [] for row in wider.all(finest)}
        if dimension.total is not None:
            adds[dimension.total] = list(read)
        for place, answer in read.items():
            if not answer.codes:
                rest = rest_of(dimension)
                if not rest:
                    raise no_area()
                finest.add(rest)
                adds.setdefault(rest, []).append(place)
            for code in answer.codes:
                adds[code].append(place)
        rows = sorted(adds, key=dimension.order)
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            adds=tuple(np.array(adds[row], dtype=np.intp) for row in rows),
            asked=_asking(read, rows),
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
        """Return the axis of a dimension with a yes or no for each of its categories.

        The same as `of` with an `Answer` for each place, where there are too many to look at one
        by one.

        Parameters
        ----------
        dimension : Dimension
            Which; it has a total.
        codes : sequence of str
            The categories.
        yes : array of bool, shape (number of places, number of codes)
            Whether they apply.
        known : array of bool, shape (number of places, number of codes)
            Whether the answer says so.
        places : array of int
            The place of each answer in the column.
        """
        wider = _Wider(dimension)
        within = {row: [row in wider.all([code]) for code in codes] for row in wider.all(codes)}
        applies = {row: yes[:, inside].any(axis=1) for row, inside in within.items()}
        said = {row: applies[row] | known[:, inside].all(axis=1) for row, inside in within.items()}
        everybody = np.ones(len(places), dtype=np.bool_)
        applies["unknown"] = ~yes.any(axis=1) | applies.get("unknown", ~everybody)
        applies[str(dimension.total)] = everybody
        rows = sorted(applies, key=dimension.order)
        asked = tuple(places[said.get(row, everybody)] for row in rows)
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            adds=tuple(places[applies[row]] for row in rows),
            asked=None if known.all() else asked,
            places=places,
            finest=frozenset({*codes, "unknown"}),
        )


def _asking(answers: Mapping[int, Answer], rows: Sequence[str]) -> Places | None:
    if not any(answer.open for answer in answers.values()):
        return None
    return tuple(
        np.array([place for place, answer in answers.items() if row not in answer.open], np.intp)
        for row in rows
    )


def rest_of(dimension: Dimension) -> str:
    """Return the category of cases that are in no other; empty for areas, which have none."""
    if dimension.total is not None:
        return "unknown"
    return {"area": "", "period": "not stated"}.get(dimension.name, "not_stated")


def no_area(
    cases: int | None = None, mend: str = "leave them out before they are counted"
) -> InvalidValue:
    """Return the error for cases that record no area."""
    return InvalidValue(
        f"{'some' if cases is None else cases} cases record none, and no table can hold them",
        field="area",
        mend=f"Say area=... for all of them, or {mend}",
    )
