"""The commands schema and completion: JSON Schemas of outputs, and scripts for shells."""

import argparse
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from thbstats._schemas import DIALECT, array, attributes, document, optional, record, words
from thbstats.auditing import Audit, AuditedFigure, AuditedGroup
from thbstats.auditing.figure_checks import KINDS
from thbstats.bounds import Inference
from thbstats.claims import Publication
from thbstats.cli.arguments import parser
from thbstats.cli.output import SCHEMA_VERSION, json_of, write_text
from thbstats.display.displayable import import_optional
from thbstats.files import ReadLog
from thbstats.files.ledger import RowProblem
from thbstats.files.reading import UnsupportedFeature, WriteLog
from thbstats.files.table_schemas import json_schema
from thbstats.panel.result import result_schema
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


_PROBLEM = record(
    "What is wrong, and where; the path is a JSON Pointer, lines and columns count from 1.",
    {"file": str, "line": int | None, "column": int | None, "path": str},
    dict.fromkeys(("record", "field", "value"), str | None),
    dict.fromkeys(("problem", "hint", "message"), str),
)
_ROW_PROBLEM = record(
    "A problem in the rows of a file, with every line and every text.",
    attributes(RowProblem, "code", "used", "column"),
    {"rows": int},
    attributes(RowProblem, "message", "hint"),
    {"lines": list[int]},
    attributes(RowProblem, "examples", "texts", "suggestions"),
)
_LOG = (
    attributes(ReadLog, "name", "format", "recognised", "noun", "read", "used", "shared"),
    {"rejected": int, "problems": array(_ROW_PROBLEM)},
    attributes(ReadLog, "notes", "left_out"),
)
_WRITTEN = record(
    "The written file, and the features that its format does not support.",
    attributes(WriteLog, "name", "format", "rows"),
    {"lossless": bool, "unsupported": array(UnsupportedFeature)},
)
_CELLS, _ROWS = dict[str, int] | None, array({"type": "object"})
_INFERRED = (
    attributes(Inference, "title", "label", "category", "area", "period"),
    {"is_informative": bool, "lower": Fraction | None, "upper": Fraction | None},
    {"lower_table": _CELLS, "upper_table": _CELLS},
    attributes(Inference, "assumptions"),
    {"claims": list[str], "rejected": dict[str, str]},
    {"left_open": list[str], "warnings": list[str]},
    attributes(Inference, "cells"),
)
_MODEL = record(
    "",
    {"model": str, "existence": str},
    dict.fromkeys(("value", "bic", "difference", "weight"), float | None),
)
_PATTERN = record(
    "", {**dict.fromkeys(("kind", "dimension", "where", "text", "question"), str), "cells": int}
)
_MEASURES = {"additionalProperties": {"type": ["number", "string", "null"]}, "type": "object"}
_LISTED = attributes(Publication, "id", "title", "document", "publisher", "published", "url")
_FORMAT = record(
    "",
    attributes(Format, "name", "label"),
    {"written": bool},
    attributes(Format, "extensions", "contents", "specification"),
)

_DOCUMENTS: Mapping[str, tuple[Any, ...]] = {
    "claims-check": (
        "A claims file checked by thbstats",
        {"file": str, "claims": int, "problems": array(_PROBLEM)},
    ),
    "collect": (
        "A return of thbstats",
        dict.fromkeys(("plan", "area", "period"), str),
        {"completeness": _ROWS, "check": _ROWS},
        dict.fromkeys(("quality", "files"), optional(_ROWS)),
    ),
    "compare": (
        "A comparison of publications or tables",
        {**dict.fromkeys(("sources", "indicators", "not_compared"), _ROWS), "only": array(_ROWS)},
    ),
    "convert": (
        "A file converted by thbstats",
        {"read": record("The log of the input file.", *_LOG), "written": optional(_WRITTEN)},
    ),
    "formats": ("The formats of thbstats", {"formats": array(_FORMAT)}),
    "infer": ("A number inferred by thbstats", *_INFERRED),
    "lists": (
        "The persons on lists",
        {"lists": list[str], "statement": str | None, "smallest_factor": str | None},
        {"dependence": optional(array(result_schema())), "distinct": result_schema()},
        dict.fromkeys(("hidden", "estimate"), optional(result_schema())),
        {"ranges": array(record("", {"within": int, "lower": float, "upper": float}))},
        {"models": optional(array(_MODEL)), "remarks": list[str]},
    ),
    "publications": (
        "The publications of thbstats",
        {"publications": array(record("", _LISTED, claims=int))},
    ),
    "read": ("A file read by thbstats", *_LOG),
    "revisions": (
        "Revisions of two releases",
        {"releases": list[str], "outcomes": dict[str, int], "patterns": array(_PATTERN)},
        {"measures": array(_MEASURES), "notes": list[str]},
    ),
}
"""Title and fields of the output of each command that is one object."""

_DESCRIPTIONS = {
    "convert": "With --strict and a problem, no file is written.",
    "infer": "Shares are exact: integers, or fractions as texts.",
}


def schema_of(command: str) -> dict[str, Any]:
    """Return the JSON Schema of the output of a command."""
    others = {"audit": _audit, "count": json_schema, "report": report_schema}
    if command in others:
        return others[command]()
    title, *fields = _DOCUMENTS[command]
    description = _DESCRIPTIONS.get(command, "")
    return document(title, SCHEMA_VERSION, *fields, description=description)


def schema(args: argparse.Namespace) -> None:
    """Print the JSON Schema of a command."""
    write_text(json_of(schema_of(args.of), versioned=False), args)


_PATHS = {"declare", "file", "files", "id", "members", "out", "output"}
"""Arguments that are completed with the names of files."""


def completion(args: argparse.Namespace) -> None:
    """Print the completion script for a shell."""
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
