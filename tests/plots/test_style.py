"""Contrast of colours, for the colour-blind too."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from thbstats.plots import canvas as style
from thbstats.plots.plane_plots import FEWER, MORE, VERDICT_SIGNS

MARKS = {
    name: getattr(style, name) for name in ("BLUE", "VERMILION", "GREEN", "PURPLE", "BLACK", "GREY")
}

# Brettel, Viénot and Mollon's projections as Machado, Oliveira and Fernandes (2009) give them for
# the strongest form of each deficiency; they act on linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(color: str) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", MARKS)
def test_mark_has_a_contrast_of_3_to_1_with_paper(name: str) -> None:
    assert contrast(MARKS[name], style.PAPER) >= 3


@pytest.mark.parametrize("color", [style.INK, style.MUTED])
def test_words_stand_out_from_paper_by_4_5_to_1(color: str) -> None:
    assert contrast(color, style.PAPER) >= 4.5


@pytest.mark.parametrize("look", VERDICT_SIGNS.values(), ids=lambda look: look[0])
def test_word_has_a_contrast_of_4_5_to_1_with_its_cell(look: tuple[str, str, str, str]) -> None:
    _, _, face, ink = look
    assert contrast(ink, face) >= 4.5


@pytest.mark.parametrize("shade", [MORE, FEWER])
def test_words_on_a_shaded_tile_stand_out_by_4_5_to_1(shade: str) -> None:
    assert contrast(style.INK, shade) >= 4.5


@pytest.mark.parametrize("name", DEFICIENCIES)
def test_two_colours_of_a_pair_differ_for_the_colour_blind(name: str) -> None:
    seen = {
        color: np.clip(np.array(DEFICIENCIES[name]) @ linear(MARKS[color]), 0, 1)
        for color in ("BLUE", "VERMILION", "BLACK")
    }
    for single, two in combinations(seen, 2):
        assert np.abs(seen[single] - seen[two]).max() > 0.1, (single, two)
