"""Comparison of published sums and totals with their parts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve
from numpy.typing import NDArray

from thbstats.display import count
from thbstats.errors import ThbstatsError
from thbstats.files.draft_table import DraftTable
from thbstats.files.ledger import Deferred, FileColumn, Ledger
from thbstats.files.reference_periods import parser_of
from thbstats.files.words import is_total
from thbstats.languages import Message, joined
from thbstats.records import Dimension, schema_of
from thbstats.records.converters import area_members
from thbstats.tables.columns import Numbers
from thbstats.tables.origins import CellFinding, DeferredFindings
from thbstats.values import Interval, Period
from thbstats.vocabulary import CitizenshipGroup, dimension_text
from thbstats.vocabulary.codes import COMPLETE

_WITHOUT_TOTAL = ("area", "period")
_ABOVE, _EXCEEDED = "PART_ABOVE_TOTAL", "PARTS_EXCEED_TOTAL"
_NOT_KEYS = {"value", "lower", "upper", "reason", "flags", "findings", "unanswered"}

Rows = NDArray[np.bool_]
"""A mask of rows, or of cells."""


def check_total_rows(ledger: Ledger, columns: Mapping[str, FileColumn], counts: Numbers) -> None:
    """Compare the rows of a total over areas or periods with the sum of the others; reject them.

    A repeated row counts once. Areas and periods that include others are not added to them: the
    total must be the sum of the smallest ones, or of the largest ones, such as the EU.
    """
    for name in _WITHOUT_TOTAL:
        column = columns.get(name)
        codes = [] if column is None else column.matching(is_total)
        if column is None or not codes:
            continue
        others = [own.codes for key, own in columns.items() if key not in {name, *_NOT_KEYS}]
        key = np.zeros(len(ledger), dtype=np.intp)
        for own in others:
            key = pd.factorize(key * (int(own.max(initial=0)) + 2) + own + 1)[0]
        total, used = column.isin(codes) & ledger.is_used, ledger.is_used
        contents = column.fill("").map(partial(_elements, name))
        parts, owner = np.flatnonzero(used & ~total), contents.codes
        cells = np.column_stack([key, owner, counts.lower, counts.upper])
        parts = parts[~pd.DataFrame(cells[parts]).duplicated().to_numpy()]
        sums = [
            _differing(key, counts, np.flatnonzero(total), parts[np.isin(owner[parts], family)])
            for family in _families(contents.categories, {*owner[parts].tolist()})
        ]
        common = set.intersection(*map(set, sums)) if sums else ()
        differing = {row: sums[0][row] for row in common}
        _flag(ledger, "TOTAL_DIFFERS", differing, column.name or name, name=name)
        ledger.reject("TOTAL_ROW", total, column=column.name or name, values={"name": name})


_PARSE_PERIOD = parser_of(schema_of("victims")["period"])


@lru_cache(maxsize=4096)
def _elements(name: str, text: str) -> frozenset[object]:
    """Return the countries of an area, or the days of a period; other texts are an element."""
    try:
        if name == "area":
            return frozenset(area_members(text))
        period = Period.parse(_PARSE_PERIOD(text))
    except ThbstatsError:
        return frozenset([text])
    if period.start is None or period.end is None:
        return frozenset([text])
    return frozenset(range(period.start.toordinal(), period.end.toordinal() + 1))


def _families(contents: Sequence[frozenset[object]], used: set[int]) -> Iterator[list[int]]:
    """Yield the positions of the smallest and of the largest sets, if these are disjoint.

    Examples
    --------
    >>> own = [frozenset(text) for text in ("a", "b", "abc", "d")]
    >>> list(_families(own, {0, 1, 2, 3}))
    [[0, 1, 3], [2, 3]]
    """
    near: dict[object, set[int]] = {}
    for code in used:
        for element in contents[code]:
            near.setdefault(element, set()).add(code)
    others = {code: set[int]().union(*map(near.__getitem__, contents[code])) for code in used}
    smallest = [c for c in used if not any(contents[own] < contents[c] for own in others[c])]
    largest = [c for c in used if not any(contents[own] > contents[c] for own in others[c])]
    for family in map(sorted, (smallest, largest)):
        sets = [contents[code] for code in family]
        if sum(map(len, sets)) == len(frozenset().union(*sets)):
            yield family


def check_sums(draft: DraftTable) -> None:
    """Flag totals above the sum of all their parts, and unions below the sum of their members."""
    for name, required in COMPLETE.items():
        if name in draft.dimensions and (total := draft.schema[name].total) is not None:
            texts = draft.dimensions[name].categories
            parts = [text for text in texts if draft.schema[name].parent(text) == total]
            _flag_above(draft, "TOTAL_ABOVE_PARTS", name, total, parts=parts, required=required)
    area = draft.dimensions["area"]
    key = pd.factorize(draft.keys(exclude="area"))[0]
    members = {code: area_members(text) for code, text in enumerate(area.categories)}
    for code, own in members.items():
        countries = [n for n, other in members.items() if len(other) == 1 and other <= own]
        if len(own) > 1 and countries:
            rows = map(np.flatnonzero, (area.isin([code]), area.isin(countries)))
            differing = _differing(key, draft.numbers, *rows)
            below = {int(draft.rows[row]): s for row, s in differing.items() if s[0] < s[1]}
            _flag(
                draft.ledger,
                "UNION_BELOW_MEMBERS",
                below,
                area.name or "area",
                name=area.categories[code],
            )


def _flag_above(
    draft: DraftTable,
    code: str,
    name: str,
    whole: str,
    *,
    parts: Sequence[str],
    required: Iterable[str],
    **values: str,
) -> None:
    """Flag a category above the sum of its parts, in the cells that have all required parts."""
    column = draft.dimensions[name]
    if not {whole, *required} <= {*column.categories}:
        return
    key = pd.factorize(draft.keys(exclude=name))[0]

    def rows(*texts: str) -> Rows:
        return column.where(texts.__contains__)

    is_complete = np.logical_and.reduce([np.isin(key, key[rows(text)]) for text in required])
    wholes, others = map(np.flatnonzero, (rows(whole) & is_complete, rows(*parts)))
    differing = _differing(key, draft.numbers, wholes, others)
    above = {int(draft.rows[row]): sums for row, sums in differing.items() if sums[0] > sums[1]}
    values = {"kind": draft.schema.kind, "name": name, **values}
    _flag(draft.ledger, code, above, column.name or name, **values)


def _differing(
    key: NDArray[Any], counts: Numbers, wholes: NDArray[np.intp], parts: NDArray[np.intp]
) -> dict[int, tuple[int, int]]:
    """Return the exact totals that are not the sum of their parts, with both numbers."""
    exact = counts.lower == counts.upper
    size = int(key.max(initial=-1)) + 1
    added = np.bincount(key[parts], counts.lower[parts], size).astype(np.int64)
    has_parts = np.bincount(key[parts], minlength=size) > 0
    is_exact = np.bincount(key[parts][~exact[parts]], minlength=size) == 0
    rows = wholes[
        exact[wholes] & has_parts[key[wholes]] & (counts.lower[wholes] != added[key[wholes]])
    ]
    below = counts.lower[rows] < added[key[rows]]
    rows = rows[is_exact[key[rows]] | below]
    return {row: (int(counts.lower[row]), int(added[key[row]])) for row in rows.tolist()}


def _flag(
    ledger: Ledger, code: str, rows: Mapping[int, tuple[int, int]], column: str, **values: str
) -> None:
    """Flag totals, with their difference from the sum of their parts."""

    def example(row: int) -> str:
        total, parts = rows[row]
        return f"total {total:,}, parts {parts:,}, difference {abs(total - parts):,}"

    ledger.flag(
        code,
        np.array(sorted(rows), dtype=np.intp),
        column=column,
        values=values,
        example=example,
        texts={f"{ledger.location(row)}: {example(row)}": 1 for row in sorted(rows)},
    )


def _parts(dimension: Dimension, column: FileColumn, whole: str | None) -> list[int]:
    return [code for code, text in enumerate(column.categories) if dimension.parent(text) == whole]


def check_totals(draft: DraftTable) -> None:
    """Flag totals that are below one of their parts or below their sum.

    The rows are used without change. The totals and their parts have a finding.
    """
    for dimension in draft.schema.dimensions:
        column = draft.dimensions.get(dimension.name)
        if column is None or dimension.total not in column.categories:
            continue
        # Countries of citizenship and groups of countries overlap: two families of parts.
        total = column.categories.index(dimension.total or "")
        parts = [code for code in _parts(dimension, column, dimension.total) if code != total]
        families = {dimension.name.replace("_", " "): parts}
        if dimension.content == "citizenship":
            groups = [code for code in parts if column.categories[code] in list(CitizenshipGroup)]
            countries = [code for code in parts if code not in groups]
            families = {"group of citizenship": groups, "country of citizenship": countries}
        for by, family in families.items():
            _check(draft, dimension.name, by, column.isin([total]), column.isin(family))


def _check(draft: DraftTable, name: str, by: str, total: Rows, part: Rows) -> None:
    """Flag totals below one of their parts, or below their sum."""
    parts, totals = np.flatnonzero(part), np.flatnonzero(total)
    if not (len(parts) and len(totals)):
        return
    lower, upper = draft.numbers.lower, draft.numbers.upper
    # The cell of each part and of each total.
    values = draft.keys(exclude=name)
    cells, distinct = pd.factorize(values[np.concatenate([parts, totals])])
    size, cell_of_part, cell_of_total = len(distinct), cells[: len(parts)], cells[len(parts) :]
    # By total: the sum and the largest of the lower bounds of its parts. A total is too small if
    # its upper bound is below one of them.
    added = np.bincount(cell_of_part, weights=lower[parts], minlength=size)[cell_of_total]
    largest = np.zeros(size, dtype=lower.dtype)  # numpy is slow with two types
    np.maximum.at(largest, cell_of_part, lower[parts])
    ceiling = np.full(size, np.inf)
    ceiling[cell_of_total] = upper[totals]
    is_above = largest[cell_of_total] > upper[totals]
    for code, wrong in ((_ABOVE, is_above), (_EXCEEDED, (added > upper[totals]) & ~is_above)):
        if not wrong.any():
            continue
        exceeded = totals[wrong]
        columns = (lower[exceeded], upper[exceeded], added[wrong], largest[cell_of_total[wrong]])
        numbers = np.column_stack(columns).astype(np.int64)
        _total_flag(draft, code, exceeded, numbers, name=name, by=by)
        # The finding of each wrong total is also that of its parts: of those above it, or of all.
        finding_of_cell = np.full(size, -1, dtype=np.intp)
        finding_of_cell[cell_of_total[wrong]] = np.arange(len(exceeded))
        findings = finding_of_cell[cell_of_part]
        is_larger = lower[parts] > ceiling[cell_of_part]
        selected = (findings >= 0) & (is_larger | (code == _EXCEEDED))
        cell_texts = draft.cell_texts(exceeded)
        draft.ledger.add_findings(
            draft.rows[np.concatenate([exceeded, parts[selected]])],
            np.concatenate([np.arange(len(exceeded)), findings[selected]]),
            DeferredFindings(len(exceeded), partial(_findings, code, by, cell_texts, numbers)),
        )


def _total_flag(
    draft: DraftTable,
    code: str,
    rows: NDArray[np.intp],
    numbers: NDArray[np.int64],
    *,
    name: str,
    by: str,
) -> None:
    """Flag the totals, those with the largest difference first.

    The columns of ``numbers`` are the bounds of the total, the sum and the largest of its parts.
    """
    order = np.argsort(numbers[:, 1] - numbers[:, 2], kind="stable")
    area, period = (draft.dimensions[item].take(rows[order]) for item in ("area", "period"))
    numbers = numbers[order]

    def label(index: int) -> str:
        lower, upper, added, _ = numbers[index].tolist()
        total = count(lower if lower == upper else Interval(lower, upper))
        where = f"{area.value_at(index)} {period.value_at(index)}"
        return f"{where}: total {total}, parts by {by} {added:,}"

    rows = draft.rows[rows[order]]
    draft.ledger.flag(
        code,
        rows,
        column=draft.dimensions[name].name or name,
        values={"kind": draft.schema.kind, "name": by},
        example=lambda row: label(int(np.argmax(rows == row))),
        texts=Deferred(lambda: Counter(map(label, range(len(rows))))),
    )


def _findings(
    code: str, by: str, cell_texts: Iterable[tuple[str, ...]], numbers: NDArray[np.int64]
) -> Iterator[tuple[CellFinding]]:
    for texts_of_cell, (lower, upper, added, largest) in zip(
        cell_texts, numbers.tolist(), strict=True
    ):
        total = count(lower if lower == upper else Interval(lower, upper))
        own = {
            "place": joined(texts_of_cell, ", "),
            "total": total,
            "dimension": dimension_text(by),
        }
        own |= {"largest": count(largest), "sum": count(added)}
        text = Message(
            "{place}: the total is {total}, the largest part by {dimension} is {largest}, and the "
            "parts by {dimension} add up to {sum}",
            **own,
        )
        if code == _EXCEEDED:
            text = Message(
                "{place}: the total is {total}, the parts by {dimension} add up to {sum}", **own
            )
        yield (CellFinding(code, Message("{text}.", text=text)),)


def check_residuals(draft: DraftTable) -> DraftTable:
    """Return the rows with residuals under the residual category; flag other categories.

    A file can publish "Other" next to "Begging", which is a part of "other" in this library. If
    "Other" excludes begging, it is the residual ``other_other``.

    Notes
    -----
    The figures of an area show that a category excludes its parts if a part is larger, or if all
    categories add up to the total only with the parts. They show the opposite if the parts add up
    to the category, or the categories add up to the total without the parts. Other categories stay
    unchanged, and are flagged if their parts exceed them.
    """
    for name, column in draft.dimensions.items():
        dimension = draft.schema[name]
        if dimension.content != "codes" or dimension.total is None:
            continue
        for code, text in enumerate(column.categories):
            residual = dimension.residual(text)
            parts = _parts(dimension, column, text)
            if residual is not None and parts and residual not in column.categories:
                draft = _move_residuals(draft, dimension, code, parts, residual)
    return draft


def _move_residuals(
    draft: DraftTable, dimension: Dimension, code: int, parts: Sequence[int], residual: str
) -> DraftTable:
    """Return the rows with the residuals of a category in their own category."""
    name, column = dimension.name, draft.dimensions[dimension.name]
    cell, distinct = pd.factorize(draft.keys(exclude=name))
    size, lower, upper = len(distinct), draft.numbers.lower, draft.numbers.upper

    def sum_of(codes: Sequence[int]) -> tuple[NDArray[np.float64], Rows]:
        """Return sums of categories for each cell, and where they are present and exact."""
        rows = column.isin(codes)
        exact = np.bincount(cell[rows & (lower != upper)], minlength=size) == 0
        present = np.bincount(cell[rows], minlength=size) > 0
        sums = np.bincount(cell[rows], lower[rows], minlength=size).astype(np.float64)
        return sums, exact & present

    # By cell: the category, its parts, all categories without those parts, and the total.
    (whole, has_whole), (added, has_parts) = sum_of([code]), sum_of(parts)
    all_top, exact_top = sum_of(_parts(dimension, column, dimension.total))
    totals = [index for index, text in enumerate(column.categories) if text == dimension.total]
    total, has_total = sum_of(totals)
    largest, rows = np.zeros(size), column.isin(parts)
    np.maximum.at(largest, cell[rows], lower[rows])
    # By cell: whether its figures show that the category excludes its parts, or includes them.
    comparable = has_whole & has_parts & (added > 0)
    adds_up = comparable & exact_top & has_total
    excludes = comparable & (largest > whole) | adds_up & (all_top + added == total)
    includes = comparable & (added == whole) & ~excludes | adds_up & (all_top == total)

    raw, candidates = None, column.isin([code])
    if column.name in draft.ledger.raw.columns:
        # A text that is the category code itself stays in the category.
        raw = draft.ledger.column(column.name).take(draft.rows)
        text = column.categories[code]
        candidates &= ~raw.isin(
            [n for n, value in enumerate(raw.categories) if value.strip() == text]
        )
    # An area has one definition: it follows for all its rows from the cells that show it.
    area = np.zeros(len(draft), dtype=np.intp)
    if "area" in draft.dimensions:
        area = draft.dimensions["area"].codes.astype(np.intp)

    def in_area(cells: Rows) -> Rows:
        """Return the rows of areas with a candidate in some cells."""
        return np.isin(area, area[candidates & cells[cell]])

    moved = candidates & in_area(excludes) & ~in_area(includes)
    below = candidates & (comparable & (added > whole))[cell] & ~moved & ~in_area(includes)
    for problem, selected in (("RESIDUAL", moved), ("WHOLE_BELOW_PARTS", below)):
        draft.ledger.flag(
            problem,
            draft.rows[selected],
            column=column.name or name,
            values={"name": repr(residual)},
            texts=Counter(map(raw.value_at, np.flatnonzero(selected).tolist())) if raw else {},
        )
    if not moved.any():
        return draft
    codes = np.where(moved, len(column.categories), column.codes.astype(np.int64))
    recoded = FileColumn(codes, (*column.categories, residual), column.name).compact()
    return evolve(draft, dimensions={**draft.dimensions, name: recoded})


def check_categories(draft: DraftTable) -> None:
    """Flag rows outside the validity of their category, and parts that do not make a category.

    The rows are used without change.
    """
    periods = draft.dimensions["period"]
    for dimension in draft.schema.dimensions:
        vocabulary = dimension.vocabulary
        column = draft.dimensions.get(dimension.name)
        if vocabulary is None or column is None or dimension.content != "codes":
            continue
        for category in vocabulary.classification().categories:
            if category.code not in column.categories:
                continue
            code = column.categories.index(category.code)
            own, name, label = category.code, dimension.name, category.label
            first, last = category.valid_from, category.valid_to
            outside = []
            for index in periods.present if first or last else ():
                period = Period.parse(periods.categories[index])
                is_before = first and period.end is not None and period.end < first
                if is_before or (last and period.start is not None and period.start > last):
                    outside.append(index)
            if outside:
                dates = (f"from {first}" if first else "", f"until {last}" if last else "")
                draft.ledger.flag(
                    "OUTSIDE_VALIDITY",
                    draft.rows[periods.isin(outside) & column.isin([code])],
                    column=column.name or name,
                    values={"label": label, "dates": " and ".join(filter(None, dates))},
                )
            children = vocabulary(own).children
            if category.is_exhaustive and children:
                _flag_above(
                    draft, "ABOVE_PARTS", name, own, parts=children, required=children, label=label
                )
