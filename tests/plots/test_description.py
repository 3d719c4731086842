"""The alt text, and the files and pages that keep it."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET
from zlib import decompress, error

import pytest
from matplotlib.figure import Figure
from PIL import Image

from tests.plots.drawn import PLOTS, drawn
from thbstats import CountTable, Source, plots, share
from thbstats.errors import InvalidValue


def test_alt_text_contains_every_number_with_its_bounds() -> None:
    description = plots.alt_text(drawn("bars"))
    assert description.startswith("Bar chart, 3 rows: Registered victims by form")
    assert "Sexual exploitation: 56% (with unknown 47.5% to 63.5%)." in description
    assert "Caution: unknown category." in description


def test_missing_number_has_its_status_in_the_alt_text() -> None:
    assert "Belgium, 2012: not reported." in plots.alt_text(drawn("several trends"))


def test_axes_without_a_plot_have_no_alt_text() -> None:
    empty = Figure().subplots()
    for ask in (plots.alt_text, lambda ax: plots.save(ax, "x.png")):
        with pytest.raises(InvalidValue, match=r"thbstats\.plots"):
            ask(empty)


def test_notebook_shows_the_axes_as_an_image_with_alt_text() -> None:
    ax = drawn("bars", 4)
    formatted = ax._repr_html_()
    assert re.search(r'^<img src="data:image/png;base64,[\w+/=]+" alt="', formatted)
    assert 'width="400"' in formatted
    assert unescape(formatted.split('alt="')[1].split('"')[0]) == plots.alt_text(ax)
    assert ax._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("pixels", [400, 1200])
def test_saved_image_is_as_wide_as_it_was_asked_to_be(tmp_path: Path, pixels: int) -> None:
    path = tmp_path / "bars.png"
    plots.save(drawn("bars", pixels // 100), path, dpi=100)
    with Image.open(path) as image:
        assert image.width == pixels


def test_svg_is_well_formed_for_any_source_text(tmp_path: Path) -> None:
    title = "a\x1b[31m\x07\x00\ufffe\u202e\x9b]]>--&<b>"
    table = CountTable.from_rows(
        [{"value": 7, "sex": "total"}, {"value": 4, "sex": "female"}],
        kind="victims",
        area="MT",
        period=2020,
        source=Source(title=title),
    )
    ax = plots.bars(share(table, sex="female", base="all", by="area"), title=title)
    plots.save(ax, tmp_path / "bars.svg")
    drawing = ET.parse(tmp_path / "bars.svg")
    assert r"a\x1b[31m\x07\x00\ufffe\u202e\x9b]]>--&<b>" in "".join(drawing.getroot().itertext())


def test_png_and_svg_contain_the_alt_text(tmp_path: Path) -> None:
    ax = drawn("bars")
    plots.save(ax, tmp_path / "bars.png", dpi=60)
    with Image.open(tmp_path / "bars.png") as image:
        assert image.text["Description"] == plots.alt_text(ax)  # type: ignore[attr-defined]
        assert image.text["Title"].startswith("Bar chart")  # type: ignore[attr-defined]
    plots.save(ax, tmp_path / "bars.svg")
    drawing = (tmp_path / "bars.svg").read_text("utf-8")
    assert plots.alt_text(ax) in unescape(drawing)
    assert "<dc:date>" not in drawing


def test_pdf_contains_the_alt_text_and_no_date(tmp_path: Path) -> None:
    ax = drawn("bars")
    plots.save(ax, tmp_path / "bars.pdf")
    data = (tmp_path / "bars.pdf").read_bytes()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            data += decompress(stream)
        except error:  # most streams are no text
            continue
    assert b"/CreationDate" not in data
    assert b"/Subject" in data


def test_same_figures_give_the_same_file(tmp_path: Path) -> None:
    for name, ax in (("one.png", drawn("trend")), ("two.png", PLOTS["trend"]())):
        plots.save(ax, tmp_path / name, dpi=60)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_figure_with_several_plots_contains_every_alt_text(tmp_path: Path) -> None:
    figure = Figure(figsize=(10, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    PLOTS["bars"](ax=left)
    PLOTS["funnel"](ax=right)
    plots.save(left, tmp_path / "both.png", dpi=60)
    with Image.open(tmp_path / "both.png") as image:
        assert image.text["Description"].count("Source: ") == 2  # type: ignore[attr-defined]
