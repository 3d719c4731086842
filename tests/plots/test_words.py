"""Names and titles in words."""

import pytest

import thbstats as thb
from tests.plots.drawn import FORMS, REPORT, forms, two_way
from thbstats import plots
from thbstats.plots.canvas import category_words, title_words

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
JUSTICE = thb.read("docs/_data/glotip_eu_justice.csv").table


@pytest.mark.parametrize(
    ("categories", "within", "words"),
    [
        ({"sex": "female"}, {}, "Women and girls"),
        ({"sex": "female"}, {"age": "adult"}, "Women"),
        ({"sex": "male"}, {"age": "child"}, "Boys"),
        ({"sex": "female", "age": "adult"}, {}, "Women (adult)"),
        ({"sex": "other"}, {"age": "adult"}, "Other sex"),
        ({"register": "immigration"}, {}, "Immigration authority"),
        ({"age": "child"}, {}, "Children"),
        ({"age": "unknown"}, {}, "Unknown age"),
        ({"exploitation": "sexual"}, {}, "Sexual exploitation"),
        ({"sex": "female", "exploitation": "labour"}, {}, "Women and girls (labour exploitation)"),
        ({"citizenship": "RO"}, {}, "Romania"),
        ({"area": "EU28"}, {}, "EU28"),
        ({"area": "MT"}, {}, "Malta"),
        ({"step": "convicted / prosecuted"}, {}, "Convictions per prosecution"),
        ({"region": "north_east"}, {}, "North east"),
        ({"region": "N1"}, {}, "N1"),
    ],
)
def test_category_has_words(categories: dict[str, str], within: dict[str, str], words: str) -> None:
    assert category_words(categories, within) == words


def test_default_titles_are_in_words() -> None:
    ratio = thb.conviction_to_prosecution(JUSTICE, area="EU28", period=2016)
    titles = {
        "Persons convicted per person prosecuted": ratio.panel,
        "Registered victims by form of exploitation (those with a known form), "
        "as published": forms(),
        "Women and girls among detected victims": thb.share(
            VICTIMS, sex="female", base="all", by="area", period=2020
        ),
        "Change in detected victims": thb.change(VICTIMS, old=2019, new=2020, by="area"),
        "Persons convicted per person prosecuted: effect of leaving out countries": thb.leave_out(
            ratio
        ),
        "Stages of criminal justice (trafficking in human beings)": thb.justice.funnel(
            REPORT.data.justice
        ),
        "Persons convicted by country": thb.ranking(
            JUSTICE, by="area", period=2016, stage="convicted"
        ),
        "Victims (adults) by sex and form of exploitation": two_way("female", "male"),
        "Detected victims": thb.total(VICTIMS, by="area", period=2020),
    }
    assert {title: title_words(panel) for title, panel in titles.items()} == {
        title: title for title in titles
    }


def test_mosaic_has_words() -> None:
    ax = plots.mosaic(two_way("female", "male"))
    heads = [label.get_text().split("\n")[0] for label in ax.get_xticklabels()]
    assert heads == [word.capitalize() for word in FORMS]
