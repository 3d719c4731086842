"""The publication that somebody names: one of the library's, or a claims file of their own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from thbstats.errors import UnknownName, did_you_mean

if TYPE_CHECKING:
    from thbstats.claims import Report

__all__ = ["is_path", "loaded", "typed"]


def loaded(name: str) -> "Report":
    """Return a publication by its id, typed with hyphens or underscores, or read a claims file.

    A file that exists comes before a publication of the same name.
    """
    from thbstats.claims import Report, read_claims
    from thbstats.publications import ALL

    if is_path(name):
        return read_claims(name)
    loaders: dict[str, Callable[[], Report]] = {typed(load.__name__): load for load in ALL}
    if typed(name) not in loaders:
        raise UnknownName(
            "there is no such publication or file",
            field="PUBLICATION",
            value=name,
            mend=did_you_mean(typed(name), loaders),
        )
    return loaders[typed(name)]()


def is_path(name: str) -> bool:
    """Whether a name is that of a file: it exists, or has an ending or a folder."""
    return os.path.exists(name) or bool(Path(name).suffix) or len(Path(name).parts) > 1


def typed(name: str) -> str:
    """Return an id as it is typed."""
    return name.lower().replace("_", "-")
