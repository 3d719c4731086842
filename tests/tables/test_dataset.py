import pickle

import pytest
from hypothesis import given

from tests.strategies import tables
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable, Dataset


def test_a_dataset_has_one_table_of_each_kind() -> None:
    victims = CountTable.from_rows([{"value": 1}], kind="victims", area="UK", period=2015)
    data = Dataset(victims=victims)
    assert data.victims == victims
    assert data.justice is None
    assert list(data.tables()) == [victims]
    assert list(Dataset().tables()) == []


@pytest.mark.parametrize("table", [CountTable.from_rows([], kind="victims"), "victims"])
def test_a_table_of_another_kind_raises(table: CountTable) -> None:
    with pytest.raises(InvalidValue, match="kind='justice'") as caught:
        Dataset(justice=table)
    assert caught.value.field == "justice"


@given(tables())
def test_a_table_pickles_to_itself(table: CountTable) -> None:
    assert pickle.loads(pickle.dumps(table)) == table
