"""Systems of counts: the rows of each reporter and period, and the bounds that follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.columns import Coded, Floats, Index, Mask, Ranges
from thbstats.languages import Message
from thbstats.panel.citizenship_groups import CitizenshipGroups
from thbstats.panel.system_rows import GROUPS, UNKNOWN, in_groups_of, kinds_of
from thbstats.records import Dimension
from thbstats.tables.columns import Columns
from thbstats.values import Reason

SLIP_SHARE, SLIP_COUNT = 0.005, 10
"""An excess of the parts up to this share and this number of persons is a discrepancy."""

LEAVE_OUT = "leave_out"

READINGS: Mapping[str, Callable[..., str]] = {
    LEAVE_OUT: lambda number: number,
    "published": partial(Message, "{number}, contradictory totals as published"),
    "parts": partial(Message, "{number}, contradictory totals as the sum of their parts"),
}
"""The readings of a total that its parts exceed, in the name of a number."""


def with_reading(number: str, reading: str) -> str:
    """Return the name of a number with the reading of contradictory totals."""
    return READINGS[reading](number=number)


def allowed_excess(total: Any) -> Any:
    """Return the largest excess of parts over a total that is a discrepancy."""
    return np.minimum(np.floor(SLIP_SHARE * np.where(np.isinf(total), 0, total)), SLIP_COUNT)


@frozen(eq=False, kw_only=True)
class SystemLine:
    """The rows of a table as wholes and parts along one dimension, for r rows."""

    dimension: Dimension
    whole: Index  # (r,): the row of which each row is a part; -1 for a row of the total
    parts: Index  # (r,): the number of parts of each row
    low: Floats  # (r,): the least sum of the parts
    known: Floats  # (r,): the same without unknown
    high: Floats  # (r,): the largest sum of the parts; ``inf`` where another category can exist
    others: Floats  # (r,): the largest sum of the parts that have a row
    complete: Mask  # (r,): wholes without persons outside of their parts
    overlaps: Mask  # (r,): wholes whose parts overlap
    wrong: Mask  # (r,): wholes that their parts exceed, and these parts
    sources: Mask  # (r,): counts of which such parts without a row are sums
    empty: Mask  # (r,): rows without a value that agrees with the other rows of the line

    @cached_property
    def _order(self) -> tuple[Index, Index]:
        """The rows in the order of their wholes, and these wholes."""
        order = np.argsort(self.whole, kind="stable")
        return order, self.whole[order]

    def parts_of(self, whole: int) -> Index:
        """Return the parts of a row."""
        order, wholes = self._order
        return order[slice(*np.searchsorted(wholes, [whole, whole + 1]))]

    COLUMNS: ClassVar = (
        *("low", "known", "high", "others", "complete", "overlaps", "wrong", "sources", "empty"),
    )


@frozen(eq=False, kw_only=True)
class CountSystems:
    """The rows of a table, and rows that follow from them.

    Each reporter and period is one system: a row is the sum of its parts along each dimension that
    it does not list. `columns` has the rows of the table, then margins without a row. The bounds of
    counts that were not reported follow from all rows of the system; reported counts keep theirs.
    """

    columns: Columns
    size: int  # The number of rows of the table
    group: Index  # (r,): the reporter, period and attributes of each row
    lines: Mapping[str, SystemLine]  # By dimension with categories
    derived: Mask  # (r,): counts that follow from other rows and are not in the table
    implied: Ranges  # (r,): the bounds that follow, also for reported counts
    hull: Ranges  # (r,): the counts, and for contradictory totals the hull of both readings
    # (r,): counts that contradict others, in any way: 10 victims, 8 of them female and 5 male.
    wrong: Mask
    parts_above: Mask  # (r,): totals below the sum of their exclusive parts
    summed: Ranges  # (r,): the sum of the parts of these totals
    cell: Index  # (r,): the same number for counts of all areas that differ in their area only
    # (r,): counts of areas that contradict the sum of their members: 5 of the EU, 8 of FR.
    below: Mask
    # (r,): derived counts that follow from contradictory counts only. In `query_systems`, unknown
    # sex is 2 because of the 5 adults alone, who exceed the total.
    unsupported: Mask
    # (r,): counts that do not use counts that contradict others: there, 6 to 8 female victims.
    aside: Mask
    _known_wrong: dict[object, Mask] = field(factory=dict, init=False)  # By the arguments

    def as_published(self) -> "CountSystems":
        """Return the systems; contradictory totals have the counts of the source."""
        numbers, none = self.columns.numbers, np.zeros(len(self.wrong), dtype=np.bool_)
        lines = {
            name: evolve(line, wrong=none, sources=none, empty=none)
            for name, line in self.lines.items()
        }
        hull = evolve(self.hull, lower=numbers.lower, upper=numbers.upper)
        return evolve(self, lines=lines, wrong=none, below=none, hull=hull)

    def with_rows_of(self, others: "Sequence[tuple[CountSystems, Mask, Mask]]") -> "CountSystems":
        """Return the systems with some rows from other systems.

        Each of the others has the rows of a mask, (r,), and replaces those of a second one.
        """
        # The rows of each of the others, in it and here, for one copy of each column.
        rows = [(np.flatnonzero(taken[mask]), np.flatnonzero(taken)) for _, mask, taken in others]

        def put(old: Any, *new: Any) -> Any:
            result = old.copy()
            for (source, target), own in zip(rows, new, strict=True):
                result[target] = own[source]
            return result

        def columns(names: Iterable[str], old: Any, new: Sequence[Any]) -> dict[str, Any]:
            return {
                name: put(getattr(old, name), *(getattr(own, name) for own in new))
                for name in names
            }

        def ranges(name: str) -> Ranges:
            new = [getattr(own, name) for own in systems]
            return Ranges(**columns(("lower", "upper", "reported"), getattr(self, name), new))

        systems, lines = [own for own, _, _ in others], {}
        for name, line in self.lines.items():
            new = [own.lines[name] for own in systems]
            wholes = [
                np.where(own.whole >= 0, np.flatnonzero(mask)[own.whole], -1)
                for own, (_, mask, _) in zip(new, others, strict=True)
            ]
            own_columns = columns(SystemLine.COLUMNS, line, new)
            lines[name] = evolve(line, whole=put(line.whole, *wholes), **own_columns)
        numbers = self.columns.numbers
        counts = columns(
            ("lower", "upper", "reason"), numbers, [own.columns.numbers for own in systems]
        )
        own: dict[str, Any] = {name: ranges(name) for name in ("implied", "hull", "summed")}
        own |= columns(("derived", "wrong", "parts_above"), self, systems)
        with_counts = evolve(self.columns, numbers=evolve(numbers, **counts))
        return evolve(self, columns=with_counts, lines=lines, **own)

    @cached_property
    def has_text(self) -> Mask:
        """The rows that texts on contradictions can describe, (r,)."""
        columns, marks = self.columns, self.wrong | self.unsupported | self.aside
        marks = marks | (columns.numbers.reason == Reason.CONFLICTING.severity)
        return np.asarray(marks | (columns.finding > 0))

    @cached_property
    def is_in_wrong_system(self) -> Mask:
        """The rows of systems in which counts contradict each other, (r,)."""
        return in_groups_of(self.group, self.wrong)

    def wrong_in(self, names: Iterable[str], outside: Iterable[str] = ()) -> Mask:
        """Return the rows that take part in a contradiction in some dimensions, cached.

        Without `names`, they are all dimensions. In those of `outside`, only a part of a total
        that its own parts exceed counts, with these parts. Rows without a value that agrees with
        all others are contradictory for a query of several dimensions, and so are the rows of which
        contradictory rows without a count are sums.
        """
        chosen, excluded = frozenset(names), frozenset(outside)
        if (chosen, excluded) in self._known_wrong:
            return self._known_wrong[chosen, excluded]
        marks = [self.below, self.unsupported]
        for name, line in self.lines.items():
            if chosen and line.dimension.name not in chosen:
                continue
            wrong = line.wrong & self._is_inside(line) if name in excluded else line.wrong
            marks.append(wrong | line.empty | line.sources if len(chosen) > 1 else wrong)
        self._known_wrong[chosen, excluded] = np.any(marks, axis=0)
        return self._known_wrong[chosen, excluded]

    def small_excesses(self, names: Iterable[str]) -> Mapping[str, Mask]:
        """Return the totals that exclusive parts exceed within the tolerance, by dimension, (r,).

        Without `names`, they are all dimensions.
        """
        chosen, upper = frozenset(names), self.columns.numbers.upper
        return {
            name: (line.parts > 0) & (line.low > upper) & ~(line.overlaps | line.wrong)
            for name, line in self.lines.items()
            if not chosen or line.dimension.name in chosen
        }

    def discrepant_in(self, names: Iterable[str]) -> Mask:
        """Return the totals of `small_excesses` and their parts in some dimensions, (r,)."""
        result = np.zeros(len(self.wrong), dtype=np.bool_)
        for name, totals in self.small_excesses(names).items():
            whole = self.lines[name].whole
            result |= totals | ((whole >= 0) & totals[whole])
        return result

    def _is_inside(self, line: SystemLine) -> Mask:
        """Return the rows within a total that are smaller than their own parts, and these parts."""
        is_part, above = line.whole >= 0, line.low > self.columns.numbers.upper
        exceeded = (line.parts > 0) & above & is_part
        return np.asarray(exceeded | (is_part & exceeded[line.whole]))

    def absent(self, name: str, whole: Index, words: Coded[str] | None = None) -> Ranges:
        """Return the counts of a category without a row, as a part of some rows.

        `whole` has the row of which it is a part; -1 without such a row. `words` is the category;
        its own parts count for it, and it is in its nearest wider category. Without `words`, it is
        any other category.

        60 of 100 victims are victims of sexual exploitation, 50 of them in prostitution. 10 work in
        construction, a part of labour exploitation:

        >>> import numpy as np
        >>> import thbstats as thb
        >>> from thbstats.columns import Coded
        >>> from thbstats.panel.query_systems import systems_of
        >>> table = thb.CountTable.from_rows(
        ...     [("total", 100), ("sexual", 60), ("prostitution", 50), ("construction", 10)],
        ...     columns=["exploitation", "value"], kind="victims", area="FR", period=2020,
        ... )
        >>> for word in ("pornography", "agriculture", "labour"):
        ...     words, whole = Coded.constant(word, 1), np.array([0])
        ...     print(systems_of(table.columns).absent("exploitation", whole, words).interval(0))
        0 to 10
        0 to 30
        10 to 40

        Pornography is in sexual exploitation, and agriculture in the total, because labour
        exploitation has no row. Labour exploitation includes construction.
        """
        line, least, within = self.lines[name], np.zeros(whole.shape), whole.copy()
        if words is not None:
            for code in words.present:
                has_word, word = words.codes == code, words.categories[code]
                within[has_word] = self.around(name, whole[has_word], word)
                least[has_word] = self.inner(name, within[has_word], word)
        most = self._left_in(name, within, words, least)
        if words is not None and line.dimension.content == "citizenship":
            # A country is also next to all other countries of the whole.
            is_group = kinds_of(line.dimension, words.categories)[0][words.codes]
            next_to = np.minimum(most, self._left_in(name, whole, words, least))
            most = np.where(is_group, most, next_to)
        return Ranges(least.astype(np.int64), most, most == least)

    def _left_in(self, name: str, whole: Index, words: Coded[str] | None, least: Floats) -> Floats:
        """Return the largest count of categories without a row that the parts of some rows leave.

        `least` is the smallest count of each category. The largest count is infinite without a row
        or with a contradictory one.
        """
        line, there = self.lines[name], (whole >= 0)
        row = np.where(there, whole, 0)
        # The persons of the whole who certainly have other categories.
        others = np.where(line.overlaps[row], 0, line.low[row] - least)
        if words is not None and line.dimension.content == "citizenship":
            # Groups and countries are two divisions of the same persons. A category can be as
            # large as its own division leaves room: nationals can have the row of their country.
            is_group, is_country = (
                own[words.codes] for own in kinds_of(line.dimension, words.categories)
            )
            is_unknown = np.array([word == UNKNOWN for word in words.categories])[words.codes]
            unknown = line.low[row] - line.known[row]
            sums = [own[row] + unknown for own in self._citizens]
            own = np.where(is_unknown, np.max(sums, axis=0), np.where(is_group, *sums))
            others = np.minimum(others, np.maximum(own - least, 0))
            if GROUPS in self.lines:
                # Within a group, a country is next to the other countries of the group.
                groups = self.lines[GROUPS]
                is_next = ~groups.overlaps[row] & is_country
                others = np.maximum(others, np.where(is_next, groups.low[row] - least, 0))
        most = np.maximum(self.implied.upper[row] - others, least)
        return np.where(there & ~line.wrong[row], most, np.inf)

    @cached_property
    def _citizens(self) -> tuple[Floats, Floats]:
        """The least sums of the parts of each row by group and by country, (r,) each."""
        line, column = self.lines["citizenship"], self.columns["citizenship"]
        known = np.array([word != UNKNOWN for word in column.categories], np.bool_)
        groups, countries = (
            np.flatnonzero((own & known)[column.codes] & (line.whole >= 0))
            for own in kinds_of(line.dimension, column.categories)
        )
        by_group, by_country = (
            np.bincount(line.whole[part], self.implied.lower[part], len(line.whole)).astype(float)
            for part in (groups, countries)
        )
        return by_group, by_country

    def around(self, name: str, whole: Index, word: str) -> Index:
        """Return the rows of the nearest wider category of a category within some rows.

        In the example of `absent`, that of pornography within row 0 is row 1, sexual exploitation.
        """
        dimension, column, line = self.columns.schema[name], self.columns[name], self.lines[name]
        above = [dimension.ancestors(own) for own in column.categories]
        within = whole
        # From the widest category to the nearest one, each row that exists is within the last one.
        for wide in dimension.ancestors(word)[::-1]:
            if wide == dimension.total or wide not in column.categories:
                continue
            code, nearest = column.categories.index(wide), np.full(len(self.columns), -1)
            rows = np.flatnonzero(column.codes == code)
            rows = rows[line.whole[rows] >= 0]
            nearest[line.whole[rows]] = rows
            # Other parts of the wider category can be separate from it.
            inside = np.isin(column.codes, [i for i, own in enumerate(above) if wide in own])
            nearest[line.whole[inside & (line.whole >= 0)]] = -1
            narrower = np.where(within >= 0, nearest[within], -1)
            within = np.where(narrower >= 0, narrower, within)
        if dimension.content != "citizenship":
            return within
        # The group of a country depends on the area and the period.
        for group in self._groups_of(word, within):
            for code in np.unique(group[(within >= 0) & (group >= 0)]).tolist():
                narrower = np.where((within >= 0) & (group == code), self._groups[code][within], -1)
                within = np.where(narrower >= 0, narrower, within)
        return within

    def _groups_of(self, word: str, rows: Index) -> tuple[Index, Index]:
        """Return the codes of the groups of a citizenship in some rows."""
        words = tuple(dict.fromkeys((*self.columns["citizenship"].categories, word)))
        return CitizenshipGroups.of(self.columns, words).codes(words.index(word), rows)

    @cached_property
    def _groups(self) -> Mapping[int, Index]:
        """The row of each citizenship group within each row or -1, by the code of the group."""
        line, column, result = self.lines["citizenship"], self.columns["citizenship"], {}
        groups, countries = kinds_of(line.dimension, column.categories)
        for code in np.flatnonzero(groups & ~countries).tolist():
            rows = np.flatnonzero((column.codes == code) & (line.whole >= 0))
            result[code] = np.full(len(line.whole), -1, dtype=np.intp)
            result[code][line.whole[rows]] = rows
        return result

    def certain_others(self, name: str, whole: Index, row: Index, words: Coded[str]) -> Floats:
        """Return the smallest number of persons of some rows who are in another known category.

        `row` has the row of each category, and -1 for a category without a row. The wider part that
        contains a category, and its own parts, are not among the others.

        8 of 12 victims are victims of sexual exploitation, and 2 work in construction. 2 victims
        certainly have another form than prostitution, and 8 another one than labour exploitation:

        >>> import numpy as np
        >>> import thbstats as thb
        >>> from thbstats.panel.query_systems import systems_of
        >>> table = thb.CountTable.from_rows(
        ...     [("total", 12), ("sexual", 8), ("construction", 2)],
        ...     columns=["exploitation", "value"], kind="victims", area="FR", period=2020,
        ... )
        >>> systems, whole, row = systems_of(table.columns), np.array([0, 0]), np.array([-1, -1])
        >>> words = Coded(np.array([0, 1]), ["prostitution", "labour"])
        >>> systems.certain_others("exploitation", whole, row, words)
        array([2., 8.])
        """
        line, part, own = self.lines[name], row.copy(), np.zeros(whole.shape)
        for code in words.present:
            lacking, word = (words.codes == code) & (row < 0), words.categories[code]
            part[lacking] = self.around(name, whole[lacking], word)
            own[lacking] = self.inner(name, whole[lacking], word)
        # The widest part that contains the category.
        while (nested := (part != whole) & (part >= 0) & (line.whole[part] != whole)).any():
            part = np.where(nested, line.whole[part], part)
        own = np.where((part >= 0) & (part != whole), self.implied.lower[part], own)
        known = np.where(whole >= 0, line.known[whole], 0)
        if line.dimension.content == "citizenship":
            by_group, by_country = (np.where(whole >= 0, sums[whole], 0) for sums in self._citizens)
            is_group = kinds_of(line.dimension, words.categories)[0][words.codes]
            has_part, is_certain = (part >= 0) & (part != whole), np.zeros(whole.shape, np.bool_)
            for code in words.present:
                _, group = self._groups_of(words.categories[code], whole)
                is_certain |= (words.codes == code) & (group >= -1)
            # A country without a certain group can be in any group, and a group without a row can
            # have the citizens of any country.
            by_group -= np.where(is_group | is_certain | has_part, own, by_group)
            of_group = np.where(has_part, own, by_country)
            by_country -= np.where(is_group, of_group, np.where(row >= 0, own, 0))
            return np.maximum(np.maximum(by_group, by_country), 0)
        return np.maximum(known - own, 0)

    def inner(self, name: str, whole: Index, word: str) -> Floats:
        """Return the smallest sum of the parts of some rows that belong to a category."""
        dimension, column, line = self.columns.schema[name], self.columns[name], self.lines[name]
        inside = [i for i, own in enumerate(column.categories) if word in dimension.ancestors(own)]
        if word == dimension.total or not inside:
            return np.zeros(whole.shape)
        part = np.flatnonzero(np.isin(column.codes, inside) & (line.whole >= 0))
        sums = np.bincount(line.whole[part], self.implied.lower[part], len(self.columns))
        return np.where(whole >= 0, sums[whole], 0)
