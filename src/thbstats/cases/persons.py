"""Distinct persons among registrations.

Persons are identified by one column that the user names. Similar names and dates of birth give a
number that depends on a threshold and that no reader can check. A row without a key can belong to
a known or to another person, so the number of persons is an interval.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Cell, Column, DisplayTable, Group, Row, Tabular, count
from thbstats.errors import require_name
from thbstats.panel import Warnings
from thbstats.records import Schema
from thbstats.rules.families.attributes import duplicates
from thbstats.values import Interval

_LISTED = 10

CellCodes = tuple[str, ...]
"""One code for each dimension, such as ("MT", "2020")."""


@frozen(kw_only=True)
class PersonCell:
    """The rows of one combination of categories.

    Parameters
    ----------
    codes : tuple of str
        The category in each dimension.
    rows : int
        The number of rows: registrations.
    without_key : int
        The number of rows without the key of a person.
    """

    codes: CellCodes
    rows: int
    without_key: int


@frozen(kw_only=True)
class Conflict:
    """A difference between the rows of one person.

    Parameters
    ----------
    dimension : str
        The dimension.
    codes : tuple of str
        The categories in the rows.
    persons : int
        The number of persons with these categories.
    """

    dimension: str
    codes: tuple[str, ...]
    persons: int


def _dict(sets: Mapping[frozenset[CellCodes], int]) -> Mapping[frozenset[CellCodes], int]:
    return dict(sets)


@frozen(kw_only=True, repr=False)
class Persons(Tabular):
    r"""The distinct persons among registrations, found exactly by a key.

    .. math:: n = |\{k_i\}|, \qquad n \le n_{\text{true}} \le n + m

    where m rows have no key: each may be of a person who is counted already, or of another person.
    A selection of rows without any key has at least one person.

    Parameters
    ----------
    key : str
        The column with the identifier of the person.
    dimensions : tuple of str
        The dimensions in which one person can have several rows.
    cells : tuple of PersonCell
        The rows of each combination of categories.
    sets : mapping of frozenset of tuple of str to int
        The number of persons with rows in exactly these cells.
    conflicts : tuple of Conflict
        Differences between the rows of one person, which are reported and not resolved.
    schema : Schema
        The dimensions.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import CaseStore
    >>> store = CaseStore.of(
    ...     pd.DataFrame(
    ...         {
    ...             "who": ["A", "A", "B", "C", "C", "-99"],
    ...             "area": ["MT", "IT", "MT", "IT", "IT", "IT"],
    ...             "period": [2015, 2016, 2016, 2015, 2016, 2016],
    ...         }
    ...     ),
    ...     missing=[-99],
    ... )
    >>> persons = store.persons("who")
    >>> persons.distinct(), persons.sum_over("period")
    (Interval(3 to 4), Interval(5 to 6))
    >>> persons.distinct(period=2016, area="MT")
    Interval(1)
    >>> persons.overlap("area").to_dict("list")
    {'area': ['IT', 'IT + MT', 'MT'], 'persons': [1, 1, 1]}
    >>> persons.warnings.codes, dict(persons.warnings[0].evidence)["persons"]
    (('DOUBLE_COUNTING',), '3')
    """

    key: str
    dimensions: tuple[str, ...]
    cells: tuple[PersonCell, ...]
    sets: Mapping[frozenset[CellCodes], int] = field(converter=_dict)
    conflicts: tuple[Conflict, ...] = ()
    schema: Schema = field(repr=False)

    def rows(self, **selection: Any) -> int:
        """Return the number of registrations.

        Parameters
        ----------
        **selection
            By dimension, one category or several; by default all.

        Raises
        ------
        UnknownName
            If the persons are not counted by the dimension, or no row has the category.
        """
        selected = self._selected(selection)
        return sum(cell.rows for cell in self.cells if cell.codes in selected)

    def distinct(self, **selection: Any) -> Interval:
        """Return the number of distinct persons.

        Parameters
        ----------
        **selection
            As for `rows`; a person with rows in several categories counts once.

        Returns
        -------
        Interval
            A point if every row has a key.
        """
        selected = self._selected(selection)
        known = sum(number for cells, number in self.sets.items() if cells & selected)
        without_key = sum(cell.without_key for cell in self.cells if cell.codes in selected)
        return Interval(max(known, min(without_key, 1)), known + without_key)

    def sum_over(self, dimension: str, **selection: Any) -> Interval:
        """Return the sum of the distinct persons in each category of a dimension.

        A sum over years counts a person with registrations in two years twice.

        Parameters
        ----------
        dimension : str
            The dimension.
        **selection
            As for `rows`.
        """
        number = self._number(dimension)
        codes = sorted({cell[number] for cell in self._selected(selection)})
        persons = [self.distinct(**{**selection, dimension: code}) for code in codes]
        return Interval(sum(p.lower or 0 for p in persons), sum(p.upper or 0 for p in persons))

    def overlap(self, by: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Return the number of persons with registrations in each set of categories.

        Parameters
        ----------
        by : str or iterable of str, optional
            The dimensions; by default all.

        Returns
        -------
        DataFrame
            A row per set of categories, joined by plus signs, and ``persons``. The rows add up to
            the persons with a key.
        """
        names = self.dimensions if by is None else [by] if isinstance(by, str) else list(by)
        numbers = [self._number(name) for name in names]
        result = Counter[frozenset[CellCodes]]()
        for cells, persons in self.sets.items():
            result[frozenset(tuple(cell[number] for number in numbers) for cell in cells)] += (
                persons
            )
        rows = [
            (" + ".join(", ".join(codes) for codes in sorted(cells)), persons)
            for cells, persons in result.items()
        ]
        rows.sort(key=lambda row: (-row[1], row[0]))
        return pd.DataFrame(rows, columns=[", ".join(names), "persons"])

    @property
    def warnings(self) -> Warnings:
        """The warning DOUBLE_COUNTING with its figures, if a person has several rows."""
        named = sum(cell.rows - cell.without_key for cell in self.cells)
        persons = sum(self.sets.values())
        if named == persons:
            return Warnings()
        within = named - sum(len(cells) * number for cells, number in self.sets.items())
        several = dict.fromkeys(self.dimensions, 0)
        for number, name in enumerate(self.dimensions):
            for cells, people in self.sets.items():
                several[name] += people * (len({codes[number] for codes in cells}) > 1)
        warning = duplicates(registrations=named, persons=persons, several=several, within=within)
        return Warnings([warning])

    def _number(self, name: str) -> int:
        problem = "must be a dimension by which the persons are counted"
        require_name(name, self.dimensions, problem)
        return self.dimensions.index(name)

    def _selected(self, selection: Mapping[str, Any]) -> frozenset[CellCodes]:
        selected = frozenset(cell.codes for cell in self.cells)
        for name, value in selection.items():
            number = self._number(name)
            is_list = isinstance(value, Iterable) and not isinstance(value, str)
            codes = {self.schema[name].parse(code) for code in (value if is_list else [value])}
            known = sorted({cell.codes[number] for cell in self.cells})
            for code in sorted(codes):
                require_name(code, known, "must be a category of some row", field=name)
            selected = frozenset(cell for cell in selected if cell[number] in codes)
        return selected

    def to_frame(self) -> pd.DataFrame:
        """Return a row per cell: codes, ``rows``, ``without_key``, ``lower``, ``upper``.

        ``lower`` and ``upper`` are the bounds of the distinct persons, which do not add up.
        """
        persons = [
            self.distinct(**dict(zip(self.dimensions, cell.codes, strict=True)))
            for cell in self.cells
        ]
        rows = [
            (*cell.codes, cell.rows, cell.without_key, item.lower, item.upper)
            for cell, item in zip(self.cells, persons, strict=True)
        ]
        columns = [*self.dimensions, "rows", "without_key", "lower", "upper"]
        return pd.DataFrame(rows, columns=columns)

    def display_table(self) -> DisplayTable:
        """Return registrations and persons by dimension for display."""
        rows: list[Row | Group | list[Cell | str]] = []
        for number, name in enumerate(self.dimensions):
            codes = sorted(
                {cell.codes[number] for cell in self.cells}, key=self.schema[name].sort_key
            )
            rows.append(Group(name.replace("_", " ")))
            rows += [
                [code, count(self.rows(**{name: code})), count(self.distinct(**{name: code}))]
                for code in codes
            ]
            rows.append(["sum", count(self.rows()), count(self.sum_over(name))])
        rows.append(Group())
        rows.append(Row(["distinct", count(self.rows()), count(self.distinct())], total=True))
        return DisplayTable(
            caption=f"Registrations and distinct persons, by the key {self.key!r}",
            columns=["", Column("registrations", "right"), Column("persons", "right")],
            rows=rows,
            notes=[*map(str, self.warnings), *self._notes()],
        )

    def _notes(self) -> list[str]:
        without_key = sum(cell.without_key for cell in self.cells)
        result = [
            f"{_noun(item.persons, 'person has', 'persons have')} different values of "
            f"{item.dimension.replace('_', ' ')}: {', '.join(item.codes)}"
            for item in self.conflicts[:_LISTED]
        ]
        if without_key:
            rows = _noun(without_key, "registration has", "registrations have")
            result.insert(0, f"{rows} no key: each may be of another person")
        return result

    def __repr__(self) -> str:
        return f"<Persons: {count(self.distinct())} in {count(self.rows())} registrations>"


def _noun(number: int, singular: str, plural: str) -> str:
    return f"{count(number)} {singular if number == 1 else plural}"
