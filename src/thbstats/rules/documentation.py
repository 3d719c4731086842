"""Documented counting rules of publications and reporters."""

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache, reduce
from importlib.resources import files
from itertools import compress
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import CountKind, Panel
from thbstats.records import CountedGroup, CountingRules, Source

Side = Literal["numerator_kind", "denominator_kind"]
"""The counts of the numerator or of the denominator."""

SIDES: tuple[Side, Side] = ("numerator_kind", "denominator_kind")

Documents = tuple[CountingRules, ...]


@cache
def documented() -> tuple[CountingRules, ...]:
    """Return the counting rules that this library documents.

    Examples
    --------
    >>> [rules.moment for rules in documented() if rules.reporter == "UK"]
    ['referral', 'positive decision on reasonable grounds']
    """
    text = files("thbstats.rules").joinpath("documentation.toml").read_text("utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["rules"]
    for entry in entries:
        entry["source"] = Source(**entry["source"])
        for name in entry.keys() & {"includes", "excludes"}:
            entry[name] = [CountedGroup(**item) for item in entry[name]]
    return tuple(CountingRules(**entry) for entry in entries)


def concerned(documents: Iterable[CountingRules], panel: Panel) -> list[CountingRules]:
    """Return the counting rules that can apply to a panel, from its kinds and sources."""
    kinds = panel.numerator_kind.categories + panel.denominator_kind.categories
    return [entry for entry, _ in _concerned(tuple(documents), kinds, panel.sources.categories)]


@lru_cache(maxsize=1024)
def _concerned(
    own: Documents, kinds: tuple[CountKind, ...], citations: tuple[tuple[Source, ...], ...]
) -> list[tuple[CountingRules, frozenset[Source]]]:
    """Return the counting rules of kinds and sources, with their sources."""
    known, sources = {kind.kind for kind in kinds}, frozenset[Source]().union(*citations)
    entries = [entry for entry in (*own, *documented()) if entry.about in known]
    named = [frozenset(own for own in sources if entry.applies_to((own,))) for entry in entries]
    return [
        (entry, sources)
        for entry, sources in zip(entries, named, strict=True)
        if sources or not entry.publications
    ]


def applicable(
    documents: Iterable[CountingRules], panel: Panel, side: Side, *, ever: bool = False
) -> Coded[Documents]:
    """Return the counting rules that apply to one side of each number."""
    kinds: Coded[CountKind] = getattr(panel, side)
    entries, masks = [], []
    for entry, named in _concerned(tuple(documents), kinds.categories, panel.sources.categories):
        mask = _applies(entry, named, panel, kinds, ever)
        if mask.any():
            entries.append(entry)
            masks.append(mask)
    if not entries:
        return Coded.constant((), len(panel))
    code, first = panel.group_rows([Coded(mask.view(np.uint8), (False, True)) for mask in masks])
    chosen = np.array(masks)[:, first].T.tolist()
    return Coded(code, [tuple(compress(entries, row)) for row in chosen])


def _applies(
    entry: CountingRules, named: frozenset[Source], panel: Panel, kinds: Coded[Any], ever: bool
) -> NDArray[np.bool_]:
    """Return whether counting rules apply to one side of each number."""
    mask = kinds.table(lambda kind: kind.kind == entry.about, np.bool_)
    if entry.publications:
        mask &= panel.sources.table(lambda sources: not named.isdisjoint(sources), np.bool_)
    if entry.reporter:
        # A country reported, or belongs to an area whose reporting countries are not listed.
        listed = panel.reporters.table(lambda own: own is not None, np.bool_)
        reports = panel.reporters.table(lambda own: entry.reporter in (own or ()), np.bool_)
        inside = panel.area.table(lambda area: entry.reporter in area.members, np.bool_)
        mask &= np.where(listed, reports, inside)
    if not ever and (entry.valid_from or entry.valid_to):
        mask &= panel.period.table(entry.is_valid_in, np.bool_)
    return mask


def applicable_to_both(
    documents: Iterable[CountingRules], panel: Panel, *, ever: bool = False
) -> tuple[Coded[Documents], Coded[Documents]]:
    """Return the counting rules of both sides of each number."""
    above, below = (applicable(documents, panel, side, ever=ever) for side in SIDES)
    return above, below


def counting(
    documents: Iterable[CountingRules], panel: Panel, side: Side
) -> Coded[CountingRules | None]:
    """Return the counting rules of one side of each number as one record.

    Rules of a country precede those of all countries. They apply to areas of one country only.
    """
    mask = applicable(documents, panel, side)
    if mask.categories == ((),):
        return Coded.constant(None, len(panel))
    return mask.combine(panel.area.map(lambda area: len(area.members) == 1), _merged)


def _merged(rules: Documents, single: bool) -> CountingRules | None:
    special = [entry for entry in rules if entry.reporter] if single else []
    ordered = [*special, *(entry for entry in rules if not entry.reporter)]
    return reduce(CountingRules.with_defaults, ordered) if ordered else None
