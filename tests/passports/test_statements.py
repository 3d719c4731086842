"""Sentences of passports: what they count, and of which persons."""

import pytest

import thbstats as thb
from tests.passports.figures import table
from tests.reports.made import claim, report, share
from thbstats.panel import ResultKind
from thbstats.passports.facts import _FORM_OF_KIND
from thbstats.passports.figure_names import TEXTS
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
    sexual = thb.share(counts, exploitation="sexual", base="all")
    form = "sexual exploitation (form of exploitation) (40 of 100)."
    assert written(sexual) == f"In Belgium in 2020, 40.0% of {sentence} {form}"
    assert "in the category sexual exploitation (40 of 100)." in sexual.footnote("plain")
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
    teams = thb.publications.com_2018_777().share("iii-2-eurojust-joint-team-share")
    assert "were counts in the category by joint investigation team (topic) (" in written(teams)


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


YEARS = ("area", "period", "sex", "value")


def yearly(rows: list[tuple]) -> thb.CountTable:
    """Return identified victims of Belgium by year and sex."""
    return thb.CountTable.from_rows(
        [("BE", *row) for row in rows], columns=YEARS, kind="victims", status="identified"
    )


def test_range_of_a_change_of_known_persons_names_its_denominator() -> None:
    rows = [(2019, "total", 100), (2019, "female", 60), (2019, "male", 30), (2019, "unknown", 10)]
    rows += [(2020, "total", 100), (2020, "female", 70), (2020, "male", 10), (2020, "unknown", 20)]
    table = yearly(rows)
    change = thb.change(
        table, old=2019, new=2020, share={"sex": "female"}, base="known", countries="all"
    )
    parts = thb.decompose(table, old=2019, new=2020, sex="female", base="known", area="BE")
    # Of all victims, 60 to 70 were women in 2019, and 70 to 90 in 2020.
    text = (
        "For the share of all identified victims, the possible range for Belgium is 0.0 to +30.0 "
        "percentage points."
    )
    for result in (change, parts.change, parts.row(0)):
        passport = result.passport()
        assert passport.sections["You can write"][-1] == text
        assert "unknown category (sex)" in passport.figure.possible
        assert "share of all identified victims" in passport.figure.possible


def test_range_of_a_concentration_of_known_persons_names_its_denominator() -> None:
    rows = [("RO", 40), ("BG", 30), ("NL", 20), ("total", 100)]
    counts = table(rows, ("citizenship", "value"), area="BE", period=2020, status="registered")
    top = thb.concentration(counts, measure="top_share", dimension="citizenship")
    assert top.passport().sections["You can write"][1] == (
        "As a share of all registered victims, the possible range for Belgium is 40.0% to 50.0%."
    )


def test_change_from_a_count_that_is_not_reported_is_not_inapplicable() -> None:
    rows = [(2019, "total", 10), (2019, "female", 10), (2019, "male", 0), (2020, "total", 10)]
    rows += [(2020, own, thb.Count.not_reported()) for own in ("female", "male")]
    change = thb.change(yearly(rows), old=2019, new=2020, sex="female", measure="difference").row(0)
    first, second = change.passport().sections["You can write"]
    assert first.endswith("the source does not have all counts of the figure.")
    assert second == "The data allow this range: \N{MINUS SIGN}10 to 0."


def test_small_range_of_an_area_is_in_per_cent_if_a_country_is_missing() -> None:
    rows = [("HU", "total", 10), ("HU", "female", 4), ("HU", "male", 6), ("BG", "total", 8)]
    rows += [("BG", own, thb.Count.not_reported()) for own in ("female", "male")]
    women = thb.share(
        table(rows, SEX, period=2020, status="identified"), sex="female", base="all", area="HU+BG"
    )
    # 4 to 12 of 18 persons are women.
    assert women.passport().sections["You can write"] == (
        "In Hungary in 2020, 4 of 10 identified victims were women and girls.",
        "The possible range for Bulgaria and Hungary is 22.2% to 66.7%.",
    )


def test_countries_that_are_not_listed_are_counted() -> None:
    counts = table(
        [("EU27_2020", 100, 3)], ("area", "value", "n_reporters"), period=2020, status="registered"
    )
    passport = thb.total(counts).passport()
    assert "countries that are not in the value (24)" in passport.figure.possible
    assert passport.sections["Do not write"][0] == (
        "100 as the figure of the EU27 (from 2020). Countries that are not in it: 24."
    )
    assert "Only with figures of the same countries (3)." in passport.sections["Compare with"]


def test_rank_of_a_selected_row_has_no_number_of_rows() -> None:
    rows = [("BE", 10), ("FR", 20), ("NL", thb.Count.not_reported())]
    ranking = thb.ranking(table(rows, period=2020, status="registered"), by="area")
    passport = ranking.where(area="BE").row(0).passport()
    rank = "Rank 2 to 3 in this ranking: registered victims by country (2020)."
    assert rank in passport.sections["You can write"]


WOMEN = {"sex": "female"}


@pytest.mark.parametrize(
    ("printed", "options"),
    [
        ("60%", {"status": "presumed"}),
        ("56%", {"base": "known"}),
        ("30%", {"subject": "protection"}),
    ],
)
def test_published_figure_has_the_kind_and_the_denominator(printed: str, options: dict) -> None:
    rows = [("EU28", "total", 1000), ("EU28", "female", 400), ("EU28", "male", 314)]
    counts = table(rows, SEX, period=2019, status="registered")
    result = thb.share(counts, sex="female", base="all")
    shares = share("d", printed, category=WOMEN, **options), share("e", "40%", category=WOMEN)
    passport = result.passport(published=report(claim("v", printed="1000"), *shares))
    assert "“40%”" in passport.sections["Compare with"][-1]


def test_published_figure_of_another_subject_is_left_out() -> None:
    rows = [("EU28", "total", 1000), ("EU28", "female", 400), ("EU28", "male", 314)]
    counts = table(rows, SEX, period=2019, status="registered")
    other = share("d", "30%", category=WOMEN, subject="protection")
    passport = thb.share(counts, sex="female", base="all").passport(
        published=report(claim("v", printed="1000"), other)
    )
    assert not any("Published" in own for own in passport.sections["Compare with"])


def test_suppressed_count_without_bounds_gives_no_figure() -> None:
    rows = [("HU", "total", 98), ("HU", "female", thb.Count.suppressed())]
    share = thb.share(table(rows, SEX, status="identified"), sex="female", base="all", by="area")
    passport = share.row(0).passport()
    assert passport.sections["You can write"] == (
        "For Hungary in 2020, a single figure is not available (women and girls as a share of "
        "identified victims): a count of the figure has no upper bound.",
    )
    assert passport.sections["Do not write"] == ("0: a figure that is not available is not 0.",)
    assert passport.sections["Coverage"][0] == "Country without a figure: Hungary."
    assert "<rect" not in passport.to_html()
    assert (
        "Suppressed counts. The number contains suppressed counts: 1 (sum: not bounded)."
        in (passport.sections["Limitations"])
    )


def test_place_of_the_figure_has_the_countries_of_its_value() -> None:
    total = thb.total(table([("BE", 10), ("FR", thb.Count.not_reported())], period=2020))
    page = total.passport()
    assert page.figure.location == "Belgium"
    assert '<p class="place">Belgium · 2020</p>' in page.to_html()
    assert page.to_markdown().splitlines()[4] == "Belgium · 2020"


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("en", "Citizens of Latin America as a share of registered victims"),
        ("fr", "Ressortissants (Amérique latine) en proportion des victimes enregistrées"),
        ("de", "Staatsangehörige (Lateinamerika) in Prozent der registrierten Opfer"),
    ],
)
def test_region_of_citizenship_has_its_name(code: str, title: str) -> None:
    share = thb.publications.eurostat_2013().share("latin-america")
    assert share.passport(language=code).title.partition(" (")[0] == title.partition(" (")[0]
    assert share.passport(language=code).title.startswith(title)


def test_other_forms_are_forms_of_exploitation() -> None:
    other = thb.publications.com_2018_777().share("ii-other-share-without-uk").passport()
    assert other.title.startswith("Victims of other forms of exploitation as a share of ")


def test_ranges_of_two_periods_have_their_period() -> None:
    rows = [("BE", 2019, 10), ("BE", 2020, 12), ("FR", 2020, 30)]
    counts = thb.CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="victims", status="detected"
    )
    change = thb.change(counts, old=2019, new=2020, area="BE+FR", countries="all").passport()
    # Belgium had 10 victims in 2019, and France is unknown. Both have 42 victims in 2020.
    assert change.sections["You can write"] == (
        "In Belgium in 2019, 10 detected victims were recorded.",
        "2019: The possible range for Belgium and France is at least 10.",
        "In Belgium and France in 2020, 42 detected victims were recorded.",
    )


def test_many_countries_with_contradictory_counts_are_named_once() -> None:
    areas = ["AT", "BE", "BG", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR"]
    rows = [(area, sex, 8) for area in areas for sex in ("total", "female", "male")]
    counts = table([*rows, ("IT", "total", 5)], SEX, period=2020, status="detected")
    passport = thb.total(counts).passport()
    assert "contradictory counts (11 countries)" in passport.figure.possible
    assert [text for text in passport.sections["Coverage"] if "Austria" in text] == [
        "Not in the figure: Austria, Belgium, Bulgaria, Czechia, Denmark, Estonia, Finland, "
        "France, Germany, Greece and Spain.",
        "Contradictory counts: Austria, Belgium, Bulgaria, Czechia, Denmark, Estonia, Finland, "
        "France, Germany, Greece and Spain.",
    ]


def test_counts_to_check_have_the_name_of_their_country() -> None:
    # Eight women and eight men are more than ten victims, and seven women more than four citizens.
    rows = [("total", "total", 10), ("female", "total", 8), ("male", "total", 8)]
    rows += [("total", "RO", 4), ("total", "BG", 3), ("female", "RO", 7)]
    counts = table(
        [("BE", *row) for row in rows], ("area", "sex", "citizenship", "value"), period=2020,
        status="detected",
    )  # fmt: skip
    share = thb.share(counts, citizenship="BG", base="all", by="area").row(0)
    (warning,) = (own for own in share.warnings if own.code == "CONTRADICTED")
    assert warning.message.startswith("counts to check: BE 2020")
    (text,) = [own for own in share.passport().sections["Limitations"] if "ontradict" in own]
    assert text == (
        "Contradictory counts. Other counts of these countries contradict the counts in use: "
        "Belgium."
    )


def test_count_of_a_quarter_is_not_the_count_of_a_year() -> None:
    quarter = thb.total(table([("UK", 4604)], period="2022-Q3", status="presumed"))
    assert quarter.passport().sections["Do not write"][0] == (
        "4,604 as the number of a year: 2022-Q3 is shorter than a year."
    )


def test_warnings_of_a_decomposition_have_their_period() -> None:
    rows = [
        (area, year, sex, count)
        for area, year in (("BE", 2019), ("BE", 2020), ("FR", 2020))
        for sex, count in (("total", 1000), ("female", 600), ("male", 400))
    ]
    counts = thb.CountTable.from_rows(
        rows, columns=["area", "period", "sex", "value"], kind="victims", status="detected"
    )
    change = thb.decompose(
        counts, old=2019, new=2020, sex="female", base="all", area="BE+FR+NL"
    ).change
    texts = [t for t in change.passport().sections["Limitations"] if "includes" in t]
    assert [text for text in texts if "countries" in text] == [
        "Missing countries. 2019: The number includes 1 of 3 countries.",
        "Missing countries. 2020: The number includes 2 of 3 countries.",
    ]


@pytest.mark.parametrize("kind", ResultKind)
def test_each_kind_of_number_has_a_name_in_passports(kind: ResultKind) -> None:
    assert _FORM_OF_KIND.get(kind, str(kind)) in TEXTS["names"]
