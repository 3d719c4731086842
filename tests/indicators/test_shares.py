"""Shares: partitions, gaps, bounds and what is refused."""


from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.indicators import strategies as made
from tests.indicators.strategies import AREA, World, completions, worlds
from thbstats import share

bases = st.sampled_from(["all", "recorded"])


def asked(world: World, base: str):
    """Return the share of the first category that has a row."""
    assume(world.listed)
    return share(world.table(), base=base, sex=world.listed[0], area=AREA)


def base_of(sums, world: World, base: str) -> int:
    return sums["total"] if base == "all" else sum(sums[code] for code in world.categories)


@given(worlds(), bases)
def test_bounds_hold_the_true_share_whatever_is_hidden(world, base):
    assume(world.listed == world.categories)
    found = asked(world, base)
    whole = world.true("total") if base == "all" else world.recorded()
    true = made.share(world.true(world.listed[0]), whole)
    assert found.bounds.undefined if true is None else found.bounds.contains(true)


@given(worlds(), bases, st.data())
def test_possible_holds_the_share_wherever_the_unknown_belong(world, base, data):
    assume(world.listed == world.categories)
    found = asked(world, base)
    joining = data.draw(st.integers(0, world.true("unknown")))
    true = made.share(world.true(world.listed[0]) + joining, world.true("total"))
    assert found.possible.undefined if true is None else found.possible.contains(true)


@settings(max_examples=60)
@given(worlds(most=2), bases)
def test_bounds_hold_every_completion_and_reach_both_ends_where_they_are_sharp(world, base):
    assume(world.listed == world.categories)
    found = asked(world, base)
    shares = {
        made.share(sums[world.listed[0]], base_of(sums, world, base)) for sums in completions(world)
    } - {None}
    assume(shares)
    assert found.bounds.lower <= min(shares)
    assert max(shares) <= found.bounds.upper
    if found.sharp:
        # Where nothing bounds a count, an end can be approached and never reached.
        far = any(count is None or count.upper is None for count in world.shown.values())
        assert found.bounds.lower == min(shares) or (far and found.bounds.lower == 0)
        assert found.bounds.upper == max(shares) or (far and found.bounds.upper == 1)
