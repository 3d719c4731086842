"""Questions to the whole data set of UNODC, GLOTIP of 14 April 2025.

``python -m tests.oracle.glotip [WORKBOOK]`` prints whether the rows of a panel are those of each
country alone, the women of the European Union by form, how many country-years have a value, and
three tables of country-years before and now. ``--write FILE`` writes the answers of the installed
version, and ``--before FILE`` reads those of an earlier one.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import thbstats as thb
from thbstats.errors import ThbstatsError

WORKBOOK = Path("/work/shared/data/unodc_glotip/data_glotip_2025-04-14.xlsx")
BY = ["area", "period"]
QUESTIONS: dict[str, dict[str, Any]] = {
    "girls of all": {"sex": "female", "age": "child"},
    "women and girls of sexual exploitation": {
        "sex": "female",
        "where": {"exploitation": "sexual"},
    },
    "men and boys of labour exploitation": {"sex": "male", "where": {"exploitation": "labour"}},
}
FORMS = ("sexual", "labour", "other")


def rows_of(panel: thb.Panel) -> dict[str, dict[str, Any]]:
    """Return value, bounds and status of each row, as text, by country and period."""
    rows = {}
    for i, (area, period) in enumerate(panel.names):
        row = panel.row(i)
        try:
            value, bounds, unknown = row.value, row.bounds, row.bounds_with_unknown
        except ThbstatsError:  # the number is not an interval
            value, bounds, unknown = None, None, None
            print(f"{area} {period} cannot be read", file=sys.stderr)
        rows[f"{area} {period}"] = {
            "value": str(value),
            "bounds": str(bounds),
            "with unknown": str(unknown),
            "status": row.status.code,
            "bounded": bounds is not None
            and (bounds.lower, bounds.upper) != (0, 1)
            and None not in (bounds.lower, bounds.upper),
        }
    return rows


def number_of_values(rows: Mapping[str, Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many rows have a value, and how many only bounds that are not 0 to 1."""
    values = sum(row["value"] != "None" for row in rows.values())
    bounded = sum(row["bounded"] for row in rows.values() if row["value"] == "None")
    return values, bounded


def compare_alone(
    victims: thb.CountTable, together: Mapping[str, Mapping[str, Any]]
) -> tuple[int, list[Any], list[str]]:
    """Compare the girls of each country in the file with those of the country alone.

    Returns the number of equal rows, the rows that differ, and the countries without girls.
    """
    question = QUESTIONS["girls of all"]
    same, different, without = 0, [], []
    for area in victims.categories("area"):
        try:
            alone = rows_of(thb.share(victims.where(area=area), base="all", by=BY, **question))
        except ThbstatsError:
            without.append(area)
            continue
        for key, row in alone.items():
            if row == together[key]:
                same += 1
            else:
                different.append((key, together[key], row))
    return same, different, without


def print_union(victims: thb.CountTable) -> None:
    """Print the women and girls of the Union by form, asked in two ways."""
    years = range(2017, 2023)
    place = {"area": "EU27_2020", "period": years}
    panel = thb.share(victims, sex="female", base="all", by=["period", "exploitation"], **place)
    for form in FORMS:
        within = thb.share(
            victims, sex="female", base="all", by="period", where={"exploitation": form}, **place
        )
        for i, year in enumerate(years):
            row = within.row(i)
            other = panel[year, form]
            agree = (row.value, row.bounds, row.estimand) == (
                other.value,
                other.bounds,
                other.estimand,
            )
            print(
                f"  {form:8} {year}  {row.formatted:18} {len(row.reporters or ()):2} of 27  "
                f"{_text(row.bounds):18} {'' if agree else 'DIFFERS from the row of by'}"
            )


def _text(interval: thb.Interval | None) -> str:
    if interval is None:
        return "not bounded"
    ends = [interval.lower, interval.upper]
    return " to ".join("-" if end is None else f"{float(end):.1%}" for end in ends)


def print_change(
    name: str, now: Mapping[str, Mapping[str, Any]], before: Mapping[str, Mapping[str, Any]] | None
) -> None:
    """Print the country-years of a question by status before and now."""
    values, bounded = number_of_values(now)
    print(f"{name}: {len(now)} country-years, {values} with a value, {bounded} with bounds only")
    print(f"  now {dict(Counter(map(_kind, now.values())))}")
    if before is None:
        return
    table = Counter(
        (_kind(before[key]) if key in before else "no row", _kind(row)) for key, row in now.items()
    )
    for (old, new), n in sorted(table.items()):
        print(f"  {old:24} now {new:24} {n:5}")


def _kind(row: Mapping[str, Any]) -> str:
    if row["value"] != "None":
        return "value"
    return f"{row['status']}{', bounded' if row['bounded'] else ''}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Questions to the whole GLOTIP data set.")
    parser.add_argument("workbook", nargs="?", type=Path, default=WORKBOOK)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--before", type=Path)
    options = parser.parse_args()
    victims = thb.read(options.workbook).data.victims
    answers = {}
    for name, question in QUESTIONS.items():
        start = time.perf_counter()
        panel = thb.share(victims, base="all", by=BY, **question)
        print(f"{name}: {time.perf_counter() - start:.2f} s", file=sys.stderr)
        answers[name] = rows_of(panel)
    if options.write:
        options.write.write_text(json.dumps(answers), encoding="utf-8")
        return 0
    before = json.loads(options.before.read_text(encoding="utf-8")) if options.before else {}
    for name, rows in answers.items():
        print_change(name, rows, before.get(name))
    print("women and girls of the European Union by form")
    print_union(victims)
    same, different, without = compare_alone(victims, answers["girls of all"])
    print(f"girls of all: {same} rows are the same with the country alone, {len(different)} differ")
    for key, row, other in different[:5]:
        print(f"  {key}: in the file {row}, alone {other}")
    print(f"  countries without a row of girls: {', '.join(without)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
