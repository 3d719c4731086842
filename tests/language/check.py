"""Vocabulary check of documentation, docstrings, messages and names.

``python -m tests.language.check`` lists each word that `vocabulary.toml` replaces, with file and
line. It needs the standard library alone. `allowed.toml` has the exceptions with their reasons.
"""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "development" / "terminology.md"
VOCABULARY = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
ALLOWED = tomllib.loads((HERE / "allowed.toml").read_text(encoding="utf-8")).get("allow", [])

PAGES = ("*.md", ".github/**/*.md", "docs/**/*.md", "paper/*.md")
CODE = ("src/**/*.py", "examples/**/*.py")
DATA = (
    ".github/**/*.yml",
    *(f"src/thbstats/{name}/**/*.toml" for name in ("cli", "display", "rules", "vocabulary")),
)

_TERMS = [
    (re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE), term["write"])
    for term in VOCABULARY["term"]
    for pattern in term["not"]
]
# In small letters: faster than the terms one by one, and almost no text has one.
_ANY = re.compile(
    "(?<![\\w-])(?:"
    + "|".join(pattern for term in VOCABULARY["term"] for pattern in term["not"])
    + ")(?!\\w)"
)
# Verbatim texts of sources stand in these quotation marks, and code in backticks.
_QUOTED = re.compile(r"“[^”]*”|``[^`]*``|`[^`]*`|\]\([^)]*\)|https?://\S+")
_WHOLE = frozenset(VOCABULARY["names"]["whole"])
_PARTS = frozenset(VOCABULARY["names"]["parts"])
_LOCALS = frozenset(VOCABULARY["names"]["locals"])
_TESTS = re.compile(
    rf"^ *def (test_(?:\w*_)?({'|'.join(VOCABULARY['names']['tests'])})(?=_|\()\w*)", re.MULTILINE
)


class Problem(NamedTuple):
    """A word to replace, and its location."""

    path: str
    line: int
    word: str
    write: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.word!r}: write {self.write}"


def problems() -> Iterator[Problem]:
    """Yield the words to replace in all files, except allowed ones."""
    for path in [path for path in files(*PAGES) if path != PAGE]:
        yield from _allowed(_text_problems(path, prose(path.read_text(encoding="utf-8"))))
    for path in files(*DATA):
        yield from _allowed(_text_problems(path, path.read_text(encoding="utf-8")))
    for path in files(*CODE):
        yield from _allowed(_code_problems(path))
    for path in files("tests/**/*.py"):
        yield from _test_name_problems(path)


def files(*patterns: str) -> list[Path]:
    """Return the files of the project that match a pattern, without the built manual."""
    built = ROOT / "docs" / "_build"
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path for path in found if built not in path.parents)


def _allowed(found: Iterator[Problem]) -> Iterator[Problem]:
    for problem in found:
        if not any(
            fnmatch(problem.path, entry["path"])
            and problem.word.lower() in map(str.lower, entry["words"])
            for entry in ALLOWED
        ):
            yield problem


def prose(text: str) -> str:
    """Blank out the code blocks of a page, so that lines keep their numbers."""
    return re.sub(
        r"^(\s*)(```+|~~~+|:::+\{code)[^\n]*\n.*?^\1\2?[`~:]*\s*$",
        lambda block: "\n" * block[0].count("\n"),
        text,
        flags=re.MULTILINE | re.DOTALL,
    )


def _text_problems(path: Path, text: str, first_line: int = 1) -> Iterator[Problem]:
    text = _QUOTED.sub(lambda quoted: re.sub(r"[^\n]", " ", quoted[0]), text)
    if not _ANY.search(text.lower()):
        return
    name = path.relative_to(ROOT).as_posix()
    for pattern, write in _TERMS:
        for match in pattern.finditer(text):
            line = first_line + text.count("\n", 0, match.start())
            yield Problem(name, line, " ".join(match[0].split()), write)


def _code_problems(path: Path) -> Iterator[Problem]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    name = path.relative_to(ROOT).as_posix()
    inside = {
        id(node)
        for function in nodes
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.AnnAssign)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield from _text_problems(path, node.value, node.lineno)
        for identifier, is_local in _bound(node, id(node) in inside):
            plain = identifier.strip("_")
            words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain).lower()))
            whole = _LOCALS if is_local else _WHOLE
            bad = sorted(words & _PARTS) or ([plain] if plain in whole else [])
            for word in bad:
                yield Problem(name, node.lineno, identifier, f"a name without {word!r}")


def _test_name_problems(path: Path) -> Iterator[Problem]:
    name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for match in _TESTS.finditer(text):
        word = match[2].replace("_", " ")
        line = text.count("\n", 0, match.start(1)) + 1
        yield Problem(name, line, match[1], f"a name of a test without {word!r}")


def _bound(node: ast.AST, is_inside: bool) -> Iterator[tuple[str, bool]]:
    """Yield the names that a node binds, and whether they are local variables."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name, False
        case ast.arg():
            yield node.arg, False
        case ast.AnnAssign(target=ast.Name() as target):
            yield target.id, is_inside
        case ast.Name(ctx=ast.Store()):
            yield node.id, True


def duplicate_classes() -> list[str]:
    """Return the class names that the package has twice."""
    names = Counter(
        name
        for path in files("src/**/*.py")
        for name in re.findall(
            r"^ *class (\w+)[:(]", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    return sorted(name for name, number in names.items() if number > 1)


def terminology() -> str:
    """Return the terminology page of the manual."""
    rows = [
        f"| {term['write']} | {', '.join(map(_readable, term['not']))} | {term['note']} |"
        for term in VOCABULARY["term"]
    ]
    return "\n".join(
        [
            "# Terminology",
            "",
            "Use these terms when you write about results, and in texts and names of the project.",
            "`python -m tests.language.check --page` makes this page, and the check for it is part",
            "of `nox -s lint`.",
            "",
            "| write | not | note |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _readable(pattern: str) -> str:
    """Return the words of a pattern: ``mend(?:s|ed)?`` is mend."""
    text = re.sub(r"\(\?=.*\)$", "", re.sub(r"\(\?[<!][^)]*\)", "", pattern))
    text = re.sub(r"\(\?:([^|)]*)[^)]*\)\??", r"\1", text).replace("?", "")
    for code, plain in ((".{0,20}", " … "), (r"\d+", "4"), ("\\", ""), ("|", " or ")):
        text = text.replace(code, plain)
    return text


def main(arguments: list[str]) -> int:
    """Print the problems, or write the terminology page."""
    if "--page" in arguments:
        PAGE.write_text(terminology(), encoding="utf-8")
        return 0
    result = list(problems())
    lines = [*map(str, result), *(f"class {name} is defined twice" for name in duplicate_classes())]
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != terminology():
        lines.append("terminology.md is not current: python -m tests.language.check --page")
    if "--count" in arguments:
        counted = Counter(problem.word.lower() for problem in result)
        lines = [f"{number:5} {word}" for word, number in counted.most_common()]
    sys.stdout.write("\n".join([*lines, f"{len(result)} words to replace", ""]))
    return int(bool(lines))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
