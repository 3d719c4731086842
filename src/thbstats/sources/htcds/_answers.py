"""The answers in a file with the fields of HTCDS, in our words."""

import re
from collections.abc import Callable, Mapping

from thbstats.errors import InvalidFile, ThbstatsError, UnknownName
from thbstats.exchange import Ledger, Words
from thbstats.exchange.cases.answers import Lists, Truth, codes, either, squashed, tell_items
from thbstats.exchange.cases.frames import year
from thbstats.geography import parse_citizenship
from thbstats.sources.htcds._crosswalk import LISTED, NO_VICTIM, SEXES, STATUSES, field_name
from thbstats.vocabulary import AgeGroup

__all__ = ["citizenships", "fields_of", "forms_of", "set_no_victims_aside", "single_answers"]


def fields_of(words: Mapping[str, Words]) -> dict[str, Words]:
    """Return the columns of a file by the field of HTCDS that each is."""
    found: dict[str, Words] = {}
    for name, column in words.items():
        key = field_name(name)
        if key in found:
            raise InvalidFile(
                "two columns are one field of HTCDS",
                row="line 1",
                field=name,
                hint=f"Leave out one of {found[key].column!r} and {name!r}",
            )
        found[key] = column
    return found


def set_no_victims_aside(ledger: Ledger, fields: Mapping[str, Words]) -> None:
    """Set rows aside that are no victims: a second heading, and who was found to be none."""
    gender = fields["gender"]
    # The spreadsheets of the standard have a line of labels below that of names.
    heading = [place for place, word in enumerate(gender.words) if squashed(word) == "gender"]
    ledger.aside(
        "HEADING",
        gender.among(heading),
        what="a second line of headings",
        hint="Nothing is lost: it is no person",
    )
    if "traffickingstatus" in fields:
        status = fields["traffickingstatus"]
        none = [place for place, word in enumerate(status.words) if squashed(word) == NO_VICTIM]
        ledger.aside(
            "NO_VICTIM",
            status.among(none) & ledger.kept,
            column=status.column,
            what="a person found not to be a victim of trafficking",
            hint="Nothing is lost: no count of victims includes them",
        )


def single_answers(ledger: Ledger, fields: Mapping[str, Words]) -> dict[str, Words]:
    """Return the dimensions with one answer, in our codes."""
    found: dict[str, Words] = {}
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
    ledger: Ledger, fields: Mapping[str, Words]
) -> tuple[dict[str, Truth], dict[str, str]]:
    """Return the answers by form, and the column that asks for each."""
    answers: dict[str, list[Truth]] = {}
    asked: dict[str, str] = {}
    for field, known in LISTED.items():
        if field not in fields:
            continue
        lists = Lists.of(fields[field])
        strange = [item for item in lists.places if item not in known]
        tell_items(ledger, lists, strange)
        lists = lists.doubting(strange)
        items: dict[str, list[str]] = {}
        for item, forms in known.items():
            for form in forms:
                items.setdefault(form, []).append(item)
        for form, meaning in items.items():
            answers.setdefault(form, []).append(lists.hold(*meaning))
            asked.setdefault(form, fields[field].column)
    return {form: either(found) for form, found in answers.items()}, asked


def citizenships(
    ledger: Ledger, fields: Mapping[str, Words], columns: dict[str, Words]
) -> dict[str, dict[str, Truth]]:
    """Read citizenships into a column, or into one for each country where somebody has several."""
    words = fields.get("citizenship", fields.get("nationality"))
    if words is None:
        return {}
    lists = Lists.of(words)
    if max((len(word.split(";")) for word in words.words), default=0) < 2:
        columns["citizenship"] = codes(ledger, words, _citizenship)
        return {}
    items: dict[str, list[str]] = {}
    strange = []
    for item, text in lists.texts.items():
        try:
            items.setdefault(_citizenship(text), []).append(item)
        except ThbstatsError:
            strange.append(item)
    tell_items(ledger, lists, strange)
    lists = lists.doubting(strange)
    ledger.note("Some persons have several citizenships: each counts them, and the sum is more")
    return {"citizenship": {code: lists.hold(*found) for code, found in sorted(items.items())}}


def _citizenship(text: str) -> str:
    return str(parse_citizenship(text))
