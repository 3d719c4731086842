"""Tables of counts, datasets of tables, and the check of table arguments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import Attribute, field, fields, frozen

from thbstats._signatures import explain_arguments, explain_operators
from thbstats.errors import InvalidValue, require
from thbstats.records import Record, Schema, Source, schema_of
from thbstats.records.converters import to_sources
from thbstats.tables.build import concat, from_columns, from_records, transpose
from thbstats.tables.columns import same_rows
from thbstats.tables.divisions import as_breakdown, group_ages
from thbstats.tables.frames import ConvertibleRows, frame_columns
from thbstats.tables.origins import Origin
from thbstats.tables.select import remove_country, where
from thbstats.tables.sums import sum_rows

if TYPE_CHECKING:
    import os

    from thbstats.tables.frames import Frame


Kind = str | type[Record] | Schema
Sources = Source | str | Iterable[Source | str] | None


@explain_operators("Use CountTable.concat([first, second]) for rows of both, or to_frame()")
@partial(explain_arguments, hint="Use CountTable.from_rows(...) or CountTable.from_frame(...)")
@frozen(eq=False, repr=False)
class CountTable(ConvertibleRows):
    """Immutable table of counts indexed by dimensions.

    Create a table with `from_records`, `from_rows` or `from_frame`. Every row is a cell. The
    default of a dimension is the total (breakdown) or not stated (attribute).

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
    def from_records(cls, records: Iterable[Record], *, kind: "Kind | None" = None) -> "CountTable":
        """Return the table of records of one kind.

        Parameters
        ----------
        records : iterable of Record
            Counts, all of the same kind.
        kind : str or type of Record, optional
            The kind of table; required without records.

        Raises
        ------
        InvalidValue, DuplicateKey
            If the records are of several kinds, or two records describe the same cell.
        """
        items = list(records)
        if kind is None and not items:
            hint = "Use 'victims', 'justice', 'protection' or 'cooperation'"
            raise InvalidValue("must be passed if `records` is empty", field="kind", hint=hint)
        return cls(from_records(schema_of(items[0] if kind is None else kind), items))

    @classmethod
    def from_rows(
        cls,
        data: "Iterable[Mapping[str, Any] | Sequence[Any]]",
        *,
        kind: "Kind",
        columns: Sequence[str] | None = None,
        source: "Sources" = None,
        constants: Mapping[str, Any] | None = None,
        **constant: Any,
    ) -> "CountTable":
        """Return the table of rows.

        Parameters
        ----------
        data : iterable of mapping or sequence
            Rows with dimensions and ``value`` (an int or a `Count`), ``lower``, ``upper``,
            ``reason``, ``flags``, ``findings``, ``source``, ``reporters``, ``n_reporters``.
        kind : str or type of Record
            The kind of table.
        columns : sequence of str, optional
            The names of the columns, if rows are sequences.
        source, constants, **constant
            As for `from_frame`.

        Raises
        ------
        UnknownName, InvalidValue, DuplicateKey
            If rows are not valid; the error lists up to ten problems.
        """
        rows, size = transpose(data, columns)
        for dimension in schema_of(kind).dimensions:
            if dimension.default is not None and dimension.name in rows:
                values = rows[dimension.name]
                rows[dimension.name] = [dimension.default if v is None else v for v in values]
        return _from_columns(kind, rows, size, source, {**(constants or {}), **constant})

    @classmethod
    def from_frame(
        cls,
        frame: "Frame",
        *,
        kind: "Kind",
        source: "Sources" = None,
        constants: Mapping[str, Any] | None = None,
        **constant: Any,
    ) -> "CountTable":
        """Return the table of a frame of any library.

        Parameters
        ----------
        frame : frame of pandas, polars, pyarrow, DuckDB or any that narwhals knows
            Or any object with ``__arrow_c_stream__``; a lazy frame is collected. Columns are
            dimensions (text, categories, years as integers) and

            - ``value``: exact counts; a missing value needs a ``reason``,
            - ``lower``, ``upper`` (``inf`` if not bounded), ``reason``: bounds of counts,
            - ``unanswered``: further cases of the category if their answer is unknown,
            - ``flags``: letters; ``findings``: codes separated by spaces; ``source``: titles or
              text of `to_frame`; ``reporters``: country codes; ``n_reporters``: their number.

            Null and NaN are missing values. The index of pandas is not read.
        kind : str or type of Record
            The kind of table.
        source : Source, str or iterable of Source, optional
            The source of rows without a source.
        constants, **constant : optional
            Values of all rows, such as ``area="UK"``; ``constants`` for names that are also
            parameters.

        Raises
        ------
        UnknownName, InvalidValue, DuplicateKey
            If rows are not valid; the error lists up to ten problems. A missing count without
            a reason is an error, and so is an unknown column.
        MissingExtra
            If the library of the frame is not installed.

        Examples
        --------
        >>> import polars as pl
        >>> frame = pl.from_dict({"stage": ["prosecuted", "convicted"], "value": [5979, 2927]})
        >>> table = CountTable.from_frame(frame, kind="justice", area="EU28", period="2015-2016")
        >>> table.count(stage="convicted")
        Count(2927)
        """
        values, size = frame_columns(frame)
        return _from_columns(kind, values, size, source, {**(constants or {}), **constant})

    @classmethod
    def concat(cls, tables: Iterable["CountTable"]) -> "CountTable":
        """Return the rows of several tables of one kind, without common cells, as one table."""
        problem, hint = "must be a list of tables", "Use CountTable.concat([first, second])"
        listed: Any = tables
        is_list = isinstance(listed, Iterable) and not isinstance(listed, CountTable)
        require(is_list, problem, hint, tables=tables)
        return cls(concat([require_table(table, "tables").columns for table in tables]))

    @partial(explain_arguments, hint='Write where(area="DE")')
    def where(self, **selection: Any) -> "CountTable":
        """Return the rows of a selection.

        Parameters
        ----------
        **selection
            One category or several per dimension, such as ``sex="female"``. A composition is not
            expanded to its members. A category without rows selects nothing.

        Raises
        ------
        UnknownName
            If a dimension or a category does not exist.
        """
        return CountTable(where(self.columns, selection))

    def sum(self, *, by: str | Iterable[str]) -> "CountTable":
        """Return the sums over all other dimensions.

        A summed breakdown becomes the narrowest category that includes all categories of the
        table. Areas become their composition, periods the combined period. The result has the
        most severe reason, and all flags and reporters. Counts that are not applicable are
        excluded. A row that does not exist is not missing: add a row with a reason for a missing
        count.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions of the result.

        Raises
        ------
        MixedTotals
            If a sum contains a total and its parts, areas or periods that overlap, or counts
            with different attributes such as the unit.

        Notes
        -----
        A sum of years is a sum of registrations, not of distinct persons.
        """
        return CountTable(sum_rows(self.columns, by))

    def as_breakdown(self, dimension: str, *, total: str | None = None) -> "CountTable":
        """Return the table with an attribute as a breakdown.

        The category that includes the others becomes ``total``, and ``not_stated`` becomes
        ``unknown``. Shares, rankings and plots then work by the attribute.

        Parameters
        ----------
        dimension : str
            ``"register"``, ``"status"``, or an attribute of a classification.
        total : str, optional
            The category that includes the others; by default ``all`` of the registers and
            ``registered`` of the status, which includes identified and presumed victims.

        Raises
        ------
        InvalidValue
            If the dimension is not an attribute with categories, or has no default ``total``.

        Notes
        -----
        Several bodies can register the same victim, so that the categories can overlap.

        Examples
        --------
        >>> rows = [("registered", 20532), ("identified", 14000), ("presumed", 6532)]
        >>> table = CountTable.from_rows(
        ...     rows, columns=["status", "value"], kind="victims", area="EU28", period="2015-2016"
        ... )
        >>> table.as_breakdown("status").count(), table.as_breakdown("status").categories("status")
        (Count(20532), ('total', 'identified', 'presumed'))
        """
        return CountTable(as_breakdown(self.columns, dimension, total))

    def group_ages(self) -> "CountTable":
        """Return the table with children and adults in place of age bands.

        ``child = sum of the bands below 18``, ``adult = sum of the bands from 18``. A band with
        ages of both groups adds a number between 0 and its count to each group. If the bands of a
        cell do not include all ages of a group, the count of the group has no upper bound.

        Notes
        -----
        The code, label or a synonym of a band contains its ages, such as ``"15 to 19"``. Bands
        within a wider band are not added. A group that has a row keeps its count.

        Raises
        ------
        InvalidValue
            If a category is neither an age group nor a band of ages.

        Examples
        --------
        >>> from thbstats.records import schema_of
        >>> from thbstats.vocabulary import age_bands
        >>> table = CountTable.from_rows(
        ...     [("total", 100), ("0 to 14", 20), ("15 to 19", 10), ("20 and over", 70)],
        ...     columns=["age", "value"],
        ...     kind=schema_of("victims", age_bands("0-14", "15-19", "20+")),
        ...     area="MT", period=2021,
        ... )
        >>> groups = table.group_ages()
        >>> groups.count(age="child").interval, groups.count(age="adult").interval
        (Interval(20 to 30), Interval(70 to 80))

        References
        ----------
        Directive 2011/36/EU, Article 2(6).
        """
        return CountTable(group_ages(self.columns))

    def without(self, *, area: str | Iterable[str]) -> "CountTable":
        """Return the table without one or several countries.

        The rows of the country and of its regions are removed. From a composition that includes
        it, the row of the country for the same cell is subtracted; the composition gets a new
        name ("EU28 without UK"). If the table already has a row of that name, that row stays.

        Raises
        ------
        NoSuchCell
            If the table has no row of the country for a cell of the composition.
        ImpossibleResult
            If the count of the country exceeds the count of the composition.

        Notes
        -----
        The bounds are those of a difference of independent counts. Bounds of suppressed counts
        are not narrowed.

        Examples
        --------
        >>> from thbstats.values import Count
        >>> table = CountTable.from_rows(
        ...     [("EU28", 5979), ("UK", Count.not_reported())],
        ...     columns=("area", "value"), kind="justice", stage="prosecuted", period="2015-2016",
        ... )
        >>> table.without(area="UK").count(area="EU28 without UK")
        Count(0 to 5979, not_reported)
        """
        columns = self.columns
        for country in [area] if isinstance(area, str) or not isinstance(area, Iterable) else area:
            columns = remove_country(columns, country)
        return CountTable(columns)

    def to_page(
        self,
        path: "str | os.PathLike[str] | None" = None,
        *,
        title: str | None = None,
        language: str = "en",
    ) -> str:
        """Return a page of totals, counts and shares for a browser, and write it.

        Parameters
        ----------
        path, title, language : optional
            As for `thbstats.explorer.explorer_page`.

        Returns
        -------
        str
            The HTML document: one file that loads nothing.
        """
        from thbstats.explorer import explorer_page

        return explorer_page(self, path, title=title, language=language)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CountTable):
            return NotImplemented
        return same_rows(self.columns, other.columns)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def _from_columns(
    kind: Kind, columns: Mapping[str, Any], size: int, source: Sources, constants: Mapping[str, Any]
) -> CountTable:
    """Return the table of columns and constants; a name must not be in both."""
    for name, value in constants.items():
        hint = "Remove one of the two"
        require(name not in columns, "must not be a column and a constant", hint, **{name: value})
    origin = Origin(sources=to_sources(source))
    return CountTable(from_columns(schema_of(kind), {**columns, **constants}, size, origin))


def _check_kind(_: Any, attribute: "Attribute[Any]", table: object) -> None:
    if table is None or (isinstance(table, CountTable) and table.kind == attribute.name):
        return
    description = f"a table of {table.kind}" if isinstance(table, CountTable) else repr(table)
    hint, problem = f"Build it with kind={attribute.name!r}", f"must be a table of {attribute.name}"
    raise InvalidValue(problem, field=attribute.name, value=description, hint=hint)


@explain_arguments
@frozen(kw_only=True)
class Dataset:
    """Tables of one publication, at most one of each kind.

    Parameters
    ----------
    victims, justice, protection, cooperation : CountTable or None
        The table of each kind, or ``None``.
    """

    victims: CountTable | None = field(default=None, validator=_check_kind)
    justice: CountTable | None = field(default=None, validator=_check_kind)
    protection: CountTable | None = field(default=None, validator=_check_kind)
    cooperation: CountTable | None = field(default=None, validator=_check_kind)

    def tables(self) -> Iterator[CountTable]:
        """Yield the tables that are not None."""
        for attribute in fields(Dataset):
            table = getattr(self, attribute.name)
            if table is not None:
                yield table


def require_table(value: object, field: str = "table") -> CountTable:
    """Return a value if it is a `CountTable`."""
    if isinstance(value, CountTable):
        return value
    hint = "Use thb.read(path).table, or thb.CountTable.from_rows(...)"
    if isinstance(value, Dataset):
        hint = "Use one of its tables: " + ", ".join(f".{table.kind}" for table in value.tables())
    elif isinstance(getattr(value, "data", None), Dataset):
        hint = "Use its counts: .data.victims, .data.justice, or .table if there is one kind"
    elif hasattr(value, "published_table"):
        hint = "Use .published_table(), or suppress(...).table"
    elif isinstance(getattr(value, "table", None), CountTable):
        hint = "Use its .table"
    elif hasattr(value, "columns"):
        hint = "Use thb.read(frame).table, or thb.CountTable.from_frame(frame, kind='victims')"
    raise InvalidValue("must be a CountTable", field=field, value=type(value), hint=hint)
