"""Page of an explorer: one HTML file with its rows, script and style."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from gzip import compress
from hashlib import sha256
from html import escape
from string import Template
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats._characters import escape as escape_controls
from thbstats._files import package_text, write_file
from thbstats._version import __version__
from thbstats.columns import Coded
from thbstats.display.html import html_document
from thbstats.display.strings import clean
from thbstats.errors import ThbstatsError, require
from thbstats.indicators import share, total
from thbstats.languages import Language, Message, Plural, capitalised, joined
from thbstats.panel import Panel, Result, ResultKind, Status, Verdict
from thbstats.panel.category_names import dimension_name
from thbstats.panel.names import area_label, quantity_name, sentence
from thbstats.panel.panel_text import (
    counts_suffix,
    counts_text,
    format_number,
    hold_for_any_data,
    plain_sentence,
)
from thbstats.records import Dimension
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.reports.subject import MAX_CATEGORIES, MAX_FLOWS, attribute_sets
from thbstats.rules import compare_all
from thbstats.tables import CountTable, Dataset
from thbstats.values import Reason

_REASONS = (Reason.FEWER_THAN, Reason.SUPPRESSED, Reason.CONFLICTING)
"""The reasons for bounds that a row names."""

_TEXT = re.compile(r"\[\[([^]]+)\]\]")
"""A text of the page, which follows the language."""

_FIRST = 48
"""The first character of a verdict in a text."""


@frozen(kw_only=True)
class IndicatorBlock:
    """The numbers of one indicator, with the reasons for bounds by area and period."""

    panel: Panel
    reasons: dict[tuple[str, str], set[Reason]]


def blocks_of(table: CountTable) -> Iterator[IndicatorBlock]:
    """Yield the total of each kind of count, and counts and shares of each category."""
    for rows in _kinds_of(table)[:MAX_FLOWS]:
        yield from _blocks(rows, {})
        for dimension in rows.columns.schema.dimensions:
            for name in _categories(rows, dimension)[:MAX_CATEGORIES]:
                yield from _blocks(rows, {dimension.name: name})
            if dimension.total and "unknown" in rows.categories(dimension.name):
                yield from _blocks(rows, {dimension.name: "unknown"})


def _kinds_of(table: CountTable) -> list[CountTable]:
    """Return the rows of each kind of count, such as victims of one status."""
    dimensions = table.columns.schema.dimensions
    attributes = [d.name for d in dimensions if not d.total and d.name not in ("area", "period")]
    return [table.where(**own) for own in attribute_sets(table, attributes)]


def _categories(rows: CountTable, dimension: Dimension) -> list[str]:
    """Return the known categories with rows of a dimension that divides a total, largest first."""
    names, codes = rows.categories(dimension.name), rows.codes(dimension.name)
    sizes = np.bincount(codes, rows.lower, minlength=len(names))
    order = [names[code] for code in np.argsort(-sizes, kind="stable") if (codes == code).any()]
    return [own for own in order if dimension.total and own not in (dimension.total, "unknown")]


def left_out(table: CountTable) -> Iterator[str]:
    """Yield the contents of a table that a page leaves out, in words."""
    kinds = _kinds_of(table)
    if more := len(kinds[MAX_FLOWS:]):
        yield Plural("{n} kind of count", "{n} kinds of count", more, n=more)
    for dimension in table.columns.schema.dimensions:
        smaller = {own for rows in kinds for own in _categories(rows, dimension)[MAX_CATEGORIES:]}
        if n := len(smaller):
            own = {"n": n, "dimension": dimension_name(dimension.name)}
            yield Plural(
                "{n} smaller category ({dimension})", "{n} smaller categories ({dimension})",
                n, **own,
            )  # fmt: skip
    yield Message("combinations of dimensions")
    yield Message("rows without a number")


def _blocks(rows: CountTable, category: dict[str, str]) -> Iterator[IndicatorBlock]:
    """Yield the counts of a category, and its shares with and without the unknown category."""
    own, with_total = _reasons(rows, category), _reasons(rows, category, with_total=True)
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
        panel = panel.take((panel.status != Status.NO_DATA) & ~_is_open(panel))
        if len(panel):
            is_count = panel.kind[0] is ResultKind.COUNT
            yield IndicatorBlock(panel=panel, reasons=own if is_count else with_total)


def _is_open(panel: Panel) -> NDArray[np.bool_]:
    """Return the shares without a value whose bounds hold for any data."""
    is_share = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
    is_open = hold_for_any_data(panel, panel.bounds_with_unknown)
    return np.asarray(is_share & panel.value.missing & is_open)


def _reasons(
    table: CountTable, category: dict[str, str], *, with_total: bool = False
) -> dict[tuple[str, str], set[Reason]]:
    """Return the reasons for bounds of a category, and of the total, by area and period."""
    schema = table.columns.schema
    chosen = np.ones(len(table), dtype=np.bool_)
    for dimension in schema.dimensions:
        if dimension.total is not None:
            allowed = {category.get(dimension.name, dimension.total)}
            allowed |= {dimension.total} if with_total else set()
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
    named = dict[object, _Names]()
    for index, block in enumerate(blocks):
        panel = block.panel
        ends = np.array([panel.value.lower, panel.value.upper], dtype=np.float64)
        is_known: NDArray[np.bool_] = np.isfinite(ends[0]) & np.isfinite(ends[1])
        row_scales = _scales(panel, ends[1], is_known)
        scales += row_scales
        titles = {rule.code: rule.title for rule in panel.rules}
        ends_of_bars = zip(is_known.tolist(), row_scales, strict=True)
        for row, codes, (valued, scale) in zip(panel, panel.codes, ends_of_bars, strict=True):
            warned = [titles.get(code, code) for code in codes]
            texts.append(_texts(row, block, warned, language, _names(row, language, named)))
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


_Names = tuple[str, str, str]
"""The texts of the indicator, the denominator and the area of a row."""


def _names(row: Result, language: Language, known: dict[object, _Names]) -> _Names:
    """Return the names of a row, which the rows of all periods share."""
    counted = row.kind, row.numerator_kind, row.denominator_kind
    is_named = row.kind in (ResultKind.COUNT, ResultKind.SHARE)
    key = counted, row.category, row.base, row.label, row.area, is_named or row.estimand
    if key not in known:
        name = quantity_name(row)
        known[key] = (
            language.text(getattr(name, "parameters", {}).get("category", name)),
            "" if row.base.rule == "none" else language.text(row.base.label),
            language.text(area_label(row.area)),
        )
    return known[key]


def _texts(
    row: Result, block: IndicatorBlock, warnings: list[str], language: Language, names: _Names
) -> tuple[str, ...]:
    """Return the texts of a row, in the order of the columns."""
    key = row.area.code, str(row.period)
    reasons = block.reasons.get(key, set())
    number, (indicator, base, area) = row.formatted, names
    value = number if row.value is not None or row.status is Status.UNDEFINED else ""
    is_count, low = row.kind is ResultKind.COUNT, row.value
    if is_count and low and Reason.FEWER_THAN in reasons and low.upper and not low.lower:
        value = f"<{low.upper + 1}"
    bounds = format_number(row, row.bounds_with_unknown)
    reporters = ""
    if value and row.n_reporters is not None and len(row.area.members) > 1:
        reporters = language.text(
            "The number includes {n} of {total} countries.",
            n=row.n_reporters,
            total=len(row.area.members),
        )
    sources = dict.fromkeys(
        ", ".join(filter(None, [own.publisher, own.document or own.title]))
        for own in row.all_sources
    )
    named = "; ".join(map(language.text, warnings))
    note = [
        base and language.text("Denominator: {base}.", base=base),
        reporters,
        named and language.text("Warnings: {titles}.", titles=named),
        language.text("Source: {sources}.", sources="; ".join(sources)) if sources else "",
    ]
    return (
        indicator,
        base,
        area,
        row.area.code,
        str(row.period),
        language.text(value),
        language.text(counts_text(row)) if value and counts_suffix(row) else "",
        "" if bounds == number else language.text(bounds),
        language.text(_state(row, reasons)),
        sentence(language.text(plain_sentence(row))),
        " ".join(filter(None, note)),
    )


def _state(row: Result, reasons: set[Reason]) -> str:
    """Return the reason for the bounds of a row, or for its missing number."""
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


def _scales(panel: Panel, upper: NDArray[np.float64], is_known: NDArray[np.bool_]) -> list[float]:
    """Return the number at the end of the bar of each row: 1 for shares, else the largest value."""
    scales = np.ones(len(panel))
    for code in panel.kind.present:
        chosen = panel.kind.codes == code
        if panel.kind.categories[code] is not ResultKind.SHARE:
            scales[chosen] = upper[chosen & is_known].max(initial=0) or 1.0
    return [float(own) for own in scales]


def _extent(row: Result, scale: float, *, is_known: bool) -> tuple[float, float] | None:
    """Return the bounds including unknown on the scale of the bar, from 0 to 100.

    Bounds that hold for any data are not drawn.
    """
    bounds = row.bounds_with_unknown
    if row.kind.limits[0] != 0 and (bounds.lower is None or bounds.lower < 0):
        return None  # a bar begins at 0
    start, end = bounds.lower or 0, scale if bounds.upper is None else bounds.upper
    if not is_known and (start == 0 and end >= scale):
        return None
    ends = [min(round(100 * float(own) / scale, 1), 100.0) for own in (start, end)]
    return ends[0], ends[1]


def _pairs(
    panel: Panel, is_known: NDArray[np.bool_], kinds: dict[tuple[int, str], int], language: Language
) -> list[str]:
    """Return the verdicts of each row with later rows, with one character for each pair."""
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
    own: dict[str, Any] = {
        "texts": [*map(escape_controls, texts)],
        "codes": [codes[text] for text in values],
    }
    if name not in ("sentence", "note"):
        own["ranks"] = [ranks[text] for text in texts]
    return own


def explorer_page(
    item: Panel | CountTable | Dataset,
    path: "str | os.PathLike[str] | None" = None,
    *,
    title: str | None = None,
    language: str = "en",
) -> str:
    """Return a page of numbers that sorts, filters and searches in a browser, and write it.

    The page is one file. It loads nothing, works without a network, and its content-security policy
    allows its own script and style only. Browsers from 2023 open it.

    Parameters
    ----------
    item : Panel, CountTable or Dataset
        The numbers; or tables, of which the page has totals, and counts and shares of the largest
        categories by area and period. The page states what it leaves out.
    path : str or path, optional
        The HTML file, which is replaced if it exists.
    title : str, optional
        The title; by default the caption of the panel, or the kinds of count.
    language : str
        The language of the texts: ``"en"``, ``"fr"`` or ``"de"``.

    Returns
    -------
    str
        The HTML document.

    Raises
    ------
    InvalidValue
        If there is no number, or ``item`` is of another type.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.read("docs/_data/glotip_eu_victims.csv").table
    >>> panel = thb.share(victims, sex="female", base="all", by=["area", "period"])
    >>> page = panel.to_page()
    >>> "default-src 'none'" in page, len(page) < 100_000
    (True, True)
    """
    texts, omitted = Language.of(language), list[str]()
    if isinstance(item, Panel):
        blocks, heading = (
            [IndicatorBlock(panel=item, reasons={})] if len(item) else [],
            item.caption,
        )
    else:
        hint = "Pass a panel, a CountTable, or the data of thbstats.read(...)"
        is_table = isinstance(item, CountTable | Dataset)
        require(is_table, "`item` must be a panel or counts", hint, item=type(item))
        tables = [item] if isinstance(item, CountTable) else [*item.tables()]
        blocks = [block for table in tables for block in blocks_of(table)]
        omitted = list(dict.fromkeys(text for table in tables for text in left_out(table)))
        heading = joined((KIND_TITLES[table.kind] for table in tables), ", ")
        for table in [] if blocks else filter(len, tables):
            total(table, by=["area", "period"])  # its error states why there is no number
    require(blocks, "must contain a number", "Pass a table or panel with rows", item=heading)
    page = _document(clean(texts.text(title or capitalised(heading))), blocks, omitted, texts)
    if path is not None:
        write_file(path, page)
    return page


def _document(
    title: str, blocks: list[IndicatorBlock], omitted: list[str], language: Language
) -> str:
    data = data_of(blocks, language)
    labels = {
        "indicator": language.text("Indicator"),
        "base": language.text("Denominator"),
        "area": language.text("Country or area"),
        "code": language.text("Code"),
        "period": language.text("Period"),
        "value": language.text("Value"),
        "counts": language.text("Counts"),
        "bounds": language.text("Bounds including unknown"),
        "state": language.text("State"),
        "sentence": language.text("Sentence"),
        "note": language.text("Footnote"),
    }
    shown = [name for name in labels if name in data["columns"]]
    for name in shown:
        data["columns"][name]["label"] = labels[name]
    shown = [name for name in shown if name not in ("code", "sentence", "note")]
    filters = [name for name in shown if name not in ("value", "counts", "bounds")]
    texts = {
        "status": language.text("Rows {from} to {to} of {n}; {total} in the file.", **dict(_SLOTS)),
        "none": language.text("No rows: change or clear the filters."),
        "selected": language.text("selected"),
        "comparable": language.text("Comparable?"),
        "copied": language.text("Copied."),
        "marked": language.text("Press Ctrl+C to copy the marked text."),
        "empty": language.text("none"),
    }
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "table"
    data |= {"words": texts, "shown": shown, "filters": filters, "file": f"{name}.csv"}
    packed = compress(json.dumps(data | {"lang": language.code}).encode(), 9, mtime=0)
    script = package_text("thbstats.explorer", "explorer.js")
    style = package_text("thbstats.display", "style.css")
    style += package_text("thbstats.explorer", "explorer.css")
    hashes = [b64encode(sha256(own.encode()).digest()).decode() for own in (script, style)]
    policy = (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    selects = "".join(
        f'<label>{escape(labels[own])}<select id="filter-{own}"><option value="">'
        f"{escape(language.text('all'))}</option></select></label>"
        for own in filters
    )
    heads = "".join(
        f'<th scope="col" data-column="{own}" aria-sort="none"{_RIGHT if own == "value" else ""}>'
        f'<button type="button" id="sort-{own}">{escape(labels[own])}</button></th>'
        for own in shown
    )
    limits = dict.fromkeys(item.message for block in blocks for item in block.panel.limitations)
    more = [Message("the page leaves out: {items}", items=omitted)] if omitted else []
    items = (escape_controls(language.text(sentence(own))) for own in (*more, *limits))
    notes = "".join(f"<li>{escape(own)}</li>" for own in items)
    made = Message("Made with thbstats {version}.", version=__version__)
    template = _TEXT.sub(
        lambda match: escape(language.text(match[1])),
        package_text("thbstats.explorer", "explorer.html"),
    )
    body = Template(template).substitute(
        title=escape(title), filters=selects, heads=heads, notes=notes, script=script,
        made=escape(language.text(made)), data=b64encode(packed).decode(),
    )  # fmt: skip
    return html_document(title, body, f"<style>{style}</style>", language.code, policy)


_RIGHT = ' class="thb-right"'
_SLOTS = [(name, f"{{{name}}}") for name in ("from", "to", "n", "total")]
"""The parameters that the script fills in."""
