"""Which categories apply together, where several can apply to a case."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.counting import Answer, add_ancestors
from thbstats.display import Cell, Column, Displayable, DisplayTable, Row, count
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Dimension
from thbstats.values import Interval

__all__ = ["Combination", "Combinations", "group_combinations"]

_SHOWN = 20
_NAMED = 3

_UNKNOWN = "unknown"


@frozen(kw_only=True)
class Combination:
    """Some categories, and how many cases have these and perhaps others whose answer is unknown.

    Parameters
    ----------
    codes : frozenset of str
        The categories that apply, with those that include them.
    unanswered : frozenset of str
        Categories for which there is no answer: they may apply too.
    cases : int
        How many cases.
    """

    codes: frozenset[str]
    unanswered: frozenset[str]
    cases: int


def _listed(given: Iterable[Combination]) -> tuple[Combination, ...]:
    return tuple(given)


@frozen(kw_only=True, repr=False)
class Combinations(Displayable):
    """How many cases have exactly which categories of a dimension.

    Every case is in one combination, so that they make the total. Where the answer to some
    categories is unknown, the case may belong to another combination: each number is then an
    interval, from the cases that certainly belong to it to those that can.

    Parameters
    ----------
    dimension : Dimension
        Which.
    categories : tuple of str
        Every category that was asked for or that applies to a case, in the order of the list.
    combinations : tuple of Combination
        The most frequent first.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import CaseStore
    >>> forms = ["sexual", "sexual;labour", "labour", "sexual", ""]
    >>> store = CaseStore.of(
    ...     pd.DataFrame({"forms": forms}), multi={"exploitation": "forms"}, missing=[""]
    ... )
    >>> found = store.combinations("exploitation")
    >>> found.only("sexual"), found.having("sexual"), found.unknown
    (Interval(2 to 3), Interval(3 to 4), 1)
    """

    dimension: Dimension
    categories: tuple[str, ...]
    combinations: tuple[Combination, ...] = field(converter=_listed)

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(found.cases for found in self.combinations)

    @property
    def unknown(self) -> int:
        """How many cases have no known category, and one that may apply."""
        return sum(one.cases for one in self.combinations if one.unanswered and not one.codes)

    @property
    def none(self) -> int:
        """How many cases are known to have none of the categories."""
        return sum(one.cases for one in self.combinations if not one.unanswered and not one.codes)

    @property
    def at_least_one(self) -> Interval:
        """How many cases have one category or more."""
        return self._between(
            lambda one: bool(one.codes), lambda one: bool(one.codes | one.unanswered)
        )

    @property
    def multiple(self) -> Interval:
        """How many cases have two or more categories, none of which includes the other.

        What is within one category, such as two sectors of labour, is one.
        """

        def apart(codes: frozenset[str]) -> bool:
            top = [c for c in codes if self.dimension.parent(c) == self.dimension.total]
            return len(top) > 1

        return self._between(
            lambda one: apart(one.codes), lambda one: apart(one.codes | one.unanswered)
        )

    def exactly(self, *codes: str) -> Interval:
        """Return how many cases have these categories and no others.

        Parameters
        ----------
        *codes : str
            Categories; those that include them need not be named.

        Raises
        ------
        UnknownName
            If there is no such word, or nobody was asked for it.
        InvalidValue
            If none is given: cases without a category are `unknown` or `none`.
        """
        (wanted,) = add_ancestors(self.dimension, [Answer(self._read(codes))])
        return self._between(
            lambda one: one.codes == wanted.codes and not one.unanswered,
            lambda one: one.codes <= wanted.codes <= one.codes | one.unanswered,
        )

    def only(self, code: str) -> Interval:
        """Return how many cases have a category, and none beside it.

        Parameters
        ----------
        code : str
            The category; what it includes and what includes it is not beside it.

        Raises
        ------
        UnknownName
            If there is no such word, or nobody was asked for it.
        """
        (wanted,) = self._read([code])
        ways = {wanted, *self.dimension.ancestors(wanted)}
        beside = {
            other
            for other in self.categories
            if other not in ways and wanted not in self.dimension.ancestors(other)
        }
        return self._between(
            lambda one: wanted in one.codes and not (one.codes | one.unanswered) & beside,
            lambda one: wanted in one.codes | one.unanswered and not one.codes & beside,
        )

    def having(self, *codes: str) -> Interval:
        """Return how many cases have all of some categories, with or without others.

        Parameters
        ----------
        *codes : str
            Categories.

        Raises
        ------
        UnknownName, InvalidValue
            As for `exactly`.
        """
        wanted = self._read(codes)
        return self._between(
            lambda one: wanted <= one.codes, lambda one: wanted <= one.codes | one.unanswered
        )

    def _read(self, codes: Iterable[str]) -> frozenset[str]:
        found = frozenset(self.dimension.parse(code) for code in codes)
        if not found:
            raise InvalidValue(
                "no category is named", field=self.dimension.name, hint="Name one or several"
            )
        for code in sorted(found - {*self.categories}):
            hint = did_you_mean(code, self.categories)
            raise UnknownName("no case says it", field=self.dimension.name, value=code, hint=hint)
        return found

    def _between(
        self, surely: Callable[[Combination], bool], possibly: Callable[[Combination], bool]
    ) -> Interval:
        lower = sum(one.cases for one in self.combinations if surely(one))
        return Interval(lower, sum(one.cases for one in self.combinations if possibly(one)))

    def label(self, one: Combination) -> str:
        """Return a combination in words: the narrowest categories that apply."""
        inner = {up for code in one.codes for up in self.dimension.ancestors(code)}
        named = sorted(one.codes - inner, key=self.dimension.order)
        text = " + ".join(named).replace("_", " ") or "none recorded"
        if not one.unanswered:
            return text
        wider = {up for code in one.unanswered for up in self.dimension.ancestors(code)}
        silent = sorted(one.unanswered - wider, key=self.dimension.order)
        told = ", ".join(silent).replace("_", " ") if len(silent) <= _NAMED else f"{len(silent)}"
        return f"{text} ({told} without an answer)"

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each combination: true, false or missing by category, and ``cases``."""
        columns: dict[str, Any] = {"combination": [self.label(one) for one in self.combinations]}
        for code in self.categories:
            said = [
                True if code in one.codes else pd.NA if code in one.unanswered else False
                for one in self.combinations
            ]
            columns[code] = pd.array(said, dtype="boolean")
        columns["cases"] = pd.array([one.cases for one in self.combinations], dtype="int64")
        return pd.DataFrame(columns)

    def display_table(self) -> DisplayTable:
        """Return the combinations as a sheet, the most frequent first."""
        rows: list[Row | list[Cell | str]] = [
            [self.label(one), count(one.cases)] for one in self.combinations[:_SHOWN]
        ]
        rest = self.combinations[_SHOWN:]
        if rest:
            rows.append([f"{len(rest)} more combinations", count(sum(one.cases for one in rest))])
        rows.append(Row(["total", count(self.cases)], total=True))
        return DisplayTable(
            caption=f"{self.dimension.name.replace('_', ' ')}: which categories apply together",
            columns=["combination", Column("cases", "right")],
            rows=rows,
            notes=[
                f"{count(self.at_least_one)} have a category, {count(self.multiple)} several; "
                f"{count(self.none)} have none, {count(self.unknown)} none that is known."
            ],
        )

    def __repr__(self) -> str:
        return f"<Combinations of {self.dimension.name}: {len(self.combinations)}>"


def group_combinations(
    dimension: Dimension, counts: Iterable[tuple[Answer, int]], categories: Iterable[str] = ()
) -> Combinations:
    """Return the combinations of some answers with how many cases give each.

    Parameters
    ----------
    dimension : Dimension
        Which.
    counts : iterable of (Answer, int)
        Answers as `FlagAnswers.resolve` gives them, which may repeat.
    categories : iterable of str
        Categories that were asked for, whether or not they apply to anybody.
    """
    found: dict[Answer, int] = {}
    for given, cases in counts:
        silent = {_UNKNOWN} & given.codes  # stays open where no case names a category
        answer = Answer(given.codes - silent, given.unanswered or silent)
        found[answer] = found.get(answer, 0) + cases
    asked = add_ancestors(dimension, [Answer(categories)])[0].codes - {_UNKNOWN}
    named = asked.union(*(answer.codes | answer.unanswered for answer in found))
    return Combinations(
        dimension=dimension,
        categories=tuple(sorted(named, key=dimension.order)),
        combinations=[
            Combination(codes=answer.codes, unanswered=answer.unanswered, cases=cases)
            for answer, cases in sorted(found.items(), key=lambda item: _rank(dimension, item))
            if cases
        ],
    )


def _rank(dimension: Dimension, item: tuple[Answer, int]) -> tuple[object, ...]:
    answer, cases = item

    def order(codes: Iterable[str]) -> list[tuple[object, ...]]:
        return sorted(map(dimension.order, codes))

    return (
        -cases,
        not answer.codes,
        len(answer.unanswered),
        order(answer.codes),
        order(answer.unanswered),
    )
