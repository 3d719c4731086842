"""Sentences of passports: what they count, and of which persons."""

import pytest

import thbstats as thb
from tests.passports.figures import table
from thbstats.records import Population

SEX = ("area", "sex", "value")


def written(result: thb.Result) -> str:
    """Return the first sentence to copy."""
    return result.passport().sections["You can write"][0]


def test_rate_names_the_categories_of_its_population() -> None:
    counts = table(
        [("BE", "total", 100), ("BE", "female", 60)], SEX, period=2020, status="registered"
    )
    women = Population(
        area="BE", when="2020-01-01", persons=5_800_000, source="Census", sex="female"
    )
    rate = thb.rate(counts, [women], sex="female", population_categories={"sex": "female"})
    assert written(rate) == (
        "In Belgium in 2020, there were 60 registered victims (women and girls): 1.03 per 100,000 "
        "inhabitants (women and girls) and year (5,800,000 inhabitants: women and girls)."
    )
    axis = "Registered victims per 100,000 inhabitants (women and girls) and year"
    assert axis in thb.plots.alt_text(thb.plots.bars(rate))
    plain = rate.footnote(style="plain")
    assert "60 registered victims (women and girls) for 5,800,000 inhabitants (women" in plain


def test_rate_names_the_area_of_another_population() -> None:
    people = [
        Population(area=area, when="2020-01-01", persons=persons, source="Census")
        for area, persons in (("BE", 11_000_000), ("LU", 600_000))
    ]
    counts = table([("BE", 7000)], period=2020, status="registered")
    rate = thb.rate(counts, people, population_area="BE+LU")
    assert "60.34 per 100,000 inhabitants (Belgium and Luxembourg) and year" in written(rate)
    axis = "Registered victims per 100,000 inhabitants (Belgium and Luxembourg) and year"
    assert axis in thb.plots.alt_text(thb.plots.bars(rate))
    own = thb.rate(counts, people)
    assert "63.64 per 100,000 inhabitants and year (11,000,000 inhabitants)." in written(own)


FORMS = ("area", "exploitation", "value")


@pytest.mark.parametrize(
    ("stage", "unit", "sentence"),
    [
        ("investigated", "cases", "investigations were cases in the category"),
        ("recorded", "offences", "recorded offences were offences in the category"),
        ("convicted", "convictions", "convictions were convictions in the category"),
        ("investigated", "not_stated", "investigations were cases in the category"),
        ("suspected", "persons", "suspects were persons in the category"),
    ],
)
def test_only_victims_are_victims_of_a_form(stage: str, unit: str, sentence: str) -> None:
    rows = [("BE", "total", 100), ("BE", "sexual", 40), ("BE", "labour", 60)]
    counts = table(rows, FORMS, kind="justice", period=2020, stage=stage, unit=unit)
    share = thb.share(counts, exploitation="sexual", base="all")
    form = "sexual exploitation (form of exploitation) (40 of 100)."
    assert written(share) == f"In Belgium in 2020, 40.0% of {sentence} {form}"
    assert "in the category sexual exploitation (40 of 100)." in share.footnote("plain")
    assert "victims of" not in written(thb.total(counts, exploitation="sexual"))


def test_cases_are_not_children() -> None:
    rows = [("BE", "total", "total", 90), ("BE", "child", "total", 40)]
    rows += [("BE", "child", "female", 10), ("BE", "child", "unknown", 10)]
    counts = table(
        rows, ("area", "age", "sex", "value"), kind="justice", period=2020, stage="investigated",
        unit="cases",
    )  # fmt: skip
    girls = thb.share(counts, sex="female", where={"age": "child"}, base="all")
    assert written(girls) == (
        "In Belgium in 2020, 25.0% of investigations (cases in the category children [age group]) "
        "were cases in the category women and girls (sex) (10 of 40)."
    )
    assert "cases of unknown category (sex, 10)" in girls.passport().figure.possible


def test_categories_of_the_kind_of_count_are_stated_once() -> None:
    share = thb.publications.com_2018_777().share("iii-2-eurojust-joint-team-share")
    assert "were counts in the category by joint investigation team (topic) (" in written(share)


def test_decomposition_states_the_countries_of_its_change() -> None:
    rows = [
        (area, year, sex, count)
        for area in ("BE", "FR")
        for year, women in ((2019, 4), (2020, 6))
        for sex, count in (("total", 100), ("female", 10 * women), ("male", 100 - 10 * women))
    ]
    counts = thb.CountTable.from_rows(
        rows, columns=["area", "period", "sex", "value"], kind="victims", status="detected"
    )
    change = thb.decompose(
        counts, old=2019, new=2020, sex="female", base="all", area="EU27_2020", like_for_like=True
    )
    place = "2 of the 27 countries of the EU27 (from 2020)"
    # Women and girls are 80 of 200 victims, then 120 of 200.
    assert written(change.change).startswith(f"In {place}, this figure changed by +20.0 ")
    assert f"to the change from 2019 to 2020 in {place} in this share" in written(change.row(1))
