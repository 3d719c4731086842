"""Which rows a question is about: the area asked for, its members, one kind of count."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import AmbiguousCell, NoSuchCell
from thbstats.geography import Area, parse_area
from thbstats.pooling.classification import rows_within
from thbstats.pooling.nested import Counts, Flags
from thbstats.results import Context, Hidden, Series
from thbstats.tables import AlignedCounts, CountTable, Origin, aligned
from thbstats.values import Interval, Period, Reason, flag_mask, flag_set

__all__ = ["Cells", "Scope", "scope"]

_HIDDEN = [reason.gravity for reason in (Reason.FEWER_THAN, Reason.SUPPRESSED)]
_GIVEN = [Reason.KNOWN.gravity, Reason.ROUNDED.gravity, *_HIDDEN]
_BREAK = flag_mask("b")


@frozen(eq=False, kw_only=True)
class Scope:
    """One area, one period and one kind of count in a table.

    Parameters
    ----------
    everywhere : CountTable
        The rows of the kind of count asked for.
    table : CountTable
        Those of the area and its members.
    area : Area
        The area asked for.
    printed : str or None
        The code under which the table prints the whole area, if it does.
    members : tuple of str
        The countries to pool.
    breaks : frozenset of (str, str)
        Areas and periods, of this table's whole time, at which the source flags a break.
    """

    everywhere: CountTable
    table: CountTable
    area: Area
    printed: str | None
    members: tuple[str, ...]
    breaks: frozenset[tuple[str, str]]

    def lists(self, selection: Mapping[str, str]) -> bool:
        """Whether any area has a row of a selection, if only one that says why it is missing."""
        return bool(len(rows_within(self.everywhere, (), selection)))

    def cells(self, selections: Sequence[Mapping[str, Any]]) -> "Cells":
        """Return the counts of some selections for the whole area and for each member.

        A member leaves the question if the first selection does not apply to it, or nothing
        does; what else does not apply adds nothing.
        """
        keys, found = aligned(self.table, selections)
        place = {key: position for position, key in enumerate(keys)}
        whole = np.array([place.get(self.printed or "", -1)])
        each = np.array([place.get(member, -1) for member in self.members], dtype=np.intp)
        applies = _applicable(found, each)
        stated, members = _stack(found, whole), _stack(found, each, applies)
        lacking = [self._lacking(int(item.row[whole[0]])) for item in found]
        return Cells(
            scope=self,
            stated=stated,
            whole=_completed(stated, members, lacking) if self.printed else stated,
            each=members,
            applies=applies,
            stated_hidden=_hides(found, whole),
            each_hidden=_hides(found, each),
            found=tuple(int(item.present.sum()) for item in found),
            rows=np.unique(np.concatenate([item.row[item.present] for item in found])),
            unanswered=_unanswered(found, whole, each[applies]),
        )

    def _lacking(self, row: int) -> Flags | None:
        """The members that are not behind a printed count; ``None`` where nobody names them."""
        if row < 0:
            return np.zeros(len(self.members), dtype=np.bool_)
        origin = self.table.origins[self.table.origin[row]]
        if origin.reporters is not None:
            return np.array([member not in origin.reporters for member in self.members], np.bool_)
        if origin.n_reporters is not None and origin.n_reporters < len(self.members):
            return None
        return np.zeros(len(self.members), dtype=np.bool_)


def _unanswered(
    found: Sequence[AlignedCounts], whole: NDArray[np.intp], each: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Return the cases without an answer in each selection; -1 where that is not documented.

    They are those of the whole area if the table has a row of it, else those of each member.
    """
    places = whole if whole[0] >= 0 else each
    return np.stack([np.where(places >= 0, item.unanswered[places], -1) for item in found])


def _stack(
    found: Sequence[AlignedCounts], places: NDArray[np.intp], applies: Flags | None = None
) -> Counts:
    there = places >= 0
    given = [there & item.present[places] & np.isin(item.reason[places], _GIVEN) for item in found]
    if applies is not None:
        given = [
            known | (applies & _absent(item, places))
            for item, known in zip(found, given, strict=True)
        ]
    return Counts(
        np.stack([np.where(there, item.lower[places], 0.0) for item in found]),
        np.stack([np.where(there, item.upper[places], np.inf) for item in found]),
        np.stack(given),
    )


def _hides(found: Sequence[AlignedCounts], places: NDArray[np.intp]) -> Flags:
    """Where the source hides a count: "fewer than n", or suppressed."""
    there = places >= 0
    return np.array(
        [there & item.present[places] & np.isin(item.reason[places], _HIDDEN) for item in found]
    )


def _absent(item: AlignedCounts, places: NDArray[np.intp]) -> Flags:
    """Where a count does not apply."""
    absent: Flags = (places >= 0) & (item.reason[places] == Reason.NOT_APPLICABLE.gravity)
    return absent


def _applicable(found: Sequence[AlignedCounts], places: NDArray[np.intp]) -> Flags:
    absent = np.array([_absent(item, places) for item in found])
    missing = np.array([(places < 0) | ~item.present[places] for item in found])
    nothing = absent.any(axis=0) & (absent | missing).all(axis=0)
    applicable: Flags = ~(absent[0] | nothing)
    return applicable


def _completed(stated: Counts, each: Counts, lacking: Sequence[Flags | None]) -> Counts:
    """Return what is printed, with what the members add that are not behind it."""
    added = [
        Counts.nothing(1) if members is None else each.of(place).over(members).pooled()
        for place, members in enumerate(lacking)
    ]
    complete = [members is not None and not members.any() for members in lacking]
    return Counts(
        stated.lower + np.stack([item.lower for item in added]),
        stated.upper + np.stack([item.upper for item in added]),
        stated.given & np.array(complete, dtype=np.bool_)[:, np.newaxis],
    )


@frozen(eq=False, kw_only=True)
class Cells:
    """The counts of several selections, in one row each.

    Parameters
    ----------
    scope : Scope
        Where they were read.
    stated : Counts, shape (s, 1)
        As printed for the whole area; not given where it is not printed.
    whole : Counts, shape (s, 1)
        The same for all members: what is printed, and whoever is not behind it.
    each : Counts, shape (s, n)
        For each member.
    applies : array of bool, shape (n,)
        Which members can have such counts at all.
    stated_hidden, each_hidden : array of bool, shape (s, 1) and (s, n)
        Which counts the source hides.
    found : tuple of int, length s
        How many rows of the table each selection has.
    rows : array of int
        The rows of the table that were read.
    unanswered : array of int64, shape (s, 1) or (s, n)
        The further cases to which each selection may apply, because they have no answer: for the
        whole area if the table has a row of it, else for each member to which the question applies;
        -1 where that is not documented.
    """

    scope: Scope
    stated: Counts
    whole: Counts
    each: Counts
    applies: Flags
    stated_hidden: Flags
    each_hidden: Flags
    found: tuple[int, ...]
    rows: NDArray[np.intp]
    unanswered: NDArray[np.int64]

    @property
    def members(self) -> tuple[str, ...]:
        """The members to which the question applies."""
        return tuple(np.array(self.scope.members)[self.applies].tolist())

    @property
    def applying(self) -> Counts:
        """The counts of the members to which the question applies."""
        return self.each.over(self.applies)

    @property
    def members_read(self) -> bool:
        """Whether any member has a row of its own."""
        return bool(self.each.given.any())

    @property
    def applying_hidden(self) -> Flags:
        """Which counts of the members to which the question applies the source hides."""
        hidden: Flags = self.each_hidden[:, self.applies]
        return hidden

    def context(
        self,
        printed: bool,
        given: Flags,
        counted: Series,
        against: Series,
        used: Sequence[int] | None = None,
    ) -> Context:
        """Return what a number speaks of.

        Parameters
        ----------
        printed : bool
            Whether it comes from what is printed for the whole area.
        given : array of bool
            Else from which members.
        counted, against : Series
            What numerator and denominator count.
        used : sequence of int, optional
            The selections of which the number is made, if not all.
        """
        table, rows = self.scope.table, self.rows
        sources = {source for origin in self._origins(rows) for source in origin.sources}
        reporters, number = self._documented() if printed else self._named(given)
        return Context(
            area=self.scope.area,
            period=Period.parse(table.categories("period")[0]),
            counted=counted,
            against=against,
            reporters=reporters,
            expected=frozenset(self.members) if self.scope.members else self.scope.area.members,
            n_reporters=number,
            flags=flag_set(int(np.bitwise_or.reduce(table.flags[rows], initial=0))),
            sources=tuple(sorted(sources, key=lambda source: (source.title, source.section))),
            hidden=self._hidden(
                printed, given, list(range(len(self.found)) if used is None else used)
            ),
            breaks=self.scope.breaks,
        )

    def _hidden(self, printed: bool, given: Flags, used: list[int]) -> Hidden | None:
        """What the source hides of the counts of which a number is made."""
        if printed:
            hidden, counts = self.stated_hidden, self.stated
        else:
            hidden, counts = self.applying_hidden[:, given], self.applying.over(given)
        chosen = hidden[used]
        if not chosen.any():
            return None
        areas = (self.scope.area.code,) if printed else self._names(given)
        lower, upper = (ends[used][chosen].sum() for ends in (counts.lower, counts.upper))
        return Hidden(
            cells=int(chosen.sum()),
            areas=frozenset(areas[place] for place in np.nonzero(chosen)[1].tolist()),
            counts=Interval(int(lower), None if np.isinf(upper) else int(upper)),
        )

    def _origins(self, rows: NDArray[np.intp]) -> list[Origin]:
        table = self.scope.table
        return [table.origins[code] for code in sorted(set(table.origin[rows].tolist()))]

    def _names(self, given: Flags) -> tuple[str, ...]:
        return tuple(member for member, gave in zip(self.members, given, strict=True) if gave)

    def _named(self, given: Flags) -> tuple[frozenset[str], int]:
        names = self._names(given)
        return frozenset(names), len(names)

    def _documented(self) -> tuple[frozenset[str] | None, int | None]:
        """The countries behind a printed whole, as far as its source lists them."""
        if not self.scope.members:
            return self.scope.area.members, 1
        table = self.scope.table
        place = table.categories("area").index(self.scope.printed or "")
        origins = self._origins(self.rows[table.codes("area")[self.rows] == place])
        lists = [origin.reporters for origin in origins if origin.reporters is not None]
        if len(lists) < len(origins):
            numbers = {origin.n_reporters for origin in origins}
            return None, numbers.pop() if len(numbers) == 1 else None
        shared = frozenset.intersection(*lists)
        return shared, len(shared)


def scope(table: CountTable, area: str | Area | None, **attributes: Any) -> Scope:
    """Return the rows of one kind of count, and the area that the question is about.

    Raises
    ------
    NoSuchCell
        If the table is empty, or nothing in it is of this kind and area.
    AmbiguousCell
        If no area is named and the table has compositions beside other areas, if it prints the
        area under two names, or has several periods.
    """
    asked = {name: value for name, value in attributes.items() if value is not None}
    everywhere = _some(table.where(**asked), table, asked)
    wanted = _area(everywhere, area)
    found = [code for code in everywhere.categories("area") if _belongs(parse_area(code), wanted)]
    chosen = _some(everywhere.where(area=found), table, {"area": wanted, **asked})
    periods = chosen.categories("period")
    if len(periods) > 1:
        raise AmbiguousCell(
            "the table has several periods",
            field="period",
            value=", ".join(periods[:8]),
            mend=f"Name one, such as period={periods[0]!r}, or sum them first",
        )
    return Scope(
        everywhere=everywhere,
        table=chosen,
        area=wanted,
        printed=_printed(found, wanted),
        members=tuple(sorted(wanted.members)) if len(wanted.members) > 1 else (),
        breaks=_breaks(table, wanted, asked),
    )


def _breaks(
    table: CountTable, wanted: Area, asked: Mapping[str, Any]
) -> frozenset[tuple[str, str]]:
    """Return where the source flags a break, also in periods that nobody asked for."""
    if not np.any(table.flags & _BREAK):
        return frozenset()
    areas = [code for code in table.categories("area") if _belongs(parse_area(code), wanted)]
    series = table.where(area=areas, **{name: asked[name] for name in asked if name != "period"})
    rows = np.flatnonzero(series.flags & _BREAK)
    codes = [
        np.array(series.categories(name), dtype=object)[series.codes(name)[rows]]
        for name in ("area", "period")
    ]
    return frozenset(zip(*(column.tolist() for column in codes), strict=True))


def _some(chosen: CountTable, table: CountTable, asked: Mapping[str, Any]) -> CountTable:
    if not len(chosen):
        named = ", ".join(f"{name}={value!s}" for name, value in asked.items())
        raise NoSuchCell(
            f"no counts for {named}" if len(table) else "the table has no rows",
            mend=f"What there is: {table!r}",
        )
    return chosen


def _belongs(area: Area, wanted: Area) -> bool:
    """Whether a row is of the area asked for or of one of its members."""
    return area == wanted or (len(area.members) == 1 and area.members <= wanted.members)


def _printed(codes: Sequence[str], wanted: Area) -> str | None:
    names = [code for code in codes if parse_area(code) == wanted]
    if len(names) > 1:
        raise AmbiguousCell(
            "the table prints the same countries under several names",
            field="area",
            value=", ".join(names),
            mend=f"Choose one with where(area={names[0]!r})",
        )
    return names[0] if names else None


def _area(table: CountTable, area: str | Area | None) -> Area:
    if area is not None:
        return parse_area(area)
    codes = table.categories("area")
    areas = [parse_area(code) for code in codes]
    if len(areas) == 1:
        return areas[0]
    if all(len(item.members) == 1 for item in areas):
        return Area.of(member for item in areas for member in item.members)
    raise AmbiguousCell(
        "the table has compositions beside other areas",
        field="area",
        value=", ".join(codes[:8]),
        mend=f"Name the area that you ask for, such as area={codes[0]!r}",
    )
