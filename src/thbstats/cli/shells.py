"""The command completion: scripts for shells."""

import argparse
from collections.abc import Iterator
from typing import Any

from thbstats.cli.arguments import parser
from thbstats.cli.output import write_text
from thbstats.display.displayable import import_optional

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
