"""Results of a benchmark: tables and rules, as a section of one page.

A script ends with `finish`, which prints the section and returns 1 if a rule is missed. If
`run_all.py` starts the script, `finish` also writes the section to a file.
"""

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from attrs import asdict, evolve, field, frozen

__all__ = ["WHERE", "Rule", "Section", "Table", "finish", "loaded"]

WHERE = "THBSTATS_BENCHMARK_SECTION"
"""The variable that names the file for the section."""


@frozen(kw_only=True)
class Rule:
    """A figure and its limit; ``allowed`` is None for a figure without a rule."""

    what: str
    measured: float
    allowed: float | None = None
    unit: str = ""
    at_least: bool = False

    @property
    def missed(self) -> bool:
        if self.allowed is None:
            return False
        return self.measured < self.allowed if self.at_least else self.measured > self.allowed

    @property
    def cells(self) -> tuple[str, str, str, str]:
        held = "" if self.allowed is None else f"{self.sign} {self.allowed:,g}{self._unit}"
        verdict = "" if self.allowed is None else "**missed**" if self.missed else "met"
        return self.what, f"{self.formatted}{self._unit}", held, verdict

    @property
    def sign(self) -> str:
        return "at least" if self.at_least else "at most"

    @property
    def formatted(self) -> str:
        return f"{self.measured:,.0f}" if self.measured >= 100 else f"{self.measured:.3g}"

    @property
    def _unit(self) -> str:
        return f" {self.unit}" if self.unit not in ("", "%") else self.unit


@frozen(kw_only=True)
class Table:
    """Rows of cells under a heading; all columns but the first, or the first few, are numbers."""

    title: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    texts: int = 1

    def lines(self) -> list[str]:
        lines = [f"### {self.title}", ""] if self.title else []
        numbers = len(self.columns) - self.texts
        lines += [_row(self.columns), _row([*["---"] * self.texts, *["---:"] * numbers])]
        lines += [*map(_row, self.rows), ""]
        return [*lines, *(f"- {note}" for note in self.notes), *([""] if self.notes else [])]


@frozen(kw_only=True)
class Section:
    """What one script found.

    ``about`` is its docstring: the first line, what it says before how to call it.
    """

    about: str
    tables: tuple[Table, ...] = ()
    rules: tuple[Rule, ...] = ()
    script: str = field(factory=lambda: Path(sys.argv[0]).stem)
    seconds: float | None = None
    resident: float | None = None

    @property
    def title(self) -> str:
        return self.about.strip().split("\n", 1)[0].rstrip(".")

    def lines(self) -> list[str]:
        about = re.split(r"\n\n {4}", self.about.strip())[0].split("\n")[1:]
        lines = [f"## {self.title}", *about, ""]
        for table in self.tables:
            lines += table.lines()
        if self.rules:
            columns = ("rule", "measured", "allowed", "verdict")
            rows = tuple(rule.cells for rule in self.rules)
            lines += Table(columns=columns, rows=rows).lines()
        if self.seconds is not None and self.resident is not None:
            lines += [
                f"`benchmarks/{self.script}.py` took {self.seconds:.0f} s; at most "
                f"{self.resident:,.0f} MiB of resident memory, including the peers.",
                "",
            ]
        return lines


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def finish(*, about: str | None, tables: Sequence[Table] = (), rules: Sequence[Rule]) -> NoReturn:
    """Print what was found, leave it for the page, and end with 1 where a rule is missed."""
    section = Section(about=about or "", tables=tuple(tables), rules=tuple(rules))
    print("\n".join(line for table in section.tables for line in table.lines()))
    for rule in section.rules:
        print("  ".join(cell for cell in rule.cells if cell).replace("**", ""))
    if WHERE in os.environ:
        Path(os.environ[WHERE]).write_text(json.dumps(asdict(section)), encoding="utf-8")
    sys.exit(any(rule.missed for rule in section.rules))


def loaded(text: str, *, seconds: float, resident: float) -> Section:
    """Return the section that a script left."""
    given = json.loads(text)
    tables = tuple(
        Table(
            title=table["title"],
            columns=tuple(table["columns"]),
            rows=tuple(map(tuple, table["rows"])),
            notes=tuple(table["notes"]),
            texts=table["texts"],
        )
        for table in given.pop("tables")
    )
    rules = tuple(Rule(**rule) for rule in given.pop("rules"))
    return evolve(
        Section(**{**given, "tables": tables, "rules": rules}), seconds=seconds, resident=resident
    )
