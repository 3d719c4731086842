"""Message catalogues: ``python -m tests.languages.catalogues`` brings them up to date.

It collects the messages in the modules, in TOML files and in an HTML file of the package, adds new
ones to each catalogue without a translation, and removes those that the package no longer contains.
Without ``--write`` it lists what is missing, and ends with code 1 if anything is.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "thbstats"
FOLDER = PACKAGE / "languages" / "catalogues"
_NAMES, _METHODS = {"Message": 1, "Plural": 2}, {"text": 1, "translation": 1}
"""Classes and methods, and the number of their first arguments that are messages."""

_CALL = re.compile(r"\b(Message|Plural)\b|\.(text|translation)\(")

_MODULE = "languages/language.py"
CONJUNCTIONS = [(_MODULE, "{first} and {last}"), (_MODULE, "{first} or {last}")]

HEADER = """\
# Translations of the messages of thbstats.
# python -m tests.languages.catalogues --write adds new messages and removes old ones.
#"""
_PARAMETER = re.compile(r"\{(\w+)\}")
_DATE = b'"POT-Creation-Date:'


def catalogue_texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield the file and each text of the TOML files with texts for readers."""
    rules = "rules/catalogue.toml"
    for entry in tomllib.loads((PACKAGE / rules).read_text("utf-8")).values():
        yield rules, entry["title"]
        yield rules, entry["hint"].rstrip(".").replace("`", "")
        for text in entry["texts"].values():
            yield from ((rules, own) for own in ([text] if isinstance(text, str) else text))
        for text in (*entry.get("evidence", ()), *entry.get("labels", ())):
            yield rules, text
    problems = "files/problems.toml"
    if (PACKAGE / problems).exists():
        tables = tomllib.loads((PACKAGE / problems).read_text("utf-8"))
        codes = {**tables["problems"], **tables["features"]}
        words = {code: code.replace("_", " ").capitalize() for code in codes}
        titles = words | tables.pop("titles")
        del tables["examples"]
        for table in (*tables.values(), titles):
            yield from ((problems, text) for text in table.values())
    if (PACKAGE / "passports").exists():  # the core alone has no pages
        yield from _page_texts()


def _page_texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield the texts of passports, revisions, explorers and returns."""
    files = ("passports/sentences.toml", "releases/words.toml", "releases/pattern_texts.toml")
    for file in files:
        for table in tomllib.loads((PACKAGE / file).read_text("utf-8")).values():
            for text in table.values() if isinstance(table, dict) else table:
                is_plural = isinstance(table, dict) and isinstance(text, list) and "{n}" in text[0]
                own = [tuple(text)] if is_plural else [text] if isinstance(text, str) else text
                yield from ((file, one) for one in own)
    page = "explorer/explorer.html"
    for text in re.findall(r"\[\[([^]]+)\]\]", (PACKAGE / page).read_text("utf-8")):
        yield page, text
    returns = "collection/return_checks.toml"
    texts = tomllib.loads((PACKAGE / returns).read_text("utf-8"))
    for text in chain(*(texts[name] for name in ("levels", "severities", "words", "definitions"))):
        yield returns, text
    for entry in texts["findings"].values():
        yield returns, entry["text"] if isinstance(entry["text"], str) else (*entry["text"],)
    for path in sorted((PACKAGE / "collection" / "documents").glob("*.toml")):
        plan = tomllib.loads(path.read_text("utf-8"))
        for own in (plan, *plan["variables"]):
            file = path.relative_to(PACKAGE).as_posix()
            names = ("title", "note", "act", "provision")
            yield from ((file, own[name]) for name in names if own.get(name))


def module_texts(pattern: str = "**/*.py") -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield the file and each message of the modules: the first arguments of some calls.

    An argument is a text, or a variable of the function with a text.
    """
    readers = PACKAGE / "sources"  # their method `text` reads a field
    for path in sorted(set(PACKAGE.glob(pattern)) - set(readers.rglob("*.py"))):
        source, file = path.read_text("utf-8"), path.relative_to(PACKAGE).as_posix()
        if not _CALL.search(source):
            continue
        nodes = list(ast.walk(ast.parse(source)))
        yield from ((file, text) for text in _scope_texts(nodes, {}))
        for function in nodes:
            if isinstance(function, ast.FunctionDef):
                own = [*ast.walk(function)]
                yield from ((file, text) for text in _scope_texts(own, _variables(own)))


def _variables(nodes: list[ast.AST]) -> dict[str, list[Any]]:
    """Return the texts that a function assigns to its variables."""
    variables: dict[str, list[Any]] = {}
    for node in nodes:
        match node:
            case ast.Assign([ast.Name(name)], ast.Constant(str(text))):
                pairs = [(name, text)]
            case ast.Assign([ast.Tuple(names)], ast.Tuple(values)):
                pairs = [
                    (name.id, value.value)
                    for name, value in zip(names, values, strict=False)
                    if isinstance(name, ast.Name) and isinstance(value, ast.Constant)
                ]
            case _:
                continue
        for name, text in pairs:
            variables.setdefault(name, []).append(text)
    return variables


def _scope_texts(
    nodes: list[ast.AST], variables: dict[str, list[Any]]
) -> Iterator[str | tuple[str, ...]]:
    for node in nodes:
        match node:
            case ast.Call(ast.Name(name), arguments) if name in _NAMES:
                number = _NAMES[name]
            case ast.Call(ast.Attribute(attr=name), arguments) if name in _METHODS:
                number = _METHODS[name]
            case ast.Call(ast.Name("partial"), [ast.Name("Message"), *arguments]):
                number = 1
            case _:
                continue
        match arguments[:number]:
            case [ast.Constant(str(text))]:
                yield text
            case [ast.Name(name)]:
                yield from variables.get(name, ())
            case [ast.Constant(str(singular)), ast.Constant(str(plural))]:
                yield singular, plural
            case [ast.Name(singular), ast.Name(plural)]:
                yield from zip(variables.get(singular, ()), variables.get(plural, ()), strict=True)


def messages() -> Catalog:
    """Return all messages of the package."""
    result = Catalog(charset="utf-8")
    for file, text in chain(module_texts(), catalogue_texts(), CONJUNCTIONS):
        result.add(text, locations=[(f"src/thbstats/{file}", 0)])
    return result


def read(path: Path) -> Catalog:
    """Return the catalogue of a language."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.stem)


def strings(message: Message) -> tuple[str, ...]:
    """Return the translations of a message, one for each plural form."""
    own = message.string
    return tuple(own) if isinstance(own, tuple | list) else (own,)


def ids(message: Message) -> tuple[str, ...]:
    """Return the texts of a message in English: one, or two with a plural."""
    return message.id if isinstance(message.id, tuple) else (message.id,)


def problems(catalogue: Catalog, known: Catalog) -> Iterator[str]:
    """Yield what a catalogue lacks, and what is wrong in it."""
    own, expected = (
        {ids(item)[0]: item for item in items if item.id} for items in (catalogue, known)
    )
    yield from (f"missing: {text}" for text in expected.keys() - own.keys())
    yield from (f"unknown: {text}" for text in own.keys() - expected.keys())
    for text, item in own.items():
        if item.fuzzy:
            yield f"not reviewed: {text}"
        if not all(strings(item)):
            yield f"not translated: {text}"
            continue
        allowed = {frozenset(_PARAMETER.findall(form)) for form in ids(item)}
        for string in strings(item):
            if frozenset(_PARAMETER.findall(string)) not in allowed:
                yield f"other parameters: {text} / {string}"


def update(path: Path, known: Catalog) -> None:
    """Write a catalogue with the messages of the package."""
    catalogue = read(path)
    catalogue.header_comment = HEADER
    catalogue.update(known, no_fuzzy_matching=True)
    stream = BytesIO()
    write_po(
        stream, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    # A date of writing is in conflict whenever two branches change a text.
    lines = stream.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(_DATE)))


def main() -> int:
    """Update or check the catalogues."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="add new messages, remove old ones")
    known, has_problems = messages(), False
    is_written = parser.parse_args().write
    for path in sorted(FOLDER.glob("*.po")):
        if is_written:
            update(path, known)
        found = sorted(problems(read(path), known))
        has_problems |= bool(found)
        print(f"{path.stem}: {len(found)} problems", *found, sep="\n  ")
    return int(has_problems)


if __name__ == "__main__":
    sys.exit(main())
