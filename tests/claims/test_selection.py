import pickle

import pytest

from tests.rows import check_rows
from thbstats.claims.selection import CategoryCodes
from thbstats.errors import InvalidValue, UnknownName


def test_selection_is_a_mapping_of_codes_in_any_order():
    first = CategoryCodes({"sex": "F", "age": "child"})
    assert first == {"age": "child", "sex": "female"}
    assert CategoryCodes({"sex": "F"}) != {"sex": "male"}
    assert len({first, CategoryCodes({"age": "child", "sex": "female"})}) == 1
    assert not CategoryCodes()
    assert repr(CategoryCodes({"sex": "female"})) == "CategoryCodes({'sex': 'female'})"
    assert CategoryCodes({"citizenship": "Nigeria"})["citizenship"] == "NG"
    assert CategoryCodes({"citizenship": "non-EU citizens"})["citizenship"] == "non_eu"


def test_inclusion_needs_every_code():
    women = CategoryCodes({"sex": "female", "exploitation": "sexual"})
    assert women.includes({"sex": "female"})
    assert women.includes(CategoryCodes())
    assert not women.includes({"sex": "female", "age": "child"})
    assert not women.includes({"sex": "male"})


def test_selection_survives_pickling():
    women = CategoryCodes({"sex": "female"})
    assert pickle.loads(pickle.dumps(women)) == women


def test_error_names_unknown_dimension_or_code():
    def check(codes, error, message):
        with pytest.raises(error, match=message):
            CategoryCodes(codes)

    rows = [
        ({"gender": "female"}, UnknownName, "must be a known dimension.*'sex'"),
        ({"exploitation": "labur"}, UnknownName, "`exploitation`.*'labour'"),
        ({"citizenship": "Atlantis"}, UnknownName, "`citizenship`"),
        ({"sex": 1}, InvalidValue, "`sex`"),
        ({"topic": "Working papers"}, InvalidValue, "`topic`.*underscores"),
        ({"area": "EU27"}, UnknownName, "`area`.*EU27_2020"),
    ]
    check_rows(check, rows)
