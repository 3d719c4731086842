"""Downloads of SDG indicator 16.2.2 (detected victims) from the United Nations' SDG database.

A row is an observation of one series, area and year, with dimensions in brackets such as
``[Sex]``. A series is all detected victims or one form of exploitation; a series with a final R is
its rate per 100,000 population.
"""

import re
from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading
from thbstats.records import Source
from thbstats.sources._formats import FilePath, Format, crosswalk
from thbstats.values import Percent, Reason

__all__ = ["FORMAT", "read", "recognise"]

CROSSWALK = crosswalk("un_sdg")
SERIES: dict[str, str] = CROSSWALK["series"]
COLUMNS: dict[str, str] = CROSSWALK["columns"]

_SERIES, _VALUE = "SeriesCode", "Value"
_WHOLE = re.compile(r"\s*([0-9]{1,16})(?:\.0*)?\s*")
_KEY = ("GeoAreaName", "TimePeriod", "[Sex]", "[Age]")


def recognise(file: InputFile) -> str:
    """Return the feature that identifies such a file; empty for other files."""
    required = CROSSWALK["required"]
    has_columns = set(required) <= set(next(first_lines(file), []))
    return f"it has the columns {', '.join(required)}" if has_columns else ""


def read(path: FilePath, **options: Any) -> Reading:
    """Read the counts of a download from the United Nations' SDG database.

    A published rate and its count imply a population. The counts of an area and year whose
    populations differ have the problem ``RATE_DIFFERS``.
    """
    request = FORMAT.request(path, options)
    ledger = read_delimited(request.file)
    names = set(map(str, ledger.raw.columns))
    if absent := [name for name in CROSSWALK["required"] if name not in names]:
        raise InvalidFile(
            "must be a column of the file",
            row="line 1",
            field=absent[0],
            hint="Download the series as CSV from the SDG database, or declare another format",
        )
    _flag_rates_that_differ(ledger)
    ledger.reject_texts(
        "NO_COUNT.rate",
        ledger.column(_SERIES),
        lambda text: text.strip() in {f"{series}R" for series in SERIES},
    )
    ledger.reject_texts(
        "NO_COUNT.series", ledger.column(_SERIES), lambda text: text.strip() not in SERIES
    )
    own = Declaration(
        kind="victims",
        columns={name: target for name, target in COLUMNS.items() if name in names},
        recode={
            name: texts
            for name, texts in {_SERIES: SERIES, **CROSSWALK["recode"]}.items()
            if name in names
        },
        constants={"status": "detected", "unit": "persons"},
        ignored=[name for name in CROSSWALK["ignored"] if name in names],
        missing={"NaN": Reason.NOT_REPORTED},
    )
    source = Source(title="Global SDG Indicators Database", publisher="United Nations")
    return request.tabulate(ledger, request.declared().with_defaults(own), source)


def _flag_rates_that_differ(ledger: Ledger) -> None:
    """Flag the counts of an area and year whose rates imply different populations.

    A count n and a rate r that is rounded to d decimals imply a population, in units of 100,000,
    from n / (r + 0.5 / 10**d) to n / (r - 0.5 / 10**d).
    """
    columns = [ledger.column(name) for name in _KEY if name in ledger.raw.columns]
    series, values = ledger.column(_SERIES), ledger.column(_VALUE)
    rates: dict[tuple[str, ...], str] = {}
    counts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    # A download of all indicators has mostly rows of other series.
    is_about = series.isin(series.matching(lambda text: text.strip().removesuffix("R") in SERIES))
    for row in np.flatnonzero(is_about).tolist():
        code = series.value_at(row).strip()
        key = tuple(column.value_at(row) for column in columns)
        if code in SERIES:
            counts[code, *key].append(row)
        else:
            rates[code.removesuffix("R"), *key] = values.value_at(row)
    populations: dict[tuple[str, ...], list[tuple[int, Fraction, Fraction]]] = defaultdict(list)
    for key, rows in counts.items():
        number = _WHOLE.fullmatch(values.value_at(rows[0]))
        try:
            rate = Percent(rates[key])
        except (KeyError, InvalidValue):
            continue  # no rate, or a text that is not a number
        if number and len(rows) == 1 and rate.lower > 0:
            count = Fraction(int(number[1]))
            populations[key[1:]].append((rows[0], count / rate.upper, count / rate.lower))
    different = [
        row
        for implied in populations.values()
        if max(lower for _, lower, _ in implied) > min(upper for *_, upper in implied)
        for row, *_ in implied
    ]
    ledger.flag("RATE_DIFFERS", np.array(sorted(different), dtype=np.intp), column=_VALUE)


FORMAT = Format.named("un_sdg", recognise, read)
