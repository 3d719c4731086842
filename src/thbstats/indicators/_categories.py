"""Which categories of a table divide its total, and which rows hold the unknown."""

from collections.abc import Mapping, Sequence
from itertools import product

from attrs import frozen

from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.records import Dimension, schema_of
from thbstats.tables import CountTable
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["Classification", "classify", "require_divided"]

_UNKNOWN = "unknown"


@frozen(kw_only=True)
class Classification:
    """The cells into which one or several dimensions divide a total.

    Parameters
    ----------
    dimension : tuple of str
        The dimensions.
    recorded : tuple of mapping
        The cells in which every dimension has a recorded category.
    unknown : tuple of mapping
        The cells in which at least one is unknown; empty where the table has no such row.
    """

    dimension: tuple[str, ...]
    recorded: tuple[Mapping[str, str], ...]
    unknown: tuple[Mapping[str, str], ...]

    def compatible(self, place: int) -> list[bool]:
        """Return which unknown cells can belong to a recorded one."""
        cell = self.recorded[place]
        return [
            all(word in (_UNKNOWN, cell[name]) for name, word in unknown.items())
            for unknown in self.unknown
        ]


def classify(
    table: CountTable, names: Sequence[str], chosen: Mapping[str, str] | None = None
) -> Classification:
    """Return how a table divides its total by some dimensions.

    Parameters
    ----------
    table : CountTable
        The rows of the question.
    names : sequence of str
        The dimensions.
    chosen : mapping, optional
        A cell that must be among the recorded ones, such as the numerator of a share.
    """
    schema = schema_of(table.kind)
    dimensions = [schema[name] for name in names]
    recorded = [_divided(table, item, (chosen or {}).get(item.name)) for item in dimensions]
    has_unknown = [_UNKNOWN in table.categories(name) for name in names]
    cells = [
        dict(zip(names, cell, strict=True))
        for cell in product(
            *(
                (*known, *([_UNKNOWN] if unknown else []))
                for known, unknown in zip(recorded, has_unknown, strict=True)
            )
        )
    ]
    return Classification(
        dimension=tuple(names),
        recorded=tuple(cell for cell in cells if _UNKNOWN not in cell.values()),
        unknown=tuple(cell for cell in cells if _UNKNOWN in cell.values()),
    )


def require_divided(table: CountTable, found: Classification) -> None:
    """Refuse a breakdown by a dimension that the table does not divide."""
    if not found.recorded:
        raise NoSuchCell(
            f"nothing is broken down by {' and '.join(found.dimension)}",
            field="by",
            value=", ".join(found.dimension),
            mend=f"What there is: {table!r}",
        )


def _divided(table: CountTable, dimension: Dimension, chosen: str | None) -> tuple[str, ...]:
    """The widest categories that a table has, or those beside the chosen one."""
    present = [
        code for code in table.categories(dimension.name) if code not in (dimension.total, _UNKNOWN)
    ]
    if dimension.holds == "citizenship":
        present = _one_kind(present, chosen)
    if chosen is None:
        return tuple(code for code in present if not set(dimension.ancestors(code)) & set(present))
    if chosen in (dimension.total, _UNKNOWN):
        raise InvalidValue(
            "a share is of a recorded category",
            field=dimension.name,
            value=chosen,
            mend="The unknown stand beside every share, as `unknown`",
        )
    beside = [code for code in present if dimension.parent(code) == dimension.parent(chosen)]
    return tuple(dict.fromkeys([*beside, chosen]))


def _one_kind(codes: Sequence[str], chosen: str | None) -> list[str]:
    """Groups of citizenship, or countries: both divide the same total."""
    groups = [code for code in codes if code in CitizenshipGroup._value2member_map_]
    countries = [code for code in codes if code not in groups]
    if chosen is None:
        return groups or countries
    return groups if chosen in CitizenshipGroup._value2member_map_ else countries
