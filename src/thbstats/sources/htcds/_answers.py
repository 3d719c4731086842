"""Answers in HTCDS files."""

import re
from collections.abc import Callable, Mapping

from thbstats.errors import InvalidFile, ThbstatsError, UnknownName
from thbstats.exchange import FileColumn, Ledger
from thbstats.exchange.cases.answers import (
    Lists,
    Truth,
    either,
    flag_items,
    parse_answers,
    squashed,
)
from thbstats.exchange.cases.frames import year
from thbstats.geography import parse_citizenship
from thbstats.sources.htcds._crosswalk import LISTED, NO_VICTIM, SEXES, STATUSES, field_name
from thbstats.vocabulary import AgeGroup

__all__ = ["citizenships", "fields_of", "forms_of", "reject_non_victims", "single_answers"]


def fields_of(columns: Mapping[str, FileColumn]) -> dict[str, FileColumn]:
    """Return the columns of a file by HTCDS field."""
    result: dict[str, FileColumn] = {}
    for name, column in columns.items():
        key = field_name(name)
        if key in result:
            raise InvalidFile(
                "must be the only column of its HTCDS field",
                row="line 1",
                field=name,
                hint=f"Remove {result[key].name!r} or {name!r}",
            )
        result[key] = column
    return result


def reject_non_victims(ledger: Ledger, fields: Mapping[str, FileColumn]) -> None:
    """Reject a second header and persons found not to be victims."""
    gender = fields["gender"]
    # Spreadsheets of the standard have labels in the second line.
    heading = [index for index, text in enumerate(gender.values) if squashed(text) == "gender"]
    ledger.reject(
        "HEADING",
        gender.isin(heading),
        message="a second header",
        hint="No action needed",
    )
    if "traffickingstatus" in fields:
        status = fields["traffickingstatus"]
        not_victims = [
            index for index, text in enumerate(status.values) if squashed(text) == NO_VICTIM
        ]
        ledger.reject(
            "NO_VICTIM",
            status.isin(not_victims) & ledger.is_used,
            column=status.name,
            message="a person found not to be a victim of trafficking",
            hint="No action needed",
        )


def single_answers(ledger: Ledger, fields: Mapping[str, FileColumn]) -> dict[str, FileColumn]:
    """Return the dimensions with one answer, in category codes."""
    result: dict[str, FileColumn] = {}
    if "incomingreferraldate" in fields:
        result["period"] = parse_answers(ledger, fields["incomingreferraldate"], _year, None)
    if "traffickingstatus" in fields:
        result["status"] = parse_answers(
            ledger, fields["traffickingstatus"], _parser("status", STATUSES), None
        )
    result["sex"] = parse_answers(ledger, fields["gender"], _parser("sex", SEXES))
    if "agewhentrafficked" in fields:
        result["age"] = parse_answers(ledger, fields["agewhentrafficked"], _age)
    return result


def _parser(name: str, known: Mapping[str, str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if squashed(text) not in known:
            raise UnknownName("must be a value of HTCDS", field=name, value=text)
        return known[squashed(text)]

    return parse


def _year(text: str) -> str:
    """Return the year of a date such as "2024-03-05", or of a year."""
    result = re.fullmatch(r"(\d{4})(?:-\d\d-\d\d.*)?", text)
    return year(result[1] if result else text)


def _age(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(?:\.0)?", text):
        raise UnknownName("must be an age in years", field="age", value=text)
    return (AgeGroup.CHILD if float(text) < 18 else AgeGroup.ADULT).value


def forms_of(
    ledger: Ledger, fields: Mapping[str, FileColumn]
) -> tuple[dict[str, Truth], dict[str, str]]:
    """Return the answers by form, and the column of each form."""
    answers: dict[str, list[Truth]] = {}
    column_of_form: dict[str, str] = {}
    for field, known in LISTED.items():
        if field not in fields:
            continue
        lists = Lists.from_column(fields[field])
        unmapped = [item for item in lists.codes if item not in known]
        flag_items(ledger, lists, unmapped)
        lists = lists.with_unmapped(unmapped)
        items: dict[str, list[str]] = {}
        for item, forms in known.items():
            for form in forms:
                items.setdefault(form, []).append(item)
        for form, meaning in items.items():
            answers.setdefault(form, []).append(lists.contains(*meaning))
            column_of_form.setdefault(form, fields[field].name)
    return {form: either(result) for form, result in answers.items()}, column_of_form


def citizenships(
    ledger: Ledger, fields: Mapping[str, FileColumn], columns: dict[str, FileColumn]
) -> dict[str, dict[str, Truth]]:
    """Return citizenships with multiple response, or add one column."""
    column = fields.get("citizenship", fields.get("nationality"))
    if column is None:
        return {}
    lists = Lists.from_column(column)
    if max((len(word.split(";")) for word in column.values), default=0) < 2:
        columns["citizenship"] = parse_answers(ledger, column, _citizenship)
        return {}
    items: dict[str, list[str]] = {}
    unmapped = []
    for item, text in lists.spellings.items():
        try:
            items.setdefault(_citizenship(text), []).append(item)
        except ThbstatsError:
            unmapped.append(item)
    flag_items(ledger, lists, unmapped)
    lists = lists.with_unmapped(unmapped)
    ledger.note("Some persons have several citizenships and are counted for each of them")
    return {
        "citizenship": {code: lists.contains(*result) for code, result in sorted(items.items())}
    }


def _citizenship(text: str) -> str:
    return str(parse_citizenship(text))
