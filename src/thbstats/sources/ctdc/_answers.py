"""The answers in a file of CTDC, in our words."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from thbstats.exchange import Ledger, Words
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


def single_answers(ledger: Ledger, words: Mapping[str, Words], moment: str) -> dict[str, Words]:
    """Return the dimensions with one answer, in our codes."""
    found = {"period": codes(ledger, words["yearOfRegistration"], year, None)}
    if "CountryOfExploitation" in words:
        found["area"] = codes(ledger, words["CountryOfExploitation"], parse_country, None)
    found["sex"] = codes(ledger, words["gender"], sex)
    age = _ages(ledger, words, moment)
    if age is not None:
        found["age"] = age
    found["citizenship"] = codes(ledger, words["citizenship"], citizenship)
    return found


def _ages(ledger: Ledger, words: Mapping[str, Words], moment: str) -> Words | None:
    """Return child or adult at a moment; ages in years are those at registration."""
    column = AGES.get(moment, "")
    said = codes(ledger, words[column], age_group) if column in words else None
    if moment != "at_registration":
        return said
    broad = codes(ledger, words["ageBroad"], age_group)
    if said is None:
        return broad
    differ = _is(said, "child") & _is(broad, "adult") | _is(said, "adult") & _is(broad, "child")
    ledger.odd(
        "AGES_DIFFER",
        differ & ledger.kept,
        column="ageBroad",
        what=f"years that contradict {column}, which is used",
        hint="One of the two is wrong: ask the publisher",
    )
    known = said.replaced([None if word == "unknown" else word for word in said.words])
    settled = known.over(broad).over(said)
    return settled.replaced(settled.words)


def _is(words: Words, code: str) -> NDArray[np.bool_]:
    return words.among([place for place, word in enumerate(words.words) if word == code])


def forms_of(
    ledger: Ledger, words: Mapping[str, Words]
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
