"""Cases of which questions are asked: the rows, and how their columns are read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from thbstats.cases.answers import ColumnReading
from thbstats.cases.column_values import ValueCounts
from thbstats.cases.combinations import Combinations, group_combinations
from thbstats.cases.counted_cases import CountedCases, count_answers
from thbstats.cases.declarations import Declarations, require
from thbstats.cases.dispatch import open_rows
from thbstats.cases.file_cases import flag_columns, read_cases
from thbstats.cases.filters import parse_filter
from thbstats.cases.person_query import PersonQuery
from thbstats.cases.persons import Persons
from thbstats.cases.rows import Rows
from thbstats.counting import FlagAnswers, Margins, build_table
from thbstats.errors import InvalidValue
from thbstats.exchange import Progress, no_progress
from thbstats.exchange.cases import Cases
from thbstats.exchange.cases.coverage import constants_of
from thbstats.records import Schema, Source, schema_of
from thbstats.records.reading import to_sources
from thbstats.tables import CountTable
from thbstats.tables.origins import Origin

if TYPE_CHECKING:
    from narwhals import Expr

__all__ = ["CaseStore"]


@frozen(eq=False, kw_only=True)
class CaseStore:
    """Cases, one row each, of which many questions can be asked.

    The columns of a frame in memory become codes at the first question that needs them and are
    kept; cases elsewhere are counted where they are. The data must not change in between.

    Make one with `of`.

    Parameters
    ----------
    rows : Rows
        The cases.
    declarations : Declarations
        How their columns are read, and what these mean.
    source : Source or None
        Where the cases were published.
    file_cases : Cases or None
        What a file of cases was read into, which says more of all its cases.

    Examples
    --------
    >>> import pandas as pd
    >>> store = CaseStore.of(
    ...     pd.DataFrame(
    ...         {"sex": ["F", "M", "F", None], "forms": ["sexual;labour", "labour", "", ""]}
    ...     ),
    ...     multi={"exploitation": "forms"},
    ...     missing=[None, ""],
    ...     area="MT",
    ...     period=2020,
    ... )
    >>> table = store.count(by=["sex", "exploitation"])
    >>> [table.count(exploitation=form).lower for form in ("total", "sexual", "labour", "unknown")]
    [4, 1, 2, 2]
    """

    rows: Rows
    declarations: Declarations
    source: Source | None = None
    file_cases: Cases | None = None

    @classmethod
    def of(
        cls,
        data: Any,
        *,
        kind: str = "victims",
        columns: Mapping[str, str] | None = None,
        multi: Mapping[str, str | Mapping[str, str]] | None = None,
        derive: Mapping[str, ColumnReading] | None = None,
        separator: str = ";",
        recode: Mapping[str, Mapping[Any, str]] | None = None,
        missing: Iterable[object] = (),
        unknown: Iterable[object] = (),
        no: Iterable[object] = (),
        weights: str | None = None,
        filter: "Expr | Iterable[Expr] | None" = None,
        source: Source | str | None = None,
        progress: Progress = no_progress,
        **constants: Any,
    ) -> "CaseStore":
        """Return the store of a frame or of files.

        Parameters
        ----------
        data : frame of any engine, path, list of paths, or what reading a file of cases gave
            One row for each case. A frame in memory is counted there. Of a lazy frame, a relation
            of DuckDB, or Parquet and CSV files, named one by one or by a pattern such as
            ``"cases/*.parquet"``, the engine is asked for the counts; rows never come here. Of
            what `thbstats.read` gave, the dimensions, their missing values, the source and the
            constants are taken over.
        kind : str
            The kind of table: ``"victims"``, or ``"justice"`` for suspects and convicts.
        columns : mapping of str to str, optional
            The column of a dimension, where it has another name.
        multi : mapping, optional
            Dimensions of which a case can have several categories: the column that lists them,
            or for each category the column that says yes (1, true) or no (0, false).
        derive : mapping, optional
            Dimensions that follow from other columns, such as `AgeAt`.
        separator : str
            What stands between the categories of a list.
        recode : mapping, optional
            By dimension, our word for each other spelling.
        missing, unknown : iterable
            Values of cells in which nothing was recorded, and values that record that the answer
            is unknown. Nothing is guessed: ``None`` is to be named too. Both are counted under
            ``unknown``, and `value_counts` tells them apart. In a column of `multi` they leave open whether
            the category applies.
        no : iterable
            Values of cells in the columns of `multi` that mean no, such as ``None`` in a file that
            only records yes. There they take precedence over ``missing`` and ``unknown``.
        weights : str, optional
            The column that says for how many cases a row stands.
        filter : expression of narwhals, or several that all have to hold; optional
            Which rows are cases, by the columns as they stand: the engine evaluates it.
        source : Source or str, optional
            Where the cases were published.
        progress : callable, optional
            Told how far the counting of files is, from 0 to 1.
        **constants
            What holds for every case, such as ``area="MT"``.

        Raises
        ------
        UnknownName
            If there is no such column, dimension or word.
        InvalidFile
            If files cannot be read, or differ.
        """
        schema = schema_of(kind)
        chosen = parse_filter(filter)
        file_cases = read_cases(data, chosen)
        if file_cases is not None:
            data, chosen, missing = file_cases.frame, (), (None, *missing)
            multi = {**flag_columns(file_cases), **(multi or {})}
            source = source or file_cases.source
        rows = open_rows(data, chosen, progress)
        declarations = Declarations.of(
            schema,
            rows.names,
            columns=columns or {},
            multi=multi or {},
            derive=derive or {},
            separator=separator,
            recode=recode or {},
            missing=missing,
            unknown=unknown,
            no=no,
            weights=weights,
            constants=constants,
        )
        return cls(
            rows=rows, declarations=declarations, source=_source(source), file_cases=file_cases
        )

    @property
    def schema(self) -> Schema:
        """The dimensions of the kind of table that the cases are counted into."""
        return self.declarations.schema

    def count(
        self,
        by: str | Iterable[str] = (),
        *,
        margins: Margins = "all",
        where: Mapping[str, Any] | None = None,
    ) -> CountTable:
        """Return how many cases there are, in total and in every category.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions that stay apart.
        margins : {"all", "none"} or iterable of iterable of str
            Every total; no total and no wider category; or the sets of dimensions that stay
            apart, such as ``[["sex"], ["sex", "age"], []]``.
        where : mapping, optional
            Which cases: by dimension one of our words or several, by any other column its values.

        Returns
        -------
        CountTable
            A breakdown has its total and its categories, with ``unknown`` for all who are in
            none; a dimension with several answers counts everybody under each category that
            applies, so that its categories are never a sum. There ``unanswered`` is the number of
            further cases to which the category may apply, and ``unknown`` has the cases without a
            category of which one may apply; a case to which none applies is in the total alone.
            Zeros are listed unless the table would have more than a million cells.

        Raises
        ------
        UnknownName
            If there is no such dimension, column or word, or a value was not declared.
        InvalidValue
            If a cell is empty and nobody has said what that means, or something that every
            count must say is not said.
        """
        names = self.declarations.ordered(by)
        found = self._chosen(names, where)
        said = self._said(names, where or {})
        origin = Origin(sources=to_sources(self.source))
        return build_table(
            self.schema,
            found.axes(self.schema),
            found.tally,
            margins=margins,
            constants=said,
            origin=origin,
        )

    def value_counts(self, by: str | Iterable[str]) -> ValueCounts:
        """Return what stands in the columns of some dimensions, and as what it is read.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions.

        Returns
        -------
        ValueCounts
            Every value with how many cases have it, the most frequent first.

        Raises
        ------
        UnknownName, InvalidValue
            As for `count`.
        """
        names = self.declarations.ordered(by)
        return ValueCounts.of(self._counted([name], with_values=True) for name in names)

    def combinations(
        self, dimension: str, *, where: Mapping[str, Any] | None = None
    ) -> Combinations:
        """Return which categories apply together, and to how many cases.

        Parameters
        ----------
        dimension : str
            A dimension of which a case can have several categories.
        where : mapping, optional
            Which cases, as for `count`.

        Returns
        -------
        Combinations
            Every combination with how many cases have exactly it; they make the total.

        Raises
        ------
        InvalidValue
            If a case has one category of the dimension, never several.
        UnknownName
            As for `count`.
        """
        (name,) = self.declarations.ordered(dimension)
        reading = self.declarations.reading(name)
        if not reading.several:
            raise InvalidValue(
                "a case has one of these, never several",
                field=name,
                hint="Name its columns in multi={...}, or count it",
            )
        found = self._chosen([name], where)
        (places,), cases = found.tally.nonempty()
        given = found.reads[0].answers
        settled = given.resolve(self.schema[name]) if isinstance(given, FlagAnswers) else given
        answers = [settled[place] for place in places.tolist()]
        return group_combinations(
            self.schema[name],
            zip(answers, cases.tolist(), strict=True),
            categories=reading.categories,
        )

    def persons(
        self,
        key: str,
        *,
        dimensions: str | Iterable[str] = ("area", "period"),
        check_equal: Iterable[str] | None = None,
    ) -> Persons:
        """Return the distinct persons behind the cases, found by a key, exactly.

        Parameters
        ----------
        key : str
            The column that names persons. Rows without a name are declared as missing or
            unknown, like any other cell, and counted apart.
        dimensions : str or iterable of str
            The dimensions over which one person can be registered again.
        check_equal : iterable of str, optional
            Dimensions that should be the same in all rows of a person; sex and citizenship, where
            the cases have them. Where they are not, that is told and not resolved.

        Returns
        -------
        Persons
            Persons in each category and over all of them, and who stands in which.

        Raises
        ------
        UnknownName
            If there is no such column or dimension, or a value was not declared.
        InvalidValue
            If a key is empty and nobody has said what that means, or the rows have weights.
        """
        require(key, self.rows.names, "the cases have no such column (key)")
        if self.declarations.weights is not None:
            raise InvalidValue(
                "a row that stands for several cases names no one person",
                field=self.declarations.weights,
                hint="Make the store without weights",
            )
        names = self.declarations.ordered(dimensions)
        if check_equal is None:
            check_equal = [
                name
                for name in ("sex", "citizenship")
                if name not in names and self.declarations.varies(name)
            ]
        question = PersonQuery(
            rows=self.rows, schema=self.schema, meanings=self.declarations.meanings, key=key
        )
        return question.persons(
            {name: self.declarations.reading(name) for name in names},
            {
                name: self.declarations.reading(name)
                for name in self.declarations.ordered(check_equal)
            },
        )

    def _said(self, names: Sequence[str], where: Mapping[str, Any]) -> dict[str, str]:
        """Return what is true of all cases that are asked for, besides what tells them apart."""
        if self.file_cases is None:
            said = {
                name: code
                for name, code in self.declarations.constants.items()
                if name not in names
            }
            for name in set(where) & set(self.schema.names) - set(names):
                wanted = self.declarations.parse_values(name, where[name])
                if self.schema[name].total is None and len(wanted) == 1:
                    said[name] = wanted[0]
        else:
            cases = self.file_cases.where(**where) if where else self.file_cases
            said = constants_of(cases, names, self.declarations.constants)
        for name in names:
            said |= self.declarations.reading(name).constants
        return said

    def _chosen(self, names: Sequence[str], where: Mapping[str, Any] | None) -> CountedCases:
        """Return the counts by some dimensions of the cases that are asked for."""
        selection = dict(where or {})
        found = self._counted([*names, *(name for name in selection if name not in names)])
        for name, given in selection.items():
            found = found.select(self.schema, name, self.declarations.parse_values(name, given))
        for name in selection:
            found = found if name in names else found.drop(name)
        return found

    def _counted(self, names: Iterable[str], *, with_values: bool = False) -> CountedCases:
        asked = {name: self.declarations.reading_or_column(name) for name in names}
        return count_answers(
            self.rows,
            self.schema,
            asked,
            self.declarations.meanings,
            self.declarations.weights,
            with_values=with_values,
        )


def _source(given: Source | str | None) -> Source | None:
    return Source(title=given) if isinstance(given, str) else given
