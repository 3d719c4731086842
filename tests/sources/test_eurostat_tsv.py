"""Eurostat's TSV: each cell of each series is in a table or has its reason."""

import gzip

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.sources import eurostat_files
from thbstats.errors import DefectiveFile, InvalidFile, InvalidValue
from thbstats.files import Declaration, InputFile, Limits, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import eurostat_tsv, json_stat, observations, recognised, sdmx_csv
from thbstats.values import Count, Reason

# Eurostat, env_wasmun (municipal waste), as downloaded in 2026: two series and their flags.
WASTE = (
    "freq,wst_oper,unit,geo\\TIME_PERIOD\t2010 \t2011 \t2023 \t2024 \r\n"
    "A,TRT,THS_T,DK\t: \t4803 b\t4513 \t4511 p\r\n"
    "A,TRT,THS_T,EU27_2020\t216139 \t214305 \t: \t222173 i\r\n"
)
VICTIMS = "unit,leg_stat,sex,geo\\time"


def file(text: str, name: str = "a.tsv", **options: object) -> InputFile:
    return open_bytes(text.encode(), name=name, **options)  # type: ignore[arg-type]


def victims(*lines: str, header: str = "2015") -> Reading:
    periods = "".join(f"\t{period} " for period in header.split())
    return eurostat_tsv.read(file("\n".join([VICTIMS + periods, *lines])))


def count(cell: str) -> Count:
    return victims(f"NR,PER_VICT,T,EL\t{cell}").table.count(area="EL")


def test_values_and_flags_of_eurostat_cells_are_separated() -> None:
    frame = observations(file(WASTE))
    assert list(frame) == [
        *("freq", "wst_oper", "unit", "geo"),
        *("time", "value", "flags", "conf"),
    ]
    danish = frame[frame["geo"] == "DK"]
    assert danish["time"].tolist() == ["2010", "2011", "2023", "2024"]
    assert danish["value"].tolist()[1:] == ["4803", "4513", "4511"]
    assert danish["value"].isna().tolist() == [True, False, False, False]
    assert danish["flags"].astype(object).fillna("").tolist() == ["", "b", "", "p"]


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("12 ", 12, Reason.KNOWN),
        ("12 b", 12, Reason.KNOWN),
        ("12b", 12, Reason.KNOWN),
        (" 12  b e ", 12, Reason.KNOWN),
        ("0", 0, Reason.KNOWN),
        (":", None, Reason.NOT_REPORTED),
        (": ", None, Reason.NOT_REPORTED),
        ("", None, Reason.NOT_REPORTED),
        (": u", None, Reason.NOT_REPORTED),
        (": c", None, Reason.SUPPRESSED),
        (":c", None, Reason.SUPPRESSED),
        (": bc", None, Reason.SUPPRESSED),
        (": m", None, Reason.NOT_APPLICABLE),
        (":z", None, Reason.NOT_APPLICABLE),
    ],
)
def test_missing_count_keeps_its_reason_and_is_not_zero(
    cell: str, value: int | None, reason: Reason
) -> None:
    result = count(cell)
    assert (result.value, result.reason) == (value, reason)


def test_flags_are_read_with_the_value() -> None:
    table = victims("NR,PER_VICT,T,EL\t12 bep").table
    assert table.cell(area="EL").flags == frozenset("bep")


@pytest.mark.parametrize(
    ("cell", "code"),
    [("12.5 e", "NOT_WHOLE"), ("-3", "NEGATIVE"), ("n/a", "NOT_A_COUNT"), ("b", "NOT_A_COUNT")],
)
def test_invalid_count_is_rejected_with_its_path(cell: str, code: str) -> None:
    reading = victims(f"NR,PER_VICT,T,EL\t{cell}\t7", header="2015 2016")
    (problem,) = reading.log.problems
    assert problem.code == code
    assert problem.examples == (f"line 2, 2015: {cell.split(maxsplit=1)[0]!r}",)
    assert (reading.log.read, reading.log.used) == (2, 1)
    assert reading.log.noun == "observations"


@pytest.mark.parametrize(
    "first",
    [
        "freq,unit,leg_stat,sex,geo\\TIME_PERIOD",
        "FREQ,UNIT,LEG_STAT,SEX,GEO/TIME_PERIOD",
        "freq,unit,leg_stat,sex,geo\\time",
        "FREQ,UNIT,LEG_STAT,SEX,GEO\\TIME ",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_headers_of_all_years_are_read(first: str, end: str, last: bool) -> None:
    text = f"{first}\t2015 {end}A,NR,PER_SUSP,F,UK\t9 {end if last else ''}"
    opened = file(text)
    assert recognised(opened)[0].name == "eurostat_tsv"
    table = eurostat_tsv.read(opened).table
    assert table.count(area="UK", stage="suspected", sex="female") == Count.known(9)


def test_compressed_files_are_read_and_bulk_name_is_the_data_set() -> None:
    text = f"{VICTIMS}\t2015 \nNR,PER_VICT,T,EU27_2020\t5"
    packed = open_bytes(gzip.compress(text.encode()), name="estat_crim_thb_sex.tsv.gz")
    reading = eurostat_tsv.read(packed)
    assert reading.log.notes == ("Decompressed from gzip",)
    (source,) = reading.table.cell(area="EU27_2020").sources
    assert (source.title, source.publisher) == ("Eurostat CRIM_THB_SEX", "Eurostat")
    (source,) = eurostat_tsv.read(file(text)).table.cell(area="EU27_2020").sources
    assert source.title == "Eurostat, a.tsv"
    mine = Source(title="Mine")
    assert eurostat_tsv.read(file(text), source=mine).table.cell().source == mine


def test_ragged_series_are_rejected_by_cell() -> None:
    reading = victims(
        "NR,PER_VICT,T,EL\t1",
        "NR,PER_VICT,T,UK\t1\t2\t3",
        "NR,PER_VICT,T",
        "NR,PER_VICT,FR\t5\t6",
        "",
        "NR,PER_VICT,T,RO\t7\t8",
        header="2015 2016",
    )
    assert reading.log.count_rows("RAGGED") == 5
    assert len(reading.log.with_code("BAD_KEY")[0]) == 2
    assert (reading.log.read, reading.log.used) == (9, 2)
    assert reading.rejected["(text)"].tolist()[-1] == "NR,PER_VICT,FR 6"


def test_repeated_series_is_used_once_or_conflicting() -> None:
    reading = victims("NR,PER_VICT,T,EL\t1\t2", "NR,PER_VICT,T,EL\t1\t3", header="2015 2016")
    assert reading.log.codes == ("REPEATED", "CONFLICTING")
    assert len(reading.table) == 2
    with pytest.raises(DefectiveFile, match="Decimals in"):
        eurostat_tsv.read(file(f"{VICTIMS}\t2015 \nNR,PER_VICT,T,EL\t1.5"), strict=True)
    assert str(reading.table.count(period=2016)) == "2 to 5"


def test_unknown_codes_are_listed_and_rates_are_rejected() -> None:
    reading = victims(
        "NR,PER_XYZ,T,EL\t1",
        "P_HTHAB,PER_VICT,T,EL\t2",
        "THS,PER_VICT,T,EL\t3",
        "NR,PER_VICT,T,EA20\t4",
        "NR,PER_VICT,T,EL\t5",
    )
    labels = {(item.code, item.column): dict(item.texts) for item in reading.log.problems}
    assert labels == {
        ("UNMAPPED", "leg_stat"): {"PER_XYZ": 1},
        ("UNMAPPED", "unit"): {"THS": 1},
        ("NO_COUNT", "unit"): {"P_HTHAB": 1},
        ("UNMAPPED", "geo"): {"EA20": 1},
    }
    assert len(reading.table) == 1


def test_file_without_series_is_empty() -> None:
    reading = eurostat_tsv.read(file(f"{VICTIMS}\t2015 \n"))
    assert (reading.log.read, list(reading.data.tables())) == (0, [])
    assert observations(file(f"{VICTIMS}\t2015 \n")).empty
    assert observations(file(VICTIMS)).empty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a,b\t2015\nx,y\t1",
        "unit,geo\\TIME_PERIOD\t2015\t2015 \nNR,EL\t1\t2",
        "geo,geo\\TIME_PERIOD\t2015\nEL,EL\t1",
        "unit,time\\TIME_PERIOD\t2015\nEL,EL\t1",
        "unit,,geo\\TIME_PERIOD\t2015\nEL,,EL\t1",
        "unit,geo\\TIME_PERIOD\t2015\t\nEL,EL\t1\t",
    ],
)
def test_file_of_another_format_is_rejected(text: str) -> None:
    with pytest.raises(InvalidFile):
        eurostat_tsv.read(file(text))


def test_table_beyond_the_limits_is_rejected_before_parsing() -> None:
    with pytest.raises(InvalidFile, match="at most 5 cells"):
        observations(file(WASTE, limits=Limits(cells=5)))


def test_unknown_dimensions_are_declared_or_constant() -> None:
    first = "unit,leg_stat,expltype,nace_r2,geo\\TIME_PERIOD\t2015 "
    lines = [f"NR,PER_VICT,{form},TOTAL,EL\t{n}" for n, form in enumerate(("SEX", "LAB", "OTH"))]
    opened = file("\n".join([first, *lines]))
    with pytest.raises(InvalidValue) as caught:
        eurostat_tsv.read(opened)
    message = str(caught.value)
    assert "'expltype'" in message
    assert "SEX, LAB, OTH" in message
    assert "'exploitation'" in message
    assert "nace_r2" not in message
    forms = {"SEX": "sexual", "LAB": "labour", "OTH": "other"}
    declare = Declaration(columns={"EXPLTYPE": "exploitation"}, recode={"expltype": forms})
    reading = eurostat_tsv.read(opened, declare=declare, status="registered")
    cell = reading.table.cell(exploitation="labour", status="registered")
    assert cell.count == Count.known(1)
    assert reading.log.notes == ("nace_r2 is ignored: it is 'TOTAL' in every row",)


def test_declaration_overrides_known_columns() -> None:
    opened = file(f"{VICTIMS}\t2015 \nNR,PER_VICT,T,EU27\t4\nNR,PER_XYZ,T,EL\t5")
    declare = Declaration(
        recode={
            "geo": {"EU27": "EU27_2007"},
            "leg_stat": {"PER_XYZ": {"table": "victims", "unit": "persons"}},
        }
    )
    table = eurostat_tsv.read(opened, declare=declare).table
    assert table.categories("area") == ("EU27_2007", "EL")


@examples(30)
@given(observed=eurostat_files.cells, end=st.sampled_from(["\n", "\r\n"]))
def test_formats_of_eurostat_give_equal_tables_and_frames(
    observed: eurostat_files.Cells, end: str
) -> None:
    source = Source(title="Eurostat")
    tsv = open_bytes(eurostat_files.tsv(observed, end), name="a.tsv")
    reading = eurostat_tsv.read(tsv, source=source)
    assert reading.log.read == reading.log.used + reading.log.rejected
    cube = open_bytes(eurostat_files.json_stat(observed), name="a.json")
    files = [(json_stat, cube, cube)]
    for version in ("1.0", "2.0"):
        contents = (eurostat_files.sdmx(observed, version, conf=conf) for conf in (True, False))
        files.append((sdmx_csv, *(open_bytes(content, name="a.csv") for content in contents)))
    for module, file, without_conf in files:
        other = module.read(file, source=source)
        assert list(other.data.tables()) == list(reading.data.tables())
        assert other.log.read == reading.log.read
        assert {*other.log.codes} - {"CONFIDENTIAL"} == {*reading.log.codes}
        pd.testing.assert_frame_equal(observations(without_conf), observations(tsv))
    # JSON-stat and SDMX-CSV contain the data set and its last update.
    tables = [list(module.read(file).data.tables()) for module, file, _ in files[:2]]
    assert tables[0] == tables[1]
