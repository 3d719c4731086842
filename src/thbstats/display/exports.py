"""A sheet as what other libraries show: a frame of texts, a pandas Styler, a great-tables table."""

from collections.abc import Hashable
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from thbstats.display.sheet import Group, Sheet
from thbstats.errors import MissingExtra

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT
    from pandas.io.formats.style import Styler

__all__ = ["to_gt", "to_styler", "to_texts"]

_GROUP = "group"


def to_texts(sheet: Sheet) -> "pd.DataFrame":
    """Return the cells of a sheet as a frame of texts, its groups as a first column if it has any.

    Parameters
    ----------
    sheet : Sheet
        The sheet.

    Returns
    -------
    DataFrame
        A row for each row, all columns text; columns of one name are numbered.

    Examples
    --------
    >>> sheet = Sheet(caption="", columns=["form", "n"], rows=[["sexual", "9,759"]])
    >>> to_texts(sheet).to_dict("list")
    {'form': ['sexual'], 'n': ['9,759']}
    """
    import pandas as pd

    names = _named([column.name for column in sheet.columns])
    heading, rows, headings = "", [], []
    for row in sheet.rows:
        if isinstance(row, Group):
            heading = row.heading
        else:
            headings.append(heading)
            rows.append([cell.marked for cell in row.cells])
    frame = pd.DataFrame(rows, columns=names, dtype="object")
    if any(headings):
        frame.insert(0, _GROUP, headings)
    return frame


def _named(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def to_styler(sheet: Sheet) -> "Styler":
    """Return a sheet as a Styler of pandas, to be styled further.

    Parameters
    ----------
    sheet : Sheet
        The sheet.

    Raises
    ------
    MissingExtra
        If jinja2, which pandas needs for it, is not installed.
    """
    _required("jinja2", "the Styler of pandas")
    frame = to_texts(sheet)
    numbers: list[Hashable] = [*_right(sheet, list(frame.columns))]
    styler = frame.style.hide(axis="index").format(escape="html")
    styler = styler.set_caption(escape(sheet.caption))
    return styler.set_properties(subset=numbers, **{"text-align": "right"})


def to_gt(sheet: Sheet) -> "GT":
    """Return a sheet as a table of great-tables, to be formatted further.

    Parameters
    ----------
    sheet : Sheet
        The sheet; its caption becomes the title, its groups row groups, its notes source notes.

    Raises
    ------
    MissingExtra
        If great-tables is not installed.
    """
    module: Any = _required("great_tables", "a table of great-tables")
    frame = to_texts(sheet)
    grouped = {"groupname_col": _GROUP} if _GROUP in frame.columns else {}
    table = module.GT(frame, **grouped).tab_header(title=sheet.caption)
    table = table.cols_align("right", columns=_right(sheet, list(frame.columns)))
    for note in sheet.notes:
        table = table.tab_source_note(note)
    return table  # type: ignore[no-any-return]


def _right(sheet: Sheet, names: list[str]) -> list[str]:
    offset = len(names) - len(sheet.columns)
    return [
        name for name, column in zip(names[offset:], sheet.columns, strict=True) if column.is_right
    ]


def _required(name: str, what: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(
            f"{name} is needed for {what} and cannot be imported ({error})",
            hint="pip install 'thbstats[tables]'",
        ) from error
