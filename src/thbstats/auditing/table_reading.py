"""Reader of tables of percentages, and of the counts of their members."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.auditing.checks import MatchedSets, match_sets
from thbstats.auditing.figure_columns import (
    CHANGE,
    KINDS,
    RATE,
    RATIO,
    SHARE,
    TOTAL,
    FigureColumns,
    GroupRows,
    text_column,
)
from thbstats.auditing.rounding_methods import CountColumn, PrintedColumn, RateChange
from thbstats.auditing.table_columns import TableColumns, TableStyle, parse_count
from thbstats.columns import Coded
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.values import Percent

_COUNTS = ("numerator", "denominator", "new", "old")
_ROLES = ("id", "kind", "printed", "per", "group", "rank", *_COUNTS)
_MEMBER_ROLES = ("id", "member", *_COUNTS)
_TOPS = ("numerator_", "new_")
_DECIMAL = re.compile(r"0,[0-9]+|[0-9]+(?:\.[0-9]+|,[0-9]{1,2}|,[0-9]{4,})?")
_MOST_PER, _LONGEST = 10**6, 17
_RANK = re.compile(r"=?\s*([1-9][0-9]{0,8})\s*[=.]?")
_TOTAL_BASE = "the total"
_LOOKED_AT = 20
"""The number of distinct texts that decide whether a column contains numbers."""

Integers = NDArray[np.int64]


def read_figures(source: Any, style: TableStyle) -> FigureColumns:
    """Return the rows of a table; a row that cannot be read has its reason in ``unread``.

    Problems of the table as a whole, or of every row, are raised.
    """
    columns = TableColumns(source, "printed", _ROLES, style)
    size, roles = columns.size, columns.roles
    columns.require("printed", what="printed percentages")
    columns.require("numerator", "new", what="counts")
    rates = _rates(columns)
    counts = {role: columns.counts(role) for role in _COUNTS}
    kinds = _kinds(columns, counts)
    kinds[list(rates)] = CHANGE
    digits, scale, present = columns.printed()
    per = _per(columns, kinds)
    tops, bases, notes = _candidates(columns)
    group, groups = None, tuple[str, ...]()
    if "group" in roles:
        words = pd.Series(list(text_column(roles["group"], "group")), dtype=object)
        group, names = pd.factorize(words.where(words != ""))
        group, groups = group.astype(np.int64), tuple(map(str, names))
    keys = np.zeros(size, dtype=np.int64) if group is None else group
    totals = np.flatnonzero(kinds == TOTAL)
    hint = "Add a column 'group' with the rows of each total"
    alone, again = np.zeros((2, size), dtype=np.bool_)
    alone[totals], again[totals] = keys[totals] < 0, pd.Index(keys[totals]).duplicated()
    columns.refuse(alone, "group", "a total belongs to no group", hint)
    columns.refuse(again & ~alone, "group", "a second total of the same group", hint)
    is_change = kinds == CHANGE
    top, base = (
        counts[change].or_else(counts[share]).where(is_change, counts[share])
        for change, share in (("new", "numerator"), ("old", "denominator"))
    )
    if len(totals) and _TOTAL_BASE not in bases:
        # The total of the group of each share can be its denominator.
        row_of = np.full(int(keys.max(initial=0)) + 1, -1)
        row_of[keys[totals[keys[totals] >= 0]]] = totals[keys[totals] >= 0]
        rows = np.where((keys >= 0) & (kinds == SHARE), row_of[keys], -1)
        bases = {_TOTAL_BASE: top[rows].where(rows >= 0, CountColumn.missing(size)), **bases}
    tops, bases = {"": top, **tops}, {"": base, **bases}
    ids = _ids(columns)
    rank = columns.parsed("rank", _rank, 0) if "rank" in roles else None
    if not size:
        columns.add_each(columns.ragged, lambda error: error)
    unread = columns.reasons()
    if unread:
        # A row that cannot be read is a part of which nothing is known.
        read, missing = np.ones(size, dtype=np.bool_), CountColumn.missing(size)
        read[list(unread)] = False
        kinds, per = np.where(read, kinds, SHARE).astype(np.int8), np.where(read, per, 100)
        tops = {name: column.where(read, missing) for name, column in tops.items()}
        bases = {name: column.where(read, missing) for name, column in bases.items()}
        rank = None if rank is None else np.where(read, rank, 0)
        present = present & read
        rates = {row: change for row, change in rates.items() if read[row]}
    is_part = np.isin(kinds, (SHARE, TOTAL))
    return FigureColumns(
        title=columns.title,
        ids=ids,
        texts=text_column(roles["printed"], "printed"),
        kinds=kinds,
        printed=PrintedColumn(digits, scale // 100 * per, present, kinds == CHANGE, is_part),
        per=per,
        tops=tops,
        bases=bases,
        group=group,
        groups=groups,
        rank=rank,
        notes=(
            *(columns.notes if style.decimals is None else ()),
            *(f"Not read: {str(error).removesuffix('.')}" for error in columns.ragged),
            *notes,
        ),
        rates=rates,
        unread=unread,
    )


def _ids(columns: TableColumns) -> Coded[str]:
    """Return the names of the rows, or their locations."""
    locate = columns.locate
    if "id" not in columns.roles:
        rows = np.arange(columns.size)
        locations = map(locate, rows.tolist())
        return Coded(rows, [w if isinstance(w, str) else f"row {w}" for w in locations])
    ids = text_column(columns.roles["id"], "id")
    unnamed = ids.table(lambda text: text == "", np.bool_)
    again = pd.Index(ids.table(str, object)).duplicated()
    hint = "Give each row its own"
    columns.refuse(unnamed, "id", "a row has no name", hint)
    columns.rows(
        again & ~unnamed,
        lambda row: InvalidValue(
            "must be the name of one row", row=locate(row), field="id", value=ids[row], hint=hint
        ),
    )
    return ids


def _kinds(columns: TableColumns, counts: Mapping[str, CountColumn]) -> NDArray[np.int8]:
    """Return the kind of each row; counts that do not belong to it are refused."""

    def read(text: str) -> int:
        if text.lower() not in KINDS:
            raise UnknownName("must be a kind of figure", hint=did_you_mean(text.lower(), KINDS))
        return KINDS.index(text.lower())

    if "kind" in columns.roles:
        kinds = columns.parsed("kind", read, SHARE)
    else:
        alone = not {"numerator", "denominator"} & set(columns.roles)
        is_change = counts["new"].stated | counts["old"].stated
        kinds = np.where(is_change | alone, CHANGE, SHARE)
    for change, share in (("new", "numerator"), ("old", "denominator")):
        counted, other = counts[change], counts[share]
        columns.refuse(
            (kinds != CHANGE) & counted.stated,
            change,
            f"a row that is no change has a count in {change!r}",
            f"Put it under {share!r}, or call the row a change",
        )
        differ = (counted.lower != other.lower) | (counted.upper != other.upper)
        columns.refuse(
            (kinds == CHANGE) & counted.stated & other.stated & differ,
            change,
            f"{change!r} and {share!r} of a change have different counts",
            f"Leave one of them empty; another version of a count goes under {change}_2020 "
            "or a similar name",
        )
    columns.refuse(
        (kinds == TOTAL) & counts["denominator"].stated,
        "denominator",
        "a total has no denominator",
        "Leave it empty, or call the row a share",
    )
    return kinds.astype(np.int8)


def _rates(columns: TableColumns) -> dict[int, RateChange]:
    """Return the changes between two rounded rates, and take these out of the counts."""
    roles = columns.roles
    if not {"new", "old"} <= set(roles):
        return {}

    def is_decimal(text: str) -> bool:
        return len(text) <= _LONGEST and _DECIMAL.fullmatch(text) is not None

    rows = np.zeros(columns.size, dtype=np.bool_)
    for role in ("new", "old"):
        rows |= columns.parsed(role, lambda text: not text.isdecimal() and is_decimal(text), False)
    if "kind" in roles:
        rows &= columns.parsed("kind", lambda text: text.lower() == KINDS[CHANGE], False)
    pair = {role: text_column(roles[role], role) for role in ("new", "old")}
    rates: dict[int, RateChange] = {}
    for row in np.flatnonzero(rows).tolist():
        texts = [column[row] for column in pair.values()]
        if all(map(is_decimal, texts)):
            rates[row] = RateChange(*(Percent(text.replace(",", ".")) for text in texts))
    if rates:
        for role, column in pair.items():
            roles[role] = column.table(str, object)
            roles[role][list(rates)] = ""
    return rates


def _per(columns: TableColumns, kinds: NDArray[np.int8]) -> Integers:
    """Return the unit of the number of each row."""

    def read(text: str) -> int:
        digits = re.sub(r"[\s,]", "", text)
        number = int(digits) if digits.isdecimal() and len(digits) <= len(str(_MOST_PER)) else 0
        if text and (not 1 < number <= _MOST_PER or set(str(number)) != {"1", "0"}):
            raise InvalidValue(
                "must be a power of ten from 10 to 1,000,000",
                hint="Write 100000 for a rate per 100,000",
            )
        return number

    is_rate, is_ratio = kinds == RATE, kinds == RATIO
    per = np.zeros(len(kinds), dtype=np.int64)
    if "per" in columns.roles:
        per = columns.parsed("per", read, 0)
    if not (is_rate | is_ratio).any():
        return np.full(len(kinds), 100, dtype=np.int64)
    columns.refuse(
        is_rate & (per == 0),
        "per",
        "a rate needs the number of inhabitants that it is for",
        "Write 100000 for a rate per 100,000",
    )
    columns.refuse(
        (is_rate | is_ratio) & columns.parsed("printed", lambda text: "%" in text, False),
        "printed",
        "a rate or a ratio is not a percentage",
        "Leave the % out, or call the row a share",
    )
    return np.select([is_rate, is_ratio], [np.maximum(per, 1), 1], 100).astype(np.int64)


def _rank(text: str) -> int:
    match = _RANK.fullmatch(text)
    if match is None and text:
        raise InvalidValue(
            "must be a rank", hint="Write an integer from 1, or leave the cell empty"
        )
    return int(match[1]) if match else 0


def _candidates(
    columns: TableColumns,
) -> tuple[dict[str, CountColumn], dict[str, CountColumn], list[str]]:
    """Return further numerators and denominators, and remarks on other columns."""
    chosen, others = columns.style.bases, columns.others
    names = list(others if chosen is None else chosen)
    for name in names:
        if name not in others:
            hint = did_you_mean(name, others)
            problem = "no further column has this name"
            raise UnknownName(problem, field="bases", value=name, hint=hint)
    words = [name for name in names if chosen is None and not _has_number(columns, name)]
    counts = {name: columns.counts(name, others[name]) for name in names if name not in words}
    tops = {name: c for name, c in counts.items() if name.lower().startswith(_TOPS)}
    bases = {name: c for name, c in counts.items() if name not in tops}
    listed = ", ".join(map(repr, words))
    notes = [f"Not read, because the columns have no numbers: {listed}"] if words else []
    return tops, bases, notes


def _has_number(columns: TableColumns, name: str) -> bool:
    """Whether one of the first texts of a column is a number, or all are missing."""
    values, numerals = columns.others[name], columns.style.numerals
    if getattr(getattr(values, "dtype", None), "kind", "O") in "iuf":
        return True
    column = text_column(values, name)
    first = [column.categories[code] for code in dict.fromkeys(column.codes[: 1 << 14].tolist())]
    filled = [text for text in first if not numerals.is_missing(text)][:_LOOKED_AT]
    for text in filled:
        with suppress(ThbstatsError):
            parse_count(text, numerals)
            return True
    return not filled


def read_members(
    source: Any, figures: FigureColumns, selected: NDArray[np.bool_], style: TableStyle
) -> MatchedSets:
    """Return the percentages of some rows over sets of their members.

    The table has a row for each member of each figure: ``id``, ``member``, and their counts.
    """
    columns = TableColumns(source, "member", _MEMBER_ROLES, style)
    locate = columns.locate
    columns.add_each(columns.ragged, lambda error: error)
    columns.require("id", what="names of figures")
    columns.require("member", what="members")
    names = text_column(columns.roles["member"], "member")
    ids, own = text_column(columns.roles["id"], "id"), list(figures.ids)
    first = {name: row for row, name in reversed(list(enumerate(own)))}
    keys = np.array([first.get(name, -1) for name in ids], dtype=np.int64)
    columns.rows(
        keys < 0,
        lambda row: UnknownName(
            "no figure has this name",
            row=locate(row),
            field="id",
            value=ids[row],
            hint=lambda: did_you_mean(ids[row], own[:1000]),
        ),
    )
    again = pd.DataFrame({"key": keys, "name": list(names)}).duplicated().to_numpy()
    columns.rows(
        again & (keys >= 0),
        lambda row: InvalidValue(
            "must be listed once for each figure",
            row=locate(row),
            field="member",
            value=names[row],
            hint="Leave one of the rows out",
        ),
    )
    top = columns.counts("new").or_else(columns.counts("numerator"))
    base = columns.counts("old").or_else(columns.counts("denominator"))
    columns.raise_any()
    chosen = (keys >= 0) & selected[keys] & (top.stated | base.stated)
    return match_sets(figures, GroupRows.of(keys, chosen), names, top, base)
