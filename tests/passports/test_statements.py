"""Sentences of passports: what they count, and of which persons."""

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
