import pytest

from tests.comparability.numbers import context, count, judged, share
from thbstats.comparability.rules.vintage import RULES
from thbstats.records import Source
from thbstats.results import Result


def from_(*sources: Source, period: str = "2020", **more) -> Result:
    return share(64, 100, where=context(period=period, sources=sources, **more))


def release(day: str | None, title: str = "Eurostat crim_thb", publisher: str = "Eurostat"):
    return Source(title=title, publisher=publisher, published=day)


OLD, NEW = release("2022-12-13"), release("2024-01-24")


def test_a_figure_of_one_day_holds() -> None:
    assert judged(RULES, from_(OLD)) is None
    assert judged(RULES, from_()) is None


def test_a_revised_figure_is_a_note() -> None:
    found = judged(RULES, from_(NEW, flags=frozenset("r")))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("VINTAGE", "fails", "note")
    assert found.evidence == (("flags", "r"), ("Eurostat crim_thb", "2024-01-24"))


def test_two_days_of_one_publication_in_one_number_ask_for_caution() -> None:
    found = judged(RULES, from_(OLD, NEW))
    assert found is not None
    assert found.severity == "caution"
    assert [day for _, day in found.evidence] == ["2022-12-13", "2024-01-24"]
    assert judged(RULES, from_(OLD, release("2024-01-24", "Another"))) is None


def test_numbers_of_one_day_hold() -> None:
    assert judged(RULES, from_(OLD), from_(OLD, period="2021")) is None
    assert judged(RULES, from_(OLD), count(9)) is None


def test_one_publication_as_of_two_days_asks_for_caution() -> None:
    for second in (from_(NEW), from_(NEW, period="2021"), from_(release(None))):
        found = judged(RULES, from_(OLD), second)
        assert found is not None
        assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
        assert found.message == "one number is of another day of the same publication"
        assert dict(found.evidence).keys() == {"Eurostat crim_thb"}


def test_one_quantity_printed_on_two_days_asks_for_caution() -> None:
    first, second = (
        from_(release("2022-12-13", "ddn-20221213-2")),
        from_(release("2024-01-24", "ddn-20240124-1")),
    )
    found = judged(RULES, first, second)
    assert found is not None
    assert found.message == "two figures of one quantity, published on different days"
    assert found.evidence == (("ddn-20221213-2", "2022-12-13"), ("ddn-20240124-1", "2024-01-24"))
    assert "newest" in found.mend


@pytest.mark.parametrize(
    "second",
    [
        from_(release("2024-01-24", "ddn-20240124-1"), period="2021"),
        from_(release("2024-01-24", "GLOTIP", "UNODC")),
        from_(release("2022-12-13", "ddn-20240124-1")),
    ],
    ids=["another year", "another publisher", "the same day"],
)
def test_what_is_no_second_printing_holds(second: Result) -> None:
    assert judged(RULES, from_(OLD), second) is None


def test_one_quantity_printed_on_days_that_are_not_stated_cannot_be_told() -> None:
    found = judged(RULES, from_(OLD), from_(release(None, "Another release")))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "when both figures of one quantity were published"
