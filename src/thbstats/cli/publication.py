"""The publication that somebody names: one of the library's, or a claims file of their own."""

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
    """Return a publication by its id, typed with hyphens or underscores, or read a claims file.

    A file that exists comes before a publication of the same name.
    """
    from thbstats.claims import Publication, read_claims
    from thbstats.publications import ALL

    if is_path(name):
        return read_claims(name)
    loaders: dict[str, Callable[[], Publication]] = {typed(load.__name__): load for load in ALL}
    if typed(name) not in loaders:
        raise UnknownName(
            "there is no such publication or file",
            field="PUBLICATION",
            value=name,
            hint=did_you_mean(typed(name), loaders),
        )
    return loaders[typed(name)]()


def subject_of(asked: argparse.Namespace) -> "Publication | Reading":
    """Return a publication, or what is in a file of counts.

    Raises
    ------
    InvalidValue
        If it is said of a publication what only a file of counts leaves open.
    """
    if not is_path(asked.id) or not _is_counts(asked.id):
        for option in ("kind", "set"):
            if getattr(asked, option):
                raise InvalidValue(
                    "a publication says itself what it counts",
                    field=f"--{option}",
                    value=getattr(asked, option),
                    hint="Leave it out, or give a file of counts",
                )
        return loaded(asked.id)
    from thbstats.sources import read

    with shown_progress() as progress:
        return read(asked.id, kind=asked.kind, progress=progress, **constants(asked.set))


def _is_counts(name: str) -> bool:
    """Whether a file holds counts: it does not end as claims do, or is JSON of counts."""
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
    """Whether a name is that of a file: it exists, or has an ending or a folder."""
    return os.path.exists(name) or bool(Path(name).suffix) or len(Path(name).parts) > 1


def typed(name: str) -> str:
    """Return an id as it is typed."""
    return name.lower().replace("_", "-")
