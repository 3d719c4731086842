"""Among whom or what a count is divided: the reporting countries, or the recorded categories."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.errors import NoSuchCell
from thbstats.geography import Area
from thbstats.pooling.boxes import Box
from thbstats.pooling.flows import Flow, flow
from thbstats.pooling.nested import Counts, Flags, Nested, agree, up_to
from thbstats.pooling.question import Answer, Question
from thbstats.pooling.series import series, split
from thbstats.results import Base, Context, Parts, named, words
from thbstats.tables import CountTable
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["Holders", "holders", "intervals", "is_held", "is_untied", "together"]


@frozen(kw_only=True, eq=False)
class Holders:
    """Those who hold parts of a count, and how many each can hold.

    Parameters
    ----------
    labels : tuple of str
        Those behind `reported`, by name; all, where nobody gave every count.
    reported : Box or None
        What they reported; ``None`` where nobody did.
    bounds : Box
        What all hold of the whole area.
    possible : Box
        The same, with everyone of unknown category counted anywhere.
    untied : bool
        Whether no other count of the table says more of these.
    what : str
        What is divided among whom, in words.
    base : Base
        The denominator.
    category : tuple of (str, str)
        The categories counted.
    unknown : Interval or None
        How many are of unknown category.
    context : Context
        What the counts speak of.
    parts : Parts or None
        What each reporting country adds.
    """

    labels: tuple[str, ...]
    reported: Box | None
    bounds: Box
    possible: Box
    untied: bool
    what: str
    base: Base
    category: tuple[tuple[str, str], ...]
    unknown: Interval | None
    context: Context
    parts: Parts | None

    @property
    def used(self) -> Box:
        """The counts behind `reported`, or those of the area where nobody reported."""
        return self.bounds if self.reported is None else self.reported


def holders(
    table: CountTable,
    area: str | Area | None,
    over: str,
    indicator: str,
    selection: Mapping[str, Any],
) -> Holders:
    """Return those who hold parts of a count.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    area : str, Area or None
        The area asked for.
    over : str
        ``"area"`` for the reporting countries, or a dimension for its recorded categories.
    indicator : str
        The function asked.
    selection : mapping
        Attributes and categories, and the period.

    Raises
    ------
    NoSuchCell
        If no country has a row of its own, or nothing is broken down by the dimension.
    """
    if over == "area":
        return _reporters(flow(table, area, indicator, selection))
    attributes, within = split(table, selection, breakdowns=indicator)
    question = Question(
        table=table, base="recorded", area=area, overlap=None, within=within, attributes=attributes
    )
    return _categories(question.answer((over,), None), over)


def _reporters(found: Flow) -> Holders:
    counts, members, cells = found.each, found.cells.members, found.cells
    if not counts.given.any():
        raise NoSuchCell(
            "no country has a row of its own",
            field="area",
            value=cells.scope.area.code,
            mend="Give the counts of two countries or more behind the aggregate",
        )
    whole = found.whole.interval()
    held = bool(cells.applying_hidden[0].any())
    bounds = Box.of(intervals(counts), whole, held=held)
    named = [member for member, given in zip(members, counts.given, strict=True) if given]
    what = f"{found.counted.label} ({words(found.category)})"
    return Holders(
        labels=tuple(named),
        reported=Box.of(intervals(counts.over(counts.given))),
        bounds=bounds,
        possible=bounds if found.unknown is None else _joined(found, whole, held),
        untied=(cells.found[0] == len(cells.scope.table) and not (held and found.printed))
        or bool(counts.is_point.all()),
        what=f"{what} among the reporting countries",
        base=Base(
            rule="all",
            label=f"{found.counted.label} of all reporting countries ({words(found.category)})",
        ),
        category=tuple(found.category.items()),
        unknown=None if found.unknown is None else found.unknown.interval(),
        context=found.context(False, counts.given),
        parts=found.parts,
    )


def _joined(found: Flow, whole: Interval, held: bool) -> Box:
    """Return the counts of each country once any of its unknown may belong to them."""
    counts, cells = found.each, found.cells.applying
    most = agree(up_to(cells.of(1)), counts + cells.of(slice(2, None)).together())
    # What a source hides stays as it has it, whatever the total says.
    joined = Counts(counts.lower, np.maximum(counts.upper, most.upper), counts.given)
    return Box.of(intervals(joined), whole.hull(found.possible), held=held)


def together(found: Answer) -> tuple[Nested, bool, Flags]:
    """Return the counts over those who gave every category, and who that is.

    Parameters
    ----------
    found : Answer
        To a question about several categories.

    Returns
    -------
    used : Nested
        As printed, of the members that gave them, or, where nobody did, of the whole area.
    printed : bool
        Whether all are printed for the whole area.
    given : array of bool, shape (n,)
        Which members gave them all.
    """
    given: Flags = np.all(found.each.numerator.given, axis=0)
    if found.stated.numerator.given.all():
        return (found.whole if found.cells.whole.given.all() else found.stated), True, given
    return (found.each.over(given) if given.any() else found.whole), False, given


def is_held(found: Answer) -> bool:
    """Return whether a source hides any of the categories, which no sum may narrow then.

    Parameters
    ----------
    found : Answer
        To a question about several categories.
    """
    known, cells = len(found.classification.recorded), found.cells
    hidden = (cells.stated_hidden[1 : 1 + known], cells.applying_hidden[1 : 1 + known])
    return any(bool(each.any()) for each in hidden)


def is_untied(found: Answer) -> bool:
    """Return whether no count but the categories and their sum says more of the categories.

    Parameters
    ----------
    found : Answer
        To a question about several categories.
    """
    if found.whole.numerator.is_point.all():
        return True
    total = bool(found.cells.stated.given[0].any())
    return not found.cells.scope.members and not (total and is_held(found))


def _categories(found: Answer, over: str) -> Holders:
    counted = series(found.cells.scope.table)
    used, printed, given = together(found)
    exclusive = found.base.overlap is Overlap.EXCLUSIVE
    counts, held = intervals(found.whole.numerator), is_held(found)
    unknown, everyone = found.whole.unknown.interval(), found.whole.everyone.interval()
    joined = [Interval(count.lower, (count + unknown).upper) for count in counts]
    return Holders(
        labels=tuple(cell[over] for cell in found.classification.recorded),
        reported=Box.of(intervals(used.numerator)) if printed or given.any() else None,
        bounds=Box.of(counts, found.whole.recorded.interval() if exclusive else None, held=held),
        possible=Box.of(joined, everyone if exclusive else None, held=held),
        untied=exclusive and is_untied(found),
        what=f"{found.base.label} among the categories of {named([over])}",
        base=found.base,
        category=found.base.within,
        unknown=used.unknown.interval(),
        context=found.cells.context(printed, given, counted, counted),
        parts=None,
    )


def intervals(counts: Counts) -> list[Interval]:
    """Return what each of some counts can be.

    Parameters
    ----------
    counts : Counts
        Of any shape.
    """
    ends = zip(counts.lower.ravel().tolist(), counts.upper.ravel().tolist(), strict=True)
    return [Interval(int(low), None if np.isinf(high) else int(high)) for low, high in ends]
