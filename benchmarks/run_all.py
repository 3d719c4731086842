"""Run every benchmark, and write the results to one page.

    python benchmarks/run_all.py [names of scripts] [--short] [--page FILE]

``--short`` gives each benchmark a minimal task, so that all end within a minute. It checks that
they run; its figures have no meaning. The exit code is 1 if a rule is missed or a script fails.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

from _section import WHERE, Section, Table, loaded

HERE = Path(__file__).parent
FULL: Mapping[str, Sequence[str]] = {"count_files": ["8", "5"]}
SHORT: Mapping[str, Sequence[str]] = {
    "audit_table": ["20000", "1"],
    "bounds": ["1"],
    "build_table": ["20000", "1"],
    "compare_all": ["1", "20"],
    "compare_releases": ["1", "1"],
    "count_cases": ["0.002", "1"],
    "count_ctdc": ["2000", "1"],
    "count_files": ["5", "1"],
    "fill_return": ["2000", "1"],
    "panels": ["1"],
    "read_glotip": ["", "1"],
    "read_sdmx": ["1", "1"],
    "systems": ["", "1"],
}
LIBRARIES = ("thbstats", "numpy", "pandas", "pyarrow", "polars", "duckdb", "narwhals", "scipy")


def scripts() -> list[str]:
    own = Path(__file__).stem
    found = sorted(path.stem for path in HERE.glob("*.py"))
    return [name for name in found if not name.startswith("_") and name != own]


def ran(name: str, arguments: Sequence[str]) -> Section | None:
    """Run a script in a process of its own; None where it leaves no section."""
    print(f"\n== {name} {' '.join(arguments)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "section.json"
        start = perf_counter()
        process = subprocess.Popen(
            [sys.executable, str(HERE / f"{name}.py"), *arguments],
            env={**os.environ, WHERE: str(path)},
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = perf_counter() - start
        if not path.exists():
            return None
        resident = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        return loaded(path.read_text(encoding="utf-8"), seconds=seconds, resident=resident)


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def machine() -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return [
        f"- {datetime.now(UTC):%d %B %Y}".replace(" 0", " "),
        f"- {os.cpu_count()} cores ({processor()}), {memory:.0f} GiB, {platform.system()}, "
        f"load before {_load:.1f}",
        f"- Python {platform.python_version()}, {', '.join(found)}",
    ]


_load = os.getloadavg()[0]


def page(sections: Sequence[Section], failed: Sequence[str], *, short: bool) -> str:
    held = [
        (f"[{section.script}](#{_anchor(section.title)})", *rule.cells)
        for section in sections
        for rule in section.rules
        if rule.allowed is not None
    ]
    missed = sum(row[-1] != "met" for row in held)
    told = "all are met" if not missed else f"{missed} of {len(held)} missed"
    lines = [
        "# Benchmarks",
        "",
        "`nox -s bench` writes this page. Each script runs in its own process and times its peers "
        "in turn, so that a busy machine slows all of them. Figures are medians. The script checks "
        "that all answers are equal before it measures.",
        "",
        *machine(),
        "",
        *(["**A short run, which shows that all run: no figure means anything.**", ""] * short),
        f"## Rules: {told}",
        "",
        *Table(
            columns=("benchmark", "rule", "measured", "allowed", "verdict"),
            rows=tuple(held),
            texts=2,
        ).lines(),
    ]
    if failed:
        lines += [f"These gave no result: {', '.join(failed)}.", ""]
    for section in sections:
        lines += section.lines()
    return "\n".join(lines).rstrip() + "\n"


def _anchor(title: str) -> str:
    """Return the anchor that Markdown gives a heading."""
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the benchmarks and write their page.")
    parser.add_argument("names", nargs="*", choices=[*scripts(), []])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    sections, failed = [], []
    for name in given.names or scripts():
        section = ran(name, (SHORT if given.short else FULL).get(name, ()))
        if section is None:
            failed.append(name)
        else:
            sections.append(section)
    if given.page:
        given.page.write_text(page(sections, failed, short=given.short), encoding="utf-8")
    missed = [
        f"{section.script}: {'  '.join(rule.cells[:3])}"
        for section in sections
        for rule in section.rules
        if rule.missed
    ]
    print("\n== " + ("every rule is met" if not missed else "missed"), *missed, sep="\n  ")
    if failed:
        print("== no result:", ", ".join(failed))
    return int(bool(missed or failed))


if __name__ == "__main__":
    sys.exit(main())
