"""Eight laws of every number, on drawn tables with a known truth.

A usual run draws about 1,300 worlds (countries and periods) in 115 tables of one to three
dimensions; `worlds.py` states what the worlds contain and what they leave out. About 115 of them
are asked two shares and two totals each, which are compared with integer programs, as are pools
and unions of them; ``python -m tests.oracle.campaign 20000`` compares as many as you like.

The laws are not tested on flows and rates, on changes of shares beyond decompositions, and on
sentences beyond the countries and the categories that they name. A pool with contradictory or
missing countries is compared with its own answers only, not with a program.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.oracle.campaign import FAULTS, WEAK, Tally, ask, check_table, questions, show
from tests.oracle.programs import CAP, Question, read
from tests.oracle.worlds import (
    AGE,
    FORM,
    SEX,
    World,
    Worlds,
    as_table,
    draw_worlds,
    tables,
)
from thbstats.errors import ThbstatsError


def laws(n: int) -> settings:
    """Return settings with n examples that are not made smaller: a seed has no smaller seed."""
    return settings(examples(n), phases=(Phase.explicit, Phase.generate))


AREAS = ("BE", "DE", "ES", "FR", "IT", "PT")
BY = ["area", "period"]
SMALL = tables(areas=AREAS)
CONSISTENT = tables(areas=AREAS, consistent=True)
SEEDS = st.integers(0, 2**32)


# Answers. --------------------------------------------------------------------------------------


def answer(row: thb.Result) -> dict[str, Any]:
    """Return all parts of an answer that the way of asking must not change."""
    return {
        "value": row.value,
        "bounds": row.bounds,
        "bounds with unknown": row.bounds_with_unknown,
        "bounds_attained": bool(row.bounds_attained),
        "complete": bool(row.complete),
        "status": row.status.code,
        "warnings": sorted(warning.code for warning in row.warnings),
        "estimand": row.estimand,
        "label": row.label,
        "base": row.base.label if row.base else None,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "unknown": row.unknown,
        "area": row.area.code,
        "period": str(row.period),
        "reporters": row.reporters,
    }


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    return {name: (first[name], second[name]) for name in first if first[name] != second[name]}


def by_key(panel: thb.Panel) -> dict[Any, dict[str, Any]]:
    """Return the answers of a panel by area, period and further keys, in the order of names."""
    order = sorted(panel.keys)
    columns = panel.to_frame()
    keys = zip(*(columns[name].astype(str) for name in order), strict=True)
    return {key: answer(panel.row(i)) for i, key in enumerate(keys)}


def ask_or_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except ThbstatsError:
        return None


def places(worlds: Worlds, n: int, seed: int) -> list[tuple[str, int]]:
    return random.Random(seed).sample(sorted(worlds.groups), min(n, len(worlds.groups)))


def one_question(worlds: Worlds, seed: int) -> Question:
    return next(questions(random.Random(seed), worlds.dimensions, 1))


def share_panels(worlds: Worlds, n: int = 3, seed: int = 0) -> Iterator[tuple[Question, thb.Panel]]:
    """Return panels of shares, single and pooled, of a drawn table."""
    table = worlds.table()
    for question in questions(random.Random(seed), worlds.dimensions, n):
        yield question, ask(table, question, by=BY)
        yield question, ask(table, question, by="period")


# 1. Arithmetic. --------------------------------------------------------------------------------


def check_quotients(panel: thb.Panel) -> None:
    for i in range(len(panel)):
        row = panel.row(i)
        if row.value is None:
            continue
        n, d = row.numerator, row.denominator
        if n.is_point and d is not None and d.is_point and d.value:
            quotient = thb.Interval.point(Fraction(n.value) / d.value)
            assert row.value == quotient, (panel.names[i], row)


@laws(6)
@given(SMALL, SEEDS)
def test_value_is_the_numerator_over_the_denominator(worlds: Worlds, seed: int) -> None:
    for _, panel in share_panels(worlds, seed=seed):
        check_quotients(panel)
    table, axis = worlds.table(), worlds.dimensions[0]
    for base in ("all", "known"):
        check_quotients(thb.breakdown(table, by=BY, of=axis.name, base=base))
        check_quotients(thb.breakdown(table, by="period", of=axis.name, base=base))
    first, second = axis.codes[:2]
    check_quotients(
        thb.ratio(table, numerator={axis.name: first}, denominator={axis.name: second}, by=BY)
    )
    totals = thb.total(table, by=BY, **{axis.name: first})
    for i in range(len(totals)):
        row = totals.row(i)
        assert row.value is None or row.value == row.numerator


@laws(4)
@given(SEEDS)
def test_contributions_sum_to_the_change(seed: int) -> None:
    worlds = draw_worlds(seed, dimensions=(SEX,), areas=AREAS, periods=(2019, 2020))
    found = ask_or_none(
        lambda: thb.decompose(worlds.table(), old=2019, new=2020, base="all", sex="female")
    )
    if found is None:
        return
    rows = [found.row(i) for i in range(len(found))]
    values = [row.value for row in rows if row.value is not None]
    change = found.change.value
    if change is not None and change.is_point and all(value.is_point for value in values):
        assert sum(Fraction(value.value) for value in values) == change.value
    for row in rows:
        for interval in (row.bounds, row.bounds_with_unknown):
            assert interval is None or -1 <= interval.lower <= interval.upper <= 1


# 2. Nesting. -----------------------------------------------------------------------------------


def is_inside(inner: thb.Interval, outer: thb.Interval) -> bool:
    """Return whether an interval is in another; either may also be undefined."""
    low = outer.lower is None or (inner.lower is not None and inner.lower >= outer.lower)
    high = outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper)
    return low and high


def check_nesting(panel: thb.Panel, *, single: bool) -> None:
    for i in range(len(panel)):
        row = panel.row(i)
        codes = {warning.code for warning in row.warnings}
        if "CONTRADICTED" in codes or row.status.code in ("contradictory", "conflicting"):
            continue
        if row.denominator is not None and row.denominator.upper == 0:
            continue  # 0 of 0 has no number
        # The value of several countries leaves out those without data.
        if row.value is not None and row.bounds is not None and (single or row.complete):
            assert is_inside(row.value, row.bounds), (panel.names[i], row)
        if row.bounds is not None and row.bounds_with_unknown is not None:
            assert is_inside(row.bounds, row.bounds_with_unknown), (panel.names[i], row)


@laws(8)
@given(SMALL, SEEDS)
def test_value_is_in_bounds_and_bounds_are_in_those_with_unknown(worlds: Worlds, seed: int) -> None:
    for _, panel in share_panels(worlds, seed=seed):
        check_nesting(panel, single="area" in panel.keys)
    table, axis = worlds.table(), worlds.dimensions[-1]
    for base in ("all", "known"):
        check_nesting(thb.breakdown(table, by=BY, of=axis.name, base=base), single=True)
    check_nesting(thb.total(table, by=[*BY, axis.name]), single=True)
    first, second = axis.codes[:2]
    sides = {"numerator": {axis.name: first}, "denominator": {axis.name: second}}
    check_nesting(thb.ratio(table, **sides, by=BY), single=True)


# 3. Truth. -------------------------------------------------------------------------------------


@laws(12)
@given(tables(areas=AREAS[:5], unions=True), SEEDS)
def test_truth_and_every_completion_are_within_bounds_that_are_sharp_where_they_say_so(
    worlds: Worlds, seed: int
) -> None:
    tally = Tally()
    check_table(tally, worlds, random.Random(seed), 2)
    faults = [finding for finding in tally.findings if finding["what"] in FAULTS]
    texts = [line for fault in faults[:3] for line in (*show(fault), "")]
    assert not faults, "\n".join([tally.table(), *texts])
    assert sum(tally.counts.values()) > 0
    assert not set(WEAK) & set(FAULTS)


@laws(4)
@given(SEEDS)
def test_ratio_of_two_systems_contains_the_quotients_of_both(seed: int) -> None:
    stages = ("prosecuted", "convicted")
    drawn = {
        stage: draw_worlds(seed + i, dimensions=(SEX, AGE), areas=AREAS, periods=(2020, 2021))
        for i, stage in enumerate(stages)
    }
    table = justice_table(drawn)
    question = Question({"sex": "female"}, {})
    sides = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
    panel = thb.ratio(table, **sides, by=BY, sex="female")
    rows = by_key(panel)
    for place in drawn["convicted"].groups:
        if place not in drawn["prosecuted"].groups:
            continue
        readings = [read(drawn[stage].groups[place], question) for stage in stages]
        if not all(reading.system.is_feasible for reading in readings):
            continue
        row = rows[place[0], str(place[1])]
        below, above = (reading.system.ends("N") for reading in readings)
        if row["bounds"] is None or below[1] == 0:
            continue
        least = Fraction(above[0], below[1])
        assert row["bounds"].lower is None or row["bounds"].lower <= least
        if below[0] > 0:
            most = Fraction(above[1], below[0])
            assert row["bounds"].upper is None or row["bounds"].upper >= most
            if below[0] == below[1] and above[0] == above[1]:
                # A suppressed count keeps its published interval.
                assert row["value"] is None or row["value"].contains(most)


def justice_table(drawn: Mapping[str, Worlds], **constants: Any) -> thb.CountTable:
    rows = [
        {**row, "stage": stage, **constants}
        for stage, worlds in drawn.items()
        for row in worlds.table_rows()
    ]
    frame = pd.DataFrame(rows).astype({"value": "Int64", "upper": "float64"})
    return thb.CountTable.from_frame(frame, kind="justice", unit="persons")


# 4. Parts. -------------------------------------------------------------------------------------


@laws(8)
@given(SEEDS)
def test_shares_of_exclusive_and_exhaustive_categories_sum_to_one(seed: int) -> None:
    worlds = draw_worlds(seed, dimensions=(SEX, AGE), areas=AREAS, periods=(2019, 2020))
    table = worlds.table()
    for dimension in (SEX, AGE):
        for by in (BY, ["period"]):
            panel = thb.breakdown(table, by=by, of=dimension.name, base="known")
            frame = panel.to_frame()
            for key, rows in frame.groupby(by):
                results = [panel.row(i) for i in frame.index.get_indexer(rows.index)]
                named = [result for result in results if "unknown" not in str(result.category)]
                with_value = [result for result in named if result.value is not None]
                assert len({result.reporters for result in with_value}) <= 1, key
                if len(with_value) == len(named) and all(r.value.is_point for r in named):
                    assert sum(Fraction(r.value.value) for r in named) == 1, key
                # Bounds allow a completion in which they sum to 1.
                if all(r.bounds is not None and r.status.code != "contradictory" for r in named):
                    assert sum(Fraction(r.bounds.lower or 0) for r in named) <= 1, key
                    uppers = [r.bounds.upper for r in named]
                    assert None in uppers or sum(map(Fraction, uppers)) >= 1, key


# 5. Equivalence. -------------------------------------------------------------------------------


def ways_of_asking(
    table: thb.CountTable, place: tuple[str, int], call: Callable[..., Any], **options: Any
) -> Iterator[tuple[str, Any]]:
    """Return one question to one country and period, asked in many ways; None if it raises."""
    area, period = place
    here = {"area": area, "period": period}
    years, lists = range(period, period + 1), {"area": [area], "period": [period]}
    selected = table.where(**here)
    for way, counts, arguments in (
        ("by period and area", table, {"by": ["period", "area"]}),
        ("arguments", table, {"by": BY, **lists}),
        ("area and range", table, {"by": BY, "area": area, "period": years}),
        ("where", selected, {"by": BY}),
        ("where area", table.where(area=area), {"by": BY, "period": period}),
        ("where period", table.where(period=period), {"by": BY, "area": area}),
        ("by area", table, {"by": "area", "area": [area], "period": period}),
        ("by period", table, {"by": "period", "area": area, "period": [period]}),
        ("scalar", table, here),
        ("scalar of lists", table, lists),
        ("scalar of where", selected, {}),
    ):
        try:
            yield way, call(counts, **arguments, **options)
        except ThbstatsError:
            yield way, None


def has_category(world: World, category: Mapping[str, str]) -> bool:
    """Return whether categories have a row, or exist without one."""
    return all(
        category[axis.name] in axis.always
        or any(row.slot[i] == category[axis.name] for row in world.rows)
        for i, axis in enumerate(world.dimensions)
        if axis.name in category
    )


def check_equivalence(
    worlds: Worlds,
    place: tuple[str, int],
    call: Callable[..., Any],
    category: Mapping[str, str],
    **options: Any,
) -> None:
    table, key = worlds.table(), (place[0], str(place[1]))
    panel = call(table, by=BY, **options)
    rows = by_key(panel)
    expected = rows[key]
    number = next(
        panel.row(i)
        for i in range(len(panel))
        if panel.row(i).area.code == key[0] and str(panel.row(i).period) == key[1]
    )
    for way, found in ways_of_asking(table, place, call, **options):
        if found is None:
            # A table without a category of an open list does not know it.
            unknown = "where" in way and not has_category(worlds.groups[place], category)
            assert unknown or expected["status"] != "ok", (way, "raises", expected)
            continue
        row = found
        if isinstance(found, thb.Panel):
            matching = [
                found.row(i)
                for i in range(len(found))
                if found.row(i).area.code == key[0] and str(found.row(i).period) == key[1]
            ]
            assert len(matching) == 1, (way, found)
            row = matching[0]
        assert not differences(expected, answer(row)), (way, differences(expected, answer(row)))
        if expected["value"] is not None and way in ("scalar", "where"):
            itself = thb.compare(number, number)
            assert thb.compare(number, row).verdict == itself.verdict, way
            assert thb.compare(row, number).verdict == itself.verdict, way
    again = by_key(call(worlds.table(random.Random(1)), by=BY, **options))
    assert not differences(expected, again[key]), ("order", differences(expected, again[key]))


@laws(8)
@given(SMALL, SEEDS)
def test_a_share_is_the_same_however_it_is_asked(worlds: Worlds, seed: int) -> None:
    question = one_question(worlds, seed)
    for place in places(worlds, 2, seed):
        category = {**question.category, **question.within}
        check_equivalence(worlds, place, ask_table, category, question=question)


def ask_table(table: thb.CountTable, *, question: Question, **place: Any) -> Any:
    return ask(table, question, **place)


@laws(6)
@given(SMALL, SEEDS)
def test_a_total_is_the_same_however_it_is_asked(worlds: Worlds, seed: int) -> None:
    question = one_question(worlds, seed)
    for place in places(worlds, 2, seed):
        category = {**question.category, **question.within}
        check_equivalence(worlds, place, thb.total, category, **category)


@laws(4)
@given(SMALL, SEEDS)
def test_a_ratio_is_the_same_however_it_is_asked(worlds: Worlds, seed: int) -> None:
    axis = worlds.dimensions[seed % len(worlds.dimensions)]
    sides = {
        "numerator": {axis.name: axis.codes[0]},
        "denominator": {axis.name: axis.codes[1]},
    }
    for place in places(worlds, 2, seed):
        for category in sides.values():
            if not has_category(worlds.groups[place], category):
                break
        else:
            check_equivalence(worlds, place, thb.ratio, {}, **sides)


@laws(8)
@given(SMALL, SEEDS)
def test_a_row_of_by_is_the_number_within_its_category(worlds: Worlds, seed: int) -> None:
    if len(worlds.dimensions) < 2:
        return
    table = worlds.table()
    inner, outer = worlds.dimensions[:2] if seed % 2 else worlds.dimensions[1::-1]
    category = {inner.name: inner.codes[0]}
    for base in ("all", "known"):
        split = by_key(thb.share(table, base=base, by=[*BY, outer.name], **category))
        counts = by_key(thb.total(table, by=[*BY, outer.name], **category))
        order = sorted([*BY, outer.name])
        for code in outer.codes[:2]:
            within = thb.share(table, base=base, by=BY, where={outer.name: code}, **category)
            total = thb.total(table, by=BY, **category, **{outer.name: code})
            for rows, panel in ((split, within), (counts, total)):
                for (area, period), expected in by_key(panel).items():
                    here = {"area": area, "period": period, outer.name: code}
                    key = tuple(here[name] for name in order)
                    if key not in rows:
                        assert expected["status"] not in ("ok", "contradictory"), (key, expected)
                        continue
                    found = differences(expected, rows[key])
                    found.pop("label", None)  # the label of a row can be its category
                    assert not found, (key, base, found)


@laws(6)
@given(SMALL, SEEDS)
def test_a_row_of_a_breakdown_is_the_share_of_its_category(worlds: Worlds, seed: int) -> None:
    table, axis = worlds.table(), worlds.dimensions[seed % len(worlds.dimensions)]
    order = sorted([*BY, axis.name])
    for base in ("all", "known"):
        rows = by_key(thb.breakdown(table, by=BY, of=axis.name, base=base))
        for code in axis.codes[:2]:
            shares = by_key(thb.share(table, base=base, by=BY, **{axis.name: code}))
            for (area, period), expected in shares.items():
                here = {"area": area, "period": period, axis.name: code}
                row = rows.get(tuple(here[name] for name in order))
                if row is None:
                    assert expected["status"] != "ok", (here, expected)
                    continue
                for name in ("bounds", "bounds with unknown", "base", "period", "area"):
                    assert row[name] == expected[name], (here, base, name)
                if expected["value"] is None or expected["value"].undefined:
                    continue
                # All shares of a breakdown have the same countries.
                assert row["value"] in (None, expected["value"]), (here, base)


@laws(4)
@given(SEEDS)
def test_derived_indicators_are_the_same_with_arguments_and_where(seed: int) -> None:
    worlds = draw_worlds(seed, dimensions=(SEX, FORM), areas=AREAS, periods=(2019, 2020))
    table = worlds.table()
    area, period = places(worlds, 1, seed)[0]
    here = {"area": area, "period": period}
    selected = table.where(**here)
    pairs: list[tuple[Any, Any]] = []
    for call, options in (
        (thb.ranking, {"by": "exploitation"}),
        (thb.breakdown, {"of": "exploitation", "base": "all"}),
        (thb.breakdown, {"of": ["sex", "exploitation"], "base": "known"}),
        (thb.breakdown, {"of": "sex", "base": "known", "exploitation": "sexual"}),
        (thb.association, {"rows": "sex", "columns": "exploitation"}),
    ):
        first = ask_or_none(lambda call=call, options=options: call(table, **here, **options))
        second = ask_or_none(lambda call=call, options=options: call(selected, **options))
        assert (first is None) == (second is None), (call.__name__, options, first, second)
        if first is not None:
            pairs.append((first, second))
            assert by_key(first) == by_key(second), (call.__name__, options)
            if call is thb.ranking:
                assert list(first.ranks) == list(second.ranks)


# 6. Locality. ----------------------------------------------------------------------------------


@laws(8)
@given(tables(areas=AREAS, unions=True), SEEDS)
def test_rows_of_other_places_change_nothing(worlds: Worlds, seed: int) -> None:
    r = random.Random(seed)
    kept = {place for place in worlds.groups if r.random() < 0.4} or set(places(worlds, 1, 0))
    fewer = Worlds(worlds.dimensions, {place: worlds.groups[place] for place in kept})
    for question in questions(r, worlds.dimensions, 2):
        for call, options in (
            (ask_table, {"question": question}),
            (thb.total, {**question.category, **question.within}),
        ):
            every = by_key(call(worlds.table(), by=BY, **options))
            found = ask_or_none(
                lambda call=call, options=options: call(fewer.table(), by=BY, **options)
            )
            if found is None:  # no row of the category is left
                continue
            rows = by_key(found)
            for area, period in kept:
                key = (area, str(period))
                assert not differences(every[key], rows[key]), (
                    key,
                    question,
                    differences(every[key], rows[key]),
                )


@laws(6)
@given(SEEDS)
def test_rows_of_other_statuses_and_stages_change_nothing(seed: int) -> None:
    dimensions = (SEX, FORM)
    first, second = (
        draw_worlds(seed + i, dimensions=dimensions, areas=AREAS[:4], periods=(2019, 2020))
        for i in (0, 1)
    )
    rows = [
        {**row, "status": status}
        for status, worlds in (("identified", first), ("presumed", second))
        for row in worlds.table_rows()
    ]
    both = as_table(pd.DataFrame(rows), first.names)
    identified = [row for row in rows if row["status"] == "identified"]
    one = as_table(pd.DataFrame(identified), first.names)
    question = one_question(first, seed)
    for call, options in (
        (ask_table, {"question": question}),
        (thb.total, {**question.category, **question.within}),
    ):
        every = by_key(call(both, by=BY, status="identified", **options))
        alone = by_key(call(one, by=BY, status="identified", **options))
        for key, expected in alone.items():
            assert not differences(expected, every[key]), (key, differences(expected, every[key]))
    stages = {"prosecuted": first, "convicted": second, "suspected": first}
    three = justice_table(stages)
    two = justice_table({stage: stages[stage] for stage in ("prosecuted", "convicted")})
    sides = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
    every = by_key(thb.ratio(three, **sides, by=BY))
    for key, expected in by_key(thb.ratio(two, **sides, by=BY)).items():
        assert not differences(expected, every[key]), key


@laws(6)
@given(SMALL, SEEDS)
def test_a_pool_is_that_of_its_countries_alone(worlds: Worlds, seed: int) -> None:
    question = one_question(worlds, seed)
    areas = list(AREAS[1:4])
    table = worlds.table()
    every = by_key(ask(table, question, by="period", area=areas))
    found = ask_or_none(lambda: ask(table.where(area=areas), question, by="period", area=areas))
    if found is not None:
        for key, row in by_key(found).items():
            assert not differences(row, every[key]), (key, differences(row, every[key]))
            year = int(key[0])
            alone = by_key(ask(table.where(period=year), question, by="period", area=areas))
            assert not differences(row, alone[key]), key


# 7. Accounting. --------------------------------------------------------------------------------


@laws(6)
@given(CONSISTENT, SEEDS)
def test_a_person_is_in_one_of_listed_unknown_and_not_listed(worlds: Worlds, seed: int) -> None:
    table, axis = worlds.table(), worlds.dimensions[seed % len(worlds.dimensions)]
    for code in axis.codes[:2]:
        question = Question({axis.name: code}, {}, "all")
        rows = by_key(ask(table, question, by=BY))
        for place, world in worlds.groups.items():
            reading = read(world, question)
            if not reading.decided or not reading.system.is_feasible:
                continue
            row = rows[place[0], str(place[1])]
            if row["status"] == "contradictory" or row["unknown"] is None:
                continue
            # The persons of unknown category are those that a completion can have: nobody with
            # a published category, nobody who is not listed.
            low, high = reading.system.ends("U")
            found = row["unknown"]
            assert found.lower <= low, (place, code, found, (low, high), world.rows)
            assert found.upper is None or found.upper >= high, (place, code, found, (low, high))
            exact = all(r.reason in ("known", "not_reported") for r in world.rows)
            if row["value"] is not None and row["bounds_attained"] and exact:
                highest = None if high == CAP else high
                assert found == thb.Interval(low, highest), (place, code, found, (low, high))


@laws(6)
@given(SEEDS)
def test_categories_and_unknown_add_up_to_the_total(seed: int) -> None:
    worlds = draw_worlds(
        seed, dimensions=(SEX, AGE), areas=AREAS, periods=(2019, 2020), consistent=True
    )
    table = worlds.table()
    totals = by_key(thb.total(table, by=BY))
    for dimension in (SEX, AGE):
        panel = thb.total(table, by=[*BY, dimension.name])
        frame = panel.to_frame()
        for (area, period), rows in frame.groupby(BY):
            whole = totals[str(area), str(period)]["value"]
            parts = [panel.row(i).value for i in frame.index.get_indexer(rows.index)]
            codes = set(rows[dimension.name].astype(str))
            points = whole is not None and whole.is_point
            if points and "unknown" in codes and all(p is not None and p.is_point for p in parts):
                world = worlds.groups[str(area), int(str(period))]
                reading = read(world, Question({dimension.name: dimension.codes[0]}, {}))
                if reading.system.is_feasible:
                    assert sum(part.value for part in parts) == whole.value, (area, period)


# 8. Honest words. ------------------------------------------------------------------------------


@laws(6)
@given(SMALL, SEEDS)
def test_the_countries_that_are_named_are_those_in_the_value(worlds: Worlds, seed: int) -> None:
    table = worlds.table()
    for question in questions(random.Random(seed), worlds.dimensions, 2):
        single = by_key(ask(table, question, by=BY, area=list(AREAS)))
        panel = ask(table, question, by="period", area=list(AREAS))
        frame = panel.to_frame()
        for i in range(len(panel)):
            row, year = panel.row(i), str(panel.row(i).period)
            if row.value is None:
                assert not row.reporters or row.status.code != "ok"
                continue
            assert row.n_reporters == len(row.reporters)
            assert frame["coverage"].iloc[i] == f"{len(row.reporters)} of {len(row.expected)}"
            named = [line for line in row.footnote().splitlines() if "Reporting countries" in line]
            assert len(named) == 1
            text = named[0].split("Reporting countries:")[1].split(".")[0].split(";")[0]
            words = set(text.replace(",", " ").split())
            assert words & set(AREAS) == set(row.reporters), (named, row.reporters)
            parts = {area: single.get((area, year)) for area in AREAS}
            # A country with 0 of 0 reports both counts, and has no share.
            inside = {
                area
                for area, part in parts.items()
                if part and (part["value"] is not None or part["status"] == "undefined")
            }
            assert set(row.reporters) == inside, (year, question, row.reporters, inside)
            values = [parts[area] for area in inside]
            if all(p["numerator"].is_point and p["denominator"].is_point for p in values):
                n = sum(p["numerator"].value for p in values)
                d = sum(p["denominator"].value for p in values)
                if d:
                    assert row.value == thb.Interval.point(Fraction(n, d)), (year, question)
            for area, part in parts.items():
                if part and part["status"] == "contradictory":
                    assert area not in row.reporters
                    assert "CONTRADICTED" in {warning.code for warning in row.warnings}


@laws(4)
@given(SMALL, SEEDS)
def test_estimand_and_footnote_name_the_categories_of_by_and_within(
    worlds: Worlds, seed: int
) -> None:
    if len(worlds.dimensions) < 2:
        return
    inner, outer = worlds.dimensions[:2]
    table, code = worlds.table(), outer.codes[seed % 2]
    category = {inner.name: inner.codes[0]}
    within = thb.share(table, base="all", by=BY, where={outer.name: code}, **category)
    split = thb.share(table, base="all", by=[*BY, outer.name], **category).where(
        **{outer.name: code}
    )
    plain = thb.share(table, base="all", by=BY, **category)
    texts = [{panel.row(i).estimand for i in range(len(panel))} for panel in (within, split, plain)]
    assert texts[0] == texts[1]
    assert not texts[0] & texts[2]
    for panel in (within, split):
        row = next((panel.row(i) for i in range(len(panel)) if panel.row(i).value), None)
        if row is not None:
            assert row.estimand.casefold() in row.footnote().casefold()
            itself = thb.compare(row, row).verdict
            other = next((plain.row(i) for i in range(len(plain)) if plain.row(i).value), None)
            if other is not None:
                assert thb.compare(row, other).verdict.label != "comparable"
            assert itself.label != "not comparable"
