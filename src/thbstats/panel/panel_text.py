"""Panels as text and sheets."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thbstats._characters import escape
from thbstats.columns import Fractions, Mask
from thbstats.display import Cell, Column, DisplayTable, Group, Row, count, decimal
from thbstats.display.strings import clean
from thbstats.languages import Message, Phrase, capitalised, joined, paragraph
from thbstats.panel.category_names import category_name, lowered, with_article
from thbstats.panel.kind import (
    CHANGES,
    FLOW_RATIOS,
    NOT_BOUNDED,
    CountKind,
    ResultKind,
    Status,
    count_label,
    counting_unit,
    dimension_label,
)
from thbstats.panel.names import area_label, categories_of, inhabitants_name, row_name
from thbstats.panel.warning import ComparabilityWarning, Warnings
from thbstats.values import Interval, Rational
from thbstats.vocabulary import dimension_text

if TYPE_CHECKING:
    from thbstats.panel.panel import Panel
    from thbstats.panel.result import Result


_ROWS = 40
"""The largest number of rows of a sheet: the first and the last 20."""

_LINES = 10
"""The largest number of lines on warnings in a sheet."""

_NAMES = 6
"""The largest number of labels in front of a warning."""

_ITEMS = 10
"""The largest number of contradictions in a sheet."""

_FEW_PERSONS = 20
"""A share or ratio with a smaller denominator is printed as its two counts."""

_FEW = 3
"""The largest number of rows that a line on warnings names."""

_LONGEST = 120
"""The largest number of characters of a message in a line on several rows."""

_HEADS = (
    *(Message("value"), Message("numerator"), Message("denominator"), Message("bounds")),
    Message("bounds with unknown"),
)
_EQUAL_BOUNDS = Message("Bounds that are not shown are equal to those before them.")

_OF_COUNTS = FLOW_RATIOS | {ResultKind.SHARE}
"""The kinds of numbers with two counts."""


def format_number(result: "Result", number: Interval) -> str:
    """Return the value or the bounds of a result as text.

    The value of a share or ratio with a denominator below 20 is printed as its two counts.
    """
    base = result.denominator
    is_small = base.upper is not None and base.upper < _FEW_PERSONS
    if result.kind in _OF_COUNTS and is_small and number == result.value:
        return Message("{n} of {total}", n=count(result.numerator), total=count(base))
    return result.kind.format_value(number, base)


def format_undefined(result: "Result") -> str:
    """Return the two counts of a number with a denominator of 0."""
    if result.kind in _OF_COUNTS:
        own = {"n": count(result.numerator), "total": count(result.denominator)}
        return Message("{n} of {total}", **own)
    return Message("not defined")


def format_count(number: Interval) -> str:
    """Return a count as text."""
    return ResultKind.COUNT.format_value(number)


def bounds_suffix(result: "Result") -> str:
    """Return the bounds of a number in brackets, if they differ from its value."""
    texts = []
    if result.value is not None and result.bounds != result.value:
        bounds = format_number(result, result.bounds)
        texts.append(bounds if bounds == NOT_BOUNDED else f"bounds {bounds}")
    if result.bounds_with_unknown != result.bounds:
        texts.append(f"with unknown {format_number(result, result.bounds_with_unknown)}")
    return f" ({', '.join(texts)})" if texts else ""


def counts_suffix(result: "Result") -> str:
    """Return the two counts of a number in brackets, unless its text contains them."""
    if result.base.rule == "none" or not result.kind.has_counts:
        return ""
    counts = counts_text(result)
    return "" if result.formatted == counts else f" ({counts})"


def counts_text(result: "Result") -> str:
    """Return the two counts of a number as text."""
    own = {"n": format_count(result.numerator), "total": format_count(result.denominator)}
    is_change = result.kind in CHANGES
    return Message("{n} from {total}", **own) if is_change else Message("{n} of {total}", **own)


def panel_sheet(
    panel: "Panel",
    *,
    caption: str = "",
    first: Mapping[str, Sequence[str]] | None = None,
    whole: "Result | None" = None,
) -> DisplayTable:
    """Return a panel as a sheet: one row per number, and one line per code of warnings.

    Rows without any information and columns that repeat others are left out.
    """
    empty = _is_empty(panel) if len(panel) > 1 else np.zeros(len(panel), dtype=np.bool_)
    positions = np.flatnonzero(~empty)
    if len(positions) > _ROWS:
        positions = np.r_[positions[: _ROWS // 2], positions[-_ROWS // 2 :]]
    rows = panel.take(positions)
    results, names = list(rows), [joined(own, last=", ") if own else "" for own in rows.names]
    if whole is not None:
        results.append(whole)
    names = [key or row_name(own) for own, key in zip(rows, names, strict=True)]
    names += [] if whole is None else [Message("all countries")]
    more = {
        name: [*(texts[int(i)] for i in positions), *([] if whole is None else [""])]
        for name, texts in (first or {}).items()
    }
    value, numerator, denominator, bounds, wide = _HEADS
    columns: dict[str, list[str]] = {
        "": names, **more,
        value: [
            row.status.label if row.value is None else format_number(row, row.value)
            for row in results
        ],
        numerator: [format_count(row.numerator) for row in results],
        denominator: [
            "" if row.base.rule == "none" else format_count(row.denominator) for row in results
        ],
        bounds: [format_number(row, row.bounds) for row in results],
        wide: [format_number(row, row.bounds_with_unknown) for row in results],
    }  # fmt: skip
    is_sparse = False
    if columns[numerator] == columns[value]:
        del columns[numerator]
    for name, repeated in ((wide, bounds), (bounds, value)):
        pairs = zip(columns[name], columns[repeated], strict=True)
        columns[name] = ["" if own == other else own for own, other in pairs]
        is_sparse |= any(columns[name]) and not all(columns[name])
    columns = {name: texts for name, texts in columns.items() if not name or any(texts)}
    cells = [
        [Cell(text, bar=_bar(row) if name == "value" else None)
         for name, text in zip(columns, texts, strict=True)]
        for row, texts in zip(results, zip(*columns.values(), strict=True), strict=True)
    ]  # fmt: skip
    body: list[Row | Group] = [Row(own, total=i == len(rows)) for i, own in enumerate(cells)]
    hidden = len(panel) - int(empty.sum()) - len(rows)
    if hidden:
        text = Message("… {n} more rows: see to_frame()", n=count(hidden))
        body.insert(_ROWS // 2, Group(text))
    areas = panel.area.map(area_label)
    shared = (areas, panel._shown_period) if len(panel) else ()
    named: dict[str, str] = {"not stated": Message("period not stated")}
    constant = [
        own if isinstance(own := column[0], str) else named.get(str(own), str(own))
        for column in shared
        if column.is_constant
    ]
    common = [text for text in constant if text not in (caption or panel.caption).split(", ")]
    bases = [row.base.label for row in results if row.base.rule != "none"]
    warnings = [(name, row.warnings) for name, row in zip(names, results, strict=True)]
    return DisplayTable(
        caption=joined([caption or panel.caption, *common], last=", "),
        columns=[
            Column(name, "right") if name else Column(joined(map(_key_name, panel.keys), last=", "))
            for name in columns
        ],
        rows=body,
        notes=[
            *_empty_rows(panel.take(np.flatnonzero(empty))),
            *(Message("Denominator: {base}.", base=own) for own in dict.fromkeys(bases) if own),
            *([_EQUAL_BOUNDS] if is_sparse else []),
            *(_contradictions(results) if len(panel) == 1 else ()),
            *(warning_notes(warnings) if len(results) == 1 else _grouped(panel, warnings)),
            *limitation_notes(Warnings(item for row in results for item in row.limitations)),
        ],
    )


def _key_name(name: str) -> str:
    """Return the name of a key, with the translation of its dimension."""
    return Phrase(name.replace("_", " "), dimension_text(name))


def _bar(result: "Result") -> tuple[float, float] | None:
    """Return the ends of a bar; none for two counts, or for a share of 0% to 100%."""
    value, most, wide = result.value, result.denominator.upper, result.bounds_with_unknown
    is_small = most is not None and most < _FEW_PERSONS
    if result.kind is not ResultKind.SHARE or value is None or is_small:
        return None
    if not wide.lower and (wide.upper is None or wide.upper >= 1):
        return None
    return float(value.lower or 0), float(value.upper or 0)


def hold_for_any_data(panel: "Panel", column: Fractions) -> Mask:
    """Return which numbers of a panel hold for any data, such as a share of 0% to 100%."""
    limits = panel.kind.map(lambda kind: kind.limits)
    floor = limits.table(lambda own: -inf if own[0] is None else own[0], np.float64)
    ceiling = limits.table(lambda own: inf if own[1] is None else own[1], np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray((column.lower <= floor) & (column.upper >= ceiling))


def _is_empty(panel: "Panel") -> NDArray[np.bool_]:
    """Return the rows without a value whose bounds hold for any data."""
    limits = np.array(
        [kind.limits for kind in panel.kind.categories] or [(0, 0)], dtype=np.float64
    )[panel.kind.codes]
    result = panel.value.missing & (panel.status != Status.UNDEFINED)
    for bounds in (panel.bounds, panel.bounds_with_unknown):
        lowest, highest = np.isnan(limits).T
        result &= lowest | ~(bounds.lower > limits[:, 0])
        result &= (highest & np.isinf(bounds.upper)) | ~(bounds.upper < limits[:, 1])
    return np.asarray(result)


def _empty_rows(panel: "Panel") -> list[str]:
    """Return one line per status with the rows that a sheet leaves out."""
    notes = list[str]()
    for status in np.unique(panel.status).tolist():
        rows = panel.take(panel.status == status)
        labels = zip(rows.names, rows.label, strict=True)
        names = [joined(key, last=", ") if key else label for key, label in labels]
        more, listed = len(names) - _NAMES, joined(names[:_NAMES], "; ", "; ")
        if more > 0:
            own = {"n": count(len(names)), "names": listed, "more": more}
            listed = Message("{n} rows ({names}; and {more} more)", **own)
        label = Status(status).label
        notes.append(Message("Not shown ({status}): {rows}.", status=label, rows=listed))
    return notes


def _grouped(panel: "Panel", numbers: Sequence[tuple[str, Warnings]]) -> list[str]:
    """Return one line per code of the warnings of all rows, the most severe first."""
    by_code: dict[str, list[ComparabilityWarning]] = {}
    names: dict[str, list[str]] = {}
    for name, warnings in numbers:
        for item in warnings:
            by_code.setdefault(item.code, []).append(item)
            if name not in names.setdefault(item.code, []):
                names[item.code].append(name)
    total = max(len(panel), len(numbers))
    totals = Counter(code for codes in panel.codes for code in codes)
    lines = []
    for item in Warnings(by_code[code][0] for code in by_code):
        own, code = by_code[item.code], item.code
        severity = max((warning.severity for warning in own), key=lambda level: level.rank)
        number = max(totals[code], len(names[code]))
        rows: str = Message("{n} of {total} rows", n=count(number), total=count(total))
        if number == len(names[code]) <= _FEW and number < total:
            rows = joined(names[code], "; ", "; ")
        elif number == total:
            rows = Message("all rows")
        own_texts = {"title": item.title or code, "code": code, "severity": severity.label}
        head = Message("{title} ({code}, {severity}), {rows}", **own_texts, rows=rows)
        same = len({(warning.message, warning.hint) for warning in own}) == 1 and number == len(
            names[code]
        )
        same = same and len(item.message) <= _LONGEST
        stated = Message("{head}: {message}", head=head, message=item.message)
        lines.append((-severity.rank, -number, _sentences([stated, item.hint] if same else [head])))
    result = [text for *_, text in sorted(lines)]
    further = result[_LINES:] and [
        Message("{n} more codes: see footnote().", n=len(result) - _LINES)
    ]
    return [*result[:_LINES], *further]


def _sentences(texts: Iterable[str]) -> str:
    """Return texts without their full stops as one paragraph."""
    return paragraph(Message("{text}.", text=text) for text in texts if text)


def _contradictions(results: "Sequence[Result]") -> list[str]:
    """Return the contradictions that are not part of a warning."""
    texts = dict.fromkeys(
        item.text
        for row in results
        for item in row.contradictions
        if not any(item.text in warning.message for warning in row.warnings)
    )
    return [f"{text}." for text in list(texts)[:_ITEMS]] + (
        [f"{len(texts) - _ITEMS} more contradictions: see to_dict()."]
        if len(texts) > _ITEMS
        else []
    )


def limitation_notes(limitations: Warnings) -> list[str]:
    """Return one sentence per limitation."""
    return [_sentences([capitalised(item.message)]) for item in limitations]


def warning_notes(
    numbers: Sequence[tuple[str, Warnings]], pair: Iterable[ComparabilityWarning] = ()
) -> list[str]:
    """Return one line per warning: title, severity, message, evidence and hint."""
    groups: dict[tuple[str, ...], list[ComparabilityWarning]] = {}
    for warning in Warnings(pair).union(*(warnings for _, warnings in numbers)):
        key = (warning.code, str(warning.severity), warning.message, warning.hint)
        groups.setdefault(key, []).append(warning)
    notes = []
    for group in groups.values():
        names = [name for name, warnings in numbers if any(item in warnings for item in group)]
        owners = "; ".join(names[:_NAMES]) if len(names) < len(numbers) else ""
        if owners and len(names) > _NAMES:
            more = len(names) - _NAMES
            owners = Message("{names} and {more} more", names=owners, more=more)
        # These warnings differ only in their evidence.
        warning = group[0]
        figures: dict[str, dict[str, None]] = {}
        for name, figure in (pair for item in group for pair in item.evidence):
            # Leave out figures that the message contains.
            own = rf"(?<![\w.])(?<!\d ){re.escape(figure)}(?![\w.]| \d)"
            if not re.search(own, warning.message):
                figures.setdefault(name, {})[figure] = None
        evidence = []
        for name, texts in figures.items():
            # Between lists is a slash.
            link = " / " if any(", " in text for text in texts) else ", "
            listed = joined(texts, last=link, separator=link)
            evidence.append(Message("{name}: {text}", name=name, text=listed))
        severity = warning.severity.label
        head = Message("{code} ({severity})", code=warning.code, severity=severity)
        head = Message("{name}: {text}", name=head, text=owners) if owners else head
        stated = Message("{head}: {message}", head=head, message=warning.message)
        known = Message("Evidence: {figures}", figures=tuple(evidence)) if evidence else ""
        notes.append(_sentences([stated, known, warning.hint]))
    return notes


def explanation(panel: "Panel") -> str:
    """Return the footnotes of all numbers, then each warning and limitation once."""
    results = list(panel)
    names = [", ".join(key) or row.label for row, key in zip(results, panel.names, strict=True)]
    notes = [
        *warning_notes([*zip(names, [row.warnings for row in results], strict=True)]),
        *limitation_notes(panel.limitations),
    ]
    footnotes = [_footnote(row) for row in results]
    if len(results) == 1:
        result = "\n".join([*footnotes, *notes])
    else:
        result = "\n\n".join([*footnotes, *(["\n".join(notes)] if notes else [])])
    return escape(result, keep="\n")


def name_of(result: "Result") -> str:
    """Return the label of a number, with categories of ``by=`` that the label does not contain."""
    further = [
        f"{name} {word}" if word.isdigit() else word.replace("_", " ")
        for name, column in result.panel.keys.items()
        for word in (str(column[result.position]),)
        if name not in ("area", "period")
    ]
    known = re.split(r", | without ", result.label)
    return ", ".join([row_name(result), *(word for word in further if word not in known)])


def _footnote(result: "Result") -> str:
    area = result.area
    status = "" if result.status is Status.OK else f" {result.status.label.capitalize()}."
    flags = f" Flags: {''.join(sorted(result.flags))}." if result.flags else ""
    unlisted = "the reporting countries are not listed."
    coverage = unlisted.capitalize()
    if result.reporters is not None:
        missing = f"; not: {', '.join(sorted(result.missing))}" if result.missing else ""
        reporters = ", ".join(sorted(result.reporters)) or "none"
        coverage = f"Reporting countries: {reporters}{missing}."
    elif result.n_reporters is not None:
        coverage = f"{result.n_reporters} countries reported; {unlisted}"
    titles = [
        clean(f"{source.title}{f', section {source.section}' if source.section else ''}")
        for source in result.all_sources
    ]
    lines = [
        f"{name_of(result)}: {result.formatted}{bounds_suffix(result)}.{status}",
        f"{capitalised(result.estimand)}.",
        _arithmetic(result),
        f"Area: {area_label(area)}. Period: {result.period}. {coverage}",
        *_contradictions([result]),
        f"Source: {'; '.join(titles) or 'not stated'}.{flags}",
    ]
    return "\n".join(lines)


def _arithmetic(result: "Result") -> str:
    if result.printed is not None:
        base = f"{result.base.label} ({format_count(result.denominator)})"
        return f"As published: {result.printed}; denominator: {base}."
    unknown = "" if result.unknown is None else f" Unknown: {format_count(result.unknown)}."
    if result.base.rule == "none":
        return f"Count: {format_count(result.numerator)}.{unknown}"
    raw = ""
    if result.all_reported is not None:
        raw = f" Over all reported counts: {format_number(result, result.all_reported)}."
    above, below = format_count(result.numerator), format_count(result.denominator)
    formula = f"{above} / {below}"
    match result.kind:
        case ResultKind.PER_100 | ResultKind.PER_100_000 | ResultKind.PER_MILLION:
            formula = f"{count(result.kind.scale)} * {above} / {below}"
        case ResultKind.CHANGE:
            formula = f"{above} minus {below}"
        case ResultKind.RELATIVE_CHANGE:
            formula = f"{above} / {below} minus 1"
        case ResultKind.DIFFERENCE:
            formula = f"{above} / {below} minus the earlier share"
        case ResultKind.INDEX | ResultKind.CORRELATION | ResultKind.EFFECTIVE_NUMBER:
            formula = f"from {above} and {below}"
    return f"Arithmetic: {formula}; denominator: {result.base.label}.{unknown}{raw}"


_PERCENT = 100
_SCALES = {
    ResultKind.RATIO: _PERCENT,
    ResultKind.PER_100: _PERCENT,
    ResultKind.PER_100_000: 100_000,
    ResultKind.PER_MILLION: 1_000_000,
}


def plain_sentence(result: "Result") -> str:
    """Return a number in words, with place, period, and its range for the whole area."""
    start = _where(result)
    if result.value is not None:
        figure, possible = _number(result, result.value), _possible(result)
        return Message(
            "{start}, {figure}{possible}.", start=start, figure=figure, possible=possible
        )
    status, bounds = Message("no number is available"), _range(result, result.bounds)
    if result.status is not Status.NO_DATA:
        status = Message("no number is available ({status})", status=result.status.label)
    if not bounds:
        return Message("{start}, {status}.", start=start, status=status)
    text = "{start}, {status}; it can be {bounds}."
    return Message(text, start=start, status=status, bounds=bounds)


def _where(result: "Result") -> str:
    """Return the area, the period and the number of reporting countries."""
    is_union = result.area.label.startswith("EU of ")
    n, total = len(result.reporters or ()), len((result.reporters or frozenset()) | result.missing)
    own = {"n": n, "total": total, "area": with_article(result.area.label)}
    own["period"] = result.period
    if result.reporters is None or total < 2:
        if is_union:
            n = len(result.area.members)
            return Message("In the EU of {n} members in {period}", n=n, period=result.period)
        return Message("In {area} in {period}", **own)
    if is_union and not result.missing and total < len(result.area.members):
        # The counts do not apply to the others.
        text = "In {total} of {members} EU countries in {period}"
        return Message(text, **own, members=len(result.area.members))
    if is_union and result.missing:
        return Message("In the {n} of {total} EU countries that reported for {period}", **own)
    if is_union:
        return Message("In all {total} EU countries in {period}", **own)
    if result.missing:
        text = "In the {n} of {total} countries of {area} that reported for {period}"
        return Message(text, **own)
    return Message("In all {total} countries of {area} in {period}", **own)


def _number(result: "Result", value: Interval) -> str:
    kind, number = result.kind, _range(result, value)
    own = {
        "numerator": count(result.numerator), "denominator": count(result.denominator),
        "base": result.base.label, "counted": result.numerator_kind.label, "number": number,
    }  # fmt: skip
    if kind is ResultKind.SHARE:
        pairs = [pair for pair in result.category if pair not in {*result.base.within}]
        names = (_people(result.numerator_kind, name, str(code)) for name, code in pairs)
        people = joined(names, separator=" and ")
        text = "{number} {base} were {people} ({numerator} of {denominator})"
        return Message(text, people=people or result.label, **own)
    if kind in _SCALES:
        own["counted"] = count_label(result.numerator_kind, categories_of(result).items())
        own["base"] = result.base.label if kind in FLOW_RATIOS else inhabitants_name(result)
        ratio = Message(
            "there were {numerator} {counted} for {denominator} {base}, {number}", **own
        )
        if kind in FLOW_RATIOS:
            return Message("{ratio}; these are not the same cases", ratio=ratio)
        return ratio
    if kind is ResultKind.COUNT:
        return Message("{number} {counted} were counted", number=number, counted=result.estimand)
    own["number"] = result.formatted
    if kind is ResultKind.RELATIVE_CHANGE:
        text = (
            "there were {numerator} {counted}, and {denominator} in the earlier period ({number})"
        )
        return Message(text, **own)
    return Message("{counted}: {number}", **own | {"counted": result.estimand})


def _people(kind: CountKind, dimension: str, code: str) -> str:
    """Return the persons of a category, or the category if the counts are not persons."""
    name, is_person = lowered(category_name(dimension, code)), counting_unit(kind) == "persons"
    if dimension == "exploitation" and is_person and kind.kind != "justice":
        return Message("victims of {form}", form=name)
    if dimension in ("sex", "age", "citizenship") and is_person:
        return name
    return Message("in the category {category}", category=name)


def _range(result: "Result", number: Interval) -> str:
    """Return a number in words, about one value or a range; empty without a limit."""
    scale = _PERCENT if result.kind is ResultKind.SHARE else _SCALES.get(result.kind, 1)
    factor, least = Fraction(scale, result.kind.scale), 1 if scale == _PERCENT else 10
    lowest, highest = (None if own is None else own * factor for own in result.kind.limits)
    if number.is_point and number.value is not None:
        exact = number.value * factor
        rounded, step = _rounded(exact, 0, least)
        if exact == round(exact):
            return _of(result, _plain(exact, 0, least))
        text = "about {number}"
        if rounded == lowest:
            text, rounded = "fewer than {number}", rounded + step
        elif rounded == highest:
            text, rounded = "more than {number}", rounded - step
        return _of(result, Message(text, number=_plain(rounded, 0, least)))
    # Bounds are rounded outwards, and left out where they then hold for any data.
    lower = upper = None
    if number.lower is not None and _rounded(number.lower * factor, -1, least)[0] != lowest:
        lower = _plain(number.lower * factor, -1, least)
    if number.upper is not None and _rounded(number.upper * factor, 1, least)[0] != highest:
        upper = _plain(number.upper * factor, 1, least)
    if lower is None and upper is None:
        return ""
    if lower is None:
        return _of(result, Message("at most {number}", number=upper))
    if upper is None:
        return _of(result, Message("at least {number}", number=lower))
    return _of(result, Message("{lower} to {upper}", lower=lower, upper=upper))


def _rounded(number: Rational, way: int, least: int) -> tuple[Fraction, Fraction]:
    """Return a number without decimals, or with one decimal below `least`, and its rounding step.

    It is rounded down for -1, up for 1, and to the nearest number for 0.
    """
    exact = Fraction(number)
    step = Fraction(1, 10) if abs(exact) < least and exact != round(exact) else Fraction(1)
    units = exact / step
    rounded = round(units) if way == 0 else (-((-units) // 1) if way > 0 else units // 1)
    return rounded * step, step


def _plain(number: Rational, way: int, least: int) -> str:
    """Return a number as text, with the rounding of `_rounded`."""
    rounded, _ = _rounded(number, way, least)
    return decimal(rounded, 0 if rounded == round(rounded) else 1)


def _of(result: "Result", number: str) -> str:
    if result.kind is ResultKind.SHARE:
        return Message("{number} of 100", number=number)
    scale = _SCALES.get(result.kind)
    if not scale:
        return number
    return Message("{number} for each {scale}", number=number, scale=count(scale))


def _possible(result: "Result") -> str:
    """Return the possible range of the number for the whole area, with the reasons."""
    wide = result.bounds_with_unknown
    if wide == result.value:
        return ""
    others, reasons = len(result.missing), list[str]()
    if others:
        missing = Message("counts of the missing country")
        reasons.append(Message("the {n} other countries", n=others) if others > 1 else missing)
    if result.suppression is not None and result.suppression.cells:
        reasons.append(Message("suppressed counts"))
    if wide != result.bounds:
        names = result.base.dimension or [name for name, _ in result.category]
        unknown = Message("people of unknown {dimension}", dimension=dimension_label(names, "or"))
        reasons += [unknown] if names else []
    bounds, named = _range(result, wide), joined(reasons)
    if bounds:
        text = "; if {reasons} are taken into account, {bounds}"
        return Message(text, reasons=named or Message("missing counts"), bounds=bounds)
    text = "; too little is known about {reasons} for a range of the whole area"
    return Message(text, reasons=named or Message("some counts"))
