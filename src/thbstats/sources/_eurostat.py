"""What Eurostat's formats share: its dimensions and codes in our words, and how rows become tables.

A reader of one of them makes `Observations`: a row for each observation, with the source's dimensions
under their small-letter names and `TIME`, `VALUE`, `FLAGS` and `CONF` beside them. One declaration
then fits them all.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.exchange import (
    MULTIPLE,
    Declaration,
    InputFile,
    Ledger,
    Progress,
    Reading,
    TextColumn,
    finish_reading,
    no_progress,
    tabulate,
)
from thbstats.records import Source
from thbstats.records.reading import to_sources
from thbstats.tables.categories import coded

__all__ = [
    "ATTRIBUTES",
    "CONF",
    "DIMENSIONS",
    "FLAGS",
    "MISSING",
    "OBS_STATUS",
    "RESERVED",
    "TIME",
    "VALUE",
    "Crosswalk",
    "Observations",
    "day_of",
    "observations",
    "provenance",
    "reading",
]

TIME, VALUE, FLAGS, CONF = "time", "value", "flags", "conf"

RESERVED: Mapping[str, str] = MappingProxyType(
    {TIME: "period", VALUE: "value", FLAGS: "flags", CONF: "confidentiality"}
)
"""The columns beside the dimensions and what they are in our words."""

MISSING = frozenset({"", ":", "NaN"})
"""What stands where a value is missing."""

OBS_STATUS: Mapping[str, str] = MappingProxyType(
    {
        **{letter: letter.lower() for letter in "BDEFGIJKMNPRUVW"},
        **dict.fromkeys("AHLOS", ""),
        "Q": "c",
    }
)
"""The letters of SDMX's list of observation status as flags.

A is a normal value; H, L and O say that it is missing, which the gap says itself; Q is suppressed.
S (strikes and other special events) has no flag: among Eurostat's flags s is another thing.
"""

# What users find in the header of one format or another, under the name that all of them share.
_ALIASES = {"time_period": TIME, "obs_value": VALUE, "obs_flag": FLAGS, "conf_status": CONF}

_TOTALS = frozenset({"T", "TOTAL", "_T", "_Z", ""})


def _fixed(column: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(column))


@frozen(kw_only=True)
class Crosswalk:
    """What a dimension of Eurostat or SDMX is in our words.

    Parameters
    ----------
    ours : str
        Our dimension; ``"*"`` where each code says several things, empty where it says nothing
        about a count.
    words : mapping
        From a code to our word; a code with ``*`` stands for all that are written so. Codes that
        are not listed are read as our words and their synonyms, and what is none is set aside.
    note : str
        What to know about it.
    """

    target: str
    recode: Mapping[str, Any] = field(factory=dict, converter=_fixed)
    note: str = ""

    def select(self, codes: Iterable[str]) -> dict[str, Any]:
        """Return our words for those of some codes that have one."""
        found = {}
        for code in codes:
            pattern = code if code in self.recode else self._pattern(code)
            if pattern is not None:
                found[code] = self.recode[pattern]
        return found

    def _pattern(self, code: str) -> str | None:
        patterns = (known for known in self.recode if "*" in known)
        return next((known for known in patterns if fnmatchcase(code, known)), None)


_SDMX = {"_T": "total", "_U": "unknown", "_X": "unknown"}
_AREA = Crosswalk(target="area", note="EL and UK as here; EU aggregates by their composition")
_PERIOD = Crosswalk(target="period", note="years, halves, quarters, months and days")
_CITIZENSHIP = Crosswalk(
    target="citizenship",
    recode={
        **_SDMX,
        "NAT": "reporting_country",
        "EU*_FOR": "other_eu",
        "NEU*_FOR": "non_eu",
        "EXT_EU*": "non_eu",
        "EU27_2020": "eu",
        "EU27_2007": "eu",
        "EU28": "eu",
    },
    note="FOR (all foreigners) has no word here: it holds neither nationals nor a known group",
)
_NOTHING = Crosswalk(target="", note="says nothing about a count")

DIMENSIONS: Mapping[str, Crosswalk] = MappingProxyType(
    {
        "geo": _AREA,
        "ref_area": _AREA,
        "time": _PERIOD,
        "sex": Crosswalk(target="sex", recode={**_SDMX, "_O": "other"}),
        "age": Crosswalk(
            target="age",
            recode={**_SDMX, "Y0-17": "child", "Y0T17": "child", "Y_LE17": "child"},
            note="Y_LT18, Y_GE18, TOTAL and UNK are words here",
        ),
        "citizen": _CITIZENSHIP,
        "citizenship": _CITIZENSHIP,
        "leg_stat": Crosswalk(
            target=MULTIPLE,
            recode={
                "PER_VICT": {"table": "victims", "unit": "persons"},
                "PER_SUSP": {"table": "justice", "stage": "suspected", "unit": "persons"},
                "PER_PRSC": {"table": "justice", "stage": "prosecuted", "unit": "persons"},
                "PER_PROS": {"table": "justice", "stage": "prosecuted", "unit": "persons"},
                "PER_CNV": {"table": "justice", "stage": "convicted", "unit": "persons"},
                "PER_CONV": {"table": "justice", "stage": "convicted", "unit": "persons"},
            },
            note="known in part: what is not listed is declared by the user; whether victims are "
            "identified or presumed, status=... says",
        ),
        "unit": Crosswalk(
            target=MULTIPLE,
            recode={
                **{code: {} for code in ("NR", "NUM", "NUMBER", "PER", "PS")},
                **dict.fromkeys(("P_*", "PC", "PC_*", "PT", "PT_*", "RT", "RT*", "RCH_*"), None),
            },
            note="a count is used; a rate, a percentage or a change is no count",
        ),
        "unit_mult": Crosswalk(
            target=MULTIPLE, recode={"": {}, "0": {}}, note="only counts in units of one are used"
        ),
        "iccs": Crosswalk(
            target=MULTIPLE, recode={"ICCS0204": {}}, note="only trafficking in persons is used"
        ),
        **dict.fromkeys(("freq", "time_format", "decimals"), _NOTHING),
    }
)
"""The dimensions and attributes of Eurostat and SDMX that need no declaration, by their id."""


ATTRIBUTES = ("unit_mult", "decimals", "time_format")
"""What of these is no dimension, but said of a figure."""


@frozen(kw_only=True, eq=False)
class Observations:
    """The observations of a file.

    Parameters
    ----------
    ledger : Ledger
        A row for each, with the columns of `dimensions`, of `RESERVED`, and any others.
    dimensions : tuple of str
        The dimensions in the order of the file.
    own : Declaration
        What the file says itself, such as what its other columns are.
    source : Source or None
        Where its figures were published.
    """

    ledger: Ledger
    dimensions: tuple[str, ...]
    own: Declaration = field(factory=Declaration)
    source: Source | None = None


def provenance(agency: str, dataset: str, updated: str = "") -> Source:
    """Return the publication that a data set is.

    Parameters
    ----------
    agency : str
        Who keeps it, as SDMX writes it, such as ``"ESTAT"``.
    dataset : str
        Its id.
    updated : str
        When it was last updated, as the file says.

    Examples
    --------
    >>> str(provenance("ESTAT", "CRIM_THB_SEX")), provenance("ESTAT", "X", "11/06/26").published
    ('Eurostat CRIM_THB_SEX', datetime.date(2026, 6, 11))
    """
    publisher = "Eurostat" if agency in ("ESTAT", "EUROSTAT", "") else agency
    return Source(
        title=f"{publisher} {dataset}",
        publisher=publisher,
        published=day_of(updated),
        kind="primary",
    )


def day_of(text: str) -> date | None:
    """Return the day of an update: 11/06/26 23:00:00 or 2026-06-11T23:00:00; else ``None``."""
    if match := re.match(r"(\d\d)/(\d\d)/(\d{4}|\d\d)\b", text.strip()):
        day, month, year = map(int, match.groups())
        parts = (year + (2000 if year < 100 else 0), month, day)
    elif match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text.strip()):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def reading(
    observed: Observations,
    file: InputFile,
    *,
    label: str,
    recognised: str,
    declare: Declaration | None,
    source: Source | str | None,
    strict: bool,
    progress: Progress = no_progress,
    kind: str | None,
    constants: Mapping[str, Any],
) -> Reading:
    """Return the tables of observations and the report on them.

    Parameters
    ----------
    observed : Observations
        The observations.
    file : InputFile
        The file.
    label, recognised : str
        As what it was read, and how that was found out.
    declare : Declaration or None
        What the user says of the columns, under their names in the file or here.
    source : Source, str or None
        The source that the user names; it goes before that of the file.
    strict : bool
        Whether a defect is an error.
    progress : callable
        Told how far it is.
    kind, constants
        What all rows have in common.
    """
    declared = _renamed(declare or Declaration()).with_constants(kind, **constants)
    own = observed.own
    if source is not None:
        own = _without_source(own)
    declared = declared.with_defaults(own)
    declaration = declared.with_defaults(
        _declared(observed, {*declared.columns, *declared.ignored})
    )
    given = next(iter(to_sources(source)), observed.source)
    data = tabulate(observed.ledger, declaration, given, progress)
    return finish_reading(
        observed.ledger,
        file,
        label=label,
        recognised=recognised,
        strict=strict,
        noun="observations",
        data=data,
    )


def _renamed(declaration: Declaration) -> Declaration:
    """Return a declaration under the names that all formats share."""

    def plain(name: str) -> str:
        return _ALIASES.get(name.lower(), name.lower())

    return evolve(
        declaration,
        columns={plain(name): ours for name, ours in declaration.columns.items()},
        recode={plain(name): codes for name, codes in declaration.recode.items()},
        ignored=[plain(name) for name in declaration.ignored],
    )


def _without_source(own: Declaration) -> Declaration:
    """Return what a file says but from which data set it is."""
    names = [name for name, ours in own.columns.items() if ours == "source" and name != "source"]
    return evolve(
        own,
        columns={name: ours for name, ours in own.columns.items() if name not in names},
        recode={name: codes for name, codes in own.recode.items() if name not in names},
        ignored=[*own.ignored, *names],
    )


def _declared(observed: Observations, known: set[str]) -> Declaration:
    """Return what is known of the columns that nobody declared."""
    columns: dict[str, str] = {}
    recode: dict[str, dict[str, Any]] = {}
    ignored: list[str] = []
    for name in map(str, observed.ledger.raw.columns):
        crosswalk = DIMENSIONS.get(name)
        if name in RESERVED:
            columns[name] = RESERVED[name]
        elif crosswalk is None:
            codes = _codes(observed, name) if name not in known else []
            if len(codes) == 1 and codes[0] in _TOTALS:
                ignored.append(name)
                observed.ledger.note(f"{name} is left out: it is {codes[0]!r} in every row")
        elif crosswalk.target:
            columns[name] = crosswalk.target
            recode[name] = crosswalk.select(
                map(str.strip, TextColumn.from_values(observed.ledger.raw[name]).values)
            )
        else:
            ignored.append(name)
    return Declaration(columns=columns, recode=recode, ignored=ignored)


def _codes(observed: Observations, name: str) -> list[str]:
    column = TextColumn.from_values(observed.ledger.raw[name])
    used = np.flatnonzero(column.count_rows()[:-1])
    return [column.values[index].strip() for index in used.tolist()]


def observations(observed: Observations) -> pd.DataFrame:
    """Return observations in a tidy frame, the same for all formats.

    A gap that is confidential has the flag c in Eurostat's TSV and in JSON-stat, and a letter under
    ``conf`` in SDMX-CSV: the frame has what is printed, and the tables are the same.

    Parameters
    ----------
    observed : Observations
        The observations of a file.

    Returns
    -------
    DataFrame
        The dimensions under their ids in small letters, with the codes of the file; ``time``;
        ``value``, as printed; ``flags``; ``conf``. All are categories in alphabetical order,
        missing where nothing is said; so are the rows.
    """
    raw = observed.ledger.raw
    names = [*observed.dimensions, *RESERVED]
    data = {name: _plain(raw[name], name) for name in names if name in raw}
    frame = pd.DataFrame(data, index=range(len(raw)))
    nothing = pd.Categorical.from_codes(
        np.full(len(raw), -1), categories=pd.Index([], dtype=object)
    )
    for name in names:
        if name not in frame:
            frame[name] = nothing
    keys = [*observed.dimensions, TIME]
    return frame[names].sort_values(keys, kind="stable", ignore_index=True)


def _plain(column: Any, name: str) -> Any:
    words = TextColumn.from_values(column)
    empty = MISSING if name == VALUE else {""}
    rows = words.count_rows()
    plain = [text.strip() for text in words.values]
    declared = [
        text if text not in empty and rows[index] else None for index, text in enumerate(plain)
    ]
    return _sorted(words.with_values(declared))


def _sorted(column: TextColumn) -> Any:
    order = sorted(column.values)
    rank = {text: index for index, text in enumerate(order)}
    indices = np.array([*(rank[text] for text in column.values), -1], dtype=np.int64)
    return coded(indices[column.codes], order)
