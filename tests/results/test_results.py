import json
import math
from fractions import Fraction

import pandas as pd
import pytest

from tests.comparability.numbers import context, count, justice, ratio, share
from tests.results.nesting import rows_of
from thbstats.comparability import assess
from thbstats.errors import InvalidValue, UnknownName
from thbstats.results import Breakdown, LeaveOneOut, Ranking, Results
from thbstats.values import Interval

SEXES = assess(
    Breakdown(
        caption="victims by sex",
        items=[
            share(68, 98, unknown=2, label="female"),
            share(30, 98, unknown=2, label="male", category=(("sex", "male"),)),
        ],
    )
)
RANKING = assess(
    Ranking(
        caption="victims by citizenship",
        items=[
            count(40, label="HU"),
            count(40, label="RO"),
            count(3, label="VN"),
            count(Interval(0, 4), label="NG"),
        ],
        ranks=[Interval.point(1), Interval.point(1), Interval(3, 4), Interval(3, 4)],
    )
)
WITHOUT = assess(
    LeaveOneOut(
        caption="labour without each country",
        items=[
            share(20, 120, label="UK", where=context("FR+DE")),
            share(60, 200, label="FR", where=context("UK+DE")),
        ],
        whole=share(80, 200, label="labour", where=context("UK+FR+DE")),
    )
)
ALL = [SEXES, RANKING, WITHOUT, Results(caption="nothing", items=[])]


def test_numbers_are_found_by_position_and_by_label() -> None:
    assert SEXES[0] is SEXES["female"] is next(iter(SEXES))
    assert SEXES[-1] is SEXES["male"]
    assert len(SEXES) == 2
    assert SEXES.labels == ("female", "male")


def test_an_unknown_label_is_refused_with_the_labels_that_there_are() -> None:
    with pytest.raises(UnknownName, match="male") as caught:
        SEXES["femal"]
    assert "female" in str(caught.value)
    with pytest.raises(IndexError):
        SEXES[2]


def test_columns_hold_what_the_items_hold() -> None:
    assert list(SEXES.numerator) == [Interval.point(68), Interval.point(30)]
    assert list(SEXES.denominator) == [Interval.point(98)] * 2
    assert list(SEXES.unknown) == [Interval.point(2)] * 2
    assert list(SEXES.reported) == [item.reported for item in SEXES]
    assert list(SEXES.bounds) == [item.bounds for item in SEXES]
    assert list(SEXES.possible) == [item.possible for item in SEXES]


def test_a_number_that_is_missing_leaves_its_column_open() -> None:
    column = Results(caption="", items=[count(5, reported=None)])
    assert list(column.reported) == [Interval(None, None, undefined=True)]
    assert list(column.unknown) == [Interval.at_least(0)]


def test_warnings_of_all_items_are_there_once() -> None:
    assert SEXES.warnings.codes == ("DETECTION", "SMALL", "UNKNOWN")
    assert len(SEXES.warnings) == 3


def test_a_warning_that_only_some_numbers_carry_names_them() -> None:
    column = assess(Results(caption="some", items=[share(5, 30), share(68, 980, label="male")]))
    text = column.sheet().notes
    assert any(note.startswith("SMALL (note): female: the base is 30") for note in text)
    assert any(note.startswith("DETECTION (note): victims known") for note in text)


def test_one_message_with_several_figures_is_one_note() -> None:
    suspected, prosecuted = justice("suspected"), justice("prosecuted", "prosecutions")
    convicted = justice("convicted", "convictions")
    steps = [
        ratio(3, 400, counted=prosecuted, against=suspected, label="first"),
        ratio(3, 400, counted=convicted, against=suspected, label="second"),
        ratio(3, 400, label="third"),
    ]
    notes = assess(Results(caption="some", items=steps)).sheet().notes
    assert [note for note in notes if note.startswith("UNIT")] == [
        "UNIT (caution): first, second: two units in one ratio: one person can stand behind "
        "several of either. Evidence: units: prosecutions over persons, convictions over persons. "
        "Read it as a ratio across units, never as a share of persons."
    ]


def test_lists_in_the_evidence_of_several_numbers_stay_apart() -> None:
    items = [
        count(9, context("BE+FR+DE", reporters=names), label=names[0])
        for names in (["BE", "FR"], ["DE", "FR"])
    ]
    (note,) = [
        note
        for note in assess(Results(caption="some", items=items)).sheet().notes
        if note.startswith("COVERAGE")
    ]
    assert "reporting: BE, FR / DE, FR; missing: DE, BE." in note


def test_many_names_are_cut_to_six() -> None:
    items = [share(5, 30, label=f"c{n}") for n in range(8)]
    column = assess(Results(caption="some", items=[*items, share(68, 980)]))
    (note,) = [note for note in column.sheet().notes if note.startswith("SMALL")]
    assert note.startswith("SMALL (note): c0, c1, c2, c3, c4, c5 and 2 more: the base is 30")


@pytest.mark.parametrize("results", ALL)
def test_the_text_fits_a_terminal_and_says_each_caveat_once(results: Results) -> None:
    text = str(results)
    assert max(map(len, text.splitlines())) <= 80
    assert results.caption in text
    notes = results.sheet().notes
    assert len(set(notes)) == len(notes)


@pytest.mark.parametrize("results", ALL)
def test_an_account_says_each_caveat_once(results: Results) -> None:
    text = results.explain()
    assert all(item.estimand[1:] in text for item in results)
    assert text.count("DETECTION") <= 1


def test_an_account_of_numbers_without_caveats_ends_with_the_last_number() -> None:
    bare = Results(caption="", items=[count(1), count(2)])
    assert bare.explain().endswith("Source: not stated.")


@pytest.mark.parametrize(("results", "rows"), [(SEXES, 3), (RANKING, 5), (WITHOUT, 4)])
def test_the_html_nests_and_has_a_row_for_each_number(results: Results, rows: int) -> None:
    assert rows_of(results._repr_html_()) == rows


@pytest.mark.parametrize("results", ALL)
def test_plain_data_survive_json(results: Results) -> None:
    data = results.to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["caption"] == results.caption
    assert data["items"] == [item.to_dict() for item in results]


@pytest.mark.parametrize("results", ALL)
def test_a_frame_has_one_tidy_row_for_each_number(results: Results) -> None:
    frame = results.to_frame()
    assert frame["label"].tolist() == list(results.labels)
    assert frame["numerator_upper"].dtype == "float64"


@pytest.mark.parametrize("results", ALL)
def test_the_markdown_has_a_row_for_each_number(results: Results) -> None:
    markdown = results.to_markdown()
    assert all(item.label in markdown for item in results)


def test_the_repr_names_the_first_numbers_and_all_codes() -> None:
    assert repr(SEXES) == "<Breakdown female 69.4 %, male 30.6 %; DETECTION, SMALL, UNKNOWN>"
    many = Results(caption="", items=[count(n, label=f"c{n}") for n in range(7)])
    assert repr(many) == "<Results c0 0, c1 1, c2 2, c3 3, c4 4, c5 5, ...>"
    assert repr(Results(caption="nothing", items=[])) == "<Results none>"


def test_area_and_period_stand_in_the_caption_where_all_share_them() -> None:
    assert SEXES.sheet().caption == "victims by sex, BE, 2015"
    assert WITHOUT.sheet().caption == "labour without each country, 2015"


# --- rankings -----------------------------------------------------------------------------------


def test_a_ranking_prints_the_ranks_that_each_can_have() -> None:
    sheet = RANKING.sheet()
    assert [column.name for column in sheet.columns][:2] == ["", "rank"]
    assert [row.cells[1].text for row in sheet.rows] == ["1", "1", "3..4", "3..4"]  # type: ignore[union-attr]


def test_ranks_are_in_frame_and_plain_data() -> None:
    frame = RANKING.to_frame()
    assert frame[["rank_lower", "rank_upper"]].to_numpy().tolist() == [
        [1, 1],
        [1, 1],
        [3, 4],
        [3, 4],
    ]
    data = RANKING.to_dict()
    assert data["ranks"][3] == {"lower": 3, "upper": 4, "undefined": False}
    assert data["ordered"] is True


def test_ties_can_make_the_top_longer() -> None:
    assert RANKING.top(1) == ("HU", "RO")
    assert RANKING.top(3) == ("HU", "RO", "VN", "NG")
    nobody = Ranking(caption="", items=[count(1)], ranks=[Interval(None, None)])
    assert nobody.top(9) == ()


def test_a_list_without_an_order_says_so() -> None:
    listed = Ranking(
        caption="top two",
        items=[count(Interval.at_least(0), label=code, reported=None) for code in ("RO", "HU")],
        ranks=[Interval(1, 2)] * 2,
        ordered=False,
    )
    assert listed.sheet().notes[0] == "The source lists them without an order."
    assert "without an order" not in str(RANKING)
    assert listed.to_dict()["ordered"] is False


def test_every_number_has_a_rank() -> None:
    with pytest.raises(InvalidValue, match="every number needs a rank"):
        Ranking(caption="", items=[count(1), count(2)], ranks=[Interval.point(1)])


# --- leave one out ------------------------------------------------------------------------------


def test_what_leaving_one_out_moves_stands_beside_each_and_the_whole_below() -> None:
    assert WITHOUT.moves() == (
        Interval.point(Fraction(20, 120) - Fraction(80, 200)),
        Interval.point(Fraction(60, 200) - Fraction(80, 200)),
    )
    rows = WITHOUT.sheet().rows
    assert [row.cells[0].text for row in rows] == ["UK", "FR", "labour"]  # type: ignore[union-attr]
    assert rows[1].cells[1].text == "\N{MINUS SIGN}10.0 pp"  # type: ignore[union-attr]
    assert rows[2].total  # type: ignore[union-attr]


def test_the_caveats_of_the_whole_are_among_those_of_the_results() -> None:
    assert "DOMINANCE" not in WITHOUT.warnings.codes
    small = LeaveOneOut(caption="", items=[share(1, 200)], whole=share(1, 5))
    assert "SMALL" in assess(small).warnings.codes


def test_moves_are_in_frame_and_plain_data() -> None:
    frame = WITHOUT.to_frame()
    assert frame["moved_lower"].tolist() == pytest.approx([-7 / 30, -0.1])
    data = WITHOUT.to_dict()
    assert data["whole"] == WITHOUT.whole.to_dict()
    assert len(data["moves"]) == 2


def test_a_move_without_bound_is_infinite_in_the_frame() -> None:
    open_ = LeaveOneOut(
        caption="", items=[count(Interval.at_least(3), reported=None)], whole=count(5)
    )
    assert open_.to_frame()["moved_upper"].tolist() == [math.inf]
    assert isinstance(open_.to_frame(), pd.DataFrame)
