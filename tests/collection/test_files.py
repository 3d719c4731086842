import errno
import json
import os
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import thbstats as thb
from tests.collection.registers import registers
from thbstats.cli import main
from thbstats.collection import returns
from thbstats.errors import ImpossibleResult, InvalidFile, InvalidValue
from thbstats.values import Reason

PLAN = thb.collection.plan("article-19a")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("returns")
    ret = PLAN.fill(
        registers(4000),
        area="IT",
        period=2025,
        person="person",
        multi={"exploitation": "exploitation"},
        source="Synthetic register",
    )
    return ret, folder, ret.write(folder / "it_2025")


def test_a_written_return_is_read_back_equal(written) -> None:
    ret, folder, _ = written
    again = thb.collection.read_return(folder / "it_2025")
    assert again == ret
    assert again.tables == ret.tables
    assert again.completeness().to_frame().equals(ret.completeness().to_frame())
    assert again != PLAN.fill({}, area="IT", period=2025)
    assert again != "return"


def test_the_confidential_and_the_public_files_are_in_two_folders(written) -> None:
    _, folder, files = written
    names = {path.name for path in folder.iterdir()}
    assert names == {"it_2025", "it_2025-publication"}
    for name, own in files.to_frame().groupby("folder"):
        assert {path.name for path in Path(name).iterdir()} == {*own["file"]}
    assert not (folder / "it_2025-publication" / "return.json").exists()
    assert "is confidential" in str(files)


def test_the_publication_is_suppressed_and_the_return_is_not(written) -> None:
    ret, folder, _ = written
    for variable in PLAN.variables:
        stem = folder / "it_2025-publication" / f"{variable.letter}_{variable.name}"
        public = thb.read(f"{stem}.sdmx.csv", structure=f"{stem}.structure.xml").table
        if variable.name == "use_of_services":
            continue
        assert not ((public.lower > 0) & (public.lower < 5) & (public.upper < 5)).any()
        reasons = {own.count.reason for own in ret[variable.name]}
        assert reasons == {Reason.KNOWN}
    # A count of a country is not the difference of the groups of citizenship.
    cells = pd.read_csv(folder / "it_2025-publication" / "a_victims.csv")
    assert not cells["citizenship"].isin(["other_eu", "non_eu", "reporting_country"]).any()
    assert (cells["reason"] != "known").any()


def test_the_data_package_describes_every_csv_file(written) -> None:
    _, folder, _ = written
    package = json.loads((folder / "it_2025" / "datapackage.json").read_text("utf-8"))
    assert [own["path"] for own in package["resources"]] == [
        f"{own.letter}_{own.name}.csv" for own in PLAN.variables
    ]
    for resource in package["resources"]:
        frame = pd.read_csv(folder / "it_2025" / resource["path"])
        names = [own["name"] for own in resource["schema"]["fields"]]
        assert names == [*frame.columns]
    assert package["name"] == "article-19a-it-2025"


def test_the_workbook_has_a_sheet_for_each_variable(written) -> None:
    ret, folder, _ = written
    sheets = pd.read_excel(folder / "it_2025" / "return.xlsx", sheet_name=None, engine="calamine")
    expected = [f"{own.letter} {own.name}" for own in PLAN.variables]
    assert [*sheets] == [*expected, "notes", "missing"]
    assert sheets["a victims"]["count"].iloc[0] == ret["a"].lower[0]
    assert sheets["g use_of_services"]["count"].isna().all()
    assert (sheets["g use_of_services"]["reason"] == "not_reported").all()
    assert sheets["missing"]["columns needed"].tolist() == ["stage sex age"]
    assert sheets["notes"]["note"].str.contains("A blank count is not 0").any()
    with zipfile.ZipFile(folder / "it_2025-publication" / "return.xlsx") as packed:
        texts = packed.read("xl/sharedStrings.xml").decode()
    assert "registered by two bodies" not in texts


def test_the_two_folders_must_be_apart(written, tmp_path: Path) -> None:
    ret, _, _ = written
    for public in (tmp_path / "a", tmp_path / "a" / "b", tmp_path):
        with pytest.raises(InvalidValue, match="must not be in the folder"):
            ret.write(tmp_path / "a", publication=public)
    assert not (tmp_path / "a").exists()


def test_a_return_that_cannot_be_written_leaves_the_old_files(written, monkeypatch) -> None:
    """A full disk at the last file: no folder has files of two returns."""
    _, folder, _ = written
    old = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(returns, "write_sheets", full)
    other = PLAN.fill({}, area="IT", period=2025)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        other.write(folder / "it_2025")
    assert {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == old


def test_a_folder_without_a_return_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"return\.json must be a return"):
        thb.collection.read_return(tmp_path)
    (tmp_path / "return.json").write_text('{"schema_version": 9}')
    with pytest.raises(InvalidFile, match="must have version 1"):
        thb.collection.read_return(tmp_path)


VICTIMS = "gender,age,forms,register\nF,17,sexual,police\nM,30,labour,ngo\n,,,police\n"


def test_the_command_fills_checks_and_writes(tmp_path: Path, monkeypatch, capsys) -> None:
    def run(*words):
        status = main([*words])
        return status, *capsys.readouterr()

    monkeypatch.chdir(tmp_path)
    Path("victims.csv").write_text(VICTIMS)
    options = (
        "--area IT --period 2025 --column sex=gender --recode sex:F=female --recode sex:M=male"
    )
    words = f"collect article-19a a=victims.csv {options} --multi exploitation=forms".split()
    status, out, error = run(*words, "--output", "it_2025", "--released", "2026-09-28")
    assert (status, error) == (0, "")
    assert "Files of the return" in out
    assert "Quality of article-19a, IT, 2025" in out
    again = thb.collection.read_return("it_2025")
    assert again["a"].count(register="all", sex="unknown").lower == 1
    status, _, error = run(*words, "--check", "--output", "x", "--previous", "it_2025", "--strict")
    assert status == 1
    assert "LACKING" in error
    assert not Path("x").exists()
    mixed = ["collect", "article-19a", "a=victims.csv", "victims.csv", *options.split()]
    status, _, error = run(*mixed)
    assert status == 2
    assert "must be files, or all VARIABLE=FILE" in error
    assert "article-19a" in run("collect", "article-19", "victims.csv", *options.split())[2]


def test_contradictory_counts_are_transmitted_and_not_published(tmp_path: Path) -> None:
    table = thb.CountTable.from_rows(
        [("total", 10), ("female", 12), ("male", 1)],
        columns=["sex", "value"],
        kind="justice",
        area="IT",
        period=2025,
        stage="convicted",
        unit="persons",
    )
    ret = PLAN.fill(table, area="IT", period=2025)
    with pytest.raises(ImpossibleResult, match="additivity"):
        ret.write(tmp_path / "it")
    assert thb.collection.read_return(tmp_path / "it") == ret
    assert not (tmp_path / "it-publication").exists()
