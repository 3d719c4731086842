"""A comparison of many worlds with integer programs.

``python -m tests.oracle.campaign N [--seed S]`` draws tables until N worlds are asked, and prints a
table of what differs. Each world is asked shares and a total, and each table also pooled shares of
several countries and, where a union has counts of its own, shares of the union. The library answers
a whole table in one call. The exit status is 1 if there is a fault.

Columns of the result:

- ``outside``: a completion of the data is not within the bounds of the library. A fault.
- ``not attained``: bounds are called sharp, and no completion attains one of them. A fault.
- ``value wrong``: a value that no completion has, or a value where none follows. A fault.
- ``hull``: bounds of contradictory data without a reading: the published share, or the share of
  the sum of the parts. A fault.
- ``missed``: a value of contradictory data, without a word, that other rows do not determine.
  ``false``: a contradiction in data that a completion fits. Faults.
- ``error``: the library raises, or leaves out a row. A fault.
- ``wider``: the bounds contain more than the completions, and are not called sharp.
- ``value missing``: every completion has the same value, and the library has none.
- ``value wider``: the value is an interval that contains the value of every completion.
- ``not shown``: contradictory data without a value, but also without the warning CONTRADICTED.
- ``published``: the published interval of a suppressed numerator gives a wider share.
- ``open``: the data have more than one reading, and nothing is compared.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

import thbstats as thb
from tests.oracle.programs import (
    CAP,
    Overlap,
    Question,
    Reading,
    System,
    is_beside,
    overlap,
    read,
    with_gaps_as_unknown,
    with_slip,
    without_conflicts,
)
from tests.oracle.worlds import AREAS, Dimension, Row, World, Worlds, draw_worlds
from thbstats.errors import ThbstatsError

__all__ = ["FAULTS", "Tally", "check_table", "run"]

FAULTS = ("outside", "not attained", "value wrong", "hull", "missed", "false", "error")
WEAK = ("wider", "wider with unknown", "value wider", "value missing", "not shown", "published")
SUPPRESSED = {"fewer_than", "suppressed"}

Place = tuple[str, int]


@dataclass
class Tally:
    """Numbers of comparisons, and the ones that differ."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return sum(n for (_, name), n in self.counts.items() if name in FAULTS)

    def table(self) -> str:
        names = ["worlds", "tries", "truths", "open", "contradictory", *FAULTS, *WEAK]
        groups = sorted({group for group, _ in self.counts})
        lines = [["", *names]]
        for group in [*groups, "all"]:
            rows = groups if group == "all" else [group]
            lines.append([group, *(str(sum(self.counts[g, name] for g in rows)) for name in names)])
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True))
            for line in lines
        )


@dataclass
class Scope:
    """The part of a tally for one kind of number, with the world that is compared."""

    tally: Tally
    kind: str
    details: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def add(self, name: str, n: int = 1, **finding: Any) -> None:
        if name in self.without:
            return
        self.tally.counts[self.kind, name] += n
        if name in (*FAULTS, *WEAK):
            self.tally.findings.append({"what": name, "kind": self.kind, **self.details, **finding})


@dataclass
class Answer:
    """What the library says of one number."""

    value: thb.Interval | None
    bounds: thb.Interval | None
    with_unknown: thb.Interval | None
    bounds_attained: bool
    status: str
    codes: tuple[str, ...]

    @classmethod
    def of(cls, panel: thb.Panel, i: int) -> "Answer":
        row = panel.row(i)
        return cls(
            row.value,
            row.bounds,
            row.bounds_with_unknown,
            bool(row.bounds_attained),
            row.status.code,
            tuple(warning.code for warning in row.warnings),
        )

    @property
    def shows_contradiction(self) -> bool:
        return self.status == "contradictory" or "CONTRADICTED" in self.codes

    def is_contradictory(self, rows: Sequence[Row]) -> bool:
        """Return whether the rows are called contradictory, beyond several values of one count."""
        several = any(row.reason == "conflicting" for row in rows)
        return self.status == "contradictory" or ("CONTRADICTED" in self.codes and not several)


@dataclass
class Expected:
    """What the programs say of a question."""

    system: System
    numerator: tuple[int, int]
    denominator: tuple[int, int]
    suppressed: Row | None = None
    """The published interval of a suppressed numerator."""
    intervals: bool = True
    """Whether a published interval can be in the value."""
    persons: Mapping[str, int] | None = None
    """The true sums."""
    has_value: bool = False
    """Whether the library gives this world a value."""

    @classmethod
    def of(cls, world: World, question: Question, reading: Reading) -> "Expected":
        own = numerator_row(world, question)
        place = reading.place(world)
        sums = reading.system.sums
        return cls(
            reading.system,
            reading.system.ends("N"),
            reading.system.ends("D"),
            own if own is not None and own.reason in SUPPRESSED else None,
            any(row.reason not in ("known", "not_reported") for row in world.rows),
            None if place is None else {name: int(sums[name] @ place) for name in sums},
        )

    @property
    def follows(self) -> bool:
        return self.numerator[0] == self.numerator[1] and self.denominator[0] == self.denominator[1]

    @property
    def share(self) -> Fraction | None:
        n, d = self.numerator[0], self.denominator[0]
        return Fraction(n, d) if self.follows and d else None

    def published(self, sense: int) -> Fraction | None:
        """Return the bound that a suppressed numerator has by itself."""
        if self.suppressed is None:
            return None
        if sense < 0:
            return Fraction(self.suppressed.lower, max(1, self.denominator[1]))
        if self.suppressed.upper is None:
            return Fraction(1)
        return min(Fraction(1), Fraction(self.suppressed.upper, max(1, self.denominator[0])))

    def least_published(self, sense: int) -> Fraction:
        """Return a share that a suppressed numerator must be able to have."""
        own = self.suppressed
        if own is None:
            return Fraction(sense < 0)
        if sense < 0:
            return Fraction(own.lower, max(1, self.denominator[0]))
        most = self.denominator[1] if own.upper is None else own.upper
        return min(Fraction(1), Fraction(most, max(1, self.denominator[1])))


def questions(r: random.Random, dimensions: Sequence[Dimension], n: int) -> Iterator[Question]:
    """Draw questions that every table of these dimensions can be asked."""
    for _ in range(n):
        axes = list(dimensions)
        r.shuffle(axes)
        k = r.randint(1, len(axes))
        # A sub-form can have no row where its parent has one.
        codes = {axis.name: axis.codes if axis.parents else axis.codes[:2] for axis in axes}
        category = {axis.name: r.choice(codes[axis.name]) for axis in axes[:k]}
        within = {axis.name: r.choice(codes[axis.name]) for axis in axes[k:] if r.random() < 0.5}
        plain = k == 1 and not axes[0].parents
        base = r.choice(("all", "all", "known", "known", *(("responses",) if plain else ())))
        yield Question(category, within, base)


def ask(table: thb.CountTable, question: Question, **place: Any) -> thb.Panel:
    """Ask the library for the shares of a question."""
    within = {"where": dict(question.within)} if question.within else {}
    return thb.share(table, base=question.base, **within, **place, **question.category)


def numerator_row(world: World, question: Question) -> Row | None:
    """Return the row of the numerator, if published."""
    asked = map(question.asked, world.dimensions)
    return world.row(tuple("total" if here is None else here[0] for here in asked))


def reduced(world: World, question: Question, *, with_parts: bool = True) -> World:
    """Return the world in the dimensions of a question.

    With parts, rows that list one more dimension become ranges of their sums.
    """
    asked = [i for i, d in enumerate(world.dimensions) if question.asked(d) is not None]
    if len(asked) == len(world.dimensions):
        return world
    rows = [
        replace(row, slot=tuple(row.slot[i] for i in asked))
        for row in world.rows
        if all(code == "total" for i, code in enumerate(row.slot) if i not in asked)
    ]
    for axis in set(range(len(world.dimensions))) - set(asked) if with_parts else ():
        if overlap(world, axis, False) is Overlap.EXCLUSIVE:
            rows += _sums_of_parts(world, asked, axis)
    return World(tuple(world.dimensions[i] for i in asked), rows, {}, world.traits)


def _sums_of_parts(world: World, asked: Sequence[int], axis: int) -> list[Row]:
    dimension, beside = world.dimensions[axis], is_beside(world, axis)
    named = {row.slot[axis] for row in world.rows} - {"total"}
    parts: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in world.rows:
        others = [code for i, code in enumerate(row.slot) if i not in asked and i != axis]
        if row.slot[axis] != "total" and all(code == "total" for code in others):
            parts.setdefault(tuple(row.slot[i] for i in asked), {})[row.slot[axis]] = row
    rows = []
    for slot, by_code in parts.items():
        roots = [
            row
            for code, row in by_code.items()
            if beside or dimension.parents.get(code) not in by_code
        ]
        highs = [row.upper for row in roots]
        complete = dimension.closed and set(by_code) >= {*named, *dimension.always, "unknown"}
        high = sum(n for n in highs if n is not None) if complete and None not in highs else None
        rows.append(Row(slot, sum(row.lower for row in roots), high, "parts"))
    return rows


def compare_share(scope: Scope, answer: Answer, expected: Expected) -> None:
    """Compare a share of the library with the programs."""
    if expected.denominator[1] == 0:
        scope.add("open")
        return
    scope.add("tries")
    if answer.bounds_attained and answer.bounds is None:
        scope.add("not attained", got=answer)
    found = answer.bounds or thb.Interval(0, 1)
    for sense, end in ((-1, found.lower), (1, found.upper)):
        bound = Fraction(sense > 0 if end is None else end)
        _compare_bound(scope, answer, expected, sense, bound)
        if sense * (expected.least_published(sense) - bound) > Fraction(1, 1000):
            scope.add("published", row=expected.suppressed, sense=sense, got=answer)
    found = answer.with_unknown or thb.Interval(0, 1)
    _compare_with_unknown(scope, answer, expected, found)
    _compare_value(scope, answer, expected, expected.share)


def _is_limit(found: Fraction, expected: Fraction) -> bool:
    """Return whether a bound is the limit of completions without a largest denominator."""
    return expected.denominator > CAP // 200 and abs(found - expected) < Fraction(1, 1000)


def _compare_bound(
    scope: Scope, answer: Answer, expected: Expected, sense: int, bound: Fraction
) -> None:
    true = expected.share
    if true is None:
        true = expected.system.ratio(("N", "D"), sense, bound)
    if true is None or true == bound:
        return
    limit = _is_limit(bound, true)
    details = {"sense": sense, "expected": true, "got": answer}
    if not limit and sense * (true - bound) > 0:
        scope.add("outside", **details)
    elif answer.bounds_attained:
        scope.add("not attained", **details)
    elif not limit and bound != expected.published(sense):
        scope.add("wider", **details)


def _compare_value(
    scope: Scope, answer: Answer, expected: Expected, point: int | Fraction | None
) -> None:
    if point is None:
        if answer.value is not None and not expected.intervals:
            scope.add("value wrong", expected=None, got=answer)
    elif answer.value is None:
        scope.add("value missing", expected=point, got=answer)
    elif not answer.value.contains(point):
        scope.add("value wrong", expected=point, got=answer)
    elif not answer.value.is_point:
        scope.add("value wider", expected=point, got=answer)


def _compare_with_unknown(
    scope: Scope, answer: Answer, expected: Expected, found: thb.Interval
) -> None:
    for sense, names, end in ((-1, ("N", "T"), found.lower), (1, ("N+U", "T"), found.upper)):
        bound = Fraction(sense > 0 if end is None else end)
        true = expected.system.ratio(names, sense, bound)
        if true is None or true == bound or _is_limit(bound, true):
            continue
        if sense * (true - bound) > 0:
            scope.add("outside", sense=sense, names=names, expected=true, got=answer)
        elif expected.suppressed is None:
            scope.add("wider with unknown", sense=sense, expected=true, got=answer)


def compare_total(scope: Scope, answer: Answer, expected: Expected) -> None:
    """Compare the count of the numerator with the programs."""
    scope.add("tries")
    low, high = expected.numerator
    details = {"expected": expected.numerator, "got": answer}
    found = answer.bounds or thb.Interval.at_least(0)
    lower = 0 if found.lower is None else found.lower
    upper = CAP if found.upper is None else min(CAP, found.upper)
    high = CAP if high > CAP // 2 else high
    own = expected.suppressed
    if lower > low or upper < high:
        scope.add("outside", **details)
    elif (lower, upper) != (low, high):
        if answer.bounds_attained:
            scope.add("not attained", **details)
        elif own is None or found != thb.Interval(own.lower, own.upper):
            scope.add("wider", **details)
    _compare_value(scope, answer, expected, low if low == high else None)


def compare_hull(scope: Scope, world: World, question: Question, answer: Answer) -> None:
    """Compare the bounds of a contradictory share with those of both readings."""
    asked = [i for i, d in enumerate(world.dimensions) if d.name in question.category]
    if question.within or question.base != "all" or len(asked) != 1 or answer.bounds is None:
        return
    axis = asked[0]
    dimension = world.dimensions[axis]
    rows = {
        row.slot[axis]: row.lower
        for row in world.rows
        if row.is_point and all(c == "total" for i, c in enumerate(row.slot) if i != axis)
    }
    n, total = rows.get(question.category[dimension.name]), rows.pop("total", 0)
    if n is None or not total:
        return
    readings = [Fraction(n, total)] if n <= total else []
    if not dimension.parents and sum(rows.values()) > total:
        readings.append(Fraction(n, sum(rows.values())))
    for reading in readings:
        if not answer.bounds.contains(reading):
            scope.add("hull", expected=reading, got=answer)


def compare_truth(scope: Scope, share: Answer, total: Answer, expected: Expected) -> None:
    """Compare the answers with the persons who were drawn."""
    if expected.persons is None:
        return
    scope.add("truths")
    n, d, t, joined = (expected.persons[name] for name in ("N", "D", "T", "N+U"))
    inside = total.bounds is None or total.bounds.contains(n)
    if d and share.bounds is not None:
        inside &= share.bounds.contains(Fraction(n, d))
    if t and share.with_unknown is not None:
        inside &= share.with_unknown.contains(Fraction(n, t))
        inside &= share.with_unknown.contains(Fraction(joined, t))
    if not inside:
        scope.add("outside", truth=dict(expected.persons), got=(share, total))


def _determines(
    world: World, question: Question, value: thb.Interval, *, overlapping_forms: bool = False
) -> bool:
    """Return whether consistent rows determine a value."""
    reading = read(world, question, overlapping_forms=overlapping_forms)
    if not reading.system.is_feasible:
        return False
    expected = Expected.of(world, question, reading)
    if not expected.intervals:
        return expected.share is not None and value == thb.Interval.point(expected.share)
    ends = [expected.system.ratio(("N", "D"), sense) for sense in (-1, 1)]
    return all(end is None or value.contains(end) for end in ends)


def _stays(world: World, question: Question, value: thb.Interval) -> bool:
    """Return whether rows outside every contradiction determine a value, in a reading of forms."""
    # A total of 200 or more has a tolerance: an excess within it is a discrepancy.
    wide = replace(world, rows=[with_slip(row) for row in world.rows])
    for own, overlapping in product((world, wide), (False, True)):
        rest = without_conflicts(own, question, overlapping_forms=overlapping)
        if rest and _determines(rest, question, value, overlapping_forms=overlapping):
            return True
    # Rows of further dimensions come after those of the question.
    own = reduced(with_gaps_as_unknown(world), question, with_parts=False)
    return bool(own.rows) and _determines(own, question, value)


def check_world(  # noqa: PLR0912 - one decision after the other
    scope: Scope, world: World, question: Question, share: Answer, total: Answer
) -> tuple[Expected, Reading] | None:
    """Compare the answers about one world, and return what the programs say."""
    reading = read(world, question)
    if not reading.decided or (reading.overlapping and question.base == "responses"):
        scope.add("open")
        return None
    if not reading.system.is_feasible:
        gaps = with_gaps_as_unknown(world)
        if (again := read(gaps, question)).system.is_feasible:
            world, reading = gaps, again
            if share.shows_contradiction or total.shows_contradiction:
                scope.add("open")  # other rows also contradict the published unknown persons
                return None
    if not reading.system.is_feasible:
        small_world = reduced(world, question)
        small = read(small_world, question)
        overlapping = read(small_world, question, overlapping_forms=True).system.is_feasible
        # Totals above their parts, and small excesses, are discrepancies. The persons in between
        # are unknown: where their count is not published, this has several readings.
        gaps_only = reading.relaxed.is_feasible
        if not small.decided or gaps_only or (overlapping and not small.system.is_feasible):
            scope.add("open")
        else:
            scope.add("contradictory")
            if share.value is None:
                if not share.shows_contradiction:
                    scope.add("not shown", got=share)
            elif not _stays(world, question, share.value):
                what = "value wrong" if share.shows_contradiction else "missed"
                scope.add(what, expected="contradictory", got=share)
            compare_hull(scope, world, question, share)
        return None
    if share.is_contradictory(world.rows):
        scope.add("false", got=share)
        return None
    expected = replace(Expected.of(world, question, reading), has_value=share.value is not None)
    compare_share(scope, share, expected)
    of_total = replace(scope, kind=scope.kind + ", total")
    if total.is_contradictory(world.rows):
        of_total.add("false", got=total)
    else:
        compare_total(of_total, total, expected)
        compare_truth(scope, share, total, expected)
    return expected, reading


def _period(name: Any) -> int:
    return int(str(name[-1] if isinstance(name, tuple) else name))


def check_table(tally: Tally, worlds: Worlds, r: random.Random, n: int = 2) -> None:
    """Ask a table n questions, and compare each of its worlds with the programs."""
    table = worlds.table()
    kind = " x ".join(worlds.names)
    if any(dimension.parents for dimension in worlds.dimensions):
        kind += " (sub-forms)"
    scope = Scope(tally, kind)
    scope.add("worlds", len(worlds.groups))
    areas = sorted({area for area, _ in worlds.groups})
    for question in questions(r, worlds.dimensions, n):
        try:
            known = check_question(scope, worlds, table, question)
        except ThbstatsError as error:
            scope.add("error", question=question, message=str(error))
            continue
        asked = _Asked(scope, worlds, table, question, known)
        for _ in range(2):
            asked.check_pool(r.sample(areas, min(len(areas), r.choice((2, 3)))))
        for union, period in worlds.unions:
            asked.check_union(union, period)


def check_question(
    scope: Scope, worlds: Worlds, table: thb.CountTable, question: Question
) -> dict[Place, tuple[Expected, Reading] | None]:
    """Ask a table one question, and return what the programs say of each world."""
    by = ["area", "period"]
    shares = ask(table, question, by=by)
    totals = thb.total(table, by=by, **question.category, **question.within)
    share_at = {(str(name[0]), _period(name)): i for i, name in enumerate(shares.names)}
    total_at = {(str(name[0]), _period(name)): i for i, name in enumerate(totals.names)}
    known = {}
    for place, world in worlds.groups.items():
        details = {"question": question, "place": place, "rows": world.rows, "worlds": worlds}
        here = replace(scope, details=details)
        if place not in share_at or place not in total_at:
            here.add("error", message="no row")
            continue
        try:
            share = Answer.of(shares, share_at[place])
            total = Answer.of(totals, total_at[place])
        except ThbstatsError as error:
            here.add("error", message=str(error))
            continue
        known[place] = check_world(here, world, question, share, total)
    return known


@dataclass
class _Asked:
    """A question to a table of which the single worlds are compared."""

    scope: Scope
    worlds: Worlds
    table: thb.CountTable
    question: Question
    known: Mapping[Place, tuple[Expected, Reading] | None]

    def _members(self, areas: Sequence[str], period: int) -> list[tuple[Expected, Reading]] | None:
        members = [self.known.get((area, period)) for area in areas]
        found = [member for member in members if member is not None]
        return found if len(found) == len(areas) else None

    def _rows(self, areas: Sequence[str], period: int) -> dict[str, list[Row]]:
        return {area: self.worlds.groups[area, period].rows for area in areas}

    def check_pool(self, areas: Sequence[str]) -> None:
        """Compare the shares of several countries together, year by year."""
        if any(set(union.split("+")) == set(areas) for union, _ in self.worlds.unions):
            return  # the union has counts of its own
        scope = replace(self.scope, kind=self.scope.kind + ", pooled", details={"areas": areas})
        try:
            panel = ask(self.table, self.question, by="period", area=list(areas))
        except ThbstatsError as error:
            scope.add("error", question=self.question, message=str(error))
            return
        for i, name in enumerate(panel.names):
            period = _period(name)
            members = self._members(areas, period)
            if members is None:
                scope.add("open")
                continue
            parts = [part for part, _ in members]
            system = System.side_by_side([part.system for part in parts])
            details = {
                "question": self.question,
                "place": ("+".join(areas), period),
                "rows": self._rows(areas, period),
            }
            pool = replace(scope, details=details)
            try:
                answer = Answer.of(panel, i)
            except ThbstatsError as error:
                pool.add("error", message=str(error))
                continue
            self._compare(pool, answer, system, parts)
            if not any(part.intervals for part in parts):
                points = [part for part in parts if part.follows and part.has_value]
                n = sum(part.numerator[0] for part in points)
                d = sum(part.denominator[0] for part in points)
                value = thb.Interval.point(Fraction(n, d)) if d else None
                if answer.value != value:
                    what = "value missing" if answer.value is None else "value wrong"
                    pool.add(what, expected=value, got=answer)

    def check_union(self, union: str, period: int) -> None:
        """Compare the share of a union that has counts of its own."""
        areas = union.split("+")
        members = self._members(areas, period)
        if members is None:
            return
        rows = self.worlds.unions[union, period]
        details = {
            "question": self.question,
            "place": (union, period),
            "rows": {union: rows, **self._rows(areas, period)},
        }
        scope = replace(self.scope, kind=self.scope.kind + ", unions", details=details)
        try:
            panel = ask(self.table, self.question, by="period", area=union, period=period)
            answer = Answer.of(panel, 0)
        except ThbstatsError as error:
            scope.add("error", message=str(error))
            return
        sums = [
            np.concatenate([reading.sum_of(row.slot) for _, reading in members]) for row in rows
        ]
        parts = [part for part, _ in members]
        system = System.side_by_side([part.system for part in parts]).with_rows(sums, rows)
        if not system.is_feasible:
            if system.with_least(len(rows), 0).is_feasible:
                scope.add("open")  # the union is more than its members together
                return
            if self._overlapping(areas, period, rows).is_feasible:
                scope.add("open")  # forms of a member without a total can be those of one person
                return
            scope.add("contradictory")
            if answer.shows_contradiction:
                return
            if answer.value is None:
                scope.add("not shown", got=answer)
                return
            # Rows of the union that contradict nothing, and its members, determine the value.
            together = System.side_by_side([part.system for part in parts])
            apart = [
                (own, row)
                for own, row in zip(sums, rows, strict=True)
                if together.with_rows([own], [row]).is_feasible
            ]
            system = together.with_rows([own for own, _ in apart], [row for _, row in apart])
            if not system.is_feasible:
                system = together
        every = [row for member in self._rows(areas, period).values() for row in member]
        if answer.is_contradictory(every):
            scope.add("false", got=answer)
            return
        expected = self._compare(scope, answer, system, parts)
        if expected.share is not None and not any(part.intervals for part in parts):
            points = [part for part in parts if part.follows and part.has_value]
            d = sum(part.denominator[0] for part in points)
            n = sum(part.numerator[0] for part in points)
            allowed = [expected.share, *([Fraction(n, d)] if d else [])]
            if answer.value is None:
                scope.add("value missing", expected=expected.share, got=answer)
            elif answer.value not in map(thb.Interval.point, allowed):
                scope.add("value wrong", expected=expected.share, got=answer)

    def _overlapping(self, areas: Sequence[str], period: int, rows: Sequence[Row]) -> System:
        """Return the system of a union if the forms of its members overlap."""
        worlds = [self.worlds.groups[area, period] for area in areas]
        readings = [read(world, self.question, overlapping_forms=True) for world in worlds]
        sums = [np.concatenate([own.sum_of(row.slot) for own in readings]) for row in rows]
        return System.side_by_side([own.system for own in readings]).with_rows(sums, rows)

    def _compare(
        self, scope: Scope, answer: Answer, system: System, parts: Sequence[Expected]
    ) -> Expected:
        """Compare bounds. The value of several countries has rules of its own."""
        without = ("value missing", "value wrong", "value wider")
        hidden = Row((), 0, None) if any(part.suppressed for part in parts) else None
        expected = Expected(system, system.ends("N"), system.ends("D"))
        if hidden is not None:
            # A suppressed count keeps its published interval, which can be wider.
            without = (*without, "wider", "wider with unknown")
        compare_share(replace(scope, without=without), answer, expected)
        return replace(expected, suppressed=hidden)


def shrink(finding: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding about one world with as few rows as show it."""
    worlds, (area, period) = finding["worlds"], finding["place"]
    world = worlds.groups.get((area, period))
    if world is None:
        return {name: value for name, value in finding.items() if name != "worlds"}
    best, rows = dict(finding), list(world.rows)
    for row in list(rows):
        fewer = [other for other in rows if other is not row]
        if not fewer:
            break
        one = replace(world, rows=fewer, truth={})
        tally = Tally()
        alone = Worlds(worlds.dimensions, {(area, period): one})
        try:
            check_question(
                Scope(tally, finding["kind"].split(",")[0]),
                alone,
                alone.table(),
                finding["question"],
            )
        except ThbstatsError:
            continue
        again = [f for f in tally.findings if f["what"] == finding["what"]]
        if again:
            best, rows = again[0], fewer
    return {name: value for name, value in best.items() if name != "worlds"}


def run(n: int, seed: int = 0, asks: int = 2, *, progress: bool = False) -> Tally:
    """Compare n worlds, or a few more."""
    tally, done, number, start = Tally(), 0, 0, time.perf_counter()
    while done < n:
        r = random.Random(f"{seed} {number}")
        few = AREAS[: max(3, (n - done) // 4 + 1)]
        worlds = draw_worlds(
            r.randrange(2**40), areas=AREAS if n - done > 60 else few, unions=number % 3 == 0
        )
        check_table(tally, worlds, r, asks)
        done += len(worlds.groups)
        number += 1
        if progress and number % 20 == 0:
            print(f"{done} worlds, {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return tally


def show(finding: Mapping[str, Any]) -> list[str]:
    """Return the lines of a finding, with few rows."""
    if "worlds" in finding and "rows" in finding:
        finding = shrink(finding)
    lines = []
    for name, value in finding.items():
        if isinstance(value, list) and value and isinstance(value[0], Row):
            lines += [f"  {name}:", *(f"    {row}" for row in value)]
        else:
            lines.append(f"  {name}: {value}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description="A comparison of worlds with integer programs.")
    parser.add_argument("n", type=int, help="the number of worlds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--asks", type=int, default=2, help="the number of shares of each world")
    parser.add_argument("--show", type=int, default=3, help="how many findings of a kind to show")
    parser.add_argument("--weak", action="store_true", help="also show what is no fault")
    options = parser.parse_args()
    start = time.process_time()
    tally = run(options.n, options.seed, options.asks, progress=True)
    print(tally.table())
    print(f"{time.process_time() - start:.0f} processor seconds")
    shown: Counter[tuple[str, str]] = Counter()
    seen = set()
    names = (*FAULTS, *(WEAK if options.weak else ()))
    found = [finding for finding in tally.findings if finding["what"] in names]
    for finding in sorted(found, key=lambda f: names.index(f["what"])):
        key = finding["what"], finding["kind"]
        if shown[key] < options.show:
            text = "\n".join(show(finding))
            if text not in seen:
                seen.add(text)
                shown[key] += 1
                print(f"\n{text}")
    return int(tally.faults > 0)


if __name__ == "__main__":
    sys.exit(main())
