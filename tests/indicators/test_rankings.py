"""Rankings: ties, ranks of intervals, citizenship groups and overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.indicators.strategies import table_of
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval, ranking
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell


def citizens(rows, **constant):
    arguments = {"kind": "victims", "area": "BE", "period": 2016}
    return counts_of(rows, "citizenship", **{**arguments, **constant})


def ranks(ranked):
    return {label: str(rank) for label, rank in zip(ranked.labels, ranked.ranks, strict=True)}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param(
            {"RO": Count.suppressed(lower=2), "HU": 9, "NG": 1, "VN": Count.not_reported()},
            {"HU": "1 to 3", "RO": "1 to 3", "VN": "1 to 4", "NG": "3 to 4"},
            id="a count without an upper bound can be first",
        ),
        pytest.param(
            {"RO": 40, "HU": 40, "NG": Count.fewer_than(5), "VN": 3},
            {"HU": "1", "RO": "1", "VN": "3 to 4", "NG": "3 to 4"},
            id="equal counts have the better rank",
        ),
    ],
)
def test_ranks_are_those_that_the_counts_allow(counts, expected):
    assert ranks(ranking(citizens(counts.items()), rules=[])) == expected


@given(
    st.dictionaries(st.sampled_from(["RO", "HU", "NG", "VN", "BG"]), st.integers(0, 9)), st.data()
)
def test_counts_of_a_ranking_descend(counts, data):
    rows = [*counts.items(), ("unknown", 3)]
    if not counts:
        with pytest.raises(NoSuchCell, match="No counts to rank by citizenship"):
            ranking(citizens(rows))
        return
    result = ranking(citizens(data.draw(st.permutations(rows))), rules=[])
    assert [float(item) for item in result] == sorted(counts.values(), reverse=True)


def test_top_is_longer_with_ties():
    table = citizens([("RO", 9), ("HU", 5), ("NG", 5), ("VN", 5), ("BG", 1)])
    assert len(ranking(table, top=2)) == 4
    assert ranking(table, top=1).labels == ("RO",)
    assert len(ranking(table)) == 5


def test_ranks_are_among_all_members_if_only_the_top_is_returned():
    table = citizens([("RO", 9), ("HU", Count.not_reported()), ("NG", 5)])
    result = ranking(table, top=1)
    assert ranks(result) == {"RO": "1 to 2", "HU": "1 to 3"}


EU_AND_NOT = [("RO", 40), ("UK", 7), ("HR", 6), ("NG", 12), ("eu", 53), ("unknown", 2)]


@pytest.mark.parametrize(
    ("area", "period", "eu"),
    [
        ("EU28", "2015-2016", {"RO", "UK", "HR"}),
        ("EU28 without UK", "2015-2016", {"RO", "UK", "HR"}),
        ("EU27_2020", "2015-2016", {"RO", "HR"}),
        ("BE", 2016, {"RO", "UK", "HR"}),
        ("BE", 2012, {"RO", "UK"}),
        ("BE", 2021, {"RO", "HR"}),
    ],
)
def test_eu_citizens_follow_the_composition_or_else_the_date(area, period, eu):
    table = citizens(EU_AND_NOT, area=area, period=period)
    countries = {"RO", "UK", "HR", "NG"}
    assert set(ranking(table, group="eu").labels) == eu
    assert set(ranking(table, group="non_eu").labels) == countries - eu


def test_eu_citizens_need_a_date_or_a_composition():
    table = citizens(EU_AND_NOT, period="not stated")
    with pytest.raises(InvalidValue, match="not stated") as caught:
        ranking(table, group="eu")
    assert "such as EU28" in str(caught.value)


def test_a_dissolved_state_is_in_the_group_of_its_successors():
    rows = [("Czechoslovakia", 9), ("RO", 5), ("NG", 4)]
    options = {"columns": ["citizenship", "value"], "kind": "victims", "area": "BE"}
    table = CountTable.from_rows(rows, period=2016, **options)
    assert list(ranking(table, group="eu").labels) == ["CSHH", "RO"]
    assert list(ranking(table, group="non_eu").labels) == ["NG"]
    mixed = CountTable.from_rows([("USSR", 9), ("NG", 4)], period=2016, **options)
    with pytest.raises(InvalidValue, match="must be unambiguous"):
        ranking(mixed, group="non_eu")


def test_forms_are_ranked_by_their_widest_recorded_categories():
    rows = [("total", 100), ("sexual", 60), ("prostitution", 50), ("labour", 30), ("unknown", 10)]
    table = counts_of(rows, "exploitation", kind="victims", area="BE", period=2016)
    assert ranking(table, by="exploitation").labels == ("sexual", "labour")


def test_countries_are_ranked_by_area_and_their_aggregate_is_not():
    rows = [("EU28", "total", 15), ("BE", "total", 5), ("FR", "total", 9), ("UK", "total", 1)]
    assert ranking(table_of(rows), by="area", area="EU28").labels == ("FR", "BE", "UK")


def test_only_countries_of_the_area_are_ranked():
    rows = [("BE", "total", 5), ("FR", "total", 9), ("UK", "total", 1)]
    assert ranking(table_of(rows), by="area", area="EU27_2020").labels == ("FR", "BE")
    with pytest.raises(NoSuchCell, match="No counts to rank by area"):
        ranking(table_of([("EU28", "total", 15)]), by="area")


def test_country_without_the_category_can_have_any_rank():
    rows = [("BE", "female", 5), ("FR", "total", 3), ("DE", "female", 9)]
    result = ranking(table_of(rows), by="area", sex="female")
    assert ranks(result) == {"DE": "1", "BE": "2", "FR": "3"}
    rows[1] = ("FR", "total", 30)
    assert ranks(ranking(table_of(rows), by="area", sex="female"))["FR"] == "1 to 3"


def test_only_citizenships_of_the_selection_are_ranked():
    rows = [
        ("RO", "sexual", "registered", 5), ("HU", "sexual", "registered", 3),
        ("VN", "labour", "registered", 8), ("NG", "sexual", "presumed", 8),
    ]  # fmt: skip
    table = counts_of(
        rows, "citizenship exploitation status", kind="victims", area="BE", period=2016
    )
    result = ranking(table, exploitation="sexual", status="registered")
    assert result.labels == ("RO", "HU")
    assert result.caption == "Registered victims of sexual exploitation by citizenship"


def test_several_periods_in_one_ranking_are_refused():
    rows = [("RO", 2015, 3), ("RO", 2016, 4)]
    table = counts_of(rows, "citizenship period", kind="victims", area="BE")
    with pytest.raises(AmbiguousCell, match="period"):
        ranking(table)
    assert float(ranking(table, period=2016)[0]) == 4


def test_overlap_of_rankings_ignores_their_order():
    first = ranking(citizens([("RO", 5), ("HU", 4), ("NL", 3)]))
    second = ranking(citizens([("NL", 5), ("HU", 4), ("RO", 3)]))
    third = ranking(citizens([("NL", 5), ("HU", 4), ("NG", 3), ("VN", 1)]))
    assert float(first.agreement(second)) == 1
    assert float(first.agreement(third)) == float(third.agreement(first)) == 0.5


def test_each_number_of_a_ranking_has_its_warnings():
    result = ranking(citizens([("RO", 5), ("HU", 4)]))
    assert all(item.limitations.codes for item in result)


def test_lists_of_different_periods_overlap_with_a_warning():
    first = ranking(citizens([("RO", 5), ("HU", 4)]))
    later = ranking(citizens([("RO", 5), ("HU", 4)], period="2016-2017"))
    result = first.agreement(later)
    assert (result.numerator, result.denominator) == (Interval.point(2), Interval.point(2))
    assert "PERIOD" in result.warnings.codes
    assert str(result.period) == "2016-2017"


rows_of_groups = st.lists(
    st.tuples(
        st.sampled_from([2015, 2016]), st.sampled_from(["RO", "HU", "NG"]), st.integers(0, 3)
    ),
    unique_by=lambda row: row[:2],
    min_size=1,
)


@given(rows_of_groups)
def test_ranks_of_groups_are_those_of_each_group_alone(rows):
    def table(chosen):
        return counts_of(chosen, "period citizenship", kind="victims", area="BE")

    result = ranking(table(rows), by=["period", "citizenship"], rules=[])
    for year in {row[0] for row in rows}:
        alone = ranking(table([row for row in rows if row[0] == year]), rules=[])
        own = result.where(period=year)
        assert [(item.label, float(item)) for item in own] == [
            (item.label, float(item)) for item in alone
        ]
        assert own.ranks == alone.ranks


def test_members_of_several_rankings_have_their_keys():
    rows = [("RO", 2015, 3), ("HU", 2015, 5), ("RO", 2016, 4)]
    table = counts_of(rows, "citizenship period", kind="victims", area="BE")
    result = ranking(table, by=["period", "citizenship"])
    assert result.top(1) == (("2015", "HU"), ("2016", "RO"))
    assert result["2016", "RO"].label == "RO"
    frame = result.to_frame()
    assert frame[["rank_best", "rank_worst"]].to_numpy().tolist() == [[1, 1], [2, 2], [1, 1]]
    assert [column.name for column in result.display_table().columns][1] == "rank"
    assert result.to_dict()["ranks"][1]["lower"] == 2


# Locality: rows of other countries and periods do not concern a ranking.

TWO_COUNTRIES = [
    ("BE", "total", 100), ("BE", "RO", 60), ("BE", "BG", 20), ("BE", "NG", 10),
    ("FR", "VN", 3), ("FR", "total", 3),
]  # fmt: skip


def test_citizenships_of_other_countries_are_not_ranked():
    table = counts_of(TWO_COUNTRIES, "area citizenship", kind="victims", period=2020)
    result = ranking(table, area="BE")
    assert result == ranking(table.where(area="BE"))
    assert ranks(result) == {"RO": "1", "BG": "2", "NG": "3"}
    both = ranking(table, by=["area", "citizenship"])
    assert both.where(area="BE").ranks == result.ranks
    assert both.where(area="FR").labels == ("VN",)


def test_ranks_hold_for_the_bounds_of_the_counts():
    table = counts_of(TWO_COUNTRIES, "area citizenship", kind="victims", period=2020)
    result = ranking(table)
    for row, rank in zip(result, result.ranks, strict=True):
        others = [other.bounds for other in result if other.label != row.label]
        best = 1 + sum(
            row.bounds.upper is not None and other.lower > row.bounds.upper for other in others
        )
        worst = 1 + sum(other.upper is None or other.upper > row.bounds.lower for other in others)
        assert (rank.lower, rank.upper) == (best, worst), row.label


def test_citizenships_of_other_periods_are_not_ranked():
    rows = [("RO", 2020, 5), ("HU", 2020, 3), ("VN", 2021, 9), ("total", 2020, 20)]
    table = counts_of(rows, "citizenship period", kind="victims", area="BE")
    assert ranking(table, period=2020).labels == ("RO", "HU")
    assert ranking(table, by=["period", "citizenship"]).where(period="2020").labels == ("RO", "HU")
    assert set(ranking(table, period=[2020, 2021]).labels) == {"RO", "HU", "VN"}


def test_ranking_of_glotip_is_that_of_the_country_alone():
    table = counts_of(
        [("FR", "total", 2027), ("FR", "FR", 900), ("FR", "RO", 71), ("NL", "NG", 100)],
        "area citizenship", kind="victims", period=2022,
    )  # fmt: skip
    alone = ranking(table.where(area="FR"))
    assert ranking(table, area="FR") == alone
    assert ranks(alone) == {"FR": "1", "RO": "2"}
