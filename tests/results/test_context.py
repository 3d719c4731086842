import pytest
from attrs import evolve

from tests.comparability.numbers import SOURCE, VICTIMS, context, justice, victims
from thbstats.errors import InvalidValue, NarrowingForbidden
from thbstats.records import Source
from thbstats.results import Base, Hidden, Series, base_of, named, words
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

CONVICTED, PROSECUTED = justice("convicted"), justice("prosecuted")


@pytest.mark.parametrize(
    ("series", "label"),
    [
        (VICTIMS, "registered victims"),
        (victims("not_stated"), "victims"),
        (Series("victims"), "victims"),
        (justice("suspected"), "persons suspected"),
        (justice("convicted", "convictions"), "convictions"),
        (justice("prosecuted", "prosecutions", "use_of_services"), "prosecutions, use of services"),
        (justice("prosecuted", ""), "prosecuted"),
        (justice("", "persons"), "persons"),
        (Series("justice"), "justice"),
        (
            Series("protection", [("measure", "residence_permit"), ("outcome", "granted")]),
            "residence permit granted",
        ),
        (Series("cooperation", [("body", "europol"), ("kind", "cases")]), "europol cases"),
        (Series("protection"), "protection"),
    ],
)
def test_a_series_says_what_is_stated_of_it_and_no_more(series: Series, label: str) -> None:
    assert series.label == label


def test_what_is_not_stated_is_nothing() -> None:
    assert victims("not_stated").get("status") is None
    assert victims().get("status") == "registered"
    assert victims().get("stage") is None


def test_the_order_of_attributes_never_matters() -> None:
    pairs = [("unit", "persons"), ("status", "registered")]
    assert Series("victims", pairs) == Series("victims", pairs[::-1])
    assert Base(rule="all", label="", within=pairs) == Base(
        rule="all", label="", within=pairs[::-1]
    )


def test_two_flows_share_the_countries_that_reported_both() -> None:
    above = context("BE+FR+DE", counted=CONVICTED, reporters={"BE", "FR"}, flags={"p"})
    below = context("BE+FR+DE", counted=PROSECUTED, reporters={"FR", "DE"}, flags={"e"})
    merged = above.merge(below)
    assert merged.reporters == {"FR"}
    assert merged.n_reporters == 1
    assert merged.missing == {"BE", "DE"}
    assert (merged.counted, merged.against) == (CONVICTED, PROSECUTED)
    assert merged.flags == {"p", "e"}


def test_countries_to_which_one_flow_does_not_apply_are_not_expected_to_give_both() -> None:
    above = context("BE+FR", expected={"BE", "FR"})
    assert above.merge(context("BE+FR", expected={"BE"})).expected == {"BE"}


@pytest.mark.parametrize(("n", "kept"), [(25, 25), (27, None)])
def test_without_lists_only_an_equal_number_of_reporters_is_kept(n: int, kept: int | None) -> None:
    above = context("EU28", reporters=None, n_reporters=25, expected=None)
    merged = above.merge(evolve(above, n_reporters=n))
    assert (merged.reporters, merged.n_reporters, merged.expected) == (None, kept, None)
    assert merged.missing == frozenset()


def test_one_list_of_two_says_nothing_about_both() -> None:
    assert context().merge(context(reporters=None)).reporters is None


def test_sources_are_united_in_their_order() -> None:
    other = Source(title="Another report")
    above, below = context(sources=(SOURCE, other)), context(sources=(other, SOURCE))
    assert above.merge(below).sources == (SOURCE, other)


@pytest.mark.parametrize(
    ("field", "other"), [("area", context("FR")), ("period", context(period="2016"))]
)
def test_flows_of_different_places_or_times_make_no_number(field: str, other: object) -> None:
    with pytest.raises(InvalidValue, match=f"different {field}s") as caught:
        context().merge(other)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert f"same {field}" in str(caught.value)


def test_one_area_under_two_names_is_one_area() -> None:
    merged = context("EU28 without UK").merge(context("EU27_2020"))
    assert merged.area.code == "EU28 without UK"


def test_bases_are_told_in_words() -> None:
    base = base_of(
        VICTIMS, "recorded", ("exploitation", "sex"), {"age": "child"}, Overlap.EXCLUSIVE
    )
    assert base.label == ("registered victims (child) with a recorded form of exploitation and sex")
    assert base_of(VICTIMS, "all", ("sex",), {}, Overlap.EXCLUSIVE).label == "registered victims"
    assert named(["sex", "exploitation"], "or") == "sex or form of exploitation"
    assert words({}) == "total"
    assert words({"exploitation": "forced_begging", "sex": "female"}) == "forced begging, female"


def test_a_unit_that_the_kind_of_count_names_already_is_said_once() -> None:
    messages = Series(
        "cooperation",
        [("body", "europol"), ("kind", "operational_messages"), ("unit", "messages")],
    )
    teams = Series("cooperation", [("body", "eurojust"), ("kind", "cases"), ("unit", "not_stated")])

    assert messages.label == "europol operational messages"
    assert teams.label == "eurojust cases"


FEW = Hidden(cells=1, areas=frozenset({"BE"}), counts=Interval(0, 4))
OPEN = Source(title="A", terms="Attribution")
CLOSED = Source(title="B", terms="Nobody may be identified again.")


@pytest.mark.parametrize(
    ("one", "two", "cells", "counts"),
    [
        (None, None, None, None),
        (FEW, None, 1, Interval(0, 4)),
        (None, FEW, 1, Interval(0, 4)),
        (FEW, FEW, 2, Interval(0, 8)),
    ],
)
def test_what_is_hidden_on_either_side_is_hidden_in_both(one, two, cells, counts) -> None:
    merged = evolve(context(), hidden=one).merge(evolve(context(), hidden=two)).hidden
    assert (merged and merged.cells, merged and merged.counts) == (cells, counts)
    assert merged is None or (merged.areas == {"BE"} and not merged.narrowed)


def test_what_was_narrowed_on_one_side_was_narrowed() -> None:
    assert (FEW + evolve(FEW, narrowed=True)).narrowed


def test_breaks_of_both_sides_are_kept() -> None:
    one, two = (evolve(context(), breaks=frozenset({("BE", year)})) for year in ("2015", "2016"))
    assert one.merge(two).breaks == {("BE", "2015"), ("BE", "2016")}


def test_hidden_counts_of_a_source_that_forbids_it_are_never_narrowed() -> None:
    narrowed = evolve(FEW, narrowed=True)
    assert evolve(context(), hidden=FEW, sources=(CLOSED,)).hidden == FEW
    assert evolve(context(), hidden=narrowed, sources=(OPEN,)).hidden == narrowed
    with pytest.raises(NarrowingForbidden, match="may not be narrowed") as refused:
        evolve(context(), hidden=narrowed, sources=(OPEN, CLOSED))
    assert "Nobody may be identified again" in str(refused.value)
