"""Which categories of a table divide its total, and which rows hold the unknown."""

from collections.abc import Mapping, Sequence
from itertools import product

from attrs import frozen

from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.records import Dimension, Schema, schema_of
from thbstats.tables import CountTable
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["UNKNOWN", "Classification", "classify", "require_divided", "rows_within"]

UNKNOWN = "unknown"


@frozen(kw_only=True)
class Classification:
    """The cells into which one or several dimensions divide a total.

    Parameters
    ----------
    dimensions : tuple of Dimension
        The dimensions.
    recorded : tuple of mapping
        The cells in which every dimension has a recorded category.
    unknown : tuple of mapping
        The cells in which at least one is unknown; empty where the table has no such row.
    wider : int or None
        The place of the recorded cell of which the first is a part (a form and a part of that
        form); ``None`` where no two can hold the same person.
    closed : bool
        Whether they are all that the source records; one cell alone is no classification.
    """

    dimensions: tuple[Dimension, ...]
    recorded: tuple[Mapping[str, str], ...]
    unknown: tuple[Mapping[str, str], ...]
    wider: int | None
    closed: bool

    def compatible(self, place: int) -> list[bool]:
        """Return which unknown cells can belong to a recorded one."""
        cell = self.recorded[place]
        return [
            all(_can_be(item, unknown[item.name], cell[item.name]) for item in self.dimensions)
            for unknown in self.unknown
        ]


def classify(
    table: CountTable,
    names: Sequence[str],
    chosen: Mapping[str, str] | None = None,
    within: Mapping[str, str] | None = None,
) -> Classification:
    """Return how a table divides a total by some dimensions: into the widest categories it has.

    Parameters
    ----------
    table : CountTable
        The rows of the question.
    names : sequence of str
        The dimensions.
    chosen : mapping, optional
        A cell that must be among the recorded ones, such as the numerator of a share.
    within : mapping, optional
        The total that is divided, where it is not that of everybody.

    Raises
    ------
    InvalidValue
        If a dimension has no total to divide, or the chosen cell is not a recorded part of it.
    """
    schema, total = schema_of(table.kind), within or {}
    dimensions = tuple(_breakdown(schema, name) for name in names)
    for name, word in (chosen or {}).items():
        _check_part(schema[name], word, total.get(name))
    rows = rows_within(table, names, total)
    words = [_words(rows, item, (chosen or {}).get(item.name), total) for item in dimensions]
    cells = [dict(zip(names, cell, strict=True)) for cell in product(*words)]
    recorded = tuple(cell for cell in cells if UNKNOWN not in cell.values())
    wider = None
    if chosen is not None and chosen not in recorded:
        wider = _place_around(dimensions, recorded, chosen)
        recorded = (dict(chosen), *recorded)
    return Classification(
        dimensions=dimensions,
        recorded=recorded,
        unknown=tuple(cell for cell in cells if UNKNOWN in cell.values()),
        wider=wider,
        closed=len(recorded) - (wider is not None) > 1,
    )


def require_divided(table: CountTable, found: Classification) -> None:
    """Refuse a breakdown by a dimension that the table does not divide."""
    if not found.recorded:
        names = [dimension.name for dimension in found.dimensions]
        raise NoSuchCell(
            f"nothing is broken down by {' and '.join(names)}",
            field="by",
            value=", ".join(names),
            mend=f"What there is: {table!r}",
        )


def rows_within(table: CountTable, names: Sequence[str], within: Mapping[str, str]) -> CountTable:
    """Return the rows that divide a total by some dimensions; all other breakdowns are as it is."""
    dimensions = schema_of(table.kind).dimensions
    totals = {item.name: item.total for item in dimensions if item.total is not None}
    selection = {name: code for name, code in {**totals, **within}.items() if name not in names}
    return table.where(**selection)


def _breakdown(schema: Schema, name: str) -> Dimension:
    dimension = schema[name]
    if dimension.total is None:
        names = [item.name for item in schema.dimensions if item.total is not None]
        raise InvalidValue(
            "only a breakdown divides a total",
            field="by",
            value=name,
            mend=f"Use one of {', '.join(names)}; choose one {name} with where()",
        )
    return dimension


def _check_part(dimension: Dimension, word: str, whole: str | None) -> None:
    """Refuse a numerator that is no recorded part of its base."""
    if word in (dimension.total, UNKNOWN):
        raise InvalidValue(
            "a share is of a recorded category",
            field=dimension.name,
            value=word,
            mend="The unknown stand beside every share, as `unknown`",
        )
    if whole not in (None, *dimension.ancestors(word)):
        raise InvalidValue(
            f"{word} is no part of {whole}",
            field=dimension.name,
            value=word,
            mend=f"Leave {dimension.name} out of `within`, or name a category that includes {word}",
        )


def _words(
    rows: CountTable, dimension: Dimension, chosen: str | None, within: Mapping[str, str]
) -> tuple[str, ...]:
    """The widest categories that the rows have, and the unknown where they list it."""
    codes = rows.categories(dimension.name)
    present = [code for code in codes if code not in (dimension.total, UNKNOWN)]
    if dimension.holds == "citizenship":
        present = _one_kind(present, chosen)
    whole = within.get(dimension.name, dimension.total)
    if whole != dimension.total:
        # Nobody of unknown category is known to belong to a part of the total.
        present = [code for code in present if whole in dimension.ancestors(code)]
        codes = ()
    widest = [code for code in present if not set(dimension.ancestors(code)) & set(present)]
    return (*widest, *([UNKNOWN] if UNKNOWN in codes else []))


def _one_kind(codes: Sequence[str], chosen: str | None) -> list[str]:
    """Groups of citizenship, or countries: both divide the same total.

    The stateless stand beside the countries and, where no wider group is listed, the groups.
    """
    beside = CitizenshipGroup.STATELESS
    groups = [c for c in codes if c in CitizenshipGroup._value2member_map_ and c != beside]
    countries = [code for code in codes if code not in (*groups, beside)]
    if chosen in (None, beside):
        kind = groups or countries
    else:
        kind = groups if chosen in CitizenshipGroup._value2member_map_ else countries
    return [code for code in codes if code in kind or code == beside]


def _place_around(
    dimensions: Sequence[Dimension],
    recorded: Sequence[Mapping[str, str]],
    chosen: Mapping[str, str],
) -> int | None:
    """The place that the cell around a chosen one gets once that stands in front."""
    around = [
        place
        for place, cell in enumerate(recorded, start=1)
        if all(_can_be(item, cell[item.name], chosen[item.name]) for item in dimensions)
    ]
    return around[0] if around else None


def _can_be(dimension: Dimension, wide: str, narrow: str) -> bool:
    """Whether those of a wide or unknown category can be of a narrow one."""
    return wide in (UNKNOWN, narrow, *dimension.ancestors(narrow))
