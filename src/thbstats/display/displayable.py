"""Objects with a display table, and their export to Excel, pandas and great-tables."""

import os
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from html import escape
from importlib import import_module
from io import BytesIO
from math import prod
from typing import TYPE_CHECKING, Any

from thbstats._files import surrogate_error, write_file
from thbstats._signatures import explain_arguments
from thbstats.display.display_table import Cell, DisplayTable, Group, Page
from thbstats.display.html import to_html
from thbstats.display.number_texts import PLAIN, FormattedNumber, NumberStyle
from thbstats.display.text import colored_text, to_markdown, to_text
from thbstats.errors import DuplicateKey, MissingExtra, require
from thbstats.values import Count, Interval

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from great_tables import GT
    from pandas.io.formats.style import Styler
    from rich.console import Console, ConsoleOptions
    from rich.text import Text


_GROUP = "group"
_HINTS = {
    "plot": ". Use thbstats.plots, such as thbstats.plots.bars(panel)",
    "to_csv": ". Use to_frame().to_csv(...), or thbstats.write for a table",
    "groupby": ". Pass by=... to the indicator, or use to_frame()",
    "lower": ". Use value.lower, or bounds.lower for the whole area",
    "upper": ". Use value.upper, or bounds.upper for the whole area",
    "rows": ". Use records(), or to_frame() for a data frame",
}
"""Hints for attributes that users of other libraries expect."""


def to_texts(table: DisplayTable) -> "pd.DataFrame":
    """Return the cells of a table as a frame of texts.

    Examples
    --------
    >>> table = DisplayTable(caption="", columns=["form", "n"], rows=[["sexual", "9,759"]])
    >>> to_texts(table).to_dict("list")
    {'form': ['sexual'], 'n': ['9,759']}
    """
    import pandas as pd

    names: list[str] = []
    counts = Counter[str]()
    for column in table.columns:
        counts[column.name] += 1
        number = counts[column.name]
        names.append(column.name if number == 1 else f"{column.name} ({number})")
    heading, rows, headings = "", [], []
    for row in table.rows:
        if isinstance(row, Group):
            heading = row.heading
        else:
            headings.append(heading)
            rows.append([cell.marked for cell in row.cells])
    frame = pd.DataFrame(rows, columns=names, dtype="object")
    if any(headings):
        frame.insert(0, _GROUP, headings)
    return frame


def to_styler(table: DisplayTable) -> "Styler":
    """Return a table as a pandas Styler."""
    import_optional("jinja2", "a pandas Styler")
    frame = to_texts(table)
    numbers: list[Hashable] = [*_right_columns(table, list(frame.columns))]
    styler = frame.style.hide(axis="index").format(escape="html")
    styler = styler.set_caption(escape(table.caption))
    return styler.set_properties(subset=numbers, **{"text-align": "right"})


def to_gt(table: DisplayTable) -> "GT":
    """Return a table as a great-tables object."""
    module: Any = import_optional("great_tables", "a great-tables object")
    frame = to_texts(table)
    grouped = {"groupname_col": _GROUP} if _GROUP in frame.columns else {}
    gt = module.GT(frame, **grouped).tab_header(title=table.caption)
    gt = gt.cols_align("right", columns=_right_columns(table, list(frame.columns)))
    for note in table.notes:
        gt = gt.tab_source_note(note)
    return gt  # type: ignore[no-any-return]


def _right_columns(table: DisplayTable, names: list[str]) -> list[str]:
    offset = len(names) - len(table.columns)
    return [
        name for name, column in zip(names[offset:], table.columns, strict=True) if column.is_right
    ]


def import_optional(name: str, use: str, *, extra: str = "tables") -> Any:
    """Return an optional library."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(
            f"{name} must be installed for {use} ({error})", hint=f"pip install 'thbstats[{extra}]'"
        ) from error


def write_excel(table: DisplayTable, path: str | os.PathLike[str]) -> None:
    """Write a display table as a workbook: a sheet of cells and a sheet of notes."""

    def fill(book: Any) -> None:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Table")
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, column.name, bold)
        for line, row in enumerate(table.rows, start=1):
            if isinstance(row, Group):
                sheet.write_string(line, 0, row.heading, bold)
                continue
            for index, cell in enumerate(row.cells):
                number, code = workbook_number(cell)
                if number is None:
                    sheet.write_string(line, index, cell.marked)
                else:
                    sheet.write_number(line, index, number, book.add_format({"num_format": code}))
        notes = book.add_worksheet("Notes")
        for line, text in enumerate([table.caption, *table.notes]):
            notes.write_string(line, 0, text)

    write_book(path, fill)


def write_book(path: str | os.PathLike[str], fill: Callable[[Any], None], **options: bool) -> None:
    """Write a workbook with the sheets that a function adds."""
    library: Any = import_optional("xlsxwriter", "a workbook", extra="excel")
    buffer = BytesIO()
    try:
        with library.Workbook(buffer, {"in_memory": True, **options}) as book:
            fill(book)
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    write_file(path, buffer.getvalue())


def workbook_number(cell: Cell) -> tuple[float | None, str]:
    """Return the exact number of a cell with its number format; ``None`` for another cell.

    A mark in place of a number, such as that of a suppressed count, stays a text.
    """
    number = getattr(cell.text, "number", None)
    number = number.value if isinstance(number, Count | Interval) else number
    is_mark = cell.tone.mark or not any(map(str.isdigit, cell.text))
    if not isinstance(cell.text, FormattedNumber) or number is None or is_mark:
        return None, ""
    fmt = cell.text.number_format
    decimals = f".{'0' * fmt.decimals}" if fmt.decimals else ""
    percent = "%" if fmt.form in ("percent", "signed_percent") else ""
    # A difference in percentage points has no number format: 0.09 is shown as 9.0.
    return float(number * (100 if fmt.form == "pp" else 1)), f"#,##0{decimals}{percent}"


def mime_bundle(html: str, markdown: str, text: str) -> dict[str, str]:
    """Return the formats of an object by media type."""
    return {"text/html": html, "text/markdown": markdown, "text/plain": text}


def rich_text(item: DisplayTable | Page, width: int) -> "Text":
    """Return a table or page as a text of rich, which must be installed."""
    from rich.text import Text

    return Text.from_ansi(colored_text([item], width))


@explain_arguments
class Displayable(ABC):
    """Object with a display table; notebooks show it as HTML, ``print`` as text.

    Notebooks also get Markdown and text, and a console of rich gets the table in colours.
    """

    __slots__ = ()

    @abstractmethod
    def display_table(self) -> DisplayTable:
        """Return the display table."""

    def to_text(self, style: NumberStyle | str = PLAIN) -> str:
        """Return the table as text of 80 columns.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.
        """
        return to_text(self.display_table().styled(style))

    def to_markdown(self, style: NumberStyle | str = PLAIN) -> str:
        """Return the table as Markdown.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.
        """
        return to_markdown(self.display_table().styled(style))

    def to_html(self, style: NumberStyle | str = PLAIN) -> str:
        """Return the table as HTML with a style and without scripts.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.
        """
        return to_html(self.display_table().styled(style))

    def to_gt(self, style: NumberStyle | str = PLAIN) -> "GT":
        """Return the table as a great-tables object.

        Parameters
        ----------
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.

        Raises
        ------
        MissingExtra
            If great-tables is not installed.
        """
        return to_gt(self.display_table().styled(style))

    def to_excel(self, path: str | os.PathLike[str], style: NumberStyle | str = PLAIN) -> None:
        """Write the table as an Excel workbook with a sheet of notes.

        Exact numbers become numbers; bounds and marks such as ``<5`` stay texts.

        Parameters
        ----------
        path : str or path
            The file, which is replaced if it exists.
        style : NumberStyle or str
            Number style, as for `thbstats.display.number_style`.

        Raises
        ------
        MissingExtra
            If xlsxwriter is not installed.
        """
        write_excel(self.display_table().styled(style), path)

    @property
    def style(self) -> "Styler":
        """The table as a pandas Styler with cells as text.

        Raises
        ------
        MissingExtra
            If jinja2 is not installed.
        """
        return to_styler(self.display_table())

    def __str__(self) -> str:
        return to_text(self.display_table())

    def _repr_html_(self) -> str:
        return to_html(self.display_table())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return HTML, Markdown and text for a notebook, which selects one of them."""
        return mime_bundle(self._repr_html_(), self.to_markdown(), self.to_text())

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        """Yield the table in colours, for `rich.print` and consoles of rich."""
        yield rich_text(self.display_table(), options.max_width)


def arrow_table(frame: "pd.DataFrame") -> Any:
    """Return a pandas frame as a table of pyarrow, or of polars if pyarrow is not installed."""
    flat = _flat(frame)
    try:
        import pyarrow as pa
    except ImportError:
        library = import_optional("polars", "an Arrow stream", extra="polars")
        missing = flat.isna()
        return library.DataFrame(
            {
                name: column.astype(object).mask(missing[name], None).tolist()
                for name, column in flat.items()
            },
            strict=False,
        )
    return pa.Table.from_pandas(flat, preserve_index=False)


def _flat(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame with its named index as the first columns."""
    return frame.rename_axis(columns=None).reset_index(drop=frame.index.names == [None])


@explain_arguments
class Tabular(Displayable):
    """Object with a display table and a tidy frame.

    Libraries that read Arrow data, frames through narwhals or the frame interchange protocol
    take it without conversion.

    Examples
    --------
    >>> import narwhals as nw
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> forms = thb.breakdown(victims, of="exploitation", base="all")
    >>> nw.from_native(forms).shape == forms.to_frame().shape
    True
    """

    __slots__ = ()

    @abstractmethod
    def to_frame(self) -> Any:
        """Return the tidy frame."""

    if not TYPE_CHECKING:  # otherwise type checkers accept any attribute

        def __getattr__(self, name: str) -> Any:
            if hasattr(type(self), name):  # a property whose own error is an AttributeError
                return object.__getattribute__(self, name)
            frame = getattr(sys.modules.get("pandas"), "DataFrame", None)
            hint = _HINTS.get(name, "")
            if not (hint or name.startswith("_")) and hasattr(frame, name):
                hint = ". Use to_frame() for a data frame"
            problem = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(f"{problem}{hint}")

    def to_pandas(self) -> "pd.DataFrame":
        """Return the frame for charts: as `to_frame`, with lists as text and a plain index."""
        frame = _flat(self.to_frame())
        lists = [
            name
            for name, column in frame.items()
            if column.dtype == object and column.map(lambda own: isinstance(own, list)).any()
        ]

        def text_of(value: Any) -> Any:
            return ", ".join(value) if isinstance(value, list | tuple) else value

        return frame.assign(**{str(name): frame[name].map(text_of) for name in lists})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the tidy frame as an Arrow stream (PyCapsule interface)."""
        return arrow_table(self.to_frame()).__arrow_c_stream__(requested_schema)

    def __narwhals_dataframe__(self) -> Any:
        """Return the frame of `to_pandas` for libraries that use narwhals."""
        import narwhals as nw

        return nw.from_native(self.to_pandas())._compliant_frame.__narwhals_dataframe__()

    def __dataframe__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the frame of `to_pandas` through the frame interchange protocol."""
        return arrow_table(self.to_pandas()).__dataframe__(*args, **kwargs)


_MOST_CELLS = 10_000_000


def to_xarray(
    frame: "pd.DataFrame",
    dimensions: Mapping[str, Sequence[str]],
    attributes: Mapping[str, str],
    no_data: Mapping[str, str],
) -> "xr.Dataset":
    """Return the columns of a frame as variables of an xarray data set.

    Parameters
    ----------
    frame : DataFrame
        The rows, with a column for each dimension.
    dimensions : mapping
        The categories of each dimension, in their order.
    attributes : mapping
        Texts about the data set.
    no_data : mapping
        The text of a variable in a combination without a row; by default an empty text. Numbers
        are NaN there, and truth values are false.
    """
    library = import_optional("xarray", "a data set of xarray", extra="xarray")
    import numpy as np  # Commands that print texts do without numpy.

    shape = tuple(map(len, dimensions.values()))
    size = prod(shape)
    problem = f"must have at most {_MOST_CELLS:,} combinations of categories"
    hint = "Select rows with table.where(...) or fewer dimensions with by=[...]"
    require(size <= _MOST_CELLS, problem, hint, table=f"{size:,}")
    positions = tuple(
        frame[name].map({code: i for i, code in enumerate(codes)}).to_numpy(dtype=np.intp)
        for name, codes in dimensions.items()
    )
    repeated = frame.duplicated(list(dimensions)).to_numpy()
    if repeated.any():
        row = int(np.argmax(repeated))
        raise DuplicateKey(
            "must have at most one row for each combination of categories",
            row=row,
            field=", ".join(dimensions),
            value=", ".join(str(frame[name].iloc[row]) for name in dimensions),
            hint="Use one panel per category, or a further dimension in by=[...]",
        )
    variables = {}
    for name, column in frame.drop(columns=list(dimensions)).items():
        values: Any
        if column.dtype.kind in "iuf":
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        elif column.dtype.kind == "b":
            values = column.to_numpy()
        else:
            texts = column.astype(object)
            values = texts.where(texts.notna(), "").to_numpy()
        empty = {"f": np.nan, "b": False}.get(values.dtype.kind, no_data.get(str(name), ""))
        grid = np.full(shape, empty, dtype=values.dtype)
        grid[positions] = values
        variables[name] = (tuple(dimensions), grid)
    coordinates = {name: list(codes) for name, codes in dimensions.items()}
    result: xr.Dataset = library.Dataset(variables, coordinates, dict(attributes))
    return result
