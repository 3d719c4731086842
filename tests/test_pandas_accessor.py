import subprocess
import sys

import pandas as pd

import thbstats as thb
import thbstats.pandas  # registers frame.thb
from thbstats.cases import count_cases
from thbstats.values import Count

CONSTANTS = {"area": "MT", "period": 2020}


def test_accessor_and_function_give_equal_counts():
    cases = pd.DataFrame({"sex": ["female", "male", "female"]})
    assert cases.thb.count("sex", **CONSTANTS) == count_cases(cases, "sex", **CONSTANTS)
    assert cases.thb.cases(**CONSTANTS).count("sex") == count_cases(cases, "sex", **CONSTANTS)


def test_the_accessor_makes_a_table_of_counts():
    counts = pd.DataFrame({"stage": ["prosecuted", "convicted"], "value": [5979, 2927]})
    table = counts.thb.table(kind="justice", area="EU28", period="2015-2016")
    assert table.count(stage="convicted") == Count.known(2927)


def test_the_accessor_audits_a_table_of_percentages():
    printed = pd.DataFrame(
        {"id": ["a"], "kind": ["share"], "numerator": [9759], "denominator": [20532],
         "printed": ["56 %"]}
    )  # fmt: skip
    assert str(printed.thb.audit()) == str(thb.audit(printed))


def test_accessor_is_registered_by_its_import_only():
    code = "import pandas, thbstats; thbstats.share; assert not hasattr(pandas.DataFrame, 'thb')"
    subprocess.run([sys.executable, "-c", code], check=True)
