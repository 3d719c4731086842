"""Files in the layouts of offices, with their published figures, and a law over all layouts.

The layouts are those of the publishers; titles and notes are shortened. A comment names the source
of the figures. Each figure was compared with its source, or with a report that quotes it.
"""

import io
import tomllib
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.errors import InvalidFile
from thbstats.files import Declaration, InputFile, open_bytes
from thbstats.values import Period

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

Rows = Sequence[Sequence[Any]]


def book(
    sheets: Mapping[str, Rows], merged: Sequence[tuple[str, Any]] = (), name: str = "own.xlsx"
) -> InputFile:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(number, column, cell)
            for cells, content in merged:
                sheet.merge_range(cells, content)
    return open_bytes(data.getvalue(), name=name)


def text(*lines: str, name: str = "own.csv") -> InputFile:
    return open_bytes("\n".join([*lines, ""]).encode(), name=name)


# Home Office, National Referral Mechanism: bulletins of 2023 and of its fourth quarter.
NRM_QUARTERS = book(
    {
        "Cover": [["Modern Slavery: National Referral Mechanism, UK"], ["Published 7 March 2024"]],
        "Notes": [["Note number", "Note text"], [1, "Referrals of potential victims"]],
        "Table_1": [
            ["Table 1: Number of referrals, by quarter"],
            ["Source: Home Office"],
            ["Year", "Quarter", "Referrals"],
            [2022, "Q4", 4413],
            [2023, "Q3", 4131],
            [2023, "Q4", 4142],
        ],
    },
    name="nrm-tables.xlsx",
)
NRM_SEX = text(
    "Table 2: Referrals of potential victims in the UK, by gender",
    "Year,Female,Male,Total [note 1]",
    '2023,"4,088","12,903","17,004"',
)
# Statistics Canada, Trafficking in persons in Canada, 2023; SDG data of Canada.
STATCAN_NAMES = (
    "REF_DATE,GEO,DGUID,Violations,Statistics,UOM,UOM_ID,SCALAR_FACTOR,SCALAR_ID,VECTOR,"
    "COORDINATE,VALUE,STATUS,SYMBOL,TERMINATED,DECIMALS"
)
STATCAN = text(
    STATCAN_NAMES,
    *(
        f"{year},Canada,2016A000011124,Trafficking in persons,Actual incidents,Number,223,units,"
        f"0,v{index},1.{index},{value},,,,0"
        for index, (year, value) in enumerate([(2021, 552), (2022, 597), (2023, 570)], start=7)
    ),
)
CANADA_SDG = text(
    '"Year","Value"',
    "2015,330",
    "2016,351",
    "2017,371",
    "2018,355",
    "2019,546",
    "2020,553",
    "2021,552",
)
# SDG data of Republika Srpska, indicator 16.2.2.
SRPSKA = text(
    "Year,SERIES,UNIT_MEASURE,SEX,AGE,COMPOSITE_BREAKDOWN,Value,,,,",
    "2012,VC_HTF_DETV,NUMBER,_T,_T,,2,,,,",
    "2012,VC_HTF_DETV,NUMBER,F,_A,,2,,,,",
    "2012,VC_HTF_DETV,NUMBER,M,_A,,0,,,,",
    "2012,VC_HTF_DETVR,PER_100000_POP,,,,0.2,,,,",
)
# SDG data of the United States, indicator 16.2.2.
US_SDG = text(
    "year,tot_rpt_hum_trfkg_offns,com_sex_acts,invol_serv", "2013,,,", "2014,443,300,141",
    "2015,965,744,219",
)  # fmt: skip
# Eurostat, Victims of trafficking in human beings by legal status and sex; news of 9 February 2023
# and 24 January 2024.
EUROSTAT = book(
    {
        "Summary": [["Victims of trafficking in human beings by legal status and sex"]],
        "Sheet 1": [
            ["Data extracted on 01/02/2024"],
            ["Dataset:", "Victims of trafficking in human beings by legal status and sex"],
            [],
            ["Time frequency", None, "Annual"],
            ["Sex", None, "Total"],
            [],
            ["TIME", "2021", None, "2022", None],
            ["GEO (Labels)"],
            ["European Union - 27 countries (from 2020)", 7155, None, 10093, None],
            [],
            ["Special value"],
            [":", "not available"],
        ],
    }
)
# UNODC, Global Report on Trafficking in Persons, data set of 14 April 2025.
COUNTRY_BY_YEAR = book(
    {
        "Data": [
            ["Detected trafficking victims"],
            [],
            ["Country", 2019, 2020, 2021, 2022],
            ["Belgium", 144, 88, 145, 231],
            ["Finland", 229, 247, 143, 239],
            ["Germany", 470, 479, 564, "<5"],
        ]
    }
)
MERGED_GROUPS = book(
    {
        "Data": [
            ["Country", "Sex", "Victims 2021", "Victims 2022"],
            ["Finland", "Female", 87, 99],
            [None, "Male", 54, 120],
            ["Portugal", "Female", 47, 57],
            [None, "Male", 127, 152],
        ]
    },
    [("A2:A3", "Finland"), ("A4:A5", "Portugal")],
)
PXWEB_CSV = text(
    '"Victims of trafficking in human beings, Finland"',
    "",
    '"Information";"2021 Total";"2021 Females";"2021 Males";"2022 Total";"2022 Females"',
    '"Victims";143;87;54;239;99',
)
PXWEB_BOOK = book(
    {
        "Sheet1": [
            ["Brottsoffer, människohandel, efter kön och år"],
            [],
            [None, None, "kvinnor", None, "män", None],
            [None, None, "2021", "2022", "2021", "2022"],
            ["Sverige", "antal", 77, 81, 51, 83],
            [],
            ["Senaste uppdatering"],
        ]
    },
    [("C3:D3", "kvinnor"), ("E3:F3", "män")],
)
# Irish Human Rights and Equality Commission, third national report (2024).
PXSTAT = text(
    '"STATISTIC","Statistic Label","TLIST(A1)","Year","C02199V02655","Sex","UNIT","VALUE"',
    *(
        f'"HTA01C01","Victims of human trafficking in Ireland","{year}","{year}","{code}","{sex}",'
        f'"Number","{value}"'
        for year, code, sex, value in [
            *((2022, "-", "Both sexes", 42), (2022, "1", "Male", 15), (2022, "2", "Female", 27)),
            *((2023, "-", "Both sexes", 53), (2023, "1", "Male", 11), (2023, "2", "Female", 42)),
        ]
    ),
)
SHEET_BY_YEAR = book(
    {
        "2022": [["Sex", "Victims"], ["Female", 27], ["Male", 15]],
        "2023": [["Sex", "Victims"], ["Female", 42], ["Male", 11]],
    },
    name="ireland.xlsx",
)
# Australian Federal Police, media releases of 8 December 2023 and 30 July 2024.
AFP = book(
    {
        "Reports": [
            ["Reports of human trafficking and slavery, Australia"],
            ["Crime type", "2022-23", "2023-24"],
            ["Forced marriage", 90, 91],
            ["Sexual exploitation", 73, 59],
            ["Forced labour", 43, 69],
            ["Domestic servitude", 16, 21],
            ["Debt bondage", 18, 10],
            ["Total", 340, 382],
        ]
    }
)
# Bundeskriminalamt, Bundeslagebild Menschenhandel und Ausbeutung 2021 and 2022.
BKA = text(
    "Bundeslagebild Menschenhandel und Ausbeutung, Deutschland",
    "Jahr;Sexuelle Ausbeutung;Ausbeutung der Arbeitskraft", "2021;417;147", "2022;;1.019",
)  # fmt: skip
# CoMensha, reported victims 2019 to 2021.
COMENSHA = text(
    "Jaar;Aantal slachtoffers", "2019;1372", "2020;1013", "2021;791", name="nederland.csv"
)
# Ministry of the Interior of Spain (CITCO), Balance Estadístico 2022.
CITCO_PERSONS = text(
    "Víctimas de trata con fines de explotación sexual, España",
    "Año;Mujeres;Hombres;Niñas;Niños;Total", "2022;120;5;4;0;129",
)  # fmt: skip
CITCO_PURPOSE = text(
    "Víctimas de trata en España",
    *("Finalidad;2022", "Explotación sexual;129", "Explotación laboral;89"),
    *("Matrimonio forzado;2", "Criminalidad forzada;9", "Total;229"),
)
# National Crime Records Bureau of India, Crime in India 2022; Ministry of Home Affairs of India.
NCRB = book(
    {
        "14A.2": [
            ["Table 14A.2: Victims trafficked (State/UT-wise), India 2022"],
            ["SL", "State/UT", "Victims"],
            *([1, "Maharashtra", 804], [2, "Odisha", 1120], [3, "Telangana", 704]),
            *([4, "West Bengal", 93], [None, "TOTAL ALL INDIA", 6036]),
        ]
    }
)
RESCUED = text(
    "S.No.,Year,Victims rescued (below 18 years)", "1,2018,2484", "2,2019,2746", "3,2020,2151",
    "4,2021,2691", "5,2022,3098", name="india.csv",
)  # fmt: skip
# Bureau of Justice Statistics, Human Trafficking Data Collection Activities, 2024.
BJS = text(
    "Bureau of Justice Statistics",
    '"Appendix table 1: persons suspected, prosecuted and convicted, United States"',
    "Fiscal year,Suspected,Prosecuted,Convicted",
    *('2012,"1,519",805,578', '2022,"1,912","1,656","1,118"'),
)
# National Statistics Office of Malta, SDG 16.2.2.
MALTA = text(
    "Year,Series,Sex,Age,Broad citizenship,Form of exploitation,Units,Value",
    *(
        f"2020,1. Detected victims of human trafficking,{sex},All Ages,All citizens,All forms,"
        f"Number of victims,{number}"
        for sex, number in [("Both Sexes", 12), ("Females", 12), ("Males", 0)]
    ),
)

# UNODC, Global Report on Trafficking in Persons, data set of 14 April 2025, in the layouts of
# national tables: the Observatory of Portugal, the agency ANITP of Romania, the
# Bundeskriminalamt of Austria, the Federal Statistical Office of Switzerland, the national centre
# EKKA of Greece, the Prosecutor General of Hungary, the police of Norway, Statistics Denmark, the
# Ministry of the Interior of Poland and the Australian Institute of Health and Welfare.
OTSH = text(
    "Vítimas de tráfico de seres humanos, Portugal", "Ano;Sexo;Menores;Adultos;Total",
    *("2021;Feminino;8;39;47", "2021;Masculino;16;111;127", "2022;Feminino;9;48;57"),
    "2022;Masculino;7;145;152",
)  # fmt: skip
ANITP = text(
    "Victime ale traficului de persoane identificate în România",
    "Anul,Forma de exploatare,Număr", "2022,Exploatare sexuală,342",
    "2022,Exploatare prin muncă,73", "2022,Total,500", name="anitp.csv",
)  # fmt: skip
AUSTRIA = book(
    {
        "Opfer": [
            ["Opfer von Menschenhandel in Österreich"],
            [],
            [None, "2021", None, "2022", None],
            [None, "weiblich", "männlich", "weiblich", "männlich"],
            ["minderjährig", 9, "<5", None, None],
            ["volljährig", 326, 58, None, None],
            ["Gesamt", 335, 59, None, None],
        ]
    },
    [("B3:C3", "2021"), ("D3:E3", "2022")],
)
SWITZERLAND = book(
    {
        "2021": [["Alter", "Männlich", "Weiblich"], ["<18 Jahre", "<5", 6], ["18+ Jahre", 27, 27]],
        "2022": [["Alter", "Männlich", "Weiblich"], ["<18 Jahre", "<5", "<5"],
                 ["18+ Jahre", 6, 29]],
    },
    name="opfer-schweiz.xlsx",
)  # fmt: skip
EKKA = text(
    "Θύματα εμπορίας ανθρώπων, Ελλάδα", "Έτος;Γυναίκες;Άνδρες;Σύνολο",
    "2021;111;46;157", "2022;291;65;358",
)  # fmt: skip
HUNGARY = text(
    "Emberkereskedelem áldozatai", "Év;Nő;Férfi;Összesen", "2021;134;67;201", "2022;154;68;222"
)
NORWAY = open_bytes(
    "Ofre for menneskehandel, Norge\r\n"
    "kjønn;2020\r\nKvinner;180\r\nMenn;74\r\nI alt;254\r\n".encode("utf-8-sig"),
    name="tabell.csv",
)
DENMARK = text(
    "Ofre for menneskehandel, Danmark", '"køn";"2020";"2022"', '"Kvinder";55;48', '"Mænd";21;24'
)
POLAND = text("Rok;Ogółem", "2021;447", "2022;277", name="ofiary_polska.csv")
AIHW = book(
    {
        "Contents": [["Table", "Title"], ["Table 1", "Victims"]],
        "Table 1": [
            ["Table 1: Victims of human trafficking and slavery, Australia"],
            ["Sex", "Age group", "2020\N{EN DASH}21", "2021\N{EN DASH}22"],
            ["Female", "18+", 44, 38],
            ["Male", "18+", 10, 5],
            ["Male", "0\N{EN DASH}17", "n.p.", "n.p."],
            [],
            ["n.p. not published because of small numbers"],
        ],
    }
)

SUGGESTED: list[tuple[str, InputFile, dict[str, Any], dict[str, Any], int]] = [
    ("Home Office, by quarter", NRM_QUARTERS, {}, {"period": "2023-Q4"}, 4142),
    ("Home Office, by sex", NRM_SEX, {}, {"sex": "female"}, 4088),
    (
        *("Statistics Canada, download", STATCAN),
        *({"kind": "victims", "unit": "cases"}, {"period": 2023}, 570),
    ),
    (
        *("Statistics Canada, Open SDG", CANADA_SDG),
        *({"kind": "victims", "area": "CA"}, {"period": 2021}, 552),
    ),
    ("Eurostat, spreadsheet", EUROSTAT, {}, {"area": "EU27_2020", "period": 2022}, 10093),
    ("UNODC, country by year", COUNTRY_BY_YEAR, {}, {"area": "FI", "period": 2022}, 239),
    (
        *("UNODC, merged groups", MERGED_GROUPS, {}),
        *({"area": "FI", "sex": "male", "period": 2022}, 120),
    ),
    ("Finland, PxWeb CSV", PXWEB_CSV, {}, {"period": 2022, "sex": "female"}, 99),
    ("Sweden, PxWeb workbook", PXWEB_BOOK, {}, {"period": 2022, "sex": "female"}, 81),
    ("Ireland, PxStat CSV", PXSTAT, {}, {"period": 2022, "sex": "female"}, 27),
    ("Ireland, sheet by year", SHEET_BY_YEAR, {}, {"period": 2023, "sex": "female"}, 42),
    ("Netherlands, CoMensha", COMENSHA, {}, {"period": 2020}, 1013),
    (
        *("Spain, by person", CITCO_PERSONS, {}),
        *({"sex": "female", "age": "child", "exploitation": "sexual"}, 4),
    ),
    ("Spain, by purpose", CITCO_PURPOSE, {}, {"exploitation": "labour", "period": 2022}, 89),
    ("India, rescued minors", RESCUED, {}, {"period": 2022, "age": "child"}, 3098),
    (
        *("United States, stages", BJS, {}),
        *({"period": 2022, "stage": "convicted"}, 1118),
    ),
    ("Malta, Open SDG", MALTA, {"area": "MT"}, {"sex": "female"}, 12),
    (
        *("Portugal, OTSH", OTSH, {}),
        *({"sex": "female", "age": "child", "period": 2022}, 9),
    ),
    ("Romania, ANITP", ANITP, {}, {"exploitation": "labour", "period": 2022}, 73),
    ("Austria", AUSTRIA, {}, {"sex": "female", "age": "adult", "period": 2021}, 326),
    ("Switzerland, sheets", SWITZERLAND, {}, {"sex": "female", "age": "child", "period": 2021}, 6),
    ("Greece, EKKA", EKKA, {}, {"sex": "female", "period": 2022}, 291),
    ("Hungary", HUNGARY, {"kind": "victims", "area": "HU"}, {"sex": "male", "period": 2022}, 68),
    ("Norway, BOM", NORWAY, {}, {"sex": "female", "period": 2020}, 180),
    ("Denmark, PxWeb", DENMARK, {}, {"sex": "male", "period": 2022}, 24),
    ("Poland", POLAND, {"kind": "victims"}, {"area": "PL", "period": 2022}, 277),
    (
        *("Australia, AIHW", AIHW, {}),
        *({"period": "2021-07-01/2022-06-30", "sex": "female", "age": "adult"}, 38),
    ),
]


@pytest.mark.parametrize(
    ("file", "options", "cell", "count"),
    [row[1:] for row in SUGGESTED],
    ids=[r[0] for r in SUGGESTED],
)
def test_office_file_is_read_without_a_declaration(
    file: InputFile, options: dict[str, Any], cell: dict[str, Any], count: int
) -> None:
    table = next(iter(thb.read(file, **options).data.tables()))
    assert table.count(**cell) == thb.Count.known(count)


DECLARED: list[tuple[str, InputFile, str, dict[str, Any], int]] = [
    (
        *("Republika Srpska, Open SDG", SRPSKA),
        """kind = "victims"
constants = {area = "BA"}
columns = {Year = "period", UNIT_MEASURE = "*", SEX = "sex", AGE = "age", Value = "value"}
recode = {UNIT_MEASURE = {NUMBER = {unit = "persons"}, PER_100000_POP = "no count"}, \
SEX = {_T = "total"}, AGE = {_T = "total", _A = "adult"}}
ignored = ["SERIES", "COMPOSITE_BREAKDOWN"]""",
        *({"sex": "female", "age": "adult"}, 2),
    ),
    (
        *("United States, Open SDG", US_SDG),
        """kind = "victims"
columns = {year = "period"}
unpivot = ["exploitation"]
recode = {"header 1" = {tot_rpt_hum_trfkg_offns = "total", com_sex_acts = "sexual", \
invol_serv = "labour"}}
constants = {area = "US", unit = "cases"}""",
        *({"exploitation": "sexual", "period": 2015}, 744),
    ),
    (
        *("Australian Federal Police", AFP),
        """kind = "victims"
columns = {"Crime type" = "exploitation"}
unpivot = ["period"]
recode = {"Crime type" = {"Debt bondage" = "other"}}
constants = {area = "AU", unit = "cases"}
fiscal_year = 7""",
        *({"period": "2022-07-01/2023-06-30", "exploitation": "total"}, 340),
    ),
    (
        *("Bundeskriminalamt", BKA),
        """kind = "victims"
columns = {Jahr = "period"}
unpivot = ["exploitation"]
constants = {area = "DE"}
thousands = "." """,
        *({"period": 2022, "exploitation": "labour"}, 1019),
    ),
    (
        *("National Crime Records Bureau", NCRB),
        """kind = "victims"
columns = {"State/UT" = "state", Victims = "value"}
recode = {"State/UT" = {"TOTAL ALL INDIA" = "total"}}
dimensions = ["state"]
ignored = ["SL"]
constants = {area = "IN", period = 2022}""",
        *({"state": "odisha"}, 1120),
    ),
]


@pytest.mark.parametrize(
    ("file", "lines", "cell", "count"), [row[1:] for row in DECLARED], ids=[r[0] for r in DECLARED]
)
def test_office_file_is_read_with_six_lines(
    file: InputFile, lines: str, cell: dict[str, Any], count: int
) -> None:
    assert len(lines.splitlines()) <= 6
    with pytest.raises(InvalidFile, match=r"Save (these \d lines|this line) as own\.toml"):
        thb.read(file)
    reading = thb.read(file, declare=Declaration(**tomllib.loads(lines)))
    assert reading.table.count(**cell) == thb.Count.known(count)


# A law: a table written in any layout and number style is read back.

AREAS, YEARS, SEXES = ("BE", "FI", "PT"), (2020, 2021), ("female", "male")
STYLES: Mapping[str, Callable[[int], Any]] = {
    "": lambda n: n,
    ",": lambda n: f"{n:,}",
    ".": lambda n: f"{n:,}".replace(",", "."),
    " ": lambda n: f"{n:,}".replace(",", " "),
    "'": lambda n: f"{n:,}".replace(",", "'"),
    "\u202f": lambda n: f"{n:,}".replace(",", "\u202f"),
}
Cells = Mapping[tuple[str, str, str], Any]
cells = st.integers(0, 3_000_000) | st.sampled_from([0, 7, "..", "<5", ""])


def csv_of(rows: Rows) -> InputFile:
    return text(*(";".join("" if cell is None else str(cell) for cell in row) for row in rows))


def layouts(table: Cells, years: Sequence[str]) -> dict[str, tuple[InputFile, dict[str, Any]]]:
    """The files of a table, each with its declaration."""
    by_sex = [(area, year, sex) for area in AREAS for year in years for sex in SEXES]
    pairs = list(product(years, SEXES))
    long = [["Country", "Year", "Sex", "Number"], *([*key, table[key]] for key in by_sex)]
    of_long = {"columns": dict(zip(long[0], ("area", "period", "sex", "value"), strict=True))}
    wide = [
        ["Country", "Sex", *years],
        *([area, sex, *(table[area, year, sex] for year in years)]
          for area in AREAS for sex in SEXES),
    ]  # fmt: skip
    of_wide = {"columns": {"Country": "area", "Sex": "sex"}, "unpivot": ["period"]}
    groups = [row if n % 2 == 0 else [None, *row[1:]] for n, row in enumerate(wide[1:])]
    body = [[area, *(table[area, year, sex] for year, sex in pairs)] for area in AREAS]
    two = [["Country", *(year for year, _ in pairs)], [None, *(sex for _, sex in pairs)], *body]
    gaps = [[None, *(year if n % 2 == 0 else None for n, (year, _) in enumerate(pairs))], two[1]]
    gaps[1] = ["Country", *two[1][1:]]
    one = [["Country", *(f"{sex} {year}" for year, sex in pairs)], *body]
    of_two = {"columns": {"Country": "area"}, "unpivot": ["period", "sex"]}
    spans = [("B1:C1", years[0]), ("D1:E1", years[1])]
    sheets = {
        year.replace("/", "-"): [
            ["Country", *SEXES],
            *([area, *(table[area, year, sex] for sex in SEXES)] for area in AREAS),
        ]
        for year in years
    }
    title: list[list[Any]] = [["Table 1"], []]
    below = len(AREAS) * 2
    merged = [(f"A{row}:A{row + 1}", AREAS[row // 2 - 1]) for row in range(2, below + 2, 2)]
    return {
        "long text": (csv_of(long), of_long),
        "long text below a title": (csv_of([*title, *long]), of_long),
        "long workbook": (book({"A": [*title, *long]}), of_long),
        "wide text": (csv_of([*title, *wide]), of_wide),
        "wide workbook": (book({"A": [*title, *wide]}), of_wide),
        "groups": (csv_of([wide[0], *groups]), {**of_wide, "fill": ["Country"]}),
        "merged groups": (book({"A": [wide[0], *groups]}, merged), of_wide),
        "two headers": (csv_of([*gaps, *body]), of_two),
        "merged headers": (book({"A": [*gaps, *body]}, spans), of_two),
        "one header": (
            csv_of(one),
            {"columns": {"Country": "area"}, "unpivot": ["period sex"]},
        ),
        "worksheets": (
            book(sheets),
            {"columns": {"Country": "area", "sheet": "period"}, "unpivot": ["sex"]},
        ),
        "range": (
            book({"A": [["x", 1, 2], [], [None, *wide[0]], *([None, *row] for row in wide[1:])]}),
            {**of_wide, "range": f"B3:E{3 + below}"},
        ),
        "one of two worksheets": (
            book({"Other": [["Unit", "Cases"], ["North", 3]], "A": wide}),
            {**of_wide, "sheet": "A"},
        ),
    }


def row_of(layout: str, area: str, year: str, sex: str) -> str:
    """The row of a file with the cell of a table."""
    if "long" in layout:
        return f"{area} {sex} {year}"
    if layout == "worksheets":
        return f"{year} {area}"
    return area if "header" in layout else f"{area} {sex}"


@pytest.mark.parametrize("sign", STYLES)
@pytest.mark.parametrize("fiscal", [False, True])
@given(st.lists(cells, min_size=12, max_size=12))
@example([1_000_000] * 12)  # the file has more thousands separators than separators of cells
@examples(5)
def test_table_in_any_layout_is_read_back(sign: str, fiscal: bool, values: list[Any]) -> None:
    years = [f"{year}/{(year + 1) % 100}" if fiscal else str(year) for year in YEARS]
    keys = [(area, year, sex) for area in AREAS for year in years for sex in SEXES]
    shown = [STYLES[sign](value) if isinstance(value, int) else value for value in values]
    periods = dict(zip(years, YEARS, strict=True))
    base = Declaration(
        kind="victims",
        thousands=sign if sign in {",", "."} else "",
        missing={"..": "suppressed"},
        fiscal_year=4 if fiscal else 0,
    )
    for name, (file, declared) in layouts(dict(zip(keys, shown, strict=True)), years).items():
        reading = thb.read(file, declare=evolve(base, **declared))
        log = reading.log
        n_lines = sum(len(problem) for problem in log.with_code("NO_VALUES"))
        rows = {key: row_of(name, *key) for key in keys}
        filled = {rows[key] for key, value in zip(keys, values, strict=True) if value != ""}
        # A row of several counts that are all empty is listed, not read.
        listed = set() if "long" in name else {*rows.values()} - filled
        assert log.read == log.used + log.rejected
        assert log.rejected == n_lines == len(listed), (name, str(log))
        for key, value in zip(keys, values, strict=True):
            if rows[key] in listed:
                continue
            area, year, sex = key
            period = str(Period.fiscal(periods[year], 4)) if fiscal else periods[year]
            count = reading.table.count(area=area, period=period, sex=sex)
            expected = {
                "..": thb.Count.suppressed(),
                "<5": thb.Count.fewer_than(5),
                "": thb.Count.not_reported(),
            }.get(value) if isinstance(value, str) else thb.Count.known(value)  # fmt: skip
            assert count == expected, (name, area, year, sex, value)


@pytest.mark.parametrize("sign", STYLES)
@given(st.lists(cells, min_size=12, max_size=12))
@example([5, 7, 12, 30, 4, 8, 15, 16, 23, 42, 1, 2])
@examples(2)
def test_table_without_a_declaration_is_read_back_or_refused(sign: str, values: list[Any]) -> None:
    years = list(map(str, YEARS))
    keys = [(area, year, sex) for area in AREAS for year in years for sex in SEXES]
    shown = [STYLES[sign](value) if isinstance(value, int) else value for value in values]
    for name, (file, _) in layouts(dict(zip(keys, shown, strict=True)), years).items():
        if name in ("range", "one of two worksheets"):
            continue
        try:
            reading = thb.read(file, kind="victims")
        except InvalidFile:
            assert values != [5, 7, 12, 30, 4, 8, 15, 16, 23, 42, 1, 2], name
            continue
        frame = reading.table.to_frame()
        read = {tuple(own[:3]): own[3] for own in frame[["area", "period", "sex", "lower"]].values}
        for (area, year, sex), value in zip(keys, values, strict=True):
            if isinstance(value, int):
                assert read[area, year, sex] == value, name
