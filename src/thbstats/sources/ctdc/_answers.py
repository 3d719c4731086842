"""Answers in CTDC files."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from thbstats.exchange import FileColumn, Ledger
from thbstats.exchange.cases.answers import Truth, either, parse_answers, yes_or_no
from thbstats.exchange.cases.frames import year
from thbstats.geography import parse_country
from thbstats.sources.ctdc._crosswalk import (
    AGES,
    FORMS,
    OTHERS,
    age_group,
    citizenship,
    is_answered,
    renamed,
    sex,
)

__all__ = ["forms_of", "single_answers"]


def single_answers(
    ledger: Ledger, columns: Mapping[str, FileColumn], moment: str
) -> dict[str, FileColumn]:
    """Return the dimensions with one answer, in category codes."""
    result = {"period": parse_answers(ledger, columns["yearOfRegistration"], year, None)}
    if "CountryOfExploitation" in columns:
        result["area"] = parse_answers(
            ledger, columns["CountryOfExploitation"], parse_country, None
        )
    result["sex"] = parse_answers(ledger, columns["gender"], sex)
    age = _ages(ledger, columns, moment)
    if age is not None:
        result["age"] = age
    result["citizenship"] = parse_answers(ledger, columns["citizenship"], citizenship)
    return result


def _ages(ledger: Ledger, columns: Mapping[str, FileColumn], moment: str) -> FileColumn | None:
    """Return child or adult at a moment; ages in years are those at registration."""
    column = AGES.get(moment, "")
    declared = parse_answers(ledger, columns[column], age_group) if column in columns else None
    if moment != "at_registration":
        return declared
    broad = parse_answers(ledger, columns["ageBroad"], age_group)
    if declared is None:
        return broad
    differ = _is(declared, "child") & _is(broad, "adult") | _is(declared, "adult") & _is(
        broad, "child"
    )
    ledger.flag(
        "AGES_DIFFER",
        differ & ledger.is_used,
        column="ageBroad",
        message=f"ages that contradict {column}; {column} is used",
        hint="Ask the publisher which age is correct",
    )
    known = declared.with_values([None if text == "unknown" else text for text in declared.values])
    merged = known.fill_missing(broad).fill_missing(declared)
    return merged.with_values(merged.values)


def _is(column: FileColumn, code: str) -> NDArray[np.bool_]:
    return column.isin([index for index, text in enumerate(column.values) if text == code])


def forms_of(
    ledger: Ledger, columns: Mapping[str, FileColumn]
) -> tuple[dict[str, Truth], dict[str, str], dict[str, Truth]]:
    """Return the answers by column, the column of each form, and answers by form."""
    answers = {
        renamed(name): yes_or_no(ledger, column)
        for name, column in columns.items()
        if is_answered(renamed(name))
    }
    other = "other_other" if any(name in answers for name in OTHERS) else "other"
    form_of = {**FORMS, "isOtherExploit": other}
    by_form: dict[str, list[str]] = {}
    for name in answers:
        if name in form_of:
            by_form.setdefault(form_of[name], []).append(name)
    forms = {form: either(answers[name] for name in names) for form, names in by_form.items()}
    return answers, {form: names[0] for form, names in by_form.items()}, forms
