"""Rows of an explorer: numbers, states, sentences and verdicts in columns."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ThbstatsError
from thbstats.indicators import share, total
from thbstats.languages import Language, Message
from thbstats.panel import Panel, Result, ResultKind, Status, Verdict
from thbstats.panel.names import area_label, quantity_name, sentence
from thbstats.panel.panel_text import counts_suffix, format_number
from thbstats.panel.sentences import sentence as plain_sentence
from thbstats.reports.tabulated import MAX_CATEGORIES, MAX_FLOWS, attribute_sets
from thbstats.rules import compare_all
from thbstats.tables import CountTable
from thbstats.values import Reason

_REASONS = (Reason.FEWER_THAN, Reason.SUPPRESSED, Reason.CONFLICTING)
"""The reasons for bounds that a row names."""

_FIRST = 48
"""The first character of a verdict in a text."""


@frozen(kw_only=True)
class IndicatorBlock:
    """The numbers of one indicator, with the reasons for bounds by area and period."""

    panel: Panel
    reasons: dict[tuple[str, str], set[Reason]]


def blocks_of(table: CountTable) -> Iterator[IndicatorBlock]:
    """Yield the total of each kind of count, and counts and shares of each category."""
    dimensions = table.columns.schema.dimensions
    attributes = [d.name for d in dimensions if not d.total and d.name not in ("area", "period")]
    divided = [d for d in dimensions if d.total is not None]
    for own in attribute_sets(table, attributes)[:MAX_FLOWS]:
        rows = table.where(**own)
        yield from _blocks(rows, {})
        for dimension in divided:
            codes = rows.codes(dimension.name)
            sizes = np.bincount(codes, rows.lower, minlength=len(rows.categories(dimension.name)))
            order = np.argsort(-sizes, kind="stable").tolist()
            names = [
                rows.categories(dimension.name)[code] for code in order if (codes == code).any()
            ]
            named = [n for n in names if n not in (dimension.total, "unknown")][:MAX_CATEGORIES]
            for name in [*named, *({"unknown"} & set(names))]:
                yield from _blocks(rows, {dimension.name: name})


def _blocks(rows: CountTable, category: dict[str, str]) -> Iterator[IndicatorBlock]:
    """Yield the counts of a category, and its shares with and without the unknown category."""
    reasons = _reasons(rows, category)
    options: dict[str, Any] = {"by": ["area", "period"], **category}
    makes: list[Any] = [lambda: total(rows, **options)]
    if category and "unknown" not in category.values():
        makes.append(lambda: share(rows, base="all", **options))
        if "unknown" in rows.categories(next(iter(category))):
            makes.append(lambda: share(rows, base="known", **options))
    for make in makes:
        try:
            panel = make()
        except ThbstatsError:  # such as a base that the table does not have
            continue
        panel = panel.take(panel.status != Status.NO_DATA)
        if len(panel):
            yield IndicatorBlock(panel=panel, reasons=reasons)


def _reasons(table: CountTable, category: dict[str, str]) -> dict[tuple[str, str], set[Reason]]:
    """Return the reasons for bounds of a category and of the total, by area and period."""
    schema = table.columns.schema
    chosen = np.ones(len(table), dtype=np.bool_)
    for dimension in schema.dimensions:
        if dimension.total is not None:
            allowed = {dimension.total, category.get(dimension.name)}
            words = [word in allowed for word in table.categories(dimension.name)]
            chosen &= np.array(words, dtype=np.bool_)[table.codes(dimension.name)]
    chosen &= np.isin(table.reason, [reason.severity for reason in _REASONS])
    areas, periods = table.categories("area"), table.categories("period")
    result: dict[tuple[str, str], set[Reason]] = {}
    columns = (table.codes("area")[chosen], table.codes("period")[chosen], table.reason[chosen])
    for area, period, reason in zip(*(column.tolist() for column in columns), strict=True):
        result.setdefault((areas[area], periods[period]), set()).add(list(Reason)[reason])
    return result


def data_of(blocks: Iterable[IndicatorBlock], language: Language) -> dict[str, Any]:
    """Return the rows of all blocks as columns for the script of the page."""
    texts, names = list[tuple[str, ...]](), dict[str, list[str]]()
    numbers: dict[str, list[Any]] = {"lower": [], "upper": [], "far": [], "blocks": [], "pairs": []}
    scales, kinds = list[float](), dict[tuple[int, str], int]()
    for index, block in enumerate(blocks):
        panel = block.panel
        ends = np.array([panel.value.lower, panel.value.upper], dtype=np.float64)
        is_known: NDArray[np.bool_] = np.isfinite(ends[0]) & np.isfinite(ends[1])
        is_share = panel.kind[0] is ResultKind.SHARE
        scale = 1.0 if is_share else float(ends[1][is_known].max(initial=0)) or 1.0
        scales.append(scale)
        titles = {rule.code: rule.title for rule in panel.rules}
        for row, codes, valued in zip(panel, panel.codes, is_known.tolist(), strict=True):
            texts.append(_texts(row, block, [titles.get(code, code) for code in codes], language))
            numbers["far"].append(_extent(row, scale, is_known=valued))
        for name, own in zip(("lower", "upper"), ends.round(6), strict=True):
            known = zip(own.tolist(), is_known.tolist(), strict=True)
            numbers[name] += [number if valued else None for number, valued in known]
        numbers["blocks"] += [index] * len(panel)
        numbers["pairs"] += _pairs(panel, is_known, kinds, language)
        keys: dict[str, Coded[Any]] = {**panel.keys}
        keys = keys or {"area": panel.area, "period": panel.period}
        for name, column in keys.items():
            before = len(texts) - len(panel) - len(names.setdefault(name, []))
            names[name] += [""] * before + list(map(str, column))
    columns = dict(zip(_COLUMNS, map(list, zip(*texts, strict=True)), strict=True))
    if not any(columns["base"]):
        del columns["base"]
    filled = [own + [""] * (len(texts) - len(own)) for own in names.values()]
    return {
        "columns": {name: _coded(own, name) for name, own in columns.items()},
        "keys": [Coded.from_values(own).codes.tolist() for own in filled],
        "scales": scales,
        "kinds": list(kinds),
        "start": _FIRST,
        **numbers,
    }


_COLUMNS = (
    *("indicator", "base", "area", "code", "period", "value", "counts", "bounds", "state"),
    *("sentence", "note"),
)


def _texts(
    row: Result, block: IndicatorBlock, warnings: list[str], language: Language
) -> tuple[str, ...]:
    """Return the texts of a row, in the order of the columns."""
    key = row.area.code, str(row.period)
    reasons = block.reasons.get(key, set())
    value = row.formatted if row.value is not None or row.status is Status.UNDEFINED else ""
    is_count, low = row.kind is ResultKind.COUNT, row.value
    if is_count and low and Reason.FEWER_THAN in reasons and low.upper and not low.lower:
        value = f"<{low.upper + 1}"
    bounds = format_number(row, row.bounds_with_unknown)
    name = quantity_name(row)
    base = "" if row.base.rule == "none" else row.base.label
    reporters = ""
    if row.n_reporters is not None and len(row.area.members) > 1:
        reporters = language.text(
            "{n} of {total} countries have data.", n=row.n_reporters, total=len(row.area.members)
        )
    sources = dict.fromkeys(
        ", ".join(filter(None, [own.publisher, own.document or own.title])) for own in row.sources
    )
    named = "; ".join(map(language.text, warnings))
    note = [
        base and language.text("Denominator: {base}.", base=base),
        reporters,
        named and language.text("Warnings: {titles}.", titles=named),
        language.text("Source: {sources}.", sources="; ".join(sources)) if sources else "",
    ]
    return (
        language.text(getattr(name, "parameters", {}).get("category", name)),
        language.text(base),
        language.text(area_label(row.area)),
        row.area.code,
        str(row.period),
        language.text(value),
        counts_suffix(row).strip(" ()") if value else "",
        "" if bounds == row.formatted else language.text(bounds),
        language.text(_state(row, reasons)),
        sentence(language.text(plain_sentence(row))),
        " ".join(filter(None, note)),
    )


def _state(row: Result, reasons: set[Reason]) -> str:
    """Return why a row has its number, or has none."""
    if row.status is not Status.OK:
        return row.status.label
    wrong = {own.code for own in row.contradictions}
    if "conflicting" in wrong or Reason.CONFLICTING in reasons:
        return Message("several values")
    hidden = row.suppression is not None and row.suppression.cells
    if hidden:
        names = [own for own in _REASONS[:2] if own in reasons]
        if len(names) == 1:
            is_few = names[0] is Reason.FEWER_THAN
            return Message("fewer than n") if is_few else Message("suppressed")
        return Message("suppressed or fewer than n")
    number = row.value
    is_zero = number is not None and number.lower == number.upper == 0
    return Message("zero") if is_zero else row.status.label


def _extent(row: Result, scale: float, *, is_known: bool) -> tuple[float, float] | None:
    """Return the bounds including unknown on the scale of the bar, from 0 to 100.

    Bounds that hold for any data are not drawn.
    """
    bounds = row.bounds_with_unknown
    start, end = bounds.lower or 0, scale if bounds.upper is None else bounds.upper
    if not is_known and (start == 0 and end >= scale):
        return None
    ends = [min(round(100 * float(own) / scale, 1), 100.0) for own in (start, end)]
    return ends[0], ends[1]


def _pairs(
    panel: Panel, is_known: NDArray[np.bool_], kinds: dict[tuple[int, str], int], language: Language
) -> list[str]:
    """Return one character per verdict of each row with later rows that differ in one dimension."""
    valued = np.flatnonzero(is_known)
    texts = [""] * len(panel)
    if len(valued) < 2:
        return texts
    frame = compare_all(panel.take(valued), pairs="one_dimension")
    reasons = frame.to_frame()
    order = np.lexsort([frame.second, frame.first])
    titles = {rule.code: rule.title for rule in frame.rules}
    combined = list(zip(reasons["verdict"], reasons["warnings"], strict=True))
    signs: dict[object, str] = {}
    for own in dict.fromkeys(combined):
        verdict, codes = Verdict(own[0]), own[1].split(", ") if own[1] else []
        causes = "; ".join(language.text(titles.get(code, code)) for code in codes)
        label = language.text(verdict.label) + (f": {causes}" if causes else "")
        good = verdict in (Verdict.COMPARABLE, Verdict.WITH_CAUTION)
        signs[own] = chr(_FIRST + kinds.setdefault((int(good), label), len(kinds)))
    rows = [list[str]() for _ in texts]
    for position in order.tolist():
        rows[valued[frame.first[position]]].append(signs[combined[position]])
    return ["".join(own) for own in rows]


def _coded(values: list[str], name: str) -> dict[str, Any]:
    """Return a column as distinct texts, the code of each row, and the rank of each text."""
    texts = list(dict.fromkeys(values))
    codes = {text: code for code, text in enumerate(texts)}
    ranks = {text: rank for rank, text in enumerate(sorted(texts, key=str.casefold))}
    own: dict[str, Any] = {"texts": texts, "codes": [codes[text] for text in values]}
    if name not in ("sentence", "note"):
        own["ranks"] = [ranks[text] for text in texts]
    return own
