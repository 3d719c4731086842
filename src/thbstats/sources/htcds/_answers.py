"""The answers in a file with the fields of HTCDS, in our words."""

import re
from collections.abc import Callable, Mapping

from thbstats.errors import InvalidFile, ThbstatsError, UnknownName
from thbstats.exchange import Ledger, TextColumn
from thbstats.exchange.cases.answers import Lists, Truth, codes, either, squashed, tell_items
from thbstats.exchange.cases.frames import year
from thbstats.geography import parse_citizenship
from thbstats.sources.htcds._crosswalk import LISTED, NO_VICTIM, SEXES, STATUSES, field_name
from thbstats.vocabulary import AgeGroup

__all__ = ["citizenships", "fields_of", "forms_of", "set_no_victims_aside", "single_answers"]


def fields_of(words: Mapping[str, TextColumn]) -> dict[str, TextColumn]:
    """Return the columns of a file by the field of HTCDS that each is."""
    found: dict[str, TextColumn] = {}
    for name, column in words.items():
        key = field_name(name)
        if key in found:
            raise InvalidFile(
                "two columns are one field of HTCDS",
                row="line 1",
                field=name,
                hint=f"Leave out one of {found[key].name!r} and {name!r}",
            )
        found[key] = column
    return found


def set_no_victims_aside(ledger: Ledger, fields: Mapping[str, TextColumn]) -> None:
    """Set rows aside that are no victims: a second heading, and who was found to be none."""
    gender = fields["gender"]
    # The spreadsheets of the standard have a line of labels below that of names.
    heading = [index for index, text in enumerate(gender.values) if squashed(text) == "gender"]
    ledger.reject(
        "HEADING",
        gender.isin(heading),
        message="a second line of headings",
        hint="Nothing is lost: it is no person",
    )
    if "traffickingstatus" in fields:
        status = fields["traffickingstatus"]
        none = [index for index, text in enumerate(status.values) if squashed(text) == NO_VICTIM]
        ledger.reject(
            "NO_VICTIM",
            status.isin(none) & ledger.is_used,
            column=status.name,
            message="a person found not to be a victim of trafficking",
            hint="Nothing is lost: no count of victims includes them",
        )


def single_answers(ledger: Ledger, fields: Mapping[str, TextColumn]) -> dict[str, TextColumn]:
    """Return the dimensions with one answer, in our codes."""
    found: dict[str, TextColumn] = {}
    if "incomingreferraldate" in fields:
        found["period"] = codes(ledger, fields["incomingreferraldate"], _year, None)
    if "traffickingstatus" in fields:
        found["status"] = codes(
            ledger, fields["traffickingstatus"], _reader("status", STATUSES), None
        )
    found["sex"] = codes(ledger, fields["gender"], _reader("sex", SEXES))
    if "agewhentrafficked" in fields:
        found["age"] = codes(ledger, fields["agewhentrafficked"], _age)
    return found


def _reader(name: str, known: Mapping[str, str]) -> Callable[[str], str]:
    def read_word(text: str) -> str:
        if squashed(text) not in known:
            raise UnknownName("no value of HTCDS", field=name, value=text)
        return known[squashed(text)]

    return read_word


def _year(text: str) -> str:
    """Return the year of a day such as "2024-03-05", or of a year."""
    found = re.fullmatch(r"(\d{4})(?:-\d\d-\d\d.*)?", text)
    return year(found[1] if found else text)


def _age(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(?:\.0)?", text):
        raise UnknownName("no age in years", field="age", value=text)
    return (AgeGroup.CHILD if float(text) < 18 else AgeGroup.ADULT).value


def forms_of(
    ledger: Ledger, fields: Mapping[str, TextColumn]
) -> tuple[dict[str, Truth], dict[str, str]]:
    """Return the answers by form, and the column that asks for each."""
    answers: dict[str, list[Truth]] = {}
    asked: dict[str, str] = {}
    for field, known in LISTED.items():
        if field not in fields:
            continue
        lists = Lists.of(fields[field])
        unmapped = [item for item in lists.places if item not in known]
        tell_items(ledger, lists, unmapped)
        lists = lists.doubting(unmapped)
        items: dict[str, list[str]] = {}
        for item, forms in known.items():
            for form in forms:
                items.setdefault(form, []).append(item)
        for form, meaning in items.items():
            answers.setdefault(form, []).append(lists.hold(*meaning))
            asked.setdefault(form, fields[field].name)
    return {form: either(found) for form, found in answers.items()}, asked


def citizenships(
    ledger: Ledger, fields: Mapping[str, TextColumn], columns: dict[str, TextColumn]
) -> dict[str, dict[str, Truth]]:
    """Read citizenships into a column, or into one for each country where somebody has several."""
    column = fields.get("citizenship", fields.get("nationality"))
    if column is None:
        return {}
    lists = Lists.of(column)
    if max((len(word.split(";")) for word in column.values), default=0) < 2:
        columns["citizenship"] = codes(ledger, column, _citizenship)
        return {}
    items: dict[str, list[str]] = {}
    unmapped = []
    for item, text in lists.texts.items():
        try:
            items.setdefault(_citizenship(text), []).append(item)
        except ThbstatsError:
            unmapped.append(item)
    tell_items(ledger, lists, unmapped)
    lists = lists.doubting(unmapped)
    ledger.note("Some persons have several citizenships: each counts them, and the sum is more")
    return {"citizenship": {code: lists.hold(*found) for code, found in sorted(items.items())}}


def _citizenship(text: str) -> str:
    return str(parse_citizenship(text))
