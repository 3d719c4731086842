"""Counts of victims and justice of COM(2018) 777, as the bundled publication has them.

Tests of indicators, panels and tables use them without the package of publications; a test of
publications holds them against it.
"""

from datetime import date
from typing import Any

from thbstats import Count, CountTable, Dataset, Reason, Source
from thbstats.records import schema_of

_SOURCES = {
    section: Source(
        title="Second progress report on trafficking in human beings",
        publisher="European Commission",
        document="COM(2018) 777 final",
        section=section,
        url="https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52018DC0777",
        published=date(2018, 12, 3),
        kind="primary",
    )
    for section in ("II", "II.1", "III.2")
}


def _table(kind: str, rows: list[tuple[dict[str, Any], str]], **common: str) -> CountTable:
    schema = schema_of(kind)
    records = [
        schema.record(
            **row,
            **common,
            area="EU28",
            period="2015-2016",
            source=[_SOURCES[section] for section in sections.split()],
        )
        for row, sections in rows
    ]
    return CountTable.from_records(records)


VICTIMS = _table(
    "victims",
    [
        ({"exploitation": "total", "count": 20_532}, "II"),
        ({"exploitation": "sexual", "count": 9_759}, "II.1"),
        (
            {"exploitation": "unknown", "count": Count(2_949, 3_259, reason=Reason.ROUNDED)},
            "II II.1",
        ),
    ],
    status="registered",
)

JUSTICE = _table(
    "justice",
    [
        ({"stage": "prosecuted", "unit": "prosecutions", "count": 5_979}, "II III.2"),
        ({"stage": "convicted", "unit": "convictions", "count": 2_927}, "II III.2"),
        ({"stage": "suspected", "unit": "persons", "count": 7_503}, "II"),
    ],
    offence="trafficking",
)

DATA = Dataset(victims=VICTIMS, justice=JUSTICE)
