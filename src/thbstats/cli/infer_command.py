"""The command infer."""

import argparse
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thbstats.cli.output import json_of, write_output
from thbstats.cli.publication import is_path, loaded
from thbstats.errors import InvalidValue, UnknownName, did_you_mean

if TYPE_CHECKING:
    from thbstats.bounds import Inference
    from thbstats.claims import Publication
    from thbstats.display import DisplayTable
    from thbstats.tables import CountTable

__all__ = ["infer"]

_NOT_CODES = ("period", "status")


def infer(args: argparse.Namespace) -> bool:
    """Print the bounds of a figure, the assumptions, and a table for each bound."""
    from attrs import evolve

    from thbstats.bounds import infer as inferred
    from thbstats.cli.people import for_people, refuse_style, text_of

    refuse_style(args, args.format, ["json"])
    subject, codes = _words(args.what, "--what", subject=True)
    options = {**codes, **_options(args)}
    source = _source(args.file, subject, options)
    found = inferred(source, subject, **options)
    found = found if found.title else evolve(found, title=Path(args.file).name)
    if args.format == "json":
        cells = {name: dict(labels) for name, labels in found.cells.items()}
        write_output(json_of({**found.to_dict(), "cells": cells}))
        return False
    write_output(
        text_of(*(for_people(sheet, args) for sheet in (found.display_table(), *_tables(found))))
    )
    return False


def _words(text: str, field: str, *, subject: bool = False) -> tuple[str, dict[str, str]]:
    """Return the subject and the codes of ``victims area=UK "status=registered"``."""
    from thbstats.claims import DIMENSIONS

    try:
        pieces = shlex.split(text)
    except ValueError as error:
        raise InvalidValue(str(error), field=field, value=text, hint="Close it") from None
    first = pieces.pop(0) if subject and pieces and "=" not in pieces[0] else "victims"
    known = (*DIMENSIONS, *_NOT_CODES) if subject else DIMENSIONS
    return first, dict(_pairs(pieces, field, known))


def _pairs(pieces: Iterable[str], field: str, known: Iterable[str]) -> Iterable[tuple[str, str]]:
    seen = set()
    for piece in pieces:
        name, sign, word = piece.partition("=")
        if not sign or not word or name in seen:
            raise InvalidValue(
                "must have the form NAME=CODE, each name once",
                field=field,
                value=piece,
                hint="Write exploitation=labour",
            )
        if name not in known:
            raise UnknownName(
                "must name a dimension",
                field=field,
                value=name,
                hint=did_you_mean(name, known),
            )
        seen.add(name)
        yield name, word


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Return the options."""
    from thbstats.values import Rounding

    if args.rounding is not None and args.rounding not in list(Rounding):
        raise UnknownName(
            "must be a rounding method",
            field="--rounding",
            value=args.rounding,
            hint=did_you_mean(args.rounding, Rounding),
        )
    options: dict[str, Any] = {
        "known": args.known,
        "denominator": None
        if args.denominator is None
        else _words(args.denominator, "--denominator")[1],
        "base": args.base,
        "bases": dict(piece.partition("=")[::2] for piece in args.bases),
        "overlapping": args.overlapping,
        "rounding": args.rounding,
        "allow_tie_either_way": args.allow_tie_either_way,
        "exclude": args.exclude,
        "allow_disclosure": args.allow_disclosure,
    }
    if args.base is not None and args.denominator is None:
        raise InvalidValue(
            "must be used with --denominator",
            field="--base",
            value=args.base,
            hint="Add --denominator ''",
        )
    return {name: value for name, value in options.items() if value or name == "denominator"}


def _source(name: str, subject: str, options: Mapping[str, Any]) -> "Publication | CountTable":
    """Return a publication or, of a file of counts, the table of a subject."""
    from thbstats.claims import FORMATS

    if not is_path(name) or Path(name).suffix.lower() in sum(FORMATS.values(), ()):
        _refuse(["allow_disclosure"], options, "must not be used with a publication")
        return loaded(name)
    from thbstats.sources import read

    _refuse(
        ["base", "rounding", "allow_tie_either_way"],
        options,
        "must not be used with a file of counts",
    )
    data = read(name, kind=subject).data
    tables = {table.kind: table for table in data.tables()}
    if subject not in tables:
        raise InvalidValue(
            f"must be a kind of count in {name}",
            field="--what",
            value=subject,
            hint=f"The file contains {', '.join(tables) or 'no counts'}",
        )
    return tables[subject]


def _refuse(names: Iterable[str], options: Mapping[str, Any], why: str) -> None:
    for name in names:
        if name in options:
            raise InvalidValue(
                why, field=f"--{name.replace('_', '-')}", value=options[name], hint="Remove it"
            )


def _tables(inference: "Inference") -> "list[DisplayTable]":
    """Return the tables with the lower and the upper bound."""
    from thbstats.display import Column, DisplayTable, count

    least, most = inference.exact_bounds.lower_table, inference.exact_bounds.upper_table
    if inference.bounds is None or least is None or most is None:
        return []
    cuts = list(next(iter(inference.cells.values()), ()))
    rows = [
        [*(str(word) for _, word in labels), count(least[name]), count(most[name])]
        for name, labels in inference.cells.items()
        if least[name] or most[name]
    ]
    names = [str(cut).replace("_", " ") for cut, _ in cuts]
    return [
        DisplayTable(
            caption="Two tables that satisfy all claims: with the lower and the upper bound",
            columns=[*names, Column("lower bound", "right"), Column("upper bound", "right")],
            rows=rows,
            notes=["Cells with 0 in both tables are left out."] if len(rows) < len(least) else [],
        )
    ]
