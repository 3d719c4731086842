"""Fixtures for cases in files."""

import sys
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=["duckdb", "polars"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of the engine; for polars, DuckDB cannot be imported."""
    if request.param == "polars":
        monkeypatch.setitem(sys.modules, "duckdb", None)
    return request.param
