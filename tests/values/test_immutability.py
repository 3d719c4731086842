"""Values are immutable, and survive copying and pickling."""

import copy
import pickle

import pytest
from attrs import fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from thbstats.testing import strategies as own

STRATEGIES = (own.areas, own.counts, own.intervals, own.percents, own.periods, own.sources)


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(data=st.data())
def test_a_value_is_immutable_and_survives_copying_and_pickling(strategy, data):
    value = data.draw(strategy())
    for other in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert other == value
        assert hash(other) == hash(value)
    for field in fields(type(value)):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
