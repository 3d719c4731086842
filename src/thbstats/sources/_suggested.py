"""Suggested declarations of files in other layouts."""

import os
from typing import Any

from attrs import evolve

from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidFile
from thbstats.files.declaration import Declaration
from thbstats.files.input_file import (
    LIMITS,
    InputFile,
    Limits,
    Progress,
    no_progress,
    open_input,
)
from thbstats.files.layouts import pages_of
from thbstats.files.parquet import PARQUET, cells_of_frame, read_parquet
from thbstats.files.sheets import Grid
from thbstats.files.suggestion import Suggestion, declaration_lines, suggest_declaration
from thbstats.tables.frames import Frame


@explain_arguments
def suggest(
    data: "str | os.PathLike[str] | InputFile | Frame",
    kind: str | None = None,
    *,
    sheet: Any = "",
    range: str = "",
    separator: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    **constants: Any,
) -> Suggestion:
    r"""Suggest the declaration of a file, with the reason of each guess.

    The header, the columns of counts, areas, periods and categories, missing-value signs and
    thousands separators are found by names in English and further official languages of the EU,
    and by their contents.

    Parameters
    ----------
    data : str, path, InputFile or frame
        A workbook, a delimited text, Parquet, or a data frame.
    kind : str, optional
        The kind of count.
    sheet, range : optional
        The worksheets and cells of the table, as for `Declaration`.
    separator, encoding : str, optional
        The separator and the encoding of a text.
    limits : Limits
        The maximum sizes of the file.
    progress : callable
        A function that receives each step and its progress from 0 to 1.
    **constants
        Values of all rows, such as ``area="MT"``.

    Returns
    -------
    Suggestion
        A declaration. `Suggestion.to_toml` returns it as a file; ``questions`` lists what the file
        does not show.

    Raises
    ------
    InvalidFile
        If the file has no table with counts, is damaged, or exceeds the limits.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(b"country,year,victims\nMT,2020,12\nMT,2021,0\n", name="own.csv")
    >>> print(suggest(file).to_toml())
    # kind: the file contains the word 'victims'
    # victims: its name shows the counts
    # country: its name shows the area, such as 'MT'
    # year: its name shows the period, such as '2020', '2021'
    kind = "victims"
    columns = {victims = "value", country = "area", year = "period"}
    <BLANKLINE>
    """
    declared = Declaration(kind=kind, sheet=sheet, range=range, constants=constants)
    if not isinstance(data, str | os.PathLike | InputFile):
        return suggest_declaration({"": Grid(ledger=cells_of_frame(data))}, declared)
    file = open_input(data, encoding, limits, progress)
    if file.data.startswith(PARQUET):
        pages = {"": Grid(ledger=cells_of_frame(read_parquet(file)))}
    else:
        pages = pages_of(file, declared.sheet, separator)
    return suggest_declaration(pages, declared, file.name)


def suggested_options(file: InputFile, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of reading a file with the declaration that is suggested for it.

    A suggestion with open questions raises `InvalidFile` with its lines.
    """
    known = ("sheet", "range", "separator")
    others = {*known, "declare", "source", "strict", "progress", "kind"}
    constants = {name: value for name, value in options.items() if name not in others}
    kind = options.get("kind")
    own_options = {name: options[name] for name in known if options.get(name)}
    own = suggest(file, getattr(kind, "kind", kind), limits=file.limits, **own_options, **constants)
    if not own.questions:
        return {**options, "declare": own}
    saved = evolve(own, constants={k: v for k, v in own.constants.items() if k not in constants})
    lines = declaration_lines(saved)
    questions = "".join(f"\n  # {question}" for question in own.questions)
    listed = "".join(f"\n  {line}" for line in lines)
    raise InvalidFile(
        f"{file.name} must have a supported format, or columns that are all understood",
        field="path",
        value=file.name,
        hint=f"Save these {len(lines)} lines as own.toml, and complete them as the questions "
        f"state:{listed}{questions}\nThen pass declare='own.toml'",
    )
