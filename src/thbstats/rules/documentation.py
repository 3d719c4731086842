"""Documented counting rules of publications and reporters."""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, reduce
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import CountKind, Panel
from thbstats.records import CountedGroup, CountingRules, Source

Side = Literal["numerator_kind", "denominator_kind"]
"""The counts of the numerator or of the denominator."""

Mask = NDArray[np.bool_]


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


def applicable(
    documents: Iterable[CountingRules], panel: Panel, side: Side, *, ever: bool = False
) -> Coded[tuple[CountingRules, ...]]:
    """Return the counting rules that apply to one side of each number."""
    kinds: Coded[Any] = getattr(panel, side)
    present = frozenset(kinds.categories[code].kind for code in kinds.present)
    sources = frozenset[Source]().union(*panel.sources.categories)
    entries, masks = [], []
    for entry, named in _concerned(tuple(documents), present, sources):
        mask = kinds.table(_is_about(entry.about), np.bool_)
        if entry.publications:
            mask &= panel.sources.table(_cites(named), np.bool_)
        if entry.reporter:
            mask &= _includes(panel, entry.reporter)
        if not ever and (entry.valid_from or entry.valid_to):
            mask &= panel.period.table(entry.is_valid_in, np.bool_)
        if mask.any():
            entries.append(entry)
            masks.append(mask)
    return _combined(entries, masks, len(panel))


@lru_cache(maxsize=1024)
def _concerned(
    own: tuple[CountingRules, ...], kinds: frozenset[str], sources: frozenset[Source]
) -> list[tuple[CountingRules, frozenset[Source]]]:
    """Return the counting rules of kinds and sources, with their sources."""
    entries = [entry for entry in (*own, *documented()) if entry.about in kinds]
    named = [frozenset(own for own in sources if entry.applies_to((own,))) for entry in entries]
    return [
        (entry, sources)
        for entry, sources in zip(entries, named, strict=True)
        if sources or not entry.publications
    ]


def applicable_to_both(
    documents: Iterable[CountingRules], panel: Panel, *, ever: bool = False
) -> tuple[Coded[tuple[CountingRules, ...]], Coded[tuple[CountingRules, ...]]]:
    """Return the counting rules of numerator and denominator of each number."""
    known = tuple(documents)
    counted = applicable(known, panel, "numerator_kind", ever=ever)
    kinds = [
        {kind.kind for kind in side.categories}
        for side in (panel.numerator_kind, panel.denominator_kind)
    ]
    if kinds[0] == kinds[1] and len(kinds[0]) == 1:
        return counted, counted
    return counted, applicable(known, panel, "denominator_kind", ever=ever)


def _is_about(about: str) -> Callable[[CountKind], bool]:
    return lambda kind: kind.kind == about


def _cites(named: frozenset[Source]) -> Callable[[Iterable[Source]], bool]:
    return lambda sources: not named.isdisjoint(sources)


def _includes(panel: Panel, country: str) -> Mask:
    """Return whether a country reported, or belongs to an area without a list."""
    listed = np.array([own is not None for own in panel.reporters.categories], dtype=np.bool_)
    reports = np.array([country in (own or ()) for own in panel.reporters.categories])
    mask: Mask = reports[panel.reporters.codes]
    if listed.all():
        return mask
    inside = np.array([country in area.members for area in panel.area.categories])
    return np.where(listed[panel.reporters.codes], mask, inside[panel.area.codes])


def _combined(
    entries: Sequence[CountingRules], masks: Sequence[Mask], size: int
) -> Coded[tuple[CountingRules, ...]]:
    """Return the entries of each row as a column of tuples."""
    if not entries:
        return Coded.constant((), size)
    code = np.zeros(size, dtype=np.intp)
    for mask in masks:
        # Codes stay dense: most rules apply to few numbers, so combinations are few.
        code = code * 2 + mask
        occurs = np.zeros(int(code.max(initial=0)) + 1, dtype=np.bool_)
        occurs[code] = True
        code = (np.cumsum(occurs) - 1)[code]
    first = np.zeros(int(code.max(initial=0)) + 1, dtype=np.intp)
    first[code] = np.arange(size)
    chosen = np.array(masks)[:, first].T.tolist()
    return Coded(
        code,
        [
            tuple(entry for entry, applies in zip(entries, row, strict=True) if applies)
            for row in chosen
        ],
    )


def counting(
    documents: Iterable[CountingRules], panel: Panel, side: Side
) -> Coded[CountingRules | None]:
    """Return the counting rules of one side of each number as one record.

    Rules of a country precede those of all countries. They apply to areas of one country only.
    """
    mask = applicable(documents, panel, side)
    if mask.categories == ((),):
        return Coded.constant(None, len(panel))
    single = panel.area.table(lambda area: len(area.members) == 1, np.intp)
    merged = [
        _merged(rules, single=bool(country)) for rules in mask.categories for country in (0, 1)
    ]
    values = Coded.from_values(merged)
    return Coded(values.codes[mask.positions * 2 + single], values.categories)


def _merged(rules: tuple[CountingRules, ...], *, single: bool) -> CountingRules | None:
    special = [entry for entry in rules if entry.reporter] if single else []
    ordered = [*special, *(entry for entry in rules if not entry.reporter)]
    return reduce(CountingRules.with_defaults, ordered) if ordered else None
