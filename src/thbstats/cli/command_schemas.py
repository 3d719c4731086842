"""The commands schema and completion: JSON Schemas of outputs, and scripts for shells."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from thbstats._schemas import DIALECT, array, attributes, document, optional, record, words
from thbstats.auditing import Audit, AuditedFigure, AuditedGroup
from thbstats.auditing.figure_columns import KINDS
from thbstats.bounds import Inference
from thbstats.claims import Publication
from thbstats.cli.arguments import parser
from thbstats.cli.output import SCHEMA_VERSION, json_of, write_text
from thbstats.display.displayable import import_optional
from thbstats.files import ReadLog
from thbstats.files.ledger import RowProblem
from thbstats.files.reading import UnsupportedFeature, WriteLog
from thbstats.files.table_schemas import json_schema
from thbstats.panel.export import result_schema
from thbstats.reports import report_schema
from thbstats.reports.data import audited_claim_fields
from thbstats.sources import Format


def _audit() -> dict[str, Any]:
    of_claims = document(
        "Of a publication",
        SCHEMA_VERSION,
        attributes(Audit, "title", "publications"),
        {"claims": array(record("", audited_claim_fields())), "not_shown": int},
        attributes(Audit, "assumptions"),
        {"conflicts": list[list[str]]},
        attributes(Audit, "left_open"),
    )
    del of_claims["$schema"]
    ends = array(int | None, 2)
    figure = record(
        "A row of the table.",
        attributes(AuditedFigure, "id"),
        {"kind": words(KINDS)},
        attributes(AuditedFigure, "printed", "verdict", "message"),
        {"numerator": ends, "denominator": ends, "roundings": list[str]},
        attributes(AuditedFigure, "bases", "tried"),
        {"matched": list[str], "matched_tried": list[str]},
        attributes(AuditedFigure, "problem"),
    )
    group = record(
        "Check of a group of rows.",
        {"id": str, "kind": {"const": "group"}},
        attributes(AuditedGroup, "verdict", "message"),
    )
    of_table = {"title": "Of a table of percentages", **array({"oneOf": [figure, group]})}
    return {"$schema": DIALECT, "title": "An audit of thbstats", "oneOf": [of_claims, of_table]}


def _check() -> dict[str, Any]:
    problem = record(
        "What is wrong, and where; the path is a JSON Pointer, lines and columns count from 1.",
        {"file": str, "line": int | None, "column": int | None, "path": str},
        dict.fromkeys(("record", "field", "value"), str | None),
        dict.fromkeys(("problem", "hint", "message"), str),
    )
    fields = {"file": str, "claims": int, "problems": array(problem)}
    return document("A claims file checked by thbstats", SCHEMA_VERSION, fields)


def _infer() -> dict[str, Any]:
    cells = dict[str, int] | None
    return document(
        "A number inferred by thbstats",
        SCHEMA_VERSION,
        attributes(Inference, "title", "label", "category", "area", "period"),
        {"is_informative": bool, "lower": Fraction | None, "upper": Fraction | None},
        {"lower_table": cells, "upper_table": cells},
        attributes(Inference, "assumptions"),
        {"claims": list[str], "rejected": dict[str, str]},
        {"left_open": list[str], "warnings": list[str]},
        attributes(Inference, "cells"),
        description="Shares are exact: integers, or fractions as texts.",
    )


def _log_fields() -> list[dict[str, Any]]:
    problem = record(
        "A problem in the rows of a file, with every line and every text.",
        attributes(RowProblem, "code", "used", "column"),
        {"rows": int},
        attributes(RowProblem, "message", "hint"),
        {"lines": list[int]},
        attributes(RowProblem, "examples", "texts", "suggestions"),
    )
    return [
        attributes(ReadLog, "name", "format", "recognised", "noun", "read", "used", "shared"),
        {"rejected": int, "problems": array(problem)},
        attributes(ReadLog, "notes", "left_out"),
    ]


def _read() -> dict[str, Any]:
    return document("A file read by thbstats", SCHEMA_VERSION, *_log_fields())


def _convert() -> dict[str, Any]:
    written = record(
        "The written file, and the features that its format does not support.",
        attributes(WriteLog, "name", "format", "rows"),
        {"lossless": bool, "unsupported": array(UnsupportedFeature)},
    )
    return document(
        "A file converted by thbstats",
        SCHEMA_VERSION,
        {"read": record("The log of the input file.", *_log_fields())},
        {"written": optional(written)},
        description="With --strict and a problem, no file is written.",
    )


def _collect() -> dict[str, Any]:
    rows = array({"type": "object"})
    fields = {**dict.fromkeys(("plan", "area", "period"), str), "completeness": rows, "check": rows}
    fields |= dict.fromkeys(("quality", "files"), optional(rows))
    return document("A return of thbstats", SCHEMA_VERSION, fields)


def _lists() -> dict[str, Any]:
    numbers = dict.fromkeys(("value", "bic", "difference", "weight"), float | None)
    model = record("", {"model": str, **numbers, "existence": str})
    return document(
        "The persons on lists",
        SCHEMA_VERSION,
        {"lists": list[str], "statement": str | None, "smallest_factor": str | None},
        {"dependence": optional(array(result_schema())), "distinct": result_schema()},
        dict.fromkeys(("hidden", "estimate"), optional(result_schema())),
        {"ranges": array(record("", {"within": int, "lower": float, "upper": float}))},
        {"models": optional(array(model)), "remarks": list[str]},
    )


def _publications() -> dict[str, Any]:
    names = ("id", "title", "document", "publisher", "published", "url")
    listed = array(record("", attributes(Publication, *names), claims=int))
    return document("The publications of thbstats", SCHEMA_VERSION, {"publications": listed})


def _formats() -> dict[str, Any]:
    listed = record(
        "",
        attributes(Format, "name", "label"),
        {"written": bool},
        attributes(Format, "extensions", "contents", "specification"),
    )
    return document("The formats of thbstats", SCHEMA_VERSION, {"formats": array(listed)})


def _revisions() -> dict[str, Any]:
    names = ("kind", "dimension", "where", "text", "question")
    pattern = record("", {**dict.fromkeys(names, str), "cells": int})
    measures = {"additionalProperties": {"type": ["number", "string", "null"]}, "type": "object"}
    return document(
        "Revisions of two releases",
        SCHEMA_VERSION,
        {"releases": list[str], "outcomes": dict[str, int], "patterns": array(pattern)},
        {"measures": array(measures), "notes": list[str]},
    )


def _compare() -> dict[str, Any]:
    rows = array({"type": "object"})
    names = ("sources", "indicators", "not_compared")
    fields = {**dict.fromkeys(names, rows), "only": array(rows)}
    return document("A comparison of publications or tables", SCHEMA_VERSION, fields)


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "audit": _audit,
    "claims-check": _check,
    "collect": _collect,
    "compare": _compare,
    "convert": _convert,
    "count": json_schema,
    "formats": _formats,
    "infer": _infer,
    "lists": _lists,
    "publications": _publications,
    "read": _read,
    "report": report_schema,
    "revisions": _revisions,
}
"""The schema of each command that prints JSON."""


def schema(args: argparse.Namespace) -> None:
    """Print the JSON Schema of a command."""
    write_text(json_of(SCHEMAS[args.of](), versioned=False), args)


_PATHS = {"declare", "file", "files", "id", "members", "out", "output"}
"""Arguments that are completed with the names of files."""


def completion(args: argparse.Namespace) -> None:
    """Print the script of a shell."""
    library: Any = import_optional("shtab", "completion in a shell", extra="completion")
    top = parser()
    for action in _actions(top):
        if action.dest in _PATHS:
            action.complete = library.FILE  # type: ignore[attr-defined]
    write_text(library.complete(top, args.shell).rstrip("\n"), args)


def _actions(command: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments of a parser and of its commands."""
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subcommand in action.choices.values():
                yield from _actions(subcommand)
        yield action
