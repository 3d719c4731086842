import pickle

import pytest

from thbstats.claims.selection import DIMENSIONS, CategoryCodes
from thbstats.errors import InvalidValue, UnknownName


def test_selection_equals_the_mapping_of_its_codes_in_any_order():
    assert CategoryCodes({"sex": "F", "age": "child"}) == {"age": "child", "sex": "female"}
    assert CategoryCodes({"sex": "F", "age": "child"}) == CategoryCodes(
        {"age": "child", "sex": "female"}
    )
    assert CategoryCodes({"sex": "F"}) != {"sex": "male"}


def test_equal_selections_have_one_hash():
    assert (
        len(
            {
                CategoryCodes({"sex": "F", "age": "child"}),
                CategoryCodes({"age": "child", "sex": "F"}),
            }
        )
        == 1
    )


def test_empty_codes_are_included_everywhere():
    assert not CategoryCodes()
    assert CategoryCodes({"sex": "female"}).includes(CategoryCodes())


def test_citizenship_is_a_group_or_a_country():
    assert CategoryCodes({"citizenship": "Nigeria"})["citizenship"] == "NG"
    assert CategoryCodes({"citizenship": "non-EU citizens"})["citizenship"] == "non_eu"


def test_inclusion_needs_every_code():
    women = CategoryCodes({"sex": "female", "exploitation": "sexual"})
    assert women.includes({"sex": "female"})
    assert not women.includes({"sex": "female", "age": "child"})
    assert not women.includes({"sex": "male"})


def test_selection_survives_pickling():
    women = CategoryCodes({"sex": "female"})
    assert pickle.loads(pickle.dumps(women)) == women


@pytest.mark.parametrize(
    ("codes", "error", "message"),
    [
        ({"gender": "female"}, UnknownName, "must be a known dimension.*'sex'"),
        ({"exploitation": "labur"}, UnknownName, "field 'exploitation', value 'labur'.*'labour'"),
        ({"citizenship": "Atlantis"}, UnknownName, "field 'citizenship', value 'Atlantis'"),
        ({"sex": 1}, InvalidValue, "field 'sex', value 1.*quotes"),
        ({"topic": "Working papers"}, InvalidValue, "field 'topic'.*underscores"),
        ({"area": "EU27"}, UnknownName, "field 'area', value 'EU27'.*EU27_2020"),
    ],
)
def test_error_names_unknown_dimension_or_code(codes, error, message):
    with pytest.raises(error, match=message):
        CategoryCodes(codes)


def test_every_dimension_can_be_named_once():
    assert len(DIMENSIONS) == len(set(DIMENSIONS))


def test_selection_shows_its_codes_as_plain_text():
    assert repr(CategoryCodes({"sex": "female"})) == "CategoryCodes({'sex': 'female'})"
