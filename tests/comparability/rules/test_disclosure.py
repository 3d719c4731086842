from attrs import evolve

from tests.comparability.numbers import count, judged
from thbstats.comparability.rules.disclosure import RULES
from thbstats.results import Hidden, Result
from thbstats.values import Interval

FEW = Hidden(cells=1, areas=frozenset({"FR"}), counts=Interval(0, 4))


def hiding(hidden: Hidden | None) -> Result:
    number = count(3)
    return evolve(number, context=evolve(number.context, hidden=hidden))


def test_what_stays_as_its_source_has_it_holds() -> None:
    assert judged(RULES, hiding(None)) is None
    assert judged(RULES, hiding(FEW)) is None


def test_a_narrowed_count_blocks_with_what_its_source_has() -> None:
    found = judged(RULES, hiding(evolve(FEW, narrowed=True)))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("DISCLOSURE", "fails", "blocking")
    assert dict(found.evidence) == {"hidden in": "FR", "as its source has it": "0..4"}
    assert "Do not publish" in found.mend
