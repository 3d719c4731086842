"""Feed broken files to a reader: a table or an error of ours may come out, and nothing else.

    python fuzz/readers.py TARGET [SECONDS]

The fuzzer (atheris) follows which lines of thbstats a file reaches, and changes those that reach
new ones. Files that made a reader fail are written beside this script as crash-*; each belongs into
the tests of its reader. ``python fuzz/readers.py`` lists the targets.
"""

import gzip
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["thbstats"], enable_loader_override=False):
    import thbstats as thb
    from thbstats import sources
    from thbstats.errors import ThbstatsError
    from thbstats.exchange import Declaration, Limits, open_bytes

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
    ignored=("status", "lower", "upper", "reason", "flags", "source", "reporters", "n_reporters"),
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


def written(format: str, ending: str) -> bytes:
    """What a writer makes of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        sources.write(table(), path, format=format)
        return path.read_bytes()


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


Target = tuple[str, list[bytes], Callable[[bytes], bytes], dict[str, Any]]


def as_it_is(data: bytes) -> bytes:
    return data


def targets() -> dict[str, Callable[[], Target]]:
    """Each target: the format, files to begin with, how a file is wrapped, and what is said."""
    area = {"area": "MT", "kind": "victims"}
    return {
        "eurostat_tsv": lambda: ("eurostat_tsv", [TSV], as_it_is, {}),
        "gzip": lambda: ("eurostat_tsv", [gzip.compress(TSV)], as_it_is, {}),
        "sdmx_csv": lambda: ("sdmx_csv", [SDMX, written("sdmx_csv", ".csv")], as_it_is, {}),
        "json_stat": lambda: (
            "json_stat",
            [JSON_STAT, written("json_stat", ".json")],
            as_it_is,
            {},
        ),
        "glotip_csv": lambda: ("glotip", [GLOTIP], as_it_is, {}),
        "glotip_xlsx": lambda: ("glotip", [workbook(XLSX_SHEET)], as_it_is, {}),
        "glotip_sheet": lambda: ("glotip", [XLSX_SHEET], workbook, {}),
        "ctdc": lambda: ("ctdc", [CTDC], as_it_is, {}),
        "htcds": lambda: ("htcds", htcds_seeds(), as_it_is, {}),
        "sdg": lambda: ("sdg", [SDG], as_it_is, area),
        "tidy_csv": lambda: ("tidy", [TIDY, written("tidy", ".csv")], as_it_is, {}),
        "tidy_declared": lambda: ("tidy", [TIDY], as_it_is, {"declare": DECLARED}),
        "tidy_xlsx": lambda: ("tidy", [workbook(sheet_of(TIDY_ROWS))], as_it_is, {}),
        "tidy_sheet": lambda: ("tidy", [sheet_of(TIDY_ROWS)], workbook, {}),
        "tidy_parquet": lambda: ("tidy", [written("tidy", ".parquet")], as_it_is, {}),
        "thbstats_json": lambda: (
            "thbstats_json",
            [written("thbstats_json", ".json")],
            as_it_is,
            {},
        ),
        "thbstats_parquet": lambda: (
            "thbstats_parquet",
            [written("thbstats_parquet", ".parquet")],
            as_it_is,
            {},
        ),
    }


def htcds_seeds() -> list[bytes]:
    """Files of the case standard, as its reader's tests make them."""
    return [b"Case_ID,Gender,Age,Citizenship,Exploitation_Type\n1,Female,17,RO,Sexual;Labour\n"]


def main() -> None:
    names = list(targets())
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        sys.exit(f"usage: python fuzz/readers.py TARGET [SECONDS]\ntargets: {', '.join(names)}")
    name = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    format_name, seeds, wrap, said = targets()[name]()
    read = sources.format_named(format_name).read

    def one(data: bytes) -> None:
        try:
            reading = read(open_bytes(wrap(data), name="fuzzed", limits=LIMITS), **said)
        except ThbstatsError as error:
            str(error)
            return
        report = reading.report
        assert report.read == report.used + report.set_aside
        assert len(reading.set_aside) == report.set_aside
        if reading.cases is None:
            cells = sum(len(found) for found in reading.data.tables())
            assert cells == report.used - report.shared
        str(report)
        repr(reading)

    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for place, seed in enumerate(seeds):
        one(seed)
        (corpus / f"seed-{place}").write_bytes(seed)
    here = Path(__file__).parent
    options = [
        f"-max_total_time={seconds}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        "-max_len=20000",
        f"-artifact_prefix={here}/crash-{name}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
