"""The import of hypothesis, with an error that names the extra."""

from typing import TYPE_CHECKING

from thbstats.tables.frames import library

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = library("hypothesis").strategies

__all__ = ["st"]
