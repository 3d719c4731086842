"""Values of columns and combinations of categories, with their number of cases."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
from attrs import astuple, evolve, fields, frozen

from thbstats.cases.answers import Answer, spelling, wider_codes
from thbstats.cases.counted import CountedCases
from thbstats.display import Cell, Column, DisplayTable, Group, Row, Tabular, count
from thbstats.errors import InvalidValue, require_name
from thbstats.records import Dimension
from thbstats.values import Interval

_LISTED = 20


@frozen(kw_only=True)
class ValueCount:
    """A value, or a pattern of values if a dimension has several columns.

    Parameters
    ----------
    dimension : str
        The dimension.
    column : str
        The column, or several columns with a plus sign between them.
    value : str or None
        The value; ``None`` for an empty cell.
    cases : int
        The number of cases with the value.
    read_as : str
        The categories, or "nothing recorded".
    """

    dimension: str
    column: str
    value: str | None
    cases: int
    read_as: str


@frozen(repr=False)
class ValueCounts(Tabular):
    """The values in the columns of cases.

    Parameters
    ----------
    values : tuple of ValueCount
        The values by dimension, the most frequent first.
    """

    values: tuple[ValueCount, ...]

    @classmethod
    def of(cls, counts: Iterable[CountedCases]) -> "ValueCounts":
        """Return the values of cases, from counts by one dimension each."""
        result = []
        for counted in counts:
            (column,), tally = counted.columns, counted.tally
            names = {"dimension": column.name, "column": " + ".join(column.reading.columns)}
            # Ranges of ages without a date are spelled alike, whatever stands in place of the date.
            alike: Counter[tuple[str | None, str]] = Counter()
            positions, cases = tally.digits[0].tolist(), tally.counts.tolist()
            for position, number in zip(positions, cases, strict=True):
                codes = column.answers[position].codes
                texts = [spelling(value) for value in column.values[position]]
                pattern = ", ".join(text or "(empty)" for text in texts)
                read_as = ", ".join(sorted(codes)) or "nothing recorded"
                alike[texts[0] if len(texts) == 1 else pattern, read_as] += number
            # Engines return rows in different orders: equal numbers are sorted by value.
            order = sorted(alike.items(), key=lambda item: (-item[1], item[0][0] or "", item[0][1]))
            result += [
                ValueCount(value=value, cases=number, read_as=read_as, **names)
                for (value, read_as), number in order
            ]
        return cls(tuple(result))

    def to_frame(self) -> pd.DataFrame:
        """Return a row per value: dimension, column, value, cases, read_as."""
        names = [item.name for item in fields(ValueCount)]
        return pd.DataFrame([astuple(value) for value in self.values], columns=names)

    def display_table(self) -> DisplayTable:
        """Return the most frequent values of each dimension for display."""
        rows: list[Group | list[Cell | str]] = []
        for name in dict.fromkeys(value.dimension for value in self.values):
            values = [value for value in self.values if value.dimension == name]
            rows.append(Group(f"{name.replace('_', ' ')} ({values[0].column})"))
            for value in values[:_LISTED]:
                text = "(empty)" if value.value is None else value.value or '""'
                rows.append([text, value.read_as, count(value.cases)])
            if len(values) > _LISTED:
                others = sum(value.cases for value in values[_LISTED:])
                rows.append([f"{len(values) - _LISTED} more values", "", count(others)])
        return DisplayTable(
            caption="Values in the columns",
            columns=["value", "read as", Column("cases", "right")],
            rows=rows,
        )

    def __repr__(self) -> str:
        return f"<ValueCounts: {len(self.values)} values>"


_NAMED = 3

_UNKNOWN = "unknown"


@frozen(kw_only=True)
class Combination:
    """Categories that apply together, with the number of cases.

    Parameters
    ----------
    codes : frozenset of str
        The categories that apply, with their wider categories.
    unanswered : frozenset of str
        Categories without an answer, which may apply too. It contains ``unknown`` if a category
        that no other case has may apply, as in an open list.
    cases : int
        The number of cases.
    """

    codes: frozenset[str]
    unanswered: frozenset[str]
    cases: int


@frozen(kw_only=True, repr=False)
class Combinations(Tabular):
    """The number of cases with each combination of categories of a dimension.

    Every case has one combination, so that the combinations add up to the total. A case without
    an answer to some categories may have another combination. A number is then an interval, from
    the cases that certainly have the combination to those that may have it.

    Parameters
    ----------
    dimension : Dimension
        The dimension.
    categories : tuple of str
        Every declared category, and every category of a case, in the order of the code list.
    combinations : tuple of Combination
        The combinations, the most frequent first.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import CaseStore
    >>> forms = ["sexual", "sexual;labour", "labour", "sexual", ""]
    >>> store = CaseStore.of(
    ...     pd.DataFrame({"forms": forms}), multi={"exploitation": "forms"}, missing=[""]
    ... )
    >>> result = store.combinations("exploitation")
    >>> result.only("sexual"), result.with_all("sexual"), result.unknown
    (Interval(2 to 3), Interval(3 to 4), 1)
    """

    dimension: Dimension
    categories: tuple[str, ...]
    combinations: tuple[Combination, ...]

    @property
    def cases(self) -> int:
        """The number of cases."""
        return self._sum(lambda _: True)

    @property
    def unknown(self) -> int:
        """The number of cases without a known category; a category can still apply to them."""
        return self._sum(lambda item: bool(item.unanswered and not item.codes))

    @property
    def none(self) -> int:
        """The number of cases to which no category applies."""
        return self._sum(lambda item: not (item.unanswered or item.codes))

    @property
    def at_least_one(self) -> Interval:
        """The number of cases with one category or more."""
        return self._growing(bool)

    @property
    def multiple(self) -> Interval:
        """The number of cases with two categories or more.

        Categories within the same wider category, such as two sectors of labour, count as one.
        """
        parent, total = self.dimension.parent, self.dimension.total
        return self._growing(
            lambda codes: _UNKNOWN in codes or sum(parent(code) == total for code in codes) > 1
        )

    def exactly(self, *codes: str) -> Interval:
        """Return the number of cases with exactly these categories.

        Parameters
        ----------
        *codes : str
            Categories; wider categories are included.

        Raises
        ------
        UnknownName
            If a category does not exist or is not a category of these cases.
        InvalidValue
            If no category is given: use `unknown` or `none`.
        """
        exact = wider_codes(self.dimension, self._read(codes))
        return self._between(
            lambda item: item.codes == exact and not item.unanswered,
            lambda item: item.codes <= exact <= item.codes | item.unanswered,
        )

    def only(self, code: str) -> Interval:
        """Return the number of cases with a category and no other.

        Parameters
        ----------
        code : str
            The category; its wider and narrower categories are not other categories.

        Raises
        ------
        UnknownName
            If the category does not exist or is not a category of these cases.
        """
        (category,) = self._read([code])
        related = {category, *self.dimension.ancestors(category)}
        ancestors, every = self.dimension.ancestors, {*self.categories} - related
        others = {_UNKNOWN, *(other for other in every if category not in ancestors(other))}
        return self._between(
            lambda item: category in item.codes and not (item.codes | item.unanswered) & others,
            lambda item: category in item.codes | item.unanswered and not item.codes & others,
        )

    def with_all(self, *codes: str) -> Interval:
        """Return the number of cases with all of some categories, and perhaps further categories.

        Parameters
        ----------
        *codes : str
            Categories.

        Raises
        ------
        UnknownName, InvalidValue
            As for `exactly`.
        """
        return self._growing(self._read(codes).issubset)

    def _read(self, codes: Iterable[str]) -> frozenset[str]:
        result, field = frozenset(map(self.dimension.parse, codes)), self.dimension.name
        if not result:
            raise InvalidValue("must be one category or more", field=field, hint="Name a category")
        for code in sorted(result):
            require_name(code, self.categories, "must be a category of these cases", field=field)
        return result

    def _sum(self, applies: Callable[[Combination], bool]) -> int:
        return sum(item.cases for item in self.combinations if applies(item))

    def _between(
        self, certain: Callable[[Combination], bool], possible: Callable[[Combination], bool]
    ) -> Interval:
        return Interval(self._sum(certain), self._sum(possible))

    def _growing(self, applies: Callable[[frozenset[str]], bool]) -> Interval:
        """Return the cases of a condition that remains true if further categories apply."""
        return self._between(
            lambda item: applies(item.codes), lambda item: applies(item.codes | item.unanswered)
        )

    def label(self, item: Combination) -> str:
        """Return a combination as text: the narrowest categories that apply."""
        text = " + ".join(self._narrowest(item.codes)).replace("_", " ") or "no category"
        if not item.unanswered:
            return text
        unanswered = self._narrowest(item.unanswered - {_UNKNOWN})
        unanswered += ["others"] * (_UNKNOWN in item.unanswered)
        listed = ", ".join(unanswered) if len(unanswered) <= _NAMED else f"{len(unanswered)}"
        return f"{text} ({listed.replace('_', ' ')} without an answer)"

    def _narrowest(self, codes: frozenset[str]) -> list[str]:
        wider = {up for code in codes for up in self.dimension.ancestors(code)}
        return sorted(codes - wider, key=self.dimension.sort_key)

    def to_frame(self) -> pd.DataFrame:
        """Return a row per combination.

        There is a column per category (true, false or missing) and ``cases``.
        """
        columns: dict[str, Any] = {"combination": [self.label(item) for item in self.combinations]}
        for code in self.categories:
            values = [
                True if code in item.codes else pd.NA if code in item.unanswered else False
                for item in self.combinations
            ]
            columns[code] = pd.array(values, dtype="boolean")
        columns["cases"] = pd.array([item.cases for item in self.combinations], dtype="int64")
        return pd.DataFrame(columns)

    def display_table(self) -> DisplayTable:
        """Return the most frequent combinations for display."""
        shown, others = self.combinations[:_LISTED], self.combinations[_LISTED:]
        rows: list[Any] = [[self.label(item), count(item.cases)] for item in shown]
        if others:
            number = count(sum(item.cases for item in others))
            rows.append([f"{len(others)} more combinations", number])
        rows.append(Row(["total", count(self.cases)], total=True))
        return DisplayTable(
            caption=f"{self.dimension.name.replace('_', ' ')}: combinations of categories",
            columns=["combination", Column("cases", "right")],
            rows=rows,
            notes=[
                f"{count(self.at_least_one)} cases have a category, "
                f"{count(self.multiple)} have several; "
                f"{count(self.none)} have none, {count(self.unknown)} no known category."
            ],
        )

    def __repr__(self) -> str:
        return f"<Combinations of {self.dimension.name}: {len(self.combinations)}>"


def group_combinations(
    dimension: Dimension, counts: Iterable[tuple[Answer, int]], categories: Iterable[str] = ()
) -> Combinations:
    """Return the combinations of some answers."""
    result = Counter[Answer]()
    for answer, cases in counts:
        result[evolve(answer, codes=answer.codes - {_UNKNOWN})] += cases
    used = wider_codes(dimension, categories)
    used = used.union(*(answer.codes | answer.unanswered for answer in result)) - {_UNKNOWN}

    def order(codes: Iterable[str]) -> list[tuple[object, ...]]:
        return sorted(map(dimension.sort_key, codes))

    def rank(item: Combination) -> tuple[object, ...]:
        codes, unanswered = item.codes, item.unanswered
        return -item.cases, not codes, len(unanswered), order(codes), order(unanswered)

    combinations = [
        Combination(codes=own.codes, unanswered=own.unanswered, cases=cases)
        for own, cases in result.items()
        if cases
    ]
    return Combinations(
        dimension=dimension,
        categories=tuple(sorted(used, key=dimension.sort_key)),
        combinations=tuple(sorted(combinations, key=rank)),
    )
