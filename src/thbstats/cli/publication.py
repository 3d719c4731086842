"""Publications and files as arguments."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from thbstats.cli.files import constants
from thbstats.cli.progress import shown_progress
from thbstats.errors import InvalidFile, InvalidValue, UnknownName, did_you_mean

if TYPE_CHECKING:
    from thbstats.claims import Publication
    from thbstats.exchange import Reading

__all__ = ["is_path", "loaded", "subject_of", "typed"]


def loaded(name: str) -> "Publication":
    """Return a publication by its id, with hyphens or underscores, or read a claims file.

    An existing file takes precedence over a publication of the same name.
    """
    from thbstats.claims import Publication, read_claims
    from thbstats.publications import ALL

    if is_path(name):
        return read_claims(name)
    loaders: dict[str, Callable[[], Publication]] = {typed(load.__name__): load for load in ALL}
    if typed(name) not in loaders:
        raise UnknownName(f"unknown publication {name!r}", hint=did_you_mean(typed(name), loaders))
    return loaders[typed(name)]()


def subject_of(args: argparse.Namespace) -> "Publication | Reading":
    """Return a publication, or the contents of a file of counts.

    Raises
    ------
    InvalidValue
        If an option for files of counts is used with a publication.
    """
    if not is_path(args.id) or not _is_counts(args.id):
        for option in ("kind", "set"):
            if getattr(args, option):
                raise InvalidValue(
                    "must not be used with a publication",
                    field=f"--{option}",
                    value=getattr(args, option),
                    hint=f"Remove --{option}",
                )
        return loaded(args.id)
    from thbstats.sources import read

    with shown_progress() as progress:
        return read(args.id, kind=args.kind, progress=progress, **constants(args.set))


def _is_counts(name: str) -> bool:
    """Whether a file contains counts: another extension than claims, or JSON of counts."""
    from thbstats.claims import FORMATS
    from thbstats.exchange import open_file
    from thbstats.sources import recognised

    if Path(name).suffix.lower() not in sum(FORMATS.values(), ()):
        return True
    try:
        return bool(os.path.isfile(name) and recognised(open_file(name)))
    except InvalidFile:
        return False


def is_path(name: str) -> bool:
    """Whether a name is a path: the file exists, or the name has an extension or a folder."""
    return os.path.exists(name) or bool(Path(name).suffix) or len(Path(name).parts) > 1


def typed(name: str) -> str:
    """Return an id with hyphens."""
    return name.lower().replace("_", "-")
