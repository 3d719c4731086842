"""Dimension of a table of counts, with the answers in each row."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.records import Dimension

__all__ = ["Answer", "CountAxis", "add_ancestors", "missing_area", "unknown_code"]

Positions = tuple[NDArray[np.intp], ...]


# mypy does not understand `frozenset` itself as a converter.
def _codes(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(codes)


@frozen
class Answer:
    """The categories of one case.

    Parameters
    ----------
    codes : frozenset of str
        The categories that apply. Empty for a case of unknown category, or, in a dimension with
        multiple response, for a case to which no category applies.
    unanswered : frozenset of str
        Categories without an answer, in a dimension with multiple response.
    """

    codes: frozenset[str] = field(default=(), converter=_codes)
    unanswered: frozenset[str] = field(default=(), converter=_codes)


class _Wider:
    """The wider categories of each category, with a cache."""

    def __init__(self, dimension: Dimension) -> None:
        self._dimension = dimension
        self._known: dict[str, frozenset[str]] = {}

    def of(self, code: str) -> frozenset[str]:
        """Return the wider categories of a category, without the total."""
        if self._dimension.total is None:
            return frozenset()
        if code not in self._known:
            wider = self._dimension.ancestors(code)
            self._known[code] = frozenset(wider) - {self._dimension.total}
        return self._known[code]

    def all(self, codes: Iterable[str]) -> frozenset[str]:
        """Return some categories with their wider categories."""
        result = frozenset(codes)
        return result.union(*(self.of(code) for code in result))

    def answer(self, answer: Answer) -> Answer:
        """Return an answer with its wider categories."""
        return Answer(self.all(answer.codes), answer.unanswered)


def add_ancestors(dimension: Dimension, answers: Iterable[Answer]) -> list[Answer]:
    """Return answers with their wider categories."""
    wider = _Wider(dimension)
    return [wider.answer(answer) for answer in answers]


@frozen(kw_only=True, eq=False)
class CountAxis:
    """A dimension of a table of counts.

    Parameters
    ----------
    dimension : Dimension
        The dimension.
    rows : tuple of str
        Its categories in order, with the total and the wider categories.
    members : tuple of array of int
        By row, the positions of the answers that it members up.
    unanswered : tuple of array of int, or None
        By row, the positions of the answers to which it may apply; ``None`` if there are none.
    positions : array of int
        The positions of all answers of some case, in order.
    finest : frozenset of str
        The categories of the answers, and the category of cases without one.
    is_multiple : bool
        Whether several categories can apply to one case.
    """

    dimension: Dimension
    rows: tuple[str, ...]
    members: Positions
    unanswered: Positions | None = None
    positions: NDArray[np.intp]
    finest: frozenset[str]
    is_multiple: bool = False

    @classmethod
    def of(
        cls,
        dimension: Dimension,
        answers: Sequence[Answer],
        *,
        positions: Sequence[int],
        categories: Iterable[str] = (),
    ) -> Self:
        """Return the axis of a dimension with one category per case.

        Raises
        ------
        InvalidValue
            If some cases have no category, and the dimension has none for them.
        """
        wider = _Wider(dimension)
        read = {
            position: wider.answer(answer)
            for position, answer in zip(positions, answers, strict=True)
        }
        finest = {code for answer in answers for code in answer.codes}.union(categories)
        members: dict[str, list[int]] = {row: [] for row in wider.all(finest)}
        if dimension.total is not None:
            members[dimension.total] = list(read)
        for position, answer in read.items():
            if not answer.codes:
                unknown = unknown_code(dimension)
                if not unknown:
                    raise missing_area()
                finest.add(unknown)
                members.setdefault(unknown, []).append(position)
            for code in answer.codes:
                members[code].append(position)
        rows = sorted(members, key=dimension.sort_key)
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            members=tuple(np.array(members[row], dtype=np.intp) for row in rows),
            positions=np.array(positions, dtype=np.intp),
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
        positions: NDArray[np.intp],
    ) -> Self:
        """Return the axis of a dimension with multiple response."""
        applies = dict(zip(codes, yes.T, strict=True))
        unanswered = dict(zip(codes, ~known.T, strict=True))
        everyone = np.ones(len(positions), dtype=np.bool_)
        applies[str(dimension.total)], unanswered[str(dimension.total)] = everyone, ~everyone
        rows = sorted(applies, key=dimension.sort_key)
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            members=tuple(positions[applies[row]] for row in rows),
            unanswered=None if known.all() else tuple(positions[unanswered[row]] for row in rows),
            positions=positions,
            finest=frozenset(codes),
            is_multiple=True,
        )

    @property
    def multiple(self) -> NDArray[np.bool_]:
        """Whether each row is a category of a multiple response."""
        no_category = ("unknown", self.dimension.total)
        return np.array(
            [self.is_multiple and row not in no_category for row in self.rows], np.bool_
        )


def unknown_code(dimension: Dimension) -> str:
    """Return the category of cases without a category; empty for areas."""
    if dimension.total is not None:
        return "unknown"
    return {"area": "", "period": "not stated"}.get(dimension.name, "not_stated")


def missing_area(cases: int | None = None, hint: str = "exclude these cases") -> InvalidValue:
    """Return the error for cases without an area."""
    return InvalidValue(
        f"must be recorded for every case; {'some' if cases is None else cases} cases record none",
        field="area",
        hint=f'Use area="World" or another area for all cases, or {hint}',
    )
