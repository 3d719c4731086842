"""Suggestion of the declaration of a file, with the reason of each guess."""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, field, fields, frozen

from thbstats._mappings import FrozenDict
from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidFile
from thbstats.files.column_targets import place_column
from thbstats.files.count_signs import place_signs
from thbstats.files.declaration import Declaration
from thbstats.files.declaration_draft import DeclarationDraft
from thbstats.files.declaration_text import declaration_lines
from thbstats.files.headers import HeaderPosition, find_header
from thbstats.files.input_file import LIMITS, InputFile, Limits, Progress, no_progress, open_input
from thbstats.files.ledger import Ledger, as_tuple
from thbstats.files.pages import CellPage, Layout
from thbstats.files.parquet import PARQUET, cells_of_frame, read_parquet
from thbstats.files.sheets import pages_of, stacked
from thbstats.files.text_contents import LONGEST, OF_PERSONS, is_counts, is_value, target_of_name
from thbstats.files.title_texts import place_periods, place_texts_of_title
from thbstats.files.unpivoting import is_flag_column
from thbstats.files.value_columns import (
    ask_about_further_tables,
    ask_about_other_quantities,
    error_without_counts,
    place_values,
)
from thbstats.files.words import COLUMNS, plain_word
from thbstats.tables.frames import Frame

_TITLE = 2000  # characters of a page without a table, that can name the area


@frozen(kw_only=True, repr=False)
class Suggestion(Declaration):
    """Declaration that `suggest` finds, with its reasons and open questions.

    Parameters
    ----------
    reasons : mapping of str to str
        The reason of each guess, by column or parameter.
    questions : sequence of str
        What the file does not show, each with the lines that would settle it.
    """

    reasons: Mapping[str, str] = field(factory=dict, converter=FrozenDict, eq=False)
    questions: tuple[str, ...] = field(default=(), converter=as_tuple, eq=False)

    def to_toml(self) -> str:
        """Return the declaration as TOML, with reasons and questions as comments."""
        # A header can have line breaks.
        reasons = [" ".join(f"# {name}: {why}".split()) for name, why in self.reasons.items()]
        questions = [f"# ? {line}" for text in self.questions for line in text.splitlines()]
        return "\n".join([*reasons, *declaration_lines(self), *questions, ""])

    def __repr__(self) -> str:
        return self.to_toml()


def suggest_declaration(
    pages: Mapping[str, CellPage], declared: Declaration, title: str = ""
) -> Suggestion:
    """Return the suggestion for some pages.

    ``declared`` are the parameters that are known, and ``title`` is the name of the file.
    """
    tables: dict[str, Ledger] = {}
    tops: dict[str, int] = {}
    lists: list[Ledger] = []  # tables with a property of persons, which can be lists of cases
    for name, page in pages.items():
        layout = Layout(header=bool, cells=declared.range, is_wide=True)
        head = page.head(layout)
        position = find_header(head) or HeaderPosition(0)
        tops[name] = position.line
        layout = evolve(layout, top=position.line, header_rows=position.rows)
        ledger = page.ledger or (page.table(layout) if tops[name] else None)
        names = [] if ledger is None else list(map(str, ledger.raw))
        if ledger and OF_PERSONS & {*map(target_of_name, names)}:
            lists.append(ledger)
        # The numbers of a list of notes are in its first column.
        columns = names[1:] if len(pages) > 1 else names
        if ledger and any(
            is_counts(ledger.column(own), is_named=COLUMNS.get(plain_word(own)) == "value")
            for own in columns
        ):
            tables[name] = ledger
        else:
            title += "".join(f"; {cell[:LONGEST]}" for _, cells in head for cell in cells if cell)
            title = title[:_TITLE]
    for ledger in lists if not tables else ():
        draft = DeclarationDraft(ledger, declared, title)
        draft.place_kind()
        raise error_without_counts(draft)
    if not tables:
        raise InvalidFile(
            f"No table with counts in {title.split(';')[0] or 'the data'}",
            field="path",
            hint="Pass range='A5:H20' with the cells of the table, if it has one",
        )
    headers = {name: tuple(map(str, ledger.raw)) for name, ledger in tables.items()}
    chosen = [name for name, own in headers.items() if own == next(iter(headers.values()))]
    ledger = stacked({name: tables[name] for name in chosen}, with_name=len(chosen) > 1)
    draft = DeclarationDraft(
        ledger, declared, "; ".join([title, *(chosen if len(pages) > 1 else ())])
    )
    if len(chosen) < len(tables):
        listed = "; ".join(f"{name!r}: {', '.join(own)[:80]}" for name, own in headers.items())
        others = next(name for name in headers if name not in chosen)
        draft.add("sheet", chosen[0] if len(chosen) == 1 else tuple(chosen))
        draft.ask(f"the worksheets have several headers: {listed}", {"sheet": others})
    _complete(draft, tops[chosen[0]])
    return Suggestion(
        **{item.name: getattr(draft.declared, item.name) for item in fields(Declaration)},
        reasons=draft.reasons,
        questions=dict.fromkeys(question.text(draft.declared) for question in draft.questions),
    )


def _complete(draft: DeclarationDraft, top: int) -> None:
    """Place the columns, the texts and the signs of the table, step by step.

    ``top`` is the first row of the header. Each step uses what the earlier ones placed:

    1. The kind of count, which gives the dimensions: from words of the title and the header.
    2. Rates and numbers of rows, which are ignored, and the columns of counts: a table with
       several of them has categories or periods in its header.
    3. The rows with a figure; the others are notes, and their texts are not categories.
    4. The other columns, those with a known name first, so that ``Year`` is the period and not
       a column of years with another name.
    5. Area, period and categories of the title, unless a column contains them.
    6. Periods with several readings, such as fiscal years, which depend on the area.
    7. Signs, marks and separators of the counts.

    The header ``Country, Code, Year, Women, Men`` over the rows ``Belgium, BEL, 2020, 5, 3`` and
    ``France, FRA, 2020, 7, 4`` gives: ``Women`` and ``Men`` are counts and categories of sex (2),
    ``Country`` is the area and ``Year`` the period by their names (4), and ``Code`` is ignored,
    because it has one code for each country (4).
    """
    draft.place_kind()
    draft.values = values = place_values(draft)
    if not values:
        raise error_without_counts(draft)
    has_figure = [draft.ledger.column(name).where(is_value) for name in values]
    draft.rows = np.flatnonzero(np.logical_or.reduce(has_figure))
    draft.title += f"; {values[0]}" if len(values) == 1 else ""
    ask_about_further_tables(draft, top)
    ask_about_other_quantities(draft)
    # A name that is known comes first, so that it takes its target; a region contains countries.
    ranks = {
        name: (word not in COLUMNS, word == "region")
        for name in draft.names
        for word in [plain_word(name)]
    }
    for name in sorted(draft.names, key=ranks.__getitem__):
        is_flag = draft.declared.unpivot and is_flag_column(draft.ledger, name)
        is_declared = name in {*draft.declared.columns, *draft.declared.ignored}
        if name not in values and not is_declared and not is_flag:
            place_column(draft, name)
    place_texts_of_title(draft)
    place_periods(draft)
    place_signs(draft)


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
        return suggest_declaration({"": CellPage(ledger=cells_of_frame(data))}, declared)
    file = open_input(data, encoding, limits, progress)
    if file.data.startswith(PARQUET):
        pages = {"": CellPage(ledger=cells_of_frame(read_parquet(file)))}
    else:
        pages = pages_of(file, declared.sheet, separator)
    return suggest_declaration(pages, declared, file.name)


def suggested_options(file: InputFile, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of reading a file with the declaration that is suggested for it."""
    known = ("sheet", "range", "separator")
    others = {*known, "declare", "source", "strict", "progress", "kind"}
    constants = {name: value for name, value in options.items() if name not in others}
    kind = options.get("kind")
    own_options = {name: options[name] for name in known if options.get(name)}
    own = suggest(file, getattr(kind, "kind", kind), limits=file.limits, **own_options, **constants)
    return {**options, "declare": without_questions(own, file, constants)}


def without_questions(own: Suggestion, file: InputFile, constants: Mapping[str, Any]) -> Suggestion:
    """Return a suggestion; with open questions, raise `InvalidFile` with its lines.

    The lines do not repeat ``constants``, which are passed again.
    """
    if not own.questions:
        return own
    saved = evolve(own, constants={k: v for k, v in own.constants.items() if k not in constants})
    lines = declaration_lines(saved)
    number = f"these {len(lines)} lines" if len(lines) > 1 else "this line"
    questions = "".join(f"\n  # {question}" for question in own.questions)
    listed = "".join(f"\n  {line}" for line in lines)
    raise InvalidFile(
        f"{file.name} must have a supported format, or columns that are all understood",
        field="path",
        value=file.name,
        hint=f"Save {number} as own.toml, and complete the file as the questions "
        f"state:{listed}{questions}\nThen pass declare='own.toml'",
    )
