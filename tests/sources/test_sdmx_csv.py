"""SDMX-CSV: columns in any order, missing-value signs, and written tables."""

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources import eurostat_files
from thbstats.errors import DefectiveFile, InvalidFile, InvalidValue
from thbstats.files import InputFile, Reading, WriteLog, open_bytes
from thbstats.records import Source
from thbstats.sources import observations, recognised, sdmx_csv
from thbstats.tables import CountTable
from thbstats.values import Count, Reason

# Eurostat, prc_hicp_manr and lfsa_argan, as its interfaces gave them in 2026.
PRICES = (
    "STRUCTURE,STRUCTURE_ID,freq,unit,coicop,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
    "dataflow,ESTAT:PRC_HICP_MANR(1.0),M,RCH_A,CP00,EA20,2026-06,1.9,p,\n"
    "dataflow,ESTAT:PRC_HICP_MANR(1.0),M,RCH_A,CP00,EA20,2026-07,2.0,,\n"
)
ACTIVITY = (
    "DATAFLOW,LAST UPDATE,freq,unit,sex,age,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,"
    "CONF_STATUS\n"
    "ESTAT:LFSA_ARGAN(1.0),11/06/26 23:00:00,A,PC,T,Y15-64,FOR,FR,2021,66.5,bd,\n"
)
HEADER = "DATAFLOW,unit,leg_stat,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
FLOW = "ESTAT:CRIM_THB(1.0)"


def file(*lines: str) -> InputFile:
    return open_bytes("\n".join([*lines, ""]).encode(), name="a.csv")


def observation(value: str, flags: str = "", conf: str = "") -> Reading:
    return sdmx_csv.read(file(HEADER, f"{FLOW},NR,PER_VICT,F,EL,2015,{value},{flags},{conf}"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sdmx")


# What is read.


@pytest.mark.parametrize(
    ("value", "flags", "conf", "reason", "expected"),
    [
        ("", "", "", Reason.NOT_REPORTED, ""),
        ("", "", "F", Reason.NOT_REPORTED, ""),
        (":", "u", "", Reason.NOT_REPORTED, "u"),
        ("NaN", "", "", Reason.NOT_REPORTED, ""),
        ("", "c", "", Reason.SUPPRESSED, "c"),
        ("", "", "C", Reason.SUPPRESSED, "c"),
        ("", "b", "N", Reason.SUPPRESSED, "bc"),
        ("", "", "D", Reason.SUPPRESSED, "c"),
        ("", "m", "", Reason.NOT_APPLICABLE, "m"),
        ("", "z", "", Reason.NOT_APPLICABLE, "z"),
        ("0", "", "", Reason.KNOWN, ""),
        ("7", "bd", "", Reason.KNOWN, "bd"),
    ],
)
def test_empty_value_is_missing_and_zero_is_a_count(
    value: str, flags: str, conf: str, reason: Reason, expected: str
) -> None:
    cell = observation(value, flags, conf).table.cell(area="EL", sex="female")
    assert cell.count.reason is reason
    assert cell.flags == frozenset(expected)
    assert cell.count.value == (int(value) if value.isdigit() else None)


def test_other_confidentiality_letters_are_noted_and_published_figures_flagged() -> None:
    reading = observation("", conf="D")
    assert reading.log.notes == ("Other confidentiality letters than C and N: D",)
    reading = observation("5", conf="C")
    assert reading.log.codes == ("CONFIDENTIAL",)
    cell = reading.table.cell(area="EL", sex="female")
    assert (cell.count, cell.flags) == (Count.known(5), frozenset("c"))


@pytest.mark.parametrize(
    ("status", "value", "reason", "expected"),
    [
        ("A", "5", Reason.KNOWN, ""),
        ("B", "5", Reason.KNOWN, "b"),
        ("p", "5", Reason.KNOWN, "p"),
        ("S", "5", Reason.KNOWN, ""),
        ("M", "", Reason.NOT_APPLICABLE, "m"),
        ("L", "", Reason.NOT_REPORTED, ""),
        ("O", "", Reason.NOT_REPORTED, ""),
        ("Q", "", Reason.SUPPRESSED, "c"),
    ],
)
def test_observation_statuses_are_flags(
    status: str, value: str, reason: Reason, expected: str
) -> None:
    opened = file(
        "DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS", f"X:Y(1.0),FR,2015,{value},{status}"
    )
    reading = sdmx_csv.read(opened, kind="victims")
    cell = reading.table.cell()
    assert (cell.count.reason, cell.flags) == (reason, frozenset(expected))
    assert bool(reading.log.notes) is (status == "S")


@given(result=eurostat_files.cells, seed=st.integers(), version=st.sampled_from(["1.0", "2.0"]))
def test_the_order_of_columns_does_not_matter(
    result: eurostat_files.Cells, seed: int, version: str
) -> None:
    def shuffled(names: list[str]) -> list[str]:
        return random.Random(seed).sample(names, len(names))

    usual = open_bytes(eurostat_files.sdmx(result, version), name="a.csv")
    other = open_bytes(eurostat_files.sdmx(result, version, order=shuffled), name="a.csv")
    assert recognised(usual)[0].name == recognised(other)[0].name == "sdmx_csv"
    assert f"version {version}" in sdmx_csv.recognise(other)
    first, second = sdmx_csv.read(usual), sdmx_csv.read(other)
    assert list(first.data.tables()) == list(second.data.tables())
    assert first.log.read == first.log.used + first.log.rejected


def test_the_data_set_and_its_update_are_the_source_of_each_row() -> None:
    opened = file(
        "DATAFLOW,LAST UPDATE,unit,leg_stat,sex,geo,TIME_PERIOD,OBS_VALUE",
        "ESTAT:CRIM_THB_SEX(1.0),11/06/26 23:00:00,NR,PER_VICT,F,EL,2015,1",
        "ESTAT:CRIM_THB_SEX(1.0),12/06/26 23:00:00,NR,PER_VICT,M,EL,2015,1",
        "IT1:THB(2.0),,NR,PER_VICT,F,FR,2015,2",
        "our file,,NR,PER_VICT,F,UK,2015,2",
        ",,NR,PER_VICT,F,AT,2015,2",
    )
    table = sdmx_csv.read(opened).table
    sources = {
        area: table.cell(area=area, sex="female").source for area in ("EL", "FR", "UK", "AT")
    }
    assert sources["EL"] == Source(
        title="Eurostat CRIM_THB_SEX",
        publisher="Eurostat",
        published=date(2026, 6, 12),
        kind="primary",
    )
    assert (sources["FR"], sources["UK"]) == (
        Source(title="IT1 THB", publisher="IT1", kind="primary"),
        Source(title="our file"),
    )
    assert sources["AT"] is None
    mine = sdmx_csv.read(opened, source="Mine").table
    assert {record.source for record in mine} == {Source(title="Mine")}


def test_deletions_are_rejected() -> None:
    opened = file(
        "STRUCTURE,STRUCTURE_ID,ACTION,geo,TIME_PERIOD,OBS_VALUE",
        *(
            f"dataflow,A:B(1.0),{action},{area},2015,1"
            for action, area in zip("IARM", ("AT", "BE", "EL", "FR"), strict=True)
        ),
        "dataflow,A:B(1.0),D,UK,,",
        "dataflow,A:B(1.0),X,RO,2015,1",
    )
    reading = sdmx_csv.read(opened, kind="victims")
    assert reading.log.codes == ("DELETION", "UNMAPPED")
    assert reading.log.used == 4


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_labels_of_codes_are_ignored(sign: str) -> None:
    both = [
        ["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "leg_stat", "Legal status", "geo"],
        ["dataflow", FLOW, "Trafficking", "PER_VICT", "Victim", "EL"],
        ["dataflow", FLOW, "Trafficking", "PER_VICT", "Victim", "FR"],
    ]
    both[0] += ["Geopolitical entity (reporting)", "TIME_PERIOD", "Time", "OBS_VALUE", "OBS_FLAG"]
    both[1] += ["Greece", "2015", "2015", "7", "b"]
    both[2] += ["France", "2015", "2015", "8", ""]
    behind = [
        ["STRUCTURE", "STRUCTURE_ID", "leg_stat: Legal status", "geo: Geopolitical entity"],
        ["dataflow", f"{FLOW}: Trafficking", "PER_VICT: Victim", "EL: Greece"],
        ["dataflow", f"{FLOW}: Trafficking", "PER_VICT: Victim", "FR: France"],
    ]
    behind[0] += ["TIME_PERIOD: Time", "OBS_VALUE: Observation value", "OBS_FLAG: Flag"]
    behind[1] += ["2015: 2015", "7", "b: break in time series"]
    behind[2] += ["2015: 2015", "8", ""]
    readings = [
        sdmx_csv.read(file(*(sign.join(row) for row in rows)), strict=True)
        for rows in (both, behind)
    ]
    for reading in readings:
        table = reading.table
        assert (table.count(area="EL"), table.count(area="FR")) == (Count.known(7), Count.known(8))
        assert table.cell(area="EL").flags == frozenset("b")
    assert readings[0].table == readings[1].table
    assert readings[0].log.notes == (
        "Read as labels of the previous column: Legal status, Geopolitical entity (reporting), "
        "Time",
    )
    frames = [observations(file(*(sign.join(row) for row in r))) for r in (both, behind)]
    assert frames[0].equals(frames[1])


def test_dimension_with_one_code_and_a_capital_is_not_a_label() -> None:
    opened = file("DATAFLOW,geo,Sex,TIME_PERIOD,OBS_VALUE", "A:B(1),EL,F,2015,1")
    assert sdmx_csv.read(opened, kind="victims").table.categories("sex") == ("female",)
    opened = file("DATAFLOW,freq,heldBy,geo,TIME_PERIOD,OBS_VALUE", "A:B(1),A,police,EL,2015,1")
    with pytest.raises(InvalidValue, match="heldby"):
        sdmx_csv.read(opened, kind="victims")


def test_label_of_one_word_has_the_name_of_its_code_or_no_codes() -> None:
    header = "DATAFLOW,freq,Frequency,sex,Sex,geo,TIME_PERIOD,OBS_VALUE"
    table = sdmx_csv.read(file(header, "A:B(1),A,Annual,F,F,EL,2015,1"), kind="victims").table
    assert table.categories("sex") == ("female",)


def test_column_with_more_texts_than_codes_is_not_a_label() -> None:
    opened = file(
        "DATAFLOW,geo,Some words,TIME_PERIOD,OBS_VALUE", "A:B(1),EL,x,2015,1", "A:B(1),EL,y,2016,1"
    )
    with pytest.raises(InvalidValue, match="some words"):
        sdmx_csv.read(opened, kind="victims")


def test_multiplier_is_rejected() -> None:
    opened = file(
        "DATAFLOW,REF_AREA,UNIT_MULT,DECIMALS,TIME_PERIOD,OBS_VALUE",
        "A:B(1.0),FR,0,0,2015,5",
        "A:B(1.0),FR,3,0,2016,5",
    )
    reading = sdmx_csv.read(opened, kind="victims")
    assert [record.count for record in reading.table] == [Count.known(5)]
    assert reading.log.with_code("UNMAPPED")[0].column == "unit_mult"


@pytest.mark.parametrize(
    "word", ["NAT", "EU28_FOR", "EU27_2020_FOR", "NEU28_FOR", "EXT_EU27_2020", "STLS", "UNK", "NG"]
)
def test_citizenships_of_eurostat_are_groups_or_countries(word: str) -> None:
    opened = file("DATAFLOW,citizen,geo,TIME_PERIOD,OBS_VALUE", f"A:B(1.0),{word},FR,2015,5")
    expected = {
        "NAT": "reporting_country",
        "EU28_FOR": "other_eu",
        "EU27_2020_FOR": "other_eu",
        "NEU28_FOR": "non_eu",
        "EXT_EU27_2020": "non_eu",
        "STLS": "stateless",
        "UNK": "unknown",
    }
    table = sdmx_csv.read(opened, kind="victims").table
    assert table.categories("citizenship") == (expected.get(word, word),)


def test_category_of_all_foreigners_is_rejected() -> None:
    opened = file("DATAFLOW,citizen,geo,TIME_PERIOD,OBS_VALUE", "A:B(1.0),FOR,FR,2015,5")
    assert sdmx_csv.read(opened, kind="victims").log.codes == ("UNMAPPED",)


def test_rates_of_eurostat_are_observations_only() -> None:
    frame = observations(file(*PRICES.splitlines()))
    assert frame.astype(object).fillna("").to_numpy().tolist() == [
        ["M", "RCH_A", "CP00", "EA20", "2026-06", "1.9", "p", ""],
        ["M", "RCH_A", "CP00", "EA20", "2026-07", "2.0", "", ""],
    ]
    report = sdmx_csv.read(file(*ACTIVITY.splitlines()), kind="victims").log
    assert (report.codes, report.used) == (("NO_COUNT",), 0)
    with pytest.raises(DefectiveFile):
        sdmx_csv.read(file(*ACTIVITY.splitlines()), kind="victims", strict=True)


@pytest.mark.parametrize(
    "header",
    [
        "DATAFLOW,geo,TIME_PERIOD",
        "DATAFLOW,geo,OBS_VALUE",
        "DATAFLOW,geo,GEO,TIME_PERIOD,OBS_VALUE",
        "DATAFLOW,geo,time,TIME_PERIOD,OBS_VALUE",
    ],
)
def test_file_without_sdmx_columns_is_rejected(header: str) -> None:
    with pytest.raises(InvalidFile):
        sdmx_csv.read(file(header, ",".join("x" for _ in header.split(","))))


def test_ragged_rows_are_rejected() -> None:
    reading = sdmx_csv.read(
        file("geo,TIME_PERIOD,OBS_VALUE", "EL,2015", "EL,2015,1,2", "FR,2015,3"), kind="victims"
    )
    assert reading.log.count_rows("RAGGED") == 2
    assert (reading.log.read, reading.log.used) == (3, 1)


# What is written.


def written(table: CountTable, path: Path, **options: bool) -> tuple[WriteLog, Reading]:
    return sdmx_csv.write(table, path, **options), sdmx_csv.read(path)


def victims(**row: object) -> CountTable:
    full = {"area": "EL", "period": 2015, "value": 3, **row}
    return CountTable.from_rows([full], kind="victims")


def test_written_file_starts_with_the_standard_columns(folder: Path) -> None:
    path = folder / "plain.csv"
    sdmx_csv.write(victims(), path)
    header, row = path.read_text(encoding="utf-8").splitlines()
    assert header.startswith("STRUCTURE,STRUCTURE_ID,ACTION,geo,")
    assert header.endswith(",TIME_PERIOD,OBS_VALUE")
    assert row.startswith("dataflow,THBSTATS:VICTIMS(1.0),I,EL,")
    assert row.endswith(",2015,3")


def test_features_for_this_library_only_are_logged_and_not_lost(folder: Path) -> None:
    report, _ = written(victims(period="~2014-2016", area="EU28 without UK"), folder / "a.csv")
    assert [(loss.code, loss.is_lost) for loss in report.unsupported] == [
        ("PERIOD", False),
        ("AREA_NAME", False),
    ]
    assert report.lossless
    report, _ = written(victims(period="2015-2016", area="EU28"), folder / "a.csv")
    assert report.unsupported == ()
    assert "2015-01-01/P2Y" in (folder / "a.csv").read_text(encoding="utf-8")


def test_missing_counts_have_a_status_for_other_programs(folder: Path) -> None:
    path = folder / "gap.csv"
    sdmx_csv.write(victims(value=Count.suppressed(1, 4)), path)
    header, row = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
    named = dict(zip(header, row, strict=True))
    assert named["OBS_VALUE"] == ""
    assert (named["CONF_STATUS"], named["REASON"]) == ("C", "suppressed")
    assert (named["LOWER"], named["UPPER"]) == ("1", "4")


def test_table_without_rows_does_not_store_its_kind(folder: Path) -> None:
    table = CountTable.from_rows([], kind="justice")
    report = sdmx_csv.write(table, folder / "empty.csv")
    assert [loss.code for loss in report.unsupported] == ["NO_ROWS"]
    assert not report.lossless
    assert sdmx_csv.read(folder / "empty.csv").log.read == 0
    assert sdmx_csv.read(folder / "empty.csv", kind="justice").table == table


def test_formulas_are_listed_and_neutralised_on_request(folder: Path) -> None:
    table = victims(source="=HYPERLINK(1)")
    report, reading = written(table, folder / "formula.csv")
    assert [loss.code for loss in report.unsupported] == ["FORMULA"]
    assert reading.table == table
    report, reading = written(table, folder / "formula.csv", neutralise=True)
    assert [(loss.code, loss.is_lost) for loss in report.unsupported] == [("NEUTRALISED", True)]
    assert reading.table.cell().source == Source(title="'=HYPERLINK(1)")


def test_file_can_contain_several_kinds_of_count() -> None:
    opened = file(
        "STRUCTURE,STRUCTURE_ID,ACTION,geo,TIME_PERIOD,OBS_VALUE,stage",
        "dataflow,THBSTATS:VICTIMS(1.0),I,EL,2015,1,",
        "dataflow,THBSTATS:JUSTICE(1.0),I,EL,2015,2,convicted",
        "dataflow,THBSTATS:OTHER(1.0),I,EL,2015,2,convicted",
    )
    reading = sdmx_csv.read(opened)
    assert reading.data.justice.count(stage="convicted") == Count.known(2)
    assert reading.data.victims.count() == Count.known(1)
    assert reading.log.codes == ("UNMAPPED",)
