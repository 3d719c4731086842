"""The question behind the share of one category, asked and answered."""

from collections.abc import Mapping
from typing import Any

from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.pooling.question import Answer, Question
from thbstats.pooling.series import split
from thbstats.tables import CountTable

__all__ = ["share_of_category"]


def share_of_category(
    table: CountTable,
    category: Mapping[str, Any],
    *,
    base: str,
    area: str | Area | None,
    period: Any,
    within: Mapping[str, str] | None,
    overlap: str | None,
) -> tuple[Answer, int]:
    """Return the answer to what the share of a category is, and the place of the category in it.

    Parameters
    ----------
    table : CountTable
        Counts.
    category : mapping
        The category, and attributes of the counts.
    base, area, period, within, overlap
        As for `thbstats.share`.

    Raises
    ------
    InvalidValue
        If no category is named.
    NoSuchCell
        If the table has no row of the category.
    """
    attributes, chosen = split(table, category, breakdowns="a share")
    shared, inside = split(table, within or {}, breakdowns="a base")
    if not chosen:
        raise InvalidValue(
            "a share is of a category",
            field="category",
            mend='Name one, such as exploitation="sexual"',
        )
    question = Question(
        table=table,
        base=base,
        area=area,
        overlap=overlap,
        within=inside,
        attributes={"period": period, **shared, **attributes},
    )
    found = question.answer(tuple(chosen), chosen)
    if not found.cells.scope.lists({**inside, **chosen}):
        raise NoSuchCell(
            "the table has no row of this category",
            field="category",
            value=", ".join(f"{name}={word}" for name, word in chosen.items()),
            mend=f"What there is: {table!r}; add a row whose reason says why it is missing",
        )
    return found, found.classification.recorded.index(chosen)
