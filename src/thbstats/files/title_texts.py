"""Area, period and categories of a draft from its title, and periods with several readings."""

import re
from collections.abc import Mapping
from typing import Any

from thbstats.files.declaration_draft import DeclarationDraft, codes_of, examples_of
from thbstats.files.headers import split_period
from thbstats.files.reference_periods import (
    is_fiscal,
    period_of_date,
    period_readings,
    readings_by_text,
)
from thbstats.files.text_contents import category_in, country_in, periods_in
from thbstats.files.words import EXCLUDED, FISCAL_YEARS, LAST_AGE, ages_in
from thbstats.vocabulary.bands import AGE_LIMIT

_WHOLE = ((0, AGE_LIMIT - 1), (AGE_LIMIT, LAST_AGE))  # ages of children, and of adults


def plain_title(text: str) -> str:
    """Return a title with spaces between its words, and the signs that are part of a period.

    Examples
    --------
    >>> plain_title("victims_2020_21.csv"), plain_title("1. Halbjahr 2020"), plain_title("12.2020")
    ('victims 2020-21 csv', '1 Halbjahr 2020', '12.2020')
    """
    text = re.sub(r"(?<=\d)_(?=\d)|\u2013", "-", text)
    text = re.sub(r"(?<!\d)(\d\d?)\.\s+(?=[^\W\d])", r"\1 ", text)
    return re.sub(r"_|\.(?!\d)|(?<!\d)\.", " ", text)


def place_texts_of_title(draft: DeclarationDraft) -> None:
    """Find area, period and categories in the title, and ask about what is missing."""
    where = "is in the title, in a column, or in the name of the file"
    if "area" not in draft.targets and (area := country_in(draft.title)):
        draft.add("constants", {"area": area[1]}, f"{area[0]!r} {where}", "area")
    periods = periods_in(plain_title(draft.title))
    if "period" not in draft.targets and len(periods) == 1:
        period = str(period_readings(periods[0])[0][1])
        draft.add("constants", {"period": period}, f"{periods[0]!r} {where}", "period")
    for item in draft.open_dimensions:
        if item.name in ("age", "exploitation"):
            category, phrase = category_in(draft.title, item)
            cells = draft.title.split(";")
            cell = next((own for own in cells if all(w in own for w in phrase.split())), "")
            excluded = EXCLUDED.search(cell or draft.title)
            if (ages_in(phrase) or _WHOLE[0]) not in _WHOLE:
                # Persons under 16 are children, and not all of them.
                own = {"constants": {item.name: category}}
                draft.ask(f"{phrase!r} {where}: it is a part of an age group", own)
            elif category and excluded:
                options = ({"constants": {item.name: own}} for own in (category, item.total))
                problem = f"{phrase!r} {where} with {excluded[0]!r}: it can be excluded"
                draft.ask(problem, *options)
            elif category:
                draft.add("constants", {item.name: category}, f"{phrase!r} {where}", item.name)
        if item.name in ("age", "sex") and item.name not in draft.targets:
            # One word can also be part of a name, such as that of a ministry.
            category, word = category_in(draft.title, item, (1,))
            options = ({"constants": {item.name: own}} for own in (category, item.total))
            if category:
                draft.ask(f"{word!r} {where}: it can apply to all rows", *options)
    for name, item in draft.dimensions.items():
        if item.default is None and name not in draft.targets:
            of_title = f"; the title has {examples_of(periods)}" if periods else ""
            further = of_title if name == "period" else codes_of(item)
            problem = f"no column contains the {name}{further}"
            draft.ask(problem, {"constants": {name: "..."}}, {"columns": {"...": name}})


def place_periods(draft: DeclarationDraft) -> None:
    """Declare the fiscal years of the area, or ask about periods with several readings."""
    periods = {
        name: draft.column(name).categories
        for name, target in draft.declared.columns.items()
        if target == "period"
    }
    for row, content in enumerate(draft.declared.unpivot):
        if content.startswith("period"):
            headers = [own[row] for own in draft.ledger.headers.values() if row < len(own)]
            periods[f"header {row + 1}"] = tuple(split_period(text)[0] for text in headers)
    month = FISCAL_YEARS.get(str(draft.declared.constants.get("area", "")))
    for name, texts in periods.items():
        for part in ("year", "half-year", "quarter", "month"):
            if texts and all(period_of_date(text, part) not in (None, text) for text in texts):
                draft.ask(
                    f"{texts[0]!r} can be a day, or the first or last day of a {part}",
                    *({"dates": own} for own in (part, "day")),
                )
                break
        several = {text: own for text, own in readings_by_text(texts).items() if len(own) > 1}
        if not several or draft.declared.fiscal_year:
            continue
        unclear, own = next(iter(several.items()))
        if month and is_fiscal(own):
            reason = f"fiscal years of this area start in month {month}, such as {unclear!r}"
            draft.add("fiscal_year", month, reason)
            continue
        readings = [str(period) for _, period in own]
        options = [{"recode": {name: {unclear: reading}}} for reading in readings]
        fiscal: list[Mapping[str, Any]] = [{"fiscal_year": 4}] * is_fiscal(own)
        draft.ask(f"{unclear!r} can be {' or '.join(readings)}", *fiscal, *options)
