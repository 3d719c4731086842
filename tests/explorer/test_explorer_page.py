"""Rows and the document of an explorer."""

import json
import re
from base64 import b64decode, b64encode
from gzip import decompress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import thbstats as thb
from thbstats.errors import InvalidValue
from thbstats.explorer import explorer_page
from thbstats.values import Count

DATA = Path(__file__).parents[2] / "docs" / "_data"
STRANGE = "<script>alert(1)</script>"


def victims(**more: object) -> thb.CountTable:
    rows = [
        ("FR", "total", 100), ("FR", "female", 60), ("FR", "male", Count.fewer_than(5)),
        ("BE", "total", 0), ("BE", "female", 0),
        ("DE", "total", Count.not_reported()), ("DE", "female", 7),
        ("NL", "total", 50), ("NL", "female", Count.suppressed(0, 9)), ("NL", "unknown", 3),
        ("PL", "total", Count.conflicting([40, 44])),
        ("AT", "total", 10), ("AT", "female", 30),
    ]  # fmt: skip
    context = {"period": 2020, "status": "detected"} | more
    return thb.CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", **context
    )


def data_of(page: str) -> dict[str, Any]:
    [packed] = re.findall(r'<script type="application/gzip" id="data">(.*?)</script>', page)
    return dict(json.loads(decompress(b64decode(packed))))


def rows_of(data: dict[str, Any]) -> list[dict[str, str]]:
    columns = data["columns"]
    return [
        {name: own["texts"][own["codes"][row]] for name, own in columns.items()}
        for row in range(len(data["lower"]))
    ]


def test_states_of_counts_stay_different() -> None:
    rows = rows_of(data_of(victims().to_page()))
    states = {
        (row["indicator"], row["code"]): (row["value"], row["state"])
        for row in rows
        if "base" not in row or not row["base"]
    }
    assert states["Detected victims", "FR"] == ("100", "reported")
    assert states["Detected victims (men and boys)", "FR"] == ("<5", "fewer than n")
    assert states["Detected victims", "BE"] == ("0", "zero")
    assert states["Detected victims", "DE"] == ("", "not reported")
    assert states["Detected victims (women and girls)", "NL"] == ("0 to 9", "suppressed")
    assert states["Detected victims", "PL"][1] == "several values"
    assert states["Detected victims", "AT"][1] == "contradictory"
    assert states["Detected victims (unknown sex)", "NL"] == ("3", "reported")
    assert {row["base"] for row in rows if row["indicator"] == "Women and girls"} == {
        "detected victims", "detected victims of known sex"
    }  # fmt: skip


@pytest.mark.traced
def test_panel_is_one_indicator_with_all_rows() -> None:
    panel = thb.share(victims(), sex="female", base="all", by=["area", "period"])
    data = data_of(panel.to_page())
    rows = rows_of(data)
    assert len(rows) == len(panel)
    assert {row["indicator"] for row in rows} == {"Women and girls"}
    france = next(row for row in rows if row["code"] == "FR")
    assert (france["value"], france["counts"]) == ("60.0%", "60 of 100")
    assert france["sentence"].startswith("In France in 2020, 60 of 100 detected victims")
    # A bar is from 0 to 100; bounds that hold for any data are not drawn.
    places = {row["code"]: far for row, far in zip(rows, data["far"], strict=True)}
    assert places["FR"] == [60.0, 100.0]  # the other 40 can be women too
    assert places["DE"] is None


def test_verdicts_are_those_of_compare_all() -> None:
    table = thb.read(DATA / "glotip_eu_victims.csv").table
    panel = thb.share(table, sex="female", base="all", by=["area", "period"])
    data = data_of(panel.to_page())
    names = dict(zip(panel.names, range(len(panel)), strict=True))
    compared = thb.compare_all(panel, pairs="one_dimension").to_frame()
    checked = 0
    valued = [own is not None for own in data["lower"]]
    for first in (names["AT", "2018"], names["FR", "2019"]):
        later = [
            row
            for row in range(first + 1, len(panel))
            if valued[row] and sum(key[first] != key[row] for key in data["keys"]) == 1
        ]
        signs = data["pairs"][first]
        assert len(signs) == len(later) * valued[first]
        for sign, row in zip(signs, later, strict=False):
            is_good, label = data["kinds"][ord(sign) - data["start"]]
            one, two = (", ".join(panel.names[own]) for own in (first, row))
            [own] = compared[(compared["first"] == one) & (compared["second"] == two)].to_dict(
                "records"
            )
            assert label.startswith(
                str(own["verdict"]).replace("_", " ").replace("with", "comparable with")
            )
            assert is_good == (own["verdict"] in ("comparable", "with_caution"))
            checked += 1
    assert checked > 40


def test_page_names_what_it_leaves_out() -> None:
    forms = ["sexual", "labour", "forced_begging", "organ_removal", "forced_marriage"]
    forms += ["forced_criminality", "illegal_adoption"]
    table = thb.CountTable.from_rows(
        [("total", 99), *((form, 20 - n) for n, form in enumerate(forms))],
        columns=["exploitation", "value"], kind="victims", area="FR", period=2020,
    )  # fmt: skip
    page = table.to_page()
    note = "The page leaves out: 1 smaller category (form of exploitation); combinations of"
    assert note in page
    assert "Cette page omet" in table.to_page(language="fr")
    names = {row["indicator"] for row in rows_of(data_of(page))}
    assert "Sexual exploitation" in names
    assert "Illegal adoption" not in names
    assert "leaves out" not in thb.breakdown(table, of="exploitation", base="all").to_page()


def test_page_loads_nothing_and_runs_its_own_script_only() -> None:
    page = victims().to_page(title=f"{STRANGE} & title")
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    for tag in ("script", "style"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        own = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{own}'" in policy
    assert not re.findall(r'(?:src|href)="|url\(|@import|https?://(?!www\.w3\.org/2000/svg)', page)
    assert STRANGE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; title" in page


@pytest.mark.parametrize("language", ["fr", "de"])
def test_page_has_its_language(language: str) -> None:
    page = victims().to_page(language=language)
    assert f'<html lang="{language}">' in page
    assert "Download as CSV" not in page
    assert data_of(page)["lang"] == language


def test_file_has_the_page(tmp_path: Path) -> None:
    page = victims().to_page(tmp_path / "a.html", title="EU")
    assert (tmp_path / "a.html").read_text("utf-8") == page
    assert explorer_page(thb.Dataset(victims=victims()), title="EU") == page
    assert explorer_page(thb.Dataset(victims=victims())) == victims().to_page()


def test_an_item_without_numbers_is_refused() -> None:
    wrong: Any = "counts.csv"
    with pytest.raises(InvalidValue, match=r"must be a panel or counts"):
        explorer_page(wrong)
    with pytest.raises(InvalidValue, match=r"must contain a number"):
        victims().where(area="FR").where(sex="other").to_page()


def test_state_of_a_category_is_not_that_of_the_total() -> None:
    total = Count.between(10, 12, thb.Reason.CONFLICTING)
    table = thb.CountTable.from_rows(
        [("total", total), ("female", 5), ("male", 5)], columns=["sex", "value"], kind="victims",
        area="BE", period=2020, status="registered",
    )  # fmt: skip
    states = {row["indicator"]: row["state"] for row in rows_of(data_of(table.to_page()))}
    assert states["Registered victims"] == "several values"
    assert states["Registered victims (women and girls)"] == "reported"


def test_bars_have_the_scale_of_their_kind_and_no_negative_length() -> None:
    rows = [(2019, "total", 50), (2019, "female", 30), (2020, "total", 40), (2020, "female", 10)]
    table = thb.CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", area="BE"
    )
    women, every = (
        thb.share(table, sex="female", base="all", by="period"), thb.total(table, by="period")
    )  # fmt: skip
    data = data_of(thb.Panel.concat([women, every]).to_page())
    assert data["scales"] == [1, 1, 50, 50]
    assert data["far"][3] == [80, 80]
    change = thb.change(table, old=2019, new=2020, measure="difference")
    assert data_of(change.to_page())["far"] == [None, None]


def test_texts_of_others_have_no_control_characters() -> None:
    strange = "GLOTIP \u202e0202\u202c\x1b[31m"
    page = victims(source=thb.Source(title=strange)).to_page(title=strange)
    texts = [text for row in rows_of(data_of(page)) for text in row.values()]
    assert any(r"GLOTIP \u202e0202\u202c\x1b[31m" in text for text in texts)
    assert not any(sign in text for text in [page, *texts] for sign in "\u202e\u202c\x1b")
