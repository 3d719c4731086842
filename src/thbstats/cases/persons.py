"""Persons behind registrations: who stands in which rows, counted once."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, Row, count
from thbstats.errors import UnknownName, did_you_mean
from thbstats.panel import Warnings
from thbstats.records import Schema
from thbstats.rules.families.persons import duplicates
from thbstats.values import Interval

__all__ = ["CellCodes", "Conflict", "PersonCell", "Persons"]

_SHOWN = 10

CellCodes = tuple[str, ...]
"""One code for each dimension, such as ("MT", "2020")."""


@frozen(kw_only=True)
class PersonCell:
    """The rows of one reporter and period, and the persons in them.

    Parameters
    ----------
    codes : tuple of str
        The code of each dimension.
    rows : int
        How many rows: registrations.
    without_key : int
        How many of these name nobody.
    """

    codes: CellCodes
    rows: int
    without_key: int


@frozen(kw_only=True)
class Conflict:
    """Rows of one person that say different things.

    Parameters
    ----------
    dimension : str
        Of what.
    codes : tuple of str
        What they say.
    persons : int
        Of how many persons.
    """

    dimension: str
    codes: tuple[str, ...]
    persons: int


def _fixed(given: Mapping[frozenset[CellCodes], int]) -> Mapping[frozenset[CellCodes], int]:
    return dict(given)


@frozen(kw_only=True, repr=False)
class Persons(Displayable):
    r"""Distinct persons behind registrations, found by a key, exactly.

    .. math:: n = |\{k_i\}|, \qquad n \le n_{\text{true}} \le n + m

    where m rows name nobody: each may be of a person who is counted already, or of another one.
    Where no row of a selection names anybody and there is one, there is at least one person.

    Parameters
    ----------
    key : str
        The column that names persons.
    dimensions : tuple of str
        Dimensions over which one person can be registered again.
    cells : tuple of PersonCell
        For each combination of their codes, the rows.
    sets : mapping of frozenset of tuple of str to int
        How many persons have rows in exactly these cells.
    conflicts : tuple of Conflict
        What rows of one person say differently. It is told and not resolved.
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
    sets: Mapping[frozenset[CellCodes], int] = field(converter=_fixed)
    conflicts: tuple[Conflict, ...] = ()
    schema: Schema = field(repr=False)

    def rows(self, **selection: Any) -> int:
        """Return how many registrations there are.

        Parameters
        ----------
        **selection
            One code or several by dimension; what is not named may be anything.

        Raises
        ------
        UnknownName
            If persons are not told apart by the dimension, or no row has the code.
        """
        chosen = self._chosen(selection)
        return sum(cell.rows for cell in self.cells if cell.codes in chosen)

    def distinct(self, **selection: Any) -> Interval:
        """Return how many distinct persons the registrations are of.

        Parameters
        ----------
        **selection
            As for `rows`; several codes are taken together, with each person once.

        Returns
        -------
        Interval
            A point where every row names somebody.
        """
        chosen = self._chosen(selection)
        known = sum(number for cells, number in self.sets.items() if cells & chosen)
        without_key = sum(cell.without_key for cell in self.cells if cell.codes in chosen)
        return Interval(max(known, min(without_key, 1)), known + without_key)

    def sum_over(self, dimension: str, **selection: Any) -> Interval:
        """Return the sum over a dimension of the distinct persons in each of its categories.

        A sum of years is one of these: who is registered in two years is in it twice.

        Parameters
        ----------
        dimension : str
            The dimension.
        **selection
            As for `rows`.
        """
        number = self._number(dimension)
        chosen = self._chosen(selection)
        codes = sorted({codes[number] for codes in chosen})
        rest = {name: codes_of for name, codes_of in selection.items() if name != dimension}
        each = [self.distinct(**{**rest, dimension: code}) for code in codes]
        return Interval(sum(e.lower or 0 for e in each), sum(e.upper or 0 for e in each))

    def overlap(self, by: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Return how many persons have registrations in exactly which categories.

        Parameters
        ----------
        by : str or iterable of str, optional
            The dimensions; all of them if not given.

        Returns
        -------
        DataFrame
            A row for each set of categories, several of which are written with a plus sign, and
            ``persons``; together they are all who are named.
        """
        names = self.dimensions if by is None else [by] if isinstance(by, str) else list(by)
        numbers = [self._number(name) for name in names]
        found: dict[frozenset[CellCodes], int] = {}
        for cells, persons in self.sets.items():
            seen = frozenset(tuple(codes[number] for number in numbers) for codes in cells)
            found[seen] = found.get(seen, 0) + persons
        column = ", ".join(names)
        rows = [
            (" + ".join(", ".join(codes) for codes in sorted(cells)), persons)
            for cells, persons in found.items()
        ]
        rows.sort(key=lambda row: (-row[1], row[0]))
        return pd.DataFrame(rows, columns=[column, "persons"])

    @property
    def warnings(self) -> Warnings:
        """DOUBLE_COUNTING, with its figures, where one person has several registrations."""
        named = sum(cell.rows - cell.without_key for cell in self.cells)
        persons = sum(self.sets.values())
        if named == persons:
            return Warnings()
        within = named - sum(len(cells) * number for cells, number in self.sets.items())
        return Warnings(
            [
                duplicates(
                    registrations=named,
                    persons=persons,
                    several={name: self._several(name) for name in self.dimensions},
                    within=within,
                )
            ]
        )

    def _several(self, name: str) -> int:
        """Return how many persons are in two categories or more."""
        number = self._number(name)
        return sum(
            persons
            for cells, persons in self.sets.items()
            if len({codes[number] for codes in cells}) > 1
        )

    def _number(self, name: str) -> int:
        if name not in self.dimensions:
            hint = did_you_mean(name, self.dimensions)
            raise UnknownName("persons are not told apart by this", field=name, hint=hint)
        return self.dimensions.index(name)

    def _chosen(self, selection: Mapping[str, Any]) -> frozenset[CellCodes]:
        chosen = frozenset(cell.codes for cell in self.cells)
        for name, given in selection.items():
            number = self._number(name)
            several = isinstance(given, Iterable) and not isinstance(given, str)
            wanted = {self.schema[name].parse(code) for code in (given if several else [given])}
            known = {cell.codes[number] for cell in self.cells}
            for code in sorted(wanted - known):
                hint = did_you_mean(code, sorted(known))
                raise UnknownName("no row says it", field=name, value=code, hint=hint)
            chosen = frozenset(codes for codes in chosen if codes[number] in wanted)
        return chosen

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell: its codes, ``rows``, ``without_key``, ``lower``, ``upper``.

        ``lower`` and ``upper`` are the distinct persons. They are no parts of a sum.
        """
        records = []
        for cell in self.cells:
            said = dict(zip(self.dimensions, cell.codes, strict=True))
            persons = self.distinct(**said)
            records.append(
                {
                    **said,
                    "rows": cell.rows,
                    "without_key": cell.without_key,
                    "lower": persons.lower,
                    "upper": persons.upper,
                }
            )
        columns = [*self.dimensions, "rows", "without_key", "lower", "upper"]
        return pd.DataFrame(records, columns=columns)

    def display_table(self) -> DisplayTable:
        """Return registrations beside persons: by each dimension, added up, and counted once."""
        rows: list[Row | Group | list[Cell | str]] = []
        for number, name in enumerate(self.dimensions):
            codes = sorted({cell.codes[number] for cell in self.cells}, key=self.schema[name].order)
            rows.append(Group(name.replace("_", " ")))
            rows += [
                [code, count(self.rows(**{name: code})), count(self.distinct(**{name: code}))]
                for code in codes
            ]
            rows.append(["added up", count(self.rows()), count(self.sum_over(name))])
        rows.append(Group())
        rows.append(Row(["counted once", count(self.rows()), count(self.distinct())], total=True))
        return DisplayTable(
            caption=f"Registrations and distinct persons, named by {self.key!r}",
            columns=["", Column("registrations", "right"), Column("persons", "right")],
            rows=rows,
            notes=[*map(str, self.warnings), *self._notes()],
        )

    def _notes(self) -> list[str]:
        without_key = sum(cell.without_key for cell in self.cells)
        found = [
            f"{_are(one.persons, 'person is', 'persons are')} recorded as "
            f"{' and as '.join(one.codes)} ({one.dimension.replace('_', ' ')})"
            for one in self.conflicts[:_SHOWN]
        ]
        if without_key:
            rows = _are(without_key, "registration names", "registrations name")
            found.insert(0, f"{rows} nobody: each may be of a person")
        return found

    def __repr__(self) -> str:
        return f"<Persons: {count(self.distinct())} in {count(self.rows())} registrations>"


def _are(number: int, one: str, several: str) -> str:
    return f"{count(number)} {one if number == 1 else several}"
