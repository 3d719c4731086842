"""Cases of a frame or of files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from attrs import frozen

from thbstats._signatures import explain_arguments
from thbstats.cases.answers import ColumnReading, Declarations, require_types
from thbstats.cases.coded_columns import FrameRows
from thbstats.cases.counted import Margins, Rows, build_table, common_categories, count_answers
from thbstats.cases.engines import parse_filter
from thbstats.cases.files import is_small_text, is_workbook_path, load_cases, open_cases
from thbstats.cases.persons import Persons, count_persons, join_persons
from thbstats.cases.results import Combinations, ValueCounts, group_combinations
from thbstats.errors import InvalidValue, require, require_name
from thbstats.files import Progress, no_progress
from thbstats.files.case_file import Cases
from thbstats.records import Schema, Source, schema_of
from thbstats.records.converters import to_sources
from thbstats.tables import CountTable
from thbstats.tables.origins import Origin

if TYPE_CHECKING:
    from narwhals import Expr

    from thbstats.lists import Lists

# Short names for the signature of `CaseStore.of`.
ColumnNames: TypeAlias = Mapping[str, str] | None
Responses: TypeAlias = Mapping[str, str | Sequence[str] | Mapping[str, str]] | None
Filters: TypeAlias = "Expr | Iterable[Expr] | None"


@frozen(eq=False, kw_only=True)
class CaseStore:
    """Cases, one in each row, for repeated counts.

    Columns of a frame in memory are encoded once, at the first count that needs them. Cases in
    files or in another engine are counted there. The data must not change between counts.

    Create a store with `of`.

    Parameters
    ----------
    rows : Rows
        The cases.
    declarations : Declarations
        The columns of the dimensions and the meaning of their values.
    source : Source or None
        The source of the cases.
    file_cases : Cases or None
        The cases that `thbstats.read` returned, if the store is made of them.

    Examples
    --------
    >>> import pandas as pd
    >>> store = CaseStore.of(
    ...     pd.DataFrame(
    ...         {"sex": ["F", "M", "F", None], "forms": ["sexual;labour", "labour", "", ""]}
    ...     ),
    ...     multi={"exploitation": "forms"}, missing=[None, ""], area="MT", period=2020,
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
        kind: "str | Schema" = "victims",
        columns: "ColumnNames" = None,
        multi: "Responses" = None,
        derive: Mapping[str, ColumnReading] | None = None,
        separator: str = ";",
        recode: Mapping[str, Mapping[Any, str]] | None = None,
        missing: Iterable[object] = (),
        unknown: Iterable[object] = (),
        no: Iterable[object] = (),
        weights: str | None = None,
        person: str | None = None,
        filter: "Filters" = None,
        source: "Source | str | None" = None,
        progress: "Progress | None" = None,
        **constants: Any,
    ) -> "CaseStore":
        """Return the store of a frame or of files.

        Parameters
        ----------
        data : frame of any engine, path, list of paths, Reading or Cases
            One row per case. A frame in memory is counted in memory, as is the first worksheet of a
            workbook. For a lazy frame, a relation of DuckDB, or Parquet and CSV files (paths, or
            patterns such as ``"cases/*.parquet"``), the engine counts and returns groups only. The
            result of `thbstats.read` keeps its dimensions, missing values, source and constants.
        kind : {"victims", "justice"} or Schema
            The kind of table; ``"justice"`` counts suspects and convicted persons. A schema, such
            as ``schema_of("victims", classification)``, has further dimensions, which all
            arguments can name. The table contains them all.
        columns : mapping of str to str, optional
            The column of a dimension, by dimension; by default the column of the same name.
        multi : mapping, optional
            By dimension with multiple response, the column that lists the categories, a list of
            columns with one category each, or by category the column that contains yes (1, true)
            or no (0, false).
        derive : mapping, optional
            By dimension, its derivation from other columns, such as `AgeAt`.
        separator : str
            The separator of the categories in a list.
        recode : mapping, optional
            By dimension, the category of each other spelling, such as
            ``{"sex": {"F": "female"}}``.
        missing, unknown : iterable
            Values of cells without a record, and values that record an unknown category. Pass
            ``None`` for empty cells, which have no default meaning. Both are counted as
            ``unknown``; `value_counts` reports them separately. In a column of ``multi``, the
            category may apply.
        no : iterable
            Values that mean no in the columns of ``multi``, such as ``None`` in a file that
            records only yes. They take precedence over ``missing`` and ``unknown``.
        weights : str, optional
            The column with the number of cases of each row.
        person : str, optional
            The column that identifies the person, if a person has several rows, such as one for
            each form of exploitation. Rows without a person are refused. The columns of ``multi``
            are joined; an empty or missing cell next to an answer is ignored. In other
            columns, all categories of a person must be equal. Cells that are empty, missing or
            unknown are ignored next to a category.
        filter : narwhals expression or several, optional
            The rows to count. The engine evaluates the expressions, which must all be true.
        source : Source or str, optional
            The source of the cases.
        progress : callable, optional
            A function of a text and a fraction from 0 to 1, called while files are counted.
        **constants
            By dimension, the category of all cases, such as ``area="MT"``; a column of the same
            name is not used.

        Raises
        ------
        UnknownName
            If a column, dimension or category does not exist.
        InvalidFile
            If a file cannot be read, or files differ in the type of a column.
        """
        no_answers: dict[str, Any] = {"missing": missing, "unknown": unknown, "no": no}
        for name, values in no_answers.items():
            is_list = isinstance(values, Iterable) and not isinstance(values, str | Mapping)
            require(
                is_list, "must be a list of values", f"Use {name}=[{values!r}]", **{name: values}
            )
            no_answers[name] = (*values,)
        columns, multi, derive, recode = columns or {}, multi or {}, derive or {}, recode or {}
        mappings = {"columns": columns, "multi": multi, "derive": derive, "recode": recode}
        require_types(Mapping, "a mapping by dimension, such as {'sex': ...}", **mappings)
        require_types(str, "a text such as ';'", separator=separator or None)
        schema, expressions = schema_of(kind), parse_filter(filter)
        if person is not None or is_workbook_path(data) or is_small_text(data):
            data, expressions = load_cases(data, expressions), ()
        rows, file_cases = open_cases(data, expressions, progress or no_progress)
        optional: frozenset[str] = frozenset()
        if file_cases is not None:
            own = {item.name for item in schema.classifications}
            further = [item for item in file_cases.schema.classifications if item.name not in own]
            schema, optional = schema_of(schema, *further), frozenset(item.name for item in further)
            no_answers["missing"] = (None, *no_answers["missing"])
            flags = {
                name: {code: f"{name}={code}" for code in codes}
                for name, codes in file_cases.multiple.items()
                if name not in {**columns, **derive}
            }
            multi = {**flags, **multi}
            source = source or file_cases.source
        declarations = Declarations(
            schema=schema,
            names=rows.names,
            columns=columns,
            multi=multi,
            derive=derive,
            separator=separator,
            recode=recode,
            no_answers=no_answers,
            weights=weights,
            constants=constants,
            optional=optional,
        )
        if person is not None:
            rows = FrameRows.of(join_persons(data, [person], declarations))
        return cls(
            rows=rows,
            declarations=declarations,
            source=Source(title=source) if isinstance(source, str) else source,
            file_cases=file_cases,
        )

    @property
    def schema(self) -> Schema:
        """The dimensions by which the cases can be counted."""
        return self.declarations.schema

    def count(
        self,
        by: str | Iterable[str] = (),
        *,
        margins: Margins = "all",
        where: Mapping[str, Any] | None = None,
    ) -> CountTable:
        """Return the number of cases, in total and by category.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions of the table.
        margins : {"all", "none"} or iterable of iterable of str
            All totals; no totals and no wider categories; or the sets of dimensions to count by,
            such as ``[["sex"], ["sex", "age"], []]``.
        where : mapping, optional
            The cases to count: by dimension one category or several, by any other column its
            values. A category includes narrower ones, an area its countries, and a period its
            parts.

        Returns
        -------
        CountTable
            The totals and the categories, with ``unknown`` for cases without a category. Zeros are
            listed unless the table has more than a million cells. A dimension of ``multi`` counts a
            case under each category that applies: its categories overlap, the table records that
            (`CountTable.multiple_response`), and a case to which no category applies is only in the
            total. There, ``unanswered`` is the number of further cases to which the category may
            apply, and ``unknown`` counts the cases without a known category to which one may apply.

        Raises
        ------
        UnknownName
            If a dimension, column or category does not exist, a value is not declared, or no case
            has the area, the period or the values of another column in ``where``.
        InvalidValue
            If a cell is empty and ``None`` is not declared, or the area or period of the cases is
            not known.

        Notes
        -----
        The area of a table that is not counted by area is, in this order: the constant
        ``area=``; the single area in ``where``; the recorded areas together; and if some cases
        record no area, the area that the publisher states for the data set, such as the world
        for CTDC's Global Dataset. Otherwise the cases have no area, and ``area="World"`` or
        another constant is required. The period is the constant ``period=``, the single period
        in ``where``, or the recorded periods from the first day to the last.

        The further dimensions of a file are in the table if it is counted by them, or if ``kind``
        contains them.
        """
        rows, declarations, where = self.rows, self.declarations, where or {}
        names = declarations.order(by)
        counted = count_answers(rows, declarations, names, where)
        constants = common_categories(rows, declarations, self.file_cases, names, where)
        return build_table(
            declarations.table_schema({*names, *constants}),
            counted.axes(),
            counted.tally,
            margins=margins,
            constants=constants,
            origin=Origin(sources=to_sources(self.source)),
        )

    def value_counts(self, by: str | Iterable[str]) -> ValueCounts:
        """Return the values in the columns of some dimensions, with their categories.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions.

        Returns
        -------
        ValueCounts
            Each value with its number of cases and its category, the most frequent first.

        Raises
        ------
        UnknownName, InvalidValue
            As for `count`.
        """
        names = self.declarations.order(by)
        return ValueCounts.of(
            count_answers(self.rows, self.declarations, [name], with_values=True) for name in names
        )

    def combinations(
        self, dimension: str, *, where: Mapping[str, Any] | None = None
    ) -> Combinations:
        """Return the number of cases with each combination of categories.

        Parameters
        ----------
        dimension : str
            A dimension with multiple response, declared in ``multi``.
        where : mapping, optional
            The cases to count, as for `count`.

        Returns
        -------
        Combinations
            Each combination with the number of cases that have exactly it. The combinations add
            up to the total.

        Raises
        ------
        InvalidValue
            If the dimension has one category per case.
        UnknownName
            As for `count`.
        """
        names = self.declarations.order(dimension, "dimension")
        require(len(names) == 1, "must be one dimension", "Pass one name", dimension=dimension)
        (name,) = names
        reading = self.declarations.reading(name)
        if not reading.is_multiple:
            problem = "must be a dimension with multiple response"
            hint = "Name its columns in multi={...}, or use count()"
            raise InvalidValue(problem, field=name, hint=hint)
        return group_combinations(
            self.schema[name],
            count_answers(self.rows, self.declarations, [name], where).of_dimension(),
            categories=reading.categories,
        )

    def persons(
        self,
        key: str,
        *,
        dimensions: str | Iterable[str] = ("area", "period"),
        check_equal: Iterable[str] | None = None,
    ) -> Persons:
        """Return the distinct persons among the cases, found by a key.

        Parameters
        ----------
        key : str
            The column with the identifier of the person. Declare its empty and unknown values in
            ``missing`` or ``unknown``; these rows are reported separately.
        dimensions : str or iterable of str
            The dimensions in which one person can have several rows.
        check_equal : iterable of str, optional
            Dimensions that must be equal in all rows of a person; by default sex and citizenship,
            if the cases record them. Differences are reported and not resolved.

        Returns
        -------
        Persons
            The number of persons by category and in total, and their overlap.

        Raises
        ------
        UnknownName
            If the column or a dimension does not exist, or a value is not declared.
        InvalidValue
            If a key is empty and ``None`` is not declared, or the rows have weights.
        """
        require_name(key, self.rows.names, "`key` must be a column of the cases")
        if (weights := self.declarations.weights) is not None:
            problem = "persons must be counted without weights"
            raise InvalidValue(problem, field=weights, hint="Make the store without weights=")
        names = self.declarations.order(dimensions, "dimensions")
        hint = "Name the dimensions in which a person can have several rows"
        require(names, "must name at least one dimension", hint, dimensions=dimensions)
        if check_equal is None:
            varies, usual = self.declarations.varies, ("sex", "citizenship")
            check_equal = [name for name in usual if name not in names and varies(name)]
        equal = self.declarations.order(check_equal, "check_equal")
        return count_persons(self.rows, self.declarations, key, names, equal)


@overload
def count_cases(
    data: Any, by: str | Iterable[str] = ..., *, margins: Margins = ...,
    where: Mapping[str, Any] | None = ..., key: None = ..., **declared: Any,
) -> CountTable: ...  # fmt: skip
@overload
def count_cases(data: Any, by: str, *, key: str, **declared: Any) -> "Lists": ...


@explain_arguments
def count_cases(
    data: Any,
    by: str | Iterable[str] = (),
    *,
    margins: Margins = "all",
    where: Mapping[str, Any] | None = None,
    key: str | None = None,
    **declared: Any,
) -> "CountTable | Lists":
    r"""Return the number of cases, in total and by category.

    .. math:: n_{c} = \sum_{i:\ c \text{ applies to case } i} w_i

    Parameters
    ----------
    data : frame of any engine, path, list of paths, Reading or Cases
        One row per case, as for `CaseStore.of`.
    by : str or iterable of str
        The dimensions of the table.
    margins, where : optional
        As for `CaseStore.count`.
    key : str, optional
        The column with the identifier of the person. The result is then the `thbstats.lists.Lists`
        of the categories of one dimension, such as ``by="register"``.
    **declared
        The columns, the meaning of their values, and the constants of all cases, as for
        `CaseStore.of`. A value that is not declared raises: empty cells are declared with
        ``missing=[None]``. Of the constants, ``area=`` and ``period=`` are required only if the
        cases do not record them, as `CaseStore.count` describes.

    Returns
    -------
    CountTable
        The table that `CaseStore.count` returns.

    Raises
    ------
    UnknownName, InvalidValue
        As for `CaseStore.of` and `CaseStore.count`.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"sex": ["female", "male", "female"], "age": ["child", None, "adult"]})
    >>> table = count_cases(cases, by=["sex", "age"], missing=[None], area="MT", period=2020)
    >>> table.count(sex="female"), table.count(age="unknown"), table.count()
    (Count(2), Count(1), Count(3))
    """
    store = CaseStore.of(data, **declared)
    if key is None:
        return store.count(by, margins=margins, where=where)
    from thbstats.lists import of

    name, *further = store.declarations.order(by) or [""]
    hint = "Use by='register', or another dimension whose categories are the lists"
    require(name and not further, "must be one dimension if `key` is passed", hint, by=by)
    others = [own for own in ("area", "period") if own != name and store.declarations.varies(own)]
    persons = store.persons(key, dimensions=[name, *others])
    options = {own: declared[own] for own in ("area", "period", "source") if own in declared}
    return of(persons, name, **options)
