"""Properties of numbers that several families use."""

from functools import lru_cache

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.panel import Panel, Result, ResultKind
from thbstats.records import Source
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes

FLOWS = (ResultKind.RATIO, ResultKind.PER_100)

Stated = tuple[str | None, ...]


@lru_cache(maxsize=1024)
def vintages(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications with their days, without section."""
    return frozenset(evolve(source, section="") for source in sources)


def stated(number: Result, name: str, kind: str = "") -> Stated:
    """Return an attribute of numerator and denominator, for one kind of count."""
    sides = (number.numerator_kind, number.denominator_kind)
    return tuple(side.get(name) for side in sides if not kind or side.kind == kind)


def breakdowns(number: Result) -> frozenset[str]:
    """Return the dimensions that divide a number or select its counts."""
    chosen = (name for name, _ in (*number.category, *number.base.within))
    return frozenset((*chosen, *number.base.dimension))


def is_share(panel: Panel) -> NDArray[np.bool_]:
    """Return the numbers that are shares."""
    return panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)


def passes(panel: Panel | Pairs) -> Codes:
    """Return that all numbers or pairs pass."""
    return np.ones(len(panel), dtype=np.int8)
