"""Printed reports as data: each is a file of claims, read when it is asked for."""

from collections.abc import Callable

from thbstats.claims import Report
from thbstats.publications.com_2018_777 import com_2018_777

__all__ = ["ALL", "com_2018_777"]

ALL: tuple[Callable[[], Report], ...] = (com_2018_777,)
"""Every publication of the library, by the function that reads it."""
