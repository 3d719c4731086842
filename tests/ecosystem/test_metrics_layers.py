"""Measures on partitions, computed by DuckDB and by boring-semantic-layer."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import thbstats as thb
from tests.ecosystem.tools import tool, versions

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
GLOTIP = Path("/work/shared/data/unodc_glotip/data_glotip_2025-04-14.xlsx")


def numbers_of_ossie(partition: thb.tables.TablePartition, year: str) -> dict[str, Any]:
    """Return each metric of an Ossie document for one year, computed by DuckDB."""
    document = thb.metrics.ossie(partition, source="main.victims")
    (model,) = document["semantic_model"]
    connection = duckdb.connect()
    frame = partition.to_frame()
    connection.from_df(frame).create("victims")
    numbers = {}
    for metric in model["metrics"]:
        (dialect,) = metric["expression"]["dialects"]
        query = f"select {dialect['expression']} from victims where period = ?"
        (numbers[metric["name"]],) = connection.execute(query, [year]).fetchone()
    return numbers


def numbers_of_bsl(partition: thb.tables.TablePartition, year: str) -> dict[str, Any]:
    """Return each measure of boring-semantic-layer for one year."""
    bsl, ibis = tool("boring-semantic-layer"), tool("ibis-framework", "ibis")
    config = thb.metrics.semantic_layer(partition, table="victims")
    connection = ibis.duckdb.connect()
    table = connection.create_table("victims", partition.to_frame())
    model = bsl.from_config(json.loads(json.dumps(config)), tables={"victims": table})["victims"]
    own = config["victims"]
    names = [
        *(name for name in own["measures"] if not name.endswith(("_numerator", "_others"))),
        *own.get("calculated_measures", {}),
    ]
    query = model.filter(lambda t: t.period == year).aggregate(*names)
    return query.execute().iloc[0].to_dict()


pytestmark = pytest.mark.filterwarnings("ignore")  # of ibis, about DuckDB

LAYERS = {"duckdb": numbers_of_ossie, "boring-semantic-layer": numbers_of_bsl}


@cache
def partition() -> thb.tables.TablePartition:
    return VICTIMS.partition(["sex", "age"])


@cache
def measures(layer: str) -> dict[str, Any]:
    """Return the measures of 2022 by sex and age."""
    return LAYERS[layer](partition(), "2022")


@cache
def glotip() -> thb.CountTable:
    return thb.read(GLOTIP).data.victims


def _is_within(bounds: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= bounds[0] + 1e-12 and bounds[1] <= outer[1] + 1e-12


@pytest.mark.parametrize("layer", versions(LAYERS))
def test_measures_contain_the_numbers_of_the_library(layer):
    numbers = measures(layer)
    totals = VICTIMS.where(sex="total", age="total", period=2022).to_frame()
    reported = totals[totals["upper"] < float("inf")]
    total = reported["lower"].sum(), reported["upper"].sum()
    assert _is_within(total, (numbers["victims_lower"], numbers["victims_upper"]))
    codes = VICTIMS.where(period=2022, area=list(reported["area"]))
    for base, name in (("all", "all_victims"), ("known", "known_sex_victims")):
        for code in ("female", "male"):
            found = codes.where(sex=code, age="total").to_frame()
            share = [numbers[f"{code}_share_of_{name}_{side}"] for side in ("lower", "upper")]
            assert 0 <= share[0] <= share[1] <= 1
            if base == "all":
                least = found["lower"].sum() / total[1]
                assert share[0] <= least + 1e-12 <= share[1] + 2e-12


def counted(name: str, rows: list[tuple[Any, ...]]) -> thb.CountTable:
    return thb.CountTable.from_rows(
        rows, columns=["area", name, "value"], kind="victims", period=2020
    )


def test_wider_and_narrower_categories_are_in_the_bounds():
    rows = [("FR", "total", 10), ("FR", "sexual", 6), ("DE", "total", 10)]
    forms = counted("exploitation", [*rows, ("DE", "prostitution", 10)])
    numbers = numbers_of_ossie(forms.partition("exploitation"), "2020")
    assert (numbers["sexual_victims_lower"], numbers["sexual_victims_upper"]) == (16, 20)
    assert (numbers["prostitution_victims_lower"], numbers["prostitution_victims_upper"]) == (
        10,
        20,
    )
    rows = [("FR", "total", 10), ("FR", "eu", 10), ("DE", "total", 10), ("DE", "RO", 10)]
    numbers = numbers_of_ossie(counted("citizenship", rows).partition("citizenship"), "2020")
    assert (numbers["RO_victims_lower"], numbers["RO_victims_upper"]) == (10, 20)


def test_categories_without_a_bounded_total_are_refused():
    least = thb.Count.between(5, None)
    for rows in ([("FR", "female", 3)], [("FR", "total", least), ("FR", "female", 3)]):
        with pytest.raises(thb.errors.InvalidValue, match="must have a total with an upper bound"):
            thb.metrics.ossie(counted("sex", rows).partition("sex"), source="main.victims")


@pytest.mark.parametrize("layer", versions(LAYERS))
def test_measures_equal_sums_of_the_frame(layer):
    numbers = measures(layer)
    frame = partition().to_frame().query("period == '2022'")
    bounded = frame[frame["count_upper"].notna()]
    female = bounded["sex"] == "female"
    residual = bounded["sex"] == "not_broken_down"
    unknown = bounded["sex"] == "unknown"
    lower, upper = bounded["count_lower"].sum(), bounded["count_upper"].sum()
    least = bounded["count_lower"][female].sum()
    most = bounded["count_upper"][female | residual].sum()
    expected = {
        "victims_lower": lower,
        "victims_upper": upper,
        "victims_rows_without_upper_bound": len(frame) - len(bounded),
        "female_victims_lower": least,
        "female_victims_upper": most,
        "female_share_of_all_victims_lower": least
        / (least + bounded["count_upper"][~female].sum()),
        "female_share_of_all_victims_upper": most
        / (most + bounded["count_lower"][~(female | residual)].sum()),
        "female_share_of_known_sex_victims_lower": least
        / (least + bounded["count_upper"][~(female | unknown)].sum()),
        "female_share_of_known_sex_victims_upper": most
        / (most + bounded["count_lower"][~(female | residual | unknown)].sum()),
    }
    assert {name: numbers[name] for name in expected} == pytest.approx(expected, rel=1e-12)


@pytest.mark.skipif(not GLOTIP.exists(), reason="the workbook of GLOTIP is not here")
@pytest.mark.parametrize("layer", versions(LAYERS))
def test_glotip_has_75_128_to_75_176_victims_in_2022(layer):
    victims = glotip()
    numbers = LAYERS[layer](victims.partition(), "2022")
    assert (numbers["victims_lower"], numbers["victims_upper"]) == (75_128, 75_176)
    by_sex = LAYERS[layer](victims.partition("sex"), "2022")
    assert by_sex["victims_lower"] <= 75_128
    assert 75_176 <= by_sex["victims_upper"] < 76_000
    assert victims.to_frame().query("period == '2022'")["lower"].sum() > 600_000


def test_a_document_of_ossie_names_bound_and_denominator():
    document = thb.metrics.ossie(VICTIMS.partition("sex"), source="main.victims", name="eu")
    (model,) = document["semantic_model"]
    assert document["version"] == "0.2.0.dev0"
    assert model["name"] == "eu"
    (dataset,) = model["datasets"]
    assert dataset["primary_key"] == ["area", "period", "sex"]
    assert [field["name"] for field in dataset["fields"]] == [
        "area", "period", "sex", "count_lower", "count_upper",
    ]  # fmt: skip
    assert "Women" in " ".join(dataset["fields"][2]["ai_context"]["synonyms"]).title()
    names = [metric["name"] for metric in model["metrics"]]
    shares = [name for name in names if "_share_" in name]
    assert shares
    assert all("_share_of_" in name for name in shares)
    assert all(name.endswith(("_lower", "_upper", "_bound")) for name in names)
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load(yaml.safe_dump(document, sort_keys=False)) == document
    assert pd.DataFrame(model["metrics"])["description"].str.endswith(".").all()


def test_a_model_has_a_name_of_sql():
    with pytest.raises(thb.ThbstatsError, match="must be a name of SQL"):
        thb.metrics.ossie(VICTIMS.partition(), source="t", name="a; drop table")
    with pytest.raises(thb.ThbstatsError, match="must be a name of SQL"):
        thb.metrics.semantic_layer(VICTIMS.partition(), table="t", name="2022")


# The properties of the core specification, version 0.2.0.dev0.
PROPERTIES = {
    "model": "name description ai_context datasets relationships metrics custom_extensions",
    "dataset": "name source primary_key unique_keys description ai_context fields "
    "custom_extensions",
    "field": "name expression dimension label description datatype ai_context custom_extensions",
    "metric": "name expression description datatype ai_context custom_extensions",
}


def test_a_document_of_ossie_has_the_properties_of_the_specification():
    document = thb.metrics.ossie(VICTIMS.partition(["sex", "age"]), source="main.victims")
    (model,) = document["semantic_model"]
    (dataset,) = model["datasets"]
    items = [
        ("model", model),
        ("dataset", dataset),
        *(("field", field) for field in dataset["fields"]),
        *(("metric", metric) for metric in model["metrics"]),
    ]
    for kind, item in items:
        assert set(item) <= set(PROPERTIES[kind].split())
        for extension in item.get("custom_extensions", []):
            assert set(extension) == {"vendor_name", "data"}
            assert isinstance(json.loads(extension["data"]), dict)
        for dialect in item.get("expression", {}).get("dialects", []):
            assert dialect["dialect"] == "ANSI_SQL"
            assert isinstance(dialect["expression"], str)
    names = [item["name"] for _, item in items]
    assert len(set(names[1:])) == len(names[1:])
