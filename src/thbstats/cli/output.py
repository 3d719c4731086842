"""Output of the command line: standard output, standard error and files."""

import argparse
import errno
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Timer, current_thread, main_thread
from typing import TYPE_CHECKING, Any

from thbstats._characters import escape
from thbstats._files import is_same_file, write_file
from thbstats.cli.arguments import FORMATS
from thbstats.errors import InvalidValue, UnknownName

if TYPE_CHECKING:
    from rich.progress import Progress

    from thbstats.auditing import Audit
    from thbstats.display import DisplayTable, Page


SCHEMA_VERSION = 1
"""The version of the JSON output."""

UNCHECKED = 3
"""The exit code of an audit that did not end, with ``--strict``."""

_PROGRAM_FORMATS = ("csv", "json", "xlsx")
_FILE_WIDTH = 80
_COLOR = re.compile(r"(\x1b\[[0-9;]*m)")


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def colors() -> bool:
    """Return whether standard output has colours."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return _is_terminal() and not declined


def format_of(args: argparse.Namespace, formats: Collection[str] = ("text",)) -> str:
    """Return the output format of a command, by name or by the file extension.

    Number style and language are refused in formats for programs.
    """
    extension = Path(getattr(args, "output", None) or "").suffix.lower()
    named = getattr(args, "format", None)
    by_extension = [name for name in formats if extension in FORMATS[name]]
    if not named and extension and not by_extension:
        extensions = [FORMATS[name][0] for name in formats][-5:]
        raise UnknownName(
            "must have a known file extension",
            field="--output",
            value=args.output,
            hint=f"Use {', '.join(extensions)}, or add --format",
        )
    form = str(named or next(iter(by_extension), "text"))
    refuse_style(args, form)
    return form


def refuse_style(args: argparse.Namespace, form: str) -> None:
    """Refuse number style and language in formats for programs."""
    if form in _PROGRAM_FORMATS and "style" in args:
        for option in ("style", "language"):
            hint = f"Remove --{option}, or use --format text"
            refuse(args, f"--{option}", f"must not be used with {form}", hint)


def refuse(args: argparse.Namespace, option: str, problem: str, hint: str, name: str = "") -> None:
    """Raise an error if an option is given."""
    value = getattr(args, name or option.removeprefix("--").replace("-", "_"), None)
    if value is not None and value is not False and value != []:
        raise InvalidValue(problem, field=option, value=value, hint=hint)


def check_outputs(args: argparse.Namespace) -> None:
    """Refuse an output file that is an input file or another output, by any name or link."""
    if args.command == "convert":
        is_single = (args.out is None) != (args.output is None)
        problem = "`OUT` and --output must not both be used" if args.out else "`OUT` must be passed"
        if not is_single:
            raise InvalidValue(problem, hint="Write thbstats convert FILE OUT")
        args.output = args.out or args.output
    names = {"OUT" if args.command == "convert" else "--output": "output"}
    names |= {"--structure": "structure", "--package": "package"}
    outputs = {field: getattr(args, name, None) for field, name in names.items()}
    present = {field: output for field, output in outputs.items() if output is not None}
    inputs = _inputs(args) if any(map(os.path.exists, present.values())) else []
    for field, output in present.items():
        problem = ""
        if any(is_same_file(path, output) for path in inputs):
            problem = "must not be an input file"
        elif any(is_same_file(own, output) for name, own in present.items() if name != field):
            problem = "must not be another output file"
        if problem:
            raise InvalidValue(problem, field=field, value=output, hint="Use another name")


def _inputs(args: argparse.Namespace) -> list[str]:
    """Return the input files of a command that exist."""
    declare: str | None = getattr(args, "declare", None)
    named = [getattr(args, name, None) for name in ("file", "id", "lists", "members", "declare")]
    names: list[str] = [name for name in (*named, *getattr(args, "files", ())) if name is not None]
    paths = [*names, *(path for name in names for path in glob(name, recursive=True))]
    if declare is not None:
        from thbstats.files.declaration import classification_files

        paths += map(str, classification_files(declare))
    return [path for path in paths if os.path.exists(path)]


def deliver(
    args: argparse.Namespace,
    form: str,
    *items: "DisplayTable | Page",
    data: Callable[[], Any] | None = None,
    html: Callable[[], str] | None = None,
    markdown: "DisplayTable | None" = None,
    heading: str = "",
) -> None:
    """Write the result of a command in a format, to a file or to standard output.

    ``items`` are the result for people. ``data`` returns the result for programs, and ``html`` a
    page in place of the items. ``markdown`` is a wider table for Markdown, and ``heading`` is the
    heading of tables in HTML.
    """
    if form == "json" and data is not None:
        write_text(json_of(data()), args)
        return
    from thbstats.display import DisplayTable, Page, PageSection, to_html, to_markdown

    shown = [for_people(item, args) if isinstance(item, DisplayTable) else item for item in items]
    if form == "markdown":
        shown = shown if markdown is None else [for_people(markdown, args)]
        text = "\n\n".join(map(to_markdown, shown))
    elif form == "html" and html is not None:
        text = html()
    elif form == "html":
        tables = [item for item in shown if isinstance(item, DisplayTable)]
        section = PageSection(heading=heading, tables=tables)
        text = to_html(Page(title=tables[0].caption, sections=[section]))
    else:
        text = text_of(*shown, output=getattr(args, "output", None))
    write_text(text.rstrip("\n"), args)


def for_people(table: "DisplayTable", args: argparse.Namespace) -> "DisplayTable":
    """Return a table with options in its hints, in the requested number style and language."""
    if "style" not in args:
        return table
    from attrs import evolve

    from thbstats.display import number_style

    if getattr(args, "language", None) is not None:
        from thbstats.languages import Language
        from thbstats.tables.sums import translator

        language = Language.of(args.language)
        table = translator(language.code)(table).in_language(language, args.style)
    elif args.style is not None:
        table = table.styled(number_style(args.style))
    # After the translation, because a note with an option is not a message.
    notes = [with_options(note, declares="declare" in args) for note in table.notes]
    return evolve(table, notes=notes)


def text_of(*items: "DisplayTable | Page", output: str | None = None) -> str:
    """Return tables or pages as text, with colours and bars on a terminal with the extra `cli`."""
    from thbstats.display import to_text

    width = shutil.get_terminal_size().columns if output is None else _FILE_WIDTH
    if output is None and colors() and find_spec("rich") is not None:  # the extra `cli`
        from thbstats.display.text import colored_text

        return colored_text(items, width)
    return "\n\n".join(to_text(item, width) for item in items)


def json_of(data: Any, *, versioned: bool = True) -> str:
    """Return plain data as JSON; an object has the schema version first."""
    if versioned and isinstance(data, Mapping):
        data = {"schema_version": SCHEMA_VERSION, **data}
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)


def write_text(text: str, args: argparse.Namespace | None = None) -> None:
    """Write a text to the output file, or to standard output."""
    # The output of convert is the data file.
    output = None if args is None or args.command == "convert" else getattr(args, "output", None)
    if output is None:
        write_output(text)
    else:
        write_file(output, f"{text}\n")
        written(output)


def written(path: str) -> None:
    """Print the name of a file that was written."""
    if sys.stdout is not None:
        write_output(f"Wrote {path}")


def report_issues(
    args: argparse.Namespace, issues: Sequence[str], noun: str = "issue", plural: str = "issues"
) -> bool:
    """Return whether ``--strict`` finds issues, and write their names to standard error."""
    if args.strict and issues:
        complain(f"{len(issues)} {noun if len(issues) == 1 else plural}: {', '.join(issues)}")
    return bool(args.strict and issues)


def report_audit(args: argparse.Namespace, audit: "Audit") -> int:
    """Return the exit code of an audit with ``--strict``, by its issues and its open checks."""
    has_issues = report_issues(args, [item.claim.id for item in audit.issues])
    is_open = bool(args.strict and audit.left_open)
    if is_open:
        complain(f"not everything was checked: {'; '.join(audit.left_open)}")
    return int(has_issues) or UNCHECKED * is_open


def write_output(text: str) -> None:
    """Write a text to standard output as UTF-8 in every locale.

    On a terminal, control sequences other than colours are escaped. An error names the output: a
    closed pipe such as that of ``head``, or a full disk.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    if _is_terminal():
        pieces = _COLOR.split(text)  # every second piece is a colour
        pieces[::2] = (escape(piece, keep="\n\t") for piece in pieces[::2])
        text = "".join(pieces)
    buffer = getattr(sys.stdout, "buffer", None)
    with _named_errors():
        if buffer is None:  # a stream of text alone, as notebooks and tests put in its place
            sys.stdout.write(f"{text}\n")
        else:
            sys.stdout.flush()
            buffer.write(f"{text}\n".encode())
        sys.stdout.flush()


def flush() -> None:
    """Write the buffer, so that errors of the output appear before the end."""
    with _named_errors():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextmanager
def _named_errors() -> Iterator[None]:
    """Add the name of standard output to its errors."""
    try:
        yield
    except OSError as error:
        # What is still buffered has nowhere to go, and must not be tried again at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OSError(error.errno, error.strerror, "standard output") from None


def complain(text: str, command: str = "") -> None:
    """Write a text to standard error after the name of the program and of the command."""
    name = f"thbstats {command}" if command else "thbstats"
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"{name}:", escape(text, keep="\n"), file=sys.stderr, flush=True)


_VALUE = r"(?:'[^']*'|\"[^\"]*\"|\.\.\.|[\w+-]+)"
_BRACKETS = r"(?:\[[^\]]*\]|\{(?:[^{}]|\{[^{}]*\})*\}|[\w.]*\([^)]*\))"
_OPTIONS = {
    "declare": "--declare FILE",
    "columns": "--column NAME=COLUMN",
    "derive": "--column NAME=COLUMN",
    "multi": "--multi NAME=COLUMN",
    "recode": "--recode NAME:TEXT=CODE",
    "missing": "--missing TEXT",
    "unknown": "--unknown TEXT",
    "no": "--no-value TEXT",
    "by": "--by NAMES",
    "where": "--where NAME=CODES",
    "members": "--members FILE",
    "bases": "--base COLUMN",
    "names": "--list COLUMN",
    "odds_ratio": "--odds-ratio LOW,HIGH",
    "referred_from": "--referred-from LIST=LIST",
    "weights": "--weights COLUMN",
    "filter": "--where NAME=CODES",
}
"""Options by argument, for arguments with a list, a mapping or an object."""

_SAVED = re.compile(r"\bdeclare='([^']+)'")
_PLAIN = (
    "kind|sheet|range|encoding|format|decimals|thousands|rounding|separator|style|complete|count"
    "|level|order"
)
_CONSTANTS = "area|period|status|unit|stage|offence|register|sex|age"
_ARGUMENT = re.compile(rf"\b({'|'.join(_OPTIONS)})=(?:{_BRACKETS}|{_VALUE})")
_NAMED = re.compile(rf"\b({_PLAIN})=({_VALUE})")
_CONSTANT = re.compile(rf"(--[\w-]+ )?(?<![\w:'])({_CONSTANTS})=({_VALUE})")


_OF_DECLARATION = (
    "added|classifications|columns|dates|dimensions|fewer_than_from|fill|flags|ignored|missing"
    "|recode|repeated|thousands|unpivot"
)
_DECLARED = re.compile(rf"\b({_OF_DECLARATION})=(?:{_BRACKETS}|{_VALUE})")


_LIMITS = re.compile(r"pass limits=Limits\([^)]*\)")
# Calls that a command does not make, at the end of a hint.
_PYTHON = re.compile(
    r" \([^()]*\b(?:thb\.|CountTable\.|data frame)[^()]*\)"
    r"|\.? with (?:table|panel)?\.?where\([^)]*\)|: dataset=\d+|structure=\.\.\. or (?=declare)"
)
_CALL = re.compile(r"Write (\w+)\(table, ([^)]*)\)")


def with_options(text: str, *, declares: bool = False, is_question: bool = False) -> str:
    """Return a message with command-line options for Python arguments.

    ``declares`` is whether the command reads a declaration file, and ``is_question`` whether the
    message is about a question, which has arguments of Python.

    Examples
    --------
    >>> with_options("Pass kind='victims' and area='MT'")
    'Pass --kind victims and --set area=MT'
    >>> with_options("Add declare=Declaration(...)")
    'Add --declare FILE'
    >>> with_options("Pass thousands='.'", declares=True)
    'Pass thousands in --declare FILE'
    >>> with_options("Pass classifications=[...] too", declares=True)
    'Pass classifications in --declare FILE too'
    >>> with_options("Write change(table, old=..., new=...)", is_question=True)
    "Write 'change old=... new=...'"
    """
    text = _LIMITS.sub("split it", _PYTHON.sub("", text))
    if is_question:
        return _CALL.sub(lambda match: f"Write '{match[1]} {match[2].replace(',', '')}'", text)
    text = text.replace(", or file=... for other labels", "")  # has no option
    text = text.replace("complete=True", "--complete")
    if declares:
        text = _DECLARED.sub(r"\1 in --declare FILE", text)
    text = _SAVED.sub(r"--declare \1", text)
    text = _ARGUMENT.sub(lambda match: _OPTIONS[match[1]], text)
    text = _NAMED.sub(lambda match: f"--{match[1]} {_bare(match[2])}", text)
    return _CONSTANT.sub(
        lambda match: match[0] if match[1] else f"--set {match[2]}={_bare(match[3])}", text
    )


def _bare(value: str) -> str:
    return "VALUE" if value == "..." else value.strip("'\"")


DELAY = 1.0
"""Seconds before anything is shown."""


@contextmanager
def shown_progress() -> Iterator[Callable[[str, float], None]]:
    """Yield a function that reports the step and its progress."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _step, _done: None
        return
    progress = _Lines() if find_spec("rich") is None else _Bar()
    # A step can be one long call, so that a clock of its own shows the progress.
    timer = Timer(DELAY, progress.show)
    timer.daemon = True
    timer.start()
    try:
        yield progress.update
    finally:
        timer.cancel()
        progress.stop()


@contextmanager
def interruptible(stop: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """Stop a search at the first Ctrl-C; yield whether it was pressed.

    A second Ctrl-C ends the command at once.
    """
    pressed = False

    def handle(_number: int, _frame: object) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)
        stop("interrupted")

    if current_thread() is not main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


class _Lines:
    """Progress as a line for each step."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.step, self.done = "", 0.0
        self.is_shown = self.is_stopped = False

    def update(self, step: str, done: float) -> None:
        with self.lock:
            is_new = step != self.step
            self.step, self.done = step, done
            if self.is_shown:
                self.draw(is_new=is_new)

    def show(self) -> None:
        with self.lock:
            if not self.is_stopped:
                self.is_shown = True
                self.draw(is_new=True)

    def stop(self) -> None:
        with self.lock:
            self.is_stopped, self.is_shown = True, False

    def draw(self, *, is_new: bool) -> None:
        """Print a new step."""
        if is_new and self.step:
            print(f"{self.step}...", file=sys.stderr, flush=True)


class _Bar(_Lines):
    """Progress as a bar of rich with the current step."""

    bar: "Progress | None" = None

    def stop(self) -> None:
        super().stop()
        if self.bar is not None:
            self.bar.stop()

    def draw(self, *, is_new: bool) -> None:
        """Move the bar; it moves to and fro until the step makes progress."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        if is_first := self.bar is None:
            self.bar = Progress(
                *(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()),
                console=Console(file=sys.stderr),
                transient=True,
                # Other output goes where it goes without a bar.
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self.bar.add_task("", total=None)
        (task,) = self.bar.task_ids
        total = 1.0 if self.done else None
        self.bar.update(task, description=self.step, total=total, completed=self.done)
        if is_first:
            self.bar.start()
