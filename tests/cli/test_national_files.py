"""Files of national offices from end to end, with totals that pandas computes from the file.

The layouts are published; the figures are synthetic unless a comment names their source.
"""

import io
import itertools
import random
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pytest

import thbstats as thb
from thbstats import Count
from thbstats.cli import main

# The tables of the National Referral Mechanism of the United Kingdom are workbooks in ODS: a cover
# sheet, a sheet of notes, and sheets with a title, remarks, and year and quarter in two columns.
NRM_HEADER = [
    *("Year", "Quarter", "Age at exploitation", "Gender", "Exploitation type"),
    *("Location of exploitation", "Referrals"),
]
AGES = {"Adult (18 or over)": "adult", "Child (17 or under)": "child", "Unknown": "unknown"}
SEXES = ["Female", "Male"]
FORMS = {
    "Criminal": "forced_criminality",
    "Labour": "labour",
    "Sexual": "sexual",
    "Not specified or unknown": "unknown",
}
NRM = thb.Declaration(
    kind="victims",
    columns={
        "Year": "period",
        "Quarter": "period",
        "Age at exploitation": "age",
        "Gender": "sex",
        "Exploitation type": "exploitation",
        "Referrals": "value",
    },
    recode={"Age at exploitation": AGES, "Exploitation type": FORMS},
    ignored=["Location of exploitation"],
    constants={"area": "UK", "status": "presumed"},
    missing={"[c]": "suppressed", "[x]": "not_reported"},
    flags={"[r]": "r", "[p]": "p"},
)


def open_document(sheets):
    """A workbook as LibreOffice writes it."""

    def cell(value):
        if isinstance(value, str):
            text = f"<text:p>{escape(value)}</text:p>"
            return f"<table:table-cell office:value-type='string'>{text}</table:table-cell>"
        return f"<table:table-cell office:value-type='float' office:value='{value}'/>"

    tables = "".join(
        f"<table:table table:name='{name}'>"
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
        "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' "
        "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' office:version='1.3'>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return data.getvalue()


def referrals():
    """The rows of the table: numbers, numbers with marks and separators, and suppressed ones."""
    rng = random.Random(16)
    rows = []
    for year, quarter, age, sex, form in itertools.product(
        (2022.0, 2023.0), ("Q1", "Q2", "Q3", "Q4"), AGES, SEXES, FORMS
    ):
        n = rng.randrange(5, 2500)
        shown = float(n)
        if year == 2023 and quarter == "Q4":
            shown = f"{n:,} [p]".replace(",", "\u202f")
        elif n % 7 == 0:
            shown = f"{n:,} [r]".replace(",", "\u202f")
        elif n % 11 == 0:
            shown = "[c]"
        rows.append([year, quarter, age, sex, form, "UK", shown])
    return rows


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("nrm") / "nrm-tables.ods"
    sheets = {
        "Cover": [["National Referral Mechanism statistics"], ["Published: 2 May 2024"]],
        "Notes": [["Note number", "Note text"], ["note 1", "Years are calendar years"]],
        "Table_1": [
            ["Table 1: NRM referrals by year, quarter, age, gender and exploitation type"],
            ["This table contains notes, which are in the sheet Notes."],
            ["[c] is a suppressed figure; [r] is revised; [p] is provisional."],
            NRM_HEADER,
            *referrals(),
        ],
    }
    path.write_bytes(open_document(sheets))
    return path


def published() -> pd.DataFrame:
    """The rows of the table, with the numbers of their cells."""
    frame = pd.DataFrame(referrals(), columns=NRM_HEADER)
    texts = frame["Referrals"].astype(str).str.replace("\u202f", "")
    numbers = texts.str.extract(r"^(\d+)")[0].astype(float)
    return frame.assign(number=numbers, period=frame["Year"].astype(int).astype(str))


def test_quarters_of_an_open_document_agree_with_pandas(workbook):
    reading = thb.read(workbook, declare=NRM, source="Home Office, NRM statistics")
    frame = published()
    assert (reading.log.read, reading.log.used, reading.log.codes) == (len(frame), len(frame), ())
    assert reading.log.format == "ods"
    table = reading.table
    for row in frame.itertuples(index=False):
        cell = table.cell(
            period=f"{row.period}-{row.Quarter}",
            age=AGES[row[2]],
            sex=row.Gender.lower(),
            exploitation=FORMS[row[4]],
        )
        if row.Referrals == "[c]":
            assert cell.count == Count.suppressed()
        else:
            assert cell.count == Count.known(int(row.number))
        marks = {mark for mark in "rp" if f"[{mark}]" in str(row.Referrals)}
        assert cell.flags == marks


def test_quarters_and_categories_add_up_to_the_sums_of_pandas(workbook):
    table = thb.read(workbook, declare=NRM).table
    frame = published()
    summed = table.sum(by="period")
    hidden = frame["Referrals"].eq("[c]")
    for (year, quarter), rows in frame.groupby(["period", "Quarter"]):
        count = summed.count(period=f"{year}-{quarter}")
        assert count.lower == int(rows["number"].sum())
        assert (count.upper is None) == bool(hidden[rows.index].any())


def test_share_of_an_open_document_agrees_with_pandas(workbook):
    frame = published()
    frame = frame[frame["Quarter"].eq("Q4") & frame["period"].eq("2023")]
    table = thb.read(workbook, declare=NRM).table.sum(by=["period", "sex"])
    female = thb.share(table.where(period="2023-Q4"), sex="female", base="known")
    n = frame.groupby("Gender")["number"].sum()
    assert (female.numerator.lower, female.denominator.lower) == (n["Female"], n.sum())


def test_register_is_converted_and_reported_on_the_command_line(workbook, tmp_path, capsys):
    columns = tmp_path / "columns.toml"
    columns.write_text(
        'kind = "victims"\nignored = ["Location of exploitation"]\n'
        '[columns]\nYear = "period"\nQuarter = "period"\n"Age at exploitation" = "age"\n'
        'Gender = "sex"\n"Exploitation type" = "exploitation"\nReferrals = "value"\n'
        '[recode."Age at exploitation"]\n'
        + "".join(f'"{text}" = "{code}"\n' for text, code in AGES.items())
        + '[recode."Exploitation type"]\n'
        + "".join(f'"{text}" = "{code}"\n' for text, code in FORMS.items())
        + '[constants]\narea = "UK"\nstatus = "presumed"\n'
        '[missing]\n"[c]" = "suppressed"\n[flags]\n"[r]" = "r"\n"[p]" = "p"\n'
    )
    target = tmp_path / "nrm.parquet"
    assert main(["convert", str(workbook), str(target), "--declare", str(columns)]) == 0
    assert thb.read(target).table == thb.read(workbook, declare=NRM).table
    capsys.readouterr()
    assert main(["report", str(workbook), "--declare", str(columns)]) == 0
    assert "2023-Q4" in capsys.readouterr().out
