"""Publications of true tables over two years: no false alarm, and every error that can be found."""

from hypothesis import given

from tests.auditing.planted import is_feasible, names_every_base, planted
from tests.examples import examples
from thbstats import audit
from thbstats.testing.strategies import publications


def doubted(report):
    """Return the claims that are contradicted, or that are in a set that cannot be true."""
    return {
        item.claim.id
        for item in audit(report)
        if item.verdict == "contradicted" or (item.joint and item.joint.conflict)
    }


@given(publications(max_size=3, by_year=True))
@examples(12)
def test_no_figure_of_a_true_table_is_contradicted(printed):
    assert doubted(printed.publication) == set()


@given(planted())
@examples(16)
def test_a_wrong_figure_is_found_wherever_an_integer_program_finds_a_contradiction(case):
    result = doubted(case.report)
    if not is_feasible(case.report):
        assert case.wrong in result
    elif names_every_base(case.report):
        assert result == set()
