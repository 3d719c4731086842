"""Files that are written whole or not at all, by every writer."""

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

import thbstats as thb
from tests.reports.made import claim, report
from thbstats._files import write_file, write_files
from thbstats.errors import InvalidValue
from thbstats.reports import Document
from thbstats.tables import CountTable

OLD = b"an old file\n"
TABLE = CountTable.from_rows([{"value": 12}], kind="victims", area="MT", period=2020)
TABLES = ("csv", "json", "parquet", "thb.parquet", "jsonstat.json", "sdmx.csv")
REPORTS = ("html", "md", "txt", "json", "csv", "xlsx")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")


@pytest.fixture(scope="module")
def document() -> Document:
    return thb.report(report(claim("some", wording="many victims")))


@pytest.fixture(params=[*TABLES, *(f"report.{name}" for name in REPORTS), "plot.svg", "plot.png"])
def write(request: pytest.FixtureRequest, document: Document) -> Callable[[Path], Any]:
    """A writer of one format; the file is the same for all."""
    extension = request.param
    if extension.startswith("report."):
        return lambda folder: document.save(folder / f"old.{extension}")
    if extension.startswith("plot."):
        plots = pytest.importorskip("thbstats.plots", exc_type=ImportError)
        ax = plots.bars(thb.total(TABLE, by="period"))
        return lambda folder: plots.save(ax, folder / f"old.{extension}")
    if "parquet" in extension:
        pytest.importorskip("pyarrow", exc_type=ImportError)
    form = {"sdmx.csv": "sdmx_csv", "jsonstat.json": "json_stat"}.get(extension)
    return lambda folder: thb.write(TABLE, folder / f"old.{extension}", format=form)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("error", [OSError(ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failed_write_leaves_the_old_file_and_no_temporary_file(
    write: Callable[[Path], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    write(tmp_path)
    (name,) = names(tmp_path)
    path = tmp_path / name
    path.write_bytes(OLD)
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)) as raised:
        write(tmp_path)
    assert names(tmp_path) == {name}
    assert path.read_bytes() == OLD
    if isinstance(raised.value, OSError):
        assert raised.value.filename == str(path)


@pytest.mark.parametrize("extension", ["json", "csv", "xlsx"])
def test_a_lone_surrogate_is_an_error_and_the_old_file_stays(
    tmp_path: Path, extension: str
) -> None:
    path = tmp_path / f"old.{extension}"
    path.write_bytes(OLD)
    broken = report(claim("some", wording="many \ud83d victims"), title="A report \ud83d")
    with pytest.raises(InvalidValue, match="lone surrogate"):
        thb.report(broken).save(path)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == {path.name}


@pytest.mark.parametrize("extension", ["html", "md", "txt"])
def test_a_lone_surrogate_is_escaped_in_texts_for_people(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"new.{extension}"
    thb.report(report(claim("some", wording="many victims"), title="Publication \ud83d")).save(path)
    assert r"Publication \ud83d" in path.read_text("utf-8").replace(r"\\", "\\")


STOPPED = """
import os, signal, sys
from thbstats.cli import main
def stop(number):
    os.write(2, b"writing")
    signal.pause()
os.fsync = stop
sys.exit(main())
"""


@POSIX
@pytest.mark.parametrize(
    ("number", "status", "left"),
    [(signal.SIGTERM, 143, 0), (signal.SIGINT, 130, 0), (signal.SIGKILL, -signal.SIGKILL, 1)],
)
def test_killed_process_leaves_the_old_file(
    tmp_path: Path, number: signal.Signals, status: int, left: int
) -> None:
    thb.write(TABLE, tmp_path / "table.csv")
    path = tmp_path / "old.json"
    path.write_bytes(OLD)
    command = [sys.executable, "-c", STOPPED, "convert", str(tmp_path / "table.csv"), str(path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.read(7) == b"writing"
        process.send_signal(number)
        output = process.stderr.read().decode()
        assert process.wait(timeout=60) == status
    assert re.fullmatch(r"(thbstats convert: \w+\n)?", output)
    assert path.read_bytes() == OLD
    others = names(tmp_path) - {path.name, "table.csv"}
    assert len(others) == left
    assert all(re.fullmatch(r"\.thbstats-\w+\.tmp", name) for name in others)


@pytest.mark.parametrize("failing", [0, 1])
def test_several_files_are_written_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    paths = [tmp_path / name for name in ("first", "second")]
    for path in paths:
        path.write_bytes(OLD)
    written = iter([0, 1])

    def full(_number: int) -> None:
        if next(written) == failing:
            raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as raised:
        write_files((path, "new") for path in paths)
    assert raised.value.filename == str(paths[failing])
    assert [path.read_bytes() for path in paths] == [OLD, OLD]
    assert names(tmp_path) == {"first", "second"}
    monkeypatch.undo()
    write_files((path, "new") for path in paths)
    assert [path.read_text() for path in paths] == ["new", "new"]
    assert names(tmp_path) == {"first", "second"}


@pytest.mark.parametrize("link", [None, os.symlink, os.link])
def test_several_files_must_be_different(tmp_path: Path, link: Callable[..., None] | None) -> None:
    (tmp_path / "old").write_bytes(OLD)
    other = tmp_path / ("./old" if link is None else "link")
    if link is not None:
        link(tmp_path / "old", other)
    with pytest.raises(InvalidValue, match="must be different files"):
        write_files([(tmp_path / "old", "table"), (other, "structure")])
    assert (tmp_path / "old").read_bytes() == OLD
    with pytest.raises(InvalidValue, match="must be different files"):
        thb.write(TABLE, tmp_path / "t.csv", format="sdmx_csv", structure=tmp_path / "t.csv")
    assert not (tmp_path / "t.csv").exists()


@POSIX
def test_a_new_file_has_default_permissions(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    write_file(tmp_path / "written", b"x")
    assert (tmp_path / "written").stat().st_mode == plain.stat().st_mode


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_old_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "old"
    path.touch()
    path.chmod(mode)
    write_file(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_bytes() == b"new"


def test_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "target"
    target.write_bytes(OLD)
    for name, aim in (("link", target), ("dangling", tmp_path / "folder" / "none")):
        os.symlink(aim, tmp_path / name)
        write_file(tmp_path / name, "new")
        assert (tmp_path / name).is_symlink()
        assert aim.read_bytes() == b"new"
    assert names(tmp_path / "folder") == {"target", "none"}


@POSIX
def test_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write_file(path, "new")
    assert os.read(reading, 9) == b"new"
    os.close(reading)
    assert stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may write every file"
)
def test_a_write_protected_file_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(OLD)
    path.chmod(0o400)
    with pytest.raises(PermissionError, match="old"):
        write_file(path, "new")
    assert path.read_bytes() == OLD


@pytest.mark.parametrize("name", ["none/new", "."])
def test_missing_folder_is_named_in_the_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=re.escape(str((tmp_path / name).parent))):
        write_file(tmp_path / name, "new")
