"""Crosstabs: counts or shares of two dimensions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from thbstats.display import (
    Cell,
    Column,
    DisplayTable,
    Row,
    Tabular,
    format_count,
    mark_notes,
    percent,
)
from thbstats.errors import AmbiguousCell, NoSuchCell, require
from thbstats.records import Dimension
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.tables.columns import Columns
from thbstats.tables.select import find_rows, parse_selection, with_totals
from thbstats.values import Count, Interval, Reason
from thbstats.vocabulary import code_text, dimension_text

if TYPE_CHECKING:
    import pandas as pd

Shares = Literal["rows", "columns", "total"]

_DENOMINATORS = {"rows": "row total", "columns": "column total", "total": "grand total"}
_ONE_DECIMAL, _NO_DECIMAL = 100, 20  # smallest denominators of percentages with 1 and 0 decimals
_NO_ROW = "\N{EN DASH}"


@frozen(eq=False, repr=False)
class Crosstab(Tabular):
    """Crosstab of two dimensions of a table.

    Parameters
    ----------
    rows, columns : str
        The dimensions.
    row_codes, column_codes : tuple of str
        Their categories, the total last.
    counts : mapping of (str, str) to Count
        The count of each pair of categories that has a row in the table.
    shares : {"rows", "columns", "total"} or None
        Denominator of the shares; ``None`` for counts.
    caption : str
        Caption of the display table.
    """

    rows: str
    columns: str
    row_codes: tuple[str, ...]
    column_codes: tuple[str, ...]
    counts: Mapping[tuple[str, str], Count]
    shares: Shares | None
    caption: str
    _totals: tuple[str | None, str | None]

    def share(self, row: str, column: str) -> Interval | None:
        """Return the bounds of the share of a cell in its denominator.

        Parameters
        ----------
        row, column : str
            Codes of the categories.

        Returns
        -------
        Interval or None
            ``None`` if the table has no row of the cell or of its denominator, if one of the two
            is not applicable, if the denominator can be 0, or if the count exceeds it.
        """
        part, total = self.counts.get((row, column)), self._denominator(row, column)
        if part is None or total is None or total.lower == 0:
            return None
        if part.reason is Reason.NOT_APPLICABLE:
            return None
        if total.upper is not None and part.lower > total.upper:
            return None
        if part is total:
            return Interval.point(1)
        lower = Fraction(0) if total.upper is None else Fraction(part.lower, total.upper)
        upper = Fraction(1) if part.upper is None else Fraction(part.upper, total.lower)
        return Interval(lower, min(upper, Fraction(1)))

    def to_frame(self) -> "pd.DataFrame":
        """Return the crosstab as a wide pandas frame.

        Returns
        -------
        pandas.DataFrame
            Counts as Int64 or shares as Float64, missing unless exact. For the bounds use
            ``table.to_frame()``.
        """
        import pandas as pd

        def exact(row: str, column: str) -> float | None:
            if self.shares is None:
                number = self.counts.get((row, column))
                return None if number is None else number.value
            share = self.share(row, column)
            return None if share is None or share.value is None else float(share.value)

        dtype: Any = "Int64" if self.shares is None else "Float64"
        return pd.DataFrame(
            {
                code: pd.array([exact(row, code) for row in self.row_codes], dtype=dtype)
                for code in self.column_codes
            },
            index=pd.Index(list(self.row_codes), name=self.rows),
        ).rename_axis(columns=self.columns)

    def display_table(self) -> DisplayTable:
        """Return the crosstab as a display table."""
        rows = [
            Row(
                [row, *(self._cell(row, code) for code in self.column_codes)],
                total=row == self._totals[0],
            )
            for row in self.row_codes
        ]
        texts = [cell.text for row in rows for cell in row.cells[1:]]
        notes = [*mark_notes(texts)]
        if _NO_ROW in texts:
            reason = "" if self.shares is None else ", or without denominator"
            notes.append(f"{_NO_ROW} not in the table{reason}.")
        if self.shares is not None:
            notes.append(
                f"Denominator: {_DENOMINATORS[self.shares]}. Denominators below {_NO_DECIMAL}: "
                "the two counts."
            )
        return DisplayTable(
            caption=self.caption,
            columns=[self.rows, *(Column(code, "right") for code in self.column_codes)],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        size = f"{len(self.row_codes)} x {len(self.column_codes)}"
        return f"<Crosstab of {self.rows} by {self.columns}, {size}>"

    def _denominator(self, row: str, column: str) -> Count | None:
        row_total, column_total = self._totals
        key = {
            "rows": (row, column_total),
            "columns": (row_total, column),
            "total": (row_total, column_total),
        }[self.shares or "total"]
        return None if None in key else self.counts.get(key)  # type: ignore[arg-type]

    def _cell(self, row: str, column: str) -> Cell:
        number = self.counts.get((row, column))
        if number is None:
            return Cell(_NO_ROW)
        if self.shares is None:
            return Cell(format_count(number))
        share, total = self.share(row, column), self._denominator(row, column)
        if share is None or total is None or (share.lower, share.upper) == (0, 1):
            is_shown = not number.is_point or number.reason is Reason.NOT_APPLICABLE
            return Cell(format_count(number) if is_shown else _NO_ROW)
        if total.lower < _NO_DECIMAL:
            return Cell(f"{format_count(number)} of {format_count(total)}")
        lower, upper = share.lower, share.upper
        if lower != upper:  # a bound that holds for any data is not printed
            share = Interval(lower or None, None if upper == 1 else upper)
        return Cell(percent(share, 1 if total.lower >= _ONE_DECIMAL else 0))


def make_crosstab(
    table: Columns, rows: str, columns: str, shares: str | None, selection: Mapping[str, Any]
) -> Crosstab:
    """Return the crosstab of two dimensions of a table."""
    schema = table.schema
    dimensions = schema[rows], schema[columns]
    hint = "Use two dimensions, such as rows='exploitation', columns='sex'"
    require(rows != columns, "must differ from `rows`", hint, columns=columns)
    is_known, hint = shares in (None, *_DENOMINATORS), "Use shares='rows' for row percentages"
    require(is_known, "must be 'rows', 'columns', 'total' or None", hint, shares=shares)
    selected = with_totals(schema, parse_selection(schema, selection))
    for name in {rows, columns} - set(selection):
        selected.pop(name, None)
    cells = table.take(find_rows(table, selected))
    if not len(cells):
        hint = f"Check that the other dimensions have a total: {', '.join(selected) or 'none'}"
        problem = f"The table has no counts by {rows} and {columns}"
        raise NoSuchCell(problem, field="table", hint=hint)
    for name, column in zip(schema.names, cells.dimensions, strict=True):
        codes = column.categories
        if name not in (rows, columns) and len(codes) > 1:
            hint = f"Select one of {', '.join(map(repr, codes[:5]))} with {name}=..."
            problem = f"must have one category of {name} in a crosstab"
            raise AmbiguousCell(problem, field=name, value=", ".join(codes[:5]), hint=hint)

    def ordered(dimension: Dimension) -> tuple[str, ...]:
        codes = sorted(cells[dimension.name].categories, key=dimension.sort_key)
        return tuple(sorted(codes, key=lambda code: code == dimension.total))

    row_codes, column_codes = map(ordered, dimensions)
    totals = (
        dimensions[0].total if dimensions[0].total in row_codes else None,
        dimensions[1].total if dimensions[1].total in column_codes else None,
    )
    needed = {"rows": [(1, columns)], "columns": [(0, rows)], "total": [(0, rows), (1, columns)]}
    for index, name in needed.get(shares or "", []):
        problem = f"must not be {shares!r} if the table has no total of {name}"
        hint = f"Add the rows with {name}='total', or use another denominator"
        require(totals[index] is not None, problem, hint, shares=shares)
    keys = (cells.key(row) for row in range(len(cells)))
    common = [code for name, code in cells.common().items() if name not in (rows, columns)]
    text = f"{KIND_TITLES[cells.kind]} by {dimension_text(rows)} and {dimension_text(columns)}"
    text = text if shares is None else f"{text}, shares"
    return Crosstab(
        rows=rows,
        columns=columns,
        row_codes=row_codes,
        column_codes=column_codes,
        counts={(key[rows], key[columns]): cells.count(row) for row, key in enumerate(keys)},
        shares=shares,  # type: ignore[arg-type]
        caption=", ".join([text, *map(code_text, common)]),
        totals=totals,
    )
