"""Display tables for pandas and great-tables."""

from collections.abc import Hashable
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from thbstats.display.display_table import DisplayTable, Group
from thbstats.errors import MissingExtra

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT
    from pandas.io.formats.style import Styler

__all__ = ["import_optional", "to_gt", "to_styler", "to_texts"]

_GROUP = "group"


def to_texts(table: DisplayTable) -> "pd.DataFrame":
    """Return the cells of a table as a frame of texts.

    Parameters
    ----------
    table : DisplayTable
        The table.

    Returns
    -------
    DataFrame
        One row per row; all columns are texts. Groups become a first column. Equal column
        names are numbered.

    Examples
    --------
    >>> table = DisplayTable(caption="", columns=["form", "n"], rows=[["sexual", "9,759"]])
    >>> to_texts(table).to_dict("list")
    {'form': ['sexual'], 'n': ['9,759']}
    """
    import pandas as pd

    names = _number_names([column.name for column in table.columns])
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


def _number_names(names: list[str]) -> list[str]:
    counts: dict[str, int] = {}
    numbered = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        numbered.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return numbered


def to_styler(table: DisplayTable) -> "Styler":
    """Return a table as a pandas Styler.

    Parameters
    ----------
    table : DisplayTable
        The table.

    Raises
    ------
    MissingExtra
        If jinja2 is not installed.
    """
    import_optional("jinja2", "a pandas Styler")
    frame = to_texts(table)
    numbers: list[Hashable] = [*_right_columns(table, list(frame.columns))]
    styler = frame.style.hide(axis="index").format(escape="html")
    styler = styler.set_caption(escape(table.caption))
    return styler.set_properties(subset=numbers, **{"text-align": "right"})


def to_gt(table: DisplayTable) -> "GT":
    """Return a table as a great-tables object.

    Parameters
    ----------
    table : DisplayTable
        The table; its caption becomes the title, its groups row groups, its notes source notes.

    Raises
    ------
    MissingExtra
        If great-tables is not installed.
    """
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
    """Return an optional library.

    Raises
    ------
    MissingExtra
        If the library cannot be imported.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(
            f"{name} must be installed for {use} ({error})",
            hint=f"pip install 'thbstats[{extra}]'",
        ) from error
