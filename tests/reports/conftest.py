"""The content of the report on the reference publication."""

import pytest

from tests.reports.made import reference
from thbstats.reports import Content


@pytest.fixture(scope="session")
def content() -> Content:
    return reference()
