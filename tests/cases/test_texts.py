import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.tables.engines import imported
from thbstats.cases import texts
from thbstats.cases.texts import TextFeatures, code_texts

pa = imported("pyarrow")

several = st.sampled_from(["a", "b", "ab", "ba", "aab", "aba", "é", "", None, "x" * 300])
columns = st.lists(st.lists(several, min_size=1, max_size=3), min_size=1, max_size=12).map(
    lambda parts: [text for part in parts for text in part * 3]
)


@pytest.fixture(scope="module", autouse=True)
def small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_BLOCK", 4)
        patch.setattr(texts, "_MANY", 16)
        patch.setattr(texts, "_BLOCKS", 2)
        yield


@given(columns, st.booleans())
@example(["", None, "", None, "", None, "", None], False)
@example(["a", "b", "a", "b", "a", "c", "a", "d", "a", "e", "a", "f"], False)
@example(["a", "b", "b", "b", "x" * 300, "b", "b", "b", "b"], False)
@examples(200)
def test_codes_of_texts_are_codes_of_the_same_texts(values, is_short):
    arrow = pa.array(values, pa.string() if is_short else pa.large_string())
    series = pd.Series(values, dtype=pd.StringDtype("pyarrow"))
    coded = code_texts([arrow, series])
    assert [list(column) for column in coded] == [values, values]
    for column in coded:
        assert len(set(column.categories)) == len(column.categories)


def features_of(values):
    return TextFeatures.of(values, pa.large_string())


def test_features_are_the_fewest_bytes_that_distinguish_texts():
    assert features_of(["female", "male", "unknown"]).positions == (None,)
    assert features_of(["child", "adult"]).positions == (-5,)
    assert features_of(["", None]).positions == ()
    assert len(features_of(["DE", "DK", "BE", "unknown"]).positions) == 2


def test_texts_without_few_features_are_hashed():
    assert features_of([f"{number:04}" for number in range(256)]) is not None
    assert features_of([f"{number:04}" for number in range(257)]) is None
    assert features_of(["a", "b" * 256]) is None
    assert features_of(["aaaaaaaa" + letter + "aaaaaaaa" for letter in "abc"]) is None
    assert TextFeatures.of(["a"], pa.binary()) is None
