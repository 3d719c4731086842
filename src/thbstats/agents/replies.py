"""Answers with denominator, bounds, coverage, warnings and citation, and the answering process.

The process reads a request per line from standard input and writes an answer per line, so that a
slow answer can be ended.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

from thbstats._characters import escape
from thbstats.agents.folder import Folder
from thbstats.auditing import audit
from thbstats.bounds import infer
from thbstats.claims import DIMENSIONS, Publication
from thbstats.errors import (
    InvalidValue,
    ThbstatsError,
    UnknownName,
    did_you_mean,
    require,
    require_name,
)
from thbstats.explanations import explain
from thbstats.files import Reading
from thbstats.indicators import share, total
from thbstats.panel import Panel, Result
from thbstats.panel.result import bounds_of
from thbstats.publications import ALL
from thbstats.rules import compare
from thbstats.sources import read
from thbstats.tables import CountTable

_KINDS = ("victims", "justice", "protection", "cooperation")
_MOST_CODES, _MOST_ROWS, _MOST_ISSUES, _MOST_READINGS = 60, 200, 50, 4
_TEXT, _MOST_SOURCES = 200, 12
_MOST_CHARACTERS = 400_000
_MEMORY = 2**32
"""The bytes of memory of the process; a file within the limits of the folder needs less."""

Answer = dict[str, Any]
Selection = dict[str, Any]

TOOLS = ("files", "read", "total", "share", "compare", "audit", "infer", "explain")
"""The methods of answers that a client can call."""


class Answers:
    """The answers about the files of a folder and the publications of the library.

    The public methods are the tools of the server: their arguments and first texts are those of the
    tools. ``seconds`` is the time limit of an audit.
    """

    def __init__(self, folder: Folder, seconds: float = 20.0) -> None:
        self.folder = folder
        self.seconds = seconds
        self.readings: dict[tuple[Any, ...], Reading] = {}

    def answer(self, tool: str, arguments: Mapping[str, Any]) -> Answer:
        """Return the answer of a tool."""
        if tool not in TOOLS:
            raise UnknownName("must be the name of a tool", field="tool", value=_short(tool))
        answer: Answer = getattr(self, tool)(**arguments)
        return answer

    def files(self) -> Answer:
        """List the files of the folder and the publications that `audit` and `infer` take."""
        paths, has_more = self.folder.files()
        publications = [load.__name__ for load in ALL]
        return {"files": paths, "more_files_not_listed": has_more, "publications": publications}

    def read(self, path: str, kind: str | None = None) -> Answer:
        """Read a file: its tables with dimensions and codes, and the problems of its rows.

        `kind` is victims, justice, protection or cooperation, if the file does not state it.
        """
        reading = self._reading(path, kind)
        log = reading.log
        origins = (own for table in reading.data.tables() for own in table.columns.origins)
        # Texts of the file are not repeated: only codes of the library and numbers.
        return {
            "format": log.format,
            "rows": {"read": log.read, "used": log.used, "rejected": log.rejected},
            "problems": {code: log.count_rows(code) for code in log.codes},
            "tables": [_table(table) for table in reading.data.tables()],
            "citation": _citation({source for own in origins for source in own.sources}),
        }

    def total(
        self,
        path: str,
        *,
        kind: str = "victims",
        category: Selection | None = None,
        area: str | None = None,
        period: str | None = None,
        by: list[str] | None = None,
    ) -> Answer:
        """Sum the counts of an area and period, or of each category of `by`.

        `category` selects categories, such as {"sex": "female"}. Areas are countries, "EU27_2020"
        or "World".
        """
        return self._number(total, path, kind, category, area=area, period=period, by=by)

    def share(
        self,
        path: str,
        *,
        category: Selection,
        base: str = "all",
        kind: str = "victims",
        area: str | None = None,
        period: str | None = None,
        by: list[str] | None = None,
    ) -> Answer:
        """Compute the share of a category, such as {"sex": "female"}.

        `base` is the denominator: "all" includes the unknown category, "known" excludes it.
        """
        indicator = partial(share, base=base)
        return self._number(indicator, path, kind, category, area=area, period=period, by=by)

    def compare(self, path: str, first: Selection, second: Selection) -> Answer:
        """Judge whether two numbers are comparable, and return their difference.

        Each number is {"indicator": "share" or "total", "base": "all", "area": ..., "period": ...,
        "sex": "female"}.
        """
        numbers = [self._result_of(path, own) for own in (first, second)]
        comparison = compare(*numbers)
        return {
            "verdict": comparison.verdict.label,
            "difference": bounds_of(comparison.difference),
            "first": result_answer(numbers[0]),
            "second": result_answer(numbers[1]),
            "warnings": _warnings(comparison.warnings),
            "limitations": _warnings(comparison.limitations),
            "citation": _citation({source for own in numbers for source in own.all_sources}),
        }

    def audit(self, publication: str) -> Answer:
        """Check the figures of a publication, such as com_2018_777, against each other."""
        report = _publication(publication)
        result = audit(report, time_limit=self.seconds)
        issues = [item.to_dict() for item in result.issues[:_MOST_ISSUES]]
        return {
            "verdicts": {str(verdict): number for verdict, number in result.counts().items()},
            "claims": len(result),
            "issues": issues,
            "issues_not_listed": max(0, len(result.issues) - _MOST_ISSUES),
            "conflicts": [[claim.id for claim in claims] for claims in result.conflicts],
            "not_checked": list(result.left_open),
            "assumptions": list(result.assumptions),
            "denominator": "each claim has its own, in `issues`",
            "citation": _citation(report.cite(report.claims[:1])),
        }

    def infer(
        self,
        publication: str,
        category: Selection,
        area: str | None = None,
        period: str | None = None,
        denominator: Selection | None = None,
    ) -> Answer:
        """Compute the bounds of a figure that a publication does not contain."""
        report = _publication(publication)
        options = _selection(category, DIMENSIONS, area=area, period=period)
        if denominator is not None:
            options["denominator"] = _selection(denominator, (*DIMENSIONS, "area"))
        result = infer(report, "victims", **options)
        return {
            **result.to_dict(),
            "denominator": "none: the figure is a count" if denominator is None else denominator,
            "coverage": f"claims of {report.id}: {len(result.claims)}",
            "warnings": _warnings(result.warnings),
            "explanation": result.footnote(),
            "citation": _citation(report.cite(result.claims)),
        }

    def explain(self, topic: str) -> Answer:
        """Explain a warning, a status, a verdict or a term."""
        explanation = explain(_short(topic))
        return {"topic": explanation.topic, "texts": [list(row) for row in explanation.rows]}

    def _reading(self, path: str, kind: str | None) -> Reading:
        key = (path, kind, *self.folder.version(path))
        if key not in self.readings:
            options: dict[str, Any] = {} if kind is None else {"kind": _kind(kind)}
            file = self.folder.open(path)
            while len(self.readings) >= _MOST_READINGS:
                del self.readings[next(iter(self.readings))]
            self.readings[key] = read(file, limits=self.folder.limits, **options)
        return self.readings[key]

    def _table_of(self, path: str, kind: str) -> CountTable:
        kind = _kind(kind)
        try:
            reading = self._reading(path, None)
        except InvalidValue as error:
            if error.field != "kind":
                raise
            reading = self._reading(path, kind)  # the file does not state it
        tables = {table.kind: table for table in reading.data.tables()}
        hint = f"The file has {', '.join(tables) or 'no table'}"
        require(kind in tables, "must be a kind of count in the file", hint, kind=kind)
        return tables[kind]

    def _number(
        self,
        indicator: Callable[..., Any],
        path: str,
        kind: str,
        category: Selection | None,
        **named: Any,
    ) -> Answer:
        table = self._table_of(path, kind)
        result = indicator(table, **_selection(category or {}, table.dimensions, **named))
        return result_answer(result) if isinstance(result, Result) else panel_answer(result)

    def _result_of(self, path: str, query: Mapping[str, Any]) -> Result:
        selection = dict(query)
        kind, indicator = selection.pop("kind", "victims"), selection.pop("indicator", "share")
        base = selection.pop("base", "all")
        is_number = indicator in ("share", "total") and "by" not in selection
        hint = "Use indicator 'share' or 'total', without `by`"
        require(is_number, "must be one number", hint, indicator=indicator)
        table = self._table_of(path, kind)
        options = _selection(selection, table.dimensions)
        if indicator == "total":
            number: Result = total(table, **options)
        else:
            number = share(table, base=base, **options)
        return number


def result_answer(result: Result) -> Answer:
    """Return a result as plain data."""
    size, n = len(result.area.members), result.n_reporters
    coverage = f"{n} of {size} countries"
    if n is None:
        coverage = f"reporting countries are not listed, of {size}"
    return {
        "label": result.label,
        "area": result.area.code,
        "period": str(result.period),
        "status": result.status.label,
        "formatted": result.formatted,
        **{
            name: bounds_of(getattr(result, name))
            for name in ("value", "bounds", "bounds_with_unknown", "numerator", "denominator")
        },
        "base": result.base.label,
        "coverage": coverage,
        "warnings": _warnings(result.warnings),
        "limitations": _warnings(result.limitations),
        "explanation": result.footnote(),
        "citation": _citation(result.all_sources),
    }


def panel_answer(panel: Panel) -> Answer:
    """Return the rows of a panel as plain data; its limitations are stated once."""
    problem, hint = f"must have at most {_MOST_ROWS} rows", "Select a period or an area"
    require(len(panel) <= _MOST_ROWS, problem, hint, by=len(panel))
    rows = []
    for position, result in enumerate(panel):
        row = result_answer(result)
        del row["limitations"], row["explanation"], row["citation"]
        # A dimension can have the name of a field, such as `status`.
        names = {name: str(column[position]) for name, column in panel.keys.items()}
        rows.append({"categories": names} | row)
    sources = {source for result in panel for source in result.all_sources}
    return {
        "caption": panel.caption,
        "rows": rows,
        "limitations": _warnings(panel.limitations),
        "citation": _citation(sources),
    }


def _warnings(warnings: Iterable[Any]) -> list[Answer]:
    names = ("code", "title", "severity", "message", "hint")
    return [{name: str(getattr(own, name)) for name in names} for own in warnings]


def _citation(sources: Iterable[Any]) -> list[str]:
    """Return the sources as short texts; sources of a file are quoted."""
    texts = sorted({_short(str(source)) for source in sources})
    left = len(texts) - _MOST_SOURCES
    return [*texts[:_MOST_SOURCES], *([f"and {left} more"] if left > 0 else [])]


def _short(text: str) -> str:
    return escape(text if len(text) <= _TEXT else f"{text[:_TEXT]}...")


def _table(table: CountTable) -> Answer:
    codes = {name: table.categories(name) for name in table.dimensions}
    return {
        "kind": table.kind,
        "rows": len(table),
        "dimensions": {
            name: {"number": len(own), "codes": list(own[:_MOST_CODES])}
            for name, own in codes.items()
            if len(own) > 1 or name in ("area", "period", "status")
        },
    }


def _kind(kind: str) -> str:
    require_name(_short(kind), _KINDS, "must be a kind of count", field="kind")
    return kind


def _selection(category: Selection, names: Iterable[str], **named: Any) -> dict[str, Any]:
    """Return the categories and arguments that a request states, with short texts."""
    for name in category:
        if name not in names:
            hint = did_you_mean(_short(name), tuple(names), is_keyword=True)
            problem = "must be a dimension of the table"
            raise UnknownName(problem, field="category", value=_short(name), hint=hint)
    result = dict(category) | {name: own for name, own in named.items() if own is not None}
    for name, value in result.items():
        values = value if isinstance(value, list) else [value]
        is_category = all(isinstance(i, str | int) and len(str(i)) <= _TEXT for i in values)
        hint = "Use a text such as 'female', or a list of texts"
        require(is_category, "must be a category", hint, **{_short(name): type(value)})
    return result


def _publication(name: str) -> Publication:
    loaders = {load.__name__: load for load in ALL}
    require_name(_short(name), loaders, "must be a publication", field="publication")
    return loaders[name]()


def reply(answers: Answers, line: str) -> str:
    """Return the answer to a request as one line of JSON, with the id of the request."""
    number = None
    try:
        request = json.loads(line)
        number = request["id"]
        answer = answers.answer(request["tool"], request["arguments"])
        content = {"id": number, "answer": answer}
        text = json.dumps(content, ensure_ascii=True, allow_nan=False, default=str)
    except ThbstatsError as error:
        return _error(number, str(error))
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        return _error(number, f"The request must have valid arguments ({error})")
    except (OSError, MemoryError, RecursionError) as error:
        answers.readings.clear()
        return _error(number, f"The request needs too many resources ({type(error).__name__})")
    if len(text) > _MOST_CHARACTERS:
        return _error(number, "The answer must be shorter. Select fewer categories")
    return text


def _error(number: object, text: str) -> str:
    return json.dumps({"id": number, "error": escape(text[:2000])})


def run(answers: Answers, requests: TextIO, replies: TextIO) -> None:
    """Reply to each request."""
    for line in requests:
        replies.write(reply(answers, line) + "\n")
        replies.flush()


def main(arguments: list[str]) -> None:
    """Run the process; messages of the solver go to standard error."""
    with suppress(ImportError, ValueError, OSError):  # not on Windows, and not lower on macOS
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    own = os.dup(1)
    os.dup2(2, 1)
    answers = Answers(Folder(arguments[0]), float(arguments[1]))
    with open(own, "w", encoding="ascii") as replies:
        run(answers, sys.stdin, replies)
