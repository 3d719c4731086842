import json
import math
from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from tests.comparability.numbers import SOURCE, context, count, parts, printed, rate, ratio, share
from tests.results.nesting import rows_of
from thbstats.comparability import assess
from thbstats.errors import ImpossibleResult
from thbstats.records import Source
from thbstats.results import (
    Base,
    Change,
    ComparabilityWarning,
    Excess,
    Hidden,
    Measure,
    Result,
    Share,
    Warnings,
)
from thbstats.values import Interval

POSSIBLE = Interval(Fraction(68, 100), Fraction(70, 100))
FEMALE = assess(share(68, 98, unknown=2, possible=POSSIBLE))
NOBODY = assess(
    share(
        Interval(0, 4),
        Interval.at_least(0),
        reported=None,
        where=context("BE+FR", reporters=frozenset()),
    )
)


def change(measure: str, unit: Interval) -> Change:
    number = count(20_532)
    return Change(
        indicator="change",
        label="total, 2013 to 2015",
        measure=Measure(measure),
        numerator=Interval.point(20_532),
        denominator=Interval.point(15_846),
        base=Base(rule="earlier", label="registered victims, 2013"),
        estimand="registered victims: 2015 against 2013",
        reported=unit,
        bounds=unit,
        possible=unit,
        context=number.context,
    )


NUMBERS = [
    FEMALE,
    NOBODY,
    assess(printed("56", label="sexual", possible=Interval(0, 1))),
    assess(ratio(2_927, 5_979, raw=Interval.point(Fraction(1, 2)))),
    assess(count(9_759)),
    change("change", Interval.point(4_686)),
]


# --- the number itself --------------------------------------------------------------------------


def test_a_share_above_its_base_is_impossible() -> None:
    with pytest.raises(ImpossibleResult, match="above its base"):
        share(Interval(5, 6), Interval(3, 4))
    assert share(Interval(4, 9), Interval(3, 4)).numerator == Interval(4, 9)
    assert share(Interval(5, None), Interval.at_least(3)).value is None


def test_a_ratio_can_be_above_its_denominator() -> None:
    assert ratio(135, 2).value == 67.5


def test_a_value_is_a_float_only_where_there_is_one() -> None:
    assert FEMALE.value == 68 / 98
    assert NOBODY.value is None
    assert share(Interval(0, 4), 6).value is None


def test_where_nobody_reported_the_bounds_are_what_is_stated() -> None:
    assert FEMALE.stated == FEMALE.reported
    assert NOBODY.stated == NOBODY.bounds
    assert NOBODY.shown == "0.0..100.0 %"


def test_area_period_and_reporters_are_at_hand() -> None:
    assert (FEMALE.area, FEMALE.period, FEMALE.reporters) == ("BE", "2015", {"BE"})


def test_a_result_cannot_be_changed_and_other_warnings_make_another_one() -> None:
    with pytest.raises(FrozenInstanceError):
        FEMALE.label = "male"  # type: ignore[misc]
    bare = FEMALE.with_warnings([])
    assert bare.warnings == ()
    assert type(bare) is Share
    assert FEMALE.warnings != ()


def test_equal_results_are_one_in_a_set_whatever_they_are_made_of() -> None:
    one = share(60, 100, parts=parts(UK=(50, 10), FR=(10, 30)))
    two = share(60, 100, parts=parts(UK=(50, 10), FR=(10, 30)))
    assert {one, two} == {one}
    assert one != evolve(one, parts=None)


def test_a_share_and_a_result_with_the_same_data_are_different_things() -> None:
    names = [item.name for item in Share.__attrs_attrs__]
    assert Result(**{name: getattr(FEMALE, name) for name in names}) != FEMALE


# --- outputs ------------------------------------------------------------------------------------


def test_the_repr_says_reported_first_then_what_else_it_can_be_then_the_caveats() -> None:
    assert repr(FEMALE) == (
        "<Share female: 69.4 % (possible 68.0..70.0 %); DETECTION, SMALL, UNKNOWN>"
    )
    assert repr(share(1, 200, possible=Interval.point(Fraction(1, 200)))) == "<Share female: 0.5 %>"


def test_bounds_are_named_where_they_differ_from_what_is_reported() -> None:
    open_ = share(1, 4, bounds=Interval(0, 1))
    assert repr(open_) == "<Share female: 25.0 % (bounds 0.0..100.0 %)>"


@pytest.mark.parametrize("number", NUMBERS)
def test_the_text_fits_a_terminal(number: Result) -> None:
    text = str(number)
    assert number.label in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("number", NUMBERS)
def test_the_html_nests_and_has_one_row_of_numbers(number: Result) -> None:
    assert rows_of(number._repr_html_()) == 2


@pytest.mark.parametrize("number", NUMBERS)
def test_the_markdown_is_one_table_with_notes(number: Result) -> None:
    lines = [line for line in number.to_markdown().splitlines() if line.startswith("|")]
    assert len(lines) == 3
    assert number.label in lines[2]


@pytest.mark.parametrize("number", NUMBERS)
def test_plain_data_survive_json(number: Result) -> None:
    data = number.to_dict()
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text) == data
    assert data["label"] == number.label
    assert len(data["warnings"]) == len(number.warnings)


def test_plain_data_say_none_for_no_bound_and_none_for_no_number() -> None:
    data = NOBODY.to_dict()
    assert data["reported"] is None
    assert data["denominator"] == {"lower": 0, "upper": None, "undefined": False}
    assert data["reporters"] == []
    assert data["expected"] == ["BE", "FR"]
    assert FEMALE.to_dict()["reported"]["lower"] == 68 / 98
    assert FEMALE.to_dict()["printed"] is None
    assert printed("56").to_dict()["printed"] == "56"


def test_plain_data_hold_what_is_hidden_where_a_series_breaks_and_what_overlaps() -> None:
    found = evolve(
        count(
            5,
            context(
                hidden=Hidden(cells=2, areas=frozenset({"FR", "BE"}), counts=Interval(0, 8)),
                breaks=frozenset({("FR", "2016"), ("BE", "2014")}),
            ),
        ),
        excess=Excess(counted=Interval.point(16), total=Interval.point(12), areas=("MT",)),
    ).to_dict()
    assert found["hidden"] == {
        "cells": 2,
        "areas": ["BE", "FR"],
        "counts": {"lower": 0, "upper": 8, "undefined": False},
        "narrowed": False,
    }
    assert found["breaks"] == [
        {"area": "BE", "period": "2014"},
        {"area": "FR", "period": "2016"},
    ]
    assert found["excess"]["counted"]["lower"] == 16
    assert found["excess"]["total"]["lower"] == 12
    assert (found["excess"]["areas"], found["excess"]["unexplained"]) == (["MT"], [])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert rate(population="FR").to_dict()["inhabitants"] == {
        "area": "FR",
        "counted": ["2015-01-01/2015-01-01"],
    }
    plain = count(5).to_dict()
    assert plain["hidden"] is plain["excess"] is plain["inhabitants"] is None
    assert plain["breaks"] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_a_frame_has_one_tidy_row(number: Result) -> None:
    frame = number.to_frame()
    assert frame.shape[0] == 1
    assert frame["label"].tolist() == [number.label]
    assert frame["warnings"].tolist() == [", ".join(number.warnings.codes)]
    ends = [name for name in frame if str(name).endswith(("_lower", "_upper"))]
    assert all(frame[name].dtype == np.float64 for name in ends)


def test_a_frame_tells_no_bound_from_no_number() -> None:
    row = NOBODY.to_frame().iloc[0]
    assert row["denominator_upper"] == math.inf
    assert math.isnan(row["reported_lower"])
    assert row["reporters"] == ""
    assert count(3, context("EU28", reporters=None)).to_frame()["reporters"].isna().all()
    falling = change("difference", Interval(None, 0)).to_frame().iloc[0]
    assert falling["reported_lower"] == -math.inf


def test_the_account_gives_arithmetic_base_coverage_and_source() -> None:
    where = context(sources=(SOURCE, Source(title="B", section="II.1")), flags={"p", "e"})
    text = share(68, 98, unknown=2, possible=POSSIBLE, where=where).explain()
    assert text.splitlines() == [
        "female: 69.4 % (possible 68.0..70.0 %).",
        "Recorded as female among registered victims.",
        "Arithmetic: 68 / 98; base: registered victims. Unknown beside: 2.",
        "Area: Belgium. Period: 2015. Reporting countries: BE.",
        "Source: A report; B, section II.1. Flags: ep.",
    ]


@pytest.mark.parametrize(
    ("number", "arithmetic"),
    [
        (count(9_759), "Count: 9 759."),
        (count(9_759, unknown=Interval.point(4)), "Count: 9 759. Unknown beside: 4."),
        (
            printed("56"),
            "As printed: 56 %; base: registered victims (at least 0).",
        ),
        (
            ratio(3, 4, raw=Interval.point(Fraction(1, 2))),
            "Arithmetic: 3 / 4; base: persons prosecuted. Raw, whoever reported: 0.500.",
        ),
        (
            ratio(3, 4, measure="per_100"),
            "Arithmetic: 100 * 3 / 4; base: persons prosecuted.",
        ),
        (
            change("change", Interval.point(4_686)),
            "Arithmetic: 20 532 less 15 846; base: registered victims, 2013.",
        ),
        (
            change("relative_change", Interval.point(Fraction(3, 10))),
            "Arithmetic: 20 532 / 15 846 less 1; base: registered victims, 2013.",
        ),
        (
            change("difference", Interval.point(Fraction(3, 10))),
            "Arithmetic: 20 532 / 15 846 less the older share; base: registered victims, 2013.",
        ),
    ],
)
def test_the_arithmetic_is_that_of_the_kind_of_number(number: Result, arithmetic: str) -> None:
    assert arithmetic in number.explain().splitlines()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reporters": frozenset({"BE"})}, "Reporting countries: BE; not: FR."),
        ({"reporters": frozenset()}, "Reporting countries: none; not: BE, FR."),
        ({"reporters": None}, "The reporting countries are not listed."),
        (
            {"reporters": None, "n_reporters": 2},
            "2 countries reported; the reporting countries are not listed.",
        ),
    ],
)
def test_who_reported_is_always_said(more: dict[str, object], words: str) -> None:
    assert words in count(5, context("BE+FR", **more)).explain()  # type: ignore[arg-type]


def test_every_caveat_stands_under_a_number_with_evidence_and_mend() -> None:
    text = FEMALE.explain()
    assert (
        "UNKNOWN (note): 2.0 % have no recorded sex and could belong to any category. "
        "Evidence: unknown: 2. Print the unknown beside the share, and say which base was used."
    ) in text.splitlines()


@pytest.mark.parametrize(
    ("message", "figure", "repeated"),
    [
        ("the base is 12: one case is 8.3 % of it", "12", False),
        ("of 12 345 victims", "12", True),
        ("of 12 345 victims", "345", True),
        ("of 12 345 victims", "12 345", False),
        ("in 2012", "12", True),
        ("a share of 12.5", "12", True),
        ("nothing", "12", True),
    ],
)
def test_evidence_is_printed_where_the_message_does_not_say_it_already(
    message: str, figure: str, repeated: bool
) -> None:
    warning = ComparabilityWarning(
        code="X", severity="note", scope="number", message=message, evidence=[("base", figure)]
    )
    text = count(5).with_warnings(Warnings([warning])).explain()
    assert (f"Evidence: base: {figure}" in text) is repeated
    assert f"X (note): {message}." in text
