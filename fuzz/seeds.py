"""What the fuzzer feeds to each target: files that a reader accepts, and files that once broke it."""

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen

import thbstats as thb
from thbstats import sources
from thbstats.claims import read_claims
from thbstats.files import Declaration, Limits, open_bytes
from thbstats.records import schema_of

LIMITS = Limits(size=2**20, cells=10**5, cell=2**14, depth=50)
"""Small, so that what would fill a machine is told from what fills a fuzzer."""

TSV = b"""freq,unit,leg_stat,sex,geo\\TIME_PERIOD\t2015 \t2016 \r
A,NR,PER_VICT,T,EL\t12 b\t: c\r
A,NR,PER_VICT,F,EU27_2020\t4803 ep\t: \r
"""
SDMX = b"""STRUCTURE,STRUCTURE_ID,ACTION,freq,unit,leg_stat,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
dataflow,ESTAT:CRIM_THB(1.0),I,A,NR,PER_VICT,T,EL,2015,12,b,
dataflow,ESTAT:CRIM_THB(1.0),D,A,NR,PER_VICT,F,FR,2016,,p,C
"""
JSON_STAT = b"""{"version":"2.0","class":"dataset","source":"ESTAT","updated":"2026-09-17",
"value":{"0":12,"2":7.5},"status":{"1":"c"},"id":["leg_stat","geo","time"],"size":[1,2,2],
"role":{"time":["time"]},"dimension":{
"leg_stat":{"category":{"label":{"PER_VICT":"Victim"}}},
"geo":{"category":{"index":["EL","FR"]}},"time":{"category":{"index":{"2015":0,"2016":1}}}}}"""
GLOTIP = b"""Iso3_code,Country,Region,Subregion,Indicator,Dimension,Category,Sex,Age,Year,Unit of measurement,txtVALUE,Source
FRA,France,Europe,Western Europe,Detected trafficking victims,Total,Total,Total,Total,2016,Counts,"1,432",GLOTIP
FRA,France,Europe,Western Europe,Detected trafficking victims,by citizenship,Romanian,Total,Total,2016,Counts,<5,GLOTIP
FRA,France,Europe,Western Europe,Persons convicted,by form of exploitation,Q6.1_10s_2019,Female,0 to 17 years,2019,Counts,"6,112,019",GLOTIP
"""
SDG = b"""Year,Series,Sex,Age,Broad citizenship,Form of exploitation,Units,Value
2020,1. Detected victims of human trafficking,Both Sexes,All Ages,All citizens,Forced labour,Number of victims,6
2020,2. Per 100 000,Both Sexes,All Ages,,,"Per 100,000 population",2.3
"""
UN_SDG = b"""SeriesCode,GeoAreaName,TimePeriod,Value,Source,[Age],[Nature],[Sex]
VC_HTF_DETV,Malta,2020,12,UNODC GLOTIP,ALLAGE,C,BOTHSEX
VC_HTF_DETVR,Malta,2020,2.3,UNODC GLOTIP,ALLAGE,C,BOTHSEX
VC_HTF_DETVFL,Malta,2020.0,NaN,UNODC GLOTIP,<18Y,E,FEMALE
VC_HTF_DETVFLR,Malta,2020,1.2e-5,UNODC GLOTIP,<18Y,E,FEMALE
"""
CTDC = b"""yearOfRegistration,Datasource,gender,ageBroad,majorityStatus,majorityStatusAtExploit,majorityEntry,citizenship,isForcedLabour,isSexualExploit,isOtherExploit,typeOfExploitConcatenated,CountryOfExploitation
2002,Case Management,Female,18--20,Adult,,,CO,0,1,0,Sexual exploitation,US
2016,Hotline,-99,Unknown,Minor,,,,1,1,,Forced labour;Sexual exploitation,-99
"""
TIDY = b"""kind,area,period,status,sex,value,lower,upper,reason,flags,source,reporters,n_reporters
victims,FR,2015,registered,female,12,12,12,known,b,"{""title"": ""x""}",FR,1
victims,EU28,2015-2016,registered,total,,0,4,fewer_than,,A report,,22
"""
TIDY_ROWS = b"""table,area,period,status,sex,value,lower,upper,reason,flags
victims,FR,2015,registered,female,12,12,12,known,b
victims,EU28,2015-2016,registered,total,,0,4,fewer_than,
"""


def sheet_of(lines: bytes) -> bytes:
    """The XML of a sheet with these lines, whose cells have no comma."""
    rows = (
        b'<row r="%d">' % number
        + b"".join(
            b'<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>'
            % (bytes([65 + place]), number, cell.strip(b'"').replace(b"<", b"&lt;"))
            for place, cell in enumerate(line.split(b","))
        )
        + b"</row>"
        for number, line in enumerate(lines.splitlines()[:3], start=1)
    )
    head = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return head + b"".join(rows) + b"</sheetData></worksheet>"


XLSX_SHEET = sheet_of(GLOTIP.replace(b'"1,432"', b"7"))
DECLARED = Declaration(
    kind="victims",
    columns={"area": "area", "period": "period", "sex": "sex", "value": "value"},
    ignored=(
        "kind",
        "status",
        "lower",
        "upper",
        "reason",
        "flags",
        "source",
        "reporters",
        "n_reporters",
    ),
    missing={"-": "not_reported"},
    thousands=",",
)


def table() -> thb.CountTable:
    """A small table with everything that a table can hold."""
    rows = [
        {"value": 12, "sex": "female", "flags": "ep"},
        {"value": thb.Count.fewer_than(5), "sex": "male"},
        {"value": thb.Count.not_reported(), "sex": "unknown"},
        {"value": thb.Count.suppressed(1, 9), "exploitation": "sexual", "n_reporters": 3},
    ]
    source = thb.Source(title="A report", published="2018-12-03")
    return thb.CountTable.from_rows(
        rows, kind="victims", area="EU28", period="2015-2016", source=source
    )


def table_with_recruiters() -> thb.CountTable:
    """A small table with a dimension of a user."""
    recruiter = thb.Classification(
        name="recruiter",
        titles={"de": "Anwerber"},
        categories=[
            {"code": "family", "labels": {"de": "Familie"}, "crosswalk": {"ctdc": "relative"}},
            {"code": "partner", "parent": "family", "is_residual": True, "synonyms": ["spouse"]},
        ],
    )
    rows = [{"value": 12, "recruiter": "family"}, {"value": 5, "recruiter": "partner"}]
    schema = schema_of("victims", recruiter)
    return thb.CountTable.from_rows(rows, kind=schema, area="MT", period=2021)


def written(
    format: str, ending: str, data: Callable[[], thb.CountTable] = table, option: str = ""
) -> bytes:
    """What a writer makes of a table, or of an option of the writer."""
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder) / f"table{ending}", Path(folder) / "option"
        sources.write(data(), path, format=format, **({option: other} if option else {}))
        return (other if option else path).read_bytes()


def workbook(sheet: bytes) -> bytes:
    """A workbook around the XML of its one sheet, whatever that is."""
    parts = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="data_glotip_1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def ods_content(lines: bytes) -> bytes:
    """The content of an ods worksheet with these lines, with a repeated row and a repeated cell."""
    rows = b"".join(
        b"<table:table-row table:number-rows-repeated='%d'>" % (1 + number // 2)
        + b"".join(
            b"<table:table-cell office:value-type='string' table:number-columns-repeated='1'>"
            b"<text:p>%s</text:p></table:table-cell>" % cell.replace(b"<", b"&lt;")
            for cell in line.split(b",")
        )
        + b"</table:table-row>"
        for number, line in enumerate(lines.splitlines()[:3])
    )
    names = b" ".join(
        b'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (name, name)
        for name in (b"office", b"table", b"text")
    )
    body = b"<office:body><office:spreadsheet><table:table table:name='a'>%s</table:table></office:spreadsheet></office:body>"
    return b"<office:document-content %s>%s</office:document-content>" % (names, body % rows)


def open_document(content: bytes) -> bytes:
    """An ods workbook around its content, whatever that is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return packed.getvalue()


POPULATION = b"""freq,unit,age,sex,geo\\TIME_PERIOD\t2019 \t2020\x20
A,NR,TOTAL,T,MT\t: \t514564 p
A,NR,Y_LT18,F,DE21\t5.5 \t: c
"""
WPP = b"""LocID,ISO3_code,Location,VarID,Variant,Time,MidPeriod,AgeGrp,AgeGrpStart,AgeGrpSpan,PopMale,PopFemale,PopTotal
840,USA,United States of America,2,Medium,2022,2022.5,0-17,0,18,37000.5,36000.25,73000.75
840,USA,United States of America,2,Medium,2022,2022.5,18+,18,-1,130000,138533.296,268533.296
840,USA,United States of America,3,High,2050,2050.5,18+,18,-1,1e3,,5E-1
900,,World,2,Medium,2022,2022.5,100+,100,-1,0.057,x,8021407.192
"""
REGISTER = b"""When;Year;Quarter;Area;Victims;Note
2023-01-01;2023;Q1;DE-BY;1 234 (p);x
2023-12-31;2023;Q4;DE21;1,234,567*;
2023-04-01;2023;Q2;GB-ENG;12.000;
2023-07-01;2023;Q3;FR;7\xc2\xb9;
"""
REGISTER_COLUMNS = Declaration(
    kind="victims",
    columns={"When": "period", "Area": "area", "Victims": "value"},
    ignored=("Note", "Year", "Quarter"),
    flags={"(p)": "p", "*": "e", "\xb9": ""},
    dates="quarter",
)
REGISTER_PARTS = Declaration(
    kind="victims",
    columns={"Year": "period", "Quarter": "period", "Area": "area", "Victims": "value"},
    ignored=("Note", "When"),
    flags={"(p)": "p", "*": "e", "\xb9": ""},
    thousands=",.",
)
WIDE = b"""Table 1: Victims, by sex;;;;
Country;Group;2020/21;;2021/22
;;Women;Men;Women
Malta;all;12;..;1 234
;children;<5;7;-
Note: provisional;;;;
Spain;all;;3 (p);1,2
"""
WIDE_COLUMNS = Declaration(
    kind="victims",
    columns={"Country": "area", "Group": "age"},
    unpivot=["period", "sex"],
    recode={"Group": {"all": "total", "children": "child"}},
    missing={"..": "suppressed", "-": "not_reported"},
    flags={"(p)": "p"},
    fill=["Country"],
    range="A2:E7",
    fiscal_year=4,
)
WIDE_SHEET = b"""Country,2020 women,2020 men
Malta,12,..
Spain,7,<5
"""
WIDE_SHEET_COLUMNS = Declaration(
    kind="victims",
    columns={"Country": "area"},
    unpivot=["period sex"],
    missing={"..": "suppressed"},
)
OWN = b"""Opfer von Menschenhandel, Malta
Geschlecht;2021;2022
Frauen;14;19
M\xc3\xa4nner;11;..
Insgesamt;27;31
"""
OWN_WITH_QUESTIONS = b"""Year,Office,Nationality,Victims (below 18 years)
2021/22,North,Romania,14
2021/22,South,,-
2022/23,South,other,1.234 p
"""
HTCDS = b"""Case_ID,Gender,Citizenship,TypeOfExploitation,TraffickingStatus,MethodsOfControl,RoleInProcess
1,Female,RO,Sexual;Labour,Confirmed,DebtBondage;PhysicalThreats,Transporter
2,Male,BG,Labour,Presumed,NotSpecified,
"""
PERPETRATORS = b"""yearRegister,gender,isSexualExploit,UN_COE_Region,IP_Gender,IP_ageBroad,IP_Relation
2014-2018,Female,1,Europe,Female;Male,0--29;48+,FriendAcquaintance
,,,,,,
"""
CLAIMS = {
    "schema_version": 1,
    "report": {"id": "made-up", "title": "A made-up report"},
    "claim": [
        {
            "id": "a",
            "kind": "count",
            "section": "II",
            "paragraph": "1",
            "subject": "victims",
            "status": "registered",
            "area": "EU28",
            "period": "2015-2016",
            "printed": "20 532",
        },
        {
            "id": "b",
            "kind": "share",
            "section": "II",
            "paragraph": "2",
            "subject": "victims",
            "status": "registered",
            "area": "EU28",
            "period": "2015-2016",
            "category": {"sex": "female"},
            "base": "all",
            "printed": "56 %",
        },
    ],
}
LONG = "9" * 5000
"""More digits than Python makes a number of."""


def in_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {in_toml(part)}" for name, part in value.items()) + " }"
    return json.dumps(value)


def claims_toml(claims: dict[str, Any]) -> bytes:
    lines = [f"schema_version = {claims['schema_version']}", "[report]"]
    lines += [f"{name} = {in_toml(value)}" for name, value in claims["report"].items()]
    for claim in claims["claim"]:
        lines += ["[[claim]]", *(f"{name} = {in_toml(value)}" for name, value in claim.items())]
    return "\n".join([*lines, ""]).encode()


def check_reading(
    data: bytes, format: str, wrap: Callable[[bytes], bytes] = bytes, **given: Any
) -> None:
    """Read a file, and count its rows again."""
    read = sources.format_named(format).read
    reading = read(open_bytes(wrap(data), name="fuzzed", limits=LIMITS), **given)
    report = reading.log
    assert report.read == report.used + report.rejected
    assert len(reading.rejected) == report.rejected
    if reading.cases is None:
        cells = sum(len(found) for found in reading.data.tables())
        assert cells == report.used - report.shared
    str(report)
    repr(reading)


def short_structure() -> bytes:
    """The structure of a table with the code list of the user only, which the fuzzer can change."""
    content = written("sdmx_csv", ".csv", table_with_recruiters, option="structure")
    first, end, _ = content.partition(b"</str:Codelist>")
    return first + end + b"</str:Codelists></mes:Structures></mes:Structure>"


def check_structure(data: bytes) -> None:
    """Read a file with a dimension of a user with this structure."""
    file = open_bytes(written("sdmx_csv", ".csv", table_with_recruiters), name="a.csv")
    structure = open_bytes(data, name="fuzzed", limits=LIMITS)
    str(sources.sdmx_csv.read(file, structure=structure).log)


def check_population(data: bytes, name: str, **given: Any) -> None:
    """Read a file of populations, and count its rows again."""
    reading = sources.read_population(open_bytes(data, name=name, limits=LIMITS), **given)
    report = reading.log
    assert report.read == report.used + report.rejected
    assert len(reading.rejected) == report.rejected
    assert reading.populations is not None
    str(report)
    repr(reading)


def check_suggestion(data: bytes) -> None:
    """Suggest a declaration, and read the file with it if no question is open."""
    file = open_bytes(data, name="own.csv", limits=LIMITS)
    suggested = thb.suggest(file)
    suggested.to_toml()
    if not suggested.questions:
        str(thb.read(file, declare=suggested).log)


def check_claims(data: bytes, format: str) -> None:
    """Read a claims file, and audit it."""
    text = data.decode(errors="surrogateescape") + "\n"  # a text has a line break
    str(thb.audit(read_claims(text, format=format)))


@frozen(kw_only=True)
class Target:
    """What is fuzzed.

    Parameters
    ----------
    check : callable
        Takes a file; an error of ours is an answer, any other is a fault.
    seeds : sequence of bytes
        Files that are accepted.
    crashes : sequence of bytes
        Files that once broke it; they can be refused.
    """

    check: Callable[[bytes], None]
    seeds: Sequence[bytes]
    crashes: Sequence[bytes] = ()


def reader(format: str, *seeds: bytes, crashes: Sequence[bytes] = (), **given: Any) -> Target:
    check = partial(check_reading, format=format, **given)
    return Target(check=check, seeds=seeds, crashes=crashes)


def claims(format: str, write: Callable[[dict[str, Any]], bytes]) -> Target:
    seed = write(CLAIMS)
    crashes = [
        seed.replace(b"20 532", LONG.encode()),
        seed.replace(b"20 532", LONG[:4000].encode()),
        seed.replace(b"56 %", LONG.encode()),
        seed.replace(b"56 %", b"0." + LONG.encode()),
    ]
    if format == "toml":
        crashes.append(seed.replace(b"schema_version = 1", b"schema_version = " + LONG.encode()))
    return Target(check=partial(check_claims, format=format), seeds=[seed], crashes=crashes)


def json_bytes(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


# JSON is YAML, but nobody writes it so.
def claims_yaml(value: dict[str, Any]) -> bytes:
    lines = ["schema_version: 1", "report: " + json.dumps(value["report"]), "claim:"]
    for claim in value["claim"]:
        first, *others = (f"{name}: {json.dumps(part)}" for name, part in claim.items())
        lines += [f"  - {first}", *(f"    {line}" for line in others)]
    return "\n".join([*lines, ""]).encode()


TARGETS: dict[str, Callable[[], Target]] = {
    "eurostat_tsv": lambda: reader(
        "eurostat_tsv", TSV, crashes=[TSV.replace(b"4803", b"0" * 5000 + b"7")]
    ),
    "gzip": lambda: reader("eurostat_tsv", gzip.compress(TSV)),
    "sdmx_csv": lambda: reader(
        "sdmx_csv",
        SDMX,
        written("sdmx_csv", ".csv"),
        crashes=[SDMX.replace(b"2015,12", b"2015," + b"0" * 5000 + b"7")],
    ),
    "json_stat": lambda: reader(
        "json_stat",
        JSON_STAT,
        written("json_stat", ".json"),
        written("json_stat", ".json", table_with_recruiters),
    ),
    "glotip_csv": lambda: reader("glotip", GLOTIP),
    "glotip_xlsx": lambda: reader("glotip", workbook(XLSX_SHEET)),
    "glotip_sheet": lambda: reader("glotip", XLSX_SHEET, wrap=workbook),
    "ctdc": lambda: reader("ctdc", CTDC),
    "ctdc_perpetrators": lambda: reader("ctdc", PERPETRATORS),
    "htcds": lambda: reader("htcds", HTCDS),
    "sdg": lambda: reader("sdg", SDG, area="MT", kind="victims"),
    "un_sdg": lambda: reader("un_sdg", UN_SDG),
    "tidy_csv": lambda: reader(
        "tidy",
        TIDY,
        written("tidy", ".csv"),
        crashes=[
            TIDY.replace(b"female,12", b"female," + b"0" * 5000 + b"7"),
            TIDY.replace(b",22\n", b"," + b"9" * 20 + b"\n"),
        ],
    ),
    "register_dates": lambda: reader("tidy", REGISTER, declare=REGISTER_COLUMNS),
    "register_parts": lambda: reader("tidy", REGISTER, declare=REGISTER_PARTS),
    "population_world": lambda: Target(
        check=partial(check_population, name="WPP2024_PopulationByAge.csv"), seeds=[WPP]
    ),
    "population_tsv": lambda: Target(
        check=partial(check_population, name="estat_demo_pjan.tsv"), seeds=[POPULATION]
    ),
    "tidy_declared": lambda: reader("tidy", TIDY, declare=DECLARED),
    "wide_text": lambda: reader("tidy", WIDE, declare=WIDE_COLUMNS),
    "wide_sheet": lambda: reader(
        "tidy", sheet_of(WIDE_SHEET), wrap=workbook, declare=WIDE_SHEET_COLUMNS
    ),
    "suggestion": lambda: Target(check=check_suggestion, seeds=[OWN, OWN_WITH_QUESTIONS]),
    "tidy_xlsx": lambda: reader("tidy", workbook(sheet_of(TIDY_ROWS))),
    "tidy_sheet": lambda: reader("tidy", sheet_of(TIDY_ROWS), wrap=workbook),
    "tidy_ods": lambda: reader("tidy", ods_content(TIDY_ROWS), wrap=open_document),
    "tidy_parquet": lambda: reader("tidy", written("tidy", ".parquet")),
    "thbstats_json": lambda: reader(
        "thbstats_json",
        written("thbstats_json", ".json"),
        written("thbstats_json", ".json", table_with_recruiters),
    ),
    "sdmx_structure": lambda: Target(check=check_structure, seeds=[short_structure()]),
    "thbstats_parquet": lambda: reader("thbstats_parquet", written("thbstats_parquet", ".parquet")),
    "claims": lambda: claims("toml", claims_toml),
    "claims_json": lambda: claims("json", json_bytes),
    "claims_yaml": lambda: claims("yaml", claims_yaml),
}
"""Each target by its name."""
