"""Lists of persons with their overlaps."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from itertools import combinations
from typing import Any, Protocol

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds import Constraint, Linear, System
from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.errors import InvalidValue, require, require_name
from thbstats.geography import Area
from thbstats.lists.loglinear import Histories
from thbstats.records import Source
from thbstats.values import Count, Period, Reason

MOST_LISTS = 10
"""With more lists, a system of counts has more than a thousand unknowns."""

_UNKNOWN = ("unknown", "not_stated", "all")
_NOWHERE = Area(code="area not stated", label="not stated", members=())

Combination = Collection[str] | str
Counts = Mapping[Any, Count | int]


def _counts(counts: Counts | None) -> dict[frozenset[str], Count]:
    """Return counts by set of lists."""
    result: dict[frozenset[str], Count] = {}
    for key, value in (counts or {}).items():
        lists = frozenset((key,) if isinstance(key, str) else key)
        problem = "must be counts of one set of lists each"
        require(lists not in result, problem, "Add the counts", counts=" + ".join(sorted(lists)))
        result[lists] = value if isinstance(value, Count) else Count.known(value)
    return result


def _shared(values: Any, name: str, parse: Callable[[Any], Any]) -> Any:
    """Return the period or area of all lists; a mapping has one for each list."""
    parts = values.items() if isinstance(values, Mapping) else [("", values)]
    parsed = {key: parse(value) for key, value in parts}
    texts = ", ".join(f"{key} {value}" for key, value in parsed.items())
    problem, hint = f"lists must have one {name}", "Select the persons of one period and area first"
    require(len(set(parsed.values())) == 1, problem, hint, **{name: texts})
    return next(iter(parsed.values()))


def _period(value: Any) -> Period:
    return value if isinstance(value, Period) else Period.parse(str(value))


def _area(value: Any) -> Area:
    if isinstance(value, Area):
        return value
    return Area.parse(value) if value else _NOWHERE


def _referrals(values: Mapping[str, Combination] | None) -> dict[str, tuple[str, ...]]:
    pairs = (values or {}).items()
    return {name: (own,) if isinstance(own, str) else tuple(own) for name, own in pairs}


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(str, names))


def _source(source: Any) -> Source | None:
    return Source(title=source) if isinstance(source, str) else source


@frozen(kw_only=True, repr=False, slots=False)
class Lists(Tabular):
    """Lists of persons of one area and period, with their overlaps.

    Parameters
    ----------
    names : iterable of str
        The lists, 2 to 10.
    counts : mapping, optional
        The number of persons by capture history: a set of lists, on which the persons are, and on
        no other list. A `Count` can be suppressed or have bounds.
    overlaps : mapping, optional
        The number of persons on all lists of a set, and perhaps on others. The overlap of one list
        is its size.
    complete : bool
        Whether histories that `counts` does not contain have no persons. Otherwise their count is
        unknown.
    without_key : mapping of str to int, optional
        The number of registrations of each list without a key of the person.
    repeated : int
        The number of registrations that repeat a person on the same list. They are not counted.
    referred_from : mapping of str to str or iterable of str, optional
        By list, the lists that refer persons to it. Such a pair is not evidence on persons on no
        list.
    period, area : Period and Area, optional
        The reference period and area. A mapping by list is refused if the lists differ.
    source : Source or str, optional
        The source.

    Raises
    ------
    InvalidValue
        If there are fewer than 2 or more than 10 lists, two lists have one name, a count is of no
        list, a list has no person, or the lists have different periods or areas.
    UnknownName
        If a list does not exist.

    Examples
    --------
    >>> lists = Lists(
    ...     names=["GBA", "HKS"],
    ...     counts={"GBA": 39488, "HKS": 1445, ("GBA", "HKS"): 374},
    ...     complete=True,
    ... )
    >>> lists
    <Lists GBA, HKS: 41,307 persons in 41,681 registrations>

    References
    ----------
    P. Gerritse, P. van der Heijden and B. Bakker, Journal of Official Statistics 31 (2015), 357:
    Polish nationals in two registers of the Netherlands, 2009.
    """

    names: tuple[str, ...] = field(converter=_names)
    counts: Mapping[frozenset[str], Count] = field(converter=_counts, default=None)
    overlaps: Mapping[frozenset[str], Count] = field(converter=_counts, default=None)
    complete: bool = False
    without_key: Mapping[str, int] = field(factory=dict)
    repeated: int = 0
    referred_from: Mapping[str, tuple[str, ...]] = field(converter=_referrals, default=None)
    period: Period = field(
        factory=Period.not_stated, converter=partial(_shared, name="period", parse=_period)
    )
    area: Area = field(default=_NOWHERE, converter=partial(_shared, name="area", parse=_area))
    source: Source | None = field(default=None, converter=_source)

    def __attrs_post_init__(self) -> None:
        names, size = self.names, len(self.names)
        listed = ", ".join(names)
        require(size >= 2, "must be two lists or more", "Pass each list by name", names=listed)
        hint = "Merge lists, or pass fewer"
        require(size <= MOST_LISTS, f"must be at most {MOST_LISTS} lists", hint, names=listed)
        problem = "must be different names of lists"
        require(len(set(names)) == size, problem, "Rename one of the lists", names=listed)
        for argument in ("counts", "overlaps", "without_key", "referred_from"):
            for key in getattr(self, argument):
                lists = (key,) if isinstance(key, str) else tuple(key)
                problem, hint = "must be counts of persons on a list", "Leave out persons on none"
                require(lists, problem, hint, **{argument: "no list"})
                for name in lists:
                    require_name(name, names, "must be the name of a list", field=argument)
        for name, feeders in self.referred_from.items():
            for feeder in feeders:
                problem = "must be the name of another list"
                others = [own for own in names if own != name]
                require_name(feeder, others, problem, field="referred_from")
        for name in names:
            size = self.overlaps.get(frozenset((name,)))
            own = [self.history(lists).upper for lists in self.histories if name in lists]
            is_empty = (size is not None and size.upper == 0) or (self.counts and not any(own))
            is_empty = is_empty and None not in own
            require(not is_empty, "must have a person on each list", "Leave it out", names=name)

    def __hash__(self) -> int:
        return hash((self.names, self.period, self.area, frozenset(self.counts.items())))

    def history(self, lists: Iterable[str]) -> Count:
        """Return the number of persons on exactly some lists."""
        absent = Count.known(0) if self.complete else Count.not_reported()
        return self.counts.get(frozenset(lists), absent)

    @property
    def histories(self) -> list[frozenset[str]]:
        """All sets of lists on which a person can be, in the order of their bits."""
        return [
            frozenset(name for i, name in enumerate(self.names) if mask >> i & 1)
            for mask in range(1, 1 << len(self.names))
        ]

    def label(self, lists: Collection[str]) -> str:
        """Return a set of lists as text."""
        return " + ".join(name for name in self.names if name in lists)

    @cached_property
    def system(self) -> System:
        """The system of counts: an integer for each history, and a constraint for each count."""
        cells = {own: self.label(own) for own in self.histories}
        rows = [
            Constraint.between(f"only {name}", Linear.sum([name]), known.lower, known.upper)
            for own, name in cells.items()
            if (known := self.history(own)).reason is not Reason.NOT_REPORTED
        ]
        rows += [
            Constraint.between(
                f"on {self.label(lists)}", self.persons_on(lists), known.lower, known.upper
            )
            for lists, known in self.overlaps.items()
        ]
        return System(cells.values(), rows)

    def persons_on(self, lists: Collection[str], without: Collection[str] = ()) -> Linear:
        """Return the persons on all of some lists and on none of others, as a sum of histories."""
        wanted, others = frozenset(lists), frozenset(without)
        cells = (own for own in self.histories if wanted <= own and not own & others)
        return Linear.sum(map(self.label, cells))

    def bounds_of(self, persons: Linear) -> tuple[int, int | None]:
        """Return the bounds of a sum of histories."""
        if self.overlaps:
            found = self.system.bounds(persons)
            return int(found.lower or 0), None if found.upper is None else int(found.upper)
        cells = set(persons.cells)
        numbers = [self.history(own) for own in self.histories if self.label(own) in cells]
        uppers = [own.upper for own in numbers if own.upper is not None]
        return sum(own.lower for own in numbers), sum(uppers) if len(uppers) == len(
            numbers
        ) else None

    @cached_property
    def exact(self) -> Histories:
        """The exact number of persons of each history.

        Raises
        ------
        InvalidValue
            If a history has no exact count, or registrations have no key.
        """
        numbers = {own: self.history(own) for own in self.histories}
        unknown = [self.label(own) for own, n in numbers.items() if n.value is None]
        shown = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if unknown[3:] else "")
        absent = [own for own in numbers if own not in self.counts]
        hint = "Use thb.lists.distinct or thb.lists.hidden, which accept bounds"
        if absent and not self.complete:
            hint = "Pass complete=True if histories that are not listed have no persons"
        require(not unknown, "must have an exact count of each history", hint, counts=shown)
        keyless = sum(self.without_key.values())
        problem = "must have a key of the person in each registration"
        hint = "Leave these registrations out: attrs.evolve(lists, without_key={})"
        require(not keyless, problem, hint, without_key=keyless)
        return Histories(np.array([0, *(n.lower for n in numbers.values())], dtype=np.int64))

    @property
    def referred_pairs(self) -> frozenset[frozenset[str]]:
        """The pairs of lists of which one refers persons to the other."""
        return frozenset(
            frozenset((name, feeder))
            for name, feeders in self.referred_from.items()
            for feeder in feeders
        )

    def referral_texts(self) -> list[tuple[str, str]]:
        """Return each list with a list that refers persons to it."""
        return [(name, own) for name, feeders in self.referred_from.items() for own in feeders]

    def without(self, name: str) -> "Lists":
        """Return the lists without one list; persons on no other list are left out."""
        require_name(name, self.names, "must be the name of a list", field="name")
        return self._mapped({name: None})

    def merged(self, first: str, second: str) -> "Lists":
        """Return the lists with two of them as one list."""
        for name in (first, second):
            require_name(name, self.names, "must be the name of a list", field="name")
        return self._mapped({first: f"{first}/{second}", second: f"{first}/{second}"})

    def _mapped(self, names: Mapping[str, str | None]) -> "Lists":
        new = {name: names.get(name, name) for name in self.names}
        counts: dict[frozenset[str], Count] = {}
        for own in self.histories:
            key = frozenset(target for name in own if (target := new[name]) is not None)
            if key and (own in self.counts or not self.complete):
                counts[key] = counts.get(key, Count.known(0)) + self.history(own)
        keyless = Counter[str]()
        for name, number in self.without_key.items():
            if (target := new[name]) is not None:
                keyless[target] += number
        referred: dict[str, dict[str, None]] = {}
        for name, feeder in self.referral_texts():
            left, right = new[name], new[feeder]
            if left and right and left != right:
                referred.setdefault(left, {})[right] = None
        return evolve(
            self,
            names=dict.fromkeys(own for own in new.values() if own is not None),
            counts=counts,
            overlaps={},
            without_key=dict(keyless),
            referred_from={name: tuple(own) for name, own in referred.items()},
        )

    def to_frame(self) -> pd.DataFrame:
        """Return a row per count.

        There is a column of 0 and 1 for each list, ``exclusive`` (whether the persons are on no
        other list), ``lower``, ``upper`` and ``reason``.
        """
        parts = [(own, n, True) for own, n in self.counts.items()]
        parts += [(own, n, False) for own, n in self.overlaps.items()]
        rows = [
            [*(int(name in own) for name in self.names), exclusive, n.lower, n.upper, str(n.reason)]
            for own, n, exclusive in parts
        ]
        columns = [*self.names, "exclusive", "lower", "upper", "reason"]
        return pd.DataFrame(rows, columns=columns).astype({"upper": "Int64"})

    def display_table(self) -> DisplayTable:
        """Return the counts as a display table."""
        rows = [[f"only {self.label(own)}", str(n)] for own, n in self.counts.items()]
        rows += [[f"on {self.label(own)}", str(n)] for own, n in self.overlaps.items()]
        keyless, notes = sum(self.without_key.values()), []
        absent = len(self.histories) - len(self.counts)
        if absent and self.counts:
            value = "0" if self.complete else "unknown"
            notes.append(f"{absent} combinations of lists without a row are {value}.")
        if keyless:
            notes.append(f"{count(keyless)} registrations have no key of the person.")
        if self.repeated:
            text = f"{count(self.repeated)} registrations repeat a person on the same list."
            notes.append(f"{text} Each person is counted once.")
        notes += [
            f"{name} contains referrals from {feeder}: their overlap is a consequence of them."
            for name, feeder in self.referral_texts()
        ]
        caption = ", ".join(["Persons on lists", self.area.label, str(self.period)])
        return DisplayTable(
            caption=caption, columns=["lists", Column("persons", "right")], rows=rows, notes=notes
        )

    def __repr__(self) -> str:
        names = ", ".join(self.names)
        if not self.counts or any(self.history(own).value is None for own in self.histories):
            return f"<Lists {names}: {len(self.counts) + len(self.overlaps)} counts>"
        numbers = [(len(own), self.history(own).lower) for own in self.histories]
        persons, rows = sum(n for _, n in numbers), sum(size * n for size, n in numbers)
        return f"<Lists {names}: {count(persons)} persons in {count(rows)} registrations>"


def from_sizes(
    sizes: Mapping[str, Count | int], overlaps: Counts | None = None, **options: Any
) -> Lists:
    """Return lists of which only sizes and overlaps are published.

    Parameters
    ----------
    sizes : mapping of str to Count or int
        The number of persons on each list.
    overlaps : mapping, optional
        The number of persons on all lists of a set, such as ``{("police", "ngo"): 12}``; a `Count`
        can be suppressed, such as ``Count.fewer_than(5)``.
    **options
        ``without_key``, ``referred_from``, ``period``, ``area`` and ``source``, as for `Lists`.

    Returns
    -------
    Lists
        The lists, with unknown counts of histories.

    Examples
    --------
    >>> import thbstats as thb
    >>> lists = thb.lists.from_sizes({"EXH": 1910, "ABA": 1528}, {("EXH", "ABA"): 403})
    >>> thb.lists.distinct(lists).formatted
    '3,035'

    References
    ----------
    MultipleSystemsEstimation, data set Kosovo: two of four lists.
    """
    return Lists(names=sizes, overlaps={**_counts(sizes), **_counts(overlaps)}, **options)


class KeyedCell(Protocol):
    """The registrations of one combination of categories."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The category in each dimension."""

    @property
    def rows(self) -> int:
        """The number of registrations."""

    @property
    def without_key(self) -> int:
        """The number of registrations without a key."""


class KeyedPersons(Protocol):
    """The persons among registrations, such as `thbstats.cases.Persons`."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions in which a person can have several registrations."""

    @property
    def cells(self) -> tuple[Any, ...]:
        """The registrations of each combination of categories, as `KeyedCell`."""

    @property
    def sets(self) -> Mapping[frozenset[tuple[str, ...]], int]:
        """The number of persons by the set of their combinations."""


def of(persons: KeyedPersons, dimension: str = "", **options: Any) -> Lists:
    """Return the lists of case-level data whose registrations have a key of the person.

    Parameters
    ----------
    persons : Persons
        The persons that `CaseStore.persons` returns.
    dimension : str
        The dimension whose categories are the lists; by default the first one.
    **options
        ``referred_from``, ``period``, ``area`` and ``source``, as for `Lists`.

    Returns
    -------
    Lists
        Complete lists. Registrations without a key, and those that repeat a person on one list, are
        counted separately.

    Raises
    ------
    InvalidValue
        If a registration has no list, or the registrations are of several periods or areas.

    Examples
    --------
    >>> import pandas as pd
    >>> import thbstats as thb
    >>> cases = pd.DataFrame(
    ...     {"person": ["A", "A", "B", "C", "D", "D", None], "register": ["police", "ngo"] * 3 + ["ngo"]}
    ... )
    >>> store = thb.cases.CaseStore.of(cases, missing=[None])
    >>> lists = thb.lists.of(store.persons("person", dimensions="register"))
    >>> lists, thb.lists.distinct(lists).formatted
    (<Lists ngo, police: 4 persons in 6 registrations>, '4 to 5')
    """
    name = dimension or persons.dimensions[0]
    require_name(name, persons.dimensions, "must be a dimension of the persons", field="dimension")
    position = persons.dimensions.index(name)
    for i, other in enumerate(persons.dimensions):
        values = {cell.codes[i] for cell in persons.cells}
        if other in ("period", "area") and other != name:
            _shared(dict(zip(sorted(values), sorted(values), strict=True)), other, str)
            options.setdefault(other, next(iter(values), None))
    names = list(dict.fromkeys(cell.codes[position] for cell in persons.cells))
    for code in _UNKNOWN:
        problem, hint = "must be a list in each registration", "Leave out the other registrations"
        require(code not in names, problem, hint, **{name: code})
    counts, rows = Counter[frozenset[str]](), Counter[str]()
    keyless = Counter[str]()
    for cells, number in persons.sets.items():
        counts[frozenset(codes[position] for codes in cells)] += number
    for cell in persons.cells:
        rows[cell.codes[position]] += cell.rows - cell.without_key
        keyless[cell.codes[position]] += cell.without_key
    on_lists = sum(len(lists) * number for lists, number in counts.items())
    return Lists(
        names=names,
        counts=dict(counts),
        complete=True,
        without_key={own: number for own, number in keyless.items() if number},
        repeated=sum(rows.values()) - on_lists,
        **options,
    )


def pairs_of(lists: Lists) -> list[tuple[str, str]]:
    """Return the pairs of lists in order, without pairs of which one refers persons to the other."""
    return [
        pair for pair in combinations(lists.names, 2) if frozenset(pair) not in lists.referred_pairs
    ]
