"""The columns of a table by their role, read as percentages, counts, groups and ranks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve
from numpy.typing import NDArray

from thbstats.auditing.published_tables.cell_texts import CellProblems, read_counts, read_printed
from thbstats.auditing.published_tables.columns import CountColumn, TextColumn, texts_of
from thbstats.auditing.published_tables.figures import (
    CHANGE,
    KINDS,
    RATE,
    RATIO,
    SHARE,
    TOTAL,
    PublishedFigures,
)
from thbstats.auditing.published_tables.roles import ColumnRoles
from thbstats.auditing.published_tables.table_files import OpenTable, TableStyle
from thbstats.auditing.published_tables.unreadable_rows import UnreadableRows
from thbstats.auditing.rate_changes import RateChange
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.values import Percent

__all__ = ["read_figures"]

_NAMES = ("id", "kind", "printed", "per", "group", "rank")
_COUNTS = ("numerator", "denominator", "new", "old")
_ROLES = (*_NAMES, *_COUNTS)
_TOPS = ("numerator_", "new_")
_DECIMAL = re.compile(r"0,[0-9]+|[0-9]+(?:\.[0-9]+|,[0-9]{1,2}|,[0-9]{4,})?")
_MOST_PER, _LONGEST = 10**6, 17
_RANK = re.compile(r"=?\s*([1-9][0-9]{0,8})\s*[=.]?")
_TOTAL_BASE = "the total"
_LOOKED_AT = 20
"""How many different texts show whether a column holds numbers or words."""


def read_figures(table: OpenTable, style: TableStyle, problems: UnreadableRows) -> PublishedFigures:
    """Return the rows of a table; a row that cannot be read has its reason in ``unread``.

    What is wrong with the table as a whole, or with every row, is raised.
    """
    reader = _TableReader(table, _ROLES, style, problems)
    reader.require("printed", what="printed percentages")
    reader.require(
        "numerator",
        "new",
        what="counts",
        hint="Shares have numerator and denominator, changes new and old.",
    )
    rates = reader.rates()
    counts = {role: reader.counts(role) for role in _COUNTS}
    kinds = reader.kinds(counts)
    kinds[list(rates)] = CHANGE
    reader.refuse_misplaced(kinds, counts)
    printed = read_printed(
        reader.roles["printed"],
        "printed",
        numerals=style.numerals,
        decimals=style.decimals,
        faults=reader.faults,
    )
    per = reader.per(kinds)
    tops, bases, notes = reader.candidates()
    group, groups = reader.groups()
    reader.refuse_totals(kinds, group, groups)
    top = _stated(kinds, counts["numerator"], counts["new"])
    if TOTAL in kinds and _TOTAL_BASE not in bases:
        bases = {_TOTAL_BASE: _totals(kinds, group, top), **bases}
    tops = {"": top, **tops}
    bases = {"": _stated(kinds, counts["denominator"], counts["old"]), **bases}
    ids, rank = reader.ids(), reader.ranks()
    if not table.size:
        problems.add_each(table.ragged, lambda error: error)
    unread = problems.settled(table.size)
    if unread:
        # What cannot be read is a part of which nothing is known.
        read = np.ones(table.size, dtype=np.bool_)
        read[list(unread)] = False
        kinds, per = np.where(read, kinds, SHARE).astype(np.int8), np.where(read, per, 100)
        tops = {name: column.only(read) for name, column in tops.items()}
        bases = {name: column.only(read) for name, column in bases.items()}
        rank = None if rank is None else np.where(read, rank, 0)
        printed = evolve(printed, present=printed.present & read)
        rates = {row: change for row, change in rates.items() if read[row]}
    return PublishedFigures(
        title=table.title,
        ids=ids,
        kinds=kinds,
        printed=evolve(printed, scale=printed.scale // 100 * per),
        texts=TextColumn.of(reader.roles["printed"], "printed"),
        tops=tops,
        bases=bases,
        group=group,
        groups=groups,
        rank=rank,
        notes=(
            *(table.notes if style.decimals is None else ()),
            *(f"Not read: {str(error).removesuffix('.')}" for error in table.ragged),
            *notes,
        ),
        per=per,
        rates=rates,
        unread=unread,
    )


def _is_rate(text: str) -> bool:
    return not text.isdecimal() and _is_decimal(text)


def _is_decimal(text: str) -> bool:
    return len(text) <= _LONGEST and _DECIMAL.fullmatch(text) is not None


def _stated(kinds: NDArray[np.int8], own: CountColumn, of_change: CountColumn) -> CountColumn:
    """Return the counts of shares and changes as one column."""
    both = of_change.or_else(own)
    is_change = kinds == CHANGE
    return CountColumn(
        lower=np.where(is_change, both.lower, own.lower),
        upper=np.where(is_change, both.upper, own.upper),
        stated=np.where(is_change, both.stated, own.stated),
        reason=np.where(is_change, both.reason, own.reason),
    )


def _totals(
    kinds: NDArray[np.int8], group: NDArray[np.int64] | None, top: CountColumn
) -> CountColumn:
    """Return the total of each share's group, which can be its base."""
    keys = np.zeros(len(kinds), dtype=np.int64) if group is None else group
    row = np.full(int(keys.max(initial=0)) + 1, len(kinds))
    totals = np.flatnonzero((kinds == TOTAL) & (keys >= 0))
    row[keys[totals]] = totals
    nothing = CountColumn.missing(1)
    at = np.where((keys >= 0) & (kinds == SHARE), row[keys], len(kinds))
    return CountColumn(
        lower=np.append(top.lower, nothing.lower)[at],
        upper=np.append(top.upper, nothing.upper)[at],
        stated=np.append(top.stated, nothing.stated)[at],
        reason=np.append(top.reason, nothing.reason)[at],
    )


class _TableReader(ColumnRoles):
    """Reader of the columns of a table."""

    def ids(self) -> TextColumn:
        if "id" not in self.roles:
            places = [self.table.locate(row) for row in range(self.table.size)]
            names = [where if isinstance(where, str) else f"row {where}" for where in places]
            return TextColumn(np.arange(self.table.size), names)
        ids = TextColumn.of(self.roles["id"], "id")
        unnamed = np.zeros(len(ids), dtype=np.bool_)
        if not isinstance(ids.values, np.ndarray):
            unnamed = np.array([value == "" for value in ids.values], dtype=np.bool_)[ids.codes]
        alike = pd.Index(np.asarray(ids.values)).duplicated()[ids.codes]
        again = alike | pd.Index(ids.codes).duplicated()
        self.tell(unnamed, "id", "a row has no name", "Give each row its own")
        self.problems.rows(
            again & ~unnamed,
            lambda row: InvalidValue(
                "must be the name of one row",
                row=self.table.locate(row),
                field="id",
                value=ids[row],
                hint="Give each row its own",
            ),
        )
        return ids

    def kinds(self, counts: Mapping[str, CountColumn]) -> NDArray[np.int8]:
        if "kind" not in self.roles:
            is_change = counts["new"].stated | counts["old"].stated
            alone = not {"numerator", "denominator"} & set(self.roles)
            return np.where(is_change | alone, CHANGE, SHARE).astype(np.int8)

        def read(text: str) -> int:
            if text.lower() not in KINDS:
                raise UnknownName("there is no such kind", hint=did_you_mean(text.lower(), KINDS))
            return KINDS.index(text.lower())

        return self.read("kind", read, SHARE).astype(np.int8)

    def rates(self) -> dict[int, RateChange]:
        """Return the changes between two rounded rates, and take these out of the counts."""
        if not {"new", "old"} <= set(self.roles):
            return {}
        columns = [texts_of(self.roles[role], role) for role in ("new", "old")]
        decimals = [
            np.array([_is_rate(text) for text in texts], dtype=np.bool_)[codes]
            for codes, texts in columns
        ]
        rows = decimals[0] | decimals[1]
        if "kind" in self.roles:
            codes, texts = texts_of(self.roles["kind"], "kind")
            named = np.array([text.lower() == KINDS[CHANGE] for text in texts], dtype=np.bool_)
            rows &= named[codes]
        found: dict[int, RateChange] = {}
        for row in np.flatnonzero(rows).tolist():
            pair = [texts[codes[row]] for codes, texts in columns]
            if all(map(_is_decimal, pair)):
                new, old = (Percent(text.replace(",", ".")) for text in pair)
                found[row] = RateChange(new, old)
        if found:
            for role, (codes, texts) in zip(("new", "old"), columns, strict=True):
                column = np.array(texts, dtype=object)[codes]
                column[list(found)] = ""
                self.roles[role] = column
        return found

    def per(self, kinds: NDArray[np.int8]) -> NDArray[np.int64]:
        """Return how many of the denominator the printed number of each row refers to."""

        def read(text: str) -> int:
            digits = re.sub(r"[\s,]", "", text)
            number = int(digits) if digits.isdecimal() and len(digits) <= len(str(_MOST_PER)) else 0
            if text and (not 1 < number <= _MOST_PER or set(str(number)) != {"1", "0"}):
                raise InvalidValue(
                    "must be a power of ten from 10 to 1,000,000",
                    hint="Write 100000 for a rate per 100,000",
                )
            return number

        is_rate = kinds == RATE
        decimals = is_rate | (kinds == RATIO)
        given = self.read("per", read, 0) if "per" in self.roles else np.zeros(len(kinds), np.int64)
        if not decimals.any():
            return np.full(len(kinds), 100, dtype=np.int64)
        self.tell(
            is_rate & (given == 0),
            "per",
            "a rate needs the number of inhabitants that it is for",
            "Write 100000 for a rate per 100,000",
        )
        codes, texts = texts_of(self.roles["printed"], "printed")
        self.tell(
            decimals & np.array(["%" in text for text in texts], dtype=np.bool_)[codes],
            "printed",
            "a rate or a ratio is not a percentage",
            "Leave the % out, or call the row a share",
        )
        found = np.where(is_rate, np.maximum(given, 1), np.where(kinds == RATIO, 1, 100))
        return found.astype(np.int64)

    def refuse_misplaced(self, kinds: NDArray[np.int8], counts: Mapping[str, CountColumn]) -> None:
        """Refuse counts in columns of another kind of row."""
        for change, share in (("new", "numerator"), ("old", "denominator")):
            one, other = counts[change], counts[share]
            self.tell(
                (kinds != CHANGE) & one.stated,
                change,
                f"a row that is no change has a count in {change!r}",
                f"Put it under {share!r}, or call the row a change",
            )
            differ = (one.lower != other.lower) | (one.upper != other.upper)
            self.tell(
                (kinds == CHANGE) & one.stated & other.stated & differ,
                change,
                f"{change!r} and {share!r} of a change have different counts",
                f"Leave one of them empty; another version of a count goes under {change}_2020 "
                "or a similar name",
            )
        self.tell(
            (kinds == TOTAL) & counts["denominator"].stated,
            "denominator",
            "a total has no denominator",
            "Leave it empty, or call the row a share",
        )

    def candidates(self) -> tuple[dict[str, CountColumn], dict[str, CountColumn], list[str]]:
        """Return further numerators and denominators, and notes on other columns."""
        chosen = self.style.bases
        names = list(self.others if chosen is None else chosen)
        for name in names:
            if name not in self.others:
                raise UnknownName(
                    "no further column has this name",
                    field="bases",
                    value=name,
                    hint=did_you_mean(name, self.others),
                )
        words = [n for n in names if chosen is None and self._holds_words(self.others[n], n)]
        tops: dict[str, CountColumn] = {}
        bases: dict[str, CountColumn] = {}
        for name in names:
            if name not in words:
                found = tops if name.lower().startswith(_TOPS) else bases
                found[name] = self.counts(name, self.others[name])
        phrase = ", ".join(map(repr, words))
        return (
            tops,
            bases,
            [f"Not read, because the columns have no numbers: {phrase}"] if words else [],
        )

    def _holds_words(self, values: Any, name: str) -> bool:
        """Whether the first texts of a column contain no number."""
        if getattr(getattr(values, "dtype", None), "kind", "O") in "iuf":
            return False
        codes, texts = texts_of(values, name)
        seen = [texts[code] for code in dict.fromkeys(codes[: 1 << 14].tolist())]
        filled = [text for text in seen if not self.style.numerals.is_missing(text)][:_LOOKED_AT]
        return bool(filled) and not any(map(self._is_count, filled))

    def _is_count(self, text: str) -> bool:
        aside = UnreadableRows()
        read_counts([text], "", numerals=self.style.numerals, faults=CellProblems(aside))
        try:
            aside.raise_any()
        except ThbstatsError:
            return False
        return True

    def groups(self) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
        if "group" not in self.roles:
            return None, ()
        words = pd.Series(TextColumn.of(self.roles["group"], "group").all(), dtype=object)
        codes, names = pd.factorize(words.where(words != ""))
        return codes.astype(np.int64), tuple(map(str, names))

    def refuse_totals(
        self, kinds: NDArray[np.int8], group: NDArray[np.int64] | None, groups: Sequence[str]
    ) -> None:
        """Refuse totals of no group, and a second total of one group."""
        totals = np.flatnonzero(kinds == TOTAL)
        wholes = np.zeros(len(kinds), dtype=np.int64) if group is None else group
        hint = "Add a column 'group' with the rows of each total"
        alone = np.zeros(len(kinds), dtype=np.bool_)
        alone[totals] = wholes[totals] < 0
        self.tell(alone, "group", "a total belongs to no group", hint)
        again = np.zeros(len(kinds), dtype=np.bool_)
        again[totals] = pd.Index(wholes[totals]).duplicated()
        self.tell(again & ~alone, "group", "a second total of the same group", hint)

    def ranks(self) -> NDArray[np.int64] | None:
        if "rank" not in self.roles:
            return None

        def read(text: str) -> int:
            match = _RANK.fullmatch(text)
            if match is None and text:
                raise InvalidValue(
                    "must be a rank",
                    hint="Write an integer from 1, or leave the cell empty",
                )
            return int(match[1]) if match else 0

        return self.read("rank", read, 0).astype(np.int64)
