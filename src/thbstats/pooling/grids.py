"""A grid of questions: one for each country, period, category, or each of their combinations."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from attrs import frozen

from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area, parse_area
from thbstats.pooling.classification import classify
from thbstats.pooling.series import split
from thbstats.pooling.windows import periods_of
from thbstats.records import schema_of
from thbstats.tables import CountTable

__all__ = ["Place", "grid"]


@frozen(kw_only=True)
class Place:
    """One place of a grid.

    Parameters
    ----------
    label : str
        Its codes, in the order of the dimensions.
    area : str or None
        The area that it is about, where the grid is by area.
    selection : mapping
        Attributes, categories and the period.
    """

    label: str
    area: str | None
    selection: Mapping[str, Any]


def grid(
    table: CountTable, by: str | Sequence[str], area: str | Area | None, asked: Mapping[str, Any]
) -> list[Place]:
    """Return the places of a grid, in the order of the table's categories.

    A breakdown has the widest recorded categories that the table has; an area has its members.

    Raises
    ------
    InvalidValue
        If no dimension is named, or one that the question names already.
    NoSuchCell
        If the table has nothing of what is asked, or breaks nothing down by a dimension.
    UnknownName
        If a dimension does not exist.
    """
    names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    _check(table, names, asked)
    attributes, _ = split(table, asked, breakdowns="a grid")
    periods = periods_of(attributes.pop("period", None))
    chosen = {name: word for name, word in attributes.items() if word is not None}
    if None not in periods:
        chosen["period"] = periods
    rows = table.where(**chosen)
    words = [_words(rows, name, area) for name in names]
    places = []
    for codes in product(*words):
        found = dict(zip(names, codes, strict=True))
        where = found.pop("area", None)
        places.append(Place(label=", ".join(codes), area=where, selection={**asked, **found}))
    return places


def _check(table: CountTable, names: Sequence[str], asked: Mapping[str, Any]) -> None:
    schema = schema_of(table.kind)
    named = [name for name in names if schema[name].name in asked and name != "period"]
    if not names or named:
        raise InvalidValue(
            "a grid is by dimensions that are left open",
            field="by",
            value=", ".join(named),
            mend='Name them in by alone, such as by=["area", "period"]',
        )


def _words(rows: CountTable, name: str, area: str | Area | None) -> list[str]:
    """Return the codes of one dimension that have places of their own."""
    if schema_of(rows.kind)[name].total is not None:
        found = [cell[name] for cell in classify(rows, (name,)).recorded]
    else:
        found = list(rows.categories(name))
    if name == "area" and area is not None:
        members = parse_area(area).members
        found = [code for code in found if _is_member(code, members)]
    if not found:
        raise NoSuchCell(
            f"nothing has a {name} of its own",
            field="by",
            value=name,
            mend=f"What there is: {rows!r}",
        )
    return found


def _is_member(code: str, members: frozenset[str]) -> bool:
    found = parse_area(code).members
    return len(found) == 1 and found <= members
