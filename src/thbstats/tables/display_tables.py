"""Display of tables."""

from attrs import evolve

from thbstats.display import Cell, Column, DisplayTable, count, format_count, mark_notes
from thbstats.records import Source
from thbstats.tables.columns import Columns
from thbstats.tables.views import count as count_at
from thbstats.values import flag_set

__all__ = ["display_table"]

_MOST_ROWS = 20
_MOST_SOURCES = 3  # sources listed in a note


def display_table(columns: Columns) -> DisplayTable:
    """Return the first rows of a table; common categories are in the caption."""
    schema, size = columns.schema, len(columns)
    varying = [d.name for d in schema.dimensions if len(columns[d.name].categories) > 1]
    common = [
        columns[d.name].categories[0]
        for d in schema.dimensions
        if d.name not in varying and columns[d.name].categories not in ((), (d.default,))
    ]
    first = range(min(size, _MOST_ROWS))
    flagged = bool(columns.numbers.flags[: len(first)].any())
    rows = [
        [
            *(columns[name].categories[columns[name].codes[row]] for name in varying),
            Cell(format_count(count_at(columns, row))),
            *(["".join(sorted(flag_set(int(columns.numbers.flags[row]))))] if flagged else []),
        ]
        for row in first
    ]
    names: list[Column | str] = [
        *varying,
        Column("count", "right"),
        *(["flags"] if flagged else []),
    ]
    kind = f"Counts of {columns.kind}" if columns.kind == "victims" else f"Counts: {columns.kind}"
    notes = [*mark_notes(cell.text for row in rows for cell in row if isinstance(cell, Cell))]
    if size > _MOST_ROWS:
        notes.append(f"First {_MOST_ROWS} of {count(size)} rows.")
    return DisplayTable(
        caption=", ".join([kind, *common]),
        columns=names,
        rows=rows,
        notes=[*notes, *_sources(columns)],
    )


def _sources(columns: Columns) -> list[str]:
    """Return a note on the sources."""
    sections: dict[Source, set[str]] = {}
    for source in frozenset().union(*(origin.sources for origin in columns.origins)):
        sections.setdefault(evolve(source, section=""), set()).add(source.section)
    texts = sorted(
        ", ".join([str(source), *sorted(filter(None, found))]) for source, found in sections.items()
    )
    if not texts:
        return []
    more = f" and {len(texts) - _MOST_SOURCES} more" if len(texts) > _MOST_SOURCES else ""
    return [f"Source: {'; '.join(texts[:_MOST_SOURCES])}{more}."]
