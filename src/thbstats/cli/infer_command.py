"""The command that asks a publication or a table for a number that it does not print."""

import argparse
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thbstats.cli.output import json_of, say
from thbstats.cli.publication import is_path, loaded
from thbstats.errors import InvalidValue, UnknownName, did_you_mean

if TYPE_CHECKING:
    from thbstats.bounds import Inference
    from thbstats.claims import Publication
    from thbstats.display import DisplayTable
    from thbstats.tables import CountTable

__all__ = ["infer"]

_NOT_CODES = ("period", "status")


def infer(asked: argparse.Namespace) -> bool:
    """Print the bounds of a number, with what was assumed and a table for each end."""
    from attrs import evolve

    from thbstats.bounds import infer as inferred
    from thbstats.cli.people import for_people, refuse_style, text_of

    refuse_style(asked, asked.format, ["json"])
    subject, codes = _words(asked.what, "--what", subject=True)
    options = {**codes, **_options(asked)}
    source = _source(asked.file, subject, options)
    found = inferred(source, subject, **options)
    found = found if found.title else evolve(found, title=Path(asked.file).name)
    if asked.format == "json":
        cells = {name: dict(labels) for name, labels in found.cells.items()}
        say(json_of({**found.to_dict(), "cells": cells}))
        return False
    say(text_of(*(for_people(sheet, asked) for sheet in (found.display_table(), *_tables(found)))))
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
                "this is no name with a word, or a name for the second time",
                field=field,
                value=piece,
                hint="Write it as exploitation=labour, each name once",
            )
        if name not in known:
            raise UnknownName(
                "there is no such dimension",
                field=field,
                value=name,
                hint=did_you_mean(name, known),
            )
        seen.add(name)
        yield name, word


def _options(asked: argparse.Namespace) -> dict[str, Any]:
    """Return the options that were given."""
    from thbstats.values import Rounding

    if asked.rounding is not None and asked.rounding not in list(Rounding):
        raise UnknownName(
            "there is no such way of rounding",
            field="--rounding",
            value=asked.rounding,
            hint=did_you_mean(asked.rounding, Rounding),
        )
    given: dict[str, Any] = {
        "known": asked.known,
        "denominator": None
        if asked.denominator is None
        else _words(asked.denominator, "--denominator")[1],
        "base": asked.base,
        "bases": dict(piece.partition("=")[::2] for piece in asked.bases),
        "overlapping": asked.overlapping,
        "rounding": asked.rounding,
        "allow_tie_either_way": asked.allow_tie_either_way,
        "exclude": asked.exclude,
        "allow_disclosure": asked.allow_disclosure,
    }
    if asked.base is not None and asked.denominator is None:
        raise InvalidValue(
            "only a share has a base",
            field="--base",
            value=asked.base,
            hint="Say of which whole, such as --denominator ''",
        )
    return {name: value for name, value in given.items() if value or name == "denominator"}


def _source(name: str, subject: str, options: Mapping[str, Any]) -> "Publication | CountTable":
    """Return a publication or, of a file of counts, the table of a subject."""
    from thbstats.claims import FORMATS

    if not is_path(name) or Path(name).suffix.lower() in sum(FORMATS.values(), ()):
        _refuse(["allow_disclosure"], options, "the claims of a publication hide nothing")
        return loaded(name)
    from thbstats.sources import read

    _refuse(
        ["base", "rounding", "allow_tie_either_way"],
        options,
        "a table of counts has no percentages",
    )
    data = read(name, kind=subject).data
    tables = {table.kind: table for table in data.tables()}
    if subject not in tables:
        raise InvalidValue(
            f"{name} counts nothing of this",
            field="--what",
            value=subject,
            hint=f"It counts {', '.join(tables) or 'nothing'}",
        )
    return tables[subject]


def _refuse(names: Iterable[str], options: Mapping[str, Any], why: str) -> None:
    for name in names:
        if name in options:
            raise InvalidValue(
                why, field=f"--{name.replace('_', '-')}", value=options[name], hint="Leave it out"
            )


def _tables(found: "Inference") -> "list[DisplayTable]":
    """Return the tables that have the least and the most, side by side."""
    from thbstats.display import Column, DisplayTable, count

    least, most = found.exact_bounds.lower_table, found.exact_bounds.upper_table
    if found.bounds is None or least is None or most is None:
        return []
    cuts = list(next(iter(found.cells.values()), ()))
    rows = [
        [*(str(word) for _, word in labels), count(least[name]), count(most[name])]
        for name, labels in found.cells.items()
        if least[name] or most[name]
    ]
    names = [str(cut).replace("_", " ") for cut, _ in cuts]
    return [
        DisplayTable(
            caption="Two tables that satisfy every claim: with the least and with the most",
            columns=[*names, Column("least", "right"), Column("most", "right")],
            rows=rows,
            notes=["Cells with nobody in both are left out."] if len(rows) < len(least) else [],
        )
    ]
