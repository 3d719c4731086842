"""An explorer in a headless Chromium, as a file without a network."""

import csv
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import thbstats as thb

pytest.importorskip("playwright", reason="nox -s pages has the browser's library")
ROOT = Path(__file__).parents[2]
AXE = "async () => (await axe.run()).violations.map(own => `${own.id}: ${own.nodes[0].html}`)"
SHOWN = "document.querySelectorAll('#rows > tr > th').length"


@pytest.fixture(scope="module")
def checker() -> Iterator[Any]:
    """Return the module that checks the pages of the manual."""
    sys.path.insert(0, str(ROOT / "docs"))
    import check_pages

    if check_pages.chromium() is None:
        pytest.skip("needs Chromium")
    yield check_pages
    sys.path.remove(str(ROOT / "docs"))


@pytest.fixture(scope="module")
def browser(checker: Any) -> Iterator[Any]:
    with checker.browsing() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "page.html"
    table = thb.read(ROOT / "docs" / "_data" / "glotip_eu_victims.csv").table
    table.to_page(path, title="Victims in the EU")
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1300, "height": 900}, accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    own = context.new_page()
    requests, problems = list[str](), list[str]()
    own.on("request", lambda request: requests.append(request.url))
    own.on("console", lambda line: problems.append(line.text))
    own.on("pageerror", lambda error: problems.append(str(error)))
    own.goto(file.as_uri())
    own.wait_for_selector("#rows th")
    yield own
    assert [url for url in requests if not url.startswith(("file:", "blob:"))] == []
    assert problems == []
    context.close()


def texts(page: Any, column: int) -> list[str]:
    return list(page.locator(f"#rows > tr > td:nth-child({column})").all_inner_texts())


def status(page: Any) -> str:
    return str(page.inner_text("#status"))


def test_filters_and_search_choose_rows(page: Any) -> None:
    assert page.evaluate(SHOWN) == 50
    page.select_option("#filter-indicator", label="Women and girls")
    page.select_option("#filter-area", label="Bulgaria")
    assert set(texts(page, 3)) == {"Bulgaria"}
    page.click("#clear")
    page.fill("#search", "bulg 2019 children")
    assert set(texts(page, 4)) == {"2019"}
    assert all("hildren" in own for own in page.locator("#rows th").all_inner_texts())
    page.fill("#search", "nowhere at all")
    assert page.inner_text("#rows").startswith("No rows")
    assert status(page).startswith("Rows 0 to 0 of 0;")


def test_columns_sort_in_both_directions_with_empty_values_last(page: Any) -> None:
    page.select_option("#filter-indicator", label="Detected victims")
    page.click("#sort-value")
    numbers = [int(own.replace(",", "")) for own in texts(page, 5) if own.strip().isdigit()]
    assert numbers == sorted(numbers)
    assert page.get_attribute("th[data-column=value]", "aria-sort") == "ascending"
    page.click("#sort-value")
    largest = [own for own in texts(page, 5) if own.strip()]
    assert largest == texts(page, 5)[: len(largest)]
    assert int(largest[0].replace(",", "")) > 1000
    page.click("#sort-area")
    areas = texts(page, 3)
    assert areas == sorted(areas)


def test_rows_sort_on_a_phone(page: Any, checker: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.select_option("#filter-indicator", label="Detected victims")
    page.click("#sort-area")
    page.click("#sort-area")
    assert page.get_attribute("th[data-column=area]", "aria-sort") == "descending"
    assert page.inner_text("#rows td[data-label='Country or area']") == "United Kingdom"
    assert page.evaluate(checker.WIDER) is None


def test_pages_of_rows(page: Any) -> None:
    assert page.is_disabled("#before")
    page.click("#after")
    assert status(page).startswith("Rows 51 to 100 of")
    page.click("#before")
    assert status(page).startswith("Rows 1 to 50 of")


def test_selected_row_shows_sentence_and_comparable_rows(page: Any) -> None:
    assert page.is_disabled("#comparable")
    page.select_option("#filter-indicator", label="Women and girls")
    page.click("#rows tr:first-child button")
    sentence = page.inner_text("#sentence")
    assert sentence.startswith("In Austria in 2018,")
    verdicts = {own for own in texts(page, 9) if own}
    assert any(own.startswith("comparable with caution:") for own in verdicts)
    before = status(page)
    page.check("#comparable")
    assert status(page) != before
    assert page.get_attribute("tr.thb-selected button", "aria-expanded") == "true"
    left = texts(page, 9)
    assert all(own == "selected" or own.startswith("comparable") for own in left)
    page.click("#copy")
    page.wait_for_selector("#copied:not(:empty)")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(sentence)
    assert "Source: United Nations Office on Drugs and Crime (UNODC)" in copied


def test_download_has_the_chosen_rows(page: Any, tmp_path: Path) -> None:
    page.select_option("#filter-indicator", label="Women and girls")
    page.select_option("#filter-area", label="Poland")
    with page.expect_download() as started:
        page.click("#download")
    path = tmp_path / "page.csv"
    started.value.save_as(path)
    assert started.value.suggested_filename == "victims-in-the-eu.csv"
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert f" of {len(rows)};" in status(page)
    assert {row["Country or area"] for row in rows} == {"Poland"}
    assert all(row["Sentence"] for row in rows)


def test_keyboard_reaches_everything(page: Any) -> None:
    page.focus("#search")
    page.keyboard.type("poland 2020 girls")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "sort-value":
            break
    page.keyboard.press("Enter")
    assert page.get_attribute("th[data-column=value]", "aria-sort") == "ascending"
    while page.evaluate("document.activeElement.dataset.row") is None:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "copy"
    page.keyboard.press("Enter")
    page.wait_for_selector("#copied:not(:empty)")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1300), ("dark", 390), ("dark", 1300)])
def test_axe_finds_nothing(page: Any, checker: Any, scheme: Any, width: int) -> None:
    checker.show(page, scheme, width)
    page.click("#rows tr:nth-child(2) button")
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text())
    assert page.evaluate(AXE) == []
    assert page.evaluate(checker.WIDER) is None


def test_many_rows_respond_at_once(browser: Any, tmp_path: Path) -> None:
    rows = [(area.code, 2000 + year, sex, year * 7 + n)
            for n, area in enumerate(thb.geography.COUNTRIES[:184]) for year in range(20)
            for sex in ("total", "female")]  # fmt: skip
    table = thb.CountTable.from_rows(
        rows, columns=["area", "period", "sex", "value"], kind="victims", status="detected"
    )
    panel = thb.share(table, sex="female", base="all", by=["area", "period"])
    assert len(panel) == 3680
    panel.to_page(tmp_path / "page.html")
    own = browser.new_page()
    own.goto((tmp_path / "page.html").as_uri())
    own.wait_for_selector("#rows th")
    took = own.evaluate("""() => {
      const start = performance.now(), search = document.getElementById("search");
      for (const text of ["a", "an", "and", "", "2019"]) {
        search.value = text; search.dispatchEvent(new Event("input"));
      }
      document.getElementById("sort-value").click();
      document.querySelector("#rows button").click();
      document.getElementById("comparable").click();
      return (performance.now() - start) / 8;
    }""")
    assert took < 200  # milliseconds for each action, on a busy machine
    own.close()
