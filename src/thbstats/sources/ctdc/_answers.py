"""The answers in a file of CTDC, in our words."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from thbstats.exchange import Ledger, TextColumn
from thbstats.exchange.cases.answers import Truth, codes, either, truth
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
    ledger: Ledger, column: Mapping[str, TextColumn], moment: str
) -> dict[str, TextColumn]:
    """Return the dimensions with one answer, in our codes."""
    found = {"period": codes(ledger, column["yearOfRegistration"], year, None)}
    if "CountryOfExploitation" in column:
        found["area"] = codes(ledger, column["CountryOfExploitation"], parse_country, None)
    found["sex"] = codes(ledger, column["gender"], sex)
    age = _ages(ledger, column, moment)
    if age is not None:
        found["age"] = age
    found["citizenship"] = codes(ledger, column["citizenship"], citizenship)
    return found


def _ages(ledger: Ledger, words: Mapping[str, TextColumn], moment: str) -> TextColumn | None:
    """Return child or adult at a moment; ages in years are those at registration."""
    column = AGES.get(moment, "")
    declared = codes(ledger, words[column], age_group) if column in words else None
    if moment != "at_registration":
        return declared
    broad = codes(ledger, words["ageBroad"], age_group)
    if declared is None:
        return broad
    differ = _is(declared, "child") & _is(broad, "adult") | _is(declared, "adult") & _is(
        broad, "child"
    )
    ledger.flag(
        "AGES_DIFFER",
        differ & ledger.is_used,
        column="ageBroad",
        message=f"years that contradict {column}, which is used",
        hint="One of the two is wrong: ask the publisher",
    )
    known = declared.with_values([None if text == "unknown" else text for text in declared.values])
    settled = known.fill_missing(broad).fill_missing(declared)
    return settled.with_values(settled.values)


def _is(column: TextColumn, code: str) -> NDArray[np.bool_]:
    return column.isin([index for index, text in enumerate(column.values) if text == code])


def forms_of(
    ledger: Ledger, words: Mapping[str, TextColumn]
) -> tuple[dict[str, Truth], dict[str, str], dict[str, Truth]]:
    """Return the answers by column, the columns that ask for wholes, the answers by form."""
    answers = {
        renamed(name): truth(ledger, column)
        for name, column in words.items()
        if is_answered(renamed(name))
    }
    rest = "other_other" if any(name in answers for name in OTHERS) else "other"
    ours = {**FORMS, "isOtherExploit": rest}
    by_form: dict[str, list[str]] = {}
    for name in answers:
        if name in ours:
            by_form.setdefault(ours[name], []).append(name)
    forms = {form: either(answers[name] for name in names) for form, names in by_form.items()}
    return answers, {form: names[0] for form, names in by_form.items()}, forms
