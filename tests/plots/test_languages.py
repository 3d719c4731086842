"""Plots in French and German."""

import pytest
from matplotlib.text import Text

import thbstats as thb
from tests.languages.foreign_words import english_words
from tests.plots.drawn import PLOTS, ratios, two_way
from thbstats import plots

SOURCES = (
    *(f"{own} progress report on trafficking in human beings" for own in ("First", "Second")),
    *("Third progress report on trafficking in human beings", "European Commission", "final"),
    *("GLOTIP data set", "NRM statistics"),
)
"""Publishers and titles of sources stay as they are."""


@pytest.mark.parametrize("language", ["fr", "de"])
@pytest.mark.parametrize("name", PLOTS)
def test_plots_have_no_english_words(name: str, language: str) -> None:
    ax = PLOTS[name](language=language)
    texts = [plots.alt_text(ax), *(own.get_text() for own in ax.figure.findobj(Text))]
    assert english_words(" ".join(" ".join(texts).split()), language, SOURCES) == set()


def test_signs_of_verdicts_are_known_in_each_language() -> None:
    many = thb.compare_all(ratios())
    for width in (3, 7):
        ax = plots.heatmap(many, width=width, language="fr")
        assert all(own.get_text() for own in ax.texts if own.get_gid() == "cell")


def test_tiles_follow_the_language() -> None:
    ax = plots.mosaic(two_way("female", "male"), language="de")
    assert next(own.get_text().split()[0] for own in ax.get_xticklabels()) != "Sexual"
