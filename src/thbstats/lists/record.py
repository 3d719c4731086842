"""Lists of persons with their overlaps, tables of capture histories, and distinct persons."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats import files
from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.bounds import Bounds, Constraint, Linear, System
from thbstats.display import Amount, count
from thbstats.errors import InvalidValue, ThbstatsError, require, require_name
from thbstats.geography import Area
from thbstats.languages import Message, joined
from thbstats.lists.loglinear import Histories
from thbstats.panel import (
    Base,
    ComparabilityWarning,
    CountKind,
    Panel,
    Result,
    ResultKind,
    Status,
    panel_from_rows,
)
from thbstats.records import Source
from thbstats.rules import Thresholds, apply_rules
from thbstats.rules.catalogue import library_warning
from thbstats.rules.families.attributes import duplicates
from thbstats.tables.encoding import Problems
from thbstats.tables.frames import Frame, frame_columns
from thbstats.values import Count, Interval, Period, Reason, is_integer

MOST_LISTS = 10
"""With more lists, a system of counts has more than a thousand unknowns."""

_NO_LIST = ("unknown", "not_stated", "all")
_NOWHERE = Area(code=Message("area not stated"), label="not stated", members=())
_PROBABILITIES = {"level": 0.95, "stepwise": 0.02}
COMPLETE = "Pass complete=True if histories without a row have no persons"
"""The hint about histories without a count."""


def _counts(counts: Mapping[Any, Any] | None) -> dict[frozenset[str], Count]:
    """Return counts by set of lists."""
    result: dict[frozenset[str], Count] = {}
    for key, value in (counts or {}).items():
        lists = frozenset((key,) if isinstance(key, str) else key)
        problem = "must be counts of one set of lists each"
        require(lists not in result, problem, "Add them up", counts=" + ".join(sorted(lists)))
        result[lists] = value if isinstance(value, Count) else Count.known(value)
    return result


def _shared(values: Any, name: str, parse: Callable[[Any], Any]) -> Any:
    """Return the common period or area of all lists; a mapping has a value for each list."""
    parts = values.items() if isinstance(values, Mapping) else [("", values)]
    parsed = {key: parse(value) for key, value in parts}
    texts = ", ".join(f"{key} {value}" for key, value in parsed.items())
    problem, hint = f"lists must have one {name}", "Select the persons of one period and area"
    require(len(set(parsed.values())) == 1, problem, hint, **{name: texts})
    return next(iter(parsed.values()))


def _period(values: Any) -> Period:
    return _shared(values, "period", lambda own: Period.parse(str(own)))  # type: ignore[no-any-return]


def _area(values: Any) -> Area:
    return _shared(values, "area", lambda own: own if isinstance(own, Area) else Area.parse(own))  # type: ignore[no-any-return]


def _referrals(values: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(values, tuple):  # of a record that `attrs.evolve` copies
        return values
    pairs = ((name, [own] if isinstance(own, str) else own) for name, own in (values or {}).items())
    return tuple((name, feeder) for name, feeders in pairs for feeder in feeders)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(str, names))


def _source(source: Any) -> Source | None:
    return Source(title=source) if isinstance(source, str) else source


@explain_arguments
@frozen(repr=False, slots=False, eq=False)
class Lists:
    """Lists of persons of one area and period, with their overlaps.

    Parameters
    ----------
    names : iterable of str
        The lists, 2 to 10.
    counts : mapping, optional
        The number of persons by capture history: the persons on exactly this list, or on exactly
        the lists of a tuple. A `Count` can be suppressed or have bounds.
    overlaps : mapping, optional
        The number of persons on all of some lists. The overlap of one list is its size.
    complete : bool
        Whether histories without a count have no persons. Otherwise their count is unknown.
    without_key : mapping of str to int, optional
        The number of registrations of a list without a key of the person.
    repeated : int
        The number of registrations that repeat a person on the same list; they are not counted.
    referred_from : mapping, optional
        By list, the list or lists that refer persons to it.
    period, area : optional
        The period and the area. A mapping by list is refused if the lists differ.
    source : Source or str, optional
        The source.

    Raises
    ------
    InvalidValue
        If there are fewer than 2 or more than 10 lists, a list has no person, a count is of no
        list, or the lists differ in period or area.
    UnknownName
        If a list does not exist.

    Examples
    --------
    Polish nationals in two registers of the Netherlands, 2009:

    >>> counts = {"GBA": 39488, "HKS": 1445, ("GBA", "HKS"): 374}
    >>> Lists(["GBA", "HKS"], counts, complete=True)
    <Lists GBA, HKS: 41,307 persons in 41,681 registrations>

    References
    ----------
    P. Gerritse, P. van der Heijden and B. Bakker, Journal of Official Statistics 31 (2015), 357.
    """

    names: tuple[str, ...] = field(converter=_names)
    counts: Mapping[frozenset[str], Count] = field(converter=_counts, default=None)
    overlaps: Mapping[frozenset[str], Count] = field(converter=_counts, default=None)
    complete: bool = field(default=False, kw_only=True)
    without_key: Mapping[str, int] = field(factory=dict, kw_only=True)
    repeated: int = field(default=0, kw_only=True)
    referrals: tuple[tuple[str, str], ...] = field(
        converter=_referrals, default=None, kw_only=True, alias="referred_from"
    )
    period: Period = field(factory=Period.not_stated, converter=_period, kw_only=True)
    area: Area = field(default=_NOWHERE, converter=_area, kw_only=True)
    source: Source | None = field(default=None, converter=_source, kw_only=True)

    def __attrs_post_init__(self) -> None:
        size, listed = len(self.names), ", ".join(self.names)
        problem = f"must be 2 to {MOST_LISTS} lists with different names"
        is_valid = 2 <= size <= MOST_LISTS and len(set(self.names)) == size
        require(is_valid, problem, "Pass each list once, or merge lists", names=listed)
        known = [*self.counts, *self.overlaps, *((name,) for name in self.without_key)]
        for lists in (*known, *self.referrals):
            problem, hint = "must be counts of persons on a list", "Leave out persons on no list"
            require(lists, problem, hint, counts="no list")
            for name in lists:
                require_name(name, self.names, "must be the name of a list", field="names")
        numbers = {"without_key": [*self.without_key.values()], "repeated": [self.repeated]}
        for field_name, own in numbers.items():
            is_count = all(is_integer(number, least=0) for number in own)
            hint = "Pass a number of registrations"
            require(is_count, "must be integers of 0 or more", hint, **{field_name: own})
        for name, feeder in self.referrals:
            require(name != feeder, "must be another list", "Remove it", referred_from=name)
        for name in self.names:
            most = self.bounds_of(self.persons_on({name}))[1]
            is_empty = most == 0 and not self.without_key.get(name)
            require(not is_empty, "must have a person on each list", "Leave it out", names=name)

    def history(self, lists: Collection[str]) -> Count:
        """Return the number of persons on exactly some lists."""
        absent = Count.known(0) if self.complete else Count.not_reported()
        return self.counts.get(frozenset(lists), absent)

    @cached_property
    def histories(self) -> dict[frozenset[str], str]:
        """Each set of lists that can contain a person, with its label, in the order of the bits."""
        masks = range(1, 1 << len(self.names))
        sets = ([name for i, name in enumerate(self.names) if mask >> i & 1] for mask in masks)
        return {frozenset(own): " + ".join(own) for own in sets}

    @cached_property
    def system(self) -> System:
        """The system of counts: an integer for each history, and a constraint for each count."""
        counts = [(f"only {name}", Linear.sum([name]), self.history(own))
                  for own, name in self.histories.items()]  # fmt: skip
        known = [own for own in counts if own[2].reason is not Reason.NOT_REPORTED]
        for own, number in self.overlaps.items():
            known.append((f"on {self.histories[own]}", self.persons_on(own), number))
        rows = [Constraint.between(name, sum_, n.lower, n.upper) for name, sum_, n in known]
        return System(self.histories.values(), rows)

    @cached_property
    def certificate(self) -> Bounds:
        """The bounds of the distinct persons with a key, with a proof of each bound.

        A table that attains a bound could disclose a suppressed count, and is then left out.
        """
        bounds = self.system.bounds(Linear.sum(self.system.cells))
        reasons = {own.reason for own in (*self.counts.values(), *self.overlaps.values())}
        if Reason.SUPPRESSED in reasons:
            return evolve(bounds, lower_table=None, upper_table=None)
        return bounds

    def persons_on(self, lists: Collection[str], without: Collection[str] = ()) -> Linear:
        """Return the persons on all of some lists and on none of others, as a sum of histories."""
        pairs, inside, others = self.histories.items(), frozenset(lists), frozenset(without)
        return Linear.sum(label for own, label in pairs if inside <= own and not own & others)

    def bounds_of(self, persons: Linear) -> tuple[int, int | None]:
        """Return the bounds of a sum of histories."""
        if self.overlaps:
            known = self.system.bounds(persons)
            return int(known.lower or 0), None if known.upper is None else int(known.upper)
        lower, upper = zip((0, 0), *map(self._bounds.__getitem__, {*persons.cells}), strict=True)
        return sum(lower), None if None in upper else sum(upper)

    def _least(self, persons: Linear) -> int:
        """Return the lower bound of a sum of histories; a history can count several times."""
        if self.overlaps:
            return int(self.system.bounds(persons).lower or 0)
        return sum(int(n) * self._bounds[label][0] for label, n in persons.terms)

    @cached_property
    def _bounds(self) -> dict[str, tuple[int, int | None]]:
        """The lower and the upper bound of each history."""
        counts = {label: self.history(own) for own, label in self.histories.items()}
        return {label: (own.lower, own.upper) for label, own in counts.items()}

    @cached_property
    def exact(self) -> Histories:
        """The exact number of persons of each history; raises if a number is not exact."""
        numbers = {label: self.history(own) for own, label in self.histories.items()}
        unknown = [label for label, number in numbers.items() if number.value is None]
        is_absent = not self.complete and {*self.counts} != {*self.histories}
        hint = COMPLETE if is_absent else "Calculate bounds (thb.lists.distinct, thb.lists.hidden)"
        shown = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if unknown[3:] else "")
        require(not unknown, "must have an exact count of each history", hint, counts=shown)
        keyless, problem = sum(self.without_key.values()), "must have a key in each registration"
        hint = "Leave these registrations out: attrs.evolve(lists, without_key={})"
        require(not keyless, problem, hint, without_key=keyless)
        return Histories(np.array([0, *(own.lower for own in numbers.values())], dtype=np.int64))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The pairs of lists in which no list refers persons to the other list."""
        referred = set(map(frozenset, self.referrals))
        return [own for own in combinations(self.names, 2) if frozenset(own) not in referred]

    def rename(self, names: Mapping[str, str | None]) -> "Lists":
        """Return the lists with other names.

        Two lists with one new name are merged: a second registration of a person is repeated, and
        overlaps become bounds. ``None`` leaves a list out, with the persons on no other list.
        """
        for name in names:
            require_name(name, self.names, "must be the name of a list", field="names")
        new, counts = {name: names.get(name, name) for name in self.names}, dict[Any, Count]()
        renamed = {
            own: [target for name in own if (target := new[name]) is not None]
            for own in self.histories
        }
        for own, targets in renamed.items():
            if key := frozenset(targets):
                counts[key] = counts.get(key, Count.known(0)) + self.history(own)
        overlaps = dict[frozenset[str], Count]()
        for own, shared in self.overlaps.items():
            key = frozenset(renamed[own])
            if own == {name for name, target in new.items() if target in key}:
                overlaps[key] = shared
            elif key and key not in overlaps:
                overlaps[key] = self._merged_overlap(key, renamed)
        again = Linear(
            {
                label: len(renamed[own]) - len({*renamed[own]})
                for own, label in self.histories.items()
            }
        )
        keyless, referred = Counter[str | None](), dict[str, list[str]]()
        for name, number in self.without_key.items():
            keyless[new[name]] += number
        for name, feeder in self.referrals:
            left, right = new[name], new[feeder]
            if left and right and left != right:
                referred.setdefault(left, []).append(right)
        del keyless[None]
        remaining = dict.fromkeys(own for own in new.values() if own is not None)
        options: dict[str, Any] = {"without_key": keyless, "referred_from": referred}
        options["repeated"] = self.repeated + self._least(again)
        return evolve(self, names=remaining, counts=counts, overlaps=overlaps, **options)

    def _merged_overlap(
        self, lists: frozenset[str], renamed: Mapping[frozenset[str], Collection[str]]
    ) -> Count:
        """Return the bounds of the persons on all of some renamed lists."""
        labels = (label for own, label in self.histories.items() if lists <= {*renamed[own]})
        lower, upper = self.bounds_of(Linear.sum(labels))
        if lower == upper:
            return Count.known(lower)
        reasons = {own.reason for own in (*self.counts.values(), *self.overlaps.values())}
        is_hidden = Reason.SUPPRESSED in reasons
        return Count.between(lower, upper, Reason.SUPPRESSED if is_hidden else Reason.ROUNDED)

    def __repr__(self) -> str:
        persons = self.bounds_of(self.persons_on(()))
        rows = sum(self.bounds_of(self.persons_on({name}))[0] for name in self.names)
        least = "" if persons[0] == persons[1] else "at least "
        n, sizes = Amount(persons[0]), Amount(rows)
        text = f"{least}{n} {n:person|persons} in {least}{sizes} {sizes:registration|registrations}"
        return f"<Lists {', '.join(self.names)}: {text}>"


def require_lists(value: object) -> None:
    """Refuse an object that is not a record of lists."""
    hint = "Use thb.lists.read(path, count='count'), or thb.lists.Lists(names, counts)"
    require(isinstance(value, Lists), "must be Lists", hint, lists=type(value).__name__)


def require_probability(**argument: Any) -> None:
    """Refuse a number that is not between 0 and 1; ``None`` is allowed."""
    ((name, value),) = argument.items()
    is_number = isinstance(value, int | float | Fraction)
    problem, hint = "must be above 0 and below 1", f"Use {name}={_PROBABILITIES[name]}"
    require(value is None or (is_number and 0 < value < 1), problem, hint, **argument)


def of(persons: Any, dimension: str = "", **options: Any) -> Lists:
    """Return the lists of case-level data whose registrations have a key of the person.

    Parameters
    ----------
    persons : thbstats.cases.Persons
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
    >>> lists = ["police", "ngo", "police", "ngo", "ngo"]
    >>> cases = pd.DataFrame({"person": ["A", "A", "B", "C", None], "register": lists})
    >>> store = thb.cases.CaseStore.of(cases, missing=[None])
    >>> found = thb.lists.of(store.persons("person", dimensions="register"))
    >>> found, thb.lists.distinct(found).formatted
    (<Lists police, ngo: 3 persons in 4 registrations>, '3 to 4')
    """
    name = dimension or persons.dimensions[0]
    require_name(name, persons.dimensions, "must be a dimension of the persons", field="dimension")
    position = persons.dimensions.index(name)
    for i, other in enumerate(persons.dimensions):
        if other in ("period", "area") and other != name:
            values = {cell.codes[i]: cell.codes[i] for cell in persons.cells}
            options.setdefault(other, _shared(values, other, str))
    keyless, rows, counts = Counter[str](), Counter[str](), Counter[frozenset[str]]()
    for cell in persons.cells:
        rows[cell.codes[position]] += cell.rows - cell.without_key
        keyless[cell.codes[position]] += cell.without_key
    for code in _NO_LIST:
        problem, hint = "must be a list in each registration", "Leave out the other registrations"
        require(code not in rows, problem, hint, **{name: code})
    for cells, number in persons.sets.items():
        counts[frozenset(codes[position] for codes in cells)] += number
    options["repeated"] = rows.total() - sum(len(own) * n for own, n in counts.items())
    options["without_key"] = {own: number for own, number in keyless.items() if number}
    return Lists(rows, counts, complete=True, **options)


_SIGNS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def read(
    data: "Frame | str | os.PathLike[str] | files.InputFile",
    *,
    count: str | None = None,
    names: Sequence[str] | None = None,
    complete: bool = False,
    sheet: str | int | None = None,
    missing: Mapping[str, Reason | str] | None = None,
    thousands: str = "",
    fewer_than_from: int = 0,
    **options: Any,
) -> Lists:
    """Return the lists of a table of capture histories.

    Parameters
    ----------
    data : frame or path
        A frame of any engine, or a CSV, Parquet or xlsx file. Each list has a column with 1 for
        persons on the list and 0 for others (also yes and no, true and false). The count of the
        persons on no list is empty, if they have a row.
    count : str, optional
        The column with the number of persons of each history. By default each row is a person, and
        histories without a row have no persons.
    names : sequence of str, optional
        The columns of the lists; by default all others.
    complete : bool
        Whether histories without a row have no persons. By default their count is unknown.
    sheet : str or int, optional
        The worksheet of a workbook: its name, or its position from 1. By default the first one with
        the columns ``names`` and ``count``.
    missing, thousands, fewer_than_from : optional
        As for `thbstats.Declaration`: ``missing={"c": "suppressed"}``. ``<5`` is 0 to 4.
    **options
        ``without_key``, ``referred_from``, ``period``, ``area`` and ``source``, as for `Lists`.

    Raises
    ------
    InvalidValue
        If a cell is neither 0 nor 1, a row is of no list, a count cannot be read, or two rows have
        one history.
    UnknownName
        If a column does not exist.
    InvalidFile
        If the file cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> import thbstats as thb
    >>> rows = pd.DataFrame({"GBA": [1, 0, 1], "HKS": [0, 1, 1], "count": [39488, 1445, 374]})
    >>> thb.lists.read(rows, count="count", complete=True)
    <Lists GBA, HKS: 41,307 persons in 41,681 registrations>
    """
    numbered = [] if count is None else [count]
    columns = _columns(data, sheet, {*(names or ()), *numbered})
    chosen = [name for name in columns if name != count] if names is None else [*names]
    for field_name, named in (("names", chosen), ("count", numbered)):
        for name in named:
            require_name(name, columns, "must be a column of the table", field=field_name)
    styles: dict[str, Any] = {"thousands": thousands, "fewer_than_from": fewer_than_from}
    parser = files.Declaration(missing=missing or {}, **styles).count_parser
    counts, persons, problems = dict[frozenset[str], Count](), Counter[frozenset[str]](), Problems()
    cells = zip(*(_texts(columns[name]) for name in (*chosen, *numbered)), strict=True)
    for row, values in enumerate(cells):
        field: str | None = None
        try:
            own = frozenset(name for name in map(_list_of, chosen, values) if name)
            if not own and count is not None and not values[-1]:
                continue  # the number of persons on no list, which is not observed
            hint = "Leave out persons on no list: their number is not observed"
            require(own, "must be a person on a list", hint, names="0 on each list")
            persons[own] += 1
            if count is not None:
                field, hint, label = count, "Add up the counts", " + ".join(sorted(own))
                require(own not in counts, "must be one row per history", hint, counts=label)
                counts[own] = parser.parse(values[-1])
        except ThbstatsError as error:
            problems.add(error.with_location(row=row, field=field))
    problems.raise_any()
    is_complete = complete or count is None
    return Lists(chosen, persons if count is None else counts, complete=is_complete, **options)


def _columns(data: Any, sheet: str | int | None, named: set[str]) -> Mapping[str, Any]:
    """Return the columns of a frame or file; the header of a worksheet has the named columns."""
    is_file = isinstance(data, str | os.PathLike | files.InputFile)
    opened = files.open_input(data) if is_file else None
    is_workbook = opened is not None and files.is_workbook(opened)
    hint = "Remove `sheet`"
    require(sheet is None or is_workbook, "must be passed for a workbook only", hint, sheet=sheet)
    if opened is None:
        return frame_columns(data)[0]
    if opened.data.startswith(files.PARQUET):
        return frame_columns(files.read_parquet(opened))[0]
    if is_workbook:

        def has_names(cells: Sequence[str]) -> bool:
            return any(cells) and named <= set(cells)

        ledger = files.read_sheet(opened, sheet, header=has_names)
    else:
        ledger = files.read_delimited(opened)
    return {str(name).strip(): cells for name, cells in ledger.raw.items()}


def _texts(values: Any) -> list[str]:
    """Return the cells of a column as texts; missing cells are empty."""
    numbers = pd.Series(np.asarray(values, dtype=object))
    texts = numbers.map(lambda own: f"{own:.15g}" if isinstance(own, float) else str(own).strip())
    return texts.where(numbers.notna(), "").tolist()


def _list_of(name: str, text: str) -> str:
    """Return the list of a cell; empty for 0."""
    if text.lower() not in _SIGNS:
        hint = (
            "Pass names=[...] for the columns of lists, and count=... for the number of persons; "
            "leave out rows of totals"
        )
        raise InvalidValue("must be 0 or 1", field=name, value=text, hint=hint)
    return name if _SIGNS[text.lower()] else ""


EVERYBODY = Message("Persons on a list or on none")
"""The caption of numbers of all persons."""


def person_panel(
    lists: Lists,
    indicator: str,
    caption: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    keys: Mapping[str, Sequence[str]] | None = None,
    notes: Sequence[ComparabilityWarning] = (),
    thresholds: Thresholds | None = None,
) -> Panel:
    """Return the panel of numbers of persons, from the label and the bounds of each row."""
    kind, members = CountKind("victims", [("unit", "persons")]), lists.area.members
    referrals = [
        library_warning("LIST_DEPENDENCE.number", case="referral", list=name, feeder=feeder)
        for name, feeder in lists.referrals
    ]
    shared = {
        "indicator": f"lists.{indicator}",
        "kind": ResultKind.COUNT,
        "bounds_attained": False,
        "area": lists.area,
        "period": lists.period,
        "numerator_kind": kind,
        "denominator_kind": kind,
        "base": Base(rule="none", label=Message("no denominator")),
        "reporters": members,
        "expected": members,
        "n_reporters": len(members),
        "sources": () if lists.source is None else (lists.source,),
        "notes": (*notes, *([] if indicator == "distinct" else referrals)),
    }
    filled = []
    for row in rows:
        bounds, has_value = row["bounds"], row.get("value") is not None
        own = {"estimand": row["label"], "numerator": bounds, "bounds_with_unknown": bounds}
        status = Status.OK if has_value else Status.BOUNDED
        filled.append({**shared, **own, "status": status, **row})
    return apply_rules(panel_from_rows(caption, filled, keys), thresholds=thresholds)


def panel_columns(panel: Panel) -> dict[str, Any]:
    """Return the fields of a panel, for a panel of a subclass."""
    return {name: value for name, value in vars(panel).items() if not name.startswith("_")}


def distinct(lists: Lists) -> Result:
    r"""Return bounds on the number of distinct persons on lists.

    .. math:: \min, \max \sum_\omega x_\omega, \qquad
        l_S \le \sum_{\omega \supseteq S} x_\omega \le u_S, \qquad x_\omega \in \mathbb{N}_0

    for the counts of sets of lists S. A registration without a key is of a person who is counted
    already, or of another person.

    Parameters
    ----------
    lists : Lists
        The lists. Sizes alone give bounds from the largest list to the sum of all lists.

    Returns
    -------
    Result
        A count of 1 or more, with a ``value`` only if both bounds are equal. `Lists.certificate`
        has the proof of each bound; both are attained.

    Raises
    ------
    ImpossibleResult
        If the counts contradict each other, such as an overlap above the size of a list.

    Notes
    -----
    Comparability warnings: DOUBLE_COUNTING if the lists have more registrations than persons.

    Examples
    --------
    Four lists of Kosovo have 5,909 registrations of 4,400 persons:

    >>> import thbstats as thb
    >>> sizes = {"EXH": 1910, "ABA": 1528, "OSCE": 1786, "HRW": 685}
    >>> thb.lists.distinct(thb.lists.Lists(sizes, overlaps=sizes)).bounds
    Interval(1910 to 5909)

    References
    ----------
    B. W. Silverman, L. Chan and K. Vincent, "Bootstrapping multiple systems estimates to account
    for model selection", Statistics and Computing 34 (2024): data set Kosovo.
    """
    require_lists(lists)
    known, keyless = lists.certificate, sum(lists.without_key.values())
    lower = max(int(known.lower or 0), min(keyless, 1))
    bounds = Interval(lower, None if known.upper is None else int(known.upper) + keyless)
    rows = sum(lists.bounds_of(lists.persons_on({name}))[0] for name in lists.names)
    notes = []
    if lists.repeated or (bounds.is_point and rows > lower):
        twice = Linear.sum(name for own, name in lists.histories.items() if len(own) > 1)
        several, total = {"list": lists.bounds_of(twice)[0]}, rows + lists.repeated
        options = {"persons": lower, "several": several, "within": lists.repeated}
        notes.append(duplicates(registrations=total, **options))  # type: ignore[arg-type]
    text = "distinct persons on the lists {names}, each counted once"
    if keyless:
        text = (
            "distinct persons on the lists {names}, each counted once; registrations without a "
            "key, which widen the bounds: {n}"
        )
    row = {
        "label": Message("distinct persons on the lists"),
        "estimand": Message(text, names=joined(lists.names, ", "), n=count(keyless)),
        "bounds": bounds,
        "value": bounds if bounds.is_point else None,
        "bounds_attained": not known.left_open,
        "complete": bounds.is_point,
    }
    caption = Message("Distinct persons on lists")
    return person_panel(lists, "distinct", caption, [row], notes=notes).row(0)
