"""Log-linear models, Chao's bound and the average over graphs, against other software."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.lists.tables import lists, rows, seconds
from tests.lists.test_distinct import of_histories, tables
from thbstats.errors import EngineFailed, InvalidValue
from thbstats.lists import Lists, average, chao, models, stability
from thbstats.lists.loglinear import hierarchies, notation
from thbstats.panel import Status
from thbstats.rules import Thresholds
from thbstats.values import Interval

TABLES = {
    "korea_3": "Korea",
    "kosovo_4": "Kosovo",
    "uk_2013_5": "UKdat_5",
    "new_orleans_2016_5": "NewOrl_5",
}
FILES = [
    ("korea_3", 2),
    ("kosovo_4", 2),
    ("kosovo_4", 3),
    ("uk_2013_5", 2),
    ("new_orleans_2016_5", 2),
]


def test_failed_solver_is_not_an_estimate_that_does_not_exist(monkeypatch: pytest.MonkeyPatch):
    class Failed:
        success, fun, message = False, None, "Iteration limit reached."

    nested = Lists("abc", {"a": 5, "b": 9, "c": 7, ("a", "c"): 3}, complete=True)
    monkeypatch.setattr("scipy.optimize.linprog", lambda *_, **__: Failed)
    with pytest.raises(EngineFailed, match="did not decide whether the estimate of a model exists"):
        models(nested)


@pytest.mark.parametrize(("name", "order"), FILES)
def test_every_fit_equals_that_of_other_software(name: str, order: int):
    expected = {
        row["model"]: (float(row["abundance"]), float(row["BIC"]))
        for row in rows(f"models/{name}__maxorder{order}.csv")
    }
    found = models(lists(TABLES[name]), order=order)
    admissible = found.take(found.admissible)
    assert set(admissible.labels) == set(expected)
    estimates, bic = np.array([expected[label] for label in admissible.labels]).T
    np.testing.assert_allclose(admissible.value.lower, estimates, rtol=1e-6)
    # The file has eight digits.
    np.testing.assert_allclose(admissible.bic, bic, atol=1e-5)


# Models, best model and its estimate, ranges within 2, 6 and 10 BIC points, and weighted mean.
SPREAD = {
    ("Korea", 2): (6, "[12,23]", [(157.166667, 268.777778)] * 3, 189.110192),
    ("Kosovo", 2): (
        64,
        "[12,13,14,23,34]",
        [(14341.6638, 14341.6638)] * 2 + [(14341.6638, 14402.488952)],
        14342.594981,
    ),
    ("Kosovo", 3): (
        113,
        "[123,14,34]",
        [(10356.518957, 18393.306115)] * 2 + [(9824.170102, 19233.477886)],
        13183.733235,
    ),
    ("NewOrl_5", 2): (
        1024,
        "[1,2,3,4,5]",
        [(878.265319, 981.431367), (787.807468, 1341.811773), (720.990747, 1611.849205)],
        1022.663356,
    ),
    ("UKdat_5", 2): (
        1024,
        "[12,13,23,25,34]",
        [(12262.412421, 25978.172738), (10674.336778, 25978.172738), (10545.797487, 29035.434846)],
        18019.705085,
    ),
}


@pytest.mark.parametrize("name", SPREAD)
def test_ranges_and_weighted_mean_over_models(name: tuple[str, int]):
    size, best, ranges, mean = SPREAD[name]
    found = models(lists(name[0]), order=name[1])
    assert (found.admissible.sum(), found.labels[found.selected]) == (size, best)
    own = [(float(n.lower or 0), float(n.upper or 0)) for n in found.ranges.values()]
    np.testing.assert_allclose(own, ranges, rtol=1e-8)
    assert found.weighted_mean == pytest.approx(mean, rel=1e-8)
    assert found.weights.sum() == pytest.approx(1)


def test_existence_and_identification():
    found = models(lists("Artificial"))
    status = dict(zip(found.labels, found.existence.tolist(), strict=True))
    assert status == {
        "[1,2,3]": 0,
        "[12,3]": 1,
        "[13,2]": 0,
        "[23,1]": 0,
        "[12,13]": 1,
        "[12,23]": 1,
        "[13,23]": 0,
        "[12,13,23]": 2,
    }
    assert found.status.tolist() == [
        Status.OK if own == 0 else Status.BOUNDED for own in found.existence
    ]
    frame = found.to_frame()
    assert [*frame.columns][-4:] == ["bic", "difference", "weight", "existence"]
    assert frame.loc[frame["model"] == "[12,3]", "bic"].isna().all()
    assert frame["weight"].sum() == pytest.approx(1)
    assert frame["existence"].iloc[-4:].value_counts().to_dict() == {
        "no estimate exists": 3,
        "not identified": 1,
    }
    assert found["[12,3]"].estimand.endswith("[12,3]: no estimate exists")
    everything = models(lists("Kosovo"), order=4)
    assert everything.existence.tolist() == [0] * 113 + [2]


def test_five_lists_with_interactions_of_four_lists():
    found = models(lists("UKdat_5"), order=4)
    assert (len(found), found.admissible.sum()) == (6893, 6519)
    assert found.labels[0] == "[123,25,34]"
    values = found.value.lower[found.admissible]
    assert (values.min(), values.max()) == pytest.approx((4074.201860, 89994.066094))


def test_large_lists_have_exact_estimates_and_models_without_estimate():
    counts = {"a": 400_000, "b": 3000, "c": 50_000, ("a", "b"): 900, ("b", "c"): 70}
    found = models(Lists("abc", counts, complete=True))
    # If c is independent of a and b, 50,000 times 403,900 / 70 persons are on no list.
    row = found.labels.index("[12,3]")
    assert float(found.value.lower[row] or 0) == pytest.approx(453_970 + 288_500_000, rel=1e-14)
    # No person is on a and c, on b and c, or on a, b and d without a further list.
    sizes = {"a": 394_880, "b": 14_450, "c": 37_400, "d": 88_000}
    overlaps = {("a", "b"): 3740, ("c", "d"): 9000, ("a", "b", "c"): 100}
    found = models(Lists("abcd", sizes | overlaps, complete=True), 4)
    assert found.existence[found.labels.index("[12,13,14,23,24,34]")] == 1


@pytest.mark.parametrize("name", ["Korea", "Artificial"])
def test_lists_of_a_thousand_times_the_size_have_estimates_for_the_same_models(name: str):
    own = lists(name)
    counts = {key: 1000 * (number.value or 0) for key, number in own.counts.items()}
    found = [models(record, 3) for record in (own, Lists(own.names, counts, complete=True))]
    states = [dict(zip(one.labels, one.existence.tolist(), strict=True)) for one in found]
    assert states[0] == states[1]


@pytest.mark.parametrize(
    "row", rows("stepwise.csv", ";")[:24], ids=lambda row: row["dataset"] + row["parameter"]
)
def test_forward_search_equals_that_of_other_software(row: dict[str, str]):
    found = models(lists(row["dataset"]), stepwise=float(row["parameter"]))
    assert found.labels[found.selected] == row["model"]
    assert found.value.lower[found.selected] == pytest.approx(float(row["estimate"]), rel=1e-8)
    assert (found.is_all, found.estimate.value) == (False, None)


def test_forward_search_is_the_default_from_six_lists():
    found = models(lists("UKdat"))
    assert found.value.lower[found.selected] == pytest.approx(11417.991092)
    assert "the fitted models within 10 BIC points" in found.estimate.warnings[0].message
    assert models(lists("NewOrl")).labels[-1] == "[1,2,3,4,5,6,7,8]"
    # One person less on the lists C and D: the 185 cases of the papers of 2021.
    whole = lists("NewOrl")
    fewer = Lists(whole.names, whole.counts | {frozenset("CD"): 1}, complete=True)
    found = models(fewer)
    assert found.value.lower[found.selected] == pytest.approx(1183.692, abs=1e-3)


CHAO = {
    "Korea": 141.992647, "Kosovo": 8591.183638, "UKdat_5": 13570.026801, "NewOrl_5": 1194.844118,
    "PWID": 519.837532,
}  # fmt: skip


@pytest.mark.parametrize("name", CHAO)
def test_lower_bound_of_chao_equals_that_of_other_software(name: str):
    found = chao(lists(name))
    assert float(found.bounds.lower or 0) == pytest.approx(CHAO[name], rel=1e-7)
    assert (found.bounds.upper, found.value) == (None, None)
    assert "negative dependence" in found.limitations.select("LIST_DEPENDENCE")[0].message


def test_lower_bound_of_chao_without_overlaps_is_the_persons_on_the_lists():
    never = Lists("abc", {"a": 20, "b": 30, "c": 5}, complete=True)
    assert chao(never).bounds == Interval(55, None)
    assert "no upper bound" in chao(never).warnings[0].message
    found = models(never)
    assert (found.ranges, found.estimate.bounds) == ({}, Interval(55, None))
    assert np.isnan(found.weighted_mean)
    assert [item.code for item in found.estimate.warnings] == [
        "LIST_DEPENDENCE",
        "MODEL_DEPENDENCE",
    ]


# Mean, mode, quantiles and largest weight; the largest number of persons on no list.
AVERAGES = {
    "Korea": (2000, 200.0259, 145, (127, 163, 432), 0.704625),
    "Kosovo": (30000, 12749.3491, 12267, (9827, 12595, 16544), 0.985514),
    "UKdat_5": (60000, 21281.9686, 11718, (10387, 22990, 33509), 0.443436),
}


@pytest.mark.parametrize("name", AVERAGES)
def test_average_over_graphs_equals_that_of_other_software(name: str):
    most, mean, mode, quantiles, weight = AVERAGES[name]
    found = average(lists(name), most=most)
    assert (found.mean, max(found.graphs.values())) == pytest.approx((mean, weight), rel=1e-6)
    assert (found.mode, tuple(map(found.quantile, (0.025, 0.5, 0.975)))) == (mode, quantiles)
    assert sum(found.graphs.values()) == pytest.approx(1)
    assert found.quantile(1) <= most + lists(name).exact.persons
    for probability in (7, -0.1, float("nan")):
        with pytest.raises(InvalidValue, match="`probability` must be from 0 to 1"):
            found.quantile(probability)


def test_average_shows_two_modes_for_the_united_kingdom():
    found = average(lists("UKdat_5"))
    assert found.modes == (11718, 24307)
    assert len(found.graphs) == 822
    assert repr(found) == "<ModelAverage over 822 graphs: modes 11,718, 24,307>"


def test_no_single_number_for_the_united_kingdom():
    found = models(lists("UKdat_5")).estimate
    assert (found.value, found.status) == (None, Status.BOUNDED)
    assert found.formatted == "10,545 to 29,036"
    warning = found.warnings.select("MODEL_DEPENDENCE")[0]
    assert "give 10,545 to 29,036 persons" in warning.message
    assert "no single number" in warning.hint


def test_value_where_models_agree_within_the_threshold():
    found = models(lists("Kosovo")).estimate
    assert (found.status, found.formatted) == (Status.OK, "14,342")
    assert not found.warnings.select("MODEL_DEPENDENCE")
    narrow = models(lists("Kosovo"), thresholds=Thresholds(model_range=1)).estimate
    assert narrow.value is None
    wide = models(lists("UKdat_5"), thresholds=Thresholds(model_range=3)).estimate
    assert wide.formatted == "22,991"
    assert not wide.warnings.select("MODEL_DEPENDENCE")


def test_estimate_is_that_of_all_models_in_another_order_and_in_a_selection():
    found = models(lists("Kosovo"))
    for own in (found.sort(), found.take(np.arange(len(found))[::-1]), found.take([7, 8])):
        assert own.estimate.formatted == found.estimate.formatted == "14,342"
        assert own.weighted_mean == found.weighted_mean
        assert own.ranges == found.ranges
    last = found.take([7, 8]).take([1])
    assert last.differences.tolist() == [found.bic[8] - found.bic[0]]
    assert last.weights.tolist() == [found.weights[8]]


def test_models_without_an_estimate_have_no_mean():
    # No person is on both lists: the independent model has no estimate, and the other is not
    # identified.
    found = models(Lists("ab", {"a": 5, "b": 6}, complete=True))
    assert not found.admissible.any()
    assert np.isnan(found.weighted_mean)
    assert found.to_frame()["weight"].isna().all()


def test_two_lists_have_no_estimate():
    found = models(lists("Polish"))
    assert found.existence.tolist() == [0, 2]
    assert (found.estimate.value, found.estimate.bounds) == (None, Interval(41307, None))
    assert "determine no model" in found.estimate.warnings[0].message


def test_referred_pair_has_an_interaction_in_every_model():
    fed = Lists("bcd", lists("Korea").counts, complete=True, referred_from={"c": "b"})
    assert all("12" in label for label in models(fed).labels)
    assert all("12" in label for label in models(fed, stepwise=0.02).labels)
    with pytest.raises(InvalidValue, match="`order` must be 2 or more with referrals"):
        models(fed, order=1)
    assert "consequence" in models(fed).estimate.warnings.select("LIST_DEPENDENCE")[0].message


def test_stability_without_each_list_and_with_pairs_merged():
    found = stability(lists("UKdat_5"))
    assert len(found) == 1 + 5 + 10
    best = dict(zip((name for (name,) in found.names), found.best.lower.tolist(), strict=True))
    assert best["all lists"] == pytest.approx(22991.331314)
    assert (best["without GO"], best["without NG"]) == pytest.approx((4542, 31118), abs=1)
    frame = found.to_frame()
    assert frame["best"].tolist() == pytest.approx(found.best.lower.tolist())
    # Police and National Crime Agency of six lists merged are the table of five lists.
    merged = lists("UKdat").rename({"PF": "PFNCA", "NCA": "PFNCA"})
    assert set(merged.counts.items()) >= set(lists("UKdat_5").counts.items())
    found = models(merged, stepwise=0.02)
    assert found.value.lower[found.selected] == pytest.approx(11312.990289)


def test_output_lists_the_best_models_and_the_ranges():
    text = models(lists("UKdat_5")).to_text()
    assert "12,262 to 25,979 within 2 BIC points" in text
    assert "MODEL_DEPENDENCE" in text
    assert "[12,13,24,25,35,45]" in text


def test_hierarchical_models_are_counted():
    sizes = [len(hierarchies(size, size)) for size in (2, 3, 4, 5)]
    assert sizes == [2, 9, 114, 6894]
    assert notation((0b11, 0b101), 4) == "[12,13,4]"


def test_models_of_five_lists_take_less_than_half_a_second():
    assert seconds(lambda: models(lists("UKdat_5"))) < 0.5


@examples(20)
@given(tables, st.permutations("abc"))
def test_order_and_names_of_lists_change_no_estimate(numbers: list[int], order: list[str]):
    whole = of_histories(numbers)
    if whole is None:
        return
    new = dict(zip(order, "xyz", strict=True))
    other = Lists(
        "xyz", {tuple(new[n] for n in own): n for own, n in whole.counts.items()}, complete=True
    )
    first, second = models(whole), models(other)
    values = [np.sort(own.value.lower[own.admissible]) for own in (first, second)]
    np.testing.assert_allclose(*values, rtol=1e-5)
    for limit, own in first.ranges.items():
        assert float(own.lower or 0) == pytest.approx(
            float(second.ranges[limit].lower or 0), rel=1e-5
        )
    assert chao(whole).bounds.lower == pytest.approx(float(chao(other).bounds.lower or 0), rel=1e-3)
