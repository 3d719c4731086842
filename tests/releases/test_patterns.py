"""Patterns of revisions that point to an error."""

from itertools import chain

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

import thbstats as thb
from tests.releases.campaign import pair
from tests.releases.planted import KINDS, SHARES, is_found, world
from tests.releases.published import (
    NOTIFIED,
    RIGHT_TABLE,
    UNDER_ITS_NAME,
    WORKBOOKS,
    decisions,
    referrals,
    series,
)
from thbstats.values import Count

AREAS = ("AT", "BE", "DE", "ES", "FR", "IT", "NL", "PL", "PT", "SE")
CELLS = [
    (area, year, sex, age)
    for area in AREAS
    for year in range(2012, 2019)
    for sex in ("female", "male", "unknown")
    for age in ("child", "adult")
]
PLACES = {cell: number for number, cell in enumerate(CELLS)}


def table(values: np.ndarray, *, hidden: bool = False) -> thb.CountTable:
    few = Count.fewer_than(5)
    counts = [few if hidden and 0 < n < 5 else n for n in values.tolist()]
    return thb.CountTable.from_rows(
        [(*cell, own) for cell, own in zip(CELLS, counts, strict=True)],
        columns=["area", "period", "sex", "age", "value"],
        kind="victims",
    )


def release(seed: int, mean: float = 80.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the figures of a release, and those of the next one with random revisions."""
    rng = np.random.default_rng(seed)
    old = rng.poisson(mean * np.exp(rng.normal(0, 1, len(CELLS))))
    noise = np.where(rng.random(len(CELLS)) < 0.1, rng.integers(-4, 5, len(CELLS)), 0)
    return old, np.maximum(old + noise, 0)


def found(old: np.ndarray, new: np.ndarray) -> thb.releases.RevisionTable:
    return thb.revisions(table(old), table(new)).patterns


@pytest.mark.parametrize("seed", range(5))
def test_planted_exchange_of_women_and_men_is_found(seed: int) -> None:
    old, new = release(seed)
    pairs = [
        tuple(PLACES["FR", year, sex, "adult"] for sex in ("female", "male"))
        for year in (2013, 2014, 2015)
    ]
    for one, other in pairs:
        old[one], old[other] = 100 + 17 * seed, 430 - 7 * seed
        new[one], new[other] = old[other], old[one]
    patterns = found(old, new)
    assert patterns.frame["kind"].tolist() == ["permuted"] * 3
    assert {tuple(sorted(own.positions)) for own in patterns} == {tuple(sorted(p)) for p in pairs}
    assert patterns[0].dimension == "sex"
    assert "the figures of female and male are exchanged" in patterns[0].text
    assert patterns[0].question.startswith("Between 1 and 2, FR, 201")


@pytest.mark.parametrize("seed", range(5))
def test_planted_exchange_of_three_areas_is_found(seed: int) -> None:
    old, new = release(seed)
    cells = [PLACES[area, 2014, "female", "adult"] for area in ("BE", "IT", "SE")]
    old[cells] = 120, 455, 301
    new[cells] = 455, 301, 120
    [pattern] = found(old, new)
    assert (pattern.kind, pattern.dimension) == ("permuted", "area")
    assert sorted(pattern.positions) == sorted(cells)


@pytest.mark.parametrize("seed", range(5))
def test_planted_shift_along_the_periods_is_found(seed: int) -> None:
    old, new = release(seed)
    cells = [PLACES["IT", year, "female", "adult"] for year in range(2012, 2019)]
    old[cells] = 210, 340, 275, 512, 433, 390, 601
    new[cells[1:]] = old[cells[:-1]]
    new[cells[0]] = old[cells[0]]
    [pattern] = found(old, new)
    assert (pattern.kind, pattern.dimension) == ("shifted", "period")
    assert sorted(pattern.positions) == cells[1:]
    assert "6 figures moved by one row along period" in pattern.text


@pytest.mark.parametrize("step", [1, -1])
def test_planted_shift_in_the_order_of_the_rows_is_found(step: int) -> None:
    old, new = release(3)
    rows = np.arange(100, 112)
    new[rows] = old[rows - step]
    kinds = found(old, new).frame[["kind", "dimension"]].to_numpy().tolist()
    assert kinds == [["shifted", ""]]


@pytest.mark.parametrize("factor", [10, 100, 1000])
@pytest.mark.parametrize("larger", [True, False])
def test_planted_scaling_of_an_area_is_found(factor: int, larger: bool) -> None:
    old, new = release(7)
    cells = np.array([number for cell, number in PLACES.items() if cell[0] == "PT"])
    old[cells] = np.maximum(old[cells], 3)
    scaled = old[cells] * factor
    new[cells] = scaled
    [pattern] = found(old, new) if larger else found(new, old)
    assert pattern.kind == "scaled"
    assert sorted(pattern.positions) == cells.tolist()
    assert f"{'multiplied' if larger else 'divided'} by {factor:,}" in pattern.text


@pytest.mark.parametrize("kind", KINDS)
def test_planted_patterns_are_found_with_exactly_their_cells(kind: str) -> None:
    # 6 kinds in 9 tables each, with 0, 5 or 20% of the other cells revised: 54 tables. Figures
    # that differ hardly are left out: `tests.releases.planted` counts how many of them are found.
    for seed in range(9):
        own = world(seed, (kind,), "thousands", SHARES[seed % 3])
        result = thb.revisions(*own.tables)
        patterns = [sorted(p.positions.tolist()) for p in result.patterns]
        assert is_found(own, patterns) == [True], (seed, own.planted)
        changed = result.to_frame()["change"].to_numpy() != "same"
        in_patterns = [*chain.from_iterable(patterns)]
        marked = np.isin(np.flatnonzero(changed), in_patterns)
        assert (marked == (result.cells.frame["pattern"] != "")).all()
        assert marked.sum() == len(set(in_patterns))


@pytest.mark.untraced
def test_independent_revisions_of_five_kinds_are_not_a_pattern() -> None:
    # 32 tables here; `python -m tests.releases.planted 3200 0 random` draws more of them.
    for seed in range(32):
        own = world(
            seed, (), ("wide", "near", "small", "thousands")[seed % 4], SHARES[1 + seed % 2]
        )
        assert thb.revisions(*own.tables).patterns.frame["text"].tolist() == []


@pytest.mark.parametrize("seed", range(3))
def test_cycle_of_areas_is_found_next_to_a_revised_area(seed: int) -> None:
    old, new = release(seed)
    cells = [PLACES[area, 2014, "female", "adult"] for area in ("BE", "IT", "SE", "FR")]
    old[cells] = 120, 455, 301, 88
    new[cells] = 455, 301, 120, 91
    [pattern] = found(old, new)
    assert (pattern.kind, pattern.dimension) == ("permuted", "area")
    assert sorted(pattern.positions) == sorted(cells[:3])


def test_two_areas_or_years_are_exchanged_next_to_a_revised_one() -> None:
    for name, places in (
        ("area", [(area, 2014, "female", "adult") for area in ("BE", "IT", "SE")]),
        ("period", [("IT", year, "female", "adult") for year in (2012, 2014, 2017)]),
    ):
        old, new = release(2)
        cells = [PLACES[place] for place in places]
        old[cells], new[cells] = (120, 4455, 301), (4455, 120, 304)
        [pattern] = found(old, new)
        assert (pattern.kind, pattern.dimension) == ("permuted", name)
        assert sorted(pattern.positions) == sorted(cells[:2])


def test_cycle_of_years_has_both_readings() -> None:
    years = of_years({"FR": [312, 455, 608, 290], "IT": [70, 71, 72, 73]})
    moved = of_years({"FR": [290, 312, 455, 608], "IT": [70, 71, 72, 73]})
    [pattern] = thb.revisions(years, moved).patterns
    assert (pattern.kind, sorted(pattern.positions)) == ("permuted", [0, 1, 2, 3])
    assert pattern.text == (
        "FR: the figures of 2012, 2013, 2014 and 2015 are exchanged, from 312, 455, 608 and 290 to "
        "290, 312, 455 and 608; or it is a shift, and 3 figures moved by one row in the order of "
        "the rows: each has the older figure of the row before it."
    )
    assert pattern.question.endswith("Are categories exchanged, or was a row inserted or left out?")


def test_permutation_within_a_longer_shift_is_not_a_second_pattern() -> None:
    # The figures of 2013 to 2016 are a cycle, and all rows moved by one.
    rows = [(area, 2012 + n) for area in ("FR", "IT") for n in range(5)]
    old, new = (
        thb.CountTable.from_rows(
            [(*row, n) for row, n in zip(rows, own, strict=True)],
            columns=["area", "period", "value"], kind="victims",
        )
        for own in (
            [290, 312, 455, 608, 290, 977, 1480, 2061, 3390, 4155],
            [290, 290, 312, 455, 608, 290, 977, 1480, 2061, 3390],
        )
    )  # fmt: skip
    [pattern] = thb.revisions(old, new).patterns
    assert (pattern.kind, pattern.cells) == ("shifted", 9)


def test_narrower_suppression_is_not_a_permutation() -> None:
    wide, narrow = (Count.suppressed(low, 4) for low in (0, 1))
    old, new = (of_years({"FR": [own] * 3, "IT": [70, 71, 72]}) for own in (wide, narrow))
    result = thb.revisions(old, new)
    assert result.outcomes["narrowed"] == 3
    assert len(result.patterns) == 0


def test_other_table_under_the_same_name_is_described_in_a_sentence() -> None:
    patterns = thb.revisions(series(NOTIFIED), series(UNDER_ITS_NAME)).patterns
    assert patterns.frame["kind"].tolist() == ["other_table"]
    assert patterns[0].text == (
        "UK: 12 of 12 figures change by more than half, so that the newer file seems to be another "
        "table under the same name."
    )
    assert len(thb.revisions(series(NOTIFIED), series(RIGHT_TABLE)).patterns) == 0


def test_growing_figures_are_not_another_table() -> None:
    figures = [40, 55, 120, 300, 210, 77, 33, 90], [95, 130, 260, 640, 431, 160, 80, 91]
    cells = [*((area, "2023") for area in AREAS[:7]), ("AT", "2022")]
    old, new = (
        thb.CountTable.from_rows(
            [(*cell, n) for cell, n in zip(cells, own, strict=True)],
            columns=["area", "period", "value"], kind="victims",
        )
        for own in figures
    )  # fmt: skip
    assert [own.kind for own in thb.revisions(old, new).patterns] == ["other_table"]
    growing = thb.revisions(old, new, complete="2022")
    assert (growing.outcomes["growing"], growing.outcomes["revised"]) == (7, 1)
    assert not len(growing.patterns)


def test_moved_figures_are_not_another_table() -> None:
    before = {"AT": 61, "BE": 144, "BG": 95, "CZ": 210, "DE": 388, "DK": 73}
    after = dict(zip(before, (61, *before.values()), strict=False))
    old, new = (
        thb.CountTable.from_rows(
            own.items(), columns=["area", "value"], kind="victims", period=2020
        )
        for own in (before, after)
    )
    assert [own.kind for own in thb.revisions(old, new).patterns] == ["shifted"]


@pytest.mark.parametrize(("figures", "found"), [((61, 322), 1), ((6, 32), 0)])
def test_two_large_figures_of_a_vanished_label_are_found(figures: tuple[int, int], found: int):
    rows = dict(zip(("female", "male"), figures, strict=True))
    old, new = (
        thb.CountTable.from_rows(
            [("sexual", "female", 149), *((form, sex, n) for sex, n in rows.items())],
            columns=["exploitation", "sex", "value"], kind="victims", area="FR", period=2020,
        )
        for form in ("labour", "forced_begging")
    )  # fmt: skip
    patterns = thb.revisions(old, new).patterns
    assert [own.kind for own in patterns] == ["relabelled"] * found


def test_mislabelled_quarter_with_repeated_keys_is_described_in_a_sentence() -> None:
    wrong = referrals({"2022-Q1": "2022-Q1", "2023-Q1": "2022-Q1"})
    right = referrals({"2022-Q1": "2022-Q1", "2023-Q1": "2023-Q1"})
    for old, new, age in ((wrong, right, "older"), (right, wrong, "newer")):
        [pattern] = thb.revisions(old, new).patterns
        assert (pattern.kind, pattern.dimension, pattern.cells) == ("relabelled", "period", 12)
        assert pattern.text == (
            f"UK: the {age} release has 6 figures of 2023-Q1 under the label 2022-Q1, with 6 "
            "repeated keys."
        )


def test_figures_of_a_vanished_label_are_found_under_a_new_one() -> None:
    old, new = (referrals({"2022-Q1": "2022-Q1", "2023-Q1": own}) for own in ("2023-Q2", "2023-Q1"))
    [pattern] = thb.revisions(old, new).patterns
    assert "the older release has 6 figures of 2023-Q1 under the label 2023-Q2." in pattern.text
    small = [series({"2021-Q1": 3, "2021-Q2": 1}), series({"2021-Q1": 3, "2021-Q3": 1})]
    assert len(thb.revisions(*small).patterns) == 0


def test_figures_under_three_other_labels_are_found() -> None:
    # GLOTIP: adult victims of sexual exploitation in the United States in 2020.
    old, new = release(1)
    start = table(old), table(new)
    moved = (
        [("male", 4333), ("unknown", 4090), ("female", 137)],
        [("total", 4333), ("female", 4090), ("male", 137)],
    )
    both = [
        thb.CountTable.concat(
            [
                own,
                thb.CountTable.from_rows(
                    rows, columns=["sex", "value"], kind="victims", area="US", period=2020,
                    age="adult", exploitation="sexual",
                ),
            ]
        )
        for own, rows in zip(start, moved, strict=True)
    ]  # fmt: skip
    [pattern] = thb.revisions(*both).patterns
    assert (pattern.kind, pattern.dimension) == ("relabelled", "sex")
    assert pattern.text.startswith("US, 2020, adult, sexual: the figures ")


@pytest.mark.untraced
def test_random_independent_revisions_are_not_a_pattern() -> None:
    # tests/releases/campaign.py draws tables of many kinds; here are 60 of the smallest figures.
    for seed in range(60):
        rng = np.random.default_rng([5, seed])
        old = rng.poisson(4 * np.exp(rng.normal(0, 1, len(CELLS))))
        revised = rng.random(len(CELLS)) < rng.choice([0.05, 0.4, 1.0])
        new = np.where(revised, np.maximum(old + rng.integers(-3, 4, len(CELLS)), 0), old)
        hidden = bool(seed % 2)
        patterns = thb.revisions(table(old, hidden=hidden), table(new, hidden=hidden)).patterns
        assert patterns.frame["text"].tolist() == []


@pytest.mark.untraced
def test_many_random_revisions_are_not_a_pattern() -> None:
    # In 76,800 cells, hundreds of revisions are exchanges by coincidence.
    # In the last one, counts of 5 become fewer than 5, and counts of 6 and 7 hardly.
    for seed in (100, 300, 500_020):
        assert thb.revisions(*pair(seed)).patterns.frame["text"].tolist() == []


def test_real_revisions_are_not_a_pattern() -> None:
    for kind in ("reasonable", "conclusive"):
        assert len(thb.revisions(list(decisions(kind))).patterns) == 0


def test_patterns_have_their_cells_in_the_frame() -> None:
    old, new = release(0)
    one, other = PLACES["FR", 2013, "female", "adult"], PLACES["FR", 2013, "male", "adult"]
    old[one], old[other] = 49, 322
    new[one], new[other] = 322, 49
    result = thb.revisions(table(old), table(new))
    rows = result.to_frame().iloc[list(result.patterns[0].positions)]
    assert rows["new"].tolist() == [322, 49]
    marked = result.cells.where(pattern="permuted").frame
    assert marked[["old", "new"]].to_numpy().tolist() == [[49, 322], [322, 49]]
    assert "Pattern (permuted): FR, 2013, adult" in str(result)
    assert "permuted" in result.patterns.to_html()
    assert "positions" not in result.patterns.to_text()


EXCHANGED = {
    ("sex", "AR, 2019, victims, detected, adult, persons"),
    ("sex", "BG, 2019, victims, detected, adult, persons"),
    ("sex", "BG, 2020, victims, detected, child, persons"),
    ("sex", "BO, 2019, victims, detected, child, persons"),
    ("sex", "BO, 2020, victims, detected, persons"),
    ("sex", "GY, 2020, victims, detected, persons"),
    ("sex", "GY, 2020, victims, detected, child, persons"),
    ("sex", "GY, 2020, victims, detected, adult, persons"),
    ("sex", "GY, 2020, victims, detected, adult, sexual, persons"),
    ("sex", "IL, 2018, victims, detected, persons"),
    ("sex", "IL, 2018, victims, detected, adult, persons"),
    ("sex", "IL, 2019, victims, detected, adult, persons"),
    ("sex", "IL, 2020, victims, detected, persons"),
    ("sex", "IL, 2020, victims, detected, adult, persons"),
    ("sex", "QA, 2021, victims, detected, adult, persons"),
    ("sex", "TR, 2020, victims, detected, child, sexual, persons"),
    ("age", "PL, 2019, victims, detected, sexual, persons"),
    ("stage", "TJ, 2020, justice, persons"),
    ("period", "HN, victims, detected, labour, persons"),
    ("period", "DO, victims, detected, adult, labour, persons"),
    ("period", "DO, protection, persons, repatriation"),
}
"""The exchanged groups in GLOTIP: 16 by sex, one by age, and the four of `EXCHANGED_ROWS`."""

ADULT, LABOUR = "18 years or over", "Forced labour"
VICTIMS, REPATRIATED = "Detected trafficking victims", "by country of repatriation"
EXCHANGED_ROWS = (
    # Country, indicator, category, age, year, row and count of the older file, of the newer file.
    ("TJK", "Persons convicted", "Total", "Total", 2020, (34479, "34"), (42715, "28")),
    ("TJK", "Persons prosecuted", "Total", "Total", 2020, (34488, "28"), (42725, "34")),
    ("HND", VICTIMS, LABOUR, "Total", 2019, (15962, "<5"), (19880, "8")),
    ("HND", VICTIMS, LABOUR, "Total", 2020, (15980, "8"), (19904, "<5")),
    ("DOM", VICTIMS, LABOUR, ADULT, 2019, (10785, "<5"), (13285, "7")),
    ("DOM", VICTIMS, LABOUR, ADULT, 2020, (10835, "7"), (13336, "<5")),
    ("DOM", VICTIMS, "Abroad", "Total", 2019, (10778, "<5"), (13275, "6")),
    ("DOM", VICTIMS, "Abroad", "Total", 2020, (10826, "6"), (13328, "<5")),
)
"""The exchanged cells that are not of sex or age, by the rows of the two worksheets."""


@pytest.mark.skipif(not WORKBOOKS[0].exists(), reason="the workbooks are not here")
def test_exchanged_groups_are_in_the_rows_of_both_workbooks() -> None:
    for position, path in enumerate(WORKBOOKS):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        for *keys, old, new in EXCHANGED_ROWS:
            number, text = (old, new)[position]
            country, _, _, _, indicator, _, category, sex, age, year, _, value, _ = rows[number - 1]
            assert [country, indicator, category, age, year] == keys
            assert (sex, str(value)) == ("Total", text)


@pytest.mark.untraced
@pytest.mark.skipif(not WORKBOOKS[0].exists(), reason="the workbooks are not here")
def test_every_exchanged_group_in_glotip_is_found_and_no_other() -> None:
    result = thb.revisions(*(thb.read(path) for path in WORKBOOKS))
    exchanged = result.patterns.where(kind="permuted").frame
    assert set(exchanged[["dimension", "where"]].itertuples(index=False, name=None)) == EXCHANGED
    others = result.patterns.frame.query("kind != 'permuted'")
    assert set(others["where"]) == {
        f"US, {own}, persons"
        for own in (
            "2019, victims, detected, child, sexual",
            "2019, victims, detected, adult, sexual",
            "2020, victims, detected, child, labour",
            "2020, victims, detected, adult, sexual",
            "2021, victims, detected, child, labour",
            "2021, victims, detected, adult, sexual",
        )
    }
    assert set(others["kind"]) == {"relabelled"}
    women = {"sex": "female", "base": "known", "where": {"age": "adult"}, "by": ["area", "period"]}
    victims = thb.revisions(*(own.victims for own in result.alignment.data))
    crossed = victims.conclusions(lambda own: thb.share(own, **women)).where(conclusion="majority")
    assert {f"{own.area} {own.period}" for own in crossed} == {
        *("AR 2019", "BG 2019", "BO 2020", "CH 2014", "CH 2017", "CY 2015", "DO 2019", "DO 2020"),
        *("DO 2021", "FJ 2020", "GY 2020", "IL 2018", "IL 2019", "IL 2020", "MY 2021", "NP 2020"),
        *("PK 2020", "PL 2021", "QA 2021"),
    }


def of_years(rows: dict[str, list[Count | int]]) -> thb.CountTable:
    return thb.CountTable.from_rows(
        [(code, 2012 + n, own) for code, values in rows.items() for n, own in enumerate(values)],
        columns=["area", "period", "value"],
        kind="victims",
    )


def test_suppressed_figures_do_not_show_another_label() -> None:
    known, same = [512, 431, 377, 298], {"FR": [91, 80, 77, 64]}
    hidden = [Count.suppressed()] * 4
    assert not thb.revisions(
        of_years({"IT": hidden, **same}), of_years({"ES": known, **same})
    ).patterns
    partly = [*known[:3], hidden[0]]
    (pattern,) = thb.revisions(
        of_years({"IT": partly, **same}), of_years({"ES": known, **same})
    ).patterns
    assert pattern.text.endswith("the older release has 4 figures of ES under the label IT.")


def test_a_label_is_found_among_many_labels_of_one_release() -> None:
    rng = np.random.default_rng(3)
    codes = sorted(own.code for own in thb.geography.COUNTRIES if len(own.code) == 2)
    moved = [5120, 431, 377, 298]
    old = {code: rng.poisson(20, 4).tolist() for code in codes[:40]} | {codes[100]: moved}
    new = {code: rng.poisson(20, 4).tolist() for code in codes[40:80]} | {codes[101]: moved}
    same = {codes[120]: [1, 2, 3, 4]}
    (pattern,) = thb.revisions(of_years(old | same), of_years(new | same)).patterns
    assert pattern.kind == "relabelled"
    assert pattern.text.endswith(
        f"the older release has 4 figures of {codes[101]} under the label {codes[100]}."
    )
