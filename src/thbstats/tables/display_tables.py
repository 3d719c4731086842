"""A table as people read it: what all rows share in the caption, the rest as columns."""

from attrs import evolve

from thbstats.display import Cell, Column, DisplayTable, count, mark_notes, reported_count
from thbstats.records import Source
from thbstats.tables.columns import Columns
from thbstats.tables.views import count as count_at
from thbstats.values import flag_set

__all__ = ["display_table"]

_SHOWN = 20
_ALIKE = 3  # sources that a note can name


def display_table(columns: Columns) -> DisplayTable:
    """Return the first rows of a table as a sheet, with what every row has in common above them."""
    schema, size = columns.schema, len(columns)
    apart = [d.name for d in schema.dimensions if len(columns[d.name].categories) > 1]
    common = [
        columns[d.name].categories[0]
        for d in schema.dimensions
        if d.name not in apart and columns[d.name].categories not in ((), (d.default,))
    ]
    formatted = range(min(size, _SHOWN))
    flagged = bool(columns.numbers.flags[: len(formatted)].any())
    rows = [
        [
            *(columns[name].categories[columns[name].codes[row]] for name in apart),
            Cell(reported_count(count_at(columns, row))),
            *(["".join(sorted(flag_set(int(columns.numbers.flags[row]))))] if flagged else []),
        ]
        for row in formatted
    ]
    names: list[Column | str] = [*apart, Column("count", "right"), *(["flags"] if flagged else [])]
    kind = f"Counts of {columns.kind}" if columns.kind == "victims" else f"Counts: {columns.kind}"
    notes = [*mark_notes(cell.text for row in rows for cell in row if isinstance(cell, Cell))]
    if size > _SHOWN:
        notes.append(f"The first {_SHOWN} of {count(size)} rows.")
    return DisplayTable(
        caption=", ".join([kind, *common]),
        columns=names,
        rows=rows,
        notes=[*notes, *_sources(columns)],
    )


def _sources(columns: Columns) -> list[str]:
    """Name the sources, the sections of one together."""
    sections: dict[Source, set[str]] = {}
    for source in frozenset().union(*(origin.sources for origin in columns.origins)):
        sections.setdefault(evolve(source, section=""), set()).add(source.section)
    told = sorted(
        ", ".join([str(source), *sorted(filter(None, found))]) for source, found in sections.items()
    )
    if not told:
        return []
    more = f" and {len(told) - _ALIKE} more" if len(told) > _ALIKE else ""
    return [f"Source: {'; '.join(told[:_ALIKE])}{more}."]
