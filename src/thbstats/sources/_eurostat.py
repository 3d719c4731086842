"""Common crosswalk and tables of Eurostat formats.

A reader makes `Observations`: a row for each observation, with the dimensions of the file under
their lower-case names, and `TIME`, `VALUE`, `FLAGS` and `CONF`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats._mappings import FrozenDict
from thbstats.columns import Coded
from thbstats.files.count_columns import flag_letters
from thbstats.files.declaration import Declaration
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import Reading
from thbstats.records import Source
from thbstats.sources._formats import Request, crosswalk
from thbstats.tables.encoding import coded

TIME, VALUE, FLAGS, CONF = "time", "value", "flags", "conf"

RESERVED: Mapping[str, str] = MappingProxyType(
    {TIME: "period", VALUE: "value", FLAGS: "flags", CONF: "confidentiality"}
)
"""Columns that are not dimensions, and their targets."""

MISSING = frozenset({"", ":", "NaN"})
"""Missing-value signs."""

# The flags of SDMX observation statuses: A is a normal value; H, L and O mark missing values; Q is
# suppressed. S (special events) has no flag, because s has another meaning at Eurostat.
_STATUS = {letter: letter.lower() for letter in "BDEFGIJKMNPRUVW"}
_STATUS |= {**dict.fromkeys("AHLOS", ""), "Q": "c"}

# Other names of the common columns.
_ALIASES = {"time_period": TIME, "obs_value": VALUE, "obs_flag": FLAGS, "conf_status": CONF}

_TOTALS = frozenset({"T", "TOTAL", "_T", "_Z", ""})


@frozen(kw_only=True)
class Crosswalk:
    """The crosswalk of a Eurostat or SDMX dimension.

    ``target`` is the dimension of this library; ``"*"`` for codes that set several columns, empty
    for dimensions that do not describe the count. ``recode`` maps codes to categories; ``*`` in a
    code matches any text. Other codes are read as category codes, labels or synonyms.
    """

    target: str = ""
    recode: Mapping[str, Any] = field(factory=dict, converter=FrozenDict)
    note: str = ""

    def select(self, codes: Iterable[str]) -> dict[str, Any]:
        """Return the recoding of those codes that have one."""
        result = {}
        for code in codes:
            patterns = (known for known in self.recode if "*" in known)
            matching = (known for known in patterns if fnmatchcase(code, known))
            pattern = code if code in self.recode else next(matching, None)
            if pattern is not None:
                result[code] = self.recode[pattern]
        return result


DIMENSIONS: Mapping[str, Crosswalk] = MappingProxyType(
    {
        name: Crosswalk(**{field: value for field, value in entry.items() if field != "ids"})
        for entry in crosswalk("eurostat")["dimensions"]
        for name in entry["ids"]
    }
)
"""The known dimensions and attributes of Eurostat and SDMX, by id."""

ATTRIBUTES = ("unit_mult", "decimals", "time_format")
"""Attributes among `DIMENSIONS`."""


@frozen(kw_only=True, eq=False)
class Observations:
    """The observations of a file, with its dimensions in order, declaration and publication.

    The ledger has a row for each observation, with the dimensions, `RESERVED` and other columns.
    """

    ledger: Ledger
    dimensions: tuple[str, ...]
    declaration: Declaration = field(factory=Declaration)
    source: Source | None = None


def column_of(texts: Sequence[str]) -> pd.Categorical:
    """Return texts as a categorical column, in order of occurrence."""
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    column: pd.Categorical = coded(codes, list(distinct))
    return column


def flags_of_status(status: str) -> str:
    """Return the flags of an SDMX observation status; words are unchanged."""
    if flag_letters(status) is None:
        return status
    return "".join(_STATUS.get(letter, letter) for letter in status)


def provenance(agency: str, dataset: str, updated: str = "") -> Source:
    """Return the source of a data set, such as ``CRIM_THB_SEX`` of the agency ``ESTAT``."""
    publisher = "Eurostat" if agency in ("ESTAT", "EUROSTAT", "") else agency
    published = day_of(updated)
    title = f"{publisher} {dataset}"
    return Source(title=title, publisher=publisher, published=published, kind="primary")


def day_of(text: str) -> date | None:
    """Return the date of 11/06/26 23:00:00 or 2026-06-11T23:00:00; or ``None``."""
    if match := re.match(r"(\d\d)/(\d\d)/(\d{4}|\d\d)\b", text.strip()):
        day, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
    elif match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text.strip()):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def reading(observed: Observations, request: Request) -> Reading:
    """Return the reading of observations.

    The declaration of the user overrides that of the file, which overrides the crosswalk. It has
    the column names of the file or the common names.
    """
    own = observed.declaration
    if request.source is not None:  # it replaces the column of data sets
        names = {name for name, target in own.columns.items() if target == "source" != name}
        own = evolve(
            own,
            columns={name: target for name, target in own.columns.items() if name not in names},
            recode={name: codes for name, codes in own.recode.items() if name not in names},
            ignored=[*own.ignored, *(name for name in own.columns if name in names)],
        )
    declare = request.declare or Declaration()
    declare = evolve(
        declare,
        columns={_common_name(name): target for name, target in declare.columns.items()},
        recode={_common_name(name): codes for name, codes in declare.recode.items()},
        ignored=list(map(_common_name, declare.ignored)),
    )
    declared = evolve(request, declare=declare).declared().with_defaults(own)
    known = _crosswalk_of(observed, {*declared.columns, *declared.ignored})
    return request.tabulate(observed.ledger, declared.with_defaults(known), observed.source)


def _common_name(name: str) -> str:
    return _ALIASES.get(name.lower(), name.lower())


def _crosswalk_of(observed: Observations, known: set[str]) -> Declaration:
    """Return the crosswalk of undeclared columns."""
    columns: dict[str, str] = {}
    recode: dict[str, dict[str, Any]] = {}
    ignored: list[str] = []
    for name in map(str, observed.ledger.raw.columns):
        dimension = DIMENSIONS.get(name)
        if name in RESERVED:
            columns[name] = RESERVED[name]
        elif dimension is None and name not in known:
            column = observed.ledger.column(name)
            codes = [column.categories[code].strip() for code in column.present]
            if len(codes) == 1 and codes[0] in _TOTALS:
                ignored.append(name)
                observed.ledger.note(f"{name} is ignored: it is {codes[0]!r} in every row")
        elif dimension is not None and dimension.target:
            columns[name] = dimension.target
            recode[name] = dimension.select(map(str.strip, observed.ledger.column(name).categories))
        elif dimension is not None:
            ignored.append(name)
    return Declaration(columns=columns, recode=recode, ignored=ignored)


def frame_of(observed: Observations) -> pd.DataFrame:
    """Return observations in a tidy frame with the same columns for all formats.

    The dimensions have their lower-case ids and the codes of the file. ``time``, ``value`` (as
    published), ``flags`` and ``conf`` follow. All columns are sorted categories, and the rows are
    sorted. A confidential missing figure has the flag c in TSV and JSON-stat, and a letter in
    ``conf`` in SDMX-CSV; the tables are the same.
    """
    raw = observed.ledger.raw
    names = [*observed.dimensions, *RESERVED]
    nothing = pd.Categorical.from_codes(
        np.full(len(raw), -1), categories=pd.Index([], dtype=object)
    )
    data = {name: _plain(raw[name], name) if name in raw else nothing for name in names}
    frame = pd.DataFrame(data, index=range(len(raw)))
    return frame.sort_values([*observed.dimensions, TIME], kind="stable", ignore_index=True)


def _plain(cells: Any, name: str) -> Any:
    """Return the texts of a column as sorted categories, without signs of missing values."""
    column = FileColumn.from_values(cells).compact()
    missing = MISSING if name == VALUE else {""}
    texts = [text.strip() for text in column.categories]
    plain = column.with_values([None if text in missing else text for text in texts])
    ordered = Coded(plain.codes, plain.categories).recode(sorted(plain.categories))
    return coded(ordered.codes, ordered.categories)
