"""Kill commands, fill their disk and cancel requests: each file stays the old or the new one.

    python fuzz/faults.py [TRIES]

Prints the number of tries, of tries that hit a running command, and of failures, and ends with 1
after a failure. A full disk needs the right to mount a file system; otherwise a limit on the size
of files takes its place. It needs POSIX and the extra mcp.
"""

import asyncio
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import thbstats as thb
from thbstats.agents.folder import Folder
from thbstats.agents.server import Worker
from thbstats.cli import main as command

OLD = b"old content of the file\n"
COMMANDS = {
    "convert": ("convert cases.csv new.json --to json_stat", "new.json"),
    "two files": ("convert cases.csv new.csv --to sdmx_csv --structure new.xml", "new.csv new.xml"),
    "report": ("report table.json --format html --output new.html", "new.html"),
    "count": (
        "count list.csv --by sex --set area=MT --set period=2020 --output new.csv",
        "new.csv",
    ),
}


def prepare(folder: Path) -> None:
    """Write the inputs of the commands."""
    table = thb.publications.com_2018_777().data.victims
    thb.write(table, folder / "table.json")
    thb.write(table, folder / "cases.csv")
    (folder / "list.csv").write_text("sex\n" + "female\nmale\n" * 2000)
    for name, value in (("a", 12), ("b", 999)):
        rows = [{"value": value}]
        own = thb.CountTable.from_rows(rows, kind="victims", area="MT", period=2020)
        thb.write(own, folder / f"{name}.json")


def child(arguments: list[str], limit: int | None = None) -> int:
    """Start a command in a copy of this process, which has loaded the library."""
    process = os.fork()
    if process:
        return process
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    status = 70  # an error that is not ours
    try:
        status = command(arguments)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 70
    finally:
        os._exit(status)


def run(arguments: list[str]) -> float:
    """Run a command, and return its seconds."""
    start = monotonic()
    _, status = os.waitpid(child(arguments), 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} ends with {os.waitstatus_to_exitcode(status)}")
    return monotonic() - start


def is_whole(names: list[str], new: dict[str, bytes]) -> bool:
    """Whether each file is the old or the new one."""
    return all(Path(name).read_bytes() in (OLD, new[name]) for name in names)


def kills(tries: int, new: Callable[[str], tuple[float, dict[str, bytes]]]) -> tuple[int, int]:
    """Kill commands at random moments, half of them at the sight of a temporary file."""
    hits = failures = 0
    for number in range(tries):
        arguments, names = (text.split() for text in COMMANDS[list(COMMANDS)[number % 4]])
        seconds, content = new(list(COMMANDS)[number % 4])
        for name in names:
            Path(name).write_bytes(OLD)
        process, end = child(arguments), monotonic() + random.uniform(0, 1.1 * seconds)
        while number % 2 and monotonic() < end + seconds and not list(Path().glob(".thbstats-*")):
            if os.waitpid(process, os.WNOHANG) != (0, 0):
                process = 0
                break
        sleep(max(0.0, end - monotonic()) if number % 2 == 0 else 0.0)
        if process:
            own = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[number // 4 % 3]
            os.kill(process, own)
            hits += os.waitpid(process, 0)[1] != 0
        failures += not is_whole(names, content)
        for left in Path().glob(".thbstats-*"):
            left.unlink()
    return hits, failures


@contextmanager
def small_disk(size: int) -> Iterator[str]:
    """Mount a file system of some bytes; yields an empty text without the right to do it."""
    folder = tempfile.mkdtemp()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield folder if is_mounted else ""
    finally:
        if is_mounted:
            subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


def full_disks(tries: int, new: Callable[[str], tuple[float, dict[str, bytes]]]) -> tuple[int, int]:
    """Write to a file system that is too small, or with a limit on the size of files."""
    hits = failures = 0
    for number in range(tries):
        arguments, names = (text.split() for text in COMMANDS[list(COMMANDS)[number % 4]])
        _, content = new(list(COMMANDS)[number % 4])
        size = random.randint(len(OLD), max(len(own) for own in content.values()))
        with small_disk(4096 * (2 + size // 4096) if number % 3 else 0) as folder:
            limit = None if number % 3 and folder else size
            names_there = [os.path.join(folder if limit is None else "", name) for name in names]
            for name in names_there:
                Path(name).write_bytes(OLD)
            there = dict(zip(names, names_there, strict=True))
            process = child([there.get(text, text) for text in arguments], limit)
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            whole = dict(zip(names_there, (content[name] for name in names), strict=True))
            old = [Path(name).read_bytes() == OLD for name in names_there]
            hits += status != 0
            failures += not is_whole(names_there, whole) or status not in (0, 2)
            failures += all(old) == (status == 0)
    return hits, failures


async def cancels(tries: int) -> tuple[int, int]:
    """Cancel requests of the server for chat assistants, and compare the other answers."""
    worker, expected = Worker(Folder(Path()), 60), {"a": "12", "b": "999"}
    hits = failures = 0
    for _ in range(tries):
        name = random.choice("ab")
        request = {"path": f"{name}.json", "area": "MT", "period": "2020"}
        asked = asyncio.ensure_future(worker.ask("total", request))
        if random.random() < 0.3:
            await asyncio.sleep(random.choice((0.0, 0.0005, 0.002, 0.01, 0.2)))
            hits += asked.cancel()
            continue
        failures += (await asked)["formatted"] != expected[name]
    await worker.close()
    return hits, failures


def main(tries: int) -> int:
    """Run all campaigns, and return the exit code."""
    random.seed(1)
    os.chdir(tempfile.mkdtemp(prefix="faults-"))
    prepare(Path())
    results: dict[str, tuple[float, dict[str, bytes]]] = {}

    def new(key: str) -> tuple[float, dict[str, bytes]]:
        """Return the seconds of a command, and the files that it writes."""
        if key not in results:
            arguments, names = (text.split() for text in COMMANDS[key])
            seconds = run(arguments)
            results[key] = seconds, {name: Path(name).read_bytes() for name in names}
        return results[key]

    failed = 0
    for title, count, campaign in (
        ("kills", tries, lambda: kills(tries, new)),
        ("full disks", tries // 2, lambda: full_disks(tries // 2, new)),
        ("cancelled requests", tries, lambda: asyncio.run(cancels(tries))),
    ):
        hits, failures = campaign()
        failed += failures
        print(f"{title}: {count} tries, {hits} hit, {failures} failures", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
