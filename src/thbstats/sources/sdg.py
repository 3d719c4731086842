"""National tables of SDG indicator 16.2.2 (detected victims) in CSV.

Open SDG platforms publish each indicator with ``Year``, a column for each disaggregation, ``Units``
or ``Series``, and ``Value``. A blank disaggregation is the total. Age bands that cover all ages
of children or adults are added up. The country is not a column, and rates are published next to
counts.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading
from thbstats.files.text_contents import whole_bands
from thbstats.geography import Area
from thbstats.geography.spellings import citizenships, plain
from thbstats.records import Source, schema_of
from thbstats.sources._formats import FilePath, Format, crosswalk

__all__ = ["FORMAT", "read", "recognise"]

_CROSSWALK = crosswalk("sdg")
COLUMNS: Mapping[str, str] = _CROSSWALK["columns"]
_STATUSES: Mapping[str, str] = _CROSSWALK["statuses"]
_UNITS: Sequence[str] = _CROSSWALK["units"]
_RATE = re.compile(r"\bper\s+[\d(]|\brates?\b|\bper\s?cent|%|\bproportion\b|\bshare\b", re.I)
_COUNT = re.compile(r"\b(?:victims?|persons?|people|number)\b", re.I)
_OTHER = re.compile(
    r"\b(?:suspect|prosecut|convict|arrest|investigat|offen[cs]|cases?\b|perpetrat|traffickers?\b)",
    re.I,
)
_STATUS = re.compile(r"\b(?:registered|identified|presumed|detected)\b", re.I)


def recognise(file: InputFile) -> str:
    """Return the feature that identifies such a table; empty for other files."""
    lower_names = {name.strip().lower() for name in next(first_lines(file), [])}
    is_other = "statistic" in lower_names  # a table of PxStat
    if is_other or not {"year", "value"} <= lower_names or lower_names.isdisjoint(_UNITS):
        return ""
    is_about = re.search("traffick", file.head, re.I) and re.search(
        "victim|trafficked", file.head, re.I
    )
    return "it has the columns Year and Value, and contains trafficking" if is_about else ""


def read(path: FilePath, **options: Any) -> Reading:
    """Read the counts of a national table of SDG 16.2.2.

    Own nationals are ``reporting_country``.
    """
    request = FORMAT.request(path, options)
    ledger = read_delimited(request.file)
    declared = request.declared()
    home = ""  # the country of the table, unless a column contains it
    if "area" not in declared.columns.values():
        if "area" not in declared.constants:
            raise InvalidValue(
                "must be passed, because the file does not contain the country",
                field="area",
                hint="Pass the country, such as area='MT'",
            )
        area = Area.parse(str(declared.constants["area"]))
        home = min(area.countries) if len(area.countries) == 1 else area.code
    known = [*declared.columns, *declared.ignored]
    names = [str(name) for name in ledger.raw.columns if name not in known]
    units = [name for name in names if name.lower() in _UNITS]
    columns = {name: COLUMNS[name.lower()] for name in names if name.lower() in COLUMNS}
    multipliers = [name for name in names if name.lower() == "unit multiplier"]
    others = [name for name in names if name not in (*columns, *units, *multipliers)]
    if units or not request.declare:
        _reject_rates(ledger, units)
    if declared.kind in (None, "victims"):
        for name in units:
            ledger.reject_texts(
                "NO_COUNT.series", ledger.column(name), lambda text: bool(_OTHER.search(text))
            )
    for name in others:
        ledger.reject_texts("UNDECLARED", ledger.column(name), lambda text: bool(text.strip()))
    for name in multipliers:
        ledger.reject_texts(
            "NO_UNIT.multiple",
            ledger.column(name),
            lambda text: text.strip().lower() not in {"", "units"},
        )
    recode = _recode(ledger, columns, home)
    age = schema_of("victims")["age"]
    texts_of = {name: ledger.column(name).compact().categories for name in columns}
    bands = {
        name: whole_bands([text.strip() for text in texts_of[name]], age)
        for name, target in columns.items()
        if target == "age"
    }
    own = Declaration(
        kind="victims",
        columns=columns,
        recode={name: {**texts, **bands.get(name, {})} for name, texts in recode.items()},
        constants={"status": _status(ledger, units, declared), "unit": "persons"},
        ignored=[*units, *multipliers, *others],
        added={name: list(texts) for name, texts in bands.items() if texts},
    )
    source = Source(title="SDG 16.2.2 national data")
    return request.tabulate(ledger, declared.with_defaults(own), source)


def _reject_rates(ledger: Ledger, names: Sequence[str]) -> None:
    """Reject rows that are not numbers of victims, by unit."""
    if not names:
        raise InvalidFile(
            "must be a column, to distinguish counts from rates",
            field=_UNITS[0],
            hint="If the values are counts, pass format='tidy' and declare=Declaration(...)",
        )
    counted = np.zeros(len(ledger.lines), dtype=np.bool_)
    for name in names:
        column = ledger.column(name)
        counted |= column.where(lambda text: bool(_COUNT.search(text)))
        ledger.reject_texts("NO_COUNT.sdg", column, lambda text: bool(_RATE.search(text)))
    ledger.reject("NO_UNIT", ~counted & ledger.is_used, column=names[-1])


def _status(ledger: Ledger, names: Sequence[str], declared: Declaration) -> str:
    """Return the status of the victims; reject the rows of other series with another one."""
    columns = [ledger.column(name) for name in names]
    words = {
        text: match[0].lower()
        for column in columns
        for text in column.compact().categories
        if (match := _STATUS.search(text))
    }
    statuses = {*words.values()}
    default = min(statuses) if len(statuses) == 1 else "detected"
    status = str(declared.constants.get("status", default))
    is_mixed = len(statuses) > 1 and "status" not in declared.columns.values()
    for column in columns if is_mixed else ():
        ledger.reject_texts(
            "NO_COUNT.status", column, lambda text: words.get(text, status) != status
        )
    return status


def _recode(ledger: Ledger, columns: Mapping[str, str], home: str) -> dict[str, dict[str, str]]:
    """Return the recoding of blanks, own nationals and observation statuses."""
    recode: dict[str, dict[str, str]] = {}
    for name, target in columns.items():
        if target == "flags":
            texts = [text.strip() for text in ledger.column(name).categories]
            recode[name] = {t: _STATUSES[t.lower()] for t in texts if t.lower() in _STATUSES}
        if target in _CROSSWALK["blank_is_total"]:
            column = ledger.column(name)
            recode[name] = {"": "total"}
            if (column.where(lambda text: not text.strip()) & ledger.is_used).any():
                ledger.note(f"A blank in {name!r} is the total")
            if target == "citizenship":
                for text in column.categories:
                    if citizenships().get(plain(text)) == (home,):
                        recode[name][text.strip()] = "reporting_country"
    return recode


FORMAT = Format.named("sdg", recognise, read)
