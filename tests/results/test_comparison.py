import json
import math
from fractions import Fraction

import numpy as np
import pytest

from tests.comparability.numbers import context, count, printed, ratio, share
from tests.results.nesting import rows_of
from thbstats.comparability import assess, compare
from thbstats.results import Comparison
from thbstats.values import Interval

EU, REST = context("EU28", "2015-2016"), context("EU28 without UK", "2015-2016")
MOVED = compare(
    assess(printed("56", label="sexual", where=EU)),
    assess(printed("65", label="sexual", where=REST)),
)
SIMPLE = compare(count(20), count(25, label="later"))
NEVER = compare(assess(share(8, 10)), assess(count(5)))
OPEN = compare(count(5), count(Interval.at_least(3), reported=None))
BARE = compare(count(20), count(25), rules=[])
ALL = [MOVED, SIMPLE, NEVER, OPEN, BARE, compare(ratio(1, 2), ratio(3, 4))]


def test_a_difference_is_shown_in_its_unit() -> None:
    assert MOVED.shown == "+8.0..+10.0 pp"
    assert SIMPLE.shown == "+5"
    assert NEVER.shown == "no difference exists"
    assert compare(ratio(1, 2), ratio(3, 4)).shown == "+0.250"


def test_the_repr_says_difference_verdict_and_codes() -> None:
    assert repr(BARE) == "<Comparison +5: comparable>"
    assert repr(NEVER) == (
        "<Comparison no difference exists: not comparable; BASE, SMALL, DETECTION>"
    )


def test_the_account_starts_with_both_numbers_and_the_verdict() -> None:
    first, *notes = MOVED.explain().splitlines()
    assert first == (
        "sexual: 64.5..65.5 % against 55.5..56.5 %, +8.0..+10.0 pp; comparable with caution."
    )
    assert notes == MOVED.notes
    assert any(note.startswith("MEMBERSHIP (caution): EU28 and EU28 without UK") for note in notes)


def test_two_labels_are_named_where_they_differ() -> None:
    assert MOVED.label == "sexual"
    assert SIMPLE.label == "later against total"


def test_what_is_said_of_one_number_says_of_which() -> None:
    (small,) = [note for note in NEVER.notes if note.startswith("SMALL")]
    assert small.startswith("SMALL (caution): first: the base is 10")
    (base,) = [note for note in NEVER.notes if note.startswith("BASE")]
    assert base.startswith("BASE (blocking): the two numbers are of different kinds")
    assert len(set(NEVER.notes)) == len(NEVER.notes)


@pytest.mark.parametrize("comparison", ALL)
def test_the_text_fits_a_terminal(comparison: Comparison) -> None:
    assert max(map(len, str(comparison).splitlines())) <= 80


@pytest.mark.parametrize("comparison", ALL)
def test_the_html_nests_and_has_both_numbers_and_their_difference(comparison: Comparison) -> None:
    assert rows_of(comparison._repr_html_()) == 4


@pytest.mark.parametrize("comparison", ALL)
def test_the_markdown_is_a_table(comparison: Comparison) -> None:
    lines = [line for line in comparison.to_markdown().splitlines() if line.startswith("|")]
    assert len(lines) == 5
    assert "difference" in lines[-1]


@pytest.mark.parametrize("comparison", ALL)
def test_plain_data_survive_json(comparison: Comparison) -> None:
    data = comparison.to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["verdict"] == comparison.verdict


def test_plain_data_hold_the_difference() -> None:
    assert SIMPLE.to_dict()["difference"] == {"lower": 5, "upper": 5, "undefined": False}
    assert OPEN.to_dict()["difference"]["upper"] is None
    assert NEVER.to_dict()["difference"] is None


@pytest.mark.parametrize("comparison", ALL)
def test_a_frame_has_one_row(comparison: Comparison) -> None:
    frame = comparison.to_frame()
    assert len(frame) == 1
    assert frame["difference_lower"].dtype == np.float64
    assert frame["warnings"].tolist() == [", ".join(comparison.warnings.codes)]


def test_a_frame_tells_no_difference_from_one_without_bound() -> None:
    assert math.isnan(NEVER.to_frame()["difference_lower"].item())
    assert OPEN.to_frame()["difference_upper"].item() == math.inf
    row = MOVED.to_frame().iloc[0]
    assert (row["first_area"], row["second_area"]) == ("EU28", "EU28 without UK")
    assert row["first_lower"] == float(Fraction(555, 1000))


def test_a_verdict_is_read_from_its_word() -> None:
    made = Comparison(
        first=count(1),
        second=count(2),
        difference=Interval.point(1),
        verdict="comparable",  # type: ignore[arg-type]
        warnings=[],  # type: ignore[arg-type]
    )
    assert made.verdict.label == "comparable"
    assert made.notes == []
