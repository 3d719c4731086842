"""Outcomes of cells between two releases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.releases.published import (
    NOTIFIED,
    RIGHT_TABLE,
    WORKBOOKS,
    decisions,
    referrals,
    series,
)
from tests.rows import check_rows
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName
from thbstats.values import Count, Reason

AREAS = ("AT", "BE", "DE", "ES", "FR", "IT", "NL")
FEW = Count.fewer_than(5)
HIDDEN = Count.suppressed()
BLANK = Count.not_reported()


def of_sex(**counts: Count | int) -> thb.CountTable:
    more = {} if counts.get("area") is None else {"area": counts.pop("area")}
    return thb.CountTable.from_rows(
        counts.items(), columns=["sex", "value"], kind="victims", period=2020,
        **({"area": "FR"} | more),
    )  # fmt: skip


def outcome(old: Count | int | None, new: Count | int | None) -> str:
    """Return the outcome of the women, next to a cell that does not change."""
    tables = [of_sex(male=7, **({} if own is None else {"female": own})) for own in (old, new)]
    counts = thb.revisions(*tables).outcomes
    counts["same"] -= 1
    [(name, n)] = [(name, n) for name, n in counts.items() if n]
    assert n == 1
    return name


def test_each_pair_of_counts_has_one_outcome() -> None:
    rounded = Count.between(40, 50)

    def check(old: Count | int | None, new: Count | int | None, expected: str) -> None:
        assert outcome(old, new) == expected

    check_rows(
        check,
        [
            (3, 3, "same"),
            (3, 4, "revised"),
            (0, 4, "revised"),
            (FEW, FEW, "same"),
            (FEW, 3, "no_longer_suppressed"),
            (FEW, 30, "no_longer_suppressed"),
            (3, FEW, "newly_suppressed"),
            (27, FEW, "newly_suppressed"),
            (27, HIDDEN, "newly_suppressed"),
            (HIDDEN, FEW, "narrowed"),
            (FEW, HIDDEN, "widened"),
            (FEW, Count.suppressed(5, 9), "revised"),
            (rounded, 45, "narrowed"),
            (45, rounded, "widened"),
            (30, rounded, "revised"),
            (rounded, Count.between(45, 60), "revised"),
            (0, BLANK, "zero_to_blank"),
            (BLANK, 0, "blank_to_zero"),
            (8, BLANK, "withdrawn"),
            (BLANK, 8, "first_published"),
            (None, 8, "first_published"),
            (None, 0, "first_published"),
            (8, None, "withdrawn"),
            (0, None, "withdrawn"),
            (FEW, None, "withdrawn"),
            (BLANK, BLANK, "same"),
            (BLANK, Count.breakdown_not_reported(9), "same"),
            (None, BLANK, "same"),
            (Count.not_applicable(), 4, "first_published"),
            (4, Count.not_applicable(), "withdrawn"),
            (Count.conflicting([3, 4]), 4, "repeated"),
            (3, Count.conflicting([3, 4]), "repeated"),
            (Count.conflicting([3, 4]), Count.conflicting([3, 4]), "repeated"),
            (Count(4, 4, Reason.ROUNDED), 4, "same"),
        ],
    )


def test_suppression_of_a_figure_outside_the_bounds_is_flagged() -> None:
    old = of_sex(female=27, male=3, unknown=FEW)
    new = of_sex(female=FEW, male=FEW, unknown=12)
    found = thb.revisions(old, new)
    flagged = found.to_frame().set_index("sex")["flagged"]
    assert flagged.to_dict() == {"female": True, "male": False, "unknown": True}
    assert "suppression of 2 cells" in found.notes[0]


def test_release_with_itself_is_empty_and_says_so() -> None:
    for table in (of_sex(female=3, male=FEW, unknown=BLANK), *decisions("reasonable")):
        found = thb.revisions(table, table)
        assert len(found) == 0
        assert len(found.cells) == 0
        assert len(found.patterns) == 0
        assert sum(found.outcomes.values()) == len(table)
        assert found.notes == ("The releases have the same cells with the same counts.",)
        assert "same cells" in str(found)


others = (FEW, HIDDEN, BLANK, Count.not_applicable(), Count(8, 20, Reason.ROUNDED))
counts = st.one_of(st.integers(0, 30), st.sampled_from(others))
keys = st.tuples(
    st.sampled_from(["FR", "BE", "DE"]),
    st.integers(2019, 2021),
    st.sampled_from(["female", "male"]),
)
releases = st.dictionaries(keys, counts, min_size=3, max_size=18).map(
    lambda cells: thb.CountTable.from_rows(
        [
            (*key, own)
            for key, own in {
                **dict.fromkeys([(a, 2018, "total") for a in ("FR", "BE", "DE")], 9),
                **cells,
            }.items()
        ],
        columns=["area", "period", "sex", "value"],
        kind="victims",
    )
)


def merged(old: thb.CountTable, new: thb.CountTable) -> pd.DataFrame:
    names = list(old.dimensions)
    frames = [
        own.to_frame()[[*names, "lower", "upper", "reason"]].astype(dict.fromkeys(names, str))
        for own in (old, new)
    ]
    return frames[0].merge(frames[1], on=names, how="outer", suffixes=("_old", "_new"))


def oracle(row: object) -> str:  # noqa: PLR0912 - the definition, written again
    """Return the outcome of a row of a merge of two frames."""
    sides = []
    for end in ("old", "new"):
        reason = getattr(row, f"reason_{end}")
        low, high = getattr(row, f"lower_{end}"), getattr(row, f"upper_{end}")
        if not isinstance(reason, str):
            sides.append(("absent", None, None))
        elif reason in ("not_reported", "breakdown_not_reported", "not_applicable"):
            sides.append(("blank", None, None))
        elif reason == "conflicting":
            return "repeated"
        else:
            hidden = reason in ("fewer_than", "suppressed") and low != high
            sides.append(("hidden" if hidden else "figure", low, high))
    (a, low, high), (b, lower, upper) = sides
    if {a, b} <= {"absent", "blank"}:
        return "same"
    if a == "blank" and (lower, upper) == (0, 0):
        return "blank_to_zero"
    if b == "blank" and (low, high) == (0, 0):
        return "zero_to_blank"
    if a in ("absent", "blank"):
        return "first_published"
    if b in ("absent", "blank"):
        return "withdrawn"
    if (low, high, a) == (lower, upper, b):
        return "same"
    if a != b:
        return "newly_suppressed" if b == "hidden" else "no_longer_suppressed"
    if low <= lower and upper <= high:
        return "narrowed"
    return "widened" if lower <= low and high <= upper else "revised"


def check_against_merge(old: thb.CountTable, new: thb.CountTable) -> None:
    names = list(old.dimensions)
    found = thb.revisions(old, new, order="given").to_frame()
    expected = merged(old, new)
    expected["expected"] = [oracle(row) for row in expected.itertuples()]
    both = found.astype(dict.fromkeys(names, str)).merge(expected, on=names, validate="1:1")
    assert len(both) == len(found) == len(expected)
    assert (both["change"].astype(str) == both["expected"]).all()


@pytest.mark.untraced
@given(releases, releases)
@examples(60)
def test_outcomes_are_those_of_a_merge_and_partition_the_union(
    old: thb.CountTable, new: thb.CountTable
) -> None:
    check_against_merge(old, new)


SWAPPED = {
    "first_published": "withdrawn",
    "withdrawn": "first_published",
    "newly_suppressed": "no_longer_suppressed",
    "no_longer_suppressed": "newly_suppressed",
    "zero_to_blank": "blank_to_zero",
    "blank_to_zero": "zero_to_blank",
    "narrowed": "widened",
    "widened": "narrowed",
}


@given(releases, releases)
def test_swapping_the_releases_inverts_outcomes_and_measures(
    old: thb.CountTable, new: thb.CountTable
) -> None:
    found, swapped = thb.revisions(old, new), thb.revisions(new, old)
    assert found.outcomes == {SWAPPED.get(n, n): own for n, own in swapped.outcomes.items()}
    one, other = (own.summary("area").frame.set_index("area") for own in (found, swapped))
    for name, opposite, sign in [
        ("n", "n", 1),
        ("revised", "revised", 1),
        ("up", "down", 1),
        ("mean_revision", "mean_revision", -1),
        ("mean_absolute_revision", "mean_absolute_revision", 1),
        ("median", "median", -1),
        ("minimum", "maximum", -1),
        ("quantile_10", "quantile_90", -1),
    ]:
        np.testing.assert_allclose(one[name], sign * other[opposite], atol=1e-12)


@given(releases, releases)
def test_areas_add_up(old: thb.CountTable, new: thb.CountTable) -> None:
    whole = thb.revisions(old, new)
    parts: dict[str, int] = {}
    n = 0
    for area in ("FR", "BE", "DE"):
        found = thb.revisions(old.where(area=area), new.where(area=area))
        for name, number in found.outcomes.items():
            parts[name] = parts.get(name, 0) + number
        n += found.summary()[0].n
    assert parts == whole.outcomes
    assert whole.summary()[0].n == n


def test_year_to_date_is_growing_and_described_in_a_sentence() -> None:
    found = thb.revisions(list(decisions("reasonable")))
    growing = found.cells.where(change="growing").frame
    for own in (["growing"], {"growing"}, pd.Series(["growing"]), np.array(["growing"])):
        assert len(found.cells.where(change=own)) == len(growing)
    assert growing[["period", "old", "new"]].astype(str).to_numpy().tolist() == [
        ["2023", "3528", "7263"],
        ["2023", "7263", "10670"],
    ]
    assert found.notes[0] == (
        "UK, 2023: 2023-06-22 does not contain the whole period: from 3,528 to 7,263 is not a "
        "revision."
    )
    # The series starts in the fourth quarter of 2015: no further quarter is missing later.
    found = thb.revisions(series(NOTIFIED | {"2015": 65, "2015-Q4": 65}),
                          series(RIGHT_TABLE | {"2015": 66, "2015-Q4": 66}))  # fmt: skip
    assert found.outcomes["growing"] == 1
    assert found.outcomes["revised"] == 2


def test_complete_period_makes_later_periods_growing() -> None:
    old, new = series({"2021": 10, "2022": 4}), series({"2021": 11, "2022": 9})
    assert thb.revisions(old, new).outcomes["growing"] == 0
    found = thb.revisions(old, new, complete=2021)
    assert found.outcomes["growing"] == 1
    assert found.summary()[0].n == 1
    each = thb.revisions(old, new, complete=["2021", "2022"])
    assert each.outcomes == found.outcomes
    assert thb.revisions(old, new, complete="not stated").outcomes["growing"] == 0


def test_growing_figures_are_named_as_published() -> None:
    def table(*counts: Count | int) -> thb.CountTable:
        rows = [("AT", "2022", 5), *zip(AREAS, ["2023"] * len(counts), counts, strict=False)]
        return thb.CountTable.from_rows(rows, columns=["area", "period", "value"], kind="victims")

    old = table(FEW, Count.between(10, 20), HIDDEN, 1, 2, 3, 4)
    new = table(Count.fewer_than(10), Count.between(30, 40), 1_000, 2, 3, 4, 5)
    notes = thb.revisions(old, new, complete="2022").notes
    assert [note.rpartition("period: ")[2] for note in notes[:2]] == [
        "from <5 to <10 is not a revision.", "from 10 to 20 to 30 to 40 is not a revision.",
    ]  # fmt: skip
    assert len(notes) == 6
    assert notes[5] == "1 does not contain the whole period of 1 further cell."


def test_release_without_rows_has_withdrawn_all_cells() -> None:
    some, none = of_sex(female=10, male=20, unknown=5), of_sex()
    assert thb.revisions(some, none).outcomes["withdrawn"] == 3
    assert thb.revisions(none, some).outcomes["first_published"] == 3


def test_complete_periods_are_in_the_order_of_their_releases() -> None:
    old, new = (
        thb.CountTable.from_rows(
            [("2022", 100), ("2023", n)], columns=["period", "value"], kind="victims", area="UK",
            source=thb.Source(title="x", published=day),
        )
        for n, day in [(50, "2023-06-30"), (120, "2024-06-30")]
    )  # fmt: skip
    for releases, ends in [([old, new], ["2022", "2023"]), ([new, old], ["2023", "2022"])]:
        outcomes = thb.revisions(releases, complete=ends).outcomes
        assert (outcomes["growing"], outcomes["revised"]) == (1, 0)


def test_repeated_cells_are_named_and_kept_apart() -> None:
    found = thb.revisions(
        referrals({"2022-Q1": "2022-Q1", "2023-Q1": "2022-Q1"}), referrals({"2022-Q1": "2022-Q1"})
    )
    assert found.outcomes["repeated"] == 6
    assert found.summary()[0].n == 0
    assert "1 has several values for 6 cells" in found.notes[0]
    assert "2022-Q1, adult, overseas" in found.notes[0]
    with pytest.raises(DuplicateKey, match="2022-Q1"):
        thb.CountTable.from_rows(
            [("2022-Q1", 813), ("2022-Q1", 1037)], columns=["period", "value"], kind="victims",
            area="UK",
        )  # fmt: skip


def test_data_sets_are_compared_by_kind() -> None:
    justice = thb.CountTable.from_rows(
        [("convicted", 3)], columns=["stage", "value"], kind="justice", area="FR", period=2020
    )
    old = thb.Dataset(victims=of_sex(female=3, male=4), justice=justice)
    new = thb.Dataset(victims=of_sex(female=3, male=9))
    found = thb.revisions(old, new)
    assert {name: n for name, n in found.outcomes.items() if n} == {
        "same": 1, "revised": 1, "withdrawn": 1
    }  # fmt: skip
    assert found.summary("kind").frame[["kind", "n"]].to_numpy().tolist() == [["victims", 2]]
    changed = found.cells.frame
    assert changed[["kind", "stage", "change"]].astype(str).to_numpy().tolist() == [
        ["victims", "", "revised"],
        ["justice", "convicted", "withdrawn"],
    ]


DATED = [thb.Source(title="A", published=day) for day in ("2023-05-30", "2025-04-14")]


def dated(source: thb.Source | None, **counts: int) -> thb.CountTable:
    return thb.CountTable.from_rows(
        counts.items(), columns=["sex", "value"], kind="victims", area="FR", period=2020,
        source=source,
    )  # fmt: skip


def test_releases_are_in_the_order_of_their_days_or_as_given() -> None:
    one, two = (dated(own, female=n) for own, n in zip(DATED, (1, 2), strict=True))
    assert thb.revisions([two, one]).releases == ("2023-05-30", "2025-04-14")
    assert thb.revisions([two, one], order="given").releases == ("2025-04-14", "2023-05-30")
    assert thb.revisions(two, one, order="published").releases == ("2023-05-30", "2025-04-14")
    assert thb.revisions(dated(None, female=1), two).releases == ("1", "2")
    assert thb.revisions(one, one).releases == ("1", "2")


def test_bad_inputs_are_refused_with_the_reason() -> None:
    one, two = (dated(own, female=n) for own, n in zip(DATED, (1, 2), strict=True))
    plain = dated(None, female=1)
    justice = thb.CountTable.from_rows(
        [("convicted", 3)], columns=["stage", "value"], kind="justice", area="FR", period=2020
    )

    def table(**more: object) -> thb.CountTable:
        context = {"area": "FR", "period": 2020, "unit": "persons"} | more
        return thb.CountTable.from_rows([{"value": 3}], kind="victims", **context)

    def check(call: object, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            call()  # type: ignore[operator]

    check_rows(
        check,
        [
            (lambda: thb.revisions(two, one), InvalidValue, "must be released after `old`"),
            (lambda: thb.revisions([plain, plain]), InvalidValue, "must have release days"),
            (lambda: thb.revisions([one, plain]), InvalidValue, "1 of 2 without a day"),
            (lambda: thb.revisions([one]), InvalidValue, "two or more releases"),
            (lambda: thb.revisions(one), InvalidValue, "two or more releases"),
            (lambda: thb.revisions(one, "b.csv"), InvalidValue, "must be a CountTable"),
            (lambda: thb.revisions(one, justice), InvalidValue, "victims and justice"),
            (
                lambda: thb.revisions(table(), table(unit="cases")),
                InvalidValue,
                "in `unit`, the first has persons and the second cases",
            ),
            (
                lambda: thb.revisions(table(area="FR-75"), table()),
                InvalidValue,
                r"the first has sub-areas \(FR-75\) and the second FR\. Add up the sub-areas",
            ),
            (lambda: thb.revisions(one, two, order="newest"), UnknownName, "the order as given"),
            (lambda: thb.revisions([one, one]), InvalidValue, "different release days"),
            (lambda: thb.reconcile(one, two, names=("a",)), InvalidValue, "must be two names"),
            (
                lambda: thb.disclosure.suppress(two, fewer_than=5, previous="a.csv"),
                InvalidValue,
                "`previous` must be a CountTable",
            ),
            (lambda: thb.revisions(one, two, complete=[2020]), InvalidValue, "for each release"),
            (lambda: thb.revisions(one, two).summary("gender"), UnknownName, "sex"),
            (lambda: thb.revisions(one, two).summary(split="place"), UnknownName, "dimension"),
            (lambda: thb.revisions(one, two).cells.where(gender="male"), UnknownName, "column"),
            (lambda: thb.revisions(one, two).conclusions(len), InvalidValue, "must return"),
        ],
    )


def test_label_with_another_spelling_is_suggested() -> None:
    old, new = (
        thb.CountTable.from_rows(
            [("abroad", 3)] if name is None else [(name, 3)],
            columns=["place", "value"],
            kind=thb.records.schema_of(
                "victims", thb.Classification(name="place", kind="breakdown", categories=[name])
            ),
            area="UK",
            period=2020,
        )
        for name in ("uk_and_overseas", "uk_overseas")
    )
    with pytest.raises(InvalidValue, match="Did you mean 'uk_overseas'"):
        thb.revisions(old, new)


@pytest.mark.untraced
@pytest.mark.skipif(not WORKBOOKS[0].exists(), reason="the workbooks are not here")
def test_glotip_outcomes_are_those_of_a_merge() -> None:
    old, new = (thb.read(path).data for path in WORKBOOKS)
    found = thb.revisions(old, new)
    assert found.releases == ("2023-05-30", "2025-04-14")
    assert {name: n for name, n in found.outcomes.items() if n} == {
        "same": 42_106,
        "revised": 1_404,
        "first_published": 13_461,
        "withdrawn": 875,
        "newly_suppressed": 186,
        "no_longer_suppressed": 262,
        "repeated": 201,
    }
    for kind in ("victims", "justice", "protection"):
        check_against_merge(getattr(old, kind), getattr(new, kind))


def test_rejected_rows_of_files_are_named(tmp_path) -> None:
    known, unknown = "area,period,value\nIT,2020,4\n", "Ruritania,2020,9\n"
    (tmp_path / "old.csv").write_text(known)
    (tmp_path / "new.csv").write_text(known + unknown)
    (tmp_path / "none.csv").write_text("area,period,value\n" + unknown)
    old, new, none = (
        thb.read(tmp_path / f"{name}.csv", kind="victims") for name in ("old", "new", "none")
    )
    sentence = "1 row of new.csv is rejected and not compared (not a known area: Ruritania)."
    assert thb.revisions(old, new).notes[0] == f"2: {sentence}"
    assert thb.reconcile(new, old).notes[0] == f"first: {sentence}"
    assert thb.revisions(old, old).rejected == ()
    with pytest.raises(InvalidValue, match="not a known area: Ruritania"):
        thb.revisions(old, none)
