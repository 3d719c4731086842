"""Which rows a question is about: the area asked for, its members, one kind of count."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import AmbiguousCell, NoSuchCell
from thbstats.geography import Area, parse_area
from thbstats.indicators._nested import Counts
from thbstats.results import Context, Series
from thbstats.tables import AlignedCounts, CountTable, Origin, aligned
from thbstats.values import Period, Reason, flag_set

__all__ = ["Cells", "Scope", "scope"]

_GIVEN = [
    reason.gravity
    for reason in (Reason.KNOWN, Reason.ROUNDED, Reason.FEWER_THAN, Reason.SUPPRESSED)
]


@frozen(eq=False, kw_only=True)
class Scope:
    """One area, one period and one kind of count in a table.

    Parameters
    ----------
    table : CountTable
        The rows of the kind of count asked for.
    area : Area
        The area asked for.
    printed : str or None
        The code under which the table prints the whole area, if it does.
    members : tuple of str
        The countries to pool.
    """

    table: CountTable
    area: Area
    printed: str | None
    members: tuple[str, ...]

    def cells(self, selections: Sequence[Mapping[str, Any]]) -> "Cells":
        """Return the counts of some selections for the whole area and for each member."""
        keys, found = aligned(self.table, selections)
        place = {key: position for position, key in enumerate(keys)}
        whole = np.array([place.get(self.printed or "", -1)])
        each = np.array([place.get(member, -1) for member in self.members], dtype=np.intp)
        return Cells(
            scope=self,
            whole=_stack(found, whole),
            each=_stack(found, each),
            applies=~_inapplicable(found, each),
            found=tuple(bool(item.present.any()) for item in found),
            rows=np.unique(
                np.concatenate([item.row[np.concatenate([whole, each])] for item in found])
            ),
        )


def _stack(found: Sequence[AlignedCounts], places: NDArray[np.intp]) -> Counts:
    there = places >= 0
    given = [there & item.present[places] & np.isin(item.reason[places], _GIVEN) for item in found]
    return Counts(
        np.stack([np.where(there, item.lower[places], 0.0) for item in found]),
        np.stack([np.where(there, item.upper[places], np.inf) for item in found]),
        np.stack(given),
    )


def _inapplicable(found: Sequence[AlignedCounts], places: NDArray[np.intp]) -> NDArray[np.bool_]:
    absent = Reason.NOT_APPLICABLE.gravity
    marks = [(places >= 0) & (item.reason[places] == absent) for item in found]
    marked: NDArray[np.bool_] = np.asarray(np.any(marks, axis=0))
    return marked


@frozen(eq=False, kw_only=True)
class Cells:
    """The counts of several selections, in one row each.

    Parameters
    ----------
    scope : Scope
        Where they were read.
    whole : Counts, shape (s, 1)
        As printed for the whole area; not given where it is not printed.
    each : Counts, shape (s, n)
        For each member.
    applies : array of bool, shape (n,)
        Which members can have such counts at all.
    found : tuple of bool, length s
        Which selections have a row anywhere in the table.
    rows : array of int
        The rows of the table that were read; -1 stands for none.
    """

    scope: Scope
    whole: Counts
    each: Counts
    applies: NDArray[np.bool_]
    found: tuple[bool, ...]
    rows: NDArray[np.intp]

    @property
    def members(self) -> tuple[str, ...]:
        """The members to which the question applies."""
        return tuple(np.array(self.scope.members)[self.applies].tolist())

    @property
    def members_read(self) -> bool:
        """Whether any member has a row of its own."""
        return bool(self.each.given.any())

    def context(
        self, printed: bool, given: NDArray[np.bool_], counted: Series, against: Series
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
        """
        table, rows = self.scope.table, self.rows[self.rows >= 0]
        sources = {source for origin in self._origins(rows) for source in origin.sources}
        reporters, number = self._documented() if printed else self._named(given)
        return Context(
            area=self.scope.area,
            period=Period.parse(table.categories("period")[0]),
            counted=counted,
            against=against,
            reporters=reporters,
            expected=frozenset(self.members) if self.members else self.scope.area.members,
            n_reporters=number,
            flags=flag_set(int(np.bitwise_or.reduce(table.flags[rows], initial=0))),
            sources=tuple(sorted(sources, key=lambda source: (source.title, source.section))),
        )

    def _origins(self, rows: NDArray[np.intp]) -> list[Origin]:
        table = self.scope.table
        return [table.origins[code] for code in sorted(set(table.origin[rows].tolist()))]

    def _named(self, given: NDArray[np.bool_]) -> tuple[frozenset[str], int]:
        names = frozenset(np.array(self.members)[given].tolist()) if self.members else frozenset()
        return names, len(names)

    def _documented(self) -> tuple[frozenset[str] | None, int | None]:
        """The countries behind a printed whole, as far as its source lists them."""
        if not self.scope.members:
            return self.scope.area.members, 1
        table = self.scope.table
        place = table.categories("area").index(self.scope.printed or "")
        rows = self.rows[self.rows >= 0]
        origins = self._origins(rows[table.codes("area")[rows] == place])
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
        If the table is empty, or nothing in it is of this kind.
    AmbiguousCell
        If no area is named and the table has compositions beside other areas, or there are
        several periods.
    """
    chosen = table.where(**{name: value for name, value in attributes.items() if value is not None})
    if not len(chosen):
        asked = ", ".join(f"{name}={value!s}" for name, value in attributes.items() if value)
        raise NoSuchCell(
            f"no counts for {asked}" if asked else "the table has no rows",
            mend=f"What there is: {table!r}",
        )
    periods = chosen.categories("period")
    if len(periods) > 1:
        raise AmbiguousCell(
            "the table has several periods",
            field="period",
            value=", ".join(periods[:8]),
            mend=f"Name one, such as period={periods[0]!r}, or sum them first",
        )
    wanted = _area(chosen, area)
    known = {parse_area(code): code for code in chosen.categories("area")}
    return Scope(
        table=chosen,
        area=wanted,
        printed=known.get(wanted),
        members=tuple(sorted(wanted.members)) if len(wanted.members) > 1 else (),
    )


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
