"""The command that counts cases in files."""

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


def count(asked: argparse.Namespace) -> bool:
    """Write how many cases some files hold; there are never findings."""
    from thbstats.cli.people import refuse_style

    form = format_of(asked, ["text", *_FILES])
    refuse_style(asked, form, [*_FILES])
    if asked.seen and form != "text":
        raise InvalidValue(
            "what stands in the columns is for people",
            field="--format",
            value=form,
            hint="Print it as text, or leave --seen out",
        )
    by = [name for listed in asked.by for name in _listed(listed)]
    with shown_progress() as progress:
        store = _store(asked, progress)
        if asked.seen:
            return _deliver(store.value_counts(by).display_table(), asked)
        table = store.count(
            by,
            margins=_margins(asked.margins),
            where={name: _listed(words) for name, words in _pairs(asked.where, "--where")},
        )
    if form in _FILES:
        deliver(_written(table, _FILES[form]), asked.output)
        return False
    return _deliver(table.display_table(), asked)


def _deliver(sheet: Any, asked: argparse.Namespace) -> bool:
    from thbstats.cli.people import for_people, text_of

    deliver(text_of(for_people(sheet, asked), output=asked.output), asked.output)
    return False


def _store(asked: argparse.Namespace, progress: Any) -> "CaseStore":
    from thbstats.cases import CaseStore

    constants: dict[str, Any] = dict(_pairs(asked.set, "--set"))
    return CaseStore.of(
        asked.files,
        kind=asked.kind,
        columns=dict(_pairs(asked.column, "--column")),
        multi=_multi(asked.multi),
        separator=asked.separator,
        recode=_recode(asked.recode),
        missing=_cells(asked.missing),
        unknown=_cells(asked.unknown),
        no=_cells(asked.no),
        weights=asked.weights,
        progress=progress,
        **{name: word for name, word in constants.items() if _may_be_said(name)},
    )


def _may_be_said(name: str) -> bool:
    if name in _OPTIONS:
        raise InvalidValue("no dimension", field="--set", value=name, hint="Use its own option")
    return True


_OPTIONS = {
    *("columns", "data", "derive", "filter", "kind", "missing", "multi", "no", "progress"),
    *("separator", "source", "recode", "unknown", "weights"),
}


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _pairs(given: Iterable[str], option: str) -> list[tuple[str, str]]:
    found = []
    for pair in given:
        name, sign, word = pair.partition("=")
        if not sign or not name:
            raise InvalidValue(
                "two words with a sign of equality between them are needed",
                field=option,
                value=pair,
                hint=f"For example {option} {_EXAMPLES[option]}",
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


def _multi(given: Iterable[str]) -> dict[str, str | dict[str, str]]:
    """Return the columns of dimensions with several answers: one, or one for each category."""
    found: dict[str, str | dict[str, str]] = {}
    for name, column in _pairs(given, "--multi"):
        dimension, sign, category = name.partition(":")
        flags = found.setdefault(dimension, {} if sign else column)
        if sign != (":" if isinstance(flags, dict) else ""):
            raise InvalidValue(
                "a column that lists the categories and columns for each of them",
                field="--multi",
                value=dimension,
                hint="Name the one or the others",
            )
        if isinstance(flags, dict):
            flags[category] = column
    return found


def _recode(given: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, word in _pairs(given, "--recode"):
        dimension, sign, spelling = name.partition(":")
        if not sign:
            raise InvalidValue(
                "the dimension is not said",
                field="--recode",
                value=f"{name}={word}",
                hint=f"For example --recode {_EXAMPLES['--recode']}",
            )
        found.setdefault(dimension, {})[spelling] = word
    return found


def _cells(given: Iterable[str]) -> list[str | None]:
    """Return what may stand in cells; where nothing is typed, nothing may be there at all."""
    return [cell for text in given for cell in ([text] if text else ["", None])]


def _margins(given: str) -> Any:
    if given in ("all", "none"):
        return given
    return [_listed(names) for names in given.split(";")]


def _written(table: "CountTable", form: str) -> str:
    from thbstats.sources import write

    with TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write(table, path, format=form)
        return path.read_text(encoding="utf-8").rstrip("\n")
