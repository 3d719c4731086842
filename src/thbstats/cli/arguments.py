"""The commands with their arguments, and their parser."""

import argparse
import re
import tomllib
from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any, NamedTuple, NoReturn

from thbstats._characters import escape
from thbstats._files import package_text
from thbstats._version import __version__
from thbstats.errors import did_you_mean

FORMATS: Mapping[str, tuple[str, ...]] = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
}
"""The formats of a report with their file extensions."""

AUDIT_FORMATS = ("text", "markdown", "html", "json")
COUNT_FORMATS = ("text", "csv", "json")


class Command(NamedTuple):
    """A command, from its entry in `commands.toml`."""

    help: str
    options: Mapping[str, str | Mapping[str, str]]
    examples: tuple[str, ...]
    more: str = ""
    end: str = ""


def _commands() -> dict[str, Command]:
    """Return the commands of `commands.toml` by name."""
    content: dict[str, Any] = tomllib.loads(package_text("thbstats.cli", "commands.toml"))
    shared = content.pop("shared")

    def expanded(options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a command with the options that several commands share."""
        own: dict[str, Any] = {}
        for syntax, text in options.items():
            if text is True:
                own |= expanded(shared[syntax])
            else:
                own[syntax] = text if isinstance(text, str) else expanded(text)
        return own

    return {
        name: Command(**{**entry, "options": expanded(entry.get("options", {}))})
        for name, entry in content.items()
    }


COMMANDS: Mapping[str, Command] = _commands()
WITH_SCHEMA = tuple(str(COMMANDS["schema"].options["of COMMAND"]).split(", "))
"""The commands that print JSON."""


TIME_LIMIT = 60.0
"""The default of ``--time-limit``, in seconds."""


def _seconds(text: str) -> float:
    """Return a number of seconds from 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"must be 0 seconds or more, got {text!r}")
    return seconds


_DETAILS: Mapping[str, dict[str, Any]] = {
    "--area AREA": {"required": True},
    "--base COLUMN...": {"dest": "bases", "default": None},
    "--decimals N": {"type": int},
    "--from NAME": {"dest": "format"},
    "--kind {victims,justice}": {"default": "victims"},
    "--level LEVEL": {"type": float},
    "--name NAME...": {"dest": "names", "default": None},
    "--order N": {"type": int, "default": 2},
    "--period PERIOD": {"required": True},
    "--totals WHICH": {"default": "all"},
    "--separator SIGN": {"default": ";"},
    "--time-limit SECONDS": {"type": _seconds, "default": TIME_LIMIT},
    "--what TEXT": {"required": True},
    "files FILE": {"nargs": "+"},
    "of COMMAND": {"choices": WITH_SCHEMA},
    "out OUT": {"nargs": "?"},
}
"""More arguments of ``add_argument``."""


class _Parser(argparse.ArgumentParser):
    """Parser with similar names in its messages, and the usage of the command at hand."""

    def error(self, message: str) -> NoReturn:
        super().error(escape(message))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse unknown options here, because the parser above has another usage."""
        known, further = super().parse_known_args(args, namespace)
        if further:
            options = [name for name in self._option_string_actions if name.startswith("--")]
            self.error(f"unknown argument {further[0]!r}.{_suggestion(further[0], options)}")
        return known, further

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            name = "command" if action.metavar == "COMMAND" else "choice"
            listed = f" Use one of {', '.join(action.choices)}"
            hint = _suggestion(value, action.choices) or listed
            raise argparse.ArgumentError(
                None if name == "command" else action, f"unknown {name} {value!r}.{hint}"
            )


def _suggestion(name: str, names: Iterable[str]) -> str:
    """Return a question with a similar name, or an empty text."""
    hint = did_you_mean(name, names)
    return f" {hint}" if hint.startswith("Did") else ""


class _Formatter(argparse.HelpFormatter):
    """Formatter of help texts that puts each example on its own line."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (
            line if line.startswith(" ") else fill(line, width, initial_indent=indent)
            for line in text.splitlines()
        )
        return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = _Parser(
        prog="thbstats",
        formatter_class=_Formatter,
        description="Calculate and check official statistics on trafficking in human beings. "
        "Verdicts of checks: confirmed, consistent, contradicted or not assessable.",
        epilog="Example:\n  thbstats report com-2018-777\n"
        "Exit codes: 0 success, 1 issues found (with --strict), 2 usage error. Colours appear on a "
        "terminal unless NO_COLOR is set.",
    )
    top.add_argument("--version", action="version", version=f"thbstats {__version__}")
    parents: dict[str, Any] = {"": _subparsers(top, "command", required=False)}
    for name, command in COMMANDS.items():
        parent, _, own = name.rpartition(" ")
        lines = "\n".join(f"  thbstats {example}" for example in command.examples)
        title = "Example:" if len(command.examples) == 1 else "Examples:"
        added = parents[parent].add_parser(
            own,
            help=command.help,
            description=f"{command.help[:1].upper()}{command.help[1:]}. {command.more}".strip(),
            epilog=f"{title}\n{lines}" + (f"\n{command.end}." if command.end else ""),
            formatter_class=_Formatter,
        )
        _add_options(added, command.options)
        if any(other.startswith(f"{name} ") for other in COMMANDS):
            parents[name] = _subparsers(added, f"{name}_command")
    return top


def _subparsers(parser: argparse.ArgumentParser, name: str, *, required: bool = True) -> Any:
    return parser.add_subparsers(dest=name, required=required, metavar="COMMAND")


def _add_options(
    parser: "argparse._ActionsContainer", options: Mapping[str, str | Mapping[str, str]]
) -> None:
    for syntax, text in options.items():
        if not isinstance(text, str):
            _add_options(parser.add_argument_group(syntax), text)
            continue
        name, _, value = syntax.partition(" ")
        target = parser
        if name == "--format" and "json" in value.strip("{}").split(","):
            target = parser.add_mutually_exclusive_group()
        kind: dict[str, Any] = {"help": text or None}
        if value.endswith("..."):
            kind = {"action": "append", "default": [], "help": f"{text}; repeatable"}
        if choices := re.fullmatch(r"\{(.*)\}", value):
            kind["choices"] = tuple(choices[1].split(","))
        elif value:
            kind["metavar"] = value.removesuffix("...")
        else:
            kind["action"] = "store_true"
        target.add_argument(name, **kind | _DETAILS.get(syntax, {}))
        if target is not parser:
            target.add_argument(
                "--json",
                dest="format",
                action="store_const",
                const="json",
                help="the same as --format json",
            )
