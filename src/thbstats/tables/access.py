"""Read access to the rows of a table."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Never, NoReturn

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._signatures import explain_arguments
from thbstats.columns import Coded
from thbstats.display import Cell, Column, DisplayTable, Tabular, count, format_count, mark_notes
from thbstats.display.strings import shortened
from thbstats.errors import InvalidValue, require
from thbstats.languages import Message, joined
from thbstats.records import Record, Source
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.tables.columns import Columns
from thbstats.tables.crosstabs import Crosstab, make_crosstab
from thbstats.tables.origins import Origin
from thbstats.tables.partition import TablePartition, make_partition
from thbstats.tables.select import find_cell
from thbstats.tables.sums import common_reporters
from thbstats.values import Count, flag_set
from thbstats.vocabulary import code_text, dimension_text

_MOST_ROWS, _MOST_SOURCES = 20, 3
"""The number of rows and sources of a display table."""


@explain_arguments
@frozen(eq=False, repr=False)
class TableRows(Tabular):
    """Rows of a table, as columns and as records."""

    columns: Columns

    def __attrs_post_init__(self) -> None:
        hint = "Use CountTable.from_rows(...) or CountTable.from_frame(...)"
        is_checked, columns = isinstance(self.columns, Columns), type(self.columns)
        require(is_checked, "must be the columns of another table", hint, columns=columns)

    @property
    def kind(self) -> str:
        """``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``."""
        return self.columns.kind

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions."""
        return self.columns.schema.names

    def categories(self, dimension: str) -> tuple[str, ...]:
        """Return the categories of a dimension that have rows."""
        return self.columns[dimension].categories

    def codes(self, dimension: str) -> NDArray[Any]:
        """Return the code of each row: its position in `categories`."""
        return self.columns[dimension].codes

    @property
    def lower(self) -> NDArray[np.int64]:
        """Lower bound of each count."""
        return self.columns.numbers.lower

    @property
    def upper(self) -> NDArray[np.float64]:
        """Upper bound of each count, ``inf`` if not bounded."""
        return self.columns.numbers.upper

    @property
    def reason(self) -> NDArray[np.uint8]:
        """Severity code of the reason of each count."""
        return self.columns.numbers.reason

    @property
    def flags(self) -> NDArray[np.uint32]:
        """Observation flags of each count, as `flag_mask`."""
        return self.columns.numbers.flags

    @property
    def unanswered(self) -> NDArray[np.int64]:
        """Further cases of each category with unknown answers; -1 if not documented.

        A table of cases has them for the categories of a dimension with multiple response.
        """
        return self.columns.numbers.further

    @property
    def multiple_response(self) -> tuple[str, ...]:
        """The dimensions in which a case can have several categories.

        Their categories overlap, so that they do not add up to the total. Only tables of counted
        cases record them.
        """
        # The counts of such a category have a number of unanswered cases, those of `unknown` and
        # of the total do not. A dimension is one of them if this holds for rows in which it alone
        # has a category; or, in a table without totals, for all its categories but not all rows.
        unanswered = self.columns.numbers.unanswered
        if unanswered is None:
            return ()
        is_multiple = unanswered >= 0
        has_category = {
            item.name: ~self.columns[item.name].table(
                ("unknown", item.total).__contains__, np.bool_
            )
            for item in self.columns.schema.dimensions
            if item.total is not None
        }
        number = sum(rows.astype(np.int64) for rows in has_category.values())
        alone = np.asarray(number == 1)
        if (alone & is_multiple).any():
            return tuple(
                n for n, rows in has_category.items() if (rows & alone & is_multiple).any()
            )
        return tuple(
            name
            for name, rows in has_category.items()
            if rows.any() and is_multiple[rows].all() and not is_multiple.all()
        )

    @property
    def origin(self) -> NDArray[Any]:
        """Origin of each count, as a position in `origins`."""
        return self.columns.origin

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Distinct origins: sources and reporting countries."""
        return self.columns.origins

    @property
    def sources(self) -> frozenset[Source]:
        """Sources of all rows."""
        used = Coded(self.origin, self.origins).compact().categories
        return frozenset().union(*(origin.sources for origin in used))

    def display_table(self) -> DisplayTable:
        """Return the first rows as a display table; common categories are in the caption."""
        columns = self.columns
        size, flags = len(columns), columns.numbers.flags[:_MOST_ROWS].tolist()
        varying = [name for name in columns.schema.names if len(columns[name].categories) > 1]
        heads = map(dimension_text, varying)
        number_column = Column(Message("count"), "right")
        names: list[Column | str] = [*heads, number_column, *[Message("flags")] * any(flags)]
        rows: list[list[Cell | str]] = []
        for row, mask in enumerate(flags):
            cells = [code_text(columns[name][row], name) for name in varying]
            letters = "".join(sorted(flag_set(mask)))
            rows.append([*cells, Cell(format_count(columns.count(row))), *[letters] * any(flags)])
        notes = [*mark_notes(cell.text for row in rows for cell in row if isinstance(cell, Cell))]
        if size > _MOST_ROWS:
            text = "First {n} of {total} rows."
            notes.append(Message(text, n=count(_MOST_ROWS), total=count(size)))
        sections: dict[Source, set[str]] = {}
        for source in frozenset().union(*(origin.sources for origin in columns.origins)):
            sections.setdefault(evolve(source, section=""), set()).add(source.section)
        sources = sorted(
            ", ".join([str(source), *sorted(filter(None, names))])
            for source, names in sections.items()
        )
        if sources:
            number = len(sources) - _MOST_SOURCES
            listed = joined(sources[:_MOST_SOURCES], "; ", "; ")
            if number > 0:
                listed = joined((listed, Message("and {n} more", n=number)), " ", " ")
            notes.append(Message("Source: {sources}.", sources=listed))
        caption = joined(
            [KIND_TITLES[columns.kind], *map(code_text, columns.common().values())], ", "
        )
        return DisplayTable(caption=caption, columns=names, rows=rows, notes=notes)

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        has_row = hasattr(row, "__index__") and -len(self) <= row < len(self)
        problem = f"must be from 0 to {len(self) - 1}"
        require(has_row, problem, "Count rows from 0", row=row)
        return self.columns.record(row % len(self))

    def records(self) -> Iterator[Record]:
        """Yield the records of all rows."""
        return map(self.columns.record, range(len(self)))

    def cell(self, **selection: Any) -> Record:
        """Return the cell of a selection, without summing.

        A breakdown that is not selected is the total. An attribute that is not selected (area,
        period, unit, register, status) must have one value in the rows.

        Raises
        ------
        NoSuchCell, AmbiguousCell
            If no cell or several cells match; the hint lists the categories to select.
        UnknownName
            If a dimension or a category does not exist.
        """
        return self.columns.record(find_cell(self.columns, selection))

    def count(self, **selection: Any) -> Count:
        """Return the count of the cell of a selection, as `cell` does."""
        return self.columns.count(find_cell(self.columns, selection))

    def crosstab(
        self,
        *,
        rows: str,
        columns: str,
        shares: Literal["rows", "columns", "total"] | None = None,
        **selection: Any,
    ) -> Crosstab:
        """Return the crosstab of two dimensions, without summing.

        Cells are rows of the table: totals are shown if the table has them. Other breakdowns are
        the total; other attributes must have one value. Missing, suppressed and small counts
        have marks such as ``:``, ``[c]`` and ``<5``.

        Parameters
        ----------
        rows, columns : str
            Two dimensions.
        shares : {"rows", "columns", "total"}, optional
            Show shares of the row total, the column total or the grand total with their bounds,
            instead of counts. The table must have these totals.
        **selection
            Categories, as for `where`.

        Raises
        ------
        InvalidValue
            If the dimensions are equal, or the table has no totals for the shares.
        AmbiguousCell, NoSuchCell
            If another dimension has several categories, or no row matches.

        Examples
        --------
        >>> from thbstats.tables import CountTable
        >>> table = CountTable.from_rows(
        ...     [("total", "total", 199), ("total", "child", Count.fewer_than(5)),
        ...      ("female", "total", 74), ("female", "child", Count.suppressed())],
        ...     columns=("sex", "age", "value"), kind="victims", area="PL", period=2016,
        ... )
        >>> print(table.crosstab(rows="sex", columns="age"))
        Victims of trafficking by sex and age, PL, 2016
        ────────────────────
        sex     child  total
        ────────────────────
        female    [c]     74
        ────────────────────
        total      <5    199
        ────────────────────
        [c] suppressed by the source.
        """
        return make_crosstab(self.columns, rows, columns, shares, selection)

    def partition(self, by: str | Iterable[str] = ()) -> TablePartition:
        """Return the rows without totals, so that sums over any rows are right.

        A table contains totals next to their categories. A sum over all rows counts each person
        several times. In a partition each person or case is in one row:

        - rows of other breakdowns than ``by`` are left out;
        - of overlapping categories the broadest are rows, and of areas the smallest;
        - the difference between a total and its categories is a row with the category
          ``not_broken_down``, also if a suppressed count leaves room for a missing category;
        - if some areas and periods have a total, those with categories only are left out;
        - a total that its categories exceed is one row, ``not_broken_down``.

        Parameters
        ----------
        by : str or iterable of str
            The breakdowns that are columns; with several, the first is broken down by the next.
            ``area`` and ``period`` are always columns.

        Raises
        ------
        InvalidValue
            If a dimension of ``by`` is not a breakdown or has multiple response, or areas or
            periods overlap.
        AmbiguousCell
            If another attribute has several categories; select one.

        Examples
        --------
        >>> from thbstats.tables import CountTable
        >>> table = CountTable.from_rows(
        ...     [("total", 199), ("female", 74), ("male", 47), ("unknown", 70)],
        ...     columns=["sex", "value"], kind="victims", area="PL", period=2016,
        ... )
        >>> table.partition("sex").to_frame()[["sex", "count_lower", "count_upper"]]
                       sex  count_lower  count_upper
        0           female           74           74
        1             male           47           47
        2          unknown           70           70
        3  not_broken_down            8            8
        """
        return make_partition(self.columns, by, self.multiple_response)

    def common_reporters(self, dimension: str = "period") -> frozenset[str] | None:
        """Return the countries with data in every category of a dimension.

        A sum of years has the same countries in every year only if these are all its reporters.
        The row of a country counts as its data if it was reported. The result is ``None`` if
        reporters are not documented.
        """
        return common_reporters(self.columns, dimension)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, key: Never) -> NoReturn:
        """Raise an error, because rows are selected by name, as in ``where(area="DE")``."""
        hint = 'Use where(area="DE") for rows, count(area="DE") for one count, or to_frame()'
        raise InvalidValue("A CountTable has no selection with brackets", value=key, hint=hint)

    def __iter__(self) -> Iterator[Record]:
        return self.records()

    @property
    def contents(self) -> str:
        """The number of rows, and the categories of each dimension."""
        parts = []
        for dimension in self.columns.schema.dimensions:
            codes = self.categories(dimension.name)
            text = shortened(codes)
            if codes != (dimension.default,):
                parts.append(f"{dimension.name} {text}")
        rows = "1 row" if len(self) == 1 else f"{count(len(self))} rows"
        return f"{rows}: {'; '.join(parts) if len(self) else 'empty'}"

    def __repr__(self) -> str:
        return f"<CountTable of {self.kind}, {self.contents}>"
