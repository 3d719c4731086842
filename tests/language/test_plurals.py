"""Words after the number 1, in sentences on returns, lists and releases."""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.collection.return_checks import TEXTS as RETURN_TEXTS
from thbstats.collection.return_checks import Finding
from thbstats.errors import ThbstatsError
from thbstats.lists import Lists, dependence, distinct, hidden, models

PLURALS = (
    "breakdowns|cases|cells|citizens|columns|counts|decisions|figures|judgments|keys|models"
    "|patterns|periods|persons|proceedings|registrations|releases|rows|values"
)
WRONG = re.compile(
    rf"(?<![\w,.<-])(?<!to )1 (?:(?!to |of |and )\w+ )?(?:{PLURALS})\b"
    rf"|(?<![\w,.<-])(?<!to )1 (?:of [\d,]+ )?(?:\w+ )?(?:\w+ )?(?:are|have|differ|state)\b"
)
TEXTS = {
    *(
        "start",
        "label",
        "decision",
        "counted",
        "subject",
        "item",
        "labels",
        "bands",
        "plan",
        "days",
        "unit",
        "others",
        "plan",
    ),
    *("end", "day", "stage", "parts", "whole", "pattern", "period", "before", "here", "code"),
    *("file", "message", "texts", "kind", "names", "codes"),
}
NUMBERS = st.sampled_from([0, 1, 2, 1234])


def wrong(*texts: str) -> list[str]:
    """Return the plurals after 1 in texts."""
    return [match[0] for text in texts for match in WRONG.finditer(text)]


def test_plurals_after_one_are_found() -> None:
    assert wrong("1 cases have no area", "There are 1 other cells.", "1 of 8 cases have") != []
    assert wrong("1 case has", "1 of 8 cases has", "0 to 1 persons", "21 cases, 2-1 cells") == []


@examples(40)
@given(st.data())
def test_findings_agree_with_their_numbers(data: st.DataObject) -> None:
    for code, entry in RETURN_TEXTS["findings"].items():
        forms = [entry["text"]] if isinstance(entry["text"], str) else entry["text"]
        names = {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
        parts: dict[str, Any] = {
            name: ["sex"]
            if name == "labels"
            else "text"
            if name in TEXTS
            else data.draw(NUMBERS, label=name)
            for name in names - {"item", "quoted"}
        }
        if {"number", "total"} <= set(parts):  # a finding is on at least one of all
            parts["number"] += 1
            parts["total"] += parts["number"]
        assert wrong(Finding.of(code, item="text", **parts).text) == []


def texts_of_lists(lists: Lists) -> Iterator[str]:
    """Yield the texts of all results of lists."""
    yield repr(lists)
    functions: tuple[Any, ...] = (
        distinct, dependence, models, lambda own: models(own).estimate,
        lambda own: hidden(own, (0, None)), lambda own: hidden(own, (1, 1), 0.95),
        lambda own: dependence(own, persons=1),
    )  # fmt: skip
    for function in functions:
        try:
            result = function(lists)
            yield from (str(result), result.footnote(), result.estimand[0])
        except ThbstatsError as error:
            yield str(error)


@examples(40)
@given(
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.integers(0, 1),
    st.integers(0, 1),
)
def test_texts_of_lists_agree_with_their_numbers(
    counts: list[int], keyless: int, repeated: int
) -> None:
    both = dict(zip(("a", "b", ("a", "b")), counts, strict=True))
    if max(counts[0], counts[2]) and max(counts[1], counts[2]):
        keys = {"a": keyless} if keyless else {}
        lists = Lists("ab", both, complete=True, without_key=keys, repeated=repeated)
        assert wrong(*texts_of_lists(lists)) == []


@examples(40)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3), st.booleans())
def test_texts_of_releases_agree_with_their_numbers(
    figures: list[tuple[int, int]], repeated: bool
) -> None:
    def table(side: int) -> thb.CountTable:
        rows = [(2020 + n, own[side]) for n, own in enumerate(figures)]
        if repeated:
            rows.append((2019, thb.Count.conflicting([side, side + 5])))
        return thb.CountTable.from_rows(
            rows, columns=["period", "value"], kind="victims", area="MT", status="detected"
        )

    found = thb.revisions(table(0), table(1))
    both = thb.reconcile(table(0), table(1))
    for own in (found, both):
        texts = [repr(own), str(own), own.page().lead, *own.notes]
        texts += [text for row in own.patterns for text in (row.text, row.question)]
        texts += [repr(own.cells), repr(own.patterns), str(own.by_age())]
        assert wrong(*texts) == []
