"""The strategies of hypothesis, or the name of the extra that brings them."""

from typing import TYPE_CHECKING

from thbstats.tables.libraries import library

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = library("hypothesis").strategies

__all__ = ["st"]
