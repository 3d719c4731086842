"""Counts of one period, or of several that follow one another, of the same countries throughout."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import add, and_
from typing import Any

from attrs import evolve, frozen

from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.pooling.flows import Flow, flow
from thbstats.pooling.nested import Counts, Flags
from thbstats.pooling.scope import Scope, scope
from thbstats.pooling.series import split
from thbstats.records import schema_of
from thbstats.results import Context, Measure, Parts, Range, Series
from thbstats.tables import CountTable, need_table
from thbstats.values import Count, Interval, Period

__all__ = [
    "Window",
    "area_throughout",
    "common_area",
    "periods_of",
    "require_counts",
    "require_rows",
    "window",
]


@frozen(kw_only=True, eq=False)
class Window:
    """Counts of one kind and category, added up over the periods of a window.

    A member gave the sum where it gave the count of every period.

    Parameters
    ----------
    flows : tuple of Flow
        One per period, over the same members.
    """

    flows: tuple[Flow, ...]

    @property
    def counted(self) -> Series:
        """What is counted."""
        return self.flows[0].counted

    @property
    def category(self) -> Mapping[str, str]:
        """The category, empty for the total."""
        return self.flows[0].category

    @property
    def members(self) -> tuple[str, ...]:
        """The members to which the counts of all periods apply."""
        return self.flows[0].cells.members

    @property
    def applies(self) -> Flags:
        """Which members of the area they are."""
        applies: Flags = reduce(and_, (each.cells.applies for each in self.flows))
        return applies

    @property
    def each(self) -> Counts:
        """The sum of each member."""
        return reduce(add, (each.each for each in self.flows))

    @property
    def whole(self) -> Counts:
        """The sum of the whole area: as printed, and what its members make of it."""
        return reduce(add, (each.whole for each in self.flows))

    @property
    def printed(self) -> bool:
        """Whether the whole area's count is printed for every period."""
        return all(each.printed for each in self.flows)

    @property
    def unknown(self) -> Counts | None:
        """The unknown who could belong to the category, where every period lists them."""
        found = [unknown for each in self.flows if (unknown := each.unknown) is not None]
        return reduce(add, found) if len(found) == len(self.flows) else None

    @property
    def possible(self) -> Interval:
        """The sum of the whole area once any of the unknown may belong to the category."""
        return reduce(add, (each.possible for each in self.flows))

    def parts_of(self, given: Flags) -> Parts | None:
        """Return what each member adds, where any of some gave it."""
        each = self.each
        if not given.any():
            return None
        return Parts(
            members=self.members,
            numerator=Range(each.lower, each.upper),
            rest=Range.zero(len(each.lower)),
            given=given,
            measure=Measure.COUNT,
        )

    @property
    def sharp(self) -> bool:
        """Whether no other count in the table can say more of it."""
        return all(each.sharp for each in self.flows)

    def used(self, printed: bool, given: Flags) -> Interval:
        """Return the sum behind `reported`: as printed, of some members, or of the area."""
        return reduce(add, (each.used(printed, given) for each in self.flows))

    def context(self, printed: bool, given: Flags) -> Context:
        """Return what the sum speaks of, for the whole area or for some members."""
        contexts = [each.context(printed, given) for each in self.flows]
        if len(contexts) == 1:
            return contexts[0]
        period = Period.joined(context.period for context in contexts)
        return reduce(Context.merge, (evolve(context, period=period) for context in contexts))

    def over(self, applies: Flags) -> "Window":
        """Return the sums of those members to which something else applies too."""
        flows = (evolve(each, cells=evolve(each.cells, applies=applies)) for each in self.flows)
        return Window(flows=tuple(flows))


def window(
    table: CountTable, area: str | Area | None, question: str, selection: Mapping[str, Any]
) -> Window:
    """Return one side of a ratio, for the period or the periods that a selection names.

    Raises
    ------
    NoSuchCell
        If no row of a period has such a count.
    InvalidValue
        If the periods do not follow one another, or count different things.
    """
    periods = periods_of(selection.get("period"))
    if len(periods) > 1 and area is None:
        area = area_throughout(table, area, selection)
    flows = [flow(table, area, question, {**selection, "period": period}) for period in periods]
    kinds = dict.fromkeys(each.counted for each in flows)
    if len(kinds) > 1:
        raise InvalidValue(
            "the periods count different things, which make no sum",
            field="period",
            value=", ".join(kind.label for kind in kinds),
            mend="Choose periods of one unit and register, or name one of them",
        )
    found = Window(flows=tuple(flows))
    return found.over(found.applies)


def periods_of(period: Any) -> tuple[str | None, ...]:
    """Return the periods that an argument names, in order; one of them is any, where it is None.

    Raises
    ------
    InvalidValue
        If it names none, or what it names is no period.
    """
    if period is None:
        return (None,)
    if isinstance(period, str | Period) or not isinstance(period, Iterable):
        return (str(Period.parse(period)),)
    found = dict.fromkeys(str(Period.parse(item)) for item in period)
    if not found:
        raise InvalidValue(
            "a window has one period or more",
            field="period",
            mend="Give years that follow one another, such as [2015, 2016]",
        )
    return tuple(found)


def area_throughout(
    table: CountTable, area: str | Area | None, selection: Mapping[str, Any]
) -> Area:
    """Return the area asked for, or all countries that any of the periods has together."""
    attributes, _ = split(table, selection, breakdowns="a window")
    periods = periods_of(attributes.pop("period", None))
    return common_area([scope(table, area, **attributes, period=period) for period in periods])


def common_area(scopes: Sequence[Scope]) -> Area:
    """Return the area of all tables or periods, or all countries of any of them."""
    areas = list(dict.fromkeys(where.area for where in scopes))
    if len(areas) == 1:
        return areas[0]
    for where in scopes:
        if where.printed is not None and where.members:
            raise AmbiguousCell(
                "the two sides are of different areas",
                field="area",
                value=" and ".join(item.code for item in areas),
                mend=f"Name the area that you ask for, such as area={where.area.code!r}",
            )
    return Area.of(member for area in areas for member in area.members)


def require_rows(table: CountTable, selection: Mapping[str, Any]) -> None:
    """Refuse to look for what no row is about.

    Raises
    ------
    NoSuchCell
        If there is no row.
    """
    if not len(need_table(table).where(**selection)):
        asked = ", ".join(f"{name}={word}" for name, word in selection.items())
        raise NoSuchCell(f"no counts for {asked}", mend=f"What there is: {table!r}")


def require_counts(table: CountTable, questions: Iterable[Mapping[str, Any]]) -> None:
    """Refuse questions about what nobody counts in any period.

    Raises
    ------
    NoSuchCell
        If no row has the attributes and categories of a question.
    """
    for question in questions:
        named = {name: word for name, word in question.items() if word is not None}
        require_rows(table, {name: named[name] for name in named if name != "period"})


def complete(table: CountTable, questions: Iterable[Mapping[str, Any]]) -> CountTable:
    """Return a table with a row for each of its areas in every question: a gap where it had none.

    Parameters
    ----------
    table : CountTable
        Counts.
    questions : iterable of mapping
        What is asked of each area: attributes, a period or several, categories.

    Raises
    ------
    NoSuchCell
        If nobody has any row of a period.
    """
    selections: dict[tuple[tuple[str, Any], ...], None] = {}
    for question in questions:
        attributes, categories = split(table, question, breakdowns="a window")
        named = [period for period in periods_of(attributes.pop("period", None)) if period]
        chosen = {name: word for name, word in attributes.items() if word is not None}
        for period in named or table.categories("period"):
            for cell in ({}, categories):
                selections[tuple({**chosen, "period": period, **cell}.items())] = None
    for period in dict.fromkeys(dict(selection)["period"] for selection in selections):
        require_rows(table, {"period": period})
    gaps = [row for selection in selections for row in _gaps(table, dict(selection))]
    if not gaps:
        return table
    return CountTable.concat([table, CountTable.from_rows(gaps, kind=table.kind)])


def _gaps(table: CountTable, selection: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = schema_of(table.kind)
    totals = {item.name: item.total for item in schema.dimensions if item.total is not None}
    attributes = {name: word for name, word in selection.items() if name not in totals}
    whole = len(attributes) == len(selection)
    gap = Count.not_reported() if whole else Count.breakdown_not_reported()
    alike = table.where(**attributes)
    wider = {name: word for name, word in attributes.items() if name != "period"}
    described = alike if len(alike) else table.where(**wider)
    there = set(alike.where(**{**totals, **selection}).categories("area"))
    shared = {
        item.name: words[0]
        for item in schema.dimensions
        if item.total is None and len(words := described.categories(item.name)) == 1
    }
    return [
        {**shared, **selection, "area": area, "value": gap}
        for area in table.categories("area")
        if area not in there
    ]
