"""A table of counts of one kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, overload

from attrs import frozen

from thbstats.errors import InvalidValue
from thbstats.records import Record, Schema, Source, schema_of
from thbstats.records.reading import to_sources
from thbstats.tables import (
    backends,
    build,
    concatenation,
    coverage,
    engines,
    ordering,
    removal,
    rows,
    select,
    sums,
    views,
)
from thbstats.tables.access import TableRows
from thbstats.tables.origins import Origin
from thbstats.values import Count

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from thbstats.tables.engines import Frame

__all__ = ["CountTable"]

Kind = str | type[Record]
Sources = Source | str | Iterable[Source | str] | None


@frozen(eq=False, repr=False)
class CountTable(TableRows):
    """Counts of one kind, each told apart by its dimensions; nothing in it can be changed.

    Make one with `from_records`, `from_rows` or `from_frame`. Every row is one cell; a
    dimension that was not given is the total (a breakdown) or not stated (an attribute).

    Parameters
    ----------
    columns : Columns
        The columns, already checked.

    Examples
    --------
    >>> report = dict(area="EU28", period="2015-2016", status="registered")
    >>> table = CountTable.from_rows(
    ...     [{"value": 20532}, {"value": 9759, "exploitation": "sexual"}], kind="victims", **report
    ... )
    >>> table.cell(exploitation="sexual").count
    Count(9759)
    """

    @classmethod
    def from_records(cls, records: Iterable[Record], *, kind: Kind | None = None) -> "CountTable":
        """Return the table of some records of one kind.

        Parameters
        ----------
        records : iterable of Record
            Counts, all of the same kind.
        kind : str or type of Record, optional
            Their kind; only needed where there may be none.

        Raises
        ------
        InvalidValue
            If the records are of several kinds, or there are none and no kind is given.
        DuplicateKey
            If two records describe the same cell.
        """
        items = list(records)
        if kind is None and not items:
            raise InvalidValue(
                "no records, so nothing says of which kind the table is",
                field="kind",
                hint="Give kind='victims', 'justice', 'protection' or 'cooperation'",
            )
        return cls(build.from_records(schema_of(items[0] if kind is None else kind), items))

    @classmethod
    def from_rows(
        cls,
        data: Iterable[Mapping[str, Any] | Sequence[Any]],
        *,
        kind: Kind,
        columns: Sequence[str] | None = None,
        source: Sources = None,
        constants: Mapping[str, Any] | None = None,
        **constant: Any,
    ) -> "CountTable":
        """Return the table of some rows.

        Parameters
        ----------
        data : iterable of mapping or sequence
            TableRows with the names of dimensions and ``value`` (an int or a `Count`), ``lower``,
            ``upper``, ``reason``, ``flags``, ``findings``, ``source``, ``reporters``,
            ``n_reporters``.
        kind : str or type of Record
            The kind of table.
        columns : sequence of str, optional
            The names of the places, where rows are sequences.
        source : Source, str or iterable of Source, optional
            The source of all rows that name none.
        constants, **constant : optional
            What every row has in common, such as ``area="UK"``; ``constants`` for names that
            are also parameters.

        Raises
        ------
        UnknownName, InvalidValue, DuplicateKey
            If something is wrong with the rows; up to ten problems are told at once.
        """
        found, size = rows.transposed(data, columns)
        given = _joined(_filled(found, schema_of(kind)), {**(constants or {}), **constant})
        return cls(build.from_columns(schema_of(kind), given, size, _origin(source)))

    @classmethod
    def from_frame(
        cls,
        frame: "Frame",
        *,
        kind: Kind,
        source: Sources = None,
        constants: Mapping[str, Any] | None = None,
        **constant: Any,
    ) -> "CountTable":
        """Return the table of a frame of any engine.

        Parameters
        ----------
        frame : frame of pandas, polars, pyarrow, DuckDB or any that narwhals knows
            Or anything with ``__arrow_c_stream__``; a lazy frame is collected. It has columns
            with the names of dimensions (any dtype: text, categories, years as integers) and

            - ``value``: known counts; a missing one needs a ``reason``,
            - ``lower``, ``upper`` (``inf`` without bound), ``reason``: counts that are not
              known exactly,
            - ``unanswered``: further cases to which the category may apply, in tables of cases,
            - ``flags``: letters, ``findings``: codes of findings with spaces between them,
              ``source``: titles or what `to_frame` wrote, ``reporters``:
              country codes, ``n_reporters``: how many they are.

            A null is a missing value, and so is NaN. The index of pandas is not read.
        kind : str or type of Record
            The kind of table.
        source : Source, str or iterable of Source, optional
            The source of all rows that name none.
        constants, **constant : optional
            What every row has in common, such as ``area="UK"``; ``constants`` for names that
            are also parameters.

        Raises
        ------
        UnknownName, InvalidValue, DuplicateKey
            If something is wrong with the rows; up to ten problems are told at once. Nothing is
            coerced: a gap without a reason is an error, and so is an unknown column.
        MissingExtra
            If a library that the frame needs is not installed.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"stage": ["prosecuted", "convicted"], "value": [5979, 2927]})
        >>> table = CountTable.from_frame(frame, kind="justice", area="EU28", period="2015-2016")
        >>> table.count(stage="convicted")
        Count(2927)

        The same from polars:

        >>> import polars as pl
        >>> CountTable.from_frame(
        ...     pl.from_dict({"stage": ["prosecuted", "convicted"], "value": [5979, 2927]}),
        ...     kind="justice", area="EU28", period="2015-2016",
        ... ) == table
        True
        """
        found, size = engines.frame_columns(frame)
        given = _joined(found, {**(constants or {}), **constant})
        return cls(build.from_columns(schema_of(kind), given, size, _origin(source)))

    @classmethod
    def concat(cls, tables: Iterable["CountTable"]) -> "CountTable":
        """Return the rows of several tables of one kind.

        Raises
        ------
        InvalidValue
            If there is no table, or they are of several kinds.
        DuplicateKey
            If a cell stands in two of them.
        """
        return cls(concatenation.concat([table.columns for table in tables]))

    def where(self, **selection: Any) -> "CountTable":
        """Return the rows of a selection; what is not named may be anything.

        Parameters
        ----------
        **selection
            For a dimension, one word or several. An area is found by its own name: a
            composition is not expanded to its members. A word that stands in no row selects
            nothing.

        Raises
        ------
        UnknownName
            If a dimension or a word does not exist.
        """
        return CountTable(select.where(self.columns, selection))

    def cell(self, **selection: Any) -> Record:
        """Return the one cell of a selection; it never sums.

        A breakdown that is not named is the total. An attribute that is not named (area,
        period, unit, register, status and the like) must be the same in all that is found.

        Raises
        ------
        NoSuchCell
            If there is none; the error says what there is.
        AmbiguousCell
            If there are several; the error says what would tell them apart.
        UnknownName
            If a dimension or a word does not exist.
        """
        return views.record(self.columns, select.find_one(self.columns, selection))

    def count(self, **selection: Any) -> Count:
        """Return the count of the one cell of a selection, as `cell` finds it."""
        return views.count(self.columns, select.find_one(self.columns, selection))

    def sum(self, *, by: str | Iterable[str]) -> "CountTable":
        """Return the sums over all dimensions but some.

        A breakdown that is summed over becomes the narrowest category that includes all that
        the table has of it (the total, or the one category if there is only one). Areas become
        the composition they make together, periods the period. Reasons become the gravest, flags
        and reporters unite; what does not apply adds nothing. A row that is not there adds
        nothing either: give a row with a reason for what is missing.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions that stay apart.

        Raises
        ------
        MixedTotals
            If a sum would add a total to its parts, areas or periods that overlap, or counts
            that differ in an attribute such as the unit.
        UnknownName
            If a dimension does not exist.

        Notes
        -----
        A sum of years counts registrations, not distinct persons.
        """
        return CountTable(sums.summed(self.columns, by))

    def covering(self, dimension: str = "period") -> frozenset[str] | None:
        """Return the countries whose data stand in every category of a dimension.

        A sum of years is of the same countries throughout only if these are all of its
        reporters.

        Parameters
        ----------
        dimension : str
            The dimension along which the countries are to be the same.

        Returns
        -------
        frozenset of str or None
            Their codes; ``None`` where reporters are not documented. A country's own row is
            its data if it was reported.

        Raises
        ------
        UnknownName
            If there is no such dimension.
        """
        return coverage.covering(self.columns, dimension)

    def without(self, *, area: str | Iterable[str]) -> "CountTable":
        """Return the table without a country, or several.

        The country's own rows go. Where the table has compositions that include it, the
        country's row for the same cell is subtracted and the composition gets a new name
        ("EU28 without UK"); a row that the source prints under that name already is kept.

        Parameters
        ----------
        area : str or iterable of str
            The country.

        Raises
        ------
        NoSuchCell
            If the table lacks the country's row for a cell of such a composition, or has no row
            of it at all.
        ImpossibleResult
            If the country's count is above the composition's.
        UnknownName
            If there is no such country.

        Notes
        -----
        The difference is that of independent counts: a suppressed count is what its source
        says it can be, and nothing narrows it.

        Examples
        --------
        >>> table = CountTable.from_rows(
        ...     [("EU28", 5979), ("UK", Count.not_reported())],
        ...     columns=("area", "value"), kind="justice", stage="prosecuted", period="2015-2016",
        ... )
        >>> table.without(area="UK").count(area="EU28 without UK")
        Count(0 to 5979, not_reported)
        """
        columns = self.columns
        for country in (area,) if isinstance(area, str) else area:
            columns = removal.removed(columns, country)
        return CountTable(columns)

    @overload
    def to_frame(self, backend: Literal["pandas"] | None = None) -> "pd.DataFrame": ...
    @overload
    def to_frame(self, backend: Literal["polars"]) -> "pl.DataFrame": ...
    @overload
    def to_frame(self, backend: Literal["pyarrow"]) -> "pa.Table": ...
    @overload
    def to_frame(self, backend: Literal["duckdb"]) -> "duckdb.DuckDBPyRelation": ...
    @overload
    def to_frame(self, backend: str | None) -> Any: ...
    def to_frame(self, backend: str | None = None) -> Any:
        """Return a tidy frame, which `from_frame` turns back into this table.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow", "duckdb"}, optional
            Whose frame it is to be; that of pandas by default. DuckDB's is a relation of its
            default connection; ``connection.from_arrow(counts)`` makes one of another.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table or duckdb.DuckDBPyRelation
            The dimensions as categories (polars: Categorical, pyarrow: dictionary, DuckDB: text);
            ``value`` (an integer, missing unless the count is a point), ``lower``, ``upper``
            (``inf`` without bound), ``reason`` (the name of a `Reason`); ``flags``, ``findings``
            (the codes of what a reader found, such as ``PART_ABOVE_TOTAL``; empty where it found
            nothing), ``source``, ``reporters`` as text, ``n_reporters``.
            A table of cases with several answers each also has ``unanswered``.

        Raises
        ------
        UnknownName
            If there is no such backend.
        MissingExtra
            If its library is not installed.

        Examples
        --------
        >>> table = CountTable.from_rows(
        ...     [{"stage": "prosecuted", "value": 5979}, {"stage": "convicted", "value": 2927}],
        ...     kind="justice", area="EU28", period="2015-2016",
        ... )
        >>> table.to_frame("polars")["value"].to_list()
        [5979, 2927]
        """
        return backends.to_frame(self.columns, backend)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the tidy frame through the Arrow PyCapsule interface.

        Whatever reads Arrow data takes a table as it is: ``polars.DataFrame(counts)``,
        ``pyarrow.table(counts)``, ``duckdb.sql("from counts")``.

        Parameters
        ----------
        requested_schema : capsule, optional
            The types that the reader would rather have.

        Returns
        -------
        capsule
            A stream of record batches with the columns of `to_frame`.

        Raises
        ------
        MissingExtra
            If neither pyarrow nor polars is installed.

        References
        ----------
        Apache Arrow, The Arrow PyCapsule Interface.
        """
        return backends.arrow_stream(self.columns, requested_schema)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CountTable):
            return NotImplemented
        return ordering.same_rows(self.columns, other.columns)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def _origin(source: Sources) -> Origin:
    return Origin(sources=to_sources(source))


def _joined(columns: Mapping[str, Any], constants: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns and what all rows have in common; neither overwrites the other."""
    for name in constants:
        if name in columns:
            raise InvalidValue(
                "given for every row and for all rows",
                field=name,
                value=constants[name],
                hint="Leave out one of the two",
            )
    return {**columns, **constants}


def _filled(columns: Mapping[str, list[Any]], schema: Schema) -> dict[str, Any]:
    """Return the columns with defaults where a row leaves out a dimension that has one."""
    defaults = {d.name: d.default for d in schema.dimensions if d.default is not None}
    return {
        name: [defaults[name] if value is None else value for value in values]
        if name in defaults
        else values
        for name, values in columns.items()
    }
