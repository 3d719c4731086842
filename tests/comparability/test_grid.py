"""What is said of all pairs at once is what `compare` says of each."""

import json
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.comparability.numbers import context, count, parts, printed, ratio, share, victims
from tests.comparability.test_judge import CAUTION, NUMBERS, always
from tests.results.nesting import rows_of
from thbstats import CountTable, breakdown, compare_all, total
from thbstats import share as share_of
from thbstats.comparability import ALL, GATHERED, Comparisons, Rule, Thresholds, compare, grid
from thbstats.errors import InvalidValue, NoSuchCell, UnknownName
from thbstats.results import Result, Results, Verdict

numbers = st.sampled_from(
    (
        *NUMBERS,
        share(60, 100, parts=parts(UK=(50, 10), FR=(10, 30)), where=context("UK+FR", "2016")),
        share(
            40,
            60,
            parts=parts(UK=(40, 20), FR=(0, 0), given=[True, False]),
            where=context("UK+FR", "2017", reporters={"UK"}),
        ),
    )
)
TABLE = CountTable.from_rows(
    [
        (area, year, sex, number)
        for area, counts in (("BE", (60, 40, 70, 30)), ("FR", (20, 80, 10, 90)))
        for (year, sex), number in zip(
            [(year, sex) for year in (2015, 2016) for sex in ("female", "male")],
            counts,
            strict=True,
        )
    ],
    columns=["area", "period", "sex", "value"],
    kind="victims",
    status="registered",
    unit="persons",
)


def women(table: CountTable) -> Result:
    return share_of(table, sex="female", base="recorded")


def codes(found: Iterable[object], scope: str = "pair") -> set[str]:
    return {w.code for w in found if w.scope == scope and w.code != GATHERED}  # type: ignore[attr-defined]


@given(st.lists(numbers, max_size=6), st.sampled_from([ALL, ALL[:4], (*ALL, CAUTION)]))
@settings(deadline=None)
def test_every_pair_has_the_verdict_and_the_reasons_that_compare_gives(
    items: list[Result], rules: tuple[Rule, ...]
) -> None:
    found = compare_all(items, rules=rules)
    frame = found.to_frame()
    assert len(found) == len(frame) == len(items) * (len(items) - 1) // 2
    pairs = list(combinations(range(len(items)), 2))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == pairs
    for place, (one, two) in enumerate(pairs):
        plain = compare(items[one], items[two], rules=rules)
        assert plain == found.pair(one, two)
        assert frame["verdict"][place] == plain.verdict == list(Verdict)[found.verdicts[place]]
        named = set(frame["warnings"][place].split(", ")) - {""}
        assert named == codes(plain.warnings)
        for code in {rule.code for rule in found.rules}:
            assert found.where(code)[place] == any(
                w.answer == "fails" for w in plain.warnings.of(code) if w.scope == "pair"
            )


@given(st.lists(numbers, min_size=2, max_size=5), st.integers(1, 4))
@settings(deadline=None)
def test_blocks_of_pairs_change_nothing(items: list[Result], size: int) -> None:
    whole = compare_all(items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grid, "_BLOCK", size)
        assert np.array_equal(compare_all(items).levels, whole.levels)


def test_thresholds_are_those_that_are_given() -> None:
    items = [
        share(50, 100, where=context("BE+FR"), parts=parts(BE=(48, 48), FR=(2, 2))),
        share(
            60,
            120,
            where=context("BE+FR", reporters={"BE"}),
            parts=parts(BE=(60, 60), FR=(0, 0), given=[True, False]),
        ),
    ]
    assert compare_all(items).counts()[Verdict.COMPARABLE] == 1
    strict = compare_all(items, thresholds=Thresholds(coverage=1))
    assert strict.counts()[Verdict.WITH_CAUTION] == 1
    assert strict.pair(0, 1).verdict == "with_caution"


def test_a_table_makes_a_grid_of_the_places_that_it_has() -> None:
    found = compare_all(TABLE, women, over=("area", "period"))
    assert found.names == ("BE, 2015", "BE, 2016", "FR, 2015", "FR, 2016")
    assert [item.shown for item in found.numbers] == ["60.0 %", "70.0 %", "20.0 %", "10.0 %"]
    partly = TABLE.where(area="BE", period=2015), TABLE.where(area="FR", period=2016)
    assert compare_all(CountTable.concat(partly), women, over=["area", "period"]).names == (
        "BE, 2015",
        "FR, 2016",
    )
    assert compare_all(CountTable.concat(partly), women, over=["area", "period"]).left_out == (
        "BE, 2016",
        "FR, 2015",
    )


def test_places_that_lack_a_count_are_left_out_and_named() -> None:
    women_only = CountTable.from_rows(
        [("LU", "female", 3)],
        columns=["area", "sex", "value"],
        kind="victims",
        status="registered",
        unit="persons",
        period=2015,
    )
    table = CountTable.concat([TABLE, women_only])
    found = compare_all(table, lambda rows: total(rows, sex="male"), over=("area", "period"))
    assert found.left_out == ("LU, 2015", "LU, 2016")
    assert len(found.numbers) == 4
    told = "Left out for lack of a count: LU, 2015; LU, 2016."
    assert told in found.sheet().notes
    assert told in found.explain()
    assert found.to_dict()["left_out"] == ["LU, 2015", "LU, 2016"]
    assert compare_all(TABLE, women, over=("area", "period")).left_out == ()


def test_of_many_places_that_are_left_out_some_are_named() -> None:
    table = TABLE.where(period=2015)

    def nowhere(_rows: CountTable) -> Result:
        raise NoSuchCell("no counts")

    found = compare_all(table, nowhere, over=("area", "sex"))
    assert found.left_out == ("BE, female", "BE, male", "FR, female", "FR, male")
    many = evolve(found, left_out=[str(n) for n in range(15)])
    assert many.explain().endswith("; 11 and 3 more.")


def test_an_indicator_may_give_several_numbers_for_each_place() -> None:
    found = compare_all(TABLE, lambda t: breakdown(t, by="sex", base="all"), over="period")
    # Rows of two countries are pooled, so that the categories are those of both.
    assert len(found.numbers) == 4
    assert set(found.names) == {
        "2015, female",
        "2015, male",
        "2016, female",
        "2016, male",
    }


def test_only_pairs_that_differ_in_one_dimension_are_compared_where_that_is_asked() -> None:
    found = compare_all(TABLE, women, over=("area", "period"), pairs="one_dimension")
    assert {
        (found.names[i], found.names[j]) for i, j in zip(found.first, found.second, strict=True)
    } == {
        ("BE, 2015", "BE, 2016"),
        ("FR, 2015", "FR, 2016"),
        ("BE, 2015", "FR, 2015"),
        ("BE, 2016", "FR, 2016"),
    }
    square = found.square()
    assert square[0, 3] == square[1, 2] == -1
    assert pd.isna(found.matrix().iloc[0, 3])
    assert found.pair("BE, 2015", "FR, 2016").verdict == compare(*found.numbers.items[::3]).verdict


def test_the_square_is_the_same_both_ways_round_and_empty_on_its_diagonal() -> None:
    found = compare_all(NUMBERS)
    square = found.square()
    assert np.array_equal(square, square.T)
    assert (np.diag(square) == -1).all()
    assert square[found.first, found.second].tolist() == found.verdicts.tolist()
    matrix = found.matrix()
    assert matrix.shape == square.shape
    assert matrix.iloc[0, 1].startswith(list(Verdict)[square[0, 1]].label)


def test_names_tell_numbers_apart_by_what_differs_and_else_by_their_order() -> None:
    assert compare_all([count(1), count(2, context("FR"))]).names == ("BE", "FR")
    assert compare_all([count(1), count(2)]).names == ("total, BE, 2015", "total, BE, 2015 (2)")
    assert compare_all([count(1), ratio(1, 2)]).names == ("total", "convicted / prosecuted")


def test_a_place_that_a_label_names_too_is_named_and_told_apart_once() -> None:
    given = [
        count(1, context(area, year), label=f"{area}, {year}")
        for area in ("BE", "FR")
        for year in ("2015", "2016")
    ]
    assert compare_all(given).names == ("BE, 2015", "BE, 2016", "FR, 2015", "FR, 2016")
    assert len(compare_all(given, pairs="one_dimension")) == 4
    assert compare_all(given[:1]).names == ("BE, 2015",)


def test_a_heat_map_has_a_mark_and_a_letter_in_every_cell_and_tells_what_they_mean() -> None:
    found = compare_all(
        [
            count(1),
            count(2, context("FR")),
            count(3, context(period="2015-2016")),
            count(4, context(counted=victims(unit="not_stated"))),
            printed("56"),
            printed("56"),
        ]
    )
    assert {verdict for verdict, n in found.counts().items() if n} == set(Verdict)
    cells = [cell for row in found.sheet().rows for cell in row.cells[1:]]  # type: ignore[union-attr]
    tones = {verdict: set() for verdict in ("good", "warn", "bad", "muted", "plain")}
    for cell in cells:
        tones[str(cell.tone)].add(cell.text)
    assert tones["good"] == {"yes"}
    assert tones["plain"] == {""}
    assert all(text.startswith("?") for text in tones["muted"])
    notes = found.sheet().notes
    for text in tones["warn"] | tones["bad"]:
        assert any(note.startswith(f"{text}: ") for note in notes)
    assert any(note.startswith("✓ comparable") for note in notes)
    assert rows_of(found._repr_html_()) == 7


def test_many_numbers_are_shown_as_a_tally_by_rule() -> None:
    found = compare_all([share(i, 100) for i in range(40)] + [share(5, 200, rule="all")])
    sheet = found.sheet()
    assert sheet.columns[0].name == "rule"
    assert ("BASE", "40") in [(row.cells[0].text, row.cells[1].text) for row in sheet.rows]  # type: ignore[union-attr]
    assert "BASE: 40 blocking." in found.explain()


def test_letters_go_on_after_z() -> None:
    rules = [always(f"R{n:02}") for n in range(28)]
    asked = [count(n) for n in range(9)]

    def only(code: int, rule: Rule) -> Rule:
        def check(a: Results, b: Results, _limits: Thresholds) -> np.ndarray:
            told = [
                (one.numerator.value or 0) * 9 + (two.numerator.value or 0)
                for one, two in zip(a, b, strict=True)
            ]
            return np.where(np.array(told) == code, -1, 1).astype(np.int8)

        return Rule(
            code=rule.code,
            scope="pair",
            check=check,
            describe=rule.describe,
            definition="",
            trigger="",
            source="",
        )

    pairs = [one * 9 + two for one, two in combinations(range(9), 2)]
    own = [only(code, rule) for code, rule in zip(pairs, rules, strict=False)]
    notes = compare_all(asked, rules=own).sheet().notes
    assert any(note.startswith("z: ") for note in notes)
    assert any(note.startswith("aa: ") for note in notes)


def test_plain_data_survive_json() -> None:
    found = compare_all(NUMBERS[:4])
    data = found.to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert len(data["pairs"]) == 6
    assert data["pairs"][0]["verdict"] == found.pair(0, 1).verdict


def test_more_rules_than_bits_still_tell_the_pairs_apart() -> None:
    quiet = [always(f"Q{n}", answer="holds") for n in range(120)]
    found = compare_all([count(1), count(2), count(3)], rules=[CAUTION, *quiet])
    assert set(found.to_frame()["warnings"]) == {"CAUTIONS"}


def test_without_numbers_or_rules_there_is_nothing_to_say() -> None:
    assert len(compare_all([])) == len(compare_all([count(1)])) == 0
    assert compare_all([]).to_frame().empty
    assert repr(compare_all([])) == "<Comparisons of 0 numbers, 0 pairs>"
    assert compare_all([count(1), count(2)], rules=[]).counts()[Verdict.COMPARABLE] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"numbers": TABLE}, "needs an indicator"),
        ({"numbers": [count(1)], "indicator": women}, "from a table only"),
        ({"numbers": [count(1)], "pairs": "some"}, "no such choice"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        compare_all(**arguments)  # type: ignore[arg-type]


def test_a_name_or_code_that_is_not_there_is_refused() -> None:
    found: Comparisons = compare_all([count(1), count(2, context("FR"))])
    with pytest.raises(UnknownName, match="BE"):
        found.pair("BEE", 1)
    with pytest.raises(UnknownName, match="BASE"):
        found.where("BASES")


def test_nothing_of_a_grid_can_be_changed() -> None:
    found = compare_all(NUMBERS[:3])
    for array in (found.levels, found.first, found.second):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 1
