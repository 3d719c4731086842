"""The command count."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from thbstats.cli.output import deliver, format_of
from thbstats.cli.progress import shown_progress
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from thbstats.cases import CaseStore
    from thbstats.tables import CountTable

__all__ = ["count"]

_FILES = {"csv": "tidy", "json": "thbstats_json"}


def count(args: argparse.Namespace) -> bool:
    """Write the counts of cases."""
    from thbstats.cli.people import refuse_style

    form = format_of(args, ["text", *_FILES])
    refuse_style(args, form, [*_FILES])
    if args.seen and form != "text":
        raise InvalidValue(
            "must be text with --seen",
            field="--format",
            value=form,
            hint="Remove --format or --seen",
        )
    by = [name for listed in args.by for name in _listed(listed)]
    with shown_progress() as progress:
        store = _store(args, progress)
        if args.seen:
            return _deliver(store.value_counts(by).display_table(), args)
        table = store.count(
            by,
            margins=_margins(args.margins),
            where={name: _listed(words) for name, words in _pairs(args.where, "--where")},
        )
    if form in _FILES:
        deliver(_written(table, _FILES[form]), args.output)
        return False
    return _deliver(table.display_table(), args)


def _deliver(sheet: Any, args: argparse.Namespace) -> bool:
    from thbstats.cli.people import for_people, text_of

    deliver(text_of(for_people(sheet, args), output=args.output), args.output)
    return False


def _store(args: argparse.Namespace, progress: Any) -> "CaseStore":
    from thbstats.cases import CaseStore

    constants: dict[str, Any] = dict(_pairs(args.set, "--set"))
    return CaseStore.of(
        args.files,
        kind=args.kind,
        columns=dict(_pairs(args.column, "--column")),
        multi=_multi(args.multi),
        separator=args.separator,
        recode=_recode(args.recode),
        missing=_cells(args.missing),
        unknown=_cells(args.unknown),
        no=_cells(args.no),
        weights=args.weights,
        progress=progress,
        **{name: word for name, word in constants.items() if _is_dimension(name)},
    )


def _is_dimension(name: str) -> bool:
    if name in _OPTIONS:
        raise InvalidValue(
            "must name a dimension", field="--set", value=name, hint="Use its own option"
        )
    return True


_OPTIONS = {
    *("columns", "data", "derive", "filter", "kind", "missing", "multi", "no", "progress"),
    *("separator", "source", "recode", "unknown", "weights"),
}


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _pairs(texts: Iterable[str], option: str) -> list[tuple[str, str]]:
    found = []
    for pair in texts:
        name, sign, word = pair.partition("=")
        if not sign or not name:
            raise InvalidValue(
                "must have the form NAME=VALUE",
                field=option,
                value=pair,
                hint=f"Write {option} {_EXAMPLES[option]}",
            )
        found.append((name.strip(), word))
    return found


_EXAMPLES = {
    "--column": "sex=gender",
    "--multi": "exploitation=forms",
    "--set": "area=MT",
    "--where": "sex=female",
    "--recode": "sex:F=female",
}


def _multi(texts: Iterable[str]) -> dict[str, str | dict[str, str]]:
    """Return the columns of dimensions with multiple responses."""
    found: dict[str, str | dict[str, str]] = {}
    for name, column in _pairs(texts, "--multi"):
        dimension, sign, category = name.partition(":")
        flags = found.setdefault(dimension, {} if sign else column)
        if sign != (":" if isinstance(flags, dict) else ""):
            raise InvalidValue(
                "must have a column with a list or columns for categories, not both",
                field="--multi",
                value=dimension,
                hint="Remove one of the two",
            )
        if isinstance(flags, dict):
            flags[category] = column
    return found


def _recode(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, word in _pairs(texts, "--recode"):
        dimension, sign, spelling = name.partition(":")
        if not sign:
            raise InvalidValue(
                "must name the dimension",
                field="--recode",
                value=f"{name}={word}",
                hint=f"Write --recode {_EXAMPLES['--recode']}",
            )
        found.setdefault(dimension, {})[spelling] = word
    return found


def _cells(texts: Iterable[str]) -> list[str | None]:
    """Return cell values; an empty text is an empty cell."""
    return [cell for text in texts for cell in ([text] if text else ["", None])]


def _margins(texts: str) -> Any:
    if texts in ("all", "none"):
        return texts
    return [_listed(names) for names in texts.split(";")]


def _written(table: "CountTable", form: str) -> str:
    from thbstats.sources import write

    with TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write(table, path, format=form)
        return path.read_text(encoding="utf-8").rstrip("\n")
