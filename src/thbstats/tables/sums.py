"""Sums of counts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import DisplayTable, Group, Row
from thbstats.errors import InvalidValue, MixedTotals
from thbstats.geography import COMPOSITIONS, Area
from thbstats.languages import Label, with_replaced
from thbstats.records import KINDS, Dimension, schema_of
from thbstats.records.kind_schema import names_of
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import code_sets, groups, pack
from thbstats.tables.origins import Origin, gather_findings, resolve_reporters, unite
from thbstats.values import LARGEST_COUNT, Period, Reason
from thbstats.vocabulary import (
    ALL,
    BUNDLED,
    Classification,
    Code,
    bundled_classification,
    code_list,
    labels,
)

_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity
_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity


@frozen(eq=False)
class Grouping:
    """The group of each row of a table, and the first row of each group."""

    columns: Columns
    by: tuple[str, ...]
    group: NDArray[np.intp]
    first: NDArray[np.intp]

    @classmethod
    def of(cls, columns: Columns, by: Iterable[str]) -> "Grouping":
        """Return the groups of rows with equal categories of some dimensions."""
        names = tuple(dict.fromkeys(by))
        return cls(columns, names, *groups(pack([columns[name] for name in names], len(columns))))

    def sets(self, name: str) -> Coded[frozenset[int]]:
        """Return the codes of a dimension in each group."""
        column = self.columns[name]
        return code_sets(self.group, column.codes, len(column.categories))

    def location(self, row: int) -> dict[str, str]:
        """Return the categories of a row in the dimensions of the groups."""
        key = self.columns.key(row)
        return {name: key[name] for name in self.by}


def sum_rows(columns: Columns, by: str | Iterable[str]) -> Columns:
    """Return the sums over all dimensions that are not in ``by``."""
    schema = columns.schema
    names = [schema[name].name for name in names_of(by)]
    if not len(columns):
        return columns
    sums = Grouping.of(columns, names)
    for dimension in schema.dimensions:
        if len(columns[dimension.name].categories) > 1 and dimension.name not in sums.by:
            _check_mixing(sums, dimension)
    # Counts that are not applicable are added only if a group has no others.
    applies = columns.numbers.reason != _NOT_APPLICABLE
    others = np.bincount(sums.group[applies], minlength=len(sums.first)) > 0
    rows = np.flatnonzero(applies | ~others[sums.group])
    resolved = resolve_origins(columns)
    sets = code_sets(sums.group[rows], resolved.codes[rows], len(resolved.categories))
    origin = sets.map(lambda codes: unite(resolved.categories[code] for code in sorted(codes)))
    # As many countries in each of two areas or periods can be other countries.
    cells = Grouping.of(columns, (*sums.by, "area", "period"))
    is_one = np.bincount(sums.group[cells.first], minlength=len(sums.first)) == 1
    origin = origin.combine(
        Coded(is_one.astype(np.uint8), (False, True)),
        lambda own, is_one: own if is_one else evolve(own, n_reporters=None),
    )
    finding, findings = gather_findings(
        sums.group[rows], columns.finding[rows], columns.findings, len(sums.first)
    )
    return Columns(
        schema=columns.schema,
        dimensions=tuple(_union(sums, dimension) for dimension in schema.dimensions),
        numbers=_numbers(sums, rows),
        origin=origin.codes,
        origins=origin.categories,
        finding=finding,
        findings=findings,
    )


def _check_mixing(sums: Grouping, dimension: Dimension) -> None:
    """Raise an error if a sum counts parts twice or adds different units or statuses."""
    name, categories = dimension.name, sums.columns[dimension.name].categories
    if dimension.total is None and dimension.content not in ("area", "period"):
        for codes in sums.sets(name).categories:
            if len(codes) > 1:
                mixed = sorted(categories[code] for code in codes)
                raise MixedTotals(
                    "must be equal in all rows of a sum",
                    field=name,
                    value=", ".join(mixed),
                    hint=f"Select one with where({name}={mixed[0]!r}), or add "
                    f"by=({', '.join(map(repr, (*sums.by, name)))})",
                )
        return
    if not (possible := _overlaps(dimension, categories)):
        return
    if dimension.total is not None:  # totals and parts are mixed within one area and period
        sums = Grouping.of(sums.columns, (*sums.by, "area", "period"))
    sets = sums.sets(name)
    for number, codes in enumerate(sets.categories):
        for single, other in possible:
            if {single, other} <= codes:
                pair = categories[single], categories[other]
                _raise_if_mixed(sums, dimension, pair, sums.first[sets.codes == number])


@lru_cache(maxsize=256)
def _overlaps(dimension: Dimension, categories: tuple[str, ...]) -> list[tuple[int, int]]:
    return [
        (single, other)
        for single, other in combinations(range(len(categories)), 2)
        if dimension.overlaps(categories[single], categories[other])
    ]


def _raise_if_mixed(
    sums: Grouping, dimension: Dimension, pair: tuple[str, str], rows: NDArray[np.intp]
) -> None:
    """Raise an error if two codes overlap in an area and period of the rows."""
    name, single = dimension.name, pair[0]
    context = Grouping.of(sums.columns.take(rows), ("area", "period"))
    for row in rows[context.first].tolist():
        key = sums.columns.key(row)
        where = {"area": key["area"], "period": key["period"]}
        if dimension.content == "citizenship" and not dimension.overlaps(*pair, **where):
            continue
        others = [code for code in sums.columns[name].categories if code != single]
        parts = [code for code in others if not dimension.overlaps(single, code)] or others
        listed = f"[{', '.join(map(repr, parts[:5]))}{', ...' if len(parts) > 5 else ''}]"
        raise MixedTotals(
            f"must not overlap in a sum: {single!r} and {pair[1]!r}",
            field=name,
            value=sums.location(row),
            hint=f"Select where({name}={single!r}) or where({name}={listed}), "
            f"or add by=(..., {name!r})",
        )


def _union(sums: Grouping, dimension: Dimension) -> Coded[str]:
    """Return the column of a dimension in the result of a sum."""
    column = sums.columns[dimension.name]
    if len(column.categories) > 1 and dimension.name not in sums.by:
        if dimension.total is not None:
            return Coded.constant(dimension.common_parent(column.categories), len(sums.first))
        if dimension.content in ("area", "period"):
            label = _area if dimension.content == "area" else _period
            names = sums.sets(dimension.name).map(
                lambda codes: label([column.categories[code] for code in sorted(codes)])
            )
            return names.recode(sorted(names.categories, key=dimension.sort_key)).compact()
    return column.take(sums.first).compact()


def _area(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    members = frozenset().union(*(Area.parse(code).members for code in codes))
    named = (area.code for area in COMPOSITIONS.values() if area.members == members)
    return next(named, None) or Area.from_countries(members).code


def _period(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    try:
        return str(Period.joined(map(Period.parse, codes)))
    except InvalidValue:
        hint = "Select consecutive periods with where(period=[...]), or add by=(..., 'period')"
        problem = "must be consecutive in a sum"
        raise MixedTotals(problem, field="period", value=", ".join(codes), hint=hint) from None


def _numbers(sums: Grouping, rows: NDArray[np.intp]) -> Numbers:
    """Return the sums of rows, with the most severe reason and all flags."""
    numbers, group, size = sums.columns.numbers, sums.group[rows], len(sums.first)

    def total(counts: NDArray[Any]) -> NDArray[np.float64]:
        return np.bincount(group, weights=counts, minlength=size).astype(np.float64, copy=False)

    def reduced(operation: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        result = np.zeros(size, dtype=values.dtype)
        if values.any():
            operation.at(result, group, values)
        return result

    lower, upper = total(numbers.lower[rows]), total(numbers.upper[rows])
    for bound in (lower, upper):  # sums below 2**53 are exact; larger sums may be rounded
        large = np.flatnonzero((bound >= LARGEST_COUNT) & np.isfinite(bound))
        if len(large):
            raise InvalidValue(
                "must be below 2**53 in a sum",
                field="value",
                value=sums.location(int(sums.first[large[0]])),
                hint="Check the figures",
            )
    unanswered = None
    if numbers.unanswered is not None:
        further = numbers.unanswered[rows]
        lacking = np.bincount(group[further < 0], minlength=size) > 0
        unanswered = np.where(lacking, -1, total(np.maximum(further, 0)).astype(np.int64))
    return Numbers(
        lower=lower.astype(np.int64),
        upper=upper,
        reason=reduced(np.maximum, numbers.reason[rows]),
        flags=reduced(np.bitwise_or, numbers.flags[rows]),
        unanswered=unanswered,
    )


def resolve_origins(columns: Columns) -> Coded[Origin]:
    """Return the origin of each row; missing reporters follow from its area."""
    reported = Coded((columns.numbers.reason < _NOT_REPORTED).astype(np.uint8), (False, True))
    locations = columns["area"].combine(reported, lambda area, is_reported: (area, is_reported))
    origins = Coded(columns.origin, columns.origins)
    return origins.combine(locations, lambda origin, where: resolve_reporters(origin, *where))


def common_reporters(columns: Columns, dimension: str) -> frozenset[str] | None:
    """Return the countries with data in every category; ``None`` if not documented."""
    if not len(columns):
        return frozenset()
    column, origins = columns[dimension], resolve_origins(columns)
    shared: list[frozenset[str]] = []
    for codes in code_sets(column.positions, origins.codes, len(origins.categories)).categories:
        reporters = [origins.categories[code].reporters for code in codes]
        if None in reporters:
            return None
        shared.append(frozenset().union(*filter(None, reporters)))
    return frozenset.intersection(*shared)


_SEPARATOR = re.compile(r"(; | / |, )")

_COMMON = ("total", "unknown", "not_stated")
"""The codes of every classification, which English texts contain as words."""


def labeller(classifications: Iterable[Classification]) -> Callable[[str], str]:
    """Return a function that writes labels for the codes of further classifications in a text."""
    known: dict[str, str] = {}
    for item in classifications:
        known |= _spelled(code_list(item), "en")
        if item.titles:
            name = item.name.replace("_", " ")
            known[name] = Label(name, item.titles)
    return lambda text: _label(text, known)


def translator(
    language: str, classifications: Iterable[Classification] = ()
) -> Callable[[DisplayTable], DisplayTable]:
    """Return a function that translates the labels of the code lists in a table.

    It changes the names of columns and groups, the first column, and columns that are named after
    a dimension. A label that two lists translate differently stays, unless its column names the
    code list. In English the codes of further classifications become labels, and others stay.

    Parameters
    ----------
    language : str
        ``"en"``, ``"fr"`` or ``"de"``.
    classifications : iterable of Classification
        Further dimensions, or other code lists, of the tables.
    """
    further = {item.name: code_list(item) for item in classifications}
    is_english = language == "en"
    agreed: dict[str, set[str]] = {}
    for codes in (*(() if is_english else ALL), *further.values()):
        for spelling, text in _spelled(codes, language).items():
            agreed.setdefault(spelling, set()).add(text)
    common = {spelling: texts.pop() for spelling, texts in agreed.items() if len(texts) == 1}
    dimensions = {
        dimension.name: _spelled(dimension.vocabulary, language)
        for kind in KINDS
        for dimension in schema_of(kind).dimensions
        if dimension.vocabulary is not None and not is_english
    }
    dimensions |= {name: _spelled(codes, language) for name, codes in further.items()}

    def translate(table: DisplayTable) -> DisplayTable:
        names = [column.name.replace(" ", "_") for column in table.columns]
        own = [dimensions.get(name, {} if i else common) for i, name in enumerate(names)]
        columns = [evolve(column, name=_label(column.name, common)) for column in table.columns]
        rows: list[Row | Group] = []
        for line in table.rows:
            if isinstance(line, Group):
                rows.append(evolve(line, heading=_label(line.heading, common)))
                continue
            cells = list(line.cells)
            for i, (cell, known) in enumerate(zip(line.cells, own, strict=False)):
                text = _label(cell.text, known)
                if text is not cell.text:  # a formatted number stays one
                    cells[i] = evolve(cell, text=text)
            rows.append(evolve(line, cells=cells))
        return evolve(table, columns=columns, rows=rows)

    return translate


def _label(text: str, known: Mapping[str, str]) -> str:
    """Return a text with each label in the language; texts inside it are also replaced."""

    def label(leaf: str) -> str:
        own = "".join(known.get(piece, piece) for piece in _SEPARATOR.split(leaf))
        return known.get(leaf, leaf if own == leaf else own)

    return with_replaced(text, label)


@cache
def _spelled(codes: type[Code], language: str) -> Mapping[str, str]:
    """Return the labels of a code list by label, by code, and by code within names of shares."""
    by_code, item = labels(codes, language), codes.classification()
    if language == "en":  # labels that say more than the code
        own = {code: codes(code).label for code in by_code if code not in _COMMON}
        by_code = {
            code: text
            for code, text in own.items()
            if text.replace("_", " ").lower() != code.replace("_", " ")
        }
    known = bundled_classification(item.name) if item.name in BUNDLED else item
    by_label = {known[code].label: text for code, text in by_code.items() if code in known.codes}
    by_label |= {codes(code).label: text for code, text in by_code.items()}
    spaced = {code.replace("_", " "): text for code, text in by_code.items()}
    subjects = {f"{name[:1].upper()}{name[1:]}": text for name, text in spaced.items()}
    return {**subjects, **by_label, **spaced, **by_code}
