"""Distinct persons among registrations, by keys and by similar records."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from thbstats.cases.answers import (
    AnswerColumns,
    Declarations,
    FlagColumns,
    ListColumn,
    SingleColumn,
    spelling,
)
from thbstats.cases.coded_columns import combine_columns
from thbstats.cases.counted import Rows, missing_area, unknown_code
from thbstats.cases.derivations import AgeAt
from thbstats.columns import Coded
from thbstats.display import Amount, Column, DisplayTable, Group, Row, Tabular, count
from thbstats.errors import InvalidValue, ThbstatsError, require_name
from thbstats.files.case_file import FALSE, YES_OR_NO
from thbstats.panel import Warnings
from thbstats.records import Schema
from thbstats.rules.families.attributes import duplicates
from thbstats.tables.encoding import Problems, code_sets
from thbstats.values import Interval

_LISTED = 10

CellCodes = tuple[str, ...]
"""One code for each dimension, such as ("MT", "2020")."""

Sets = Sequence[tuple[frozenset[int], int]]
"""Sets of positions of patterns, with a number of persons."""


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


@frozen(kw_only=True, repr=False)
class Persons(Tabular):
    r"""The distinct persons among registrations, found exactly by a key.

    .. math:: n = |\{k_i\}|, \qquad n \le n_{\text{true}} \le n + m

    where m rows have no key: each may belong to a counted person, or to another person. A selection
    of rows without any key has at least one person.

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
    sets: Mapping[frozenset[CellCodes], int]
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
        result = Counter[str]()
        for cells, persons in self.sets.items():
            own = sorted({tuple(cell[number] for number in numbers) for cell in cells})
            result[" + ".join(map(", ".join, own))] += persons
        rows = sorted(result.items(), key=lambda row: (-row[1], row[0]))
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
        rows = []
        for cell in self.cells:
            persons = self.distinct(**dict(zip(self.dimensions, cell.codes, strict=True)))
            rows.append((*cell.codes, cell.rows, cell.without_key, persons.lower, persons.upper))
        columns = [*self.dimensions, "rows", "without_key", "lower", "upper"]
        return pd.DataFrame(rows, columns=columns)

    def display_table(self) -> DisplayTable:
        """Return registrations and persons by dimension for display."""
        rows: list[Any] = []
        for number, name in enumerate(self.dimensions):
            codes = {cell.codes[number] for cell in self.cells}
            rows.append(Group(name.replace("_", " ")))
            for code in sorted(codes, key=self.schema[name].sort_key):
                own = {name: code}
                rows.append([code, count(self.rows(**own)), count(self.distinct(**own))])
            rows.append(["sum", count(self.rows()), count(self.sum_over(name))])
        rows.append(Group())
        rows.append(Row(["distinct", count(self.rows()), count(self.distinct())], total=True))
        notes = [*map(str, self.warnings)]
        if keyless := sum(cell.without_key for cell in self.cells):
            n = Amount(keyless)
            text = f"{n} {n:registration has|registrations have} no key"
            notes.append(f"{text}: each may be of another person")
        for item in self.conflicts[:_LISTED]:
            n, name = Amount(item.persons), item.dimension.replace("_", " ")
            text = f"{n} {n:person has|persons have} different values of {name}"
            notes.append(f"{text}: {', '.join(item.codes)}")
        return DisplayTable(
            caption=f"Registrations and distinct persons, by the key {self.key!r}",
            columns=["", Column("registrations", "right"), Column("persons", "right")],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        return f"<Persons: {count(self.distinct())} in {count(self.rows())} registrations>"


def spell_keys(keys: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return keys as texts: the number 1 and the text "1" are one key."""
    return pd.Series(list(map(spelling, keys)), keys.index, dtype=object)


def answers_of(values: "pd.Series[Any]", declarations: Declarations) -> "pd.Series[int]":
    """Return a number for the answer in each cell of a column.

    Cells with different spellings of one category have one number of 0 or more. A cell that states
    that the category is unknown has -1, and an empty or missing cell -2. In a column that is of no
    dimension, each spelling is an answer.

    >>> from thbstats.cases import CaseStore
    >>> cases = pd.DataFrame({"sex": ["F", "female", "?", "", "male"]})
    >>> store = CaseStore.of(cases, recode={"sex": {"F": "female"}}, unknown=["?"], missing=[""])
    >>> answers_of(cases["sex"], store.declarations).tolist()
    [0, 0, -1, -2, 1]
    """
    column, numbers = str(values.name), dict[Any, int]()
    uses = [name for name in declarations.schema.names if declarations.varies(name)]
    uses = [name for name in uses if column in declarations.reading(name).columns]
    meaning = next(iter(declarations.meanings.values()))

    def number_of(text: str | None) -> int:
        if not text or text in meaning.missing:
            return -2
        if text in meaning.unknown:
            return -1
        answer = frozenset(own for name in uses for own in _codes(declarations, name, column, text))
        key = answer if uses else text
        return numbers.setdefault(key, len(numbers)) if key else -1

    texts = [*map(spelling, values)]
    number = {text: number_of(text) for text in dict.fromkeys(texts)}
    return pd.Series([number[text] for text in texts], values.index, dtype=int)


def _codes(
    declarations: Declarations, name: str, column: str, text: str
) -> Iterable[tuple[str, object]]:
    """Yield the known categories of a dimension in a cell, or a text without a category."""
    reading, meaning = declarations.reading(name), declarations.meanings[name]
    if isinstance(reading, FlagColumns):
        truth = YES_OR_NO.get(meaning.recode.get(text, text), text)
        yield name, FALSE if text in meaning.no else truth
    elif isinstance(reading, (SingleColumn, AnswerColumns)):
        try:
            codes = SingleColumn(column).read(declarations.schema[name], meaning, (text,)).codes
        except ThbstatsError:  # an error when the cells are counted
            codes = frozenset((text,))
        yield from ((name, code) for code in codes - {"unknown", "not_stated"})
    else:  # a date, or a list of categories
        yield name, text


def join_persons(
    frame: pd.DataFrame, keys: Sequence[str], declarations: Declarations
) -> pd.DataFrame:
    """Return one row for each person; the texts of lists are joined by their separators.

    An empty or missing text, and one that means no, is left out next to an answer of the person.
    ``keys`` are the column of the person and of attributes, such as the stage, by which a person is
    counted apart. Rows of a person with different answers in another column, or a row without a
    person, raise `InvalidValue`.
    """
    person, meaning = keys[0], next(iter(declarations.meanings.values()))
    require_name(person, map(str, frame.columns), "`person` must be a column of the cases")
    frame = frame.assign(**{person: spell_keys(frame[person])}).reset_index(drop=True)
    no_key = frame[person].isin([None, "", *meaning.no_answer])
    if no_key.any():
        row = int(no_key.to_numpy().argmax())
        raise InvalidValue("must name a person", row=row, field=person, hint="Complete the cell")
    readings = declarations.readings.values()
    lists = {own.column: own.separator for own in readings if isinstance(own, ListColumn)}
    persons = frame.groupby([*keys], sort=False, dropna=False).ngroup()
    first = ~persons.duplicated()
    result = frame.loc[first, [*keys]].set_index(persons[first])

    def join(texts: Iterable[object], separator: str) -> str | None:
        answers = [text for text in meaning.answering(texts) if text is not None]
        return separator.join(answers) if answers else None

    for name in (name for name in frame.columns if name not in keys):
        if name in lists:
            texts: Any = frame[name].astype(object).groupby(persons, sort=False)
            result[name] = texts.agg(join, separator=lists[name])
            continue
        answers = answers_of(frame[name], declarations)
        known = answers[answers >= 0].groupby(persons, sort=False)
        several = known.min() < known.max()
        if several.any():
            example = result.loc[several.index[several][0], [*keys]]
            raise InvalidValue(
                f"must be the same in all rows of a person, such as {' '.join(map(str, example))}",
                field=str(name),
                hint=f"Correct the rows, or join the answers: multi={{...: {name!r}}}",
            )
        # The first cell with a category, else one that states unknown, else an empty one.
        rows = answers.clip(upper=0).groupby(persons, sort=False).idxmax()
        result[name] = frame[name].loc[rows].set_axis(rows.index)
    return result.reset_index(drop=True)


_NUMBERS = (int, float, np.integer, np.floating)
_WHOLE = re.compile(r"-?\d{1,15}")
"""Text of an integer that a float represents exactly."""


def count_persons(
    rows: Rows,
    declarations: Declarations,
    key: str,
    dimensions: Sequence[str],
    check_equal: Sequence[str],
) -> Persons:
    """Return the persons, counted by some dimensions."""
    schema = declarations.schema
    # 1. The cell of each pattern: its categories, or those of cases without a category.
    sets_of_patterns, numbers, patterns = _link_dimensions(rows, declarations, key, dimensions)
    defaults = [unknown_code(schema[name]) for name in dimensions]
    cells_of: list[CellCodes] = [
        tuple(code or default for code, default in zip(codes, defaults, strict=True))
        for codes in patterns
    ]
    if "area" in dimensions and any(cell[dimensions.index("area")] == "" for cell in cells_of):
        raise missing_area()
    # 2. Rows, rows without a key, and persons by cell; several patterns can have one cell.
    registrations, without_key = Counter[CellCodes](), Counter[CellCodes]()
    for cell, number, keyless in zip(cells_of, *numbers, strict=True):
        registrations[cell] += number
        without_key[cell] += keyless
    sets = Counter[frozenset[CellCodes]]()
    for own, persons in sets_of_patterns:
        sets[frozenset(cells_of[position] for position in own)] += persons
    # 3. Persons whose rows have different categories in a dimension that should be equal.
    conflicts = []
    for name in check_equal:
        sets_of_name, _, codes_of = _link_dimensions(rows, declarations, key, [name])
        different = Counter[tuple[str, ...]]()
        for own, persons in sets_of_name:
            codes = {code for number in own for code in codes_of[number]} - {None, "unknown"}
            if len(codes) > 1:
                different[tuple(sorted(map(str, codes)))] += persons
        conflicts += [
            Conflict(dimension=name, codes=codes, persons=persons)
            for codes, persons in sorted(different.items(), key=lambda item: (-item[1], item[0]))
        ]
    orders = [schema[name].sort_key for name in dimensions]
    return Persons(
        key=key,
        schema=schema,
        dimensions=tuple(dimensions),
        cells=tuple(
            PersonCell(codes=cell, rows=registrations[cell], without_key=without_key[cell])
            for cell in sorted(
                registrations,
                key=lambda cell: [order(code) for order, code in zip(orders, cell, strict=True)],
            )
        ),
        sets=dict(sets),
        conflicts=tuple(conflicts),
    )


def _link_dimensions(
    rows: Rows, declarations: Declarations, key: str, names: Sequence[str]
) -> tuple[Sets, Any, list[tuple[str | None, ...]]]:
    """Return the result of `link_rows` for some dimensions, and the codes of the patterns."""
    readings = {name: declarations.reading(name) for name in names}
    for name, reading in readings.items():
        if isinstance(reading, (FlagColumns, ListColumn, AgeAt)):
            raise InvalidValue(
                "must have one category per case, and not be computed from dates",
                field=name,
                hint="Add a column with its categories to the cases",
            )
    columns = list(dict.fromkeys(c for reading in readings.values() for c in reading.columns))
    meanings = declarations.meanings
    patterns, sets, numbers = link_rows(rows, key, columns, next(iter(meanings.values())).no_answer)
    problems, codes = Problems(), []
    for pattern in patterns:
        row, own = dict(zip(columns, pattern, strict=True)), []
        try:
            for name, reading in readings.items():
                values = tuple(row[column] for column in reading.columns)
                answer = reading.read(declarations.schema[name], meanings[name], values)
                own.append(next(iter(answer.codes), None))
        except ThbstatsError as error:
            problems.add(error)
        codes.append(tuple(own))
    problems.raise_any()
    return sets, numbers, codes


def link_rows(
    rows: Rows, key: str, columns: Sequence[str], missing: frozenset[str | None]
) -> tuple[Sequence[tuple[Any, ...]], Sets, tuple[list[int], list[int]]]:
    """Return the patterns of values in the rows of each key.

    They are followed by the sets of patterns with the number of keys whose rows have exactly these,
    and by the number of rows of each pattern, and of those without a key.
    """
    # Groups of rows with equal key and pattern. `cells` has the pattern of each.
    grouped, _, cases = rows.group(list(dict.fromkeys([key, *columns])), None, {})
    keys = grouped[key]
    cells = combine_columns([grouped[name] for name in columns])
    empty = [code for code, value in enumerate(keys.categories) if value in (None, "")]
    hint = "Use missing=[None]: their rows are counted separately"
    if not missing & {None, ""} and np.isin(keys.codes, empty).any():
        raise InvalidValue("empty cells must be declared", field=key, hint=hint)
    # Values that stand for no key, by spelling: -99, -99.0 and "-99" are equal. Texts or numbers
    # are compared without spellings: equal numbers have equal spellings.
    no_keys: set[Any] = {*missing}
    kinds = set(map(type, keys.categories)) - {type(None)}
    if all(issubclass(kind, _NUMBERS) for kind in kinds):
        no_keys |= {int(text) for text in missing if text and _WHOLE.fullmatch(text)}
    elif kinds != {str}:
        keys = keys.map(spelling).fill(None)
    has_key = np.array([value not in no_keys for value in keys.categories], dtype=np.bool_)
    has_key = has_key[keys.codes]
    # The set of patterns of each key; equal sets are one category.
    sets: Coded[frozenset[int]] = Coded([], ())
    if has_key.any():
        persons = keys.codes[has_key].astype(np.intp)
        sets = code_sets(persons, cells.codes[has_key], len(cells.categories))
    # Rows by pattern: a group is one row in memory, and has its number of rows in an engine.
    size = len(cells.categories)
    every, keyless = (
        np.bincount(cells.codes, own, size).astype(int).tolist()
        for own in (cases, cases * ~has_key)
    )
    pairs = list(zip(sets.categories, sets.frequencies().tolist(), strict=True))
    return cells.categories, pairs, (every, keyless)
