import warnings
from collections.abc import Iterable

import pytest

from tests.comparability.numbers import column, count, share
from thbstats.comparability import ThbstatsWarning, assess, compare, emit
from thbstats.results import ComparabilityWarning, Comparison, Result, Results

NUMBER = assess(share(8, 10))
PAIR = compare(NUMBER, assess(count(5)))


def emitted(source: Result | Results | Comparison | Iterable[ComparabilityWarning]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        emit(source)
    assert {warning.category for warning in caught} <= {ThbstatsWarning}
    assert {warning.filename for warning in caught} <= {__file__}
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize("source", [NUMBER, assess(column(share(8, 10))), PAIR])
def test_what_a_result_carries_becomes_python_warnings_at_the_line_that_asks(
    source: Result | Results | Comparison,
) -> None:
    assert emitted(source) == [str(warning) for warning in source.warnings]
    assert "SMALL (caution): the base is 10: one case is 10.0 % of it" in emitted(source)


def test_only_the_chosen_warnings_are_emitted() -> None:
    assert len(emitted(NUMBER.warnings.of("SMALL"))) == 1
    assert emitted([]) == []


def test_the_warnings_can_be_filtered_as_a_class_of_user_warnings() -> None:
    assert issubclass(ThbstatsWarning, UserWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ThbstatsWarning)
        with pytest.raises(ThbstatsWarning, match="SMALL"):
            emit(NUMBER.warnings.of("SMALL"))


def test_nothing_but_emit_raises_a_python_warning() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = compare(assess(share(0, 0, unknown=None)), assess(share(8, 10)))
        for text in (repr(found), str(found), found.explain(), found.to_markdown()):
            assert text
        assert found.to_dict()
        assert len(found.to_frame()) == 1
    assert caught == []
